"""All formats together: real files, what becomes of every character, and ten thousand damaged ones."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.chunking.passages import Lengths, chunk
from corpus.errors import UnreadableFile
from corpus.readers.registry import reader_for, supported_suffixes
from tests.factories import rendered_docx, rendered_html, rendered_pdf
from tests.factories.conservation import check_conservation, covered, document, words
from tests.factories.file_mutations import damaged
from tests.factories.outlined_texts import SMALL, Block, Kind, Publication, seeds

MUTATIONS = 10_000
SAMPLES = {
    ".html": rendered_html.render(SMALL),
    ".docx": rendered_docx.render(SMALL),
    ".pdf": rendered_pdf.render(SMALL).data,
    ".md": "\n\n".join(f"# {block.text}" if block.kind == "section" else block.text for block in SMALL.blocks).encode(),
    ".txt": "\n\n".join(block.text for block in SMALL.blocks).encode("utf-16"),
}


def test_every_character_of_real_files_is_in_one_passage_or_heading(data: Path) -> None:
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
        counts = covered(one)
        wrong = [position for position, count in enumerate(counts) if count != 1 and not one.text[position].isspace()]
        assert wrong == [], f"{file.name}: {one.text[wrong[0] - 40 : wrong[0] + 40]!r}"
    assert read >= 60


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_every_character_of_a_rendered_publication_is_in_one_passage_or_heading(suffix: str) -> None:
    one = document(Path(f"small{suffix}"), SAMPLES[suffix])
    assert {count for position, count in enumerate(covered(one)) if not one.text[position].isspace()} == {1}


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


RENDERERS: dict[str, Callable[[Publication], bytes]] = {
    ".html": rendered_html.render,
    ".docx": rendered_docx.render,
    ".pdf": lambda publication: rendered_pdf.render(publication).data,
    ".txt": lambda publication: "\n\n".join(block.text for block in publication.blocks).encode(),
    ".md": lambda publication: "\n\n".join(
        {"section": f"# {block.text}", "notes": f"[^{number}]: {block.text}"}.get(block.kind, block.text)
        for number, block in enumerate(publication.blocks)
    ).encode(),
}


@settings(max_examples=40)
@pytest.mark.parametrize("suffix", sorted(RENDERERS))
@given(blocks=BLOCKS)
def test_every_character_of_any_publication_is_in_one_passage_or_heading(
    suffix: str, blocks: list[tuple[Kind, int, str]]
) -> None:
    check_conservation(document(Path(f"boats{suffix}"), RENDERERS[suffix](published(blocks))))


@settings(max_examples=40)
@given(blocks=BLOCKS)
def test_every_character_on_the_pages_of_a_pdf_is_text_or_declared_furniture(
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
def test_every_character_of_the_judged_documents_is_in_one_passage_or_heading(data: Path, suffix: str) -> None:
    if not (data / "seeds").is_dir():
        pytest.skip(f"no seeds in {data}")
    for publication in seeds(data):
        check_conservation(document(Path(f"seed{suffix}"), RENDERERS[suffix](publication)))


def test_passages_and_sections_of_a_pdf_bear_their_pages() -> None:
    one = document(Path("small.pdf"), SAMPLES[".pdf"])
    first = next(item for item in one.outline if item.text.startswith("1. Ports"))
    assert (first.page, first.page_label) == (3, "1")
    pages = {(passage.page, passage.page_label) for passage in chunk(one, words, Lengths()).passages}
    assert pages == {(1, "i"), (2, "ii"), (3, "1")}


@pytest.mark.parametrize("suffix", [".html", ".docx", ".pdf", ".md"])
def test_a_file_of_another_format_is_refused_under_this_suffix(suffix: str) -> None:
    reader = reader_for(Path(f"x{suffix}"))
    assert reader is not None
    for other, data in SAMPLES.items():
        if other in (".docx", ".pdf") and other != suffix:
            with pytest.raises(UnreadableFile):
                reader(data)


@pytest.mark.long
@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_ten_thousand_damaged_files_are_read_or_refused(suffix: str) -> None:
    draw = random.Random(suffix)  # noqa: S311 - the same damage every time
    for _ in range(MUTATIONS // len(SAMPLES)):
        try:
            document(Path(f"small{suffix}"), damaged(SAMPLES[suffix], draw))
        except UnreadableFile:
            continue
