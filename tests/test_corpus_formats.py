"""All formats together: real files, what becomes of every character, and ten thousand damaged ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.catalogue import Entry
from corpus.errors import UnreadableFile
from corpus.load import Source, describe
from corpus.passages import Lengths, cut
from corpus.readers.formats import reader_of, suffixes
from corpus.records import HEADED_KINDS, Document
from tests import rendered_docx, rendered_html, rendered_pdf
from tests.outlined import SMALL

MUTATIONS = 10_000
SAMPLES = {
    ".html": rendered_html.render(SMALL),
    ".docx": rendered_docx.render(SMALL),
    ".pdf": rendered_pdf.render(SMALL).data,
    ".md": "\n\n".join(f"# {block.text}" if block.kind == "section" else block.text for block in SMALL.blocks).encode(),
    ".txt": "\n\n".join(block.text for block in SMALL.blocks).encode("utf-16"),
}


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def document(path: Path, data: bytes) -> Document:
    """Raises UnreadableFile."""
    reader = reader_of(path)
    assert reader is not None
    return describe(Source(path.stem, path, Entry(), False, ""), reader(data))


def covered(one: Document) -> list[int]:
    """For each character, in how many passages and headings it lies."""
    counts = [0] * len(one.text)
    spans = [(passage.start, passage.end) for passage in cut(one, words, Lengths()).passages]
    spans += [(item.start, item.heading_end) for item in one.outline if item.kind in HEADED_KINDS]
    for start, end in spans:
        for position in range(start, end):
            counts[position] += 1
    return counts


def test_every_character_of_real_files_is_in_one_passage_or_heading(data: Path) -> None:
    folder = data / "datasets" / "documents"
    files = [
        file for file in sorted(folder.rglob("*")) if file.suffix in suffixes() and "groundtruth" not in file.parts
    ]
    if not files:
        pytest.skip(f"no documents in {folder}")
    read = 0
    for file in files:
        try:
            one = document(file, file.read_bytes())
        except UnreadableFile:
            continue
        read += 1
        counts = covered(one)
        wrong = [position for position, count in enumerate(counts) if count != 1 and not one.text[position].isspace()]
        assert wrong == [], f"{file.name}: {one.text[wrong[0] - 40 : wrong[0] + 40]!r}"
    assert read >= 60


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_every_character_of_a_rendered_publication_is_in_one_passage_or_heading(suffix: str) -> None:
    one = document(Path(f"small{suffix}"), SAMPLES[suffix])
    assert {count for position, count in enumerate(covered(one)) if not one.text[position].isspace()} == {1}


def test_passages_and_sections_of_a_pdf_bear_their_pages() -> None:
    one = document(Path("small.pdf"), SAMPLES[".pdf"])
    first = next(item for item in one.outline if item.text.startswith("1. Ports"))
    assert (first.page, first.page_label) == (3, "1")
    pages = {(passage.page, passage.page_label) for passage in cut(one, words, Lengths()).passages}
    assert pages == {(1, "i"), (2, "ii"), (3, "1")}


@pytest.mark.parametrize("suffix", [".html", ".docx", ".pdf", ".md"])
def test_a_file_of_another_format_is_refused_under_this_suffix(suffix: str) -> None:
    reader = reader_of(Path(f"x{suffix}"))
    assert reader is not None
    for other, data in SAMPLES.items():
        if other in (".docx", ".pdf") and other != suffix:
            with pytest.raises(UnreadableFile):
                reader(data)


def damaged(data: bytes, draw: random.Random) -> bytes:
    """Some bytes changed, or a piece left out, doubled or moved."""
    result = bytearray(data)
    for _ in range(draw.randint(1, 12)):
        start = draw.randrange(len(result))
        end = min(len(result), start + draw.randint(1, 60))
        piece = result[start:end]
        match draw.randrange(4):
            case 0:
                result[start:end] = draw.randbytes(end - start)
            case 1:
                del result[start:end]
            case 2:
                result[start:start] = piece * draw.randint(1, 20)
            case _:
                target = draw.randrange(len(result))
                result[target : target + len(piece)] = piece
        if not result:
            break
    return bytes(result)


@pytest.mark.long
@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_ten_thousand_damaged_files_are_read_or_refused(suffix: str) -> None:
    draw = random.Random(suffix)  # noqa: S311 - the same damage every time
    for _ in range(MUTATIONS // len(SAMPLES)):
        try:
            document(Path(f"small{suffix}"), damaged(SAMPLES[suffix], draw))
        except UnreadableFile:
            continue
