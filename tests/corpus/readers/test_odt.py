"""ODT: headings with their numbers, lists, tables, notes, and what is not part of the text."""

from __future__ import annotations

import io

import docx
import pytest

from corpus.readers import docx as docx_reader
from corpus.readers import odt
from corpus.readers.base import FileContent
from tests.factories.outlined_texts import SMALL, compare
from tests.factories.rendered.formats import marked_texts
from tests.factories.rendered.opendocument import note, odf, render_odt

STYLES = (
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
    '<style:style style:name="Title" style:family="paragraph"/>'
    '<style:style style:name="Table" style:family="paragraph" style:parent-style-name="Caption"/>'
    '<style:style style:name="Caption" style:family="paragraph"/>'
    '<style:style style:name="up" style:family="text">'
    '<style:text-properties style:text-position="super 58%"/></style:style>'
    '<style:style style:name="no" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<text:list-style style:name="L">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>'
    '</text:list-style><text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/></text:list-style>'
    '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/>'
    '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>'
)


def read(body: str) -> FileContent:
    return odt.read(odf("text", body, STYLES))


def test_a_publication_has_its_outline_notes_captions_and_insets() -> None:
    compared = compare(SMALL, odt.read(render_odt(SMALL)))
    assert (compared.share, compared.wrong, compared.insets) == (1.0, [], [])
    assert (compared.notes, compared.captions) == (1.0, 1.0)


def test_headings_and_lists_have_the_numbers_that_are_shown() -> None:
    body = (
        '<text:p text:style-name="P1">Report</text:p><text:h text:outline-level="1">Ports</text:h>'
        '<text:h text:outline-level="2">Boats</text:h><text:h text:outline-level="2">Nets</text:h>'
        '<text:list text:style-name="L"><text:list-item><text:p>One</text:p><text:list><text:list-item>'
        "<text:p>Deep</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>Two</text:p>"
        "</text:list-item></text:list>"
        '<text:list text:style-name="L" text:continue-numbering="true"><text:list-item><text:p>Three</text:p>'
        '</text:list-item></text:list><text:list text:style-name="B"><text:list-item><text:p>Dot</text:p>'
        '</text:list-item></text:list><text:h text:outline-level="1">Towns</text:h>'
    )
    reading = read(body)
    assert marked_texts(reading, "section") == ["Report", "1 Ports", "1.1 Boats", "1.2 Nets", "2 Towns"]
    assert reading.text.split("\n\n")[4:6] == ["1. One\n(a) Deep\n2. Two\n3. Three\n- Dot", "2 Towns\n"]


def test_text_is_read_as_shown() -> None:
    body = (
        '<text:p>10<text:span text:style-name="up">-6 </text:span>m,<text:s text:c="3"/>a<text:tab/>b'
        '<text:span text:style-name="no">hidden</text:span>'
        "<office:annotation><text:p>remark</text:p></office:annotation>"
        "<text:ruby><text:ruby-base>港</text:ruby-base><text:ruby-text>みなと</text:ruby-text></text:ruby>"
        f"{note(1, 'Estimated.')}</text:p><text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        "<text:table-of-content><text:index-body><text:p>Ports 3</text:p></text:index-body></text:table-of-content>"
    )
    reading = read(body)
    assert reading.text == "10⁻⁶ m, a b港¹\n\n1 Estimated.\n"
    assert marked_texts(reading, "notes") == ["1 Estimated."]
    assert reading.furniture == ("Ports 3",)


def test_tables_have_caption_header_rows_and_merged_cells() -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def cell(text: str, spans: str = "") -> str:
        return f"<table:table-cell{spans}><text:p>{text}</text:p></table:table-cell>"

    remark = "<office:annotation><text:p>remark</text:p></office:annotation>"
    body = (
        '<text:p text:style-name="Table">Table 1: Boats</text:p><table:table><table:table-header-rows>'
        + row(cell("Port"), cell("2015", ' table:number-columns-spanned="2"'), "<table:covered-table-cell/>")
        + "</table:table-header-rows>" + row(cell(f"Arvik{remark}"), cell("1"), cell("2")) + "</table:table>"
    )  # fmt: skip
    reading = read(body)
    assert reading.text == "Table 1: Boats\nPort | 2015\nArvik | 1 | 2\n"
    (mark,) = reading.marks or ()
    assert mark.table is not None
    assert (mark.table.header_rows, mark.table.merged) == (1, ((0, 1, 2, 1),))


def test_a_table_of_one_cell_around_another_table_is_an_inset_with_that_table() -> None:
    inner = "".join(
        f"<table:table-row>{''.join(f'<table:table-cell><text:p>{cell}</text:p></table:table-cell>' for cell in row)}"
        "</table:table-row>"
        for row in (("Port", "2015"), ("Arvik", "12"))
    )
    prose = "The harbour board met twelve times, and all of its members took part in the discussion of the new quay."
    cell = f"<text:p>New quays</text:p><text:p>{prose}</text:p><table:table>{inner}</table:table>"
    row = f"<table:table-row><table:table-cell>{cell}</table:table-cell></table:table-row>"
    reading = odt.read(odf("text", f"<text:p>Text.</text:p><table:table>{row}</table:table>"))
    assert reading.text == f"Text.\n\nNew quays\n\n{prose}\n\nPort | 2015\nArvik | 12\n"
    assert [mark.kind for mark in reading.marks or ()] == ["inset", "table"]


TABBED: list[tuple[list[str], list[str]]] = [
    (["Port\t2015\t2016", "Oslo\t12\t14", "Bergen\t\t7\t9"], ["Port | 2015 | 2016\nOslo | 12 | 14\nBergen | 7 | 9"]),
    (["\t2015\t2016", "Oslo\t12\t14"], ["| 2015 | 2016\nOslo | 12 | 14"]),
    (["Oslo\t12", "Bergen\t7", "Arvik\t30", "Boats were built."], ["Oslo | 12\nBergen | 7\nArvik | 30"]),
    (["Ports\t3", "Boats\t12", "Nets\t15"], []),
    (["Date:\t3 May 2016", "Chair:\tAnna Clay", "Clerk:\tJohn Dale"], []),
    (["\tBoats were built.", "\tNets were sold.", "\tAll was well."], []),
    (["Oslo\t12\t14", "Boats were built.", "Bergen\t7\t9"], []),
]
"""Paragraphs with tabs, and the tables that they are; a table of contents, a form and indented prose are none."""


@pytest.mark.parametrize("suffix", [".docx", ".odt"])
@pytest.mark.parametrize(("paragraphs", "tables"), TABBED)
def test_values_in_columns_of_tabs_are_tables(suffix: str, paragraphs: list[str], tables: list[str]) -> None:
    if suffix == ".odt":
        body = "".join(f"<text:p>{line}</text:p>".replace("\t", "<text:tab/>") for line in paragraphs)
        reading = read(body)
    else:
        word = docx.Document()
        for line in paragraphs:
            word.add_paragraph(line)
        buffer = io.BytesIO()
        word.save(buffer)
        reading = docx_reader.read(buffer.getvalue())
    assert marked_texts(reading, "table") == tables
    assert reading.text.replace("|", " ").split() == " ".join(paragraphs).split()
