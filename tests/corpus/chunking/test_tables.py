"""Tables: rows stay whole, and each part of a long table has its caption and header."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

from corpus.catalogue.catalogue import Entry
from corpus.chunking import tables
from corpus.chunking.passages import Chunks, Lengths, chunk
from corpus.ingest import Source, build_document
from corpus.readers.registry import reader_for

CAPTION = "Table 3: Berths and grain by port"
HEADER = ("Port", "Berths", "Cargo")
ROWS = [(f"Port {number}", str(3 * number), f"{number}.5 mio. Tons of grain") for number in range(60)]


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def read(suffix: str, data: bytes) -> Chunks:
    reader = reader_for(Path(f"ports{suffix}"))
    assert reader is not None
    return chunk(
        build_document(Source("ports", Path(f"ports{suffix}"), Entry(), False, ""), reader(data)), words, Lengths()
    )


def page(before: str, caption: str) -> bytes:
    rows = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in ROWS)
    header = f"<tr><th>{'</th><th>'.join(HEADER)}</th></tr>"
    return f"<h1>Ports</h1><p>Text.</p>{before}<table>{caption}{header}{rows}</table><p>After.</p>".encode()


def markdown(caption: str) -> bytes:
    rows = "\n".join(f"| {' | '.join(row)} |" for row in (HEADER, ("---", "--:", "---"), *ROWS))
    return f"# Ports\n\nText.\n\n{caption}\n\n{rows}\n\nAfter.\n".encode()


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
    parts = [one for one in made.passages if one.kind == "table"]
    assert len(parts) > 2
    first, *others = parts
    assert CAPTION in first.text.split("\n")[0]
    assert CAPTION not in first.prefix
    under = f"{CAPTION}. Port | Berths | Cargo\n"
    assert all(one.prefix == first.prefix + under for one in others)
    assert not any(CAPTION in one.text for one in others)
    for one in parts:
        assert one.text.split("\n")[-1].strip("| ").endswith("mio. Tons of grain"), "rows stay whole"
        assert len([line for line in one.text.split("\n") if "Port " in line]) == len(
            [span for span in one.sentences if one.text[span.start - one.start :].lstrip("| ").startswith("Port ")]
        )
    leads = [lead for lead, one in zip(made.leads, made.passages, strict=True) if one.kind == "table"]
    assert all(lead.endswith("Port | Berths | Cargo. ") for lead in leads)


def test_a_table_that_fits_is_one_passage_with_its_caption() -> None:
    data = "# Ports\n\nTable 1: Berths\n\n| Port | Berths |\n|---|---|\n| East | 4 |\n"
    (only,) = read(".md", data.encode()).passages
    assert (only.kind, only.text) == ("table", data[9:].strip())


def test_a_sentence_or_a_heading_over_a_table_is_no_caption() -> None:
    for above in ("Ports differ.", "## Table 3", "Table 1 shows\nthe ports."):
        data = f"# Ports\n\n{above}\n\n| Port | Berths |\n|---|---|\n| East | 4 |\n"
        table = next(one for one in read(".md", data.encode()).passages if one.kind == "table")
        assert table.text.startswith("| Port"), above
    made = read(".html", page("<h2>Table 3</h2>", ""))
    assert {one.path for one in made.passages if one.kind == "table"} == {("Ports", "Table 3")}


def test_the_rule_below_a_header_belongs_to_it() -> None:
    text = "| a | b |\n|:--|--:|\n\n| 1 | 2 |"
    assert [text[start:end] for start, end in tables.rows(text, 0, len(text))] == ["| a | b |\n|:--|--:|", "| 1 | 2 |"]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Ports\nPort | Berths\nEast | 4", ("Ports", "Port | Berths")),
        ("Port | Berths\nEast | 4", ("Port | Berths",)),
        ("East\nWest", ("East",)),
        (" \n", ()),
    ],
)
def test_caption_and_header_precede_the_second_row(text: str, head: tuple[str, ...]) -> None:
    assert tables.head(text, 0, len(text)) == head
