"""A topic over time as inline SVG: a bar an edition, as high as its share, over its year. Pure."""

from __future__ import annotations

from html import escape

from qa.editions.timeline import Timeline

_WIDTH, _HEIGHT = 940, 220
_LEFT, _BOTTOM, _TOP = 72, 34, 16
_MOST_LABELS = 14


def plot(found: Timeline, topic: str) -> str:
    """The plot; an edition that does not treat the topic has a short stroke under the axis instead of a bar."""
    title = escape(f"{topic}: share of the passages of each edition")
    pieces = [
        f'<svg class="plot" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}"><title>{title}</title>'
    ]
    most = max((point.share for point in found.points), default=0.0) or 1.0
    years = [point.edition.year or 0 for point in found.points]
    first, last = min(years), max(years)
    inner, height = _WIDTH - _LEFT - 20, _HEIGHT - _BOTTOM - _TOP
    slot = inner / max(len(found.points), 1)
    base = _HEIGHT - _BOTTOM
    for part in (0.0, 0.5, 1.0):
        y = base - height * part
        pieces.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}"/>')
        pieces.append(f'<text class="label" x="{_LEFT - 8}" y="{y + 4:.1f}">{most * part:.1%}</text>')
    step = max(1, -(-len(found.points) // _MOST_LABELS))
    width = max(2.0, min(26.0, slot * 0.7))
    span = max(last - first, 1)
    for at, point in enumerate(found.points):
        x = _LEFT + slot / 2 + (inner - slot) * (years[at] - first) / span
        label = escape(point.edition.label)
        if point.treated:
            tall = height * point.share / most
            pieces.append(f'<rect class="good" x="{x - width / 2:.1f}" y="{base - tall:.1f}" ')
            pieces.append(f'width="{width:.1f}" height="{tall:.1f}"><title>{label}: {point.share:.1%}</title></rect>')
        else:
            pieces.append(f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{base + 2}" y2="{base + 7}">')
            pieces.append(f"<title>{label}: not treated</title></line>")
        if at % step == 0 or at == len(found.points) - 1:
            pieces.append(f'<text class="tick" x="{x:.1f}" y="{_HEIGHT - 8}">{label}</text>')
    return "".join([*pieces, "</svg>"])
