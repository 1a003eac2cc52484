"""Small things that users of the form stumbled over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit


pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("edition=2020..", "Filters: only editions from 2020 on"),
        ("edition=2016&covers=..2015", "Filters: only edition 2016; covering up to 2015"),
        ("edition=2020..2016", "Filters: please correct them"),
        ("edition=9999", "Filters: only edition 9999"),
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


def test_after_an_empty_question_nothing_is_left_of_the_answer(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=piracy")
    page.wait_for_selector(".yq-card")
    expect(page).to_have_title("piracy · Yearbook QA")
    page.fill("#yq-question textarea", "")
    page.press("#yq-question textarea", "Enter")
    page.wait_for_selector("#yq-message .yq-message")
    expect(page.locator("body > [role=status]")).to_have_text("Please type a question.")
    expect(page).to_have_url(f"{address}/")
    expect(page).to_have_title("Yearbook QA")


def test_print_shows_the_question_its_answer_and_its_sources_only(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?q=What+happened+in+cyberspace+in+2015%3F", color_scheme="dark")
    page.wait_for_selector(".yq-card")
    page.emulate_media(media="print")
    for shown in ("#yq-question textarea", ".yq-answer .yq-quote", ".yq-card blockquote", ".yq-card .yq-citation"):
        expect(page.locator(shown).first).to_be_visible()
    assert page.locator("#yq-answer button:visible, button[role=tab]:visible, #yq-ask:visible").count() == 0
    styles = page.locator(".yq-card mark.yq-cited").first.evaluate(
        "one => [getComputedStyle(one).textDecorationLine, getComputedStyle(one.closest('.yq-card')).breakInside]"
    )
    assert styles == ["underline", "avoid"]
    for text in ("#yq-question textarea", ".yq-answer .yq-quote", ".yq-card blockquote", ".yq-answer h2"):
        color = page.locator(text).first.evaluate("one => getComputedStyle(one).color.match(/[0-9]+/g).map(Number)")
        assert max(color) < 100, text  # dark on white paper


@pytest.mark.parametrize("tab", ["compare", "watch", "words"])
def test_placeholders_do_not_look_typed(visit: Visit, address: str, tab: str) -> None:
    page = visit(f"{address}/#{tab}")
    field = page.locator(f"#yq-tab-{tab} .yq-compare-form input[placeholder]").first
    field.wait_for()
    typed, placeholder = field.evaluate("one => ['', '::placeholder'].map(part => getComputedStyle(one, part).color)")
    assert typed != placeholder


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_names_of_series_are_not_cut(visit: Visit, address: str, width: int) -> None:
    page = visit(f"{address}/#compare", viewport={"width": width, "height": 900})
    select = page.locator("#yq-tab-compare select[name=series]").first
    select.wait_for()
    assert select.evaluate(
        """one => {
            const copy = document.createElement("span");
            copy.style.cssText = "position: absolute; white-space: pre; font: " + getComputedStyle(one).font;
            document.body.append(copy);
            const widths = [...one.options].map(option => (copy.textContent = option.text, copy.offsetWidth));
            const style = getComputedStyle(one), wraps = style.whiteSpace !== "nowrap" && style.whiteSpace !== "pre";
            const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
            return wraps || Math.max(...widths) <= room;
        }"""
    )
