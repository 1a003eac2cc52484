"""What the tab of comparisons is made of: addresses, marks, forms."""

from __future__ import annotations

import html
import io
import re
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from qa import limits
from qa.answering.library import Library
from qa.api.concurrency import ConcurrencyLimit, LibraryLoader
from qa.checking.draft import from_text
from qa.editions.alignment import Change
from qa.editions.sections import Edition, LocatedSentence
from qa.editions.topic_comparison import EditionChange
from qa.errors import CompareError, EmptyQuestion, FilterError, RequestError
from qa.output.check_report import rewritten
from qa.output.comparison_html import change_spans, changes_within_versions, label_places
from qa.question.filters import Filters
from qa.templating import differences, escape
from qa.web.render.form_pages import checked_draft_html
from qa.web.routes import form_pages
from qa.web.routes.responses import LimitedTasks, add_error_answers
from qa.web.urls import ComparisonRequest, comparison_url, parse_comparison_url
from qa.web.workers.pool import InlineTaskRunner
from tests.factories.encoders import HashEncoder
from tests.factories.libraries import library_of


def plain(written: str) -> str:
    return html.unescape(re.sub(r"</?(?:ins|del)>", "", written))


def stated(document: str, start: int, text: str) -> LocatedSentence:
    return LocatedSentence(document, "", start, start + len(text), text, 0)


def parameters(address: str) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(address.removeprefix("?")))


@pytest.mark.parametrize(
    "wanted",
    [
        ComparisonRequest(topic="whales & <ships>", series="Harbour Report", first="2016", last="2020"),
        ComparisonRequest(topic="whales"),
        ComparisonRequest(series="Harbour Report", edition="2016", other="2020", section="The sea"),
    ],
)
def test_an_address_asks_what_it_was_written_from(wanted: ComparisonRequest) -> None:
    assert parse_comparison_url(parameters(comparison_url(wanted))) == wanted


def test_an_empty_address_asks_nothing_and_an_empty_topic_is_refused() -> None:
    assert not parse_comparison_url({}).is_asked
    assert not parse_comparison_url({"q": "whales", "series": "Harbour Report"}).is_asked
    with pytest.raises(EmptyQuestion):
        parse_comparison_url({"topic": "  "}).subject()


def test_years_are_filters_of_a_topic_and_a_pair_of_editions() -> None:
    assert parse_comparison_url({"topic": "x", "from": "2016", "to": "2018"}).filters() == Filters(
        edition=((2016, 2018),)
    )
    assert parse_comparison_url({"edition": "2020", "with": "2016"}).years() == (2016, 2020)
    with pytest.raises(FilterError, match="ends before it begins"):
        parse_comparison_url({"topic": "x", "from": "2018", "to": "2016"}).filters()
    with pytest.raises(FilterError, match="not a year"):
        parse_comparison_url({"topic": "x", "from": "<b>"}).filters()
    for other in ("", "2016"):
        with pytest.raises(CompareError):
            parse_comparison_url({"edition": "2016", "with": other}).years()


def test_a_topic_of_an_address_is_bounded() -> None:
    assert len(parse_comparison_url({"topic": "x" * 100_000}).topic or "") < 10_000


def test_only_words_that_differ_are_marked_and_identical_text_never() -> None:
    earlier, later = stated("a", 10, "The 152 ships sailed."), stated("b", 30, "The 38  ships sailed.")
    gone, come = change_spans([Change("changed", earlier, later)])
    assert differences(earlier.text, earlier.start, gone["a"], ()) == "The <del>152</del> ships sailed."
    assert differences(later.text, later.start, (), come["b"]) == "The <ins>38</ins>  ships sailed."
    same = stated("a", 0, "It is “so”."), stated("b", 5, 'It  is "so".')
    assert not any(spans for side in change_spans([Change("kept", *same)]) for spans in side.values())


def test_a_sentence_of_one_edition_alone_is_marked_whole() -> None:
    gone, come = change_spans(
        [Change("dropped", stated("a", 0, "Gone."), None), Change("added", None, stated("b", 3, "New."))]
    )
    assert differences("Gone. Stays.", 0, gone["a"], ()) == "<del>Gone.</del> Stays."
    assert differences("New. Stays.", 3, (), come["b"]) == "<ins>New.</ins> Stays."


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))), st.integers(0, 20))
def test_marking_neither_loses_nor_adds_a_character(text: str, spans: list[tuple[int, int]], start: int) -> None:
    ordered = [(min(pair), max(pair)) for pair in spans]
    assert plain(differences(text, start, ordered, ordered[1:])) == html.unescape(escape(text))


def test_what_came_instead_of_what_is_gone_is_escaped() -> None:
    assert rewritten("a <b> c", "a <i> c") == "a &lt;<del>b</del><ins>i</ins>&gt; c"


def test_a_draft_that_is_empty_or_too_long_is_refused_in_words(tmp_path: Path) -> None:
    library = library_of(tmp_path, {"pilots.txt": "Pilot Report 2018\n\n1 Pilots\n\nThe pilots guided ships.\n"})
    for draft, says in (
        (" ", "paste a draft"),
        ("x" * (limits.DRAFT.default + 1), "longer than 100,000 characters"),
    ):
        with pytest.raises(RequestError, match=says):
            checked_draft_html(library, from_text(draft))


QUOTED = "The pilots guided ships through the narrow strait in the year before."


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """The page that checks drafts, over a library with one sentence."""
    app = FastAPI()
    opening = LibraryLoader(library_of(tmp_path, {"pilots.txt": f"Pilot Report 2018\n\n1 Pilots\n\n{QUOTED}\n"}))
    add_error_answers(app)
    form_pages.add_check_pages(app, LimitedTasks(InlineTaskRunner(opening), ConcurrencyLimit(2, 2)))
    return TestClient(app)


def word_file() -> bytes:
    """A DOCX file with a quotation in marks and one by its style."""
    document = docx.Document()
    document.add_paragraph(f"They wrote “{QUOTED}”")
    document.add_paragraph("The pilots guided whales through the narrow strait in the year before.", style="Quote")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def outcomes(page: str) -> list[str]:
    return re.findall(r'class="yq-outcome [\w-]+">([^<]+)<', page)


def test_a_draft_is_checked_as_it_is_pasted_and_as_a_file(client: TestClient) -> None:
    verbatim, altered = f"“{QUOTED}”", "> " + QUOTED.replace("ships", "whales")
    both = f"{verbatim}\n\n{altered}\n"
    pasted = client.post("/check", data={"draft": both})
    assert outcomes(pasted.text) == ["verbatim", "altered"]
    assert f"{html.escape(verbatim, quote=False)}\n" in html.unescape(pasted.text)  # stays in the box
    for name, data in (
        ("My Draft.md", both.encode()),
        ("draft <b>.TXT", both.encode("utf-16")),
        ("a.docx", word_file()),
    ):
        page = client.post("/check", files={"file": (name, data)}, data={"draft": "“Not this.”"}).text
        assert outcomes(page) == ["verbatim", "altered"]
        assert f"File {html.escape(name)}: 2 quotations: 1 verbatim, 1 altered, 0 not found." in page


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.pdf", b"%PDF-1.4", "a.pdf cannot be checked: please choose a .txt, .md, .docx or .csv file."),
        ("a.docx", b"PK\x03\x04 and no more", "not a ZIP archive). Please check the file in its own program"),
        ("a.txt", b"  \n", "a.txt cannot be read (empty"),
        ("a.md", b"x" * (limits.DRAFT.value + 1), "longer than 100,000 characters, so nothing was checked"),
        ("", b"", "paste a draft"),
    ],
)
def test_a_draft_that_cannot_be_read_is_refused_above_the_form(
    client: TestClient, name: str, data: bytes, says: str
) -> None:
    answer = client.post("/check", files={"file": (name, data)})
    assert says in html.unescape(answer.text)
    assert 'name="draft"' in answer.text
    assert outcomes(answer.text) == []


def test_a_pasted_draft_of_megabytes_is_refused_unread(client: TestClient) -> None:
    answer = client.post("/check", files={"draft": (None, "x" * (form_pages.MAX_DRAFT + 1))})
    assert "longer than 100,000 characters" in answer.text


def test_only_passages_that_are_versions_of_each_other_are_marked() -> None:
    earlier, later = Edition("Report", 2016, ()), Edition("Report", 2020, ())

    def sentence(document: str, passage: str, start: int) -> LocatedSentence:
        return LocatedSentence(document, passage, start, start + 5, "words", 0)

    version = Change("kept", sentence("a", "a@0-50", 0), sentence("b", "b@0-50", 0))
    came_in_it = Change("added", None, sentence("b", "b@0-50", 20))
    elsewhere = Change("dropped", sentence("a", "a@90-99", 90), None)
    changes = [EditionChange(earlier, later, change) for change in (version, came_in_it, elsewhere)]
    assert list(changes_within_versions(changes)) == [version, came_in_it]


@given(st.lists(st.integers(0, 100), min_size=1), st.integers(1, 60))
def test_labels_of_an_axis_have_room_and_as_many_as_fit_are_there(positions: list[int], least: int) -> None:
    positions.sort()
    places = sorted(label_places(positions, least))
    assert places[-1] == len(positions) - 1
    shown = [positions[place] for place in places]
    assert all(later - earlier >= least for earlier, later in pairwise(shown))
    for place in set(range(len(positions))) - set(places):
        assert any(abs(positions[place] - other) < least for other in shown)


def test_who_compares_when_all_places_are_taken_is_told_so(tmp_path: Path) -> None:
    app = FastAPI()
    opening = LibraryLoader(lambda: Library(tmp_path, HashEncoder()))
    runner, full = InlineTaskRunner(opening), ConcurrencyLimit(0, 0)
    tasks = LimitedTasks(runner, full)
    add_error_answers(app)
    form_pages.add_compare_pages(app, opening, tasks)
    form_pages.add_word_pages(app, opening, tasks)
    form_pages.add_check_pages(app, tasks)
    client = TestClient(app)
    for busy in (
        client.get("/compare?topic=ships"),
        client.get("/words?words=ships"),
        client.get("/words.csv?words=ships"),
        client.post("/check", data={"draft": "“Ships.”"}),
        client.post("/check-report", data={"draft": "“Ships.”"}),
    ):
        assert busy.status_code == 503
        assert busy.headers["retry-after"] == "5"
        assert "The form is busy: try again in a moment." in busy.text
