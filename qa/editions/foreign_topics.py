"""Measure how surely documents treat a topic that is in another language than they are.

None of its words is in the text. Its vector is compared with those of the sentences, and with those of the words and
pairs of words of the nearest sentences, one of which may be its translation. Three things make two cosines comparable:

- What is near to every topic is no evidence: the mean vector of unrelated topics (`_UNRELATED`) is subtracted.
- The cosines of all sentences of the series show what is usual for the topic.
- Among many sentences, the nearest one is nearer by chance.

Tried without a gain, or with a small one only: the translations of the single words of a phrase in one sentence, how
near the other documents of the series come, thousands of frequent words as rivals of a translation (the model takes
"faros" for "fare" and "Zölle" for "slow"), and the similarity of the topic to the unrelated ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import pairwise
from operator import mul

import numpy as np

from corpus.scripts import HAN, KATAKANA, WIDE_LETTER
from index.lexical.analysis import FUNCTION_WORDS
from index.models.encoder import Encoder, Vectors
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit, Index
from index.storage.reader import DocumentInfo

MAX_SAMPLED_PASSAGES = 400
"""Passages of a document, besides its hits, whose sentences are compared with a topic."""

NEAREST_SENTENCES = 2
"""Sentences of a document whose words are compared with a topic: six find .02 more and take three times as long."""

_MIN_LETTERS = 16
"""Minimum letters of a sentence that is compared, as names and headings are near to any foreign word."""

_MIN_SENTENCES = 10
"""Minimum sentences of all documents: fewer show no usual similarity."""

MIN_LOGIT = 1.9
"""Minimum logit of a document that treats a topic. At 1.6, 11 of 144 documents are wrong for 207 topics left out."""

_WEIGHTS = (4.9, 4.54, 0.91, -1.04)
_CONSTANT = -3.37
"""Weights of `_Nearness` and the constant of a logistic regression, over 220 topics in German, French, Spanish,
Japanese and English on documents in another one of these languages. The confidence of an answer adds nothing."""

_MOST_WORDS = 1.6
"""What the words of a sentence reach at most. Most sentences cannot reach the minimum whatever their words."""

_UNRELATED = (
    "music winter bread window machine garden science animals weather mountain",
    "Musik Winter Brot Fenster Maschine Garten Wissenschaft Tiere Wetter Gebirge",
    "musique hiver pain fenêtre machine jardin science animaux météo montagne",
    "música invierno pan ventana máquina jardín ciencia animales tiempo montaña",
    "音楽 冬 パン 窓 機械 庭 科学 動物 天気 山",
)
"""Topics in several languages, to whose mean the similarity of a text says nothing about another topic."""

_means: dict[str, tuple[Vectors, Vectors]] = {}
"""The mean vectors of these topics by the fingerprint of the model."""

_WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)*")
_WIDE_WORD = re.compile(rf"[{HAN}]{{2,8}}|[{KATAKANA}]{{2,}}")


@dataclass(frozen=True, slots=True)
class _Nearness:
    """What is known of the sentence of a document that is nearest to a topic."""

    sentence: float
    """Its cosine on the scale of the model, less that of the unrelated topics."""

    words: float
    """The same of its nearest word or pair of words, less half of that of the unrelated topics."""

    distinctness: float
    """Its cosine less the mean of all sentences, in standard deviations."""

    sentences: float
    """Natural logarithm of the number of sentences of the document."""

    @property
    def logit(self) -> float:
        """Logit of the probability that the document treats the topic."""
        return float(_CONSTANT + sum(map(mul, _WEIGHTS, astuple(self))))


def find_treating(
    index: Index,
    encoder: Encoder,
    subject: str,
    vector: Vectors,
    documents: Mapping[str, tuple[DocumentInfo, Sequence[Hit]]],
) -> dict[str, int]:
    """Return which documents treat a topic in another language.

    Args:
        index: The index.
        encoder: The model of the index.
        subject: The topic's text.
        vector: Its vector by the model of the index, shape (dimension,).
        documents: All documents that are compared, with the passages read, by id.

    Returns:
        Id of each document that treats it to the position of the passage among those read; empty where all documents
        have too few sentences.
    """
    as_question, as_passage = _unrelated(encoder)
    cosines = {name: _sentence_cosines(index, vector, *document) for name, document in documents.items()}
    everywhere = np.concatenate(list(cosines.values()))
    if len(everywhere) < _MIN_SENTENCES or not (spread := float(everywhere.std())):
        return {}
    topic = encoder.encode([subject])[0]
    mean, scale = float(everywhere.mean()), index.manifest.scale
    evidence: dict[str, tuple[float, int]] = {}
    for name, (_, hits) in documents.items():
        for sentence in _nearest_sentences(index, hits, vector, as_question):
            distinctness = (sentence.cosine - mean) / spread
            nearness = _Nearness(
                sentence.corrected / scale.spread, _MOST_WORDS, distinctness, math.log(len(cosines[name]))
            )
            if nearness.logit < MIN_LOGIT:
                continue  # whatever its words, which are slow to compare
            words = _nearest_words(encoder, topic, as_passage, sentence.text, scale)
            logit = replace(nearness, words=words).logit
            evidence[name] = max(evidence.get(name, (-math.inf, 0)), (logit, -sentence.hit_index))
    return {name: -position for name, (logit, position) in evidence.items() if logit >= MIN_LOGIT}


def _unrelated(encoder: Encoder) -> tuple[Vectors, Vectors]:
    """Return the mean vectors of the unrelated topics as questions and as passages, shape (dimension,)."""
    if encoder.fingerprint not in _means:
        topics = [topic for line in _UNRELATED for topic in line.split()]
        as_question, as_passage = (encoder.encode(topics, query=query).mean(axis=0) for query in (True, False))
        _means[encoder.fingerprint] = as_question, as_passage
    return _means[encoder.fingerprint]


def _sentence_cosines(index: Index, vector: Vectors, document: DocumentInfo, hits: Sequence[Hit]) -> Vectors:
    """Return the cosines of a topic and the sentences of the passages read, and of others at equal distances."""
    passages = index.records.passages_of_document(document.number)
    step = max(1, len(passages) // MAX_SAMPLED_PASSAGES)
    read = {passage.number: passage for passage in (*passages[::step], *(hit.stored for hit in hits))}
    rows = [row for passage in read.values() for row in passage.sentence_rows]
    return index.sentence_vectors(rows) @ vector if rows else np.zeros(0, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _NearSentence:
    """A sentence with its cosine, and the cosine less that of the unrelated topics."""

    text: str
    hit_index: int
    cosine: float
    corrected: float


def _nearest_sentences(index: Index, hits: Sequence[Hit], vector: Vectors, unrelated: Vectors) -> list[_NearSentence]:
    """Return the sentences of the passages read that are nearest to a topic."""
    located = [
        (hit_index, hit.stored.passage.text_of(sentence), row)
        for hit_index, hit in enumerate(hits)
        for sentence, row in zip(hit.stored.passage.sentences, hit.stored.sentence_rows, strict=True)
        if sentence.end - sentence.start >= _MIN_LETTERS
    ]
    if not located:
        return []
    cosines, usual = (index.sentence_vectors([row for *_, row in located]) @ np.stack([vector, unrelated], axis=1)).T
    order = np.argsort(usual - cosines, kind="stable")[:NEAREST_SENTENCES].tolist()
    return [
        _NearSentence(located[at][1], located[at][0], float(cosines[at]), float(cosines[at] - usual[at]))
        for at in order
    ]


def _nearest_words(
    encoder: Encoder, topic: Vectors, unrelated: Vectors, sentence: str, scale: SimilarityScale
) -> float:
    """Return how near the nearest word, or pair of words, of a sentence is to a topic (`_Nearness.words`)."""
    phrases = list(dict.fromkeys(_phrases(sentence)))
    if not phrases:
        return 0.0
    cosines = encoder.encode(phrases) @ np.stack([topic, unrelated], axis=1)
    standardised = scale.standardise(cosines.astype(np.float64))
    return float((standardised[:, 0] - standardised[:, 1] / 2).max())


def _phrases(sentence: str) -> Iterator[str]:
    """Yield the words of a sentence, and each with the next one."""
    if WIDE_LETTER.search(sentence):
        words, between = _WIDE_WORD.findall(sentence), "の"
    else:
        words, between = [word for word in _WORD.findall(sentence) if word.casefold() not in FUNCTION_WORDS], " "
    yield from words
    yield from (f"{first}{between}{second}" for first, second in pairwise(words))
