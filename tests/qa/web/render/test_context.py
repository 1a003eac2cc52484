"""A passage in its section: exact, whole, with the way to its neighbours."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from index.errors import UnknownPassage
from index.ranking.search import Index
from qa.answering.excerpt import SECTION_CONTEXT
from qa.cli.index_location import SAMPLES
from qa.web.render.context import context_html, find
from qa.web.render.page import page
from tests.factories.libraries import library_of
from tests.qa.web.render.test_answer import Reader


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
            context = find(index, identifier)
            start, end = context.span
            assert context.section[0] <= start < end <= context.section[1]
            assert text[context.section[0] : context.section[1]] == context.text
            assert whole_text(context_html(context, [(start, start + 5)])) == context.text
            assert context.before == (ids[position - 1] if position else None)
            assert context.after == (ids[position + 1] if position + 1 < len(ids) else None)


def test_the_passage_and_the_sentences_in_it_are_marked(index: Index) -> None:
    identifier = index.records.passages_of_document(index.info("digest-bluebook-2016").number)[3].passage.id
    context = find(index, identifier)
    start, end = context.span
    html = context_html(context, [(start, start + 10)])
    text = index.document("digest-bluebook-2016").text
    found = re.search(r'<span class="yq-passage" id="passage">(.*?)</span>', html, re.DOTALL)
    assert found is not None
    assert Reader(found[1]).text == text[start:end]
    assert Reader(found[1]).marks[1:] == [text[start : start + 10]]


def test_a_huge_section_is_cut_to_the_text_around_the_passage(index: Index) -> None:
    middle = index.records.passages_of_document(index.info("long").number)
    context = find(index, middle[len(middle) // 2].passage.id)
    assert context.cut_before
    assert context.cut_after
    assert len(context.text) <= 2 * SECTION_CONTEXT + (context.span[1] - context.span[0])
    assert context.text.startswith("In 2016 ship number")  # cut between lines
    assert "The section continues" in context_html(context)


def test_any_span_has_a_context(index: Index) -> None:
    context = find(index, "digest-bluebook-2016@3-9")
    assert context.span == (3, 9)
    assert context.before is None or context.before.startswith("digest-bluebook-2016@0-")


@pytest.mark.parametrize(
    "identifier",
    ["", "nothing", "nothing@0-5", "long@5-5", "long@9-5", "long@0-999999999", "long@-5-9", "long@0-9999999999999"],
)
def test_what_is_nowhere_is_refused(index: Index, identifier: str) -> None:
    with pytest.raises(UnknownPassage):
        find(index, identifier)


def test_a_page_of_its_own_escapes_its_title() -> None:
    assert "<title>a &lt;b&gt; · Yearbook QA</title>" in page("a <b>", Markup())
