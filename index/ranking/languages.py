"""Compare the passages of several languages for one question.

A question is nearer to texts in its own language, whatever they say, and shares words with them alone: where documents
are in several languages, the passages of one crowd out those of the others. What a passage stands out by is how far it
is above the passages of its language that come close without answering. A part of the distance between these passages
of two languages is therefore made good. The mean of a language, tried first, depends on all subjects of its documents.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from corpus.metadata.language import primary_language
from index.ranking.weights import CLEAR_LEAD, OTHER_LANGUAGE_SHARE
from index.storage.reader import DocumentInfo

Scores = npt.NDArray[np.float64]

LEVEL = slice(9, 30)
"""The places of a language's passages, best first, whose mean is its level: those before may answer."""

MIN_PASSAGES = LEVEL.stop
"""Languages with fewer passages have no level; what answers would be part of it."""

SIGNALS_OF_LANGUAGE = ("passage", "sentence", "lexical", "stub")
"""Signals that depend on the language of a passage; years and editions are written alike in all languages."""

BONUSES_FOR_NAMES = ("series", "name")
"""Bonuses that depend on it, too: "Japan" is in the names of English reports, and not in those of Japanese ones."""

_BELOW = 1e-6
"""The least difference of two scores."""


def group_by_language(documents: Sequence[DocumentInfo]) -> dict[str, list[DocumentInfo]]:
    """Return the documents of each language that has enough passages; {} unless there are at least two languages."""
    groups: dict[str, list[DocumentInfo]] = {}
    for document in documents:
        groups.setdefault(primary_language(document.language), []).append(document)
    large = {
        language: group
        for language, group in sorted(groups.items())
        if sum(document.passage_count for document in group) >= MIN_PASSAGES
    }
    return large if len(large) > 1 else {}


def language_parts(
    alike: Mapping[str, Scores], totals: Mapping[str, Scores], asked_in: Collection[str]
) -> dict[str, float]:
    """Return what is added to the scores of the passages of each language; nothing to those in the question's language.

    The best passage of a language rises above all in the question's language only if it leads clearly within its own.

    Args:
        alike: Scores of the candidates of each language by what depends on the language (`SIGNALS_OF_LANGUAGE`).
        totals: Whole scores of the candidates of the same languages.
        asked_in: Languages of the question. If no document is in one of them, the language with the highest level is
            used instead.
    """
    ordered = {language: np.sort(scores)[::-1] for language, scores in alike.items() if len(scores) >= MIN_PASSAGES}
    if len(ordered) < 2:
        return {}
    levels = {language: float(scores[LEVEL].mean()) for language, scores in ordered.items()}
    leads = {language: float(scores[0]) - levels[language] for language, scores in ordered.items()}
    own = [language for language in ordered if language in asked_in]
    own = own or [max(levels, key=lambda language: (levels[language], language))]
    level, lead = (max(values[language] for language in own) for values in (levels, leads))
    best = max(float(totals[language].max()) for language in own)
    parts: dict[str, float] = {}
    for language in ordered.keys() - set(own):
        part = max(OTHER_LANGUAGE_SHARE * (level - levels[language]), 0.0)
        if leads[language] < lead + CLEAR_LEAD:
            part = min(part, max(best - float(totals[language].max()) - _BELOW, 0.0))
        parts[language] = part
    return parts
