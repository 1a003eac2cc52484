"""The order of the text of PDF pages: columns, turned text, vertical columns and right-to-left scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus.readers.pdf import reader
from tests.factories.rendered.formats import marked_texts
from tests.factories.rendered.pages import Draw, draw_all, draw_lines, draw_pages, draw_table, map_letters

WORDS = "the harbour took in ships of timber and coal from the northern ports all year".split()


def columns(count: int, lines: int, y: float = 700, last: str = "") -> tuple[Draw, str]:
    """Columns of lines of a single sentence that runs through all of them, and their text in reading order."""
    width = 460 / count
    draws: list[Draw] = []
    text: list[str] = []
    for column in range(count):
        rows = [
            " ".join(WORDS[(column * 5 + row * 3 + word) % len(WORDS)] for word in range(6 if count == 2 else 5))
            for row in range(lines)
        ]
        if column == count - 1:
            rows[-1] += last
        draws.append(draw_lines(*rows, x=60 + column * (width + 10), y=y, size=9 if count == 2 else 7))
        text += rows
    return draw_all(*draws), " ".join(text)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("lines", [9, 14])
@pytest.mark.parametrize("heading", ["2 Landings", "Landings", "2.1 What was landed"])
def test_columns_end_above_a_heading_below_them(count: int, lines: int, heading: str) -> None:
    draw, text = columns(count, lines)
    below = 700 - lines * (10.8 if count == 2 else 8.4) - 20
    page = draw_all(
        draw,
        draw_lines(heading, x=60, y=below, size=12, font="Helvetica-Bold"),
        draw_lines("Cod was scarce.", "Herring was not.", x=60, y=below - 20, size=9 if count == 2 else 7),
    )
    read = reader.read(draw_pages(page)).text.split("\n\n")
    assert read[0] == text
    assert read[1] == heading


@pytest.mark.parametrize(
    "right", [["and iron from the south."], ["and then the ice closed the port.", "It opened late."]]
)
def test_a_last_page_whose_second_column_is_only_begun_is_read_by_columns(right: list[str]) -> None:
    draw, text = columns(2, 14)
    left = [" ".join(WORDS[row % 5 : row % 5 + 8]) + " all winter" for row in range(6)]
    begun = draw_all(draw_lines(*left, x=60, size=9), draw_lines(*right, x=300, size=9))
    read = " ".join(reader.read(draw_pages(draw, begun)).text.split())
    assert read == " ".join([text, *left, *right])
    alone = " ".join(reader.read(draw_pages(begun)).text.split())
    assert alone != " ".join([*left, *right])  # nothing tells that these are columns


def test_a_table_after_a_page_of_columns_is_read_by_rows() -> None:
    draw, _ = columns(2, 14)
    labels = [f"{' '.join(WORDS[row : row + 6])} and the port" for row in range(6)]
    table = draw_all(draw_lines(*labels, x=60, size=9), draw_lines(*map(str, range(120, 126)), x=300, size=9))
    text = reader.read(draw_pages(draw, table)).text
    assert all(f"{label} | {120 + row}" in text for row, label in enumerate(labels))


def draw_justified(lines: list[str], x: float, right: float, y: float, size: float = 10) -> Draw:
    """Draw lines of which all but the last end at the same edge."""

    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(lines):
            text = canvas.beginText(x, y - 1.2 * size * number)
            text.setFont("Times-Roman", size)
            if number < len(lines) - 1:
                free = right - x - canvas.stringWidth(line, "Times-Roman", size)
                text.setWordSpace(free / line.count(" "))
            text.textOut(line)
            canvas.drawText(text)

    return draw


def draw_fleet(x: float, y: float, step: float = 13) -> Draw:
    return draw_table(FLEET, (x,), (x + 130, x + 190), y=y, step=step, size=9)


FLEET = [("Vessel", "2018", "2019"), ("Trawlers", "61", "58"), ("Tugs", "12", "14"), ("Ferries", "7", "9")]
FLEET_ROWS = "\n".join(" | ".join(row) for row in FLEET)
COLUMN = [f"{' '.join(WORDS[row % 5 : row % 5 + 8])} all" for row in range(12)]


@pytest.mark.parametrize("justified", [True, False])
@pytest.mark.parametrize("y", [740, 736, 690])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_table_at_the_top_of_the_other_column_is_no_part_of_the_title_beside_it(
    justified: bool, y: float, swapped: bool
) -> None:
    x, other = (310, 60) if swapped else (60, 310)
    column = draw_justified(COLUMN, x, x + 236, 680) if justified else draw_lines(*COLUMN, x=x, y=680, size=10)
    title = draw_lines("Yearbook of the", "Harbours 2019", x=x, y=745, size=18, font="Helvetica-Bold")
    text = reader.read(draw_pages(draw_all(title, column, draw_fleet(other, y)))).text
    assert set(text.strip().split("\n\n")) == {"Yearbook of the Harbours 2019", " ".join(COLUMN), FLEET_ROWS}


def test_a_table_on_the_lines_of_a_justified_column_is_no_part_of_them() -> None:
    text = reader.read(draw_pages(draw_all(draw_justified(COLUMN, 60, 296, 680), draw_fleet(310, 680, 12)))).text
    assert set(text.strip().split("\n\n")) == {" ".join(COLUMN), FLEET_ROWS}


@pytest.mark.parametrize("offset", [0, 6])
def test_values_beside_the_lines_of_long_labels_are_rows_of_a_table(offset: float) -> None:
    """The values may be centred between two lines of their label."""
    values = [(str(row + 31), str(row + 47)) for row in range(6)]
    labels = draw_lines(*COLUMN, x=60, y=680, size=10)
    table = draw_table(values, (330,), (440,), y=680 - offset, step=24, size=10)
    text = reader.read(draw_pages(draw_all(labels, table))).text
    places = [text.index(" | ".join(row)) for row in values]
    assert [text.count(" all", 0, place) for place in places] == [1 + offset // 6 + 2 * row for row in range(6)]


@pytest.mark.parametrize("years", [False, True])
def test_a_table_goes_on_at_the_top_of_the_next_column_unless_a_header_begins_another(years: bool) -> None:
    last = [("Barge", "2018", "2019")] * years + [
        ("Rafts", "4", "5"),
        ("Dredgers", "2", "2"),
        ("Pilot boats", "3", "4"),
    ]
    page = draw_all(
        draw_justified(COLUMN, 60, 296, 740),
        draw_fleet(60, 560),
        draw_table(last, (310,), (440, 500), y=740, step=13, size=9),
    )
    text = reader.read(draw_pages(page)).text
    assert FLEET_ROWS + "\n" * (2 if years else 1) + "\n".join(" | ".join(row) for row in last) in text


def test_columns_end_above_short_lines_and_begin_again_below() -> None:
    first, text = columns(2, 8)
    second, more = columns(2, 8, y=540, last=".")
    page = draw_all(first, draw_lines("Landings", x=60, y=568, size=12, font="Helvetica-Bold"), second)
    assert reader.read(draw_pages(page)).text == f"{text}\n\nLandings\n\n{more}\n"


def test_a_heading_in_the_left_column_does_not_end_the_right_one() -> None:
    left = [f"Left line {row} of text about the ports of the coast." for row in range(14)]
    right = [f"Right line {row} of text about the ships of the fleet." for row in range(20)]
    page = draw_all(
        draw_lines(*left[:7], x=60, size=9),
        draw_lines("Landings", x=60, y=700 - 7 * 10.8 - 8, size=11, font="Helvetica-Bold"),
        draw_lines(*left[7:], x=60, y=700 - 9.5 * 10.8, size=9),
        draw_lines(*right, x=320, size=9),
    )
    text = reader.read(draw_pages(page)).text
    assert text.index(left[13]) < text.index(right[0])


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("heading", ["2 Landings", "Landings by weight", "(3) Fish"])
@pytest.mark.parametrize("note", [(), ("1 Boats without a licence are included.",)])
def test_a_right_column_that_ends_by_chance_above_a_heading_on_its_left_ends_nothing_else(
    count: int, heading: str, note: tuple[str, ...]
) -> None:
    draw, text = columns(count, 9)
    size = 9 if count == 2 else 7
    leading = 1.2 * size
    more = [f"Below line {row} has text on ports of this coast"[: 48 if count == 2 else 37] for row in range(8)]
    page = draw_all(
        draw,
        draw_lines(heading, x=60, y=700 - 10 * leading, size=12, font="Helvetica-Bold"),
        draw_lines(*more, x=60, y=700 - 11.5 * leading, size=size),
        draw_lines(*note, x=60 + (460 / count + 10) * (count - 1), y=400, size=6.5),
    )
    read = reader.read(draw_pages(page)).text
    first, rest = text[: len(text) // count], " ".join(more)
    assert first[:200] in read
    assert read.index(heading) < read.index(rest) < read.index(text[-200:])


ROWS = (("Port", "2014", "2015"), ("Arvik", "1,204", "1,310"), ("Brevik", "804", "910"), ("Corvin", "304", "410"))
TABLE_TEXT = "\n".join(" | ".join(row) for row in ROWS)


@pytest.mark.parametrize("x", [50, 470])
@pytest.mark.parametrize(("step", "size", "below"), [(16, 7, 0), (16, 8, 3), (24, 9, 5), (20, 8, 1)])
def test_notes_in_the_margin_are_no_cells_of_a_table_beside_them(
    x: float, step: float, size: float, below: int
) -> None:
    notes = [
        "Ships of all flags",
        "are counted at the",
        "arrival in the port",
        "and at no other time",
        "of their stay, but",
    ]
    notes += ["for those in ballast"]
    page = draw_all(
        draw_table(ROWS, (170, 280, 390), y=700, step=step, size=11),
        draw_lines(*notes, x=x, y=700 - below, size=size, font="Times-Italic"),
    )
    reading = reader.read(draw_pages(page))
    assert marked_texts(reading, "table") == [TABLE_TEXT]
    assert " ".join(notes) in reading.text


@pytest.mark.parametrize("size", [7, 9])
def test_small_remarks_on_the_rows_of_a_table_are_cells(size: float) -> None:
    remarks = ("Remarks on it", "all flags counted", "revised in 2016", "without ferries")
    drawn = (draw_lines(text, x=420, y=700 - 16 * number, size=size) for number, text in enumerate(remarks))
    reading = reader.read(draw_pages(draw_all(draw_table(ROWS, (72, 182, 292), y=700, step=16, size=11), *drawn)))
    rows = [f"{' | '.join(row)} | {remark}" for row, remark in zip(ROWS, remarks, strict=True)]
    assert marked_texts(reading, "table") == ["\n".join(rows)]


@pytest.mark.parametrize("offset", [3, 5])
def test_a_form_among_tables_does_not_divide_them_into_columns(offset: float) -> None:
    left = ("Name: Port of Arvik", "Contact: Mr Dale", "Office of the port", "Quay 3, Arvik", "North Coast")
    right = ("Billing: net 30 days", "Terms: of the port", "Paid: by transfer", "Due: in December")
    tables = [draw_table(ROWS, (60, 170, 280), y=y, step=16, size=11) for y in (780, 680, 450)]
    page = draw_all(
        *tables[:2],
        draw_lines(*left, x=60, y=560),
        draw_lines(*right, x=260, y=560 - offset),
        tables[2],
    )
    text = reader.read(draw_pages(page)).text
    assert text.count("\n".join(" | ".join(row) for row in ROWS[1:])) == 3


@pytest.mark.parametrize("word", ["Gemeindeverwaltungen", "Verwaltungsgemeinschaften"])
def test_a_line_that_ends_early_since_the_next_word_is_long_breaks_no_paragraph(word: str) -> None:
    lines = [
        "Die Anlage lieferte viel Wasser an die u. a.",
        f"{word} und ihre Schulen auf der",
        "Insel, und zwar bis in den Mai des Jahres hinein.",
    ]
    assert (
        " ".join(lines)
        in reader.read(draw_pages(draw_lines("Wasser der Insel und der Schulen in den Jahren", *lines))).text
    )


NARROW_PROSE = [
    "The harbour board spent more on the dredging of",
    "the inner basin than in any year before, and the",
    "{}",
    "{}",
    "which the province paid back in the same winter.",
]


@pytest.mark.parametrize(
    ("end", "begin"),
    [
        ("outlay on the new mole grew by 4.2", "million crowns, mostly on account of the quays,"),
        ("share of the dues in all income is 0.75", "of the total and covers the wages of the pilots,"),
        ("ferry to the outer isles now sails at 7.30", "in the morning and was late on nine of the days,"),
        ("boats of the river police, i.e. of the approx.", "forty that were laid up, and the two tug boats,"),
        ("Kosten der neuen langen Mole stiegen um 4.2", "Millionen Kronen, und zwar wegen aller Kaimauern"),
    ],
)
@pytest.mark.parametrize("wide", [False, True])
def test_a_number_or_an_abbreviation_at_a_line_end_ends_no_paragraph(end: str, begin: str, wide: bool) -> None:
    lines = [line.format(end if number == 2 else begin) for number, line in enumerate(NARROW_PROSE)]
    page = draw_all(
        *([draw_table([["Quay", "2019", "2020"], ["North", "12", "14"], ["South", "3", "5"]], (72, 300, 480))] * wide),
        draw_lines(*lines, y=560),
    )
    assert " ".join(lines) in reader.read(draw_pages(page)).text.strip().split("\n\n")


def test_a_short_line_that_ends_with_a_raised_note_number_ends_a_paragraph() -> None:
    lines = ["The pilots brought in more ships than in the year of", "the great storm.\u00b2", *NARROW_PROSE[:2]]
    text = reader.read(draw_pages(draw_lines(*lines))).text.strip()
    assert text.split("\n\n") == [" ".join(lines[:2]), " ".join(lines[2:])]


def test_prices_at_line_ends_end_the_items_of_a_receipt() -> None:
    items = ["Rope of hemp, 40 fathoms, @ 12.50", "Tar in two barrels @ 7.25", "Lamp oil @ 3.00", "Nails @ 0.95"]
    items.append("Canvas, bleached, for the sails of the pilot boat and of both of its tenders @ 18.75")
    assert reader.read(draw_pages(draw_lines(*items))).text.strip().split("\n\n") == items


def test_a_line_of_a_caption_as_wide_as_the_prose_goes_on_below_it() -> None:
    prose = [" ".join(WORDS[row % 5 : row % 5 + 8]) for row in range(6)]
    page = draw_all(
        draw_table([["Quay", "2019", "2020"], ["North", "12", "14"], ["South", "3", "5"]], (72, 300, 480), y=740),
        draw_lines(*prose, y=660),
        draw_lines("Table 2. Ships and cargo in the ports,", "thousands", y=570, font="Helvetica-Bold", size=9),
        draw_table([["Port", "2019", "2020"], ["Nes", "1.2", "1.4"], ["Lund", "0.3", "0.5"]], (72, 150, 200), y=540),
    )
    assert "Table 2. Ships and cargo in the ports, thousands\nPort | 2019" in reader.read(draw_pages(page)).text


def turned(text: str, x: float, y: float, angle: float, size: float = 11, by_letter: bool = False) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(angle)
        canvas.setFont("Helvetica-Bold", size)
        at = 0.0
        for piece in text if by_letter else [text]:
            canvas.drawString(at, 0, piece)
            at += canvas.stringWidth(piece)
        canvas.restoreState()

    return draw


BODY = (
    "The harbours of the province took in more vessels than in the year before,",
    "most of them with timber from the neighbouring countries in the north.",
)


@pytest.mark.parametrize(
    ("angle", "by_letter"), [(90, True), (270, True), (180, False), (90, False), (270, False), (45, False), (30, False)]
)
def test_turned_text_is_one_line_apart_from_the_text(angle: float, by_letter: bool) -> None:
    page = draw_all(draw_lines(*BODY), turned("Chapter 2 Coasts", 300, 400, angle, by_letter=by_letter))
    reading = reader.read(draw_pages(page))
    assert reading.text == f"{' '.join(BODY)}\n\nChapter 2 Coasts\n"


@pytest.mark.parametrize(("x", "angle"), [(560, 270), (580, 90), (30, 90)])
@pytest.mark.parametrize("size", [8, 11, 18])
def test_thumb_tabs_and_watermarks_on_several_pages_are_furniture(x: float, angle: float, size: float) -> None:
    pages = [
        draw_all(
            draw_lines(f"Page {word} begins here.", *BODY),
            turned("Coasts", x, 500, angle, size),
            turned("DRAFT", 200, 300, 45, 60),
        )
        for word in ("one", "two", "three", "four")
    ]
    reading = reader.read(draw_pages(*pages))
    assert sorted(set(reading.furniture)) == ["Coasts", "DRAFT"]
    assert "Coasts" not in reading.text
    assert "DRAFT" not in reading.text


def vertical(columns: list[str], size: float, x: float = 500, y: float = 780) -> bytes:
    """A page of vertical columns; each letter is drawn upright, as a letter of a fixed width that is mapped to it."""
    codes = {letter: chr(33 + number) for number, letter in enumerate(sorted(set("".join(columns))))}

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Courier", size)
        for number, column in enumerate(columns):
            for row, letter in enumerate(column):
                canvas.drawString(x - number * 1.7 * size, y - row * size, codes[letter])

    return map_letters(draw_pages(draw), {code: letter for letter, code in codes.items()})


VERTICAL = [
    ["漁港の統計は毎年春に発表される", "もので、昨年は魚の水揚げが四百", "トンに達した。"],
    ["本年の予算は三億円である", "これは前年より少ない額で", "港の整備に使われる"],
    ["東京湾の船は", "二十隻を数え", "三隻が去った"],
]


@pytest.mark.parametrize("lines", VERTICAL)
@pytest.mark.parametrize("size", [9, 12, 20])
def test_vertical_columns_are_read_from_right_to_left(lines: list[str], size: float) -> None:
    text = reader.read(vertical(lines, size)).text
    assert "".join(text.split()) == "".join(lines)


def test_a_printed_page_of_vertical_japanese_is_read_by_columns(data: Path) -> None:
    (file,) = (data / "cases").glob("16-*/docs/*.pdf")
    text = reader.read(file.read_bytes()).text
    assert "あらゆる透明な幽霊の複合体" in text
    assert " | " not in text


HEBREW = dict(zip("abcdefghijklmnopqrstuvwxyz", "אבגדהוזחטיכלמנסעפצקרשתםןץף", strict=True))


def hebrew(text: str) -> str:
    return "".join(HEBREW.get(letter, letter) for letter in text)


@pytest.mark.parametrize("by_word", [True, False])
@pytest.mark.parametrize("reverse", [True, False])
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("shalom leha cfar", "rafc ahel molahs"),
        ("the year 2018 ended", "dedne 2018 raey eht"),
        ("of 3,911 ships, 12.5 left", "tfel 12.5 ,spihs 3,911 fo"),
        ("ships of FAO and WHO", "WHO dna FAO fo spihs"),
    ],
)
def test_right_to_left_words_are_spelt_from_their_first_letter(
    words: str, shown: str, by_word: bool, reverse: bool
) -> None:
    """Files store such letters in the order shown, from left to right, or in the order of reading, word by word."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        pieces: list[tuple[float, str]] = []
        at = 200.0
        for word in shown.split(" "):
            letters = [word] if by_word else list(word)
            for letter in letters:
                pieces.append((at, letter))
                at += canvas.stringWidth(letter)
            at += 4
        for x, letter in pieces[::-1] if reverse else pieces:
            canvas.drawString(x, 700, letter)

    assert reader.read(map_letters(draw_pages(draw), HEBREW)).text == f"{hebrew(words)}\n"


def test_right_to_left_columns_and_paragraphs_are_read_from_the_right() -> None:
    def line(canvas: Canvas, text: str, right: float, y: float) -> None:
        shown = " ".join(word if word.isdecimal() else word[::-1] for word in reversed(text.split()))
        canvas.drawRightString(right, y, shown)

    first = ["alef bet gimel dalet he waw zayin", "het tet yod kaf lamed mem nun", "samek ayin pe tsade qof resh shin"]
    second = [f"{text} tav" for text in first[:2]] + ["samek ayin."]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for row in range(6):
            line(canvas, first[row % 3], 540, 700 - 12 * row)
            line(canvas, second[row % 3] if row < 5 else second[2], 280, 700 - 12 * row)

    text = reader.read(map_letters(draw_pages(draw), HEBREW)).text
    expected = " ".join([*first, *first, *second, *second])
    assert text.split() == hebrew(expected).split()


def test_an_arabic_page_printed_by_a_browser_is_read_as_written(data: Path) -> None:
    (file,) = (data / "cases").glob("17-*/docs/*.pdf")
    reading = reader.read(file.read_bytes())
    assert "بلغت كمية الأسماك في الموانئ خلال السنة ثلاثة آلاف طن، وهي أقل من السنة الماضية." in reading.text
    assert marked_texts(reading, "section") == ["تقرير الموانئ 2018", "الأسماك"]


BESIDE = (
    "The fleet grew in the year under review by seven",
    "ships, as the council had asked for in spring, and",
    "the fees that its owners paid rose by a tenth of it",
    "to four million crowns, more than in any year since",
)


def draw_box(texts: tuple[str, ...], *, filled: bool = False, lines: bool = False, clipped: bool = False) -> Draw:
    """Draw short texts in a box right of the column: a rectangle, filled or not, four lines, or a clipped page."""

    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        if lines:
            for line in ((330, 640, 420, 640), (330, 715, 420, 715), (330, 640, 330, 715), (420, 640, 420, 715)):
                canvas.line(*line)
        elif clipped:
            canvas.saveState()
            path = canvas.beginPath()
            path.rect(330, 640, 90, 75)
            canvas.clipPath(path, stroke=0, fill=0)
            canvas.rect(0, 0, 595, 842, stroke=0, fill=1)
            canvas.restoreState()
        else:
            canvas.rect(330, 640, 90, 75, stroke=int(not filled), fill=int(filled))
        canvas.setFillGray(0)
        draw_lines(*texts, x=336, y=700, size=9)(canvas)

    return draw


@pytest.mark.parametrize("kind", [{"filled": True}, {"filled": False}, {"lines": True}, {"clipped": True}])
def test_words_in_a_small_box_beside_prose_are_no_cells(kind: dict[str, bool]) -> None:
    texts = ("Key facts", "312 people", "18 harbours")
    page = draw_all(draw_box(texts, **kind), draw_lines(*BESIDE, x=72, y=700, size=10))
    text = reader.read(draw_pages(page)).text
    assert " ".join(BESIDE) in text
    assert "|" not in text
    assert all(word in text for word in texts)


def test_a_shaded_column_is_part_of_its_table() -> None:
    names = ("Grants of the ministry of the sea and ports", "Licences of all skippers of the northern fleet", "Total")
    page = draw_all(
        draw_box(("1,204", "3,150", "4,354"), filled=True),
        draw_lines(*names, x=72, y=700, size=9),
        draw_lines("1,190", "3,020", "4,210", x=440, y=700, size=9),
    )
    assert f"{names[0]} | 1,204 | 1,190\n{names[1]} | 3,150 | 3,020\n" in reader.read(draw_pages(page)).text


BOX_TEXT = [
    "The board asks each pilot for the hours that he",
    "spent at sea in the week before, and pays for",
    "those that he spent ashore by a fixed rate, which",
    "the province sets on the first day of the year.",
]


@pytest.mark.parametrize("title", ["Box 3. How pilots are paid", "Box 2.1 Pay of pilots", "Case study: Pay of pilots"])
@pytest.mark.parametrize("bar", ["none", "frame", "rules"])
@pytest.mark.parametrize("size", [8, 10])
def test_the_title_of_a_box_and_its_text_are_an_inset(title: str, bar: str, size: float) -> None:
    def draw_frames(canvas: Canvas) -> None:
        if bar == "none":
            canvas.rect(60, 540, 250, 80)
        else:
            canvas.rect(60, 540, 250, 60)
        if bar == "frame":
            canvas.rect(60, 600, 250, 20)
        if bar == "rules":
            canvas.line(60, 620, 310, 620)

    page = draw_all(
        draw_lines(*COLUMN[:5], x=60, y=700, size=10),
        draw_frames,
        draw_lines(title, x=66, y=606, size=size, font="Times-Bold"),
        draw_lines(*BOX_TEXT, x=66, y=586, size=size),
        draw_lines(*COLUMN[5:], x=60, y=510, size=10),
    )
    reading = reader.read(draw_pages(page))
    assert marked_texts(reading, "inset") == [f"{title}\n\n{' '.join(BOX_TEXT)}"]
    assert marked_texts(reading, "caption") == []


def test_a_line_of_prose_between_a_rule_and_a_frame_is_no_title_of_the_frame() -> None:
    def draw_frames(canvas: Canvas) -> None:
        canvas.rect(60, 540, 250, 80)
        canvas.line(60, 640, 310, 640)

    page = draw_all(
        draw_frames,
        draw_lines(*COLUMN[:6], x=60, y=688, size=10),
        draw_lines("Pay of pilots", x=66, y=606, size=10, font="Times-Bold"),
        draw_lines(*BOX_TEXT, x=66, y=586, size=10),
        draw_lines(*COLUMN[6:], x=60, y=510, size=10),
    )
    assert marked_texts(reader.read(draw_pages(page)), "inset") == [f"Pay of pilots\n\n{' '.join(BOX_TEXT)}"]


def test_a_heading_ends_columns_that_differ_by_two_lines() -> None:
    left, right = [line[:40] for line in BESIDE * 2], [line[5:45] for line in BESIDE * 2][:6]
    page = draw_all(
        draw_lines(*left[:-1], "of it.", x=72, y=700, size=10),
        draw_lines(*right[:-1], "by a tenth of all.", x=310, y=700, size=10),
        draw_lines("Cargo", x=72, y=590, size=13, font="Times-Bold"),
        draw_lines(" ".join(BESIDE[:2]), x=72, y=570, size=10),
    )
    text = reader.read(draw_pages(page)).text
    assert text.index("by a tenth of all.") < text.index("Cargo")
