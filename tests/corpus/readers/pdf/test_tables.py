"""Tables without rules on PDF pages: header cells over columns, leaders, units above them, and marks of notes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from corpus.chunking.row_embedding_text import TableText, read_table
from corpus.readers.base import raise_digits
from corpus.readers.pdf import reader
from tests.factories.rendered.pages import Draw, draw_all, draw_lines, draw_pages, draw_table
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


def read_tables(data: bytes) -> list[TableText]:
    """Return the tables of a file."""
    made = document(Path("a.pdf"), data)
    return [read_table(made.text, item.start, item.end, item.table) for item in made.outline if item.kind == "table"]


def worded(table: TableText) -> list[str]:
    return [line.wording for line in table.lines if line.kind == "row"]


def heads_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows in words: the first of them has the heads of the columns."""
    heads = rows[0][1:]
    return [
        f"{label}, " + "; ".join(f"{head}: {value}" for head, value in zip(heads, values, strict=True))
        for label, *values in rows[1:]
    ]


NARROW = (
    ("Mine", "1911", "1912", "Change"),
    ("Alder Hill and Upper Fell", "1,240", "1,310", "5.6"),
    ("Brock", "91", "88", "-3.3"),
    ("Crane", "1,004", "1,120", "11.6"),
)


@pytest.mark.parametrize("gap", [4.0, 5.0, 8.0])
@pytest.mark.parametrize("size", [8, 10])
def test_cells_as_near_as_words_are_told_apart_by_the_rows_beside_them(gap: float, size: int) -> None:
    figure, head = stringWidth("1,240", "Times-Roman", size), stringWidth("Change", "Times-Roman", size)
    first = 60 + stringWidth(NARROW[1][0], "Times-Roman", size) + gap + figure
    right = (first, first + gap + figure, first + 2 * gap + figure + head)
    (table,) = read_tables(draw_pages(draw_table(NARROW, (60,), right, size=size)))
    assert worded(table) == heads_of(NARROW)


@pytest.mark.parametrize("separator", [" ", ","])
def test_thousands_with_spaces_stay_whole_beside_near_cells(separator: str) -> None:
    rows = [tuple(cell.replace(",", separator) for cell in row) for row in NARROW]
    first = 60 + stringWidth(NARROW[1][0], "Times-Roman", 10) + 27.5
    (table,) = read_tables(draw_pages(draw_table(rows, (60,), (first, first + 28, first + 70), size=10)))
    assert worded(table) == heads_of(rows)


def test_lines_of_prose_near_a_table_are_not_split() -> None:
    prose = (
        "The owners of the mines were asked in 1912 what 1,310 tons",
        "of coal cost them, and 88 of 91 did answer.",
    )
    page = draw_all(draw_lines(*prose, x=60, y=676, size=10), draw_table(NARROW, (60,), (190, 230, 275), size=10))
    assert " ".join(prose) in reader.read(draw_pages(page)).text


FLEET = (("Port", "Ships", "Crew", "Value"), ("Rye", "12", "114", "1,310"), ("Deal", "7", "39", "880"))
TRADE = (("Goods", "1912", "1911", "1910"), ("Wool", "301", "280", "266"), ("Salt", "44", "51", "60"))


@pytest.mark.parametrize("title", ["Table 2. Trade of the ports", "Tabelle 2: Handel", "Trade of the ports"])
@pytest.mark.parametrize("rows", [(FLEET, TRADE), (TRADE, FLEET)])
@pytest.mark.parametrize("right", [(200, 270, 340), (230, 280, 330)])
def test_a_caption_or_header_below_rows_begins_a_table(
    title: str, rows: Sequence[Sequence[Sequence[str]]], right: Sequence[float]
) -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines("Table 1. Ports", x=60, y=700, size=10)(canvas)
        draw_table(rows[0], (60,), (200, 270, 340), y=686)(canvas)
        canvas.drawString(60, 644, title)
        draw_table(rows[1], (60,), right, y=630)(canvas)

    assert [worded(table) for table in read_tables(draw_pages(draw))] == [heads_of(table) for table in rows]


def test_a_row_of_years_in_a_table_with_words_is_no_header() -> None:
    rows = (("Port", "Mole", "Light"), ("Rye", "12", "114"), ("Year built", "1911", "1899"), ("Deal", "7", "9"))
    (table,) = read_tables(draw_pages(draw_table(rows, (60,), (200, 270))))
    assert len(worded(table)) == 3


@pytest.mark.parametrize("gap", [20, 60])
@pytest.mark.parametrize("label_y", [707, 716, 702])
def test_two_level_headers_keep_the_label_between_their_rows(gap: int, label_y: int) -> None:
    right = (200, 200 + gap + 20, 200 + 2 * gap + 40, 200 + 3 * gap + 60)

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 9)
        for x, text in ((sum(right[:2]) / 2 - 8, "2017"), (sum(right[2:]) / 2 - 8, "2018")):
            canvas.drawCentredString(x, 718, text)
        canvas.drawString(60, label_y, "Pit")
        draw_table([("", "Coal", "Men", "Coal", "Men"), *ROWS], (60,), right, y=696, size=9)(canvas)

    (table,) = read_tables(draw_pages(draw))
    assert worded(table)[0] == "Arvik, 2017, Coal: 41.2; 2017, Men: 43.0; 2018, Coal: 312; 2018, Men: 318"


@pytest.mark.parametrize("upper", [True, False])
@pytest.mark.parametrize("gap", [4, 30])
def test_a_header_at_the_end_of_a_page_heads_the_rows_on_the_next_one(upper: bool, gap: int) -> None:
    right = tuple(150 + number * (20 + gap) for number in range(4))

    def first(canvas: Canvas) -> None:
        draw_lines("The inspectors visited every pit in the spring and in the autumn of that year.", y=200)(canvas)
        canvas.setFont("Times-Roman", 9)
        for number, text in enumerate(("2017", "2018") if upper else ()):
            canvas.drawCentredString((right[2 * number] + right[2 * number + 1]) / 2 - 8, 94, text)
        draw_table([("Pit", "Coal", "Men", "Coke", "Boys")], (60,), right, y=80, size=9)(canvas)

    (table,) = read_tables(draw_pages(first, draw_table(ROWS, (60,), right, y=780, size=9)))
    years = ("2017, ", "2018, ") if upper else ("", "")
    assert worded(table)[0] == (
        f"Arvik, {years[0]}Coal: 41.2; {years[0]}Men: 43.0; {years[1]}Coke: 312; {years[1]}Boys: 318"
    )


@pytest.mark.parametrize("unit", ["thousand tonnes", "(’000 tonnes)", "million kroner", "Tsd. Tonnen"])
@pytest.mark.parametrize("place", ["labels", "values", "caption"])
def test_a_unit_below_the_caption_or_the_header_is_part_of_it(unit: str, place: str) -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines("Table 7. Catch by port", x=60, y=740, size=10)(canvas)
        draw_table(TRADE[:1], (60,), (200, 270, 340), y=712)(canvas)
        if place == "values":
            canvas.drawCentredString(260, 698, unit)
        else:
            canvas.drawString(60, 728 if place == "caption" else 698, unit)
        draw_table(TRADE[1:], (60,), (200, 270, 340), y=684)(canvas)

    made = document(Path("a.pdf"), draw_pages(draw))
    (item,) = [item for item in made.outline if item.kind == "table"]
    table = read_table(made.text, item.start, item.end, item.table)
    captions = [made.text[line.start : line.end] for line in table.lines if line.kind == "text"]
    assert unit in " ".join((*captions, table.header, table.common))
    assert worded(table) == heads_of(TRADE)


def test_a_sign_below_the_head_of_one_column_is_its_unit_alone() -> None:
    def draw(canvas: Canvas) -> None:
        draw_table(TRADE[:1], (60,), (200, 270, 340), y=712)(canvas)
        canvas.drawRightString(270, 700, "%")
        draw_table(TRADE[1:], (60,), (200, 270, 340), y=684)(canvas)

    (table,) = read_tables(draw_pages(draw))
    assert worded(table)[0] == "Wool, 1912: 301; 1911 %: 280; 1910: 266"


CREW = (("Name", "Rank", "Ship", "Pay"), ("Ada", "Mate", "Petrel", "31"), ("Bo", "Cook", "Heron", "22"))


@pytest.mark.parametrize(
    ("rows", "right"),
    [
        ((("Port", "Light", "Built", "Keeper", "Lamps"), ("Rye", "Red", "1911", "Cy", "3")), (200, 270, 340, 410)),
        ((("Port", "Light", "Lamps"), ("Rye", "Red", "3"), ("Deal", "Blue", "4")), (235, 310)),
    ],
)
def test_a_header_of_words_below_rows_with_words_begins_a_table(
    rows: Sequence[Sequence[str]], right: Sequence[float]
) -> None:
    def draw(canvas: Canvas) -> None:
        draw_table(CREW, (60,), (200, 270, 340), y=686)(canvas)
        canvas.drawString(60, 644, "Lights")
        draw_table(rows, (60,), right, y=630)(canvas)

    tables = read_tables(draw_pages(draw))
    assert [table.header.split(" | ") for table in tables] == [list(CREW[0]), list(rows[0])]


def test_a_table_after_another_page_keeps_what_is_there_apart() -> None:
    frame = draw_lines("A rectangle with this text", x=190, y=80, size=9)
    rows = [("Coal", "1", "2", "3"), ("Coke", "4", "5", "6"), ("Peat", "7", "8", "9")]
    (table,) = read_tables(draw_pages(frame, draw_table(rows, (60,), (200, 270, 340), y=780)))
    assert worded(table) == ["Coal 1; 2; 3", "Coke 4; 5; 6", "Peat 7; 8; 9"]


@pytest.mark.parametrize("values", [1, 2, 3])
def test_the_values_beside_the_middle_of_a_label_of_two_lines_are_its_row(values: int) -> None:
    right = (230, 290, 350)[: values + 1]
    cells = [("Port", "1911", "1912", "1913"), ("Rye", "12", "14", "16"), ("Deal", "7", "9", "11")]
    rows = [row[: len(right) + 1] for row in cells]

    def draw(canvas: Canvas) -> None:
        draw_table(rows, (60,), right, y=686, step=28)(canvas)
        canvas.drawString(60, 607, "Great Northern")
        canvas.drawString(60, 596, "Harbour Company")
        draw_table([("", *rows[1][1:])], (60,), right, y=601.5)(canvas)
        draw_table(rows[2:], (60,), right, y=574)(canvas)

    (table,) = read_tables(draw_pages(draw))
    label = "Great Northern Harbour Company"
    assert worded(table) == heads_of([*rows, (label, *rows[1][1:]), rows[2]])


@pytest.mark.parametrize("alone", [0, 1])
def test_a_row_alone_on_a_page_belongs_to_the_table_on_the_other_page(alone: int) -> None:
    right = (230, 290, 350)
    rows = [FLEET[0], *(FLEET[1:] * 3)]
    prose = "The harbour board met in the spring of the year, and asked for a new light and for two more ships. " * 3
    cut = 1 if alone == 0 else len(rows) - 1

    def first(canvas: Canvas) -> None:
        draw_lines(prose[:90], x=60, y=300)(canvas)
        draw_table(rows[: cut + 1] if alone == 0 else rows[:cut], (60,), right, y=60 + 14 * cut)(canvas)

    def second(canvas: Canvas) -> None:
        draw_table(rows[cut + 1 :] if alone == 0 else rows[cut:], (60,), right, y=780)(canvas)
        draw_lines(prose[:90], x=60, y=600)(canvas)

    (table,) = read_tables(draw_pages(first, second))
    assert worded(table) == heads_of(rows)


@pytest.mark.parametrize("middle", [106, 108, 110, 112, 114, 116])
def test_the_words_of_a_label_stay_together_wherever_the_columns_of_a_table_nearby_are(middle: float) -> None:
    near = [("A", "1", "2", "3"), ("B", "44", "51", "60"), ("C", "7", "8", "9")]
    rows = [("Port", "Ships", "Crew"), ("Great Northern Railway", "12", "114"), ("Deal and Rye", "7", "39")]
    page = draw_all(
        draw_table(near, (60,), (middle, 140, 170), y=686), draw_table(rows, (60,), (220, 280), y=686 - 14 * len(near))
    )
    text = reader.read(draw_pages(page)).text
    assert "Great Northern Railway | 12 | 114" in text
    assert "Deal and Rye | 7 | 39" in text


def test_figures_in_type_of_one_width_are_not_split_at_single_spaces() -> None:
    rows = ("0010  4d 49 4d 45 61 67  69 63 00 11 35 30", "0020  74 65 78 74 66 64  69 66 66 12 11 30") * 3
    page = draw_all(
        draw_lines("The bytes of the file are these, in two columns of six each.", y=730),
        *(draw_lines(row, y=700 - 12 * number, size=10, font="Courier") for number, row in enumerate(rows)),
    )
    text = " ".join(reader.read(draw_pages(page)).text.split())
    assert "4d 49 4d 45 61 67" in text
    assert "69 66 66 12 11 30" in text
