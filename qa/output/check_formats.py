"""The states of a checked draft in words, and its summary in one line."""

from __future__ import annotations

from collections.abc import Mapping

from qa.checking.quotation_matching import QuotationMatch, QuotationState, Reason
from qa.checking.report import DraftReport

GOOD: frozenset[str] = frozenset({"verbatim", "verbatim_but_for", "cannot_be_checked", "agrees"})
"""States of quotations and figures that are no faults."""

_LABELS: Mapping[QuotationState, str] = {
    "verbatim": "verbatim",
    "verbatim_but_for": "verbatim but for typography",
    "altered": "altered",
    "misattributed": "misattributed",
    "not_found": "not found",
    "cannot_be_checked": "cannot be checked",
}
_REASONS: Mapping[Reason, str] = {
    "": "",
    "short": "too short",
    "translation": "in another language than the documents",
    "source": "its source is not in the library",
    "ocr": "letters or spaces that text recognition (OCR) confuses; look at the page",
}


def state_label(match: QuotationMatch) -> str:
    """Return the state of a quotation in words, with the reason; a changed negation comes first."""
    label = _LABELS[match.state]
    if match.negation:
        return f"negation {match.negation}, {label}"
    return f"{label}: {_REASONS[match.reason]}" if match.reason else label


def summary(checked: DraftReport) -> str:
    """Summarise a checked draft in one line."""
    counts, states = checked.counts, checked.states
    always = ("verbatim", "altered", "not_found")
    parts = [f"{count} {_LABELS[state]}" for state, count in states.items() if count or state in always]
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
