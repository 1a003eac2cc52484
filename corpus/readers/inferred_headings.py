"""Infer the headings that pages and DOCX files do not declare: bold paragraphs, and numbering as in plain text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from corpus.records import Section, StructureMark
from corpus.structure.heading_candidates import is_title
from corpus.structure.lines import PAGE_HEADER_REPEATS, ends_sentence
from corpus.structure.outline import infer_outline

_MIN_BOLD = 2
"""Minimum number of bold titles for bold type to be the style of headings."""

_MAX_BOLD_SHARE = 0.5
"""Share of bold paragraphs above which bold type means nothing."""


@dataclass(frozen=True, slots=True)
class BodyParagraph:
    """The span of a paragraph of body text, whether all of it is bold, and its font size in points (0: unknown)."""

    start: int
    end: int
    bold: bool
    size: float


def infer_headings(
    text: str, marks: Sequence[StructureMark], paragraphs: Sequence[BodyParagraph]
) -> tuple[StructureMark, ...]:
    """Return the marks of a file with inferred headings: all of them, or bold ones below those that it declares.

    A file whose only declared heading is its title declares none.
    """
    titles = [mark for mark in marks if mark.kind == "section"]
    if len(titles) > 1:
        return _with_bold_headings(text, marks, titles, paragraphs)
    outline = infer_outline(_without_marked(text, marks))
    numbered = {item.start: _depth(outline, item) for item in outline if item.kind == "section"}
    front = {item.start for item in outline if item.kind == "front"}
    bold = _bold_titles(text, paragraphs, set(numbered))
    if len(bold) >= _MIN_BOLD:
        numbered = {start: level for start, level in numbered.items() if start in bold}
        bold = {start: paragraph for start, paragraph in bold.items() if start not in front or not numbered}
    elif titles:
        return tuple(marks)
    else:
        bold = {}
    starts = sorted({*numbered, *_with_text(text, bold, set(numbered), paragraphs, marks)})
    if titles:
        starts = [start for start in starts if start > titles[0].start]
    levels = _levels(starts, numbered, bold)
    ends = {item.start: item.heading_end for item in outline}
    ends |= {start: paragraph.end for start, paragraph in bold.items()}
    kept = [mark for mark in marks if mark.kind == "section" or mark.start not in levels]
    inferred = [StructureMark("section", level + len(titles), start, ends[start]) for start, level in levels.items()]
    fronts = [StructureMark("front", None, start, ends[start]) for start in front if start not in levels and not titles]
    return tuple(sorted((*kept, *inferred, *fronts), key=lambda mark: (mark.start, -mark.end)))


def _with_bold_headings(
    text: str, marks: Sequence[StructureMark], declared: Sequence[StructureMark], paragraphs: Sequence[BodyParagraph]
) -> tuple[StructureMark, ...]:
    """Return the marks with the bold titles of paragraphs, each one level below the declared heading above it."""
    ordered = sorted((mark.start, mark.end) for mark in marks)
    ends = list(accumulate((end for _, end in ordered), max))
    plain = [
        paragraph
        for paragraph in paragraphs
        if not (before := bisect_left(ordered, (paragraph.end, 0))) or ends[before - 1] <= paragraph.start
    ]
    bold = _bold_titles(text, plain, set())
    if len(bold) < _MIN_BOLD:
        return tuple(marks)
    starts = [mark.start for mark in declared]
    inferred = []
    for start in _with_text(text, bold, set(starts), plain, marks):
        above = bisect_right(starts, start) - 1
        if start in bold and above >= 0:
            inferred.append(StructureMark("section", (declared[above].level or 0) + 1, start, bold[start].end))
    return tuple(sorted((*marks, *inferred), key=lambda mark: (mark.start, -mark.end)))


def _without_marked(text: str, marks: Sequence[StructureMark]) -> str:
    """Return the text with spaces in place of the marks, so that offsets stay the same."""
    characters = list(text)
    for mark in marks:
        characters[mark.start : mark.end] = [
            "\n" if character == "\n" else " " for character in characters[mark.start : mark.end]
        ]
    return "".join(characters)


def _depth(outline: Sequence[Section], item: Section) -> int:
    depth = 0
    while item.parent is not None:
        item = outline[item.parent]
        depth += 1
    return depth


def _bold_titles(text: str, paragraphs: Sequence[BodyParagraph], numbered: set[int]) -> dict[int, BodyParagraph]:
    """Return the bold paragraphs that read like titles, by their start."""
    bold = [paragraph for paragraph in paragraphs if paragraph.bold]
    if len(bold) > _MAX_BOLD_SHARE * len(paragraphs) + _MIN_BOLD:
        return {}
    titles = [
        (text[paragraph.start : paragraph.end].casefold(), paragraph)
        for paragraph in bold
        if "\n" not in (line := text[paragraph.start : paragraph.end])
        and (paragraph.start in numbered or _can_be_heading(line))
    ]
    counts = Counter(line for line, _ in titles)
    return {paragraph.start: paragraph for line, paragraph in titles if counts[line] < PAGE_HEADER_REPEATS}


def _can_be_heading(line: str) -> bool:
    return is_title(line) and not line.startswith(("(", "（", "["))


def _with_text(
    text: str,
    bold: dict[int, BodyParagraph],
    numbered: set[int],
    paragraphs: Sequence[BodyParagraph],
    marks: Sequence[StructureMark],
) -> list[int]:
    """Return the bold titles with prose or a table below: a name in a signature block has neither."""
    prose = {span.start for span in paragraphs if ends_sentence(text[span.start : span.end])}
    content = sorted(prose | {mark.start for mark in marks if mark.kind == "table"})
    heads = sorted({*bold, *numbered})
    follow = sorted({*heads, *content, *(paragraph.start for paragraph in paragraphs)})
    place = {start: position for position, start in enumerate(follow)}
    result: list[int] = []
    for position, start in enumerate(heads):
        stop = heads[position + 1] if position + 1 < len(heads) else len(text)
        has_content = any(start < at < stop for at in content)
        heads_next = stop < len(text) and follow[place[start] + 1] == stop  # directly above another heading
        if start in bold and (has_content or (heads_next and start not in numbered and _above(bold, start, stop))):
            result.append(start)
    return result


def _above(bold: dict[int, BodyParagraph], start: int, below: int) -> bool:
    """Return whether a title directly above another is its heading, because it is set in a larger size."""
    return below not in bold or bold[start].size > bold[below].size


def _levels(starts: Sequence[int], numbered: dict[int, int], bold: dict[int, BodyParagraph]) -> dict[int, int]:
    """Return the levels: of numbered headings by their numbers, of others by size, or below the heading before."""
    sizes = sorted({bold[start].size for start in starts if start not in numbered}, reverse=True)
    levels: dict[int, int] = {}
    above = 0
    for start in starts:
        if start in numbered:
            above = numbered[start] + 1
            levels[start] = numbered[start]
        else:
            levels[start] = above + sizes.index(bold[start].size)
    return levels
