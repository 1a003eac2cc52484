"""The web application: the form, the pages beside it, the endpoint for programs, and the server that runs them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.routing import Route

from corpus.readers.registry import supported_suffixes
from qa import limits
from qa.answering.library import Library
from qa.api.library_loader import LibraryLoader, Opener
from qa.api.service import LibraryService
from qa.output.json_objects import Json
from qa.web import malloc
from qa.web.batches.questions_file import SUFFIXES
from qa.web.batches.store import Batches
from qa.web.library.changes import Changes
from qa.web.render.markup import head
from qa.web.routes.api import ENDPOINTS, add_endpoints
from qa.web.routes.batch import add_batch_pages
from qa.web.routes.compare import add_compare_pages
from qa.web.routes.documents import STATIC, add_files, add_pages
from qa.web.routes.errors import ForBrowsers
from qa.web.routes.library import add_library_pages
from qa.web.security import passwords
from qa.web.security.access import AccessControl
from qa.web.security.gradio_lockdown import close, narrow
from qa.web.security.queue_eviction import QueueEviction
from qa.web.security.upload_folder import UploadFolder
from qa.web.security.uploads import UploadRules
from qa.web.server import LimitedServer
from qa.web.shutdown import notify_pending_clients
from qa.web.tabs.library_changes import MOST_FILES
from qa.web.tabs.page import form
from qa.web.theme import theme
from qa.web.workers.pool import (
    BoundedAnswerer,
    InlineTaskRunner,
    ProcessAnswerer,
    ProcessTaskRunner,
    TaskRunner,
    ThreadAnswerer,
    run_to_completion,
)
from qa.web.workers.tasks import service_request

if TYPE_CHECKING:
    from qa.api.mcp_server import HttpTransport

WAITING = 100
"""Questions that may wait for their turn; who comes after them is told that the form is busy."""

AT_ONCE = max(2, os.cpu_count() or 2)
"""Questions that are answered at the same time; of one process that answers, the next one waits at its door."""

STATUS_EVERY = 5.0
"""Seconds between two messages to each who waits about how long that will be.

By default all of them are told whenever a question is begun: with 50 users half of what the server's loop did.
"""

REMEMBERED_SESSIONS = 500
"""Open pages, and programs, whose state is kept, .1 MB each; by default it would be 10,000, and so a gigabyte."""

SWITCH_INTERVAL = 0.0005
"""Seconds after which a thread that answers a question lets others run.

By Python's own .005 each message of the server's loop waited that long for either of two such threads: with 50 users
at once 11.5 questions a second instead of 14.0 (on a machine that others kept busy).
"""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognised, not bound


def build_app(
    library: Library | Opener,
    *,
    host: str = "127.0.0.1",
    examples: Sequence[str] = (),
    auth_file: Path | None = None,
    mcp: bool = False,
    allow_changes: bool = False,
    changed: Path | None = None,
    apart: bool = False,
) -> FastAPI:
    """The application around a library, or around a function that opens one once the server has started.

    With `mcp` it offers tools to language models at /mcp, for which the package of that name has to be there. With
    `allow_changes` documents can be added and removed: of the index in the folder `changed`, else of the library's.
    With `apart` a process of its own answers questions, for which the model must be one that `index.models.encoder`
    loads by
    its name. Raises PasswordFileError.
    """
    hosts = None if host in _EVERYWHERE else _LOOPBACK | {host.lower()}
    accepts = passwords.checker(passwords.read(auth_file)) if auth_file is not None else None
    opening = LibraryLoader(library)
    opening.start()
    answering = ProcessAnswerer(opening) if apart else ThreadAnswerer(opening)
    bulk: TaskRunner = ProcessTaskRunner(opening) if apart else InlineTaskRunner(opening)
    answers = BoundedAnswerer(answering, AT_ONCE, WAITING)
    programs = LibraryService(opening.library)
    tools = _tools(programs, bulk) if mcp else None
    lifespan = (lambda _: tools.run()) if tools is not None else None
    app = FastAPI(title="Yearbook QA", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    if tools is not None:
        app.router.routes.append(Route("/mcp", tools))
    add_pages(app, opening, answers)
    add_files(app, opening)
    room = UploadFolder()
    batches = Batches(room)
    add_batch_pages(app, batches)
    add_library_pages(app, opening)
    add_compare_pages(app, opening, bulk)
    with ThreadPoolExecutor(1) as thread:
        # Gradio makes an event loop for each of its locks, and leaves it open, where none is running
        changes = Changes(opening, room, changed, bulk) if allow_changes else None
        page = partial(form, opening, answers, bulk, batches, examples, changes)
        longest = limits.UPLOAD.value if allow_changes else limits.BODY.value
        thread.submit(
            asyncio.run, _mount_form(app, page, partial(add_endpoints, programs, answers, bulk), longest)
        ).result()
    app.state.closing, app.state.answering, app.state.bulk = asyncio.Event(), answering, bulk
    app.add_middleware(ForBrowsers)
    uploads = UploadRules(MOST_FILES, {*SUFFIXES, *supported_suffixes()}) if allow_changes else UploadRules(1, SUFFIXES)
    app.add_middleware(
        AccessControl,
        hosts=hosts,
        accepts=accepts,
        longest_upload=longest,
        uploads=uploads,
        room=room,
        closing=app.state.closing,
    )
    return app


def _tools(programs: LibraryService, bulk: TaskRunner) -> HttpTransport:
    # late: the package is not needed, and not installed, where no model is to ask
    from qa.api.mcp_server import HttpTransport, mcp_server

    def elsewhere(name: str, *arguments: object) -> Json:
        return run_to_completion(bulk, service_request(name, *arguments))

    return HttpTransport(mcp_server(programs, elsewhere))


async def _mount_form(
    app: FastAPI, page: Callable[[], gr.Blocks], add: Callable[[], None], longest_upload: int
) -> None:
    blocks = page()
    with blocks:
        add()
    blocks.max_threads = WAITING + 100  # else 40 events at once, counting those that wait for their turn to ask
    blocks.state_session_capacity = REMEMBERED_SESSIONS
    # Gradio's own queue only hands over to the turns of `answers`, but a burst passes through it
    blocks.queue(max_size=10 * WAITING, status_update_rate=STATUS_EVERY, default_concurrency_limit=AT_ONCE)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme(),
        head=head(),
        favicon_path=str(STATIC / "icon.svg"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size=longest_upload,
        show_error=True,
    )
    close(blocks)
    narrow(app, ENDPOINTS)
    app.state.forgotten = QueueEviction(blocks)
    app.state.notify_pending_clients = partial(notify_pending_clients, blocks)


def serve(
    library: Library | Opener,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    examples: Sequence[str] = (),
    allow_changes: bool = False,
    auth_file: Path | None = None,
    mcp: bool = False,
    changed: Path | None = None,
    announce: Callable[[str], None] = print,
    apart: bool = True,
) -> None:
    """Run the form until it is interrupted; `announce` is given its address as soon as it listens.

    With `apart` a process of its own answers questions, where there is a core for it (see `build_app`).
    Port 0 takes a free one. Raises OSError when the port is taken, PasswordFileError.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sys.setswitchinterval(SWITCH_INTERVAL)
    malloc.limit_malloc_arenas()
    if threading.current_thread() is threading.main_thread():
        # uvicorn stops in order and then passes the signal on, which would end the process before its folders are gone
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with socket.create_server((host, port), family=family) as listening:
        # Each connection inherits it; asyncio would set it only where a socket names its protocol, which this does not.
        # Without it an answer waited 40 ms for its headers to be acknowledged: a question took 88 ms instead of 10.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        app = build_app(
            library,
            host=host,
            examples=examples,
            auth_file=auth_file,
            mcp=mcp,
            allow_changes=allow_changes,
            changed=changed,
            apart=apart and (os.cpu_count() or 1) > 1,
        )
        shown = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listening.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=3)
        server = Server(config, app, lambda: announce(address))
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn passes it on once all is closed
            server.run(sockets=[listening])


class Server(LimitedServer):
    """A server that says when it listens, and lets open pages go when it stops."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, started: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self._app = app
        self._started = started
        self._behind: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        begin, forget = self._app.state.answering.warm_up(), self._app.state.forgotten.run()
        self._behind = [asyncio.create_task(begin), asyncio.create_task(forget)]
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await self._app.state.notify_pending_clients()
        finally:
            self._app.state.closing.set()
        await super().shutdown(sockets)
        for task in self._behind:
            task.cancel()
        await asyncio.to_thread(self._app.state.answering.close)
        await asyncio.to_thread(self._app.state.bulk.close)
