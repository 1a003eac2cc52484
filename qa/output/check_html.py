"""A checked draft as HTML, for the web form and as a report."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from qa.checking.draft import UNNAMED
from qa.checking.report import DraftReport
from qa.editions import words
from qa.output.check_formats import summary
from qa.output.comparison_html import report
from qa.templating import escape, render

MOST_SHOWN = 500
"""Quotations shown in the form, and figures likewise. Reports show all."""


def report_page(checked_draft: DraftReport) -> str:
    """Return a checked draft as a report."""
    return report(f"Check of {checked_draft.draft.name}", checked_html(checked_draft))


def checked_html(checked_draft: DraftReport, *, link: str | None = None, hide: Sequence[str] = ()) -> Markup:
    """Render the check, in the order of the draft.

    Args:
        checked_draft: The check.
        link: URL of the check in the form; None for a report, which has no links.
        hide: Notices that the page shows elsewhere.
    """
    most = MOST_SHOWN if link is not None else max(len(checked_draft.quotations), len(checked_draft.figures))
    name = f"{checked_draft.draft.name}: " if checked_draft.draft.name != UNNAMED else ""
    return render(
        "comparison.html",
        part="draft",
        figure_checks=checked_draft.figures[:most],
        has_altered=any(checked.match.status == "altered" for checked in checked_draft.quotations),
        lines=[notice for notice in checked_draft.notices if notice not in hide],
        link=link,
        more=len(checked_draft.quotations[most:]) + len(checked_draft.figures[most:]),
        quotations=checked_draft.quotations[:most],
        report=checked_draft,
        rewritten=rewritten,
        summary=f"{name}{summary(checked_draft)}.",
    )


def rewritten(old: str, new: str) -> Markup:
    """Render a text as it became another: removed words in `<del>` at their old place, new words in `<ins>`."""
    pieces: list[str] = []
    for kind, piece in words.segments(old, new):
        if kind == "same":
            pieces.append(escape(piece))
        elif kind == "come":
            pieces.append(f"<ins>{escape(piece)}</ins>")
        else:
            before, removed, after = words.split_blanks(piece)
            pieces.append(f"{escape(before)}<del>{escape(removed)}</del>{escape(after)}")
    return Markup("".join(pieces))  # noqa: S704 - escaped
