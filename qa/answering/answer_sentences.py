"""Selects the sentences and table rows of an answer: at most three, verbatim, from the best passages.

A sentence is scored by its similarity to the question, the share of the question's weighted terms it contains, the
score of its passage, and whether it contains the expected type of answer ("how many" expects a number). A small penalty
per word prefers short sentences. A table row is scored by what it says in words, with its header cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.lexical import bm25
from index.lexical.analysis import terms
from index.ranking.search import Hit
from qa.question.answer_type import AnswerType, contains_answer_type

MOST_SENTENCES = 3
READ_PASSAGES = 5
"""Passages whose sentences are considered."""

MEAN_LENGTH = 20.0
"""Terms of an average sentence, for BM25."""

LEAST_WORDS = 3
"""A shorter sentence is a title or a rule, and says nothing by itself."""

_WORD = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """Weights of the parts of a sentence's score; `length` is subtracted per word."""

    lexical: float = 0.5
    passage: float = 1.0
    answer_type: float = 0.1
    length: float = 0.002


WEIGHTS = SentenceWeights()


@dataclass(frozen=True, slots=True)
class SelectedSentence:
    """A sentence or row: the index of its passage among the hits, its span in the document, its text and wording."""

    passage: int
    start: int
    end: int
    text: str
    wording: str = ""


def select_sentences(
    answer_type: AnswerType | None, hits: Sequence[Hit], term_weights: Mapping[str, float], compared: int = 0
) -> list[SelectedSentence]:
    """Select the sentences that answer the question; two sentences with the same wording count once.

    Args:
        answer_type: What the question asks for.
        hits: The passages, best first.
        term_weights: The question's terms with their idf.
        compared: Number of editions compared. If more than one, each of the first `compared` passages contributes its
            best sentence, in order, before any other sentence.

    Returns:
        At most `MOST_SENTENCES` sentences, best first.
    """
    scored: list[tuple[float, SelectedSentence]] = []
    for number, hit in enumerate(hits[:READ_PASSAGES]):
        passage = hit.stored.passage
        passage_score = hit.score - hit.scores.get("compare", 0.0)
        for sentence, similarity in zip(passage.sentences, hit.similarities, strict=True):
            start, end = max(sentence.start, passage.start), min(sentence.end, passage.end)
            text = passage.text[start - passage.start : end - passage.start]
            words = sentence.wording or text
            if len(_WORD.findall(words)) < LEAST_WORDS and not sentence.wording:
                continue
            score = (
                similarity
                + WEIGHTS.lexical * bm25.fraction(term_weights, terms(words, hit.document.language), MEAN_LENGTH)
                + WEIGHTS.passage * passage_score
                + WEIGHTS.answer_type * contains_answer_type(text, answer_type)
                - WEIGHTS.length * len(text.split())
            )
            scored.append((score, SelectedSentence(number, start, end, text, sentence.wording)))
    scored.sort(key=lambda pair: (-pair[0], pair[1].passage, pair[1].start))
    ranked = [selected for _, selected in scored]
    if compared > 1:
        best: dict[int, SelectedSentence] = {}
        for selected in ranked:
            best.setdefault(selected.passage, selected)
        first = [best[number] for number in range(compared) if number in best]
        ranked = [*first[:MOST_SENTENCES], *(selected for selected in ranked if selected not in first)]
    distinct: dict[str, SelectedSentence] = {}
    for selected in ranked:
        distinct.setdefault(" ".join(selected.text.casefold().split()), selected)
    return list(distinct.values())[:MOST_SENTENCES]
