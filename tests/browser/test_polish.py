"""Small things that users of the form stumbled over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Visit = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("edition=2020..", "Filters: only editions from 2020 on"),
        ("edition=2016&covers=..2015", "Filters: only edition 2016; covering up to 2015"),
        ("edition=2020..2016", "Filters: please correct them"),
    ],
)
def test_filters_are_written_in_words(visit: Visit, address: str, query: str, label: str) -> None:
    page = visit(f"{address}/?q=piracy&{query}")
    page.wait_for_selector(f"#yq-filters > button:has-text('{label}')")


def test_an_earlier_upload_error_does_not_stay_beside_the_next_one(visit: Visit, address: str) -> None:
    page = visit(f"{address}/#batch")
    upload = "#yq-tab-batch input[type=file]"
    page.wait_for_selector(upload, state="attached")
    for name in ("first.pdf", "second.pdf"):
        page.set_input_files(upload, {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF"})
        page.wait_for_selector(f".yq-drop .yq-message:has-text('{name}')")
        assert page.locator(".yq-drop .yq-message:visible").count() == 1


def test_each_key_of_the_legend_stays_beside_its_text_in_a_narrow_window(visit: Visit, address: str) -> None:
    page = visit(f"{address}/#library", viewport={"width": 360, "height": 800})
    page.wait_for_selector(".yq-legend-item")
    heights = page.locator(".yq-legend-item").evaluate_all("all => all.map(one => one.getClientRects().length)")
    assert heights == [1, 1, 1]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_nothing_cuts_off_the_outline_of_a_passage_or_a_chip(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=What+happened+in+cyberspace+in+2015%3F")
    page.wait_for_selector(".yq-card")
    page.wait_for_selector("#yq-chips label")
    for part in (".yq-card", "#yq-chips label"):
        gaps = page.locator(part).first.evaluate(
            """one => {
                const own = one.getBoundingClientRect(), gaps = [];
                for (let outer = one.parentElement; outer; outer = outer.parentElement) {
                    if (getComputedStyle(outer).overflowX === "visible") continue;
                    const box = outer.getBoundingClientRect();
                    gaps.push(own.left - box.left);
                }
                return gaps;
            }"""
        )
        assert min(gaps) >= 4, part  # 2 pixels wide, 2 pixels away


def test_what_changed_leads_and_scores_and_marks_are_explained(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=How+did+the+number+of+escort+operations+change+between+the+2016+and+2020+editions%3F")
    page.wait_for_selector(".yq-card")
    assert page.locator(".yq-answer :is(h2, .yq-quote)").first.inner_text() == "What changed"
    assert page.locator(".yq-changes li").first.locator("a.yq-context").all_inner_texts() == [
        "78 escort operations",
        "30 escort operations",
    ]
    assert not page.locator(".yq-message:has-text('@')").count()
    legend = page.locator(".yq-legend mark")
    cited, similar = (legend.nth(number).evaluate("one => getComputedStyle(one).backgroundColor") for number in (0, 1))
    assert cited != similar
    page.click(".yq-score summary >> nth=0")
    for label in page.locator(".yq-score th:visible").all_inner_texts():
        assert " " in label  # words that say what the number means, not the name of a field
