"""A checked draft as HTML, for the web form and as a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from corpus.translation import gettext as _
from qa.checking.draft import UNNAMED
from qa.checking.figure_claims import CheckedFigure
from qa.checking.report import CheckedQuotation, DraftReport
from qa.editions import word_diff
from qa.output.check_formats import GOOD, state_label, summary
from qa.output.comparison_html import report
from qa.templating import escape, render

MAX_SHOWN = 500
"""Quotations and figures listed in the form. Reports list all."""


@dataclass(frozen=True, slots=True)
class State:
    """How the outcome of a check is shown: in words, and in the colour of a tone."""

    label: str
    tone: Literal["good", "unsure", "wrong"]


def _state(item: CheckedQuotation | CheckedFigure) -> State:
    if isinstance(item, CheckedFigure):
        return State(_(item.status), "good" if item.status in GOOD else "wrong")
    state = item.match.state
    tone: Literal["good", "unsure", "wrong"] = "good" if state in GOOD else "wrong"
    return State(state_label(item.match), "unsure" if state == "cannot_be_checked" else tone)


@dataclass(frozen=True, slots=True)
class _Item:
    """A quotation or figure of a draft, numbered in the order of the draft; `text` is `[start, end)` of the draft."""

    number: int
    start: int
    end: int
    text: str
    line: int
    state: State
    item: CheckedQuotation | CheckedFigure

    @property
    def is_quotation(self) -> bool:
        return isinstance(self.item, CheckedQuotation)


def report_page(checked_draft: DraftReport) -> str:
    """Return a checked draft as a report."""
    return report(_("Check of %(draft)s", draft=checked_draft.draft.name), checked_html(checked_draft))


def checked_html(checked_draft: DraftReport, *, link: str | None = None, hide: Sequence[str] = ()) -> Markup:
    """Render the draft with its quotations and figures marked, and beside it their list, in the order of the draft.

    Args:
        checked_draft: The check.
        link: URL of the check in the form; None for a report, which has no links to sources.
        hide: Notices that the page shows elsewhere.
    """
    items = _items(checked_draft)
    most = MAX_SHOWN if link is not None else len(items)
    in_short = summary(checked_draft)
    if checked_draft.draft.name != UNNAMED:
        in_short = _("%(draft)s: %(summary)s", draft=checked_draft.draft.name, summary=in_short)
    return render(
        "draft.html",
        part="checked",
        has_altered=any(checked.match.state in ("altered", "verbatim_but_for") for checked in checked_draft.quotations),
        items=items[:most],
        lines=[notice for notice in checked_draft.notices if notice not in hide],
        link=link,
        more=len(items[most:]),
        pieces=_pieces(checked_draft.draft.text, items),
        rewritten=rewritten,
        summary=_("%(summary)s.", summary=in_short),
    )


def _items(checked_draft: DraftReport) -> list[_Item]:
    draft = checked_draft.draft
    spans: list[tuple[int, int, CheckedQuotation | CheckedFigure]] = [
        *((item.quotation.start, item.quotation.end, item) for item in checked_draft.quotations),
        *((figure.start, figure.end, figure) for figure in checked_draft.figures),
    ]
    return [
        _Item(number, start, end, draft.text[start:end], draft.line(start), _state(item), item)
        for number, (start, end, item) in enumerate(sorted(spans, key=lambda span: span[:2]), 1)
    ]


def _pieces(text: str, items: Sequence[_Item]) -> list[tuple[str, _Item | None]]:
    """Cut the draft into pairs of plain text and the item after it; an item inside another is not marked again."""
    pieces: list[tuple[str, _Item | None]] = []
    done = 0
    for item in items:
        if item.start >= done:
            pieces.append((text[done : item.start], item))
            done = item.end
    return [*pieces, (text[done:], None)]


def rewritten(old: str, new: str) -> Markup:
    """Render a text as it became another: removed words in `<del>` at their old place, new words in `<ins>`."""
    pieces: list[str] = []
    for kind, piece in word_diff.segments(old, new):
        if kind == "equal":
            pieces.append(escape(piece))
        elif kind == "inserted":
            pieces.append(f"<ins>{escape(piece)}</ins>")
        else:
            before, removed, after = word_diff.split_blanks(piece)
            pieces.append(f"{escape(before)}<del>{escape(removed)}</del>{escape(after)}")
    return Markup("".join(pieces))  # noqa: S704 - escaped
