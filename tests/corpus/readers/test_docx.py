"""DOCX files: styles, automatic numbers, notes, tables, boxes; and archives that are none or do harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.readers.docx import reader
from corpus.records import TableShape
from tests.factories import rendered_docx
from tests.factories.outlined_texts import SMALL, Block, Publication, compare, seeds
from tests.factories.rendered_formats import marked_texts

STRICT = (
    (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def rewritten(data: bytes, change: Any) -> bytes:
    """The archive with each part's name and bytes passed through `change`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return buffer.getvalue()


def numbered(paragraph: Any, number: int, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    holder = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", level), ("w:numId", number)):
        child = OxmlElement(name)
        child.set(qn("w:val"), str(value))
        holder.append(child)
    properties.append(holder)


def with_numbering(document: Any) -> None:
    root = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "900")
    for level, (form, text) in enumerate((("decimal", "%1."), ("lowerLetter", "(%2)"), ("upperRoman", "%1.%3"))):
        one = OxmlElement("w:lvl")
        one.set(qn("w:ilvl"), str(level))
        for name, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", text)):
            child = OxmlElement(name)
            child.set(qn("w:val"), value)
            one.append(child)
        abstract.append(one)
    root.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "900")
    reference = OxmlElement("w:abstractNumId")
    reference.set(qn("w:val"), "900")
    number.append(reference)
    root.append(number)


def test_headings_notes_captions_and_insets_are_recognized() -> None:
    reading = reader.read(rendered_docx.render(SMALL))
    compared = compare(SMALL, reading)
    assert compared.wrong == compared.insets == []
    assert compared.notes == compared.captions == 1
    assert reading.metadata == {"title": "Annual Report 2021"}


def test_seeds_keep_their_outline_as_docx(data: Path) -> None:
    for publication in seeds(data):
        compared = compare(publication, reader.read(rendered_docx.render(publication)))
        assert compared.share >= 0.99, compared.wrong
        assert compared.insets == []
        assert min(compared.notes, compared.captions) >= 0.99


def test_a_note_follows_its_section_with_the_number_of_its_reference() -> None:
    text = reader.read(rendered_docx.render(SMALL)).text
    assert "in its third resolution.¹\n" in text
    assert text.index("1 The council adopted") < text.index("A Lighthouses")


def test_adjacent_note_references_stay_separate_numbers() -> None:
    blocks = (Block("body", "The dam broke in 2016."), Block("notes", "1 In May."), Block("notes", "2 At night."))
    text = reader.read(rendered_docx.render(Publication("Dams", blocks))).text
    assert text == "The dam broke in 2016.¹ ²\n\n1 In May.\n\n2 At night.\n"


def test_a_strict_ooxml_file_reads_like_a_transitional_one() -> None:
    def strict(_name: str, content: bytes) -> bytes:
        for usual, other in STRICT:
            content = content.replace(usual.encode(), other.encode())
        return content

    data = rendered_docx.render(SMALL)
    assert reader.read(rewritten(data, strict)) == reader.read(data)


def test_automatic_numbers_precede_their_paragraphs() -> None:
    document = docx.Document()
    with_numbering(document)
    for level, text in ((0, "One"), (1, "One a"), (1, "One b"), (0, "Two"), (2, "Two, skipping"), (1, "Two b")):
        numbered(document.add_paragraph(text), 900, level)
    heading = document.add_heading("Three", 1)
    numbered(heading, 900, 0)
    # A level that was skipped counts as begun, as in Word: after 2.I on the third level the second goes on with (b).
    assert reader.read(saved(document)).text == (
        "1. One\n(a) One a\n(b) One b\n2. Two\n2.I Two, skipping\n(b) Two b\n\n3. Three\n"
    )


def test_a_table_follows_its_caption_and_merged_cells_are_written_once() -> None:
    document = docx.Document()
    document.add_paragraph("Berths of the ports", style="Caption")
    table = document.add_table(3, 3)
    for row, cells in enumerate((("Port", "Year", "Berths"), ("East", "2020", "4"), ("", "2021", "5"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    reading = reader.read(saved(document))
    assert marked_texts(reading, "table") == ["Berths of the ports\nPort | Year | Berths\nEast | 2020 | 4\n| 2021 | 5"]
    (shape,) = [mark.table for mark in reading.marks or () if mark.kind == "table"]
    assert shape == TableShape(3, 1, ((1, 0, 1, 2),))
    assert marked_texts(reading, "caption") == []


def test_the_title_ranks_above_headings_and_levels_start_at_zero() -> None:
    document = docx.Document()
    document.add_heading("Report", 0)
    document.add_heading("Ports", 1)
    document.add_paragraph("Text")
    assert [mark.level for mark in reader.read(saved(document)).marks or ()] == [0, 1]
    document = docx.Document()
    document.add_heading("Ports", 2)
    document.add_heading("East", 3)
    assert [mark.level for mark in reader.read(saved(document)).marks or ()] == [0, 1]


def test_running_heads_are_furniture() -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    document.sections[0].header.paragraphs[0].text = "Annual Report"
    reading = reader.read(saved(document))
    assert reading.text == "Text\n"
    assert reading.furniture == ("Annual Report",)


def test_inserted_text_is_read_but_not_deleted_text_or_field_codes() -> None:
    def change(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        run = b"<w:r><w:t>%s</w:t></w:r>"
        more = b"<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins>" + run % b" new" + b"</w:ins>"
        more += b"<w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink>" + run % b" linked" + b"</w:hyperlink>"
        return content.replace(b"</w:p>", more + b"</w:p>", 1)

    document = docx.Document()
    document.add_paragraph("kept")
    assert reader.read(rewritten(saved(document), change)).text == "kept new linked\n"


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no ZIP archive"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, r"encrypted.*\.doc "),
        (b"plain text", "no ZIP archive"),
        (archive(sheet_xml=b"<a/>"), "holds no document"),
        (archive(word__document_xml=b"<a/>"), "no text document"),
        (archive(word__document_xml=b"<a>"), "not valid XML"),
        (archive(word__document_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "declares entities"),
        (saved(docx.Document()), "empty"),
    ],
)
def test_unreadable_files_are_rejected_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        reader.read(data)


def test_a_zip_bomb_is_rejected_before_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YEARBOOK_QA_MAX_PART", "1000000")
    with pytest.raises(UnreadableFile, match="too large"):
        reader.read(archive(word__document_xml=b"<a>" + b" " * 2_000_000 + b"</a>"))
    monkeypatch.setenv("YEARBOOK_QA_MAX_PARTS", "3")
    with pytest.raises(UnreadableFile, match="at most 3"):
        reader.read(archive(a=b"", b=b"", c=b"", d=b""))


SAMPLE = rendered_docx.render(SMALL)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_rejected(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SAMPLE)
    for position, value in changes:
        data[position] = value
    try:
        reader.read(bytes(data))
    except UnreadableFile:
        return


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_file_with_altered_xml_is_read_or_rejected(draw: st.DataObject) -> None:
    def change(name: str, content: bytes) -> bytes:
        if name not in ("word/document.xml", "word/styles.xml", "word/footnotes.xml", "word/numbering.xml"):
            return content
        position = draw.draw(st.integers(0, len(content)))
        piece = draw.draw(
            st.sampled_from([b"", b"<w:p>", b"</w:p>", b' w:val="-1"', b' w:val="99999999999"', b"w:tbl", b"\xff"])
        )
        return content[:position] + piece + content[position + draw.draw(st.integers(0, 9)) :]

    try:
        reader.read(rewritten(SAMPLE, change))
    except UnreadableFile:
        return
