"""The tab that watches saved questions, in Chromium, of a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations

if TYPE_CHECKING:
    from tests.browser.conftest import Visit


pytestmark = pytest.mark.browser

SHIPS = "How many merchant ships did the destroyers escort during the year?"
SOUP = "Which recipe for onion soup won the village fair?"


def test_questions_are_watched_by_keyboard_and_back_and_forward_restore_them(visit: Visit, address: str) -> None:
    page = visit(address, bypass_csp=True)
    page.focus("#yq-tab-ask-button")
    for _ in range(40):  # the tabs take no key until the page's scripts have run
        page.keyboard.press("ArrowRight")  # over Batch and Compare
        if page.locator("#yq-tab-watch-button:focus").count():
            break
        page.wait_for_timeout(250)
    questions = page.locator("#yq-watch-form [name=questions]")
    questions.focus()
    expect(questions).to_be_focused()
    page.keyboard.insert_text(f"{SHIPS}\n{SOUP}")
    for _ in range(3):  # over the file and the edition to the button
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".yq-watched")
    assert page.locator(".yq-watched .yq-outcome").all_text_contents() == ["changed", "not answered"]
    expect(page.locator("[role=status]", has_text="2 questions: ")).to_have_count(1)
    with page.expect_download() as report:
        page.locator("[formaction='./watch-report']").press("Enter")
    assert report.value.suggested_filename == "watch.html"
    assert SHIPS in report.value.path().read_text(encoding="utf-8")
    page.locator(".yq-watched .yq-context").first.press("Enter")
    page.wait_for_selector("#yq-dialog[open] #passage")
    page.keyboard.press("Escape")
    assert violations(page, "watched") == []
    watched = page.url
    questions.fill(SOUP)
    page.locator("#yq-watch-form .yq-primary").press("Enter")
    expect(page.locator(".yq-watched")).to_have_count(1)
    page.go_back()
    expect(page.locator(".yq-watched")).to_have_count(2)
    expect(questions).to_have_value(f"{SHIPS}\n{SOUP}")
    page.go_back()
    expect(page.locator(".yq-watched")).to_have_count(0)
    page.go_forward()
    expect(page.locator(".yq-watched")).to_have_count(2)
    assert page.url == watched
    page = visit(watched)
    page.wait_for_selector(".yq-watched >> nth=1")


def test_a_report_that_fails_is_told_in_the_page(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?questions={SOUP}#watch")
    page.wait_for_selector(".yq-watched")
    page.fill("#yq-watch-form [name=since]", "last")
    page.click("[formaction='./watch-report']")
    expect(page.locator(".yq-fault")).to_have_text("The edition must be a year, such as 2016.")
    page.fill("#yq-watch-form [name=since]", "")
    with page.expect_download():
        page.click("[formaction='./watch-report']")
    expect(page.locator(".yq-fault")).to_have_count(0)
