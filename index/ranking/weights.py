"""All weights of the ranking: of similarities, words, years, editions, series and a reranker.

`python -m tests.benchmarks.fit_ranking` fits the weights with leave-one-set-out, `python -m tests.benchmarks.ranking`
compares the ranking with others; `docs/figures.md` has the figures. One set of weights serves all corpora and models.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignalWeights:
    """Weights of the signals of a passage, fitted by `tests.benchmarks.fit_ranking`; cosines are standardised first."""

    passage: float = 0.4
    """Weight of the similarity of question and passage."""
    sentence: float = 0.6
    """Weight of the similarity of the question and the best sentence of the passage."""
    lexical: float = 0.8
    """Weight of the squared BM25 fraction."""
    period: float = 0.32
    """Weight of `temporal.period_signal`: the main effect of a year in a question."""
    stub: float = -0.15
    """Weight of `scoring.brevity`: passages of a few words rank lower."""


@dataclass(frozen=True, slots=True)
class PreferenceWeights:
    """Bonuses for passages of documents that match a year, edition or series named in the question.

    Higher ones favour the right edition, lower ones the most similar passage; a preference never excludes a passage.
    """

    year: float = 0.02
    """Bonus for a document that covers a year asked about, or has it as its edition. Small, since `period` already
    prefers documents by their years, and the figure of a year is often in the next edition. Its main effect: the best
    passages of these documents are among the candidates."""
    edition: float = 0.35
    """Bonus for a document of an edition that the question names."""
    series: float = 0.05
    """Bonus for a document of a series that the question names."""
    name: float = 0.1
    """Bonus for a document of a named author, place or publisher: "Eisenhower's 1960 budget"."""
    latest: float = 0.1
    """Maximum bonus for the newest of passages that say much the same in several editions, where a question names no
    time: who asks for the treasurer means today's."""


SENTENCE_MODEL_SHARE = 0.5
"""Share of the sentence encoder in the similarity of a sentence that it has read, beside the model of the index.

The optimum is flat: between .4 and .6 the mean over seven sets changes by less than .005."""

OTHER_LANGUAGE_SHARE = 0.65
"""Share of the difference between the levels of two languages that is made good (`index.ranking.languages`).

Of 199 Chinese questions about English paragraphs, with Japanese documents beside them, the right one has the highest
score for .21 with 0, .57 with .5, .67 with .65 and .69 with .8. MRR@10 of questions in the language of their answer
falls by at most .001 with .65, without `CLEAR_LEAD` by up to .03 with 1."""

CLEAR_LEAD = 0.07
"""How much farther than the best passage in the question's language one in another language has to be above the level
of its language, to come first. Lower ones put passages first that are on the subject and do not answer."""

WEIGHTS = SignalWeights()
PREFERENCES = PreferenceWeights()

RERANKER_WEIGHT = 2.0
"""Weight of a reranker's probability: more than all other signals together differ among good hits."""

COMPARED_EDITION_BONUS = 3.0
"""Bonus for the best passage of each edition that a question compares: larger than any other difference of scores.

Where the question names the editions, the bonus grows by this step from the latest edition to the earliest, so that the
passages read as a story. Where it names none, the passages keep the order of their scores: by edition, the first place
went to the earliest edition even if that hardly treats the topic.
"""
