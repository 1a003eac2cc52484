"""Writes slides as PPTX and ODP, and renders a publication as such: slides for each section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from tests.factories.outlined_texts import Publication
from tests.factories.rendered.opendocument import odf
from tests.factories.rendered.sheets import pack

_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_O = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_R = "http://schemas.openxmlformats.org/package/2006/relationships"
_SPACES = f'xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_O}"'


@dataclass(frozen=True)
class MadeSlide:
    """A slide to write; its boxes are the text, the left edge, the top, the width and the height in cm."""

    title: str
    lines: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()
    notes: str = ""
    footer: str = ""
    hidden: bool = False
    boxes: Sequence[tuple[str, float, float, float, float]] = ()


def _box(text: str, *place: float) -> str:
    left, top, width, height = (round(360_000 * value) for value in place)
    transform = f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="x"/><p:nvPr/></p:nvSpPr><p:spPr>{transform}</p:spPr>'
        f"<p:txBody><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def _shape(role: str, lines: Sequence[str]) -> str:
    body = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in lines)
    placeholder = f'<p:ph type="{role}"/>' if role else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="x"/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>'
        f"<p:txBody>{body}</p:txBody></p:sp>"
    )


def _table_cell(text: str) -> str:
    return f"<a:tc><a:txBody><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></a:txBody></a:tc>"


def _relations(*targets: tuple[str, str]) -> str:
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{_O}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_R}">{relations}</Relationships>'


def pptx_parts(slides: Sequence[MadeSlide], title: str = "") -> dict[str, str]:
    """Return the parts of a PPTX file."""
    ids = "".join(f'<p:sldId id="{255 + number}" r:id="r{number}"/>' for number in range(1, len(slides) + 1))
    parts = {
        "_rels/.rels": _relations(("officeDocument", "ppt/presentation.xml")),
        "docProps/core.xml": f'<a xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></a>',
        "ppt/presentation.xml": f"<p:presentation {_SPACES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relations(
            *(("slide", f"slides/slide{number}.xml") for number in range(1, len(slides) + 1))
        ),
    }
    for number, slide in enumerate(slides, 1):
        rows = "".join(f"<a:tr>{''.join(map(_table_cell, row))}</a:tr>" for row in slide.table)
        frame = f'<p:graphicFrame><a:tbl><a:tblPr firstRow="1"/>{rows}</a:tbl></p:graphicFrame>' if rows else ""
        shapes = _shape("body", slide.lines) + _shape("title", [slide.title]) + frame
        shapes += "".join(_box(*box) for box in slide.boxes) + _shape("ftr", [slide.footer])
        show = ' show="0"' * slide.hidden
        parts[f"ppt/slides/slide{number}.xml"] = (
            f"<p:sld {_SPACES}{show}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
        )
        if slide.notes:
            parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = _relations(
                ("notesSlide", f"../notes/notes{number}.xml")
            )
            parts[f"ppt/notes/notes{number}.xml"] = f"<p:notes {_SPACES}>{_shape('body', [slide.notes])}</p:notes>"
    return parts


def pptx(slides: Sequence[MadeSlide], title: str = "") -> bytes:
    """Return a PPTX file."""
    return pack(pptx_parts(slides, title))


def odp(slides: Sequence[MadeSlide], title: str = "") -> bytes:
    """Return an ODP file."""

    def frame(role: str, lines: Sequence[str]) -> str:
        body = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines).replace("\t", "<text:tab/>")
        return f'<draw:frame presentation:class="{role}"><draw:text-box>{body}</draw:text-box></draw:frame>'

    pages = ""
    for slide in slides:
        rows = "".join(
            "<table:table-row>"
            + "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row)
            + "</table:table-row>"
            for row in slide.table
        )
        table = f"<draw:frame><table:table>{rows}</table:table></draw:frame>" if rows else ""
        notes = f"<presentation:notes>{frame('notes', [slide.notes])}</presentation:notes>" if slide.notes else ""
        shapes = frame("outline", slide.lines) + frame("title", [slide.title]) + table
        shapes += "".join(
            f'<draw:frame svg:x="{left}cm" svg:y="{top}cm" svg:width="{width}cm" svg:height="{height}cm">'
            f"<draw:text-box><text:p>{escape(text)}</text:p></draw:text-box></draw:frame>"
            for text, left, top, width, height in slide.boxes
        )
        style = ' draw:style-name="hidden"' * slide.hidden
        pages += f"<draw:page{style}>{shapes}{frame('footer', [slide.footer])}{notes}</draw:page>"
    styles = (
        '<style:style style:name="hidden" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    return odf("presentation", pages, styles, title)


def slides_of(publication: Publication) -> list[MadeSlide]:
    """Return a publication as slides: sections and insets are titles; longer sections continue on further slides."""
    slides: list[MadeSlide] = []
    title, lines = publication.title, list[str]()
    for block in publication.blocks:
        if block.kind in ("section", "inset"):
            slides.append(MadeSlide(title, lines))
            title, lines = block.text, []
        else:
            if sum(map(len, lines)) > 900:
                slides.append(MadeSlide(title, lines))
                lines = []
            lines.append(block.text)
    return [*slides, MadeSlide(title, lines)]


def render_pptx(publication: Publication) -> bytes:
    """Render a publication as PPTX."""
    return pptx(slides_of(publication), publication.title)


def render_odp(publication: Publication) -> bytes:
    """Render a publication as ODP."""
    return odp(slides_of(publication), publication.title)
