"""Render comparisons as Markdown, for notes, tickets and drafts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.translation import gettext as _
from qa.editions import word_diff
from qa.editions.figures.pairs import FigureRow
from qa.editions.outlines import OutlineComparison, SectionPlace
from qa.editions.timeline import timelines
from qa.editions.topic_comparison import Comparison, EditionChange
from qa.output.citation_formats import markdown_line, markdown_text
from qa.output.state_labels import SERIES_STATES, TOPIC_STATES


def comparison(compared: Comparison) -> str:
    """Return a topic across editions."""
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
            lines += quoted_passage(passage.hit.stored.passage.text, passage.citation, passage.hit.id)
    if compared.changes:
        lines += ["## Changes", "", *_changes(compared), ""]
    if compared.figures:
        lines += ["## Figures", "", *figure_table(compared.figures)]
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


def quoted_passage(text: str, citation: str, identifier: str) -> Iterator[str]:
    """Yield a passage as a block quote with its citation and id."""
    yield from (*(f"> {markdown_text(part)}".rstrip() for part in text.split("\n")), "")
    yield from (f"{markdown_line(citation)} (`{identifier}`)", "")


def figure_table(rows: Sequence[FigureRow]) -> Iterator[str]:
    """Yield a table of figures through several editions."""
    yield from ("| what | values | where |", "|---|---|---|")
    for row in rows:
        values = " → ".join(f"{markdown_line(v.figure.quantity.text)} ({v.edition.label})" for v in row.values)
        where = ", ".join(f"`{v.figure.id}`" for v in row.values)
        yield f"| {markdown_line(row.what)}{'' if row.moved else ', unchanged'} | {values} | {where} |"
    yield ""


def _changes(compared: Comparison) -> Iterator[str]:
    for change in compared.changes:
        yield f"- {change.earlier.label} → {change.later.label}, {change.change.kind}: {change_line(change)}"


def change_line(edition_change: EditionChange) -> str:
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


def outlines(compared: OutlineComparison) -> str:
    """Return the outlines of whole editions side by side."""
    lines: list[str] = []
    for pair in compared.pairs:
        lines += [f"# {markdown_line(pair.earlier.name)} and {markdown_line(pair.later.name)}", ""]
        lines += [f"| | {pair.earlier.label} | {pair.later.label} | kept |", "|---|---|---|---|"]
        for sections in pair.pairs:
            kept = f"{sections.kept:.0%}" if sections.earlier is not None and sections.later is not None else ""
            lines.append(f"| {sections.kind} | {_heading(sections.earlier)} | {_heading(sections.later)} | {kept} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _heading(place: SectionPlace | None) -> str:
    if place is None:
        return "—"
    return "&nbsp;" * 2 * max(place.depth - 1, 0) + markdown_line(place.path[-1] if place.path else place.document)
