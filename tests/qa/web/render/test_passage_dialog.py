"""A passage in its section, exact and whole; its pages and file: marked rightly, served only as indexed."""

from __future__ import annotations

import html
import io
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from markupsafe import Markup
from PIL import Image

from index.errors import UnknownPassage
from index.ranking.search import Index
from qa.answering.excerpt import SECTION_CONTEXT
from qa.answering.library import Library
from qa.api.library_loader import LibraryLoader
from qa.cli.index_location import SAMPLES
from qa.web import source_files
from qa.web.render.answer import card
from qa.web.render.page import page
from qa.web.render.passage_dialog import context_html, find_context, find_pages
from qa.web.routes.documents import add_files
from qa.web.routes.responses import add_error_answers
from tests.factories.libraries import library_of
from tests.factories.rendered import pdf as rendered_pdf
from tests.factories.rendered.pages import LONG_REPORT, strip_layout, text_in_boxes
from tests.qa.web.render.test_answer import Reader

NAME = "ports & 'ships' 2021.pdf"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A PDF file with an awkward name, a text, and a collection of texts in one file."""
    files: dict[str, str | bytes] = {
        NAME: rendered_pdf.render(LONG_REPORT).data,
        "notes.txt": "Notes 2020\n\n1 First\nThe ferry of the north sailed in 2020.\n",
        "beir/corpus.jsonl": '{"_id": "7", "title": "", "text": "A boat."}\n',
        "corpus.toml": f'[[document]]\nfile = "{NAME}"\nid = "ports-2021"\n',
    }
    return library_of(tmp_path_factory.mktemp("paged"), files)


@pytest.fixture(scope="module")
def client(library: Library) -> TestClient:
    app = FastAPI()
    add_error_answers(app)
    add_files(app, LibraryLoader(library))
    return TestClient(app)


def passages(index: Index) -> list[tuple[str, int, int]]:
    passages = index.records.passages_of_document(index.info("ports-2021").number)
    return [(stored.passage.id, stored.passage.start, stored.passage.end) for stored in passages]


def test_the_marked_boxes_of_a_passage_hold_its_words_and_so_does_the_picture_s_text(library: Library) -> None:
    index = library.index
    document = index.document("ports-2021")
    data = source_files.read(index.info("ports-2021"))
    on_two_pages = 0
    for identifier, start, end in passages(index):
        shown = find_pages(index, identifier, [])
        marks = tuple(box for page in shown.pages for box in page.marks)
        assert text_in_boxes(data, marks) == strip_layout(document.text[start:end])
        assert strip_layout("".join(page.words for page in shown.pages)) == strip_layout(document.text[start:end])
        on_two_pages += len(shown.pages) == 2
    assert on_two_pages


def test_only_the_sentences_asked_for_are_marked(library: Library) -> None:
    index = library.index
    document = index.document("ports-2021")
    data = source_files.read(index.info("ports-2021"))
    identifier, start, end = passages(index)[3]
    sentences = [match.span() for match in re.finditer(r"[^.]+\.", document.text[start:end])]
    spans = [(start + first, start + last) for first, last in (sentences[0], sentences[2])]
    shown = find_pages(index, identifier, spans)
    words = "".join(document.text[first:last] for first, last in spans)
    assert text_in_boxes(data, [box for page in shown.pages for box in page.marks]) == strip_layout(words)


def test_a_page_shows_its_picture_with_the_words_as_its_text_and_a_link_into_the_file(
    library: Library, client: TestClient
) -> None:
    identifier = passages(library.index)[3][0]
    shown = find_pages(library.index, identifier, [])
    written = client.get("/page", params={"passage": identifier})
    assert written.status_code == 200
    images = re.findall(r'<img src="([^"]*)" alt="([^"]*)"', written.text)
    assert [html.unescape(alt) for _, alt in images] == [page.words for page in shown.pages]
    picture = client.get(f"/{html.unescape(images[0][0])}")
    assert picture.headers["content-type"] == "image/png"
    pixels = np.asarray(Image.open(io.BytesIO(picture.content)).convert("RGB")).astype(int)
    yellow = (pixels[:, :, 0] > 200) & (pixels[:, :, 2] < 170)
    assert yellow.sum() > 5_000
    (link,) = set(re.findall(r'href="(source/[^"]*)"', written.text))
    page = shown.pages[0].number
    assert link == f"source/ports-2021/{quote(NAME, safe='')}#page={page}"
    file = client.get(f"/{link}")
    assert file.content == Path(library.index.info("ports-2021").source).read_bytes()
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"].startswith("inline; filename*=utf-8''ports%20%26%20%27ships")


def test_other_files_are_kept_not_shown(library: Library, client: TestClient) -> None:
    file = client.get("/source/notes/notes.txt")
    assert file.content == Path(library.index.info("notes").source).read_bytes()
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "path",
    [
        "/source/notes/other.txt",
        "/source/notes/..%2Fcorpus.toml",
        "/source/corpus.toml/corpus.toml",
        "/source/..%2F..%2Fetc/passwd",
        "/source/7/corpus.jsonl",
        "/page?passage=notes@0-5",
        "/page?passage=ports-2021@0-99999999",
        "/page?passage=nothing@0-5",
        "/page.png?passage=ports-2021@0-5&page=99",
        "/page.png?passage=notes@0-5&page=1",
    ],
)
def test_nothing_else_is_given(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_file_that_has_changed_or_gone_is_not_given(tmp_path: Path) -> None:
    library = library_of(tmp_path, {"ports.pdf": rendered_pdf.render(LONG_REPORT).data})
    file, kept, index = tmp_path / "files" / "ports.pdf", tmp_path / "kept.pdf", library.index
    shutil.copy(file, kept)
    app = FastAPI()
    add_error_answers(app)
    add_files(app, LibraryLoader(library))
    client = TestClient(app)
    file.write_bytes(kept.read_bytes() + b"\n")
    for path in ("/source/ports/ports.pdf", "/page?passage=ports@0-20", "/page.png?passage=ports@0-20&page=1"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "has changed since it was indexed" in answer.text
    file.unlink()
    with pytest.raises(source_files.SourceGone, match="cannot be read any more"):
        find_pages(index, "ports@0-20", [])
    assert issubclass(source_files.SourceGone, UnknownPassage)


def test_the_end_of_a_file_is_given_only_if_all_of_it_is_what_was_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = library_of(tmp_path, {"notes.txt": "Notes 2020\n\n1 First\nThe ferry sailed.\n"}).index.info("notes")
    file = tmp_path / "files" / "notes.txt"
    monkeypatch.setattr(source_files, "_CHUNK", 10)
    whole = file.read_bytes()
    assert source_files.size(info) == len(whole)
    assert b"".join(source_files.chunks(info)) == whole
    given = source_files.chunks(info)
    first = next(given)
    file.write_bytes(whole.replace(b"sailed", b"sank!!"))  # under the eyes of the reader
    rest: list[bytes] = []
    with pytest.raises(source_files.SourceGone, match=r"notes.txt, the file of notes, has changed"):
        rest.extend(given)
    assert len(first + b"".join(rest)) < len(whole)


def test_a_card_offers_the_page_of_a_pdf_and_the_file_of_a_text(library: Library) -> None:
    for question, document, offered, other in (
        ("port master counted ships of every flag", "ports-2021", "Show page", ">File<"),
        ("ferry of the north", "notes", ">File<", "Show page"),
        ("boat", "7", "Show in context", ">File<"),
    ):
        cited = next(cited for cited in library.ask(question, 20).passages if cited.hit.document.id == document)
        written = card(cited, 1, [])
        assert offered in written
        assert other not in written


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The samples, and a document with one section of about 100,000 characters."""
    lines = "\n".join(f"In 2016 ship number {number} sailed from one harbour to another." for number in range(1700))
    files = {"long.txt": f"Ships 2016\n\n1 All ships\n{lines}\n"}
    return library_of(tmp_path_factory.mktemp("context"), files, SAMPLES).index


def whole_text(html: str) -> str:
    """The text of the section as the page shows it."""
    found = re.search(r'<div class="yq-text yq-whole"[^>]*>(.*)</div></main>', html, re.DOTALL)
    assert found is not None
    return Reader(re.sub(r'<p class="yq-cut".*?</p>', "", found[1])).text


def test_every_passage_stands_in_its_section_and_knows_its_neighbours(index: Index) -> None:
    for info in index.documents:
        text = index.document(info.id).text
        ids = [one.passage.id for one in index.records.passages_of_document(info.number)]
        for position, identifier in enumerate(ids[:40]):
            context = find_context(index, identifier)
            start, end = context.span
            assert context.section[0] <= start < end <= context.section[1]
            assert text[context.section[0] : context.section[1]] == context.text
            assert whole_text(context_html(context, [(start, start + 5)])) == context.text
            assert context.before == (ids[position - 1] if position else None)
            assert context.after == (ids[position + 1] if position + 1 < len(ids) else None)


def test_the_passage_and_the_sentences_in_it_are_marked(index: Index) -> None:
    identifier = index.records.passages_of_document(index.info("digest-bluebook-2016").number)[3].passage.id
    context = find_context(index, identifier)
    start, end = context.span
    html = context_html(context, [(start, start + 10)])
    text = index.document("digest-bluebook-2016").text
    found = re.search(r'<span class="yq-passage" id="passage">(.*?)</span>', html, re.DOTALL)
    assert found is not None
    assert Reader(found[1]).text == text[start:end]
    assert Reader(found[1]).marks[1:] == [text[start : start + 10]]


def test_a_huge_section_is_cut_to_the_text_around_the_passage(index: Index) -> None:
    middle = index.records.passages_of_document(index.info("long").number)
    context = find_context(index, middle[len(middle) // 2].passage.id)
    assert context.cut_before
    assert context.cut_after
    assert len(context.text) <= 2 * SECTION_CONTEXT + (context.span[1] - context.span[0])
    assert context.text.startswith("In 2016 ship number")  # cut between lines
    assert "The section continues" in context_html(context)


def test_any_span_has_a_context(index: Index) -> None:
    context = find_context(index, "digest-bluebook-2016@3-9")
    assert context.span == (3, 9)
    assert context.before is None or context.before.startswith("digest-bluebook-2016@0-")


@pytest.mark.parametrize(
    "identifier",
    ["", "nothing", "nothing@0-5", "long@5-5", "long@9-5", "long@0-999999999", "long@-5-9", "long@0-9999999999999"],
)
def test_what_is_nowhere_is_refused(index: Index, identifier: str) -> None:
    with pytest.raises(UnknownPassage):
        find_context(index, identifier)


def test_a_page_of_its_own_escapes_its_title() -> None:
    assert "<title>a &lt;b&gt; · Yearbook QA</title>" in page("a <b>", Markup())
