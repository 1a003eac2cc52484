"""Text to HTML that shows it as it is. Pure.

Cards travel through a Markdown component: on one line and with its control characters as references, raw HTML passes
it untouched, and the browser gives the text back code point for code point.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from urllib.parse import urlencode, urlsplit

Span = tuple[int, int]


def head(up: str = "") -> str:
    """What each page of the form loads; `up` leads from its address to the form's."""
    return "".join(
        f'<link rel="stylesheet" href="{up}static-yq/{name}.css">'
        f'<script type="module" src="{up}static-yq/{name}.js"></script>'
        for name in ("form", "tabs", "compare")
    )


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_KEPT = "\t\n\r"


def escape(text: str) -> str:
    """Text for HTML, also inside an attribute; line breaks and tabs as references, other control characters visible."""
    return _CONTROL.sub(_reference, html.escape(text, quote=True))


def _reference(match: re.Match[str]) -> str:
    character = match.group()
    return f"&#{ord(character)};" if character in _KEPT or ord(character) > 0xFF else "\N{REPLACEMENT CHARACTER}"


def with_code(text: str) -> str:
    """A notice as HTML, its commands in `<code>`."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def marked(text: str, start: int, spans: Sequence[Span], *, tag: str = "mark") -> str:
    """A stretch of a document that begins at offset `start`, with these spans of the document in `<mark>`.

    Spans are in order and do not overlap; what lies outside the stretch is left out.
    """
    pieces: list[str] = []
    done = 0
    for begin, end in spans:
        first, last = max(begin - start, done), min(end - start, len(text))
        if first < last:
            pieces += [escape(text[done:first]), f"<{tag}>", escape(text[first:last]), f"</{tag}>"]
            done = last
    return "".join([*pieces, escape(text[done:])])


def language(code: str | None) -> str:
    """A `lang` attribute; an unknown language says so, lest the page's own be taken for it."""
    return f' lang="{escape(code or "")}"'


def web_link(url: str | None, text: str) -> str:
    """A link to a document's source on the web; the empty string for an address of another kind (`javascript:`)."""
    try:
        is_web = urlsplit(url or "").scheme in {"http", "https"}
    except ValueError:
        is_web = False
    if not is_web:
        return ""
    return (
        f'<a class="yq-action" href="{escape(url or "")}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>'
    )


def context_link(passage: str, spans: Sequence[Span] = ()) -> str:
    """The address of a passage in its section, with these spans marked."""
    return f"context?{_passage(passage, spans)}"


def page_link(passage: str, spans: Sequence[Span] = ()) -> str:
    """The address of a passage on its page, with these spans marked."""
    return f"page?{_passage(passage, spans)}"


def write_spans(spans: Sequence[Span]) -> str:
    """Spans as `12-40,55-80`."""
    return ",".join(f"{start}-{end}" for start, end in spans)


def _passage(passage: str, spans: Sequence[Span]) -> str:
    return urlencode({"passage": passage} | ({"mark": write_spans(spans)} if spans else {}))


def column_head(key: str, label: str, order: str, descending: bool, view: Callable[..., str]) -> str:
    """The head of a table's column: a link that sorts by it, the other way round where it is sorted by it already.

    `order` is the key of the column that the rows are sorted by; a column without a key is not sorted by. `view` gives
    the address of the same table with another `sort` and `down`.
    """
    if not key:
        return f'<th scope="col" role="columnheader">{label}</th>'
    current = key == order
    sorted_by = f' aria-sort="{"descending" if descending else "ascending"}"' if current else ""
    arrow = (" ↓" if descending else " ↑") if current else ""
    link = view(sort=key, down=int(current and not descending))
    return (
        f'<th scope="col" role="columnheader"{sorted_by}><a class="yq-view" href="{link}">{label}'
        f'<span aria-hidden="true">{arrow}</span></a></th>'
    )
