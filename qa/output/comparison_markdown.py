"""Render comparisons as Markdown, for notes, tickets and drafts."""

from __future__ import annotations

from collections.abc import Iterator

from qa.editions import words
from qa.editions.outlines import OutlineComparison, SectionPlace
from qa.editions.timeline import timelines
from qa.editions.topic_comparison import Comparison, EditionChange
from qa.output.comparison_states import SERIES_STATES, STATES


def comparison(compared: Comparison) -> str:
    """Return a topic across editions."""
    lines = [f"# {_line(compared.topic)}", ""]
    for match in compared.shown_matches:
        lines += [f"## {_line(match.document.title)}", ""]
        if not match.treated:
            nearest = f" Nearest: {_line(match.nearest.citation)} (`{match.nearest.hit.id}`)." if match.nearest else ""
            lines += [f"{STATES[match.state].capitalize()}.{nearest}", ""]
            continue
        for passage in match.passages[:1]:
            text = passage.hit.stored.passage.text
            lines += [
                *(f"> {line}" for line in text.split("\n")),
                "",
                f"{_line(passage.citation)} (`{passage.hit.id}`)",
                "",
            ]
    if compared.changes:
        lines += ["## Changes", "", *_changes(compared), ""]
    if compared.figures:
        lines += ["## Figures", "", "| what | values | where |", "|---|---|---|"]
        for row in compared.figures:
            values = " → ".join(f"{_cell(v.figure.quantity.text)} ({v.edition.label})" for v in row.values)
            where = ", ".join(f"`{v.figure.sentence.document}@{v.figure.start}-{v.figure.end}`" for v in row.values)
            what = _cell(row.what) if row.moved else f"{_cell(row.what)}, unchanged"
            lines.append(f"| {what} | {values} | {where} |")
        lines.append("")
    for state, names in compared.other_series.items():
        lines += [f"{SERIES_STATES[state]}: {_line('; '.join(names))}", ""]
    for line in timelines(compared.shown_matches):
        if len(line.points) > 1:
            lines += [
                f"## {_line(line.series or 'Editions')} over time",
                "",
                "| edition | share of its passages |",
                "|---|---|",
            ]
            lines += [
                f"| {p.edition.label} | {f'{p.share:.1%}' if p.treated else STATES[p.state]} |" for p in line.points
            ]
            lines.append("")
            for what, quoted, basis in (
                ("First", line.introduced, line.introduced_basis),
                ("Last", line.dropped, line.dropped_basis),
            ):
                if quoted is not None:
                    where = f"{what} in {quoted.edition.label} ({basis})"
                    lines += [f"{where}: “{_line(quoted.text)}” ({_line(quoted.citation)})", ""]
    return "\n".join(lines).rstrip() + "\n"


def _changes(compared: Comparison) -> Iterator[str]:
    for change in compared.changes:
        yield f"- {change.earlier.label} → {change.later.label}, {change.change.kind}: {_change(change)}"


def _change(edition_change: EditionChange) -> str:
    change = edition_change.change
    if change.earlier is None or change.later is None:
        sentence = change.earlier or change.later
        return _line(sentence.text) if sentence is not None else ""
    pieces: list[str] = []
    for kind, piece in words.segments(change.earlier.text, change.later.text):
        text = _line(piece, strip=False)
        before, gone, after = words.split_blanks(text)
        pieces.append(f"{before}~~{gone}~~{after}" if kind == "gone" else f"**{text}**" if kind == "come" else text)
    return "".join(pieces)


def outlines(compared: OutlineComparison) -> str:
    """Return the outlines of whole editions side by side."""
    lines: list[str] = []
    for pair in compared.pairs:
        lines += [f"# {_line(pair.earlier.name)} and {_line(pair.later.name)}", ""]
        lines += [f"| | {pair.earlier.label} | {pair.later.label} | stayed |", "|---|---|---|---|"]
        for sections in pair.pairs:
            stayed = f"{sections.kept:.0%}" if sections.earlier is not None and sections.later is not None else ""
            lines.append(f"| {sections.kind} | {_heading(sections.earlier)} | {_heading(sections.later)} | {stayed} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _heading(place: SectionPlace | None) -> str:
    if place is None:
        return "—"
    return "&nbsp;" * 2 * max(place.depth - 1, 0) + _cell(place.path[-1] if place.path else place.document)


def _line(text: str, *, strip: bool = True) -> str:
    """Escape Markdown and put the text on one line."""
    folded = " ".join(text.split()) if strip else text.replace("\n", " ")
    for sign in "\\`*_[]<>#|~":
        folded = folded.replace(sign, f"\\{sign}")
    return folded


def _cell(text: str) -> str:
    return _line(text)
