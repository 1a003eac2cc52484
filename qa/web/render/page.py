"""Pages around HTML of ours, and the short messages in them."""

from __future__ import annotations

from http import HTTPStatus

from markupsafe import Markup

from qa.templating import render

_TITLES = {404: "Not found", 503: "Busy"}


def head(up: str = "") -> Markup:
    """Return the style sheets and scripts of the form; `up` is the relative path to the form, as `../`."""
    return Markup(  # noqa: S704 - constants and `../`
        "".join(
            f'<link rel="stylesheet" href="{up}static-yq/{name}.css">'
            f'<script type="module" src="{up}static-yq/{name}.js"></script>'
            for name in ("form", "tabs", "compare")
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
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    return page(title, render("error.html", title=title, message=message(text), up=up), up)


def message(text: str) -> Markup:
    """Return a message to the user; `commands` are set as code."""
    return render("form.html", part="message", text=text)
