"""Pair figures of two editions that measure the same thing, and chain the pairs through several editions.

Two quantities are compared by what they count, by the words around each, and by their sentences; an assignment of
maximum total similarity pairs them, so that each figure is used once. A pair needs the same subject: the words of its
clause, or the row and column of a table. Dates are ignored: they always change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from corpus.records import format_span_id
from index.lexical.analysis import terms
from qa.editions import similarity
from qa.editions.alignment import assign
from qa.editions.figures.labels import MEASURE_WORDS, describe, lists_figures
from qa.editions.figures.number_words import UNITS
from qa.editions.figures.quantities import Quantity, QuantityKind, is_table_row, quantities, uses_decimal_comma
from qa.editions.publication import Edition
from qa.editions.sections import LocatedSentence
from qa.editions.similarity import Matrix
from qa.editions.word_diff import tokens

MIN_SIMILARITY = 0.52
"""Figures less similar than this measure different things (`python -m tests.benchmarks.editions`)."""

SAME_SUBJECT = 0.45
"""Minimum similarity of the sentences. "30 years" and "four years" of two inaugural addresses had sentences of 0.2 to
0.4, the pairs of the yearbooks 0.5 and more."""

MIN_SUBJECT = 0.36
"""Minimum similarity of the words of two clauses, for example "customs" and "internal revenue" with 0; of the labels of
two rows `MIN_LABEL`. Lower pairs one tax with another, higher loses reworded sentences
(`python -m tests.benchmarks.editions`)."""

MIN_LABEL = 0.85
_COUNTED_SUBJECT, _COUNTED_CONTEXT = 0.2, 0.38
"""Minimum similarities of clause and context for figures that count the same noun ("100,000 new teachers")."""

_SAME_SENTENCE = 0.75
"""Sentences this similar are the same one reworded, whose clauses may differ more."""

_BEST_SENTENCE, _BEST_COUNTED = 0.9, 0.75
"""Share of the similarity of the best sentence on either side, for amounts and for figures that count the same noun:
the figure is rather that of a sentence that matches much better."""

_ONLY_SENTENCE, _ONLY_SIMILARITY, _ONLY_SUBJECT, _ONLY_COUNTED = 0.5, 0.5, 0.25, 0.1
"""Minimum similarity of two sentences that match each other best and have one figure of a kind each, of these figures,
and of the words of their clauses, less for the same noun: "provided advice to six countries", "Four countries"."""

_LARGEST_STEP: dict[QuantityKind, float] = {"money": 3.0, "count": 10.0}
"""An amount changes by a larger factor only where the sentences are nearly the same: a part of a budget is not compared
with its total."""

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
        return format_span_id(self.sentence.document, self.start, self.end)


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


def find_figures(sentences: Sequence[LocatedSentence], language: str | None) -> list[Figure]:
    """Return the figures of some sentences in order, without dates and periods such as "over the next 4 years"."""
    comma = uses_decimal_comma((sentence.text for sentence in sentences), language)
    return [
        Figure(sentence, position, quantity)
        for position, sentence in enumerate(sentences)
        for quantity in quantities(sentence.text, language, header=sentence.header, comma=comma)
        if quantity.kind != "date" and not _is_period(sentence.text, quantity)
    ]


def _is_period(text: str, quantity: Quantity) -> bool:
    """Whether a quantity is a period or an age, which is not compared: "two years ago", "aged 65"."""
    if _AGE_BEFORE.search(text, 0, quantity.start) is not None:
        return True
    is_placed = _PERIOD_BEFORE.search(text, 0, quantity.start) or _PERIOD_AFTER.match(text, quantity.end)
    return _TIME_UNIT.fullmatch(quantity.unit) is not None and is_placed is not None


def pair_figures(
    earlier: Sequence[Figure],
    later: Sequence[Figure],
    similarities: Matrix,
    language: str | None,
    *,
    min_subject: float = MIN_SUBJECT,
) -> list[FigurePair]:
    """Pair the figures of two editions.

    Args:
        earlier: figures of the earlier edition.
        later: figures of the later edition.
        similarities: similarity of all sentences of both, shape (earlier sentences, later sentences).
        language: language code of the texts.
        min_subject: minimum similarity of the words of their clauses; 0 accepts rewording.

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
    is_only = _only_figures(earlier, later, sentences)
    is_same, alike = np.ones(units.shape, dtype=bool), context
    if min_subject > 0:
        is_same, alike = _same_subject(earlier, later, context, units, sentences, is_only, language, min_subject)
    total = _CONTEXT * np.maximum(context, alike) + _SENTENCE * sentences + _UNIT * units
    equal = np.array([[a.quantity.same_value(b.quantity) for b in later] for a in earlier])
    least = np.where(is_only, _ONLY_SIMILARITY, MIN_SIMILARITY)
    gains = total + _EQUAL_BONUS * equal * context - least
    possible = is_same & (units > 0) & (sentences >= SAME_SUBJECT)
    pairs = assign(np.where(possible, gains, 0.0))
    return [
        FigurePair(earlier[a], later[b], round(float(min(total[a, b], 1.0)), 4))
        for a, b in pairs
        if total[a, b] >= least[a, b]
    ]


def _only_figures(earlier: Sequence[Figure], later: Sequence[Figure], sentences: Matrix) -> npt.NDArray[np.bool_]:
    """Return which pairs are the only figures of their kind in two sentences that match each other best."""
    alone = []
    for side in (earlier, later):
        kinds = Counter((figure.position, figure.quantity.kind, figure.quantity.unit) for figure in side)
        alone.append([kinds[figure.position, figure.quantity.kind, figure.quantity.unit] == 1 for figure in side])
    best = (sentences >= sentences.max(axis=0, keepdims=True)) & (sentences >= sentences.max(axis=1, keepdims=True))
    only: npt.NDArray[np.bool_] = best & np.outer(alone[0], alone[1]) & (sentences >= _ONLY_SENTENCE)
    return only


def _same_subject(
    earlier: Sequence[Figure],
    later: Sequence[Figure],
    context: Matrix,
    units: Matrix,
    sentences: Matrix,
    is_only: npt.NDArray[np.bool_],
    language: str | None,
    min_subject: float,
) -> tuple[npt.NDArray[np.bool_], Matrix]:
    """Return which figures have the same subject, and the similarity of their clauses, shape (earlier, later)."""
    subjects = [_subjects(side, language) for side in (earlier, later)]
    words = [[sorted(subject.words) for subject in side] for side in subjects]
    weights = similarity.inverse_frequencies([*words[0], *words[1]])
    best = np.maximum(sentences.max(axis=0, keepdims=True), sentences.max(axis=1, keepdims=True))
    share = sentences / np.maximum(best, 1e-9)
    same, alike = np.zeros(context.shape, dtype=bool), np.zeros(context.shape)
    for i, a in enumerate(subjects[0]):
        for j, b in enumerate(subjects[1]):
            if not a.has_kind_of(b):
                continue
            total = sum(weights[word] for word in (*a.words, *b.words))
            alike[i, j] = 2 * sum(weights[word] for word in a.words & b.words) / total if total else context[i, j]
            if a.cell is not None:
                same[i, j] = alike[i, j] >= MIN_LABEL
                continue
            is_count = earlier[i].quantity.kind == "count"
            is_counted = is_count and units[i, j] == 1.0 and bool(earlier[i].quantity.unit)
            is_reworded = sentences[i, j] >= _SAME_SENTENCE and alike[i, j] >= _COUNTED_SUBJECT
            is_same_count = is_counted and alike[i, j] >= _COUNTED_SUBJECT and context[i, j] >= _COUNTED_CONTEXT
            is_single = is_only[i, j] and alike[i, j] >= (_ONLY_COUNTED if is_counted else _ONLY_SUBJECT)
            is_leap = sentences[i, j] < _SAME_SENTENCE and _is_leap(earlier[i].quantity, later[j].quantity)
            is_near = is_counted or not is_count or context[i, j] >= _COUNTED_CONTEXT
            same[i, j] = (
                (alike[i, j] >= min_subject or is_reworded or is_same_count or is_single)
                and is_near
                and not is_leap
                and share[i, j] >= (_BEST_COUNTED if is_counted else _BEST_SENTENCE)
            )
    return same, alike


def _is_leap(a: Quantity, b: Quantity) -> bool:
    """Whether one amount is more than `_LARGEST_STEP` times the other."""
    if a.kind not in _LARGEST_STEP or not isinstance(a.value, int | float) or not isinstance(b.value, int | float):
        return False
    low, high = sorted((abs(a.value), abs(b.value)))
    return high > _LARGEST_STEP[a.kind] * low > 0


@dataclass(frozen=True, slots=True)
class _Subject:
    """The subject of a figure: stems of its clause or of the label of its row, and its place in the row (else None).

    `occurrence` counts the rows of a table with the same label: its place among them, and their number. `is_start` says
    that the figure is where a change began ("from 12 to 8"), `is_past` that it is of a time some years ago, `is_flow`
    that it counts what came or went, not what there is. `period` are the lengths of time in its clause, `periods` those
    in its sentence. `exceeding` and `exceeded` are the stems on either side of "exceeds".
    """

    words: frozenset[str]
    cell: int | None = None
    occurrence: tuple[int, int] = (0, 1)
    is_forecast: bool = False
    is_difference: bool = False
    is_start: bool = False
    is_past: bool = False
    is_flow: bool = False
    period: frozenset[tuple[str, str]] = frozenset()
    periods: frozenset[tuple[str, str]] = frozenset()
    exceeding: frozenset[str] = frozenset()
    exceeded: frozenset[str] = frozenset()

    @property
    def _kind(self) -> tuple[object, ...]:
        times = self.is_forecast, self.is_difference, self.is_start, self.is_past, self.is_flow
        return self.cell, self.occurrence, *times

    def has_kind_of(self, other: _Subject) -> bool:
        """Whether both are in the same place, of the same kind of time, and of the same direction."""
        if self._kind != other._kind:
            return False
        if (
            self.exceeding & other.exceeded or self.exceeded & other.exceeding
        ) and not self.exceeding & other.exceeding:
            return False
        if self.periods and other.periods:
            return bool(self.periods & other.periods)
        return not (self.period or other.period)


def _subjects(figures: Sequence[Figure], language: str | None) -> list[_Subject]:
    """Return the subjects of figures; a clause ends at a mark or at another figure."""
    spans = _spans(figures)
    subjects: list[_Subject] = []
    places: dict[tuple[frozenset[str], int, str], list[int]] = {}
    for figure in figures:
        text, quantity = figure.sentence.text, figure.quantity
        others = spans.get((figure.sentence.document, figure.sentence.start), [])
        if is_table_row(text) and quantity.counted:
            cell = sum(end <= quantity.start for _, end in others)
            label = frozenset(terms(quantity.counted, language))
            header = " ".join(re.findall(r"[^\W\d_]+", figure.sentence.header))
            places.setdefault((label, cell, header), []).append(len(subjects))
            subjects.append(_Subject(label, cell))
            continue
        marks = [match.end() for match in _CLAUSE_END.finditer(text, 0, quantity.start)]
        ends = [end for _, end in others if end <= quantity.start]
        after = [match.start() for match in _CLAUSE_END.finditer(text, quantity.end)]
        after += [start for start, _ in others if start >= quantity.end]
        following = "" if lists_figures(text, others) else text[quantity.end : min(after, default=len(text))]
        clause = f"{text[max(marks + ends, default=0) : quantity.start]} {following}"
        exceeds = _EXCEEDS.search(clause)
        following_mark = _CLAUSE_END.search(text, quantity.end)
        whole = text[max(marks, default=0) : following_mark.start() if following_mark else len(text)]
        subjects.append(
            _Subject(
                _stems(clause, language),
                is_forecast=_FORECAST.search(clause) is not None,
                is_difference=_DIFFERENCE.search(clause) is not None,
                is_start=_is_start(text, quantity),
                is_past=_AGO.search(f"{text[max(ends, default=0) : quantity.start]} {following}") is not None,
                is_flow=_FLOW.search(clause) is not None,
                period=_lengths_of_time(whole),
                periods=_lengths_of_time(text),
                exceeding=_stems(clause[: exceeds.start()], language) if exceeds else frozenset(),
                exceeded=_stems(clause[exceeds.end() :], language) if exceeds else frozenset(),
            )
        )
    for rows in places.values():
        for at, place in enumerate(rows):
            subjects[place] = replace(subjects[place], occurrence=(at, len(rows)))
    return subjects


def _is_start(text: str, quantity: Quantity) -> bool:
    if _START_BEFORE.search(text, 0, quantity.start) is not None:
        return True
    is_of = _OF_BEFORE.search(text, 0, quantity.start) is not None
    return is_of and _TO_AFTER.match(text, quantity.end) is not None


def _stems(text: str, language: str | None) -> frozenset[str]:
    words = (word for word in re.findall(r"[^\W\d_]+", text) if word.casefold() not in MEASURE_WORDS)
    return frozenset(terms(" ".join(words), language))


def _lengths_of_time(text: str) -> frozenset[tuple[str, str]]:
    """Return the periods of a text: ("10", "year") of "over the last ten years"."""
    found = ((match[1].casefold(), match[2].casefold()) for match in _PERIOD_LENGTH.finditer(text))
    return frozenset((str(UNITS.get(number, number)), unit) for number, unit in found)


def _spans(figures: Sequence[Figure]) -> dict[tuple[str, int], list[tuple[int, int]]]:
    """Return the spans of the amounts of each sentence, by document and start."""
    spans: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for figure in figures:
        if figure.quantity.kind != "ordinal":
            key = (figure.sentence.document, figure.sentence.start)
            spans.setdefault(key, []).append((figure.quantity.start, figure.quantity.end))
    return {key: sorted(some) for key, some in spans.items()}


_CLAUSE_END = re.compile(r"(?:(?<!\d),|,(?!\s\d{4}\b))(?<!\d,\s\d{4},)(?=\s|$)|[;:()|–—.!?](?=\s|$)|--|—")
"""The end of a clause, which the commas of "June 30, 1878," are not."""

_ABOUT = r"(?:(?:about|almost|an?|around|nearly|only|over|some|the|rund|etwa|près|environ|unos)\s+)*[$€£¥]?\s*"
_START_BEFORE = re.compile(
    rf"\b(?:from|desde|compared\s+(?:with|to)|against|versus|gegenüber)\s+{_ABOUT}$", re.IGNORECASE
)
_OF_BEFORE = re.compile(rf"\b(?:von|de)\s+{_ABOUT}$", re.IGNORECASE)
_TO_AFTER = re.compile(rf"(?:\s+[^\W\d]+){{0,2}}\s+(?:auf|à|a)\s+{_ABOUT}\d", re.IGNORECASE)
"""After "de" and "von", which also mean "of", a figure is where a change began only before where it led."""

_AGO = re.compile(r"\bago\b|\bvor\s+\w+\s+Jahr|\bil\s+y\s+a\b|\bhace\s+\w+\s+año", re.IGNORECASE)
_FLOW = re.compile(
    r"\b(?:add(?:ed|ing)|creat(?:ed|ing)|dropped|established|gained|hir(?:ed|ing)|join(?:ed|ing)|lost|new(?:ly)?|opened"
    r"|removed|neue?[nrs]?|nouve(?:au|lle)s?|nuev[oa]s?)\b",
    re.IGNORECASE,
)
_EXCEEDS = re.compile(r"\bexceed(?:s|ed|ing)?\b", re.IGNORECASE)
_TIME_UNIT = re.compile(r"(?:year|month|week|day|quarter|decade)s?", re.IGNORECASE)
_PERIOD_WORDS = r"(?:last|past|next|previous|first|coming|ensuing|following|preceding|these|those)"
_PERIOD_BEFORE = re.compile(
    rf"\b(?:(?:over|in|within|during|for|after|every)\s+(?:the\s+)?(?:{_PERIOD_WORDS}\s+)?|{_PERIOD_WORDS}\s+)$",
    re.IGNORECASE,
)
_PERIOD_AFTER = re.compile(r"[\s-]+\w+\s+(?:ago|earlier|later|before|old)\b", re.IGNORECASE)
_AGE_BEFORE = re.compile(r"\b(?:aged?|ages)\s+(?:of\s+)?(?:\d+\s+(?:and|to|or)\s+)?$", re.IGNORECASE)
_PERIOD_LENGTH = re.compile(
    rf"\b(?:over|in|within|during|for|after|{_PERIOD_WORDS})\s+(?:the\s+)?(?:{_PERIOD_WORDS}\s+)?"
    rf"(\d+|{'|'.join(UNITS)})\s+(year|month|week|day|quarter|decade)s?\b",
    re.IGNORECASE,
)
_FORECAST = re.compile(
    r"\b(?:estimat|expect|forecast|project(?:ed|ion)|propos|planned|will|next|voraussichtlich|prévu|previst|erwartet)",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\b(?:increase|decrease|excess|reduction|decline|difference|surplus|shortfall|growth|Anstieg|Rückgang|hausse|baisse)s?\b",
    re.IGNORECASE,
)
"""A figure of a coming year, or the difference of two, is no counterpart of an amount of the year described."""


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
    spans = [_spans(some) for some in figures]
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
            kinds = {value.figure.quantity.kind for value in values}
            if kinds == {"ordinal"} and all(
                a.figure.quantity.same_value(b.figure.quantity) for a, b in pairwise(values)
            ):
                continue  # "the second pillar" is no figure
            last = values[-1].figure
            amounts = spans[step].get((last.sentence.document, last.sentence.start), [])
            what = describe(last.sentence.text, last.quantity, amounts)
            is_item = lists_figures(last.sentence.text, amounts)
            rows.append(FigureRow(what, tuple(values), round(sum(relevances) / len(relevances), 4), lowest, is_item))
    return sort_rows(rows)


def sort_rows(rows: Sequence[FigureRow]) -> list[FigureRow]:
    """Sort figures that moved before unchanged ones, then by relevance, similarity and place in the text."""
    return sorted(rows, key=lambda row: (not row.moved, -row.relevance, -row.similarity, row.values[0].figure.start))
