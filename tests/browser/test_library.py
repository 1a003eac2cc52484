"""The library in the form: what it shows, and how it is changed, in Chromium, of a real server."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from qa.answer import Library
from tests.browser.test_accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Visit = Callable[..., Page]

pytestmark = pytest.mark.browser


def open_library(visit: Visit, address: str, **options: object) -> Page:
    page = visit(f"{address}/#library", **options)
    page.wait_for_selector(".yq-documents")
    return page


def titles(page: Page) -> list[str]:
    return page.locator(".yq-documents a.yq-context").all_text_contents()


def test_the_library_shows_its_documents_and_the_years_that_are_missing(
    visit: Visit, address: str, library: Library
) -> None:
    page = open_library(visit, address)
    assert sorted(titles(page)) == sorted(one.title for one in library.index.documents)
    row = page.locator(".yq-years tbody:has-text('Digest of the Diplomatic Bluebook')")
    assert "Nothing here covers 2016–2018" in row.inner_text()  # 2015 and 2019 are covered
    assert row.locator(".yq-missing").count() == 3
    assert row.locator(".yq-edition").count() == 2
    assert page.evaluate("window.pwned") is None
    page.fill(".yq-find input", "harbour 2018")
    page.press(".yq-find input", "Enter")
    page.wait_for_selector(".yq-rows:has-text('1 to 1 of 1 document')")
    assert titles(page) == ["Harbour <b>Report</b> 2018"]
    assert page.locator("#yq-tab-library-button[aria-selected=true]").count() == 1


def test_an_outline_leads_by_keyboard_to_a_section_with_its_text_and_back(
    visit: Visit, address: str, library: Library
) -> None:
    page = open_library(visit, address)
    page.click("text=Digest of the Diplomatic Bluebook 2016 >> nth=-1")
    page.wait_for_selector("#yq-dialog .yq-tree")
    document = library.index.document("digest-bluebook-2016")
    section = next(one for one in document.outline if one.text.startswith("(4)"))
    branch = page.locator(f'#yq-dialog .yq-tree a:text-is("{section.text}")')
    assert branch.is_visible()
    below = branch.locator("xpath=following-sibling::details")
    assert below.get_attribute("open") is not None
    branch.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("one => !one.open", arg=below.element_handle())
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#yq-dialog #passage")
    shown = page.locator("#yq-dialog .yq-whole").text_content() or ""
    assert document.text[section.start : section.end].strip() == shown.strip()
    page.click("#yq-dialog >> text=Outline")
    page.wait_for_selector("#yq-dialog .yq-tree")


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_library(visit: Visit, address: str, scheme: str, width: int) -> None:
    page = open_library(visit, address, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page.click(".yq-details summary")
    found = violations(page, "library")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click(".yq-documents a.yq-context >> nth=0")
    page.wait_for_selector("#yq-dialog .yq-tree")
    found += violations(page, "outline")
    assert found == []
