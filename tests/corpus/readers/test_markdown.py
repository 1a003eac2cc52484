"""Markdown: the source is the text, its syntax gives the marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.readers import markdown
from corpus.readers.base import Reading
from corpus.structure.outline import outline_from_marks

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


def read(source: str) -> Reading:
    return markdown.read(source.encode())


def kinds(reading: Reading, kind: str) -> list[str]:
    return [reading.text[mark.start : mark.end] for mark in reading.marks or () if mark.kind == kind]


def test_the_source_is_the_text() -> None:
    assert read(REPORT).text == REPORT


def test_headings_come_from_the_syntax_and_from_the_top_level_only() -> None:
    reading = read(REPORT)
    assert kinds(reading, "section") == ["# Ports[^1]", "Title over\ntwo lines\n==========", "## Closed ##"]
    assert [mark.level for mark in reading.marks or () if mark.kind == "section"] == [0, 0, 1]


def test_a_path_shows_headings_without_their_signs() -> None:
    from corpus.records import Document

    reading = read("Over\nall\n===\n\n## Closed ##\n\nText\n")
    outline = outline_from_marks(reading.text, reading.marks or ())
    document = Document(id="a", title="A", text=reading.text, outline=outline, sha256="", source="a.md")
    assert document.path(1) == ("Over\nall", "Closed")


def test_a_table_is_one_and_a_footnote_is_notes_with_all_its_lines() -> None:
    reading = read(REPORT)
    assert kinds(reading, "table") == ["| Port | Berths |\n|------|--------|\n| East | 4 |"]
    assert kinds(reading, "notes") == ["[^1]: A note", "    of two lines.", "    And a second paragraph."]


def test_front_matter_is_metadata_and_marked_as_front() -> None:
    reading = read(REPORT)
    assert reading.metadata == {"title": "Report: the year", "covers": "[2015, 2016]", "lang": "en"}
    assert kinds(reading, "front")[0] == kinds(reading, "front")[-1] == "---"


@pytest.mark.parametrize("after", ["# Heading\n\nText\n", "\nText of the report: long.\n", "> Quotation\n"])
def test_front_matter_that_is_never_closed_ends_where_the_text_begins(after: str) -> None:
    reading = read(f"---\ntitle: Report\nedition: 2016\n{after}")
    assert reading.metadata == {"title": "Report", "edition": "2016"}
    assert kinds(reading, "front") == ["---", "title: Report", "edition: 2016"]


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    reading = read("---\n\nNote: the text begins here.\n")
    assert reading.metadata == {}
    assert reading.marks == ()


def test_an_empty_heading_is_none() -> None:
    assert read("#\n\n## \n\nText\n").marks == ()


def test_windows_line_ends_shift_nothing() -> None:
    reading = markdown.read(b"# One\r\n\r\nText\r\n\r\n## Two\r\n")
    assert kinds(reading, "section") == ["# One", "## Two"]


@given(
    st.lists(
        st.sampled_from(
            ["# a", "---", "k: v", "", "text", "| a | b |", "|--|--|", "[^1]: n", "    x", "===", "```", "> q", "- i"]
        )
    )
)
def test_marks_lie_within_the_text_and_in_order(lines: list[str]) -> None:
    try:
        reading = read("\n".join(lines))
    except UnreadableFile:
        return
    marks = reading.marks or ()
    assert all(0 <= mark.start < mark.end <= len(reading.text) for mark in marks)
    assert list(marks) == sorted(marks, key=lambda mark: (mark.start, -mark.end))
    outline_from_marks(reading.text, marks)


def test_a_file_too_long_to_be_parsed_is_refused_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "# Heading of a file.\n\n| a | b |\n"
    monkeypatch.setenv("YEARBOOK_QA_MAX_BLOCKS", "5")
    with pytest.raises(UnreadableFile, match="6 lines and cells, at most 5"):
        read(source)
    monkeypatch.setenv("YEARBOOK_QA_MAX_MARKUP", "20")
    with pytest.raises(UnreadableFile, match="32 bytes, at most 20"):
        read(source)


@pytest.mark.parametrize(
    "source", ["> " * 20_000, "- " * 20_000, "[^1]: " * 5000, "| a " * 20_000 + "\n" + "|-" * 20_000]
)
def test_no_nesting_is_too_deep(source: str) -> None:
    assert read(f"{source}end\n").text.endswith("end\n")
