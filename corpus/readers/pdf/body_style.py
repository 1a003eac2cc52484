"""The style of a PDF file's running text, which its headings and notes stand out from. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.readers.pdf.spans import Span
from corpus.readers.pdf.text_lines import Line

_SPANS_ALIKE, _LINES_ALIKE = 0.25, 0.5
"""Points around the body's size at which spans count as it (sizes are counted by half points), and lines of spans."""
_SIZE = 10.0
"""Points; that of a file without text, which is as good as any."""
_LEADING = 1.2
"""Ems from line to line where no two lines stand below each other: what word processors set."""
_LEADINGS = (0.8, 2.5)
"""Ems. Less is a line beside another, more a gap between paragraphs."""


@dataclass(frozen=True, slots=True)
class Body:
    """The style of the running text: its size in points, whether it is bold, and its leading in ems."""

    size: float
    bold: bool
    leading: float


def common_size(spans: Iterable[Span]) -> float:
    """The size that most characters have, in points, to the next half."""
    sizes: Counter[float] = Counter()
    for span in spans:
        sizes[max(0.5, round(span.size * 2) / 2)] += len(span.text)  # of size 0 is what nobody is to see
    return max(sizes.items(), key=lambda item: (item[1], item[0]))[0] if sizes else _SIZE


def body_of(lines: Sequence[Line]) -> Body:
    """What most of the text is set in."""
    size = common_size(span for line in lines for span in line.spans)
    alike = [span for line in lines for span in line.spans if abs(span.size - size) <= _SPANS_ALIKE]
    bold = sum(len(span.text) * (1 if span.bold else -1) for span in alike) > 0
    leadings: Counter[float] = Counter()
    for before, after in pairwise(lines):
        if before.block == after.block and before.page == after.page and abs(after.size - size) < _LINES_ALIKE:
            leadings[round((after.baseline - before.baseline) / size, 1)] += 1
    leading = next((value for value, _ in leadings.most_common() if _LEADINGS[0] <= value <= _LEADINGS[1]), _LEADING)
    return Body(size, bold, leading)
