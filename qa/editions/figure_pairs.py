"""Pair figures of two editions that measure the same thing, and chain the pairs through several editions.

Two quantities are compared by what they count, by the words around each, and by their sentences; an assignment of
maximum total similarity pairs them, so that each figure is used once. Dates are ignored: they always change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from index.lexical.analysis import terms
from qa.editions import similarity
from qa.editions.alignment import assign
from qa.editions.numerals import FUNCTION_WORDS
from qa.editions.publication import Edition
from qa.editions.quantities import Quantity, is_table_row, quantities, uses_decimal_comma
from qa.editions.sections import LocatedSentence
from qa.editions.similarity import Matrix
from qa.editions.words import tokens

MIN_SIMILARITY = 0.52
"""Figures less similar than this measure different things (`python -m tests.benchmarks.editions`)."""

SAME_SUBJECT = 0.45
"""Minimum similarity of the sentences. "30 years" and "four years" of two inaugural addresses had sentences of 0.2 to
0.4, the pairs of the yearbooks 0.5 and more."""

_CONTEXT, _SENTENCE, _UNIT = 0.4, 0.3, 0.3
_WINDOW = 12
"""Words on each side of a figure that count as its context."""

_DECAY = 4.0
"""Distance in words at which a context word has half the weight."""

_EQUAL_BONUS = 0.15
"""Added to the similarity of equal amounts, times that of their contexts: an unchanged figure wins a close call."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity of a sentence; `position` is the sentence's index in the list that was read."""

    sentence: LocatedSentence
    position: int
    quantity: Quantity

    @property
    def start(self) -> int:
        """First offset in the document."""
        return self.sentence.start + self.quantity.start

    @property
    def end(self) -> int:
        """End offset in the document."""
        return self.sentence.start + self.quantity.end

    @property
    def id(self) -> str:
        """`DOCUMENT@START-END`, as `show` takes it."""
        return f"{self.sentence.document}@{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class FigurePair:
    """Two figures that measure the same thing, with their similarity in [0, 1]."""

    earlier: Figure
    later: Figure
    similarity: float

    @property
    def moved(self) -> bool:
        """Whether the amount changed."""
        return not self.earlier.quantity.same_value(self.later.quantity)


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A figure in an edition."""

    edition: Edition
    figure: Figure


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure through consecutive editions; `what` describes it in words of the newest text."""

    what: str
    values: tuple[FigureValue, ...]
    relevance: float
    similarity: float

    @property
    def moved(self) -> bool:
        """Whether the amount changed from any edition to the next."""
        return any(not a.figure.quantity.same_value(b.figure.quantity) for a, b in pairwise(self.values))


Links = Mapping[Figure, tuple[Figure, float]]
"""Figures of an edition, with their counterpart in the next one and the similarity."""


def find_figures(sentences: Sequence[LocatedSentence], language: str | None) -> list[Figure]:
    """Return all figures of some sentences in order."""
    comma = uses_decimal_comma((sentence.text for sentence in sentences), language)
    return [
        Figure(sentence, position, quantity)
        for position, sentence in enumerate(sentences)
        for quantity in quantities(sentence.text, language, header=sentence.header, comma=comma)
        if quantity.kind != "date"
    ]


def pair_figures(
    earlier: Sequence[Figure], later: Sequence[Figure], similarities: Matrix, language: str | None
) -> list[FigurePair]:
    """Pair the figures of two editions.

    Args:
        earlier: figures of the earlier edition.
        later: figures of the later edition.
        similarities: similarity of all sentences of both, shape (earlier sentences, later sentences).
        language: language code of the texts.

    Returns:
        The pairs in the order of the earlier edition.
    """
    if not earlier or not later:
        return []
    contexts = [[_context(figure, language) for figure in side] for side in (earlier, later)]
    weights = similarity.inverse_frequencies([list(context) for side in contexts for context in side])
    context = _context_cosines(contexts[0], contexts[1], weights)
    units = np.array([[_unit_similarity(a.quantity, b.quantity, language) for b in later] for a in earlier])
    sentences = similarities[np.ix_([figure.position for figure in earlier], [figure.position for figure in later])]
    total = _CONTEXT * context + _SENTENCE * sentences + _UNIT * units
    equal = np.array([[a.quantity.same_value(b.quantity) for b in later] for a in earlier])
    gains = total + _EQUAL_BONUS * equal * context - MIN_SIMILARITY
    pairs = assign(np.where((units > 0) & (sentences >= SAME_SUBJECT), gains, 0.0))
    return [
        FigurePair(earlier[a], later[b], round(float(min(total[a, b], 1.0)), 4))
        for a, b in pairs
        if total[a, b] >= MIN_SIMILARITY
    ]


def _context(figure: Figure, language: str | None) -> dict[str, float]:
    """Return the terms around a figure, weighted by nearness; numbers are left out."""
    weights: dict[str, float] = {}
    quantity = figure.quantity
    words = tokens(figure.sentence.text)
    first = next((n for n, (_, _, end) in enumerate(words) if end > quantity.start), 0)
    last = next((n for n in range(len(words) - 1, -1, -1) if words[n][1] < quantity.end), 0)
    for position, (word, _, _) in enumerate(words):
        distance = first - position if position < first else position - last
        if 0 < distance <= _WINDOW and not word[0].isdigit():
            for term in terms(word, language):
                weights[term] = max(weights.get(term, 0.0), 1.0 / (1.0 + distance / _DECAY))
    return weights


def _context_cosines(
    earlier: Sequence[Mapping[str, float]], later: Sequence[Mapping[str, float]], weights: Mapping[str, float]
) -> Matrix:
    columns = {term: column for column, term in enumerate(weights)}
    sides = []
    for side in (earlier, later):
        rows = np.zeros((len(side), len(columns)))
        for row, context in enumerate(side):
            for term, nearness in context.items():
                rows[row, columns[term]] = nearness * weights[term]
        sides.append(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
    cosines: Matrix = np.clip(sides[0] @ sides[1].T, 0.0, 1.0)
    return cosines


def _unit_similarity(earlier: Quantity, later: Quantity, language: str | None) -> float:
    """Return how well units and counted nouns agree; 0 if the quantities cannot measure the same thing."""
    if earlier.kind != later.kind:
        return 0.0
    if earlier.kind in ("money", "percent"):
        return 1.0 if earlier.unit == later.unit else 0.0
    if not earlier.unit or not later.unit:
        return 0.6
    heads = [terms(quantity.unit, language) or [quantity.unit.casefold()] for quantity in (earlier, later)]
    if heads[0] == heads[1]:
        return 1.0 if set(terms(earlier.counted, language)) & set(terms(later.counted, language)) else 0.8
    return 0.2


def chain_figures(
    editions: Sequence[Edition],
    figures: Sequence[Sequence[Figure]],
    links: Sequence[Links],
    relevance: Sequence[Sequence[float]],
) -> list[FigureRow]:
    """Chain pairs of consecutive editions.

    Args:
        editions: n editions in order.
        figures: the figures of each edition.
        links: the n - 1 pairings of each edition with the next.
        relevance: for each edition the relevance of each sentence to the topic.

    Returns:
        One row per chain, the most relevant to the topic first.
    """
    rows: list[FigureRow] = []
    continued: set[Figure] = set()
    for first, edition in enumerate(editions[:-1]):
        for figure in figures[first]:
            if figure in continued or figure not in links[first]:
                continue
            values, lowest = [FigureValue(edition, figure)], 1.0
            relevances = [relevance[first][figure.position]]
            step = first
            while step < len(links) and values[-1].figure in links[step]:
                following, pair_similarity = links[step][values[-1].figure]
                step += 1
                continued.add(following)
                values.append(FigureValue(editions[step], following))
                relevances.append(relevance[step][following.position])
                lowest = min(lowest, pair_similarity)
            what = _describe(values[-1].figure)
            rows.append(FigureRow(what, tuple(values), round(sum(relevances) / len(relevances), 4), lowest))
    return sort_rows(rows)


def sort_rows(rows: Sequence[FigureRow]) -> list[FigureRow]:
    """Sort by relevance, then similarity, then place in the text."""
    return sorted(rows, key=lambda row: (-row.relevance, -row.similarity, row.values[0].figure.start))


def _describe(figure: Figure) -> str:
    """Return what a figure counts, as its text says it: the noun counted and the words before the figure."""
    text, quantity = figure.sentence.text, figure.quantity
    if is_table_row(text) and quantity.counted:
        return quantity.counted
    clause = re.split(r"[,;:.()|–—](?=\s|$)", text[: quantity.start])[-1]
    if not _content(clause):
        clause = re.split(r"[;.|]\s", text[: quantity.start])[-1]
    before = _trim(clause.split()[-_LABEL_WORDS:])
    counted = " ".join(quantity.counted.split())
    if counted and before:
        return f"{counted} ({before})"
    after = _trim(re.split(r"[,;:.()|–—](?=\s|$)", text[quantity.end :])[0].split()[:_LABEL_WORDS])
    return counted or before or after or quantity.text


_LABEL_WORDS = 8
"""Words of a label on one side of a figure."""


def _content(words: str) -> bool:
    return any(word.strip("“”\"'").casefold() not in FUNCTION_WORDS for word in words.split())


def _trim(words: Sequence[str]) -> str:
    """Join words, without function words at both ends."""
    content = [at for at, word in enumerate(words) if _content(word)]
    return " ".join(words[content[0] : content[-1] + 1]).strip("“”\"'") if content else ""
