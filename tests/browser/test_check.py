"""The tab that checks a draft, in Chromium, of a real server with the real model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from qa import limits
from qa.answering.library import Library
from tests.browser.test_accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit


pytestmark = pytest.mark.browser

HOSTILE = "><img src=x onerror=window.pwned=1><script>window.pwned=2</script> </textarea> piracy off Somalia"


def open_check(visit: Visit, address: str, **options: object) -> Page:
    page = visit(f"{address}/#check", **options)
    page.wait_for_selector("#yq-check-form")
    return page


def check(page: Page, draft: str) -> None:
    page.fill("[name=draft]", draft)
    page.click("#yq-check-form .yq-primary")
    page.wait_for_selector(".yq-compared .yq-checked")


def test_a_draft_is_checked_word_by_word(visit: Visit, address: str, library: Library) -> None:
    document = library.index.document("digest-bluebook-2016")
    sentence = next(
        document.text[start.start : start.end]
        for start in library.index.records.passages_of_document(library.index.info(document.id).number)[
            5
        ].passage.sentences
    )
    words = " ".join(sentence.split()).rstrip(".").split(" ")
    altered = " ".join([*words[:3], "Zandhafen", *words[4:]])
    draft = f"One “{' '.join(words)}”.\nTwo “{altered}”.\nThree “nineteen whales sang in the old harbour”."
    page = open_check(visit, address)
    check(page, draft)
    outcomes = page.locator(".yq-checked .yq-outcome").all_text_contents()
    assert outcomes == ["verbatim", "altered", "not found"]
    second = page.locator(".yq-checked >> nth=1")
    assert second.locator("del").text_content() == words[3]
    assert second.locator("ins").text_content() == "Zandhafen"
    assert page.locator(".yq-checked >> nth=0").locator("ins, del").count() == 0
    at = page.locator(".yq-draft .yq-at")
    assert [one.split("]")[0] for one in at.all_text_contents()] == [
        f"[verbatim: {' '.join(words)}",
        f"[altered: {altered}",
        "[not found: nineteen whales sang in the old harbour",
    ]
    marks = page.locator(".yq-draft .yq-text").evaluate(
        "e => { e.querySelectorAll('sup, .yq-unseen').forEach(one => one.remove()); return e.textContent }"
    )
    assert marks == draft
    with page.expect_download() as report:
        page.click("text=Download the report")
    text = report.value.path().read_text(encoding="utf-8")
    assert text.count("yq-outcome") > 3
    assert "<script" not in text
    page.click(".yq-checked .yq-context >> nth=0")
    page.wait_for_selector("#yq-dialog[open] #passage")
    assert "draft" not in page.url  # nobody's draft gets into an address
    page.keyboard.press("Escape")
    file = {"name": "draft.md", "mimeType": "text/markdown", "buffer": f"> {altered}\n".encode()}
    page.set_input_files("#yq-check-form input[type=file]", [file])  # type: ignore[arg-type]
    page.click("#yq-check-form .yq-primary")
    page.wait_for_selector(".yq-compared .yq-summary:has-text('draft.md: 1 quotation: 0 verbatim, 1 altered')")


def test_a_mark_in_the_draft_leads_to_its_outcome_and_back(visit: Visit, address: str) -> None:
    page = open_check(visit, address)
    check(page, "\n\n".join(f"“nineteen whales sang in harbour number {number}”" for number in range(12)))
    page.locator(".yq-at").nth(11).press("Enter")  # the link may be broken over two lines
    assert page.evaluate("location.hash") == "#check"
    expect(page.locator("#check-12")).to_be_in_viewport()
    page.click("#check-12 .yq-jump")
    expect(page.locator("#draft-12")).to_be_in_viewport()


def test_markup_in_a_draft_is_shown_as_text(visit: Visit, address: str) -> None:
    page = open_check(visit, address)
    check(page, f"He wrote “{HOSTILE}”.\nAnd “bought 14 cranes with <script>window.pwned=2</script>”.")
    assert "<img src=x" in page.inner_text(".yq-checked >> nth=0")
    assert "<img src=x" in page.inner_text(".yq-draft")
    assert page.locator(".yq-compared :is(img, script)").count() == 0
    assert page.evaluate("window.pwned") is None


def test_axe_finds_nothing_serious_in_a_checked_draft(visit: Visit, address: str) -> None:
    page = open_check(visit, address, bypass_csp=True)
    found = violations(page, "empty")
    check(page, "He said “nineteen whales sang in the old harbour” in 2015. And “peace”.")
    found += violations(page, "draft")
    assert found == []


def test_a_chosen_file_is_discarded_and_what_was_checked_is_named(visit: Visit, address: str) -> None:
    page = open_check(visit, address)
    page.fill("[name=draft]", "“nineteen whales sang in the old harbour”")
    file = {"name": "draft.md", "mimeType": "text/markdown", "buffer": b"No quotation."}
    page.set_input_files("#yq-check-form input[type=file]", [file])  # type: ignore[arg-type]
    expect(page.locator("[name=draft]")).to_be_hidden()
    page.click("#yq-check-form .yq-primary")
    page.wait_for_selector(".yq-summary:has-text('File draft.md: no quotations found.')")
    page.click(".yq-forget")
    expect(page.locator(".yq-forget")).to_be_hidden()
    page.click("#yq-check-form .yq-primary")
    page.wait_for_selector(".yq-summary:has-text('Pasted text: 1 quotation')")


def test_a_draft_that_is_too_long_is_never_cut(visit: Visit, address: str) -> None:
    page = open_check(visit, address)
    draft = "whales " * (limits.DRAFT.value // 7 + 1)
    page.fill("[name=draft]", draft)
    assert page.input_value("[name=draft]") == draft
    page.click("#yq-check-form .yq-primary")
    page.wait_for_selector(".yq-compared .yq-message:has-text('nothing was checked')")
    assert page.input_value("[name=draft]") == draft
