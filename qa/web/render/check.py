"""The page that checks a draft: its form, and the HTML of the checked draft."""

from __future__ import annotations

from pathlib import PurePath

from markupsafe import Markup

from corpus.errors import CorpusError
from corpus.translation import gettext as _
from qa import limits
from qa.answering.library import Library
from qa.checking.draft import Draft, from_bytes, from_text
from qa.errors import RequestError
from qa.templating import render

DRAFT_FILES = (".txt", ".md", ".docx", ".csv")
"""Suffixes of draft files."""


def form_html(text: str = "") -> Markup:
    """Render the form with the text of a draft."""
    return render("draft.html", part="form", draft_files=DRAFT_FILES, limits=limits, text=text)


def read_draft(name: str, data: bytes, text: str) -> Draft:
    """Return the draft in a file, or in a text when there is no file name. Raises RequestError."""
    if not name:
        return from_text(text)
    if PurePath(name).suffix.lower() not in DRAFT_FILES:
        raise RequestError(
            _(
                "%(name)s cannot be checked: please choose a %(draft_files)s file",
                name=name[:100],
                draft_files=", ".join(DRAFT_FILES),
            )
        )
    try:
        return from_bytes(name, data)
    except CorpusError as error:
        raise RequestError(_("%(name)s cannot be read: %(error)s", name=name[:100], error=error)) from error


def checked_draft_html(library: Library, draft: Draft, *, as_report: bool = False) -> str:
    """Check a draft and render it for the form, or as a report to download. It may take seconds.

    Raises:
        RequestError: The draft is empty or too long.
    """
    from qa.checking.report import check_draft
    from qa.output.check_html import checked_html, report_page

    if not draft.text.strip():
        raise RequestError(_("Please paste a draft, or choose a file with one."))
    if len(draft.text) > limits.DRAFT.value:
        raise RequestError(
            _(
                "The draft is longer than %(limit)s characters: please check it in parts.",
                limit=f"{limits.DRAFT.value:,}",
            )
        )
    report = check_draft(library, draft)
    return report_page(report) if as_report else checked_html(report, link="./check", hide=library.notices)
