"""A checked draft as HTML: each quotation with what became of it, figures beside their sources. Pure."""

from __future__ import annotations

from qa.checking.draft import UNNAMED
from qa.checking.figure_claims import CheckedFigure
from qa.checking.report import CheckedQuotation, DraftReport
from qa.checking.search import SourcePlace
from qa.output.check_formats import summary
from qa.web.render.marked_text import became, source_link
from qa.web.render.markup import escape, language, with_code

MOST_SHOWN = 500
"""Quotations that are shown, and as many figures."""

_SAID = {
    "verbatim": "verbatim",
    "altered": "altered",
    "not found": "not found",
    "short": "too short to tell",
    "agrees": "agrees",
    "differs": "differs",
}
_GOOD = frozenset({"verbatim", "agrees", "short"})


def checked_html(found: DraftReport) -> str:
    """The report, in the order of the draft."""
    notices = "".join(f"<li>{with_code(one)}</li>" for one in found.notices)
    quotations = "".join(_quotation(found, one) for one in found.quotations[:MOST_SHOWN])
    figures = "".join(_figure(found, one) for one in found.figures[:MOST_SHOWN])
    more = max(0, len(found.quotations) - MOST_SHOWN) + max(0, len(found.figures) - MOST_SHOWN)
    named = f"{found.draft.name}: " if found.draft.name != UNNAMED else ""
    altered = any(one.match.status == "altered" for one in found.quotations)
    return (
        f'<p class="yq-summary">{escape(named)}{escape(summary(found))}.</p>'
        + (f'<ul class="yq-notices">{notices}</ul>' if notices else "")
        + (f"<h3>Quotations</h3>{_LEGEND if altered else ''}{quotations}" if quotations else "")
        + (f"<h3>Figures</h3>{figures}" if figures else "")
        + (f'<p class="yq-soft">{more:,} more are not shown.</p>' if more else "")
    )


_LEGEND = (
    '<p class="yq-legend yq-soft"><span><del>Struck out</del>: in the source only. '
    "<ins>Underlined</ins>: in the draft only.</span></p>"
)


def _quotation(report: DraftReport, one: CheckedQuotation) -> str:
    status, place = one.match.status, one.match.place
    text = became(place.text, one.searched_text) if status == "altered" and place else escape(one.quotation.text)
    lead = "" if status in ("verbatim", "altered") else "The nearest passage: "
    also = "".join(
        f" Also in {source_link(other.document.id, (other.start, other.end), other.citation)}."
        for other in one.match.also
    )
    nearest = f"{lead}“{_short(place.text)}” " if place is not None and lead else ""
    return (
        _head(status, report.draft.line(one.quotation.start))
        + f'<blockquote class="yq-text" dir="auto">{text}</blockquote>'
        + (f'<p class="yq-source">{escape(nearest)}{_cited(place)}{also}</p>' if place is not None else "")
        + "</article>"
    )


def _figure(report: DraftReport, one: CheckedFigure) -> str:
    place = one.place
    source = ""
    if place is not None:
        source = (
            f'<blockquote class="yq-text"{language(place.document.language)} dir="auto">{escape(one.sentence)}'
            f'</blockquote><p class="yq-source">{_cited(place)}</p>'
        )
    return (
        _head(one.status, report.draft.line(one.start))
        + f"<p><strong>{escape(one.text)}</strong>, held against {escape(one.source)}</p>{source}</article>"
    )


def _head(status: str, line: int) -> str:
    good = "yq-good" if status in _GOOD else "yq-wrong"
    return (
        f'<article class="yq-card yq-checked"><p class="yq-badges"><span class="yq-outcome {good}">{_SAID[status]}'
        f'</span><span class="yq-badge">line {line:,}</span></p>'
    )


def _cited(place: SourcePlace) -> str:
    return source_link(place.document.id, (place.start, place.end), place.citation)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 300 else f"{words[:299]}…"
