"""Headings of plain text by their form: underlined titles, and months of a chronology."""

from __future__ import annotations

import pytest

from corpus.records import Document, Section
from corpus.structure.outline import infer_outline


def headings(text: str) -> list[tuple[int | None, str]]:
    outline = infer_outline(text)
    document = Document(id="a", title="A", text=text, outline=outline, sha256="", source="a.txt")
    return [
        (item.level, document.path(position)[-1]) for position, item in enumerate(outline) if item.kind == "section"
    ]


def test_levels_are_the_order_of_the_underlines() -> None:
    text = """\
==============
Harbour Report
==============

Traffic
=======

The port handled 4,120 vessels.

1. Count the ships.
2. Write them down.

Ferries
-------

They carried 88,000 passengers.

Finances
========

Revenue was 4.2 million.
"""
    assert headings(text) == [(0, "Harbour Report"), (1, "Traffic"), (2, "Ferries"), (1, "Finances")]


@pytest.mark.parametrize(("upper", "lower"), [("*", "="), ("~", "^"), ("━", "─"), ("#", "+")])
def test_numbers_and_other_strokes_are_part_of_headings(upper: str, lower: str) -> None:
    parts = (("1 Fänge", upper), ("1.1 Dorsch", lower), ("2 Quoten", upper))
    text = "\n".join(f"{title}\n{stroke * len(title)}\nText hier.\n" for title, stroke in parts)
    assert headings(text) == [(0, "1 Fänge"), (1, "1.1 Dorsch"), (0, "2 Quoten")]


def test_chapters_without_underlines_stay_above_underlined_headings() -> None:
    text = (
        "CHAPTER I\nTraffic\n\nThe port is large.\n\nA. Ferries\n----------\n\nThey are old.\n\nB. Tugs\n-------\n\n"
        "They are new.\n\nCHAPTER II\nMoney\n\nThere is some.\n"
    )
    assert headings(text) == [
        (0, "CHAPTER I"), (1, "Traffic"), (2, "A. Ferries"), (2, "B. Tugs"), (0, "CHAPTER II"), (1, "Money")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "The first paragraph ends here.\n------------------------------\n\nThe second one ends here.\n----------\n",
        "Port   2010   2011\n------------------\nArvik  1,204  1,311\nSkarv    880    902\n------------------\n",
        "A sentence.\n\nYours\n-----\n\nAnother sentence.\n",
        "".join(f"Annual Report\n-------------\n\nParagraph {number} of the text.\n\n" for number in range(4)),
    ],
)
def test_other_lines_above_strokes_are_no_headings(text: str) -> None:
    assert headings(text) == []


@pytest.mark.parametrize(
    ("first", "second"), [("January", "February"), ("Oktober 1995", "Dezember 1995"), ("novembre", "février")]
)
def test_months_that_follow_each_other_head_a_chronology(first: str, second: str) -> None:
    text = f"Chronology\n\n{first}\n 3   The board met.\n28-30  Visit of the minister.\n\n{second}\n 7   New dues.\n"
    assert headings(text) == [(0, first), (0, second)]


@pytest.mark.parametrize(
    "months", [("JANVIER", "MARS", "JUIN"), ("April", "May", "July"), ("OKTOBER", "NOVEMBER", "MÄRZ")]
)
@pytest.mark.parametrize("listed", ["", "3 May  Anna Holt\n17 June  Piet van Dam\n2 October  Old Mill\n"])
def test_a_chronicle_by_months_is_one_section_among_others(months: tuple[str, str, str], listed: str) -> None:
    chronicle = "\n".join(f"{month}\n\nThe club rowed on {day} days.\n" for day, month in enumerate(months, 3))
    text = (
        "THE ROWING CLUB\n\nYEARBOOK\n\nTHE COMMITTEE\n\nIt met nine times in the year.\n\n"
        f"BOATS\n\nTwo eights were bought.\n{listed}\n"
        f"A YEAR ON THE WATER\n\n{chronicle}\nFEES\n\nThey stay as they were.\n"
    )
    assert headings(text) == [
        (0, "THE COMMITTEE"),
        (0, "BOATS"),
        (0, "A YEAR ON THE WATER"),
        *((1, month) for month in months),
        (0, "FEES"),
    ]


def test_titles_between_two_months_are_below_them() -> None:
    opening = "THE FARM\n\nIt has forty cows.\n\nTHE WEATHER\n\nIt was mild.\n\nDIARY\n\n"
    text = opening + "MARCH\n\nWe sowed.\n\nTHE FLOOD\n\nThe river rose.\n\nAPRIL\n\nWe waited.\n"
    assert headings(text)[-4:] == [(0, "DIARY"), (1, "MARCH"), (2, "THE FLOOD"), (1, "APRIL")]


def test_a_list_of_officers_is_neither_headings_nor_a_signature() -> None:
    text = (
        "THE SAILING CLUB\n\nYEARBOOK\n\nGREETING\n\nIn this year we sailed further than ever before.\n\n"
        "OFFICERS\n\nChairman      Mr A. Pole\nTreasurer     Mrs B. Quay\nSecretary     Dr C. Reed\n"
        "Auditor       Mr D. Sand\n\nHARBOUR\n\nIt was dredged twice in the spring and once in the autumn.\n\n"
        "DIARY\n\nMAY\n\nThe first boats went out.\n\nJUNE\n\nA storm broke two masts.\n"
    )
    assert [title for _, title in headings(text)] == ["GREETING", "OFFICERS", "HARBOUR", "DIARY", "MAY", "JUNE"]


def test_months_in_a_numbered_report_are_no_headings() -> None:
    text = "1. Traffic\n\nIt was calm.\n\nJanuary\n\nIt rose.\n\nFebruary\n\nIt fell.\n\n2. Money\n\nThere is some.\n"
    assert [title for _, title in headings(text)][:1] == ["1. Traffic"]
    assert "January" not in [title for level, title in headings(text) if level == 0]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("=====\nTitle\n=====", "Title"),
        ("     TITLE\n     -----", "     TITLE"),
        ("A title over\ntwo lines\n---", "A title over\ntwo lines"),
        ("# Title", "# Title"),
        ("Ships - - -", "Ships - - -"),
    ],
)
def test_the_shown_text_of_a_heading_has_no_line_of_strokes(written: str, shown: str) -> None:
    assert Section(written, "section", 0, None, 0, len(written), len(written)).shown_text == shown


def test_every_character_is_in_a_heading_or_a_section() -> None:
    text = "=====\nTitle\n=====\n\nPart\n====\nText of it.\n"
    first, second = infer_outline(text)
    assert (first.start, first.heading_end) == (0, text.index("\n\nPart"))
    assert text[second.heading_end : second.end].strip() == "Text of it."


PARAGRAPHS = """\
1 TRAFFIC

1.1 The port handled 4,120 vessels in the year (2022: 3,990). The largest of
them was the tanker Corva.

1.2 Ferries carried 88,000 passengers, most of whom came from the islands in the
summer months.

1.3 The harbour master is Dr. Ane Lund. She was appointed in May after a vote in
the council.

2 FINANCES

2.1 Dues brought in 12 million crowns. Rents of sheds and of land added
another million.
"""


def test_numbered_paragraphs_are_no_headings() -> None:
    assert [title for _, title in headings(PARAGRAPHS)] == ["1 TRAFFIC", "2 FINANCES"]


def test_numbered_headings_above_their_text_are_headings() -> None:
    text = PARAGRAPHS.replace("1.2 Ferries", "1.2 Ferries and excursion boats of the islands\nFerries")
    text = text.replace("1.1 The port", "1.1 Vessels\nThe port").replace("1.3 The harbour", "1.3 Staff\nThe harbour")
    text = text.replace("2.1 Dues", "2.1 Dues and rents\nDues")
    titles = [title for _, title in headings(text)]
    assert [title.split()[0] for title in titles] == ["1", "1.1", "1.2", "1.3", "2", "2.1"]
