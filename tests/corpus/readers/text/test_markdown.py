"""Markdown: the source is the text, its syntax gives the marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent
from corpus.readers.text import markdown
from corpus.records import Document, Section
from corpus.structure.outline import outline_from_marks
from tests.factories.rendered.formats import marked_texts

REPORT = """---
title: "Report: the year"  # of the ministry
covers: [2015, 2016]
lang: en
tags:
  - ports
---
# Ports[^1]

Text.

Title over
two lines
==========

| Port | Berths |
|------|--------|
| East | 4 |

[^1]: A note
    of two lines.

    And a second paragraph.

## Closed ##

- # no heading in a list

> ## none in a quotation

```
# none in code
```
"""


def read(source: str) -> FileContent:
    return markdown.read(source.encode())


def test_the_source_below_the_front_matter_is_the_text() -> None:
    reading = read(REPORT)
    front, _, text = REPORT.partition("# Ports")
    assert reading.text == "# Ports" + text
    assert [line for line in front.split("\n") if line.strip()] == list(reading.furniture)


def test_only_top_level_heading_syntax_makes_headings() -> None:
    reading = read(REPORT)
    assert marked_texts(reading, "section") == ["# Ports[^1]", "Title over\ntwo lines\n==========", "## Closed ##"]
    assert [mark.level for mark in reading.marks or () if mark.kind == "section"] == [0, 0, 1]


def test_a_path_shows_headings_without_markup() -> None:
    reading = read("Over\nall\n===\n\n## Closed ##\n\nText\n")
    outline = outline_from_marks(reading.text, reading.marks or ())
    document = Document(id="a", title="A", text=reading.text, outline=outline, sha256="", source="a.md")
    assert document.path(1) == ("Over\nall", "Closed")


def test_tables_and_all_lines_of_footnotes_are_marked() -> None:
    reading = read(REPORT)
    assert marked_texts(reading, "table") == ["| Port | Berths |\n|------|--------|\n| East | 4 |"]
    assert marked_texts(reading, "notes") == ["[^1]: A note", "    of two lines.", "    And a second paragraph."]


def test_front_matter_becomes_metadata_and_is_no_part_of_the_text() -> None:
    reading = read(REPORT)
    assert reading.metadata == {"title": "Report: the year", "covers": "[2015, 2016]", "lang": "en"}
    assert reading.furniture[0] == "---"
    assert reading.text.startswith("# Ports")
    assert marked_texts(reading, "front") == []


@pytest.mark.parametrize(
    "front", ["---\ntitle: Port\n---\n", "---\ntitle: Port\n\n", "% Port\n", "+++\ntitle = 'Port'\n+++\n"]
)
def test_front_matter_is_the_text_of_a_file_without_other_text(front: str) -> None:
    reading = read(front)
    assert reading.text == front
    assert reading.furniture == ()
    assert reading.metadata == {"title": "Port"}
    assert marked_texts(reading, "front") == [line for line in front.split("\n") if line]


@pytest.mark.parametrize("front", ["---\ntitle: Port\nauthor: The Office\n---\n", "% Port\n% The Office\n"])
@pytest.mark.parametrize("gap", ["", "\n", "\n\n"])
def test_marks_below_front_matter_are_those_of_the_text_alone(front: str, gap: str) -> None:
    alone = "# Ports\n\nThe port took in coal.[^1]\n\n| Port | Ships |\n|---|---|\n| Nes | 4 |\n\n[^1]: And tar.\n"
    assert (read(front + gap + alone).text, read(front + gap + alone).marks) == (read(alone).text, read(alone).marks)


@pytest.mark.parametrize("after", ["# Heading\n\nText\n", "\nText of the report: long.\n", "> Quotation\n"])
def test_unclosed_front_matter_ends_where_the_text_begins(after: str) -> None:
    reading = read(f"---\ntitle: Report\nedition: 2016\n{after}")
    assert reading.metadata == {"title": "Report", "edition": "2016"}
    assert reading.furniture == ("---", "title: Report", "edition: 2016")
    assert reading.text == after.lstrip("\n")


def test_a_rule_at_the_top_is_not_front_matter() -> None:
    reading = read("---\n\nNote: the text begins here.\n")
    assert reading.metadata == {}
    assert reading.marks == ()


def test_empty_headings_are_ignored() -> None:
    assert read("#\n\n## \n\nText\n").marks == ()


def test_windows_line_ends_do_not_shift_marks() -> None:
    reading = markdown.read(b"# One\r\n\r\nText\r\n\r\n## Two\r\n")
    assert marked_texts(reading, "section") == ["# One", "## Two"]


@given(
    st.lists(
        st.sampled_from(
            ["# a", "---", "k: v", "", "text", "| a | b |", "|--|--|", "[^1]: n", "    x", "===", "```", "> q", "- i"]
        )
    )
)
def test_marks_are_ordered_and_within_the_text(lines: list[str]) -> None:
    try:
        reading = read("\n".join(lines))
    except UnreadableFile:
        return
    marks = reading.marks or ()
    assert all(0 <= mark.start < mark.end <= len(reading.text) for mark in marks)
    assert list(marks) == sorted(marks, key=lambda mark: (mark.start, -mark.end))
    outline_from_marks(reading.text, marks)


def test_a_file_over_a_limit_is_rejected_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "# Heading of a file.\n\n| a | b |\n"
    monkeypatch.setenv("YEARBOOK_QA_MAX_BLOCKS", "5")
    with pytest.raises(UnreadableFile, match="6 lines and cells; the limit is 5"):
        read(source)
    monkeypatch.setenv("YEARBOOK_QA_MAX_MARKUP", "20")
    with pytest.raises(UnreadableFile, match="32 bytes; the limit is 20"):
        read(source)


@pytest.mark.parametrize(
    "source", ["> " * 20_000, "- " * 20_000, "[^1]: " * 5000, "| a " * 20_000 + "\n" + "|-" * 20_000]
)
def test_deep_nesting_is_handled(source: str) -> None:
    assert read(f"{source}end\n").text.endswith("end\n")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("It took in 41.\n\n<!-- TODO: 9,999 -->\n\nIt ended.\n", "It took in 41.\n\n\n\nIt ended.\n"),
        ("One <!-- a\n\nb --> two.", "One two."),
        ("[//]: # (a note to self)\nText.", "\nText."),
        ("The fee was ~~40~~ 45 crowns.", "The fee was 45 crowns."),
        ("The fee was <del>40</del> <ins>45</ins> crowns.", "The fee was 45 crowns."),
        ('Seen. <span style="display: none">unseen</span>Seen.', "Seen. Seen."),
        ("<div hidden>\nunseen\n</div>\n\nSeen.", "\n\nSeen."),
        ("Print `<!-- x -->` and ``~~y~~``.", "Print `<!-- x -->` and ``~~y~~``."),
        ("```html\n<!-- x -->\n```\nText<!-- y -->.", "```html\n<!-- x -->\n```\nText."),
        ("~~~\n<del>x</del>\n~~~\n", "~~~\n<del>x</del>\n~~~\n"),
        ("An open <!-- comment is text.", "An open <!-- comment is text."),
        ("About ~~ 5 and ~~ 6.", "About ~~ 5 and ~~ 6."),
        ("De\u00adsal&shy;ination.", "Desalination."),
        ("| Depth<br>(m) | CO<sub>2</sub> |", "| Depth (m) | CO2 |"),
        ("Area 12 m<sup>2</sup>, see <a href='n.md'>note</a><sup>4</sup>.", "Area 12 m², see note⁴."),
        ("a < b and `<b>` > c", "a < b and `<b>` > c"),
        ('[TOC]\n\n[port]: https://example.org "The port"\nText [port].', "\n\n\nText [port]."),
        ("[1]: Estimated by the board", "[1]: Estimated by the board"),
        (":::{note}\nSeen.\n:::\n{: .wide}", "\nSeen.\n\n"),
    ],
)
def test_what_no_renderer_shows_is_no_text_but_furniture(source: str, shown: str) -> None:
    reading = read(source)
    assert reading.text == shown
    assert bool(reading.furniture) == (source != shown)


@pytest.mark.parametrize("source", ["<!-- ", "<del>", "`a ``b ", "~~a ", "<x hidden>", "``` `\n", "[//]: # x\n"])
def test_a_hundred_thousand_openings_take_no_quadratic_time(source: str) -> None:
    assert read(f"Text\n{source * 50_000}").text.startswith("Text")


def test_blocks_of_html_are_read_as_in_a_page() -> None:
    reading = read(
        "# Port\n\n<table>\n<caption>Ships</caption>\n<tr><th>Kind</th><th>2015</th></tr>\n\n"
        "    <tr><td>Tug &amp; pilot</td><td>12</td></tr>\n</table>\n\n"
        "<div class='note'>\n\nInside *Markdown*.\n\n</div>\n\n<h2 align=center>Fees</h2>\n\n## Dues\n\nText.\n"
    )
    assert reading.text.split("\n\n") == [
        "# Port", "Ships\nKind | 2015\nTug & pilot | 12", "", "Inside *Markdown*.", "", "Fees", "## Dues", "Text.\n"
    ]  # fmt: skip
    assert marked_texts(reading, "section") == ["# Port", "Fees", "## Dues"]
    assert [mark.table.header_rows for mark in reading.marks or () if mark.table] == [1]


@pytest.mark.parametrize(
    "table",
    [
        "  Port       Men   Women\n  -------- ----- -------\n  Arvik    1,204   1,311\n  Skarv      880     902",
        "+-------+------+\n| Port  | 2012 |\n+=======+======+\n| Arvik | 131  |\n| Skarv | 44   |\n+-------+------+",
        "======  =====\nPort     2011\n======  =====\nArvik   1,311\nSkarv     902\n======  =====",
    ],
)
def test_tables_drawn_with_rules_are_marked(table: str) -> None:
    assert marked_texts(read(f"Prose above.\n\n{table}\n\nProse below.\n"), "table") == [table]


@pytest.mark.parametrize(
    ("source", "metadata"),
    [
        ("+++\ntitle = \"Port\"\nyear = 2019\n+++\nText.\n", {"title": "Port", "year": 2019}),
        ("% Report 2012\n% The Office\n% March 2013\n\nText.\n", {
            "title": "Report 2012", "author": "The Office", "date": "March 2013"}),
    ],
)  # fmt: skip
def test_other_front_matter_becomes_metadata(source: str, metadata: dict[str, object]) -> None:
    reading = read(source)
    assert reading.metadata == metadata
    assert "".join(reading.furniture) == source[: source.index("Text")].replace("\n", "")
    assert reading.text == "Text.\n"


def test_a_path_shows_no_attributes_and_targets_of_links() -> None:
    section = Section("## [Catch](catch.md) of 2015 {#catch .wide}", "section", 1, None, 0, 43, 43)
    document = Document(id="a", title="A", text=section.text, outline=(section,), sha256="", source="a.md")
    assert document.path(0) == ("Catch of 2015",)
