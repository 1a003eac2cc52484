"""Comparisons as text: printed on the console, and as Markdown for notes, tickets and drafts.

On the console deleted words are [-words-] and inserted ones {+words+}, like wdiff, so that pipes show them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpus.records import format_span_id
from corpus.translation import gettext as _
from qa.citation import format_years
from qa.editions import word_diff
from qa.editions.figures.pairs import FigureRow
from qa.editions.outlines import OutlineComparison, OutlinePair, SectionPlace
from qa.editions.topic_comparison import Comparison, EditionChange, QuotedSentence, Timeline, timelines
from qa.editions.topic_passages import TopicMatch
from qa.output.citation_formats import markdown_line, markdown_text
from qa.output.console import clean, stderr, stdout
from qa.output.state_labels import SECTION_CHANGES, SERIES_STATES, TOPIC_STATES

_MAX_PASSAGES = 6
"""With more editions the text output shows time lines, and only the other formats show passages."""

_MAX_ROWS = 10
_BAR = 24


def print_comparison(compared: Comparison) -> None:
    """Print a topic across editions."""
    out, err = stdout(), stderr()
    for notice in compared.notices:
        err.print(Text(f"note: {clean(notice)}", style="yellow"))
    treated = [match for match in compared.shown_matches if match.treated]
    if len(treated) > _MAX_PASSAGES or len(compared.shown_matches) > 2 * _MAX_PASSAGES:
        for line in timelines(compared.shown_matches):
            _print_timeline(out, line)
        out.print(Text("--editions with a few years shows their passages and what changed in them", "dim"))
    else:
        for match in compared.shown_matches:
            _print_match(out, match)
        _print_changes(out, compared.changes)
    _print_figures(out, compared.figures)
    for state, names in compared.other_series.items():
        heading, separator, series = _(SERIES_STATES[state], series="; ".join(names)).partition(": ")
        out.print(Text(f"{heading}{separator}", "bold").append(clean(series.removesuffix(".")), "yellow"))


def _print_match(out: Console, match: TopicMatch) -> None:
    covers = f", covers {format_years(match.document.covers)}" if match.document.covers else ""
    heading = f"{match.edition.label} ({clean(match.document.title)}{covers})"
    if not match.treated:
        out.print(Text(heading, "bold").append(f": {TOPIC_STATES[match.state]}", "yellow"))
        if match.nearest is not None:
            nearest = match.nearest.hit.stored.passage
            out.print(Text(f"  nearest: {clean(match.nearest.citation)}  {nearest.id}", "dim"))
        out.print()
        return
    first = match.passages[0]
    passage = first.hit.stored.passage
    out.print(Text(heading, "bold"))
    out.print(Text(f"  {clean(first.citation)}", "cyan"))
    out.print(Text("  " + clean(passage.text)))
    out.print(Text(f"  {passage.id}", "dim"))
    out.print()


def _print_changes(out: Console, changes: Sequence[EditionChange]) -> None:
    for (earlier, later), group in groupby(changes, key=lambda change: (change.earlier.name, change.later.name)):
        out.print(Text(f"From {clean(earlier)} to {clean(later)}", "bold"))
        unchanged = 0
        for change in (edition_change.change for edition_change in group):
            if change.kind == "kept":
                unchanged += 1
            elif change.earlier is not None and change.later is not None:
                out.print(Text("  ~ ").append_text(marked(change.earlier.text, change.later.text)))
            elif change.later is not None:
                out.print(Text("  + ").append(clean(change.later.text), "green"))
            elif change.earlier is not None:
                out.print(Text("  - ").append(clean(change.earlier.text), "red"))
        if unchanged:
            sentences = f"{unchanged} sentences" if unchanged > 1 else "1 sentence"
            out.print(Text(f"  = {sentences} kept word for word", "dim"))
        out.print()


def marked(old: str, new: str) -> Text:
    """Return the edit from one text to another with marked words."""
    text = Text()
    for kind, piece in word_diff.segments(old, new):
        if kind == "deleted":
            before, deleted, after = word_diff.split_blanks(clean(piece))
            text.append(before).append(f"[-{deleted}-]", "red").append(after)
        elif kind == "inserted":
            text.append(f"{{+{clean(piece)}+}}", "green")
        else:
            text.append(clean(piece))
    return text


def _print_figures(out: Console, rows: Sequence[FigureRow]) -> None:
    if not rows:
        return
    out.print(Text("Figures", "bold"))
    table = Table(box=None, pad_edge=False, show_header=False)
    for _column in range(4):
        table.add_column(overflow="fold")
    for row in rows[:_MAX_ROWS]:
        values = " → ".join(clean(value.figure.quantity.text) for value in row.values)
        labels = " → ".join(value.edition.label for value in row.values)
        places = ", ".join(value.figure.id for value in row.values)
        what = clean(row.what) if row.moved else f"{clean(row.what)}, unchanged"
        table.add_row(Text(f"  {values}", "bold" if row.moved else ""), what, Text(labels, "cyan"), Text(places, "dim"))
    out.print(table)
    if len(rows) > _MAX_ROWS:
        out.print(Text(f"  and {len(rows) - _MAX_ROWS} more (--format json)", "dim"))


def _print_timeline(out: Console, timeline: Timeline) -> None:
    out.print(Text(clean(timeline.series or ""), "bold"))
    most = max((point.share for point in timeline.points), default=0.0) or 1.0
    table = Table(box=None, pad_edge=False, show_header=False)
    for _column in range(3):
        table.add_column()
    for point in timeline.points:
        if point.treated:
            bar = "█" * max(1, round(_BAR * point.share / most))
            table.add_row(point.edition.label, Text(bar, "green"), f"{point.share:.1%} of its passages")
        else:
            table.add_row(point.edition.label, Text("·" if point.state == "not_mentioned" else "?", "dim"), "")
    out.print(table)
    spans = [
        (timeline.points[first].edition.label, timeline.points[last].edition.label) for first, last in timeline.spans
    ]
    listed = ", ".join(first if first == last else f"{first}–{last}" for first, last in spans)
    out.print(Text(f"treated in: {listed or 'none of these editions'}"))
    if any(point.state == "nothing_found" for point in timeline.points):
        out.print(Text("?: nothing found, which does not prove that the edition does not treat it", "dim"))
    _print_sentence(out, "first in", timeline.introduced, timeline.introduced_basis)
    _print_sentence(out, "last in", timeline.dropped, timeline.dropped_basis)
    out.print()


def _print_sentence(out: Console, what: str, sentence: QuotedSentence | None, basis: str) -> None:
    if sentence is not None:
        out.print(Text(f"{what} {sentence.edition.label} ({basis}): ", "bold").append(clean(sentence.text), ""))
        out.print(
            Text(
                f"  {clean(sentence.citation)}  {format_span_id(sentence.document, sentence.start, sentence.end)}",
                "dim",
            )
        )


def print_outlines(compared: OutlineComparison) -> None:
    """Print the outlines of whole editions side by side."""
    out = stdout()
    for pair in compared.pairs:
        _print_outline(out, pair)


def _print_outline(out: Console, pair: OutlinePair) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", style="cyan", no_wrap=True)
    table.add_column(pair.earlier.name, overflow="fold", ratio=1)
    table.add_column(pair.later.name, overflow="fold", ratio=1)
    table.add_column("text kept", justify="right", no_wrap=True)
    for sections in pair.pairs:
        both = sections.earlier is not None and sections.later is not None
        table.add_row(
            SECTION_CHANGES[sections.kind],
            _place_text(sections.earlier),
            _place_text(sections.later),
            f"{sections.kept:.0%}" if both else "",
        )
    out.print(table)
    counts = ", ".join(f"{count} {SECTION_CHANGES[kind]}" for kind, count in sorted(pair.counts().items()))
    out.print(
        Text(f"{counts}; `text kept` is the share of the earlier text that the later edition still contains", "dim")
    )
    out.print()


def _place_text(place: SectionPlace | None) -> Text:
    if place is None:
        return Text("—", "dim")
    name = place.path[-1] if place.path else place.document
    return Text("  " * max(place.depth - 1, 0) + clean(" ".join(name.split())))


def comparison_markdown(compared: Comparison) -> str:
    """Return a topic across editions as Markdown, for notes, tickets and drafts."""
    lines = [f"# {markdown_line(compared.topic)}", ""]
    for match in compared.shown_matches:
        lines += [f"## {markdown_line(match.document.title)}", ""]
        if not match.treated:
            nearest = (
                f" Nearest: {markdown_line(match.nearest.citation)} (`{match.nearest.hit.id}`)."
                if match.nearest
                else ""
            )
            lines += [f"{TOPIC_STATES[match.state].capitalize()}.{nearest}", ""]
            continue
        for passage in match.passages[:1]:
            lines += passage_markdown(passage.hit.stored.passage.text, passage.citation, passage.hit.id)
    if compared.changes:
        lines += ["## Changes", "", *_changes_markdown(compared), ""]
    if compared.figures:
        lines += ["## Figures", "", *figures_markdown(compared.figures)]
    for state, names in compared.other_series.items():
        lines += [_(SERIES_STATES[state], series=markdown_line("; ".join(names))).removesuffix("."), ""]
    for line in timelines(compared.shown_matches):
        if len(line.points) > 1:
            lines += [
                f"## {markdown_line(line.series or 'Editions')} over time",
                "",
                "| edition | share of its passages |",
                "|---|---|",
            ]
            lines += [
                f"| {p.edition.label} | {f'{p.share:.1%}' if p.treated else TOPIC_STATES[p.state]} |"
                for p in line.points
            ]
            lines.append("")
            for what, quoted, basis in (
                ("First", line.introduced, line.introduced_basis),
                ("Last", line.dropped, line.dropped_basis),
            ):
                if quoted is not None:
                    where = f"{what} in {quoted.edition.label} ({basis})"
                    lines += [f"{where}: “{markdown_line(quoted.text)}” ({markdown_line(quoted.citation)})", ""]
    return "\n".join(lines).rstrip() + "\n"


def passage_markdown(text: str, citation: str, identifier: str) -> Iterator[str]:
    """Yield a passage as a block quote with its citation and id."""
    yield from (*(f"> {markdown_text(part)}".rstrip() for part in text.split("\n")), "")
    yield from (f"{markdown_line(citation)} (`{identifier}`)", "")


def figures_markdown(rows: Sequence[FigureRow]) -> Iterator[str]:
    """Yield a table of figures through several editions."""
    yield from ("| what | values | where |", "|---|---|---|")
    for row in rows:
        values = " → ".join(f"{markdown_line(v.figure.quantity.text)} ({v.edition.label})" for v in row.values)
        where = ", ".join(f"`{v.figure.id}`" for v in row.values)
        yield f"| {markdown_line(row.what)}{'' if row.moved else ', unchanged'} | {values} | {where} |"
    yield ""


def _changes_markdown(compared: Comparison) -> Iterator[str]:
    for change in compared.changes:
        yield f"- {change.earlier.label} → {change.later.label}, {change.change.kind}: {change_markdown(change)}"


def change_markdown(edition_change: EditionChange) -> str:
    """Return the sentences of a change as one, with deleted and inserted words marked."""
    change = edition_change.change
    if change.earlier is None or change.later is None:
        sentence = change.earlier or change.later
        return markdown_line(sentence.text) if sentence is not None else ""
    pieces: list[str] = []
    for kind, piece in word_diff.segments(change.earlier.text, change.later.text):
        text = markdown_line(piece, strip=False)
        if kind == "deleted":
            before, deleted, after = word_diff.split_blanks(text)
            pieces.append(f"{before}~~{deleted}~~{after}")
        else:
            pieces.append(f"**{text}**" if kind == "inserted" else text)
    return "".join(pieces)


def outlines_markdown(compared: OutlineComparison) -> str:
    """Return the outlines of whole editions side by side as Markdown."""
    lines: list[str] = []
    for pair in compared.pairs:
        lines += [f"# {markdown_line(pair.earlier.name)} and {markdown_line(pair.later.name)}", ""]
        lines += [f"| | {pair.earlier.label} | {pair.later.label} | text kept |", "|---|---|---|---|"]
        for sections in pair.pairs:
            kept = f"{sections.kept:.0%}" if sections.earlier is not None and sections.later is not None else ""
            earlier, later = _place_markdown(sections.earlier), _place_markdown(sections.later)
            lines.append(f"| {SECTION_CHANGES[sections.kind]} | {earlier} | {later} | {kept} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _place_markdown(place: SectionPlace | None) -> str:
    if place is None:
        return "—"
    return "&nbsp;" * 2 * max(place.depth - 1, 0) + markdown_line(place.path[-1] if place.path else place.document)
