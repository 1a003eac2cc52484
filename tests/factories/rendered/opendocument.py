"""Renders a publication as OpenDocument text and slides, part by part."""

from __future__ import annotations

import re
from html import escape

from corpus.readers.opendocument import DRAW, OFFICE, PRESENTATION, STYLE, SVG, TABLE, TEXT
from tests.factories.outlined_texts import Publication
from tests.factories.rendered.sheets import pack

NAMESPACES = " ".join(
    f'xmlns:{name}="{namespace[1:-1]}"'
    for name, namespace in (
        ("office", OFFICE), ("style", STYLE), ("table", TABLE), ("text", TEXT), ("draw", DRAW),
        ("presentation", PRESENTATION), ("svg", SVG),
    )
)  # fmt: skip


def odf(kind: str, body: str, styles: str = "", title: str = "") -> bytes:
    """Return a file of OpenDocument with this body (`text`, `spreadsheet`, `presentation`)."""
    content = (
        f"<office:document-content {NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    meta = f'<a xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></a>'
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    entries = "".join(
        f'<m:file-entry m:full-path="{path}" m:media-type="{media}"/>'
        for path, media in (("/", mimetype), ("content.xml", "text/xml"), ("meta.xml", "text/xml"))
    )
    manifest = f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entries}</m:manifest>'
    parts = {"mimetype": mimetype, "content.xml": content, "meta.xml": meta, "META-INF/manifest.xml": manifest}
    return pack(parts)


def note(number: int, text: str) -> str:
    """Return a footnote with its citation."""
    return (
        f'<text:note text:note-class="footnote"><text:note-citation>{number}</text:note-citation>'
        f"<text:note-body><text:p>{escape(text)}</text:p></text:note-body></text:note>"
    )


def render_odt(publication: Publication) -> bytes:
    """Render a publication; the paragraph before a note refers to it, insets are one-cell tables."""
    parts: list[str] = []
    notes = 0
    inset: list[str] | None = None
    for block in [*publication.blocks, None]:
        if inset is not None and (block is None or block.inset is None):
            cell = "".join(inset)
            parts.append(
                f"<table:table><table:table-row><table:table-cell>{cell}</table:table-cell></table:table-row></table:table>"
            )
            inset = None
        if block is None:
            break
        target = parts if inset is None else inset
        if block.kind == "section":
            parts.append(f'<text:h text:outline-level="{block.level + 1}">{escape(block.text)}</text:h>')
        elif block.kind == "inset":
            inset = [f"<text:p>{escape(block.text)}</text:p>"]
        elif block.kind == "notes" and target and target[-1].startswith("<text:p>"):
            notes += 1
            text = re.sub(r"^\W*\d{1,3}\s", "", block.text)
            target[-1] = target[-1].removesuffix("</text:p>") + note(notes, text) + "</text:p>"
        else:
            style = ' text:style-name="Caption"' * (block.kind == "caption")
            target.append(f"<text:p{style}>{escape(block.text)}</text:p>")
    styles = '<style:style style:name="Caption" style:family="paragraph"/>'
    return odf("text", "".join(parts), styles, publication.title)
