"""Conservation laws of every document: each character is in exactly one place, and every span is exact."""

from __future__ import annotations

import re
from pathlib import Path

from corpus.catalogue import Entry
from corpus.chunking.passages import Lengths, chunk
from corpus.ingest import Source, build_document
from corpus.readers.base import FileContent
from corpus.readers.registry import reader_for
from corpus.records import HEADED_KINDS, Document
from tests.factories.encoders import word_counts


def document(path: Path, data: bytes) -> Document:
    """Return the document of a file with these bytes. Raises UnreadableFile."""
    reader = reader_for(path)
    assert reader is not None
    return document_of(path, reader(data))


def document_of(path: Path, reading: FileContent) -> Document:
    """Return the document of a file of which this was read."""
    return build_document(Source(path.stem, path, Entry(), False, ""), reading)


def covered(document: Document) -> list[int]:
    """Return, for each character, the number of passages and headings that it is in."""
    counts = [0] * len(document.text)
    spans = [(passage.start, passage.end) for passage in chunk(document, word_counts, Lengths()).passages]
    spans += [(item.start, item.heading_end) for item in document.outline if item.kind in HEADED_KINDS]
    for start, end in spans:
        for position in range(start, end):
            counts[position] += 1
    return counts


def check_conservation(document: Document) -> None:
    """Check that every non-blank character is in exactly one passage or heading, and that furniture is not blank."""
    text = document.text
    wrong = [place for place, count in enumerate(covered(document)) if count != 1 and not text[place].isspace()]
    assert wrong == [], repr(text[max(0, wrong[0] - 40) : wrong[0] + 40])
    assert all(line.strip() for line in document.furniture)


def check_spans(document: Document) -> None:
    """Check that passages, sentences, headings and pages are in order and equal the text at their offsets."""
    text = document.text
    text.encode()  # half of a surrogate pair cannot be stored
    for passage in chunk(document, word_counts, Lengths()).passages:
        assert text[passage.start : passage.end] == passage.text, passage.id
        offsets = [offset for sentence in passage.sentences for offset in (sentence.start, sentence.end)]
        assert offsets == sorted(offsets), passage.id
        # each part of a sentence that is too long for a passage has the whole sentence
        assert all(each.start < passage.end and passage.start < each.end for each in passage.sentences), passage.id
    for position, item in enumerate(document.outline):
        assert text[item.start : item.heading_end] == item.text, item
        assert 0 <= item.start <= item.heading_end <= item.end <= len(text), item
        assert item.parent is None or item.parent < position, item
    bounds = [offset for page in document.pages for offset in (page.start, page.end)]
    assert bounds == sorted(bounds), "pages overlap"
    lines = {match.span() for match in re.finditer(r"[^\n]+", text)}
    assert all((cells.start, cells.end) in lines for cells in document.cells), "cells are not those of a line"
    assert not bounds or (bounds[0] >= 0 and bounds[-1] <= len(text)), "a page ends after the text"
