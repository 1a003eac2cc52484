"""A checked draft: its states in words, its text as HTML for the form and as a report, and its list on the console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup
from rich.text import Text

from corpus.translation import gettext as _
from corpus.translation import join_items, ngettext
from qa.checking.draft import UNNAMED
from qa.checking.figure_claims import FIGURE_FAULTS, CheckedFigure
from qa.checking.quotation_matching import QUOTATION_FAULTS, QuotationMatch
from qa.checking.report import CheckedQuotation, DraftReport
from qa.editions import word_diff
from qa.output.comparison_html import report
from qa.output.comparison_text import marked
from qa.output.console import clean, stderr, stdout
from qa.output.state_labels import QUOTATION_REASONS, QUOTATION_STATES
from qa.templating import escape, render

MAX_SHOWN = 500
"""Quotations and figures listed in the form. Reports list all."""

_LONGEST = 400
"""Characters of a quoted text on the console."""

FAULTS: frozenset[str] = QUOTATION_FAULTS | FIGURE_FAULTS
"""States of quotations and figures that call for a correction of the draft."""


def state_label(match: QuotationMatch) -> str:
    """Return the state of a quotation in words, with the reason; a changed negation comes first."""
    label = _(QUOTATION_STATES[match.state])
    if match.negation == "added":
        return _("negation added, %(state)s", state=label)
    if match.negation == "dropped":
        return _("negation removed, %(state)s", state=label)
    return _("%(state)s: %(reason)s", state=label, reason=_(QUOTATION_REASONS[match.reason])) if match.reason else label


def summary(checked: DraftReport) -> str:
    """Summarise a checked draft in one line."""
    counts, states, total = checked.counts, checked.states, len(checked.quotations)
    always = ("verbatim", "altered", "not_found")
    parts = [
        _("%(count)s %(state)s", count=count, state=_(QUOTATION_STATES[state]))
        for state, count in states.items()
        if count or state in always
    ]
    line = _("no quotations found")
    if total:
        line = ngettext(
            "%(count)s quotation: %(states)s", "%(count)s quotations: %(states)s", total, states=join_items(parts)
        )
    if checked.figures:
        figures = [
            ngettext("%(count)s agrees", "%(count)s agree", counts["figures agrees"]),
            ngettext("%(count)s differs", "%(count)s differ", counts["figures differs"]),
            ngettext("%(count)s not found", "%(count)s not found", counts["figures not found"]),
        ]
        if unsure := counts["figures cannot be checked"]:
            figures.append(ngettext("%(count)s cannot be checked", "%(count)s cannot be checked", unsure))
        line += ngettext(
            "; %(count)s figure with a source: %(states)s",
            "; %(count)s figures with a source: %(states)s",
            len(checked.figures),
            states=join_items(figures),
        )
    if checked.unrecognised_sources:
        line += ngettext(
            "; %(count)s figure whose source was not recognised",
            "; %(count)s figures whose source was not recognised",
            checked.unrecognised_sources,
        )
    if checked.unsourced_figures:
        line += ngettext(
            "; %(count)s figure not checked, because its sentence names no source",
            "; %(count)s figures not checked, because their sentences name no source",
            checked.unsourced_figures,
        )
    return line


@dataclass(frozen=True, slots=True)
class State:
    """How the outcome of a check is shown: in words, and in the colour of a tone."""

    label: str
    tone: Literal["good", "unsure", "wrong"]


def _state(item: CheckedQuotation | CheckedFigure) -> State:
    if isinstance(item, CheckedFigure):
        tone_of_figure: Literal["good", "unsure"] = "unsure" if item.status == "cannot be checked" else "good"
        return State(_(item.status), "wrong" if item.status in FAULTS else tone_of_figure)
    state = item.match.state
    tone: Literal["good", "unsure", "wrong"] = "wrong" if state in FAULTS else "good"
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
        in_short = _("File %(draft)s: %(summary)s", draft=checked_draft.draft.name, summary=in_short)
    elif link is not None:
        in_short = _("Pasted text: %(summary)s", summary=in_short)
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


def print_report(checked: DraftReport) -> None:
    """Print every quotation and figure with its line in the draft."""
    out, err = stdout(), stderr()
    for notice in checked.notices:
        err.print(Text(f"note: {clean(notice)}", style="yellow"))
    for item in checked.quotations:
        state, place = item.match.state, item.match.place
        line = checked.draft.line(item.quotation.start)
        head = Text(f"{checked.draft.name}:{line}  ", "dim").append(state_label(item.match), _style(state))
        out.print(head.append(f"  “{_short(item.searched_text)}”"))
        if state in ("altered", "verbatim_but_for") and place is not None:
            out.print(Text("    ").append_text(marked(place.text, item.compared_text)))
        if place is not None and item.match.reason != "short":
            if state == "not_found":
                out.print(Text(f"    nearest: “{_short(place.text)}”"))
            lead = "occurs in " if state == "misattributed" else ""
            out.print(Text(f"    {lead}{clean(place.citation)}", "cyan").append(f"  {place.id}", "dim"))
    for figure in checked.figures:
        line = checked.draft.line(figure.start)
        head = Text(f"{checked.draft.name}:{line}  ", "dim")
        head.append(f"figure {figure.status}", _style(figure.status))
        out.print(head.append(f"  {clean(figure.text)}  ({clean(figure.source)})"))
        if figure.reason:
            out.print(Text(f"    {figure.reason}"))
        if figure.place is not None:
            out.print(Text(f"    {clean(figure.place.text)}: “{_short(figure.sentence)}”"))
            out.print(Text(f"    {clean(figure.place.citation)}", "cyan").append(f"  {figure.place.id}", "dim"))
    out.print(Text(summary(checked), "bold"))


def _style(state: str) -> str:
    return "dim" if state == "cannot_be_checked" else "bold red" if state in FAULTS else "bold green"


def _short(text: str) -> str:
    folded = " ".join(clean(text).split())
    return folded if len(folded) <= _LONGEST else f"{folded[: _LONGEST - 1]}…"
