"""Slides: titles as headings, text and tables in order, notes, page numbers, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.readers import slides
from tests.factories.rendered import slides as rendered_slides
from tests.factories.rendered.sheets import pack
from tests.factories.rendered.slides import MadeSlide, pptx_parts
from tests.invariants import check_conservation, check_spans, document

DECK = [
    MadeSlide("Port Report 2015", ["Port Office"]),
    MadeSlide(
        "Boats", ["Boats sailed.", "They came home."], [["Port", "2015"], ["Arvik", "3"]], "Say it slowly.", "Page 2"
    ),
    MadeSlide("Draft", ["Unseen."], hidden=True),
    MadeSlide("", ["Nets and quays", "Nets dried."]),
]
BOTH = pytest.mark.parametrize(("suffix", "write"), [(".pptx", rendered_slides.pptx), (".odp", rendered_slides.odp)])
Write = Callable[[Sequence[MadeSlide]], bytes]


@BOTH
def test_slides_are_pages_with_titles_tables_and_notes(suffix: str, write: Write) -> None:
    made = document(Path(f"a{suffix}"), write(DECK))
    check_conservation(made)
    check_spans(made)
    assert made.text == (
        "Port Report 2015\n\nPort Office\n\nBoats\n\nBoats sailed.\n\nThey came home.\n\nPort | 2015\nArvik | 3\n\n"
        "Say it slowly.\n\nNets and quays\n\nNets dried.\n"
    )
    headings = [(item.text, item.page) for item in made.outline if item.kind == "section"]
    assert headings == [("Port Report 2015", 1), ("Boats", 2), ("Nets and quays", 4)]
    assert [item.text for item in made.outline if item.kind == "notes"] == ["Say it slowly."]
    assert made.furniture == ("Page 2",)
    assert made.warnings == ("hidden slides are left out (1): 3",)


@BOTH
def test_values_in_columns_of_tabs_are_a_table(suffix: str, write: Write) -> None:
    lines = ["The catches were:", "\t2015\t2016", "Arvik\t\t3\t5", "Holm\t7\t9", "Chair:\tAnna Clay"]
    made = document(Path(f"a{suffix}"), write([MadeSlide("Boats", lines)]))
    table = "| 2015 | 2016\nArvik | 3 | 5\nHolm | 7 | 9"
    assert made.text == f"Boats\n\nThe catches were:\n\n{table}\n\nChair: Anna Clay\n"
    assert [made.text[item.start : item.end] for item in made.outline if item.kind == "table"] == [table]


def test_repeated_titles_continue_a_section_and_numbers_nest_titles() -> None:
    lines = ["The boats sailed in spring, and came home in autumn."]
    titles = ("1. Ports", "(1) Boats", "(1) Boats (cont.)", "(2) Nets", "2. Towns", "Outlook")
    made = document(Path("a.pptx"), rendered_slides.pptx([MadeSlide(title, lines) for title in titles]))
    assert [(item.text, item.level) for item in made.outline] == [
        ("1. Ports", 0), ("(1) Boats", 1), ("(2) Nets", 1), ("2. Towns", 0), ("Outlook", 0),
    ]  # fmt: skip
    assert made.furniture == ("(1) Boats (cont.)",)
    assert [span.page for span in made.pages] == [1, 2, 3, 4, 5, 6]


def test_a_fiscal_year_does_not_continue_the_slide_before() -> None:
    titles = ("Boats 2014/15", "Boats 2015/16", "Nets (1/2)", "Nets (2/2)", "Dis", "Discontinued")
    made = document(Path("a.pptx"), rendered_slides.pptx([MadeSlide(title, ["They sailed."]) for title in titles]))
    assert [item.text for item in made.outline] == [title for title in titles if title != "Nets (2/2)"]


def test_numbers_groups_raised_digits_and_merged_cells_are_read_as_shown() -> None:
    parts = pptx_parts([MadeSlide("Boats", ["BODY"], [["Port", "2015"], ["Arvik", "3"]])])
    slide = parts["ppt/slides/slide1.xml"]
    numbered = "".join(
        f'<a:p><a:pPr><a:buAutoNum type="arabicParenR" startAt="2"/></a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>'
        for text in ("Sail", "Dry")
    )
    raised = (
        '<a:p><a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>6</a:t></a:r>'
        "<a:br/><a:r><a:t>tons</a:t></a:r></a:p>"
    )
    slide = slide.replace("<a:p><a:r><a:t>BODY</a:t></a:r></a:p>", numbered + raised)
    slide = slide.replace("<a:tc><a:txBody><a:p><a:r><a:t>Port", '<a:tc gridSpan="2"><a:txBody><a:p><a:r><a:t>Port')
    slide = slide.replace("<a:tc><a:txBody><a:p><a:r><a:t>2015", '<a:tc hMerge="1"><a:txBody><a:p><a:r><a:t>2015')
    slide = slide.replace("<p:spTree>", "<p:spTree><p:grpSp>", 1).replace(
        "<p:graphicFrame>", "</p:grpSp><p:graphicFrame>"
    )
    reading = slides.read_pptx(pack(parts | {"ppt/slides/slide1.xml": slide}))
    assert reading.text == "Boats\n\n2) Sail\n\n3) Dry\n\n10⁶ tons\n\nPort\nArvik | 3\n"
    assert next(mark.table for mark in reading.marks or () if mark.table).merged == ((0, 0, 2, 1),)


@BOTH
def test_slides_without_text_and_damaged_files_are_refused(suffix: str, write: Write) -> None:
    read = slides.read_pptx if suffix == ".pptx" else slides.read_odp
    with pytest.raises(UnreadableFile, match="no slide has text"):
        read(write([MadeSlide("")]))
    with pytest.raises(UnreadableFile, match="not a ZIP archive"):
        read(write(DECK)[:300])
    parts = pptx_parts(DECK)
    del parts["ppt/slides/slide2.xml"]
    with pytest.raises(UnreadableFile, match="slide 2 is missing"):
        slides.read_pptx(pack(parts))


GRID = [["Port", "2017", "2018"], ["Arvik", "1,204", "1,310"], ["Brevik", "804", "910"]]


@pytest.mark.parametrize("rows", [GRID, [*GRID, ["Corvin", "304", "410"]], [row[:2] for row in GRID]])
@pytest.mark.parametrize("by_column", [True, False])
@pytest.mark.parametrize("centred", [True, False])
@BOTH
def test_text_boxes_in_a_grid_are_a_table(
    suffix: str, write: Write, rows: Sequence[Sequence[str]], by_column: bool, centred: bool
) -> None:
    boxes = [
        (cell, 2.0 + 5 * column - centred * len(cell) / 8, 3.0 + row, 1.5 + centred * len(cell) / 4, 0.8)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    ]
    boxes.sort(key=lambda box: (box[1:2], box[2]) if by_column else (box[2:3], box[1]))
    made = document(
        Path(f"a{suffix}"), write([MadeSlide("Ships", boxes=[*boxes, ("Port office", 2.0, 9.0, 4.0, 0.8)])])
    )
    table = "\n".join(" | ".join(cells) for cells in rows)
    assert made.text == f"Ships\n\n{table}\n\nPort office\n"


@pytest.mark.parametrize(
    "boxes",
    [
        [("Pilots work.", 1.0, 1.0, 4.0, 1.0), ("Ferries run.", 6.0, 1.0, 4.0, 1.0)],
        [("2016", 1.0, 1.0, 2.0, 1.0), ("2017", 4.0, 1.0, 2.0, 1.0), ("Opened", 1.5, 3.0, 4.0, 1.0)],
        [("12", 1.0, 1.0, 2.0, 1.0), ("Ships", 1.0, 2.5, 2.0, 1.0), ("Boats", 4.0, 2.5, 2.0, 1.0)],
    ],
)
@BOTH
def test_other_text_boxes_are_paragraphs_in_their_order(
    suffix: str, write: Write, boxes: Sequence[tuple[str, float, float, float, float]]
) -> None:
    made = document(Path(f"a{suffix}"), write([MadeSlide("Ships", boxes=boxes)]))
    assert made.text == "\n\n".join(["Ships", *(box[0] for box in boxes)]) + "\n"
