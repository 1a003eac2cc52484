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


def report_page(found: DraftReport) -> str:
    """Return a checked draft as a report."""
    return report(f"Check of {found.draft.name}", checked_html(found))


def checked_html(found: DraftReport, *, link: str | None = None, hide: Sequence[str] = ()) -> Markup:
    """Render the check, in the order of the draft.

    Args:
        found: The check.
        link: URL of the check in the form; None for a report, which has no links.
        hide: Notices that the page shows elsewhere.
    """
    most = MOST_SHOWN if link is not None else max(len(found.quotations), len(found.figures))
    name = f"{found.draft.name}: " if found.draft.name != UNNAMED else ""
    return render(
        "comparison.html",
        part="draft",
        figure_checks=found.figures[:most],
        has_altered=any(checked.match.status == "altered" for checked in found.quotations),
        lines=[notice for notice in found.notices if notice not in hide],
        link=link,
        more=len(found.quotations[most:]) + len(found.figures[most:]),
        quotations=found.quotations[:most],
        report=found,
        rewritten=rewritten,
        summary=f"{name}{summary(found)}.",
    )


def rewritten(one: str, other: str) -> Markup:
    """Render a text as it became another: removed words in `<del>` at their old place, new words in `<ins>`."""
    pieces: list[str] = []
    for kind, piece in words.segments(one, other):
        if kind == "same":
            pieces.append(escape(piece))
        elif kind == "come":
            pieces.append(f"<ins>{escape(piece)}</ins>")
        else:
            before, removed, after = words.split_blanks(piece)
            pieces.append(f"{escape(before)}<del>{escape(removed)}</del>{escape(after)}")
    return Markup("".join(pieces))  # noqa: S704 - escaped
