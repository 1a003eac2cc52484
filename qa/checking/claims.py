"""The claims of a draft: what a sentence says of each of its figures, and of which years, months and quarters.

The same is read from the sentences and table rows of a source, so that both can be compared.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import islice, pairwise

from corpus.clauses import (
    CONJUNCTION,
    CONTRAST,
    DETERMINER,
    INSTEAD_OF,
    MARK,
    OF,
    OF_THEM,
    OF_WHICH,
    SENTENCE_PART_END,
    THAN,
)
from corpus.metadata.language import primary_language
from corpus.metadata.years import PREVIOUS_YEAR, parse_years, written_years
from corpus.records import Span
from corpus.scripts import HIRAGANA, NAME_WORD
from corpus.vocabulary import AMBIGUOUS_MONTHS, COMPARED_WITH, DAY_OF_MONTH, DAY_SUFFIX, MONTH, MONTHS, YEAR
from index.lexical.analysis import sentence_terms, terms
from index.storage.reader import DocumentInfo
from qa.editions.figures.changes import BEFORE_AMOUNT, MORE_THAN, REACH, TO, begins_change, is_compared_with
from qa.editions.figures.labels import MEASURE_WORDS
from qa.editions.figures.number_words import LANGUAGE_SCALES, RESPECTIVELY
from qa.editions.figures.quantities import find_quantities, header_cells, row_label, uses_decimal_comma
from qa.editions.figures.sentence_figures import Figure
from qa.editions.sections import LocatedSentence

_MIN_NAME = 3
"""A name in capitals alone has more letters than this: shorter ones are often units ("GW")."""

_MAX_NAMED = 5
"""A name that a source has more often is of its subject, such as its country, and is not compared."""

WORD = re.compile(r"[^\W\d_]+")
"""A word without digits."""

_MIN_LABEL_SHARE = 0.5
"""Share of the words of the label of a row that names it."""

_MIN_CLAUSE_WORDS = 3
"""Words of a clause, without those around any figure, that tell what its figure is of."""

YEAR_EARLIER = (
    rf"(?:{PREVIOUS_YEAR}|(?:(?:(?:a|one|the)\s+year|(?:twelve|12)\s+months)\s+(?:earlier|before|ago|previously)|(?:zwölf|12)\s+Monate\s+(?:zuvor|davor)|(?:douze|12)\s+mois\s+(?:plus\s+tôt|auparavant)|(?:doce|12)\s+meses\s+antes|(?:im\s+|ein\s+|das\s+)?Jahr\s+(?:davor|zuvor)|un\s+an\s+plus\s+tôt"
    r"|(?:l['’]|un\s+)?anno\s+prima|un\s+año\s+(?:antes|atrás)|el\s+año\s+(?:anterior|pasado)|um\s+ano\s+(?:antes|atrás)|een\s+jaar\s+(?:eerder|geleden))\b)(?!に比べ|と比べ|比|より)"
)
"""Pattern of the words for the year before that of another figure."""

_EARLIER_AFTER = re.compile(
    rf"[^.;,。、\d]{{0,40}}?(?:(?<!\w)|(?<=[のは])){YEAR_EARLIER}(?!\s*[:：]?\s*\d)", re.IGNORECASE
)
"""After a figure of an earlier time than the others of its sentence: "52 the year before"."""

_THAN = re.compile(rf"\b{THAN}\b|\bqu['’]", re.IGNORECASE)

_AFTER_NUMBER = re.compile(r"^\D*\d[\d.,\s\u00a0\u202f]*(?<=\d)")
"""An amount up to its unit."""

PART_OF = re.compile(rf"\s+{OF}(?:\s+{DETERMINER})?\s*$", re.IGNORECASE)
"""Between a part and its whole: what "71 of 1,172 employees" says is said of the 71."""

_OF_WHOM = re.compile(
    rf"\b(?:{OF_WHICH}|{OF_THEM})[\s,]+(?:(?:alone|allein|seuls?|only|nur)\s+)?(?:[^\W\d_]+\s+){{0,3}}?{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before the figure of a part: "298 professors, of whom 71 were women"."""


_OF_THEM = re.compile(rf"(?:\s+[^\W\d_]+){{0,2}}?\s+(?:{OF_THEM}|of\s+(?:whom|which)|davon)\b", re.IGNORECASE)
"""After the figure of a part: "119 posts, 52 of them in archives"."""


_OF_WHOLE = re.compile(rf"(?:^|[,;:.]\s)\W*(?!der\b){OF}\s+(?:{DETERMINER}\s+)?$", re.IGNORECASE)
"""Before a whole whose part follows: "Of the 88 employees 31 work part time"."""

_CONJUNCTION = re.compile(rf"\s{CONJUNCTION}\s", re.IGNORECASE)

_IN_YEAR = re.compile(
    rf"[^\W\d_]*(?:\s+[^\W\d_]+){{0,2}}?\s+(?:in|im|en|nel|for|of|für|pour|de)\s+({YEAR})(?![\d-]|\s+prices)|\s*[(（]({YEAR})[)）]"
)
"""After a figure: the year that it is of."""

_THAN_YEAR = (
    r"\b(?:(?:more|fewer|less|higher|lower|up|down)\s+(?:than|on)|(?:mehr|weniger|\w+er)\s+als|(?:plus|moins)\s+(?:\w+\s+)?qu['’]en"
    r"|(?:más|menos|más\s+\w+|menos\s+\w+)\s+que\s+en|do\s+que\s+em|(?:più|meno)\s+(?:che\s+)?nel|\w+er\s+dan)"
    rf"\s+(?:(?:in|im|the|year|Jahre?)\s+){{0,2}}{YEAR}\b|{YEAR}年度?(?:より|に比べ|と比べ)"
)
THAN_YEAR = re.compile(_THAN_YEAR, re.IGNORECASE)
"""A year with which a figure is compared: "more than in 2007"."""

_AS_MANY_AS = (
    r"(?:as\s+(?:many|much|high|low|large)\s+as|(?:so|ebenso|genauso)\s+(?:viele?|hoch|wenige?|groß)\s+wie"
    r"|autant\s+qu(?:e|['’])|tant[oa]s?\s+como|tant[ei]\s+quant[ei]|evenveel\s+als)"
)
"""Words between an amount and one that it is as great as."""

_SINCE_YEAR = re.compile(
    r"\b(?:since|before|after|(?:than|as)\s+in|seit|vor|nach|depuis|avant|après|desde|dal|dopo|prima\s+del|sinds)"
    rf"\s+(?:(?:in|the|\w+\s+of)\s+)?{YEAR}\b(?!\s*(?:[-–/]|(?:to|until|hasta|al?|à)\b|jusqu))|{_THAN_YEAR}"
    rf"|\b{_AS_MANY_AS}\s*(?:[^\W\d_]+\s+){{0,3}}?{YEAR}\b"
    rf"|\b(?:years?|months?|weeks?)\s+(?:to|ending|ended|until)\s+(?:(?:in|the)\s+)?(?:\d{{1,2}}\s+)?(?:{MONTH}\s+)?{YEAR}\b",
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
_BEFORE_MONTH = re.compile(
    r"\b(?:in|of|during|from|to|early|late|mid|last|im|en|de|à|nel|di|em|\d{1,2}(?:st|nd|rd|th|\.)?)[\s-]+$",
    re.IGNORECASE,
)
"""Before the name of a month that may also be that of a person."""


DAY = re.compile(DAY_OF_MONTH, re.IGNORECASE)
CAPITALISED_NAME = re.compile(
    rf"(?:^\W*|(?<=[.!?:]\s)){NAME_WORD}(?:\s+(?:of\s+|de\s+|the\s+)?{NAME_WORD})+"
    rf"|(?:(?<=[^.!?:\W]\s)|(?<=[,;]\s)|(?<=[(“«]))(?!I\b){NAME_WORD}(?:\s+(?:of\s+|de\s+|the\s+)?{NAME_WORD})*"
)
"""A name: capitalised words, two or more at the beginning of a sentence."""

_ELIDED = re.compile(r"(?:\w+(?:ed|en|ées?|és|ad[oa]s?|id[oa]s?|at[ei]|it[ei]))?", re.IGNORECASE)
"""Nothing, or a participle, after a figure that counts what the figure before it counts: "and 455 discharged"."""

_OF_AFTER = re.compile(rf"\s+(?:{OF}|d[oa])\s+(?!them\b|these\b|those\b|which\b|whom\b)", re.IGNORECASE)
"""After a figure whose noun follows: "113 million of the coins"."""

_BASE_BEFORE = re.compile(r"\b(?:per|every|pro|je|pour|por|in)\s+$", re.IGNORECASE)
"""Before the base of a rate: "31 donors per 1,000 inhabitants"."""

_PREFIX_AT_END = re.compile(
    rf"\b(ab|an|auf|aus|ein|fort|hinzu|nach|um|vor|weg|zu|zurück|af|aan|bij|in|toe|terug|uit)(?=\s*(?:$|{MARK}|\s(?:{CONJUNCTION})\s))",
    re.IGNORECASE,
)
"""The part of a verb that ends a clause: "pendeln ein", "pendeln aus"."""

_AFTER_START = re.compile(
    rf"^\s*(?:[^\W\d_]+\s+){{0,4}}{YEAR}\s*,?\s+(?:to|auf|à|a|para|tot|naar)\s+{BEFORE_AMOUNT}$", re.IGNORECASE
)
"""Between the figures of a change of which only the first has its year: "from 366 in 2021 to 402"."""

_RELATIVE = (
    r"(?:[^\W\d_]+\s+)?(?:which|who|whom|whose|that|where|when|qui|que|dont|où|laquelle|lequel|cuyo|cuya|deren|dessen|welche[rsmn]?"
    r"|wo|als)\s"
)
"""The beginning of a clause about what is before it: "the terminal, on which work began in June 2023, will cost"."""

_YEAR_CLAUSE = re.compile(
    rf"(?:^|{MARK}\s*)(?!{_RELATIVE})(?:[^\W\d_]+\s+){{1,8}}(?:[0-9]{{1,2}}{DAY_SUFFIX}\s+{MONTH}\s+)?{YEAR}$",
    re.IGNORECASE,
)
"""A clause that is only a year, whose comma does not separate it from the figure: "In 2019, 15 ships were lost"."""

ASIDE = re.compile(
    r"[,(–—]\s*(?:(?:in|of|with|to|an|mit|de|à|en|con)\s+)?(?:(?:which|who|whose|where|der|die|das|deren|dessen|qui|dont|où|que|cuy[oa]|che|il\s+cui|la\s+cui)\s"
    r"|(?:an?|eine?|une?|una?|en|ett?|een)\s)[^,;:()–—]*?(?:\d,\d[^,;:()–—]*?)?(?:[,)–—](?=[\s.]))",
    re.IGNORECASE,
)
"""A relative clause or an apposition between two marks."""

_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")

_DATED_IN_BRACKETS = re.compile(
    rf"[(（]\s*(?:(?:in|im|en|nel|vs\.?|gegenüber)\s+)?(?:({YEAR}(?:\s?[/–-]\s?\d{{2,4}})?)(?:年度?)?|{YEAR_EARLIER})\s*[:：,]?\s*{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before the amount of an earlier time in brackets: "1,913 complaints (2022: 1,688)"."""

_DATED_LIST = re.compile(
    rf"[(（]\s*({YEAR}(?:\s?[/–-]\s?\d{{2,4}})?)(?:年度?)?\s*[:：]\s*[^()（）;；:：]*$", re.IGNORECASE
)
"""Before an amount in brackets that begin with a year for several: "(2022: 37 attempts, 11.3 million euros)"."""

_YEAR_LABEL = re.compile(rf"{YEAR}(?:\s?[/–-]\s?\d{{2,4}})?\s*[:：]")
"""A year that is the label of the next figure: "10.4 per cent; 2022-23: 9.1 per cent"."""

COMPLETE_CLAUSE = re.compile(rf"[;；]|\s{CONTRAST}\s", re.IGNORECASE)
"""Between two clauses each of which has its own subject."""

_CLAUSE_END = re.compile(rf"{MARK}|\s(?:{COMPARED_WITH}|{INSTEAD_OF}|{CONTRAST}|{_AS_MANY_AS})(?!\w)", re.IGNORECASE)


_MARKS = re.compile(MARK)
_MARK_AFTER = re.compile(r"(?:\s+[^\W\d_]+){0,2}\s*[,)–—]")
"""After a figure that is set off: what it counts, and a mark."""

CLAUSE_OR_JOINT = re.compile(rf"{MARK}|\s{CONJUNCTION}\s", re.IGNORECASE)
"""The end of a clause, or a word that joins two."""


class DescribedFigures:
    """Figures with what their sentences say of each, which is found once: a sentence may have hundreds.

    Attributes:
        all: The figures.
        clause_words: The stems of the clause of a figure.
        said: The stems of what is said of a figure.
        years: The years that a figure is of.
        text_about: The clauses around a figure of a sentence that contain no other figure.
        terms_about: The stems of these.
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
        self.text_about = cache(self._text_about)
        self.terms_about = cache(lambda figure: frozenset(terms(self.text_about(figure), language)))

    def beside(self, figure: Figure) -> Sequence[Figure]:
        """Return all figures of the sentence of a figure, in order."""
        return self._of_sentence[figure.position]

    def before(self, figure: Figure) -> Figure | None:
        """Return the last figure before a figure in its sentence."""
        beside = self.beside(figure)
        at = bisect_right(beside, figure.quantity.start, key=lambda other: other.quantity.end)
        return beside[at - 1] if at else None

    def after(self, figure: Figure) -> Figure | None:
        """Return the first figure after a figure in its sentence."""
        beside = self.beside(figure)
        at = bisect_left(beside, figure.quantity.end, key=lambda other: other.quantity.start)
        return beside[at] if at < len(beside) else None

    def in_next_sentence(self, figure: Figure) -> Sequence[Figure]:
        """Return the figures of the sentence after that of a figure, if the figures are of one text."""
        return self._of_sentence.get(figure.position + 1, ())

    def in_previous_sentence(self, figure: Figure) -> Sequence[Figure]:
        """Return the figures of the sentence before that of a figure in the same document."""
        before = self._of_sentence.get(figure.position - 1, ())
        return [each for each in before if each.sentence.document == figure.sentence.document]

    def whole_of(self, figure: Figure) -> Figure | None:
        """Return the figure of which one of its sentence is a part: "119 posts, 52 of them", "of the 88 staff 31".

        The amount of a change may be between them: "119 posts, 8 more than in 2021, 52 of them in archives".
        """
        whole = self.before(figure)
        if whole is None or figure.sentence.header:
            return None
        if is_part(figure):
            level = self.before(whole)
            is_change = whole.quantity.kind == "percent" or figure.quantity.kind != "percent"
            if (
                level is not None
                and is_change
                and MORE_THAN.match(figure.sentence.text, whole.quantity.end) is not None
            ):
                return level
            return whole
        is_first = _OF_WHOLE.search(text_before(whole)) is not None
        is_part_first = PART_OF.fullmatch(figure.sentence.text, whole.quantity.end, figure.quantity.start) is not None
        between = figure.sentence.text[whole.quantity.end : figure.quantity.start]
        return whole if is_first and not is_part_first and SENTENCE_PART_END.search(between) is None else None

    def _text_about(self, figure: Figure) -> str:
        text, quantity = figure.sentence.text, figure.quantity
        other_before, other_after = self.before(figure), self.after(figure)
        before = other_before.quantity.end if other_before is not None else 0
        after = other_after.quantity.start if other_after is not None else len(text)
        if before:
            ends = list(CLAUSE_OR_JOINT.finditer(text, before, quantity.start))
            if _is_set_off(text, other_before):  # "the longest one, 46 days, took place in May, and the shortest"
                ends = list(_MARKS.finditer(text, before, quantity.start))[1:] or ends
            before = ends[0].end() if ends else before
        if after < len(text):
            ends = list(CLAUSE_OR_JOINT.finditer(text, quantity.end, after))
            if len(ends) > 1 and not text[ends[-1].end() : after].strip():
                del ends[-1]  # the mark before a figure that is set off itself
            after = ends[-1].start() if ends else after
        return text[before:after]

    def in_column_of(self, cell: Figure) -> Iterator[Figure]:
        """Yield the cells of other rows of a table in the column of one of its cells."""
        column = column_of(cell)[0]
        for other in self.all:
            is_of_table = other.sentence.header == cell.sentence.header and other.sentence != cell.sentence
            if is_of_table and column_of(other)[0] == column:
                yield other


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

    is_translated: bool = False
    """Whether it is in another language than the documents, so that it has few words in common with them."""

    frequent_names: tuple[frozenset[str], ...] = ()
    """Stems of each name that it has and that its sources have often, such as that of a firm which they are about."""

    years_of_documents: Mapping[str, frozenset[int]] = field(default_factory=dict, compare=False)
    """If there are several documents, the years of each by its id: they are those of its figures without a year."""

    @classmethod
    def of(
        cls,
        text: str,
        subject: str,
        dated: str,
        figures: Sequence[Figure],
        documents: Sequence[DocumentInfo],
        texts: Sequence[str],
        *,
        is_translated: bool = False,
    ) -> Claim:
        """Return the claim of a sentence.

        Args:
            text: The sentence.
            subject: Its text without the names of its sources.
            dated: The sentence with blanks instead of the years in these names.
            figures: Its figures.
            documents: The sources that it names.
            texts: The texts of these, in which its names are counted.
            is_translated: Whether it is in another language than these.
        """
        language = documents[0].language
        years = written_years(text).union(*map(years_of, documents))
        latest = max((document.years[1] for document in documents if document.years is not None), default=0)
        titles = set(terms(" ".join(f"{document.title} {document.series or ''}" for document in documents), language))
        found = [
            (sum(whole.count(name) for whole in texts), stems)
            for _, name in find_names(subject, language)
            if (stems := frozenset(terms(name, language))) and stems.isdisjoint(titles)
        ]
        found += [
            (whole, stems) for whole, stems in _first_word_as_name(subject, texts, language) if stems.isdisjoint(titles)
        ]
        frequent_names = [stems for count, stems in found if count > _MAX_NAMED]
        names = [stems for count, stems in found if 0 < count <= _MAX_NAMED]
        days = [frozenset(terms(match[0], language)) for match in DAY.finditer(subject)]
        words = frozenset(clause_terms(subject, language))
        described = DescribedFigures(figures, language, dated)
        unknown = [
            (name, " ".join(subject[:start].casefold().split()[-2:]))
            for start, name in find_names(subject, language)
            if not any(name in whole for whole in texts) and titles.isdisjoint(terms(name, language))
        ]
        return cls(
            described,
            words,
            dated,
            frozenset(years),
            latest,
            language,
            tuple(names),
            tuple(days),
            tuple(unknown),
            is_translated,
            tuple(frequent_names),
            {document.id: frozenset(years_of(document)) for document in documents if len(documents) > 1},
        )

    def named_years(self) -> set[int]:
        """Return the years that its text names, without those of its sources' names."""
        return set(_written_years(self.dated))

    def also_of(self, document: DocumentInfo) -> Claim:
        """Return the claim as one about a further document."""
        return replace(self, years=self.years | years_of(document), language=document.language)

    def words_of(self, figure: Figure) -> frozenset[str]:
        """Return the stems of what the claim says of one of its figures."""
        return self.figures.clause_words(figure) & self.words

    def names_row(self, cell: Figure) -> bool:
        """Return whether the claim has at least half of the words of the label of a cell's row."""
        label = label_terms(cell, self.language)
        return bool(label) and len(label & self.words) >= _MIN_LABEL_SHARE * len(label)

    def names_of(self, figure: Figure) -> list[frozenset[str]]:
        """Return the names and days of the claim that are of one of its figures: those of its clause, if that has any.

        In "400 tonnes to Norway and 500 tonnes to Spain" each figure has a name of its own.
        """
        named = [*self.names, *self.days]
        own = self.words_of(figure)
        in_clause = [name for name in named if name <= own]
        if in_clause or not named or is_respective(figure.sentence.text):
            return in_clause
        of_others = _names_of_figures(self)
        return [name for name in named if name not in of_others]

    def years_of(self, figure: Figure) -> frozenset[int]:
        """Return the years that the claim names for one of its figures, also as "a year earlier"."""
        if is_of_year_before(figure) and (
            last := _last_years(self.dated) or ({self.latest} if self.latest else frozenset())
        ):
            return frozenset(year - 1 for year in last)
        return self.figures.years(figure)


@lru_cache(maxsize=8)  # a claim may have thousands of figures
def _names_of_figures(claim: Claim) -> frozenset[frozenset[str]]:
    """Return the names and days of a claim that are in the clause of any of its figures."""
    clauses = {claim.words_of(figure) for figure in claim.figures.all}
    return frozenset(name for name in (*claim.names, *claim.days) if any(name <= words for words in clauses))


@lru_cache(maxsize=1024)
def is_respective(text: str) -> bool:
    """Return whether a sentence has "respectively", so that its figures belong to names in the same order."""
    return RESPECTIVELY.search(text) is not None


def names_day(figure: Figure) -> bool:
    """Return whether the sentence of a figure names a day."""
    return DAY.search(figure.sentence.text) is not None


@lru_cache(maxsize=1 << 13)
def is_of_year_before(figure: Figure) -> bool:
    """Return whether a figure is followed by "a year earlier", and not by "more than a year earlier"."""
    text, quantity = figure.sentence.text, figure.quantity
    in_brackets = years_in_brackets(figure)
    if in_brackets is not None:
        return not in_brackets
    earlier = _EARLIER_AFTER.match(text, quantity.end)
    return earlier is not None and _THAN.search(earlier[0]) is None


def _is_set_off(text: str, figure: Figure | None) -> bool:
    """Return whether a figure is set off between two marks: "the longest one, 46 days, took place in May"."""
    if figure is None:
        return False
    start, end = figure.quantity.start, figure.quantity.end
    is_after_mark = text[:start].rstrip().endswith((",", "(", "–", "—"))
    return is_after_mark and _MARK_AFTER.match(text, end) is not None


@lru_cache(maxsize=1 << 13)
def is_part(figure: Figure) -> bool:
    """Return whether a figure of a sentence is that of a part of the figure before: "119 posts, 52 of them women"."""
    if figure.sentence.header:
        return False
    is_of_whom = _OF_WHOM.search(text_before(figure)) is not None
    return is_of_whom or _OF_THEM.match(figure.sentence.text, figure.quantity.end) is not None


@lru_cache(maxsize=1 << 13)  # several rules ask it of each pair of figures
def year_after(figure: Figure) -> int | None:
    """Return the year right after a figure of a sentence, "12 ships in 2019", but not "12 more than in 2019"."""
    match = _IN_YEAR.match(figure.sentence.text, figure.quantity.end)
    if match is None or _THAN.search(match[0]) is not None:
        return None
    return int(match[1] or match[2])


@lru_cache(maxsize=1 << 13)
def years_in_brackets(figure: Figure) -> frozenset[int] | None:
    """Return the years before a figure in brackets, "1,913 complaints (2022: 1,688)", or none for "(last year: 1,688)".

    None for a figure without such a time.
    """
    text, start = figure.sentence.text, figure.quantity.start
    if figure.sentence.header:
        return None
    patterns = (_DATED_IN_BRACKETS, _DATED_LIST)
    match = next((found for each in patterns if (found := each.search(text, max(0, start - REACH), start))), None)
    return frozenset(written_years(match[1] or "")) if match is not None else None


def clause_span(figure: Figure) -> Span:
    """Return the span of the clause of a figure in its sentence."""
    return _clause(figure, has_later=True)


def clause_of(figure: Figure) -> str:
    """Return the clause of a figure."""
    start, end = _clause(figure, has_later=False)
    return figure.sentence.text[start:end]


def lead_of(figure: Figure) -> str:
    """Return the words of the clause of a figure that are before it."""
    start, _ = _clause(figure, has_later=False)
    return figure.sentence.text[start : figure.quantity.start]


def is_aside(figure: Figure, figures: Sequence[Figure]) -> bool:
    """Return whether a figure is in a clause about the subject of a statement on something else.

    "The court, which serves a country of 6.2 million, decided 5,310 cases": what is said in passing may be known from
    elsewhere.

    Args:
        figure: A figure of a sentence.
        figures: All figures of the sentence.
    """
    text, quantity = figure.sentence.text, figure.quantity
    aside = next((m for m in ASIDE.finditer(text) if m.start() < quantity.start and quantity.end <= m.end()), None)
    return aside is not None and any(
        each.quantity.end <= aside.start() or each.quantity.start >= aside.end() for each in figures
    )


def part_before(figure: Figure) -> str:
    """Return the part of a sentence up to a figure; a part begins after a semicolon, a colon or a full stop."""
    text, start = figure.sentence.text, figure.quantity.start
    begin = max((match.end() for match in SENTENCE_PART_END.finditer(text, 0, start)), default=0)
    return text[begin:start]


def is_earlier(figure: Figure, claim: Claim) -> bool:
    """Return whether a figure of a claim is of an earlier time: "up from 52", "52 the year before", "52 in 2021"."""
    text, quantity = figure.sentence.text, figure.quantity
    named = {*(years_in_brackets(figure) or ()), *([year] if (year := year_after(figure)) is not None else ())}
    is_of_earlier_year = bool(named) and max(named) < claim.latest
    is_instead = _INSTEAD_BEFORE.search(text, 0, quantity.start) is not None and THAN_YEAR.search(text) is not None
    is_dated_earlier = is_of_earlier_year or is_of_year_before(figure) or is_instead
    return is_dated_earlier or begins_change(text, quantity.start, quantity.end)


_OF_PLANNED = (
    r"\s+(?:of\s+the|of|out\s+of|des?|der|von|sur\s+les|de\s+los)\s+(?:planned|budgeted|geplanten|prévus|previstos)?\s*"
    r"|\s+(?:nur|only|seulement|sólo|solo|slechts)\s+"
)
"""Between two amounts of which only the second has the unit: "511.7 of the planned 640 million"."""

_LINK_OF_CHANGE = re.compile(TO, re.IGNORECASE)
_LINKED = re.compile(f"{TO}|{_OF_PLANNED}", re.IGNORECASE)


_INSTEAD_BEFORE = re.compile(rf"{INSTEAD_OF}\s+$", re.IGNORECASE)

_TO_LEVEL = re.compile(r"[,\s]\s*(?:to|auf|à|a|naar|para)\s+$", re.IGNORECASE)
"""Before the level to which a change led: "by 0.3 million crowns, to 35.1 million"."""

_SCALE = 1e3
"""Amounts with a word for their scale are at least so large."""


def with_shared_units(figures: Sequence[Figure], language: str | None) -> list[Figure]:
    """Give amounts the unit that their sentence leaves out: the second one's to the first of "from 88 to 81 per cent".

    An amount in thousands or more without a noun has the unit of the one before it: "346.1 million euros, after 297.3
    million".

    Args:
        figures: Figures in the order of their text.
        language: Language of the documents, which decides how numbers are read.
    """
    shared = list(figures)
    for at, (first, second) in enumerate(pairwise(figures)):
        text, a, b = first.sentence.text, first.quantity, second.quantity
        if first.position != second.position or first.sentence != second.sentence or a.kind == "percent":
            continue
        unit = _AFTER_NUMBER.sub("", b.text)
        is_linked = _LINKED.fullmatch(text[a.end : b.start]) is not None or (
            _CONJUNCTION.fullmatch(text, a.end, b.start) is not None and is_respective(text)
        )
        is_change = _LINK_OF_CHANGE.fullmatch(text, a.end, b.start) is not None
        if is_change and not unit.strip() and a.kind == b.kind == "count" and not a.unit:  # "from 46.2 to 45.7 years"
            shared[at] = replace(first, quantity=replace(a, unit=b.unit, counted=b.counted))
        if not is_linked or not unit.strip():
            continue
        if re.search(r"\d\W*[^\W\d_]|%", a.text) is not None:
            continue
        whole = find_quantities(f"{a.text}{unit}", language, comma=uses_decimal_comma([text], language))
        if len(whole) == 1:
            shared[at] = replace(first, quantity=replace(whole[0], text=a.text, start=a.start, end=a.end))
    for at, (first, second) in enumerate(pairwise(shared), 1):
        text, a, b = first.sentence.text, shared[at - 1].quantity, second.quantity
        if first.position != second.position or second.sentence.header or b.kind != "count":
            continue
        if (
            not b.unit
            and a.unit
            and a.kind in ("money", "percent")
            and _INSTEAD_BEFORE.search(text, 0, b.start) is not None
        ):
            shared[at] = replace(second, quantity=replace(b, kind=a.kind, unit=a.unit))  # "137 euros instead of 142"
            continue
        have_scales = abs(b.value) >= _SCALE and all(each.text.rstrip(".")[-1:].isalpha() for each in (a, b))
        if not have_scales or a.kind not in ("money", "count") or not a.unit:
            continue
        is_elided = (
            is_compared_with(text, b.start)
            or begins_change(text, b.start, b.end)
            or begins_change(text, a.start, a.end)
            or MORE_THAN.match(text, b.end) is not None
            or _TO_LEVEL.search(text, 0, b.start) is not None
            or is_part(second)
        )
        if is_elided:
            shared[at] = replace(second, quantity=replace(b, kind=a.kind, unit=a.unit, counted=a.counted))
    return shared


def clause_around(figure: Figure, figures: Sequence[Figure]) -> LocatedSentence | None:
    """Return the clause of a figure as a sentence; None if it is the whole sentence, or has too few words."""
    start, end = _clause(figure, has_later=any(other.start >= figure.end for other in figures))
    text = figure.sentence.text[start:end]
    words = [word for word in WORD.findall(text) if word.casefold() not in MEASURE_WORDS]
    is_whole = start == 0 and not re.search(r"\w", figure.sentence.text[end:])
    if len(words) < _MIN_CLAUSE_WORDS or is_whole:
        return None
    return replace(figure.sentence, start=figure.sentence.start + start, end=figure.sentence.start + end, text=text)


def years_of(document: DocumentInfo) -> set[int]:
    """Return the years that a document is about: its edition and those that it covers."""
    first, last = document.covers or (1, 0)
    return {*range(first, last + 1), *([document.edition] if document.edition is not None else [])}


@lru_cache(maxsize=1 << 13)
def months_at(figure: Figure) -> frozenset[int]:
    """Return the numbers of the months that the clause of a figure names."""
    if figure.sentence.header:
        return frozenset()
    start, end = _clause(figure, has_later=False)
    text = figure.sentence.text
    months = [
        (
            match[0].rstrip(".").casefold(),
            _BEFORE_MONTH.search(text, max(0, match.start() - REACH), match.start()) is not None,
        )
        for match in _MONTH.finditer(text, start, end)
    ]
    return frozenset(MONTHS[month] for month, is_dated in months if is_dated or month not in AMBIGUOUS_MONTHS)


def label_terms(figure: Figure, language: str | None) -> frozenset[str]:
    """Return the stems of the label of a figure's row."""
    return stems_of(label_of(figure), language)


def label_of(figure: Figure) -> str:
    """Return the label of a figure's row: its first cell with letters."""
    return row_label(figure.sentence.text)


@lru_cache(maxsize=1 << 12)  # each figure of a claim is compared with the same rows of its source
def stems_of(text: str, language: str | None) -> frozenset[str]:
    """Return the stems of a text without numbers."""
    return frozenset(term for term in terms(text, language) if not term.isdigit())


def head_terms(figure: Figure, language: str | None) -> frozenset[str]:
    """Return the stems of the head of a figure's column."""
    return stems_of(column_of(figure)[1], language)


def caption_terms(figure: Figure, language: str | None) -> frozenset[str]:
    """Return the stems of the caption of a figure's table."""
    return stems_of(figure.sentence.header.rpartition("\n")[0], language)


def column_of(figure: Figure) -> tuple[int, str]:
    """Return the column of a figure of a table, from 0, and its head, "" if the header has none."""
    cells, column = header_cells(figure.sentence.text, figure.quantity.start, figure.sentence.header)
    return column, cells[column] if 0 <= column < len(cells) else ""


def sentence_terms_of(figure: Figure, language: str | None) -> frozenset[str]:
    """Return the stems of a figure's sentence, or of its row with the header of the table."""
    return _terms_with_header(figure.sentence.text, figure.sentence.header, language)


@lru_cache(maxsize=1 << 12)
def _terms_with_header(text: str, header: str, language: str | None) -> frozenset[str]:
    return frozenset(sentence_terms(text, language)).union(sentence_terms(header, language))


def _years_at(figure: Figure, beside: Sequence[Figure], dated: str) -> frozenset[int]:
    """Return the years that the head of a figure's column names, or the text up to the next figure, or its clause.

    "2019 and 2018" before "2.7 and 2.0 billion, respectively" are the years of these in this order.

    Args:
        figure: The figure.
        beside: All figures of its sentence.
        dated: The sentence without years that are no years of figures; the sentence itself if empty.
    """
    sentence, quantity = figure.sentence, figure.quantity
    text = _without_limits(dated or sentence.text)
    if sentence.header:
        return frozenset(written_years(column_of(figure)[1]))
    if (in_brackets := years_in_brackets(figure)) is not None:
        return in_brackets
    if is_respective(text):
        alike = [each.quantity for each in beside if each.quantity.kind == quantity.kind]
        named = _years_in_order(text)
        return frozenset([named[alike.index(quantity)]]) if len(named) == len(alike) else frozenset()
    if (of_change := _year_of_change(figure, beside)) is not None:
        return frozenset({of_change})
    at = _place(figure, beside)
    alike_before = (beside[i].quantity.end for i in range(at - 1, -1, -1) if beside[i].quantity.kind == quantity.kind)
    alike_after = (
        beside[i].quantity.start for i in range(at + 1, len(beside)) if beside[i].quantity.kind == quantity.kind
    )
    before = next(alike_before, 0)
    ends = [
        end
        for end in _CLAUSE_END.finditer(text, before, quantity.start)
        if not _YEAR_CLAUSE.search(text, max(0, end.start() - REACH), end.start())
    ]
    before = max([before, *(end.end() for end in ends)])
    after = next(alike_after, len(text))
    bracket = text.rfind("(", quantity.end, after) if after < len(text) else -1
    if bracket > text.rfind(")", quantity.end, after):
        after = bracket  # its year is that of the amount in the brackets
    end = _CLAUSE_END.search(text, quantity.end, after) if after < len(text) else None
    return frozenset(
        written_years(text[quantity.end : end.start() if end else after])
        or ({} if _AFTER_START.search(text[before : quantity.start]) else _last_years(text[before : quantity.start]))
        or written_years(_YEAR_LABEL.sub(" ", text[quantity.end : after]))
    )


def _year_of_change(figure: Figure, beside: Sequence[Figure]) -> int | None:
    """Return the year of one of two amounts of a change between two years: "between 2022 and 2023 from 266 to 243"."""
    alike = [each.quantity for each in beside if each.quantity.kind == figure.quantity.kind]
    if len(alike) != len(_ENDS) or _LINK.fullmatch(figure.sentence.text, alike[0].end, alike[1].start) is None:
        return None
    times = list(_BETWEEN_YEARS.finditer(figure.sentence.text))
    return int(times[0][1 + alike.index(figure.quantity)]) if len(times) == 1 else None


_ENDS = ("from", "to")
_LINK = re.compile(rf"(?:\s+[^\W\d_]+){{0,2}}?{TO}(?:{BEFORE_AMOUNT})?", re.IGNORECASE)
_BETWEEN_YEARS = re.compile(
    rf"\b(?:between|zwischen|entre|tra|fra|tussen|from|von|de|dal|van)\s+(?:(?:the\s+)?(?:end\s+of\s+|Ende\s+|fin\s+)?(?:{MONTH}\s+)?)({YEAR})"
    rf"\s+(?:and|und|et|y|e|en|to|bis|à|al?|tot)\s+(?:(?:end\s+of\s+|Ende\s+|fin\s+)?(?:{MONTH}\s+)?)({YEAR})\b",
    re.IGNORECASE,
)
"""The years between which an amount changed."""


@lru_cache(maxsize=256)  # a sentence may have hundreds of figures
def _without_limits(text: str) -> str:
    """Return a sentence of the same length without the years that only limit the time of a figure."""
    return _SINCE_YEAR.sub(lambda since: " " * len(since[0]), text)


@lru_cache(maxsize=256)
def _years_in_order(text: str) -> tuple[int, ...]:
    return tuple(written.year for mention in parse_years(text) for written in mention.written)


@lru_cache(maxsize=256)
def _written_years(text: str) -> frozenset[int]:
    return frozenset(written_years(text))


def _place(figure: Figure, beside: Sequence[Figure]) -> int:
    """Return the position of a figure among those of its sentence, which are in order and do not overlap."""
    return bisect_left(beside, figure.quantity.start, key=lambda other: other.quantity.start)


@lru_cache(maxsize=1 << 13)
def quarters_at(figure: Figure) -> frozenset[int]:
    """Return the quarters of a year that the head of a figure's column names, or its clause."""
    if figure.sentence.header:
        text = column_of(figure)[1]
    else:
        start, end = _clause(figure, has_later=False)
        text = figure.sentence.text[start:end]
    return frozenset(
        _QUARTER_NUMBERS[word.casefold()] for match in _QUARTER.finditer(text) for word in match.groups() if word
    )


_FISCAL_YEAR = re.compile(r"(?:FY|SY|AY)\d{2,4}(?:[/–-]\d{2,4})?")
"""A fiscal, school or academic year, which is no name: "FY2022"."""


def find_names(text: str, language: str | None) -> list[tuple[int, str]]:
    """Return the names of a text, each with its start: capitalised words, two or more at the beginning of a sentence.

    German, which writes all nouns so, has only names of two words, and scripts without capitals have none.
    """
    is_german = primary_language(language) == "de"
    without_days = DAY.sub(lambda day: " . ".ljust(len(day[0])), text)
    return [
        (match.start(), match.group().strip())
        for match in CAPITALISED_NAME.finditer(without_days)
        if (len(match.group()) > _MIN_NAME or match.group()[1:].islower())
        and match.group().casefold() not in MONTHS
        and not _FISCAL_YEAR.fullmatch(match.group())
        and not (is_german and not _is_full_name(match.group()))
    ]


def _first_word_as_name(text: str, texts: Sequence[str], language: str | None) -> Iterator[tuple[int, frozenset[str]]]:
    """Yield the first word of a sentence, and how often its sources have it, if these write it only as a name."""
    first = re.match(rf"\W*({NAME_WORD})", text)
    if first is None or primary_language(language) == "de":
        return
    word = re.escape(first[1])
    inside = sum(len(re.findall(rf"[^\W.!?:][,;]?\s{word}(?!\w)", whole)) for whole in texts)
    if inside and not any(re.search(rf"(?<!\w){word.lower()}(?!\w)", whole) for whole in texts):
        yield inside, frozenset(terms(first[1], language))


def _is_full_name(written: str) -> bool:
    """Return whether capitalised words are two or more, none of which is a measure, a month or a scale."""
    words = written.casefold().split()
    return len(words) > 1 and MEASURE_WORDS.isdisjoint(words) and LANGUAGE_SCALES["de"].keys().isdisjoint(words)


@lru_cache(maxsize=1024)
def _last_years(text: str) -> frozenset[int]:
    """Return the last year, or the years of the last span, that a text names."""
    mentions = parse_years(text)
    return frozenset(written.year for written in mentions[-1].written) if mentions else frozenset()


def text_before(figure: Figure) -> str:
    """Return the text shortly before a figure."""
    return figure.sentence.text[max(0, figure.quantity.start - REACH) : figure.quantity.start]


def _clause_words(figure: Figure, beside: Sequence[Figure], language: str | None) -> frozenset[str]:
    """Return the stems of the clause of a figure, up to the other figures in it."""
    quantity, text = figure.quantity, figure.sentence.text
    at = _place(figure, beside)
    before, after = beside[max(0, at - 1) : at], beside[at + 1 : at + 2]
    start, stop = _clause(figure, has_later=bool(after))
    start = max([start, *(other.quantity.end for other in before)])
    stop = min([stop, *(other.quantity.start for other in after)])
    clause = f"{text[start : quantity.start]} {text[quantity.end : stop]}, {quantity.counted}"
    return frozenset(term for term in clause_terms(clause, language) if not term.isdigit())


def clause_terms(text: str, language: str | None) -> Iterator[str]:
    """Yield the stems of a text, and "ein-" and the like for a part of a German verb at the end of a clause."""
    yield from terms(text, language)
    if primary_language(language) in ("de", "nl"):
        for match in _PREFIX_AT_END.finditer(text):
            yield f"{match[1].casefold()}-"


def _clause(figure: Figure, *, has_later: bool) -> Span:
    """Return the span of a figure's clause; "and" ends it only before another figure."""
    quantity, text = figure.quantity, figure.sentence.text
    start, stop = 0, len(text)
    for marks, may_end in zip(_clause_ends(text), (True, has_later), strict=True):
        before = bisect_right(marks, quantity.start, key=lambda mark: mark[1])
        start = max([start, *(end for _, end in marks[max(0, before - 1) : before])])
        after = bisect_left(marks, quantity.end, key=lambda mark: mark[0])
        stop = min([stop, *(begin for begin, _ in marks[after : after + may_end])])
    return start, stop


@lru_cache(maxsize=1024)
def _clause_ends(text: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the spans of the marks that end clauses in a sentence, and of the words that join them."""
    ends, joints = (tuple(match.span() for match in pattern.finditer(text)) for pattern in (_CLAUSE_END, _CONJUNCTION))
    return ends, joints


@lru_cache(maxsize=256)
def _brackets(text: str) -> tuple[Span, ...]:
    return tuple(match.span() for match in _IN_BRACKETS.finditer(text))


def _bracket_around(text: str, offset: int) -> Span | None:
    """Return the span of the brackets around an offset."""
    brackets = _brackets(text)
    at = bisect_left(brackets, offset, key=lambda span: span[0]) - 1
    return brackets[at] if at >= 0 and offset < brackets[at][1] else None


def _said_of(figure: Figure, beside: Sequence[Figure], language: str | None) -> frozenset[str]:
    """Return the stems of what is said of a figure: what it counts, and the words up to the next figure of its clause.

    "455 discharged" counts the patients of the figure before it. What is in brackets is said of another figure.
    """
    quantity, text = figure.quantity, figure.sentence.text
    if figure.sentence.header or "|" in text:
        return frozenset()
    around = _bracket_around(text, quantity.start)
    at = _place(figure, beside)
    later = (beside[i].quantity.start for i in range(at + 1, len(beside)))
    following = next((start for start in later if around or _bracket_around(text, start) is None), len(text))
    stop = min(following, around[1] if around else len(text))
    ends = [_CLAUSE_END.search(text, quantity.end, stop)]
    if (
        stop == following < len(text)
    ):  # the verb of the next figure may be before it: "made 30 runs and guided 38 ships"
        ends.append(_CONJUNCTION.search(text, quantity.end, stop))
    stop = min([stop, *(end.start() for end in ends if end)])
    if at and PART_OF.fullmatch(text, beside[at - 1].quantity.end, quantity.start):
        stop = quantity.end
    counted = quantity.counted
    if _ELIDED.fullmatch(counted) and _OF_AFTER.match(text, quantity.end) is None:
        earlier = (beside[i].quantity for i in range(at - 1, -1, -1))
        counted_before = (
            other.counted
            for other in earlier
            if other.kind == quantity.kind
            and _BASE_BEFORE.search(text, max(0, other.start - REACH), other.start) is None
        )
        counted = " ".join([*islice(counted_before, 1), counted])
    rest = text[quantity.end : stop]
    said = f"{counted} {rest if around else _IN_BRACKETS.sub(' ', rest)}"
    said = re.sub(f"[{HIRAGANA}]+", " ", said)  # endings, such as those of a Japanese copula
    words = (word for word in re.findall(r"\w+", said) if word.casefold() not in MEASURE_WORDS)  # such as "fiscal"
    return frozenset(clause_terms(" ".join(words), language))
