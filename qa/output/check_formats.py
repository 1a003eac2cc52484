"""The states of a checked draft in words, and its summary in one line."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.translation import gettext as _
from corpus.translation import gettext_noop, join_items, ngettext
from qa.checking.quotation_matching import QuotationMatch, QuotationState, Reason
from qa.checking.report import DraftReport

GOOD: frozenset[str] = frozenset({"verbatim", "verbatim_but_for", "cannot_be_checked", "agrees"})
"""States of quotations and figures that are no faults."""

_LABELS: Mapping[QuotationState, str] = {
    "verbatim": gettext_noop("verbatim"),
    "verbatim_but_for": gettext_noop("verbatim but for typography"),
    "altered": gettext_noop("altered"),
    "misattributed": gettext_noop("misattributed"),
    "not_found": gettext_noop("not found"),
    "cannot_be_checked": gettext_noop("cannot be checked"),
}
_REASONS: Mapping[Reason, str] = {
    "": "",
    "short": gettext_noop("too short"),
    "translation": gettext_noop("in another language than the documents"),
    "source": gettext_noop("its source is not in the library"),
    "ocr": gettext_noop("letters or spaces that text recognition (OCR) confuses; look at the page"),
}


def state_label(match: QuotationMatch) -> str:
    """Return the state of a quotation in words, with the reason; a changed negation comes first."""
    label = _(_LABELS[match.state])
    if match.negation == "added":
        return _("negation added, %(state)s", state=label)
    if match.negation == "removed":
        return _("negation removed, %(state)s", state=label)
    return _("%(state)s: %(reason)s", state=label, reason=_(_REASONS[match.reason])) if match.reason else label


def summary(checked: DraftReport) -> str:
    """Summarise a checked draft in one line."""
    counts, states, total = checked.counts, checked.states, len(checked.quotations)
    always = ("verbatim", "altered", "not_found")
    parts = [
        _("%(count)s %(state)s", count=count, state=_(_LABELS[state]))
        for state, count in states.items()
        if count or state in always
    ]
    line = ngettext(
        "%(count)s quotation: %(states)s", "%(count)s quotations: %(states)s", total, states=join_items(parts)
    )
    if checked.figures:
        figures = [
            ngettext("%(count)s agrees", "%(count)s agree", counts["figures agrees"]),
            ngettext("%(count)s differs", "%(count)s differ", counts["figures differs"]),
            ngettext("%(count)s not found", "%(count)s not found", counts["figures not found"]),
        ]
        line += ngettext(
            "; %(count)s figure with a source: %(states)s",
            "; %(count)s figures with a source: %(states)s",
            len(checked.figures),
            states=join_items(figures),
        )
    return line
