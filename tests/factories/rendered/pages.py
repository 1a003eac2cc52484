"""PDF pages drawn by hand, a publication of several pages, and the text inside boxes on a page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Mapping, Sequence

import pypdf
import pypdfium2
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.readers.pdf.reader import Box
from tests.factories.outlined_texts import Block, Publication

Draw = Callable[[Canvas], None]

LONG_REPORT = Publication(
    "Annual Report 2021",
    (
        Block("section", "1. Ports"),
        *(
            Block(
                "body",
                f"In port {number} the master counted {number * 37} ships of every flag in the reporting period. Of "
                f"these {number * 11} were turned away, mostly for a long-standing want of well-lit berths. All others "
                f"paid dues of {number * 1013} crowns.",
                parent=0,
            )
            for number in range(1, 61)
        ),
    ),
)
"""Four pages of prose with sentences across lines, columns and pages."""


def draw_pages(*pages: Draw) -> bytes:
    """Return a file with a page for each function."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def draw_lines(
    *texts: str, x: float = 72, y: float = 700, size: float = 11, font: str = "Times-Roman", rotation: int = 0
) -> Draw:
    """Return a function that draws lines below each other; `y` is the first baseline in points from the bottom."""

    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(rotation)
        canvas.setFont(font, size)
        for number, text in enumerate(texts):
            canvas.drawString(x, y - 1.2 * size * number, text)

    return draw


def draw_table(
    rows: Sequence[Sequence[str]],
    left: Sequence[float] = (72,),
    right: Sequence[float] = (),
    *,
    y: float = 640,
    step: float = 14,
    size: float = 10,
    leaders: Collection[str] = (),
) -> Draw:
    """Return a function that draws rows of cells: the first begin at the edges `left`, the others end at `right`.

    Two spaces indent a first cell. Points lead from those in `leaders` to the numbers.
    """

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", size)
        for number, row in enumerate(rows):
            base, first, cells = y - step * number, row[0], row[len(left) :]
            for x, cell in zip(left, row, strict=False):
                canvas.drawString(x + 8 * cell.startswith("  "), base, cell.strip())
            if first in leaders:
                start = left[0] + 4 + canvas.stringWidth(first)
                canvas.drawString(start, base, "." * int((right[0] - 40 - start) / canvas.stringWidth(".")))
            for x, cell in zip(right, cells, strict=True):
                canvas.drawRightString(x, base, cell)

    return draw


def draw_all(*draws: Draw) -> Draw:
    """Return a function that draws everything on one page."""

    def draw(canvas: Canvas) -> None:
        for item in draws:
            item(canvas)

    return draw


def edit_pdf(data: bytes, edit: Callable[[pypdf.PdfWriter], object]) -> bytes:
    """Return the file after an edit with pypdf."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    edit(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def map_letters(data: bytes, letters: Mapping[str, str]) -> bytes:
    """Make the fonts of a file state another letter, or several, for each that is drawn."""
    mapped = {chr(code): chr(code) for code in range(32, 127)} | dict(letters)
    pairs = "".join(f"<{ord(drawn):02x}> <{letter.encode('utf-16-be').hex()}>\n" for drawn, letter in mapped.items())
    stream = DecodedStreamObject()
    stream.set_data(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        + f"{len(mapped)} beginbfchar\n{pairs}endbfchar\nendcmap end end\n".encode()
    )

    def edit(writer: pypdf.PdfWriter) -> None:
        reference = writer._add_object(stream)
        for page in writer.pages:
            for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
                font.get_object()[NameObject("/ToUnicode")] = reference

    return edit_pdf(data, edit)


def text_in_boxes(data: bytes, boxes: Sequence[Box]) -> str:
    """Return the characters whose middles lie in the boxes, box by box, according to PDFium, without layout."""
    document = pypdfium2.PdfDocument(data)
    pieces: list[str] = []
    for box in boxes:
        page = document[box.page - 1]
        height = page.get_size()[1]
        text = page.get_textpage()
        pieces.append(text.get_text_bounded(box.left, height - box.bottom, box.right, height - box.top))
    document.close()
    return strip_layout("".join(pieces))


def strip_layout(text: str) -> str:
    """Remove white space, and hyphens, which line ends insert."""
    return re.sub(r"[\s\u00ad\ufffe\x02-]+", "", text)
