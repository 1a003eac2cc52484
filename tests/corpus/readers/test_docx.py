"""DOCX files: styles, automatic numbers, notes, tables, boxes; and archives that do harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.readers import docx as docx_reader
from corpus.readers.base import FileContent
from corpus.records import TableShape
from tests.factories.outlined_texts import SMALL, Block, Publication, compare
from tests.factories.rendered import docx as rendered_docx
from tests.factories.rendered.formats import marked_texts, read_seeds

UP = '<w:vertAlign w:val="superscript"/>'
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
    reading = docx_reader.read(rendered_docx.render(SMALL))
    compared = compare(SMALL, reading)
    assert compared.wrong == compared.insets == []
    assert compared.notes == compared.captions == 1
    assert reading.metadata["title"] == "Annual Report 2021"


def test_seeds_keep_their_outline_as_docx(data: Path) -> None:
    for publication, reading in read_seeds(data, ".docx"):
        compared = compare(publication, reading)
        assert compared.share >= 0.99, compared.wrong
        assert compared.insets == []
        assert min(compared.notes, compared.captions) >= 0.99


def test_a_note_follows_its_section_with_the_number_of_its_reference() -> None:
    text = docx_reader.read(rendered_docx.render(SMALL)).text
    assert "in its third resolution.¹\n" in text
    assert text.index("1 The council adopted") < text.index("A Lighthouses")


def test_adjacent_note_references_stay_separate_numbers() -> None:
    blocks = (Block("body", "The dam broke in 2016."), Block("notes", "1 In May."), Block("notes", "2 At night."))
    text = docx_reader.read(rendered_docx.render(Publication("Dams", blocks))).text
    assert text == "The dam broke in 2016.¹ ²\n\n1 In May.\n\n2 At night.\n"


def test_a_strict_ooxml_file_reads_like_a_transitional_one() -> None:
    def strict(_name: str, content: bytes) -> bytes:
        for usual, other in STRICT:
            content = content.replace(usual.encode(), other.encode())
        return content

    data = rendered_docx.render(SMALL)
    assert docx_reader.read(rewritten(data, strict)) == docx_reader.read(data)


def test_automatic_numbers_precede_their_paragraphs() -> None:
    document = docx.Document()
    with_numbering(document)
    for level, text in ((0, "One"), (1, "One a"), (1, "One b"), (0, "Two"), (2, "Two, skipping"), (1, "Two b")):
        numbered(document.add_paragraph(text), 900, level)
    heading = document.add_heading("Three", 1)
    numbered(heading, 900, 0)
    # A level that was skipped counts as begun, as in Word: after 2.I on the third level the second goes on with (b).
    assert docx_reader.read(saved(document)).text == (
        "1. One\n(a) One a\n(b) One b\n2. Two\n2.I Two, skipping\n(b) Two b\n\n3. Three\n"
    )


@pytest.mark.parametrize("style", ["Caption", "Table Caption"])
def test_a_table_follows_its_caption_and_merged_cells_are_written_once(style: str) -> None:
    document = docx.Document()
    if style not in document.styles:
        document.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Berths of the ports", style=style)
    table = document.add_table(3, 3)
    for row, cells in enumerate((("Port", "Year", "Berths"), ("East", "2020", "4"), ("", "2021", "5"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    reading = docx_reader.read(saved(document))
    assert marked_texts(reading, "table") == ["Berths of the ports\nPort | Year | Berths\nEast | 2020 | 4\n| 2021 | 5"]
    (shape,) = [mark.table for mark in reading.marks or () if mark.kind == "table"]
    assert shape == TableShape(3, 1, ((1, 0, 1, 2),))
    assert marked_texts(reading, "caption") == []


def test_the_title_ranks_above_headings_and_levels_start_at_zero() -> None:
    document = docx.Document()
    document.add_heading("Report", 0)
    document.add_heading("Ports", 1)
    document.add_paragraph("Text")
    assert [mark.level for mark in docx_reader.read(saved(document)).marks or ()] == [0, 1]
    document = docx.Document()
    document.add_heading("Ports", 2)
    document.add_heading("East", 3)
    assert [mark.level for mark in docx_reader.read(saved(document)).marks or ()] == [0, 1]


def test_running_heads_are_furniture() -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    document.sections[0].header.paragraphs[0].text = "Annual Report"
    reading = docx_reader.read(saved(document))
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
    assert docx_reader.read(rewritten(saved(document), change)).text == "kept new linked\n"


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def test_a_zip_bomb_is_rejected_before_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YEARBOOK_QA_MAX_PART", "1000000")
    with pytest.raises(UnreadableFile, match="too large"):
        docx_reader.read(archive(word__document_xml=b"<a>" + b" " * 2_000_000 + b"</a>"))
    monkeypatch.setenv("YEARBOOK_QA_MAX_PARTS", "3")
    with pytest.raises(UnreadableFile, match="the limit is 3:"):
        docx_reader.read(archive(a=b"", b=b"", c=b"", d=b""))


SAMPLE = rendered_docx.render(SMALL)


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
        docx_reader.read(rewritten(SAMPLE, change))
    except UnreadableFile:
        return


def _from_body(body: str, *parts: tuple[str, str], styles: str = "") -> FileContent:
    """Read a file whose document part has this body, and these further parts (name and content)."""

    def change(name: str, content: bytes) -> bytes:
        if name == "word/document.xml":
            start, end = content.index(b"<w:body>") + 8, content.index(b"<w:sectPr")
            return content[:start] + body.encode() + content[end:]
        if name == "word/styles.xml":
            return content.replace(b"</w:styles>", f"{styles}</w:styles>".encode())
        if name == "word/_rels/document.xml.rels":
            added = "".join(
                f'<Relationship Id="part{number}" Type="http://x/aFChunk" Target="{part}"/>'
                for number, (part, _) in enumerate(parts)
            )
            return content.replace(b"</Relationships>", f"{added}</Relationships>".encode())
        return content

    data = rewritten(saved(docx.Document()), change)
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as target:
        for part, content in parts:
            target.writestr(f"word/{part}", content)
    return docx_reader.read(buffer.getvalue())


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def _symbol(font: str, code: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


def _field(data: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'


def _control(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def _row(*cells: str, properties: str = "") -> str:
    columns = "".join(f"<w:tc>{_paragraph(_run(cell))}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{columns}</w:tr>"


DELETED_MARK = "<w:rPr><w:del/></w:rPr>"
DROP_CAP = '<w:framePr w:dropCap="drop" w:lines="3"/>'
TICKED = "<w:checkBox><w:checked/></w:checkBox>"
CHOSEN = '<w:ddList><w:result w:val="1"/><w:listEntry w:val="North"/><w:listEntry w:val="South"/></w:ddList>'


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (_paragraph(_run("Seen "), _run("hidden ", "<w:vanish/>"), _run("seen")), "Seen seen"),
        (_paragraph(_run("Seen", '<w:vanish w:val="0"/>')), "Seen"),
        (_paragraph(_run("Seen"), _run(" by style", '<w:rStyle w:val="Unseen"/>')), "Seen"),
        (_paragraph(_run("hidden", "<w:vanish/>")) + _paragraph(_run("Seen")), "Seen"),
        (_paragraph(_run("Cut to"), properties=DELETED_MARK) + _paragraph(_run("810 t.")), "Cut to 810 t."),
        (_paragraph(_run("The end."), properties=DELETED_MARK), "The end."),
        (_paragraph(_run("T"), properties=DROP_CAP) + _paragraph(_run("he sea.")), "The sea."),
        (_paragraph(_run("a "), _symbol("Symbol", "F0B3"), _run(" 15 "), _symbol("Symbol", "61")), "a ≥ 15 α"),
        (_paragraph(_symbol("Wingdings", "F0FC"), _run(" done")), "✓ done"),
        (_paragraph(_run("m", '<w:rFonts w:ascii="Symbol"/>'), _run("m and \uf0b0C")), "μm and °C"),
        (_paragraph(_run("3×10"), _run("-", UP), _run("6", UP), _run(" m"), _run("2", UP)), "3×10⁻⁶ m²"),
        (_paragraph(_run("the 1"), _run("st", UP), _run(" boat")), "the 1st boat"),
        (_paragraph(_run("De"), "<w:r><w:softHyphen/></w:r>", _run("sal\u00adination")), "Desalination"),
        (_paragraph(_field(TICKED), _run(" fee paid "), _field(CHOSEN)), "☒ fee paid South"),
        (_paragraph(_control(_run("Click here"), "<w:showingPlcHdr/>"), _control(_run("Anna"))), "Anna"),
        (f"<w:tbl>{_row('a', 'b')}{_row('c', 'd', properties='<w:del/>')}</w:tbl>", "a | b"),
    ],
)
def test_a_paragraph_is_read_as_it_is_printed(body: str, shown: str) -> None:
    style = "<w:style w:type='character' w:styleId='Unseen'><w:rPr><w:vanish/></w:rPr></w:style>"
    assert _from_body(body, styles=style).text == f"{shown}\n"


def test_parts_in_other_formats_are_read_in_place() -> None:
    chunks = "".join(f'<w:altChunk r:id="part{number}"/>' for number in range(4))
    mail = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Third part.</p>"
    reading = _from_body(
        f"<w:p>{_run('First.')}</w:p>{chunks}<w:p>{_run('Last.')}</w:p>",
        ("a.html", "<h1>Dredging</h1><p>It removed <b>18,000</b> tonnes.</p>"),
        ("b.txt", "Plain text."),
        ("c.mht", mail),
        ("d.rtf", "{\\rtf1 x}"),
    )
    assert reading.text == "First.\n\nDredging\n\nIt removed 18,000 tonnes.\n\nPlain text.\n\nThird part.\n\nLast.\n"
    assert marked_texts(reading, "section") == ["Dredging"]
    assert reading.warnings == ("a part of the document is not read: word/d.rtf: no reader for .rtf",)


def test_bold_paragraphs_are_headings_below_the_declared_ones() -> None:
    def heading(text: str, level: int) -> str:
        return _paragraph(_run(text), properties=f'<w:outlineLvl w:val="{level}"/>')

    prose = _paragraph(_run("The fleet landed 4,100 tonnes of cod."))
    bold = {text: _paragraph(_run(text, "<w:b/>")) for text in ("Chair:", "Northern ports", "Wages", "Crews and Pay")}
    cell = f"<w:tbl><w:tr><w:tc>{bold['Wages']}</w:tc><w:tc>{_paragraph(_run('12'))}</w:tc></w:tr></w:tbl>"
    reading = _from_body(
        f"{heading('Catches', 0)}{prose}{bold['Chair:']}{prose}{bold['Northern ports']}{prose}"
        f"{heading('Labour', 0)}{heading('Ships', 1)}{prose}{bold['Crews and Pay']}{prose}{cell}"
    )
    sections = [
        (mark.level, reading.text[mark.start : mark.end]) for mark in reading.marks or () if mark.kind == "section"
    ]
    assert sections == [(0, "Catches"), (1, "Northern ports"), (0, "Labour"), (1, "Ships"), (2, "Crews and Pay")]


def test_bold_paragraphs_are_the_headings_of_a_document_without_heading_styles() -> None:
    prose = f"<w:p>{_run('The fleet landed 4,100 tonnes of cod.')}</w:p>"
    reading = _from_body(
        f"<w:p>{_run('Catches of the year', '<w:b/>')}</w:p>{prose}<w:p>{_run('Wages', '<w:b/>')}</w:p>{prose}"
    )
    assert marked_texts(reading, "section") == ["Catches of the year", "Wages"]
