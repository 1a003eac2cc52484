"""Pages around HTML of ours, the short messages in them, and tables that the user sorts and pages through by links."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from markupsafe import Markup

from corpus.translation import gettext as _
from corpus.translation import script_messages
from qa.templating import render

PARTS = ("form", "tabs", "compare", "desk")
"""Names of the style sheets and scripts of the form."""
Row = TypeVar("Row")

_IN_BRACKETS = re.compile(r"(?<=\S)\s{0,3}[(（](?:[^()（）]|\([^()]*\))*[)）]\W*$")
"""What a library said of a file, at the end of a reason."""


def head(up: str = "") -> Markup:
    """Return the style sheets and scripts of the form, with the scripts' messages; `up` is the path to the form."""
    messages = json.dumps(dict(script_messages())).replace("<", "\\u003c")
    return Markup(  # noqa: S704 - constants, `../` and our own messages
        f'<script type="application/json" id="yq-messages">{messages}</script>'
        + "".join(
            f'<link rel="stylesheet" href="{up}static-yq/{name}.css">'
            f'<script type="module" src="{up}static-yq/{name}.js"></script>'
            for name in PARTS
        )
    )


def page(title: str, body: Markup, up: str = "") -> Markup:
    """Return a whole page around its `<body>`; `up` is the relative path to the form."""
    return render("page.html", title=title, head=head(up), body=body)


def result_page(title: str, form: Markup, result: str = "") -> Markup:
    """Return the page of a form and its result, which a tab of the form includes."""
    body = Markup('<main class="yq-compare"><h1>{}</h1>{}<section class="yq-compared">{}</section></main>')
    return page(title, body.format(title, form, result))


def error_page(text: str, status: int = 404, up: str = "") -> Markup:
    """Return the page for an HTTP error, with a link to the form; `up` is the relative path to the form."""
    titles = {404: _("Not found"), 503: _("Busy")}
    title = titles.get(status) or HTTPStatus(status).phrase
    return page(title, render("error.html", title=title, message=message(text), up=up), up)


def message(text: str) -> Markup:
    """Return a message to the user; `commands` are set as code."""
    return render("form.html", part="message", text=text)


def unreadable(name: str, reason: str) -> str:
    """Return the sentence about a file that cannot be read, and what to do; without the words of a library."""
    return _(
        "%(file)s cannot be read (%(reason)s). Please check the file in its own program, or leave it out.",
        file=name,
        reason=_IN_BRACKETS.sub("", reason).rstrip(" .。"),
    )


@dataclass(frozen=True, slots=True)
class TablePage:
    """The rows of one page of a table, and how the table is sorted. Pages count from 1."""

    rows: Sequence[Any]
    order: str
    descending: bool
    page: int
    pages: int
    first: int
    total: int

    @property
    def range(self) -> str:
        """The rows of the page in words: "1 to 50 of 200"."""
        return _(
            "%(first)s to %(last)s of %(total)s",
            first=f"{self.first + 1:,}",
            last=f"{self.first + len(self.rows):,}",
            total=f"{self.total:,}",
        )

    def link(self, path: str, **fixed: object) -> Callable[..., str]:
        """Return a function from changed parameters (`sort`, `down`, `at`) to the URL of that view."""

        def view(**changed: object) -> str:
            return (
                f"./{path}?{urlencode(fixed | {'sort': self.order, 'down': int(self.descending), 'at': 1} | changed)}"
            )

        return view


def table_page(
    rows: Sequence[Row],
    orders: Mapping[str, Callable[[Row], Any]],
    order: str,
    *,
    descending: bool,
    page: int,
    size: int,
) -> TablePage:
    """Sort rows by a column and cut out a page.

    Args:
        rows: All rows; the sort is stable.
        orders: Sort key of each column; the first is the default.
        order: The column; an unknown one is replaced by the default.
        descending: Whether the order is reversed.
        page: Page number from 1; clamped to the existing pages.
        size: Rows on a page.
    """
    order = order if order in orders else next(iter(orders))
    ordered = sorted(rows, key=orders[order], reverse=descending)
    pages = max(1, -(-len(ordered) // size))
    page = min(max(page, 1), pages)
    first = (page - 1) * size
    return TablePage(ordered[first : first + size], order, descending, page, pages, first, len(ordered))
