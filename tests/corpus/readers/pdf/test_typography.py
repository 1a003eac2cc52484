"""Typography that is easily misread: justified lines, list items, raised digits, drawn signs and labels, large type."""

from __future__ import annotations

from collections.abc import Sequence

import pypdf
import pytest
from pypdf.generic import NameObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from corpus.readers.pdf import reader
from corpus.readers.pdf.extraction.glyphs import Glyph, _continues, _extend_white, _is_space_before
from tests.factories.rendered.formats import marked_texts
from tests.factories.rendered.pages import Draw, draw_all, draw_lines, draw_pages, draw_table, edit_pdf

PROSE = (
    "The council met in the spring of that year and spoke about the two new berths",
    "that had been asked for by the captains of the fleet in every year since 1951,",
)


def read_text(*draws: Draw) -> str:
    return reader.read(draw_pages(draw_all(*draws))).text


@pytest.mark.parametrize(
    "words", ["Ships of all nations", "Umfassende Zusammenarbeit beider", "Les deux gouvernements"]
)
def test_the_words_of_a_widely_justified_line_are_one_line(words: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        first = "berths that had been asked for by the captains"
        canvas.drawString(72, 700, first)
        width = canvas.stringWidth(first)
        parts = words.split()
        gap = (width - sum(map(canvas.stringWidth, parts))) / (len(parts) - 1)
        x = 72.0
        for part in parts:
            canvas.drawString(x, 686.8, part)
            x += canvas.stringWidth(part) + gap
        canvas.drawString(72, 673.6, "met in the spring.")

    assert f"captains {words} met in the spring." in reader.read(draw_pages(draw)).text


def test_lines_of_program_code_are_kept_and_those_of_typewritten_prose_are_joined() -> None:
    code = ("def double(number):", "    return 2 * number", "", "print('the double of four: ', double(4))")
    between = draw_lines(*code, y=660, size=9, font="Courier")
    text = read_text(draw_lines(*PROSE, y=700), between, draw_lines(*PROSE, y=600))
    assert "\n\ndef double(number):\nreturn 2 * number\nprint('the double of four: ', double(4))\n\n" in text
    typewritten = draw_lines(*PROSE, y=660, size=8, font="Courier")
    for draws in ((typewritten,), (draw_lines(*PROSE, *PROSE, y=740), typewritten)):
        assert " ".join(PROSE) in read_text(*draws)


@pytest.mark.parametrize("sign", ["•", "-", "1."])
def test_a_paragraph_after_a_list_is_no_part_of_its_last_item(sign: str) -> None:
    items = draw_lines(f"{sign} repair of lamps", f"{sign} purchase of boats", x=90, y=660)
    text = read_text(draw_lines(*PROSE, y=700), items, draw_lines(*PROSE, y=630))
    assert f"{sign} purchase of boats\n\nThe council met" in text


@pytest.mark.parametrize(
    ("end", "begin"), [("vgl. Abb.", "12. Die"), ("(cf.", "Vol. 2) the"), ("in the church of", "St. Olav")]
)
def test_an_abbreviation_or_a_number_at_a_line_end_begins_no_item(end: str, begin: str) -> None:
    lines = (
        PROSE[0],
        f"Many captains of the fleet came from far away and met there in summer {end}",
        f"{begin} fleet sailed.",
    )
    assert f"{end} {begin} fleet sailed." in read_text(draw_lines(*lines))


@pytest.mark.parametrize(
    ("word", "raised", "expected"), [("in 2016", "3", "in 2016³"), ("10", "-6", "10⁻⁶"), ("m", "2", "m²")]
)
@pytest.mark.parametrize("size", [7, 9.4])  # by CSS "smaller"
def test_raised_digits_are_read_as_seen(word: str, raised: str, expected: str, size: float) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(72, 700, f"They counted {word}")
        x = 72 + canvas.stringWidth(f"They counted {word}")
        canvas.setFont("Times-Roman", size)
        canvas.drawString(x, 704, raised)

    assert reader.read(draw_pages(draw)).text == f"They counted {expected}\n"


@pytest.mark.parametrize(
    ("sign", "mark", "size", "left", "baseline", "continues"),
    [
        (".", "3", 7.0, 304.2, 695.4, True),
        (",", "1", 8.0, 305.0, 694.5, True),
        (".", "3", 7.0, 330.0, 695.4, False),
        (".", "3", 7.0, 304.2, 688.0, False),
        (".", "3", 12.0, 304.2, 695.4, False),
        (".", "x", 7.0, 304.2, 695.4, False),
    ],
)
def test_the_mark_of_a_note_continues_a_line_after_a_sign_with_a_low_box(
    sign: str, mark: str, size: float, left: float, baseline: float, continues: bool
) -> None:
    last = Glyph(sign, 300.2, 694.8, 304.0, 702.1, 700.0, 12.0, False, False, False, 0)
    box = baseline - 0.74 * size, left + 0.64 * size, baseline + 0.17 * size
    assert _continues(last, Glyph(mark, left, *box, baseline, size, False, False, False, 1)) is continues


def test_a_small_digit_below_a_capital_belongs_to_its_formula() -> None:
    begin = pdfmetrics.stringWidth("They counted CO", "Times-Roman", 11)
    digit = draw_lines("2", x=72 + begin, y=698.5, size=6.4)
    rest = draw_lines("at sites.", x=72 + begin + 6, y=700)
    assert read_text(draw_lines("They counted CO"), digit, rest) == "They counted CO2 at sites.\n"


@pytest.mark.parametrize(
    ("codes", "left", "baseline", "is_space"),
    [
        ([13, 10], 106.2, 700.0, False),  # as PDFium reports all letters of later pages of wkhtmltopdf
        ([13, 10], 109.0, 700.0, True),
        ([13, 10], 106.2, 713.2, True),
        ([32], 106.2, 700.0, True),
        ([32, 13, 10], 106.2, 700.0, True),
        ([], 106.2, 700.0, False),
    ],
)
def test_a_break_between_letters_that_touch_is_no_space(
    codes: list[int], left: float, baseline: float, is_space: bool
) -> None:
    white = ""
    for code in codes:
        white = _extend_white(white, code)
    last = Glyph("B", 100.0, 692.0, 106.0, 702.0, 700.0, 11.0, False, False, False, 0, False)
    assert _is_space_before(white, [(last, 0)], left, baseline) is is_space


def test_signs_drawn_beside_lines_are_bullets() -> None:
    def signs(canvas: Canvas) -> None:
        for y in (660, 646.8, 633.6):
            canvas.circle(84, y + 3, 1.5, stroke=0, fill=1)

    items = draw_lines("repair of lamps", "purchase of boats", "oil", x=92, y=660)
    text = read_text(draw_lines(*PROSE, y=700), signs, items)
    assert "• repair of lamps\n\n• purchase of boats\n\n• oil" in text


@pytest.mark.parametrize(
    ("font", "code", "sign"),
    [
        ("Wingdings", "n", "■"),
        ("ABCDEF+Wingdings-Regular", "y", "•"),
        ("ABCDEF+Webdings", "a", "•"),
        ("Other", "n", "n"),
    ],
)
def test_letters_of_fonts_of_signs_are_signs(font: str, code: str, sign: str) -> None:
    def rename(writer: pypdf.PdfWriter) -> None:
        fonts = writer.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
        for reference in fonts.values():
            if reference.get_object()["/BaseFont"] == "/Courier":
                reference.get_object()[NameObject("/BaseFont")] = NameObject(f"/{font}")

    items = ["repair of lamps and of boats", "purchase of boats and of nets"]
    signs = draw_lines(code, code, x=72, size=10, font="Courier")
    data = edit_pdf(draw_pages(draw_all(signs, draw_lines(*items, x=90, size=10))), rename)
    assert reader.read(data).text.startswith(f"{sign} {items[0]}")


def test_the_lines_of_a_cell_are_one_row() -> None:
    rows: list[Draw] = []
    for number in range(4):
        y = 700 - 30 * number
        rows += [
            draw_lines("District of", x=72, y=y + 6, size=10),
            draw_lines(f"Arvik {number}", x=72, y=y - 6, size=10),
            draw_table([(f"{number}1.5", f"{number}2.5", f"{number}3.5")], (200, 280, 360), y=y),
        ]
    text = read_text(*rows)
    assert "District of Arvik 2 | 21.5 | 22.5 | 23.5" in text


@pytest.mark.parametrize("lines", [2, 3])
@pytest.mark.parametrize("size", [7, 10])
def test_the_lines_below_the_first_line_of_a_cell_are_in_its_row(lines: int, size: float) -> None:
    rows: list[Draw] = []
    label = ("District", "of Arvik", "and port")[:lines]
    for number in range(4):
        y = 700 - (lines + 0.8) * 1.2 * size * number
        rows.append(draw_lines(*label[:-1], f"{label[-1]} {number}", x=72, y=y, size=size))
        rows.append(draw_table([(f"{number}1.5", f"{number}2.5", f"{number}3.5")], (200, 280, 360), y=y, size=size))
    text = read_text(*rows)
    assert text.split("\n")[:4] == [f"{' '.join(label)} {n} | {n}1.5 | {n}2.5 | {n}3.5" for n in range(4)]


def test_labels_of_groups_of_rows_are_rows() -> None:
    rows: list[Draw] = []
    for number, port in enumerate(("Arvik", "Belmora", "Corran")):
        y = 700 - 44 * number
        rows += [draw_lines("North", x=72, y=y, size=10)] * (number % 2)
        rows += [draw_table([(port, "1.5", "2.5")] * 2, (72, 200, 280), y=y - 14)]
    assert "Corran | 1.5 | 2.5\nCorran | 1.5" in read_text(*rows)
    assert "Arvik | 1.5 | 2.5\nNorth\nBelmora" in read_text(*rows)


@pytest.mark.parametrize("size", [8, 9])
def test_text_above_a_table_in_small_type_is_no_heading(size: float) -> None:
    def rows(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", size)
        for number in range(40):
            for column in range(5):
                canvas.drawString(72 + 90 * column, 620 - 14 * number, f"{number}{column}.{column}")

    prose = draw_lines(*(PROSE * 9), "as the board wrote.")
    pages = [prose, draw_all(draw_lines(*PROSE, "as the board wrote."), rows)]
    assert marked_texts(reader.read(draw_pages(*pages)), "section") == []


def test_the_name_of_a_short_chapter_in_the_place_of_running_heads_is_one() -> None:
    heads = ["Ports"] * 4 + ["Fishing rights"] + ["Trade"] * 4
    pages = [
        draw_all(
            draw_lines(f"{head} report", y=800, size=8, font="Helvetica"),
            draw_lines(*(f"In port {page} of {line} the master counted {page * line} ships." for line in range(9))),
        )
        for page, head in enumerate(heads)
    ]
    reading = reader.read(draw_pages(*pages))
    assert "Fishing rights report" in reading.furniture
    assert "Fishing" not in reading.text


def test_japanese_pages_with_latin_names_are_legible() -> None:
    from corpus.readers.pdf.extraction.document import is_legible

    assert is_legible("JICAでは港湾事務所がODA大綱に基づき船舶を登録し、UNDPは勧告を検討した。" * 20, 0)
    assert not is_legible("Тhe сouncil mеt in thе sprіng аnd spоkе " * 20, 0)


def headings(*draws: Draw) -> list[str]:
    return marked_texts(reader.read(draw_pages(draw_all(*draws))), "section")


LONG_PROSE = draw_lines(*(PROSE * 6), y=300)


def test_a_long_paragraph_in_larger_type_has_no_heading_at_its_end() -> None:
    lead = draw_lines(*(f"larger text in line {number} of this" for number in range(10)), y=700, size=12.5)
    title = draw_lines("Ports", y=760, size=18, font="Helvetica-Bold")
    assert headings(title, lead, LONG_PROSE) == ["Ports"]


def test_list_items_in_larger_type_are_no_headings() -> None:
    items = draw_lines("1. lamps", "2. boats", "• oil", "• nets", y=700, size=13)
    title = draw_lines("Ports", y=760, size=18, font="Helvetica-Bold")
    assert headings(title, items, LONG_PROSE) == ["Ports"]


@pytest.mark.parametrize(
    "caption",
    [
        "Figure 3: The parts of the statement are named.",
        "Abbildung 3: Die Teile der Anweisung sind benannt.",
        "Tabla 2: Los barcos de los puertos.",
    ],
)
def test_a_numbered_label_makes_a_caption_that_may_be_a_sentence(caption: str) -> None:
    prose = ["The harbour took in ships of timber and coal from the northern ports all year."] * 6
    page = draw_all(
        draw_lines(*prose, x=60, y=700, size=10),
        draw_lines(caption, x=60, y=580, size=10),
        draw_lines(*prose, x=60, y=540, size=10),
    )
    assert marked_texts(reader.read(draw_pages(page)), "caption") == [caption]


def test_labels_of_a_drawing_are_no_headings() -> None:
    def frame(canvas: Canvas) -> None:
        canvas.rect(100, 480, 300, 200)

    labels = [
        draw_lines(label, x=110, y=y, size=14) for label, y in (("ENABLE", 660), ("Table name", 600), ("SEND", 500))
    ]
    caption = draw_lines("Figure 3-1 The statement in parts", x=110, y=466, size=9, font="Times-Italic")
    title = draw_lines("Ports", y=760, size=18, font="Helvetica-Bold")
    assert headings(title, frame, *labels, caption, LONG_PROSE) == ["Ports"]


def test_a_single_spread_has_two_page_numbers() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageSize((1190, 800))
        for x, foot in ((60, "208 Global Study on Ports"), (1000, "Annex 209")):
            for number in range(20):
                canvas.setFont("Times-Roman", 11)
                canvas.drawString(
                    x if x < 500 else 650, 700 - 14 * number, f"In port {number} they saw {number * 37} ships."
                )
            canvas.drawString(x, 30, foot)

    reading = reader.read(draw_pages(draw))
    assert {span.label for span in reading.pages} == {"208", "209"}
    assert reading.furniture == ("208 Global Study on Ports", "Annex 209")


@pytest.mark.parametrize("size", [8, 10])
def test_a_value_below_an_empty_cell_stays_in_its_column(size: float) -> None:
    xs = (72, 160, 240, 320, 400)
    rows = [
        ("Code", "Place", "Plan", "Actual", "Status"),
        ("S-1", "A-12", "450", "440", "open"),
        ("S-2", "", "780", "", "OK"),
        ("", "B-07", "", "289", ""),
        ("", "", "", "935", "OK"),
    ]
    text = read_text(draw_table(rows, xs, y=700, step=20, size=size))
    assert text.split("\n")[2:5] == ["S-2 |  | 780 |  | OK", "| B-07 |  | 289", "|  |  | 935 | OK"]


def draw_runs(*runs: tuple[str, str], y: float, size: float = 11) -> Draw:
    """Draw words of different fonts side by side."""

    def draw(canvas: Canvas) -> None:
        x = 72.0
        for word, font in runs:
            canvas.setFont(font, size)
            canvas.drawString(x, y, word)
            x += canvas.stringWidth(f"{word} ", font, size)

    return draw


@pytest.mark.parametrize(
    "runs",
    [
        (("4.1 The", "Times-Bold"), ("draw", "Courier"), ("command", "Times-Bold")),
        (("Use of", "Times-Bold"), ("serve --port", "Courier")),
        (("Working with the", "Times-Bold"), ("Hafen", "Helvetica"), ("software", "Times-Bold")),
    ],
)
def test_a_bold_heading_with_code_or_a_logo_is_a_heading(runs: tuple[tuple[str, str], ...]) -> None:
    page = draw_all(draw_lines(*PROSE, y=700), draw_runs(*runs, y=650), draw_lines(*PROSE, y=630))
    heading = " ".join(word for word, _ in runs)
    assert marked_texts(reader.read(draw_pages(page)), "section") == [heading]


def test_a_line_with_a_bold_word_is_no_heading() -> None:
    runs = (("The", "Times-Roman"), ("old berth", "Times-Bold"), ("was closed", "Times-Roman"))
    page = draw_all(draw_lines(*PROSE, y=700), draw_runs(*runs, y=650), draw_lines(*PROSE, y=630))
    assert marked_texts(reader.read(draw_pages(page)), "section") == []


@pytest.mark.parametrize("labels", [("[1] ", "[2] "), ("", "")])
def test_the_lines_of_a_hanging_indent_are_one_paragraph(labels: tuple[str, str]) -> None:
    entries = (
        (
            f"{labels[0]}Amsel, K. A history of the northern berths and of the captains who asked",
            "for them. Weir, 1986.",
        ),
        (
            f"{labels[1]}Beer, J. The lamps of the outer harbour, their oil, their keepers and other",
            "matters. Weir, 1992.",
        ),
    )
    draws, y = [draw_lines(*PROSE, y=740)], 690.0
    for first, second in entries:
        draws += [draw_lines(first, y=y), draw_lines(second, x=90, y=y - 13.2)]
        y -= 28
    text = read_text(*draws)
    assert all(f"\n\n{first} {second}\n" in text for first, second in entries)


def test_an_indented_line_after_a_full_stop_begins_a_paragraph() -> None:
    lines = ("The council met in the spring of that year and spoke about all the berths of it.", "It met again in May.")
    text = read_text(draw_lines(lines[0], y=700), draw_lines(lines[1], x=90, y=686.8))
    assert text == "\n\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("rows", "right"),
    [
        ([("Sales", "1,204", "1,102"), ("Dues", "512", "498"), ("Other", "37", "41")], (420, 500)),
        ([("Norway", "110"), ("Denmark", "61"), ("Iceland", "9"), ("Total", "180")], (420,)),
        ([("Sales", "$ 12", "4.1 %"), ("Dues", "$ 5", "3.2 %"), ("Other", "$ 3", "2.0 %")], (420, 500)),
    ],
)
def test_leaders_between_cells_of_a_table_separate_them(
    rows: Sequence[tuple[str, ...]], right: tuple[float, ...]
) -> None:
    page = draw_all(
        draw_lines(*PROSE, y=700),
        draw_table(rows, right=right, leaders={name for name, *_ in rows}),
        draw_lines(*PROSE, y=560),
    )
    (table,) = marked_texts(reader.read(draw_pages(page)), "table")
    assert table == "\n".join(" | ".join(row) for row in rows)


def test_a_contents_entry_without_leaders_is_one_where_others_have_them() -> None:
    rows = [("1 Ports", "2"), ("1.1 Berths", "2"), ("1.2 Fees", "4"), ("2 Members", "9")]
    page = draw_all(draw_table(rows, right=(500,), leaders={name for name, _ in rows[:3]}), draw_lines(*PROSE, y=500))
    reading = reader.read(draw_pages(page))
    assert "2 Members 9" in marked_texts(reading, "front")
    assert marked_texts(reading, "table") == []


def table_of(*draws: Draw) -> list[str]:
    """Return the tables between two paragraphs of prose."""
    page = draw_all(draw_lines(*PROSE, y=700), *draws, draw_lines(*PROSE, y=480))
    return marked_texts(reader.read(draw_pages(page)), "table")


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        (
            [("Profit of", "", ""), ("  the owners", "512", "498"), ("Dues", "5", "6")],
            ["Profit of the owners | 512 | 498", "Dues | 5 | 6"],
        ),
        (
            [("Profit of the minority", "37", "41"), ("interests", "", ""), ("Dues", "5", "6")],
            ["Profit of the minority interests | 37 | 41", "Dues | 5 | 6"],
        ),
        (
            [("Thereof", "", ""), ("  coal", "37", "41"), ("  ore", "5", "6"), ("Dues", "5", "6")],
            ["Thereof", "coal | 37 | 41", "ore | 5 | 6", "Dues | 5 | 6"],
        ),
        (
            [("Assets", "", ""), ("  Cash", "37", "41"), ("  Loans", "5", "6"), ("Dues", "5", "6")],
            ["Assets", "Cash | 37 | 41", "Loans | 5 | 6", "Dues | 5 | 6"],
        ),
    ],
)
def test_a_label_of_two_lines_is_one_cell_and_one_of_a_group_is_not(
    lines: list[tuple[str, ...]], rows: list[str]
) -> None:
    rows_above = [("", "2019", "2018"), ("Sales", "1,204", "1,102")]
    (table,) = table_of(draw_table([*rows_above, *lines], right=(420, 500), step=13))
    assert table.split("\n")[2:] == rows


def test_lines_of_text_in_a_later_column_are_one_cell() -> None:
    texts = [
        ("Arvik", "Guiding ships in the"),
        ("", "Channel and the roads"),
        ("Weir", "Care of lamps,"),
        ("", "Locks"),
    ]
    columns = [draw_lines(a, x=72, y=640 - 12 * n, size=10) for n, (a, _) in enumerate(texts) if a]
    columns += [draw_lines(b, x=150, y=640 - 12 * n, size=10) for n, (_, b) in enumerate(texts)]
    numbers = [draw_lines(str(n), x=400, y=640 - 12 * n, size=10) for n in (0, 2)]
    head = draw_table([("Port", "Tasks", "Posts")], (72, 150, 390), y=656)
    (table,) = table_of(head, *columns, *numbers)
    assert table.split("\n")[1:] == [
        "Arvik | Guiding ships in the Channel and the roads | 0",
        "Weir | Care of lamps, Locks | 2",
    ]


@pytest.mark.parametrize("gap", [8.5, 10, 11.5])
def test_cells_of_narrow_columns_are_apart(gap: float) -> None:
    rows = [("Ware", "2019", "2020"), ("Coal", "1 204", "1 150"), ("Malt", "2 900", "2 850"), ("Ore", "90", "85")]
    width, edges = 24.0, [0.0, 0.0]
    edges[0] = 72 + 20 + gap + width
    edges[1] = edges[0] + gap + width
    (table,) = table_of(draw_table(rows, right=edges, step=13))
    assert table == "\n".join(" | ".join(row) for row in rows)


def test_a_table_above_two_columns_keeps_its_rows() -> None:
    words = "berths that had been asked for by many captains of the fleet in that year".split()
    column = [" ".join(words[n % 3 : n % 3 + 11]) for n in range(9)]
    rows = [("Gas", "230", "241"), ("Peat", "5", "4"), ("Wine", "2", "2"), ("Sum", "7,502", "7,333")]
    columns = [draw_lines(*column, x=x, y=680, size=10) for x in (72, 330)]
    text = read_text(draw_table(rows, right=(306, 400), y=760, step=13), *columns)
    assert text.startswith("\n".join(" | ".join(row) for row in rows) + "\n")


@pytest.mark.parametrize(
    ("codes", "spelt"),
    [
        (rb"e\033ect of \034sh in Wei\377 \025", "effect of fish in Weiß"),
        (rb"e\013ect of \014sh {{ o\016ce", "effect of fish –– office"),
        (rb"plain {text} and nothing else", "plain {text} and nothing else"),
    ],
)
def test_bitmap_fonts_of_tex_are_read(codes: bytes, spelt: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Courier", 11)
        canvas.drawString(72, 700, "x")

    def as_bitmap_font(writer: pypdf.PdfWriter) -> None:
        page = writer.pages[0]
        name, *_ = (key for key in page["/Resources"]["/Font"] if key != "/F1")  # type: ignore[index]
        glyph = pypdf.generic.DecodedStreamObject()
        glyph.set_data(b"500 0 0 0 450 700 d1 0 0 450 700 re f")
        drawn = writer._add_object(glyph)
        number, real, array = pypdf.generic.NumberObject, pypdf.generic.FloatObject, pypdf.generic.ArrayObject
        names = [NameObject(f"/a{code}") for code in range(256)]
        page["/Resources"]["/Font"][NameObject(name)] = pypdf.generic.DictionaryObject(  # type: ignore[index]
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type3"),
                NameObject("/FontBBox"): array(map(number, (0, 0, 500, 700))),
                NameObject("/FontMatrix"): array(map(real, (0.001, 0, 0, 0.001, 0, 0))),
                NameObject("/CharProcs"): pypdf.generic.DictionaryObject(dict.fromkeys(names, drawn)),
                NameObject("/Encoding"): pypdf.generic.DictionaryObject(
                    {NameObject("/Differences"): array([number(0), *names])}
                ),
                NameObject("/FirstChar"): number(0),
                NameObject("/LastChar"): number(255),
                NameObject("/Widths"): array([number(500)] * 256),
            }
        )
        content = pypdf.generic.DecodedStreamObject()
        content.set_data(b"BT " + name.encode() + b" 11 Tf 72 700 Td (" + codes + b") Tj ET")
        page[NameObject("/Contents")] = writer._add_object(content)

    assert reader.read(edit_pdf(draw_pages(draw), as_bitmap_font)).text.startswith(spelt)


def test_names_with_initials_beside_offices_are_rows() -> None:
    rows = [("Dr. I. M. Vang", "Chair"), ("O. Berg", "Skippers"), ("K. Lund", "Ministry")]
    assert table_of(draw_table(rows, (72, 150), step=12)) == ["\n".join(" | ".join(row) for row in rows)]


def test_lines_with_a_wide_gap_at_one_place_are_rows() -> None:
    rows = [("of the port", "Vang"), ("by the sea", "Berg"), ("in the hall", "Lund")]
    gap = max(pdfmetrics.stringWidth(name, "Times-Roman", 10) for name, _ in rows) + 9
    assert table_of(draw_table(rows, (72, 72 + gap), step=12)) == ["\n".join(" | ".join(row) for row in rows)]


_SENTENCE_TITLE = ("Ice in the northern sound could keep the ferries in their harbours", "for weeks.")


@pytest.mark.parametrize("is_listed", [False, True])
def test_a_sentence_in_bold_type_is_a_heading_where_the_contents_list_it(is_listed: bool) -> None:
    entries = [("Foreword", "1"), ("Fares and tickets", "2"), ("Repairs of the quays", "4")]
    entries += [(" ".join(_SENTENCE_TITLE).removesuffix("."), "6")] if is_listed else []
    contents = draw_table(entries, right=(540,), leaders={name for name, _ in entries})
    chapter = draw_all(
        draw_lines(*_SENTENCE_TITLE, y=700, font="Times-Bold"),
        draw_lines(*PROSE, y=660),
    )
    reading = reader.read(draw_pages(contents, chapter))
    assert marked_texts(reading, "section") == ([" ".join(_SENTENCE_TITLE)] if is_listed else [])
    assert " ".join(_SENTENCE_TITLE) in reading.text
