"""Parse quantities in text: numbers, money, percentages, dates and ordinals, with exact spans and what is counted.

A small grammar over the tables in `qa.editions.numerals`: a number in digits or words, classified by its context.
References ("Chapter 3"), names ("P-3C", "G7") and note marks are not quantities.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from qa.editions import numerals as tables
from qa.editions.dates import dates

QuantityKind = Literal["count", "money", "percent", "ordinal", "date"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity, `[start, end)` of the text it was read from.

    `value` is a number, or the known parts of an ISO date ("2015", "2015-07", "2015-07-07", "-07-07"). `unit` is an ISO
    currency code, "%", the head noun of what is counted ("ships"), or "". `counted` is the noun phrase as written
    ("merchant ships").
    """

    kind: QuantityKind
    value: float | str
    unit: str
    counted: str
    text: str
    start: int
    end: int

    def same_value(self, other: Quantity) -> bool:
        """Whether both state the same amount."""
        return (self.kind, self.value) == (other.kind, other.value) and (
            self.kind != "money" or self.unit == other.unit
        )


_SPACED = "\u00a0\u202f\u2009'’"
_DIGITS = rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,3}}(?:[{_SPACED}]\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_WORDS = "|".join(sorted([*tables.UNITS, *tables.TENS], key=len, reverse=True))
_SCALE_WORDS = "|".join(sorted(tables.SCALES.keys() - tables.SHORT_SCALES, key=len, reverse=True))
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
_MAX_WORDS = 7
_NEXT_WORD = re.compile(r"[\s\u00a0]*(?P<comma>,\s*)?(?P<word>[“\"‘']?[^\W\d_][\w’'./-]*)")
_SUBJECT = re.compile(
    r"\bnumber\s+of\s+(?P<what>(?:[^\W\d_][\w’'-]*\s+){0,6}?[^\W\d_][\w’'-]*s)\b(?!.*\bnumber\s+of\b)",
    re.IGNORECASE | re.DOTALL,
)
_WIDE_UNIT = re.compile(r"[\u30a0-\u30ff\u3400-\u9fff]{1,3}|[\uac00-\ud7af]{1,2}")
_SUBJECT_REACH = 300
"""Characters before a number that are searched for "the number of …"."""
_BEFORE_PRONOUN = frozenset("no any every the this that each another other".split())
_LAST_WORD = re.compile(r"([^\W\d_]+|§)\.?\s*[(（]?$")
_NO_AMOUNT = re.compile(
    r"\s+(?:of\s+(?:all|the|which|them|these|those|its|our|his|her|my)\b|another\b|and\s+foremost\b|time\b|place\b|hand\b|day\b)|-to-",
    re.IGNORECASE,
)


_SPELLED = frozenset([*tables.UNITS, *tables.TENS, *tables.ORDINALS, *tables.SCALES, *tables.FOREIGN])


def quantities(text: str, language: str | None = "en") -> list[Quantity]:
    """Return all quantities of a text in order, without overlaps.

    Args:
        text: a sentence or more.
        language: language code; decides between decimal comma and point, and which number words are read.
    """
    if not any(map(str.isdigit, text)) and _SPELLED.isdisjoint(re.findall(r"[^\W\d_]+", text.lower())):
        return []  # most sentences; the grammar below takes 0.3 ms
    found = [Quantity("date", d.value, "", "", text[d.start : d.end], d.start, d.end) for d in dates(text)]
    taken = [(date.start, date.end) for date in found]
    code = (language or "en").lower().split("-")[0]
    for match in _NUMBER.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        quantity = _read(text, match, code)
        if quantity and not any(start < quantity.end and quantity.start < end for start, end in taken):  # "0$0"
            found.append(quantity)
            taken.append((quantity.start, quantity.end))
    return sorted(found, key=lambda quantity: quantity.start)


def _read(text: str, match: re.Match[str], language: str) -> Quantity | None:
    start, end = match.span()
    before = text[max(0, start - 40) : start]
    if match["foreign"] and (language == "en" or match["foreign"].lower() in tables.UNITS):
        return None
    money = _MONEY_BEFORE.search(before)
    if not _is_amount(text, match, before, has_money=money is not None):
        return None
    value = _value(match, language)
    if value is None:
        return None
    if match["short"] and money is None and _MONEY_AFTER.match(text, end) is None:
        end = start + len(text[start : match.start("short")].rstrip())  # "5 m" is a length
    elif scale := match["short"] or match["scale"]:
        value *= tables.SCALES[scale.lower().rstrip(".")]
    begin = start - len(before) + money.start() if money else start
    if qualifier := _QUALIFIER.search(text[max(0, start - 30) : begin]):
        begin -= len(qualifier.group())
    kind: QuantityKind = "count"
    unit = counted = ""
    if match["suffix"] or match["ordinal"]:
        kind = "ordinal"
        unit, counted = _counted_noun(text, end, value, ordinal=True)
    elif percent := _PERCENT.match(text, end):
        kind, unit, end = "percent", "%", percent.end()
    elif money:
        kind, unit = "money", tables.SYMBOLS.get(money["symbol"] or "", money["code"] or "")
    elif currency := _MONEY_AFTER.match(text, end):
        kind, unit, end = "money", _currency(currency), currency.end()
    elif fraction := _FRACTION.match(text, end) if match["words"] else None:
        value *= 100 * tables.FRACTIONS[fraction[1].lower()]
        kind, unit, end = "percent", "%", fraction.end()
    else:
        unit, counted = _counted_noun(text, end, value)
    return Quantity(kind, _rounded(value), unit, counted, text[begin:end], begin, end)


def _is_amount(text: str, match: re.Match[str], before: str, *, has_money: bool) -> bool:
    """Whether a number is an amount, not part of a name, a reference or a pronoun."""
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
            return False  # a note mark
    word = _LAST_WORD.search(before)
    if word is not None and word[1].casefold() in tables.REFERENCES:
        return False
    return bool(match["digits"] or match["wide"]) or _spelled_amount(text, match, word[1] if word is not None else "")


def _spelled_amount(text: str, match: re.Match[str], before: str) -> bool:
    """Whether a number in words is an amount; "one of the", "at first" and "no one" are not."""
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
    """Parse a number in words: "two hundred and five", "twenty-one", "a dozen", "twenty-first"."""
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


def _currency(match: re.Match[str]) -> str:
    """Return the ISO code of a currency after a number."""
    if match["code"]:
        return match["code"].upper()
    if match["symbol"]:
        return tables.SYMBOLS[match["symbol"]]
    return tables.NATIONS.get((match["nation"] or "").lower()) or tables.CURRENCIES[match["name"].lower()]


def _rounded(value: float) -> float:
    """Remove floating-point noise: 42.5 million is 42500000."""
    rounded = round(value, 6)
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
    before = text[max(0, end - _SUBJECT_REACH) : end]
    sentence = re.split(r"(?<=[.!?])\s", before)[-1]
    subject = _SUBJECT.search(sentence)
    if subject is not None:
        what = " ".join(subject["what"].split())
        return what.split()[-1], what
    return "", ""


def _is_plural(word: str) -> bool:
    """Whether an English word looks like a plural."""
    lower = word.casefold().rstrip(".")
    return lower in tables.PLURALS or (
        len(lower) > 3 and lower.endswith("s") and not lower.endswith(("ss", "us", "is", "’s", "'s"))
    )


def _following_words(text: str, end: int) -> list[tuple[str, int]]:
    """Return the words after a position with their ends; continue past a comma or "and" only towards a plural."""
    found: list[tuple[str, int]] = []
    cursor = end
    if text[end : end + 1] == "-":
        cursor += 1
    waiting: list[tuple[str, int]] = []
    while len(found) + len(waiting) < _MAX_WORDS:
        match = _NEXT_WORD.match(text, cursor)
        if match is None:
            break
        word = match["word"].strip("“\"‘'.")
        cursor = match.end() - (len(match["word"]) - len(match["word"].rstrip(".,")))
        joined = bool(match["comma"]) or word.casefold() in ("and", "or")
        if not found and (joined or word.casefold() in tables.STOPPERS):
            break
        if joined or waiting:
            if word.casefold() in tables.STOPPERS and not joined:
                break
            waiting.append((word, cursor))
            if _is_plural(word) and not any(_is_plural(other) for other, _ in found):
                return [*found, *waiting]
            continue
        if word.casefold() in tables.STOPPERS:
            break
        found.append((word, cursor))
        if match["word"].endswith("."):
            break
    return found
