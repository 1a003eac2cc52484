"""A real server over the sample documents with the real model, and a Chromium that looks at it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import uvicorn

import corpus
from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

SAMPLES = Path(corpus.__file__).parent / "samples"

NOTICE = "these are the sample documents; index your own with `yearbook-qa index PATH...`"

HOSTILE = """\
Harbour <b>Report</b> 2018

1 Cranes <img src=x onerror="window.pwned=1">
In 2017 the harbour of Zandhafen bought 14 cranes with <script>window.pwned=2</script> **bold** engines, $$x^2$$ \
and `code` of [a maker](javascript:window.pwned=3).	The & sign,  two spaces and &lt; stand as they are written.

2 Pilots
The pilots of Zandhafen guided 2,031 ships in 2017, among them </blockquote></article><h1>99</h1> tankers.
"""


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The samples, and a document full of markup."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "harbour.txt").write_text(HOSTILE, encoding="utf-8")
    encoder = load()
    target = tmp_path_factory.mktemp("library") / "index"
    build(target, plan([SAMPLES, folder]), encoder)
    return Library(target, encoder, notices=[NOTICE])


Serve = Callable[..., AbstractContextManager[str]]
Visit = Callable[..., "Page"]


@contextmanager
def serving(library: Library | Callable[[], Library], **options: object) -> Iterator[str]:
    """The form over a library, in a thread of this process; gives its address.

    Open pages are let go when it ends, however long that takes on a busy machine: a stream that is broken off is an
    error in its page.
    """
    from qa.web.app import FormOptions, build_app
    from qa.web.server import Server

    app = build_app(library, FormOptions(**{"use_processes": False, **options}))  # type: ignore[arg-type]
    server = Server(uvicorn.Config(app, port=0, log_level="warning"), app)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=60)
        assert not thread.is_alive(), "the server did not end"


@pytest.fixture(scope="session")
def serve() -> Serve:
    """Runs the form over a library for as long as a test needs it."""
    return serving


@pytest.fixture(scope="session")
def address(library: Library) -> Iterator[str]:
    with serving(library, examples=["How strong was the Afghan National Police in 2016?"]) as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser a module: as long as one is there, no other test of this thread can run an event loop."""
    from playwright.sync_api import sync_playwright

    # Debian's Chromium refuses its sandbox to root, who runs tests in containers
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a window of its own: one that is left breaks off a stream of Gradio's, which it reports.

    What they ask of other hosts, their errors and what their content policy blocks fails the test, up to the moment
    when they are closed. `asked` is given all that they ask for.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(address: str, *, asked: list[str] | None = None, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(40_000)
        context.on("request", lambda request: _only_loopback(request.url, complaints))
        if asked is not None:
            context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"error in the page: {error}"))
        page.on("console", lambda said: complaints.append(said.text) if _is_error(said) else None)
        page.goto(address)
        page.wait_for_selector("#yq-question textarea, .yq-page", state="attached")  # hidden where another tab is open
        return page

    yield opened
    told = list(complaints)
    for context in contexts:
        context.close()
    assert told == []


def _is_error(said: ConsoleMessage) -> bool:
    """Whether it is one, and more than that a page was left that waited for an answer."""
    from qa.web.server import CLOSED_MESSAGE as CLOSED

    return said.type == "error" and CLOSED not in said.text


def _only_loopback(url: str, complaints: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
        complaints.append(f"asked for {url}")


def drop(page: Page, zone: str, files: dict[str, str]) -> None:
    """Drop files, by their names and texts, on a part of the page, as a person does who drags them there."""
    held = page.evaluate_handle(
        """files => {
            const held = new DataTransfer();
            for (const [name, text] of Object.entries(files)) held.items.add(new File([text], name));
            return held;
        }""",
        files,
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event(zone, event, {"dataTransfer": held})
