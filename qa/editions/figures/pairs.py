"""Pair figures of two editions that measure the same thing, and chain the pairs through several editions.

Two quantities are compared by what they count, by the words around each, and by their sentences; an assignment of
maximum total similarity pairs them, so that each figure is used once. A pair needs the same subject: the words of its
clause, or the row and column of a table. Dates are ignored: they always change.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.lexical.analysis import terms
from qa.editions.alignment import Matrix, assign, inverse_frequencies
from qa.editions.figures.labels import describe, lists_figures
from qa.editions.figures.quantities import Quantity, QuantityKind
from qa.editions.figures.sentence_figures import Figure, Subject, amount_spans, find_subjects, topic_before
from qa.editions.sections import Edition
from qa.editions.word_diff import tokens


class Thresholds(NamedTuple):
    """Minimum similarities of two figures that measure the same thing (`python -m tests.benchmarks.editions`).

    `same_noun` is the similarity of the clauses of figures that count the same noun ("100,000 new teachers").
    """

    sentence: float
    figure: float
    clause: float
    same_noun: float


DEFAULT_THRESHOLDS = Thresholds(sentence=0.45, figure=0.52, clause=0.36, same_noun=0.2)
"""For any two figures. "30 years" and "four years" of two inaugural addresses had sentences of 0.2 to 0.4, the pairs of
the yearbooks 0.5 and more. The clauses "customs" and "internal revenue" have 0: a lower value pairs one tax with
another, a higher one loses reworded sentences."""

SAME_SENTENCE_THRESHOLDS = Thresholds(sentence=0.75, figure=0.52, clause=0.2, same_noun=0.2)
"""For sentences so similar that they are the same one reworded, whose clauses may differ more."""

ONLY_CANDIDATE_THRESHOLDS = Thresholds(sentence=0.5, figure=0.5, clause=0.25, same_noun=0.1)
"""For two sentences that match each other best and have one figure of a kind each: "provided advice to six countries",
"Four countries"."""

MIN_LABEL = 0.85
"""Minimum similarity of the labels of two rows of tables."""

_MIN_COUNTED_CONTEXT = 0.38
"""Minimum similarity of the words around two counts: of those of different nouns, and of those of the same noun whose
clauses are less similar than by default."""

_BEST_SENTENCE = 0.9
"""Minimum similarity of two sentences, as a share of that of the best matching sentence on either side. Otherwise the
figure is left to the better matching sentence."""

_BEST_SENTENCE_SAME_NOUN = 0.75
"""The same for figures that count the same noun."""

_LARGEST_STEP: dict[QuantityKind, float] = {"money": 3.0, "count": 10.0}
"""An amount changes by a larger factor only where the sentences are nearly the same: a part of a budget is not compared
with its total."""

_CONTEXT_WEIGHT, _SENTENCE_WEIGHT, _UNIT_WEIGHT = 0.4, 0.3, 0.3
"""Weights of the similarities of context or clause, sentence, and unit in that of two figures; they sum to 1."""

_SAME_UNIT = 0.8
"""Similarity of the units of figures that count the same noun, but have no other word in common."""

_WINDOW = 12
"""Words on each side of a figure that count as its context."""

_DECAY = 4.0
"""Distance in words at which a context word has half the weight."""

_EQUAL_BONUS = 0.15
"""Added to the similarity of equal amounts, times that of their contexts: of candidates that are about as similar, an
unchanged figure is preferred."""


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
    """A figure through consecutive editions; `what` describes it in words of the newest text.

    `is_item` says that it is an item of a list in a sentence, so that only its own label tells its subject.
    """

    what: str
    values: tuple[FigureValue, ...]
    relevance: float
    similarity: float
    is_item: bool = False

    @property
    def moved(self) -> bool:
        """Whether the amount changed from any edition to the next."""
        return any(not a.figure.quantity.same_value(b.figure.quantity) for a, b in pairwise(self.values))


Links = Mapping[Figure, tuple[Figure, float]]
"""Figures of an edition, with their counterpart in the next one and the similarity."""


def pair_figures(
    earlier: Sequence[Figure],
    later: Sequence[Figure],
    similarities: Matrix,
    language: str | None,
    *,
    min_subject: float = DEFAULT_THRESHOLDS.clause,
) -> list[FigurePair]:
    """Pair the figures of two editions.

    Args:
        earlier: Figures of the earlier edition.
        later: Figures of the later edition.
        similarities: Similarity of all sentences of both, shape (earlier sentences, later sentences).
        language: Language code of the texts.
        min_subject: Minimum similarity of the words of their clauses; 0 accepts rewording.

    Returns:
        The pairs in the order of the earlier edition.
    """
    if not earlier or not later:
        return []
    contexts = [[_context(figure, language) for figure in side] for side in (earlier, later)]
    weights = inverse_frequencies([list(context) for side in contexts for context in side])
    context = _context_cosines(contexts[0], contexts[1], weights)
    units = _unit_similarities(earlier, later, language)
    sentences = similarities[np.ix_([figure.position for figure in earlier], [figure.position for figure in later])]
    is_only = _only_figures(earlier, later, sentences)
    possible = (units > 0) & (sentences >= DEFAULT_THRESHOLDS.sentence)
    alike = context
    if min_subject > 0:
        possible, alike = _same_subject(
            earlier, later, possible, context, units, sentences, is_only, language, min_subject
        )
    total = _CONTEXT_WEIGHT * np.maximum(context, alike) + _SENTENCE_WEIGHT * sentences + _UNIT_WEIGHT * units
    equal = _equal_amounts(earlier, later)
    min_total = np.where(is_only, ONLY_CANDIDATE_THRESHOLDS.figure, DEFAULT_THRESHOLDS.figure)
    gains = total + _EQUAL_BONUS * equal * context - min_total
    pairs = assign(np.where(possible, gains, 0.0))
    return [
        FigurePair(earlier[a], later[b], round(float(min(total[a, b], 1.0)), 4))
        for a, b in pairs
        if total[a, b] >= min_total[a, b]
    ]


def _only_figures(earlier: Sequence[Figure], later: Sequence[Figure], sentences: Matrix) -> npt.NDArray[np.bool_]:
    """Return which pairs are the only figures of their kind in two sentences that match each other best."""
    alone = []
    for side in (earlier, later):
        kinds = Counter((figure.position, figure.quantity.kind, figure.quantity.unit) for figure in side)
        alone.append([kinds[figure.position, figure.quantity.kind, figure.quantity.unit] == 1 for figure in side])
    best = (sentences >= sentences.max(axis=0, keepdims=True)) & (sentences >= sentences.max(axis=1, keepdims=True))
    only: npt.NDArray[np.bool_] = (
        best & np.outer(alone[0], alone[1]) & (sentences >= ONLY_CANDIDATE_THRESHOLDS.sentence)
    )
    return only


def _same_subject(
    earlier: Sequence[Figure],
    later: Sequence[Figure],
    possible: npt.NDArray[np.bool_],
    context: Matrix,
    units: Matrix,
    sentences: Matrix,
    is_only: npt.NDArray[np.bool_],
    language: str | None,
    min_subject: float,
) -> tuple[npt.NDArray[np.bool_], Matrix]:
    """Return which possible pairs have the same subject, and the similarity of their clauses.

    All matrices have shape (earlier, later); the similarity is 0 where the pair is not possible.
    """
    subjects = [find_subjects(side, language) for side in (earlier, later)]
    words = [[sorted(subject.words) for subject in side] for side in subjects]
    weights = inverse_frequencies([*words[0], *words[1]])
    best = np.maximum(sentences.max(axis=0, keepdims=True), sentences.max(axis=1, keepdims=True))
    share = sentences / np.maximum(best, 1e-9)
    same, alike = np.zeros(context.shape, dtype=bool), np.zeros(context.shape)
    for i, j in np.argwhere(possible & _may_be_same_row(subjects, weights)).tolist():
        a, b = subjects[0][i], subjects[1][j]
        if not a.has_same_kind_as(b) or _have_other_topics(earlier[i], later[j]):
            continue
        if a.is_start and earlier[i].quantity.same_value(later[j].quantity):
            continue  # the same change, told again: "from 1,200 in 2012 to"
        total = sum(weights[word] for word in (*a.words, *b.words))
        alike[i, j] = 2 * sum(weights[word] for word in a.words & b.words) / total if total else context[i, j]
        if a.cell is not None:
            same[i, j] = alike[i, j] >= MIN_LABEL
            continue
        is_count = earlier[i].quantity.kind == "count"
        is_same_noun = is_count and units[i, j] == 1.0 and bool(earlier[i].quantity.unit)
        is_near = context[i, j] >= _MIN_COUNTED_CONTEXT
        is_same_sentence = sentences[i, j] >= SAME_SENTENCE_THRESHOLDS.sentence
        if not (is_near or is_same_noun or not is_count):
            continue
        if not is_same_sentence and _is_leap(earlier[i].quantity, later[j].quantity):
            continue
        if share[i, j] < (_BEST_SENTENCE_SAME_NOUN if is_same_noun else _BEST_SENTENCE):
            continue
        min_clause = [min_subject]
        if is_same_sentence:
            min_clause.append(SAME_SENTENCE_THRESHOLDS.clause)
        if is_same_noun and is_near:
            min_clause.append(DEFAULT_THRESHOLDS.same_noun)
        if is_only[i, j]:
            min_clause.append(ONLY_CANDIDATE_THRESHOLDS.same_noun if is_same_noun else ONLY_CANDIDATE_THRESHOLDS.clause)
        same[i, j] = alike[i, j] >= min(min_clause)
    return same, alike


def _may_be_same_row(subjects: Sequence[Sequence[Subject]], weights: Mapping[str, float]) -> npt.NDArray[np.bool_]:
    """Return which pairs of figures may be of the same row of tables by their labels, or are both outside tables.

    Two tables of thousands of rows have millions of pairs, of which few are compared in detail.

    Args:
        subjects: The subjects of each side.
        weights: Weight of each of their words.
    """
    labels = [[subject.words if subject.cell is not None else () for subject in side] for side in subjects]
    common = _common_weight(labels[0], labels[1], weights)
    totals = [np.array([sum(weights[word] for word in subject.words) for subject in side]) for side in subjects]
    in_rows = [np.array([subject.cell is not None for subject in side]) for side in subjects]
    # in another order, the sums that decide may be rounded to a little more
    has_label = 2 * common >= (MIN_LABEL - 1e-6) * (totals[0][:, None] + totals[1])
    possible: npt.NDArray[np.bool_] = np.where(in_rows[0][:, None], in_rows[1] & has_label, ~in_rows[1])
    return possible


def _have_other_topics(a: Figure, b: Figure) -> bool:
    """Return whether Japanese sentences name different topics right before two figures: 米国が9件, 中国が7件."""
    topics = {topic_before(a), topic_before(b)}
    return "" not in topics and len(topics) > 1


def _is_leap(a: Quantity, b: Quantity) -> bool:
    """Return whether one amount is more than `_LARGEST_STEP` times the other."""
    if a.kind not in _LARGEST_STEP:
        return False
    low, high = sorted((abs(a.value), abs(b.value)))
    return high > _LARGEST_STEP[a.kind] * low > 0


@lru_cache(maxsize=256)  # a sentence may have many figures
def _tokens(text: str) -> Sequence[tuple[str, int, int]]:
    return tokens(text)


@lru_cache(maxsize=1 << 13)
def _terms_of_word(word: str, language: str | None) -> Sequence[str]:
    return terms(word, language)


def _context(figure: Figure, language: str | None) -> Mapping[str, float]:
    """Return the terms around a figure, weighted by nearness; numbers are left out."""
    return _terms_around(figure.sentence.text, figure.quantity.start, figure.quantity.end, language)


@lru_cache(maxsize=1 << 12)  # each claim of a draft reads the same passages of its source
def _terms_around(text: str, start: int, end: int, language: str | None) -> Mapping[str, float]:
    weights: dict[str, float] = {}
    words = _tokens(text)
    first = bisect_right(words, start, key=lambda token: token[2])
    first = first if first < len(words) else 0
    last = max(0, bisect_left(words, end, key=lambda token: token[1]) - 1)
    for position in range(max(0, first - _WINDOW), min(len(words), last + _WINDOW + 1)):
        word = words[position][0]
        distance = first - position if position < first else position - last
        if 0 < distance <= _WINDOW and not word[0].isdigit():
            for term in _terms_of_word(word, language):
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


def _unit_similarities(earlier: Sequence[Figure], later: Sequence[Figure], language: str | None) -> Matrix:
    """Return `_unit_similarity` of all pairs, computed once for those of the same kinds and units.

    Figures with the same unit that count a word in common ("merchant ships", "ships") have 1.
    """
    sides = [[(figure.quantity.kind, figure.quantity.unit) for figure in side] for side in (earlier, later)]
    places = [{key: place for place, key in enumerate(dict.fromkeys(keys))} for keys in sides]
    table = np.array([[_unit_similarity(a, b, language) for b in places[1]] for a in places[0]])
    similarities: Matrix = table[np.ix_(*([places[side][key] for key in sides[side]] for side in (0, 1)))]
    counted = [[_terms_of_word(figure.quantity.counted, language) for figure in side] for side in (earlier, later)]
    return np.where((similarities == _SAME_UNIT) & (_common_weight(counted[0], counted[1]) > 0), 1.0, similarities)


def _common_weight(
    left: Sequence[Iterable[str]], right: Sequence[Iterable[str]], weights: Mapping[str, float] | None = None
) -> Matrix:
    """Return the total weight (1 by default) of the words that two texts have in common, shape (left, right)."""
    common = np.zeros((len(left), len(right)))
    positions: list[dict[str, list[int]]] = []
    for side in (left, right):
        positions.append(defaultdict(list))
        for position, words in enumerate(side):
            for word in set(words):
                positions[-1][word].append(position)
    for word in positions[0].keys() & positions[1].keys():
        common[np.ix_(positions[0][word], positions[1][word])] += weights[word] if weights is not None else 1.0
    return common


def _equal_amounts(earlier: Sequence[Figure], later: Sequence[Figure]) -> npt.NDArray[np.bool_]:
    """Return which pairs state the same amount."""
    equal = np.zeros((len(earlier), len(later)), dtype=bool)
    by_value: dict[tuple[float, float | None], list[int]] = defaultdict(list)
    for column, figure in enumerate(later):
        by_value[figure.quantity.value, figure.quantity.upper].append(column)
    for row, figure in enumerate(earlier):
        for column in by_value.get((figure.quantity.value, figure.quantity.upper), ()):
            equal[row, column] = figure.quantity.same_value(later[column].quantity)
    return equal


def _unit_similarity(earlier: tuple[QuantityKind, str], later: tuple[QuantityKind, str], language: str | None) -> float:
    """Return how well kinds and units agree; 0 if the quantities cannot measure the same thing."""
    if earlier[0] != later[0]:
        return 0.0
    units = earlier[1], later[1]
    if earlier[0] in ("money", "percent"):
        return 1.0 if units[0] == units[1] else 0.0
    if not all(units):
        return 0.6
    heads = [_terms_of_word(unit, language) or [unit.casefold()] for unit in units]
    return _SAME_UNIT if heads[0] == heads[1] else 0.2


def chain_figures(
    editions: Sequence[Edition],
    figures: Sequence[Sequence[Figure]],
    links: Sequence[Links],
    relevance: Sequence[Sequence[float]],
    gaps: Sequence[Links] = (),
) -> list[FigureRow]:
    """Chain pairs of consecutive editions, also over an edition that lacks the figure.

    Args:
        editions: The n editions in order.
        figures: The figures of each edition.
        links: The n - 1 pairings of each edition with the next.
        relevance: For each edition the relevance of each sentence to the topic.
        gaps: Up to n - 2 pairings of each edition with the one after the next, for figures without a counterpart there.

    Returns:
        One row per chain, the most relevant to the topic first.
    """
    spans = [amount_spans(of_edition) for of_edition in figures]
    rows: list[FigureRow] = []
    continued: set[Figure] = set()
    for first, edition in enumerate(editions[:-1]):
        for figure in figures[first]:
            if figure in continued or _counterpart(figure, first, links, gaps) is None:
                continue
            values, lowest = [FigureValue(edition, figure)], 1.0
            relevances = [relevance[first][figure.position]]
            step = first
            while (counterpart := _counterpart(values[-1].figure, step, links, gaps)) is not None:
                step, (following, pair_similarity) = counterpart
                continued.add(following)
                values.append(FigureValue(editions[step], following))
                relevances.append(relevance[step][following.position])
                lowest = min(lowest, pair_similarity)
            is_unchanged = all(a.figure.quantity.same_value(b.figure.quantity) for a, b in pairwise(values))
            if is_unchanged and all(_is_part_of_name(value.figure.quantity) for value in values):
                continue
            last = values[-1].figure
            amounts = spans[step].get((last.sentence.document, last.sentence.start), [])
            what = describe(last.sentence.text, last.quantity, amounts, last.sentence.header)
            is_item = lists_figures(last.sentence.text, amounts)
            rows.append(FigureRow(what, tuple(values), round(sum(relevances) / len(relevances), 4), lowest, is_item))
    return sort_rows(rows)


def _counterpart(
    figure: Figure, step: int, links: Sequence[Links], gaps: Sequence[Links]
) -> tuple[int, tuple[Figure, float]] | None:
    """Return the edition with the counterpart of a figure of edition `step`, and that with its similarity."""
    for distance, pairings in ((1, links), (2, gaps)):
        if step < len(pairings) and figure in pairings[step]:
            return step + distance, pairings[step][figure]
    return None


def _is_part_of_name(quantity: Quantity) -> bool:
    """Return whether an unchanged quantity only names what is counted: "the second pillar", "children under eight"."""
    return quantity.kind == "ordinal" or quantity.bound not in ("", "about")


def sort_rows(rows: Sequence[FigureRow]) -> list[FigureRow]:
    """Sort figures that changed before unchanged ones, then by relevance, similarity and position in the text."""
    return sorted(rows, key=lambda row: (not row.moved, -row.relevance, -row.similarity, row.values[0].figure.start))
