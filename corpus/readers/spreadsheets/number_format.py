"""Format numbers as a spreadsheet shows them, by the format codes of Excel (ECMA-376, part 1, 18.8.31).

Codes that depend on the user's country are shown as in the United States. Colours and widths have no text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from corpus.vocabulary import ENGLISH_MONTHS

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "$#,##0;($#,##0)", 6: "$#,##0;($#,##0)",
    7: "$#,##0.00;($#,##0.00)", 8: "$#,##0.00;($#,##0.00)", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm", 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)", 41: "#,##0;(#,##0);-", 42: "$#,##0;($#,##0);-", 43: "#,##0.00;(#,##0.00);-",
    44: "$#,##0.00;($#,##0.00);-", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
} | dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy/m/d")  # fmt: skip
"""Format codes by number; the last ones are dates in East Asian versions of Excel."""

_TOKEN = re.compile(
    r'"([^"]*)"?|\\(.)|_.|\*.|\[(?:\$([^\]-]*)[^\]]*|(h+|m+|s+)|[^\]]*)\]'
    r"|(AM/PM|A/P|ggg?|[Gg]eneral|y+|m+|d+|h+|s+(?:\.0+)?|e+(?![+-])|b+)"
    r"|([0#?][0#?,.]*|\.[0#?]+)(?=([Ee][+-]0+)?)([Ee][+-]0+)?|(.)",
    re.DOTALL | re.IGNORECASE,
)
_SECTION = re.compile(r'((?:"[^"]*+"?+|\\.?+|[^;"\\])*+)(;?)', re.DOTALL)
"""Possessive quantifiers, since a format code of many quotation marks would otherwise backtrack exponentially."""

_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_COMPARISONS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
}  # fmt: skip
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - cells have no time zone
_MAX_DAY = 2_958_465
"""31 December 9999."""
_MAX_CODE = 255
_MAX_DIGITS = 40
_PRECISE = Context(prec=2 * _MAX_DIGITS + 2)
"""For as many digits before the decimal point as after it."""

_GENERAL_DIGITS = 10
"""Digits that Excel shows of a fraction in a cell of usual width."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A part of a format code: `kind` is "literal", "date", "elapsed", "general" or "number"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[_Token, ...]
    condition: tuple[str, float] | None
    percent: int

    @property
    def is_date(self) -> bool:
        return any(token.kind in ("date", "elapsed") for token in self.tokens)


def format_number(value: float, code: str, *, from_1904: bool = False) -> str:
    """Return a number as a spreadsheet shows it.

    Args:
        value: The stored number; of a date the days since the end of 1899 (`from_1904`: since 1904).
        code: The format code, such as `#,##0.0;(#,##0.0)`.
        from_1904: Whether dates count from 1904, as in old files of the Macintosh.
    """
    sections = _parse(code[:_MAX_CODE])
    if not sections or not math.isfinite(value):
        return _general(value)
    section, negative = _choose(sections, value)
    if section.is_date:
        shown = _date(value, section, from_1904=from_1904)
        return _general(value) if shown is None else shown
    return _number(value, section, negative=negative)


def format_text(text: str, code: str) -> str:
    """Return a text as a spreadsheet shows it, formatted by the fourth part of the format code."""
    parts = _split(code[:_MAX_CODE])
    pattern = parts[3] if len(parts) == 4 else parts[0] if "@" in parts[0] else "@"
    if "@" not in pattern:
        return text if len(parts) < 4 else _literals(pattern)
    before, after = pattern.split("@", 1)
    return f"{_literals(before)}{text}{_literals(after.replace('@', text))}"


def _literals(pattern: str) -> str:
    return "".join(token.text for token in _tokens(pattern) if token.kind == "literal")


@lru_cache(maxsize=512)
def _parse(code: str) -> tuple[_Section, ...]:
    """Return the sections of a format code; empty for "General"."""
    if not code or code.lower() in ("general", "@", "standard"):
        return ()
    sections: list[_Section] = []
    for part in _split(code)[:3]:
        match = _CONDITION.search(part)
        tokens = _tokens(part)
        percent = sum(token.kind == "percent" for token in tokens)
        tokens = [_Token("literal", "%") if token.kind == "percent" else token for token in tokens]
        sections.append(_Section(tuple(tokens), (match[1], float(match[2])) if match else None, percent))
    return tuple(sections)


def _split(code: str) -> list[str]:
    """Split a format code at its semicolons outside quotation marks."""
    parts: list[str] = []
    for match in _SECTION.finditer(code):
        parts.append(match[1])
        if not match[2]:
            break
    return parts[:4]


def _tokens(pattern: str) -> list[_Token]:
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(pattern):
        quoted, escaped, currency, elapsed, word, digits, _, exponent, other = match.groups()
        if elapsed:
            tokens.append(_Token("elapsed", elapsed.lower()))
        elif word:
            kind = "general" if word.lower() == "general" else "date"
            tokens.append(_Token(kind, word if word[0] in "Aa" else word.lower()))
        elif digits:
            tokens.append(_Token("number", digits + (exponent or "")))
        elif other == "%":
            tokens.append(_Token("percent", other))
        elif match[0].startswith("_"):
            tokens.append(_Token("literal", " "))
        else:
            tokens.append(_Token("literal", quoted or escaped or currency or other or ""))
    return tokens


def _choose(sections: Sequence[_Section], value: float) -> tuple[_Section, bool]:
    """Return the section that applies to a value, and whether a minus sign has to be shown."""
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _COMPARISONS[section.condition[0]](value, section.condition[1]):
                return section, value < 0
        return sections[-1], value < 0
    if value < 0 and len(sections) > 1:
        return sections[1], False
    return (sections[2], False) if value == 0 and len(sections) > 2 else (sections[0], value < 0)


def _number(value: float, section: _Section, *, negative: bool) -> str:
    numbers = [token for token in section.tokens if token.kind == "number"]
    amount = abs(Decimal(repr(value))) * 100**section.percent
    shown: dict[int, str] = {}
    places = [position for position, token in enumerate(section.tokens) if token.kind == "number"]
    slash = next((at for at, token in enumerate(section.tokens) if token == _Token("literal", "/")), None)
    if slash is not None and places and places[0] < slash < places[-1]:
        return _fraction(amount, section, negative=negative)
    if numbers:
        pattern = "".join(token.text for token in numbers)
        formatted = _scientific(amount, pattern) if re.search("[eE]", pattern) else _decimal(amount, pattern)
        if len(places) == 1:
            shown[places[0]] = formatted
        else:  # literals between the digits, as in telephone numbers: filled from the right
            digits = formatted
            for place in reversed(places[1:]):
                width = len(section.tokens[place].text)
                digits, shown[place] = digits[:-width] if width < len(digits) else "", digits[-width:]
            shown[places[0]] = digits
    parts = [
        shown[position] if token.kind == "number"
        else _general(float(amount)) if token.kind == "general" or token == _Token("literal", "@")
        else token.text
        for position, token in enumerate(section.tokens)
    ]  # fmt: skip
    text = " ".join("".join(parts).split())
    return f"-{text}" if negative and text else text  # also "-0", as in Excel


def _decimal(amount: Decimal, pattern: str) -> str:
    whole, _, fraction = pattern.partition(".")
    scaled = whole.rstrip(",")
    amount /= Decimal(1000) ** (len(whole) - len(scaled) + (len(fraction) - len(fraction.rstrip(","))))
    places = [character for character in fraction if character in "0#?"]
    if amount.adjusted() >= _MAX_DIGITS or len(places) > _MAX_DIGITS:
        return _general(float(amount))
    rounded = amount.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP, _PRECISE)
    digits, _, decimals = f"{rounded:f}".partition(".")
    digits = digits.lstrip("0").rjust(scaled.count("0"), "0")
    if "," in scaled:
        digits = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", digits)
    kept = len(decimals)
    while kept and places[kept - 1] != "0" and decimals[kept - 1] == "0":
        kept -= 1
    return f"{digits}.{decimals[:kept]}" if kept or ("." in pattern and places) else digits


def _scientific(amount: Decimal, pattern: str) -> str:
    mantissa, sign, digits = re.split("[eE]([+-])", pattern, maxsplit=1)
    whole = max(1, len(re.findall("[0#?]", mantissa.partition(".")[0])))
    exponent = 0 if amount == 0 else amount.adjusted() // whole * whole if whole > 1 else amount.adjusted()
    shown = _decimal(amount.scaleb(-exponent), mantissa)
    if shown.startswith("10") and whole == 1:  # rounded up to the next power
        exponent += 1
        shown = _decimal(amount.scaleb(-exponent), mantissa)
    mark = "-" if exponent < 0 else "+" if sign == "+" else ""
    return f"{shown}E{mark}{abs(exponent):0{len(digits)}d}"


def _fraction(amount: Decimal, section: _Section, *, negative: bool) -> str:
    """Return a mixed number with a denominator of at most as many digits as the code has, or the one that it names."""
    from fractions import Fraction

    below = [token.text for token in section.tokens if token.kind == "number"][-1]
    has_whole = sum(token.kind == "number" for token in section.tokens) > 2
    exact = Fraction(amount)
    if below.isdecimal() and int(below):
        denominator = int(below)
        numerator = round(exact * denominator)
    else:
        limited = exact.limit_denominator(10 ** min(len(below), 4) - 1)
        numerator, denominator = limited.numerator, limited.denominator
    whole, rest = divmod(numerator, denominator) if has_whole else (0, numerator)
    parts = [str(whole)] if whole or not rest else []
    text = " ".join([*parts, f"{rest}/{denominator}"] if rest else parts)
    return f"-{text}" if negative and numerator else text


def _general(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if value == int(value) and abs(value) < 10**15:
        return str(int(value))
    size = abs(value)
    if size >= 10**15 or size < 10**-4:
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{mantissa}E{exponent}"
    places = max(0, _GENERAL_DIGITS - len(str(int(size))))
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:f}".rstrip("0").rstrip(".") if places else f"{rounded:f}"


def _date(value: float, section: _Section, *, from_1904: bool) -> str | None:
    """Return a date or time; None for a number outside the calendar, of which a spreadsheet shows "####"."""
    if not 0 <= value <= _MAX_DAY:
        return None
    codes = [token.text for token in section.tokens if token.kind in ("date", "elapsed")]
    has_fraction = any("." in code for code in codes)
    seconds = round(value * 86400, 3) if has_fraction else round(value * 86400)
    days, second = divmod(seconds, 86400)
    if not from_1904 and 0 < days < 61:
        days += 1  # Excel counts a 29 February 1900
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(days=days, seconds=second)
    twelve = any(code.upper() in ("AM/PM", "A/P") for code in codes)
    parts: list[str] = []
    before = ""  # the date code before, which decides whether "m" is a month or a minute
    for position, token in enumerate(section.tokens):
        if token.kind == "elapsed":
            total = {"h": seconds // 3600, "m": seconds // 60, "s": seconds}[token.text[0]]
            parts.append(f"{int(total):0{len(token.text)}d}")
            before = token.text[0]
        elif token.kind == "date":
            following = next((t.text for t in section.tokens[position + 1 :] if t.kind in ("date", "elapsed")), "")
            minutes = token.text in ("m", "mm") and (before.startswith("h") or following.startswith("s"))
            parts.append(_date_part(token.text, moment, minutes=minutes, twelve=twelve))
            before = token.text
        else:
            parts.append(token.text)
    return " ".join("".join(parts).split())


def _date_part(code: str, moment: datetime, *, minutes: bool, twelve: bool) -> str:
    if code.upper() in ("AM/PM", "A/P"):
        half = "AM" if moment.hour < 12 else "PM"
        return half if len(code) > 3 else half[0]
    first, width = code[0], len(code)
    if first == "s":
        _, _, fraction = code.partition(".")
        tail = f".{moment.microsecond:06d}"[: len(fraction) + 1] if fraction else ""
        return f"{moment.second:0{min(width - len(fraction and '.' + fraction), 2)}d}{tail}"
    if first == "h":
        hour = (moment.hour - 1) % 12 + 1 if twelve else moment.hour
        return f"{hour:0{min(width, 2)}d}"
    if first == "m" and minutes:
        return f"{moment.minute:0{width}d}"
    if first == "m":
        name = ENGLISH_MONTHS[moment.month - 1]
        return {1: str(moment.month), 2: f"{moment.month:02d}", 3: name[:3], 5: name[0]}.get(width, name)
    if first == "d":
        name = _DAYS[moment.weekday()]
        return {1: str(moment.day), 2: f"{moment.day:02d}", 3: name[:3]}.get(width, name)
    if first in "yeb":
        return f"{moment.year % 100:02d}" if first == "y" and width <= 2 else str(moment.year)
    return ""  # the name of a Japanese era, whose year is shown in the Gregorian calendar
