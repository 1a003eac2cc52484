"""The tab that counts words over the years, in Chromium, of a real server with the real model."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from qa.answering.library import Library
from tests.browser.test_accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit


pytestmark = pytest.mark.browser

SERIES = "Digest of the Diplomatic Bluebook"


def count(page: Page, words: str, topics: str = "") -> None:
    page.fill("[name=words]", words)
    page.fill("[name=topics]", topics)
    page.select_option("#yq-tab-words [name=series]", SERIES)
    page.press("[name=words]", "Enter")
    page.wait_for_selector(".yq-lines.yq-on-wide")


def test_counts_are_plotted_listed_and_lead_to_their_passages(visit: Visit, address: str, library: Library) -> None:
    page = visit(f"{address}/#words")
    page.wait_for_selector("[name=words]")
    count(page, "ships, terroris*, zandhafen", "piracy")
    texts = [library.index.document(f"digest-bluebook-{year}").text for year in (2016, 2020)]
    expected = [len(re.findall(r"\bships\b", text, re.IGNORECASE)) for text in texts]
    cells = page.locator("#yq-tab-words .yq-figures tbody td:nth-child(2)").all_text_contents()
    assert [int(cell.split(": ")[1].split()[0]) for cell in cells] == expected
    assert page.locator(".yq-lines:visible polyline").count() == 4
    assert page.locator(".yq-lines .yq-line-3 a").count() == 0  # a count of nothing leads nowhere
    page.locator(".yq-lines:visible .yq-line-1 a").first.press("Enter")  # points of two lines may lie on each other
    page.wait_for_selector("#yq-dialog[open] .yq-occurrences")
    assert page.locator(".yq-occurrences li").count() == expected[0]
    assert [text.lower() for text in page.locator(".yq-occurrences mark").all_text_contents()] == ["ships"] * expected[
        0
    ]
    page.click(".yq-occurrences li a >> nth=0")
    page.wait_for_selector("#yq-dialog[open] #passage mark")
    page.keyboard.press("Escape")
    with page.expect_download() as table:
        page.click("text=Table (CSV)")
    rows = list(csv.DictReader(io.StringIO(table.value.path().read_text(encoding="utf-8-sig"))))
    assert [int(row["count"]) for row in rows if row["term"] == "ships"] == expected
    for row in rows:
        assert float(row["per 10000"]) == pytest.approx(10_000 * int(row["count"]) / int(row["words"]), abs=1e-4)


def test_a_count_is_reproduced_by_its_address(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?words=ships&series=Digest+of+the+Diplomatic+Bluebook#words")
    page.wait_for_selector(".yq-lines")
    assert page.input_value("[name=words]") == "ships"
    assert page.input_value("#yq-tab-words [name=series]") == SERIES


def test_too_many_terms_and_markup_are_answered_in_words(visit: Visit, address: str) -> None:
    page = visit(f"{address}/#words")
    page.wait_for_selector("[name=words]")
    page.fill("[name=words]", "a, b, c, d, e, f, g")
    page.press("[name=words]", "Enter")
    page.wait_for_selector(".yq-compared .yq-message:has-text('at most 6')")
    count(page, '"><img src=x onerror="window.pwned=1">, <b>ships</b>')
    assert "<b>ships</b>" in page.inner_text(".yq-line-legend")
    assert page.evaluate("window.pwned") is None


def test_axe_finds_nothing_serious_in_counts(visit: Visit, address: str) -> None:
    page = visit(f"{address}/#words", bypass_csp=True)
    page.wait_for_selector("[name=words]")
    found = violations(page, "empty")
    count(page, "ships, terroris*, zandhafen", "piracy")
    found += violations(page, "counts")
    page.locator("#yq-tab-words .yq-figures a").first.click()
    page.wait_for_selector("#yq-dialog[open] .yq-occurrences")
    found += violations(page, "occurrences")
    assert found == []
