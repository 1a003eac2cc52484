"""Markdown: the source itself, without what no renderer shows, is the canonical text; its syntax gives the marks.

Blocks of HTML are read as in a web page. Front matter (between `---` or `+++` lines at the top, or lines with `%`)
becomes metadata and is no part of the text unless there is nothing else; footnote definitions are marked as notes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent, line_marks, raise_digits
from corpus.readers.html.reader import read_fragment
from corpus.readers.text.plain_text import decode_text, without_soft_hyphens
from corpus.records import StructureMark
from corpus.structure.captions import is_label
from corpus.structure.lines import split_lines
from corpus.structure.text_tables import find_tables, is_rule
from corpus.translation import gettext as _

if TYPE_CHECKING:
    from markdown_it.token import Token

_KEY_VALUE = re.compile(r"([A-Za-z][\w-]*)\s*:(?:\s+(.*?))?\s*$")
_CONTINUATION = re.compile(r"\s+\S|-\s")
_FENCE = re.compile(r"---+\s*$")
_CLOSING_FENCE = re.compile(r"(?:---+|\.\.\.)\s*$")
_TOML_FENCE = "+++"
_TITLE_BLOCK = ("title", "author", "date")
"""What the lines with "%" at the top say, in this order."""
_TAG = re.compile(r"<[^<>]*>")
_TABLE_START, _TABLE_END = re.compile(r"<table[\s>]", re.IGNORECASE), re.compile(r"</table\s*>", re.IGNORECASE)
_SOFT_HYPHEN = re.compile("\u00ad|&shy;|&#(?:173|[xX][aA][dD]);")
_MAX_INLINE = 2000
"""Characters; a longer text between two backticks or tildes is not inline code or struck-out text."""
_MAX_RAISED = 12
"""Maximum length of a raised number, in characters."""

_OPENING = re.compile(
    r"""(?m)^[ ]{0,3}(?P<fence>`{3,}|~{3,})[^\n`]*$ | (?P<ticks>`+) | (?P<strike>~~)(?=[^\s~])
    | (?P<comment><!--) | (?P<definition>^[ ]{0,3}\[(?://|\#|comment)\]:[ ](?:\#|<>)[ ])
    | (?P<line>^[ ]{0,3}(?:\[(?!\^)[^][\n]+\]:[ \t]*\S+(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?|:{3,}[^\n]*
        |\[{1,2}_?(?i:toc)_?\]{1,2}|\{:[^{}\n]*\})[ \t]*$)
    | <(?P<tag>(?:del|s|strike|script|style|template)(?=[\s>])
        |[a-zA-Z]\w*(?=(?:\s[^<>]*)?\s(?:hidden[\s>=]|style\s*=\s*["'][^"'<>]*display\s*:\s*none)))[^<>]*>
    | (?P<inline></?(?:a|abbr|b|big|br|cite|code|em|font|i|ins|kbd|mark|samp|small|span|strong|sub|sup|tt|u|var|wbr)
        (?=[\s/>])[^<>]*>)""",
    re.VERBOSE,
)


def read(data: bytes) -> FileContent:
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
    text, hidden = _without_hidden_markup(decoded.text)
    text, soft_hyphens = without_soft_hyphens(text, _SOFT_HYPHEN)
    if not text.strip():
        raise UnreadableFile(_("empty: the file contains only comments"))
    _check_blocks(text)
    lines = text.split("\n")
    front, below = _split_front_matter(lines)
    is_shown = not below  # front matter is the text of a file that has no other
    lines = lines if is_shown else below
    # Blank lines replace front matter: without a closing fence it would be parsed as a rule and a paragraph.
    body = "\n" * len(front) if is_shown else "\n".join(lines)
    # Only blocks matter; parsing inline markup takes nine tenths of the time.
    parser = MarkdownIt("commonmark").enable("table").use(footnote_plugin, move_to_end=False).disable("inline")
    tokens = parser.parse(body)
    shown, html_marks, starts, tags = _with_html_read(lines, tokens)
    marks = [*(line_marks("\n".join(front), 0, "front") if is_shown else ()), *html_marks]
    marks += _block_marks(lines, tokens, shown, starts)
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    furniture = (*(() if is_shown else filter(str.strip, front)), *decoded.replaced, *hidden, *soft_hyphens, *tags)
    return FileContent(shown, tuple(marks), _metadata(front), furniture=furniture, warnings=decoded.warnings)


def _check_blocks(text: str) -> None:
    blocks = text.count("\n") + text.count("|")
    if blocks > limits.BLOCKS.value:
        raise UnreadableFile(
            _(
                "too large for Markdown: %(blocks)s lines and cells; %(remedy)s or save it as .txt",
                blocks=f"{blocks:,}",
                remedy=limits.BLOCKS.remedy,
            )
        )


def _block_marks(
    lines: list[str], tokens: Sequence[Token], shown: str, starts: Sequence[int]
) -> Iterator[StructureMark]:
    """Yield the marks of headings, tables and footnotes; `starts` is where each line begins in the text `shown`."""
    for token in tokens:
        if token.map is None:
            continue
        first, last = token.map[0], min(token.map[1], len(lines))
        while last > first and not lines[last - 1].strip():
            last -= 1
        start, end = starts[first], starts[last] - 1
        if end <= start or token.type == "html_block":
            continue
        source = shown[start:end]
        if token.type == "heading_open" and token.level == 0 and source.strip("#=- \t\n"):
            yield StructureMark("section", int(token.tag[1:]) - 1, start, end)
        elif token.type == "table_open":
            yield StructureMark("table", None, starts[_find_caption(lines, first)], end)
        elif token.type == "footnote_reference_open":
            yield from line_marks(source, start, "notes")
    for table in _drawn_tables(lines, tokens):
        yield StructureMark("table", None, starts[_find_caption(lines, table.start)], starts[table.stop] - 1)


def _with_html_read(lines: list[str], tokens: Sequence[Token]) -> tuple[str, list[StructureMark], list[int], list[str]]:
    """Return the text with its blocks of HTML as they are shown, their marks, where each line begins, and the tags.

    A table may have blank lines, which end a block of HTML for Markdown: it is read up to its end tag. The lines of
    a block that is not one line any more begin at the end of what is shown.
    """
    parts: list[str] = []
    marks: list[StructureMark] = []
    starts: list[int] = []
    tags: list[str] = []
    length = line = 0
    blocks = {
        token.map[0]: token.map[1]
        for token in tokens
        if token.type == "html_block"
        and token.level == 0
        and token.map is not None
        and not token.content.lstrip().startswith(("<!", "<?"))  # an open comment is text
    }
    last_end_tag = max((n for n, source in enumerate(lines) if _TABLE_END.search(source)), default=-1)
    while line < len(lines):
        stop = blocks.get(line, line)
        shown = lines[line]
        if stop > line:
            depth = sum(_count_open_tables(source) for source in lines[line:stop])
            while depth > 0 and stop <= last_end_tag:
                depth += _count_open_tables(lines[stop])
                stop += 1
            source = "\n".join(lines[line:stop])
            shown, block_marks = read_fragment(source)
            tags += [" ".join(_TAG.findall(source))] if shown != source else []
            marks += [replace(mark, start=mark.start + length, end=mark.end + length) for mark in block_marks]
        stop = max(stop, line + 1)
        starts += [length, *[length + len(shown) + 1] * (stop - line - 1)]
        parts.append(shown)
        length += len(shown) + 1
        line = stop
    return "\n".join(parts), marks, [*starts, length], tags


def _count_open_tables(line: str) -> int:
    return len(_TABLE_START.findall(line)) - len(_TABLE_END.findall(line))


def _drawn_tables(lines: Sequence[str], tokens: Sequence[Token]) -> list[range]:
    """Return the lines of tables of aligned cells with rules, as Pandoc and reStructuredText have them.

    For Markdown a table is a paragraph, or several with a thematic break where the rule is.
    """
    plain = [""] * len(lines)
    for token in tokens:
        if token.level == 0 and token.map is not None and token.type in ("paragraph_open", "hr"):
            plain[slice(*token.map)] = lines[slice(*token.map)]
    if not any(map(is_rule, plain)):
        return []
    tables = find_tables(split_lines("\n".join(plain)))
    return [table for table in tables if any(is_rule(plain[position].strip()) for position in table)]


def _find_caption(lines: list[str], table: int) -> int:
    """Return the line of a table's caption, a paragraph right above it, or the table's own first line."""
    line = table - 1
    while line > 0 and table - line <= 2 and not lines[line].strip():
        line -= 1
    is_paragraph = line == 0 or not lines[line - 1].strip()
    return line if line >= 0 and is_paragraph and is_label(lines[line].strip().strip("*_: ")) else table


def _count_front_matter_lines(lines: list[str]) -> int:
    """Count the front matter lines at the top. Without a closing fence they end before the first heading or prose."""
    if lines[0].startswith("% "):
        return next((n for n, line in enumerate(lines) if not line.startswith(("%", "  "))), len(lines))
    if lines[0].rstrip() == _TOML_FENCE:
        return next((n + 1 for n, line in enumerate(lines) if n and line.rstrip() == _TOML_FENCE), 0)
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


def _split_front_matter(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines of front matter and those of the text below it, from its first line that is not blank."""
    count = _count_front_matter_lines(lines)
    first = count
    while count and first < len(lines) and not lines[first].strip():
        first += 1
    return lines[:count], lines[first:]


def _metadata(lines: list[str]) -> dict[str, object]:
    if lines and lines[0].startswith("%"):
        return {key: line[1:].strip() for key, line in zip(_TITLE_BLOCK, lines, strict=False) if line[1:].strip()}
    if lines and lines[0].rstrip() == _TOML_FENCE:
        try:
            values = tomllib.loads("\n".join(lines[1:-1]))
        except tomllib.TOMLDecodeError:
            return {}
        return {key.lower(): value if isinstance(value, str | int) else str(value) for key, value in values.items()}
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


def _without_hidden_markup(text: str) -> tuple[str, tuple[str, ...]]:
    """Return Markdown as it is shown outside code, and the removed parts.

    These are comments, deleted text, hidden elements, definitions of links, places of a table of contents, fences and
    attributes of blocks, and the tags of inline elements, on one line. Raised numbers become superscripts.
    """
    parts: list[str] = []
    removed: list[str] = []
    tags: list[str] = []
    kept_from = position = 0
    absent: set[str] = set()  # closing marks that do not occur any more, so that the search takes linear time
    while (opening := _OPENING.search(text, position)) is not None:
        kind = opening.lastgroup or ""
        if kind == "inline":
            shown, position = _without_tag(text, opening)
            parts += [text[kept_from : opening.start()], shown]
            kept_from = position
            tags.append(opening[0])
            continue
        closing = {"comment": "-->", "definition": "\n", "line": "", "strike": "~~", "tag": f"</{opening['tag']}>"}.get(
            kind, f"\n{opening['fence']}" if kind == "fence" else opening[0]
        )
        inline = kind in ("ticks", "strike")
        limit = opening.end() + _MAX_INLINE if inline else len(text)
        end = -1 if closing in absent else text.find(closing, opening.end(), limit)
        if end < 0 and kind in ("definition", "fence"):
            end = len(text)
        if end < 0 or (inline and "\n\n" in text[opening.end() : end]):
            if not inline:
                absent.add(closing)
            position = opening.end()
            continue
        position = min(len(text), end if kind == "definition" else end + len(closing))
        if kind in ("fence", "ticks"):
            continue
        parts.append(text[kept_from : opening.start()])
        removed.append(" ".join(text[opening.start() : position].split()))
        if opening.start() and text[opening.start() - 1] in " \t\n" and text[position : position + 1] == " ":
            position += 1
        kept_from = position
    if tags:
        removed.append(" ".join(tags))
    return "".join((*parts, text[kept_from:])), tuple(removed)


def _without_tag(text: str, tag: re.Match[str]) -> tuple[str, int]:
    """Return what is shown for the tag of an inline element, and where the text goes on."""
    name = tag[0].strip("</>").split(maxsplit=1)[0].rstrip("/").lower()
    if name == "sup" and tag[0][1] != "/":
        end = text.find("</", tag.end(), tag.end() + _MAX_RAISED)
        raised = raise_digits(text[tag.end() : end], text[max(0, tag.start() - 3) : tag.start()]) if end > 0 else ""
        return raised, end if raised else tag.end()
    return " " if name == "br" else "", tag.end()
