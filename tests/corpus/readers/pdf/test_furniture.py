"""Running heads, page numbers and their labels; rows of tables and lists that look like them are text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from corpus.readers.base import FileContent
from corpus.readers.page_numbers import parse_numbers
from corpus.readers.pdf import reader
from tests.factories.rendered.pages import Draw, draw_all, draw_lines, draw_pages, draw_table

SENTENCES = (
    "The harbours took in more vessels than in any year before it, and most",
    "of them came from the neighbouring countries with a cargo of timber that",
    "was sold on the quays within a week, as the harbour masters have told us.",
)
COLUMNS = (72, 192, 312)
"""Left edges of the columns of tables."""


def prose(number: int, y: float = 700) -> Draw:
    """Four lines that differ from page to page."""
    return draw_lines(*SENTENCES, f"In port {number} the master counted {number * 37} ships.", y=y)


def labels(reading: FileContent) -> dict[int, str | None]:
    return {span.page: span.label for span in reading.pages}


@pytest.mark.parametrize("word", ["District", "Gemeinde", "学区"])
@pytest.mark.parametrize(("size", "step"), [(7, 9), (10, 14), (12, 22)])
def test_rows_of_a_table_over_pages_are_text(word: str, size: float, step: float) -> None:
    word = word if word.isascii() else "Kreis"
    rows = [(f"{word} {number:03}", f"{number * 31:,}", f"{number % 9}") for number in range(1, 121)]
    pages = [
        draw_all(
            draw_table(rows[start : start + 30], COLUMNS, y=120 + 30 * step, step=step, size=size),
            draw_lines(str(20 + start // 30), x=290, y=40),
        )
        for start in range(0, 120, 30)
    ]
    reading = reader.read(draw_pages(*pages))
    assert reading.furniture == ("20", "21", "22", "23")
    assert [line for line in reading.text.splitlines() if line] == [" | ".join(row) for row in rows]


def test_headers_units_and_totals_of_a_table_are_text_on_each_page() -> None:
    head = [("Port", "Tonnes", "Ships"), ("", "(1,000)", "number")]
    pages = [
        draw_all(
            draw_lines("in thousand tonnes", y=718, size=8, font="Times-Italic"),
            draw_table(
                [
                    *head,
                    *((f"Port {page}{row}", f"{row * page}.5", f"{row + page}") for row in range(30)),
                    ("Total", "100.0", "100"),
                ],
                COLUMNS,
                y=700,
            ),
            draw_lines("Source: the harbour masters.", y=700 - 14 * 33 - 6, size=8),
            draw_lines(f"Port statistics {page}", x=250, y=40, size=8),
        )
        for page in range(1, 6)
    ]
    reading = reader.read(draw_pages(*pages))
    assert reading.furniture == tuple(f"Port statistics {page}" for page in range(1, 6))
    for text in ("in thousand tonnes", "Port | Tonnes | Ships", "Total | 100.0 | 100", "Source: the harbour masters."):
        assert reading.text.count(text) == 5


def test_short_lists_that_end_each_page_are_text() -> None:
    pages = [
        draw_all(prose(page), draw_lines("• Pilots: none", "• Tugs: none", "• Cranes: two", y=60))
        for page in range(1, 6)
    ]
    reading = reader.read(draw_pages(*pages))
    assert reading.furniture == ()
    assert reading.text.count("Cranes: two") == 5


def test_one_heading_on_each_page_is_no_running_head() -> None:
    pages = [
        draw_all(draw_lines("Overview", y=760, size=16, font="Times-Bold"), prose(page, 735)) for page in range(1, 7)
    ]
    reading = reader.read(draw_pages(*pages))
    assert reading.furniture == ()
    assert sum(mark.kind == "section" for mark in reading.marks or ()) == 6


def test_heads_that_alternate_and_change_with_the_chapter_are_furniture() -> None:
    heads = [f"Chapter {1 + page // 6} Harbours" if page % 2 else "Annual Report" for page in range(12)]
    pages = [draw_all(draw_lines(head, y=790, size=9), prose(page)) for page, head in enumerate(heads)]
    assert reader.read(draw_pages(*pages)).furniture == tuple(heads)


def _draw_head(left: str, right: str, y: float = 790, size: float = 8) -> Draw:
    return draw_all(draw_lines(left, y=y, size=size), draw_lines(right, x=480, y=y, size=size))


@pytest.mark.parametrize("right", ["2016", ""])
def test_a_small_head_on_the_only_page_of_its_side_is_furniture(right: str) -> None:
    sentence = "The masters of the harbours met on the quays in the summer and agreed that the"
    pages = [
        draw_lines("Annual Report of the Harbours", y=600, size=24, font="Times-Bold"),
        draw_all(_draw_head("Annual Report", right), prose(2), draw_lines(sentence, y=90)),
        draw_all(_draw_head("Harbour Masters", right), draw_lines("piers of timber were to be renewed.", y=760)),
        draw_all(_draw_head("Annual Report", right), prose(4)),
    ]
    reading = reader.read(draw_pages(*pages))
    assert reading.furniture == tuple(
        f"{head} {right}".strip() for head in ("Annual Report", "Harbour Masters", "Annual Report")
    )
    assert f"{sentence} piers of timber were to be renewed." in reading.text


@pytest.mark.parametrize(("y", "size", "below"), [(784, 8, 760), (790, 8, 779), (790, 11, 760)])
def test_a_line_between_pages_with_heads_is_text_in_another_place_or_type(y: float, size: float, below: float) -> None:
    pages = [
        draw_all(_draw_head("Annual Report", "2016"), prose(2)),
        draw_all(draw_lines("The Harbour Masters of the Coast", y=y, size=size), prose(3, below)),
        draw_all(_draw_head("Annual Report", "2016"), prose(4)),
    ]
    reading = reader.read(draw_pages(*pages))
    assert "The Harbour Masters of the Coast" in reading.text


@pytest.mark.parametrize("size", [13, 16, 20])
@pytest.mark.parametrize("numbered", [False, True])
def test_a_running_head_in_large_type_is_a_heading_once_at_most(size: float, numbered: bool) -> None:
    heads = [f"Annual Report 2016{f'   {page}' * numbered}" for page in range(1, 7)]
    pages = [draw_all(draw_lines(head, y=795, size=size), prose(page)) for page, head in enumerate(heads)]
    reading = reader.read(draw_pages(*pages))
    assert [line[:18] for line in reading.furniture] == [head[:18] for head in heads][not numbered :]
    assert reading.text.count("Annual Report") == (not numbered)


def test_large_heads_that_alternate_or_name_the_chapter_are_furniture() -> None:
    heads = ["Harbours" if page < 6 else "Boats" if page % 2 else "Annual Report" for page in range(14)]
    pages = [
        draw_all(
            draw_lines(head, y=795, size=14),
            prose(page),
            draw_lines(f"{page}. Boats, Harbours and the Annual Report", y=500, size=14, font="Times-Bold"),
            prose(page, 470),
        )
        for page, head in enumerate(heads)
    ]
    reading = reader.read(draw_pages(*pages))
    assert reading.furniture == tuple(heads)
    assert sum(mark.kind == "section" for mark in reading.marks or ()) == 14


@pytest.mark.parametrize("size", [9, 12.5])
def test_a_head_that_repeats_the_heading_of_its_page_is_furniture_on_one_page_too(size: float) -> None:
    titles = ["Foreword", "Monetary Policy", "Monetary Policy", "Balance Sheet", "Outlook"]
    pages = [
        draw_all(
            draw_lines(title, y=795, size=size),
            *([draw_lines(title, y=740, size=20, font="Times-Bold")] if titles.index(title) == page else []),
            prose(page, 710),
        )
        for page, title in enumerate(titles)
    ]
    reading = reader.read(draw_pages(*pages))
    assert reading.furniture == tuple(titles)
    assert [reading.text[mark.start : mark.end] for mark in reading.marks or () if mark.kind == "section"] == [
        *dict.fromkeys(titles)
    ]


def draw_foot(left: str, right: str, y: float = 30, size: float = 8) -> Draw:
    return draw_table([[left, right]], right=(540,), y=y, size=size)


@pytest.mark.parametrize("pages", [1, 2])
@pytest.mark.parametrize(
    ("head", "foot", "label"),
    [
        (("Harbour Yearbook 2019", "Pilots and tugs"), ("Harbour Board", "61"), "61"),
        (("Harbour Yearbook 2019", ""), ("7", "Board of the Harbours"), "7"),
        (("", "Harbour Yearbook 2019"), ("Harbour Yearbook 2019", "12"), "12"),
    ],
)
def test_a_file_of_few_pages_needs_no_repetition_of_heads_that_repeat_its_title(
    pages: int, head: tuple[str, str], foot: tuple[str, str], label: str
) -> None:
    last = draw_all(prose(2), draw_foot(*head, y=805), draw_foot(*foot))
    title = draw_all(
        draw_lines("Harbour Yearbook", "2019", y=780, size=20, font="Helvetica-Bold"),
        draw_lines("Pilots and tugs", y=724, size=14, font="Helvetica-Bold"),
    )
    drawn = [draw_all(title, last)] if pages == 1 else [draw_all(title, prose(1)), last]
    reading = reader.read(draw_pages(*drawn))
    assert set(reading.furniture) == {" ".join(filter(None, head)), " ".join(foot)}
    assert labels(reading)[pages] == label
    assert reading.text.startswith("Harbour Yearbook 2019\n\nPilots and tugs\n\nThe harbours")
    assert reading.text.strip().endswith("74 ships.")


@pytest.mark.parametrize(
    ("row", "y", "size"),
    [
        (("Ships", "61"), 642, 8),  # below the text without a gap
        (("Ships and boats", "61"), 30, 11),  # in the size of the text
        (("Ships in all", "12,061"), 30, 8),  # no page has this number
        (("Printed by the Board", "Arvik"), 30, 8),  # neither a number nor the title
    ],
)
def test_the_last_row_of_the_only_page_is_text_without_evidence(row: tuple[str, str], y: float, size: float) -> None:
    page = draw_all(draw_lines("Pilots", y=740, size=14, font="Helvetica-Bold"), prose(1), draw_foot(*row, y, size))
    reading = reader.read(draw_pages(page))
    assert reading.furniture == ()
    assert all(cell in reading.text for cell in row)


def test_headings_at_the_top_of_pages_that_a_table_of_contents_lists_are_text() -> None:
    titles = ["Foreword", "Policy", "Balance", "Outlook"]
    contents = draw_lines("Contents", *(f"{title} .......... {page}" for page, title in enumerate(titles, 2)), y=740)
    pages = [draw_all(draw_lines(title, y=790, size=16), prose(page, 740)) for page, title in enumerate(titles)]
    assert reader.read(draw_pages(contents, *pages)).furniture == ()


def test_removing_a_running_head_keeps_the_same_words_in_the_text() -> None:
    pages = [
        draw_all(draw_lines("Annual Report", y=790, size=9), prose(page), draw_lines("Annual Report", y=400))
        for page in range(1, 5)
    ]
    reading = reader.read(draw_pages(*pages))
    assert reading.furniture == ("Annual Report",) * 4
    assert reading.text.count("Annual Report") == 4


def test_pages_of_which_much_was_left_out_are_named() -> None:
    foot = "Ministry of Harbours and Fisheries, Annual Report to Parliament, laid before both Houses"
    pages = [draw_all(prose(page), draw_lines(foot, y=40, size=8)) for page in range(1, 4)]
    (warning,) = reader.read(draw_pages(*pages)).warnings
    assert "10% of the characters" in warning
    assert "pages 1-3 of the file" in warning


NUMBERED = [
    ([str(number) for number in range(98, 104)], None),
    ([str(number) for number in range(99998, 100004)], None),
    (["iii", "iv", "v", "vi", "vii", "viii"], None),
    ([f"A-{number}" for number in range(8, 14)], None),
    ([f"F-{number}" for number in range(1, 7)], None),
    ([f"3.{number}" for number in range(9, 15)], None),
    (["1", "2", "3", "1", "2", "3"], None),
    ([f"– {number} –" for number in range(12, 18)], [str(number) for number in range(12, 18)]),
    ([f"Page {number} of 88" for number in range(12, 18)], [str(number) for number in range(12, 18)]),
    ([f"Seite {number}" for number in range(12, 18)], [str(number) for number in range(12, 18)]),
    (["4", "9", "17", "18", "40", "88"], None),
]


@pytest.mark.parametrize(("printed", "expected"), NUMBERED)
@pytest.mark.parametrize("size", [9, 18])
def test_numbers_that_count_up_with_the_pages_are_labels(
    printed: list[str], expected: list[str] | None, size: float
) -> None:
    pages = [draw_all(prose(at), draw_lines(text, x=280, y=40, size=size)) for at, text in enumerate(printed)]
    reading = reader.read(draw_pages(*pages))
    assert reading.furniture == tuple(printed)
    assert list(labels(reading).values()) == (expected or printed)


@pytest.mark.parametrize(("first", "heading_size"), [(8, 16), (31, 12), (1201, 14)])
def test_the_number_of_a_heading_is_not_the_number_of_its_page(first: int, heading_size: float) -> None:
    pages = [
        draw_all(
            draw_lines(f"{goal} Goal the {word}", y=760, size=heading_size, font="Helvetica-Bold"),
            prose(goal, 730),
            draw_lines(str(first + goal - 1), x=290, y=40),
        )
        for goal, word in enumerate(("east", "west", "north", "south", "upper"), 1)
    ]
    reading = reader.read(draw_pages(*pages))
    assert list(labels(reading).values()) == [str(number) for number in range(first, first + 5)]
    assert reading.text.count(" Goal the ") == 5


def test_a_numbered_table_does_not_number_pages() -> None:
    rows = [("Quay", "12", "3"), ("Pier", "4", "5")]
    pages = [draw_table([(f"{page} Port", f"{page * 7}", f"{page}"), *rows], COLUMNS, y=120) for page in range(1, 6)]
    reading = reader.read(draw_pages(*(draw_all(prose(page), draw) for page, draw in enumerate(pages))))
    assert reading.furniture == ()
    assert set(labels(reading).values()) == {None}


@pytest.mark.parametrize("y", [40, 560])
@pytest.mark.parametrize("first", [2, 86, 998])
def test_each_half_of_a_spread_has_its_own_label(y: float, first: int) -> None:
    width, height = landscape(A4)

    def sheet(number: int) -> Draw:
        left = first + 2 * number
        half = draw_lines(f"Left text of sheet {number} is here.", *SENTENCES[:0], x=40, y=480, size=10)
        other = draw_lines(f"Right text of sheet {number} is here.", x=width / 2 + 40, y=480, size=10)
        numbers = draw_all(
            draw_lines(str(left), x=40, y=y, size=8), draw_lines(str(left + 1), x=width - 60, y=y, size=8)
        )

        def draw(canvas: Canvas) -> None:
            canvas.setPageSize((width, height))
            draw_all(half, other, numbers)(canvas)

        return draw

    reading = reader.read(draw_pages(*(sheet(number) for number in range(4))))
    for number in range(4):
        for side, label in (("Left", first + 2 * number), ("Right", first + 2 * number + 1)):
            at = reading.text.index(f"{side} text of sheet {number}")
            (span,) = [span for span in reading.pages if span.start <= at < span.end]
            assert (span.page, span.label) == (number + 1, str(label))


@settings(max_examples=25, deadline=None)
@given(
    first=st.integers(1, 2000),
    heads=st.booleans(),
    rows=st.integers(3, 40),
    step=st.floats(10, 16),
)
def test_no_row_of_a_table_is_ever_lost(first: int, heads: bool, rows: int, step: float) -> None:
    pages: list[Draw] = []
    for page in range(3):
        posts = [(f"Post {page}.{row}", f"{row * 3}", f"{row % 4}") for row in range(rows)]
        body = draw_table(posts, COLUMNS, y=730, step=step)
        head = draw_lines("Register of posts", y=800, size=8) if heads else draw_lines()
        pages.append(draw_all(head, body, draw_lines(str(first + page), x=300, y=24, size=8)))
    reading = reader.read(draw_pages(*pages))
    shown = [line.split(" | ")[0] for line in reading.text.splitlines() if line.startswith("Post")]
    assert shown == [f"Post {page}.{row}" for page in range(3) for row in range(rows)]
    assert list(labels(reading).values()) == [str(first + page) for page in range(3)]


def test_numbers_are_parsed_in_all_styles() -> None:
    texts = ("- 12 -", "[xii]", "A-7", "F12", "１２", "Page 3 of 9", "3/9", "Report 2016 | 4")
    assert [[number.text for number in parse_numbers(text)] for text in texts] == [
        ["12"], ["xii"], ["A-7"], ["F12"], ["12"], ["3"], ["3"], ["4"],
    ]  # fmt: skip
    values = [parse_numbers(text)[0].value for text in ("ix", "x", "xiv", "xl", "xcix")]
    assert all(before < after for before, after in pairwise(values))


@pytest.mark.parametrize("text", ["第 7 頁", "第7页", "7ページ", "- 7 -", "7쪽", "7 페이지", "стр. 7", "Seite 7"])
def test_the_word_for_page_of_any_language_is_no_part_of_its_number(text: str) -> None:
    assert [(number.value, number.alone) for number in parse_numbers(text)] == [(7, True)]
