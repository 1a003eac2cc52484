"""Parse quantities in text: numbers, money, percentages and ordinals, with exact spans and what is counted.

A small grammar over the tables in `number_words`: a number in digits or words, classified by its context.
Dates, references ("Chapter 3"), names ("P-3C", "G7") and note marks are not quantities.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache, partial
from typing import Literal

from corpus.clauses import AND
from corpus.metadata.language import primary_language
from corpus.metadata.years import YearMention, parse_years
from corpus.scripts import HAN, HANGUL, KATAKANA, parse_kanji
from corpus.structure.text_tables import has_cells_of, split_cells
from corpus.vocabulary import CURRENCY_SIGNS, DAY_SUFFIX, MONTH, ORDINALS, REFERENCES, TENS, UNITS, YEAR
from index.lexical.analysis import FUNCTION_WORDS
from qa.editions.figures import number_words as tables
from qa.editions.figures.changes import BEFORE_AMOUNT, CHANGED_BY, MORE_THAN, REACH
from qa.editions.figures.number_words import BOUND_NAMES, Bound
from qa.editions.figures.shares import find_shares

QuantityKind = Literal["count", "money", "percent", "ordinal"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity, `[start, end)` of the text it was read from.

    `unit` is an ISO currency code, "%", "pp" (percentage points), the head noun of what is counted ("ships"), or "".
    `counted` is the noun phrase as written ("merchant ships"), in a row of a table its first cell. `upper` is the end
    of a range. `per` is the period of a rate, such as "month" of "612 euros a month".
    """

    kind: QuantityKind
    value: float
    unit: str
    counted: str
    text: str
    start: int
    end: int
    upper: float | None = None
    bound: Bound = ""
    per: tables.Period = ""

    def same_value(self, other: Quantity) -> bool:
        """Return whether both state the same amount."""
        if (self.kind, self.value, self.upper) != (other.kind, other.value, other.upper):
            return False
        if self.is_per_other_period(other):
            return False
        exact = {self.bound, other.bound} <= {"", "about"}
        return (exact or self.bound == other.bound) and (
            self.kind not in ("money", "percent") or self.unit == other.unit
        )

    def holds_for(self, source: Quantity) -> bool:
        """Return whether a source's amount makes this true: "about 150" holds for 147, "1.5 million" for 1,524,310."""
        if self.same_value(source):
            return True
        if self.is_per_other_period(source):
            return False
        if source.upper is not None or self.upper is not None:
            return False
        if self.kind != source.kind or (self.kind in ("money", "percent") and self.unit != source.unit):
            return False
        if not self.bound:
            unit = unit_of_last_digit(self.value)
            least = _ROUNDED if unit > _FINE_ROUNDING * abs(self.value) else _FINELY_ROUNDED
            is_rounded = abs(self.value) >= least and unit_of_last_digit(source.value) < unit
            tolerance = min(unit / 2, _MAX_ROUNDING * abs(self.value))
            return is_rounded and not source.bound and abs(source.value - self.value) <= tolerance
        implied = {"minimum": "more", "maximum": "less"}.get(self.bound)  # "more than 200" is "at least 200"
        if source.bound not in ("", "about", self.bound, implied):
            return False
        step = unit_of_last_digit(self.value)
        difference = source.value - self.value
        if self.bound == "about":
            is_in_quarters = abs(self.value) / step % 100 in (25, 75)
            return abs(difference) <= max(step / 2, _QUARTER_ROUNDING * abs(self.value) * is_in_quarters)
        if self.bound in ("less", "maximum"):
            difference = -difference
        reach = max(step, _BOUND_REACH * abs(self.value))
        return 0 < difference < reach or (difference == 0 and self.bound in ("minimum", "maximum"))

    def is_per_other_period(self, other: Quantity) -> bool:
        """Return whether both are rates, of different periods: "612 euros a month" and "612 euros a year"."""
        return "" not in (self.per, other.per) and self.per != other.per


_MAX_ROUNDING = 0.05
"""Share by which a rounded number may differ: "10 million" is not 14.9 million."""

_BOUND_REACH = 0.08
"""Share by which an amount may be greater than its bound, at least: "more than 250,000" is 268,000, not 300,000."""

_QUARTER_ROUNDING = 0.01
"""Share by which an amount in quarters may differ from "nearly one and a quarter million"."""

_ROUNDED = 1e6
"""From this amount on, a number with fewer digits than that of the source is taken for a rounded one."""

_FINELY_ROUNDED, _FINE_ROUNDING = 1e5, 0.005
"""So is one from this amount on whose last digit is a smaller share of it: 372,000 for 371,900."""


@lru_cache(maxsize=1 << 13)  # a figure of a draft is compared with many of its source
def unit_of_last_digit(value: float) -> float:
    """Return the unit of the last digit that a rounded number states: 10 for 150, .1 for 2.5."""
    if value == 0:
        return 1.0
    digits = format(Decimal(repr(abs(value))), "f").removesuffix(".0")
    if "." in digits:
        return float(10.0 ** -len(digits.partition(".")[2]))
    return float(10.0 ** (len(digits) - len(digits.rstrip("0"))))


_SPACED = "\u00a0\u202f\u2009'’"
_DIGITS = (
    r"\d{1,2}(?:,\d{2})+,\d{3}(?!\d)(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?"
    rf"|\d{{1,3}}(?:[{_SPACED} ]\d{{3}})+(?!\d)(?:[.,]\d+)?|(?<![\w.,])\.\d+|\d+(?:[.,]\d+)*"
)


def _one_of(words: Iterable[str]) -> str:
    """Return a pattern of some words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


_ALL_SCALES = [item for scales in (tables.SCALES, *tables.LANGUAGE_SCALES.values()) for item in scales.items()]
_GAP = r"[\s-]+"
_BELOW_HUNDRED = rf"(?:(?:{_one_of(TENS)})(?:{_GAP}(?:{_one_of(list(UNITS)[1:10])})(?!\w))?|(?:{_one_of(UNITS)})(?!\w))"
_BELOW_THOUSAND = (
    rf"(?:(?:(?:an?|{_BELOW_HUNDRED}){_GAP})?hundred(?:{_GAP}(?:and\s+)?{_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
)
_WORD_SCALE = r"(?:thousand|million|billion|trillion|dozen)(?!\w)"
_ENGLISH_NUMBER = (
    rf"(?:(?:half\s+an?|an?|{_BELOW_THOUSAND}){_GAP}(?:hundred{_GAP})?{_WORD_SCALE}(?:{_GAP}{_WORD_SCALE})*"
    rf"(?:{_GAP}(?:and\s+)?{_BELOW_THOUSAND}(?:{_GAP}{_WORD_SCALE})*)*|half\s+a\s+hundred|{_BELOW_THOUSAND})"
)
"""Numbers as English writes them: "a" stands before a scale only, "and" after a hundred or a scale."""

_SCALE_WORDS = _one_of({word for word, _ in _ALL_SCALES} - tables.SHORT_SCALES)
_LARGE_SCALES = _one_of({word for word, value in _ALL_SCALES if value >= 1e6 and len(word) > 3})
_ORDINAL_WORDS = _one_of(ORDINALS)
_SYMBOLS = _one_of(map(re.escape, tables.SYMBOLS))
_CODES = "|".join(sorted(tables.CODES))
_WIDE = "".join(tables.WIDE_SCALES)

_NUMBER = (
    rf"(?P<wide>\d[\d,.]*[{_WIDE}]+(?:\d[\d,.]*[{_WIDE}]*)*)"
    rf"|(?P<digits>{_DIGITS})(?P<suffix>st|nd|rd|th)?(?:[\s\u00a0-]*(?P<scale>(?:{_SCALE_WORDS})(?:[\s-]+(?:{_SCALE_WORDS}))?(?![\w]))|\s?(?P<short>(?:tn|m|k|(?-i:B))\b\.?))?"
    rf"|\b(?P<ordinal>(?:(?:{_one_of(TENS)})-)?(?:{_ORDINAL_WORDS}))\b"
    rf"|\b(?P<words>(?>{_ENGLISH_NUMBER}))(?!\w|[’']\w)(?!-(?:sided|way|off|time|fold)\b)"
)
_KANJI = (
    rf"(?<![\d数何第{tables.KANJI_NUMERALS}])[{tables.KANJI_SIGNS}][{tables.KANJI_NUMERALS}]*"
    rf"(?={'|'.join(tables.KANJI_COUNTERS)})"
)


@lru_cache(maxsize=64)
def _number_pattern(language: str) -> re.Pattern[str]:
    """Return the pattern of numbers in digits, in English words and in words of a language."""
    parts = _one_of(tables.PARTS_OF_SCALES.get(language, ())).replace("-", r"[\s-]+")
    part = rf"\b(?P<part>{parts or '(?!)'})(?=[\s-]*(?:{_LARGE_SCALES})(?!\w))"
    spelled = tables.GRAMMARS[language].pattern if language in tables.GRAMMARS else "(?!)"
    return re.compile(rf"{part}|{_NUMBER}|(?P<spelled>{_KANJI if language == 'ja' else spelled})", re.IGNORECASE)


_QUALIFIER = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<{name}>{words})' for name, words in tables.BOUNDS.items())})(?:\s+|(?<=['’]))$"
    rf"|(?P<wide>{'|'.join(tables.WIDE_BOUNDS)})$",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"(?:(?<![0-9A-Za-z\u00c0-\u0fff_.,/:)\]%½¼¾⅓⅔-])(?<!\d\s)[-−+]"
    r"|(?<!\d\s)(?<!%\s)(?<![0-9A-Za-z\u00c0-\u0fff_.,/:)\]%½¼¾⅓⅔–-])–|\b(?:minus|negative)\s+)$",
    re.IGNORECASE,
)
_SIGN_AFTER_YEAR = re.compile(rf"(?<=\b{YEAR}[\s\u00a0])[-−–]$")
"""A sign right before a number and after a year: "in 2022 −8.4 per cent"."""

_DASHES = "-–—~〜～"
_RANGE = re.compile(
    rf"\s*(?:(?P<dash>[{_DASHES}])|\b(?:to|bis|à|a|al|do|tot|till|til|до)\b|\b(?P<change>auf)\b|\b(?P<and>{AND}|i|и)\b)\s*",
    re.IGNORECASE,
)
_DASH_BEFORE = re.compile(rf"\d(?:\s?[%％]|\s(?:{_SCALE_WORDS}))?[{_DASHES}]$", re.IGNORECASE)
"""A number, perhaps with its unit, and a dash: "5%–" of "5%–7%"."""

_IN_PERCENT = re.compile(
    r"(?:%|\b(?:in|en)\s+(?:per\s?cent|prozent|por\s?ciento|pour\s?cent)|\((?:per\s?cent|prozent)\))\)?\s*$",
    re.IGNORECASE,
)
"""The end of the label of a row, or of the head of a column, that makes its numbers percentages."""

_CAPTION_IN_PERCENT = re.compile(
    r"[(（](?:[^()（）]{0,40}\b)?(?:%|％|per\s?cent|prozent|por\s?ciento|pour\s?cent|per\s?cento)[^()（）]{0,40}[)）]"
    r"|\b(?:in|en)\s+(?:%|per\s?cent\b|prozent\b|por\s?ciento\b|pour\s?cent\b)|単位[:：]\s?[%％]",
    re.IGNORECASE,
)
"""In the caption of a table: its numbers are percentages, but for rows and columns that state another unit."""

_OWN_UNIT = re.compile(
    rf"[(（\[][^()（）]*[)）\]]|\b(?:numbers?|totals?|amounts?|counts?|index|anzahl|nombre|número|numero)\b|[{CURRENCY_SIGNS}]",
    re.IGNORECASE,
)
"""The label of a row or column that states what its numbers are: "Workers (thousand)", "Number of firms"."""

_BY = re.compile(rf"\bby\s+{BEFORE_AMOUNT}$", re.IGNORECASE)
_WIDEST_CHANGE = 3.0
"""Ratio of two amounts after "by" from which on they are a change and its level, no range: "slipped by 13 to 189"."""

_BETWEEN = re.compile(r"\b(?:between|zwischen|entre|fra|tra|tussen|mellan|mellem|między)\s+$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:(?:from|vo[nm]|de|du|desde|da|dal(?:la)?|dai|van|från|fra|od|с)\s+|dall['’])$", re.IGNORECASE)
_MONEY_BEFORE = re.compile(rf"(?:(?P<symbol>{_SYMBOLS})|(?<![A-Za-z])(?P<code>{_CODES})\.?)\s?$")
_NATION = _one_of(map(re.escape, tables.NATIONS))
_MONEY_AFTER = re.compile(
    rf"\s*-?(?:(?P<code>(?:{_CODES})\b)"
    rf"|(?-i:(?P<symbol>{_one_of(map(re.escape, tables.TRAILING_SYMBOLS))})(?![a-zà-ÿ]))(?!(?<=t)\s?\d)"
    rf"|(?:in\s+|d[’']|d[ei]\s+)?(?:(?P<nation>{_NATION})[\s-]+)?(?P<name>{'|'.join(tables.CURRENCIES)})(?:s|es|en|n)?(?![a-zà-ÿ])(?:\s+sterling)?)",
    re.IGNORECASE,
)
_POUND_AS_BOOK = re.compile(r"\s*(?:livre|libra)s?\b(?!\s+(?:sterling|esterlina))", re.IGNORECASE)
"""Words for pounds that mean books or weights, unless a scale precedes them ("millions de livres")."""

_PERCENT = re.compile(
    r"[\s\u00a0\u202f]*-?(?:(?P<basis>basis[\s-]+points?|basispunkte?n?|bps)\b|(?P<points>(?:%|percent(?:age)?|per\s*cent)[\s-]*(?:points?|pts?)\b"
    r"|[%％]ポイント|%p\b|(?:個|个)?百分[点點]|퍼센트\s?포인트|pp\b|p\.p\.|п\.\s?п\.|prozentpunkte?n?\b|points?\s+de\s+pourcentage\b|puntos?\s+porcentuales?\b"
    r"|pontos?\s+percentua(?:l|is)\b|punt[oi]\s+percentual[ei]\b|procentpunt(?:en)?\b|procentenheter?\b|procentpoint\b"
    r"|prosentpoeng\b|prosenttiyksikköä\b|punkt(?:y|ów|u)?\s+procentow\w+|процентн\w+\s+пункт\w*)"
    r"|%|％|percent\b|per\s*cent\b|prozent\b|pour\s+cent\b|por\s+ciento\b|por\s+cento\b|per\s+cento\b|procents?\b|prosent\b|prosenttia\b"
    r"|pct\.?|proc\.|процент\w*|パーセント|퍼센트|प्रतिशत|في\s+المئة)",
    re.IGNORECASE,
)
_FRACTION = re.compile(rf"[\s-]({_one_of(tables.FRACTIONS)})\b", re.IGNORECASE)
_MAX_WORDS = 7
_NEXT_WORD = re.compile(r"[\s\u00a0]*(?P<comma>,\s*)?(?P<word>[“\"‘']?[^\W\d_][\w’'./-]*)")
_NUMBER_OF = re.compile(
    r"\bnumber\s+of\s+(?P<what>(?:[^\W\d_][\w’'-]*\s+){0,6}?[^\W\d_][\w’'-]*s)\b(?!.*\bnumber\s+of\b)",
    re.IGNORECASE | re.DOTALL,
)
"""What is counted, before the figure: "the number of merchant ships was 147"."""

_WIDE_UNIT = re.compile(rf"[{KATAKANA}]{{2,}}|ヶ?[{HAN}]{{1,3}}|[{HANGUL}]{{1,2}}")
_MAX_SUBJECT_DISTANCE = 300
"""Characters before a number that are searched for "the number of …"."""

_BEFORE_PRONOUN = frozenset("no any every the this that each another other".split())
_LAST_WORD = re.compile(r"([^\W\d_]+|§)\.?\s*[(（]?$")

_LISTED_REFERENCES = re.compile(
    r"\s+(?:\d[\w.]*(?:,\s*(?:and\s+)?|\s+(?:and|und|et|y|e|to|bis|or)\s+))+$", re.IGNORECASE
)
"""The numbers before the last one of "Chapters 3, 5 and 7"."""

_NO_AMOUNT = re.compile(
    r"\s+(?:of\s+(?:all|the|which|them|these|those|its|our|his|her|my)\b|another\b|and\s+foremost\b|time\b|place\b|hand\b|day\b)|-to-",
    re.IGNORECASE,
)
"""What follows "one", "first" and "second" where they are no amounts: "one of the", "first and foremost"."""

_TO_NUMBER = re.compile(rf"\s+(?:to|or)\s+(?:\d|(?:{_BELOW_HUNDRED}))", re.IGNORECASE)
"""After the first number of "one to two per cent"."""

_YEAR_AND_BRACKET = re.compile(rf"\b{YEAR}\s?\($")
_WORD_AND_BRACKET = re.compile(r"[^\W\d_]{3} \($")
_LONG_NUMBER = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f]\d{3})+(?:[.,]\d+)?")
"""A number in brackets that is no marker of a note or a list: "(2,714,500)"."""

_SMALL_NUMBER = (
    rf"(?:(?:{_one_of(TENS)})(?:[\s-](?:{_one_of(list(UNITS)[1:10])}))?|{_one_of(list(UNITS)[2:20])})(?!\w|[\s-]\d)"
)
"""A number in words from two to 99."""

_RATIO = re.compile(
    r"(?P<noun>(?:\s+[^\W\d_]+){1,2}?)?\s+(?P<in>in|out\s+of)\s+(?P<every>every\s+)?"
    rf"(?P<whole>[2-9]|[1-9]\d|100|1,?000|{_SMALL_NUMBER}|(?:a\s+)?hundred)"
    r"(?![\w%]|[.,]\d|\s?[-–/]|\s+(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|overs|hundred|thousand|million|billion|per\s?cent|percent)\b)",
    re.IGNORECASE,
)
"""What makes a number below ten a share: "one in four jobs", "one member in five", "three out of five"."""

_WHOLES = frozenset({2, 3, 4, 5, 10, 100, 1000})
"""Wholes of ratios, but those of one, as in "one in eight"; other numbers after "in" and "out of" are counts: "9 in 45
districts", "5 out of 9 ships"."""

_RATE_BEFORE = re.compile(
    r"\b(?:une?|uno|una|een|um|uma)\s+(?:[^\W\d_]+\s+)?(?:sur|de\s+cada|su|op\s+de|em\s+cada)\s+$",
    re.IGNORECASE,
)
"""Before the second number of a ratio in other languages: "un spectateur sur cinq"."""

_ANY_NUMBER_IN = re.compile(r"\d\s+(?:in|out\s+of)\s+$")
_RATE_BASE = re.compile(r"10{2,5}|10?0,000|1,000|10,000")
"""After a number and "in": "34 in 1,000"."""

_RATIO_BEFORE = re.compile(
    rf"(?<![\w.,])(?:[1-9]|{_one_of(list(UNITS)[1:10])})(?:\s+[^\W\d_]+){{0,2}}\s+(?:in|out\s+of)\s+(?:every\s+)?$",
    re.IGNORECASE,
)
"""Before the second number of a ratio."""

_PLURAL_AFTER = re.compile(r"\s+(?!is\b|was\b|has\b|does\b|across\b|always\b|plus\b|years\b)[^\W\d_]{3,}s\b")
"""A noun in the plural after digits: "lost 3 in 10 games" counts."""

_AFTER_RATIO = re.compile(
    r"\s*(?:[.,;:)!?]|$|(?:on|at|was|were|is|are|has|had|have|now|who|which|that)\b)", re.IGNORECASE
)
"""What follows a ratio, whose noun is before its whole: "three berths in five were occupied"."""

_NOTE_MARK = re.compile(rf"\W*\d{{1,2}}\s+(?=(?:{'|'.join(word.title() for word in [*UNITS, *TENS])})\b)")
"""The number of a note that begins with a number word: "2 Four countries"."""

_MAY_HAVE_NUMBER = re.compile(
    rf"[\d{tables.KANJI_SIGNS}]|\w(?:tausend|duizend|mila|million)|(?:tausend|duizend|mille)\w", re.IGNORECASE
)
"""A digit, or thousands or a part of a million in one word ("Viertelmillion"); other number words are in `_SPELLED`."""

_SPELLED = frozenset([*UNITS, *TENS, *ORDINALS, *tables.SCALES]).union(
    *tables.LANGUAGE_SCALES.values(), *(word.split("-") for words in tables.NUMBER_WORDS.values() for word in words)
)


_BOLD = re.compile(r"\*\*|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)")
"""Signs of bold type around a number in Markdown: "**1,240**"."""


def find_quantities(
    text: str, language: str | None = "en", *, header: str = "", label: str = "", comma: bool | None = None
) -> list[Quantity]:
    """Return all quantities of a text in order, without overlaps.

    Args:
        text: A sentence or more, or a row of a table.
        language: Language code; decides which number words and scales are read.
        header: Caption and header of a row's table, whose scale and currency hold for its numbers.
        label: The label of a row, with that of its group; its first cell if empty.
        comma: Whether the decimal sign is a comma (`uses_decimal_comma`); by the language if None.
    """
    code = primary_language(language)
    shares = _quantities_of_shares(text, code)
    if not shares and not _MAY_HAVE_NUMBER.search(text) and _SPELLED.isdisjoint(re.findall(r"[^\W\d_]+", text.lower())):
        return []  # most sentences; the grammar below takes 0.3 ms
    written, text = text, _BOLD.sub("  ", _with_plain_points(text))
    taken = [(start, end) for start, end in _find_dates(text) if not _is_number_in_cell(text, start, end, header)]
    taken += [(share.start, share.end) for share in shares]
    reader = _Reader(text, code, code in tables.DECIMAL_COMMA if comma is None else comma, header, label)
    numbers: list[_Number] = []
    mark = _NOTE_MARK.match(text)
    for match in _number_pattern(code).finditer(text, mark.end() if mark is not None else 0):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        number = reader.read(match)
        if number is None:
            continue
        quantity = number.quantity
        if not any(start < quantity.end and quantity.start < end for start, end in taken):  # "0$0"
            numbers.append(number)
            taken.append((quantity.start, quantity.end))
    joined = reader.join_ranges(reader.share_units(numbers))
    ordered = sorted([*joined, *shares], key=lambda quantity: quantity.start)
    return [
        replace(quantity, text=written[quantity.start : quantity.end], per=_period_of_rate(text, quantity, header))
        for quantity in _join_compounds(text, ordered)
    ]


def _quantities_of_shares(text: str, language: str) -> list[Quantity]:
    """Return the shares in words of a text as percentages, but for those that `_Reader` reads with their numbers."""
    quantities = []
    for share in find_shares(text, language):
        qualifier = _QUALIFIER.search(text[max(0, share.start - 30) : share.start])
        start = share.start - (len(qualifier[0]) if qualifier is not None else 0)
        written = text[start : share.end]
        bound = _bound(qualifier) or ("" if share.is_exact else "about")
        quantities.append(Quantity("percent", share.percent, "%", "", written, start, share.end, None, bound))
    return quantities


def _period_of_rate(text: str, quantity: Quantity, header: str) -> tables.Period:
    """Return the period of a rate: "month" for "612 euros a month", also by the label or the head of a cell."""
    start, end = quantity.start, quantity.end
    rate = tables.PER_PERIOD_AFTER.match(text, end) or tables.PER_PERIOD_BEFORE.search(
        text, max(0, start - REACH), start
    )
    if rate is None and (header or "|" in text):
        cells, column = header_cells(text, start, header)
        heads = [cells[column], cells[0]] if 0 < column < len(cells) else []
        rate = next(filter(None, map(tables.PER_PERIOD.search, (quantity.counted, *heads))), None)
    return next((period for period in tables.PERIODS if period and rate[period]), "") if rate is not None else ""


_SIZES = {name: unit for name, unit in tables.UNIT_SIZES.items() if unit[0] in ("time", "length", "mass")}
_UNIT_AFTER = re.compile(rf"[\s\u00a0\u202f-]*({_one_of(map(re.escape, _SIZES))})(?![^\W\d_]|['’])", re.IGNORECASE)
_COMPOUND_LINK = re.compile(r"\s*(?:(?P<and>and|und|et|y|e|en|och|og)\s+)?", re.IGNORECASE)
_CLOCK = re.compile(r":([0-5]\d)(?::([0-5]\d))?(?![\d:])")
"""After the hours or minutes of a time in digits: "47:30", "2:05:31"."""

_BEFORE_CLOCK = re.compile(
    r"\b(?:at|from|until|till|since|took|lasted|time\s+(?:of|was)|um|gegen|bis|ab|dauerte|à|a\s+las?|alle|às|om)\s+$",
    re.IGNORECASE,
)
_AFTER_CLOCK = re.compile(
    r"\s*(?:minutes?|min|hours?|h|seconds?|am|pm|a\.m\.|p\.m\.|Uhr|Minuten|Stunden|heures|horas|ore|uur)(?!\w)",
    re.IGNORECASE,
)
"""Beside a time; "1:12" alone may be a ratio or a result."""


def _join_compounds(text: str, quantities: Iterable[Quantity]) -> list[Quantity]:
    """Return quantities, those of two or three units as one: "8 minutes 12 seconds" and "8:12" are 8.2 minutes."""
    joined: list[Quantity] = []
    last: tuple[str, float, int] | None = None  # dimension and size of the unit before, and its end
    largest = 1.0
    for quantity in map(partial(_with_minutes, text), quantities):
        unit = _UNIT_AFTER.match(text, quantity.end) if quantity.kind == "count" and quantity.upper is None else None
        if unit is None:
            last = None
            joined.append(quantity)
            continue
        dimension, size = _SIZES[unit[1].casefold()]
        link = _COMPOUND_LINK.fullmatch(text, last[2], quantity.start) if last is not None else None
        is_sum = link is not None and (
            link["and"] is None or (dimension == "time" and not tables.RESPECTIVELY.search(text))
        )
        if last is not None and is_sum and dimension == last[0] and quantity.value * size < last[1]:
            first = joined[-1]
            value = _round(first.value + quantity.value * size / largest)
            name = first.unit or text[first.end : last[2]].strip()
            written = text[first.start : unit.end()]
            joined[-1] = replace(first, value=value, unit=name, counted=name, end=unit.end(), text=written)
        else:
            largest = size
            joined.append(quantity)
        last = dimension, size, unit.end()
    return joined


def _with_minutes(text: str, quantity: Quantity) -> Quantity:
    """Return a quantity with the minutes and seconds that follow a whole number: "47:30" is 47.5."""
    clock = _CLOCK.match(text, quantity.end)
    is_time = "|" in text or "\t" in text or _BEFORE_CLOCK.search(text, max(0, quantity.start - REACH), quantity.start)
    if (
        clock is None
        or not (is_time or _AFTER_CLOCK.match(text, clock.end()))
        or quantity.kind != "count"
        or quantity.upper is not None
        or quantity.value != int(quantity.value)
    ):
        return quantity
    minutes = int(clock[1]) / 60 + int(clock[2] or 0) / 3600
    value = _round(quantity.value + minutes)
    return replace(quantity, value=value, end=clock.end(), text=text[quantity.start : clock.end()])


_WIDE_POINT = re.compile(r"(?<=[０-９])[．，](?=[０-９])")


def _with_plain_points(text: str) -> str:
    """Return a text of the same length whose full-width points and commas in numbers are plain: "３.５"."""
    return _WIDE_POINT.sub(lambda point: unicodedata.normalize("NFKC", point[0]), text)


_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = rf"{YEAR}(?![\d%])"
_DATE = re.compile(
    rf"(?<![\d-]){YEAR}-(?:0[1-9]|1[0-2])-{_DAY}(?![\d-])"
    rf"|{YEAR}\s?年(?:度|\d{{1,2}}月(?:\d{{1,2}}日)?)?"
    rf"|(?<!\w)(?P<month>{MONTH})\s+{_DAY}(?:st|[nr]?d|th)?(?![\d.,]*\d)(?:,?\s+{_YEAR})?"
    rf"|(?<![\w.,]){_DAY}{DAY_SUFFIX}\s+(?:of\s+|de\s+)?{MONTH}(?!\w)(?:,?\s+(?:de\s+)?{_YEAR})?"
    rf"|(?<!\w){MONTH},?\s+(?:of\s+|de\s+)?{_YEAR}",
    re.IGNORECASE,
)
_MONTH_WORDS = ("may", "march", "mar")
"""Names of months that are words, too: "it may 5 times"."""


def _find_dates(text: str) -> list[tuple[int, int]]:
    """Return the spans `[start, end)` of the dates of a text; a fiscal year ("2015/16") is a single date."""
    found = [
        match.span()
        for match in _DATE.finditer(text)
        if (month := match["month"]) is None or month[0].isupper() or month.casefold() not in _MONTH_WORDS
    ]
    taken = {offset for start, end in found for offset in range(start, end)}
    for mention in parse_years(text):
        is_in_name = text[mention.start].isdigit() and text[mention.start - 1 : mention.start].isalnum()  # "戦略2018"
        if mention.kind != "decade" and mention.role != "quantity" and not is_in_name:
            found += [span for span in _year_spans(text, mention) if span[0] not in taken]
    return sorted(found)


def _year_spans(text: str, mention: YearMention) -> list[tuple[int, int]]:
    first, *rest = mention.written
    if rest and text[first.end : rest[0].start] in ("-", "–", "/"):
        return [(mention.start, mention.end)]
    starts = [mention.start, *(written.start for written in rest)]
    return [(start, written.end) for written, start in zip(mention.written, starts, strict=True)]


_YEAR_COLUMN = re.compile(
    r"years?|since|founded|established|opened|built|dates?|jahre?|seit|gegründet|années?|depuis|exercices?|años?|desde"
    r"|ejercicios?|年",
    re.IGNORECASE,
)
"""Words in the header of a column of years."""


def _is_number_in_cell(text: str, start: int, end: int, header: str) -> bool:
    """Return whether a year is all of a cell, and really an amount, which spreadsheets write without a comma.

    The first cell may be the year of a row; other cells hold one only if the header of their column says so.
    """
    cells, column = header_cells(text, start, header)
    cell = (text[text.rfind("|", 0, start) + 1 : end] + text[end:].partition("|")[0]).strip()
    if column < 1 or cell != text[start:end] or not re.fullmatch(r"\d{4}", cell):
        return False
    return _YEAR_COLUMN.search(cells[column] if column < len(cells) else "") is None


def header_cells(text: str, start: int, header: str) -> tuple[Sequence[str], int]:
    """Return the cells of the last line of a table's header, and the column of an offset of a row, both from 0.

    The header of columns is blank if the cells of the row are not those of its columns.
    """
    cells, is_framed = _cells_above(text, header)
    if "|" not in text:  # aligned by spaces
        return cells, len(split_cells(text[:start], " ")) - 1
    return cells, text.count("|", 0, start) - is_framed


def row_label(text: str) -> str:
    """Return the label of a row of a table, "" if it has none: its first cell with letters."""
    cells = text.split("|") if "|" in text else split_cells(text, " ")
    return next((cell.strip() for cell in cells if any(map(str.isalpha, cell))), "")


@lru_cache(maxsize=1024)  # a row may have hundreds of numbers
def _cells_above(text: str, header: str) -> tuple[tuple[str, ...], bool]:
    """Return the cells of the last line of a header, and whether the row begins with the frame of a table."""
    is_framed = text.lstrip().startswith("|")
    line = header.rpartition("\n")[2].strip().removesuffix("|")
    cells = [cell.strip() for cell in line.split("|")]
    if is_framed and len(cells) > len(text.strip().removeprefix("|").removesuffix("|").split("|")):
        cells = cells[1:]  # before the frame of the header; otherwise the first cell is empty: "| 2019 | 2018"
    if "|" not in text:
        return tuple(cells), is_framed
    row = [cell.strip() for cell in text.strip().removeprefix("|").removesuffix("|").split("|")]
    if not has_cells_of(row, len(cells) - (is_framed and not cells[0])):
        cells = cells[:1] + [""] * (len(cells) - 1)
    return tuple(cells), is_framed


_COMMA_DECIMAL = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,}))(?![\d,])")
_POINT_DECIMAL = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+\.\d+|\d*\.(?:\d{1,2}|\d{4,}))(?![\d.])")


def uses_decimal_comma(texts: Iterable[str], language: str | None) -> bool:
    """Return whether a document writes 3,5 for three and a half: by its unambiguous numbers, else by its language."""
    commas = points = 0
    for text in texts:
        commas += len(_COMMA_DECIMAL.findall(text))
        points += len(_POINT_DECIMAL.findall(text))
    by_language = primary_language(language) in tables.DECIMAL_COMMA
    return commas > points if commas != points and max(commas, points) > 1 else by_language


@dataclass(frozen=True, slots=True)
class _Number:
    """A quantity with what a range needs: its scale, whether it has a unit, whether a digit and a dash precede it."""

    quantity: Quantity
    scale: float
    has_unit: bool
    after_dash: bool


class _Reader:
    """Reads the numbers of one text."""

    def __init__(self, text: str, language: str, comma: bool, header: str, label: str) -> None:
        self.text, self.language, self.comma = text, language, comma
        self.scales = {**tables.SCALES, **tables.LANGUAGE_SCALES.get(language, {})}
        self.is_row = bool(header) or is_table_row(text)
        self.header = header if self.is_row else ""
        first_cell = text.strip("| ").split("|")[0].strip() if "|" in text else ""
        label = label if self.is_row and label else first_cell
        self.label = "" if not re.search(r"[^\W\d_]{2}", label) else " ".join(label.split())

    def read(self, match: re.Match[str]) -> _Number | None:
        """Return a number with its sign, qualifier, scale, unit and what it counts; None if it is no amount."""
        text, (start, end) = self.text, match.span()
        before = text[max(0, start - 40) : start]
        money = _MONEY_BEFORE.search(before)
        begin = start - len(before) + money.start() if money else start
        sign = _SIGN.search(text[max(0, begin - 12) : begin]) or self._sign_after_year(match, begin)
        in_brackets = self._in_brackets(begin, end)
        after_dash = sign is None and begin == start and _DASH_BEFORE.search(before) is not None
        is_amount = sign or after_dash or in_brackets or _is_amount(text, match, before, has_money=money is not None)
        value = self._value(match) if is_amount else None
        if value is None:
            return None
        scale, end = self._scale(match, has_money=money is not None)
        may_have_fraction = value >= 1 and not (match["suffix"] or match["ordinal"] or _OF_CLOCK.search(before))
        if may_have_fraction and (fraction := _AND_FRACTION.match(text, end)):
            # "two and a half million", "un million et demi", "a million and a half"
            of_words = max((self.scales[word] for word in _words_of(match) if word in self.scales), default=1.0)
            value += _fraction(fraction) * of_words
            end = fraction.end()
            if scale == of_words == 1.0 and (after := _SCALE_AFTER.match(text, end)):
                scale, end = self.scales.get(after["scale"].lower(), 1.0), after.end()
        value *= scale
        if sign is not None:
            begin -= len(sign.group())
            value = value if sign.group().startswith("+") else -value
        elif in_brackets:
            value = -value
        qualifier = _QUALIFIER.search(text[max(0, begin - 30) : begin])
        begin -= len(qualifier.group()) if qualifier else 0
        kind, unit, counted, factor, end = self._unit(match, money, value, end, in_brackets=in_brackets)
        if (kind == "ordinal" and unit.casefold() in REFERENCES) or self._ends_ratio(match):
            return None
        number, value = value, value * factor
        if self.is_row and kind in ("count", "money"):
            header_scale, header_unit, is_share = self._stated_above(start)
            value *= header_scale if scale == 1.0 else 1.0
            if kind == "count" and (header_unit or is_share):
                kind, unit = ("money", header_unit) if header_unit else ("percent", "%")
            counted = self.label
        if in_brackets and (closing := re.match(r"\s*%?\)", text[end:])):
            begin, end = text.rindex("(", 0, begin), end + closing.end()
        bound = _bound(qualifier) or _implied_bound(match, scale, number, is_ratio=kind == "percent")
        if suffix := next((word for word in tables.WIDE_AFTER if len(unit) > len(word) and unit.endswith(word)), ""):
            unit = counted = unit.removesuffix(suffix)
            bound = tables.WIDE_AFTER[suffix]
        elif suffix := next((word for word in tables.WIDE_AFTER if text.startswith(word, end)), ""):
            bound, end = tables.WIDE_AFTER[suffix], end + len(suffix)
        quantity = Quantity(kind, _round(value), unit, counted, text[begin:end], begin, end, None, bound)
        *_, last = _words_of(match) or [""]
        return _Number(quantity, scale * self.scales.get(last, 1.0), kind != "count" or bool(unit), after_dash)

    def _sign_after_year(self, match: re.Match[str], begin: int) -> re.Match[str] | None:
        """Return the sign between a year and a number; a hyphen or dash is one only before a fraction or a unit."""
        text, end = self.text, match.end()
        sign = _SIGN_AFTER_YEAR.search(text, max(0, begin - 12), begin)
        if sign is None or sign[0] == "−":
            return sign
        has_unit = any(pattern.match(text, end) for pattern in (_PERCENT, _MONEY_AFTER)) or bool(match["scale"])
        return sign if has_unit or re.search(r"[.,]\d{1,2}$", match["digits"] or "") is not None else None

    def _ends_ratio(self, match: re.Match[str]) -> bool:
        """Return whether a number is the second one of a ratio."""
        reach = max(0, match.start() - 40)
        if _RATE_BEFORE.search(self.text, reach, match.start()) or (
            _ANY_NUMBER_IN.search(self.text, reach, match.start()) and _RATE_BASE.fullmatch(match[0])
        ):
            return True
        before = _RATIO_BEFORE.search(self.text, reach, match.start())
        first = _number_pattern(self.language).match(self.text, before.start()) if before is not None else None
        ratio = _find_ratio(first) if first is not None and self.language == "en" else None
        return ratio is not None and ratio.end() >= match.end()

    def _stated_above(self, start: int) -> tuple[float, str, bool]:
        """Return scale, currency and whether it is a percentage, as stated for the cell of a number in a row.

        The caption, the head of the first column and that of the cell's own column state them, and for a percentage the
        row's label, too; the head of another column does not.
        """
        cells, column = header_cells(self.text, start, self.header)
        above, head = self.header, ""
        caption, _, _ = self.header.rpartition("\n")
        if "|" in self.header and 0 < column < len(cells):
            head = cells[column]
            above = "\n".join((head, cells[0], caption))
        is_share = _IN_PERCENT.search(head) is not None or _IN_PERCENT.search(self.label) is not None
        if not is_share and _CAPTION_IN_PERCENT.search(caption) is not None:
            is_share = _OWN_UNIT.search(head) is None and _OWN_UNIT.search(self.label) is None
        if is_share and _IN_PERCENT.search(head) is not None:
            above = head  # the scale of the amounts is none of the percentages
        scale, unit = _header_unit(above, self.scales)
        if scale == 1.0 and not unit and not is_share:
            scale, unit = _header_unit(self.label, self.scales)  # "Charges (million crowns)"
        return scale, unit, is_share

    def _in_brackets(self, begin: int, end: int) -> bool:
        """Return whether a number in a table row is in brackets, so negative; numbers of list items are not."""
        text = self.text
        opens = self.is_row and text[begin - 1 : begin] == "(" and bool(text[: begin - 1].strip("| \t"))
        if opens and "|" not in text and _YEAR_AND_BRACKET.search(text, max(0, begin - 8), begin):
            return False  # "in 2020 (2,714)"
        return opens and re.match(r"\s*%?\)", text[end:]) is not None

    def _scale(self, match: re.Match[str], *, has_money: bool) -> tuple[float, int]:
        """Return the scale after a number and where number and scale end."""
        text, end = self.text, match.end()
        if match["short"]:
            if has_money or _MONEY_AFTER.match(text, end) is not None:
                return self.scales[match["short"].lower().rstrip(".")], end
            return 1.0, match.start() + len(text[match.start() : match.start("short")].rstrip())  # "5 m" is a length
        if match["spelled"] or match["part"]:
            product = 1.0
            while (after := _SCALE_AFTER.match(text, end)) and (scale := self.scales.get(after["scale"].lower())):
                product, end = product * scale, after.end()  # "dos mil millones"
            return product, end
        words = re.findall(r"[^\s-]+", (match["scale"] or "").lower())
        if not words:
            return 1.0, end
        known = [self.scales[word] for word in words if word in self.scales]
        if words[0] not in self.scales:
            return 1.0, match.start() + len(text[match.start() : match.start("scale")].rstrip())
        if len(known) < len(words):
            return known[0], match.start("scale") + len(words[0])
        return math.prod(known), end + (text[end : end + 1] == "." and words[-1] in _ABBREVIATED)

    def _unit(
        self, match: re.Match[str], money: re.Match[str] | None, value: float, end: int, *, in_brackets: bool
    ) -> tuple[QuantityKind, str, str, float, int]:
        """Return kind, unit, what is counted, a factor of the value, and the end of a number with its unit."""
        text = self.text
        is_rank = _RANK_BEFORE.search(text, max(0, match.start() - _RANK_REACH), match.start()) is not None
        if match["suffix"] or match["ordinal"] or (is_rank and value == int(value) and not money):
            return "ordinal", *_counted_noun(text, end, value, ordinal=True), 1.0, end
        if percent := _PERCENT.match(text, end + in_brackets) or _PERCENT.match(text, end):
            unit = "pp" if percent["points"] or percent["basis"] else "%"
            return "percent", unit, "", 0.01 if percent["basis"] else 1.0, percent.end()
        if money:
            return "money", tables.SYMBOLS.get(money["symbol"] or "", money["code"] or ""), "", 1.0, end
        if not _POUND_AS_BOOK.match(text, end) and (currency := _MONEY_AFTER.match(text, end)):
            return "money", _currency(currency, self.language), "", 1.0, currency.end()
        if match["words"] and (fraction := _FRACTION.match(text, end)):
            return "percent", "%", "", 100 * tables.FRACTIONS[fraction[1].casefold()], fraction.end()
        ratio = _find_ratio(match) if self.language == "en" else None
        if ratio is not None and (share := _share_of_ratio(ratio, value)) < 100:
            return "percent", "%", "", _round_share(share) / value, ratio.end()
        if self.is_row:
            return "count", "", "", 1.0, end
        return "count", *_counted_noun(text, end, value), 1.0, end

    def share_units(self, numbers: Sequence[_Number]) -> list[_Number]:
        """Give a number the scale and unit of the other amount of money beside it, of which it is a part.

        "6.5 of the 8.1 million euros" and "8.1 million euros, of which 6.5 million" are both of euros.
        """
        shared = list(numbers)
        in_parts = False  # after "8.1 million euros, of which 6.5 million from the state and"
        for at in range(1, len(shared)):
            first, second = shared[at - 1], shared[at]
            a, b, between = first.quantity, second.quantity, self.text[first.quantity.end : second.quantity.start]
            if b.kind == "money" and self._is_bare(first) and tables.OF_THE.fullmatch(between):
                if first.scale == 1.0 < second.scale and a.value * second.scale < b.value:
                    a = replace(a, value=_round(a.value * second.scale))
                shared[at - 1] = replace(
                    first, quantity=replace(a, kind=b.kind, unit=b.unit, counted=b.counted), has_unit=True
                )
                continue
            in_parts = b.kind == "count" and (
                tables.OF_WHICH.fullmatch(between) is not None
                or (in_parts and self._is_bare(second) and tables.AND_PART.fullmatch(between) is not None)
            )
            is_of_currency = in_parts or self._follows_money(second, between)
            if a.kind == "money" and second.scale > 1.0 and is_of_currency and not self.is_row:
                shared[at] = replace(second, quantity=replace(b, kind=a.kind, unit=a.unit, counted=""), has_unit=True)
        return shared

    def _follows_money(self, number: _Number, between: str) -> bool:
        """Return whether a number after an amount of money is of the same currency, by the text between them."""
        if tables.BEFORE_OTHER.fullmatch(between) is not None:
            return self._is_bare(number)
        is_distance = MORE_THAN.match(self.text, number.quantity.end) is not None
        return is_distance and number.quantity.kind == "count" and re.fullmatch(r"[^.;:\d]{0,40}", between) is not None

    def _is_bare(self, number: _Number) -> bool:
        """Return whether a number of a sentence counts nothing that is named."""
        return number.quantity.kind == "count" and not number.quantity.unit and not self.is_row

    def join_ranges(self, numbers: Sequence[_Number]) -> list[Quantity]:
        """Join the ends of ranges; of "from 3 to 5 percent" and "from 3 percent to 5" both numbers get the unit."""
        joined: list[Quantity] = []
        previous: _Number | None = None
        for number in numbers:
            pair = self._range(previous, number) if previous is not None else None
            if pair is not None:
                joined[-1:] = pair
                previous = None
            elif number.after_dash:  # "5-4", a score or a code
                if previous is not None:
                    del joined[-1:]
                previous = None
            else:
                joined.append(number.quantity)
                previous = number
        return joined

    def _range(self, first: _Number, second: _Number) -> list[Quantity] | None:
        a, b = first.quantity, second.quantity
        link = _RANGE.fullmatch(self.text[a.end : b.start])
        is_alike = (
            not first.has_unit or (a.kind == b.kind and a.unit == b.unit) or (a.kind == "money" and b.kind == "count")
        )
        starts_change = _FROM.search(self.text[max(0, a.start - 20) : a.start]) is not None
        if link is not None and starts_change and a.kind in ("percent", "money") and not (second.has_unit or b.bound):
            if link["dash"] or link["and"] or b.counted:
                return None
            scale = first.scale if second.scale == 1.0 and b.value < 1000 else 1.0
            return [a, replace(b, kind=a.kind, unit=a.unit, value=_round(b.value * scale))]
        if link is None or not is_alike or b.bound or (link["change"] and not starts_change):
            return None
        low = a.value
        if first.scale == 1.0 and low < 1000 and low * second.scale <= b.value:
            low = _round(low * second.scale)
        kind, unit = (a.kind, a.unit) if a.kind == "money" else (b.kind, b.unit)
        is_by = CHANGED_BY.search(self.text, max(0, a.start - REACH), a.start) is not None or (
            _BY.search(self.text[max(0, a.start - 20) : a.start]) is not None and b.value > _WIDEST_CHANGE * low
        )
        is_amount = first.has_unit or first.scale != 1.0 or b.kind == "count"
        if is_by and is_amount and not link["dash"] and not link["and"]:  # "rose by 41 to 512"
            return None if first.has_unit else [replace(a, kind=b.kind, unit=b.unit, counted=b.counted), b]
        is_between = _BETWEEN.search(self.text[max(0, a.start - 20) : a.start]) is not None
        if starts_change and not link["dash"]:
            return None if first.has_unit else [replace(a, kind=kind, unit=unit, counted=b.counted, value=low), b]
        if (link["and"] and not is_between) or low >= b.value:
            return None
        text = self.text[a.start : b.end]
        return [replace(b, kind=kind, unit=unit, value=low, upper=b.value, start=a.start, text=text, bound=a.bound)]

    def _parse_foreign_words(self, written: str) -> float | None:
        """Parse a number in words of the text's language; 一 is rather part of an expression."""
        if self.language == "ja":
            value = parse_kanji(written)
            return float(value) if value > 1 else None
        return float(tables.GRAMMARS[self.language].parse(written))

    def _value(self, match: re.Match[str]) -> float | None:
        if match["wide"]:
            return _parse_wide(unicodedata.normalize("NFKC", match["wide"]))
        if match["digits"]:
            return _parse_digits(unicodedata.normalize("NFKC", match["digits"]), comma=self.comma)
        if match["part"]:
            return tables.PARTS_OF_SCALES[self.language]["-".join(re.split(r"[\s-]+", match["part"].lower()))]
        if match["spelled"]:
            return self._parse_foreign_words(match["spelled"])
        return _parse_english_words(re.split(r"[\s-]+", (match["words"] or match["ordinal"]).lower()))


_SCALE_AFTER = re.compile(rf"[\s-]*(?P<scale>{_SCALE_WORDS})(?!\w)", re.IGNORECASE)
_AND_FRACTION = re.compile(
    rf"\s?(?P<sign>[{tables.VULGAR_FRACTIONS}])|\s(?P<over>1(?=/[248])|3(?=/[48])|[57](?=/8))/(?P<under>[248])(?![\d/])|[\s-]+(?:{tables.AND_A_HALF}|and[\s-]+(?P<quarters>a|three)[\s-]+quarters?|(?P<quarter>y|et|e)\s+(?:un\s+)?(?:quart|cuarto|quarto)(?!\s+d))\b",
    re.IGNORECASE,
)
"""A fraction after a whole number: "2½", "2 1/2", "two and a half"."""

_OF_CLOCK = re.compile(r"\b(?:las|alle|às)\s+$", re.IGNORECASE)
"""Before the hour of a day: "a las dos y media"."""
_RANK_REACH = 16
_RANK_BEFORE = re.compile(
    r"\b(?:Platz|Plätzen?|Rang|Ränge|rank|rang|puestos?|plaats|pladsen)\s+(?:Nr\.\s*|no\.\s*)?$", re.IGNORECASE
)
"""Before a place in an order, "auf Platz drei", and the characters that it may have."""

_ABBREVIATED = frozenset("mio mrd tys млн млрд тыс трлн tsd mill milj mia mld".split())
_NUMERIC_CELL = re.compile(rf"[(\-−+–]?[{CURRENCY_SIGNS}]?[\d.,]*\d%?\)?")


@lru_cache(maxsize=1024)  # asked of each figure
def is_table_row(text: str) -> bool:
    """Return whether a text is a row of a table: cells with marks between them, or mostly numbers."""
    if "|" in text or "\t" in text:
        return True
    words = re.sub(r"(?<=\d) (?=\d{3}\b)", "", text).split()
    numeric = sum(_NUMERIC_CELL.fullmatch(word) is not None for word in words)
    return numeric >= 2 and numeric >= 0.5 * len(words)


_CURRENCY_NAME = rf"{'|'.join(tables.CURRENCIES)}|{_CODES}|{_SYMBOLS}"
_LETTERED_CURRENCY = "EUR|CHF|USD|GBP|SEK|NOK|DKK|€|£|\\$"
_COMMA_BEFORE_UNIT = r",\s+(?=\w+\s+[^\W\d_]+[ \t]*(?:$|[\n|]))"
"""Before the scale and unit at the end of a caption: "Cargo carried, thousand tonnes"."""

_HEADER_SCALE = re.compile(
    rf"(?P<before>(?<![^\W\d_])(?:{_SYMBOLS})|\b(?:{_CODES})\b|\b(?:{'|'.join(tables.CURRENCIES)})(?=s?\s+in\s))?s?\s{{0,3}}(?P<lead>\b(?:in|en|em)\s+|\(|{_COMMA_BEFORE_UNIT})?(?:\b(?P<scale>{_SCALE_WORDS})\b\.?"
    rf"|(?P<zeros>[’']000s?\b|\b000s\b|\b000(?=\))))(?:\s+(?:of\s+|d[ei]\s+|von\s+)?(?:US\s+)?"
    rf"(?P<after>{'|'.join(tables.CURRENCIES)}|{_CODES}|{_SYMBOLS})(?:s|es)?(?![^\W\d_]))?"
    r"|(?P<wide>[十百千万億兆亿만억조백천]+)(?P<unit>円|元|원|ドル)",
    re.IGNORECASE,
)


_THOUSANDS = r"1[.,'’\s\u00a0\u202f]?000(?P<million>[.,'’\s\u00a0\u202f]?000)?"
_HEADER_THOUSANDS = re.compile(
    rf"(?:(?P<open>[(（\[]|^|[|,;:])[ \t]*(?:(?:in|en|em|i|à)\s+)?|\b(?:in|en|em|i)\s+)[x×*]?\s?"
    rf"(?:(?P<before>{_SYMBOLS}|{_CODES})\s?)?{_THOUSANDS}"
    rf"(?!\s?(?:m|metres?|meters?|mètres?|metros?|metri|yards?)\b)(?:\s*(?P<after>{_CURRENCY_NAME})(?:s|es|n)?(?![^\W\d_])"
    rf"|\s+(?:d[ei]\s+|d[’']|of\s+)?(?P<noun>[^\W\d_]+[²³]?\.?))?(?=(?P<close>\s*(?:[)）\]|,;\n]|$))|\s)",
    re.IGNORECASE | re.MULTILINE,
)
"""The scale of a table in digits: "(1,000 marks)", "in 1.000 Euro"; the event "1000 m" is none."""

_HEADER_LETTERS = re.compile(rf"(?<!\w)(?:(?P<thousand>[TKk])|(?P<million>M))\s?(?P<unit>{_LETTERED_CURRENCY})(?!\w)")
"""The scale of a table in a letter before a currency: "T€", "kEUR"."""


def _header_unit(header: str, scales: Mapping[str, float]) -> tuple[float, str]:
    """Return the scale and the currency that the header of a table states: "(in thousands)", "₹ crore", "百万円"."""
    start, scale_in_digits, unit_in_digits = _header_thousands(header)
    for match in _HEADER_SCALE.finditer(header):
        if match.start() >= start:
            break
        if match["wide"]:
            return _parse_wide(f"1{match['wide']}"), tables.CURRENCIES[match["unit"]]
        stated = match["before"] or match["after"] or ""
        if match["zeros"]:
            return 1e3, ""
        is_first = (
            "|" in header
            and not header[: match.start()].rpartition("\n")[2].strip("| ")
            and not header[match.end() :].split("|", maxsplit=1)[0].strip().istitle()
        )  # "Billion florins | 2022 | 2023"
        if (stated or match["lead"] or is_first) and match["scale"].lower() in scales:
            unit = tables.SYMBOLS.get(stated) or tables.CURRENCIES.get(stated.lower()) or stated.upper()
            return scales[match["scale"].lower()], unit
    return scale_in_digits, unit_in_digits


def _header_thousands(header: str) -> tuple[int, float, str]:
    """Return where a header states a scale in digits or a letter, and that scale and its currency: "(1 000 €)"."""
    for match in _HEADER_THOUSANDS.finditer(header):
        stated = match["before"] or match["after"] or ""
        is_whole = match["close"] is not None and match["open"] is not None
        if stated or is_whole or (match["noun"] and tables.UNIT_NAME.fullmatch(match["noun"])):
            unit = tables.SYMBOLS.get(stated) or tables.CURRENCIES.get(stated.lower()) or stated.upper()
            return match.start(), 1e6 if match["million"] else 1e3, unit
    letters = _HEADER_LETTERS.search(header)
    if letters is None:
        return len(header) + 1, 1.0, ""
    return letters.start(), 1e3 if letters["thousand"] else 1e6, tables.SYMBOLS.get(letters["unit"], letters["unit"])


def _bound(qualifier: re.Match[str] | None) -> Bound:
    if qualifier is None or qualifier["plain"]:
        return ""
    return next((bound for bound in BOUND_NAMES if bound and qualifier[bound]), "about")


def _implied_bound(match: re.Match[str], scale: float, value: float, *, is_ratio: bool) -> Bound:
    """Return "about" for a part of a scale ("half a million") and for a ratio that is no whole percentage."""
    share = _share_of_ratio(_find_ratio(match), value) if is_ratio else 100.0
    return "about" if (match["part"] and value < scale) or (share < 100 and share != _round_share(share)) else ""


def _is_amount(text: str, match: re.Match[str], before: str, *, has_money: bool) -> bool:
    """Return whether a number is an amount, not part of a name, a reference or a pronoun."""
    start, end = match.span()
    if has_money:
        return True
    previous = text[start - 1] if start else " "
    following = text[end] if end < len(text) else " "
    if match["digits"] or match["wide"]:
        if previous.isalpha() and not _is_wide(previous):
            return False  # "G7", "award3"
        if previous in "-‐‑–/.,:_#*^" and (start < 2 or not text[start - 2].isspace()):
            return False  # "COVID-19", "1/2", a version
        has_unit = tables.UNIT_SIGN.match(text, end) is not None
        if (following.isalpha() and not _is_wide(following) and not has_unit) or following in "/_^":
            return False  # "5G"
        if following == "-" and re.match(r"-[A-Z]", text[end : end + 2]):
            return False
        if previous in "([" and following in ")]" and _is_marker(text, match):
            return False  # a marker
        is_first = re.fullmatch(r"[ \t>*-]*\(?", text[text.rfind("\n", 0, start) + 1 : start]) is not None
        if is_first and re.match(r"\d{1,3}[.)]\s", text[start : end + 2]):
            return False  # the number of a list item
        if previous in ')]”’"»':
            return False  # a note mark
    reference = _LAST_WORD.search(_LISTED_REFERENCES.sub("", before))
    if reference is not None and reference[1].casefold() in REFERENCES and not _is_verb(text, match, before):
        return False
    word = _LAST_WORD.search(before)
    is_ratio = _find_ratio(match) is not None
    if match["part"] or is_ratio or _AND_FRACTION.match(text, end):
        return True
    return bool(match["digits"] or match["wide"]) or _spelled_amount(text, match, word[1] if word is not None else "")


_NUMBER_AS_VERB = re.compile(
    r"(?:\b(?i:now|still|already|together|today|alone|which|that|who|they|these|those|should|would|to|will|may)|[^\W\d_A-Z]{3,}s)\s+number\s+$"
)
"""The verb "to number" before an amount: "they now number 2,650", but not "house number 5"."""


def _is_verb(text: str, match: re.Match[str], before: str) -> bool:
    """Return whether "number" before a number is a verb, after which it is an amount, or so is it by its digits."""
    if not before.rstrip().endswith("number"):
        return False
    return _NUMBER_AS_VERB.search(before) is not None or _LONG_NUMBER.match(text, match.start()) is not None


def _is_marker(text: str, match: re.Match[str]) -> bool:
    """Return whether a number in brackets is the mark of a note or a list, or a year: not "in August (512)"."""
    if _LONG_NUMBER.fullmatch(match[0]):
        return False
    is_long = len(match[0]) > 2 and match[0].isdecimal() and re.fullmatch(YEAR, match[0]) is None
    return not (is_long and _WORD_AND_BRACKET.search(text, max(0, match.start() - 5), match.start()))


def _spelled_amount(text: str, match: re.Match[str], before: str) -> bool:
    """Return whether a number in words is an amount; "one of the", "at first" and "no one" are not."""
    end = match.end()
    spelled = match.group().casefold()
    if _NO_AMOUNT.match(text, end) and spelled in ("one", "first", "second"):
        return False
    following = re.match(r"[\s-]+([^\W\d_]+)", text[end : end + 20])
    alone = following is None or following[1].casefold() in FUNCTION_WORDS
    if alone and spelled in ("one", "first", "second", "third"):
        return spelled == "one" and _TO_NUMBER.match(text, end) is not None
    if spelled == "one" and before.casefold() in _BEFORE_PRONOUN:
        return False
    return spelled not in tables.SCALES


def _find_ratio(match: re.Match[str]) -> re.Match[str] | None:
    """Return what makes the number of a match the part of a ratio, None if it is none."""
    text, written = match.string, match[0]
    ratio = _RATIO.match(text, match.end()) if not match["ordinal"] else None
    if ratio is None or (_number_of(ratio["whole"]) not in _WHOLES and written.lower() not in ("one", "1")):
        return None
    if ratio["noun"] and written.lower() not in ("one", "1"):
        is_last = _AFTER_RATIO.match(text, ratio.end()) is not None  # not "two ships in three ports"
        return ratio if is_last and not written[0].isdecimal() else None
    is_counted = written[0].isdecimal() and not ratio["every"] and _PLURAL_AFTER.match(text, ratio.end()) is not None
    return None if is_counted and written != "1" else ratio


def _share_of_ratio(ratio: re.Match[str] | None, part: float) -> float:
    """Return the percentage that "one in four" states; 100 if it is no share."""
    return min(100.0, 100 * part / _number_of(ratio["whole"])) if ratio is not None and 0 < part < 10 else 100.0


def _number_of(whole: str) -> float:
    """Return the value of the second number of a ratio, in digits or in words."""
    word = whole.lower()
    if word.endswith("hundred"):
        return 100.0
    return (
        float(word.replace(",", "")) if word[0].isdecimal() else _parse_english_words(re.split(r"[\s-]+", word)) or 0.0
    )


_ROUND_SHARE = 10
"""From this percentage on, that of a ratio is rounded to a whole one: 33 for "one in three", 3.3 for "one in 30"."""


def _round_share(share: float) -> float:
    return float(round(share)) if share >= _ROUND_SHARE else round(share, 1)


def _is_wide(character: str) -> bool:
    return character >= "\u3000"


def _parse_wide(written: str) -> float:
    """Parse digits with scales of Chinese, Japanese or Korean: 3億2,000万, 5千万."""
    total = 0.0
    for digits, scales in re.findall(rf"(\d[\d,.]*)([{_WIDE}]*)", written):
        part = float(digits.replace(",", "").rstrip("."))
        for scale in scales:
            part *= tables.WIDE_SCALES[scale]
        total += part
    return total


def _parse_digits(written: str, *, comma: bool) -> float | None:
    """Parse digits with separators of thousands; `comma` says that the decimal sign is a comma."""
    plain = re.sub(rf"[{_SPACED} ]", "", written)
    if re.fullmatch(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?", plain):  # 1,23,456
        return float(plain.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain) and not (
        comma and plain.count(",") == 1 and "." not in plain
    ):
        return float(plain.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain) and (comma or plain.count(".") > 1 or "," in plain):
        return float(plain.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d*(?:[.,]\d+)?", plain):
        return float(plain.replace(",", "."))
    return None


def _words_of(match: re.Match[str]) -> list[str]:
    """Return the words of a number in English words; empty for others."""
    return re.split(r"[\s-]+", match["words"].lower()) if match["words"] else []


def _fraction(match: re.Match[str]) -> float:
    """Return the value of a fraction after a whole number."""
    if match["sign"]:
        return unicodedata.numeric(match["sign"])
    if match["over"]:
        return int(match["over"]) / int(match["under"])
    if match["quarter"]:
        return 0.25
    return {"a": 0.25, "three": 0.75}.get((match["quarters"] or "").lower(), 0.5)


_OF_HUNDREDS = re.compile(rf"\b(?!hundred\b)(?>{_ENGLISH_NUMBER})(?!\w)", re.IGNORECASE)


def find_hundreds_in_words(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and value of the English numbers with "hundred" or "thousand" and no larger scale."""
    folded = text.casefold()
    if "hundred" not in folded and "thousand" not in folded:
        return
    for match in _OF_HUNDREDS.finditer(text):
        words = re.split(r"[\s-]+", match[0].casefold())
        scales = {"hundred", "thousand"}.intersection(words)
        value = _parse_english_words(words)
        if scales and not {"million", "billion", "trillion", "half", "dozen"}.intersection(words) and value:
            yield *match.span(), round(value)


def _parse_english_words(words: list[str]) -> float | None:
    """Parse a number in words: "two hundred and five", "twenty-one", "a dozen", "twenty-first"."""
    total = current = last = 0.0
    for word in words:
        if word in ("and", ""):
            continue
        if word in ("a", "an"):
            current = current or 1.0
        elif word == "half":
            current = 0.5
        elif word in UNITS or word in TENS or word in ORDINALS:
            current += UNITS.get(word, TENS.get(word, ORDINALS.get(word, 0)))
        elif word in ("hundred", "dozen"):
            current = (current or 1.0) * tables.SCALES[word]
        elif word in tables.SCALES:
            last = current * tables.SCALES[word] if current else last * (tables.SCALES[word] - 1)  # "thousand million"
            total += last
            current = 0.0
        else:
            return None
    return total + current


def _currency(match: re.Match[str], language: str) -> str:
    """Return the ISO code of a currency after a number."""
    if match["code"]:
        return match["code"].upper()
    written = (match["symbol"] or match["name"]).lower()
    of_language = tables.LANGUAGE_CURRENCIES.get(language, {})
    if written in of_language:
        return of_language[written]
    if match["symbol"]:
        return tables.SYMBOLS[match["symbol"]]
    return tables.NATIONS.get((match["nation"] or "").lower()) or tables.CURRENCIES[written]


def _round(value: float) -> float:
    """Remove floating-point noise: 42.5 million is 42500000."""
    rounded = round(value, 6)
    if rounded in (float("inf"), float("-inf")):
        return rounded
    return int(rounded) if rounded == int(rounded) else rounded


def _counted_noun(text: str, end: int, value: float, *, ordinal: bool = False) -> tuple[str, str]:
    """Return the head noun and the whole noun phrase that a number ending at `end` counts; "" if none is named.

    Without a tagger: words up to one that no noun phrase contains; the first plural among them is the head.
    """
    wide = _WIDE_UNIT.match(text, end)
    if wide is not None:
        return wide.group(), wide.group()
    words = _following_words(text, end)
    if words:
        plural = next((n for n, (word, _) in enumerate(words) if _is_plural(word)), None)
        if plural is not None and not (value == 1 or ordinal):
            return words[plural][0], " ".join(text[end : words[plural][1]].split()).strip("-“\"‘' ")
        phrase: list[tuple[str, int]] = []
        for word, stop in words[:3]:
            if phrase and text[phrase[-1][1] : stop].lstrip().startswith(","):
                break
            phrase.append((word, stop))
            if word[0].isupper() and not (value == 1 or ordinal):
                break  # a German noun: "zwölf Schiffe gezahlt"
        return phrase[-1][0], " ".join(text[end : phrase[-1][1]].split()).strip("-“\"‘' ")
    before = text[max(0, end - _MAX_SUBJECT_DISTANCE) : end]
    sentence = re.split(r"(?<=[.!?])\s", before)[-1]
    subject = _NUMBER_OF.search(sentence)
    if subject is not None:
        what = " ".join(subject["what"].split())
        return what.split()[-1], what
    return "", ""


def _is_plural(word: str) -> bool:
    """Return whether an English word looks like a plural."""
    lower = word.casefold().rstrip(".")
    return lower in tables.PLURALS or (
        len(lower) > 3 and lower.endswith("s") and not lower.endswith(("ss", "us", "is", "’s", "'s"))
    )


def _following_words(text: str, end: int) -> list[tuple[str, int]]:
    """Return the words after a position with their ends; continue past a comma or "and" only towards a plural."""
    words: list[tuple[str, int]] = []
    cursor = end
    if text[end : end + 1] == "-":
        cursor += 1
    waiting: list[tuple[str, int]] = []
    while len(words) + len(waiting) < _MAX_WORDS:
        match = _NEXT_WORD.match(text, cursor)
        if match is None:
            break
        word = match["word"].strip("“\"‘'.")
        cursor = match.end() - (len(match["word"]) - len(match["word"].rstrip(".,")))
        joined = bool(match["comma"]) or word.casefold() in ("and", "or")
        if not words and (joined or word.casefold() in FUNCTION_WORDS):
            break
        if joined or waiting:
            if word.casefold() in FUNCTION_WORDS and not joined:
                break
            waiting.append((word, cursor))
            if _is_plural(word) and not any(_is_plural(other) for other, _ in words):
                return [*words, *waiting]
            continue
        if word.casefold() in FUNCTION_WORDS:
            break
        words.append((word, cursor))
        if match["word"].endswith("."):
            break
    return words
