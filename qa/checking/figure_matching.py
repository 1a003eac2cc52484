"""Decide whether a source states a figure of a draft: the rules that tell an equal figure from that of another thing.

A figure agrees with an equal one about the same subject: of the year meant, said of the same thing, and at the same end
of a change. Prose rounds and leaves out signs and scales that tables have.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from corpus.metadata.language import primary_language
from corpus.metadata.years import parse_years, written_years
from corpus.records import Span
from corpus.scripts import HIRAGANA
from corpus.translation import gettext_noop
from corpus.vocabulary import COMPARED_WITH, DAY_AFTER_MONTH, DAY_BEFORE_MONTH, MONTH, MONTHS, YEAR
from index.lexical.analysis import FUNCTION_WORDS, sentence_terms, terms
from index.storage.reader import DocumentInfo
from qa.editions.figures.changes import (
    AS_CHANGE,
    BEFORE_AMOUNT,
    CHANGED_BY,
    CHANGED_TO,
    FALLEN,
    FELL_BY,
    TO,
    begins_change,
    ends_change,
    is_compared_with,
)
from qa.editions.figures.labels import MEASURE_WORDS
from qa.editions.figures.measures import find_measure, is_converted
from qa.editions.figures.quantities import Quantity, find_quantities, header_cells, uses_decimal_comma
from qa.editions.figures.sentence_figures import Figure, are_opposite, is_in_earlier_column, topic_before
from qa.editions.sections import LocatedSentence

FigureStatus = Literal["agrees", "differs", "not found"]

_SAME_SUBJECT = 0.3
"""A source sentence this similar to the draft's is about the same subject, so that an equal figure is the one meant."""

_SAME_FIGURE, _DISTINCTIVE = 0.2, 3
"""Similarity of a sentence of which a figure of this many digits, if equal, is the one meant if both have a word in
common; with more digits also without: "the staff was 7,150"."""

_COST = re.compile(
    r"\b(?:costs?|expens\w*|expenditures?|charges?|outlays?|payments?|depreciation|amorti[sz]ation|tax(?:es)?|wages|salaries"
    r"|\w*aufw[aä]nd\w*|aufwendungen|\w*kosten|ausgaben|abschreibung\w*|dépenses?|frais|gastos?|costes?|impuestos?)\b|費",
    re.IGNORECASE,
)
"""What a row of accounts must name so that brackets are no minus sign."""


_MIN_SAID_WORDS, _MIN_SAID_SHARE = 2, 0.6
"""Another figure is meant if its sentence has at least this many, and this share, of the words that the claim says of
its figure,"""

_MORE_SAID, _NEARER = 3, 0.08
"""at least this many times as many of them as the sentences of equal figures, and a similarity greater by this."""

_MAX_EXCHANGED = 12
"""Figures of a sentence, at most, that are told apart by their words: more are a list, and would take long."""

_MIN_NAME = 3
"""A name has more letters than this: shorter ones are often units ("GW")."""

_MAX_NAMED = 5
"""A name that a source has more often is of its subject, such as its country, and is not compared."""

_MIN_LABEL_SHARE = 0.5
"""Share of the words of the label of a row that names it."""

_CHANGE_HEAD = re.compile(
    r"\b(?:changes?|growth|variation|var\.|difference|\w*änderung\w*|zuwachs|évolution|variación|variação|variazione"
    r"|verandering|förändring|ændring|endring)|増減|前年比|伸び率|[±∆Δ]",
    re.IGNORECASE,
)
"""The head of a column with amounts of change, a fall with a minus sign."""

_PLAN = re.compile(
    r"\b(?:plan(?:s|ned)?|targets?|budget(?:ed|s)?|forecasts?|goals?|standard|estimate[sd]?|ziele?|sollwert|soll|geplant\w*"
    r"|planwert|haushaltsansatz|objectifs?|prévu\w*|prévisions?|objetivos?|previst[oa]s?|metas?|presupuesto|preventiv[oi]"
    r"|obiettiv[oi]|doel(?:en|stelling)?|begroot|begroting)\b|目標|計画|予算|見込み?|目标|计划|预算",
    re.IGNORECASE,
)
"""Words for an amount that is planned or expected, not one that came about."""

_PLAN_BEFORE = re.compile(rf"(?:{_PLAN.pattern})(?:\s+(?:[^\W\d_]+\s+){{0,2}}|は){BEFORE_AMOUNT}$", re.IGNORECASE)
"""The same before its amount: "against a plan of 20 million"."""

_NAMES_CHANGE = re.compile(r"\b(?:changes?|variations?|differences?|\w*änderung\w*)\b", re.IGNORECASE)
"""In a sentence whose "was 12" may be the amount of a change."""

_LEVEL = re.compile(
    r"\b(?:was|were|is|are|stood\s+at|amounted\s+to|totall?ed|came\s+to|reached|betrug\w*|lag(?:en)?\s+bei)\s+"
    rf"{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before a level."""

_WORD = re.compile(r"[^\W\d_]+")
_MIN_CLAUSE_WORDS = 4
"""Words of a clause that tell what its figure is of."""

_SCALED, _TABLE_SCALES = 1e6, (1e3, 1e6)
"""Smallest amount that a table may state in thousands or millions, and these scales."""

_LOSS_REACH = 40
"""Characters before a figure, and a quarter as many after it, in which a word for a loss is searched."""

_LOSS = re.compile(
    r"\b(?:loss(?:es)?|lost|deficits?|negative|verlust\w*|defizit\w*|perdu|pertes?|déficit\w*|perdit[ae]|pérdidas?|verlie[sz]\w*)\b",
    re.IGNORECASE,
)

_REACH = 120
"""Characters before a figure in which what says that it is a change or a level is searched."""

_EARLIER_AFTER = re.compile(
    r"[^.;,]{0,40}?\b(?:(?:a|one|the)\s+year\s+(?:earlier|before|ago)|the\s+(?:previous|preceding)\s+year|im\s+(?:Jahr\s+davor|Vorjahr)"
    r"|l['’](?:an|année)\s+(?:dernier|précédente?)|un\s+an\s+plus\s+tôt|l['’]anno\s+(?:precedente|prima)|el\s+año\s+anterior"
    r"|het\s+jaar\s+(?:ervoor|daarvoor))",
    re.IGNORECASE,
)
"""After a figure of an earlier time than the others of its sentence: "52 the year before"."""

_AFTER_NUMBER = re.compile(r"^\D*\d[\d.,\s\u00a0\u202f]*(?<=\d)")
"""An amount up to its unit."""

_OF_WHOM = re.compile(
    r"\b(?:of\s+(?:whom|which|these|those|them)|including|davon|darunter|dont|de\s+l[oa]s\s+cuales|di\s+cui|d[oa]s\s+quais|waarvan"
    rf"|varav|heraf|hvorav)\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before the figure of a part: "298 professors, of whom 71 were women"."""

_VERB_BEFORE = re.compile(rf"([^\W\d_]{{3,}})\s+(at|to|by|bei|auf|um|à|de)\s+{BEFORE_AMOUNT}$", re.IGNORECASE)
"""The verb and the preposition before an amount: "peaked at", "rose to"."""

_PART_OF = re.compile(
    r"\s+(?:out\s+of|of|der|von|des?|du|d['’]|di|dei|delle|van)(?:\s+(?:the|its|their|den|de|los|las|les))?\s*$",
    re.IGNORECASE,
)
"""Between a part and its whole: what "71 of 1,172 employees" says is said of the 71."""

_CONJUNCTION = re.compile(r"\s(?:and|und|et|y|e|en|og|och)\s", re.IGNORECASE)

_IN_YEAR = re.compile(
    rf"[^\W\d_]*(?:\s+[^\W\d_]+){{0,2}}?\s+(?:in|im|en|nel|for|of|für|pour|de)\s+({YEAR})(?![\d-]|\s+prices)|\s*[(（]({YEAR})[)）]"
)
"""After a figure: the year that it is of."""

_SINCE_YEAR = re.compile(
    r"\b(?:since|before|after|than\s+in|seit|vor|nach|depuis|avant|après|desde|dal|dopo|prima\s+del|sinds)"
    rf"\s+(?:(?:in|the|\w+\s+of)\s+)?{YEAR}\b(?!\s*(?:[-–/]|(?:to|until|hasta|al?|à)\b|jusqu))",
    re.IGNORECASE,
)
"""A year that only limits the time of a figure: "its first since 2007"."""

_QUARTER = re.compile(
    r"\bQ([1-4])\b|\b(first|second|third|fourth|[1-4](?:st|nd|rd|th))[\s-]+quarter\b"
    r"|\b([1-4]|erste|zweite|dritte|vierte|premier|deuxième|troisième|quatrième|primer|segundo|tercer|cuarto|primo|secondo|terzo"
    r"|quarto)(?:\.|[nrs]|er?|º|°|ème)?\s+(?:quartals?|trimestre)\b|第([1-4一二三四])四半期",
    re.IGNORECASE,
)
_QUARTER_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "1 1st first erste premier primer primo 一",
            "2 2nd second zweite deuxième segundo secondo 二",
            "3 3rd third dritte troisième tercer terzo 三",
            "4 4th fourth vierte quatrième cuarto quarto 四",
        ),
        1,
    )
    for word in words.split()
}
"""A quarter of a year, and the numbers of the words for them."""

_MONTH = re.compile(rf"\b{MONTH}", re.IGNORECASE)
_DAY = re.compile(rf"\b{DAY_BEFORE_MONTH}{MONTH}|\b{MONTH}\s+{DAY_AFTER_MONTH}", re.IGNORECASE)
_NAME = re.compile(
    r"(?:^\W*|(?<=[.!?:]\s))[A-Z][\w’'-]+(?:\s+(?:of\s+|de\s+|the\s+)?[A-Z][\w’'-]+)+"
    r"|(?<=[^.!?:\W]\s)(?!I\b)[A-Z][\w’'-]+(?:\s+(?:of\s+|de\s+|the\s+)?[A-Z][\w’'-]+)*"
)
"""A name: capitalised words, two or more at the beginning of a sentence."""

_ELIDED = re.compile(r"(?:\w+(?:ed|en|ées?|és|ad[oa]s?|id[oa]s?|at[ei]|it[ei]))?", re.IGNORECASE)
"""Nothing, or a participle, after a figure that counts what the figure before it counts: "and 455 discharged"."""

_RESPECTIVELY = re.compile(
    r"\b(?:respectively|respectivement|respectivamente|rispettivamente|respectievelijk|beziehungsweise)\b",
    re.IGNORECASE,
)

_YEAR_CLAUSE = re.compile(rf"(?:^|[,;:.!?]\s+|[。；]\s*)(?:[^\W\d_]+\s+){{1,5}}{YEAR}$")
"""A clause that is only a year, whose comma does not separate it from the figure: "In 2019, 15 ships were lost"."""

_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_CLAUSE_END = re.compile(rf"[,;:.!?]\s|[。、；]|\s(?:{COMPARED_WITH}|contre)(?!\w)", re.IGNORECASE)


class DescribedFigures:
    """Figures with what their sentences say of each, which is found once: a sentence may have hundreds.

    Attributes:
        all: The figures.
        clause_words: The stems of the clause of a figure.
        said: The stems of what is said of a figure.
        years: The years that a figure is of.
    """

    def __init__(self, figures: Sequence[Figure], language: str | None, dated: str = "") -> None:
        """Group the figures by sentence.

        Args:
            figures: The figures of some sentences.
            language: Language of these.
            dated: Their only sentence without years that are no years of figures; the sentence itself if empty.
        """
        self.all = figures
        self._of_sentence: dict[int, list[Figure]] = defaultdict(list)
        for figure in figures:
            self._of_sentence[figure.position].append(figure)
        self.clause_words = cache(lambda figure: _clause_words(figure, self.beside(figure), language))
        self.said = cache(lambda figure: _said_of(figure, self.beside(figure), language))
        self.years = cache(lambda figure: _years_at(figure, self.beside(figure), dated))

    def beside(self, figure: Figure) -> Sequence[Figure]:
        """Return all figures of the sentence of a figure, in order."""
        return self._of_sentence[figure.position]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a draft, or a part of it, that states figures of some documents."""

    figures: DescribedFigures
    """All figures of the sentence."""

    words: frozenset[str]
    """Stems of its words without the names of its sources."""

    dated: str
    """The sentence with blanks instead of the years in the names of its sources."""

    years: frozenset[int]
    """All years that it names, and those of the documents."""

    latest: int
    """The latest year that the documents are about; 0 if it is unknown."""

    language: str | None
    """Language of the documents."""

    names: tuple[frozenset[str], ...] = ()
    """Stems of each name that it has and that its sources seldom have: that of a person or firm, not of the country."""

    days: tuple[frozenset[str], ...] = ()
    """Stems of each day that it names, such as "23 June"."""

    unknown_names: tuple[tuple[str, str], ...] = ()
    """Each name that its sources lack, and the two words before it in lower case."""

    @classmethod
    def of(
        cls,
        text: str,
        subject: str,
        dated: str,
        figures: Sequence[Figure],
        documents: Sequence[DocumentInfo],
        texts: Sequence[str],
    ) -> Claim:
        """Return the claim of a sentence.

        Args:
            text: The sentence.
            subject: Its text without the names of its sources.
            dated: The sentence with blanks instead of the years in these names.
            figures: Its figures.
            documents: The sources that it names.
            texts: The texts of these, in which its names are counted.
        """
        language = documents[0].language
        years = written_years(text).union(*map(years_of, documents))
        latest = max((document.years[1] for document in documents if document.years is not None), default=0)
        titles = set(terms(" ".join(f"{document.title} {document.series or ''}" for document in documents), language))
        names = [
            stems
            for name in _find_names(subject, language)
            if 0 < sum(whole.count(name) for whole in texts) <= _MAX_NAMED
            and (stems := frozenset(terms(name, language)))
            and stems.isdisjoint(titles)
        ]
        days = [frozenset(terms(match[0], language)) for match in _DAY.finditer(subject)]
        words = frozenset(terms(subject, language))
        described = DescribedFigures(figures, language, dated)
        unknown = [
            (name, " ".join(subject[: subject.find(name)].casefold().split()[-2:]))
            for name in _find_names(subject, language)
            if not any(name in whole for whole in texts) and titles.isdisjoint(terms(name, language))
        ]
        return cls(
            described, words, dated, frozenset(years), latest, language, tuple(names), tuple(days), tuple(unknown)
        )

    def also_of(self, document: DocumentInfo) -> Claim:
        """Return the claim as one about a further document."""
        return replace(self, years=self.years | years_of(document), language=document.language)

    def words_of(self, figure: Figure) -> frozenset[str]:
        """Return the stems of what the claim says of one of its figures."""
        return self.figures.clause_words(figure) & self.words

    def names_of(self, figure: Figure) -> list[frozenset[str]]:
        """Return the names and days of the claim that are of one of its figures: those of its clause, if that has any.

        In "400 tonnes to Norway and 500 tonnes to Spain" each figure has a name of its own.
        """
        named = [*self.names, *self.days]
        own = self.words_of(figure)
        in_clause = [name for name in named if name <= own]
        return in_clause or named

    def years_of(self, figure: Figure) -> frozenset[int]:
        """Return the years that the claim names for one of its figures, also as "a year earlier"."""
        is_of_year_before = _EARLIER_AFTER.match(figure.sentence.text, figure.quantity.end) is not None
        if is_of_year_before and (last := _last_years(self.dated) or ({self.latest} if self.latest else set())):
            return frozenset(year - 1 for year in last)
        return self.figures.years(figure)


def match_figure(
    figure: Figure, claim: Claim, source: Source, paired: Figure | None = None
) -> tuple[FigureStatus, Figure | None]:
    """Return whether the source states a figure of a claim, and its figure for the same thing.

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        source: The figures of the source.
        paired: The figure of the source for the same thing, equal or not, if one is known.

    Returns:
        The state, and the figure of the source that is equal or of the same thing; None where nothing is found.
    """
    stated = source.stated
    on_subject = source.on_subject(figure, claim)
    same = [
        other
        for other in on_subject
        if _holds(figure, other)
        and not _are_opposite_directions(figure, other)
        and not _contradicts_row(figure, other, stated)
        and not _is_in_other_month(figure, other)
        and not _are_opposite_ends(figure, claim.figures, other, stated)
        and not _is_level_of_change(figure, other)
        and not _has_other_verb(figure, other, stated)
    ]
    if same and (claim.years_of(figure) or not is_earlier(figure, claim)):
        meant = [_current_figure(other, figure, claim, stated) for other in same]
        if None not in meant:  # only the figure of another year is equal
            return gettext_noop("differs"), meant[0]
        same = [other for other, current in zip(same, meant, strict=True) if current is None]
    of_others = [other for other in same if _is_of_unnamed_year(other, figure, claim, stated)]
    if same and len(of_others) == len(same):
        return gettext_noop("differs"), of_others[0]
    same = [other for other in same if other not in of_others]
    if same:
        said = (
            _whole_of_part(figure, claim, same, stated)
            or _said_of_another(figure, claim, same, stated)
            or _with_what_is_counted(figure, same, on_subject, claim.language)
            or _exchanged(figure, claim, same, stated)
            or _in_named_row(figure, claim, same, stated)
            or _in_named_column(figure, claim, same, stated)
            or _is_only_planned(claim, same, stated)
            or _of_another_topic(figure, same, stated)
            or _beside_similar_name(claim, same)
            or source.of_name(figure, claim, same)
            or source.better_described(figure, claim, same)
        )
        if said is not None:
            return gettext_noop("differs"), said
    # the same digits with another sign, scale, unit or meaning: 2 percent is not 2 percentage points
    alike = [other for other in on_subject if _digits(figure) == _digits(other)]
    other = max(same or alike, key=source.similarity, default=paired)
    if same:
        return gettext_noop("agrees"), other
    if other is not None:
        return gettext_noop("differs"), other
    return gettext_noop("not found"), None


@dataclass(frozen=True, slots=True)
class Source:
    """The figures of a source, and how near their sentences are to a claim."""

    stated: DescribedFigures
    """Its figures."""

    similarities: npt.NDArray[np.float64]
    """Similarity of the claim to each sentence of the source."""

    contexts: Sequence[str]
    """For each sentence of the source, its headings and the sentences before it, which may name what it is about."""

    def similarity(self, figure: Figure) -> float:
        return float(self.similarities[figure.position])

    def on_subject(self, figure: Figure, claim: Claim) -> list[Figure]:
        """Return the figures that may be of the same thing as one of the claim."""
        near = [other for other in self.stated.all if self.similarity(other) >= _SAME_SUBJECT]
        nearest = max((self.similarity(other) for other in self.stated.all if not other.sentence.header), default=0.0)
        near = [  # without rows that the draft does not mention where a sentence is nearer
            other for other in near if self.similarity(other) >= nearest or _is_mentioned(other, figure, claim.language)
        ]
        digits = len(_digits(figure).strip("0"))
        if digits >= _DISTINCTIVE:
            near += [
                other
                for other in self.stated.all
                if _SAME_FIGURE <= self.similarity(other) < _SAME_SUBJECT
                and (digits > _DISTINCTIVE or not claim.words.isdisjoint(_source_words(other, claim.language)))
                and (figure.quantity.same_value(other.quantity) or _holds_in_scale(figure, other))
            ]
        return near

    def of_name(self, figure: Figure, claim: Claim, same: Sequence[Figure]) -> Figure | None:
        """Return a figure beside a name or a day of the claim, if nothing around the equal figures has it.

        The source has "the largest fine, £175,000, was that of Outer Grid" and "Kelda Power was fined £90,000", the
        draft "Kelda Power was fined £175,000". An equal figure beside another name is returned itself.
        """
        language = claim.language
        own = [_source_words(equal, language) for equal in same]
        others = claim.figures.all
        if len(others) > _MAX_EXCHANGED:  # the figures of a list may be exchanged: each has its own name
            others = [figure]
        else:
            around = [sentence_terms(self.contexts[equal.position], language) for equal in same]
            own = [words.union(context) for words, context in zip(own, around, strict=True)]
        missing = [name for name in claim.names_of(figure) if not any(name <= words for words in own)]
        is_of_others = bool(missing) and all(self._names_another(equal, claim) for equal in same)
        for name in missing:
            for other in self.stated.all:
                if (
                    name <= _source_words(other, language)
                    and _have_same_unit(figure, other)
                    and self.similarity(other) >= _SAME_SUBJECT
                    and not any(_holds(one, other) for one in others)
                ):
                    return other
            if is_of_others if name in claim.names else all(map(_names_another_day, same)):
                return same[0]
        return None

    def _names_another(self, figure: Figure, claim: Claim) -> bool:
        """Return whether the sentence of a figure has a name of which the claim has no word."""
        text, language = figure.sentence.text, claim.language
        said = set(terms(claim.dated, language))
        return not figure.sentence.header and any(
            said.isdisjoint(terms(name, language)) for name in _find_names(text, language)
        )

    def better_described(self, figure: Figure, claim: Claim, same: Sequence[Figure]) -> Figure | None:
        """Return another figure with most of what the claim says of this one, if the equal ones have little of it.

        The claim "spending came to 111 billion" is near to "total spending will be 112.8 billion", and less near to
        "revenues will be 111 billion".
        """
        said, language = claim.words_of(figure), claim.language
        common = max(len(said & _source_words(other, language)) for other in same)
        least = max(_MIN_SAID_WORDS, _MIN_SAID_SHARE * len(said), _MORE_SAID * common)
        nearest = max(map(self.similarity, same)) + _NEARER
        return next(
            (
                other
                for other in sorted(self.stated.all, key=self.similarity, reverse=True)
                if self.similarity(other) >= nearest
                and (other.quantity.kind, other.quantity.unit) == (figure.quantity.kind, figure.quantity.unit)
                and not any(_holds(one, other) for one in claim.figures.all)
                and len(said & _source_words(other, language)) >= least
            ),
            None,
        )


def _names_another_day(figure: Figure) -> bool:
    """Return whether the sentence of a figure names a day."""
    return _DAY.search(figure.sentence.text) is not None


def is_earlier(figure: Figure, claim: Claim) -> bool:
    """Return whether a figure of a claim is of an earlier time: "up from 52", "52 the year before", "52 in 2021"."""
    text, quantity = figure.sentence.text, figure.quantity
    year = _IN_YEAR.match(text, quantity.end)
    is_of_earlier_year = year is not None and int(year[1] or year[2]) < claim.latest
    is_dated_earlier = is_of_earlier_year or _EARLIER_AFTER.match(text, quantity.end) is not None
    return is_dated_earlier or begins_change(text, quantity.start, quantity.end)


def with_shared_units(figures: Sequence[Figure], language: str | None) -> list[Figure]:
    """Return figures of which the first of "from 88 to 81 per cent" has the unit and the scale of the second.

    Args:
        figures: Figures in the order of their text.
        language: Language of the documents, which decides how numbers are read.
    """
    shared = list(figures)
    for at, (first, second) in enumerate(pairwise(figures)):
        text, a, b = first.sentence.text, first.quantity, second.quantity
        unit = _AFTER_NUMBER.sub("", b.text)
        is_linked = re.fullmatch(TO, text[a.end : b.start], re.IGNORECASE) is not None or (
            _CONJUNCTION.fullmatch(text, a.end, b.start) is not None and _RESPECTIVELY.search(text) is not None
        )
        if first.sentence != second.sentence or not is_linked or not unit.strip():
            continue
        if any(map(str.isalpha, a.text)) or "%" in a.text:
            continue
        whole = find_quantities(f"{a.text}{unit}", language, comma=uses_decimal_comma([text], language))
        if len(whole) == 1:
            shared[at] = replace(first, quantity=replace(whole[0], text=a.text, start=a.start, end=a.end))
    return shared


def clause_around(figure: Figure, figures: Sequence[Figure]) -> LocatedSentence | None:
    """Return the clause of a figure as a sentence; None if it is the whole sentence, or has too few words."""
    start, end = _clause(figure, has_later=any(other.start >= figure.end for other in figures))
    text = figure.sentence.text[start:end]
    if len(_WORD.findall(text)) < _MIN_CLAUSE_WORDS or text.strip() == figure.sentence.text.strip():
        return None
    return replace(figure.sentence, start=figure.sentence.start + start, end=figure.sentence.start + end, text=text)


def years_of(document: DocumentInfo) -> set[int]:
    """Return the years that a document is about: its edition and those that it covers."""
    first, last = document.covers or (1, 0)
    return {*range(first, last + 1), *([document.edition] if document.edition is not None else [])}


def _holds(figure: Figure, other: Figure) -> bool:
    """Return whether a figure of the source makes one of the draft true, also in another unit or scale."""
    amount, stated = figure.quantity, _as_stated(other.quantity, figure)
    measure = find_measure(amount, figure.sentence.text)
    stated_measure = find_measure(stated, other.sentence.text, other.sentence.header)
    if measure is not None and stated_measure is not None and measure != stated_measure:
        return is_converted(amount, measure, stated, stated_measure)
    if measure is not None and stated_measure is None and stated.unit and not other.sentence.header:
        return False  # "412 tonnes" is not "412 containers"
    return amount.holds_for(stated) or _holds_in_scale(figure, other)


def _are_opposite_directions(figure: Figure, other: Figure) -> bool:
    """Return whether one figure is of a rise and the other of a fall, or of a profit and a loss.

    "A loss of 31,200" is the opposite of "a surplus of 31,200", but not of a row "Surplus" with "(31,200)".
    """
    is_negative = other.quantity.value < 0
    if other.sentence.header and _CHANGE_HEAD.search(_column(other)[1]) is not None:
        before = _before(figure)
        fell = FELL_BY.search(before) is not None
        return CHANGED_BY.search(before) is not None and fell != is_negative and other.quantity.value != 0
    return are_opposite(figure.directions, other.directions) and not (is_negative and _is_called_loss(figure))


def _is_in_other_month(figure: Figure, other: Figure) -> bool:
    """Return whether the clauses of two figures name different months: "nine days in May", "nine days in April"."""
    months = [_months_at(each) for each in (figure, other)]
    return bool(months[0] and months[1]) and months[0].isdisjoint(months[1])


def _months_at(figure: Figure) -> set[int]:
    """Return the numbers of the months that the clause of a figure names."""
    if figure.sentence.header:
        return set()
    start, end = _clause(figure, has_later=False)
    words = (match[0].rstrip(".") for match in _MONTH.finditer(figure.sentence.text, start, end))
    return {MONTHS[word.casefold()] for word in words if word[0].isupper() or word not in ("may", "march", "mars")}


def _contradicts_row(figure: Figure, other: Figure, stated: DescribedFigures) -> bool:
    """Return whether the row of an equal cell shows a fall where the draft has "rose to", or the other way round."""
    to = CHANGED_TO.search(_before(figure))
    years = stated.years(other)
    if to is None or not other.sentence.header or not years:
        return False
    head = _without_years(_column(other)[1])
    earlier = [
        (max(stated.years(each)), each.quantity.value)
        for each in stated.beside(other)
        if stated.years(each) and max(stated.years(each)) < max(years) and _without_years(_column(each)[1]) == head
    ]
    if not earlier:
        return False
    _, before = max(earlier)
    fell = before > other.quantity.value
    return before != other.quantity.value and fell != (FALLEN.search(to[0]) is not None)


def _without_years(head: str) -> str:
    """Return the words of the head of a column."""
    return " ".join(_WORD.findall(head)).casefold()


def _are_opposite_ends(figure: Figure, claimed: DescribedFigures, other: Figure, stated: DescribedFigures) -> bool:
    """Return whether a change goes the other way: "from 18 to 14" in the draft, "from 14 to 18" in the source."""
    claimed_end, stated_end = _end_of_change(figure), _end_of_change(other)
    if not claimed_end or not stated_end or claimed_end == stated_end:
        return False
    partners = [each.quantity for each in claimed.all if _end_of_change(each) == stated_end]
    return any(
        _end_of_change(each) == claimed_end and any(partner.same_value(each.quantity) for partner in partners)
        for each in stated.beside(other)
    )


def _end_of_change(figure: Figure) -> str:
    """Return "from" or "to" for a figure with which a change begins or ends; "" for others."""
    text, amount = figure.sentence.text, figure.quantity
    if begins_change(text, amount.start, amount.end):
        return "from"
    return "to" if ends_change(text, amount.start) else ""


def _holds_in_scale(figure: Figure, other: Figure) -> bool:
    """Return whether a cell of a table that does not say its unit or scale states an amount of money or a percentage.

    "$1.08 billion" of the draft may be "1,079,520" there, and "6.1 per cent" may be "6.1"; a loss may be in brackets.
    """
    amount, cell = figure.quantity, other.quantity
    if not other.sentence.header or amount.kind == "ordinal":
        return False
    if amount.kind == "count":
        return cell.kind == "percent" and not amount.unit and amount.value == cell.value
    if amount.kind == "percent":
        value = abs(cell.value) if _is_called_loss(figure) else cell.value
        return cell.kind == "count" and amount.holds_for(replace(amount, value=value, bound=""))
    if cell.kind != "count" and (cell.kind, cell.unit) != (amount.kind, amount.unit):
        return False
    value = abs(cell.value) if _is_called_loss(figure) else cell.value
    has_scale = abs(value) >= 10 ** (len(_digits(other)) + 1)  # by its header
    scales = _TABLE_SCALES if abs(amount.value) >= _SCALED and not has_scale else ()
    return any(amount.holds_for(replace(amount, value=value * scale, bound="")) for scale in (1, *scales) if value)


def _have_same_unit(figure: Figure, other: Figure) -> bool:
    """Return whether a figure of the source has the kind and unit of one of the draft, or is a cell without unit."""
    amount, stated = figure.quantity, other.quantity
    is_bare_cell = bool(other.sentence.header) and not stated.unit
    return amount.kind == stated.kind and (amount.unit == stated.unit or is_bare_cell)


def _is_mentioned(figure: Figure, claim: Figure, language: str | None) -> bool:
    """Return whether a claim has a word of the row of a figure, or of the head of its column; true outside tables."""
    sentence = figure.sentence
    if not sentence.header or (figure.quantity.value < 0 and _is_called_loss(claim)):
        return True
    words = _label_words(figure, language) | _column_words(figure, language)
    return not words or not words.isdisjoint(terms(claim.sentence.text, language))


def _label_words(figure: Figure, language: str | None) -> frozenset[str]:
    """Return the stems of the label of a figure's row."""
    label = next((cell for cell in figure.sentence.text.split("|") if any(map(str.isalpha, cell))), "")
    return frozenset(term for term in terms(label, language) if not term.isdigit())


def _column_words(figure: Figure, language: str | None) -> frozenset[str]:
    """Return the stems of the head of a figure's column."""
    return frozenset(term for term in terms(_column(figure)[1], language) if not term.isdigit())


def _column(figure: Figure) -> tuple[int, str]:
    """Return the column of a figure of a table, from 0, and its head, "" if the header has none."""
    cells, column = header_cells(figure.sentence.text, figure.quantity.start, figure.sentence.header)
    return column, cells[column] if 0 <= column < len(cells) else ""


def _source_words(figure: Figure, language: str | None) -> frozenset[str]:
    """Return the stems of a figure's sentence, or of its row with the header of the table."""
    return frozenset(sentence_terms(figure.sentence.text, language)).union(
        sentence_terms(figure.sentence.header, language)
    )


def _is_of_another_time(figure: Figure, of_claim: Figure, claim: Claim, stated: DescribedFigures) -> bool:
    """Return whether a figure of the source is of a time that the draft does not mean: "against 219 days in 2021".

    Of a table with the latest year that the claim names, only columns of the years that it names are meant.
    """
    sentence, years = figure.sentence, claim.years
    quarters, meant_quarters = _quarters_at(figure), _quarters_at(of_claim)
    if quarters and meant_quarters and quarters.isdisjoint(meant_quarters):
        return True
    own, meant = stated.years(figure), claim.years_of(of_claim)
    if own and meant:
        return own != meant if min(len(own), len(meant)) > 1 else own.isdisjoint(meant)  # 2020/21 is not 2021/22
    if sentence.header:
        if not is_in_earlier_column(figure):
            return False
        named = written_years(of_claim.sentence.text)
        return own.isdisjoint(named if named and max(named) >= max(years) else years)
    after = _IN_YEAR.match(sentence.text, figure.quantity.end)
    if after is None:
        return is_compared_with(sentence.text, figure.quantity.start)
    return int(after[1] or after[2]) not in years


def _is_of_unnamed_year(figure: Figure, of_claim: Figure, claim: Claim, stated: DescribedFigures) -> bool:
    """Return whether the source gives a figure a year, and the claim gives its figure another and never names that."""
    own, meant = stated.years(figure), claim.years_of(of_claim)
    return bool(own and meant) and own.isdisjoint(meant | written_years(claim.dated))


def _years_at(figure: Figure, beside: Sequence[Figure], dated: str) -> frozenset[int]:
    """Return the years that the head of a figure's column names, or the text up to the next figure, or its clause.

    "2019 and 2018" before "2.7 and 2.0 billion, respectively" are the years of these in this order.

    Args:
        figure: The figure.
        beside: All figures of its sentence.
        dated: The sentence without years that are no years of figures; the sentence itself if empty.
    """
    sentence, quantity = figure.sentence, figure.quantity
    text = _SINCE_YEAR.sub(lambda since: " " * len(since[0]), dated or sentence.text)
    if sentence.header:
        return frozenset(written_years(_column(figure)[1]))
    alike = [each.quantity for each in beside if each.quantity.kind == quantity.kind]
    if _RESPECTIVELY.search(text) is not None:
        named = [written.year for mention in parse_years(text) for written in mention.written]
        return frozenset([named[alike.index(quantity)]]) if len(named) == len(alike) else frozenset()
    before = max((other.end for other in alike if other.end <= quantity.start), default=0)
    ends = [
        end
        for end in _CLAUSE_END.finditer(text, before, quantity.start)
        if not _YEAR_CLAUSE.search(text, 0, end.start())
    ]
    before = max([before, *(end.end() for end in ends)])
    after = min((other.start for other in alike if other.start >= quantity.end), default=len(text))
    end = _CLAUSE_END.search(text, quantity.end, after) if after < len(text) else None
    return frozenset(
        written_years(text[quantity.end : end.start() if end else after])
        or _last_years(text[before : quantity.start])
        or written_years(text[quantity.end : after])
    )


def _quarters_at(figure: Figure) -> frozenset[int]:
    """Return the quarters of a year that the head of a figure's column names, or its clause."""
    if figure.sentence.header:
        text = _column(figure)[1]
    else:
        start, end = _clause(figure, has_later=False)
        text = figure.sentence.text[start:end]
    return frozenset(
        _QUARTER_NUMBERS[word.casefold()] for match in _QUARTER.finditer(text) for word in match.groups() if word
    )


def _find_names(text: str, language: str | None) -> list[str]:
    """Return the names of a text: capitalised words, two or more at the beginning of a sentence.

    German, which writes all nouns so, has none, and neither have scripts without capitals.
    """
    if primary_language(language) == "de":
        return []
    return [match.group().strip() for match in _NAME.finditer(_DAY.sub(" . ", text)) if len(match.group()) > _MIN_NAME]


def _last_years(text: str) -> set[int]:
    """Return the last year, or the years of the last span, that a text names."""
    mentions = parse_years(text)
    return {written.year for written in mentions[-1].written} if mentions else set()


def _current_figure(figure: Figure, of_claim: Figure, claim: Claim, stated: DescribedFigures) -> Figure | None:
    """Return the figure beside one of another year that is of the years meant; None for a figure of these years."""
    if not _is_of_another_time(figure, of_claim, claim, stated):
        return None
    meant = claim.years_of(of_claim)
    return next(
        (
            other
            for other in stated.beside(figure)
            if (other.quantity.kind, other.quantity.unit or figure.quantity.unit)
            == (figure.quantity.kind, figure.quantity.unit or other.quantity.unit)
            and not _is_of_another_time(other, of_claim, claim, stated)
            and (not meant or not stated.years(figure) or stated.years(other))
        ),
        None,
    )


def _said_of_another(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure of which the source says what the draft says of an equal one, None where there is none.

    The source has "439 cases were filed and 455 were decided", the draft "439 cases were decided": what the draft says
    is said there of another figure, and nothing of it of the equal figure alone.

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        same: The equal figures of the source.
        stated: The figures of the source.
    """
    said = claim.figures.said(figure)
    meant: Figure | None = None
    for equal in same:
        own = stated.said(equal)
        of_others = {
            other: stated.said(other)
            for other in stated.beside(equal)
            if other not in same and other.quantity.kind == figure.quantity.kind
        }
        if not said.isdisjoint(own.difference(*of_others.values())):
            return None
        telling = {word for word in said - own if not word.isdigit() or any(map(str.isdigit, own))}
        meant = meant or next((other for other, words in of_others.items() if not telling.isdisjoint(words)), None)
    return meant


def _whole_of_part(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure of the whole if the claim says of it what the source states of a part.

    The source has "298 professors, of whom 71 were women", the draft "71 professors".
    """
    said = claim.figures.said(figure)
    meant = None
    for equal in same:
        text, start = equal.sentence.text, equal.quantity.start
        before = [each for each in stated.beside(equal) if each.quantity.end <= start]
        if not said or not before or _OF_WHOM.search(text, before[-1].quantity.end, start) is None:
            return None
        if not said <= frozenset(terms(before[-1].quantity.counted, claim.language)):
            return None
        meant = before[-1]
    return meant


def _with_what_is_counted(
    figure: Figure, same: Sequence[Figure], stated: Sequence[Figure], language: str | None
) -> Figure | None:
    """Return a figure that counts the same, described in two words or more, if no sentence of an equal one has these.

    A single word is often a synonym: "38 vessels" of the draft may be the source's "38 ships" beside "2 vessels".
    """
    counted = set(terms(figure.quantity.counted, language))
    if len(counted) < 2 or any(
        other.sentence.header or not counted.isdisjoint(terms(other.sentence.text, language)) for other in same
    ):
        return None
    return next(
        (
            other
            for other in stated
            if other not in same
            and other.quantity.kind == figure.quantity.kind
            and counted <= set(terms(other.quantity.counted, language))
        ),
        None,
    )


def _exchanged(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure that is this one's in the source, if the claim exchanges two: A has B's figure, and B has A's.

    In one sentence or row it is enough that what the claim says of one is said there of the other.
    """
    language, said = claim.language, claim.words_of(figure)
    for partner in claim.figures.all if len(claim.figures.all) <= _MAX_EXCHANGED else ():
        said_of_partner = claim.words_of(partner)
        own, others = said - said_of_partner, said_of_partner - said
        if partner == figure or not own or not others or is_earlier(figure, claim) or is_earlier(partner, claim):
            continue  # a figure and an earlier one are of the same thing
        if _is_part_of(figure, partner) or _is_part_of(partner, figure):
            continue  # in "71 of 298" what is said is said of both
        for equal in same:
            for other in stated.all:
                if not partner.quantity.holds_for(other.quantity) or other in same or _holds(partner, equal):
                    continue
                is_together = other.sentence == equal.sentence
                words, words_of_other = (
                    _words_at(one, stated, language) if is_together else _source_words(one, language)
                    for one in (equal, other)
                )
                only, only_of_other = words - words_of_other, words_of_other - words
                if own & only or others & only_of_other:
                    continue
                exchanged = bool(own & only_of_other), bool(others & only)
                if all(exchanged) or (is_together and any(exchanged)):
                    return other
    return None


def _in_named_row(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure of the row that the claim names, if the equal ones are in other rows of the table only.

    "Staff costs" names the row "Staff costs", and not "Other operating costs", which has one of these words.
    """
    language = claim.language
    others = (
        [other for other in claim.figures.all if other != figure] if len(claim.figures.all) <= _MAX_EXCHANGED else []
    )
    words = claim.words.difference(*map(claim.words_of, others))
    named: Figure | None = None
    for equal in same:
        label = _label_words(equal, language)
        if not equal.sentence.header or not label:
            return None
        said, column = label & claim.words, _column(equal)[0]
        rows = [
            (other, of_row)
            for other in stated.all
            if other.sentence.header == equal.sentence.header
            and other.sentence != equal.sentence
            and _column(other)[0] == column
            and (of_row := _label_words(other, language))
        ]
        better = next(
            (
                other
                for other, of_row in rows
                if len(of_row & words) >= _MIN_LABEL_SHARE * len(of_row)
                and (said < of_row & words or (said == of_row < label))
            ),
            None,
        )
        if better is None:
            return None
        named = named or better
    return named


def _in_named_column(figure: Figure, claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the cell in the column that the claim names, if the equal ones are in other columns of their rows only.

    "The port had 148 crew" names the column "Crew" and not "Ships"; "in 2020" the column "2020" and not "Average".
    """
    language = claim.language
    words, years = claim.words_of(figure), claim.years_of(figure)
    named: Figure | None = None
    for equal in same:
        own = _column_words(equal, language)
        if not equal.sentence.header or not own.isdisjoint(claim.words):
            return None
        beside = [
            (other, _column_words(other, language) - own)
            for other in stated.beside(equal)
            if other not in same and _column(other)[0] != _column(equal)[0] and _have_same_unit(figure, other)
        ]
        labels = _label_words(equal, language)
        by_words = [other for other, head in beside if 2 * len((head - labels) & words) > len(head)]
        own_years = stated.years(equal)
        by_years = [other for other, _ in beside if years and not own_years and stated.years(other) == years]
        better = next(iter([*by_words, *by_years]), None)
        if better is None:
            return None
        named = named or better
    return named


def _is_only_planned(claim: Claim, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return what came about beside an equal amount that the source only planned, and the claim does not call so."""
    if _PLAN.search(claim.dated) is not None:
        return None
    actual: Figure | None = None
    for equal in same:
        beside = [
            other
            for other in stated.beside(equal)
            if other.quantity.kind == equal.quantity.kind and not _is_planned(other) and other not in same
        ]
        if not _is_planned(equal) or not beside:
            return None
        actual = actual or beside[0]
    return actual


def _is_planned(figure: Figure) -> bool:
    """Return whether the head of a figure's column, or the words before it, call it planned."""
    if figure.sentence.header:
        return _PLAN.search(_column(figure)[1]) is not None
    return _PLAN_BEFORE.search(_before(figure)) is not None


def _of_another_topic(figure: Figure, same: Sequence[Figure], stated: DescribedFigures) -> Figure | None:
    """Return the figure of the topic of the claim if that of the equal ones is another: 歳入は9億円、歳出は8億円."""
    topic, meant = topic_before(figure), None
    for equal in same:
        beside = [other for other in stated.beside(equal) if topic and topic_before(other) == topic]
        if not beside or topic_before(equal) in ("", topic):
            return None
        meant = beside[0]
    return meant


def _beside_similar_name(claim: Claim, same: Sequence[Figure]) -> Figure | None:
    """Return an equal figure if each is beside a name in the place of one that the source lacks.

    The source has "the ferry to Norrskär" and "the Northern Breakwater", the claim "the ferry to Helsinki" and "the
    Southern Breakwater".
    """
    if not claim.unknown_names:
        return None
    for equal in same:
        text = equal.sentence.text
        if equal.sentence.header or not any(
            _is_in_place_of(name, before, text) for name, before in claim.unknown_names
        ):
            return None
    return same[0]


def _is_in_place_of(name: str, before: str, text: str) -> bool:
    """Return whether a text has another name after the same words, or one that shares a word with the name."""
    words = set(name.casefold().split()) - FUNCTION_WORDS
    for match in _NAME.finditer(_DAY.sub(" . ", text)):
        other = set(match.group().casefold().split()) - FUNCTION_WORDS
        is_after_same = len(before.split()) > 1 and text[: match.start()].casefold().rstrip().endswith(before)
        if words.isdisjoint(other) and is_after_same:
            return True
        if not words.isdisjoint(other) and len(words) > 1 and len(other) > 1 and not words.issubset(other):
            return not words.issuperset(other)
    return False


def _has_other_verb(figure: Figure, other: Figure, stated: DescribedFigures) -> bool:
    """Return whether the draft has a figure after the verb that the source has before another figure of the sentence.

    The source has "peaked at 17.9 and stood at 16.1", the draft "peaked at 16.1".
    """
    verb, own = _verb_before(figure), _verb_before(other)
    if not verb or not own or verb == own:
        return False
    return any(
        each.quantity.kind == other.quantity.kind
        and not figure.quantity.holds_for(each.quantity)
        and _verb_before(each) == verb
        for each in stated.beside(other)
    )


def _verb_before(figure: Figure) -> str:
    """Return the word before "at", "to" or "by" and a figure of a sentence, such as "peaked"; "" if there is none."""
    match = None if figure.sentence.header else _VERB_BEFORE.search(_before(figure))
    return "" if match is None else f"{match[1]} {match[2]}".casefold()


def _is_part_of(figure: Figure, whole: Figure) -> bool:
    """Return whether a figure is a part of the next one: "71 of 298"."""
    return _PART_OF.fullmatch(figure.sentence.text, figure.quantity.end, whole.quantity.start) is not None


def _is_level_of_change(figure: Figure, other: Figure) -> bool:
    """Return whether one of them is the amount of a change ("rose by 41") and the other a level ("was 41")."""
    if figure.quantity.kind == "percent":  # "growth was 12 percent"
        ends = [_verb_before(each).rpartition(" ")[2] for each in (figure, other)]
        return {*ends} in ({"by", "to"}, {"um", "auf"})
    return any(
        _is_amount_of_change(first) and _is_level(second) for first, second in ((figure, other), (other, figure))
    )


def _is_level(figure: Figure) -> bool:
    """Return whether the words before a figure of a sentence say that it is a level, also one to which a change led."""
    if CHANGED_TO.search(_before(figure)) is not None:
        return True
    is_of_change = any(map(any, figure.directions)) or _NAMES_CHANGE.search(figure.sentence.text) is not None
    return not is_of_change and _LEVEL.search(_before(figure)) is not None


def _is_amount_of_change(figure: Figure) -> bool:
    """Return whether the words beside a figure of a sentence say that it is the amount of a change."""
    if figure.sentence.header:
        return False
    is_change = AS_CHANGE.match(figure.sentence.text, figure.quantity.end) is not None
    return is_change or CHANGED_BY.search(_before(figure)) is not None


def _before(figure: Figure) -> str:
    """Return the text shortly before a figure."""
    return figure.sentence.text[max(0, figure.quantity.start - _REACH) : figure.quantity.start]


def _words_at(figure: Figure, figures: DescribedFigures, language: str | None) -> frozenset[str]:
    """Return the stems of a figure's clause, or of the head of its column."""
    if figure.sentence.header:
        return _column_words(figure, language)
    return figures.clause_words(figure)


def _clause_words(figure: Figure, beside: Sequence[Figure], language: str | None) -> frozenset[str]:
    """Return the stems of the clause of a figure, up to the other figures in it."""
    quantity, text = figure.quantity, figure.sentence.text
    others = [other.quantity for other in beside if other != figure]
    start, stop = _clause(figure, has_later=any(other.start >= quantity.end for other in others))
    start = max([start, *(other.end for other in others if other.end <= quantity.start)])
    stop = min([stop, *(other.start for other in others if other.start >= quantity.end)])
    clause = f"{text[start : quantity.start]} {text[quantity.end : stop]} {quantity.counted}"
    return frozenset(term for term in terms(clause, language) if not term.isdigit())


def _clause(figure: Figure, *, has_later: bool) -> Span:
    """Return the span of a figure's clause; "and" ends it only before another figure."""
    quantity, text = figure.quantity, figure.sentence.text
    starts = [
        match.end() for pattern in (_CLAUSE_END, _CONJUNCTION) for match in pattern.finditer(text, 0, quantity.start)
    ]
    ends = [_CLAUSE_END.search(text, quantity.end), _CONJUNCTION.search(text, quantity.end) if has_later else None]
    return max(starts, default=0), min((end.start() for end in ends if end), default=len(text))


def _said_of(figure: Figure, beside: Sequence[Figure], language: str | None) -> frozenset[str]:
    """Return the stems of what is said of a figure: what it counts, and the words up to the next figure of its clause.

    "455 discharged" counts the patients of the figure before it. What is in brackets is said of another figure.
    """
    quantity, text = figure.quantity, figure.sentence.text
    if figure.sentence.header or "|" in text:
        return frozenset()
    brackets = [match.span() for match in _IN_BRACKETS.finditer(text)]
    around = next((span for span in brackets if span[0] < quantity.start < span[1]), None)
    alike = [other.quantity for other in beside]
    starts = [
        other.start
        for other in alike
        if other.start >= quantity.end and (around or not any(a < other.start < b for a, b in brackets))
    ]
    stop = min([*starts, around[1] if around else len(text)])
    ends = [_CLAUSE_END.search(text, quantity.end, stop)]
    if stop in starts:  # the verb of the next figure may be before it: "made 30 runs and guided 38 ships"
        ends.append(_CONJUNCTION.search(text, quantity.end, stop))
    stop = min([stop, *(end.start() for end in ends if end)])
    if any(_PART_OF.fullmatch(text, other.end, quantity.start) for other in alike if other.end <= quantity.start):
        stop = quantity.end
    before = [other for other in alike if other.start < quantity.start and other.kind == quantity.kind]
    counted = quantity.counted
    if before and _ELIDED.fullmatch(counted):
        counted = f"{before[-1].counted} {counted}"
    following = text[quantity.end : stop]
    said = f"{counted} {following if around else _IN_BRACKETS.sub(' ', following)}"
    said = re.sub(f"[{HIRAGANA}]+", " ", said)  # endings, such as those of a Japanese copula
    words = (word for word in re.findall(r"\w+", said) if word.casefold() not in MEASURE_WORDS)  # such as "fiscal"
    return frozenset(terms(" ".join(words), language))


def _as_stated(quantity: Quantity, claimed: Figure) -> Quantity:
    """Return an amount without its sign where prose leaves it out: costs in brackets, an amount called a loss."""
    is_cost = quantity.text.startswith("(") and _COST.search(quantity.counted) is not None
    is_loss = quantity.value < 0 and _is_called_loss(claimed)
    return replace(quantity, value=abs(quantity.value)) if is_cost or is_loss else quantity


def _is_called_loss(figure: Figure) -> bool:
    """Return whether words beside a figure without a sign say that it is a loss, or the amount of a fall."""
    quantity, text = figure.quantity, figure.sentence.text
    if quantity.value <= 0:
        return False
    before = text[max(0, quantity.start - _LOSS_REACH) : quantity.start]
    beside = before + text[quantity.start : quantity.end + _LOSS_REACH // 4]
    return _LOSS.search(beside) is not None or FELL_BY.search(before) is not None


def _digits(figure: Figure) -> str:
    return "".join(filter(str.isdecimal, figure.quantity.text))
