"""Which sentences answer: at most three, verbatim, over all good hits. Pure.

A sentence counts by its own similarity with the question, the share of the question's weighty terms that it holds, the
score of its passage, and whether it holds what the question asks for ("how many" wants a number). Long sentences pay a
little, since a reader has to read them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.lexical import bm25
from index.lexical.analysis import terms
from index.ranking.search import Hit
from qa.question.answer_type import expected, holds

MOST_SENTENCES = 3
READ_PASSAGES = 5
"""Sentences are chosen among those of so many first passages."""

MEAN_LENGTH = 20.0
"""Terms of a usual sentence, for BM25."""


LEAST_WORDS = 3
"""What has fewer words is a title, a rule or a row of figures, and says nothing by itself."""

_WORD = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of a sentence's score counts; `length` is paid a word."""

    lexical: float = 0.5
    passage: float = 1.0
    kind: float = 0.1
    length: float = 0.002


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence: the position of its passage among the hits, its span, its text."""

    rank: int
    start: int
    end: int
    text: str


def choose(question: str, hits: Sequence[Hit], term_weights: Mapping[str, float], compared: int = 0) -> list[Chosen]:
    """The sentences that answer, best first; of a comparison one from each of the first `compared` passages, in order.

    `term_weights` are the question's terms with their idf. Two sentences of the same wording count once.
    """
    kind = expected(question)
    scored: list[tuple[float, Chosen]] = []
    for rank, hit in enumerate(hits[:READ_PASSAGES]):
        passage = hit.stored.passage
        score = hit.score - hit.scores.get("compare", 0.0)
        for sentence, similarity in zip(passage.sentences, hit.similarities, strict=True):
            start, end = max(sentence.start, passage.start), min(sentence.end, passage.end)
            text = passage.text[start - passage.start : end - passage.start]
            if len(_WORD.findall(text)) < LEAST_WORDS:
                continue
            value = (
                similarity
                + WEIGHTS.lexical * bm25.fraction(term_weights, terms(text, hit.document.language), MEAN_LENGTH)
                + WEIGHTS.passage * score
                + WEIGHTS.kind * holds(text, kind)
                - WEIGHTS.length * len(text.split())
            )
            scored.append((value, Chosen(rank, start, end, text)))
    scored.sort(key=lambda pair: (-pair[0], pair[1].rank, pair[1].start))
    ranked = [chosen for _, chosen in scored]
    if compared > 1:
        of_each = [
            best for rank in range(compared) if (best := next((one for one in ranked if one.rank == rank), None))
        ]
        ranked = [*of_each[:MOST_SENTENCES], *(one for one in ranked if one not in of_each)]
    kept: dict[str, Chosen] = {}
    for one in ranked:
        kept.setdefault(" ".join(one.text.casefold().split()), one)
    return list(kept.values())[:MOST_SENTENCES]
