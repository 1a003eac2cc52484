"""What holds of every document read from any file: no character lost, none twice, every span exact."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus.catalogue.catalogue import Entry
from corpus.chunking.passages import Lengths, chunk
from corpus.ingest import Source, build_document
from corpus.readers.registry import reader_for
from corpus.records import HEADED_KINDS, Document


def words(texts: Sequence[str]) -> list[int]:
    """Lengths in words, in the place of a model's tokens."""
    return [len(text.split()) for text in texts]


def document(path: Path, data: bytes) -> Document:
    """The document that these bytes are under this name. Raises UnreadableFile."""
    reader = reader_for(path)
    assert reader is not None
    return build_document(Source(path.stem, path, Entry(), False, ""), reader(data))


def covered(one: Document) -> list[int]:
    """For each character, in how many passages and headings it lies."""
    counts = [0] * len(one.text)
    spans = [(passage.start, passage.end) for passage in chunk(one, words, Lengths()).passages]
    spans += [(item.start, item.heading_end) for item in one.outline if item.kind in HEADED_KINDS]
    for start, end in spans:
        for position in range(start, end):
            counts[position] += 1
    return counts


def check_conservation(one: Document) -> None:
    """Every character is in one passage or heading; what is furniture is none of them."""
    wrong = [place for place, count in enumerate(covered(one)) if count != 1 and not one.text[place].isspace()]
    assert wrong == [], repr(one.text[max(0, wrong[0] - 40) : wrong[0] + 40])
    assert all(line.strip() for line in one.furniture)


def check_spans(one: Document) -> None:
    """Passages, sentences, headings and pages are what stands between their offsets, in order and inside the text."""
    one.text.encode()  # no half of a character, which nothing could store
    for passage in chunk(one, words, Lengths()).passages:
        assert one.text[passage.start : passage.end] == passage.text, passage.id
        inside = [place for sentence in passage.sentences for place in (sentence.start, sentence.end)]
        assert inside == sorted(inside), passage.id
        # a sentence too long for a passage is named whole by each of its parts
        assert all(one.start < passage.end and passage.start < one.end for one in passage.sentences), passage.id
    for place, item in enumerate(one.outline):
        assert one.text[item.start : item.heading_end] == item.text, item
        assert 0 <= item.start <= item.heading_end <= item.end <= len(one.text), item
        assert item.parent is None or item.parent < place, item
    bounds = [place for span in one.pages for place in (span.start, span.end)]
    assert bounds == sorted(bounds), "pages overlap"
    assert not bounds or (bounds[0] >= 0 and bounds[-1] <= len(one.text)), "a page ends behind the text"
