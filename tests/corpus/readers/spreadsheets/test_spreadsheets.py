"""Spreadsheets: displayed values, tables among titles, notes and other tables, and the cells of each row."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from corpus import limits
from corpus.chunking.passages import Lengths, chunk
from corpus.errors import UnreadableFile
from corpus.readers.base import COMPOUND_FILE
from corpus.readers.spreadsheets import csv_file, ods, xlsx
from corpus.readers.spreadsheets.sheet import Sheet
from corpus.records import Document, Passage
from tests.factories.encoders import word_counts
from tests.factories.file_mutations import mutate
from tests.factories.outlined_texts import SMALL
from tests.factories.rendered import sheets as rendered_sheets
from tests.factories.rendered.sheets import Formatted, MadeSheet, Value, pack, xlsx_parts
from tests.invariants import check_conservation, check_spans, document

Row = Sequence[Value | Formatted]
PEOPLE: Sequence[Row] = [
    ["Table 3-1 Households by region"],
    ["(Unit: thousands)"],
    [],
    ["Region", "Households", None, "Share"],
    [None, 2014, 2015, 2015],
    ["Arvik", Formatted(4350, "#,##0", "4,350"), Formatted(-3.5, "0.0;(0.0)", "(3.5)"), Formatted(0.123, "0%", "12%")],
    [],
    ["Northern islands"],
    ["Borg", 7, 8, Formatted(0.5, "0%", "50%")],
    [],
    ["Note: Figures for Arvik exclude islands."],
]
MERGED = ("B4:C4", "A4:A5")


def read(suffix: str, data: bytes) -> Document:
    made = document(Path(f"people{suffix}"), data)
    check_conservation(made)
    check_spans(made)
    return made


def _content(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read("content.xml").decode()


def passages(made: Document) -> Sequence[Passage]:
    return chunk(made, word_counts, Lengths()).passages


def rows(made: Document) -> list[tuple[str, str]]:
    """Return the cells and the words of each row."""
    units = [sentence for passage in passages(made) for sentence in passage.sentences if sentence.wording]
    return [(unit.cells, unit.wording) for unit in units]


@pytest.mark.parametrize(("suffix", "write"), [(".xlsx", rendered_sheets.xlsx), (".ods", rendered_sheets.ods)])
def test_a_row_has_displayed_values_header_group_and_cells(
    suffix: str, write: Callable[[Sequence[MadeSheet]], bytes]
) -> None:
    made = read(
        suffix, write([MadeSheet("Table 3-1", PEOPLE, MERGED), MadeSheet("Other", [["Ships", 3], ["Nets", 4]])])
    )
    assert rows(made)[:2] == [
        ("Table 3-1, A6:D6", "Arvik, Households, 2014: 4,350; Households, 2015: (3.5); Share, 2015: 12%"),
        ("Table 3-1, A9:D9", "Northern islands, Borg, Households, 2014: 7; Households, 2015: 8; Share, 2015: 50%"),
    ]
    table, note, _ = passages(made)
    assert table.header.startswith("Table 3-1 Households by region. (Unit: thousands)\nRegion |")
    assert (note.kind, note.text, note.cells) == ("notes", PEOPLE[10][0], "Table 3-1, A11")
    for span in made.cells:
        assert made.text[span.start : span.end].split(" | ")[0].strip(" |")
    start = made.text.index("Borg")
    assert made.cells_at(start, start + 4) == "Table 3-1, A9:D9"


@pytest.mark.parametrize(("suffix", "write"), [(".xlsx", rendered_sheets.xlsx), (".ods", rendered_sheets.ods)])
def test_what_is_hidden_is_left_out_and_counted(suffix: str, write: Callable[[Sequence[MadeSheet]], bytes]) -> None:
    shown = MadeSheet("A", [["Port", "Secret", "Boats"], ["Arvik", 1, 2], ["Hidden", 3, 4]], (), {3}, {2})
    made = read(suffix, write([shown, MadeSheet("Draft", [["unseen"]], hidden=True)]))
    assert made.text == "A\n\nPort | Boats\nArvik | 2\n"
    assert made.warnings == (
        "hidden sheets are left out (1): Draft",
        "hidden rows (1) and columns (1) are left out: A",
    )


def test_a_merged_cell_moves_no_other_cell() -> None:
    sheet = Sheet("A", {1: {1: "Arvik"}, 2: {3: "5", 4: "x"}}, {(1, 1): (2, 2)}, {1})
    sheet.hide()
    assert list(sheet.cells[2].items()) == [(1, "Arvik"), (3, "5"), (4, "x")]
    left_behind: list[Row] = [["Port", "Boats", "Nets"], ["Arvik", 1, 2], ["Arvik", 3, 4]]
    made = read(".xlsx", rendered_sheets.xlsx([MadeSheet("A", left_behind, ["A2:A3"])]))
    assert made.text == "A\n\nPort | Boats | Nets\nArvik | 1 | 2\nArvik | 3 | 4\n"


SIDE = [
    ["Ports", None, None, None, "Cities"],
    ["Port", "Boats", "Nets", None, "City", "People"],
    ["Arvik", 1, 2, None, "Calder", 100],
    ["Borg", 3, 4, None, "Dale", 200],
]


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        (SIDE, ["Arvik, Boats: 1; Nets: 2", "Borg, Boats: 3; Nets: 4", "Calder, People: 100", "Dale, People: 200"]),
        # a blank column inside a table, and a blank row between its groups
        (
            [["Port", "Boats", None, "Nets"], ["Arvik", 1, None, 2], [], ["Borg", 3, None, 4]],
            ["Arvik, Boats: 1; Nets: 2", "Borg, Boats: 3; Nets: 4"],
        ),
        # tables below each other, with and without a blank row
        (
            [["Port", "Boats"], ["Arvik", 1], ["Source: Port Office"], ["Table 2 Nets"], ["Town", "Nets"], ["Dale", 2]],
            ["Arvik, Boats: 1", "Dale, Nets: 2"],
        ),
        ([["Port", "Boats"], ["Arvik", 1], [], ["Town", "Nets"], ["Dale", 2]], ["Arvik, Boats: 1", "Dale, Nets: 2"]),
        # quarters, months and eras are headers, not values
        ([["Port", "Q1", "Q2"], ["Arvik", 1, 2]], ["Arvik, Q1: 1; Q2: 2"]),
        ([["港", "平成27年", "3月"], ["函館", 1, 2]], ["函館, 平成27年: 1; 3月: 2"]),
        # a title and its unit in one row
        ([["Table 4 Boats", None, "(thousands)"], ["Port", "Old", "New"], ["Arvik", 1, 2]], ["Arvik, Old: 1; New: 2"]),
    ],
)  # fmt: skip
def test_tables_are_found_among_titles_gaps_and_other_tables(sheet: Sequence[Row], expected: list[str]) -> None:
    assert [wording for _, wording in rows(read(".xlsx", rendered_sheets.xlsx([MadeSheet("A", sheet)])))] == expected


def test_notes_of_a_table_are_not_titles_of_the_next() -> None:
    first: list[Row] = [["Port", "Boats"], ["Arvik", 1], ["1) Estimated."], ["2) Revised"]]
    lines: Sequence[Row] = [*first, [], ["Notaries by town"], ["Town", "Nets"], ["Dale", 2]]
    made = read(".xlsx", rendered_sheets.xlsx([MadeSheet("A", lines)]))
    assert [(passage.kind, passage.text.split("\n")[0]) for passage in passages(made)] == [
        ("table", "Port | Boats"), ("notes", "1) Estimated."), ("notes", "2) Revised"), ("table", "Notaries by town"),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_with_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    lines: list[Row] = [
        ["Häfen nach Größe, 2015"],
        [],
        ["Häfen", "Boote; alt", "Netze"],
        ["Øst", "3,5", "-1"],
        ["Süd, groß", 7, 8],
    ]
    made = read(".csv", rendered_sheets.csv_file(lines, delimiter, encoding))
    assert rows(made) == [("A4:C4", "Øst, Boote; alt: 3,5; Netze: -1"), ("A5:C5", "Süd, groß, Boote; alt: 7; Netze: 8")]
    assert made.title == "Häfen nach Größe, 2015"


def test_a_stated_delimiter_is_used_if_it_is_one() -> None:
    assert csv_file.read(b"sep=x\na;bx1\n").text == "a;b | 1\n"
    assert "a | 1" in csv_file.read(b"sep=\n\na,1\nb,2\n").text


def test_a_line_without_the_first_delimiter_can_be_longer_than_a_cell() -> None:
    assert csv_file.read(b";".join([b"x" * 1400] * 100) + b"\n1;2\n").text.endswith("\n1 | 2\n")


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows() -> None:
    assert [cells for cells, _ in rows(read(".csv", b'Port,Boats\n"Arvik,1\nBorg,2\n'))] == ["A2:B2", "A3:B3"]
    assert "a\nb" not in read(".csv", b'Port,Boats\n"a\nb",1\nBorg,2\n').text


def test_strings_with_runs_escapes_and_reading_aids_are_read_as_shown() -> None:
    parts = xlsx_parts([MadeSheet("A", [["x", 1], ["y", 2]])])
    sheet = str(parts["xl/worksheets/sheet1.xml"])
    rich = (
        "<is><r><t>Boats</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>1</t></r>"
        "<rPh sb='0' eb='1'><t>ふね</t></rPh></is>"
    )
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("<is><t>x</t></is>", rich).replace("<t>y<", "<t>a_x0041_b<")
    assert read(".xlsx", pack(parts)).text == "A\n\nBoats¹ | 1\naAb | 2\n"


def test_formulas_count_by_their_stored_value_and_errors_are_shown() -> None:
    parts = xlsx_parts([MadeSheet("A", [["x", 1, 2, 3], ["y", 4, 5, 6]])])
    sheet = str(parts["xl/worksheets/sheet1.xml"])
    sheet = sheet.replace('<c r="B1"><v>1</v>', '<c r="B1"><f>HYPERLINK("http://evil.example")</f><v>1</v>')
    sheet = sheet.replace('<c r="C1"><v>2</v>', '<c r="C1"><f>1+1</f>')
    parts["xl/worksheets/sheet1.xml"] = sheet.replace('<c r="D1"><v>3</v>', '<c r="D1" t="e"><v>#N/A</v>')
    made = read(".xlsx", pack(parts))
    assert made.text == "A\n\nx | 1 | | #N/A\ny | 4 | 5 | 6\n"
    assert made.warnings[0].startswith("1 formula has no stored value")


def test_the_cover_and_not_a_sheet_names_the_workbook() -> None:
    cover = MadeSheet("Cover", [["Statistical Yearbook 2015"], ["Port Office"]])
    made = read(".xlsx", rendered_sheets.xlsx([cover, MadeSheet("Table 1", PEOPLE, MERGED)]))
    assert (made.title, made.edition) == ("Port Office: Statistical Yearbook 2015", 2015)
    assert read(".xlsx", rendered_sheets.xlsx([MadeSheet("1", PEOPLE), MadeSheet("2", PEOPLE)])).title == "people"


def test_hostile_spreadsheets_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = xlsx_parts([MadeSheet("A", [["x", 1]])])
    sheet = "xl/worksheets/sheet1.xml"
    bomb = "<!DOCTYPE a [<!ENTITY b 'cc'>]>" + str(parts[sheet]).replace(">x<", ">&b;<")
    with pytest.raises(UnreadableFile, match="declares entities"):
        xlsx.read(pack(parts | {sheet: bomb}))
    with pytest.raises(UnreadableFile, match="row number 9,999,999"):
        xlsx.read(pack(parts | {sheet: str(parts[sheet]).replace('row r="1"', 'row r="9999999"')}))
    with pytest.raises(UnreadableFile, match="no visible cell"):
        xlsx.read(pack(parts | {sheet: f'<?a b?><row xmlns="{xlsx.S[1:-1]}"/>'}))
    with pytest.raises(UnreadableFile, match="no visible cell"):
        xlsx.read(rendered_sheets.xlsx([MadeSheet("A", [["x"]], hidden=True)]))
    with pytest.raises(UnreadableFile, match="encrypted, or in an old office format"):
        xlsx.read(COMPOUND_FILE + bytes(600))
    repeated = rendered_sheets.ods([MadeSheet("A", [["x", "y"]])])
    monkeypatch.setenv(limits.PART.variable, "1000")
    with pytest.raises(UnreadableFile, match="ZIP bomb"):
        xlsx.read(pack(parts | {sheet: " " * 2000}))
    monkeypatch.setenv(limits.PART.variable, "100000")
    monkeypatch.setenv(limits.BLOCKS.variable, "2")
    assert [read_file(data).text[-6:] for read_file, data in ((ods.read, repeated), (xlsx.read, pack(parts)))] == [
        "x | y\n", "x | 1\n",
    ]  # fmt: skip
    monkeypatch.setenv(limits.BLOCKS.variable, "1")
    for read_file, data in ((ods.read, repeated), (xlsx.read, pack(parts)), (csv_file.read, b"x,1\n")):
        with pytest.raises(UnreadableFile, match="cells or more; the limit is 1"):
            read_file(data)


def test_repeated_cells_of_ods_are_counted_before_they_are_made() -> None:
    data = rendered_sheets.ods([MadeSheet("A", [["x", "y"]])])
    parts = {
        "content.xml": _content(data).replace(
            "<table:table-row>", '<table:table-row table:number-rows-repeated="9999999">'
        )
    }
    with pytest.raises(UnreadableFile, match="cells or more; the limit is 1,000,000"):
        ods.read(pack(parts))


RENDERED = {
    suffix: render(SMALL)
    for suffix, render in {
        ".xlsx": rendered_sheets.render_xlsx, ".ods": rendered_sheets.render_ods, ".csv": rendered_sheets.render_csv,
    }.items()
}  # fmt: skip


@pytest.mark.parametrize("suffix", sorted(RENDERED))
@pytest.mark.parametrize("count", [70, pytest.param(700, marks=pytest.mark.long)])
def test_mutated_spreadsheets_are_read_or_refused(suffix: str, count: int) -> None:
    draw = random.Random(f"{suffix}{count}")  # noqa: S311 - the same damage every time
    for _ in range(count):
        try:
            made = document(Path(f"a{suffix}"), mutate(suffix, RENDERED[suffix], [], draw))
        except UnreadableFile:
            continue
        check_spans(made)
