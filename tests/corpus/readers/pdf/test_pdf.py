"""Reading order, headings, pages, labels, furniture, hyphens and boxes of PDF files."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from pypdf.constants import PageLabelStyle
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.readers.pdf import reader
from corpus.readers.pdf.headings import Heading, assign_levels
from corpus.records import page_at
from corpus.structure.outline import outline_from_marks, split_by_item
from tests.factories.outlined_texts import SMALL, Block, Publication, compare
from tests.factories.rendered import pdf as rendered_pdf
from tests.factories.rendered.formats import marked_texts, read_seeds
from tests.factories.rendered.pages import Draw, draw_all, draw_lines, draw_pages, edit_pdf

COVER = (SMALL.title, "Foreword")
LONG = Publication(
    "Annual Report 2021",
    tuple(
        Block("section", f"{number}. Part the {name}", 0)
        if row == 0
        else Block(
            "body",
            f"In part {name} the {word}{number} harbour was dredged, and its keeper wrote about it at length. " * 6,
        )
        for number, name in enumerate(("first", "second", "third", "fourth", "fifth"), 1)
        for row, word in enumerate(("", "east", "west", "north", "south", "upper", "lower"))
    ),
)


def test_a_two_column_publication_keeps_its_outline() -> None:
    compared = compare(SMALL, reader.read(rendered_pdf.render(SMALL).data), COVER)
    assert compared.wrong == compared.insets == []
    assert compared.notes == compared.captions == 1


def test_seeds_keep_their_outline_as_pdf(data: Path) -> None:
    for publication, reading in read_seeds(data, ".pdf"):
        compared = compare(publication, reading, (publication.title, "Foreword"))
        assert compared.share >= 0.99, compared.wrong
        assert compared.insets == []
        assert min(compared.notes, compared.captions) >= 0.99


@pytest.mark.parametrize("form", ["{})", "{}.", "({})", "[{}]"])
def test_numbered_notes_are_told_apart_without_full_stops(form: str) -> None:
    body = [f"In port {number} the master counted ships of every flag in the reporting period." for number in range(9)]
    texts = (
        (
            "Ships of the first class as they are defined in the rules of the port",
            "and in the tables of the yearbook that was printed in the year before",
        ),
        (
            "Boats of the second class which are neither counted nor listed by the",
            "master but by the owners of the quays on which they land their catches",
        ),
    )
    notes = [
        line for number, (first, second) in enumerate(texts, 1) for line in (f"{form.format(number)} {first}", second)
    ]
    page = draw_all(draw_lines(*body, size=11), draw_lines(*notes, y=160, size=8))
    expected = [f"{form.format(number)} {' '.join(lines)}" for number, lines in enumerate(texts, 1)]
    assert marked_texts(reader.read(draw_pages(page)), "notes") == expected


@pytest.mark.parametrize("label", ["Source", "Sources", "Quelle", "Fuente", "Bron"])
def test_a_source_in_small_print_begins_the_notes(label: str) -> None:
    body = [f"In port {number} the master counted ships of every flag in the reporting period." for number in range(9)]
    page = draw_all(draw_lines(*body, size=11), draw_lines(f"{label}: Arvik 2016", y=160, size=8))
    assert marked_texts(reader.read(draw_pages(page)), "notes") == [f"{label}: Arvik 2016"]


def test_the_cover_is_front_matter_and_gives_the_title() -> None:
    reading = reader.read(rendered_pdf.render(SMALL).data)
    assert (reading.title, reading.metadata) == ("Annual Report 2021", {})
    assert marked_texts(reading, "front") == ["Annual Report 2021"]
    assert "Annual Report 2021" not in marked_texts(reading, "section")


def test_a_first_page_with_sentences_before_a_signature_is_no_cover() -> None:
    first = draw_all(
        draw_lines("Annual Review 2018", x=200, y=760, size=20, font="Times-Bold"),
        draw_lines("Foreword", y=700, size=14, font="Times-Bold"),
        draw_lines("Catches fell by a tenth, the lowest in twenty years, while prices rose. We thank", y=680),
        draw_lines("all skippers of the fleet for their help in this year. Dr. I. Vang, Chair", y=666.8),
        draw_lines("1 Stocks", y=630, size=14, font="Times-Bold"),
        draw_lines("The stock of cod was assessed in May by the council and by the ministry together. It", y=610),
        draw_lines("recommended:", y=596.8),
    )
    second = draw_all(
        draw_lines("2 Finances", y=760, size=14, font="Times-Bold"),
        draw_lines("The surplus was carried forward to the next year by a decision of the assembly.", y=740),
    )
    headings = marked_texts(reader.read(draw_pages(first, second)), "section")
    assert headings == ["Annual Review 2018", "Foreword", "1 Stocks", "2 Finances"]


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_columns_are_read_one_after_the_other(columns: int) -> None:
    text = reader.read(rendered_pdf.render(LONG, columns=columns).data).text
    words = text[text.index("1. Part") :].split()
    assert words == " ".join(block.text for block in LONG.blocks).split()


@pytest.mark.parametrize("labelled", [True, False])
def test_text_has_pages_and_pages_have_labels(labelled: bool) -> None:
    printed = rendered_pdf.render(LONG, labelled=labelled)
    reading = reader.read(printed.data)
    assert {span.page: span.label for span in reading.pages} == printed.labels
    assert (printed.labels[1], printed.labels[3]) == ("i", "1")
    assert len(printed.labels) > 5
    for word, page in printed.pages.items():
        if word[-1].isdigit() and word.rstrip("12345") in ("east", "west", "north", "south", "upper", "lower"):
            span = page_at(reading.pages, reading.text.index(f"{word} "))
            assert span is not None
            assert span.page == page


def test_running_heads_and_page_numbers_are_furniture() -> None:
    printed = rendered_pdf.render(LONG)
    reading = reader.read(printed.data)
    assert "Chapter 3 Policy" not in reading.text
    pages = len(printed.labels)
    # A number on every page, a head on all but the two of the front matter.
    assert len(reading.furniture) == pages + pages - 2


def test_no_character_is_lost_or_duplicated() -> None:
    printed = rendered_pdf.render(SMALL)
    reading = reader.read(printed.data)
    drawn_letters = sorted("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed.data)).pages))
    read_letters = sorted(reading.text + "".join(reading.furniture))
    assert [letter for letter in read_letters if not letter.isspace()] == [
        letter for letter in drawn_letters if not letter.isspace()
    ]


def test_every_character_belongs_to_one_outline_item() -> None:
    reading = reader.read(rendered_pdf.render(SMALL).data)
    runs = split_by_item(reading.text, outline_from_marks(reading.text, reading.marks or ()))
    assert "".join(reading.text[run.start : run.end] for run in runs) == reading.text


def test_a_line_end_hyphen_is_removed_only_if_the_word_occurs_elsewhere() -> None:
    page = draw_lines(
        "The government supported coopera-",
        "tion, and cooperation grew with counter-",
        "terrorism and with self-",
        "help of every kind in these long years of it.",
    )
    assert reader.read(draw_pages(page)).text == (
        "The government supported cooperation, and cooperation grew with counter-terrorism and with self-help of every"
        " kind in these long years of it.\n"
    )


def test_a_paragraph_continues_across_pages_and_around_notes() -> None:
    first = draw_all(
        draw_lines(
            "The council met in the spring of that year and spoke about the two",
            "new berths, which had been asked for by the",
        ),
        draw_lines("1 The council has seven members.", y=80, size=8),
    )
    second = draw_lines("captains of the fleet in the year before.", "They were built.")
    reading = reader.read(draw_pages(first, second))
    assert reading.text == (
        "The council met in the spring of that year and spoke about the two new berths, which had been asked for by"
        " the captains of the fleet in the year before. They were built.\n\n1 The council has seven members.\n"
    )
    assert marked_texts(reading, "notes") == ["1 The council has seven members."]
    assert [(span.page, reading.text[span.start : span.end].split()[0]) for span in reading.pages] == [
        (1, "The"),
        (2, "captains"),
        (1, "1"),
    ]


def _draw_marked(before: str, mark: str, after: str = "", *, y: float) -> Draw:
    """Draw a line of text with a raised mark in smaller type."""

    def draw(canvas: Canvas) -> None:
        x = 72.0
        for text, size, rise in ((before, 11, 0.0), (mark, 6.5, 4.2), (after, 11, 0.0)):
            canvas.setFont("Times-Roman", size)
            canvas.drawString(x, y + rise, text)
            x += canvas.stringWidth(text)

    return draw


def _draw_sections(*foot: Draw) -> bytes:
    """Draw two sections, the first with marks of two notes, and rows at the foot of the page."""
    headings = [draw_lines(title, y=y, size=16, font="Times-Bold") for title, y in (("Ports", 740), ("Boats", 600))]
    prose = draw_lines("The council met in the spring and spoke about the new berths of", "the outer port.", y=572)
    first = _draw_marked("The council has seven members.", "1", " It sits in the old customs house.", y=712)
    second = _draw_marked("The customs house has burnt down since then.", "2", y=690)
    return draw_pages(draw_all(*headings, first, second, prose, *foot), draw_lines("They were built in the autumn."))


def test_notes_in_the_type_of_the_text_are_in_the_section_with_their_marks() -> None:
    notes = [
        _draw_marked("", "1", " Two of them are elected by the captains of the fleet", y=120),
        draw_lines("in every year.", y=106.8),
        _draw_marked("", "2", " It was insured.", y=86),
    ]
    reading = reader.read(_draw_sections(*notes))
    shown = ["¹ Two of them are elected by the captains of the fleet in every year.", "² It was insured."]
    assert marked_texts(reading, "notes") == shown
    assert reading.text.index("since then.²") < reading.text.index(shown[0]) < reading.text.index("Boats")
    assert "the outer port.\n\nThey were built" in reading.text


@pytest.mark.parametrize(
    "foot",
    [
        [_draw_marked("", "3", " He is an isotope that the council has never met.", y=90)],
        [_draw_marked("", "1", " Two of them are elected.", y=300), draw_lines("The council met again in May.", y=90)],
    ],
)
def test_other_lines_with_a_raised_number_stay_in_their_place(foot: list[Draw]) -> None:
    text = reader.read(_draw_sections(*foot)).text
    assert text.index("Boats") < min(text.rindex(sign) for sign in "¹³" if sign in text[text.index("Boats") :])


def test_table_rows_become_lines() -> None:
    def table(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(72, 720, "Table 1. Berths of the ports by year, as reported")
        for number, row in enumerate(
            (("Port", "2020", "2021"), ("East", "4", "5"), ("West", "11", "12"), ("North", "1", "3"))
        ):
            for column, cell in enumerate(row):
                canvas.drawString(72 + 150 * column, 700 - 14 * number, cell)

    reading = reader.read(draw_pages(table))
    caption = "Table 1. Berths of the ports by year, as reported"
    rows = "Port | 2020 | 2021\nEast | 4 | 5\nWest | 11 | 12\nNorth | 1 | 3"
    assert marked_texts(reading, "table") == [f"{caption}\n{rows}"]


def test_bookmarks_give_the_heading_levels() -> None:
    def page(canvas: Canvas) -> None:
        body = (
            "The berths were built in the year under review, and more are planned",
            "for the next one, as was said before.",
        )
        for number, (title, level) in enumerate((("Ports", 0), ("East", 1), ("Quay", 2))):
            canvas.bookmarkPage(title)
            canvas.addOutlineEntry(title, title, level)
            draw_all(draw_lines(title, y=700 - 90 * number, font="Times-Bold"), draw_lines(*body, y=680 - 90 * number))(
                canvas
            )

    reading = reader.read(draw_pages(page))
    assert marked_texts(reading, "section") == ["Ports", "East", "Quay"]
    assert [mark.level for mark in reading.marks or () if mark.kind == "section"] == [0, 1, 2]


def test_levels_follow_size_then_weight_then_numbering() -> None:
    headings = [
        Heading("Report", 20, True, False),
        Heading("1. Ports", 12, True, False),
        Heading("(1) East", 12, True, False),
        Heading("Quay", 12, False, False),
        Heading("(2) West", 12, True, False),
        Heading("2. Trade", 12, True, False),
    ]
    assert assign_levels(headings) == [0, 1, 2, 3, 2, 1]


def test_decimal_numbers_rank_by_depth() -> None:
    texts = ["1.1 a", "1.1.1 b", "1.1.2 c", "1.2 d", "1.2.1.1 e", "1.2.1.2 f"]
    assert assign_levels([Heading(text, 12, True, False) for text in texts]) == [0, 1, 1, 0, 2, 2]


@pytest.mark.parametrize(("first", "later"), [("II", "III"), ("B", "C")])
def test_decimals_after_a_roman_numeral_or_a_letter_rank_below_it(first: str, later: str) -> None:
    texts = [f"{first}. Sea", *(f"{first}.{number}. Port" for number in ("1", "1.1", "1.2", "2")), f"{later}. Land"]
    assert assign_levels([Heading(text, 12, True, False) for text in texts]) == [0, 1, 2, 2, 1, 0]


def test_numbers_of_one_depth_have_one_level_in_any_type() -> None:
    plain = [Heading("2.3 海", 12, False, False), Heading("2.4 Land", 12, True, False)]
    headings = [Heading(f"2.{n} Sea", 12, True, False) for n in (1, 2)] + plain
    assert assign_levels(headings) == [0, 0, 0, 0]


def test_what_is_between_two_numbers_is_below_the_first() -> None:
    headings = [("3.1 Sea", 12), ("Tip", 14), ("Note", 10), ("3.2 Land", 12), ("Members", 14), ("4.1 Air", 12)]
    assert assign_levels([Heading(text, size, True, False) for text, size in headings]) == [1, 2, 2, 1, 0, 1]


def test_bold_text_within_a_sentence_is_not_a_heading() -> None:
    body = "The berths were built in the year under review and more of them are planned for the"
    page = draw_all(
        draw_lines(body, y=700),
        draw_lines("whole coast of the country, as the minister said", y=686.8, font="Times-Bold"),
        draw_lines("in the spring of that year before the council of the ports met for the last time.", y=673.6),
    )
    assert marked_texts(reader.read(draw_pages(page)), "section") == []


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_rotated_pages_read_like_upright_ones(turn: int) -> None:
    data = draw_pages(draw_lines("The berths were built in the year", "under review, as was planned."))
    reading = reader.read(edit_pdf(data, lambda writer: writer.pages[0].rotate(turn)))
    assert reading.text == "The berths were built in the year under review, as was planned.\n"


def test_a_quotation_is_located_on_its_pages() -> None:
    data = draw_pages(
        draw_lines("The first page has one line of text that"), draw_lines("goes on, on the second page, to its end.")
    )
    text = reader.read(data).text
    start, end = text.index("line of"), text.index(", to its")
    boxes = reader.locate_text(data, start, end)
    assert [box.page for box in boxes] == [1, 2]
    # Drawn at 72 points from the left, its baseline 700 above the lower edge.
    assert boxes[1].left == pytest.approx(72, abs=2)
    assert boxes[1].top < A4[1] - 700 < boxes[1].bottom
    assert boxes[0].left > 120
    assert boxes[1].right < 300


def test_the_title_of_the_document_information_is_metadata() -> None:
    data = draw_pages(draw_lines("The berths were built in the year."))
    assert reader.read(data).metadata == {}
    titled = edit_pdf(data, lambda writer: writer.add_metadata({"/Title": "Annual Report 2021"}))
    assert reader.read(titled).metadata == {"title": "Annual Report 2021"}


def test_page_labels_of_the_file_override_printed_numbers() -> None:
    pages = [
        draw_all(draw_lines(f"Text of the page, number {word}."), draw_lines(str(number), y=40))
        for number, word in ((1, "a"), (2, "b"))
    ]

    def label(writer: pypdf.PdfWriter) -> None:
        writer.set_page_label(0, 1, style=PageLabelStyle.DECIMAL, prefix="A-", start=7)

    reading = reader.read(edit_pdf(draw_pages(*pages), label))
    assert [span.label for span in reading.pages] == ["A-7", "A-8"]
    assert reading.furniture == ("1", "2")


def test_a_row_with_only_the_declared_page_label_is_furniture() -> None:
    text = "Harbours are listed here, and so are boats of all kinds, in part {}."
    pages = [
        draw_all(draw_lines(text.format(number), y=500), draw_lines(number, x=300, y=40)) for number in ("117", "200")
    ]

    def label(writer: pypdf.PdfWriter) -> None:
        for page, number in enumerate((117, 200)):  # labels that do not count up
            writer.set_page_label(page, page, style=PageLabelStyle.DECIMAL, start=number)

    assert reader.read(edit_pdf(draw_pages(*pages), label)).furniture == ("117", "200")
