"""Pages around HTML of ours, and the short messages in them."""

from __future__ import annotations

import json
from http import HTTPStatus

from markupsafe import Markup

from corpus.translation import gettext as _
from corpus.translation import script_messages
from qa.templating import render

PARTS = ("form", "tabs", "compare", "desk")
"""Names of the style sheets and scripts of the form."""


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
