"""Print a checked draft."""

from __future__ import annotations

from rich.text import Text

from qa.checking.report import DraftReport
from qa.output.check_formats import GOOD, state_label, summary
from qa.output.comparison_console import marked
from qa.output.console import clean, stderr, stdout

_LONGEST = 400


def report(checked: DraftReport) -> None:
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
        if figure.place is not None:
            out.print(Text(f"    {clean(figure.place.text)}: “{_short(figure.sentence)}”"))
            out.print(Text(f"    {clean(figure.place.citation)}", "cyan").append(f"  {figure.place.id}", "dim"))
    out.print(Text(summary(checked), "bold"))


def _style(state: str) -> str:
    return "dim" if state == "cannot_be_checked" else "bold green" if state in GOOD else "bold red"


def _short(text: str) -> str:
    folded = " ".join(clean(text).split())
    return folded if len(folded) <= _LONGEST else f"{folded[: _LONGEST - 1]}…"
