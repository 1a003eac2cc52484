"""Publications rendered in each format that can be read."""

from __future__ import annotations

from collections.abc import Callable

from corpus.readers.base import FileContent
from tests.factories import (
    rendered_docx,
    rendered_epub,
    rendered_html,
    rendered_opendocument,
    rendered_pdf,
    rendered_sheets,
    rendered_slides,
)
from tests.factories.outlined_texts import Publication


def _plain_text(publication: Publication) -> bytes:
    return "\n\n".join(block.text for block in publication.blocks).encode()


def _markdown(publication: Publication) -> bytes:
    prefixes = {"section": "# ", "notes": "[^{}]: "}
    blocks = enumerate(publication.blocks)
    return "\n\n".join(prefixes.get(block.kind, "").format(number) + block.text for number, block in blocks).encode()


RENDERERS: dict[str, Callable[[Publication], bytes]] = {
    ".txt": _plain_text,
    ".md": _markdown,
    ".html": rendered_html.render,
    ".docx": rendered_docx.render,
    ".pdf": lambda publication: rendered_pdf.render(publication).data,
    ".odt": rendered_opendocument.render_odt,
    ".epub": rendered_epub.render,
    ".pptx": rendered_slides.render_pptx,
    ".odp": rendered_slides.render_odp,
    ".xlsx": rendered_sheets.render_xlsx,
    ".ods": rendered_sheets.render_ods,
    ".csv": rendered_sheets.render_csv,
    ".tsv": rendered_sheets.render_tsv,
}
"""By suffix."""


def marked_texts(reading: FileContent, kind: str) -> list[str]:
    """Return the text of each mark of a kind."""
    return [reading.text[mark.start : mark.end] for mark in reading.marks or () if mark.kind == kind]
