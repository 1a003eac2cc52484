"""Renders a publication as PDF: columns, running heads, roman page labels, footnotes below the columns, frames."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

import pypdf
from pypdf.constants import PageLabelStyle
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.factories.outlined_texts import Publication

WIDTH, HEIGHT = A4
MARGIN, GUTTER, TOP, BOTTOM = 56.0, 24.0, 90.0, 80.0
FRONT = ("i", "ii")
_STYLES = {
    0: ("Helvetica-Bold", 18.0),
    1: ("Helvetica-Bold", 15.0),
    2: ("Helvetica-Bold", 13.0),
    3: ("Helvetica-Bold", 11.5),
    4: ("Helvetica-BoldOblique", 10.5),
    5: ("Helvetica-Oblique", 10.5),
}
_BODY, _NOTE, _CAPTION = ("Times-Roman", 10.0), ("Times-Roman", 8.0), ("Times-Italic", 8.5)


@dataclass
class Printed:
    """The file, the label of each page (from 1), and the page on which each word of the body first occurs."""

    data: bytes = b""
    labels: dict[int, str] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)


class _Typesetter:
    """Fills columns from the top with text and from the bottom with notes."""

    def __init__(self, publication: Publication, columns: int) -> None:
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4, invariant=1)
        self.title = publication.title
        self.columns = columns
        self.width: float = (WIDTH - 2 * MARGIN - (columns - 1) * GUTTER) / columns
        self.printed = Printed()
        self.page = self.column = 0
        self.y = 0.0
        self.notes: list[str] = []
        self.box: float | None = None

    def front_matter(self) -> None:
        for number, label in enumerate(FRONT, 1):
            self.page = number
            self.canvas.setFont("Helvetica-Bold", 26 if number == 1 else _STYLES[0][1])
            self.canvas.drawString(MARGIN, 600, self.title if number == 1 else "Foreword")
            self.canvas.setFont(*_BODY)
            if number == 2:
                self.canvas.drawString(MARGIN, 560, "This foreword greets the readers, and thanks all who wrote.")
            self.canvas.drawCentredString(WIDTH / 2, 40, label)
            self.printed.labels[number] = label
            self.canvas.showPage()
        self.open_page()

    def open_page(self) -> None:
        self.page += 1
        self.column = 0
        self.y = HEIGHT - TOP
        number = self.page - len(FRONT)
        self.canvas.setFont("Helvetica", 8)
        head = self.title if number % 2 else "Chapter 3 Policy"
        if number % 2:
            self.canvas.drawString(MARGIN, HEIGHT - 50, head)
        else:
            self.canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 50, head)
        self.canvas.drawCentredString(WIDTH / 2, 40, str(number))
        self.printed.labels[self.page] = str(number)

    def floor(self) -> float:
        lines = sum(len(self.wrap(note, *_NOTE)) for note in self.notes)
        return BOTTOM + lines * 9.5 + (8 if lines else 0)

    def next_column(self) -> None:
        self.close_box()
        y = BOTTOM + sum(len(self.wrap(note, *_NOTE)) for note in self.notes) * 9.5 - 9.5
        for note in self.notes:
            for line in self.wrap(note, *_NOTE):
                self.draw(line, y, *_NOTE)
                y -= 9.5
        self.notes.clear()
        self.column += 1
        self.y = HEIGHT - TOP
        if self.column == self.columns:
            self.canvas.showPage()
            self.open_page()

    def left(self) -> float:
        return MARGIN + self.column * (self.width + GUTTER)

    def wrap(self, text: str, font: str, size: float) -> list[str]:
        lines: list[str] = []
        line = ""
        room = self.width - (12 if self.box is not None else 0)
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and stringWidth(longer, font, size) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        return [*lines, line] if line else lines

    def draw(self, line: str, y: float, font: str, size: float, indent: float = 0.0) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(self.left() + indent + (6 if self.box is not None else 0), y, line)

    def paragraph(self, text: str, font: str, size: float, *, before: float, keep: int = 1) -> None:
        lines = self.wrap(text, font, size)
        leading = 1.25 * size
        if self.y - before - leading * min(len(lines), keep) < self.floor():
            self.turn()
        elif self.y < HEIGHT - TOP:
            self.y -= before
        for line in lines:
            if self.y - leading < self.floor():
                self.turn()
            self.y -= leading
            self.draw(line, self.y, font, size)
            for word in line.split():
                self.printed.pages.setdefault(word, self.page)

    def turn(self) -> None:
        """Go to the next column and continue an open frame there."""
        boxed = self.box is not None
        self.next_column()
        if boxed:
            self.open_box()

    def open_box(self) -> None:
        self.box = self.y
        self.y -= 6

    def close_box(self) -> None:
        if self.box is not None:
            bottom = self.y - 8
            self.canvas.setStrokeGray(0.4)
            self.canvas.rect(self.left(), bottom, self.width, self.box - bottom)
            self.y = bottom - 4
            self.box = None

    def finish(self) -> Printed:
        self.next_column()
        self.canvas.showPage()
        self.canvas.save()
        self.printed.data = self.buffer.getvalue()
        return self.printed


def render(publication: Publication, *, columns: int = 2, labelled: bool = True) -> Printed:
    """Render a publication; `labelled` stores the page labels in the file, in addition to printing them."""
    typesetter = _Typesetter(publication, columns)
    typesetter.front_matter()
    for block in publication.blocks:
        if block.inset is None and block.kind != "inset":
            typesetter.close_box()
        if block.kind == "section":
            typesetter.paragraph(block.text, *_STYLES[block.level], before=14, keep=4)
        elif block.kind == "inset":
            typesetter.close_box()
            if typesetter.y < HEIGHT - TOP:
                typesetter.y -= 14
            if typesetter.y - 80 < typesetter.floor():
                typesetter.next_column()
            typesetter.open_box()
            typesetter.paragraph(block.text, "Helvetica-Bold", 11.0, before=0)
        elif block.kind == "notes":
            typesetter.notes.append(re.sub(r"^[^\w*]+", "", block.text))
            if typesetter.y - 13 < typesetter.floor():  # no room for the note in this column
                note = typesetter.notes.pop()
                typesetter.turn()
                typesetter.notes.append(note)
        elif block.kind == "caption":
            typesetter.paragraph(block.text, *_CAPTION, before=10, keep=3)
            typesetter.y -= 6
        else:
            typesetter.paragraph(block.text, *_BODY, before=6, keep=2)
    printed = typesetter.finish()
    if labelled:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(printed.data))
        writer.set_page_label(0, len(FRONT) - 1, style=PageLabelStyle.LOWERCASE_ROMAN)
        writer.set_page_label(len(FRONT), len(writer.pages) - 1, style=PageLabelStyle.DECIMAL, start=1)
        buffer = io.BytesIO()
        writer.write(buffer)
        printed.data = buffer.getvalue()
    return printed
