"""Scores to one order: the weighted parts of a passage's score, and the ranking. Pure.

Every weight of the ranking lives here, one set for all corpora.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from index.manifest import Scale

NO_BONUS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part counts. Similarities are standardised, see `standardise`."""

    passage: float = 0.4
    sentence: float = 0.6
    lexical: float = 0.5
    period: float = 0.15
    stub: float = -0.1


WEIGHTS = Weights()

STUB_WORDS = 15

REFERENCE = Scale(mean=0.06348, spread=0.557201)
"""The scale on which the weights were fitted: that of the default model."""


def standardise(similarity: float, scale: Scale) -> float:
    """A cosine of one model on the scale of the default one: what does not belong together and what does stay so."""
    return REFERENCE.mean + (similarity - scale.mean) / scale.spread * REFERENCE.spread


def stub(words: int) -> float:
    """How much a passage of so many words is one that says nothing: a byline, a caption. 1 for no word, 0 from 15 on.

    What stands in front of it makes it look like all of its section at once.
    """
    return max(0.0, 1 - words / STUB_WORDS)


def parts(
    passage: float,
    sentence: float,
    lexical: float,
    period: float = 0.0,
    stub: float = 0.0,
    bonus: Mapping[str, float] = NO_BONUS,
    *,
    weights: Weights = WEIGHTS,
) -> dict[str, float]:
    """The weighted parts of a score; they add up to it. `bonus` holds further parts, weighted already."""
    further = {"period": weights.period * period, "stub": weights.stub * stub, **bonus}
    return {
        "passage": round(weights.passage * passage, 6),
        "sentence": round(weights.sentence * sentence, 6),
        "lexical": round(weights.lexical * lexical, 6),
        **{name: round(value, 6) for name, value in further.items() if value},
    }


def total(scores: Mapping[str, float]) -> float:
    """The score: the sum of its parts, rounded so that equal scores compare as equal."""
    return round(sum(scores.values()), 6)


def order(scored: Iterable[tuple[str, float]]) -> list[str]:
    """Ids by falling score, equal scores by id: a total order."""
    return [identifier for identifier, _ in sorted(scored, key=lambda pair: (-pair[1], pair[0]))]
