"""Align the sections of two editions: which correspond, and how each pair changed.

Sections may be renumbered, renamed, moved, split, merged, new or dropped. An assignment of maximum total similarity
(heading, content, context) pairs them; it runs several times, because paired parents and neighbours are evidence for a
section. Sections left over are then searched inside paired ones: they were merged or split.

The similarities by heading, terms and vectors are computed here too; sentences and figures are aligned by some of
them. Sentences of paired sections are aligned in the same way: unchanged, reworded, new or dropped.

All matrices have shape (earlier, later), dtype float64 and values in [0, 1].

Alignments of consecutive editions are stored in the index folder, so that a question need not compute them:

    <index>/editions/<key>.json      the pairs of two editions, with their checksum

The key hashes everything that determines an alignment: document identities on both sides, the model, the weights. An
unchanged edition is therefore aligned once, and a file for changed editions is never read. The build command writes
the files; a question only reads, and computes what is missing: 0.2 s for two editions of 45 sections, 2 s for 300
sections, 6 s for 1,200.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence, Set
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from index.lexical.analysis import sentence_terms, terms
from index.models.encoder import Vectors
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Index
from qa.editions import word_diff
from qa.editions.sections import (
    Edition,
    EditionSection,
    LocatedSentence,
    SectionKey,
    by_series,
    editions,
    section_keys,
    sections,
)

Matrix = npt.NDArray[np.float64]

SectionChange = Literal["kept", "renamed", "moved", "split", "merged", "new", "dropped"]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights and thresholds of section similarity, fitted on generated editions.

    Measured by `python -m tests.benchmarks.editions`.
    """

    heading: float = 0.4
    content: float = 0.45
    context: float = 0.15
    threshold: float = 0.3
    """Minimum similarity of a pair."""
    containment: float = 0.5
    """Minimum share of a left-over section's terms in the section that it was merged into or split from."""
    same_name: float = 0.75
    """Minimum heading similarity of sections that count as kept, not renamed."""

    def total(self, heading: Matrix, content: Matrix, context: Matrix) -> Matrix:
        """Return the weighted sum."""
        return self.heading * heading + self.content * content + self.context * context


WEIGHTS = Weights()

_WORDS_SHARE = 0.6
"""Weight of the word similarity of contents, the rest being that of vectors: the sections of a series are about similar
subjects, and names and numbers tell them apart."""

_PARENT_SHARE, _NEIGHBOUR_SHARE = 0.5, 0.25
"""Shares of a paired parent, and of a paired neighbour before and after, in the similarity of contexts, which
sum to 1."""

_ROUNDS = 3
"""Assignments, each with the contexts of the one before."""

_NEIGHBOURS = 3
"""Sections before and after a section that count as its neighbours."""

_MAX_MEDIAN = 0.9
"""Highest median cosine that counts as that of unrelated sections; above it, all sections are about one subject."""


@dataclass(frozen=True, slots=True)
class SectionPair:
    """Two corresponding sections by their positions in their editions; None where one side has no counterpart.

    `similarity` is the weighted sum of the evidence, of which `heading` is the similarity of their headings; in [0, 1].
    """

    earlier: int | None
    later: int | None
    kind: SectionChange
    similarity: float = 0.0
    heading: float = 0.0


def assign(gains: Matrix) -> list[tuple[int, int]]:
    """Return the one-to-one assignment of maximum total gain as sorted (row, column) pairs.

    Args:
        gains: Shape (rows, columns), float64; entries of 0 or less are never paired.
    """
    if not (gains > 0).any():
        return []
    if 1 in gains.shape:
        row, column = np.unravel_index(int(gains.argmax()), gains.shape)
        return [(int(row), int(column))]
    # imported here: it takes half a second
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(np.maximum(gains, 0.0), maximize=True)
    return [(int(a), int(b)) for a, b in zip(rows, columns, strict=True) if gains[a, b] > 0]


def align_sections(
    earlier: Sequence[EditionSection], later: Sequence[EditionSection], weights: Weights = WEIGHTS
) -> list[SectionPair]:
    """Pair the sections of two editions.

    Args:
        earlier: All sections of the earlier edition; parents precede their children.
        later: Those of the later edition.
        weights: Weights and thresholds.

    Returns:
        Pairs that cover every section of both, in the order of the earlier edition; new sections follow the section
        that they follow in the later edition.
    """
    if not earlier or not later:
        dropped = [SectionPair(position, None, "dropped") for position in range(len(earlier))]
        return [*dropped, *(SectionPair(None, position, "new") for position in range(len(later)))]
    scores = _SimilarityScores(earlier, later, weights)
    matched = [scores.pair(a, b, "kept") for a, b in scores.assign()]
    matched = [pair if pair.heading >= weights.same_name else replace(pair, kind="renamed") for pair in matched]
    pairs = _mark_moved(matched, earlier, later)
    pairs += _pair_left_over(scores, pairs)
    return _sort_pairs(pairs, len(later))


class _SimilarityScores:
    """Similarity matrices of all sections of two editions, shape (earlier, later)."""

    def __init__(self, earlier: Sequence[EditionSection], later: Sequence[EditionSection], weights: Weights) -> None:
        self.earlier, self.later, self.weights = earlier, later, weights
        sides = earlier, later
        own_terms = [[section.terms for section in side] for side in sides]
        with_subsections = [_terms_with_subsections(side) for side in sides]
        self.idf = inverse_frequencies([*own_terms[0], *own_terms[1]])
        self.heading = heading_similarity(earlier, later)
        have_text = np.outer([bool(bag) for bag in own_terms[0]], [bool(bag) for bag in own_terms[1]])
        words, vectors = cosines(own_terms[0], own_terms[1], self.idf), _dense_cosines(earlier, later)
        own = _WORDS_SHARE * words + (1 - _WORDS_SHARE) * vectors
        # the content of a bare heading is the text of its subsections
        self.content = np.where(have_text, own, cosines(with_subsections[0], with_subsections[1], self.idf))
        self.context = np.zeros_like(self.heading)
        roots = [np.array([section.position is None for section in side]) for side in sides]
        self.comparable = roots[0][:, None] == roots[1][None, :]

    def total(self) -> Matrix:
        """Return the weighted sum; 0 for a document root against a section."""
        return np.where(self.comparable, self.weights.total(self.heading, self.content, self.context), 0.0)

    def assign(self) -> list[tuple[int, int]]:
        """Assign repeatedly, each time with the context that the previous assignment gives."""
        for _ in range(_ROUNDS):
            self.context = self._context(assign(self.total() - self.weights.threshold))
        return assign(self.total() - self.weights.threshold)

    def _context(self, matched: Sequence[tuple[int, int]]) -> Matrix:
        """Return how far the sections around two sections are paired: their parents and their neighbours."""
        linked = np.zeros_like(self.heading)
        for a, b in matched:
            linked[a, b] = 1.0
        parents = [
            np.array([-1 if section.parent is None else section.parent for section in side])
            for side in (self.earlier, self.later)
        ]
        parents_linked = linked[np.ix_(parents[0], parents[1])]  # index -1 is overwritten below
        top = parents[0] < 0, parents[1] < 0
        parents_linked = np.where(top[0][:, None] | top[1][None, :], 0.0, parents_linked)
        parents_linked[np.ix_(*top)] = 1.0
        before, after = np.zeros_like(linked), np.zeros_like(linked)
        for i in range(1, _NEIGHBOURS + 1):
            for j in range(1, _NEIGHBOURS + 1):
                before[i:, j:] = np.maximum(before[i:, j:], linked[:-i, :-j])
                after[:-i, :-j] = np.maximum(after[:-i, :-j], linked[i:, j:])
        return _PARENT_SHARE * parents_linked + _NEIGHBOUR_SHARE * (before + after)

    def pair(self, a: int, b: int, kind: SectionChange) -> SectionPair:
        """Return a pair with its similarity."""
        total = self.weights.total(self.heading[a, b], self.content[a, b], self.context[a, b])
        return SectionPair(a, b, kind, round(float(total), 4), round(float(self.heading[a, b]), 4))


def _terms_with_subsections(side: Sequence[EditionSection]) -> list[list[str]]:
    """Return each section's own terms, or those of all its subsections if it has none."""
    below = [[position] for position in range(len(side))]
    for position in range(len(side) - 1, -1, -1):
        parent = side[position].parent
        if parent is not None:
            below[parent] += below[position]
    return [
        list(section.terms) or [term for under in below[position] for term in side[under].terms]
        for position, section in enumerate(side)
    ]


def _mark_moved(
    pairs: Sequence[SectionPair], earlier: Sequence[EditionSection], later: Sequence[EditionSection]
) -> list[SectionPair]:
    """Mark pairs that have another parent now, or another place among the children of the same parent.

    Parents without a counterpart are skipped, and so are titles: a level that only one edition has moves nothing.
    """
    titles = _titles(earlier), _titles(later)
    counterparts = {pair.earlier: pair.later for pair in pairs if pair.earlier not in titles[0]}
    in_later = {pair.later for pair in pairs if pair.later not in titles[1]}
    siblings: dict[tuple[int | None, int | None], list[int]] = {}
    marked = list(pairs)
    for position, pair in enumerate(pairs):
        if pair.earlier is None or pair.later is None:
            continue
        parent = _nearest_parent(earlier, pair.earlier, counterparts)
        new_parent = _nearest_parent(later, pair.later, in_later)
        if parent is not None and counterparts[parent] != new_parent:
            marked[position] = replace(pair, kind="moved")
        else:
            siblings.setdefault((parent, new_parent), []).append(position)
    for group in siblings.values():
        in_order = keeps_order([pairs[position].later or 0 for position in group])
        for position, is_in_order in zip(group, in_order, strict=True):
            if not is_in_order:
                marked[position] = replace(marked[position], kind="moved")
    return marked


def _titles(side: Sequence[EditionSection]) -> set[int | None]:
    """Return the sections that head their document: the last at the top, with most of the others below it."""
    tops: dict[int, list[int]] = {}
    below = dict.fromkeys(range(len(side)), 0)
    for position, section in enumerate(side):
        if section.parent is not None and side[section.parent].position is None:
            tops.setdefault(section.parent, []).append(position)
        parent = section.parent
        while parent is not None:
            below[parent] += 1
            parent = side[parent].parent
    return {
        of_document[-1]
        for of_document in tops.values()
        if below[of_document[-1]] > len(of_document) and not any(below[position] for position in of_document[:-1])
    }


def _nearest_parent(side: Sequence[EditionSection], position: int, paired: Container[int | None]) -> int | None:
    """Return the nearest section above a section that is paired, None where there is none."""
    parent = side[position].parent
    while parent is not None and parent not in paired:
        parent = side[parent].parent
    return parent


def keeps_order(values: Sequence[int]) -> list[bool]:
    """Return which of some distinct values are in every longest increasing subsequence.

    Two neighbours that swapped places have both moved; the values that another value was moved past have not.
    """
    ending = _longest_increasing(values)
    beginning = _longest_increasing([-value for value in reversed(values)])[::-1]
    longest = max(ending, default=0)
    in_some = [a + b - 1 == longest for a, b in zip(ending, beginning, strict=True)]
    at_length = Counter(length for length, is_in in zip(ending, in_some, strict=True) if is_in)
    return [is_in and at_length[length] == 1 for length, is_in in zip(ending, in_some, strict=True)]


def _longest_increasing(values: Sequence[int]) -> list[int]:
    """Return the length of the longest increasing subsequence that ends at each value."""
    tails: list[int] = []
    lengths: list[int] = []
    for value in values:
        position = bisect_left(tails, value)
        tails[position : position + 1] = [value]
        lengths.append(position + 1)
    return lengths


def _pair_left_over(scores: _SimilarityScores, pairs: Sequence[SectionPair]) -> list[SectionPair]:
    """Pair unassigned sections with the section that contains their text; the rest are dropped or new."""
    total = scores.total()
    left_over: list[SectionPair] = []
    for a in sorted(set(range(len(scores.earlier))) - {pair.earlier for pair in pairs}):
        home = _containing_section(scores, scores.earlier[a], total[a], scores.later)
        left_over.append(SectionPair(a, None, "dropped") if home is None else scores.pair(a, home, "merged"))
    for b in sorted(set(range(len(scores.later))) - {pair.later for pair in pairs}):
        home = _containing_section(scores, scores.later[b], total[:, b], scores.earlier)
        left_over.append(SectionPair(None, b, "new") if home is None else scores.pair(home, b, "split"))
    return left_over


def _containing_section(
    scores: _SimilarityScores,
    section: EditionSection,
    totals: npt.NDArray[np.float64],
    others: Sequence[EditionSection],
) -> int | None:
    """Return which of the 5 most similar sections of the other edition contains most of a section's text, if enough."""
    if section.position is None or not section.terms:
        return None
    best: tuple[float, int] | None = None
    for candidate in np.argsort(-totals)[:5]:
        position = int(candidate)
        if others[position].position is None:
            continue
        share = _containment(section.terms, others[position].terms, scores.idf)
        if share >= scores.weights.containment and (best is None or share > best[0]):
            best = share, position
    return best[1] if best is not None else None


def _sort_pairs(pairs: Sequence[SectionPair], later_count: int) -> list[SectionPair]:
    """Sort by the earlier edition; a new section follows the section that it follows in the later edition."""
    anchors = {
        pair.later: pair.earlier for pair in reversed(pairs) if pair.earlier is not None and pair.later is not None
    }
    places: list[float] = []
    last = -1
    for position in range(later_count):
        last = anchors.get(position, last)
        places.append(last + 0.5)
    return sorted(
        pairs,
        key=lambda pair: (
            pair.earlier if pair.earlier is not None else places[pair.later or 0],
            pair.later if pair.later is not None else -1,
        ),
    )


def inverse_frequencies(bags: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the weight of each term, ln(1 + texts / texts with the term)."""
    holding = Counter(term for bag in bags for term in set(bag))
    return {term: math.log(1 + len(bags) / count) for term, count in holding.items()}


def cosines(left: Sequence[Sequence[str]], right: Sequence[Sequence[str]], weights: Mapping[str, float]) -> Matrix:
    """Return cosines of term vectors weighted by (1 + ln count) * weight; 0 for a text without terms.

    Works term by term through postings: dense vectors of two editions with 1,200 sections took 700 MB.

    Args:
        left: Terms of each text of the first side.
        right: Terms of each text of the second side.
        weights: Weight of every term.
    """
    sides = [_postings(side, weights) for side in (left, right)]
    cosine: Matrix = np.zeros((len(left), len(right)))
    for term, (rows, row_values) in sides[0].items():
        if term in sides[1]:
            columns, column_values = sides[1][term]
            cosine[rows[:, None], columns] += row_values[:, None] * column_values
    return np.clip(cosine, 0.0, 1.0)


_Postings = dict[str, tuple[npt.NDArray[np.int64], Matrix]]


def _postings(bags: Sequence[Sequence[str]], weights: Mapping[str, float]) -> _Postings:
    """Map each term to the texts that contain it and its component of each text's unit vector."""
    gathered: dict[str, tuple[list[int], list[float]]] = {}
    for row, bag in enumerate(bags):
        counts = {term: (1 + math.log(count)) * weights[term] for term, count in Counter(bag).items()}
        norm = math.sqrt(sum(value * value for value in counts.values())) or 1.0
        for term, value in counts.items():
            rows, values = gathered.setdefault(term, ([], []))
            rows.append(row)
            values.append(value / norm)
    return {term: (np.array(rows), np.array(values)) for term, (rows, values) in gathered.items()}


def _containment(left: Sequence[str], right: Sequence[str], weights: Mapping[str, float]) -> float:
    """Return the weighted share of a text's terms that another text contains; 0 for a text without terms."""
    mine, theirs = Counter(left), Counter(right)
    total = sum(count * weights[term] for term, count in mine.items())
    common = sum(min(count, theirs[term]) * weights[term] for term, count in mine.items() if term in theirs)
    return common / total if total else 0.0


_BRACKETS = re.compile(r"\s*[(（\[][^()（）\[\]]*(?:[(（][^()（）]*[)）][^()（）\[\]]*)*[)）\]]")
"""Brackets in a heading: cross-references, alternative names."""


def heading_similarity(left: Sequence[EditionSection], right: Sequence[EditionSection]) -> Matrix:
    """Return heading cosines without numbers, the better of with and without brackets; 1 if equal but for case."""
    whole = [[_heading_words(section.title) for section in side] for side in (left, right)]
    bare = [
        [_without_brackets(section.title, words) for section, words in zip(side, full, strict=True)]
        for side, full in zip((left, right), whole, strict=True)
    ]
    weights = inverse_frequencies([*whole[0], *whole[1]])
    equal = np.array([[a.title.casefold() == b.title.casefold() for b in right] for a in left], dtype=np.float64)
    return np.maximum(equal, np.maximum(cosines(whole[0], whole[1], weights), cosines(bare[0], bare[1], weights)))


def _without_brackets(title: str, words: list[str]) -> list[str]:
    """Return the words outside brackets, or all words of a heading such as "(in millions)."."""
    return [word for word in terms(_BRACKETS.sub(" ", title)) if word in words] or words


def _heading_words(title: str) -> list[str]:
    return terms(title) or title.casefold().split()


def _dense_cosines(left: Sequence[EditionSection], right: Sequence[EditionSection]) -> Matrix:
    """Return cosines of section vectors, rescaled so that the median cosine is 0; 0 if either section has no vector.

    All sections of a series are about similar subjects, so the median is the cosine of unrelated ones.
    """
    size = next((len(s.vector) for s in [*left, *right] if s.vector is not None), 1)
    zero = np.zeros(size, dtype=np.float32)
    a, b = (np.stack([s.vector if s.vector is not None else zero for s in side]) for side in (left, right))
    cosine = (a @ b.T).astype(np.float64)
    have_vectors: npt.NDArray[np.bool_] = np.outer(
        [s.vector is not None for s in left], [s.vector is not None for s in right]
    )
    if not have_vectors.any():
        return np.zeros_like(cosine)
    floor = min(float(np.median(cosine[have_vectors])), _MAX_MEDIAN)
    return np.where(have_vectors, np.clip((cosine - floor) / (1 - floor), 0.0, 1.0), 0.0)


ChangeKind = Literal["kept", "changed", "added", "dropped"]

MIN_SIMILARITY = 0.45
"""Sentences less similar than this are not paired: higher splits rewritten sentences into a drop and an addition,
lower pairs unrelated ones (`python -m tests.benchmarks.editions`)."""

_SENTENCE_WORDS_SHARE = 0.55
"""Weight of the word similarity of two sentences, the rest being that of vectors, which hardly change with a figure."""

_ACROSS_SECTIONS = 0.5
"""Factor of the similarity of two sentences in different sections: only nearly identical ones are still paired."""


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence of the earlier edition and its counterpart in the later one; None if there is none."""

    kind: ChangeKind
    earlier: LocatedSentence | None
    later: LocatedSentence | None
    difference: word_diff.Difference = word_diff.NO_DIFFERENCE
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class SentenceSet:
    """Sentences of an edition with their vectors (sentences, dimension), terms and words."""

    sentences: tuple[LocatedSentence, ...]
    vectors: Vectors
    language: str | None
    terms: tuple[tuple[str, ...], ...]
    words: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, sentences: Sequence[LocatedSentence], vectors: Vectors, language: str | None) -> SentenceSet:
        """Analyse the sentences once, however often they are compared."""
        return cls(
            tuple(sentences),
            vectors,
            language,
            tuple(_terms_of(sentence.text, language) for sentence in sentences),
            tuple(_words_of(sentence.text) for sentence in sentences),
        )


def _terms_of(text: str, language: str | None) -> tuple[str, ...]:
    """Return the terms of a sentence, and its numbers without separators: a spreadsheet has "4,956" as "4956"."""
    numbers = [re.sub(r"\D", "", number[0]) for number in _GROUPED.finditer(text)]
    return (*sentence_terms(text, language), *numbers)


_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+(?![\d.,]*\d)")


@lru_cache(maxsize=1 << 12)  # each claim of a draft reads the same passages of its source
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(word for word, _, _ in word_diff.tokens(text))


def sentence_similarity(earlier: SentenceSet, later: SentenceSet, scale: SimilarityScale) -> Matrix:
    """Return the similarity of sentences by weighted terms and by vectors.

    Args:
        earlier: The m earlier sentences.
        later: The n later sentences.
        scale: The scale of the model's cosines.

    Returns:
        Shape (m, n), float64, in [0, 1].
    """
    if not earlier.sentences or not later.sentences:
        return np.zeros((len(earlier.sentences), len(later.sentences)))
    weights = inverse_frequencies([*earlier.terms, *later.terms])
    lexical = cosines(earlier.terms, later.terms, weights)
    cosine = (earlier.vectors @ later.vectors.T).astype(np.float64)
    return _SENTENCE_WORDS_SHARE * lexical + (1 - _SENTENCE_WORDS_SHARE) * scale.relatedness(cosine)


def section_name(heading: str) -> str:
    """Return the words of a heading without numbers and years, by which sections of two editions are compared."""
    return " ".join(re.findall(r"[^\W\d_]+", heading.casefold()))


def lower_across_sections(
    similarities: Matrix, earlier: Sequence[str], later: Sequence[str], headings: tuple[Set[str], Set[str]]
) -> Matrix:
    """Lower the similarity of sentences in different sections that both editions have.

    A report on every month or region says the same of each in the same words: its June is compared with June.

    Args:
        similarities: Shape (m, n), of the sentences of two editions.
        earlier: The heading of the section of each of the m sentences.
        later: That of each of the n sentences.
        headings: The names of all sections of each edition (`section_name`).

    Returns:
        A matrix of the same shape.
    """
    names = [[section_name(heading) for heading in side] for side in (earlier, later)]
    own = [{name: position for position, name in enumerate(dict.fromkeys(("", *side)))} for side in names]
    differ = np.array([[a != b and a in headings[1] and b in headings[0] for b in own[1]] for a in own[0]])
    rows, columns = ([table[name] for name in side] for table, side in zip(own, names, strict=True))
    return np.where(differ[np.ix_(rows, columns)], _ACROSS_SECTIONS, 1.0) * similarities


def align_sentences(first: SentenceSet, second: SentenceSet, similarities: Matrix) -> list[Change]:
    """Return the changes from the first to the second edition.

    Args:
        first: Sentences of the earlier edition.
        second: Sentences of the later edition.
        similarities: As `sentence_similarity` returns them.

    Returns:
        One change per pair and per unpaired sentence, in the order of the later edition; a dropped sentence follows the
        counterpart of the sentence before it.
    """
    earlier, later = first.sentences, second.sentences
    pairs = dict(_identical_pairs(first.words, second.words))
    rows = sorted(set(range(len(earlier))) - pairs.keys())
    columns = sorted(set(range(len(later))) - set(pairs.values()))
    if rows and columns:
        pairs |= {rows[a]: columns[b] for a, b in assign(similarities[np.ix_(rows, columns)] - MIN_SIMILARITY)}
    changes: list[tuple[float, int, Change]] = []
    for a, b in pairs.items():
        difference = word_diff.difference(earlier[a].text, later[b].text)
        kind: ChangeKind = "changed" if difference else "kept"
        changes.append((b, 1, Change(kind, earlier[a], later[b], difference, round(float(similarities[a, b]), 4))))
    changes += [(b, 1, Change("added", None, later[b])) for b in sorted(set(range(len(later))) - set(pairs.values()))]
    place = -0.5
    for a, sentence in enumerate(earlier):
        if a in pairs:
            place = pairs[a] + 0.5
        else:
            changes.append((place, 0, Change("dropped", sentence, None)))
    return [change for _, _, change in sorted(changes, key=lambda item: item[:2])]


def _identical_pairs(earlier: Sequence[tuple[str, ...]], later: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Pair sentences with identical words; repeated sentences in order."""
    positions: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, sentence in enumerate(later):
        positions[sentence].append(position)
    return [(position, positions[sentence].pop(0)) for position, sentence in enumerate(earlier) if positions[sentence]]


CACHE_FOLDER = "editions"
_CACHE_VERSION = 3
"""Part of the key: raise it when alignments or their files change for a reason other than the weights."""

_WEIGHT_KEYS = ("heading", "content", "around", "least", "whole", "named")
"""Names of the weights in the key; files of existing indexes stay valid as long as these do not change."""


@dataclass(frozen=True, slots=True)
class StoredPair:
    """Two sections by their positions in their editions; `kept` is the share of the earlier text that remained."""

    earlier: int | None
    later: int | None
    kind: SectionChange
    similarity: float
    kept: float


def load_alignment(index: Index, earlier: Edition, later: Edition) -> list[StoredPair]:
    """Return the alignment of two editions, from the index folder or else computed."""
    stored = _read(_path(index, earlier, later))
    return _compute(index, earlier, later) if stored is None else stored


def update_cache(index: Index) -> int:
    """Store missing and damaged alignments of consecutive editions, and delete those no longer needed.

    Returns:
        How many alignments were stored.

    Raises:
        OSError: The folder cannot be written.
    """
    wanted: dict[Path, tuple[Edition, Edition]] = {}
    dated = [document for document in index.documents if document.series is not None and document.edition is not None]
    for series in by_series(editions(dated)).values():
        wanted |= {_path(index, earlier, later): (earlier, later) for earlier, later in pairwise(series)}
    folder = index.folder / CACHE_FOLDER
    present = set(folder.glob("*.json")) if folder.is_dir() else set()
    missing = [path for path in wanted if path not in present or _read(path) is None]
    for path in missing:
        folder.mkdir(exist_ok=True)
        pairs = [astuple(pair) for pair in _compute(index, *wanted[path])]
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps({"sha256": _checksum(pairs), "pairs": pairs}), encoding="utf-8")
        temporary.replace(path)
    for path in (*(present - wanted.keys()), *folder.glob("*.new")):  # .new files are left by a killed build
        path.unlink(missing_ok=True)
    return len(missing)


def _path(index: Index, earlier: Edition, later: Edition) -> Path:
    determinants = {
        "version": _CACHE_VERSION,
        "weights": dict(zip(_WEIGHT_KEYS, astuple(WEIGHTS), strict=True)),
        "model": index.manifest.model.fingerprint,
        "documents": [[document.identity for document in edition.documents] for edition in (earlier, later)],
    }
    key = hashlib.sha256(json.dumps(determinants, sort_keys=True).encode()).hexdigest()
    return index.folder / CACHE_FOLDER / f"{key[:32]}.json"


def _checksum(pairs: object) -> str:
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()


def _read(path: Path) -> list[StoredPair] | None:
    """Return the pairs of a file; None if it is missing or damaged, since they can always be computed."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        is_intact = data["sha256"] == _checksum(data["pairs"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return [StoredPair(*values) for values in data["pairs"]] if is_intact else None


def aligned_sections(index: Index, earlier: Edition, later: Edition) -> set[tuple[SectionKey, SectionKey]]:
    """Return the pairs of corresponding sections of two editions."""
    keys = section_keys(index, earlier), section_keys(index, later)
    return {
        (keys[0][pair.earlier], keys[1][pair.later])
        for pair in load_alignment(index, earlier, later)
        if pair.earlier is not None and pair.later is not None
    }


def _compute(index: Index, earlier: Edition, later: Edition) -> list[StoredPair]:
    sides = sections(index, earlier), sections(index, later)
    texts = [_section_texts(side) for side in sides]
    stored: list[StoredPair] = []
    for pair in align_sections(*sides):
        is_matched = pair.earlier is not None and pair.later is not None
        kept = word_diff.share_kept(texts[0][pair.earlier or 0], texts[1][pair.later or 0]) if is_matched else 0.0
        stored.append(StoredPair(pair.earlier, pair.later, pair.kind, pair.similarity, kept))
    return stored


def _section_texts(side: Sequence[EditionSection]) -> list[str]:
    """Return the text of each section; for a heading without text that of its subsections."""
    own = ["\n".join(sentence.text for sentence in section.sentences) for section in side]
    texts = list(own)
    for position in range(len(side) - 1, -1, -1):
        parent = side[position].parent
        if parent is not None and not own[parent]:
            texts[parent] = f"{texts[position]}\n{texts[parent]}".strip()
    return texts
