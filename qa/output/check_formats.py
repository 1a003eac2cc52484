"""A checked draft as JSON and as a page of HTML. Pure; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from qa.checking.figure_claims import CheckedFigure
from qa.checking.report import CheckedQuotation, DraftReport
from qa.checking.search import SourcePlace
from qa.output import comparison_html as html


def summary(found: DraftReport) -> str:
    """What was found, in one line."""
    counts = found.counts
    parts = [f"{counts['verbatim']} verbatim", f"{counts['altered']} altered", f"{counts['not found']} not found"]
    if counts["short"]:
        parts.append(f"{counts['short']} too short to tell")
    line = f"{_counted(len(found.quotations), 'quotation')}: {', '.join(parts)}"
    if found.figures:
        agree, differ = counts["figures agrees"], counts["figures differs"]
        line += (
            f"; {_counted(len(found.figures), 'figure')} with a source: {agree} agree{'s' if agree == 1 else ''}, "
            f"{differ} differ{'s' if differ == 1 else ''}, {counts['figures not found']} not found"
        )
    return line


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def report_page(found: DraftReport) -> str:
    """The page: what is wrong first to the eye, everything in the order of the draft."""
    return html.render(f"Check of {found.draft.name}", _body(found))


def _body(found: DraftReport) -> Iterator[str]:
    for notice in found.notices:
        yield f'<p class="notice">{html.text(notice)}</p>'
    yield f"<p>{html.text(summary(found))}.</p>"
    for one in found.quotations:
        yield from _quotation(found, one)
    for figure in found.figures:
        yield from _figure(found, figure)


def _quotation(found: DraftReport, one: CheckedQuotation) -> Iterator[str]:
    status, place = one.match.status, one.match.place
    yield _head(status, found.draft.line(one.quotation.start), is_good=status in ("verbatim", "short"))
    is_altered = status == "altered" and place is not None
    shown = html.marked(place.text, one.searched_text) if place and is_altered else html.text(one.quotation.text)
    yield f"<blockquote>{shown}</blockquote>"
    if place is not None:
        lead = "" if status in ("verbatim", "altered") else f"nearest: {html.text(place.text)} "
        yield f"<cite>{lead}{_cited(place)}</cite>"
    yield "</div>"


def _figure(found: DraftReport, figure: CheckedFigure) -> Iterator[str]:
    yield _head(f"figure {figure.status}", found.draft.line(figure.start), is_good=figure.status == "agrees")
    yield f"<p><strong>{html.text(figure.text)}</strong>, {html.text(figure.source)}</p>"
    if figure.place is not None:
        yield f"<blockquote>{html.text(figure.sentence)}<cite>{_cited(figure.place)}</cite></blockquote>"
    yield "</div>"


def _head(status: str, line: int, *, is_good: bool) -> str:
    good = "good" if is_good else "bad"
    return f'<div class="flat"><p><span class="outcome {good}">{status}</span> line {line}</p>'


def _cited(place: SourcePlace) -> str:
    return f"{html.text(place.citation)} · {html.text(place.id)}"
