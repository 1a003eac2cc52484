"""Export a collection: Word or Markdown with footnotes, records for reference managers, or a table.

To add a format, write a function from a collection and a citation style to bytes and add it to `EXPORTS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.translation import gettext as _
from corpus.translation import gettext_noop
from qa.collections.citation_styles import Citations, TextRun, TextRuns, cite_all
from qa.collections.collection import Collection, CollectionItem, KeptPassage, collection_json
from qa.output.citation_formats import FORMATS, REFERENCE_FORMATS, markdown_line, markdown_text
from qa.output.csv_cells import csv_text


@dataclass(frozen=True, slots=True)
class CollectionExport:
    """A format: its label in English, the suffix and media type of its files, and the function that writes it."""

    label: str
    suffix: str
    media_type: str
    write: Callable[[Collection, str], bytes]


@dataclass(frozen=True, slots=True)
class _QuotedItem:
    """An item with the note of each of its passages."""

    item: CollectionItem
    quoted: tuple[tuple[KeptPassage, TextRuns], ...]


def _quoted_items(collection: Collection, citations: Citations) -> Iterator[_QuotedItem]:
    notes = iter(citations.notes)
    for item in collection.items:
        yield _QuotedItem(item, tuple((passage, next(notes)) for passage in item.passages))


def _cite(collection: Collection, style: str) -> Citations:
    return cite_all([passage.reference for passage in collection.passages], style)


def write_json(collection: Collection, _style: str = "") -> bytes:
    """Return the collection's own file, which can be imported again."""
    return f"{json.dumps(collection_json(collection), ensure_ascii=False, indent=2)}\n".encode()


def write_docx(collection: Collection, style: str) -> bytes:
    """Return a Word document; each quotation has a footnote that cites it, after a heading that names its source.

    From the heading `check` also knows which document a quotation is from.
    """
    from qa.collections.docx import DocxParagraph, docx

    citations = _cite(collection, style)
    paragraphs = [DocxParagraph("Title", (TextRun(collection.name),))]
    paragraphs += [DocxParagraph("Normal", (TextRun(line),)) for line in _lines(collection.note)]
    for quoted in _quoted_items(collection, citations):
        for passage, note in quoted.quoted:
            source = passage.reference.source
            paragraphs.append(DocxParagraph("Heading1", (TextRun(source.title),), source.language))
            paragraphs.append(DocxParagraph("Quote", (TextRun(passage.text.strip()),), source.language, note))
        paragraphs += [DocxParagraph("Normal", (TextRun(line),)) for line in _remarks(quoted.item)]
    if citations.works:
        paragraphs.append(DocxParagraph("Heading1", (TextRun(_("References")),)))
        paragraphs += [DocxParagraph("Bibliography", work) for work in citations.works]
    return docx(paragraphs, collection.name)


def write_markdown(collection: Collection, style: str) -> bytes:
    """Return Markdown with a block quotation and a footnote for each passage."""
    citations = _cite(collection, style)
    blocks = [f"# {markdown_line(collection.name)}", *map(markdown_line, _lines(collection.note))]
    notes: list[str] = []
    for quoted in _quoted_items(collection, citations):
        for passage, note in quoted.quoted:
            notes.append(f"[^{len(notes) + 1}]: {_markdown(note)}")
            lines = [f"> {_escape_line(line)}".rstrip() for line in passage.text.strip().splitlines()]
            blocks.append(f"## {markdown_line(passage.reference.source.title)}")
            blocks.append("\n".join(lines) + f"[^{len(notes)}]")
        blocks += map(markdown_line, _remarks(quoted.item))
    if citations.works:
        blocks += [f"## {_('References')}", *map(_markdown, citations.works)]
    return ("\n\n".join([*blocks, *notes]) + "\n").encode()


CSV_COLUMNS = (
    "number",
    "quotation",
    "note",
    "labels",
    "title",
    "edition",
    "section",
    "page",
    "citation",
    "id",
    "question",
)


def write_csv(collection: Collection, style: str) -> bytes:
    """Return one row per passage."""
    rows: list[Sequence[object]] = []
    for quoted in _quoted_items(collection, _cite(collection, style)):
        for passage, note in quoted.quoted:
            item, reference = quoted.item, passage.reference
            rows.append(
                [
                    *(len(rows) + 1, passage.text, item.note, "; ".join(item.labels), reference.source.title),
                    *(reference.source.edition, " › ".join(reference.path), reference.printed_page),
                    *("".join(run.text for run in note), reference.id, item.question),
                ]
            )
    return csv_text(CSV_COLUMNS, rows).encode()


def _reference_export(name: str) -> CollectionExport:
    form, write = FORMATS[name], REFERENCE_FORMATS[name]

    def export(collection: Collection, _style: str) -> bytes:
        return write([passage.reference for passage in collection.passages]).encode()

    return CollectionExport(form.label, form.suffix, form.media_type, export)


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

EXPORTS: Mapping[str, CollectionExport] = {
    "docx": CollectionExport(gettext_noop("Word"), "docx", _WORD, write_docx),
    "markdown": CollectionExport("Markdown", "md", "text/markdown", write_markdown),
    **{name: _reference_export(name) for name in REFERENCE_FORMATS},
    "csv": CollectionExport(gettext_noop("Table (CSV)"), "csv", "text/csv", write_csv),
    "json": CollectionExport(gettext_noop("Collection file"), "json", "application/json", write_json),
}
"""All formats by name, in the order of the menus."""


def export_collection(collection: Collection, name: str, style: str = "plain") -> bytes:
    """Return a collection in one of `EXPORTS`, cited in one of `STYLES`. Raises ValueError for an unknown name."""
    if name not in EXPORTS:
        raise ValueError(f"unknown format {name!r}: choose one of {', '.join(EXPORTS)}")
    return EXPORTS[name].write(collection, style)


def _remarks(item: CollectionItem) -> list[str]:
    labels = [_("Labels: %(labels)s", labels=", ".join(item.labels))] if item.labels else []
    return [*_lines(item.note), *labels]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _markdown(runs: TextRuns) -> str:
    texts = ((markdown_text(" ".join(run.text.split("\n"))), run.italic) for run in runs)
    return "".join(f"*{text}*" if italic else text for text, italic in texts)


_BLOCK_START = re.compile(r"([-+]|\d{1,9}[.)])(?=\s|$)")
_UNDERLINE = re.compile("=+|-{2,}")


def _escape_line(line: str) -> str:
    """Escape a line of a quotation, also what would begin a list or make the line above a heading."""
    text = markdown_text(line.strip())
    if _UNDERLINE.fullmatch(text):
        return f"\\{text}"
    return (
        _BLOCK_START.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", text, count=1)
        if _BLOCK_START.match(text)
        else text
    )
