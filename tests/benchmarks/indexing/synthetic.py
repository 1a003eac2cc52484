"""Generate passages with the statistics of real ones, for indexes larger than any available collection.

They are made from passages and sentences of the public sets, with their vectors. A new passage combines sentences of a
real passage and of a neighbour; its vector lies between theirs, shifted by the difference of two neighbouring real
vectors, so that clusters and the spread within them are realistic. The vector of a sentence differs from that of its
passage as in its original.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.lexical.analysis import terms
from index.models.encoder import Vectors
from index.ranking.search import Index

_NEAR = 64
_SPREAD = 0.6
"""Shift of a new vector, as a multiple of the difference of two neighbours."""

_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Source:
    """Real passages: vectors, sentences with vectors and terms, and nearest neighbours."""

    vectors: Vectors
    sentence_vectors: Vectors
    first_sentence: npt.NDArray[np.int64]
    """Position of the first sentence of each passage, shape (passages + 1,)."""
    texts: Sequence[str]
    terms: Sequence[Sequence[str]]
    near: npt.NDArray[np.int64]
    """Positions of the nearest neighbours, shape (passages, at most `_NEAR`)."""


@dataclass(frozen=True, slots=True)
class Made:
    """A passage: its vector, and its sentences with their vectors, in order."""

    vector: Vectors
    sentences: Sequence[str]
    terms: Sequence[Sequence[str]]
    sentence_vectors: Vectors


def source(indexes: Sequence[Index]) -> Source:
    """Return the passages of these indexes."""
    vectors: list[Vectors] = []
    sentence_vectors: list[Vectors] = []
    texts: list[str] = []
    result: list[list[str]] = []
    first = [0]
    for index in indexes:
        for document in index.documents:
            for stored in index.records.passages_of_document(document.number):
                passage = stored.passage
                vectors.append(index.passage_vectors([stored.row]))
                sentence_vectors.append(index.sentence_vectors(stored.sentence_rows))
                for sentence in passage.sentences:
                    start, end = max(sentence.start, passage.start), min(sentence.end, passage.end)
                    text = " ".join(passage.text[start - passage.start : end - passage.start].split())
                    texts.append(text)
                    result.append(terms(text, document.language))
                first.append(len(texts))
    matrix = np.concatenate(vectors)
    return Source(matrix, np.concatenate(sentence_vectors), np.array(first), texts, result, _nearest(matrix))


def _nearest(matrix: Vectors) -> npt.NDArray[np.int64]:
    most = min(_NEAR, len(matrix) - 1)
    near = np.empty((len(matrix), most), dtype=np.int64)
    for begin in range(0, len(matrix), 1024):
        cosines = matrix[begin : begin + 1024] @ matrix.T
        best = np.argpartition(-cosines, most, axis=1)[:, : most + 1]
        order = np.take_along_axis(cosines, best, axis=1).argsort(axis=1)[:, ::-1]
        near[begin : begin + 1024] = np.take_along_axis(best, order, axis=1)[:, 1:]
    return near


def unit(vectors: Vectors) -> Vectors:
    """Return the vectors scaled to length 1."""
    of_length_one: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return of_length_one


def vectors(real: Source, count: int, chance: np.random.Generator) -> tuple[npt.NDArray[np.int64], Vectors]:
    """Return new vectors about one subject, and the two real passages that each lies between, shape (count, 2)."""
    subject = chance.integers(len(real.vectors))
    about = real.near[subject][chance.integers(real.near.shape[1], size=count)]
    other = real.near[about, chance.integers(8, size=count)]
    any_one = chance.integers(len(real.vectors), size=count)
    neighbour = real.near[any_one, chance.integers(8, size=count)]
    share = chance.random((count, 1), dtype=np.float32) / 2
    between = real.vectors[about] * (1 - share) + real.vectors[other] * share
    moved = between + _SPREAD * (real.vectors[any_one] - real.vectors[neighbour])
    return np.stack([about, other], axis=1), unit(moved)


def passages(real: Source, count: int, chance: np.random.Generator) -> Iterator[Made]:
    """Return new passages about one subject."""
    parents, made = vectors(real, count, chance)
    for (about, other), vector in zip(parents.tolist(), made, strict=True):
        own = range(real.first_sentence[about], real.first_sentence[about + 1])
        further = range(real.first_sentence[other], real.first_sentence[other + 1])
        pool = [*((about, item) for item in own), *((other, item) for item in further)]
        chosen = [pool[place] for place in chance.permutation(len(pool))[:_SENTENCES]]
        moves = np.stack([real.sentence_vectors[item] - real.vectors[parent] for parent, item in chosen])
        yield Made(
            vector,
            [real.texts[item] for _, item in chosen],
            [real.terms[item] for _, item in chosen],
            unit(vector + moves),
        )
