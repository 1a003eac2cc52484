"""Keeping and judging passages, and the tab of collections, in Chromium, of a real server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from qa.answering.library import Library
from qa.checking.draft import from_bytes
from qa.checking.report import check_draft
from qa.web.security.access import hash_password
from tests.browser.test_accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Serve, Visit


pytestmark = pytest.mark.browser

ASKED = "/?q=How+many+merchant+ships+were+escorted+in+2015%3F"


def answered(visit: Visit, address: str, **options: object) -> Page:
    page = visit(f"{address}{ASKED}", **options)
    page.wait_for_selector(".yq-card .yq-keep[aria-pressed]")
    return page


def desk_of(page: Page) -> Any:
    return json.loads(page.evaluate("localStorage.getItem('yearbook-qa-desk')"))


def open_tab(page: Page) -> None:
    page.click("#yq-tab-collections-button")
    page.wait_for_selector(".yq-desk-items, .yq-desk-open[hidden]", state="attached")


def test_passages_are_kept_ordered_exported_and_checked_by_keyboard(
    visit: Visit, address: str, library: Library
) -> None:
    page = answered(visit, address)
    keeps = page.locator(".yq-card .yq-keep")
    for number in range(3):
        keeps.nth(number).focus()
        page.keyboard.press("Enter")
        expect(keeps.nth(number)).to_have_attribute("aria-pressed", "true")
    page.locator(".yq-sentences .yq-keep").first.press("Space")
    expect(page.locator(".yq-sentences .yq-keep").first).to_have_text("Kept")
    keeps.nth(2).press("Enter")  # once more: no longer kept
    expect(keeps.nth(2)).to_have_attribute("aria-pressed", "false")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)  # the server answers late

    page.route("**/collection-states", hold)
    open_tab(page)
    expect(page.locator(".yq-desk-items > li")).to_have_count(3)
    first = page.locator(".yq-desk-items > li blockquote").nth(0).text_content()
    page.locator(".yq-item-note").nth(0).fill("For chapter 2")
    page.locator(".yq-item-labels").nth(0).fill("ships, escorts")
    page.locator(".yq-item-down").nth(0).press("Enter")
    expect(page.locator(".yq-desk-items > li blockquote").nth(1)).to_have_text(str(first))
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".yq-desk-items > li blockquote").nth(2)).to_have_text(str(first))
    (kept,) = desk_of(page)["collections"]
    assert (kept["items"][2]["note"], kept["items"][2]["labels"]) == ("For chapter 2", ["ships", "escorts"])
    assert kept["items"][2]["question"] == "How many merchant ships were escorted in 2015?"
    with page.expect_response("**/collection-states"):
        held[0].continue_()
    page.unroute("**/collection-states")
    page.route("**/collection-export", lambda route: route.fulfill(json={"error": "please wait"}))
    page.locator(".yq-desk-export button").press("Enter")
    expect(page.locator(".yq-fault")).to_have_text("please wait")
    page.unroute("**/collection-export")
    page.select_option(".yq-desk-filter", "ships")
    expect(page.locator(".yq-desk-items > li:visible")).to_have_count(1)
    with page.expect_download() as download:
        page.locator(".yq-desk-export button").press("Enter")
    one = from_bytes("kept.docx", download.value.path().read_bytes())
    assert len(check_draft(library, one).quotations) == 1
    assert asked.count("collection-states") == 1  # whatever was changed since
    page.select_option(".yq-desk-filter", "")
    with page.expect_download() as download:
        page.locator(".yq-desk-export button").press("Enter")
    expect(page.locator(".yq-fault")).to_have_count(0)
    draft = from_bytes("kept.docx", download.value.path().read_bytes())
    states = [checked.match.state for checked in check_draft(library, draft).quotations]
    assert states == ["verbatim"] * 3
    page.reload()
    page.wait_for_selector(".yq-desk-items > li")
    expect(page.locator(".yq-item-note").nth(2)).to_have_value("For chapter 2")


def test_items_are_dragged_and_a_file_is_imported(visit: Visit, address: str, tmp_path: Path) -> None:
    page = answered(visit, address, viewport={"width": 1280, "height": 2400})  # both items are in sight
    for number in range(2):
        page.locator(".yq-card .yq-keep").nth(number).click()
        expect(page.locator(".yq-card .yq-keep").nth(number)).to_have_text("Kept")
    before = [item["passages"][0]["id"] for item in desk_of(page)["collections"][0]["items"]]
    open_tab(page)
    rows = page.locator(".yq-desk-items > li")
    rows.nth(0).drag_to(rows.nth(1), source_position={"x": 4, "y": 4}, target_position={"x": 4, "y": 4})
    expect(page.locator("[role=status]", has_text="Moved to place 2.")).to_have_count(1)
    after = [item["passages"][0]["id"] for item in desk_of(page)["collections"][0]["items"]]
    assert after == before[::-1]
    collection = desk_of(page)["collections"][0] | {"name": "<img src=x onerror=window.pwned=1>"}
    moved = collection["items"][0]["passages"][0]
    moved |= {"start": moved["start"] + 1, "end": moved["end"] + 1}  # as if an older index had it one character later
    gone = collection["items"][1]["passages"][0] | {"document": "no-such", "text": "Ab", "start": 0, "end": 2}
    gone |= {"sha256": "025b5573cb68f3af8b09ad8f678555ecb185f7832b0d156800f40c300649a56c"}
    collection["items"][1]["passages"] = [gone]
    for name, content in (("bad.json", "{}"), ("good.json", json.dumps(collection))):
        (tmp_path / name).write_text(content, encoding="utf-8")
        page.set_input_files(".yq-desk-import input", tmp_path / name)
        if name == "bad.json":
            page.wait_for_selector(".yq-desk-message:has-text('bad.json is neither a collection')")
    expect(page.locator(".yq-desk-name")).to_have_value(collection["name"])
    page.wait_for_selector(".yq-state-moved")
    page.wait_for_selector(".yq-state-gone")
    page.locator(".yq-item-update:not([hidden])").click()
    page.wait_for_selector(".yq-state-moved", state="detached")
    assert desk_of(page)["collections"][1]["items"][0]["passages"][0]["id"] == before[1]
    assert page.evaluate("window.pwned") is None


def test_a_desk_that_could_not_be_loaded_is_never_replaced(visit: Visit, address: str) -> None:
    page = answered(visit, address)
    keeps = page.locator(".yq-card .yq-keep")
    keeps.nth(0).click()
    expect(keeps.nth(0)).to_have_text("Kept")
    page.route("**/desk", lambda route: route.fulfill(json={"error": "please wait"}))
    page.reload()
    page.wait_for_selector(".yq-card .yq-keep[aria-pressed]")
    keeps.nth(1).click()
    expect(page.locator("[role=status]", has_text="please wait")).to_have_count(1)
    page.unroute("**/desk")
    keeps.nth(1).click()
    expect(keeps.nth(1)).to_have_text("Kept")
    assert len(desk_of(page)["collections"][0]["items"]) == 2


def test_other_files_of_questions_are_refused(visit: Visit, address: str, tmp_path: Path) -> None:
    page = answered(visit, address)
    open_tab(page)
    judged = json.dumps({"question": "Who?", "evidence": [], "filters": {"edition": 2016}})
    for name, content in (("a.jsonl", '{"question": "Who?"}'), ("b.jsonl", "who"), ("c.jsonl", judged)):
        (tmp_path / name).write_text(content, encoding="utf-8")
        page.set_input_files(".yq-desk-import input", tmp_path / name)
        says = f"Imported: {name}" if name == "c.jsonl" else f"{name} is neither a collection"
        expect(page.locator("[role=status]", has_text=says)).to_have_count(1)
    assert desk_of(page)["judgements"] == [json.loads(judged) | {"answerable": False}]
    expect(page.locator(".yq-desk-questions-list li")).to_have_count(1)


def test_judgements_are_a_file_of_questions_with_measures(visit: Visit, address: str) -> None:
    page = answered(visit, address)
    group = page.locator(".yq-card").first.locator(".yq-judge")
    assert group.all_text_contents() == ["Right", "Partly", "Wrong"]
    group.nth(1).press("Enter")
    group.nth(0).press("Space")
    page.locator(".yq-card").nth(1).locator(".yq-judge").nth(2).press("Enter")
    expect(group.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(group.nth(1)).to_have_attribute("aria-pressed", "false")
    (judgement,) = desk_of(page)["judgements"]
    assert judgement["question"] == "How many merchant ships were escorted in 2015?"
    assert [evidence["grade"] for evidence in judgement["evidence"]] == [2, 0]
    open_tab(page)
    page.locator(".yq-desk-measure").press("Enter")
    page.wait_for_selector(".yq-desk-measures .yq-measured")
    assert page.locator(".yq-measured tr:has-text('nDCG@10') td").last.text_content() == "1"
    with page.expect_download() as download:
        page.click(".yq-desk-questions")
    assert json.loads(download.value.path().read_text(encoding="utf-8")) == judgement
    page.click("#yq-tab-ask-button")
    page.click(".yq-judge >> text=Not answered here")
    assert desk_of(page)["judgements"] == [{"question": judgement["question"], "evidence": [], "answerable": False}]


def test_compared_pairs_and_checked_quotations_can_be_kept(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?topic=escorts+of+merchant+ships#compare")
    page.wait_for_selector(".yq-beside .yq-keep[aria-pressed]", state="attached")
    page.locator(".yq-beside .yq-keep").first.evaluate("e => e.click()")
    expect(page.locator(".yq-beside .yq-keep").first).to_have_text("Kept")
    (item,) = desk_of(page)["collections"][0]["items"]
    assert [passage["edition"] for passage in item["passages"]] == [2016, 2020]
    page.click("#yq-tab-check-button")
    page.wait_for_selector("#yq-check-form")
    page.fill("[name=draft]", f"He wrote “{item['passages'][0]['text']}”.")
    page.click("#yq-check-form .yq-primary")
    page.locator(".yq-checked .yq-keep").click()
    expect(page.locator(".yq-checked .yq-keep")).to_have_text("Kept")
    assert len(desk_of(page)["collections"][0]["items"]) == 2


def test_users_with_passwords_have_their_own_desk_on_the_server(
    visit: Visit, serve: Serve, library: Library, tmp_path: Path
) -> None:
    names = ("ann", "bob")
    lines = [f"{name}:{hash_password(name)}" for name in names]
    (tmp_path / "users").write_text("\n".join(lines), encoding="utf-8")
    with serve(library, auth_file=tmp_path / "users", desk_folder=tmp_path / "desks") as address:
        pages = [
            answered(visit, address, http_credentials={"username": name, "password": name, "send": "always"})
            for name in names
        ]
        with pages[0].expect_response(lambda response: response.request.method == "PUT"):
            pages[0].locator(".yq-card .yq-keep").first.click()
        for page in pages:
            page.reload()
            page.wait_for_selector(".yq-card .yq-keep[aria-pressed]")
        pages[0].wait_for_selector(".yq-card .yq-keep[aria-pressed=true]")
        assert pages[1].locator(".yq-keep[aria-pressed=true]").count() == 0
        assert pages[0].evaluate("localStorage.getItem('yearbook-qa-desk')") is None


def test_axe_finds_nothing_serious_in_collections(visit: Visit, address: str) -> None:
    page = answered(visit, address, bypass_csp=True)
    page.locator(".yq-card .yq-keep").first.click()
    page.locator(".yq-card .yq-judge").first.click()
    expect(page.locator(".yq-card .yq-keep").first).to_have_text("Kept")
    found = violations(page, "kept")
    open_tab(page)
    page.wait_for_selector(".yq-desk-items > li")
    found += violations(page, "collection")
    assert found == []
