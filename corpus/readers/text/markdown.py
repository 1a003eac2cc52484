"""Markdown: the source itself, without what no renderer shows, is the canonical text; its syntax gives the marks.

Front matter (between `---` lines at the top) becomes metadata and is marked as front, footnote definitions as notes.
"""

from __future__ import annotations

import re

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.text.hidden_markup import without_hidden_markup, without_soft_hyphens
from corpus.readers.text.plain_text import decode_text
from corpus.readers.text_builder import line_marks
from corpus.records import Mark
from corpus.structure.captions import is_label
from corpus.translation import gettext as _

_KEY_VALUE = re.compile(r"([A-Za-z][\w-]*)\s*:(?:\s+(.*?))?\s*$")
_CONTINUATION = re.compile(r"\s+\S|-\s")
_FENCE = re.compile(r"---+\s*$")
_CLOSING_FENCE = re.compile(r"(?:---+|\.\.\.)\s*$")


def read(data: bytes) -> Reading:
    """Read a Markdown file. Raises UnreadableFile if it is not text, or too large to parse within a minute."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    if len(data) > limits.MARKUP.value:
        raise UnreadableFile(
            _(
                "too large for Markdown: %(count)s bytes; %(remedy)s or save it as .txt",
                count=f"{len(data):,}",
                remedy=limits.MARKUP.remedy,
            )
        )
    decoded = decode_text(data)
    text, hidden = without_hidden_markup(decoded.text)
    text, soft_hyphens = without_soft_hyphens(text)
    if not text.strip():
        raise UnreadableFile(_("empty: the file contains only comments"))
    blocks = text.count("\n") + text.count("|")
    if blocks > limits.BLOCKS.value:
        raise UnreadableFile(
            _(
                "too large for Markdown: %(blocks)s lines and cells; %(remedy)s or save it as .txt",
                blocks=f"{blocks:,}",
                remedy=limits.BLOCKS.remedy,
            )
        )
    lines = text.split("\n")
    front = _count_front_matter_lines(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    marks = line_marks("\n".join(lines[:front]), 0, "front")
    # Blank lines replace front matter: without a closing fence it would be parsed as a rule and a paragraph.
    body = "\n" * front + "\n".join(lines[front:])
    # Only blocks matter; parsing inline markup takes nine tenths of the time.
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
            marks.append(Mark("table", None, starts[_find_caption(lines, first)], end))
        elif token.type == "footnote_reference_open":
            marks += line_marks(text[start:end], start, "notes")
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    return Reading(
        text,
        tuple(marks),
        _metadata(lines[:front]),
        furniture=(*decoded.replaced, *hidden, *soft_hyphens),
        warnings=decoded.warnings,
    )


def _find_caption(lines: list[str], table: int) -> int:
    """Return the line of a table's caption, a paragraph right above it, or the table's own first line."""
    line = table - 1
    while line > 0 and table - line <= 2 and not lines[line].strip():
        line -= 1
    is_paragraph = line == 0 or not lines[line - 1].strip()
    return line if line >= 0 and is_paragraph and is_label(lines[line].strip().strip("*_: ")) else table


def _count_front_matter_lines(lines: list[str]) -> int:
    """Count the front matter lines at the top. Without a closing fence they end before the first heading or prose."""
    if not _FENCE.match(lines[0]) or len(lines) < 2 or not _KEY_VALUE.match(lines[1]):
        return 0
    unclosed_end = None
    for position, line in enumerate(lines[1:], 1):
        if _CLOSING_FENCE.match(line):
            return position + 1
        if _KEY_VALUE.match(line) or _CONTINUATION.match(line):
            continue
        if unclosed_end is None:
            unclosed_end = position
        if not line.startswith("#") and line.strip():  # "#" begins a comment, or a heading of the text
            return unclosed_end
    return len(lines) if unclosed_end is None else unclosed_end


def _metadata(lines: list[str]) -> dict[str, object]:
    pairs = (_KEY_VALUE.match(line) for line in lines)
    return {
        pair[1].lower(): value for pair in pairs if pair is not None and (value := _scalar(pair[2] or "")) is not None
    }


def _scalar(value: str) -> str | None:
    """Return a value without quotation marks and comment; None if it is missing or continues on the next lines."""
    if value[:1] in ("'", '"') and (closing := value.find(value[0], 1)) > 0:
        return value[1:closing].strip() or None
    value = re.sub(r"\s+#.*$", "", value).strip()
    return None if value in ("", ">", "|", ">-", "|-", "null", "~") else value
