"""Tables: rows stay whole, are embedded with their header, and each part of a long table has caption and header."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

from corpus.catalogue import Entry
from corpus.chunking import row_embedding_text
from corpus.chunking.passages import Chunks, Lengths, chunk
from corpus.ingest import Source, build_document
from corpus.readers.registry import reader_for
from corpus.records import TableShape
from tests.factories.encoders import word_counts

PROSE = "In 2019 five quays were built by the harbour board of the northern county council."
CAPTION = "Table 3: Berths and grain by port"
HEADER = ("Port", "Berths", "Cargo")
ROWS = [(f"Port {number}", str(3 * number), f"{number}.5 mio. Tons of grain") for number in range(60)]


def read(suffix: str, data: bytes) -> Chunks:
    reader = reader_for(Path(f"ports{suffix}"))
    assert reader is not None
    document = build_document(Source("ports", Path(f"ports{suffix}"), Entry(), False, ""), reader(data))
    made = chunk(document, word_counts, Lengths())
    for passage in made.passages:
        assert document.text[passage.start : passage.end] == passage.text
    return made


def wordings(text: str, shape: TableShape | None = None) -> list[str]:
    """Return the rows of a table in words."""
    return [
        line.wording for line in row_embedding_text.read_table(text, 0, len(text), shape).lines if line.kind == "row"
    ]


def test_a_header_that_is_repeated_on_each_page_is_no_row() -> None:
    text = "Port | 2014 | 2015\nArvik | 1,204 | 1,310\nPort | 2014 | 2015\nBrevik | 804 | 910\n"
    assert wordings(text) == ["Arvik, 2014: 1,204; 2015: 1,310", "Brevik, 2014: 804; 2015: 910"]


def page(before: str, caption: str) -> bytes:
    rows = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in ROWS)
    header = f"<tr><th>{'</th><th>'.join(HEADER)}</th></tr>"
    return f"<h1>Ports</h1><p>{PROSE}</p>{before}<table>{caption}{header}{rows}</table><p>{PROSE}</p>".encode()


def markdown(caption: str) -> bytes:
    rows = "\n".join(f"| {' | '.join(row)} |" for row in (HEADER, ("---", "--:", "---"), *ROWS))
    return f"# Ports\n\n{PROSE}\n\n{caption}\n\n{rows}\n\n{PROSE}\n".encode()


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Ports", 1)
    document.add_paragraph(CAPTION)
    table = document.add_table(0, len(HEADER))
    for row in (HEADER, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".html", page("", f"<caption>{CAPTION}</caption>")),
        (".html", page(f"<p>{CAPTION}</p>", "")),
        (".html", page(f"<figure><figcaption>{CAPTION}</figcaption></figure>", "")),
        (".md", markdown(CAPTION)),
        (".md", markdown(f"**{CAPTION}**")),
        (".docx", word()),
    ],
)
def test_every_part_of_a_long_table_has_its_caption_and_header(suffix: str, data: bytes) -> None:
    made = read(suffix, data)
    parts = [passage for passage in made.passages if passage.kind == "table"]
    assert len(parts) > 2
    first, *others = parts
    assert CAPTION in first.text.split("\n")[0]
    assert CAPTION not in first.prefix
    assert all(part.prefix == f"{first.prefix}{CAPTION}. Port | Berths | Cargo\n" for part in others)
    assert not any(CAPTION in part.text for part in others)
    assert all(part.header == f"{CAPTION}\nPort | Berths | Cargo" for part in parts)
    rows = [sentence for part in parts for sentence in part.sentences if sentence.wording]
    assert [row.wording for row in rows] == [f"{a}, Berths: {b}; Cargo: {c}" for a, b, c in ROWS], "one unit a row"
    for part in parts:
        assert part.text.split("\n")[-1].strip("| ").endswith("mio. Tons of grain"), "rows stay whole"
    contexts = [context for context, part in zip(made.row_contexts, made.passages, strict=True) if part.kind == "table"]
    assert all(context.endswith(f"{CAPTION}. ") for context in contexts)


def test_a_table_that_fits_is_one_passage_with_its_caption() -> None:
    data = "# Ports\n\nTable 1: Berths\n\n| Port | Berths |\n|---|---|\n| East | 4 |\n"
    (only,) = read(".md", data.encode()).passages
    assert (only.kind, only.text) == ("table", data[9:].strip())


@pytest.mark.parametrize(
    "above",
    [
        "The following table shows the berths of each port:",
        "Berths were as follows (in hundreds):",
        "Berths of the ports are shown below.",
        "Berths by port\n\n(in hundreds)",
        "Die folgende Tabelle zeigt die Liegeplätze.",
        "Le tableau suivant présente les postes à quai.",
    ],
)
def test_what_introduces_a_table_is_in_its_passage_and_is_no_answer(above: str) -> None:
    data = f"# Ports\n\n{PROSE}\n\n{above}\n\n"
    data += "| Port | Berths |\n|---|---|\n| East | 4 |\n| West | 5 |\n"
    prose, table = read(".md", data.encode()).passages
    assert (prose.kind, table.kind) == ("section", "table")
    assert table.text.startswith(above)
    assert [sentence.wording for sentence in table.sentences] == ["East, Berths: 4", "West, Berths: 5"]


@pytest.mark.parametrize(
    "above", [PROSE, "- East and its three old quays\n- West\n- The new harbour of the south coast"]
)
def test_other_text_above_a_table_is_not_in_its_passage(above: str) -> None:
    data = f"# Ports\n\n{above}\n\n| Port | Berths |\n|---|---|\n| East | 4 |\n"
    assert read(".md", data.encode()).passages[-1].text.startswith("| Port")


def test_a_heading_over_a_table_is_no_caption() -> None:
    made = read(".html", page("<h2>Table 3</h2>", ""))
    assert {passage.path for passage in made.passages if passage.kind == "table"} == {("Ports", "Table 3")}


def test_the_rule_below_a_header_belongs_to_it() -> None:
    text = "| a | b |\n|:--|--:|\n\n| 1 | 2 |"
    spans = row_embedding_text.row_spans(text, 0, len(text))
    assert [text[start:end] for start, end in spans] == ["| a | b |\n|:--|--:|", "| 1 | 2 |"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Town | Homes | Industry\nArvik | 4.35 | 3.05", ["Arvik, Homes: 4.35; Industry: 3.05"]),
        (
            "|  | 2019 | 2018 |\n|---|---|---|\n|  | RMB’Million | % |\n| **Swaps** |  |  |\n| Amount | (494) | – |",
            ["Swaps, Amount, 2019, RMB’Million: (494); 2018, %: –"],
        ),
        (
            "|  |  | Year to 31 May |  |\n|---|---|---|---|\n| (Tons) | 2019 | Change | 2018 |\n| Cod | 5 | 1 | 4 |",
            ["Cod, 2019: 5; Change: 1; 2018: 4"],
        ),
        (
            "May 31, 2019 | May 31, 2018\nLand | 1,949 | 2,185\nSea | 3 | 3",
            ["Land, May 31, 2019: 1,949; May 31, 2018: 2,185", "Sea, May 31, 2019: 3; May 31, 2018: 3"],
        ),
        ("Population | 5,000\nArea | 12", ["Population 5,000", "Area 12"]),
        ("Year | Ships\n2015 | 12\n2016 | 14", ["2015, Ships: 12", "2016, Ships: 14"]),
        ("| Nord | Arvik | 4 |\n|  | Bergo | 5 |\n| Syd | Holm | 6 |",
         ["Nord, Arvik 4", "Nord, Bergo 5", "Syd, Holm 6"]),
        ("| 港 | 数量 |\n|---|---|\n| 東 | 4 |", ["東, 数量: 4"]),
        ("| Role | Name |\n|---|---|\n| Mayor | Olav |\n| Clerk | Kari |", ["Mayor, Name: Olav", "Clerk, Name: Kari"]),
    ],
)  # fmt: skip
def test_a_row_in_words_has_its_header_cells_group_and_unit(text: str, expected: list[str]) -> None:
    assert wordings(text) == expected


@pytest.mark.parametrize(
    ("cell", "cleaned"),
    [
        ("Licences (1)", "Licences"),
        ("Licences¹", "Licences"),
        ("Licences*", "Licences"),
        ("Licences (a)", "Licences"),
        ("Licences[^3]", "Licences"),
        ("$130,000 (1)", "$130,000"),
        ("4.35²", "4.35"),
        ("$(7)", "$(7)"),
        ("(1)", "(1)"),
        ("10³", "10³"),
        ("Area, km²", "Area, km²"),
    ],
)
def test_footnote_marks_in_cells_are_no_part_of_a_row_in_words(cell: str, cleaned: str) -> None:
    assert wordings(f"Item | Sum\nA | 5\n{cell} | {cell}")[1] == f"{cleaned}, Sum: {cleaned}"


def test_declared_merged_cells_are_repeated_in_words() -> None:
    text = "Region | Prices\n| Homes | Industry\nNord | 4 | 3\n| 5 | 2"
    shape = TableShape(4, 2, ((0, 0, 1, 2), (0, 1, 2, 1), (2, 0, 1, 2)))
    table = row_embedding_text.read_table(text, 0, len(text), shape)
    assert [line.kind for line in table.lines] == ["header", "header", "row", "row"]
    assert (table.header, table.common) == ("Region | Homes | Industry", "Prices")
    assert wordings(text, shape) == ["Nord, Homes: 4; Industry: 3", "Nord, Homes: 5; Industry: 2"]


def test_blank_cells_above_repeated_names_belong_to_the_cell_beside_them() -> None:
    text = "Port | Income | | Expenditure |\n| 2021 | 2020 | 2021 | 2020\nArvik | 4 | 3 | 2 | 1"
    shape = TableShape(3, 0, ((0, 3, 2, 1),))  # only one of two cells over two columns was seen
    assert wordings(text, shape) == [
        "Arvik, Income, 2021: 4; Income, 2020: 3; Expenditure, 2021: 2; Expenditure, 2020: 1"
    ]


@pytest.mark.parametrize(
    ("text", "merged", "expected"),
    [
        ("| Duties |\nPort | Summer | Winter\nArvik | none | free", ((0, 1, 2, 1),),
         ["Arvik, Summer: none; Winter: free"]),
        ("Port | Duties |\n| Summer | Winter\nArvik | none | free", ((0, 0, 1, 2), (0, 1, 2, 1)),
         ["Arvik, Summer: none; Winter: free"]),
        ("| Duties |\nArvik | 4 | 3\nHolm | 2 | 1", ((0, 1, 2, 1),), ["Arvik 4; 3", "Holm 2; 1"]),
        ("Name | Anna Clay |\nBorn | Arvik | May\nLives | Holm | June", ((0, 1, 2, 1),),
         ["Born Arvik; May", "Lives Holm; June"]),
    ],
)  # fmt: skip
def test_a_cell_over_the_names_of_columns_makes_header_rows(
    text: str, merged: tuple[tuple[int, int, int, int], ...], expected: list[str]
) -> None:
    assert wordings(text, TableShape(text.count("\n") + 1, 0, merged)) == expected


def test_a_note_below_the_last_row_is_a_sentence() -> None:
    data = b"| Port | Berths |\n|---|---|\n| East | 4 |\n| Source: harbour board of the county. | |\n"
    (only,) = read(".md", data).passages
    assert [sentence.wording for sentence in only.sentences] == ["East, Berths: 4", ""]


@pytest.mark.parametrize("stub", ["45", "Source: harbour board.", "Figures of the last day of the year."])
def test_a_few_words_below_a_table_are_no_passage_of_their_own(stub: str) -> None:
    table = "| Port | Berths |\n|---|---|\n| East | 4 |\n"
    for text in (f"{table}\n{stub}\n", f"{table}\n{stub}\n\n{table}"):
        passages = read(".md", text.encode()).passages
        assert {passage.kind for passage in passages} == {"table"}
        assert sum(stub in passage.text for passage in passages) == 1


def test_the_only_words_under_a_heading_stay_a_passage() -> None:
    table = "| Port | Berths |\n|---|---|\n| East | 4 |\n"
    passages = read(".md", f"# One\n\nNone.\n\n# Two\n\n{table}\n# Three\n\nNone.\n".encode()).passages
    assert [passage.text for passage in passages if passage.kind == "section"] == ["None.", "None."]


def test_no_passage_begins_with_the_number_of_the_page_above() -> None:
    paragraph = " ".join(f"The harbour board of county {number} met in the spring." for number in range(12))
    text = "\n\n".join(f"{paragraph}\n\n{number}" for number in range(41, 47))
    passages = read(".md", text.encode()).passages
    assert len(passages) > 5
    assert not any(passage.text[:2].isdigit() for passage in passages)


@pytest.mark.parametrize("mark", [" 1)", " a)", "¹⁾", "ᵃ", "¹,²", "⁽ʳ⁾", " (b)", "*", "†"])
def test_marks_of_notes_in_labels_and_headers_are_left_out_of_the_wording(mark: str) -> None:
    text = f"Port{mark} | 2017{mark} | Cod{mark}\nArvik{mark} | 12 | 1,310²\nBrevik | 3 | 4"
    rows = [line.wording for line in row_embedding_text.read_table(text, 0, len(text)).lines if line.kind == "row"]
    assert rows == ["Arvik, 2017: 12; Cod: 1,310", "Brevik, 2017: 3; Cod: 4"]


@pytest.mark.parametrize("label", ["Loans (note 5)", "Volume in m³", "Items 10 to 12", "Vitamin B (total)"])
def test_words_that_end_like_a_mark_of_a_note_are_kept(label: str) -> None:
    text = f"Port | 2017 | 2018\n{label} | 12 | 10³\nBrevik | 3 | 4"
    assert row_embedding_text.read_table(text, 0, len(text)).lines[1].wording == f"{label}, 2017: 12; 2018: 10³"


def test_bars_drawn_with_box_characters_separate_cells() -> None:
    rows = ["│Port   │ 1987 │ 1988 │", "├───────┼──────┼──────┤", "│Arvik  │  120 │  131 │", "│Skarv  │   44 │   45 │"]
    text = "\n".join(["┌───────┬──────┬──────┐", *rows, "└───────┴──────┴──────┘"])
    lines = row_embedding_text.read_table(text, 0, len(text)).lines
    assert [line.wording for line in lines if line.kind == "row"] == [
        "Arvik, 1987: 120; 1988: 131",
        "Skarv, 1987: 44; 1988: 45",
    ]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "Route | 2020 | 2019 | Change\nNorth 1,214 | 1,730 | -29.8\nSouth | 88 | 17 | 2",
            ["North 1,214 1,730; -29.8"],
        ),
        ("Route | 2020 | 2019 | Change\nNorth | 1,214 1,730 | 9\nSouth | 88 | 17 | 2", ["North 1,214 1,730; 9"]),
        ("Route | 2020 | 2019 | Change\nNorth 88 91 | 9\nSouth | 88 | 17 | 2", ["North 88 91 9"]),
        ("Route | 2020 | 2019\nBerth 7 | 88\nSouth | 88 | 17", ["Berth 7, 2020: 88"]),
        ("Route | 2020 | 2019\nBerth 1911 | 1 214\nSouth | 88 | 17", ["Berth 1911, 2020: 1 214"]),
        ("Route | Ships Crew Value\nNorth | 3 | 4 | 5\nSouth | 88 | 17 | 2", ["North 3; 4; 5", "South 88; 17; 2"]),
        ("Ships | Crew\nNorth | 3 | 4\nSouth | 88 | 17", ["North, Ships: 3; Crew: 4"]),
    ],
)
def test_rows_whose_cells_do_not_fit_the_header_have_no_heads(table: str, expected: Sequence[str]) -> None:
    assert wordings(table)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("table", "header", "row"),
    [
        (
            "Port | 2017 | 2018\nthousand tonnes\nRye | 4 | 5",
            "Port, thousand tonnes | 2017 | 2018",
            "Rye, 2017: 4; 2018: 5",
        ),
        ("May 31, | 2017 | 2018\n(in £m)\nRye | 4 | 5", "May 31, (in £m) | 2017 | 2018", "Rye, 2017: 4; 2018: 5"),
        ("Port | 2017 | 2018\n(in £m)\nRye | 4 | 5", "Port, (in £m) | 2017 | 2018", "Rye, 2017: 4; 2018: 5"),
        (
            "Port | 2017 | 2018\nTonnes\nRye | 4 | 5\nEuros\nRye | 6 | 7",
            "Port | 2017 | 2018",
            "Tonnes, Rye, 2017: 4; 2018: 5",
        ),
        ("Port | 2017 | 2018\nNorth\nRye | 4 | 5", "Port | 2017 | 2018", "North, Rye, 2017: 4; 2018: 5"),
    ],
)
def test_the_only_unit_below_a_header_is_that_of_the_table(table: str, header: str, row: str) -> None:
    assert row_embedding_text.read_table(table, 0, len(table)).header == header
    assert wordings(table)[0] == row
