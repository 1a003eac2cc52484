"""The web application: the form, the pages beside it, the endpoint for programs, and the server that runs them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from gradio.events import api as gr_api

from qa import filters as filters_module
from qa.answer import DEFAULT_K, Library
from qa.jsonform import answer_json
from qa.web import passwords
from qa.web.guard import LONGEST_BODY, Guard
from qa.web.opening import FAULTS, Opener, Opening
from qa.web.pages import STATIC, add_pages
from qa.web.tabs import form
from qa.web.theme import theme

WAITING = 100
"""Questions that may wait for their turn; who comes after them is told that the form is busy."""

MOST_PASSAGES = 100
_HEAD = "".join(
    f'<link rel="stylesheet" href="static-yq/{name}.css"><script type="module" src="static-yq/{name}.js"></script>'
    for name in ("form", "tabs")
)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognised, not bound


def build_app(
    library: Library | Opener,
    *,
    host: str = "127.0.0.1",
    examples: Sequence[str] = (),
    auth_file: Path | None = None,
) -> FastAPI:
    """The application around a library, or around a function that opens one once the server has started.

    Raises PasswordFileError.
    """
    hosts = None if host in _EVERYWHERE else _LOOPBACK | {host.lower()}
    accepts = passwords.checker(passwords.read(auth_file)) if auth_file is not None else None
    opening = Opening(library)
    opening.start()
    app = FastAPI(title="Yearbook QA", docs_url=None, redoc_url=None, openapi_url=None)
    add_pages(app, opening)
    with ThreadPoolExecutor(1) as thread:
        # Gradio makes an event loop for each of its locks, and leaves it open, where none is running
        thread.submit(asyncio.run, _mount_form(app, opening, examples)).result()
    app.state.closing = asyncio.Event()
    app.add_middleware(Guard, hosts=hosts, accepts=accepts, closing=app.state.closing)
    return app


async def _mount_form(app: FastAPI, opening: Opening, examples: Sequence[str]) -> None:
    blocks = form(opening, examples)
    with blocks:
        gr_api(_endpoint(opening), api_name="ask")
    blocks.queue(max_size=WAITING, default_concurrency_limit=max(2, os.cpu_count() or 2))
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme(),
        head=_HEAD,
        favicon_path=str(STATIC / "icon.svg"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size=LONGEST_BODY,
        show_error=True,
    )


def serve(
    library: Library | Opener,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    examples: Sequence[str] = (),
    allow_changes: bool = False,
    auth_file: Path | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Run the form until it is interrupted; `announce` is given its address as soon as it listens.

    Port 0 takes a free one. Raises OSError when the port is taken, PasswordFileError.
    """
    del allow_changes  # nothing in the form changes the library yet
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        app = build_app(library, host=host, examples=examples, auth_file=auth_file)
        shown = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listening.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=3)
        server = _Server(config, lambda: announce(address), app.state.closing)
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn passes it on once all is closed
            server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that says when it listens, and lets open pages go when it stops."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None], closing: asyncio.Event) -> None:
        super().__init__(config)
        self._started = started
        self._closing = closing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing.set()
        await super().shutdown(sockets)


def _endpoint(opening: Opening) -> Callable[..., dict[str, Any]]:
    def ask(
        question: str,
        k: int = DEFAULT_K,
        series: list[str] | None = None,
        edition: list[str] | None = None,
        covers: list[str] | None = None,
        document: list[str] | None = None,
    ) -> dict[str, Any]:
        """Answer a question with verbatim, cited sentences and the k passages they come from.

        Filters exclude; edition and covers are years ("2016") or ranges ("2014..2020"). The result is the object that
        `yearbook-qa ask --format json` prints.
        """
        if not 1 <= k <= MOST_PASSAGES:
            raise gr.Error(f"k is {k}: must be 1 to {MOST_PASSAGES}", print_exception=False)
        try:
            wanted = filters_module.parse(
                series=series or (), edition=edition or (), covers=covers or (), document=document or ()
            )
            return answer_json(opening.library().ask(question, k, wanted))
        except FAULTS as error:
            raise gr.Error(str(error), print_exception=False) from error

    return ask
