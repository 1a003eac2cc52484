"""Renders a publication as DOCX: heading styles, real footnotes, captions, insets in a one-cell table."""

from __future__ import annotations

import io
import re
import zipfile
from html import escape

import docx

from tests.factories.outlined_texts import Publication

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NOTES = (
    '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.footnotes+xml"/></Types>'
)
_RELATION = (
    '<Relationship Id="rIdNotes" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"'
    ' Target="footnotes.xml"/></Relationships>'
)


def render(publication: Publication) -> bytes:
    """Render a publication; the paragraph before a note refers to it."""
    document = docx.Document()
    document.core_properties.title = publication.title
    notes: list[str] = []
    place = document
    last = None
    for block in publication.blocks:
        if block.inset is None:
            place = document
        if block.kind == "section":
            document.add_heading(block.text, block.level + 1)
        elif block.kind == "inset":
            place = document.add_table(1, 1).cell(0, 0)
            place.paragraphs[0].text = block.text
        elif block.kind == "notes" and last is not None:
            notes.append(re.sub(r"^\W*\d{1,3}\s", "", block.text))
            run = last.add_run()
            reference = run._r.makeelement(f"{{{_W}}}footnoteReference", {f"{{{_W}}}id": str(len(notes))})
            run._r.append(reference)
        elif block.kind == "caption":
            place.add_paragraph(block.text, style="Caption")
        else:
            last = place.add_paragraph(block.text)
    buffer = io.BytesIO()
    document.save(buffer)
    return with_notes(buffer.getvalue(), notes)


def with_notes(data: bytes, notes: list[str]) -> bytes:
    """Return a DOCX file with these footnotes, numbered from 1."""
    separators = "".join(f'<w:footnote w:type="separator" w:id="{number}"><w:p/></w:footnote>' for number in (-1, 0))
    small = '<w:sz w:val="17"/>'
    written = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:rPr>{small}</w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:rPr>{small}</w:rPr><w:t xml:space="preserve"> {escape(note)}</w:t></w:r></w:p>'
        "</w:footnote>"
        for number, note in enumerate(notes, 1)
    )
    part = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes xmlns:w="{_W}">{separators}{written}</w:footnotes>'
    source = zipfile.ZipFile(io.BytesIO(data))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"</Types>", _NOTES.encode())
            elif name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", _RELATION.encode())
            archive.writestr(name, content)
        archive.writestr("word/footnotes.xml", part.encode())
    return buffer.getvalue()
