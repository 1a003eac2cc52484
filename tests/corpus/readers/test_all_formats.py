"""All formats together: real files, what becomes of every character, unreadable and damaged files."""

from __future__ import annotations

import io
import random
from collections import Counter
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.utils import ImageReader

from corpus.chunking.passages import Lengths, chunk
from corpus.errors import UnreadableFile
from corpus.readers.base import COMPOUND_FILE
from corpus.readers.registry import reader_for, supported_suffixes
from tests.factories.encoders import word_counts
from tests.factories.file_mutations import damage
from tests.factories.outlined_texts import SMALL, Block, Kind, Publication
from tests.factories.rendered import pdf as rendered_pdf
from tests.factories.rendered.formats import RENDERERS, in_process_reader, read_seeds
from tests.factories.rendered.opendocument import odf
from tests.factories.rendered.pages import draw_lines, draw_pages, edit_pdf
from tests.factories.rendered.sheets import pack
from tests.invariants import check_conservation, document, document_of

MUTATIONS = 10_000
SAMPLES = {suffix: render(SMALL) for suffix, render in RENDERERS.items()}


def test_real_files_are_covered_exactly_once(data: Path) -> None:
    folder = data / "datasets" / "documents"
    files = [
        file
        for file in sorted(folder.rglob("*"))
        if file.suffix in supported_suffixes() and "groundtruth" not in file.parts
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
        check_conservation(one)
    assert read >= 60


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_a_rendered_publication_is_covered_exactly_once(suffix: str) -> None:
    check_conservation(document(Path(f"small{suffix}"), SAMPLES[suffix]))


WORDS = st.lists(
    st.sampled_from("boats sailed The harbour,* 3.5 (Note 1) FAO2 of 港 in 2016 | A. law; quay. Nets!".split(" ")),
    min_size=1,
    max_size=25,
).map(" ".join)
BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(["section", "inset", "notes", "caption", "body", "body", "body"]), st.integers(0, 3), WORDS
    ),
    min_size=1,
    max_size=14,
)


def published(blocks: list[tuple[Kind, int, str]]) -> Publication:
    """A publication of these blocks; what follows an inset's title belongs to it, up to the next section."""
    made = [Block("section", "1. Boats"), Block("body", "The boats sailed in spring, and came home in autumn.")]
    inset: int | None = None
    for kind, level, text in blocks:
        inset = len(made) if kind == "inset" else None if kind == "section" else inset
        made.append(Block(kind, text, level, inset=None if kind in ("inset", "section") else inset))
    return Publication("Boats and Nets", tuple(made))


LINES = st.lists(
    st.sampled_from(
        [
            "\fPort Report          1", "\f2          Port Report", "Port Report          3", "\f", "", "",
            "(in millions)", "# Cargo", "1. (1) This Act may be cited as the Act.", "FIRST SCHEDULE", "Contents",
            "Item 1A. Risks", "Cod     1     2", "<!-- a", "b -->", "Text <!-- c --> and ~~d~~ more.", "`<!-- e -->`",
            "```", "<del>f</del>", "The boats sailed.",
        ]
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=150)
@pytest.mark.parametrize("suffix", [".txt", ".md"])
@given(lines=LINES)
def test_every_character_of_a_text_is_in_a_passage_a_heading_or_furniture(suffix: str, lines: list[str]) -> None:
    source = "\n".join(lines)
    try:
        read = document(Path(f"boats{suffix}"), source.encode())
    except UnreadableFile:
        return
    assert Counter("".join(source.split())) == Counter("".join((read.text + "".join(read.furniture)).split()))
    check_conservation(read)


@settings(max_examples=40)
@pytest.mark.parametrize("suffix", sorted(RENDERERS))
@given(blocks=BLOCKS)
def test_any_publication_is_covered_exactly_once(suffix: str, blocks: list[tuple[Kind, int, str]]) -> None:
    check_conservation(document(Path(f"boats{suffix}"), RENDERERS[suffix](published(blocks))))


@settings(max_examples=40)
@given(blocks=BLOCKS)
def test_every_character_of_a_pdf_is_text_or_furniture(
    blocks: list[tuple[Kind, int, str]],
) -> None:
    import pypdfium2

    data = rendered_pdf.render(published([(kind, level, f"{text} so") for kind, level, text in blocks])).data
    drawn = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))
    one = document(Path("boats.pdf"), data)

    def letters(text: str) -> Counter[str]:
        return Counter(letter for letter in text if letter.isalnum())

    assert letters(one.text + "".join(one.furniture)) == letters(drawn)


@pytest.mark.parametrize("suffix", sorted(RENDERERS))
def test_judged_documents_are_covered_exactly_once(data: Path, suffix: str) -> None:
    if not (data / "seeds").is_dir():
        pytest.skip(f"no seeds in {data}")
    for _, reading in read_seeds(data, suffix):
        check_conservation(document_of(Path(f"seed{suffix}"), reading))


def test_passages_and_sections_of_a_pdf_have_pages() -> None:
    one = document(Path("small.pdf"), SAMPLES[".pdf"])
    first = next(item for item in one.outline if item.text.startswith("1. Ports"))
    assert (first.page, first.page_label) == (3, "1")
    pages = {(passage.page, passage.page_label) for passage in chunk(one, word_counts, Lengths()).passages}
    assert pages == {(1, "i"), (2, "ii"), (3, "1")}


@pytest.mark.parametrize("suffix", [".html", ".docx", ".pdf", ".md"])
def test_a_file_of_another_format_is_rejected(suffix: str) -> None:
    reader = reader_for(Path(f"x{suffix}"))
    assert reader is not None
    for other, data in SAMPLES.items():
        if other in (".docx", ".pdf") and other != suffix:
            with pytest.raises(UnreadableFile):
                reader(data)


def scan() -> bytes:
    pixels = b"P5 8 8 255 " + bytes(range(64))
    return draw_pages(lambda canvas: canvas.drawImage(ImageReader(io.BytesIO(pixels)), 0, 0, 500, 700))


def encrypted_pdf() -> bytes:
    return edit_pdf(draw_pages(draw_lines("Text")), lambda writer: writer.encrypt("x", algorithm="RC4-128"))


def empty_docx() -> bytes:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    return buffer.getvalue()


ENTITIES = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
ENCRYPTED = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:encryption-data/></m:manifest>'


@pytest.mark.parametrize(
    ("suffix", "data", "reason"),
    [
        (".docx", b"", "not a ZIP archive"),
        (".docx", COMPOUND_FILE + b"\0" * 600, "encrypted.*old office format"),
        (".docx", b"plain text", "not a ZIP archive"),
        (".docx", pack({"sheet.xml": "<a/>"}), "contains no document"),
        (".docx", pack({"word/document.xml": "<a/>"}), "not a text document"),
        (".docx", pack({"word/document.xml": "<a>"}), "not valid XML"),
        (".docx", pack({"word/document.xml": ENTITIES}), "declares entities"),
        (".docx", empty_docx(), "empty"),
        (".odt", odf("spreadsheet", ""), "no content of this kind"),
        (".odt", odf("text", ""), "empty"),
        (".odt", pack({"META-INF/manifest.xml": ENCRYPTED}), "encrypted"),
        (".odt", pack({"content.xml": ENTITIES}), "declares entities"),
        (".odt", SAMPLES[".odt"][:500], "not a ZIP archive"),
        (".pdf", b"", "not a PDF"),
        (".pdf", b"plain text", "not a PDF"),
        (".pdf", b"%PDF-1.7\n%%EOF", "damaged"),
        (".pdf", draw_pages(draw_lines()), "empty"),
        (".pdf", scan(), "scan.*OCR"),
        (".pdf", encrypted_pdf(), "encrypted"),
    ],
)
def test_unreadable_files_are_rejected_with_the_reason(suffix: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        in_process_reader(suffix)(data)


@settings(max_examples=150, deadline=None)
@pytest.mark.parametrize("suffix", sorted(SAMPLES))
@given(draw=st.data())
def test_a_damaged_file_is_read_or_rejected(suffix: str, draw: st.DataObject) -> None:
    data = bytearray(SAMPLES[suffix])
    positions, pieces = st.integers(0, len(data) - 1), st.binary(min_size=1, max_size=6)
    for position, piece in draw.draw(st.lists(st.tuples(positions, pieces), min_size=1, max_size=8)):
        data[position : position + len(piece)] = piece
    try:
        reading = in_process_reader(suffix)(bytes(data))
    except UnreadableFile:
        return
    assert all(0 <= mark.start < mark.end <= len(reading.text) for mark in reading.marks or ())
    assert all(0 <= span.start < span.end <= len(reading.text) for span in reading.pages)


@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("suffix", sorted(SAMPLES))
@given(share=st.floats(0, 1))
def test_a_truncated_file_is_read_or_rejected(suffix: str, share: float) -> None:
    data = SAMPLES[suffix]
    try:
        in_process_reader(suffix)(data[: round(share * len(data))])
    except UnreadableFile:
        return


@pytest.mark.long
@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_ten_thousand_damaged_files_are_read_or_rejected(suffix: str) -> None:
    draw = random.Random(suffix)  # noqa: S311 - the same damage every time
    for _ in range(MUTATIONS // len(SAMPLES)):
        try:
            document(Path(f"small{suffix}"), damage(SAMPLES[suffix], draw))
        except UnreadableFile:
            continue
