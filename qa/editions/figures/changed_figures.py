"""Figures of an answer about several editions that changed between its passages, as written.

Only a few passages of each edition are read; `qa.editions.topic_comparison` reads more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from corpus.metadata.language import primary_language
from corpus.scripts import HIRAGANA
from index.lexical.analysis import terms
from index.lexical.query_terms import question_languages
from index.models.encoder import Encoder, Vectors
from index.ranking.search import Hit, Index
from qa.editions.alignment import SentenceSet, sentence_similarity
from qa.editions.figures.asked_figures import asked_figures
from qa.editions.figures.labels import MEASURE_WORDS
from qa.editions.figures.pairs import FigurePair, pair_figures
from qa.editions.figures.sentence_figures import Figure, find_figures
from qa.editions.sections import locate_sentences
from qa.question.analysis import COMPARING

PASSAGES_READ = 8
"""Passages of each edition that are read: also those whose figures might be asked for as well."""

_OF_QUESTIONS = MEASURE_WORDS | frozenset(
    "was wurde war es oder mehr weniger als what which how report reports says said tell much many über bericht sagt "
    "jahre jahren jahres viel wie welche welcher entre parmi quel quelle quels quelles comment rapport dit années pour "
    "plus y en a t il eu qu que qué cuál cuánto cómo informe dice años los".split()
)
"""Words of questions about a change that say nothing of the subject."""

_NAME = re.compile(r"(?<=[\w,] )[^\W\d_a-zß-ÿ][\w’-]+")
"""A capitalised word in a question, outside German, where nouns are capitalised."""

_JOINS = re.compile(f"[{HIRAGANA}]")

_MIN_NEARNESS = 0.9
"""A figure is reported for a question in another language if its sentence has this share of the relatedness of the best
sentence of its edition."""


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure that differs between two editions of a series, with the hits that contain it."""

    earlier_hit: Hit
    later_hit: Hit
    earlier: Figure
    later: Figure

    @property
    def moved(self) -> bool:
        """Whether the amount changed; a chain of changes may have two editions with the same."""
        return not self.earlier.quantity.same_value(self.later.quantity)

    @property
    def earlier_edition(self) -> int | None:
        """The edition of the earlier figure."""
        return self.earlier_hit.document.edition

    @property
    def later_edition(self) -> int | None:
        """The edition of the later figure."""
        return self.later_hit.document.edition


def changed_figures(
    index: Index, encoder: Encoder, hits: Sequence[Hit], question: str, vector: Vectors
) -> list[ChangedFigure]:
    """Return how the figure that a question asks for changed between the editions of a series that state it.

    Args:
        index: The index of the hits.
        encoder: The model of the index.
        hits: Hits of the editions compared.
        question: Its text.
        vector: Its vector, to which the phrase of the figure is nearest if the question is in another language, or has
            one word about the subject.

    Returns:
        The changes of each series in order, those first whose figures rather count what is asked; none where that is
        not sure, and where no amount changed.
    """
    editions: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        editions.setdefault((hit.document.series or "", hit.document.edition or 0), []).append(hit)
    series: dict[str, list[list[Hit]]] = {}
    for (name, _), of_edition in sorted(editions.items()):
        series.setdefault(name, []).append(of_edition)
    changed: list[tuple[float, ChangedFigure]] = []
    for of_series in series.values():
        if len(of_series) < 2:
            continue
        document = of_series[0][0].document
        weights, unknown = _asked_terms(index, question)
        of_subject = weights.keys() - set(terms(document.title, document.language))
        is_asked = is_asked_in(question, document.language)
        of_asked = _asked_changes(of_series, question, weights, unknown) if is_asked else []
        if not of_asked and (not is_asked or (len(of_subject) == 1 and not unknown)):
            of_asked = _nearest_changes(index, encoder, of_series, vector)  # a word alone asks for any figure about it
        changed += of_asked
    return [change for _, change in sorted(changed, key=lambda item: -item[0])]


def _asked_changes(
    editions: Sequence[Sequence[Hit]], question: str, weights: Mapping[str, float], unknown: frozenset[str]
) -> list[tuple[float, ChangedFigure]]:
    """Return the changes of the figure that a question asks for, with its score; see `_asked_terms`."""
    figures = []
    for hits in editions:
        by_passage = {hit.id: hit for hit in hits}
        found = find_figures(locate_sentences([hit.stored for hit in hits]), hits[0].document.language)
        figures.append([(figure, by_passage[figure.sentence.passage]) for figure in found])
    language = editions[0][0].document.language
    if primary_language(language) != "de" and unknown.intersection(terms(" ".join(_NAME.findall(question)), language)):
        return []  # the documents do not have a name that the question has
    chain = asked_figures(figures, question, weights, unknown)
    if all(a.figure.quantity.same_value(b.figure.quantity) for a, b in pairwise(chain)):
        return []
    score = min((one.score for one in chain), default=0.0)
    return [(score, ChangedFigure(a.hit, b.hit, a.figure, b.figure)) for a, b in pairwise(chain)]


def _nearest_changes(
    index: Index, encoder: Encoder, editions: Sequence[Sequence[Hit]], vector: Vectors
) -> list[tuple[float, ChangedFigure]]:
    """Return the change whose phrase is nearest to a question of other words than the text, and those that continue it.

    Words do not show which row and column is asked for, so that only figures of sentences are read.
    """
    changed: list[tuple[float, float, ChangedFigure]] = []
    for a, b in pairwise(editions):
        earlier, later = _EditionSentences.of(index, a), _EditionSentences.of(index, b)
        language = earlier.sentences.language
        similarities = sentence_similarity(earlier.sentences, later.sentences, index.manifest.scale)
        figures = [
            [figure for figure in find_figures(side.sentences.sentences, language) if not figure.is_in_row]
            for side in (earlier, later)
        ]
        pairs = pair_figures(figures[0], figures[1], similarities, language)
        paired = {figure for pair in pairs for figure in (pair.earlier, pair.later)}
        others = [[figure for figure in side if figure not in paired] for side in figures]
        for pair in (*pairs, *_pair_nearest(earlier, later, others, language)):
            nearness = min(earlier.nearness[pair.earlier.position], later.nearness[pair.later.position])
            if not pair.moved or nearness < _MIN_NEARNESS or pair.later.quantity.kind == "ordinal":
                continue
            phrase = encoder.encode([pair.later.quantity.counted or pair.later.sentence.text])[0]
            hits = earlier.hits[pair.earlier.position], later.hits[pair.later.position]
            change = ChangedFigure(*hits, pair.earlier, pair.later)
            changed.append((float(phrase @ vector[: len(phrase)]), nearness, change))
    changed.sort(key=lambda item: (-item[0], -item[1]))
    chain = changed[:1]
    for candidate in changed[1:]:
        if candidate[2].earlier == chain[-1][2].later:
            chain.append(candidate)
        elif candidate[2].later == chain[0][2].earlier:
            chain.insert(0, candidate)
    return [(nearest, change) for nearest, _, change in chain]


def is_asked_in(question: str, language: str | None) -> bool:
    """Return whether a question is in a language, as far as its words tell."""
    code = primary_language(language)
    return code in (question_languages(question) or (code,))


def _pair_nearest(
    earlier: _EditionSentences, later: _EditionSentences, figures: Sequence[Sequence[Figure]], language: str | None
) -> list[FigurePair]:
    """Pair the figures that count the same noun in the sentences nearest to the question, however these are worded."""
    sides: list[dict[tuple[str, ...], list[Figure]]] = [{}, {}]
    for side, of_side, nouns in zip((earlier, later), figures, sides, strict=True):
        for figure in of_side:
            noun = tuple(terms(figure.quantity.unit, language)) if figure.quantity.kind == "count" else ()
            if noun and side.nearness[figure.position] == 1.0:
                nouns.setdefault(noun, []).append(figure)
    return [
        FigurePair(sides[0][noun][0], sides[1][noun][0], 1.0)
        for noun in sides[0].keys() & sides[1].keys()
        if len(sides[0][noun]) == len(sides[1][noun]) == 1
    ]


def _asked_terms(index: Index, question: str) -> tuple[dict[str, float], frozenset[str]]:
    """Return the terms of what a question asks about with their idf, and those that no passage has.

    The latter weigh half the rarest of the others: some are rather the question's own words. Of Japanese and Chinese,
    terms that join parts of two words are left out.
    """
    subject = re.sub(r"\d+年?", " ", COMPARING.sub(" ", question))
    words = [word for word in re.split(r"(?<=\W)|(?=\W)", subject) if word.casefold() not in _OF_QUESTIONS]
    weights = index.term_weights("".join(words))
    weights = {term: weight for term, weight in weights.items() if not _JOINS.search(term)}
    frequencies = index.records.document_frequencies(list(weights))
    known = {term: weight for term, weight in weights.items() if frequencies.get(term)}
    rarest = max(known.values(), default=0.0)
    unknown = [term for term in weights if term not in known and term.isalpha() and term < "\u3000"]
    return known | dict.fromkeys(unknown, rarest / 2), frozenset(unknown)


@dataclass(frozen=True, slots=True)
class _EditionSentences:
    """The sentences of an edition's hits.

    `hits` has the hit of each sentence, `nearness` its relatedness to the question as a share of the best one.
    """

    sentences: SentenceSet
    hits: tuple[Hit, ...]
    nearness: tuple[float, ...]

    @classmethod
    def of(cls, index: Index, hits: Sequence[Hit]) -> _EditionSentences:
        located = locate_sentences([hit.stored for hit in hits])
        cosines = np.array([cosine for hit in hits for cosine in hit.similarities])
        relatedness = index.manifest.scale.relatedness(cosines)
        nearness = relatedness / max(float(relatedness.max(initial=0.0)), 1e-9)
        return cls(
            SentenceSet.of(located, index.sentence_vectors([one.row for one in located]), hits[0].document.language),
            tuple(hit for hit in hits for _ in hit.similarities),
            tuple(nearness.tolist()),
        )
