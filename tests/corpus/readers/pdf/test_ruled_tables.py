"""Tables that are drawn with rules: what is in a cell stays together, and merged cells are known."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from pypdf import PdfWriter
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

from corpus.chunking.passages import Lengths, chunk
from corpus.chunking.row_embedding_text import read_table
from corpus.readers.pdf import reader
from corpus.records import TableShape
from tests.factories.encoders import word_counts
from tests.factories.rendered.formats import marked_texts
from tests.factories.rendered.pages import draw_pages, edit_pdf
from tests.invariants import check_conservation, document

STYLE = getSampleStyleSheet()["Normal"]
GRID = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
PROSE = "The harbour office counted every ship that entered the port, and all paid their dues within thirty days. "
WRAPPED = [
    ["Item", "Before the reform", "After the reform"],
    ["Ships of the first class", "All that carry grain or timber and stay for a night", "Those above 500 tonnes"],
    ["Dues", "Paid at the quay on arrival", "Paid within thirty days of arrival, by transfer, in crowns"],
    ["Nets", "Free", "Two crowns for each net that is dried on the quay"],
]


def pdf(*flowables: Flowable) -> bytes:
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4, invariant=1).build([Paragraph(PROSE * 4, STYLE), *flowables])
    return buffer.getvalue()


def wrapped(rows: Sequence[Sequence[str]], style: Sequence[object] = GRID, width: float = 110) -> Table:
    """Return a table whose cells are wrapped within the width."""
    cells = [[Paragraph(cell, STYLE) for cell in row] for row in rows]
    return Table(cells, colWidths=[width] * len(rows[0]), style=[style])


def rows_of(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(" | ".join(row).strip(" |") for row in rows)


@pytest.mark.parametrize("width", [80, 110, 150])
@pytest.mark.parametrize("middle", [False, True])
def test_wrapped_cells_are_read_cell_by_cell(width: float, middle: bool) -> None:
    table = wrapped(WRAPPED, width=width)
    if middle:
        table.setStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    data = pdf(table, Paragraph(PROSE, STYLE))
    reading = reader.read(data)
    assert marked_texts(reading, "table") == [rows_of(WRAPPED)]
    check_conservation(document(Path("a.pdf"), data))


@pytest.mark.parametrize("kind", ["INNERGRID", "GRID"])
def test_cells_filled_or_without_an_outer_border_are_cells(kind: str) -> None:
    table = wrapped(WRAPPED, (kind, (0, 0), (-1, -1), 0.5, colors.black))
    table.setStyle([("BACKGROUND", (0, 0), (-1, 0), colors.lightblue)])
    assert marked_texts(reader.read(pdf(table)), "table") == [rows_of(WRAPPED)]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_table_is_read_cell_by_cell_on_a_page_with_turned_text(turn: int) -> None:
    def turn_content(writer: PdfWriter) -> None:
        writer.pages[0].rotate(turn)
        writer.pages[0].transfer_rotation_to_content()

    data = edit_pdf(pdf(wrapped(WRAPPED, width=150), Paragraph(PROSE, STYLE)), turn_content)
    assert marked_texts(reader.read(data), "table") == [rows_of(WRAPPED)]


def test_merged_cells_are_written_once_and_known() -> None:
    rows = [
        ["Port", "Layers", "Landings", "", "Dues"],
        ["", "", "cod", "herring", ""],
        ["Arvik", "6", "1,204", "804", "2.73"],
        ["Brevik", "4", "910", "304", "5.39"],
    ]
    style = [GRID, *(("SPAN", (column, 0), (column, 1)) for column in (0, 1, 4)), ("SPAN", (2, 0), (3, 0))]
    reading = reader.read(pdf(Table(rows, colWidths=[80] * 5, style=style)))
    (mark,) = (mark for mark in reading.marks or () if mark.kind == "table")
    assert mark.table == TableShape(4, 2, ((0, 0, 1, 2), (0, 1, 1, 2), (0, 2, 2, 1), (0, 4, 1, 2)))
    table = read_table(reading.text, mark.start, mark.end, mark.table)
    assert [line.wording for line in table.lines if line.kind == "row"] == [
        "Arvik, Layers: 6; Landings, cod: 1,204; Landings, herring: 804; Dues: 2.73",
        "Brevik, Layers: 4; Landings, cod: 910; Landings, herring: 304; Dues: 5.39",
    ]


@pytest.mark.parametrize("style", [[], [GRID]])
@pytest.mark.parametrize("repeated", [0, 1])
def test_a_table_over_several_pages_keeps_its_header_and_caption(style: list[object], repeated: int) -> None:
    rows = [["Port", "2014", "2015"], *([f"Port {n}", f"{n * 37:,}", f"{n * 41:,}"] for n in range(1, 90))]
    table = Table(rows, colWidths=[100] * 3, style=style, repeatRows=repeated)
    data = pdf(Paragraph("Table 1. Landings by port (tonnes)", STYLE), table, Paragraph(PROSE, STYLE))
    one = document(Path("a.pdf"), data)
    check_conservation(one)
    assert [item.kind for item in one.outline].count("table") == 1
    passages = [passage for passage in chunk(one, word_counts, Lengths()).passages if passage.kind == "table"]
    assert len({passage.page for passage in passages}) > 1
    assert all(passage.header for passage in passages)
    described = {row.wording: row for passage in passages for row in passage.sentences}
    assert "Port 80, 2014: 2,960; 2015: 3,280" in described
    assert not any(wording.startswith("Port 2014") for wording in described)


def test_rows_of_values_between_two_rules_are_rows() -> None:
    rows = [["Size", "Kind", "Nets", "Share"], ["6", "new\nold", "0.965\n0.969", "2.73\n5.39"]]
    table = Table(rows, colWidths=[80] * 4, style=[GRID, ("VALIGN", (0, 0), (0, -1), "MIDDLE")])
    assert marked_texts(reader.read(pdf(table)), "table") == [
        "Size | Kind | Nets | Share\n6 | new | 0.965 | 2.73\n| old | 0.969 | 5.39"
    ]


def test_words_are_divided_by_the_rule_between_them() -> None:
    rows = [["Port", "simple", "complex"], ["Arvik", "0.927", "0.853"], ["Brevik", "0.938", "0.843"]]
    table = Table(
        rows,
        colWidths=[60, 36, 42],
        style=[
            GRID,
            ("LEFTPADDING", (1, 0), (-1, -1), 1),
            ("ALIGN", (1, 0), (1, -1), "RIGHT"),
            ("RIGHTPADDING", (1, 0), (1, -1), 1),
        ],
    )
    assert marked_texts(reader.read(pdf(table)), "table") == [rows_of(rows)]


def test_boxes_of_prose_and_the_lines_of_a_chart_are_no_tables() -> None:
    boxes = wrapped([[PROSE * 5, PROSE * 5], [PROSE * 3, PROSE * 4]], width=220)
    assert marked_texts(reader.read(pdf(boxes)), "table") == []

    def chart(canvas: Canvas) -> None:
        for step in range(6):
            canvas.line(100, 300 + 30 * step, 400, 300 + 30 * step)
            canvas.line(100 + 60 * step, 300, 100 + 60 * step, 450)
            canvas.drawString(80, 298 + 30 * step, str(step * 10))
            canvas.drawString(96 + 60 * step, 288, str(2010 + step))
        canvas.drawString(140, 375, "Nets")
        canvas.drawString(260, 405, "Boats")

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    chart(canvas)
    canvas.save()
    assert "Nets | " not in reader.read(buffer.getvalue()).text


def test_boxes_within_a_box_are_a_drawing_and_neither_table_nor_inset() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(colors.lightgrey)
        canvas.rect(100, 400, 220, 200, fill=1)
        canvas.setFillColor(colors.yellow)
        canvas.rect(110, 440, 180, 100, fill=1)
        canvas.setFillColor(colors.black)
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawString(110, 580, "Signed on as Alice")
        canvas.setFont("Helvetica", 11)
        lines = (
            "User is Alice, current user is Alice",
            "Calls the procedure of the port",
            "User is Joe for now",
            "Ends",
        )
        for number, line in enumerate(lines):
            canvas.drawString(120, 550 - 30 * number, line)
        canvas.drawString(100, 385, "Figure 3-5 Users and their rights")
        for number in range(9):
            canvas.drawString(100, 340 - 14 * number, PROSE[:80])

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    draw(canvas)
    canvas.save()
    reading = reader.read(buffer.getvalue())
    assert marked_texts(reading, "table") == marked_texts(reading, "inset") == []
    assert "Calls the procedure of the port" in reading.text


_PORTS = [("Port", "2015", "2016"), ("Oslo", "12", "14"), ("Bergen", "7", "9"), ("Arvik", "3", "4")]


def _beside(x: float, lines: Sequence[tuple[float, str]]) -> bytes:
    """Return a page with a ruled table of four rows of 20 points between prose, and lines at heights beside it."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 10)
        for number in range(3):
            canvas.drawString(72, 760 - 13 * number, PROSE.strip())
            canvas.drawString(72, 560 - 13 * number, PROSE.strip())
        canvas.grid([150, 250, 310, 370], [690 - 20 * number for number in range(5)])
        for number, row in enumerate(_PORTS):
            for left, cell in zip((154, 254, 314), row, strict=True):
                canvas.drawString(left, 676 - 20 * number, cell)
        for y, line in lines:
            canvas.drawString(x, y, line)

    return draw_pages(draw)


@pytest.mark.parametrize("x", [80, 390])
@pytest.mark.parametrize(
    "lines",
    [
        [(656, "Provisional")],
        [(676, "Source: the"), (656, "ports")],
        [(668, "Source: the"), (655, "harbours and"), (642, "ports")],
        [(680, "Source: the"), (667, "harbours"), (654, "and ports"), (641, "of"), (628, "Norway")],
    ],
)
def test_text_beside_a_table_is_no_cell(x: float, lines: list[tuple[float, str]]) -> None:
    reading = reader.read(_beside(x, lines))
    assert marked_texts(reading, "table") == [rows_of(_PORTS)]
    beside = reading.text.split(rows_of(_PORTS))[1].split("The harbour")[0]
    assert beside.split() == " ".join(line for _, line in lines).split()


@pytest.mark.parametrize("x", [80, 390])
def test_a_column_outside_of_the_rules_belongs_to_the_table(x: float) -> None:
    column = ["Change", "+2", "+2", "+1"]
    reading = reader.read(_beside(x, [(676 - 20 * number, cell) for number, cell in enumerate(column)]))
    rows = [(cell, *row) if x < 150 else (*row, cell) for cell, row in zip(column, _PORTS, strict=True)]
    assert marked_texts(reading, "table") == [rows_of(rows)]


PORTS = [["Port", "Ships"], ["Arvik", "12"], ["Brevik", "31"], ["Corvin", "7"]]
CATCH = [["Species", "Tonnes", "Boats"], ["Herring", "120", "14"], ["Cod", "35", "9"]]
STAFF = [["Office", "Staff"], ["Pilots", "40"], ["Dues", "11"], ["Quays", "8"], ["Nets", "2"]]


@pytest.mark.parametrize("tables", [(PORTS, CATCH), (CATCH, PORTS), (PORTS, PORTS), (PORTS, CATCH, STAFF)])
@pytest.mark.parametrize("captioned", [True, False])
def test_ruled_tables_side_by_side_are_read_one_after_the_other(
    tables: Sequence[Sequence[Sequence[str]]], captioned: bool
) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 10)
        for number in range(2):
            canvas.drawString(50, 760 - 12 * number, PROSE.strip())
        for number, rows in enumerate(tables):
            if captioned:
                canvas.drawString(50 + 175 * number, 712, f"Table {number + 1}. Counts")
            table = Table(rows, style=[GRID], rowHeights=18)
            table.wrapOn(canvas, 170, 200)
            table.drawOn(canvas, 50 + 175 * number, 700 - 18 * len(rows))
        canvas.drawString(50, 580, PROSE.strip())

    reading = reader.read(draw_pages(draw))
    captions = [f"Table {number + 1}. Counts\n" if captioned else "" for number in range(len(tables))]
    expected = [caption + rows_of(rows) for caption, rows in zip(captions, tables, strict=True)]
    assert marked_texts(reading, "table") == expected
    assert reading.text.endswith(f"\n\n{PROSE.strip()}\n")


def test_a_ruled_table_of_values_beside_one_with_their_labels_continues_its_rows() -> None:
    values = [["2017", "2018"], ["1", "2"], ["3", "4"], ["5", "6"]]

    def draw(canvas: Canvas) -> None:
        for x, rows in ((60, PORTS), (300, values)):
            table = Table(rows, style=[GRID], rowHeights=18)
            table.wrapOn(canvas, 200, 200)
            table.drawOn(canvas, x, 600)

    joined = [[*row, *more] for row, more in zip(PORTS, values, strict=True)]
    assert marked_texts(reader.read(draw_pages(draw)), "table") == [rows_of(joined)]
