"""Tables without rules on PDF pages: header cells over columns, leaders, units above them, and marks of notes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus.chunking.row_embedding_text import read_table
from corpus.readers.pdf import reader
from corpus.readers.text_builder import raise_digits
from tests.factories.rendered_pages import Draw, draw_all, draw_lines, draw_pages, draw_table
from tests.invariants import document

ROWS = (
    ("Arvik", "41.2", "43.0", "312", "318"),
    ("Brevik", "12.9", "13.4", "104", "99"),
    ("Corvin", "3.1", "3.3", "2", "5"),
)
RIGHT = (270, 330, 420, 480)


def spanned_table(upper: Sequence[tuple[float, str]], corner: str = "", *, corner_above: bool = False) -> Draw:
    """A table without rules: the cells of its upper header row are centred at these places, the others end at RIGHT."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 9.5)
        for x, text in upper:
            canvas.drawCentredString(x, 716, text)
        canvas.drawString(60, 716 if corner_above else 702, corner)

    years = draw_table([("", "2017", "2018", "2017", "2018")], (60,), RIGHT, y=702, size=9.5)
    return draw_all(draw, years, draw_table(ROWS, (60,), RIGHT, y=686, size=9.5))


@pytest.mark.parametrize(
    ("upper", "heads"),
    [
        ([(292, "Revenue (million)"), (445, "Staff")], ["Revenue (million), ", "Staff, "]),
        ([(292, "Umsatz"), (445, "Beschäftigte im Hafen")], ["Umsatz, ", "Beschäftigte im Hafen, "]),
        ([(366, "Year ended 31 December")], ["", ""]),
    ],
)
@pytest.mark.parametrize(("corner", "corner_above"), [("Port", False), ("Port", True), ("", False)])
def test_header_cells_over_several_columns_head_each_of_them(
    upper: Sequence[tuple[float, str]], heads: Sequence[str], corner: str, corner_above: bool
) -> None:
    first, second = heads
    made = document(Path("a.pdf"), draw_pages(spanned_table(upper, corner, corner_above=corner_above)))
    (table,) = [item for item in made.outline if item.kind == "table"]
    read = read_table(made.text, table.start, table.end, table.table)
    assert next(line.wording for line in read.lines if line.kind == "row") == (
        f"Arvik, {first}2017: 41.2; {first}2018: 43.0; {second}2017: 312; {second}2018: 318"
    )
    assert read.common == (upper[0][1] if len(upper) == 1 else "")


@pytest.mark.parametrize("sentences", [1, 2])
def test_prose_in_larger_type_than_most_tables_is_no_heading(sentences: int) -> None:
    text = ["The catch of the northern ports fell by a tenth in the spring.", "Herring was landed in Corvin only."]
    rows = [(f"Quay {number}", *(f"{number * factor:,}" for factor in (1009, 977, 31, 37))) for number in range(1, 41)]

    def page(canvas: Canvas) -> None:
        draw_lines("Landings", y=780, size=16, font="Helvetica-Bold")(canvas)
        draw_lines(" ".join(text[:sentences]), y=750, size=11)(canvas)
        draw_table([("", "2017", "2018", "2017", "2018"), *rows], (60,), RIGHT, y=720, size=8)(canvas)

    made = document(Path("a.pdf"), draw_pages(page, page))
    assert {item.text for item in made.outline if item.kind == "section"} == {"Landings"}


@pytest.mark.parametrize(
    ("lines", "is_table"),
    [
        (("Sales", "1,234 1,111"), True),
        (("Umsatz", "1.234,5"), True),
        (("Balance", "(204)"), True),
        (("Ships", "312"), False),
        (("Annex", "A-12"), False),
        (("Foreword", "iii"), False),
    ],
)
def test_leaders_to_figures_are_a_table_and_leaders_to_page_numbers_are_contents(
    lines: tuple[str, str], is_table: bool
) -> None:
    label, figures = lines

    def draw(canvas: Canvas) -> None:
        for number, name in enumerate((label, "Stores of coal", "Quays")):
            canvas.drawString(60, 700 - 15 * number, f"{name} {'. ' * (40 - len(name))}")
            for column, figure in enumerate(figures.split()):
                canvas.drawRightString(400 + 70 * column, 700 - 15 * number, figure)

    reading = reader.read(draw_pages(draw))
    assert [mark.kind for mark in reading.marks or ()] == (["table"] if is_table else ["front"] * 3)


@pytest.mark.parametrize(("unit", "pages"), [("in Tausend Euro", 3), ("in thousands", 2), ("tonnes", 4)])
def test_the_unit_above_a_table_stays_above_it_on_each_page(unit: str, pages: int) -> None:
    page = draw_all(draw_lines("Table 4: Landings", unit, x=60, y=730, size=9), spanned_table([]))
    text = reader.read(draw_pages(*[page] * pages)).text
    assert text.count(f"{unit}\n") == pages


@pytest.mark.parametrize(
    ("raised", "before", "shown"),
    [
        ("1)", "Arvik", "¹⁾"),
        ("(2)", "", "⁽²⁾"),
        ("1,2", "", "¹,²"),
        ("a)", "12", "ᵃ⁾"),
        ("b", "Arvik", "ᵇ"),
        ("e", "XIX", ""),
        ("o", "1", ""),
        ("o", "n", ""),
        ("er", "1", ""),
        ("th", "19", ""),
    ],
)
def test_raised_marks_of_notes_are_superscript_and_ordinals_are_not(raised: str, before: str, shown: str) -> None:
    assert raise_digits(raised, before) == shown


def test_a_table_over_the_gutter_of_columns_keeps_its_header_and_rows_with_long_labels() -> None:
    sentence = (
        "The council met in the spring of that year",
        "and spoke about two berths that had been",
        "asked for by all captains of the fleet.",
    )
    prose = sentence * 4

    def table(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(60, 430, "Currency")  # between the rows of the header
        for x, text in ((350, "Average"), (530, "Year end")):
            canvas.drawRightString(x, 440, text)
        labels = ("Euro", "US dollar", "Pound sterling of Norvania")
        for number, cells in enumerate((("2017", "2018", "2017", "2018"), *[("9.31", "8.94", "9.12", "8.88")] * 3)):
            y = 420 - 18 * number
            if number:
                canvas.drawString(60, y + 2.5 * (number == 3), labels[number - 1])
            for x, text in zip((230, 350, 460, 530), cells, strict=True):
                canvas.drawRightString(x, y, text)
        canvas.drawString(60, 340, "a Interbank rate.")

    columns = draw_all(draw_lines(*prose, x=60, y=700), draw_lines(*prose[1:], x=310, y=706))
    made = document(Path("a.pdf"), draw_pages(draw_all(columns, table)))
    (item,) = [item for item in made.outline if item.kind == "table"]
    rows = [
        line.wording for line in read_table(made.text, item.start, item.end, item.table).lines if line.kind == "row"
    ]
    assert rows[-1].startswith("Pound sterling of Norvania, ")
    assert all(row.endswith("Year end, 2018: 8.88") for row in rows[-3:])
    assert made.text.endswith("\n\na Interbank rate.\n")
