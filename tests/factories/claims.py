"""Claims beside sentences and rows of a source, without a library."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpus.metadata.years import written_years
from index.lexical.analysis import terms
from qa.checking.claims import Claim, DescribedFigures, clause_terms, with_shared_units
from qa.checking.figure_matching import match_figure
from qa.checking.mismatches import SourceFigures
from qa.editions.figures.sentence_figures import find_figures
from qa.editions.sections import LocatedSentence

ON_SUBJECT = 0.5
"""Similarity of a sentence about the same thing."""


def statuses(
    claim: str,
    *source: str,
    header: str = "",
    similarities: Sequence[float] = (),
    names: Sequence[str] = (),
    days: str = "",
    unknown_names: Sequence[tuple[str, str]] = (),
    language: str = "en",
    is_translated: bool = False,
) -> list[str]:
    """Return the states of the figures of a claim beside sentences, or rows of a table, about the same thing.

    Args:
        claim: The claim.
        source: The sentences or rows.
        header: The header of the rows.
        similarities: Similarity of each sentence to the claim; by default all are about the same thing.
        names: Names of the claim.
        days: A day of the claim.
        unknown_names: Names of the claim that the source lacks, with the words before them.
        language: Language of the source, and of the claim if it is not translated.
        is_translated: Whether the claim is in another language.
    """
    sentence = LocatedSentence("", "", 0, len(claim), claim, -1)
    located = [
        LocatedSentence("d", "p", 1000 * at, 1000 * at + len(text), text, at, header) for at, text in enumerate(source)
    ]
    stated = with_shared_units(find_figures(located, language, with_periods=True), language)
    found = [each for each in find_figures([sentence], language, with_periods=True) if each.quantity.kind != "ordinal"]
    claimed = with_shared_units(found, language)
    made = Claim(
        DescribedFigures(claimed, language, claim),
        frozenset(clause_terms(claim, language)),
        claim,
        frozenset(written_years(claim)) | {2020},
        2020,
        language,
        tuple(frozenset(terms(name, language)) for name in names),
        tuple(frozenset(terms(day, language)) for day in [days] if day),
        tuple(unknown_names),
        is_translated,
    )
    near = np.array(similarities or [ON_SUBJECT] * len(source))
    contexts = [" ".join(source[max(0, at - 2) : at]) for at in range(len(source))]
    described = SourceFigures(DescribedFigures(stated, language), near, contexts, [*source[1:], ""])
    return [match_figure(figure, made, described)[0] for figure in claimed]
