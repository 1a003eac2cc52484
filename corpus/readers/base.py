"""The result type of every reader."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from corpus.records import CellSpan, PageSpan, RecognizedWord, StructureMark

READERS = min(os.cpu_count() or 1, 4)
"""Files read at the same time by one build. Each can take memory, see `corpus.limits.FILE`."""

COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of office documents in old formats, and of encrypted ones in newer formats."""

ZIP_FILE = b"PK\x03\x04"

OnPage = Callable[[int, int], None]
"""Progress callback: receives the number of pages done and their total."""


@dataclass(frozen=True, slots=True)
class FileContent:
    """The content of one file.

    Attributes:
        text: The canonical text. All offsets count its Unicode code points.
        marks: The structure that the format declares, in text order, an enclosing mark before the marks inside it. None
            if the format declares no structure: the outline is then inferred from the text.
        metadata: Values that the file declares in its own metadata, such as `title` and `lang`.
        pages: The page of each span of the text, in text order; empty for formats without pages.
        furniture: Lines shown in the file that are not part of the text: running heads and feet, page numbers.
        warnings: Sentences on what could not be read or had to be assumed, with the pages or positions concerned.
        cells: The cells of each row of a spreadsheet, in text order; empty for other formats.
        recognized: The words that were recognised on images of pages, in text order.
        title: The title that the format shows in the text, such as the largest type on a cover; None if it shows none.
    """

    text: str
    marks: tuple[StructureMark, ...] | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    pages: tuple[PageSpan, ...] = ()
    furniture: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    cells: tuple[CellSpan, ...] = ()
    recognized: tuple[RecognizedWord, ...] = ()
    title: str | None = None
