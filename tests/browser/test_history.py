"""The browser's Back and Forward: the address follows each state of the form and restores it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit


pytestmark = pytest.mark.browser

FIRST, SECOND = "escorts off Somalia", "refugees"


def selected(page: Page, name: str) -> None:
    page.wait_for_selector(f"#yq-tab-{name}-button[aria-selected=true]")


def compared(page: Page, topic: str) -> None:
    page.wait_for_selector(f".yq-compared .yq-summary:has-text('{topic}')")


def test_back_and_forward_restore_tabs_questions_comparisons_and_counts(visit: Visit, address: str) -> None:
    page = visit(address)
    page.fill("#yq-question textarea", "piracy")
    page.press("#yq-question textarea", "Enter")
    page.wait_for_selector(".yq-card")
    page.wait_for_url("**/?q=piracy")
    page.click("#yq-tab-compare-button")
    page.wait_for_selector("[name=topic]")
    for topic in (FIRST, SECOND):
        page.fill("[name=topic]", topic)
        page.press("[name=topic]", "Enter")
        compared(page, topic)
    page.click("#yq-tab-words-button")
    page.fill("[name=words]", "ships")
    page.press("[name=words]", "Enter")
    page.wait_for_selector(".yq-lines")
    assert page.url.endswith("/?words=ships#words")

    page.go_back()  # the tab before anything was counted
    page.wait_for_selector("#yq-tab-words .yq-compared:not(:has(.yq-lines))", state="attached")
    assert page.input_value("[name=words]") == ""
    page.go_back()
    selected(page, "compare")
    compared(page, SECOND)
    page.go_back()
    compared(page, FIRST)
    assert page.input_value("[name=topic]") == FIRST
    page.go_back()  # the tab before anything was compared
    page.wait_for_selector("#yq-tab-compare .yq-compared:not(:has(.yq-summary))", state="attached")
    page.go_back()
    selected(page, "ask")
    assert page.input_value("#yq-question textarea") == "piracy"
    assert page.locator(".yq-card").count() > 0
    page.go_back()
    expect(page.locator("#yq-question textarea")).to_have_value("")

    page.go_forward()
    page.wait_for_selector(".yq-card")
    page.go_forward()
    selected(page, "compare")
    page.go_forward()
    compared(page, FIRST)
    page.go_forward()
    compared(page, SECOND)
    page.go_forward()
    selected(page, "words")
    page.go_forward()
    page.wait_for_selector(".yq-lines")
    assert page.input_value("[name=words]") == "ships"


def test_a_tab_keeps_what_it_shows_while_another_is_open(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?topic=escorts+off+Somalia#compare")
    compared(page, FIRST)
    page.click("#yq-tab-library-button")
    page.wait_for_url("**/#library")
    page.click("#yq-tab-compare-button")
    compared(page, FIRST)
    assert "topic=escorts" in page.url
    page.click("#yq-tab-ask-button")
    assert page.evaluate("location.pathname + location.search + location.hash") == "/"


def test_back_closes_the_dialog_before_it_leaves_the_question(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=refugees")
    page.wait_for_selector(".yq-card")
    page.fill("#yq-question textarea", "piracy")
    page.press("#yq-question textarea", "Enter")
    page.wait_for_url("**/?q=piracy")
    for leave in (page.go_back, lambda: page.keyboard.press("Escape"), lambda: page.click("#yq-dialog .yq-close")):
        page.click(".yq-card .yq-context >> nth=0")
        page.wait_for_selector("#yq-dialog[open]")
        leave()
        page.wait_for_selector("#yq-dialog", state="hidden")
        page.wait_for_function("() => !history.state?.yqDialog")
        assert page.url.endswith("/?q=piracy")
        assert page.input_value("#yq-question textarea") == "piracy"
    page.go_back()
    page.wait_for_url("**/?q=refugees")
