"""One-line summary of a checked draft."""

from __future__ import annotations

from qa.checking.report import DraftReport


def summary(checked: DraftReport) -> str:
    """Summarise a checked draft in one line."""
    counts = checked.counts
    parts = [f"{counts['verbatim']} verbatim", f"{counts['altered']} altered", f"{counts['not found']} not found"]
    if counts["short"]:
        parts.append(f"{counts['short']} too short to tell")
    line = f"{_counted(len(checked.quotations), 'quotation')}: {', '.join(parts)}"
    if checked.figures:
        agree, differ = counts["figures agrees"], counts["figures differs"]
        line += (
            f"; {_counted(len(checked.figures), 'figure')} with a source: {agree} agree{'s' if agree == 1 else ''}, "
            f"{differ} differ{'s' if differ == 1 else ''}, {counts['figures not found']} not found"
        )
    return line


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
