"""Quantities in a text: numbers, money, percents, dates, ordinals, with exact spans and what is counted. Pure.

A small grammar over tables (`qa.editions.numerals`): a number in digits or words, then what stands before and behind it
says what it is. References ("Chapter 3"), names ("P-3C", "G7") and note marks are no quantities.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qa.editions import numerals as tables
from qa.editions.counted import counted
from qa.editions.dates import dates

Kind = Literal["count", "money", "percent", "ordinal", "date"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity, `[start, end)` of the text it was read in.

    `value` is a number, or for dates what is known of the ISO date ("2015", "2015-07", "2015-07-07", "-07-07"). `unit`
    is an ISO code of a currency, "%", or the head noun of what is counted ("ships"); "" where it is not said. `counted`
    is what is counted, as written ("merchant ships").
    """

    kind: Kind
    value: float | str
    unit: str
    counted: str
    text: str
    start: int
    end: int

    def same_value(self, other: Quantity) -> bool:
        """Whether both say the same amount."""
        return self.kind == other.kind and self.value == other.value and _unit(self) == _unit(other)


def _unit(one: Quantity) -> str:
    return one.unit if one.kind == "money" else ""


_SPACED = "\u00a0\u202f\u2009'’"
_DIGITS = rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,3}}(?:[{_SPACED}]\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_WORDS = "|".join(sorted([*tables.UNITS, *tables.TENS], key=len, reverse=True))
_SCALE_WORDS = "|".join(sorted((one for one in tables.SCALES if one not in tables.SHORT_SCALES), key=len, reverse=True))
_FOREIGN = "|".join(sorted(tables.FOREIGN, key=len, reverse=True))
_ORDINAL_WORDS = "|".join(sorted(tables.ORDINALS, key=len, reverse=True))
_SYMBOLS = "|".join(re.escape(one) for one in sorted(tables.SYMBOLS, key=len, reverse=True))
_CODES = "|".join(sorted(tables.CODES))
_WIDE = "".join(tables.WIDE_SCALES)

_NUMBER = re.compile(
    rf"(?P<wide>\d[\d,.]*[{_WIDE}](?:\d[\d,.]*[{_WIDE}]?)*)"
    rf"|(?P<digits>{_DIGITS})(?P<suffix>st|nd|rd|th)?(?:[\s\u00a0-]*(?P<scale>(?:{_SCALE_WORDS})(?![\w]))|\s?(?P<short>(?:bn|bln|mn|mln|tn|m|k|mio|mrd)\b\.?))?"
    rf"|\b(?P<words>(?:(?:{_WORDS}|a|an|hundred|half\s+a)(?:[\s-]+(?:and\s+)?))*?(?:{_WORDS}|hundred|thousand|million|billion|trillion|dozen)"
    rf"(?:[\s-]+(?:and\s+)?(?:{_WORDS}|hundred|thousand|million|billion|trillion)(?![\w]))*)(?!\w|[’']\w)(?!-(?:sided|way|off|time|fold)\b)"
    rf"|\b(?P<ordinal>(?:(?:{'|'.join(tables.TENS)})[\s-])?(?:{_ORDINAL_WORDS}))\b"
    rf"|\b(?P<foreign>{_FOREIGN})\b",
    re.IGNORECASE,
)
_QUALIFIER = re.compile(rf"(?<!\w)(?:{tables.QUALIFIERS})$", re.IGNORECASE)
_MONEY_BEFORE = re.compile(rf"(?:(?P<symbol>{_SYMBOLS})|(?<![A-Za-z])(?P<code>{_CODES})\.?)\s?$")
_NATION = "|".join(re.escape(one) for one in sorted(tables.NATIONS, key=len, reverse=True))
_MONEY_AFTER = re.compile(
    rf"\s*-?(?:(?P<code>(?:{_CODES})\b)|(?P<symbol>[€£¥￥$])"
    rf"|(?:in\s+)?(?:(?P<nation>{_NATION})[\s-]+)?(?P<name>{'|'.join(tables.CURRENCIES)})(?:s|es|en|n)?(?![a-zà-ÿ])(?:\s+sterling)?)",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"\s*-?(?:%|％|percent(?:age\s+points?)?\b|per\s*cent\b|prozent\b|pour\s+cent\b|por\s+ciento\b|パーセント)",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"[\s-](thirds?|quarters?|fifths|tenths|half)\b", re.IGNORECASE)
_BEFORE_PRONOUN = frozenset("no any every the this that each another other".split())
_LAST_WORD = re.compile(r"([^\W\d_]+|§)\.?\s*[(（]?$")
_NO_AMOUNT = re.compile(
    r"\s+(?:of\s+(?:all|the|which|them|these|those|its|our|his|her|my)\b|another\b|and\s+foremost\b|time\b|place\b|hand\b|day\b)|-to-",
    re.IGNORECASE,
)


_SPELLED = frozenset([*tables.UNITS, *tables.TENS, *tables.ORDINALS, *tables.SCALES, *tables.FOREIGN])


def quantities(text: str, language: str | None = "en") -> list[Quantity]:
    """All quantities of a text in order; none overlaps another."""
    if not any(map(str.isdigit, text)) and _SPELLED.isdisjoint(re.findall(r"[^\W\d_]+", text.lower())):
        return []  # most sentences: the grammar below takes a third of a millisecond
    found = [Quantity("date", one.value, "", "", text[one.start : one.end], one.start, one.end) for one in dates(text)]
    taken = [(one.start, one.end) for one in found]
    code = (language or "en").lower().split("-")[0]
    for match in _NUMBER.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        for one in _read(text, match, code):
            if not any(start < one.end and one.start < end for start, end in taken):  # "0$0"
                found.append(one)
                taken.append((one.start, one.end))
    return sorted(found, key=lambda one: one.start)


def _read(text: str, match: re.Match[str], language: str) -> Iterator[Quantity]:
    start, end = match.span()
    before = text[max(0, start - 40) : start]
    if match["foreign"] and (language == "en" or match["foreign"].lower() in tables.UNITS):
        return
    money = _MONEY_BEFORE.search(before)
    if not _is_amount(text, match, before, has_money=money is not None):
        return
    value = _value(match, language)
    if value is None:
        return
    if match["short"]:
        if money is None and _MONEY_AFTER.match(text, end) is None:
            end = match.start("short")
            end -= len(text[start:end]) - len(text[start:end].rstrip())
        else:
            value *= tables.SCALES[match["short"].lower().rstrip(".")]
    if match["scale"]:
        value *= tables.SCALES[match["scale"].lower()]
    qualifier = _QUALIFIER.search(text[max(0, start - 30) : money.start() + start - len(before) if money else start])
    lead = money.start() - len(before) + start if money else start
    begin = lead - len(qualifier.group()) if qualifier else lead
    if match["suffix"] or match["ordinal"]:
        yield Quantity(
            "ordinal", _rounded(value), *counted(text, end, value, ordinal=True), text[begin:end], begin, end
        )
    elif percent := _PERCENT.match(text, end):
        stop = percent.end()
        yield Quantity("percent", _rounded(value), "%", "", text[begin:stop], begin, stop)
    elif money or _MONEY_AFTER.match(text, end):
        if money:
            stop, unit = end, tables.SYMBOLS.get(money["symbol"] or "", money["code"] or "")
        else:
            stop, unit = _currency(text, end)
        yield Quantity("money", _rounded(value), unit, "", text[begin:stop], begin, stop)
    elif fraction := _FRACTION.match(text, end) if match["words"] else None:
        stop = fraction.end()
        share = value * tables.FRACTIONS[fraction[1].lower()]
        yield Quantity("percent", _rounded(100 * share), "%", "", text[begin:stop], begin, stop)
    else:
        unit, what = counted(text, end, value)
        yield Quantity("count", _rounded(value), unit, what, text[begin:end], begin, end)


def _is_amount(text: str, match: re.Match[str], before: str, *, has_money: bool) -> bool:
    """Whether a number amounts to something: no part of a name, no reference, no pronoun."""
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
        if (following.isalpha() and not _is_wide(following)) or following in "/_^":
            return False  # "5G"
        if following == "-" and re.match(r"-[A-Z0-9]", text[end : end + 2]):
            return False
        if previous in "([" and following in ")]":
            return False  # a marker
        if previous in ')]”’"»':
            return False  # the mark of a note
    word = _LAST_WORD.search(before)
    if word is not None and word[1].casefold() in tables.REFERENCES:
        return False
    return bool(match["digits"] or match["wide"]) or _spelled_amount(text, match, word[1] if word is not None else "")


def _spelled_amount(text: str, match: re.Match[str], before: str) -> bool:
    """Whether a number in words amounts to something: "one of the", "at first" and "no one" do not."""
    end = match.end()
    spelled = match.group().casefold()
    if _NO_AMOUNT.match(text, end) and spelled in ("one", "first", "second"):
        return False
    following = re.match(r"[\s-]+([^\W\d_]+)", text[end : end + 20])
    alone = following is None or following[1].casefold() in tables.STOPPERS
    if alone and spelled in ("one", "first", "second", "third"):
        return False
    if spelled == "one" and before.casefold() in _BEFORE_PRONOUN:
        return False
    return spelled not in tables.SCALES


def _is_wide(character: str) -> bool:
    return character >= "\u3000"


def _value(match: re.Match[str], language: str) -> float | None:
    if match["wide"]:
        total = 0.0
        for digits, scale in re.findall(rf"(\d[\d,.]*)([{_WIDE}]?)", unicodedata.normalize("NFKC", match["wide"])):
            total += float(digits.replace(",", "").rstrip(".")) * tables.WIDE_SCALES.get(scale, 1.0)
        return total
    if match["digits"]:
        return _digits(unicodedata.normalize("NFKC", match["digits"]), comma=language in tables.DECIMAL_COMMA)
    if match["foreign"]:
        return float(tables.FOREIGN[match["foreign"].lower()])
    words = re.split(r"[\s-]+", (match["words"] or match["ordinal"]).lower())
    return _spelled(words)


def _digits(written: str, *, comma: bool) -> float | None:
    plain = re.sub(rf"[{_SPACED} ]", "", written)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain) and not (
        comma and plain.count(",") == 1 and "." not in plain
    ):
        return float(plain.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain) and (comma or plain.count(".") > 1):
        return float(plain.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        return float(plain.replace(",", "."))
    return None


def _spelled(words: list[str]) -> float | None:
    """A number in words: "two hundred and five", "twenty-one", "a dozen", "twenty-first"."""
    total = current = 0.0
    for word in words:
        if word in ("and", ""):
            continue
        if word in ("a", "an"):
            current = 1.0
        elif word == "half":
            current = 0.5
        elif word in tables.UNITS or word in tables.TENS or word in tables.ORDINALS:
            current += tables.UNITS.get(word, tables.TENS.get(word, tables.ORDINALS.get(word, 0)))
        elif word in ("hundred", "dozen"):
            current = (current or 1.0) * tables.SCALES[word]
        elif word in tables.SCALES:
            total += (current or 1.0) * tables.SCALES[word]
            current = 0.0
        else:
            return None
    return total + current


def _currency(text: str, end: int) -> tuple[int, str]:
    """Where the currency behind a number ends, and its code; the number's end and "" where there is none."""
    after = _MONEY_AFTER.match(text, end)
    if after is None:
        return end, ""
    if after["code"]:
        return after.end(), after["code"].upper()
    if after["symbol"]:
        return after.end(), tables.SYMBOLS[after["symbol"]]
    nation = (after["nation"] or "").lower()
    return after.end(), tables.NATIONS.get(nation) or tables.CURRENCIES[after["name"].lower()]


def _rounded(value: float) -> float:
    """Without the noise of multiplying: 42.5 million is 42500000."""
    kept = round(value, 6)
    return int(kept) if kept == int(kept) else kept
