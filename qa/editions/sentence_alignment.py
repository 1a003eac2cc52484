"""Align the sentences of two editions: kept, changed, added, dropped.

Sentences with identical wording are paired first, so that identical text is never reported as changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Literal

import numpy as np

from index.lexical.analysis import terms
from index.models.encoder import Vectors
from index.models.similarity_scale import SimilarityScale
from qa.editions import word_diff
from qa.editions.alignment import Matrix, assign, cosines, inverse_frequencies
from qa.editions.sections import LocatedSentence

ChangeKind = Literal["kept", "changed", "added", "dropped"]

MIN_SIMILARITY = 0.45
"""Sentences less similar than this are not paired: higher splits rewritten sentences into a drop and an addition,
lower pairs unrelated ones (`python -m tests.benchmarks.editions`)."""

_WORDS_SHARE = 0.55
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
            tuple(tuple(terms(sentence.text, language)) for sentence in sentences),
            tuple(tuple(word for word, _, _ in word_diff.tokens(sentence.text)) for sentence in sentences),
        )


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
    return _WORDS_SHARE * lexical + (1 - _WORDS_SHARE) * scale.relatedness(cosine)


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
