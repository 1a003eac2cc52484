"""Turn a quotation into a pattern over words, and find it in a source.

An ellipsis stands for omitted words, brackets for inserted ones. Differences in the form of punctuation marks, hyphens,
white space and capitals are ignored, and note numbers attached to words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.scripts import SUPERSCRIPT_DIGITS, parse_kanji
from corpus.vocabulary import TENS, UNITS
from index.lexical.analysis import FUNCTION_WORDS
from qa.editions import word_diff
from qa.editions.figures.number_words import KANJI_SIGNS, NUMBER_WORDS, SCALES, SHORT_SCALES
from qa.editions.figures.quantities import find_hundreds_in_words
from qa.editions.word_diff import MARKS

_DOTS = r"(?:…+|⋯+|・{3,}|\.{3,}|\.(?:\s\.){2,})"
_ELLIPSIS = re.compile(rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS}")
_BRACKETS = re.compile(r"\[([^\[\]]{0,120})\]")
_NOTE = re.compile(r"(?<=[^\W\d_]{4})[.,]?\d{1,2}$")
_ENDS = ".,;:!?。、，；：！？"
_LINE_END = re.compile(r"[ \t]*\n")
_SILENT = frozenset({"-", "."})
_NUMBER_WORDS = {
    **{
        word: value
        for words in NUMBER_WORDS.values()
        for word, value in words.items()
        if word not in ("due", "once", "doze")
    },
    **UNITS,
    **TENS,
}
"""Number words, without foreign ones that are also English words."""

_SCALE_WORDS = {word: f"{scale:g}" for word, scale in SCALES.items() if scale >= 1e5 and word not in SHORT_SCALES}
"""Scales after a number, which are written in several ways: "2,4 Mio." and "2,4 Millionen"."""

_GROUPED = re.compile(r"\d{1,3}(?:[,']\d{3})+")
"""A number with separators between its thousands."""

_THIN_SPACES = "\u00a0\u202f\u2009"

_KANJI = frozenset(KANJI_SIGNS)
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""ASCII for full-width characters, as in １，２５０."""

MAX_OMITTED = 400
"""Maximum number of source words that an ellipsis replaces."""

MAX_REPLACED = 12
"""Maximum number of source words that brackets replace."""


@dataclass(frozen=True, slots=True)
class Token:
    """A normalised word or sign with its span.

    Attributes:
        word: The word without the number of a note.
        start: Offset of its start.
        end: Offset of its end.
        continues: Whether a hyphen at a line's end is before it.
        note: The digits at its end, which are the number of a note, or part of a name ("Apollo11").
    """

    word: str
    start: int
    end: int
    continues: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class TokenRun:
    """Consecutive words; up to `gap` words of the source may precede them."""

    tokens: tuple[Token, ...]
    gap: int


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text without hyphens and full stops, with unified marks, number words and scales."""
    result: list[Token] = []
    broken = False
    in_words = {start: (end, value) for start, end, value in find_hundreds_in_words(text)}
    parsed = 0
    for word, start, end in word_diff.tokens(text.translate(_NARROW)):
        if start in in_words:
            parsed, value = in_words[start]
            result.append(Token(str(value), start, parsed, broken))
        if start < parsed:
            broken = False
            continue
        if word in _SILENT:
            broken = word == "-" and _LINE_END.match(text, end) is not None
            continue
        # NFKC would make 106 of 10⁶
        plain = word if _POWER.search(word) else unicodedata.normalize("NFKC", word)
        note = _NOTE.search(plain)
        plain = '"' if plain in "'\"" else _NOTE.sub("", plain) or plain
        number = _NUMBER_WORDS.get(plain.casefold())
        last = result[-1] if result else None
        ten = last if last is not None and last.word in _TENS and text[last.start].isalpha() else None
        if number is not None and number < 10 and ten is not None and start - ten.end <= 1:
            result[-1] = Token(str(int(ten.word) + number), ten.start, end)  # twenty-one
            continue
        if word in _KANJI:
            begin = last.start if last is not None and last.end == start and text[last.start] in _KANJI else start
            del result[len(result) - (begin < start) :]
            result.append(Token(str(parse_kanji(text[begin:end])), begin, end))
            continue
        if _GROUPED.fullmatch(plain):
            plain = re.sub(r"\D", "", plain)
        gap = text[last.end : start] if last is not None else ""
        if last is not None and gap and gap in _THIN_SPACES and last.word.isdecimal() and re.fullmatch(r"\d{3}", plain):
            result[-1] = Token(last.word + plain, last.start, end, last.continues)
            continue
        if last is not None and last.word[0].isdigit():
            plain = _SCALE_WORDS.get(plain.casefold(), plain)
        written = plain if number is None else str(number)
        result.append(Token(written, start, end, broken, note[0].lstrip(".,") if note is not None else ""))
        broken = False
    return result


_POWER = re.compile(rf"\d[{SUPERSCRIPT_DIGITS}]")
_TENS = frozenset(map(str, TENS.values()))


def parse_quotation(quotation: str) -> list[TokenRun]:
    """Return the runs of a quotation in order; none if it has no word."""
    runs: list[TokenRun] = []
    gap = 0
    for start, end, following in _pieces(quotation):
        tokens = _trim(
            [
                replace(token, start=token.start + start, end=token.end + start, continues=False)
                for token in tokenize(quotation[start:end])
            ]
        )
        if tokens:
            runs.append(TokenRun(tuple(tokens), gap))
            gap = following
        else:
            gap = max(gap, following)
    return runs


def _pieces(quotation: str) -> list[tuple[int, int, int]]:
    """Return the spans between ellipses and brackets, each with the maximum gap after it."""
    cuts: list[tuple[int, int, int]] = [(*match.span(), MAX_OMITTED) for match in _ELLIPSIS.finditer(quotation)]
    for match in _BRACKETS.finditer(quotation):
        inside = match[1].strip()
        glued = quotation[match.end() : match.end() + 1].isalpha() and len(inside) == 1
        if not any(a < match.end() and match.start() < b for a, b, _ in cuts) and not glued:
            cuts.append((*match.span(), MAX_REPLACED))
    pieces: list[tuple[int, int, int]] = []
    cursor = 0
    for start, end, gap in sorted(cuts):
        pieces.append((cursor, start, gap))
        cursor = end
    pieces.append((cursor, len(quotation), 0))
    return pieces


def unbracket_letters(quotation: str) -> str:
    """Replace a bracketed letter by the letter, "[T]he" by "The", padded so that offsets stay valid."""
    return re.sub(r"\[([^\W\d_])\](?=[^\W\d_])", lambda match: f"  {match[1]}", quotation)


def _trim(tokens: Sequence[Token]) -> list[Token]:
    """Strip signs at the ends: American style puts the comma of the draft's sentence inside the marks."""
    kept = list(tokens)
    while kept and (kept[-1].word in _ENDS or kept[-1].word == '"'):
        kept.pop()
    while kept and (kept[0].word in _ENDS or kept[0].word == '"'):
        kept.pop(0)
    return kept


def find_runs(runs: Sequence[TokenRun], source: Sequence[Token]) -> list[tuple[int, int]] | None:
    """Return start and end, in tokens, of each run at the first place where a source has them in order, or None."""
    if not runs:
        return None
    begin = TokenRun(runs[0].tokens[:1], 0)
    heads = [at for at in range(len(source)) if _match_run(begin, source, at) is not None]
    for head in heads:
        end = _match_run(runs[0], source, head)
        spans = [(head, end)] if end is not None else []
        for run in runs[1:] if spans else ():
            place = spans[-1][1]
            following = (
                (at, stop)
                for at in range(place, min(place + run.gap, len(source) - 1) + 1)
                if (stop := _match_run(run, source, at)) is not None
            )
            span = next(following, None)
            if span is None:
                spans = []
                break
            spans.append(span)
        if spans:
            return spans
    return None


def _match_run(run: TokenRun, source: Sequence[Token], at: int) -> int | None:
    """Return where a run that starts at a token of the source ends; None if it does not match."""
    place = at
    for token in run.tokens:
        if place == len(source):
            return None
        following = source[place + 1] if place + 1 < len(source) else None
        if token.note and source[place].note and token.note != source[place].note:
            return None
        if _have_same_word(token.word, source[place].word):
            place += 1
        elif following is not None and following.continues and token.word == source[place].word + following.word:
            place += 2  # "govern-" at the end of a line, "ment" on the next
        else:
            return None
    return place


def _have_same_word(word: str, other: str) -> bool:
    """Return whether two words are equal but for capitals; an abbreviation ("US") is no lower-case word ("us")."""
    if word == other:
        return True
    is_abbreviation = len(word) > 1 and ((word.isupper() and other.islower()) or (word.islower() and other.isupper()))
    return not is_abbreviation and word.casefold() == other.casefold()


_OMITTED_WORD = 0.2
"""Cost of a source word missing from the quotation. A content word costs 1. All costs were tuned on
`python -m tests.benchmarks.checking`."""

_FUNCTION_WORD = 0.3
"""Cost of a function word."""

_ELLIPSIS_WORD = 0.004
"""Cost of a source word at an ellipsis."""

_SAME_COST = 1e-9
"""Costs that differ less differ by rounding only."""

Costs = npt.NDArray[np.float64]
_SIMILAR_LETTERS = (
    *("lI1|", "oO0", "sS5", "bB8", "zZ2"),
    *("ー一", "ニ二", "ロ口", "カ力", "エ工", "タ夕", "ハ八", "ヘへ", "ベべ", "ペぺ", "ト卜", "オ才", "チ千", "ミ三"),
    *("つっ", "やゃ", "ゆゅ", "よょ", "ツッ", "ヤャ", "ユュ", "ヨョ", "アァ", "イィ", "ウゥ", "エェ", "オォ"),
)
"""Letters that look alike, in common fonts; also small letters, whose size an engine does not see."""
_ONE_OF_SIMILAR = str.maketrans({letter: group[0] for group in _SIMILAR_LETTERS for letter in group[1:]})
_SIMILAR_PAIRS = {"rn": "m", "vv": "w", "cl": "d"}
"""Pairs of letters that look like one letter."""

_MIN_SHAPES = 12
"""Minimum letters of a quotation that may begin and end inside a word, where a space is missing."""
_GAP_CHARACTERS = 12
"""Characters per word that an ellipsis omits."""


class NearestTokens(NamedTuple):
    """The tokens of a source that are nearest to a quotation.

    `cost` is in [0, 1]; 0 is verbatim. `start` and `end` are the fewest tokens of that cost, `widest_start` and
    `widest_end` the most: where the first or the last word was replaced, they include what it replaced.
    """

    cost: float
    start: int
    end: int
    widest_start: int
    widest_end: int


def nearest_tokens(quotation: Sequence[TokenRun], source: Sequence[Token]) -> NearestTokens:
    """Return the tokens of a source that are nearest to a quotation."""
    tokens = [token for run in quotation for token in run.tokens]
    if not tokens or not source:
        return NearestTokens(1.0, 0, 0, 0, 0)
    known: dict[str, int] = {}
    draft_words = np.array([known.setdefault(token.word.casefold(), len(known)) for token in tokens])
    source_words = np.array([known.setdefault(token.word.casefold(), len(known)) for token in source])
    weights = np.array([_weight(token) for token in tokens])
    skip_costs = np.full(len(tokens), _OMITTED_WORD)
    position = 0
    for run, following in zip(quotation, [*quotation[1:], None], strict=True):
        position += len(run.tokens)
        if following is not None:
            skip_costs[position - 1] = _ELLIPSIS_WORD
    last = _last_row(draft_words, source_words, weights, skip_costs)
    end = int(last.argmin())
    backwards = np.append(skip_costs[:-1][::-1], _OMITTED_WORD)
    first = _last_row(draft_words[::-1], source_words[:end][::-1], weights[::-1], backwards)
    length = int(first.argmin())
    return NearestTokens(
        min(float(last[end] / weights.sum()), 1.0),
        end - length,
        end,
        end - _last_tie(first, length),
        _last_tie(last, end),
    )


def _last_tie(row: Costs, position: int) -> int:
    """Return the last of the positions with the same cost that follow one another from a position."""
    while position + 1 < len(row) and abs(row[position + 1] - row[position]) < _SAME_COST:
        position += 1
    return position


def _last_row(
    draft_words: npt.NDArray[np.int64], source_words: npt.NDArray[np.int64], weights: Costs, skip_costs: Costs
) -> Costs:
    """Return the lowest cost of the quotation ending after each word of the text, shape (words + 1,)."""
    steps = np.arange(len(source_words) + 1)
    row: Costs = np.zeros(len(source_words) + 1)
    for at, word in enumerate(draft_words):
        base = row + weights[at]
        base[1:] = np.minimum(base[1:], row[:-1] + np.where(source_words == word, 0.0, weights[at]))
        # words of the text that the quotation omits cost something, except after its end
        row = (
            base
            if at == len(draft_words) - 1
            else np.minimum.accumulate(base - skip_costs[at] * steps) + skip_costs[at] * steps
        )
    return row


def _weight(token: Token) -> float:
    if not token.word[0].isalnum():
        return 0.1
    return _FUNCTION_WORD if token.word.casefold() in FUNCTION_WORDS else 1.0


@dataclass(frozen=True, slots=True)
class _Shapes:
    """A text with similar letters replaced by one of them, each with the offsets of the letters that it replaces."""

    letters: str
    starts: Sequence[int]
    ends: Sequence[int]


def _shapes(text: str) -> _Shapes:
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for offset, character in enumerate(text.translate(MARKS)):
        if character.isspace():
            continue
        for letter in unicodedata.normalize("NFKC", character).translate(_ONE_OF_SIMILAR).casefold():
            pair = _SIMILAR_PAIRS.get((letters[-1] if letters else "") + letter)
            if pair is not None:
                letters[-1], ends[-1] = pair, offset + 1
                continue
            letters.append(letter)
            starts.append(offset)
            ends.append(offset + 1)
    return _Shapes("".join(letters), starts, ends)


def find_confused(quotation: str, runs: Sequence[TokenRun], source: str) -> list[tuple[int, int]] | None:
    """Return the spans of the source that match the runs of a quotation in order apart from confusions, or None."""
    within = _shapes(source)
    spans: list[tuple[int, int]] = []
    for run in runs:
        wanted = _shapes(quotation[run.tokens[0].start : run.tokens[-1].end]).letters
        last = spans[-1][1] if spans else 0
        span = _find(wanted, within, source, last)
        if span is None or (spans and span[0] - last > (1 + run.gap) * _GAP_CHARACTERS):
            return None
        spans.append(span)
    return spans or None


def _find(wanted: str, within: _Shapes, source: str, begin: int) -> tuple[int, int] | None:
    """Return the first span from an offset on with these letters; a short one only as whole words."""
    at = within.letters.find(wanted)
    while wanted and at >= 0:
        start, end = within.starts[at], within.ends[at + len(wanted) - 1]
        whole = not (source[start - 1 : start].isalnum() or source[end : end + 1].isalnum())
        if start >= begin and (whole or len(wanted) >= _MIN_SHAPES):
            return start, end
        at = within.letters.find(wanted, at + 1)
    return None
