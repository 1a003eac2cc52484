"""Find lines that may be numbered headings, and headings by their form: underlined titles, months of a chronology.

A numbered line has a penalty, which is 0 if it reads like a title, and grows the more it reads like a sentence, a list
item or the middle of a paragraph. `corpus.structure.hierarchy` decides over the whole document which candidates are
headings: there the number counts as much as the wording. Penalties were tuned with
`tests/benchmarks/reading/outline.py`, in the units of the costs there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.records import UNDERLINE
from corpus.scripts import UNSPACED_LETTER
from corpus.structure.lines import PAGE_HEADER_REPEATS, Line, continues_sentence, ends_sentence, stops_inside_sentence
from corpus.structure.numbering import Marker, parse_markers
from corpus.vocabulary import CURRENCY_SIGNS, ENGLISH_MONTHS, MONTH, MONTHS, SCALES, YEAR

_MIN_FIRST_LINE = 40
"""Characters, at least, of the first line of a numbered paragraph that goes on below it."""

MAX_TITLE_WORDS = 45
"""Words outside parentheses; numbered paragraphs are longer."""

_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LEADERS = re.compile(r"(?:\.\.\.|…|\. \. \.|···|\t|   )[ .]{0,3}[0-9ivx]{1,4}$")
_COLUMNS = re.compile(r"\t|\S\s{3,}\S")
_MONTH = re.compile(
    rf"(?:{'|'.join(ENGLISH_MONTHS)}|{'|'.join(month[:3] for month in ENGLISH_MONTHS)}|Sept)\b\.?(?:\s|$|,)"
)
_PREDICATE = re.compile(
    r"\b(?:am|is|are|was|were|has|have|had|will|would|could|should|shall|must|may|can|cannot|be|been|did|does|we|they|it|this|that|these|"
    r"those|there|which|who|he|she|I|my|our)\b"
)
_SENTENCES = re.compile(r"(?:[^\W\d_]{4}|\d{2}|\))[.!?]\s+[^\W\d_]\w*(?:\s|$)")
"""The end of a sentence and the beginning of another, which no title has."""

_LEADS_IN = re.compile(r"[,:]?\s[-–—]$|[:：][-–—]$")
"""A sentence that a list completes: "In this Act, unless the context otherwise requires -"."""

_AMOUNT_AT_END = re.compile(
    rf"\S(?:[,:]|\s[–—-]|\s\()\s?[{CURRENCY_SIGNS}]?\d[\d.,\u202f\u00a0]*(?:\s?%|\s(?!{MONTH})[^\W\d_]+(?:\s[^\W\d_]+){{0,2}})\)?$"
    rf"|\S(?:[,:]|\s[–—-]|\s\()\s?[{CURRENCY_SIGNS}]\d[\d.,]*\)?$",
    re.IGNORECASE,
)
"""The amount that an item of a ranked list tells: "1. Oslo, 12 ships", "2. Riga (9 per cent)"."""

_UNITS = re.compile(
    rf"(?i)\b(?:in|en|em|amounts|figures|angaben)\b.*\b(?:{SCALES}|hundreds|mille|dollars?|euros?|kronen|yen|percent)\b"
    rf"|unaudited|ungeprüft|単位|[%{CURRENCY_SIGNS}]"
)
"""A bracketed line below the heading of a table: "(in millions, except per share amounts)"."""

SMALL_WORDS = frozenset(
    "a an and as at by de der die for from in into la le of off on or over per the to toward towards und und via vs "
    "with within without against between among under et des du del y e its their".split()
)
"""Words that say nothing of the subject of a title, so that titles are compared without them.

They are more than `corpus.metadata.cover.SMALL_TITLE_WORDS`, those that titles do not capitalise.
"""

_UNDERLINE = re.compile(rf"({UNDERLINE})\1{{2,}}")
_MIN_UNDERLINE_SHARE = 0.75
"""Minimum length of the underline, relative to the title."""
_MIN_UNDERLINED = 2
_MAX_PENALTY = 3.0
"""Penalty below which a numbered line without an underline is a heading: one sign that it is none at most."""

_LEVEL_OF_NUMBER = 0.1
"""What each part of its number adds to the level of such a heading, which is above the next kind of underline."""

_MAX_MONTHS = 6
"""Months from one with entries to the next, in a chronology."""
_MONTH_LINE = re.compile(rf"(?P<month>{MONTH})(?:\s+{YEAR})?:?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeadingCandidate:
    """A line that may be a heading: its position, the readings of its marker, and its penalty."""

    line: int
    markers: tuple[Marker, ...]
    penalty: float
    title: str
    words: frozenset[str]
    body_before: int
    """Number of body lines above it; equal numbers mean that there is no body text between two candidates."""


@dataclass(frozen=True, slots=True)
class UnderlinedHeading:
    """Offsets of a title with its underline, and its level: the rank of that kind of underline by first appearance."""

    start: int
    end: int
    level: int


def stems(text: str) -> frozenset[str]:
    """Return rough stems of the content words: those of "Seas" and "sea", "cyberspace" and "Cyberspace's" are equal."""
    words = (word.lower().replace("’", "'").removesuffix("'s") for word in _WORD.findall(text))
    return frozenset(word.rstrip("s")[:7] for word in words if word not in SMALL_WORDS and len(word) > 2)


def find_candidates(lines: Sequence[Line], taken: Collection[int]) -> list[HeadingCandidate]:
    """Return the lines in order that begin with a marker and are short enough for a title, except those in `taken`."""
    candidates: list[HeadingCandidate] = []
    paragraphs: Counter[tuple[str, int]] = Counter()
    body = 0
    previous: Line | None = None
    listed = False
    for position, line in enumerate(lines):
        if line.blank:
            continue
        if position in taken:
            previous, listed = None, False
            continue
        is_marked = bool(candidates) and candidates[-1].line == position - 1
        is_below = previous is not None and previous.end + 1 == line.start
        if previous is not None and is_below and continues_sentence(previous.text, line.text, is_marked):
            body += 1
            listed, previous = False, line
            continue
        markers = parse_markers(line.text) if len(line.text) <= 600 else ()
        if not markers or not _can_be_title(markers[0], line.text):
            body += 1
            listed = line.text.endswith((":", "：", ":-", ":—"))
            previous = line
            continue
        following = lines[position + 1] if position + 1 < len(lines) else None
        if _begins_paragraph(markers[0], line, following):
            paragraphs[_form(markers[0])] += 1
            body += 1
            listed, previous = False, line
            continue
        penalty = _penalty(markers[0], line, previous, following)
        if listed:  # items under "as follows:"
            penalty += 5.0
        title = markers[0].title
        candidates.append(HeadingCandidate(position, markers, penalty, title, stems(title), body))
        previous = line
    return _penalise_words(_without_paragraphs(candidates, paragraphs, lines))


def _begins_paragraph(marker: Marker, line: Line, following: Line | None) -> bool:
    """Return whether a line is the first one of a numbered paragraph: a sentence ends in it, or goes on below it."""
    if following is None or following.blank or len(line.text) < _MIN_FIRST_LINE:
        return False
    is_prose = _SENTENCES.search(marker.title) is not None or stops_inside_sentence(line.text)
    return is_prose and not parse_markers(following.text)


def _form(marker: Marker) -> tuple[str, int]:
    return marker.style, len(marker.path)


def _without_paragraphs(
    candidates: Sequence[HeadingCandidate], paragraphs: Mapping[tuple[str, int], int], lines: Sequence[Line]
) -> list[HeadingCandidate]:
    """Return the candidates without further paragraphs, where most lines numbered like these begin paragraphs."""
    forms = Counter(_form(candidate.markers[0]) for candidate in candidates)
    rejected = {
        candidate.line
        for candidate, following in ((each, lines[each.line + 1 : each.line + 2]) for each in candidates)
        if paragraphs.get(form := _form(candidate.markers[0]), 0) > forms[form]
        and following
        and (not following[0].blank or ends_sentence(lines[candidate.line].text))
    }
    return without_lines(candidates, rejected)


def _penalise_words(candidates: Sequence[HeadingCandidate]) -> list[HeadingCandidate]:
    """Penalise "A" or "I" in capitals without a "B" or "II" in the text: it is a word ("A NATIONAL INVESTIGATION")."""
    used = {(marker.style, marker.path) for candidate in candidates for marker in candidate.markers}
    penalised: list[HeadingCandidate] = []
    for candidate in candidates:
        weak = [marker for marker in candidate.markers if marker.weak and marker.style in "AIai"]
        beside = any((marker.style, (marker.path[0] + step,)) in used for marker in weak for step in (-1, 1))
        is_word = weak and not beside and candidate.title.isupper()
        penalised.append(replace(candidate, penalty=candidate.penalty + 9.0) if is_word else candidate)
    return penalised


def _can_be_title(marker: Marker, text: str) -> bool:
    """Return whether a line can be a title: short, with a word, and not from a table of contents."""
    if _LEADERS.search(text):
        return False
    if not marker.title:
        return marker.style[0].isalpha()
    if not any(character.isalpha() for character in marker.title):
        return False
    words = len(_ASIDE.sub(" ", marker.title).split()) + len(UNSPACED_LETTER.findall(marker.title)) // 3
    return words <= (25 if ends_sentence(text) else MAX_TITLE_WORDS)


def _penalty(marker: Marker, line: Line, previous: Line | None, following: Line | None) -> float:
    """Return the penalty from the words of a line and the lines around it."""
    title = _ASIDE.sub(" ", marker.title).strip() or marker.title
    words = title.split()
    penalty = 0.0
    if title:
        penalty += _wording(marker, title, words)
    if ends_sentence(line.text) and not line.text.endswith(("?", "？")):
        penalty += 6.5 if len(words) + len(UNSPACED_LETTER.findall(title)) // 3 > 4 else 3.5
    elif _LEADS_IN.search(line.text):
        penalty += 6.5
    elif line.text.endswith((",", ";", "、", "，", ":", "：")):
        penalty += 3.0
    if _COLUMNS.search(line.text):
        penalty += 3.0
    if not marker.counts:
        penalty += 1.5
    if previous is not None and previous.end + 1 == line.start and _runs_on(previous.text):
        penalty += 4.0
    if following is not None and following.text and following.text[0].islower() and not parse_markers(following.text):
        penalty += 3.0
    return penalty


def _wording(marker: Marker, title: str, words: list[str]) -> float:
    penalty = 0.15 * max(0, len(words) - 12)
    if not marker.counts and marker.style in ("()", "（）", "[]") and (title[0].islower() or _UNITS.search(title)):
        penalty += 9.0
    if marker.weak and title[-1] in "。．":  # a note or an item of a list
        penalty += 9.0
    if title[0].islower():
        if not marker.weak:
            penalty += 0.5
        else:  # "A recent ...", "I will ...": article or pronoun; "3 of the ...": a number in a sentence
            penalty += 9.0 if marker.style in "AIai" else 4.0
    if (marker.weak or marker.style == "1.") and _MONTH.match(title):
        penalty += 5.0
    if marker.style in ("1.", "1)") and _AMOUNT_AT_END.search(marker.title):
        penalty += 9.0
    predicates = len(_PREDICATE.findall(title))
    return penalty + min(5.0, 2.5 * predicates) * (0.5 if is_title_case(title) else 1.0)


def _runs_on(text: str) -> bool:
    """Return whether a line of prose stops in mid-sentence, so that the next line continues it."""
    return (
        len(text) >= 40 and not ends_sentence(text) and not text.endswith((":", ";", "：")) and not parse_markers(text)
    )


def is_title_case(text: str) -> bool:
    """Return whether the content words begin with capitals."""
    words = [word for word in _WORD.findall(text) if word.lower() not in SMALL_WORDS and word[0].isalpha()]
    return len(words) >= 2 and sum(word[0].isupper() for word in words) >= 0.85 * len(words)


def is_title(text: str) -> bool:
    """Return whether a line may be a title or a caption rather than prose: short, and not ending like a sentence."""
    return (
        len(text) <= 250
        and len(text.split()) <= 30
        and not ends_sentence(text)
        and text[-1] not in ",;:：、"
        and not text[0].islower()
        and text[0] not in "•·‣・-–—*＊※\"“‘'[|+=_"
        and sum(character.isalpha() for character in text) >= 0.6 * len(text.replace(" ", ""))
        and "\t" not in text
        and (not _PREDICATE.search(text) or is_title_case(text))
    )


def without_lines(candidates: Sequence[HeadingCandidate], rejected: Collection[int]) -> list[HeadingCandidate]:
    """Return the candidates without those on rejected lines, which become body text."""
    remaining: list[HeadingCandidate] = []
    more = 0
    for candidate in candidates:
        if candidate.line in rejected:
            more += 1
        else:
            remaining.append(replace(candidate, body_before=candidate.body_before + more) if more else candidate)
    return remaining


def find_underlined_headings(lines: Sequence[Line], taken: Collection[int]) -> Mapping[int, UnderlinedHeading]:
    """Return the underlined headings by the position of their title; empty if there is one only.

    `taken` are the positions of lines of tables.
    """
    styles: dict[tuple[str, bool], int] = {}
    headings: dict[int, UnderlinedHeading] = {}
    for position in range(len(lines) - 1):
        below = lines[position + 1].text
        if _UNDERLINE.fullmatch(below) is None or position in taken or position + 1 in taken:
            continue
        above = lines[position - 1].text if position else ""
        text = lines[position].text
        is_apart = not above or _UNDERLINE.fullmatch(above) is not None
        if not (is_apart and is_underline(below, text)):
            continue
        is_between = above == below
        level = styles.setdefault((below[0], is_between), len(styles))
        first = lines[position - is_between]
        headings[position] = UnderlinedHeading(first.start, lines[position + 1].end, level)
    counts = Counter(lines[position].text.casefold() for position in headings)
    headings = {
        at: heading for at, heading in headings.items() if counts[lines[at].text.casefold()] < PAGE_HEADER_REPEATS
    }
    return headings if len(headings) >= _MIN_UNDERLINED else {}


def is_underline(below: str, text: str) -> bool:
    """Return whether a line below a text that can be a heading has only strokes and is nearly as long."""
    is_long = len(below) >= _MIN_UNDERLINE_SHARE * len(text)
    return is_long and _UNDERLINE.fullmatch(below) is not None and _can_be_underlined(text)


def find_months(lines: Sequence[Line]) -> Mapping[int, UnderlinedHeading]:
    """Return the months that head the entries of a chronology: they follow each other, with no numbered line above."""
    headings: dict[int, UnderlinedHeading] = {}
    months: list[int] = []
    for position, line in enumerate(lines):
        match = _MONTH_LINE.fullmatch(line.text)
        if match and (position == 0 or lines[position - 1].blank):
            headings[position] = UnderlinedHeading(line.start, line.end, 0)
            months.append(MONTHS[match["month"].rstrip(".").casefold()])
        elif not headings and any(not marker.weak for marker in parse_markers(line.text)):
            return {}
    follow = sum(0 < (after - before) % 12 <= _MAX_MONTHS for before, after in pairwise(months))
    return headings if len(headings) >= _MIN_UNDERLINED and follow == len(months) - 1 else {}


def underline_lines(lines: Sequence[Line], headings: Mapping[int, UnderlinedHeading]) -> set[int]:
    """Return the positions of the underlines, and of the lines above such titles."""
    near = [(position + step, heading) for position, heading in headings.items() for step in (-1, 1)]
    return {at for at, heading in near if at >= 0 and heading.start <= lines[at].start < heading.end}


def are_all_underlined(headings: Mapping[int, UnderlinedHeading], candidates: Sequence[HeadingCandidate]) -> bool:
    """Return whether the underlined headings are all headings, rather than those below chapters without underlines."""
    labelled = (candidate for candidate in candidates if len(candidate.markers[0].style.split()) > 1)
    return bool(headings) and all(candidate.line in headings for candidate in labelled)


def numbered_below_underlined(
    headings: Mapping[int, UnderlinedHeading], candidates: Sequence[HeadingCandidate], lines: Sequence[Line]
) -> dict[int, float]:
    """Return the levels of headings such as "2.1 Grain" that have no underline, below an underlined one: "2. Cargo".

    Their numbers count up, with that of the underlined heading in front, unless it has none. They are below a blank
    line, and read like titles.
    """
    levels: dict[int, float] = {}
    parent: tuple[int, ...] = ()  # the number of the underlined heading above
    previous: tuple[int, ...] = ()
    level = 0.0
    markers_of = {candidate.line: candidate for candidate in candidates}
    for position in sorted({*headings, *markers_of}):
        if position in headings:
            markers = [marker for marker in parse_markers(lines[position].text) if marker.style[:1] == "1"]
            parent = previous = markers[0].path if markers else ()
            level = float(headings[position].level)
            continue
        candidate = markers_of[position]
        path = next((marker.path for marker in candidate.markers if "." in marker.style.rstrip(".")), ())
        is_apart = position == 0 or lines[position - 1].blank
        is_next = bool(parent or previous) and path in _next_numbers(previous, parent)
        is_first = not parent and not previous and len(path) == 2 and path[1] == 1
        if not (is_apart and candidate.penalty < _MAX_PENALTY and (is_next or is_first)):
            continue
        previous = path
        levels[position] = level + _LEVEL_OF_NUMBER * (len(path) - len(parent))
    return levels


def _next_numbers(previous: tuple[int, ...], parent: tuple[int, ...]) -> set[tuple[int, ...]]:
    """Return the numbers that may follow one, on its level, below it or above it, but below `parent`."""
    same_or_above = {
        (*previous[: depth - 1], previous[depth - 1] + 1) for depth in range(len(parent) + 1, len(previous) + 1)
    }
    return {number for number in same_or_above if len(number) > 1} | {(*previous, 1)}


def numbered_items(lines: Sequence[Line], positions: Sequence[int]) -> set[int]:
    """Return the lines of numbered lists: "1. Oslo, 12 ships" before "2. Riga, 9 ships", one right after the other.

    Args:
        lines: The lines of the text.
        positions: Those of lines that are not blank and not headings, in order.
    """
    items: set[int] = set()
    numbers = [_number_of_item(lines[position].text) for position in positions]
    for index, (first, second) in enumerate(pairwise(numbers)):
        if first is not None and second is not None and first[0] == second[0] and second[1] == first[1] + 1:
            items |= {positions[index], positions[index + 1]}
    return items


def _number_of_item(text: str) -> tuple[str, int] | None:
    """Return the style and the number of an item of a list, such as "1." and 3."""
    if not any(map(str.isdecimal, text[:2])):
        return None
    marker = next((marker for marker in parse_markers(text) if marker.style[-1:] in ".)）．、"), None)
    is_number = marker is not None and len(marker.path) == 1 and marker.title != ""
    return (marker.style, marker.path[0]) if marker is not None and is_number else None


def _can_be_underlined(text: str) -> bool:
    if not text or _UNDERLINE.fullmatch(text):
        return False
    return is_title(text) or (not ends_sentence(text) and any(marker.title for marker in parse_markers(text)))
