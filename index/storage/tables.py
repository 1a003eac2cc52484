"""The tables of a segment, and how documents and passages are serialised in them."""

from __future__ import annotations

import json
from dataclasses import fields
from operator import attrgetter
from typing import Any

from corpus.records import CellSpan, Document, PageSpan, Passage, RecognizedWord, Section

SCHEMA = """
CREATE TABLE document (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    identity TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT NOT NULL,
    title TEXT NOT NULL, series TEXT, publisher TEXT, edition INTEGER, covers_first INTEGER, covers_last INTEGER,
    published TEXT, part TEXT, url TEXT, language TEXT,
    origins TEXT NOT NULL, contradictions TEXT NOT NULL,
    furniture INTEGER NOT NULL, long_sentences INTEGER NOT NULL,
    first INTEGER NOT NULL, passages INTEGER NOT NULL
);
CREATE TABLE content (
    document INTEGER PRIMARY KEY REFERENCES document (number), text TEXT NOT NULL, record TEXT NOT NULL,
    seal BLOB NOT NULL
);
CREATE TABLE passage (
    number INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (number),
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL,
    record TEXT NOT NULL,
    terms TEXT NOT NULL,
    length INTEGER NOT NULL,
    row INTEGER NOT NULL,
    sentence_rows BLOB NOT NULL,
    seal BLOB NOT NULL
);
CREATE INDEX passage_document ON passage (document, position);
CREATE INDEX passage_row ON passage (row);
CREATE TABLE vector (
    kind TEXT NOT NULL, digest BLOB NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (kind, digest)
) WITHOUT ROWID;
CREATE TABLE uses (
    kind TEXT NOT NULL, row INTEGER NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (kind, row)
) WITHOUT ROWID;
CREATE TABLE dead (document INTEGER PRIMARY KEY);
CREATE TABLE term (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE total (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""

EVIDENCE = "evidence"
"""Key beside the fields in the column `origins`: the schema of older indexes has no column for it."""

_COLUMNS = ("id", "source", "sha256", "title", "series", "publisher", "edition", "published", "part", "url", "language")
_SECTION, _PAGE_SPAN, _CELL_SPAN, _RECOGNIZED = (
    attrgetter(*(field.name for field in fields(kind) if field.name != "table"))
    for kind in (Section, PageSpan, CellSpan, RecognizedWord)
)


def facts_of(document: Document) -> dict[str, Any]:
    """Return the columns of a document that opening an index reads; none grows with the document's length."""
    covers = document.covers or (None, None)
    return {name: getattr(document, name) for name in _COLUMNS} | {
        "covers_first": covers[0],
        "covers_last": covers[1],
        "origins": json.dumps(
            {**document.origins, **({EVIDENCE: dict(document.evidence)} if document.evidence else {})}
        ),
        "furniture": len(document.furniture),
    }


def dump_document(document: Document) -> str:
    """Serialise the fields that are read only with a whole document, except its text."""
    record = {
        name: getattr(document, name)
        for name in document.__slots__
        if name not in ("text", "outline", "origins", "evidence")
    }
    record["origins"] = dict(document.origins)
    record |= {"evidence": dict(document.evidence)} if document.evidence else {}
    record["outline"] = [[*_SECTION(section), *_shape(section)] for section in document.outline]
    record["pages"] = [_PAGE_SPAN(span) for span in document.pages]
    record["cells"] = [_CELL_SPAN(span) for span in document.cells]
    record["recognized"] = [_RECOGNIZED(word) for word in document.recognized]
    return json.dumps(record, ensure_ascii=False)


def _shape(section: Section) -> list[Any]:
    """Return the shape of a table as the last item of its record; nothing for other sections."""
    shape = section.table
    return [] if shape is None else [[shape.rows, shape.header_rows, shape.merged]]


def dump_passage(passage: Passage) -> str:
    """Serialise the fields of a passage that are read only when it is shown."""
    names = ("section", "kind", "path", "prefix", "sentences", "page", "page_label")
    record = {name: getattr(passage, name) for name in names}
    record["sentences"] = [
        [
            sentence.start,
            sentence.end,
            *([sentence.wording] if sentence.wording or sentence.cells else []),
            *([sentence.cells] if sentence.cells else []),
        ]
        for sentence in passage.sentences
    ]
    record |= {name: value for name in ("header", "cells") if (value := getattr(passage, name))}
    if passage.ocr_confidence is not None:
        record["ocr_confidence"] = passage.ocr_confidence
    return json.dumps(record, ensure_ascii=False)
