"""Tables in plain text, which no format declares: their lines, and their rows in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.chunking.passages import chunk
from corpus.structure.lines import split_lines
from corpus.structure.text_tables import find_tables
from tests.invariants import check_conservation, check_spans, document

TABLES = {
    "aligned by spaces, with groups and rules": (
        """Table 3. Landings (tonnes)

District          Herring    Mackerel
                     2017        2018
-------------------------------------
North
  Arvik             873.5       264.9
  Belmora         1,618.0       435.0
-------------------------------------
Total             2,491.5       699.9
""",
        {
            "North, Arvik, Herring, 2017: 873.5; Mackerel, 2018: 264.9",
            "North, Belmora, Herring, 2017: 1,618.0; Mackerel, 2018: 435.0",
            "Total, Herring, 2017: 2,491.5; Mackerel, 2018: 699.9",
        },
    ),
    "tabs with an empty cell": (
        "Ships\t2018\t2019\nArvik\t12\t14\nBelmora\t\t15\n",
        {"Arvik, 2018: 12; 2019: 14", "Belmora, 2019: 15"},
    ),
    "a cell that is missing at its place": (
        "Port       Ships   Boats\nArvik         12      14\nBelmora               15\nCorran        17       9\n",
        {"Arvik, Ships: 12; Boats: 14", "Belmora, Boats: 15", "Corran, Ships: 17; Boats: 9"},
    ),
    "leaders and currency signs apart": (
        """Fees ............. $  4,350.00   $  3,910.00
Licences .........      120.50         98.75
Total ............ $  4,470.50   $  4,008.75
""",
        {"Fees $ 4,350.00; $ 3,910.00", "Licences 120.50; 98.75", "Total $ 4,470.50; $ 4,008.75"},
    ),
    "a box": (
        "+-------+------+\n| Hafen | 2017 |\n+-------+------+\n| Arvik |  12  |\n| Lund  |  13  |\n+-------+------+\n",
        {"Arvik, 2017: 12", "Lund, 2017: 13"},
    ),
    "wide characters": (
        """地区　　　　ニシン　　　サバ
北部　　　　　８７３　　２６４
南部　　　１，６１８　　４３５
西部　　　　　　５４　　　１２
""",
        {
            "北部, ニシン: ８７３; サバ: ２６４",
            "南部, ニシン: １，６１８; サバ: ４３５",
            "西部, ニシン: ５４; サバ: １２",
        },
    ),
}
PROSE = "The harbour board met twelve times, and all of its members took part in the discussion."


@pytest.mark.parametrize("case", TABLES)
def test_rows_of_a_table_are_read_with_their_headers(case: str) -> None:
    table, expected = TABLES[case]
    read = document(Path("report.txt"), f"{PROSE}\n\n{table}\n{PROSE.replace('board', 'council')}\n".encode())
    check_conservation(read)
    check_spans(read)
    sentences = [sentence for passage in chunk(read).passages for sentence in passage.sentences]
    assert {sentence.wording for sentence in sentences if sentence.wording} == expected


@pytest.mark.parametrize(
    "lines",
    [
        "Introduction          3\nLandings of fish     12\nTrade               101\n",
        "The  sea  is wide      and deep\nThe ships are  old     and grey\nThe men are home       and sleep\n",
        "They came in 1990.  In 1991 they\nwent on.  Nobody knows in 1992\nwhy they left.  It was in 1993.\n",
        "1.  Open the valve\n2.  Close the door\n3.  Ring the bell\n",
        "Home | About us\n\nSome text.\n\nImprint | 2018\n",
        "From customs  $216,370,286.77  " * 9 + "\n" + "From sales  $2,575,714.19  " * 9 + "\n",
    ],
    ids=["contents", "verse", "sentences with two spaces", "list", "navigation", "paragraphs"],
)
def test_lines_with_gaps_are_no_table(lines: str) -> None:
    assert find_tables(split_lines(lines)) == []


@pytest.mark.parametrize(
    "heading", ["2.  ACCOUNTS", "2.   Landings of fish", "4.2  Receipts and payments", "IV.  Boats"]
)
def test_a_numbered_heading_above_a_table_is_no_row_of_it(heading: str) -> None:
    rows = "                  2022    2021\nBread sold        1,204   1,183\nFlour bought        801     799\n"
    read = document(Path("report.txt"), f"1.  REPORT\n\n{PROSE}\n\n{heading}\n\n{rows}\n{PROSE}\n".encode())
    (table,) = [passage for passage in chunk(read).passages if "1,204" in passage.text]
    assert table.path[-1].split() == heading.split()
    assert "Bread sold, 2022: 1,204; 2021: 1,183" in {sentence.wording for sentence in table.sentences}
