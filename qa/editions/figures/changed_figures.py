"""Figures of an answer about several editions that changed between its passages, as written.

Where a question asks for one figure, it is found in each edition: the same thing in all of them, or none. A figure is
described by its own words (the clause, or the row and the column of a table), and less by the words before it in its
sentence, the caption of the table and the headings. It counts what is asked if they cover the question. Of figures that
cover it equally well, the one is taken that is described alike in the other editions. Where it is not sure which figure
is asked for, none is returned.

Only a few passages of each edition are read; `qa.editions.topic_comparison` reads more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from corpus.clauses import CLEAR_CONJUNCTION, OF, SENTENCE_PART_END
from corpus.metadata.language import primary_language
from corpus.metadata.years import parse_years
from corpus.scripts import HIRAGANA
from index.lexical.analysis import terms
from index.lexical.query_terms import question_languages
from index.models.encoder import Encoder, Vectors
from index.ranking.search import Hit, Index
from qa.editions.alignment import SentenceSet, sentence_similarity
from qa.editions.figures.changes import (
    AS_CHANGE,
    CHANGED_BY,
    DOWN_FROM,
    MORE_THAN,
    REACH,
    begins_change,
    ends_change,
    is_compared_with,
    tells_plan,
)
from qa.editions.figures.labels import MEASURE_WORDS, TOTAL_LABEL
from qa.editions.figures.measures import find_measure
from qa.editions.figures.pairs import FigurePair, pair_figures
from qa.editions.figures.quantities import header_cells
from qa.editions.figures.sentence_figures import Figure, find_figures, is_in_earlier_column, is_negated_limit
from qa.editions.sections import locate_sentences
from qa.question.analysis import COMPARING

_MIN_COVERED = 0.72
"""Share of the words asked, weighted by idf, that describe a figure. Lower values take a figure of another thing,
higher ones lose figures that the text states in other words (`tests/qa/editions/figures/test_asked_figures.py`)."""

_MIN_COVERED_ALONE = 0.4
"""The same for a figure of a sentence where the passages of the edition have none of the other words."""

_MARGIN = 0.06
"""Figures whose scores differ by less describe what is asked equally well."""

_BEFORE, _CAPTION, _HEADING, _ALIKE = 0.8, 0.7, 0.5, 0.8
"""What a word of the question counts in the words before a figure, in the caption of its table, in its headings, and in
another form: "employees" in "we employed"."""

_OTHER_FIGURE = 0.6
"""Factor of a word before a figure for each other figure between them."""

_SURPLUS_ROW, _SURPLUS_WORDS = 0.25, 0.1
"""What is subtracted for words in a label, and in a head or a noun phrase, that are not asked about."""

_NAMED_BY_TITLE = 0.25
"""Factor of the weight of a word that the titles of the documents have: each figure of them is about it."""

_MIN_STEM, _MAX_SUFFIX = 5, 3
"""Minimum length of the beginning that two forms of a word share, and maximum length of the suffix after it."""

_OTHER_CLAUSE = re.compile(rf"[,，、](?=\s|\D)|[;:()（）。；]|\b{CLEAR_CONJUNCTION}\b", re.IGNORECASE)
_ASKS_NUMBER = re.compile(
    r"\b(?:numbers?|how\s+many|zahl|anzahl|wie\s?viele|nombre|combien|número|cuánt[oa]s)\b|数", re.IGNORECASE
)
_ASKS_SHARE = re.compile(
    r"\b(?:shares?|rates?|proportions?|percentages?|per\s*cent|fraction|ratio|quota)\b|%|\w*(?:anteil|quote|rate|grad|rendite)e?n?s?\b"
    r"|\b(?:part|taux|pourcentage|proportion|porcentaje|tasa|proporción|parte)s?\b|割合|率",
    re.IGNORECASE,
)
_SHARE_TERM = re.compile(r"share|percentag|per|cent|proport|anteil|part|pourcentag|porcentaj|proporc|割合")
"""Stems that any percentage covers."""

_SHARE_OF = re.compile(rf"\s*{OF}\b", re.IGNORECASE)
"""After a percentage that is a share of what is named, not its amount: "12 per cent of the members"."""

_MEASURED_NOUN = re.compile(
    rf"\s*[^\W\d_]+\.?\s+(?:{OF}\s+)?(?P<what>[^\W\d_][\w-]*(?:\s+[^\W\d_][\w-]*)?)", re.IGNORECASE
)
"""After an amount in a unit: what was measured, as in "18 tonnes of raw wool"."""

_ABOUT_FUTURE = re.compile(
    r"\b(?:outlook|plans?|prospects|forecast|future|ausblick|vorschau|perspectives?|perspectivas)\b|展望|見通し",
    re.IGNORECASE,
)
"""Headings of sections about the future."""

_PERSONS = re.compile(r"(?:people|persons?|personen|menschen|personnes|personas|mitarbeiter\w*)|[人名]", re.IGNORECASE)
_DIMENSIONS = {
    "time": re.compile(
        r"\b(?:wie\s+lange|combien\s+de\s+temps|cuánto\s+tiempo|duration|delays?|how\s+long|waiting\s+times?|\w*dauer|durées?|duración|délais?)\b",
        re.IGNORECASE,
    ),
    "length": re.compile(r"\b(?:depths?|heights?|distances?|\w*tiefe|profondeurs?|profundidad)\b", re.IGNORECASE),
}
"""What a question asks for, by the dimension of its unit."""

_IN_BRACKETS = re.compile(r"[(（\[][^)）\]]*[)）\]]")


@dataclass(frozen=True, slots=True)
class AskedFigure:
    """A figure that may be the one asked for, with the hit that holds it; `own` are the stems that describe it."""

    figure: Figure
    hit: Hit
    score: float
    own: frozenset[str]
    missing: frozenset[str]
    """Terms of the question that do not describe it."""

    dimension: str

    measures_asked: bool = False
    """Whether it is an amount, in a unit, of something that the question names."""

    @property
    def id(self) -> str:
        """The id of the figure."""
        return self.figure.id


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question asks for: the weights of its terms, and what they say about the figure."""

    weights: Mapping[str, float]
    unknown: frozenset[str]
    number: bool
    share: bool
    dimension: str

    @classmethod
    def of(cls, question: str, weights: Mapping[str, float], unknown: frozenset[str]) -> _Asked:
        number, share = _ASKS_NUMBER.search(question) is not None, _ASKS_SHARE.search(question) is not None
        dimension = next((name for name, pattern in _DIMENSIONS.items() if pattern.search(question) and not number), "")
        return cls(weights, unknown, number, share, dimension)

    def covered(self, words: Mapping[str, float], named: frozenset[str]) -> float:
        """Return the share of the terms that some words cover, each by how much it counts."""
        total = covered = 0.0
        for term, weight in self.weights.items():
            counts = max(
                (value * (1.0 if word == term else _ALIKE) for word, value in words.items() if are_forms(word, term)),
                default=0.0,
            )
            factor = _NAMED_BY_TITLE if term in named else 1.0
            total += weight * factor
            covered += weight * factor * counts
        return covered / max(total, 1e-9)

    def has(self, word: str) -> bool:
        """Return whether a stem is one of the terms, or another form of one."""
        return any(are_forms(word, term) for term in self.weights)


def asks_duration(text: str) -> bool:
    """Return whether a question or a topic asks for a length of time: "how long objects are kept"."""
    return _DIMENSIONS["time"].search(text) is not None


def are_forms(stem: str, other: str) -> bool:
    """Return whether two stems are forms of a word: "employ" and "employe"."""
    if stem == other:
        return True
    short, long = sorted((stem, other), key=len)
    return len(short) >= _MIN_STEM and len(long) - len(short) <= _MAX_SUFFIX and long.startswith(short)


def asked_figures(
    editions: Sequence[Sequence[tuple[Figure, Hit]]],
    question: str,
    weights: Mapping[str, float],
    unknown: frozenset[str] = frozenset(),
) -> list[AskedFigure]:
    """Return the figure asked for of each edition that states it, in order; empty where fewer than two surely do.

    Args:
        editions: The figures of the passages of each edition of a series, in order, with their hits.
        question: The question.
        weights: Its terms with their idf, without years and words of comparison.
        unknown: Those of the terms that no passage of the index has.
    """
    asked = _Asked.of(question, weights, unknown)
    found = [_best(figures, asked) for figures in editions]
    phrases = {phrase for choice in found for each in choice if len(phrase := _counted(each.figure, each.hit)) > 1}
    choices = [
        choice
        for figures, best in zip(editions, found, strict=True)
        if (choice := best or _of_same_phrase(figures, phrases, asked))
    ]
    if len(choices) < 2:
        return []
    chosen = []
    for at, choice in enumerate(choices):
        others = [other for place, other in enumerate(choices) if place != at]
        scores = [(each.score + _support(each, others) + _MARGIN * _is_repeated(each, choice), each) for each in choice]
        supported = sorted(scores, key=lambda item: (-item[0], item[1].id))
        (best, figure), rest = supported[0], supported[1:]
        rivals = [one for score, one in rest if score > best - _MARGIN]
        if any(not one.figure.quantity.same_value(figure.figure.quantity) for one in rivals):
            continue  # not sure which
        chosen.append(figure)
    consistent = [one for one in chosen if sum(_agree(one, other) for other in chosen) > len(chosen) / 2]
    return consistent if len(consistent) > 1 and all(_agree(a, b) for a, b in pairwise(consistent)) else []


def _best(figures: Sequence[tuple[Figure, Hit]], asked: _Asked) -> list[AskedFigure]:
    """Return the figures of an edition that describe what is asked best and equally well; empty if none does."""
    by_sentence: dict[tuple[str, int], list[Figure]] = {}
    for figure, _ in figures:
        by_sentence.setdefault((figure.sentence.document, figure.sentence.start), []).append(figure)
    scored = []
    for figure, hit in figures:
        of_sentence = by_sentence[figure.sentence.document, figure.sentence.start]
        candidate = _describe(figure, hit, of_sentence, asked)
        if candidate is not None and candidate.score >= _MIN_COVERED_ALONE:
            scored.append(candidate)
    sure = [candidate for candidate in scored if candidate.score >= _MIN_COVERED]
    if not sure and scored:
        described = frozenset().union(*(_words_of_passage(hit) for hit in {hit.id: hit for _, hit in figures}.values()))
        scored = [each for each in scored if not (each.figure.is_in_row or each.missing & described)]
    best = max((candidate.score for candidate in scored), default=0.0)
    near = [candidate for candidate in scored if candidate.score > best - 2 * _MARGIN]
    if any(candidate.measures_asked for candidate in near):  # "44 tonnes of moss", not the 3 metres of the longest one
        near = [candidate for candidate in near if candidate.measures_asked or not candidate.dimension]
    return near


def _of_same_phrase(
    figures: Sequence[tuple[Figure, Hit]], phrases: Set[frozenset[str]], asked: _Asked
) -> list[AskedFigure]:
    """Return the figure of an edition that counts what that of another edition counts; empty if there are several.

    "The destroyers guarded 147 merchant ships" and "kept 38 merchant ships safe" answer for the ships guarded.

    Args:
        figures: The figures of the edition.
        phrases: The stems of what the figures of other editions count, two or more each.
        asked: The question.
    """
    alike = [
        described
        for figure, hit in figures
        if not figure.is_in_row and _counted(figure, hit) in phrases
        if (described := _describe(figure, hit, [figure], asked)) is not None
    ]
    values = {each.figure.quantity.value for each in alike}
    return alike[:1] if len(values) == 1 else []


def _counted(figure: Figure, hit: Hit) -> frozenset[str]:
    return frozenset(terms(figure.quantity.counted, hit.document.language))


def _describe(figure: Figure, hit: Hit, of_sentence: Sequence[Figure], asked: _Asked) -> AskedFigure | None:
    """Return a figure with its score, None where it is surely not what is asked."""
    quantity, sentence = figure.quantity, figure.sentence
    language = hit.document.language
    if quantity.kind == "ordinal" or _ABOUT_FUTURE.search(
        hit.stored.passage.path[-1] if hit.stored.passage.path else ""
    ):
        return None
    measure = find_measure(quantity, sentence.text, sentence.header)
    dimension = measure.dimension if measure is not None else ""
    if asked.dimension and dimension != asked.dimension:
        return None
    if quantity.kind == "percent" and not _may_be_percent(figure, asked):
        return None
    words = dict.fromkeys(terms(" ".join(hit.stored.passage.path), language), _HEADING)
    described = (
        _describe_cell(figure, hit, asked, words)
        if figure.is_in_row
        else _describe_amount(figure, hit, of_sentence, asked, words)
    )
    if described is None:
        return None
    own, penalty = described
    if asked.number and not figure.is_in_row and not _may_count(figure, asked, measure is not None, language):
        return None
    words |= dict.fromkeys(own, 1.0)
    if asked.share and (quantity.kind == "percent" or "%" in sentence.header):
        words |= dict.fromkeys(filter(_SHARE_TERM.fullmatch, asked.weights), 1.0)
    named = frozenset(terms(f"{hit.document.title} {hit.document.series or ''}", language))
    if asked.weights.keys() <= named:
        named = frozenset()
    missing = frozenset(term for term in asked.weights if not any(are_forms(word, term) for word in words))
    noun = _MEASURED_NOUN.match(sentence.text, quantity.end) if dimension and not figure.is_in_row else None
    measures_asked = noun is not None and any(map(asked.has, terms(noun["what"], language)))
    score = asked.covered(words, named) - penalty
    return AskedFigure(figure, hit, score, own, missing - named, dimension, measures_asked)


def _words_of_passage(hit: Hit) -> frozenset[str]:
    passage = hit.stored.passage
    return frozenset(terms(f"{passage.header} {passage.text}", hit.document.language))


def _may_be_percent(figure: Figure, asked: _Asked) -> bool:
    """Return whether a percentage can be what is asked: no share of it, and no number."""
    if asked.share:
        return True
    return not asked.number and _SHARE_OF.match(figure.sentence.text, figure.quantity.end) is None


def _may_count(figure: Figure, asked: _Asked, is_measured: bool, language: str | None) -> bool:
    """Return whether an amount in a sentence can be a number of what is asked: not "14 months" of cases."""
    quantity = figure.quantity
    if quantity.kind != "count":
        return False
    if any(asked.has(term) for term in terms(quantity.counted or quantity.unit, language)):
        return True
    if is_measured:
        return False
    is_general = _PERSONS.fullmatch(quantity.unit) is not None and not asked.unknown
    return is_general or not quantity.unit or quantity.unit >= "\u3000" or not _names_noun(figure)


def _names_noun(figure: Figure) -> bool:
    """Return whether a counted noun directly follows an amount."""
    following = figure.sentence.text[figure.quantity.end :]
    return re.match(rf"\W{{0,3}}{re.escape(figure.quantity.counted[:40])}", following) is not None


def _years_described(hit: Hit) -> set[int]:
    document = hit.document
    covered = set(range(document.covers[0], document.covers[1] + 1)) if document.covers is not None else set()
    return covered | ({document.edition} if document.edition is not None else set())


def _describe_cell(
    figure: Figure, hit: Hit, asked: _Asked, words: dict[str, float]
) -> tuple[frozenset[str], float] | None:
    """Return the stems of the row and column of a figure, and what is subtracted for those not asked about."""
    sentence, language = figure.sentence, hit.document.language
    cells, column = header_cells(sentence.text, figure.quantity.start, sentence.header)
    head = cells[column] if 0 < column < len(cells) else ""
    years = _years_described(hit)
    if is_in_earlier_column(figure) or (tells_plan(head) and not tells_plan(" ".join(asked.weights))):
        return None
    stated = {year for mention in parse_years(head) for year in mention.years}
    if stated and years and not stated & years:
        return None
    label = figure.quantity.counted or _first_cell(sentence.text)
    caption = sentence.header.rpartition("\n")[0]
    words |= dict.fromkeys(terms(f"{caption} {cells[0] if cells else ''}", language), _CAPTION)
    own, penalty = set(), 0.0
    for text, surplus in ((label, _SURPLUS_ROW), (head, _SURPLUS_WORDS)):
        found = _content(text, language)
        unasked = [term for term in found if not asked.has(term)]
        if found and len(unasked) == len(found) and TOTAL_LABEL.fullmatch(text) is None:
            is_only_column = text is head and len([cell for cell in cells[1:] if cell]) < 2
            if not (is_only_column or _is_year_of(text, years)):
                return None  # a part, or another thing
        penalty += surplus * len(unasked) / len(found) if found and TOTAL_LABEL.fullmatch(text) is None else 0.0
        own |= found
    return frozenset(own), penalty


def _is_year_of(text: str, years: set[int]) -> bool:
    return any(year in years for mention in parse_years(text) for year in mention.years)


def _first_cell(text: str) -> str:
    return re.split(r"\||\t|\s{2,}", text.strip().strip("|"), maxsplit=1)[0].strip()


def _content(text: str, language: str | None) -> set[str]:
    """Return the stems of a label without units in brackets, years and words around any figure."""
    words = re.findall(r"[^\W\d_]+", _IN_BRACKETS.sub(" ", text))
    return set(terms(" ".join(word for word in words if word.casefold() not in MEASURE_WORDS), language))


def _describe_amount(
    figure: Figure, hit: Hit, of_sentence: Sequence[Figure], asked: _Asked, words: dict[str, float]
) -> tuple[frozenset[str], float] | None:
    """Return the stems of the clause of a figure, and what is subtracted for words that are not asked about."""
    text, (start, end) = figure.sentence.text, (figure.quantity.start, figure.quantity.end)
    language = hit.document.language
    if begins_change(text, start, end) or is_compared_with(text, start):
        return None
    if MORE_THAN.match(text, end) and not DOWN_FROM.match(text, end):
        return None
    is_by = CHANGED_BY.search(text, max(0, start - REACH), start) is not None or AS_CHANGE.match(text, end) is not None
    if is_by and (figure.quantity.kind != "percent" or len(of_sentence) > 1):
        return None
    part = max((match.end() for match in SENTENCE_PART_END.finditer(text, 0, start)), default=0)
    stop = next((match.start() for match in SENTENCE_PART_END.finditer(text, end)), len(text))
    ends = [other.quantity.end for other in of_sentence if other.quantity.end <= start]
    starts = [other.quantity.start for other in of_sentence if other.quantity.start >= end]
    breaks = [match.end() for match in _OTHER_CLAUSE.finditer(text, part, start)]
    first = max([part, *breaks]) if not ends_change(text, start) else part
    last = min([stop, *starts, *(match.start() for match in _OTHER_CLAUSE.finditer(text, end, stop))])
    clause = f"{text[first:start]} {text[end:last]}"
    if tells_plan(f"{text[part:start]} {text[end:last]}"):
        return None
    years = _years_described(hit)
    near = f"{text[max(ends, default=first) : start]} {text[end:last]}"
    stated = {year for mention in parse_years(near) for year in mention.years}
    if stated and years and not stated & years:
        return None
    bounds = [part, *(at for at in sorted(ends) if part < at), start]
    for between, (begin, until) in enumerate(reversed(list(pairwise(bounds)))):
        for term in terms(text[begin:until], language):
            words[term] = max(words.get(term, 0.0), _BEFORE * _OTHER_FIGURE**between)
    counted = _content(figure.quantity.counted, language) if _names_noun(figure) else set()
    unasked = [term for term in counted if not asked.has(term)]
    penalty = _SURPLUS_WORDS * len(unasked) / len(counted) if counted and len(unasked) < len(counted) else 0.0
    return frozenset(terms(clause, language)), penalty + (_MARGIN if is_by else 0.0)


def _support(one: AskedFigure, others: Sequence[Sequence[AskedFigure]]) -> float:
    """Return how alike the figures of the other editions are described, on average of the best of each."""
    return sum(max(_likeness(one, other) for other in choice) for choice in others) / len(others)


def _is_repeated(one: AskedFigure, choice: Sequence[AskedFigure]) -> bool:
    """Return whether another sentence or row of the edition states the same amount of what is asked."""
    return any(
        other.figure.sentence.start != one.figure.sentence.start
        and other.figure.quantity.same_value(one.figure.quantity)
        for other in choice
    )


def _likeness(one: AskedFigure, other: AskedFigure) -> float:
    """Return how alike two figures are described in [0, 1], 0 if they cannot count the same."""
    if not _agree(one, other):
        return 0.0
    union = one.own | other.own
    shared = len(one.own & other.own) / len(union) if union else 0.0
    return (shared + (one.dimension == other.dimension)) / 2


def _agree(one: AskedFigure, other: AskedFigure) -> bool:
    """Return whether two figures can count the same thing: their kinds, units and dimensions do not differ."""
    a, b = one.figure.quantity, other.figure.quantity
    is_in_row = one.figure.is_in_row or other.figure.is_in_row  # the head of the column may not state the unit
    if a.kind != b.kind and {a.kind, b.kind} != {"count", "money"} and not is_in_row:
        return False
    if a.kind == b.kind == "money" and a.unit != b.unit:
        return False
    if one.dimension and other.dimension and one.dimension != other.dimension:
        return False
    if a.kind != "count" or is_in_row or not (_names_noun(one.figure) and _names_noun(other.figure)):
        return True
    first, second = (set(terms(each.figure.quantity.counted, each.hit.document.language)) for each in (one, other))
    return not (first and second) or bool(first & second)


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
        figures.append([(each, by_passage[each.sentence.passage]) for each in found if not is_negated_limit(each)])
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
            [
                figure
                for figure in find_figures(side.sentences.sentences, language)
                if not (figure.is_in_row or is_negated_limit(figure))
            ]
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
