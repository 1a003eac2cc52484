"""Markdown: the source is the canonical text, so that offsets are those of the file; headings come from its syntax.

Front matter (between `---` lines at the top) gives metadata and is marked as front; footnote definitions are notes,
tables are tables.
"""

from __future__ import annotations

import re

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.plain_text import decode
from corpus.readers.text_builder import line_marks
from corpus.records import Mark
from corpus.structure.captions import is_label

_PAIR = re.compile(r"([A-Za-z][\w-]*)\s*:(?:\s+(.*?))?\s*$")
_CONTINUED = re.compile(r"\s+\S|-\s")
_COMMENT = re.compile(r"#")
_FENCE = re.compile(r"---+\s*$")
_CLOSING = re.compile(r"(?:---+|\.\.\.)\s*$")


def read(data: bytes) -> Reading:
    """Raises UnreadableFile for what is not text, or too long to be parsed in a minute."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    if len(data) > limits.MARKUP.value:
        raise UnreadableFile(f"too large for Markdown: {len(data):,} bytes, {limits.MARKUP.remedy}: save it as .txt")
    text = decode(data)
    blocks = text.count("\n") + text.count("|")
    if blocks > limits.BLOCKS.value:
        raise UnreadableFile(
            f"too large for Markdown: {blocks:,} lines and cells, {limits.BLOCKS.remedy}: save it as .txt"
        )
    lines = text.split("\n")
    front = _front_matter_lines(lines)
    metadata = _metadata(lines[:front])
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    marks = line_marks("\n".join(lines[:front]), 0, "front")
    # Blank lines in its place: front matter without an end would be read as a rule and a paragraph.
    body = "\n" * front + "\n".join(lines[front:])
    # Blocks are all that is asked for; parsing what stands inside them takes nine tenths of the time.
    parser = MarkdownIt("commonmark").enable("table").use(footnote_plugin, move_to_end=False).disable("inline")
    for token in parser.parse(body):
        if token.map is None:
            continue
        first, last = token.map[0], min(token.map[1], len(lines))
        while last > first and not lines[last - 1].strip():
            last -= 1
        start, end = starts[first], starts[last] - 1
        if end <= start:
            continue
        if token.type == "heading_open" and token.level == 0 and text[start:end].strip("#=- \t\n"):
            marks.append(Mark("section", int(token.tag[1:]) - 1, start, end))
        elif token.type == "table_open":
            above = _caption_above(lines, first)
            marks.append(Mark("table", None, start if above is None else starts[above], end))
        elif token.type == "footnote_reference_open":
            marks += line_marks(text[start:end], start, "notes")
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    return Reading(text, tuple(marks), metadata)


def _caption_above(lines: list[str], first: int) -> int | None:
    """The line with the caption of a table that begins at the line `first`: a paragraph of its own right above it."""
    line = first - 1
    while line > 0 and first - line <= 2 and not lines[line].strip():
        line -= 1
    alone = line == 0 or not lines[line - 1].strip()
    return line if line >= 0 and alone and is_label(lines[line].strip().strip("*_: ")) else None


def _front_matter_lines(lines: list[str]) -> int:
    """How many lines at the top are front matter: up to its closing line, or as long as they read as such."""
    if not lines or not _FENCE.match(lines[0]) or len(lines) < 2 or not _PAIR.match(lines[1]):
        return 0
    unclosed = None  # where it would end without a closing line: at the first line that a heading or prose may be
    for position, line in enumerate(lines[1:], 1):
        if _CLOSING.match(line):
            return position + 1
        if _PAIR.match(line) or _CONTINUED.match(line):
            continue
        if unclosed is None:
            unclosed = position
        if not _COMMENT.match(line) and line.strip():
            return unclosed
    return len(lines) if unclosed is None else unclosed


def _metadata(lines: list[str]) -> dict[str, object]:
    pairs = (_PAIR.match(line) for line in lines)
    return {
        pair[1].lower(): value for pair in pairs if pair is not None and (value := _scalar(pair[2] or "")) is not None
    }


def _scalar(value: str) -> str | None:
    """A value without quotation marks or a comment; None for one that goes on over several lines, or is missing."""
    if value[:1] in ("'", '"') and (closing := value.find(value[0], 1)) > 0:
        return value[1:closing].strip() or None
    value = re.sub(r"\s+#.*$", "", value).strip()
    return None if value in ("", ">", "|", ">-", "|-", "null", "~") else value
