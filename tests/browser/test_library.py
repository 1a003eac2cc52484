"""The library in the form: what it shows, and how it is changed, in Chromium, of a real server."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from playwright.sync_api import expect

from qa.answering.library import Library
from qa.web.tabs.library import MAX_FILES_AT_ONCE
from tests.browser.conftest import drop
from tests.browser.test_accessibility import violations
from tests.factories.libraries import library_of

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Serve, Visit


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
    assert "No document covers 2016–2018" in row.inner_text()  # 2015 and 2019 are covered
    assert row.locator(".yq-missing").count() == 3
    assert row.locator(".yq-edition").count() == 2
    assert page.evaluate("window.pwned") is None
    page.fill(".yq-find input", "harbour 2018")
    page.press(".yq-find input", "Enter")
    page.wait_for_selector(".yq-rows:has-text('1 to 1 of 1')")
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
    expect(below).not_to_have_attribute("open", "")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#yq-dialog #passage")
    shown = page.locator("#yq-dialog .yq-whole").text_content() or ""
    assert document.text[section.start : section.end].strip() == shown.strip()
    page.click("#yq-dialog >> text=Outline")
    page.wait_for_selector("#yq-dialog .yq-tree")


def test_axe_finds_nothing_serious_in_the_library(visit: Visit, address: str) -> None:
    page = open_library(visit, address, bypass_csp=True)
    page.click(".yq-details summary")
    found = violations(page, "library")
    page.click(".yq-documents a.yq-context >> nth=0")
    page.wait_for_selector("#yq-dialog .yq-tree")
    found += violations(page, "outline")
    assert found == []


TIDES = """\
Harbour Yearbook 2022

1 Tides <img src=x onerror="window.pwned=1">

In 2021 the tide at Zandhafen rose to 4.2 metres at the mouth of the harbour, more than in any year before.
"""


@pytest.fixture(scope="module")
def changing(serve: Serve, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Library]]:
    """A form that may change its library, which has one document."""
    files = {"pilots.txt": "Pilot Report 2019\n\n1 Pilots\n\nThe pilots guided 12 ships.\n"}
    own = library_of(tmp_path_factory.mktemp("changing"), files, encoder=library.encoder)
    with serve(own, allow_changes=True) as address:
        yield address, own


def functions(address: str) -> dict[str, str]:
    """Of each event of the form, the part that begins it and the parts that it fills, by their elements' ids."""
    config = httpx2.get(f"{address}/config", timeout=20).json()
    ids = {one["id"]: one["props"].get("elem_id") or "" for one in config["components"]}
    return {
        str(one["id"]): " ".join(ids.get(target[0], "") for target in one["targets"] if target[0])
        for one in config["dependencies"]
    }


def test_without_permission_no_control_changes_the_library(address: str, changing: tuple[str, Library]) -> None:
    begins = {"yq-add-start", "yq-add-upload", "yq-remove-yes", "yq-remove-ask"}
    assert begins <= set(functions(changing[0]).values())
    ours = functions(address)
    assert not any("yq-add" in one or "yq-remove" in one for one in ours.values())
    beyond = max(map(int, functions(changing[0])))
    assert beyond > max(map(int, ours))
    for number in range(max(map(int, ours)) + 1, beyond + 1):
        called = {"data": [["harbour"]], "fn_index": number, "session_hash": "x"}
        answer = httpx2.post(f"{address}/gradio_api/queue/join", json=called, timeout=20)
        assert answer.status_code >= 400


def test_a_document_is_added_answers_and_is_removed_again(visit: Visit, changing: tuple[str, Library]) -> None:
    address, library = changing
    page = open_library(visit, address)
    page.click("#yq-add > button")
    drop(page, ".yq-drop:has(#yq-add-upload)", {f"{number}.txt": "x" for number in range(MAX_FILES_AT_ONCE + 1)})
    page.wait_for_selector(f".yq-not-taken:has-text('{MAX_FILES_AT_ONCE + 1} files: at most {MAX_FILES_AT_ONCE}')")
    page.click("#yq-add-drop")
    page.wait_for_selector("#yq-add-start", state="hidden")
    drop(page, ".yq-drop:has(#yq-add-upload)", {"tides.txt": TIDES, "empty.txt": "", "tides.exe": "MZ"})
    page.wait_for_selector(".yq-not-taken:has-text('tides.exe is not accepted here')")
    page.wait_for_selector("#yq-add-start:visible")
    assert "empty.txt cannot be read" in page.inner_text("#yq-add-unread")
    assert page.input_value("#yq-field-edition :is(input, textarea)") == "2022"
    page.click("#yq-add-drop")
    page.wait_for_selector("#yq-add-start", state="hidden")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("2022/tides.txt", TIDES)
        opened.writestr("../outside.txt", TIDES)
    page.set_input_files(
        '.yq-drop:has(#yq-add-upload) input[type="file"]',
        {"name": "all.zip", "mimeType": "application/zip", "buffer": archive.getvalue()},
    )
    page.wait_for_selector("#yq-add-start:visible")
    assert "outside.txt cannot be read (a name that leads out of the archive)" in page.inner_text("#yq-add-unread")
    assert page.input_value("#yq-field-edition :is(input, textarea)") == "2022"
    page.fill("#yq-field-id :is(input, textarea)", "pilots")
    page.click("#yq-add-start")
    page.wait_for_selector("#yq-add-report:has-text('belongs to a document in the library (pilots.txt)')")
    page.fill("#yq-field-id :is(input, textarea)", "tides")
    page.fill("#yq-field-covers :is(input, textarea)", "2021")
    page.fill("#yq-field-part :is(input, textarea)", "Part <b>2</b>")
    page.click("#yq-add-start")
    page.wait_for_selector("#yq-add-report .yq-done:has-text('Added tides')")
    page.wait_for_selector(".yq-documents:has-text('Harbour Yearbook 2022')")
    page.wait_for_selector("#yq-library:has-text('2 documents')")
    assert library.index.info("tides").part == "Part <b>2</b>"
    page.click("#yq-tab-ask-button")
    page.fill("#yq-question textarea", "How high did the tide rise at Zandhafen?")
    page.press("#yq-question textarea", "Enter")
    page.wait_for_selector(".yq-card:has-text('4.2 metres')")
    page.click("#yq-tab-library-button")
    page.click("#yq-remove > button")
    page.click("#yq-remove-choice input")
    page.click('[role="option"]:has-text("(tides)")')
    page.keyboard.press("Escape")
    page.click("#yq-remove-ask")
    page.wait_for_selector("#yq-remove-sure:has-text('and its file, which was uploaded here')")
    page.click("#yq-remove-no")
    page.wait_for_selector("#yq-remove-yes", state="hidden")
    assert len(library.index.documents) == 2
    page.click("#yq-remove-ask")
    page.wait_for_selector("#yq-remove-yes:visible")
    page.click("#yq-remove-choice input")  # another choice, which nobody was asked about
    page.click('[role="option"]:has-text("(pilots)")')
    page.keyboard.press("Escape")
    page.click("#yq-remove-yes")
    page.wait_for_selector("#yq-remove-report .yq-done:has-text('Removed tides.')")
    page.wait_for_selector("#yq-library:has-text('1 document')")
    expect(page.locator(".yq-documents")).not_to_contain_text("Harbour Yearbook 2022")
    assert [one.id for one in library.index.documents] == ["pilots"]
    assert page.evaluate("window.pwned") is None


def test_axe_finds_nothing_serious_where_the_library_is_changed(
    visit: Visit, changing: tuple[str, Library], tmp_path: Path
) -> None:
    page = open_library(visit, changing[0], bypass_csp=True)
    page.click("#yq-add > button")
    page.click("#yq-remove > button")
    found = violations(page, "empty")
    names = ["tides.txt", "more.txt", "empty.txt"]
    for name in names:
        (tmp_path / name).write_text("" if name == "empty.txt" else TIDES, encoding="utf-8")
    page.set_input_files('.yq-drop:has(#yq-add-upload) input[type="file"]', [tmp_path / name for name in names])
    page.wait_for_selector("#yq-add-start:visible")
    page.click("#yq-remove-choice input")
    page.click('[role="option"]:has-text("(pilots)")')
    page.keyboard.press("Escape")
    page.click("#yq-remove-ask")
    page.wait_for_selector("#yq-remove-yes:visible")
    found += violations(page, "form and question")
    assert found == []


def late(route: Route) -> None:
    """Let a request go on after half a second."""
    time.sleep(0.5)
    route.continue_()


def test_a_slow_upload_is_shown_and_the_form_goes_to_the_file_at_fault(
    visit: Visit, changing: tuple[str, Library]
) -> None:
    page = open_library(visit, changing[0])
    page.click("#yq-add > button")
    page.route("**/upload*", late)
    long = "a_" * 60
    drop(page, ".yq-drop:has(#yq-add-upload)", {f"{long}.txt": TIDES, "b.txt": TIDES, "c.txt": TIDES})
    page.wait_for_selector(".yq-sending:has-text('Reading 3 files')")
    page.wait_for_selector("#yq-add-start:has-text('Add 3 documents')")
    assert page.locator(".yq-sending, #yq-add .yq-progress").count() == 0
    name = page.locator("#yq-add-name")
    assert name.evaluate("one => one.scrollWidth <= one.clientWidth")
    page.fill("#yq-field-id :is(input, textarea)", "not an id")
    page.click("#yq-add-file input")
    page.click('[role="option"]:has-text("3 of 3")')
    expect(name).to_have_text("c.txt")
    page.click("#yq-add-start")
    page.wait_for_selector("#yq-add-report .yq-message")
    expect(name).to_have_text(f"{long}.txt")
    page.click("#yq-add-drop-one")
    expect(name).to_have_text("b.txt")
    expect(page.locator("#yq-add-start")).to_have_text("Add 2 documents")
    page.click("#yq-add-drop")
