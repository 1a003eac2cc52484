"""The probability that the passages answer the question, calibrated per model.

A logistic regression over features of a question and its hits. The file of coefficients holds the fitted weights with
their figures; `python -m tests.benchmarks.confidence --write [--model NAME]` writes it.

A feature means the same in every corpus and for every model: standardised similarities and their differences, shares
and counts. Most of them say what is missing. Years of the question count only by the features of years, so that a year
added to a question does not make it seem answered. Tried without a gain on the sets left out: the number of terms,
whether the question is a list of keywords, lead of the best sentence over all others, lead of the first passage's BM25
over the next, agreement of both searches, missing words by the similarity of their vectors to the best sentence, the
share of the question's weight that no passage has, a date or a name where one is asked for, adjacent question words
found adjacent, words of reason for "why" questions, the words of the question in the sentences that are shown, numbers
and names that the best sentence alone lacks, a name where "who" or "where" asks for one, the lead of the best sentence
over those of other passages, its missing words that another passage has, a negation that the question lacks, the share
of the words without the noun after "which", and the score of a small head trained on the model's token states of the
question and its best sentences (alignment, cross-attention, or both read as one text by the unchanged model).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from corpus.clauses import CONTRACTED_NOT, NEGATIONS
from corpus.metadata.language import is_listed, primary_language
from corpus.metadata.years import written_years
from corpus.scripts import LATIN_CAPITALS, LATIN_SMALL, without_accents
from corpus.translation import gettext_noop
from corpus.vocabulary import MONTHS, NAMES_OF_STATES
from index.lexical import query_terms
from index.lexical.analysis import sentence_terms, terms
from index.models.similarity_scale import SimilarityScale
from index.ranking.search import Hit
from index.ranking.weights import WEIGHTS
from qa.confidence.antonyms import has_opposite
from qa.confidence.replaced_words import replaces_word
from qa.question.answer_type import answers_type, expected_answer_type, says_none
from qa.question.corpus_facts import CorpusFacts

COEFFICIENTS = Path(__file__).with_name("coefficients.json")

THRESHOLD = 0.08
"""Below this probability the answer says that the documents do not answer the question.

With one set left out of the fit, .08 refuses .03 of the answerable questions about the yearbooks and of bare search
terms, none of those about addresses, .86 of the questions about other things and .48 of those about the yearbooks whose
documents were removed; .1 refuses .04, .07, .01, .91 and .52; .2 refuses .13, .18, .06, .98 and .67.
`python -m tests.benchmarks.confidence` prints others.
"""

HIGH, FAIR = 0.85, 0.6
"""Least probabilities of "high" and "fair" confidence; below FAIR the answer is called a possible one.

Chosen for the reader, not fitted: of answers from FAIR to HIGH two in five are wrong, from HIGH one in six (all sets of
the fit, each left out).
"""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """The weight of a feature (in log odds) after standardisation: `weight * (value - mean) / spread`."""

    mean: float
    spread: float
    weight: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients fitted for one model."""

    model: str
    intercept: float
    coefficients: Mapping[str, Coefficient]

    def probability(self, features: Features) -> float:
        """Return the probability, in [0, 1], that the hits answer the question."""
        values = asdict(features)
        log_odds = self.intercept + sum(
            # a feature that was renamed since the fit counts as average, so that a new fit can be made
            coefficient.weight * (values.get(name, coefficient.mean) - coefficient.mean) / coefficient.spread
            for name, coefficient in self.coefficients.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


@cache
def calibrations() -> Mapping[str, Calibration]:
    """Return the calibration of each model by its fingerprint, the default model first."""
    stored = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    by_fingerprint = {
        fingerprint: Calibration(
            entry["model"],
            entry["intercept"],
            {name: Coefficient(**values) for name, values in entry["coefficients"].items()},
        )
        for entry in stored["models"]
        for fingerprint in entry["fingerprints"]
    }
    return {stored["default"]: by_fingerprint[stored["default"]], **by_fingerprint}


def estimate_confidence(
    question: str,
    hits: Sequence[Hit],
    term_weights: Mapping[str, float],
    corpus_facts: CorpusFacts,
    scale: SimilarityScale,
    fingerprint: str | None = None,
) -> float:
    """Estimate the probability that the first hits answer the question.

    Args:
        question: The normalised question.
        hits: Hits, best first.
        term_weights: The question's terms with their idf (`SearchResult.term_weights`).
        corpus_facts: The documents that were searched.
        scale: The scale of the model's cosines.
        fingerprint: That of the model; the calibration of the default model is used for a model that has none.

    Returns:
        A probability in [0, 1], rounded to four digits; 0 without hits.
    """
    if not hits:
        return 0.0
    default = next(iter(calibrations().values()))
    calibration = calibrations().get(fingerprint or "", default)
    return round(calibration.probability(compute_features(question, hits, term_weights, corpus_facts, scale)), 4)


def is_calibrated(fingerprint: str) -> bool:
    """Return whether the probability was fitted for this model; otherwise it only ranks questions."""
    return fingerprint in calibrations()


def confidence_label(probability: float) -> str:
    """Return "high", "fair", "low" or "too low to answer"."""
    if probability >= HIGH:
        return gettext_noop("high")
    if probability >= FAIR:
        return gettext_noop("fair")
    return gettext_noop("low") if probability >= THRESHOLD else gettext_noop("too low to answer")


def answer_heading(probability: float) -> str:
    """Return the heading of an answer sentence: "Answer", or "Possible answer" where the confidence is low."""
    return gettext_noop("Possible answer") if confidence_label(probability) == "low" else gettext_noop("Answer")


UNMENTIONED = 0.5
"""Highest probability where no document mentions a name in the question, or what it counts, and where the passage that
answers lacks a name.

"How many counterfeit coins were found?" is not answered by a number of counterfeit notes. Of the questions of a person
who had not seen the program, about eight publications in four languages, 5 of 9 unanswerable ones above `FAIR` were of
this kind, and 2 of 74 with a right answer, which paraphrase ("drunk motorists").
"""

JUST_REFUSED = 0.07
"""Highest probability where no document has any word of the question, and the passages are not very similar to it."""

YEAR_RISE = 0.05
"""How much a year in a question may raise the probability above that of the question without it.

A year moves other passages to the front, whose best sentence may have a number or a word that those before lacked: of
32 questions that the documents do not answer one rose by .28. With this limit, 276 answerable questions with years fall
by .01 in the mean, and one of them is refused; they fall by .03 if they may not rise at all.
"""

CONFIDENCE_PASSAGES = 5
"""Hits that are read."""

_YEAR_PASSAGES = 3
"""Hits in which a year of the question is searched."""

COVERAGE = 0.9
"""Weight of the share of terms in `support`: .5 and 1.3 separated the sets left out .001 and .002 worse."""

_NOT_COMPARED = ("compare", "reranker", "latest", "language")
"""Parts of a score that `score_lead` leaves out: the first two are larger than all differences of the others, the third
one moves a passage above one that says much the same, and the last one belongs to a language. A passage that comes
first for its sentence has no lead."""

_ACROSS_LANGUAGES = (0.3, 0.8)
"""Standardised similarities of a question and a sentence of another language that stand for no and all words in common:
Spanish and Chinese questions have medians of .86 and .73 with a paragraph that answers, .31 and .45 with others."""

_HEADING_WORDS = 4
"""Maximum words of a heading in the line of a paragraph."""

_STEM = 5
"""Terms with this many initial letters in common count as forms of one word ("colony", "colonial")."""

_WORD = re.compile(r"[^\W\d_][\w'’.-]*|\d[\d,.]*")
_CAPITALISED = f"[{LATIN_CAPITALS}][{LATIN_SMALL}]+"
_NAME = re.compile(rf"(?<=[\w,;:)] ){_CAPITALISED}(?:[ -]{_CAPITALISED})*(?![\w-])")
"""A name within a sentence, and not an acronym, which a document may write in full."""

_WORD_BREAK = re.compile("[ -]")
_MIN_NAME = 4
"""Minimum letters of a word of a name that is looked for; as many at its beginning are compared."""

_MAX_ENDING = 2
"""Letters by which a form of a short name may be longer: "Germ" is no form of "Germany", nor "indicator" of "India"."""

_NEGATING = "|".join(sorted(NEGATIONS["en"].verb | NEGATIONS["en"].noun))
_ASKED_NEGATION = re.compile(rf"\b(?:{_NEGATING}|{CONTRACTED_NOT})\b", re.IGNORECASE)
_NO_NEGATION = re.compile(
    r"\b(?:or|whether)\s+not\b|\bnot\s+(?:only|just)\b|\bnot\b[^.?]{0,20}\bbut\b|\bmay\s+not\s+be\b", re.IGNORECASE
)
"""Negations of a question that deny nothing: "whether or not", "not only"."""

_NEGATION = re.compile(
    rf"\b(?:{_NEGATING}|{CONTRACTED_NOT}|without|except|least|unable|fail\w*|refus\w*|lack\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a question and its hits."""

    passage_similarity: float
    """Highest standardised similarity of a passage."""
    support: float
    """Highest sum of a sentence's standardised similarity (0: unrelated texts, 1: question and answer)
    and COVERAGE times the share of the question's weight that it contains. That sentence is the best one below.
    Words of different languages cannot be compared: their share is then estimated from the similarity."""
    score_lead: float
    """How far the best passage's score is above the next one's: several similar scores mean that passages are on
    the topic but do not answer."""
    names_missing: float
    """ln(1 + names, numbers and acronyms of the question that no passage contains); 0 if in another language."""
    negation_missing: float
    """1 if the question has a negation and the best sentence in the same language has none."""
    years_unmet: float
    """Share of the question's years that none of the first passages mentions or covers."""
    years_not_covered: float
    """Share of these years that no document covers, times the share that the first passage does not mention or cover.

    0 while the years of any document are unknown.
    """
    number_missing: float
    """1 if the question asks for a number and the best sentence contains none but the question's own."""
    opposite: float
    """1 if the best sentence has the opposite of a word of an English question instead of that word."""
    word_replaced: float
    """1 if the best sentence has another word or number in the place of one of the question's."""


def compute_features(
    question: str,
    hits: Sequence[Hit],
    term_weights: Mapping[str, float],
    corpus_facts: CorpusFacts,
    scale: SimilarityScale,
) -> Features:
    """Compute the features of a question and its hits (at least one, best first); see `estimate_confidence`."""
    hits = _comparable(hits[:CONFIDENCE_PASSAGES])
    language = hits[0].document.language
    years = sorted(written_years(question))
    written = set(map(str, years))
    question_terms = [term for term in dict.fromkeys(terms(question, language)) if term not in written]
    # `term_weights` may contain terms in several languages, and lacks misspelt words
    weights = {term: term_weights[term] for term in question_terms if term in term_weights}
    asked_in = query_terms.question_languages(question)
    is_foreign = bool(asked_in) and language is not None and language not in asked_in
    supports = _supports(hits, None if is_foreign else weights, scale)
    support, best = max(supports, key=lambda pair: pair[0])
    passage_terms = frozenset(term for hit in hits for term in hit.stored.terms)
    names = set() if is_foreign else _names(question, language) & weights.keys()
    known_years = [_years_of(hit) for hit in hits[:_YEAR_PASSAGES]]
    unmet = [year for year in years if not any(year in known for known in known_years)]
    not_covered = [year for year in corpus_facts.uncovered_years(years) if year not in corpus_facts.editions]
    not_in_first = [year for year in years if year not in known_years[0]]
    number_asked = expected_answer_type(question) == "number"
    return Features(
        passage_similarity=max(hit.scores.get("passage", 0.0) for hit in hits) / WEIGHTS.passage,
        support=support,
        score_lead=_lead([hit.score - sum(hit.scores.get(part, 0.0) for part in _NOT_COMPARED) for hit in hits]),
        names_missing=math.log1p(len(names - passage_terms)),
        negation_missing=float(
            not is_foreign
            and _ASKED_NEGATION.search(_NO_NEGATION.sub(" ", question)) is not None
            and _NEGATION.search(best) is None
        ),
        opposite=float(not is_foreign and primary_language(language) in (None, "en") and has_opposite(question, best)),
        word_replaced=float(not is_foreign and replaces_word(question, best, language)),
        years_unmet=_share(unmet, years),
        years_not_covered=_share(not_covered, years) * _share(not_in_first, years),
        number_missing=float(
            number_asked and not (answers_type(best, "number", question) or says_none(best, language))
        ),
    )


def _comparable(hits: Sequence[Hit]) -> Sequence[Hit]:
    """Return the hits in the language of the first one where that is another language than the question's.

    Texts in the language of the question are nearer to it, whatever they say.
    """
    if "language" not in hits[0].scores:
        return hits
    language = primary_language(hits[0].document.language)
    return [hit for hit in hits if primary_language(hit.document.language) == language]


def _lead(scores: Sequence[float]) -> float:
    best, *others = sorted(scores, reverse=True)
    return best - others[0] if others else 0.0


def _share(part: Sequence[int], whole: Sequence[int]) -> float:
    return len(part) / len(whole) if whole else 0.0


def _supports(
    hits: Sequence[Hit], weights: Mapping[str, float] | None, scale: SimilarityScale
) -> list[tuple[float, str]]:
    """Return each sentence with its similarity plus COVERAGE times the share of the question's weight it contains.

    The text of a heading in the line of a paragraph ("Dogs on trains.") goes on with the sentence after it.

    Without `weights` the share is estimated from the similarity by interpolation in _ACROSS_LANGUAGES.
    """
    total = sum((weights or {}).values()) or 1.0
    supports: list[tuple[float, str]] = []
    for hit in hits:
        passage = hit.stored.passage
        following = [*passage.sentences[1:], None]
        for sentence, after, similarity in zip(passage.sentences, following, hit.similarities, strict=True):
            text = passage.words_of(sentence)
            standardised = scale.standardise(similarity)
            if weights is None:
                share = float(np.interp(standardised, _ACROSS_LANGUAGES, (0.0, 1.0)))
            else:
                present = set(sentence_terms(text, hit.document.language))
                stems = {term[:_STEM] for term in present if len(term) >= _STEM}
                share = sum(w for term, w in weights.items() if term in present or term[:_STEM] in stems) / total
            if after is not None and not (sentence.wording or after.wording) and len(text.split()) <= _HEADING_WORDS:
                text = f"{text} {passage.words_of(after)}"
            supports.append((standardised + COVERAGE * share, text))
    return supports


def _names(question: str, language: str | None) -> set[str]:
    """Return the terms of names, acronyms and numbers; the first word's initial capital does not make it a name."""
    words = [
        match.group()
        for match in _WORD.finditer(question)
        if match.group()[0].isdigit()
        or any(letter.isupper() for letter in match.group()[1:])
        or (match.start() and match.group()[0].isupper())
    ]
    return {term for word in words for term in terms(word, language)}


def capitalised_names(text: str, language: str | None) -> list[str]:
    """Return the names within a text, such as "Northern Trust"; none in German, where all nouns have capitals."""
    if primary_language(language) == "de":
        return []
    names = (name for name in dict.fromkeys(_NAME.findall(text)) if name.casefold() not in MONTHS)
    return [name for name in names if _is_distinctive(name, language)]


def _is_distinctive(name: str, language: str | None) -> bool:
    """Return whether a name has a longer word, and is not several common words: "Middle Eastern", "New World"."""
    words = _WORD_BREAK.split(name)
    return bool(longer_words(name)) and (len(words) == 1 or not all(is_listed(word, language) for word in words))


def longer_words(name: str) -> list[str]:
    """Return the words of a name by which it is recognised, without "van" and "del"."""
    return [word for word in _WORD_BREAK.split(name) if len(word) >= _MIN_NAME]


def lacks_name(name: str, hit: Hit) -> bool:
    """Return whether a passage with its headings and the names of its document has no word of a name, nor its initials.

    Words are equal if their beginnings are; other names of a state count as its name.
    """
    passage, document = hit.stored.passage, hit.document
    facts = (passage.prefix, passage.header, passage.text, document.title, document.series, document.publisher)
    text = " ".join(filter(None, facts))
    words = _WORD_BREAK.split(name)
    names = [_plain(word) for word in longer_words(name)]
    initials = r"\.?".join(word[0] for word in words)
    is_short_for_it = len(words) > 1 and re.search(rf"\b{initials}\b", text) is not None
    written = list(map(_plain, re.findall(r"\w+", text)))
    has_form = any(_is_form(word, part) for word in written for part in names)
    body = f"{passage.prefix} {passage.header} {passage.text}"  # any report of Japan has its name in the title
    of_state = any(re.search(rf"(?<!\w){re.escape(other)}(?!\w)", body) for other in names_of_state(name))
    return not (is_short_for_it or has_form or of_state)


def names_of_state(name: str) -> tuple[str, ...]:
    """Return all names of the state that has this name, such as America or Washington; () if no state has it."""
    bare = name.removesuffix("'s").removesuffix("’s")
    return next((group for group in NAMES_OF_STATES if bare in group), ())


def _is_form(word: str, name: str) -> bool:
    """Return whether a word and a name may be forms of one name: "Chilean" and "Chile", "Afghan" and "Afghanistan"."""
    shorter, longer = sorted((word, name), key=len)
    if len(shorter) < _MIN_NAME:
        return False
    beginning = shorter[: max(_MIN_NAME, min(_STEM, len(shorter) - 1))]
    is_whole = len(shorter) >= _STEM and longer.startswith(shorter)
    return is_whole or (longer.startswith(beginning) and len(longer) <= len(shorter) + _MAX_ENDING)


def _plain(word: str) -> str:
    """Return a word in small letters without accents."""
    return without_accents(word.casefold())


def _years_of(hit: Hit) -> set[int]:
    """Return the years that a passage mentions, the years its document covers, and its edition."""
    passage, covers = hit.stored.passage, hit.document.covers
    years = written_years(f"{passage.prefix} {passage.text}")
    if covers is not None:
        years.update(range(covers[0], covers[1] + 1))
    return years | ({hit.document.edition} if hit.document.edition is not None else set())
