"""A whole session, with all that it asks for: of this machine only, by the page and by what it leads to."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest
from gradio_client import Client  # type: ignore[import-untyped]  # carries no types
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]

from qa.answering.library import Library
from qa.cli.index_location import SAMPLES
from tests.browser.test_accessibility import violations
from tests.factories.libraries import library_of
from tests.factories.rendered import pdf as rendered_pdf
from tests.factories.rendered.pages import LONG_REPORT

if TYPE_CHECKING:
    from tests.browser.conftest import Serve, Visit


pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The samples and a publication in print."""
    files = {"ports-2021.pdf": rendered_pdf.render(LONG_REPORT).data}
    return library_of(tmp_path_factory.mktemp("mixed"), files, SAMPLES)


def test_every_request_of_a_whole_session_stays_on_this_machine(visit: Visit, mixed: Library, serve: Serve) -> None:
    with serve(mixed) as address:
        asked: list[str] = []
        page = visit(address, asked=asked)
        page.click(".yq-examples a")  # made of the documents at hand
        page.wait_for_selector(".yq-card")
        page.fill("#yq-question textarea", "In port 17 the master counted how many ships of every flag in 2016?")
        page.press("#yq-question textarea", "Enter")
        page.wait_for_selector(".yq-card >> text=Show page")
        page.click("#yq-filters > button")
        page.click("#yq-chips label")
        page.wait_for_selector('.yq-link[href*="ignore"]')
        page.click(".yq-card >> text=Show page")
        page.wait_for_selector("#yq-dialog .yq-paper img")
        page.locator("#yq-dialog img").first.evaluate("one => one.decode()")
        page.click("#yq-dialog >> text=Show the text")
        page.wait_for_selector("#yq-dialog .yq-whole")
        page.keyboard.press("Escape")
        with page.expect_download() as citations:
            page.click(".yq-downloads >> text=BibTeX")
        for name in page.locator("#yq-tabs [role=tab]").all():
            name.click()
        page.go_back()
        page = visit(f"{address}/?q=piracy&edition=2016", asked=asked)
        page.wait_for_selector(".yq-card")
        with page.expect_download() as file:
            page.click(".yq-card >> text=/^File$/ >> nth=0")
        asked += [citations.value.url, file.value.url]
        paths = {urlsplit(one).path for one in asked}
        assert {urlsplit(one).netloc for one in asked if not one.startswith(("data:", "blob:"))} == {
            urlsplit(address).netloc
        }
        for expected in ("/", "/context", "/page", "/page.png", "/citations/bibtex", "/static-yq/form.js"):
            assert expected in paths, expected
        assert any(one.startswith("/source/digest-") for one in paths)


def test_a_long_question_is_shown_whole_in_a_narrow_window(visit: Visit, mixed: Library, serve: Serve) -> None:
    with serve(mixed, examples=[f"{'How many ships came into the harbour, and when? ' * 3}"]) as address:
        page = visit(address, viewport={"width": 360, "height": 740})
        heights = "(one => [one.clientHeight, one.scrollHeight])(document.querySelector('#yq-question textarea'))"
        page.click(".yq-examples a")
        page.wait_for_selector(".yq-card")
        seen, whole = page.evaluate(heights)
        assert seen >= whole > 100


def test_who_asks_when_all_places_are_taken_is_told_so(
    visit: Visit, mixed: Library, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.web import app

    monkeypatch.setattr(app, "MAX_QUEUED_QUESTIONS", 3)
    monkeypatch.setattr(app, "MAX_CONCURRENT_QUESTIONS", 1)
    opened = threading.Event()

    def opener() -> Library:
        opened.wait(60)
        return mixed

    with serve(opener) as address:
        client = Client(address, verbose=False, analytics_enabled=False)
        jobs = [client.submit("piracy", api_name="/ask") for _ in range(7)]
        # one is being answered and three wait; the other three get their answer while the library is still closed
        while sum(one.done() for one in jobs) < 3:
            time.sleep(0.05)
        refused = [one for one in jobs if one.done()]
        busy = httpx2.get(f"{address}/citations/ris?q=piracy", timeout=20)
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
        page = visit(address, bypass_csp=True)
        page.fill("#yq-question textarea", "piracy")
        page.press("#yq-question textarea", "Enter")
        page.wait_for_selector("#yq-message .yq-message:has-text('Too many questions are waiting')")
        assert violations(page, "busy") == []
        opened.set()
        for one in refused:
            with pytest.raises(AppError, match="Too many questions are waiting"):
                one.result(timeout=10)
        assert all(one.result(timeout=30)["passages"] for one in jobs if one not in refused)
        page.press("#yq-question textarea", "Enter")
        page.wait_for_selector(".yq-card")
