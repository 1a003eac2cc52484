"""Figures of an answer about several editions that changed between its passages, as written.

Only a few passages of each edition are read; `qa.editions.topic_comparison` reads more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from corpus.clauses import COMMA, CONJUNCTION
from corpus.metadata.language import primary_language
from index.lexical.analysis import terms
from index.lexical.query_terms import question_languages
from index.models.encoder import Encoder, Vectors
from index.ranking.search import Hit, Index
from qa.editions.alignment import SentenceSet, sentence_similarity
from qa.editions.figures.labels import MEASURE_WORDS
from qa.editions.figures.pairs import FigurePair, pair_figures
from qa.editions.figures.sentence_figures import Figure, find_figures, find_subjects, is_in_earlier_column
from qa.editions.sections import locate_sentences
from qa.question.analysis import COMPARING

MAX_CHANGES = 3
"""More than three would push the answer itself out of view."""

PASSAGES_READ = 5
"""Passages of an edition that are read where the passages of the answer have no changed figure."""

_MIN_NEARNESS = 0.75
"""A figure is reported if its sentence has this share of the relatedness of the best sentence of its edition."""

_MIN_NEARNESS_FOREIGN = 0.9
"""The same for a question in another language, whose words do not show what it asks for."""

_MIN_ASKED_SHARE = 0.25
"""Share of the question's terms, by idf, that the sentence of a figure and its headings have if what it counts is not
asked about."""


_CLAUSE_END = re.compile(rf"{COMMA}|。|\b{CONJUNCTION}\b", re.IGNORECASE)
_INCLUDED = re.compile(
    r"\b(?:includ(?:ing|es?|ed)|(?:of|among) (?:which|whom|these|them)|darunter|davon|einschließlich|dont|y compris"
    r"|incluid[oa]s?|de (?:los|las) (?:que|cuales)|di cui|dos quais|das quais)\b|うち|其中",
    re.IGNORECASE,
)


_MIN_SHARE_OF_BEST = 0.7
"""Share of the best passage's part of the words asked that one of the two passages of a changed figure must have: the
other edition may say it in other words."""


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure that differs between two editions of a series, with the hits that contain it."""

    earlier_hit: Hit
    later_hit: Hit
    earlier: Figure
    later: Figure

    @property
    def earlier_edition(self) -> int | None:
        """The edition of the earlier figure."""
        return self.earlier_hit.document.edition

    @property
    def later_edition(self) -> int | None:
        """The edition of the later figure."""
        return self.later_hit.document.edition


def changed_figures(
    index: Index, encoder: Encoder, hits: Sequence[Hit], question: str, vector: Vectors
) -> list[ChangedFigure]:
    """Return the figures whose amount differs between an edition and the next one of its series.

    Args:
        index: The index of the hits.
        encoder: The model of the index.
        hits: Hits of the editions compared.
        question: Its text; figures that count what it names come first, then those whose sentences are nearest to it.
        vector: Its vector; of a question in another language, the figures come first whose phrases are nearest to it.
    """
    weights = _asked_terms(index, question)
    total = max(sum(weights.values()), 1e-9)
    shares = {hit.id: _share_of_passage(hit, weights) for hit in hits}
    least = _MIN_SHARE_OF_BEST * max(shares.values(), default=0.0)
    changed: list[tuple[float, float, ChangedFigure]] = []
    editions: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        editions.setdefault((hit.document.series or "", hit.document.edition or 0), []).append(hit)
    for (series, year), (later_series, later_year) in pairwise(sorted(editions)):
        if series != later_series:
            continue
        earlier, later = (_EditionSentences.of(index, editions[series, edition]) for edition in (year, later_year))
        language = earlier.sentences.language
        is_foreign = not is_asked_in(question, language)
        similarities = sentence_similarity(earlier.sentences, later.sentences, index.manifest.scale)
        figures = [
            [each for each in find_figures(side.sentences.sentences, language) if not is_in_earlier_column(each)]
            for side in (earlier, later)
        ]
        pairs = pair_figures(figures[0], figures[1], similarities, language)
        subjects = _words_of_subjects(figures[1], language)
        per_sentence = Counter(figure.position for figure in figures[1])
        paired = {figure for pair in pairs for figure in (pair.earlier, pair.later)}
        others = [[figure for figure in side if figure not in paired] for side in figures]
        for pair in (*pairs, *_pair_nearest(earlier, later, others, language)):
            nearness = min(earlier.nearness[pair.earlier.position], later.nearness[pair.later.position])
            min_nearness = _MIN_NEARNESS_FOREIGN if is_foreign else _MIN_NEARNESS
            if not pair.moved or nearness < min_nearness or pair.later.quantity.kind == "ordinal":
                continue
            hit, earlier_hit = later.hits[pair.later.position], earlier.hits[pair.earlier.position]
            around = set(terms(f"{' '.join(hit.stored.passage.path)} {pair.later.sentence.text}", language))
            share = sum(weights[term] for term in weights.keys() & around) / total
            counted = set(terms(pair.later.quantity.counted, language))
            is_counted = len(counted & weights.keys()) / max(1, len(counted))
            own = sum(weights[term] for term in weights.keys() & subjects[pair.later]) / total
            if not (is_foreign or is_counted) and max(shares[hit.id], shares[earlier_hit.id]) < least:
                continue  # other passages are rather about what is asked
            is_one_of_several = per_sentence[pair.later.position] > 1
            change = ChangedFigure(earlier_hit, hit, pair.earlier, pair.later)
            if is_foreign:
                phrase = encoder.encode([pair.later.quantity.counted or pair.later.sentence.text])[0]
                changed.append((float(phrase @ vector[: len(phrase)]), nearness, change))
            elif is_counted or own or (share >= _MIN_ASKED_SHARE and not is_one_of_several):
                changed.append((is_counted + share + own, nearness, change))
    return [change for *_, change in sorted(changed, key=lambda item: (-item[0], -item[1]))[:MAX_CHANGES]]


def _share_of_passage(hit: Hit, weights: Mapping[str, float]) -> float:
    """Return the share of the weight of some terms that a passage and its headings have."""
    passage = hit.stored.passage
    words = set(terms(f"{' '.join(passage.path)} {passage.header} {passage.text}", hit.document.language))
    return sum(weights[term] for term in weights.keys() & words) / max(sum(weights.values()), 1e-9)


def _words_of_subjects(figures: Sequence[Figure], language: str | None) -> dict[Figure, frozenset[str]]:
    """Return the stems of each figure's own clause: "We had 45 staff and a budget of $5 million" has two.

    Of "reserves of $9 million, including 31 tons of gold" the second figure is about both reserves and gold.
    """
    words: dict[Figure, frozenset[str]] = {}
    previous: Figure | None = None
    for at, (figure, subject) in enumerate(zip(figures, find_subjects(figures, language), strict=True)):
        text, (start, end) = figure.sentence.text, (figure.quantity.start, figure.quantity.end)
        words[figure] = subject.words
        if previous is not None and previous.position != figure.position:
            previous = None
        if not figure.is_in_row:
            later = (other.quantity.start for other in figures[at + 1 : at + 2] if other.position == figure.position)
            before = text[:start] if previous is None else _CLAUSE_END.split(text[previous.quantity.end : start])[-1]
            after = _CLAUSE_END.split(text[end : next(later, len(text))])[0]
            words[figure] = frozenset(terms(f"{before} {after}", language))
        if previous is not None and _INCLUDED.search(text[previous.quantity.end : start]) is not None:
            words[figure] |= words[previous]
        previous = figure
    return words


def is_asked_in(question: str, language: str | None) -> bool:
    """Return whether a question is in a language, as far as its words tell."""
    code = primary_language(language)
    return code in (question_languages(question) or (code,))


def _pair_nearest(
    earlier: _EditionSentences, later: _EditionSentences, figures: Sequence[Sequence[Figure]], language: str | None
) -> list[FigurePair]:
    """Pair the figures that count the same noun in the sentences nearest to the question, however these are worded."""
    sides: list[dict[tuple[str, ...], list[Figure]]] = [{}, {}]
    for side, of_side, nouns in zip((earlier, later), figures, sides, strict=True):
        for figure in of_side:
            noun = tuple(terms(figure.quantity.unit, language)) if figure.quantity.kind == "count" else ()
            if noun and side.nearness[figure.position] == 1.0:
                nouns.setdefault(noun, []).append(figure)
    return [
        FigurePair(sides[0][noun][0], sides[1][noun][0], 1.0)
        for noun in sides[0].keys() & sides[1].keys()
        if len(sides[0][noun]) == len(sides[1][noun]) == 1
    ]


def _asked_terms(index: Index, question: str) -> dict[str, float]:
    """Return the terms of what a question asks about with their idf, without years and words of comparison.

    Terms that no passage has weigh as the rarest of the others: they are rather the question's own words. Those of
    Japanese and Chinese are left out, as they join parts of two words.
    """
    subject = re.sub(r"\d+年?", " ", COMPARING.sub(" ", question))
    words = [word for word in re.split(r"(?<=\W)|(?=\W)", subject) if word.casefold() not in MEASURE_WORDS]
    weights = index.term_weights("".join(words))
    frequencies = index.records.document_frequencies(list(weights))
    known = {term: weight for term, weight in weights.items() if frequencies.get(term)}
    rarest = max(known.values(), default=0.0)
    return known | {term: rarest for term in weights if term not in known and term.isalpha() and term < "\u3000"}


@dataclass(frozen=True, slots=True)
class _EditionSentences:
    """The sentences of an edition's hits.

    `hits` has the hit of each sentence, `nearness` its relatedness to the question as a share of the best one.
    """

    sentences: SentenceSet
    hits: tuple[Hit, ...]
    nearness: tuple[float, ...]

    @classmethod
    def of(cls, index: Index, hits: Sequence[Hit]) -> _EditionSentences:
        located = locate_sentences([hit.stored for hit in hits])
        cosines = np.array([cosine for hit in hits for cosine in hit.similarities])
        relatedness = index.manifest.scale.relatedness(cosines)
        nearness = relatedness / max(float(relatedness.max(initial=0.0)), 1e-9)
        return cls(
            SentenceSet.of(located, index.sentence_vectors([one.row for one in located]), hits[0].document.language),
            tuple(hit for hit in hits for _ in hit.similarities),
            tuple(nearness.tolist()),
        )
