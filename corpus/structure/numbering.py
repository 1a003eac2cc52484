"""Parse the marker at the beginning of a line: its style, its ordinals, and the title after it; format such numbers.

A marker can have several interpretations: "(i)" is the ninth letter or the first roman numeral. Only the whole document
decides between them, and whether the line is a heading (`corpus.structure.hierarchy`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.scripts import KANJI_DIGITS, parse_kanji
from corpus.vocabulary import ORDINALS, TENS, UNITS


@dataclass(frozen=True, slots=True)
class Marker:
    """An interpretation of the marker of a line.

    Attributes:
        style: Its form ("(1)", "A.", "chapter 1", "1.1"), which all markers of a series share.
        path: The ordinals, outermost first; empty for a marker that does not count ("|", "<>").
        title: The text after the marker.
        suffix: Number of the letter after the last ordinal ("1A": 1), else 0.
        weak: Whether it is a letter or number without punctuation, which can also begin a sentence.
    """

    style: str
    path: tuple[int, ...]
    title: str
    suffix: int = 0
    weak: bool = False

    @property
    def counts(self) -> bool:
        """Whether the marker has a number."""
        return bool(self.path)


_DECIMAL = r"[0-9]{1,3}(?:[.\-‐‑–][0-9]{1,3}){0,5}"
_WIDE = r"[０-９]{1,3}(?:[．.－‐][０-９]{1,3}){0,5}"
_KANJI = f"[{KANJI_DIGITS}十百]{{1,4}}"
_ROMAN = r"[IVXLC]{1,7}|[ivxlc]{1,7}|[Ⅰ-Ⅻ]|[ⅰ-ⅻ]"
_LETTER = r"[A-Z]|[a-z]|[Ａ-Ｚ]|[ａ-ｚ]"
_COMPOUND = r"(?:[IVXLC]{1,7}|[A-Z])(?:\.[0-9]{1,2}){1,4}"
"""A Roman numeral or a letter before decimals: "II.1", "A.2.3"."""
_KATAKANA = r"[アイウエオカキクケコサシスセソタチツテト]"
_FULL_WIDTH_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
_TOKEN = f"{_COMPOUND}|{_DECIMAL}|{_WIDE}|{_KANJI}|{_ROMAN}|{_LETTER}|{_KATAKANA}"

_LABELS = (
    "chapter|section|part|article|annex|appendix|schedule|title|book|volume|division|subdivision|item|subpart|subsection|"
    "kapitel|abschnitt|teil|artikel|anhang|chapitre|partie|titre|annexe|capítulo|sección|parte|título|artículo|anexo|"
    "capitolo|sezione|articolo|allegato|seção|secção|artigo|hoofdstuk|bijlage|deel|kapittel|vedlegg|bilag|bilaga|avsnitt|"
    "luku|liite|rozdział|część|artykuł|załącznik|kapitola|část|článek|příloha|capitolul|secțiunea|anexa|bölüm|kısım|madde|"
    "bab|pasal|lampiran|chương|phần|điều|глава|раздел|часть|статья|приложение|розділ|частина|стаття|додаток|κεφάλαιο|"
    "μέρος|άρθρο|παράρτημα|sec\\.|art\\.|chap\\.|kap\\."
)
_ORDINALS = (
    list(ORDINALS)[:10],
    "erster zweiter dritter vierter fünfter sechster siebter achter neunter zehnter".split(),
    "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième".split(),
    "primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo".split(),
)
_ORDINAL_VALUES = {word: value for words in _ORDINALS for value, word in enumerate(words, 1)} | {"première": 1}
_SMALL = list(UNITS)[1:]
_WORDS = {
    **{word: number for number, word in enumerate(_SMALL, 1)},
    **TENS,
    **{
        f"{ten}{joined}{_SMALL[n - 1]}": value + n
        for ten, value in TENS.items()
        for n in range(1, 10)
        for joined in "- "
    },
}

_SPELLED = "|".join(sorted(_WORDS, key=len, reverse=True))

_LABELLED = re.compile(
    rf"(?P<label>{_LABELS})\s+(?P<token>{_COMPOUND}|{_DECIMAL}|{_ROMAN}|[A-Z]|{_SPELLED})(?P<suffix>[A-Z])?"
    r"(?![^\s.:)—–-])(?P<close>[.:)])?\s*[—–-]?\s*(?P<title>.*)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    rf"(?P<token>{'|'.join(_ORDINAL_VALUES)})\s+(?P<label>{_LABELS})(?![\w.])[.:—–-]?\s*(?P<title>.*)", re.IGNORECASE
)
_EAST_ASIAN = re.compile(
    rf"[第제]\s*(?P<token>[0-9]{{1,3}}|{_WIDE}|{_KANJI})\s*(?P<label>[章節部編篇款項条장절부편관항조])(?P<title>.*)"
)
_SIGN = re.compile(rf"(?P<label>§+)\s*(?P<token>{_DECIMAL})(?P<suffix>[a-z])?(?P<close>[.:)])?\s+(?P<title>\S.*)")
_ENCLOSED = re.compile(
    rf"(?P<open>[(（\[［〔【<＜])\s?(?P<token>{_TOKEN}|([a-z])\3)\s?(?P<close>[)）\]］〕】>＞])\s*(?P<title>\S.*)"
)
_CLOSED = re.compile(rf"(?P<token>{_TOKEN})(?P<suffix>[A-Z])?(?P<close>[.)）．、:：])(?P<space>\s*)(?P<title>\S.*)")
_BARE = re.compile(rf"(?:(?P<token>{_TOKEN})|(?P<number>[0-9]{{1,3}})(?P<suffix>[A-Z])(?=\s+[A-Z]))\s+(?P<title>\S.*)")
_CIRCLED = re.compile(r"(?P<token>[①-⑳])\s*(?P<title>\S.*)")
_ROUND = re.compile(
    r"(?P<open>[(（<＜〈《【〔\[［])\s*(?P<title>[^()（）<>＜＞〈〉《》【】〔〕\[\]［］]+?)\s*(?P<close>[)）>＞〉》】〕\]］])$"
)
_BULLET = re.compile(r"(?P<bullet>[|｜■□◆◇●○◎◯▶►▷▪▼▲▽△★☆¶❖])\s*(?P<title>[^|｜]+)$")

_PAIRS = dict(zip("(（<＜〈《【〔[［", ")）>＞〉》】〕]］", strict=True))
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN_AMOUNTS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ROMAN_SIGNS = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻ"
_KANJI_DIGITS_BY_PLACE = re.compile(f"[{KANJI_DIGITS}]{{2}}")
_KATAKANA_ORDER = "アイウエオカキクケコサシスセソタチツテト"


_WIDE_DECIMAL = re.compile(r"[０-９]{1,3}(?:[\s．.]|$)")
"""The rest of "１．１　海賊" after its first full stop; "１．２０２３年" begins with a year."""


def _closes(match: re.Match[str]) -> bool:
    """Return whether the full stop after a token ends a marker, unlike in "U.S." or "3.5 million"."""
    token, title = match["token"], match["title"]
    if match["close"] in ".．" and not match["space"]:
        if not token[0].isascii():
            return _WIDE_DECIMAL.match(title) is None
        return token[0].isdigit() and not title[0].isdigit()
    return match["close"] not in ":：" or bool(match["space"])


_MARKER_FORMS: tuple[tuple[re.Pattern[str], str, Callable[[re.Match[str]], bool]], ...] = (
    (_LABELLED, "{label} {kind}", lambda match: match.string[0].isupper()),
    (_ORDINAL, "{label} {kind}", lambda match: match.string[0].isupper() and not match["title"][:1].islower()),
    (_EAST_ASIAN, "第{label}", bool),
    (_SIGN, "{label} {kind}", bool),
    (_CIRCLED, "{kind}", bool),
    (_ENCLOSED, "{open}{kind}{close}", lambda match: _PAIRS[match["open"]] == match["close"]),
    (_CLOSED, "{kind}{close}", _closes),
    (_BARE, "{kind}", bool),
    (_ROUND, "{open}{close}", lambda match: _PAIRS[match["open"]] == match["close"]),
    (_BULLET, "{bullet}", bool),
)
"""Pattern of a form, format of its style, and a check of the match; the first form that fits is used."""


def parse_markers(line: str) -> tuple[Marker, ...]:
    """Return all interpretations of the marker that a stripped line begins with."""
    for pattern, style, is_marker in _MARKER_FORMS:
        match = pattern.match(line)
        if match is None or not is_marker(match):
            continue
        title = match["title"].strip()
        groups = match.groupdict()
        token = groups.get("token") or groups.get("number")
        if token is None:
            return (Marker(style.format(**groups), (), title),)
        suffix = _suffix(groups.get("suffix"))
        label = groups.get("label", "").lower()
        markers = [
            Marker(
                style.format(**{**groups, "label": label, "kind": kind}),
                path,
                title,
                suffix,
                pattern is _BARE and len(path) == 1,
            )
            for kind, path in _values(token, label)
        ]
        if markers:
            return tuple(dict.fromkeys(markers))
    return ()


def _suffix(letter: str | None) -> int:
    return ord(letter.upper()) - ord("A") + 1 if letter else 0


def _values(token: str, label: str = "") -> Iterator[tuple[str, tuple[int, ...]]]:
    """Return the kinds of ordinal that a token can be after a label, such as "chapter", each with its values."""
    plain = unicodedata.normalize("NFKC", token)
    wide = plain != token and token[0] not in _ROMAN_SIGNS
    if "①" <= token <= "⑳":
        yield "①", (ord(token) - ord("①") + 1,)
    elif plain[0].isdigit():
        path = tuple(int(part) for part in re.split(r"[^0-9]+", plain))
        kind = "１" if wide else "1"
        yield ".".join([kind] * len(path)), path
    elif re.fullmatch(_COMPOUND, plain, re.IGNORECASE):
        first, *rest = plain.split(".")
        for kind, path in _values(first):
            yield ".".join([kind, *("1" for _ in rest)]), (*path, *map(int, rest))
    elif plain.lower() in _WORDS:
        yield "one", (_WORDS[plain.lower()],)
    elif plain.lower() in _ORDINAL_VALUES:
        yield "one", (_ORDINAL_VALUES[plain.lower()],)
    elif re.match(_KANJI, plain):
        if not _KANJI_DIGITS_BY_PLACE.search(plain):
            yield "一", (parse_kanji(plain),)
    elif plain[0] in _KATAKANA_ORDER:
        yield "ア", (_KATAKANA_ORDER.index(plain) + 1,)
    else:
        if value := _roman(plain, _MAX_LABELLED if label else _MAX_ROMAN):
            yield ("I" if plain[0].isupper() else "i"), (value,)
        if len(set(plain)) == 1 and (len(plain) == 1 or not value) and token[0] not in _ROMAN_SIGNS:
            letters = "ＡａAa"[2 * (not wide) :]
            yield letters[plain[0].islower()], (ord(plain[0].lower()) - ord("a") + 1 + 26 * (len(plain) - 1),)


_MAX_ROMAN, _MAX_LABELLED = 49, 399
"""Largest Roman numerals without and with a label: "C." and "L." are letters, "Chapter L" is the fiftieth."""


def _roman(token: str, largest: int) -> int:
    """Return the value of a roman numeral up to the largest one expected, else 0."""
    values = [_ROMAN_VALUES.get(letter, 0) for letter in token.lower()]
    if 0 in values:
        return 0
    total = sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
    return total if 0 < total <= largest and to_roman(total) == token.lower() else 0


def to_roman(value: int) -> str:
    """Return a number below 4000 as a roman numeral in lower case."""
    spelled = ""
    for amount, letters in _ROMAN_AMOUNTS:
        spelled += letters * (value // amount)
        value %= amount
    return spelled


def format_count(count: int, style: str) -> str:
    """Format the number of a list item in a style named as Word's `w:numFmt`; unknown styles are decimal."""
    result = str(count)
    if style in ("lowerRoman", "upperRoman"):
        result = to_roman(count) if 0 < count < 4000 else result
    elif style in ("lowerLetter", "upperLetter") and count > 0:
        result = chr(ord("a") + (count - 1) % 26) * min(1 + (count - 1) // 26, 9)
    elif style == "decimalFullWidth":
        result = result.translate(_FULL_WIDTH_DIGITS)
    elif style == "decimalZero":
        result = f"{count:02d}"
    elif style == "decimalEnclosedCircle" and 0 < count <= 20:
        result = chr(0x2460 + count - 1)
    elif style.startswith(("ideograph", "japanese", "chinese", "taiwanese")) and 0 < count < 100:
        tens, ones = divmod(count, 10)
        result = ("" if tens < 2 else KANJI_DIGITS[tens - 1]) + ("十" if tens else "")
        result += KANJI_DIGITS[ones - 1] if ones else ""
    return result.upper() if style.startswith("upper") else result
