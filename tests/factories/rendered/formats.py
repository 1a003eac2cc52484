"""Publications rendered in each format that can be read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from corpus.readers.base import FileContent
from corpus.readers.pdf import reader as pdf
from corpus.readers.registry import reader_for
from tests.factories.outlined_texts import Publication, seeds
from tests.factories.rendered import docx as rendered_docx
from tests.factories.rendered import epub as rendered_epub
from tests.factories.rendered import html as rendered_html
from tests.factories.rendered import opendocument as rendered_opendocument
from tests.factories.rendered import pdf as rendered_pdf
from tests.factories.rendered import sheets as rendered_sheets
from tests.factories.rendered import slides as rendered_slides


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


def in_process_reader(suffix: str) -> Callable[[bytes], FileContent]:
    """Return the reader of a format, without the child process of PDF files."""
    reader = reader_for(Path(f"x{suffix}"))
    assert reader is not None
    return pdf.read if suffix == ".pdf" else reader


@cache
def read_seeds(data: Path, suffix: str) -> tuple[tuple[Publication, FileContent], ...]:
    """Return the seeds with what is read of them in a format: several tests look at the same rendered files."""
    read = in_process_reader(suffix)
    return tuple((publication, read(RENDERERS[suffix](publication))) for publication in seeds(data))


def marked_texts(reading: FileContent, kind: str) -> list[str]:
    """Return the text of each mark of a kind."""
    return [reading.text[mark.start : mark.end] for mark in reading.marks or () if mark.kind == kind]
