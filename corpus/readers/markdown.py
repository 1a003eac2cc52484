"""Markdown: the source is the canonical text, so that offsets are those of the file; headings come from its syntax.

Front matter (between `---` lines at the top) gives metadata and is marked as front; footnote definitions are notes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from corpus.readers.reading import Mark, Reading
from corpus.readers.text import decode

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER_LINE = re.compile(r"^([A-Za-z][\w-]*)\s*:\s*(.*?)\s*$")


def read(data: bytes) -> Reading:
    """Raises UnreadableFile for what is not text."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    text = decode(data)
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(footnote_plugin)
    starts = line_starts(text)
    marks: list[Mark] = []
    metadata: dict[str, object] = {}
    for token in parser.parse(text):
        if token.map is None:
            continue
        start, end = starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)]
        end = start + len(text[start:end].rstrip("\n"))
        if token.type == "front_matter":
            metadata.update(_front_matter(token))
            marks.extend(_line_marks(text, start, end, "front"))
        elif token.type == "heading_open" and token.level == 0:
            marks.append(Mark("section", int(token.tag[1:]) - 1, start, end))
        elif token.type == "footnote_reference_open":
            marks.append(Mark("notes", None, start, end))
    marks.sort(key=lambda mark: mark.start)
    return Reading(text, tuple(marks), metadata)


def line_starts(text: str) -> list[int]:
    """Offsets where lines begin, and the text's length at the end."""
    starts = [0]
    starts.extend(match.end() for match in re.finditer("\n", text))
    if starts[-1] != len(text):
        starts.append(len(text))
    return starts


def _front_matter(token: Token) -> Mapping[str, object]:
    pairs = (_FRONT_MATTER_LINE.match(line) for line in token.content.split("\n"))
    return {pair[1].lower(): pair[2].strip("\"'") for pair in pairs if pair is not None and pair[2]}


def _line_marks(text: str, start: int, end: int, kind: str) -> list[Mark]:
    marks: list[Mark] = []
    for line in text[start:end].split("\n"):
        if line.strip():
            marks.append(Mark("front" if kind == "front" else "notes", None, start, start + len(line)))
        start += len(line) + 1
    return marks
