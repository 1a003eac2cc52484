"""Writes EPUB files, and renders a publication as one: a chapter for each top section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from tests.factories.outlined_texts import Publication
from tests.factories.rendered.sheets import pack

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/package.opf"/></rootfiles></container>'
)


def page(body: str) -> str:
    """Return a content document."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head><body>{body}</body></html>'
    )


def epub(
    chapters: Mapping[str, str],
    spine: Sequence[str] | None = None,
    navigation: str = "",
    metadata: str = "<dc:title>Report</dc:title>",
    more: Mapping[str, str] | None = None,
) -> bytes:
    """Return an EPUB file of these content documents by file name; `spine` is their order."""
    items = "".join(f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in chapters)
    items += '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    order = "".join(f'<itemref idref="{name}"/>' for name in (spine or ["nav", *chapters]))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OPS/package.opf": package}
    parts["OPS/nav.xhtml"] = page(f"<nav><ol><li>Contents</li></ol></nav>{navigation}")
    return pack(parts | {f"OPS/{name}.xhtml": content for name, content in chapters.items()} | dict(more or {}))


def render(publication: Publication) -> bytes:
    """Render a publication; insets are asides, notes have their role."""
    chapters: list[list[str]] = [[]]
    inset = False
    for block in publication.blocks:
        if inset and block.inset is None:
            chapters[-1].append("</aside>")
            inset = False
        if block.kind == "section" and block.level == 0 and chapters[-1]:
            chapters.append([])
        text = escape(block.text)
        if block.kind == "section":
            chapters[-1].append(f"<h{block.level + 1}>{text}</h{block.level + 1}>")
        elif block.kind == "inset":
            chapters[-1].append(f"<aside><p><b>{text}</b></p>")
            inset = True
        elif block.kind == "notes":
            chapters[-1].append(f'<p role="doc-footnote">{text}</p>')
        elif block.kind == "caption":
            chapters[-1].append(f"<figure><figcaption>{text}</figcaption></figure>")
        else:
            chapters[-1].append(f"<p>{text}</p>")
    if inset:
        chapters[-1].append("</aside>")
    metadata = f"<dc:title>{escape(publication.title)}</dc:title><dc:language>en</dc:language>"
    return epub({f"chapter{n}": page("".join(body)) for n, body in enumerate(chapters, 1)}, metadata=metadata)
