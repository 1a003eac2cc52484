"""Which lines may be numbered headings, and how much each reads like something else.

Lines in, candidates out, each with a penalty: 0 for a line that reads as a title, more the more it reads as a sentence,
a list item or the middle of a paragraph. Whether a candidate is a heading is decided over the whole document
(`corpus.structure.hierarchy`), where its number counts as much as its wording.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from corpus.structure.lines import Line, ends_sentence
from corpus.structure.numbering import Marker, parse_markers

LONGEST_TITLE = 45
"""Words, without what stands in parentheses; a numbered paragraph has more."""

_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LEADERS = re.compile(r"(?:\.\.\.|…|\. \. \.|···|\t|   )[ .]{0,3}[0-9ivx]{1,4}$")
_COLUMNS = re.compile(r"\t|\S\s{3,}\S")
_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?(?:\s|$|,)"
)
PREDICATE = re.compile(
    r"\b(?:am|is|are|was|were|has|have|had|will|would|could|should|shall|must|been|did|does|we|they|it|this|that|these|"
    r"those|there|which|who|he|she|I|my|our)\b"
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
SMALL_WORDS = frozenset(
    "a an and as at by de der die for from in into la le of off on or over per the to toward towards und und via vs "
    "with within without against between among under et des du del y e its their".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may be a heading: its place among the lines, its marker's readings, and what speaks against it."""

    line: int
    markers: tuple[Marker, ...]
    penalty: float
    title: str
    words: frozenset[str]
    body_before: int
    """Lines of body text above it in the whole document: equal for two candidates means that none stands between."""


def stems(text: str) -> frozenset[str]:
    """The content words of a text, cut to a rough stem so that "Seas" meets "sea" and "cyberspace" "Cyberspace's"."""
    found = (word.lower().replace("’", "'").removesuffix("'s") for word in _WORD.findall(text))
    return frozenset(word.rstrip("s")[:7] for word in found if word not in SMALL_WORDS and len(word) > 2)


def candidates(lines: Sequence[Line], taken: Collection[int]) -> list[Candidate]:
    """The lines that begin with a marker and are short enough for a title, in order; lines in `taken` are none."""
    found: list[Candidate] = []
    body = 0
    previous: Line | None = None
    listed = False
    for position, line in enumerate(lines):
        if line.blank:
            continue
        if position in taken:
            previous, listed = None, False
            continue
        markers = parse_markers(line.text) if len(line.text) <= 600 else ()
        if not markers or not _fits(markers[0], line.text):
            body += 1
            listed = line.text.endswith((":", "：", ":-", ":—"))
            previous = line
            continue
        following = lines[position + 1] if position + 1 < len(lines) else None
        penalty = _penalty(markers[0], line, previous, following)
        if listed:  # items under "as follows:"
            penalty += 5.0
        title = markers[0].title
        found.append(Candidate(position, markers, penalty, title, stems(title), body))
        previous = line
    return _doubt_words(found)


def _doubt_words(found: Sequence[Candidate]) -> list[Candidate]:
    """In capitals, an "A" or "I" without a "B" or "II" in the whole text is a word ("A NATIONAL INVESTIGATION")."""
    used = {(marker.style, marker.path) for candidate in found for marker in candidate.markers}
    doubted: list[Candidate] = []
    for candidate in found:
        weak = [marker for marker in candidate.markers if marker.weak and marker.style in "AIai"]
        beside = any((marker.style, (marker.path[0] + step,)) in used for marker in weak for step in (-1, 1))
        doubtful = weak and not beside and candidate.title.isupper()
        doubted.append(replace(candidate, penalty=candidate.penalty + 9.0) if doubtful else candidate)
    return doubted


def _fits(marker: Marker, text: str) -> bool:
    """Whether a line can be a title at all: short, with a word in it, and no line of a table of contents."""
    if _LEADERS.search(text):
        return False
    if not marker.title:
        return marker.style[0].isalpha()
    if not any(character.isalpha() for character in marker.title):
        return False
    words = len(_ASIDE.sub(" ", marker.title).split()) + len(_WIDE.findall(marker.title)) // 3
    return words <= (25 if ends_sentence(text) else LONGEST_TITLE)


def _penalty(marker: Marker, line: Line, previous: Line | None, following: Line | None) -> float:
    """What speaks against a heading in the words of a line and in the lines next to it."""
    title = _ASIDE.sub(" ", marker.title).strip() or marker.title
    words = title.split()
    penalty = 0.0
    if title:
        penalty += _wording(marker, title, words)
    if ends_sentence(line.text) and not line.text.endswith(("?", "？")):
        penalty += 6.5 if len(words) > 4 else 3.5
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
    if title[0].islower():
        if not marker.weak:
            penalty += 0.5
        else:  # "A recent ...", "I will ...": article or pronoun; "3 of the ...": a number in a sentence
            penalty += 9.0 if marker.style in "AIai" else 4.0
    if (marker.weak or marker.style == "1.") and _MONTH.match(title):
        penalty += 5.0
    predicates = len(PREDICATE.findall(title))
    return penalty + min(5.0, 2.5 * predicates) * (0.5 if is_title_case(title) else 1.0)


def _runs_on(text: str) -> bool:
    """Whether a line of prose stops in mid-sentence, so that the next one goes on with it."""
    return (
        len(text) >= 40 and not ends_sentence(text) and not text.endswith((":", ";", "：")) and not parse_markers(text)
    )


def is_title_case(text: str) -> bool:
    """Whether the words that carry meaning begin with capitals."""
    words = [word for word in _WORD.findall(text) if word.lower() not in SMALL_WORDS and word[0].isalpha()]
    return len(words) >= 2 and sum(word[0].isupper() for word in words) >= 0.85 * len(words)


def without(found: Sequence[Candidate], rejected: Collection[int]) -> list[Candidate]:
    """The candidates save those on rejected lines, which count as body instead."""
    kept: list[Candidate] = []
    more = 0
    for candidate in found:
        if candidate.line in rejected:
            more += 1
        else:
            kept.append(replace(candidate, body_before=candidate.body_before + more) if more else candidate)
    return kept
