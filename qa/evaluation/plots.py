"""Plots as inline SVG: values with intervals, and bars of counts. Colours come from the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_LABELS = 280
_WIDTH = 430
_ROW = 26


@dataclass(frozen=True, slots=True)
class Interval:
    """A row of a plot of intervals; values are in [0, 1]."""

    label: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of two stacked counts."""

    label: str
    good: int
    bad: int = 0


def intervals(title: str, rows: Sequence[Interval]) -> str:
    """Draw each row as a point with its interval on an axis from 0 to 1, and its numbers next to it."""
    height = _ROW * len(rows) + 30
    pieces = [_open(title, height)]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _x(tick)
        pieces.append(f'<line class="grid" x1="{x}" x2="{x}" y1="6" y2="{height - 22}"/>')
        pieces.append(f'<text class="tick" x="{x}" y="{height - 6}">{tick:g}</text>')
    for number, row in enumerate(rows):
        y = 6 + _ROW * number + _ROW // 2
        numbers = f"{row.value:.3f} [{row.low:.3f}, {row.high:.3f}]  n {row.n}"
        pieces.append(f'<text class="label" x="{_LABELS - 12}" y="{y + 4}">{escape(_clipped(row.label, 34))}</text>')
        pieces.append(f'<line class="whisker" x1="{_x(row.low)}" x2="{_x(row.high)}" y1="{y}" y2="{y}"/>')
        pieces.append(f'<circle class="point" cx="{_x(row.value)}" cy="{y}" r="5"/>')
        pieces.append(f'<text class="value" x="{_LABELS + _WIDTH + 16}" y="{y + 4}">{escape(numbers)}</text>')
    return "".join([*pieces, "</svg>"])


def bars(title: str, rows: Sequence[Bar], good: str = "", bad: str = "") -> str:
    """Draw each row as a bar of counts; `good` and `bad` label the two parts."""
    most = max((row.good + row.bad for row in rows), default=0) or 1
    height = _ROW * len(rows) + 10
    pieces = [_open(title, height)]
    for number, row in enumerate(rows):
        y = 6 + _ROW * number
        first, second = _WIDTH * row.good / most, _WIDTH * row.bad / most
        text = f"{row.good} {good}, {row.bad} {bad}" if row.good + row.bad and bad else str(row.good)
        label = f'<text class="label" x="{_LABELS - 12}" y="{y + 15}">{escape(_clipped(row.label, 34))}</text>'
        pieces.append(label)
        pieces.append(f'<rect class="good" x="{_LABELS}" y="{y}" width="{first:.1f}" height="{_ROW - 6}"/>')
        if row.bad:
            pieces.append(
                f'<rect class="bad" x="{_LABELS + first:.1f}" y="{y}" width="{second:.1f}" height="{_ROW - 6}"/>'
            )
        pieces.append(f'<text class="value" x="{_LABELS + first + second + 8:.1f}" y="{y + 15}">{escape(text)}</text>')
    return "".join([*pieces, "</svg>"])


def _open(title: str, height: int) -> str:
    """Return the opening tag with an accessible title."""
    name = escape(title)
    return f'<svg class="plot" viewBox="0 0 940 {height}" role="img" aria-label="{name}"><title>{name}</title>'


def _x(value: float) -> str:
    return f"{_LABELS + _WIDTH * min(max(value, 0.0), 1.0):.1f}"


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
