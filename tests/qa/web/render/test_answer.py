"""Answers as HTML: every character as it stands in the document, at its place, whatever it is."""

from __future__ import annotations

import html
import io
import re
import shutil
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from PIL import Image

from corpus.records import Passage, Sentence
from index.errors import UnknownPassage
from index.ranking.search import Hit, Index
from index.storage.reader import DocumentInfo, StoredPassage
from qa.answering.compared_editions import change_notice
from qa.answering.excerpt import SECTION_CONTEXT
from qa.answering.library import Answer, AnswerSentence, Library
from qa.api.concurrency import LibraryLoader
from qa.citation import AlsoIn, CitedPassage
from qa.cli.index_location import SAMPLES
from qa.editions.figures.changed_figures import ChangedFigure
from qa.editions.figures.quantities import Quantity
from qa.editions.figures.sentence_figures import Figure
from qa.editions.sections import LocatedSentence
from qa.output import console
from qa.question.analysis import Interpretation
from qa.templating import code, escape, is_web, marked
from qa.web import source_files
from qa.web.render.answer import answer_html, card, context_html, find_context, find_pages, quotation, spans_to_mark
from qa.web.render.page import page
from qa.web.routes.documents import add_files
from qa.web.routes.responses import add_error_answers
from qa.web.urls import QuestionRequest
from tests.factories.libraries import library_of
from tests.factories.rendered import pdf as rendered_pdf
from tests.factories.rendered.pages import LONG_REPORT, strip_layout, text_in_boxes

EVIL = '<img src=x onerror="alert(1)"> & </article><script>alert(2)</script> **b** `c` $$x$$'


class Reader(HTMLParser):
    """What a browser makes of HTML: the text, the marked spans, the tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.marks, self.tags, self.attributes = "", [""], [], []  # type: tuple[str, list[str], list[str], list[str]]
        self._in_mark = False
        self.feed(str(html))  # Markup would escape what the parser joins
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag == "mark":
            self._in_mark = True
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._in_mark = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_mark:
            self.marks[-1] += data


def document(number: int = 1, **fields: object) -> DocumentInfo:
    given_fields = {
        "number": number,
        "id": f"report-{number}",
        "title": "Annual Report 2016",
        "series": "Annual Report",
        "publisher": None,
        "edition": 2016,
        "covers": (2015, 2015),
        "published": None,
        "part": None,
        "url": None,
        "language": "en",
        "source": "report.txt",
        "sha256": "",
        "identity": "",
        "origins": {},
        "passage_count": 1,
        "long_sentences": 0,
    }
    return DocumentInfo(**(given_fields | fields))  # type: ignore[arg-type]


def cited(
    text: str,
    spans: Sequence[tuple[int, int]] = ((0, 4),),
    *,
    start: int = 100,
    rank: int = 1,
    of: DocumentInfo | None = None,
    also_in: tuple[AlsoIn, ...] = (),
    path: tuple[str, ...] = ("1 Ships", "(2) Tugs"),
) -> CitedPassage:
    """A passage that begins at offset `start` of its document; `spans` count from its own beginning."""
    of = of or document()
    sentences = tuple(Sentence(start + a, start + b) for a, b in spans)
    passage = Passage(of.id, 0, "section", path, "", text, start, start + len(text), sentences)
    stored = StoredPassage(1, of.number, 0, passage, (), 0, (0,))
    hit = Hit(stored, of, 0.5, {"passage": 0.3, "lexical": 0.2}, (0.9,) * len(sentences))
    highlights = tuple((start + a, start + b) for a, b in spans)
    return CitedPassage(rank, hit, "Annual Report 2016 (covers 2015), 1 Ships", highlights, also_in)


def answer(passages: Sequence[CitedPassage], **fields: object) -> Answer:
    first = passages[0].hit.stored.passage if passages else None
    sentences = (AnswerSentence(first.text[:4], first.id, first.start, first.start + 4),) if first is not None else ()
    given_fields = {
        "id": "q1",
        "question": "Which ships?",
        "understood": Interpretation(),
        "answered": True,
        "confidence": 0.9,
        "sentences": sentences,
        "passages": tuple(passages),
    }
    return Answer(**(given_fields | fields))  # type: ignore[arg-type]


def shown_text(html: str) -> str:
    """The text of the passage in a card."""
    found = re.search(r'<blockquote class="yq-text"[^>]*>(.*?)</blockquote>', html, re.DOTALL)
    assert found is not None
    return Reader(found[1]).text


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_marking_neither_loses_nor_adds_a_character(text: str, spans: list[tuple[int, int]]) -> None:
    visible = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "\N{REPLACEMENT CHARACTER}", text)
    html = marked(text, 1000, sorted((1000 + a, 1000 + b) for a, b in spans))
    assert Reader(html).text == visible
    assert set(Reader(html).tags) <= {"mark"}


def test_marks_lie_at_the_offsets_of_the_document() -> None:
    # "Tugs pull. Ships sail." from offset 40 on: [51, 62) is "Ships sail."
    reader = Reader(marked("Tugs pull. Ships sail.", 40, [(51, 62)]))
    assert reader.marks[1:] == ["Ships sail."]
    assert reader.text == "Tugs pull. Ships sail."


def test_a_span_beyond_the_text_is_cut_and_one_inside_another_is_marked_once() -> None:
    assert Reader(marked("abcdef", 10, [(8, 12), (11, 13), (15, 99)])).marks[1:] == ["ab", "c", "f"]


def test_html_stays_on_one_line_so_that_markdown_leaves_it_alone() -> None:
    html = escape("a\n\n    b\t<c>\r\n\u2028d")
    assert not re.search(r"[\n\r\t\u2028]", html)
    assert Reader(f"<p>{html}</p>").text == "a\n\n    b\t<c>\r\n\u2028d"


def test_every_text_of_a_document_is_shown_as_text() -> None:
    evil = document(title=EVIL, part=EVIL, language='"><script>', series=EVIL, url="javascript:alert(1)")
    one = cited(EVIL, of=evil, path=(EVIL, EVIL), also_in=(AlsoIn(EVIL, None, f"{EVIL}@1-2"),))
    html = answer_html(answer([one], question=EVIL, notices=(EVIL,)), QuestionRequest(EVIL))
    reader = Reader(html)
    assert {"img", "script", "b"}.isdisjoint(reader.tags)
    assert not [name for name in reader.attributes if name.startswith("on")]
    assert reader.text.count('<img src=x onerror="alert(1)">') >= 4
    assert 'href="javascript' not in html


def test_the_text_of_a_card_is_that_of_the_passage() -> None:
    text = "  Tugs pull.\n\n\tShips  sail & sink. <EOF>"
    assert shown_text(card(cited(text, [(2, 12)]), 1, [(102, 112)])) == text


def test_what_is_quoted_above_is_marked_below() -> None:
    one = cited("Tugs pull. Ships sail. Cranes lift.", [(0, 10)])
    quoted = AnswerSentence("Ships sail.", one.hit.id, 111, 122)
    elsewhere = AnswerSentence("Cranes lift.", "other@123-135", 123, 135)
    assert spans_to_mark(one, [quoted, elsewhere]) == [(100, 110), (111, 122)]


def test_spans_that_overlap_are_marked_as_one() -> None:
    one = cited("Tugs pull. Ships sail.", [(0, 10)])
    assert spans_to_mark(one, [AnswerSentence("pull. Ships", one.hit.id, 105, 116)]) == [(100, 116)]


def test_a_quotation_is_verbatim_and_shows_its_gaps() -> None:
    one = cited("Tugs pull. Ships sail. Cranes lift. Rats leave.", [(0, 10)])
    assert quotation(one, [(100, 110), (111, 122), (136, 147)]) == (
        "“Tugs pull. Ships sail. […] Rats leave.” (Annual Report 2016 (covers 2015), 1 Ships)"
    )


def test_edition_and_covered_years_are_named_apart_and_unknown_ones_said_to_be() -> None:
    known = Reader(card(cited("Ships sail.", of=document(covers=(2014, 2015))), 1, []))
    assert "edition 2016 covers 2014–2015" in known.text
    unknown = Reader(card(cited("Ships sail.", of=document(edition=None, covers=None)), 1, []))
    assert "edition unknown covered years unknown" in unknown.text


def test_the_path_of_a_card_does_not_repeat_its_title() -> None:
    html = card(cited("Ships sail.", path=("ANNUAL REPORT 2016", "1 Ships")), 1, [])
    assert '<p class="yq-path">1 Ships</p>' in html


def test_sentences_refer_to_the_card_with_their_number() -> None:
    first, second = cited("Ships sail.", rank=1), cited("Tugs pull.", rank=2, start=300)
    quoted = AnswerSentence("Tugs pull.", second.hit.id, 300, 310)
    html = answer_html(answer([first, second], sentences=(quoted,)), QuestionRequest("Which?"))
    assert 'href="#passage-2"' in html
    assert re.search(r'id="passage-2".*?<mark class="yq-cited">Tugs pull\.</mark>', html)


def test_a_refusal_quotes_nothing_and_shows_the_nearest_passages() -> None:
    html = answer_html(
        answer([cited("Ships sail.")], answered=False, sentences=(), confidence=0.05), QuestionRequest("Why?")
    )
    assert "do not seem to answer this" in html
    assert "Nearest passages" in html
    assert "too low to answer" in html
    assert "<q " not in html


@pytest.mark.parametrize(("confidence", "heading"), [(0.59, "Possible answer"), (0.61, "Answer")])
def test_an_answer_of_low_confidence_is_called_possible(
    confidence: float, heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = answer([cited("Ships sail.")], confidence=confidence)
    assert f"<h2>{heading}</h2>" in answer_html(given, QuestionRequest("Why?"))
    console.answer(given)
    assert capsys.readouterr().out.startswith(f"{heading} (confidence ")


def test_a_passage_repeated_in_another_edition_is_folded() -> None:
    repeated = cited("Ships sail.", rank=2, of=document(2, edition=2020, covers=(2019, 2019)))
    first = cited("Ships sail.", also_in=(AlsoIn("report-2", 2020, repeated.hit.id),))
    assert answer([first, repeated]).distinct_passages() == [first]
    assert (
        "Nearly the same also in 2020" in Reader(answer_html(answer([first, repeated]), QuestionRequest("Which?"))).text
    )


def test_what_the_question_names_or_the_answer_quotes_is_never_folded() -> None:
    repeated = cited("Ships sail.", rank=2, of=document(2, edition=2020, covers=(2019, 2019)))
    first = cited("Ships sail.", also_in=(AlsoIn("report-2", 2020, repeated.hit.id),))
    both = [first, repeated]
    assert answer(both, understood=Interpretation(editions=(2020,))).distinct_passages() == both
    assert answer(both, understood=Interpretation(years=(2019,))).distinct_passages() == both
    assert answer(both, sentences=(AnswerSentence("Ships", repeated.hit.id, 100, 105),)).distinct_passages() == both


def test_notices_shown_elsewhere_are_not_repeated() -> None:
    found = answer([cited("Ships sail.")], notices=("these are samples", "no edition here covers 2031"))
    html = answer_html(found, QuestionRequest("Which?"), hide=["these are samples"])
    assert "samples" not in html
    assert "<li>No edition here covers 2031.</li>" in html


def test_only_addresses_of_the_web_become_links() -> None:
    assert not any(is_web(url) for url in ("javascript:alert(1)", "data:text/html,x", None, "", "http://["))
    linked = card(cited("Ships sail.", of=document(url="https://a.example/?b=1&c=2")), 1, [])
    assert 'href="https://a.example/?b=1&amp;c=2"' in linked


def test_commands_in_a_notice_look_like_commands() -> None:
    assert code("run `yearbook-qa index <PATH>`") == "run <code>yearbook-qa index &lt;PATH&gt;</code>"


def test_what_changed_leads_with_links_instead_of_a_notice_with_ids() -> None:
    def figure(document: str, text: str, amount: str) -> Figure:
        start = text.index(amount)
        sentence = LocatedSentence(document, f"{document}@0-99", 40, 40 + len(text), text, 0)
        return Figure(sentence, 0, Quantity("count", 0, "ship", "ships", amount, start, start + len(amount)))

    first, last = (cited("Ships.", of=document(edition=year)).hit for year in (2016, 2020))
    change = ChangedFigure(first, last, figure("a", "In all 152 ships.", "152"), figure("b", "Only 38 ships.", "38"))
    html = answer_html(
        answer([cited("Ships.")], changes=(change,), notices=(change_notice(change), "Read it.")),
        QuestionRequest("Which?"),
    )
    reader = Reader(html)
    assert "152 ships edition 2016 → 38 ships edition 2020" in reader.text
    assert "a@47-50" not in reader.text
    assert "Read it." in reader.text
    assert 'href="context?passage=a%4040-57&amp;mark=47-50"' in html
    assert html.index("What changed") < html.index(">Answer<")


def test_cited_and_similar_sentences_are_marked_apart() -> None:
    one = cited("Ships sail. Tugs pull. Cranes lift.", spans=((0, 11), (12, 22)))
    quoted = AnswerSentence("Tugs pull.", one.hit.id, 112, 122)
    html = answer_html(answer([one], sentences=(quoted,)), QuestionRequest("Which?"))
    assert '<mark>Ships sail.</mark> <mark class="yq-cited">Tugs pull.</mark>' in html


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
