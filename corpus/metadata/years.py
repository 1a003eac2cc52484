"""The parser of years, fiscal years and spans of years, for documents and questions alike.

`parse_years` finds what a text says about years, with exact offsets. Titles and covers are analysed in steps (edition,
series, years covered); these steps match `SINGLE_YEAR` and `YEAR_SPAN`, the patterns of the parser, in a text that
`normalize_years` has normalised: years are four plain digits in it, and numbers that are not years are blanked.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from corpus.scripts import KANJI_DIGITS, parse_kanji
from corpus.vocabulary import (
    ANY_YEAR,
    CURRENCY_SIGNS,
    DAY_AFTER_MONTH,
    DAY_BEFORE_MONTH,
    DAY_SUFFIX,
    DECADES,
    EARLIEST_IN_METADATA,
    EARLIEST_IN_TEXT,
    ERA_LETTERS,
    ERA_NAMES,
    ERAS,
    FISCAL_YEAR_ADJECTIVES,
    FISCAL_YEAR_NOUNS,
    MONTH,
    MONTHS,
    ROMANISED_ERAS,
    YEAR,
)

Kind = Literal["calendar", "fiscal", "decade"]
Role = Literal["time", "name", "quantity"]

MAX_SPAN = 60
"""Years; a text with a longer span ("1900-2000") is rarely about each of its years."""

_MAX_CENTURY_SPAN = 15
"""Years of a span like "1999-05" that crosses a century; "2015-03" would be longer and is a month."""

_NOT_AFTER = rf"(?<![0-9.,:{CURRENCY_SIGNS}#_])(?<![0-9][-–/])(?<![A-Z][-/])"
_RANGE_WORDS = r"to|and|through|until|till?|bis|und|à|et|a|al|y|até|t/m|tot(?:\s+en\s+met)?|do"
"""Alternatives for the words between the ends of a range of years or dates, in the languages of `MONTHS`."""

_RANGE_WORD = (
    rf"(?i:(?:年度?)?\s*(?:[-–—/~～〜‐]|{_RANGE_WORDS}|jusqu['’](?:en|à)|e|から)\s*"
    rf"(?:FY\s?|mid-|(?:early|late|about|around|the\s+end\s+of|{MONTH})\s+)?)"
)


def _not_before(year: str) -> str:
    return rf"(?![0-9%‰°_]|\s?%|\s?(?:[百千億兆亿萬억조]|万(?!博))|[.,:][0-9]|[-/](?!{year}\b)[0-9]{{3,}}|s\b)"


def _span(year: str) -> str:
    """Return the pattern of the rest of a span after its first year: two digits that are no day, or a year."""
    is_day = rf"\s[-–—]\s[0-9]{{2}}{DAY_SUFFIX}\s+(?:of\s+|de\s+)?(?i:{MONTH})"
    two_digits = r"\s?[-–—/]\s?([0-9]{2})(?![0-9]|,[0-9]|\s?[-–/.][0-9]|\s?%)"
    return rf"(?!{is_day})(?:{two_digits}|{_RANGE_WORD}({year}){_not_before(year)})"


SINGLE_YEAR = re.compile(rf"{_NOT_AFTER}({YEAR}){_not_before(YEAR)}")
YEAR_SPAN = re.compile(rf"{_NOT_AFTER}({YEAR}){_span(YEAR)}")
# The lookbehinds follow the digits, so that the search begins with a digit: ten times faster.
_YEAR_OR_RANGE_START = re.compile(
    rf"{ANY_YEAR}(?<![0-9_{CURRENCY_SIGNS}#]....)(?<![A-Z][-/]....)(?=(?P<decade>s\b|er(?=[\s-]Jahre)|年代)|{_not_before(ANY_YEAR)})"
)
_DATE_BEFORE = re.compile(
    rf"(?<![0-9./-])(?:0?[1-9]|[12][0-9]|3[01])([./-])(?:(?:0?[1-9]|1[0-2])\1)?$|(?<![0-9]){YEAR}[-–/]$"
)
_RANGE_END = re.compile(_span(ANY_YEAR))
_SHORT_FISCAL = re.compile(r"\bFY\s?['’]?([0-9]{2})(?:[-–/]([0-9]{2}))?(?![0-9])")
_FISCAL_BEFORE = re.compile(
    rf"(?:\bFY\s?['’]?|\b(?:{FISCAL_YEAR_ADJECTIVES}|business|budget)\s+(?:years?\s+)?"
    rf"|\b(?:{FISCAL_YEAR_NOUNS})\s+)$",
    re.IGNORECASE,
)
_DECADE_BEFORE = re.compile(r"\b(?:années|décennie(?:\s+de)?|década\s+de)\s+$", re.IGNORECASE)
_SHORT_DECADE = re.compile(
    r"\b(?:the\s+(?:(?:early|mid|late)[\s-]+)?['’]?(?P<en>[2-9]0)s|(?P<de>[2-9]0)er[\s-]Jahren?|(?:années|años|década\s+de\s+los)\s+(?P<fr>[2-9]0))\b",
    re.IGNORECASE,
)
_DECADE_STARTS = {
    word.casefold(): 1920 + 10 * number for words in DECADES.values() for number, word in enumerate(words)
} | {"quatre-vingt": 1980}
_EN, _DE, _FR, _ES = ("|".join(sorted(DECADES[code], key=len, reverse=True)) for code in ("en", "de", "fr", "es"))
_WORDED_DECADE = re.compile(
    rf"\b(?:the\s+(?:(?:early|mid|late)[\s-]+)?|nineteen[\s-])(?P<en>{_EN})\b"
    rf"|\b(?P<de>{_DE})[\s-]?Jahren?\b|\bannées\s+(?P<fr>{_FR}|quatre-vingt)\b|\baños\s+(?P<es>{_ES})\b",
    re.IGNORECASE,
)
_DECADE_HINTS = ("0s", "0er", "années", "años", "década", "ziger", "dreißiger", *DECADES["en"])
"""One of these is in each short or worded decade; to look for them costs less than to search the patterns."""

_NUMBER_AFTER = re.compile(r"[/-][0-9]")
"""Follows a year that is part of a number: "Directive 2014/24"."""

_INNER_PUNCTUATION = frozenset(".,:-–/")
_AFTER_BETWEEN = re.compile(
    rf"\b(?:between|zwischen|entre)\s+(?:the\s+years?\s+|den\s+Jahren\s+|les\s+années\s+)?"
    rf"(?:(?:{DAY_BEFORE_MONTH})?{MONTH}\s+(?:[0-9]{{1,2}},?\s+)?|(?:early|mid|late)[\s-])?$",
    re.IGNORECASE,
)
"""Text before "2015 and 2019" that makes it a span; "between the 2016 and 2020 editions" is an enumeration."""

_CONJUNCTION = re.compile(r"(?:年度?)?\s*(?:and|und|et|y)\b", re.IGNORECASE)
_OPENING_BRACKET = re.compile(r"年?度?\s*[(（]\s*")
_CONTEXT = 60
"""Characters before a number that decide whether it is a year."""


class Period(NamedTuple):
    """The first and last calendar year of a period."""

    first: int
    last: int


class WrittenYear(NamedTuple):
    """A year as written: its value and the offsets `[start, end)` of its digits, or of the era with its number."""

    year: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year, decade, fiscal year or span of years that a text names.

    Attributes:
        first: The first calendar year.
        last: The last calendar year; equal to `first` unless the mention is a decade or a span.
        kind: "fiscal" for fiscal, school and business years, also for a span such as "2015/16".
        start: Offset of the mention in the text, with "FY" but without words such as "fiscal year".
        end: Offset of its end.
        written: The years that are spelled out: one, or both ends of a span.
        role: "name" where the year is part of a name ("Paris Agreement 2015", "Agenda 2030"), "quantity" where the
            number may count things ("2015 teachers"): the text then need not be about that year. Else "time".
        enumerated: True for "2015 and 2019", which names no year between the two.
    """

    first: int
    last: int
    kind: Kind
    start: int
    end: int
    written: tuple[WrittenYear, ...]
    role: Role = "time"
    enumerated: bool = False

    @property
    def is_span(self) -> bool:
        """Whether the mention stands for every year from `first` to `last`."""
        return self.first < self.last <= self.first + MAX_SPAN and not self.enumerated

    @property
    def years(self) -> tuple[int, ...]:
        """All years of the mention in order; only the ends of an enumeration or a span longer than MAX_SPAN."""
        if self.is_span:
            return tuple(range(self.first, self.last + 1))
        return tuple(sorted({written.year for written in self.written}))


def parse_years(text: str, earliest: int = EARLIEST_IN_METADATA) -> list[YearMention]:
    """Find the years, fiscal years, decades and spans of years that a text names.

    Understands "2015", "FY2015", "FY16", "2015/16", "2015-2019", "from 2015 to 2019", "1930s", "31.03.2015",
    "平成27年度", "令和元年" and "Heisei 27". Amounts, document symbols, numbers of resolutions and standards, telephone
    numbers and addresses of web pages are not years.

    Args:
        text: Any text in any language; words are understood in English, German, French, Spanish and Japanese.
        earliest: The first calendar year that a four-digit number can mean; `EARLIEST_IN_TEXT` for chronicles.

    Returns:
        The mentions in text order. They do not overlap, and `text[start:end]` is the mention as written.
    """
    plain, offset_of = _with_plain_digits(text)
    mentions = [_restore_offsets(mention, offset_of) for mention in _mentions(plain, earliest)]
    more = list(_short_fiscal_years(plain)) if "FY" in plain else []
    lowered = plain.lower()
    for hint in _DECADE_HINTS:  # no generator expression: this runs for every candidate passage of every question
        if hint in lowered:
            more += _short_decades(plain)
            break
    if more:
        mentions += [_restore_offsets(mention, offset_of) for mention in more]
        mentions.sort(key=lambda mention: mention.start)
    return [
        mention
        for position, mention in enumerate(mentions)
        if not (position and _is_same_year_again(text, mentions[position - 1], mention))
    ]


def written_years(text: str) -> set[int]:
    """Return the years that a text spells out: both ends of a span, the first year of a decade.

    What may be an amount, as in "2019 exports", counts as a year; "a total of 1850 students" names none.
    """
    return {
        written.year
        for mention in parse_years(text)
        if mention.role != "quantity" or not _is_amount(text, mention.start, mention.end)
        for written in mention.written
    }


_FOUR_DIGITS = re.compile(rf"(?<![0-9]){ANY_YEAR}(?![0-9])")


def numbers_like_years(text: str) -> tuple[Counter[str], Counter[str]]:
    """Count the four-digit numbers of a text that could be years: those that are, and those that number something.

    In "Resolution 1973 was adopted in 2011" 2011 is a year, and 1973 the number of a resolution.
    """
    written = {(year.start, year.end) for mention in parse_years(text, EARLIEST_IN_TEXT) for year in mention.written}
    matches = list(_FOUR_DIGITS.finditer(text))
    years = Counter(match[0] for match in matches if match.span() in written)
    return years, Counter(match[0] for match in matches) - years


def _mentions(plain: str, earliest: int) -> Iterator[YearMention]:
    position = rejected = 0
    while (match := _YEAR_OR_RANGE_START.search(plain, position)) is not None:
        first = WrittenYear(int(match[0]), *match.span())
        position, begin, is_date = first.end, first.start, False
        if plain[begin - 1 : begin] in _INNER_PUNCTUATION:
            date = _DATE_BEFORE.search(plain, max(0, begin - 6), begin)
            if date is None and (plain[begin - 1] in ".,:" or plain[begin - 2 : begin - 1].isdigit()):
                continue
            is_date, begin = date is not None, date.start() if date is not None and date[1] else begin
        if first.year < earliest:
            continue
        role = _role(plain, begin, first.end)
        is_listed = rejected and plain[rejected : first.start].strip(" ,)/-") in {"", "and", "or", "und", "et", "y"}
        if role is None or is_listed or (role == "name" and _NUMBER_AFTER.match(plain, first.end)):
            rejected = first.end
            continue
        if match["decade"] is not None:
            if first.year % 10 == 0 or match["decade"] == "年代":  # 昭和50年代 is 1975 to 1984
                end = match.end("decade")
                yield YearMention(first.year, first.year + 9, "decade", first.start, end, (first,), role)
            continue
        if first.year % 10 == 0 and _DECADE_BEFORE.search(plain, max(0, begin - 20), begin):
            yield YearMention(first.year, first.year + 9, "decade", first.start, first.end, (first,), role)
            continue
        kind: Kind = "fiscal" if plain.startswith("年度", first.end) else "calendar"
        begin = first.start
        if (fiscal := _FISCAL_BEFORE.search(plain, max(0, begin - 20), begin)) is not None:
            kind, begin = "fiscal", fiscal.start() if fiscal[0][:2].upper() == "FY" else begin
        rest = _RANGE_END.match(plain, first.end)
        period = None if rest is None or is_date else _period(first.year, rest[1], rest[2])
        if rest is None or period is None:
            yield YearMention(first.year, first.year, kind, begin, first.end, (first,), role)
            continue
        if plain[first.end] == "/" and period.last == period.first + 1:
            kind = "fiscal"
        last = WrittenYear(period.last, *rest.span(1 if rest[1] else 2))
        enumerated = _CONJUNCTION.match(plain, first.end) is not None and not _AFTER_BETWEEN.search(
            plain, max(0, first.start - _CONTEXT), first.start
        )
        position = last.end
        yield YearMention(*period, kind, begin, last.end, (first, last), role, enumerated)


def _period(first: int, two_digits: str | None, four_digits: str | None) -> Period | None:
    """Return the span from a year to one with two or four digits; None if the latter is not a later year."""
    if four_digits:
        return Period(first, int(four_digits)) if int(four_digits) >= first else None
    last = first // 100 * 100 + int(two_digits or 0)
    if last <= first:  # 1999-00 ends in 2000
        last += 100
        return Period(first, last) if last - first <= _MAX_CENTURY_SPAN else None
    return Period(first, last) if last - first <= MAX_SPAN else None


def expand_two_digits(short: int) -> int:
    """Return the year from 1950 to 2049 that is written with two digits."""
    return short + (2000 if short < 50 else 1900)


def _short_fiscal_years(plain: str) -> Iterator[YearMention]:
    """Find fiscal years of two digits: "FY16", "FY15/16"."""
    for match in _SHORT_FISCAL.finditer(plain):
        first = expand_two_digits(int(match[1]))
        written = [WrittenYear(first, *match.span(1))]
        if match[2] and (period := _period(first, match[2], None)) is not None:
            written.append(WrittenYear(period.last, *match.span(2)))
        yield YearMention(first, written[-1].year, "fiscal", match.start(), written[-1].end, tuple(written))


def _short_decades(plain: str) -> Iterator[YearMention]:
    """Find decades of two digits, which are those of the twentieth century: "the '90s", "90er Jahre"."""
    for match in _SHORT_DECADE.finditer(plain):
        group = match.lastgroup or ""
        first = 1900 + int(match[group])
        yield YearMention(first, first + 9, "decade", *match.span(), (WrittenYear(first, *match.span(group)),))
    for match in _WORDED_DECADE.finditer(plain):
        group = match.lastgroup or ""
        first = _DECADE_STARTS[match[group].casefold()]
        yield YearMention(first, first + 9, "decade", *match.span(), (WrittenYear(first, *match.span(group)),))


PREVIOUS_YEAR = (
    r"(?:(?:(?:the\s+)?(?:previous|preceding|prior)\s+year|the\s+year\s+before|(?:a|one)\s+year\s+ago|(?:im\s+|ein\s+|das\s+)?Vorjahr(?:es)?"
    r"|(?:l['’])?an(?:née)?\s+(?:dernier|précédente?)|(?:el\s+)?año\s+anterior|(?:l['’])?anno\s+precedente|(?:no\s+)?ano\s+anterior"
    r"|het\s+jaar\s+(?:ervoor|daarvoor)|vorig\s+jaar|the\s+(?:previous|preceding)\s+season|(?:der\s+)?Vorsaison"
    r"|(?:la\s+)?saison\s+(?:précédente|passée)|(?:la\s+)?temporada\s+anterior|(?:la\s+)?stagione\s+precedente)\b|前年度?)"
)
"""Pattern of the words for the year before one that a text is about."""

LAST_YEAR_WORDS = re.compile(
    rf"(?:\b|(?=前年)){PREVIOUS_YEAR}(?!\s+end)|\b(?:last|past)\s+year\b(?!\s+end)"
    r"|\b(?:im\s+)?(?:letzte[ns]|vorige[ns]|vergangene[ns])\s+Jahr(?:es)?\b"
    r"|\bl['’]année\s+(?:dernière|passée|écoulée)\b|\baño\s+pasado\b|昨年|去年",
    re.IGNORECASE,
)
THIS_YEAR_WORDS = re.compile(
    r"\b(?:this|the\s+same)\s+year\b|\b(?:in\s+)?diese[ms]\s+Jahr(?:es)?\b|\bcette\s+année\b|\beste\s+año\b|今年|本年|同年",
    re.IGNORECASE,
)
NEXT_YEAR_WORDS = re.compile(
    r"\b(?:next|coming|ensuing|following)\s+(?:fiscal\s+)?year\b|\b(?:im\s+)?(?:nächste|kommende)[ns]\s+Jahr(?:es)?\b"
    r"|\bl['’]année\s+prochaine\b|\b(?:próximo\s+año|año\s+que\s+viene)\b|来年|翌年",
    re.IGNORECASE,
)
"""Words for years relative to that of a speech or an edition."""


_SINCE = re.compile(
    r"\b(?:since|no\s+earlier\s+than|not\s+(?:before|earlier\s+than)|seit(?:\s+dem\s+Jahr)?|ab|frühestens|nicht\s+vor"
    r"|depuis|dès|(?:à|a)\s+partir\s+de|desde|(?P<strict>(?<!not\s)(?:after|(?<!no\s)later\s+than)|(?<!nicht\s)nach|après|después\s+de))"
    r"\s+(?:the\s+(?:year\s+)?|l['’]année\s+|el\s+año\s+)?(?:FY\s?)?$",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:(?:until|till|up\s+to|through)(?:\s+and\s+including)?|no\s+later\s+than|not\s+(?:after|later\s+than)"
    r"|bis(?:\s+einschließlich)?|spätestens|nicht\s+nach|jusqu['’](?:en|à)(?:\s+fin)?|hasta"
    r"|(?P<strict>(?<!not\s)(?:before|(?<!no\s)earlier\s+than)|prior\s+to|(?<!nicht\s)vor|avant|antes\s+de))"
    r"\s+(?:the\s+(?:year\s+)?|l['’]année\s+|el\s+año\s+)?(?:FY\s?)?$",
    re.IGNORECASE,
)
_SINCE_AFTER = re.compile(
    r"\s?(?:年度?)?(?:以降|以来|以後|から|(?P<strict>より後))|\s+(?:onwards?|or\s+later|and\s+later)\b|\s+on(?=\s*(?:[?.,;]|$))"
)
_UNTIL_AFTER = re.compile(r"\s?(?:年度?)?(?:まで|以前|(?P<strict>より前))|\s+(?:or|and)\s+earlier\b")


def open_period(text: str, mention: YearMention) -> tuple[int | None, int | None]:
    """Return the first and last year of an open period such as "since 2007"; None for the open side.

    Both are None for any other mention.
    """
    if mention.kind == "decade" or mention.first != mention.last:
        return None, None
    before = text[max(0, mention.start - _CONTEXT) : mention.start]
    if (since := _SINCE.search(before) or _SINCE_AFTER.match(text, mention.end)) is not None:
        return mention.first + (since["strict"] is not None), None
    if (until := _UNTIL.search(before) or _UNTIL_AFTER.match(text, mention.end)) is not None:
        return None, mention.last - (until["strict"] is not None)
    return None, None


def _is_same_year_again(text: str, before: YearMention, mention: YearMention) -> bool:
    """Return whether a mention repeats the one before it in another calendar: "平成27年(2015年)"."""
    same = (before.first, before.last) == (mention.first, mention.last)
    return same and _OPENING_BRACKET.fullmatch(text, before.end, mention.start) is not None


_LAWS = frozenset(
    """
    act acts law laws ordinance regulation regulations decree code convention conventions treaty treaties protocol
    charter constitution directive resolution resolutions order bill statute agreement declaration loi gesetz ley
    decreto décret règlement verordnung richtlinie
    """.split()
)
_NUMBERED = frozenset(
    """
    no. nos. number nr. nr n° nº № suite box route rue figure fig fig. table tables page pages p. pp. para. paragraph
    résolution résolutions resolución
    paragraphs item items article section resolution resolutions doc. docs. windows building flight lot isbn issn doi
    catalogue room tel tel. telephone phone fax mobile call usd eur gbp jpy chf cad aud inr rs rs.
    form forms formular formulaire formulario extension docket proposition § §§ art. az. aktenzeichen drucksache
    e.o. h.r. p.l.
    """.split()
)
"""Words before a number that make it the number of something, or an amount."""

_STANDARDS = frozenset("ISO IEC EN DIN RFC HC HL CM CMND UNSCR JIS ANSI IEEE ASTM BS NF RES".split())
"""Standards and symbols before a number, in capitals only: "en 2015" is French and Spanish for "in 2015"."""

_NUMBERED_LAWS = re.compile(
    r"\b(?:executive\s+orders?|(?:public|private)\s+laws?|(?:house|senate|assembly|private)\s+bills?)\s+[(\[]?$",
    re.IGNORECASE,
)
"""Laws that are numbered; others ("Companies Act 2006") are named after their year."""

_SYMBOL_AFTER = re.compile(r"\)\s?[0-9]")
"""Follows the year of a symbol such as "COM(2015) 614", if capitals are right before its bracket."""

_NUMBER_LABELS = frozenset("isbn issn doi tel tel. telephone phone fax mobile call".split())
"""Words before the digits of a telephone number or a publication number, in groups: "tel. (0)3 2015"."""

_PROGRAMMES = frozenset("agenda vision horizon target goal goals roadmap expo europe tokyo".split())
"""Words before a year that make it part of the name of a programme: "Agenda 2030"."""

_PROGRAMMES_AFTER = frozenset("agenda vision goal goals target targets".split())
"""The same after a year: "2030 Agenda"."""

_SCALES = frozenset("million millions billion billions thousand trillion crore lakh mio mrd milliard milliards".split())
"""Words after a number that make it an amount."""

_THINGS_COUNTED = frozenset(
    """
    people persons staff children men women km kilometres miles metres tonnes tons kg kilograms mw gwh euro euros dollar
    dollars yen pound pounds francs copies hours households
    """.split()
)
"""Nouns after a number that make it a quantity."""

_PREPOSITIONS_OF_TIME = frozenset("in during since by until before after en im seit depuis desde".split())
"""Words before a number that make it a year, whatever follows but a scale or the rest of a name."""

_WORDS_BEFORE_YEARS = (
    _PREPOSITIONS_OF_TIME
    | MONTHS.keys()
    | frozenset(
        """
        of for from to till through the year years fy fiscal financial calendar and late early mid end de it année jahr
        año around about circa between or
        """.split()
    )
)
"""Words before a number that make it a year even if a plural noun follows."""

_AMOUNT_BEFORE = re.compile(
    r"\b(?:(?:total|increase|decrease|rise|fall|drop|average|mean|maximum|minimum|record|loss|shortage|deficit|surplus|stock|fleet"
    r"|staff|crowd|audience|population|capacity|sum)\s+of|fewer\s+than|less\s+than|more\s+than|at\s+least|at\s+most|only)\s+$",
    re.IGNORECASE,
)
"""Words before a number that make it an amount if a plural noun follows: "a total of 1850 students"."""

_ESTIMATE_BEFORE = re.compile(
    r"\b(?:(?:number|sales|purchases|output)\s+of|about|around|almost|nearly|roughly|approximately|some|circa)\s+$",
    re.IGNORECASE,
)
"""Words before an amount if the number is no likely year: "about 1900 visitors", but "about 2015 imports fell"."""

_LIKELY_YEARS = range(1950, 2100)
"""Numbers that are rather years than amounts after a word such as "about", unless they are round."""

_MEASURES_OF_A_YEAR = frozenset("levels prices values figures standards terms results totals rates".split())
"""Nouns in the plural after a year: "around 1990 levels"."""

_NOT_COUNTABLE = frozenset(
    """
    was is has does this its as sees marks brings shows remains begins starts ends opens follows onwards towards
    """.split()
)
"""Words that end with -s and are not nouns in the plural."""

_NOUN = re.compile(r"[^\S\n]{0,4}([^\W\d_]+)")
_MODEL = re.compile(r"[(\[]?[A-Z]{1,4}(?P<bracket>\()?")
"""Capitals right before a number make it the name of a model or a form: "M1902"."""

_JAPANESE_NUMBER = re.compile(r"(?:第|決議|規則|号|様式|番号)\s?$")
_DIGITS_ONLY = re.compile(r"[+(]*[0-9][0-9()./+–-]*")


def _role(text: str, start: int, end: int) -> Role | None:
    """Return the role of a number `text[start:end]` that looks like a year; None if it is not a year."""
    if text.startswith("号", end) or _JAPANESE_NUMBER.search(text, max(0, start - 4), start):
        return None
    line = text[max(text.rfind("\n", max(0, start - _CONTEXT), start) + 1, start - _CONTEXT, 0) : start]
    words = line.split()
    if words and not line[-1].isspace():  # the number is glued to what precedes it
        glued = words[-1]
        if any(sign in glued for sign in ("://", "www.", "@")) or glued.strip("([-") in _STANDARDS:
            return None
        model = _MODEL.fullmatch(glued)
        if model is not None and glued != "FY" and (not model["bracket"] or _SYMBOL_AFTER.match(text, end)):
            return None
    last = words[-1].strip("([（,:#") if words else ""
    before = last.lower()
    noun = match[1].lower() if (match := _NOUN.match(text, end)) is not None else ""
    begins_name_or_amount = last in _STANDARDS or noun in _SCALES or noun in _PROGRAMMES_AFTER
    if before in _PREPOSITIONS_OF_TIME and not begins_name_or_amount:
        return "time"
    if (
        before in _NUMBERED
        or last in _STANDARDS
        or before.endswith(("$", "€", "£", "¥", "₹"))
        or noun in _THINGS_COUNTED
        or noun in _SCALES
        or text.startswith("@", end)
        or _follows_telephone_or_isbn(words)
        or _NUMBERED_LAWS.search(line)
    ):
        return None
    if (noun in _PROGRAMMES_AFTER and text[end - 4] == "2") or _is_in_name(words, text[end - 4]):
        return "name"
    if len(noun) > 3 and noun.endswith("s") and noun not in _NOT_COUNTABLE and noun not in _WORDS_BEFORE_YEARS:
        is_time = before.rstrip(".") in _WORDS_BEFORE_YEARS or before[-1:].isdigit()
        is_time = is_time and (noun in _MEASURES_OF_A_YEAR or not _is_amount(text, start, end))
        return "time" if is_time else "quantity"
    return "time"


def _is_amount(text: str, start: int, end: int) -> bool:
    """Return whether the words before a number that looks like a year make it an amount of the plural after it."""
    before = text[max(0, start - _CONTEXT) : start]
    year = int(text[end - 4 : end])
    is_estimate = (year not in _LIKELY_YEARS or year % 50 == 0) and _ESTIMATE_BEFORE.search(before) is not None
    return is_estimate or _AMOUNT_BEFORE.search(before) is not None


def _follows_telephone_or_isbn(words: Sequence[str]) -> bool:
    """Return whether the number after these words continues a telephone number or similar: "+81 3", "tel. (0)3"."""
    numbers = 0
    while numbers < len(words) and _DIGITS_ONLY.fullmatch(words[-1 - numbers]):
        numbers += 1
    if not numbers:
        return False
    return words[-numbers].startswith("+") or (
        numbers < len(words) and words[-1 - numbers].strip("(:").lower() in _NUMBER_LABELS
    )


def _is_in_name(words: Sequence[str], millennium: str) -> bool:
    """Return whether the year after these words names a law or a goal: "Act No. 5 of", "Agenda"."""
    names = [word.strip("([（,:#.").lower() for word in words[-5:]]
    while names and (names[-1] in {"", "of", "for", "no", "nos", "n°", "nº", "nr"} or names[-1][0].isdigit()):
        names.pop()
    return bool(names) and (names[-1] in _LAWS or (names[-1] in _PROGRAMMES and millennium == "2"))


_WIDTHS = str.maketrans("０１２３４５６７８９－／", "0123456789-/")
_KANJI_NUMBER = f"[{KANJI_DIGITS}]?十[{KANJI_DIGITS}]?|[〇{KANJI_DIGITS}]{{1,2}}"
_KANJI_YEAR = re.compile(f"[一二][〇{KANJI_DIGITS}]{{3}}(?=年)")
_WIDE_DIGIT = re.compile(f"[０-９]|{_KANJI_YEAR.pattern}")
_ROMANISED = "|".join(ROMANISED_ERAS)
_YEAR_OF_REPUBLIC = rf"(?:(?<=民[國国])|(?<=民[國国]\s))(?:[0-9]{{3}}|[〇零百十{KANJI_DIGITS}]{{1,5}})"
"""Years of the Republic of China have three digits since 2011; 百 and 零 occur in no year of a Japanese era."""

_ERA = re.compile(
    rf"(?:中[華华])?({ERA_NAMES})\s*(元|{_YEAR_OF_REPUBLIC}|[0-9]{{1,2}}|{_KANJI_NUMBER})(?=年|\s|[-/(（～~]|$)|\b({_ROMANISED})\s+([0-9]{{1,2}})\b"
    rf"|(?<![A-Za-z0-9])([{''.join(ERA_LETTERS)}])([0-9]{{1,2}})(?=年)",
    re.IGNORECASE,
)
_ERA_HINTS = ("年", *ERAS, *ROMANISED_ERAS)
"""Each year of an era contains one of these; searching them takes a tenth of the time of the pattern."""

_ERA_IN_BRACKETS = re.compile(
    rf"[^\S\n]{{0,4}}[(（](?:(?:中[華华])?(?:{ERA_NAMES})|{_ROMANISED})\s*(?:元|{_YEAR_OF_REPUBLIC}|[0-9]{{1,2}}|{_KANJI_NUMBER})年?度?[)）]",
    re.IGNORECASE,
)
_YEAR_IN_BRACKETS = re.compile(rf"({YEAR}年?)\s*[(（]({YEAR})年?[)）]")
_DATE_IN_DIGITS = re.compile(rf"\b[0-9]{{1,2}}([./])[0-9]{{1,2}}\1(?={YEAR}\b)")


class _Offsets:
    """Maps offsets in a text with replaced eras to offsets in the original text."""

    def __init__(self) -> None:
        self.positions, self.shifts = [0], [0]

    def __call__(self, offset: int) -> int:
        return offset + self.shifts[bisect_right(self.positions, offset) - 1]


def _with_plain_digits(text: str) -> tuple[str, _Offsets | None]:
    """Replace full-width digits and Japanese eras by plain years; return the text and, if lengths changed, offsets."""
    if not text.isascii() and _WIDE_DIGIT.search(text) is not None:
        text = _to_plain_digits(text)
    lowered = text.lower()
    for sign in _ERA_HINTS:
        if sign in lowered:
            break
    else:
        return text, None
    if _ERA.search(text) is None:
        return text, None
    offsets, pieces, position, length = _Offsets(), [], 0, 0
    for match in _ERA.finditer(text):
        year = _era_year(match)
        pieces += [text[position : match.start()], year]
        length += match.start() - position
        # Offsets inside the digits of the new year lie inside the era's name, its end at the era's end.
        offsets.positions += [length, length + len(year)]
        offsets.shifts += [match.start() - length, match.end() - length - len(year)]
        length += len(year)
        position = match.end()
    return "".join([*pieces, text[position:]]), offsets


def _era_year(match: re.Match[str]) -> str:
    if match[3]:
        return str(ROMANISED_ERAS[match[3].casefold()] + int(match[4]))
    if match[5]:
        return str(ERA_LETTERS[match[5].upper()] + int(match[6]))
    return str(ERAS[match[1]] + (1 if match[2] == "元" else parse_kanji(match[2])))


def _to_plain_digits(text: str) -> str:
    """Replace full-width digits, and the digits of years such as 二〇一六年; the length stays the same."""
    return _KANJI_YEAR.sub(lambda year: str(parse_kanji(year[0])), text.translate(_WIDTHS))


def _restore_offsets(mention: YearMention, offset_of: _Offsets | None) -> YearMention:
    """Return the mention with offsets in the original text."""
    if offset_of is None:
        return mention
    written = tuple(WrittenYear(year, offset_of(start), offset_of(end)) for year, start, end in mention.written)
    return replace(mention, start=offset_of(mention.start), end=offset_of(mention.end), written=written)


# Numbers that only look like years are replaced by private characters, which can be replaced back.
_DIGITS = "0123456789"
_MASKED = "".join(chr(0xE000 + digit) for digit in range(10))
_MASK, _UNMASK, _BLANK = (
    str.maketrans(_DIGITS, _MASKED),
    str.maketrans(_MASKED, _DIGITS),
    str.maketrans(_MASKED, " " * 10),
)
_LONG_NUMBERS = re.compile(
    r"\b(?:https?://|www\.)\S+|\b[\w.+-]{1,64}@\S+"
    r"|\+[0-9][0-9 ()-]{6,}|\([0-9]{3}\)\s?[0-9]{3}-[0-9]{4}|\b[0-9]{3}-[0-9]{4}\b"
    rf"|(?:[{CURRENCY_SIGNS}]|\b(?:usd|eur|gbp|jpy|chf|cad|aud|inr|rs\.?))\s?[0-9][0-9,.]*",
    re.IGNORECASE,
)
_YEAR_LIKE = re.compile(rf"(?<![0-9]){YEAR}(?![0-9])")


def normalize_years(text: str) -> str:
    """Replace full-width digits and Japanese eras by plain years, and blank numbers that are not years.

    Years in names ("Paris Agreement 2015") and numbers that may count things ("2015 teachers") are blanked, too: they
    say nothing of the edition of a document or of the years that it describes.
    """
    return mask_non_years(text).translate(_BLANK)


def mask_non_years(text: str) -> str:
    """As `normalize_years`, but replace the digits by private characters, which `unmask` turns back."""
    text = _ERA_IN_BRACKETS.sub("", _to_plain_digits(text))
    text = _ERA.sub(_era_year, text)
    text = _YEAR_IN_BRACKETS.sub(lambda twice: twice[1] if twice[1][:4] == twice[2] else twice[0], text)
    text = _DATE_IN_DIGITS.sub(" ", text)
    text = _LONG_NUMBERS.sub(lambda match: match.group().translate(_MASK), text)
    return _YEAR_LIKE.sub(
        lambda match: match[0] if _role(text, *match.span()) == "time" else match[0].translate(_MASK), text
    )


def unmask(text: str) -> str:
    """Restore the numbers that `mask_non_years` has replaced."""
    return text.translate(_UNMASK)


def find_spans(text: str) -> Iterator[tuple[re.Match[str], Period]]:
    """Find the spans like 2015-16 in a normalised text."""
    for match in YEAR_SPAN.finditer(text):
        span = _period(int(match[1]), match[2], match[3])
        if span is not None:
            yield match, span


def _date(name: str) -> str:
    """Return the pattern of a day and month in either order, before a year."""
    return rf"(?:{DAY_BEFORE_MONTH}|of\s+|de\s+)?(?P<{name}>{MONTH})(?:\s*{DAY_AFTER_MONTH})?,?\s*(?:of\s+|de\s+)?"


_PART_OF_YEAR = r"(?:the\s+)?(?:beginning\s+of\s+|start\s+of\s+|end\s+of\s+|early[\s-]+|mid[\s-]*|late[\s-]+)?"
_RANGE_SEPARATOR = (
    rf"\s*(?:[-–—~～]|{_RANGE_WORDS}|up\s+to|au)\s*(?:and\s+including\s+)?"
    r"(?:the\s+|le\s+|zum\s+|el\s+)?"
)

_ENDED = re.compile(
    rf"\b(?:years?|(?:twelve|12)[\s-]months?|52[\s-]weeks?|53[\s-]weeks?|{FISCAL_YEAR_NOUNS})\s+(?:period\s+|social\s+)?"
    r"(?:end(?:ed|ing)|to|clos|closed|up\s+to|terminado|cerrado|finalizado|chiuso|findo|encerrado|eindigend|geëindigd)\s+"
    r"(?:on\s+|at\s+|the\s+|le\s+|el\s+|al?\s+|il\s+|em\s+|op\s+)?"
    rf"{_date('month1')}(?P<year>{YEAR})\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"{_PART_OF_YEAR}(?:{_date('month1')})?(?P<first>{YEAR})?{_RANGE_SEPARATOR}{_PART_OF_YEAR}(?:{_date('month2')})(?P<last>{YEAR})\b",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    rf"(?P<first>{YEAR})年(?:度)?(?:(?P<month1>[0-9]{{1,2}})月)?(?:[0-9]{{1,2}}日)?\s*(?:から|より|～|〜|-|–)\s*"
    rf"(?:(?P<last>{YEAR})年(?:度)?)?(?:(?P<month2>[0-9]{{1,2}})月)?"
)


def parse_period(text: str) -> Period | None:
    """Return the first period in a normalised phrase: a year ended on a date, a range of dates, a span or a year."""
    periods: list[tuple[int, int, Period]] = []
    if ended := _ENDED.search(text):
        periods.append((ended.start(), 0, _year_ended(ended)))
    if between := next((match for match in _BETWEEN.finditer(text) if match["first"] or match["month1"]), None):
        last = int(between["last"])
        first = int(between["first"]) if between["first"] else last - _begins_before(between)
        if first <= last:
            periods.append((between.start(), 1, Period(first, last)))
    if (japanese := _JAPANESE.search(text)) and (japanese["last"] or japanese["month2"]):
        first = int(japanese["first"])
        periods.append((japanese.start(), 1, Period(first, int(japanese["last"] or first))))
    if (span := next(find_spans(text), None)) is not None:
        periods.append((span[0].start(), 2, span[1]))
    if (single := SINGLE_YEAR.search(text)) is not None:
        periods.append((single.start(), 3, Period(int(single[1]), int(single[1]))))
    if not periods:
        return None
    start, _, period = min(periods)
    # "fiscal year 2019 (April 2018 to March 2019)": the period in brackets is exact.
    aside = re.compile(rf"{YEAR}年?度?\s*[(（]\s*").match(text, start)
    exact = [inner for at, _, inner in periods if aside is not None and at == aside.end() and inner.first != inner.last]
    return exact[0] if exact else period


def parse_stated_period(line: str) -> Period | None:
    """Return the period of a normalised line such as "for the year ended 31 March 2018" or "April to June 2016"."""
    if (ended := _ENDED.search(line)) is not None:
        return _year_ended(ended)
    months = _BETWEEN.fullmatch(line.strip())
    has_days = re.search(r"\b[0-9]{1,2}\b", line) is not None
    return None if months is None or months["month1"] is None or has_days else parse_period(line)


def find_years_ended(text: str) -> list[tuple[tuple[int, int], Period]]:
    """Return the spans of "the year to March 2022" and the like in a text, each with its period: 2021 to 2022."""
    return [(match.span(), _year_ended(match)) for match in _ENDED.finditer(text)]


def _day_and_month(number: int) -> str:
    return (
        rf"(?:(?P<day{number}>[0-9]{{1,2}}){DAY_SUFFIX}\s+(?:of\s+|de\s+)?)?(?P<month{number}>{MONTH})"
        rf"(?:\s+(?P<day_after{number}>[0-9]{{1,2}})(?:st|[nr]?d|th)?\b)?,?\s*(?:of\s+|de\s+)?"
    )


_DATE_RANGE = re.compile(
    rf"(?<![\w.]){_day_and_month(1)}(?P<first>{YEAR})?{_RANGE_SEPARATOR}{_day_and_month(2)}(?P<last>{YEAR})\b",
    re.IGNORECASE,
)
_DAYS_OF_A_YEAR = range(356, 376)
"""Days of a period of about a year, such as 52 or 53 weeks."""


class DateRange(NamedTuple):
    """A range of dates in a text: its place, and the first and last year."""

    start: int
    end: int
    period: Period


def find_range_of_a_year(line: str) -> DateRange | None:
    """Return the first range of about a year: "1 January to 31 December 2019", "1 April 2019 to 31 March 2020"."""
    for match in _DATE_RANGE.finditer(line):
        months = [MONTHS[match[name].casefold().rstrip(".")] for name in ("month1", "month2")]
        days = [int(match[f"day{number}"] or match[f"day_after{number}"] or 0) for number in (1, 2)]
        last = int(match["last"])
        first = int(match["first"]) if match["first"] else last - (months[0] > months[1])
        # A month without a day is a whole month: it begins on its first day and ends on its last one.
        length = (
            365 * (last - first) + _day_of_year(months[1], days[1] or 30) - _day_of_year(months[0], days[0] or 1) + 1
        )
        if length in _DAYS_OF_A_YEAR:
            return DateRange(*match.span(), Period(first, last))
    return None


def _day_of_year(month: int, day: int) -> int:
    """Return the number of a day in its year, give or take two."""
    return round((month - 1) * 30.44) + day


def _year_ended(match: re.Match[str]) -> Period:
    """Return 2017-2018 for a year ended in March 2018, and 2018 for one ended on 28 December 2018 or 3 January 2019."""
    year = int(match["year"])
    month = MONTHS[match["month1"].casefold().rstrip(".")]
    day = re.search(r"\b([0-9]{1,2})(?![0-9])", match.group()[match.group().lower().find("end") :].replace("52", ""))
    if month == 12:
        return Period(year, year)
    if month == 1 and day is not None and int(day[1]) <= 7:
        return Period(year - 1, year - 1)
    return Period(year - 1, year)


def _begins_before(between: re.Match[str]) -> bool:
    """Return whether "July to June 2016" begins in the year before."""
    first, last = (MONTHS[between[name].casefold().rstrip(".")] for name in ("month1", "month2"))
    return first > last
