"""Print comparisons; deleted words as [-words-] and inserted ones as {+words+}, like wdiff, so that pipes show them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from qa.citation import format_years
from qa.editions import words
from qa.editions.figure_pairs import FigureRow
from qa.editions.outlines import OutlineComparison, OutlinePair, SectionPlace
from qa.editions.timeline import QuotedSentence, Timeline, timelines
from qa.editions.topic_comparison import Comparison, EditionChange
from qa.editions.topic_passages import TopicMatch
from qa.output.comparison_states import SERIES_STATES, STATES
from qa.output.console import clean, stderr, stdout

MAX_PASSAGES = 6
"""With more editions the text output shows time lines, and only the other formats show passages."""

_MOST_ROWS = 10
_BAR = 24


def comparison(found: Comparison) -> None:
    """Print a topic across editions."""
    out, err = stdout(), stderr()
    for notice in found.notices:
        err.print(Text(f"note: {clean(notice)}", style="yellow"))
    treated = [one for one in found.shown_matches if one.treated]
    if len(treated) > MAX_PASSAGES or len(found.shown_matches) > 2 * MAX_PASSAGES:
        for line in timelines(found.shown_matches):
            _timeline(out, line)
        out.print(Text("--editions with a few years shows their passages and what changed in them", "dim"))
    else:
        for one in found.shown_matches:
            _treatment(out, one)
        _changes(out, found.changes)
    _figures(out, found.figures)
    for state, names in found.other_series.items():
        out.print(Text(f"{SERIES_STATES[state]}: ", "bold").append(clean("; ".join(names)), "yellow"))


def _treatment(out: Console, one: TopicMatch) -> None:
    covers = f", covers {format_years(one.document.covers)}" if one.document.covers else ""
    heading = f"{one.edition.label} ({clean(one.document.title)}{covers})"
    if not one.treated:
        out.print(Text(heading, "bold").append(f": {STATES[one.state]}", "yellow"))
        if one.nearest is not None:
            nearest = one.nearest.hit.stored.passage
            out.print(Text(f"  nearest: {clean(one.nearest.citation)}  {nearest.id}", "dim"))
        out.print()
        return
    first = one.passages[0]
    passage = first.hit.stored.passage
    out.print(Text(heading, "bold"))
    out.print(Text(f"  {clean(first.citation)}", "cyan"))
    out.print(Text("  " + clean(passage.text)))
    out.print(Text(f"  {passage.id}", "dim"))
    out.print()


def _changes(out: Console, changes: Sequence[EditionChange]) -> None:
    pairs = list(dict.fromkeys((one.earlier.name, one.later.name) for one in changes))
    for pair in pairs:
        mine = [one for one in changes if (one.earlier.name, one.later.name) == pair]
        out.print(Text(f"From {clean(pair[0])} to {clean(pair[1])}", "bold"))
        kept = 0
        for one in mine:
            change = one.change
            if change.kind == "kept":
                kept += 1
            elif change.earlier is not None and change.later is not None:
                out.print(Text("  ~ ").append_text(marked(change.earlier.text, change.later.text)))
            elif change.later is not None:
                out.print(Text("  + ").append(clean(change.later.text), "green"))
            elif change.earlier is not None:
                out.print(Text("  - ").append(clean(change.earlier.text), "red"))
        if kept:
            out.print(
                Text(
                    f"  = {kept} sentences kept word for word" if kept > 1 else "  = 1 sentence kept word for word",
                    "dim",
                )
            )
        out.print()


def marked(one: str, other: str) -> Text:
    """Return the edit from one text to another with marked words."""
    text = Text()
    for kind, piece in words.segments(one, other):
        if kind == "gone":
            before, gone, after = words.split_blanks(clean(piece))
            text.append(before).append(f"[-{gone}-]", "red").append(after)
        elif kind == "come":
            text.append(f"{{+{clean(piece)}+}}", "green")
        else:
            text.append(clean(piece))
    return text


def _figures(out: Console, rows: Sequence[FigureRow]) -> None:
    if not rows:
        return
    out.print(Text("Figures", "bold"))
    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(4):
        table.add_column(overflow="fold")
    for row in rows[:_MOST_ROWS]:
        values = " → ".join(clean(value.figure.quantity.text) for value in row.values)
        labels = " → ".join(value.edition.label for value in row.values)
        places = ", ".join(f"{v.figure.sentence.document}@{v.figure.start}-{v.figure.end}" for v in row.values)
        what = clean(row.what) if row.moved else f"{clean(row.what)}, unchanged"
        table.add_row(Text(f"  {values}", "bold" if row.moved else ""), what, Text(labels, "cyan"), Text(places, "dim"))
    out.print(table)
    if len(rows) > _MOST_ROWS:
        out.print(Text(f"  and {len(rows) - _MOST_ROWS} more (--format json)", "dim"))


def _timeline(out: Console, found: Timeline) -> None:
    out.print(Text(clean(found.series or ""), "bold"))
    most = max((point.share for point in found.points), default=0.0) or 1.0
    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column()
    for point in found.points:
        if point.treated:
            bar = "█" * max(1, round(_BAR * point.share / most))
            table.add_row(point.edition.label, Text(bar, "green"), f"{point.share:.1%} of its passages")
        else:
            table.add_row(point.edition.label, Text("·" if point.state == "not_mentioned" else "?", "dim"), "")
    out.print(table)
    spans = [(found.points[first].edition.label, found.points[last].edition.label) for first, last in found.spans]
    listed = ", ".join(first if first == last else f"{first}–{last}" for first, last in spans)
    out.print(Text(f"treated in: {listed or 'none of these editions'}"))
    if any(point.state == "nothing_found" for point in found.points):
        out.print(Text("?: nothing found, which does not prove that the edition does not treat it", "dim"))
    _quoted(out, "first in", found.introduced, found.introduced_basis)
    _quoted(out, "last in", found.dropped, found.dropped_basis)
    out.print()


def _quoted(out: Console, what: str, one: QuotedSentence | None, basis: str) -> None:
    if one is not None:
        out.print(Text(f"{what} {one.edition.label} ({basis}): ", "bold").append(clean(one.text), ""))
        out.print(Text(f"  {clean(one.citation)}  {one.document}@{one.start}-{one.end}", "dim"))


def outlines(found: OutlineComparison) -> None:
    """Print the outlines of whole editions side by side."""
    out = stdout()
    for pair in found.pairs:
        _outline(out, pair)


def _outline(out: Console, pair: OutlinePair) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", style="cyan", no_wrap=True)
    table.add_column(pair.earlier.name, overflow="fold", ratio=1)
    table.add_column(pair.later.name, overflow="fold", ratio=1)
    table.add_column("stayed", justify="right", no_wrap=True)
    for one in pair.pairs:
        both = one.earlier is not None and one.later is not None
        table.add_row(one.kind, _heading(one.earlier), _heading(one.later), f"{one.kept:.0%}" if both else "")
    out.print(table)
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(pair.counts().items()))
    out.print(Text(f"{counts}; `stayed` is the share of the earlier text that stands in the later", "dim"))
    out.print()


def _heading(place: SectionPlace | None) -> Text:
    if place is None:
        return Text("—", "dim")
    name = place.path[-1] if place.path else place.document
    return Text("  " * max(place.depth - 1, 0) + clean(" ".join(name.split())))
