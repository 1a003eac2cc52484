"""Asking in the form, as a person does: in Chromium, of a real server with the real model."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from playwright.sync_api import expect

from index.errors import NoIndex
from qa.answering.library import Library
from qa.confidence.confidence import confidence_label
from qa.output.citation_formats import export
from qa.question.filters import parse_filters
from qa.web.render.answer import spans_to_mark
from qa.web.server import CLOSED_MESSAGE as CLOSED

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Serve, Visit


pytestmark = pytest.mark.browser

POLICE = "How strong was the Afghan National Police in 2016?"
CYBER = "What happened in cyberspace in 2015?"
ZANDHAFEN = "How many cranes did the harbour of Zandhafen buy?"
NOWHERE = "Which recipe for onion soup won the village fair?"


def ask(page: Page, question: str) -> None:
    """Type a question, press Enter, wait for its answer."""
    page.fill("#yq-question textarea", question)
    page.press("#yq-question textarea", "Enter")
    wait_for(page, question)


def wait_for(page: Page, question: str) -> None:
    """Wait until the form shows the answer to a question: its link carries the question."""
    page.wait_for_selector(f'.yq-link[href*="q={quote_plus(question)}"]')


def choose(page: Page, part: str, option: str) -> None:
    """Open the filters and choose in one of them; wait for the answer that follows."""
    if not page.is_visible(f"#{part}"):
        page.click("#yq-filters > button")
    page.click(f"#{part} input")
    page.click(f'#{part} [role="option"]:has-text("{option}"), [role="option"]:has-text("{option}")')


def texts(page: Page, selector: str) -> list[str]:
    """The texts of all elements that a selector finds, as they stand there, line breaks and spaces included."""
    return page.locator(selector).all_text_contents()


def badges(page: Page) -> list[str]:
    """The badges of all cards, a string a card."""
    return texts(page, ".yq-card .yq-badges")


def card_texts(page: Page) -> list[str]:
    return texts(page, ".yq-card .yq-text")


def test_a_question_is_answered_by_sentences_that_lead_to_their_marked_passage(
    visit: Visit, address: str, library: Library
) -> None:
    page = visit(address)
    ask(page, POLICE)
    expected = library.ask(POLICE)
    assert texts(page, "q.yq-quote") == [one.text for one in expected.sentences]
    assert "157,000" in page.inner_text(".yq-sentences")
    assert card_texts(page) == [one.hit.stored.passage.text for one in expected.passages]
    assert page.evaluate("document.activeElement.closest('#yq-question') !== null")
    page.click(".yq-ref >> nth=0")
    card = page.locator(":focus")
    assert re.fullmatch(r"passage-\d+", card.get_attribute("id") or "")
    assert expected.sentences[0].text in card.locator("mark").all_text_contents()


def test_confidence_stands_in_words_and_as_a_bar(visit: Visit, address: str, library: Library) -> None:
    page = visit(address)
    ask(page, POLICE)
    assert page.inner_text(".yq-confidence strong") == confidence_label(library.ask(POLICE).confidence)
    assert page.get_attribute("meter", "value") == str(round(100 * library.ask(POLICE).confidence))


def test_an_example_is_asked_by_a_click_and_the_session_remembers_it(visit: Visit, address: str) -> None:
    page = visit(address)
    page.click(".yq-examples a")
    wait_for(page, POLICE)
    assert page.input_value("#yq-question textarea") == POLICE
    ask(page, CYBER)
    page.click("#yq-history > button")
    page.wait_for_selector(".yq-history a")
    assert texts(page, ".yq-history a") == [CYBER, POLICE]
    page.click(".yq-history a >> nth=1")
    wait_for(page, POLICE)


def test_only_what_a_filter_keeps_is_shown(visit: Visit, address: str) -> None:
    page = visit(address)
    ask(page, CYBER)
    assert any(one.startswith("edition 2016") for one in badges(page))
    choose(page, "yq-edition-from", "2020")
    page.wait_for_selector('.yq-link[href*="edition=2020"]')
    assert badges(page)
    assert all(one.startswith("edition 2020 covers 2019") for one in badges(page))
    assert "2020" in page.inner_text("#yq-filters > button")
    page.click("#yq-clear")
    page.wait_for_selector('.yq-link:not([href*="edition"])')


def test_a_filter_that_keeps_nothing_says_so(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=cyber&edition=1999")
    page.wait_for_selector(".yq-notices")
    assert "no document matches the filter (edition 1999)" in page.inner_text(".yq-notices").lower()
    assert page.locator(".yq-card").count() == 0


def test_a_removed_preference_no_longer_counts_and_can_be_put_back(
    visit: Visit, address: str, library: Library
) -> None:
    page = visit(address)
    ask(page, CYBER)
    with_year = card_texts(page)
    chip = page.get_by_label("covers 2015")
    assert chip.is_checked()
    page.click("#yq-chips label")
    page.wait_for_selector('.yq-link[href*="ignore=covers"]')
    without = library.ask(CYBER, adjust=lambda found: replace(found, years=()))
    assert card_texts(page) == [one.hit.stored.passage.text for one in without.passages]
    assert not chip.is_checked()
    page.click("#yq-chips label")
    page.wait_for_selector('.yq-link:not([href*="ignore"])')
    assert card_texts(page) == with_year


def test_a_question_that_the_documents_do_not_answer_is_refused_with_what_is_nearest(
    visit: Visit, address: str
) -> None:
    page = visit(address)
    ask(page, NOWHERE)
    assert page.inner_text(".yq-refusal h2") == "The documents do not seem to answer this question"
    assert page.locator(".yq-quote").count() == 0
    assert page.locator(".yq-card").count() > 0


def test_an_empty_question_is_asked_for_words(visit: Visit, address: str) -> None:
    page = visit(address)
    page.fill("#yq-question textarea", "?!")
    page.press("#yq-question textarea", "Enter")
    page.wait_for_selector("#yq-message p")
    assert "Please type a question" in page.inner_text("#yq-message")


def test_markup_in_a_document_or_a_question_is_text(visit: Visit, address: str, library: Library) -> None:
    page = visit(address)
    question = f'{ZANDHAFEN} <img src=x onerror="window.pwned=4"> **x** <script>window.pwned=5</script>'
    page.fill("#yq-question textarea", question)
    page.press("#yq-question textarea", "Enter")
    page.wait_for_selector(".yq-card")
    expected = library.ask(question)
    assert card_texts(page) == [one.hit.stored.passage.text for one in expected.passages]
    assert "<script>window.pwned=2</script> **bold** engines, $$x^2$$ and `code`" in card_texts(page)[0]
    assert page.inner_text(".yq-card h3 >> nth=0").endswith("Harbour <b>Report</b> 2018")
    page.click("#yq-history > button")
    assert page.text_content(".yq-history a") == question
    page.click(".yq-context")
    page.wait_for_selector("#yq-dialog main")
    assert texts(page, "#yq-dialog h1") == ["Harbour <b>Report</b> 2018"]
    assert page.evaluate("window.pwned") is None
    assert page.locator(".yq-card :is(img, script, b, strong), #yq-dialog :is(img, script, b)").count() == 0


def test_a_passage_is_shown_in_its_section_and_one_steps_to_its_neighbours(
    visit: Visit, address: str, library: Library
) -> None:
    page = visit(address)
    ask(page, POLICE)
    (first, *_) = library.ask(POLICE).passages
    passage = first.hit.stored.passage
    document = library.index.document(passage.document)
    section = document.outline[passage.section or 0]
    opener = page.locator(".yq-card .yq-context").first
    opener.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#yq-dialog #passage")
    assert page.text_content("#yq-dialog #passage") == passage.text
    assert document.text[section.start : section.end] in (page.text_content("#yq-dialog .yq-whole") or "")
    page.click("#yq-dialog >> text=Next passage")
    page.wait_for_selector("#yq-dialog >> text=Previous passage")
    page.locator("#passage").filter(has_not_text=passage.text).wait_for()
    after = page.text_content("#yq-dialog #passage") or ""
    assert document.text.index(after) >= passage.end
    page.keyboard.press("Escape")
    assert not page.is_visible("#yq-dialog")
    assert page.evaluate("document.activeElement.matches('.yq-context')")


def test_citation_and_quotation_are_copied(visit: Visit, address: str, library: Library) -> None:
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    ask(page, POLICE)
    (first, *_) = library.ask(POLICE).passages
    page.click('.yq-card .yq-copy[value="citation"] >> nth=0')
    page.wait_for_selector(".yq-copy:has-text('Copied')")
    assert page.evaluate("navigator.clipboard.readText()") == first.citation
    page.click('.yq-card .yq-copy[value="quotation"] >> nth=0')
    page.locator(".yq-copy:disabled").nth(1).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    start, end = spans_to_mark(first, library.ask(POLICE).sentences)[0]
    text = library.index.document(first.hit.document.id).text
    assert copied.startswith(f"“{text[start:end]}")
    assert copied.endswith(f"({first.citation})")


def test_an_address_reproduces_question_filters_and_removed_preferences(
    visit: Visit, address: str, library: Library
) -> None:
    query = f"?q={quote_plus(CYBER)}&series=Digest+of+the+Diplomatic+Bluebook&covers=2015..2019&ignore=covers%3A2015"
    page = visit(f"{address}/{query}")
    wait_for(page, CYBER)
    expected = library.ask(
        CYBER,
        filters=parse_filters(series=["Digest of the Diplomatic Bluebook"], covers=["2015..2019"]),
        adjust=lambda found: replace(found, years=()),
    )
    assert page.input_value("#yq-question textarea") == CYBER
    assert card_texts(page) == [one.hit.stored.passage.text for one in expected.passages]
    assert not page.get_by_label("covers 2015").is_checked()
    assert parse_qs(urlsplit(page.url).query) == parse_qs(query[1:])


def test_several_ranges_of_an_address_hold_until_their_ends_are_changed(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q={quote_plus(CYBER)}&edition=2016&edition=2019..2020")
    wait_for(page, CYBER)
    page.wait_for_selector("#yq-filters > button:has-text('only editions 2016, 2019–2020')")
    assert all(one.startswith(("edition 2016", "edition 2020")) for one in badges(page))
    ask(page, POLICE)
    assert parse_qs(urlsplit(page.url).query)["edition"] == ["2016", "2019..2020"]
    page.click("#yq-filters > button")
    page.click("#yq-clear")
    page.wait_for_selector("#yq-filters > button:has-text('Filters: none')")


def test_back_leads_to_the_question_before(visit: Visit, address: str) -> None:
    page = visit(address)
    ask(page, POLICE)
    ask(page, CYBER)
    page.go_back()
    wait_for(page, POLICE)
    assert page.input_value("#yq-question textarea") == POLICE


def test_back_to_the_start_shows_the_examples_again(visit: Visit, address: str) -> None:
    page = visit(address)
    ask(page, POLICE)
    page.go_back()
    page.wait_for_selector(".yq-examples a")
    assert page.locator(".yq-card").count() == 0
    assert page.input_value("#yq-question textarea") == ""


def test_a_filter_set_before_the_first_question_holds_for_it(visit: Visit, address: str) -> None:
    page = visit(address)
    choose(page, "yq-documents", "Digest of the Diplomatic Bluebook 2020")
    page.wait_for_selector("#yq-filters > button:has-text('only document')")
    ask(page, CYBER)
    assert all(one.startswith("edition 2020") for one in badges(page))


def test_citations_are_downloaded_for_reference_managers(visit: Visit, address: str, library: Library) -> None:
    page = visit(f"{address}/?q={quote_plus(CYBER)}&edition=2020")
    wait_for(page, CYBER)
    expected = library.ask(CYBER, filters=parse_filters(edition=["2020"]))
    for form, name in (("markdown", "Markdown"), ("bibtex", "BibTeX"), ("ris", "RIS"), ("csl-json", "CSL-JSON")):
        with page.expect_download() as download:
            page.click(f".yq-downloads >> text={name}")
        assert download.value.path().read_text(encoding="utf-8") == export(expected, form)


def test_a_question_of_a_megabyte_is_answered_from_its_beginning(visit: Visit, address: str) -> None:
    page = visit(address)
    page.fill("#yq-question textarea", f"{POLICE} {'ships ' * 170_000}")
    page.press("#yq-question textarea", "Enter")
    page.wait_for_selector(".yq-notices")
    assert "only the first 2,000 characters" in page.inner_text(".yq-notices").lower()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_needs_no_sideways_scrolling(visit: Visit, address: str, scheme: str) -> None:
    page = visit(address, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    ask(page, CYBER)
    page.click("#yq-filters > button")
    page.click(".yq-score summary >> nth=0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click(".yq-card .yq-context >> nth=0")
    page.wait_for_selector("#yq-dialog #passage")
    assert page.evaluate("document.querySelector('#yq-dialog .yq-body').scrollWidth") <= 360


def test_the_page_says_that_it_shows_samples(visit: Visit, address: str) -> None:
    page = visit(address)
    page.wait_for_selector(".yq-banner")
    assert "sample documents" in page.inner_text(".yq-banner")
    ask(page, POLICE)
    assert page.locator(".yq-notices").count() == 0  # said once


def test_the_page_is_there_before_the_library(visit: Visit, serve: Serve, library: Library) -> None:
    opened = threading.Event()

    def opener() -> Library:
        opened.wait()
        return library

    with serve(opener) as address:
        page = visit(address)
        page.fill("#yq-question textarea", POLICE)
        page.press("#yq-question textarea", "Enter")
        page.wait_for_selector("#yq-message p")
        assert "Opening the library" in page.inner_text("#yq-message")
        opened.set()
        wait_for(page, POLICE)
        assert page.input_value("#yq-question textarea") == POLICE


def test_an_index_that_cannot_be_opened_is_told_in_the_page(visit: Visit, serve: Serve) -> None:
    def opener() -> Library:
        raise NoIndex("/nowhere holds no index: run `yearbook-qa index PATH...`")

    with serve(opener) as address:
        page = visit(address)
        page.wait_for_selector("#yq-library .yq-message")
        assert "/nowhere holds no index" in page.inner_text("#yq-library")


def test_who_waits_for_an_answer_when_the_server_stops_is_told_so_in_our_words(
    visit: Visit, library: Library, serve: Serve
) -> None:
    opened = threading.Event()

    def opener() -> Library:
        opened.wait()
        return library

    said: list[str] = []
    with serve(opener) as address:
        try:
            page = visit(address)
            page.on("console", lambda one: said.append(one.text))
            page.fill("#yq-question textarea", POLICE)
            page.press("#yq-question textarea", "Enter")
            page.wait_for_selector("#yq-message .yq-message:has-text('Opening the library')")
        finally:
            threading.Timer(1, opened.set).start()  # the server waits for what it has begun
    page.evaluate("null")
    assert said
    assert set(said) == {f"Unexpected error {CLOSED}"}


@pytest.mark.skipif(sys.platform == "win32", reason="no process there can be sent an interrupt by another")
@pytest.mark.parametrize("stop", [pytest.param(signal.SIGINT, marks=pytest.mark.long), signal.SIGTERM])
def test_stopped_the_server_lets_open_pages_go_and_ends_without_a_word_or_a_trace(
    visit: Visit, sample_index: Path, tmp_path: Path, stop: signal.Signals
) -> None:
    script = (
        "import sys; from pathlib import Path; from index.models.encoder import load;"
        "from qa.answering.library import Library;"
        "from qa.web.app import serve; serve(lambda: Library(Path(sys.argv[1]), load), port=0,"
        " announce=lambda address: print(address, flush=True))"
    )
    command = [sys.executable, "-c", script, str(sample_index)]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment
    ) as process:
        assert process.stdout is not None
        page = visit(process.stdout.readline().strip())
        ask(page, POLICE)
        page.wait_for_timeout(2000)  # until what the page loads ahead of its use is there, on a busy machine, too
        page.route("**/*", lambda route: route.abort())  # the page's own attempts to find the server again
        assert list(tmp_path.glob("yearbook-qa-*"))
        process.send_signal(stop)
        said, complained = process.communicate(timeout=60)
    assert (said, complained, process.returncode) == ("", "", 0)
    assert not list(tmp_path.glob("yearbook-qa-*"))
    page.close()


def test_a_follow_up_is_completed_and_can_be_edited(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=How+many+merchant+ships+were+escorted+in+2015%3F")
    page.wait_for_selector(".yq-card")
    page.fill("#yq-question textarea", "And in 2019?")
    page.keyboard.press("Enter")
    chip = page.locator("#yq-follow-up textarea, #yq-follow-up input")
    expect(chip).to_have_value("How many merchant ships were escorted in 2019?")
    page.wait_for_url("**/?q=How+many+merchant+ships+were+escorted+in+2019%3F")
    chip.fill("How many merchant ships were escorted in 2019 by aircraft?")
    chip.press("Enter")
    page.wait_for_url("**by+aircraft%3F")
    page.click("#yq-follow-up button")
    page.wait_for_url("**/?q=And+in+2019%3F")
    expect(page.locator("#yq-follow-up")).to_be_hidden()
