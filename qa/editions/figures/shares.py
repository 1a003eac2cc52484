"""Find shares in words: "a quarter of", "sechs von zehn", "une saisine sur quatre", "tres de cada cuatro", 4割.

English ratios with a number ("seven in ten") and fractions ("two thirds") are read by `quantities` itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from corpus.scripts import KANJI_DIGITS, parse_kanji
from qa.editions.figures.number_words import BOUNDS, GRAMMARS


class Share(NamedTuple):
    """A share in words, `[start, end)` of a text, in per cent."""

    start: int
    end: int
    percent: float
    is_exact: bool
    """Whether the percentage is a whole one, and not 33 for a third."""


@dataclass(frozen=True, slots=True)
class _Language:
    """How a language writes shares.

    Attributes:
        ones: Words for one.
        fractions: The nouns of fractions with their values, as patterns.
        halves: Patterns of a half.
        parts: Patterns of a fraction after its article ("quatrième partie"), with their values.
        every: Pattern around an ordinal that makes it a share ("jeder vierte"), with "ORDINAL" in its place.
        ordinals: The ordinals of that, with their wholes.
        ratio: What joins a part and its whole, after which any whole makes a share.
        whole_ratio: What joins them if the whole is ten, a hundred or a thousand, or a noun stands before it.
        not_after: What does not follow a fraction: a unit of time, a scale.
        before_alone: What must follow a fraction with a word for one, which is often an ordinal or a noun otherwise.
    """

    ones: str
    fractions: Mapping[str, float]
    halves: str
    parts: Mapping[str, float]
    every: str
    ordinals: Mapping[str, int]
    ratio: str
    whole_ratio: str
    not_after: str
    before_alone: str = ""


def _ordinals(words: str, first: int = 2) -> dict[str, int]:
    return {word: number for number, some in enumerate(words.split(), first) for word in some.split("/")}


def _parts(words: str, noun: str) -> dict[str, float]:
    """Return the patterns of "tercera parte" and so on."""
    return {rf"{word}\s+{noun}": value for word, value in _fractions(words).items()}


def _fractions(words: str, first: int = 3) -> dict[str, float]:
    return {word: 1 / number for word, number in _ordinals(words, first).items()}


_TIME = (
    r"hours?|year|century|day|minutes?|Stunden?|Jahr\w*|Tage?n?|Monate?n?|Wochen?|heures?|siècle|an\b|ora\b|ore\b|secolo"
    r"|hora|siglo|século|uur|eeuw|jaar|dag|week|maand"
)
_SCALE = (
    r"(?:an?\s+)?(?:million|billion|thousand|dozen)|Million\w*|Milliard\w*|mill[oó]n\w*|mil\b|milh\w+|milion\w*"
    r"|miljoen|miljard"
)

_LANGUAGES: dict[str, _Language] = {
    "en": _Language(
        ones=r"an?",
        fractions=_fractions("third quarter/fourth fifth sixth seventh eighth ninth tenth"),
        halves=r"(?<!first\s)(?<!second\s)(?<!latter\s)(?<!last\s)(?<!other\s)half(?=\s+(?:of|the|its|their|our|all|these|those)\b)"
        r"|(?<=over\s)half|(?<=than\s)half|(?<=nearly\s)half|(?<=almost\s)half|(?<=about\s)half|(?<=under\s)half",
        parts={},
        every="",
        ordinals={},
        ratio="",
        whole_ratio="",
        not_after=rf"(?:of\s+)?(?:(?:an?|the)\s+)?(?:{_TIME})(?!\w)|(?:of\s+(?:the\s+)?)?{_SCALE}",
        before_alone=r"\s+(?:of|(?:more|less|fewer|higher|lower|longer|shorter)\s+than)\b",
    ),
    "de": _Language(
        ones=r"eine[mns]?|ein",
        fractions=_fractions(
            "Drittel[ns]? Viertel[ns]? Fünftel[ns]? Sechstel[ns]? Siebtel[ns]? Achtel[ns]? Neuntel[ns]? Zehntel[ns]?"
        ),
        halves=r"(?<!erste\s)(?<!ersten\s)(?<!zweite\s)(?<!zweiten\s)(?<!letzten\s)Hälfte",
        parts={},
        every=r"jede[rsmn]?\s+ORDINAL[rsmn]?",
        ordinals=_ordinals("zweite dritte vierte fünfte sechste siebte/siebente achte neunte zehnte"),
        ratio=r"",
        whole_ratio=r"von",
        not_after=rf"(?:{_TIME})(?!\w)|{_SCALE}",
    ),
    "fr": _Language(
        ones=r"une?",
        fractions=_fractions("tiers quarts? cinquièmes? sixièmes? septièmes? huitièmes? neuvièmes? dixièmes?"),
        halves=r"(?<!première\s)(?<!seconde\s)(?<!deuxième\s)moitié",
        parts={},
        every="",
        ordinals={},
        ratio=r"",
        whole_ratio=r"sur",
        not_after=rf"(?:d['’]|de\s+)?(?:{_TIME})(?!\w)|(?:de\s+)?{_SCALE}",
        before_alone=r"\s(?:d[eu]s?\b|d['’]|par\b|à\s+une?\b)|(?<!tiers)\s*(?:$|[,;.:)])",
    ),
    "es": _Language(
        ones=r"una?|uno|la",
        fractions=_fractions("tercios? cuartos? quintos? sextos? séptimos? octavos? novenos? décimos?"),
        halves=r"(?<!primera\s)(?<!segunda\s)(?<!última\s)(?<=la\s)mitad",
        parts=_parts("terceras? cuartas? quintas? sextas? séptimas? octavas? novenas? décimas?", "partes?"),
        every="",
        ordinals={},
        ratio=r"de\s+cada",
        whole_ratio="",
        not_after=rf"de\s+(?:{_TIME})(?!\w)|(?:de\s+)?{_SCALE}",
        before_alone=r"\s+de(?:l|\s)",
    ),
    "it": _Language(
        ones=r"una?|la",
        fractions=_fractions("terz[oi] quart[oi] quint[oi] sest[oi] settim[oi] ottav[oi] non[oi] decim[oi]"),
        halves=r"(?<!prima\s)(?<!seconda\s)(?<!\ba\s)metà",
        parts=_parts("terza quarta quinta sesta settima ottava nona decima", "parte"),
        every="",
        ordinals={},
        ratio=r"",
        whole_ratio=r"su",
        not_after=rf"(?:d['’]|di\s+)?(?:{_TIME})(?!\w)|(?:di\s+)?{_SCALE}",
        before_alone=r"\s+d(?:ei|egli|el|elle|ella|i|['’]|ell['’])",
    ),
    "nl": _Language(
        ones=r"een|één",
        fractions=_fractions("derden? kwart vijfden? zesden? zevenden? achtsten? negenden? tienden?"),
        halves=r"(?<!eerste\s)(?<!tweede\s)helft",
        parts={},
        every=r"elke\s+ORDINAL",
        ordinals=_ordinals("tweede derde vierde vijfde zesde zevende achtste negende tiende"),
        ratio=r"op\s+(?:de|elke|iedere)",
        whole_ratio="",
        not_after=rf"(?:{_TIME})(?!\w)|{_SCALE}",
        before_alone=r"\s+(?:van|deel)\b",
    ),
    "pt": _Language(
        ones=r"uma?|a",
        fractions=_fractions("terços? quartos? quintos? sextos? sétimos? oitavos? nonos? décimos?"),
        halves=r"(?<!primeira\s)(?<!segunda\s)(?<!última\s)metade",
        parts=_parts("terça quarta quinta sexta sétima oitava nona décima", "parte"),
        every="",
        ordinals={},
        ratio=r"(?:em|de)\s+cada",
        whole_ratio="",
        not_after=rf"de\s+(?:{_TIME})(?!\w)|(?:de\s+)?{_SCALE}",
        before_alone=r"\s+d(?:e|o|a|os|as)\b",
    ),
}  # fmt: skip

_SINGLE_WORDS = {"nl": {"driekwart": 0.75}, "de": {"dreiviertel": 0.75}}
"""Fractions of a numerator in one word."""

_WHOLE_NUMBERS = {2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 100, 1000}
_ROUND_WHOLES = {10, 100, 1000}
_HUNDRED = {"de": "hundert", "fr": "cent", "es": "cien", "it": "cento", "nl": "honderd", "pt": "cem"}
_THOUSAND = {"de": "tausend", "fr": "mille", "es": "mil", "it": "mille", "nl": "duizend", "pt": "mil"}
_MAX_PART = 9
"""Greatest part of a ratio in words; larger ones are counts."""


def _one_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _small_numbers(language: str) -> dict[str, int]:
    """Return the words from 2 to 10."""
    return {word: value for word, value in GRAMMARS[language].below_hundred.items() if value <= _MAX_PART + 1}


@lru_cache(maxsize=16)
def _pattern(language: str) -> re.Pattern[str]:
    """Return the pattern of the shares of a language."""
    of = _LANGUAGES[language]
    numbers = _small_numbers(language) if language != "en" else {}
    part = _one_of([word for word, value in numbers.items() if value <= _MAX_PART]) or "(?!)"
    whole = _one_of([*numbers, _HUNDRED.get(language, ""), _THOUSAND.get(language, ""), "100", "1000", r"[2-9]", "10"])
    noun = r"(?:\s+(?!(?:et|e|y|und|en)\b)[^\W\d_]+(?:\s+(?:d[eiu]s?|del|della|dei|d['’])\s?[^\W\d_]+)?)"
    joints = [joint for joint in (of.ratio, of.whole_ratio) if joint]
    joint = _one_of(joints) or "(?!)"
    ratio = (
        rf"(?P<part>{part}|[1-9]|{of.ones})(?P<noun>{noun}{{1,2}}?)?\s+(?P<joint>{joint})\s+"
        rf"(?P<whole>{whole})(?![\w%]|[.,]\d|\s?[-–/:])"
    )
    fraction = _one_of(of.fractions)
    parts = _one_of(of.parts) or "(?!)"
    single = _one_of(_SINGLE_WORDS.get(language, {})) or "(?!)"
    every = of.every.replace("ORDINAL", f"(?P<ordinal>{_one_of(of.ordinals)})") if of.every else "(?!)"
    alone = rf"(?:{of.ones})\s+(?P<alone>{fraction})"
    several = rf"(?P<several>{part})\s+(?P<fraction>{fraction})"
    of_parts = rf"(?P<count>{part}|{of.ones})\s+(?P<piece>{parts})"
    return re.compile(
        rf"(?<![\w.,])(?:(?P<single>{single})|(?P<half>(?:(?:die|der|la|de|a)\s+)?(?:{of.halves}))|{every}|{of_parts}|{several}|{alone}|{ratio})"
        rf"(?!\w)(?!\s+(?:{of.not_after}))",
        re.IGNORECASE,
    )


_ENGLISH = frozenset("half third quarter fourth fifth sixth seventh eighth ninth tenth".split())
_TRIGGERS: dict[str, re.Pattern[str]] = {
    "en": re.compile(_one_of(_ENGLISH), re.IGNORECASE),
    "de": re.compile(r"viertel|tel\b|tel[ns]\b|hälfte|\bjede[rsmn]?\s|\svon\s", re.IGNORECASE),
    "fr": re.compile(r"moitié|tiers|quart|ième|\ssur\s", re.IGNORECASE),
    "es": re.compile(r"mitad|\bcada\b|parte|terci|cuarto|quinto|sexto|octavo|décimo", re.IGNORECASE),
    "it": re.compile(r"metà|parte|terz|quart|quint|sest|ottav|decim|\ssu\s", re.IGNORECASE),
    "nl": re.compile(r"helft|kwart|d(?:e|en)\s+(?:van|deel)|\sop\s|elke", re.IGNORECASE),
    "pt": re.compile(r"metade|\bcada\b|parte|terço|quarto|quinto|oitavo|décimo", re.IGNORECASE),
}
"""What every share of a language has: most sentences have none."""

_JAPANESE_NUMBER = rf"(?:\d+(?:\.\d+)?|[{KANJI_DIGITS}十]+)"
_JAPANESE = re.compile(
    rf"(?P<tenths>{_JAPANESE_NUMBER})割(?:(?P<hundredths>{_JAPANESE_NUMBER})分)?(?!引|り)"
    rf"|(?P<under>{_JAPANESE_NUMBER})分の(?P<over>{_JAPANESE_NUMBER})|(?P<half>半数|過半数)"
)


def find_shares(text: str, language: str) -> list[Share]:
    """Return the shares in words of a text, in order.

    Args:
        text: A sentence or more.
        language: Its language code.
    """
    if language == "ja":
        return list(_find_japanese(text)) if "割" in text or "分の" in text or "半数" in text else []
    if language not in _LANGUAGES or _TRIGGERS[language].search(text) is None:
        return []
    return list(_find(text, language))


def _find(text: str, language: str) -> Iterator[Share]:
    """Yield the shares of a text by the patterns of its language."""
    of, numbers = _LANGUAGES[language], _small_numbers(language) if language != "en" else {}
    for match in _pattern(language).finditer(text):
        if match["alone"] and not _is_fraction(text, match, of.before_alone):
            continue
        if match["single"]:
            share = _SINGLE_WORDS[language][match["single"].casefold()]
        elif match["half"]:
            share = 0.5
        elif match["piece"] or match["fraction"] or match["alone"]:
            names = of.parts if match["piece"] else of.fractions
            named = match["piece"] or match["fraction"] or match["alone"]
            value = next(value for name, value in names.items() if re.fullmatch(name, named, re.IGNORECASE))
            count = match["count"] or match["several"] or ""
            share = value * numbers.get(count.casefold(), 1)
        elif "ordinal" in match.re.groupindex and match["ordinal"]:
            share = 1 / of.ordinals[match["ordinal"].casefold()]
        else:
            part, whole = (_number(match[name], numbers, language) for name in ("part", "whole"))
            is_of_noun = bool(match["noun"]) or part == 1
            is_certain = bool(of.ratio) and re.fullmatch(of.ratio, match["joint"], re.IGNORECASE) is not None
            is_in_digits = match["part"][0].isdecimal()
            is_share = is_certain or whole in _ROUND_WHOLES or (is_of_noun and language in ("fr", "it"))
            is_count = is_in_digits and not (is_certain or match["noun"])
            if not is_share or is_count or whole not in _WHOLE_NUMBERS or part >= whole:
                continue
            share = part / whole
        if 0 < share < 1:
            yield Share(match.start(), match.end(), _percent(share), _percent(share) == round(100 * share, 6))


_BEFORE_FRACTION = re.compile(
    rf"(?<!\w)(?:{'|'.join(BOUNDS.values())}|by|um|met)\s+$|(?<!\w)(?:près|plus|moins)\s+d['’]$", re.IGNORECASE
)
"""Before a fraction with a word for one: "fell by a third", "about a quarter"."""


def _is_fraction(text: str, match: re.Match[str], before_alone: str) -> bool:
    """Return whether a word for one and a fraction are a share, not an ordinal or a name: "a third terminal"."""
    if not before_alone or re.compile(before_alone, re.IGNORECASE).match(text, match.end()) is not None:
        return True
    return _BEFORE_FRACTION.search(text, max(0, match.start() - _REACH), match.start()) is not None


_REACH = 30


def _number(word: str, numbers: Mapping[str, int], language: str) -> int:
    """Return the value of a small number in words or digits."""
    word = word.casefold()
    if word.isdecimal():
        return int(word)
    return {_HUNDRED[language]: 100, _THOUSAND[language]: 1000}.get(word) or numbers.get(word, 1)


def _find_japanese(text: str) -> Iterator[Share]:
    """Yield the shares of a Japanese text: 4割, 3分の1, 半数."""
    for match in _JAPANESE.finditer(text):
        if match["half"]:
            share = 0.5
        elif match["under"]:
            under = _japanese_number(match["under"])
            share = _japanese_number(match["over"]) / under if under else 0.0
        else:
            share = _japanese_number(match["tenths"]) / 10 + _japanese_number(match["hundredths"] or "0") / 100
        if 0 < share < 1:
            yield Share(match.start(), match.end(), _percent(share), _percent(share) == round(100 * share, 6))


def _japanese_number(written: str) -> float:
    return float(written) if written[0].isdecimal() else float(parse_kanji(written))


_ROUND = 0.1


def _percent(share: float) -> float:
    """Return a share in per cent, rounded as that of a ratio in digits: 33 for a third, 3.3 for "one in 30"."""
    return float(round(100 * share)) if share >= _ROUND else round(100 * share, 1)
