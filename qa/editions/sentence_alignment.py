"""Sentences of two editions side by side: kept, changed, added, dropped. Pure.

What is the same in both stands together before anything else is weighed: identical text is never marked as changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from index.lexical.analysis import terms
from index.models.encoder import Vectors
from qa.editions import similarity, words
from qa.editions.assignment import Matrix, assign
from qa.editions.sections import LocatedSentence

ChangeKind = Literal["kept", "changed", "added", "dropped"]

LEAST = 0.45
"""Sentences less alike than this are taken to say different things."""

_LEXICAL, _DENSE = 0.55, 0.45


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence of the earlier edition and its counterpart in the later one; None where there is none."""

    kind: ChangeKind
    earlier: LocatedSentence | None
    later: LocatedSentence | None
    difference: words.Difference = words.NONE
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class SentenceSet:
    """Sentences of an edition with what comparing them takes: vectors of shape (sentences, dimension), terms, words."""

    sentences: tuple[LocatedSentence, ...]
    vectors: Vectors
    language: str | None
    bags: tuple[tuple[str, ...], ...]
    wordings: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, stated: Sequence[LocatedSentence], vectors: Vectors, language: str | None) -> SentenceSet:
        """With terms and words read once, however often they are compared."""
        return cls(
            tuple(stated),
            vectors,
            language,
            tuple(tuple(terms(one.text, language)) for one in stated),
            tuple(tuple(word for word, _, _ in words.tokens(one.text)) for one in stated),
        )


def likeness(one: SentenceSet, other: SentenceSet, mean: float) -> Matrix:
    """How alike sentences are, shape (one, other), in [0, 1]: by weighted terms and by vectors.

    `mean` is the cosine that the model finds between unrelated texts.
    """
    if not one.sentences or not other.sentences:
        return np.zeros((len(one.sentences), len(other.sentences)))
    weights = similarity.inverse_frequencies([*one.bags, *other.bags])
    lexical = similarity.cosines(one.bags, other.bags, weights)
    dense = np.clip(((one.vectors @ other.vectors.T).astype(np.float64) - mean) / (1 - mean), 0.0, 1.0)
    return _LEXICAL * lexical + _DENSE * dense


def align(first: SentenceSet, second: SentenceSet, alike: Matrix, least: float = LEAST) -> list[Change]:
    """The changes in the order of the later edition, what was dropped where it stood."""
    one, other = first.sentences, second.sentences
    twins = _twins(first.wordings, second.wordings)
    rest = [
        sorted(set(range(len(one))) - {a for a, _ in twins}),
        sorted(set(range(len(other))) - {b for _, b in twins}),
    ]
    pairs = dict(twins)
    if rest[0] and rest[1]:
        gains = alike[np.ix_(rest[0], rest[1])] - least
        pairs |= {rest[0][a]: rest[1][b] for a, b in assign(gains)}
    changes: list[tuple[float, int, Change]] = []
    for a, b in pairs.items():
        difference = words.difference(one[a].text, other[b].text)
        kind: ChangeKind = "changed" if difference else "kept"
        changes.append((b, 1, Change(kind, one[a], other[b], difference, round(float(alike[a, b]), 4))))
    back = {b: a for a, b in pairs.items()}
    changes += [(b, 1, Change("added", None, other[b])) for b in range(len(other)) if b not in back]
    place = -0.5
    for a in range(len(one)):
        if a in pairs:
            place = pairs[a] + 0.5
        else:
            changes.append((place, 0, Change("dropped", one[a], None)))
    return [change for _, _, change in sorted(changes, key=lambda item: item[:2])]


def _twins(one: Sequence[tuple[str, ...]], other: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Sentences of the same wording, the first with the first where one is said more than once."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, wording in enumerate(other):
        places[wording].append(at)
    found: list[tuple[int, int]] = []
    for at, wording in enumerate(one):
        if same := places.get(wording):
            found.append((at, same.pop(0)))
    return found
