"""Jinja2 templates for the web form and for HTML reports: one environment, autoescape, undefined names are errors.

The form shows HTML through a Markdown component, which leaves raw HTML alone only if it has no line breaks. Rendered
HTML therefore has none: line breaks of a template are removed when it is loaded, and control characters in values
become character references, so that a browser restores quoted text code point for code point.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby, pairwise
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import jinja2
from jinja2.ext import Extension
from markupsafe import Markup

from corpus.records import Span
from corpus.scripts import CONTROLS
from corpus.translation import current_language, translate, translate_plural
from qa import citation

_LINE_BREAK = re.compile(r"(?<=[>}])[ \t]*\n\s*|[ \t]*\n\s*(?=[<{])|[ \t]*(\n)\s*")
_CONTROL = re.compile(f"[{CONTROLS}]")
_NAME = re.compile(r"\S*[./\\_]\S|\S+:\s|[^:]{1,100}\.[A-Za-z]\w{1,4}(?::\s|\s(?:cannot|has|is|was|and)\s)")
"""The first word of a message that is the name of a file, or what the message is about."""

_WHITE_SPACE = "\t\n\r\u2028\u2029"


class OneLine(Extension):
    """Removes line breaks with their indentation from templates; between two words a space remains."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - the interface
        return _LINE_BREAK.sub(lambda match: " " if match[1] else "", source.strip())


def render(template: str, **values: object) -> Markup:
    """Render a template of `qa/templates` as HTML on one line.

    Raises:
        jinja2.UndefinedError: The template uses a name that `values` lacks.
    """
    return Markup(environment().get_template(template).render(values))  # noqa: S704 - escaped by the template


def render_report(title: str, body: Markup, styles: Iterable[str]) -> str:
    """Render a report: one HTML file whose policy forbids scripts and requests.

    Args:
        title: Title of the page.
        body: Content of `<body>`.
        styles: Style sheets to include, as paths within the package `qa`.
    """
    from importlib.resources import files

    css = "".join(files("qa").joinpath(name).read_text(encoding="utf-8") for name in styles)
    return str(render("report.html", title=title, body=body, css=Markup(css))) + "\n"  # noqa: S704 - our own files


@functools.cache
def environment() -> jinja2.Environment:
    """Return the environment of all templates."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("qa"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=[OneLine, "jinja2.ext.i18n"],
        finalize=_finalize,
    )
    environment.extend(newstyle_gettext=True)
    environment.globals.update(gettext=_gettext, ngettext=_ngettext)
    environment.filters.update(
        capitalised=capitalised,
        clip=clip,
        clip_width=clip_width,
        code=code,
        differences=differences,
        marked=marked,
        ocr_remark=citation.ocr_remark,
        sentence=sentence,
        row_table=row_table,
        pair=lambda value: (str(value), str(value)),
        squeeze=squeeze,
        years=citation.format_years,
    )
    environment.globals.update(
        context_url=context_url,
        document_url=document_url,
        page_url=page_url,
        section_steps=citation.section_steps,
        language=current_language,
        is_web=is_web,
        query=urlencode,
    )
    return environment


def _finalize(value: object) -> object:
    return escape(value) if type(value) is str else value


def _gettext(message: str, /, **values: object) -> Markup:
    """Translate a message, which may contain markup, and insert values, which are escaped."""
    return Markup(translate(message)) % _escape(values)  # noqa: S704 - messages of this program


def _ngettext(singular: str, plural: str, count: int, /, **values: object) -> Markup:
    """Translate the form of a message for a count; otherwise like `_gettext`."""
    form = translate_plural(singular, plural, count)
    return Markup(form) % _escape({**values, "count": f"{count:,}"})  # noqa: S704 - likewise


def _escape(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _finalize(value) for name, value in values.items()}


def escape(text: str) -> Markup:
    """Escape text for HTML content and quoted attributes.

    Line breaks and tabs become references; other control characters, which HTML does not have, become U+FFFD.
    """
    return Markup(_CONTROL.sub(_reference, str(Markup.escape(text))))  # noqa: S704 - escaped


def _reference(match: re.Match[str]) -> str:
    character = match.group()
    return f"&#{ord(character)};" if character in _WHITE_SPACE else "\N{REPLACEMENT CHARACTER}"


def code(text: str) -> Markup:
    """Escape a notice, with its `commands` in `<code>`."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped


def marked(text: str, start: int, spans: Sequence[Span], tag: str = "mark", *, cited: Sequence[Span] = ()) -> Markup:
    """Escape an excerpt and wrap spans of the document in a tag; rows of tables have their cells in columns.

    The marks between cells are hidden, so that the text that a reader copies is that of the document.

    Args:
        text: The excerpt.
        start: Its offset in the document.
        spans: Offsets in the document, in order; they are clipped to the excerpt and to the end of the span before.
        tag: Name of the HTML element.
        cited: Those of `spans` that an answer quotes; they get the class `yq-cited`.
    """
    marks: list[_Mark] = []
    done = 0
    for span_start, span_end in spans:
        first, last = max(span_start - start, done), min(span_end - start, len(text))
        if first < last:
            marks.append(_Mark(first, last, tag, (span_start, span_end) in cited))
            done = last
    pieces: list[str] = []
    done = 0
    for rows in _tables(text):
        pieces += [_inline(text, marks, done, rows[0].start), _table(text, marks, rows)]
        done = rows[-1].end
    return Markup("".join([*pieces, _inline(text, marks, done, len(text))]))  # noqa: S704 - escaped


def row_table(row: str, header: str) -> Markup | None:
    """Render a quoted row of a table below the last line of its header; None if these have other numbers of cells."""
    text = f"{header.rpartition(chr(10))[2]}\n{row}"
    rows = next(iter(_tables(text)), [])
    is_whole = bool(rows) and (rows[0].start, rows[-1].end) == (0, len(text))
    return Markup(_table(text, [], rows, has_header=True)) if is_whole else None  # noqa: S704 - escaped


class _Mark(NamedTuple):
    """A part of an excerpt that is wrapped in a tag."""

    start: int
    end: int
    tag: str
    is_cited: bool


class _Row(NamedTuple):
    """A row of a table in an excerpt with its cells; `is_rule` is the line below the header in Markdown."""

    start: int
    end: int
    cells: tuple[Span, ...]
    is_rule: bool


def _tables(text: str) -> Iterator[list[_Row]]:
    """Yield the rows of each table of an excerpt: lines in succession with the same number of cells."""
    rows: list[_Row] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        row = _row(line, offset)
        offset += len(line)
        if rows and (row is None or len(row.cells) != len(rows[0].cells)):
            yield from _if_table(rows)
            rows = []
        if row is not None:
            rows.append(row)
    yield from _if_table(rows)


def _if_table(rows: list[_Row]) -> Iterator[list[_Row]]:
    if sum(not row.is_rule for row in rows) > 1:
        yield rows


def _row(line: str, offset: int) -> _Row | None:
    content = line.rstrip("\r\n")
    bars = [bar.span() for bar in (_BORDER if content.lstrip().startswith("|") else _BAR).finditer(content)]
    inner = [span for span in bars if span[0] > 0 and span[1] < len(content)]
    if not inner:
        return None
    begin = bars[0][1] if bars[0][0] == 0 else 0
    end = bars[-1][0] if bars[-1][1] == len(content) else len(content)
    edges = [begin, *(edge for span in inner for edge in span), end]
    cells = tuple((offset + first, offset + last) for first, last in zip(edges[::2], edges[1::2], strict=True))
    return _Row(offset, offset + len(content), cells, _RULE.fullmatch(content) is not None)


_BAR = re.compile(r"\s\|\s")
_BORDER = re.compile(r"\s*\|\s?")
"""Between two cells, and around those of a row that begins with a bar, as in Markdown."""

_RULE = re.compile(r"[\s|:-]*-{2,}[\s|:-]*")
_NUMBER_CELL = re.compile(r"[\s*(–−-]*[€$£¥]?\s?\d[\d.,'’ \u00a0\u202f]*\s?(?:%|‰)?[)\s*]*")


def _table(text: str, marks: Sequence[_Mark], rows: Sequence[_Row], *, has_header: bool = False) -> str:
    """Render rows in columns; the first one is a header before a rule, or if none of its cells is a number."""
    has_rule = len(rows) > 1 and rows[1].is_rule
    first, following = ([_is_number(text, cell) for cell in row.cells] for row in (rows[0], rows[-1]))
    has_header = has_header or has_rule or (any(following) and not any(first))
    scrolled = ' tabindex="0"' * (len(rows[0].cells) > _NARROW)  # for who has no mouse
    pieces: list[str] = [f'<span class="yq-sideways"{scrolled}><span role="table" class="yq-cells">']
    done = rows[0].start
    last = [row for row in rows if not row.is_rule][-1].cells[-1]
    for position, row in enumerate(rows):
        if row.is_rule:
            continue
        mark = next((mark for mark in marks if mark.start <= row.cells[0][0] and row.cells[-1][1] <= mark.end), None)
        classes = "" if mark is None else f' class="yq-marked{" yq-cited" * mark.is_cited}"'
        pieces.append(f'<span role="row"{classes}>')
        is_header = position == 0 and has_header
        for cell, is_figure in zip(row.cells, following, strict=True):
            kind = ' class="yq-figure"' if is_figure and (is_header or _is_number(text, cell)) else ""
            own = _inline(text, [] if mark is not None else marks, *cell)
            bars = _bar(text[done : cell[0]]), _bar(text[cell[1] : rows[-1].end] if cell == last else "")
            pieces.append(
                f'<span role="{"columnheader" if is_header else "cell"}"{kind}>{bars[0]}{own}{bars[1]}</span>'
            )
            done = cell[1]
        pieces.append("</span>")
    return "".join([*pieces, "</span></span>"])


_NARROW = 3
"""Columns that fit on the narrowest page."""


def _bar(text: str) -> str:
    """Render what is between two cells, which a page does not show; inside a cell, or it would take a column."""
    return f'<span class="yq-between" aria-hidden="true">{escape(text)}</span>' if text else ""


def _is_number(text: str, cell: Span) -> bool:
    return _NUMBER_CELL.fullmatch(text[slice(*cell)]) is not None


def _inline(text: str, marks: Sequence[_Mark], first: int, last: int) -> str:
    """Escape a part of an excerpt with its marks."""
    pieces: list[str] = []
    for mark in marks:
        begin, end = max(mark.start, first), min(mark.end, last)
        if begin < end:
            opening = f'<{mark.tag} class="yq-cited">' if mark.is_cited else f"<{mark.tag}>"
            pieces += [escape(text[first:begin]), opening, escape(text[begin:end]), f"</{mark.tag}>"]
            first = end
    return "".join([*pieces, escape(text[first:last])])


def differences(text: str, start: int, removed: Sequence[Span], added: Sequence[Span]) -> Markup:
    """Escape an excerpt with removed spans in `<del>` and added ones in `<ins>`.

    Args:
        text: The excerpt.
        start: Its offset in the document.
        removed: Offsets in the document. Spans may overlap and reach beyond the excerpt.
        added: Likewise; text that is in both kinds of span gets both elements.
    """
    edges = {0, len(text)}
    for span in (*removed, *added):
        edges |= {min(max(offset - start, 0), len(text)) for offset in span}
    tags_at = [
        (
            first,
            last,
            tuple(tag for tag, spans in (("del", removed), ("ins", added)) if _covers(spans, start, first, last)),
        )
        for first, last in pairwise(sorted(edges))
    ]
    pieces = []
    for tags, group in groupby(tags_at, key=lambda piece: piece[2]):
        piece: str = escape("".join(text[first:last] for first, last, _ in group))
        for tag in tags:
            piece = f"<{tag}>{piece}</{tag}>"
        pieces.append(piece)
    return Markup("".join(pieces))  # noqa: S704 - escaped


def _covers(spans: Sequence[Span], start: int, first: int, last: int) -> bool:
    return any(begin <= start + first and start + last <= end for begin, end in spans)


def capitalised(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return a message as a sentence, with a capital and an end; the name of a file keeps its first letter."""
    text = text.strip()
    if not _NAME.match(text):
        text = capitalised(text)
    if not text or text.endswith((".", "?", "!", "…", "。", "？", "！", ":", "：", ".”", ".)")):
        return text
    return translate("%(notice)s.") % {"notice": text}


def squeeze(text: str) -> str:
    """Return a text with white space collapsed."""
    return " ".join(text.split())


def clip(text: str, length: int) -> str:
    """Return a text of at most `length` characters, ending in an ellipsis if it was cut."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def clip_width(text: str, columns: int) -> str:
    """Return a text that fits into `columns` columns, of which an East Asian wide character takes two."""
    widths = accumulate(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    fitting = sum(width <= columns for width in widths)
    return text if fitting == len(text) else f"{text[: fitting - 1]}…"


def is_web(url: str | None) -> bool:
    """Return whether a URL may be linked to: `http` and `https` only, never `javascript:`."""
    try:
        return urlsplit(url or "").scheme in {"http", "https"}
    except ValueError:
        return False


def context_url(passage: str, spans: Sequence[Span] = ()) -> str:
    """Return the URL of a passage in its section, with spans to mark."""
    return f"context?{passage_query(passage, spans)}"


def page_url(passage: str, spans: Sequence[Span] = ()) -> str:
    """Return the URL of a passage on its PDF page, with spans to mark."""
    return f"page?{passage_query(passage, spans)}"


def document_url(identifier: str) -> str:
    """Return the URL of a document's page."""
    return f"document?{urlencode({'id': identifier})}"


def passage_query(passage: str, spans: Sequence[Span] = (), **values: Any) -> str:
    """Return the query of a passage URL; spans are written as `12-40,55-80`."""
    mark = {"mark": ",".join(f"{start}-{end}" for start, end in spans)} if spans else {}
    return urlencode({"passage": passage} | mark | values)
