"""Find names of series in a text: full names, ends of names that no other series shares, and words beside a year.

The words beside a year are those of the library itself: "the 1983 address" means the series whose name, titles or file
names have that word, "budget" alone means none.

An index can hold thousands of series, and a draft can name them thousands of times. Two measures keep this fast: a
name is searched only if all its words occur in the text, and overlaps are checked in a map of the text's characters.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from corpus.metadata.edition import PUBLICATION_KIND
from corpus.metadata.series import is_generic
from corpus.records import Span
from corpus.scripts import HAN, KANA, KANJI_DIGITS, UNSPACED_LETTER
from corpus.vocabulary import BODIES, ERA_NAMES, MONTHS, TENS, UNITS, YEAR
from index.lexical.analysis import FUNCTION_WORDS

_GENERIC = frozenset("the of on for and in a an to report annual digest series edition its national".split())
_PUBLICATION = re.compile(
    r"\w*(?:book|paper|report|review|survey|almanac|outlook|bulletin|abstract|statement)s?", re.IGNORECASE
)
"""The last word of a part of a name that can stand for a series. `PUBLICATION_KIND` has more words, such as "index" and
"budget", which alone or at the end of a phrase are topics of questions."""

_NO_NAMES = frozenset(
    [
        *"annual national state the with from edition year years month fiscal final docs document file".split(),
        *map(str.casefold, MONTHS),
        *UNITS,
        *TENS,
    ]
)
"""Words of names that name no series beside a year."""

_MAX_SERIES = 3
"""Maximum number of series that one word can mean."""

_OF = re.compile(
    r"\s+(?:(?:of|for|from|von|vom|de|pour|für)\s+(?:the\s+)?(?:(?:fiscal\s+)?year\s+)?)?|の", re.IGNORECASE
)
_NAME_BEFORE = re.compile(
    r"(?<![\w'’-])((?:(?-i:[A-Z])[\w&'’.-]*\s+(?:(?:of|and|for|the)\s+)*)*[^\W\d_][\w&'’-]*?)(?:['’]s?)?\s+$"
)
"""The word before a name, with the capitalised ones before it, without the ending of a genitive."""

_SENTENCE_START = re.compile(r"(?:^|[.!?:;“”\"«»„])\s*$")
_MAX_GAP = 8
"""Characters between two sentences, with their signs."""

_MAX_OWNER = 80
"""Characters of the name of a publisher before that of its publication."""

_YEARS = rf"{YEAR}(?:\s?[/–-]\s?\d{{2,4}})?"
_ADJECTIVE_BEFORE = re.compile(rf"(?<!\w)(?:annual|statistical|yearly|official|{_YEARS})\s+$", re.IGNORECASE)
_NAME_AFTER = re.compile(
    rf"['’]?s?(?:\s+(?:for\s+)?{_YEARS})?\s+(?:of|for|von|der|des|du|de la|del|di)\s+(?:the\s+|l['’])?([^\W\d_]\w*)"
)
_BEFORE_NOUN = re.compile(r"(?:['’]s)?\s+(?:\w+\s+)?|年?度?の?", re.IGNORECASE)
_KANA = re.compile(f"[{KANA}]")
_KIND_AT_END = re.compile(rf"(?:{PUBLICATION_KIND.pattern})$")
_YEAR_INSIDE = rf"(?:の?(?:(?:{ERA_NAMES})\s?)?[0-9０-９元{KANJI_DIGITS}十〇]{{1,4}}年?度?版?の?|の)?"
"""A year between the words of a name without blanks: 特許庁の令和4年版年報."""

_NO_LONGER_WORD = rf"(?!(?![第等中内以各所巻冒掲{KANJI_DIGITS}])[{HAN}])"
"""The end of a word without blanks in Japanese: 年報 before によると and 第2章, not the beginning of 年報道."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A name that a text may use for a series; `words` are case-folded by `_fold`."""

    series: str
    text: str
    words: tuple[str, ...]


_MIN_SHARE = 0.6
"""Share of the titles or file names of a series that have a word which can stand for the series."""

_WORD = re.compile(r"[^\W\d_]+")
_ABOUT = re.compile(r"\s+(?:on|about|over|über|zur|zum|sur|relatif)\s+", re.IGNORECASE)
_FOLLOWING = re.compile(
    r"\s*(?:$|[^\w\s-])|\s+(?:of|on|in|for|to|by|at|from|with|about|and|or|as|than|the|that|which|did|do|does|was|were|is|are"
    r"|has|have|had|say|says|said|mention|mentions|tell|tells|report|reports|give|gives|call|calls|state|states|promise|promises"
    r"|announce|contain|cover|describe|differ|discuss|explain|include|propose|recommend|suggest|treat|warn"
    r"|von|über|zu|und|oder|der|die|das|wird|wurde|de|du|des|sur|et|ou|il|a|est)\b",
    re.IGNORECASE,
)
"""What follows the last word of a noun phrase: "the 1960 budget for ships", not "the 1960 budget deficit"."""

_ENDING = "(?:e?[sn]|e)?"
"""Endings of plurals and cases: "Bluebooks", "Berichts", "Berichten"."""

_PLURAL = "(?:e?s)?"
"""Plural endings of the words before the last: "Rapports sur la pêche", "White Papers on Fisheries"."""

_MAX_INVARIABLE = 3
"""Characters of the longest words without a plural: "sur", "on"."""

_BESIDE_YEAR = 24
"""Characters between a year and a word that it belongs to."""


class SeriesNames:
    """The names by which a text can refer to series.

    `labels` are titles and names of files of each series.
    """

    def __init__(self, series: Iterable[str], labels: Mapping[str, Sequence[str]] = MappingProxyType({})) -> None:
        names = sorted(set(series))
        self._words = _words_of_series(names, labels)
        forms = {name: _candidate_forms(name) for name in names}
        counts = Counter(form.casefold() for candidates in forms.values() for form in candidates)
        ends = Counter(end for name in names for end in _ends(name))
        self.forms: Mapping[str, Sequence[str]] = {
            name: sorted(
                (form for form in candidates if form == name or _is_unambiguous(form, name, counts, ends)),
                key=lambda form: -len(form),
            )
            for name, candidates in forms.items()
        }
        """For each series its name and the parts of it that no other series shares, longest first.

        "Diplomatic Bluebook" is also "Bluebook"; "White Paper on Development Cooperation" is also "White Paper".
        """
        flat = [
            _Form(name, form, tuple(map(_fold, _parts(form)))) for name, forms in self.forms.items() for form in forms
        ]
        self._longest_first = sorted(flat, key=lambda form: -len(form.text))

    def find_beside(self, text: str, years: Sequence[Span]) -> list[tuple[frozenset[str], Span, Span]]:
        """Find words beside a year that can stand for series: "the 1983 address", "the address of 1983".

        Returns the series that each word can mean, the span of the word, and that of the year.
        """
        mentions: list[tuple[frozenset[str], Span, Span]] = []
        for start, end in years:
            first, last = max(0, start - _BESIDE_YEAR), end + _BESIDE_YEAR
            for match in _WORD.finditer(text[first:last]):
                begin, stop = first + match.start(), first + match.end()
                before = stop <= start and _OF.fullmatch(text, stop, start)
                after = end <= begin and _BEFORE_NOUN.fullmatch(text, end, begin)
                if before or (after and _FOLLOWING.match(text, stop)):
                    named = self._words.get(singular(match.group()), frozenset())
                    if _PUBLICATION.fullmatch(match.group()):
                        owners = _names_beside(text, min(start, begin), max(end, stop))
                        named = frozenset(name for name in named if owners <= set(_WORD.findall(name.casefold())))
                    if named:
                        mentions.append((named, (begin, stop), (start, end)))
        return mentions

    def find_at(self, text: str, starts: Iterable[int]) -> list[tuple[frozenset[str], Span]]:
        """Find words that can stand for series where a noun begins: after "the latest", "the two"."""
        mentions = []
        for start in starts:
            match = _WORD.match(text, start)
            named = self._words.get(singular(match.group())) if match is not None else None
            if match is not None and named is not None and _FOLLOWING.match(text, match.end()):
                mentions.append((named, match.span()))
        return mentions

    def find(self, text: str) -> dict[str, list[Span]]:
        """Return the series that the text names, each with the spans of its names; the longest name wins."""
        folded = _fold(text)
        taken = bytearray(len(text))  # 1 for each character inside a name
        after_kanji = _NO_LONGER_WORD if _KANA.search(text) else ""  # Chinese has no sign of the end of a word
        spans: dict[str, list[Span]] = {}
        for form in self._longest_first:
            # compiling a pattern costs a hundred times more than this check
            if not all(word in folded for word in form.words):
                continue
            parts = _parts(form.text)
            is_unspaced = len(parts) > len(form.text.split())
            pattern = (_YEAR_INSIDE if is_unspaced else r"\s+").join(
                re.escape(word) + _PLURAL * (len(word) > _MAX_INVARIABLE and not is_unspaced) for word in parts
            )
            left = "" if UNSPACED_LETTER.match(form.text[0]) else r"\b"
            right = after_kanji if UNSPACED_LETTER.match(form.text[-1]) else rf"{_ENDING}\b"
            for match in re.finditer(f"{left}{pattern}{right}", text, re.IGNORECASE):
                start, end = match.span()
                if 1 not in taken[start:end] and not _is_of_another(form, text, start, end):
                    taken[start:end] = b"\x01" * (end - start)
                    spans.setdefault(form.series, []).append((start, end))
        return spans


def _is_of_another(form: _Form, text: str, start: int, end: int) -> bool:
    """Return whether the generic name of a series is a part of another name: "the Statistical Yearbook of Tavastia".

    A name is generic if another publisher may use it: "Yearbook" of "Rowing Federation: Yearbook".
    """
    if form.text == form.series or not is_generic(form.text):
        return False
    own = form.series.casefold()
    return any(word not in own for word in _names_beside(text, start, end))


def _names_beside(text: str, start: int, end: int) -> set[str]:
    """Return the capitalised words right before and after a name, case-folded: of "Canal Board's Report" the first two.

    The first word of a sentence counts only before another capitalised one.
    """
    while (adjective := _ADJECTIVE_BEFORE.search(text, max(0, start - _BESIDE_YEAR), start)) is not None:
        start = adjective.start()
    before, after = _NAME_BEFORE.search(text, max(0, start - _MAX_OWNER), start), _NAME_AFTER.match(text, end)
    words = before[1].split() if before is not None else []
    if before is not None and len(words) == 1:
        is_first = _SENTENCE_START.search(text, max(0, before.start() - _MAX_GAP), before.start()) is not None
        words = [] if is_first else words
    if words and words[-1] in BODIES and all(word.casefold() in FUNCTION_WORDS for word in words[:-1]):
        words = []  # "the Authority's" may be any publisher's
    words += [after[1]] if after is not None else []
    return {word.casefold() for word in words if word[0].isupper() and word.casefold() not in FUNCTION_WORDS}


def _parts(name: str) -> list[str]:
    """Return the words of a name; one without blanks is split before its kind of publication: 特許庁, 年報."""
    words = name.split()
    kind = _KIND_AT_END.search(name) if len(words) == 1 and UNSPACED_LETTER.match(name) else None
    return [name[: kind.start()], kind[0]] if kind is not None and kind.start() else words


def singular(word: str) -> str:
    """Return a word without case and plural ending."""
    folded = word.casefold()
    for ending, rest in (("sses", "ss"), ("ches", "ch"), ("ies", "y"), ("s", "")):
        if folded.endswith(ending) and not folded.endswith("ss") and len(folded) > len(ending) + 2:
            return folded[: -len(ending)] + rest
    return folded


def _words_of_series(series: Sequence[str], labels: Mapping[str, Sequence[str]]) -> Mapping[str, frozenset[str]]:
    """Return the series that each word can stand for beside a year; words that too many share stand for none."""
    meant: dict[str, set[str]] = defaultdict(set)
    for name in series:
        own = name.rpartition(": ")[2]
        words = {singular(word) for word in _WORD.findall(_ABOUT.split(own)[0])}
        counts = Counter(word for label in labels.get(name, ()) for word in set(map(singular, _WORD.findall(label))))
        words |= {word for word, count in counts.items() if count >= _MIN_SHARE * len(labels[name])}
        for word in words:
            if len(word) > 3 and word not in _NO_NAMES:
                meant[word].add(name)
    return {word: frozenset(names) for word, names in meant.items() if len(names) <= _MAX_SERIES}


def _fold(text: str) -> str:
    """Fold the case of each character as `re.IGNORECASE` does; the length stays the same.

    Two characters match if their lower cases are equal or share an upper case ("i" and the Turkish "ı").
    """
    return text.upper() if text.isascii() else "".join(char.lower()[0].upper()[0] for char in text)


def _ends(name: str) -> set[str]:
    """Return the words at the end of a name, with folded case: "annual report" and "report" of "Port Annual Report"."""
    words = name.casefold().split()
    return {" ".join(words[first:]) for first in range(len(words))}


def _is_unambiguous(form: str, name: str, counts: Mapping[str, int], ends: Mapping[str, int]) -> bool:
    """Return whether a form of a name is no form of another series, and no other name ends with it.

    Args:
        form: A part of the name.
        name: The name of a series.
        counts: The number of series with each form, in folded case.
        ends: The number of names that end with each text, in folded case.
    """
    folded = form.casefold()
    is_own_end = f" {' '.join(name.casefold().split())}".endswith(f" {folded}")
    return counts[folded] == 1 and ends[folded] <= (1 if is_own_end else 0)


def _candidate_forms(name: str) -> set[str]:
    """Return the whole name and the shorter forms that a text may use for it."""
    words = name.split()
    parts = {" ".join(words[i:]) for i in range(1, len(words))} | {" ".join(words[:i]) for i in range(1, len(words))}
    forms = {name} | {part for part in parts if _is_publication_name(part)}
    owner, colon, own_name = name.partition(": ")  # "Ministry of Works: Annual Report"
    return forms | ({own_name} if colon and owner else set())


def _is_publication_name(part: str) -> bool:
    """Return whether a part of a series' name can stand for it: a kind of publication ("White Paper"), not a topic."""
    words = part.split()
    return (
        _PUBLICATION.fullmatch(words[-1]) is not None
        and words[0].casefold() not in _GENERIC
        and (len(words) > 1 or len(words[0]) > 6)
    )
