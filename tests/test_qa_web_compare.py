"""What the tab of comparisons is made of: addresses, marks, forms."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from corpus.load import plan
from index.build import build
from qa import limits
from qa.answer import Library
from qa.editions.sections import Stated
from qa.editions.sentences import Change
from qa.errors import CompareError, EmptyQuestion, FilterError, RequestError
from qa.filters import Filters
from qa.web import compare_pages
from qa.web.compare_asked import Wanted, read, write
from qa.web.compare_marks import became, marked, moved
from qa.web.compare_pages import checked
from qa.web.opening import Opening
from tests.encoders import HashEncoder


def plain(written: str) -> str:
    return html.unescape(re.sub(r"</?(?:ins|del)>", "", written))


def stated(document: str, start: int, text: str) -> Stated:
    return Stated(document, "", start, start + len(text), text, 0)


def parameters(address: str) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(address.removeprefix("?")))


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(topic="whales & <ships>", series="Harbour Report", first="2016", last="2020"),
        Wanted(topic="whales"),
        Wanted(series="Harbour Report", edition="2016", other="2020", section="The sea"),
    ],
)
def test_an_address_asks_what_it_was_written_from(wanted: Wanted) -> None:
    assert read(parameters(write(wanted))) == wanted


def test_an_empty_address_asks_nothing_and_an_empty_topic_is_refused() -> None:
    assert not read({}).is_asked
    assert not read({"q": "whales", "series": "Harbour Report"}).is_asked
    with pytest.raises(EmptyQuestion):
        read({"topic": "  "}).subject()


def test_years_are_filters_of_a_topic_and_a_pair_of_editions() -> None:
    assert read({"topic": "x", "from": "2016", "to": "2018"}).filters() == Filters(edition=((2016, 2018),))
    assert read({"edition": "2020", "with": "2016"}).years() == (2016, 2020)
    with pytest.raises(FilterError, match="ends before it begins"):
        read({"topic": "x", "from": "2018", "to": "2016"}).filters()
    with pytest.raises(FilterError, match="no edition"):
        read({"topic": "x", "from": "<b>"}).filters()
    for other in ("", "2016"):
        with pytest.raises(CompareError):
            read({"edition": "2016", "with": other}).years()


def test_a_topic_of_an_address_is_bounded() -> None:
    assert len(read({"topic": "x" * 100_000}).topic or "") < 10_000


def test_only_words_that_differ_are_marked_and_identical_text_never() -> None:
    one, other = stated("a", 10, "The 152 ships sailed."), stated("b", 30, "The 38  ships sailed.")
    gone, come = moved([Change("changed", one, other)])
    assert marked(one.text, one.start, gone["a"]) == "The <del>152</del> ships sailed."
    assert marked(other.text, other.start, (), come["b"]) == "The <ins>38</ins>  ships sailed."
    same = stated("a", 0, "It is “so”."), stated("b", 5, 'It  is "so".')
    assert not any(spans for side in moved([Change("kept", *same)]) for spans in side.values())


def test_a_sentence_of_one_edition_alone_is_marked_whole() -> None:
    gone, come = moved(
        [Change("dropped", stated("a", 0, "Gone."), None), Change("added", None, stated("b", 3, "New."))]
    )
    assert marked("Gone. Stays.", 0, gone["a"]) == "<del>Gone.</del> Stays."
    assert marked("New. Stays.", 3, (), come["b"]) == "<ins>New.</ins> Stays."


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))), st.integers(0, 20))
def test_marking_neither_loses_nor_adds_a_character(text: str, spans: list[tuple[int, int]], start: int) -> None:
    from qa.web.markup import escape

    ordered = [(min(pair), max(pair)) for pair in spans]
    assert plain(marked(text, start, ordered, ordered[1:])) == html.unescape(escape(text))


def test_what_came_instead_of_what_is_gone_is_escaped() -> None:
    assert became("a <b> c", "a <i> c") == "a &lt;<del>b</del> <ins>i</ins>&gt; c"


def test_a_draft_that_is_empty_or_too_long_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "pilots.txt").write_text(
        "Pilot Report 2018\n\n1 Pilots\n\nThe pilots guided ships.\n", encoding="utf-8"
    )
    build(tmp_path / "index", plan([tmp_path / "pilots.txt"]), HashEncoder())
    library = Library(tmp_path / "index", HashEncoder())
    for draft, says in (
        (" ", "Paste a draft first"),
        ("x" * (limits.DRAFT.default + 1), "longer than 100,000 characters"),
    ):
        with pytest.raises(RequestError, match=says):
            checked(library, draft)


def test_who_compares_when_all_places_are_taken_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_pages, "WAITING", 0)
    app = FastAPI()
    compare_pages.add_compare_pages(app, Opening(lambda: Library(tmp_path, HashEncoder())))
    client = TestClient(app)
    for busy in (client.get("/compare?topic=ships"), client.post("/check", data={"draft": "“Ships.”"})):
        assert busy.status_code == 503
        assert busy.headers["retry-after"] == "5"
        assert "The form is busy: try again in a moment." in busy.text
