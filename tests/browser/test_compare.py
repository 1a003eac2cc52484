"""Comparisons in the form: a topic, whole editions, in Chromium, of a real server with the real model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from corpus.ingest import plan
from index.building.build import build
from qa.answering.library import Library
from qa.editions.outlines import compare_outlines
from tests.browser.test_accessibility import violations
from tests.factories.libraries import library_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Serve, Visit


pytestmark = pytest.mark.browser

TOPIC = "piracy off Somalia"
HOSTILE = '"><img src=x onerror="window.pwned=1"><script>window.pwned=2</script> </textarea> piracy off Somalia'
WHOLE = "form[aria-label='Compare whole editions']"


def open_compare(visit: Visit, address: str, **options: object) -> Page:
    page = visit(f"{address}/#compare", **options)
    page.wait_for_selector(".yq-compare-form")
    return page


def ask(page: Page, topic: str) -> None:
    page.fill("[name=topic]", topic)
    page.press("[name=topic]", "Enter")
    page.wait_for_selector(".yq-compared .yq-summary")


def outlines(page: Page) -> None:
    page.click("summary:has-text('Compare whole editions')")
    page.click(f"{WHOLE} button")
    page.wait_for_selector(".yq-compared .yq-outlines")


def test_a_topic_stands_edition_beside_edition_and_each_cell_opens_its_source(
    visit: Visit, address: str, library: Library
) -> None:
    page = open_compare(visit, address)
    ask(page, TOPIC)
    expected = library.compare(TOPIC)
    texts = {one.passages[0].hit.stored.passage.text for one in expected.matches if one.treated}
    shown = page.locator(".yq-column blockquote").evaluate_all("all => all.map(one => one.textContent)")
    assert set(shown) == texts  # verbatim, whatever is marked in it
    assert page.locator(".yq-column :is(ins, del)").count() > 0
    assert page.locator(".yq-figures tbody tr").count() == len(expected.figures)
    assert page.locator(".yq-measures svg[role=img]:visible").count() == 1
    for cell in (".yq-figures td a", ".yq-beside .yq-source a", ".yq-time a", ".yq-column .yq-context"):
        link = page.locator(cell).first
        link.click()
        page.wait_for_selector("#yq-dialog[open] #passage")
        page.keyboard.press("Escape")
    value = expected.figures[0].values[0].figure
    page.click(".yq-figures td a >> nth=0")
    page.wait_for_selector(f"#yq-dialog[open] #passage mark:text-is('{value.quantity.text}')")
    page.keyboard.press("Escape")
    page = visit(page.url)
    page.wait_for_selector(".yq-compared .yq-editions")
    assert page.input_value("[name=topic]") == TOPIC
    assert page.locator("#yq-tab-compare-button[aria-selected=true]").count() == 1
    page.select_option("[name=from]", "2018")
    page.press("[name=topic]", "Enter")
    page.wait_for_selector(".yq-compared:has(.yq-column:has-text('edition 2020')):not(:has-text('edition 2016'))")
    assert "from=2018" in (page.get_attribute(".yq-compared .yq-link", "href") or "")


@pytest.fixture(scope="module")
def twins(serve: Serve, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A form over two editions that share a sentence; in another one a figure moved."""
    files = {
        f"pilots-{year}.txt": f"Pilot Report {year}\n\n1 Pilots\n\n"
        f"The pilots guided {ships} ships through the harbour. Every pilot of the harbour holds a licence for life.\n"
        for year, ships in ((2018, 12), (2020, 31))
    }
    with serve(library_of(tmp_path_factory.mktemp("twins"), files, encoder=library.encoder)) as address:
        yield address


def test_identical_text_is_never_marked(visit: Visit, twins: str) -> None:
    page = open_compare(visit, twins)
    ask(page, "pilots of the harbour")
    kept = page.locator(".yq-same .yq-said")
    assert kept.all_text_contents() == ["Every pilot of the harbour holds a licence for life."] * 2
    assert kept.locator("ins, del").count() == 0
    assert page.locator(".yq-column :is(ins, del)").all_text_contents() == ["12", "31"]


def test_whole_editions_stand_side_by_side_and_each_heading_opens_its_section(
    visit: Visit, address: str, library: Library
) -> None:
    page = open_compare(visit, address)
    outlines(page)
    (pair,) = compare_outlines(library.index, [2016, 2020]).pairs
    assert page.locator(".yq-outlines tbody tr").count() == len(pair.pairs)
    assert page.locator(".yq-outlines .yq-kind").all_text_contents() == [one.kind for one in pair.pairs]
    section = page.locator(".yq-outlines a:text-is('A. Order at Sea')")
    section.click()
    page.wait_for_selector("#yq-dialog[open] #passage:has-text('A. Order at Sea')")
    page.keyboard.press("Escape")
    page.fill(f"{WHOLE} [name=section]", "oceans and seas")
    page.press(f"{WHOLE} [name=section]", "Enter")
    page.wait_for_selector(f".yq-outlines:not(:has(tbody tr:nth-child({len(pair.pairs)})))")
    assert "section=oceans" in (page.get_attribute(".yq-compared .yq-link", "href") or "")
    page.fill(f"{WHOLE} [name=section]", "")
    page.select_option(f"{WHOLE} [name=with]", "2016")
    page.click(f"{WHOLE} button")
    page.wait_for_selector(".yq-compared .yq-message:has-text('two different editions')")


def test_markup_in_a_topic_and_a_document_is_shown_as_text(visit: Visit, address: str) -> None:
    page = open_compare(visit, address)
    ask(page, HOSTILE)
    assert "<script>window.pwned=2</script>" in page.inner_text(".yq-compared .yq-summary")
    assert page.locator(".yq-compared :is(img, script)").count() == 0
    assert page.evaluate("window.pwned") is None
    page = visit(f"{address}/compare?topic=cranes+%3Cscript%3E+of+Zandhafen&series=Nobody%22%3E%3Cb%3E")
    page.wait_for_selector(".yq-compared .yq-message")
    page.fill("[name=topic]", HOSTILE)
    page.press("[name=topic]", "Enter")  # without our script the browser sends the form
    page.wait_for_selector(".yq-compared .yq-summary")
    assert page.input_value("[name=topic]") == HOSTILE
    assert page.evaluate("window.pwned") is None


@pytest.fixture(scope="module")
def many(serve: Serve, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A form over twelve editions of a report."""
    folder = tmp_path_factory.mktemp("many")
    for year in range(2001, 2013):
        (folder / f"pilots-{year}.txt").write_text(
            f"Pilot Report {year}\n\n1 Pilots\n\nThe pilots guided {year - 1990} ships through the harbour.\n\n"
            f"2 Berths\n\nThe town built {year - 1999} berths of stone for the fishing boats.\n",
            encoding="utf-8",
        )
    build(folder / "index", plan(sorted(folder.glob("*.txt"))), library.encoder)
    with serve(Library(folder / "index", library.encoder)) as address:
        yield address


def test_many_editions_are_shown_as_a_time_line_whose_passages_open_on_demand(visit: Visit, many: str) -> None:
    page = open_compare(visit, many)
    page.fill("[name=topic]", "pilots guiding ships")
    page.press("[name=topic]", "Enter")
    page.wait_for_selector(".yq-compared svg[role=img]")
    tops = page.evaluate(
        "['.yq-compared svg[role=img]', '.yq-editions-list', '.yq-figures', '.yq-passages']"
        ".map(part => document.querySelector(part).getBoundingClientRect().top)"
    )
    assert tops == sorted(tops)
    assert page.locator(".yq-editions-list tbody tr").count() == 12
    assert not page.is_visible(".yq-column")
    assert page.evaluate("document.documentElement.scrollHeight") < 4000
    page.click("summary:has-text('Passages of each edition')")
    assert page.locator(".yq-column").count() == 12
    assert page.is_visible(".yq-column >> nth=11")


def test_the_forms_are_as_wide_as_the_header_and_dropdowns_have_arrows(visit: Visit, address: str) -> None:
    page = open_compare(visit, address)
    widths = (
        "part => { const box = document.querySelector(part).getBoundingClientRect(); return [box.left, box.right] }"
    )
    assert page.evaluate(widths, ".yq-compare") == page.evaluate(widths, ".yq-header")
    assert "svg" in page.evaluate("getComputedStyle(document.querySelector('.yq-compare-form select')).backgroundImage")


def test_axe_finds_nothing_serious_in_comparisons(visit: Visit, address: str) -> None:
    page = open_compare(visit, address, bypass_csp=True)
    ask(page, TOPIC)
    found = violations(page, "topic")
    outlines(page)
    found += violations(page, "outlines")
    assert found == []
