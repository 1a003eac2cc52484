"""Renders generated yearbooks as text, Markdown, HTML, EPUB, DOCX, slides, sheets and PDF.

The front matter has roman page numbers, the body arabic ones, the annex prefixed ones ("A-2"). The HTML is also meant
to be printed by a browser, the DOCX to be converted by an office program.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from csv import writer as csv_writer
from dataclasses import replace
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Pt
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from corpus.scripts import TO_SUPERSCRIPT
from corpus.structure.numbering import to_roman
from tests.factories.rendered import epub as rendered_epub
from tests.factories.rendered.docx import with_notes
from tests.factories.rendered.sheets import Formatted, MadeSheet
from tests.factories.rendered.slides import MadeSlide
from tests.factories.yearbooks import Block, Part, Yearbook

_FONTS = Path("/usr/share/fonts")
_STYLES = """
@page { size: A4; margin: 25mm 22mm; @top-center { content: "%(title)s"; font: 8pt sans-serif }
  @bottom-center { content: counter(page); font: 9pt sans-serif } }
@page front { @bottom-center { content: counter(page, lower-roman) } }
@page annex { @bottom-center { content: "A-" counter(page) } }
body { font: 10.5pt/1.35 %(font)s; text-align: justify }
#front { page: front } #body { page: body; columns: %(columns)s; column-gap: 7mm } #annex { page: annex }
h1 { font: bold 17pt sans-serif } h2 { font: bold 13pt sans-serif } h1, h2 { text-align: left; break-after: avoid }
.cap::first-letter { float: left; font-size: 41pt; line-height: 36pt; padding-right: 3pt }
table { border-collapse: collapse; width: 100%%; font-size: 9pt } td, th { padding: 2pt 6pt; text-align: left }
td + td, th + th { text-align: right } caption { text-align: left; font-style: italic }
tr { break-inside: avoid } .footnote { font-size: 8pt }
"""

_CLASSES = ("text", "cap")  # of a paragraph without and with a drop cap


def text(book: Yearbook) -> bytes:
    """Render as plain text; notes follow the section that refers to them."""
    return "\n\n".join(_lines(book, markdown=False)).encode()


def markdown(book: Yearbook) -> bytes:
    """Render as Markdown."""
    return "\n\n".join(_lines(book, markdown=True)).encode()


def _lines(book: Yearbook, *, markdown: bool) -> Iterator[str]:
    pending: list[str] = []
    for number, block in (*book.noted(), (0, None)):
        if pending and (block is None or block.kind == "heading"):
            yield "\n".join(pending)
            pending.clear()
        if block is None:
            break
        joined = book.gap.join(block.sentences)
        if block.kind == "heading":
            yield ("#" * block.level + " " if markdown else "") + joined
        elif block.kind == "list":
            yield "\n".join(f"- {item}" for item in block.sentences)
        elif block.kind == "table":
            rows = [" | ".join(row) for row in block.rows]
            rule = ["---" + " | ---" * (len(block.rows[0]) - 1)] if markdown else []
            yield joined + ("\n\n" if markdown else "\n") + "\n".join([rows[0], *rule, *rows[1:]])
        elif block.note:
            yield joined + (f"[^{number}]" if markdown else f"[{number}]")
            pending.append(f"[^{number}]: {block.note}" if markdown else f"{number} {block.note}")
        else:
            yield joined


def html(book: Yearbook) -> bytes:
    """Render as HTML with styles for the printer."""
    font = "IPAMincho" if book.language == "ja" else "'DejaVu Serif'"
    styles = _STYLES % {"title": book.title, "columns": book.columns, "font": font}
    body = "".join(f'<section id="{part}">{content}</section>' for part, content in _html_parts(book))
    head = f"<meta charset=utf-8><title>{escape(book.title)}</title><style>{styles}</style>"
    return f"<!DOCTYPE html><html lang={book.language}><head>{head}</head><body>{body}</body></html>".encode()


def epub(book: Yearbook) -> bytes:
    """Render as EPUB with a chapter for each part."""
    metadata = f"<dc:title>{escape(book.title)}</dc:title><dc:language>{book.language}</dc:language>"
    chapters: dict[str, str] = {part: rendered_epub.page(content) for part, content in _html_parts(book)}
    return rendered_epub.epub(chapters, metadata=metadata)


def _html_parts(book: Yearbook) -> Iterator[tuple[Part, str]]:
    for part, blocks in groupby(book.noted(), lambda item: item[1].part):
        parts: list[str] = []
        notes: list[str] = []
        for number, block in blocks:
            joined = escape(book.gap.join(block.sentences))
            if block.kind == "heading":
                parts += notes
                notes.clear()
                parts.append(f"<h{block.level}>{joined}</h{block.level}>")
            elif block.kind == "list":
                parts.append("<ul>" + "".join(f"<li>{escape(item)}</li>" for item in block.sentences) + "</ul>")
            elif block.kind == "table":
                header, *rows = block.rows
                head = "".join(f"<th>{cell}</th>" for cell in header)
                body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
                parts.append(f"<table><caption>{joined}</caption><thead><tr>{head}</tr></thead>{body}</table>")
            else:
                mark = f'<sup><a href="#fn{number}">{number}</a></sup>' if block.note else ""
                parts.append(f'<p class="{_CLASSES[block.drop_cap]}">{joined}{mark}</p>')
                if block.note:
                    notes.append(f'<div class="footnote" id="fn{number}">{number} {escape(block.note)}</div>')
        yield part, "".join((*parts, *notes))


def slides(book: Yearbook) -> list[MadeSlide]:
    """Return slides: one for each heading and each table, with the paragraphs and the notes below it."""
    made: list[MadeSlide] = []
    for number, block in book.noted():
        joined = book.gap.join(block.sentences)
        if block.kind in ("heading", "table"):
            made.append(MadeSlide(joined, table=block.rows))
            continue
        if not made or made[-1].table:
            made.append(MadeSlide(""))
        lines = (
            block.sentences if block.kind == "list" else [joined + str(number).translate(TO_SUPERSCRIPT) * (number > 0)]
        )
        notes = [f"{number} {block.note}"] if block.note else []
        made[-1] = replace(made[-1], lines=[*made[-1].lines, *lines, *notes])
    return made


def tables_of(book: Yearbook) -> Yearbook:
    """Return the tables of a yearbook alone."""
    return replace(book, blocks=tuple(block for block in book.blocks if block.kind == "table"))


def named_tables_of(book: Yearbook) -> Yearbook:
    """Return the tables of a yearbook alone, each below the name of its sheet."""
    blocks: list[Block] = []
    for number, block in enumerate(tables_of(book).blocks, 1):
        blocks += [Block("heading", (str(number),)), block]
    return replace(book, blocks=tuple(blocks))


def sheets(book: Yearbook) -> list[MadeSheet]:
    """Return a sheet for each table, with its caption above it and numbers with a format of their own."""
    made: list[MadeSheet] = []
    for number, block in enumerate(tables_of(book).blocks, 1):
        header, *rows = block.rows
        lines: list[Sequence[str | Formatted]] = [[block.sentences[0]], [], header]
        lines += [[label, *(Formatted(float(cell), "0.0", cell) for cell in cells)] for label, *cells in rows]
        made.append(MadeSheet(str(number), lines))
    return made


def csv(book: Yearbook) -> bytes:
    """Render the tables of a yearbook as one CSV file, a blank line between them."""
    buffer = io.StringIO()
    writer = csv_writer(buffer, delimiter=";")
    for block in tables_of(book).blocks:
        writer.writerows([[], *([block.sentences] if block.sentences else []), *block.rows])
    return buffer.getvalue().encode()


def word(book: Yearbook) -> bytes:
    """Render as DOCX with footnotes, page number fields, header rows and drop caps in frames."""
    document = docx.Document()
    document.core_properties.title = book.title
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "DejaVu Serif", Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "IPAMincho")
    notes: list[str] = []
    for part, blocks in groupby(book.noted(), lambda item: item[1].part):
        section = document.sections[0] if part == "front" else document.add_section(WD_SECTION.NEW_PAGE)
        _set_pages(section, part, book)
        for number, block in blocks:
            joined = book.gap.join(block.sentences)
            if block.kind == "heading":
                document.add_heading(joined, block.level)
            elif block.kind == "list":
                for item in block.sentences:
                    document.add_paragraph(item, style="List Bullet")
            elif block.kind == "table":
                document.add_paragraph(joined, style="Caption")
                table = document.add_table(0, len(block.rows[0]))
                room = document._block_width
                for row in block.rows:
                    for cell, value in zip(table.add_row().cells, row, strict=True):
                        cell.text = value
                        cell.paragraphs[0].runs[0].font.size = Pt(7)
                for column in table.columns:
                    columns = book.columns if part == "body" else 1
                    column.width = Length(room // len(table.columns) // columns - Pt(9))
                _add(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
            else:
                if block.drop_cap:
                    cap = document.add_paragraph()
                    cap.add_run(joined[0]).font.size = Pt(38)
                    frame = {"dropCap": "drop", "lines": "3", "wrap": "around", "vAnchor": "text", "hAnchor": "text"}
                    _add(cap._p.get_or_add_pPr(), "w:framePr", **frame)
                paragraph = document.add_paragraph(joined[1:] if block.drop_cap else joined)
                if block.note:
                    notes.append(block.note)
                    run = paragraph.add_run()
                    run.font.superscript = True
                    _add(run._r, "w:footnoteReference", id=str(number))
    buffer = io.BytesIO()
    document.save(buffer)
    return with_notes(buffer.getvalue(), notes)


def _add(parent: BaseOxmlElement, tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)
    return element


def _set_pages(section: docx.section.Section, part: Part, book: Yearbook) -> None:
    """Set the margins, the columns, the running head and the page numbers of a section."""
    section.left_margin = section.right_margin = Pt(60)
    columns = section._sectPr.xpath("./w:cols")[0]
    columns.set(qn("w:num"), str(book.columns if part == "body" else 1))
    _add(section._sectPr, "w:pgNumType", fmt="lowerRoman" if part == "front" else "decimal", start="1")
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    section.header.paragraphs[0].text = book.title
    foot = section.footer.paragraphs[0]
    foot.text = "A-" if part == "annex" else ""
    foot.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
    _add(foot._p, "w:fldSimple", instr="PAGE").append(foot.add_run("1")._r)


@cache
def _fonts(language: str) -> tuple[str, str]:
    """Register and return the names of a font for the text and of one for headings; skip the test without them."""
    if language == "ja":
        if not (_FONTS / "opentype/ipafont-mincho/ipam.ttf").is_file():
            pytest.skip("no Japanese fonts (Debian: fonts-ipafont)")
        pdfmetrics.registerFont(TTFont("Mincho", _FONTS / "opentype/ipafont-mincho/ipam.ttf"))
        pdfmetrics.registerFont(TTFont("Gothic", _FONTS / "opentype/ipafont-gothic/ipag.ttf"))
        return "Mincho", "Gothic"
    return "Times-Roman", "Helvetica-Bold"


class _DropCap(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A paragraph whose first letter is three lines high."""

    def __init__(self, text: str, style: ParagraphStyle) -> None:
        super().__init__()
        self.text, self.style = text, style

    def wrap(self, width: float, height: float) -> tuple[float, float]:  # noqa: ARG002 - called by reportlab
        style = self.style
        self.cap_size = 2.9 * style.leading
        self.indent = pdfmetrics.stringWidth(self.text[0], style.fontName, self.cap_size) + 3
        rest = self.text[1:]
        self.lines: list[str] = [""]
        for piece in rest if style.wordWrap == "CJK" else rest.replace(" ", " \0").split("\0"):
            room = width - (self.indent if len(self.lines) <= 3 else 0)
            if pdfmetrics.stringWidth(f"{self.lines[-1]}{piece.rstrip()}", style.fontName, style.fontSize) > room:
                self.lines.append("")
            self.lines[-1] += piece
        self.height = style.leading * len(self.lines) + style.spaceAfter
        return width, self.height

    def draw(self) -> None:
        canvas, style = self.canv, self.style
        canvas.setFont(style.fontName, self.cap_size)
        canvas.drawString(0, self.height - 2.75 * style.leading, self.text[0])
        canvas.setFont(style.fontName, style.fontSize)
        for number, line in enumerate(self.lines):
            indent = self.indent if number < 3 else 0
            canvas.drawString(indent, self.height - style.leading * (number + 0.75), line.rstrip())


def _flowables(book: Yearbook, blocks: Sequence[tuple[int, Block]]) -> Iterator[Flowable]:
    font, bold = _fonts(book.language)
    wrap = {"wordWrap": "CJK"} if book.language == "ja" else {"alignment": TA_JUSTIFY}
    body = ParagraphStyle("body", fontName=font, fontSize=10, leading=12.5, spaceAfter=5, **wrap)
    item = ParagraphStyle("item", body, leftIndent=14, bulletIndent=4, spaceAfter=2)
    small = ParagraphStyle("note", body, fontSize=8, leading=9.5)
    caption = ParagraphStyle("caption", body, fontSize=9, spaceBefore=6, keepWithNext=1)
    sizes = {1: 16, 2: 12.5}
    pending: list[Flowable] = []
    for number, block in blocks:
        joined = book.gap.join(block.sentences)
        if block.kind == "heading":
            yield from pending
            pending.clear()
            size = sizes[block.level]
            yield Paragraph(
                escape(joined),
                ParagraphStyle(
                    "heading",
                    fontName=bold,
                    fontSize=size,
                    leading=1.3 * size,
                    spaceBefore=9,
                    spaceAfter=5,
                    keepWithNext=1,
                ),
            )
        elif block.kind == "list":
            for text in block.sentences:
                yield Paragraph(escape(text), item, bulletText="•")
        elif block.kind == "table":
            yield Paragraph(escape(joined), caption)
            fonts = [
                ("FONT", (0, 0), (-1, -1), font, 9),
                ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
            yield Table(
                block.rows,
                repeatRows=1,
                style=TableStyle([*fonts, ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black")]),
                spaceAfter=8,
            )
        elif block.drop_cap:
            yield _DropCap(joined, body)
        else:
            yield Paragraph(escape(joined) + (f"<super>{number}</super>" if block.note else ""), body)
            if block.note:
                pending.append(Paragraph(f"{number} {escape(block.note)}", small))
    if pending:
        yield Spacer(1, 10)
        yield from pending


def pdf(book: Yearbook) -> bytes:
    """Render as PDF by reportlab: columns, running heads that change, page numbers, notes below a section."""
    (width, height), margin, gutter = A4, 60, 20
    bold = _fonts(book.language)[1]
    buffer = io.BytesIO()
    first: dict[str, int] = {}

    def decorate(canvas: Canvas, template: PageTemplate) -> None:
        number = canvas.getPageNumber() - first.setdefault(template.id, canvas.getPageNumber()) + 1
        label = {"front": to_roman(number), "annex": f"A-{number}"}.get(template.id, str(number))
        canvas.setFont(bold, 8)
        if number % 2:
            canvas.drawRightString(width - margin, height - 40, book.title)
        else:
            canvas.drawString(margin, height - 40, f"{book.title} {template.id}")
        canvas.drawCentredString(width / 2, 34, label)

    def template(part: str, columns: int) -> PageTemplate:
        room = (width - 2 * margin - (columns - 1) * gutter) / columns
        frames = [
            Frame(margin + number * (room + gutter), 60, room, height - 120, 0, 0, 0, 0) for number in range(columns)
        ]
        return PageTemplate(part, frames, onPage=lambda canvas, _: decorate(canvas, templates[part]))

    templates = {part: template(part, book.columns if part == "body" else 1) for part in ("front", "body", "annex")}
    story: list[Flowable] = []
    for part, blocks in groupby(book.noted(), lambda item: item[1].part):
        if story:
            story += [NextPageTemplate(part), PageBreak()]
        story += _flowables(book, list(blocks))
    document = BaseDocTemplate(buffer, pagesize=A4, title=book.title, invariant=1)
    document.addPageTemplates(list(templates.values()))
    document.build(story)
    return buffer.getvalue()
