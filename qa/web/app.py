"""Build the web application (the form, its pages, the endpoints for programs) and run it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.routing import Route

from corpus import archives, processes
from corpus.processes import Json
from corpus.readers.registry import supported_suffixes
from qa import limits
from qa.answering.library import MAX_THREADS, Library
from qa.api.concurrency import ConcurrencyLimit, LibraryLoader, Opener
from qa.api.service import LibraryService
from qa.web.batches import SUFFIXES, Batches
from qa.web.languages import UserLanguage, localise_gradio
from qa.web.library_changes import LibraryEditor
from qa.web.render.page import head
from qa.web.routes.api import ENDPOINTS, TranslatedPage, add_endpoints, with_event_loop
from qa.web.routes.collections import Desks, add_collection_pages, add_desk_pages
from qa.web.routes.documents import STATIC, add_files, add_library_pages, add_pages
from qa.web.routes.form_pages import (
    add_batch_pages,
    add_check_pages,
    add_compare_pages,
    add_watch_pages,
    add_word_pages,
)
from qa.web.routes.responses import BrowserErrorPages, LimitedTasks, add_error_answers
from qa.web.security.access import AccessControl, password_checker, read_passwords
from qa.web.security.gradio_lockdown import QueueEviction, close_file_access, restrict_paths
from qa.web.security.request_limits import UploadFolder, UploadRules
from qa.web.server import Server
from qa.web.tabs.library import MAX_FILES_AT_ONCE
from qa.web.tabs.page import form, theme
from qa.web.tabs.widgets import Services
from qa.web.urls import PublicUrl, StripPath
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

MAX_QUEUED_QUESTIONS = 300
"""Questions that wait for their turn; further ones are refused. On two cores the last of them waits six seconds."""

MAX_QUEUED_TASKS = 20
"""Comparisons, word counts and checks of drafts that wait; further ones are refused."""

MAX_CONCURRENT_QUESTIONS = min(os.cpu_count() or 1, MAX_THREADS) + 1
"""Questions in the answering process at once; one more than cores, so that none waits for the event loop."""

STATUS_INTERVAL = 5.0
"""Seconds between two messages about the remaining time to each client that waits.

By default Gradio sends one to all of them whenever a question starts: with 50 users half of the event loop's work.
"""

MAX_SESSIONS = 500
"""Clients whose state is kept, .1 MB each; Gradio's default of 10,000 would need a gigabyte."""

SWITCH_INTERVAL = 0.0005
"""Seconds after which a thread that answers a question releases the GIL.

With Python's default of .005 each message of the event loop waited that long for either of two such threads: with 50
users at once 11.5 questions a second instead of 14.0 (on a machine that was also busy otherwise).
"""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognised, not bound


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOptions:
    """What a form offers, and to whom."""

    host: str = "127.0.0.1"
    """Address that the server listens on; the form can be called by it and by names of this machine."""
    public: PublicUrl | None = None
    """Address by which a reverse proxy makes the form public."""
    examples: Sequence[str] = ()
    """Questions that the form suggests."""
    auth_file: Path | None = None
    """File of names and password hashes; None asks for no password."""
    desk_folder: Path | None = None
    """Where collections of users with passwords are stored; by default their browsers keep them."""
    mcp: bool = False
    """Offer tools to language models at `/mcp`; needs the package `mcp`."""
    allow_changes: bool = False
    """Let users add and remove documents."""
    changed_index: Path | None = None
    """Index folder that they change; by default the library's."""
    use_processes: bool = True
    """Perform tasks in child processes, for which `index.models.encoder` must be able to load the model by its name."""


def build_app(library: Library | Opener, options: FormOptions) -> FastAPI:
    """Build the web application for a library, or a function that opens it in the background.

    Raises PasswordFileError where the file of passwords cannot be used.
    """
    hosts = None if options.host in _EVERYWHERE else _LOOPBACK | {options.host.lower()}
    accepts = password_checker(read_passwords(options.auth_file)) if options.auth_file is not None else None
    loader = LibraryLoader(library)
    loader.start()
    answerer = ProcessAnswerer(loader) if options.use_processes else ThreadAnswerer(loader)
    runner: TaskRunner = ProcessTaskRunner(loader) if options.use_processes else InlineTaskRunner(loader)
    bounded = BoundedAnswerer(answerer, MAX_CONCURRENT_QUESTIONS, MAX_QUEUED_QUESTIONS)
    service = LibraryService(loader.library)
    tools = _mcp_tools(service, runner) if options.mcp else None
    lifespan = (lambda _: tools.run()) if tools is not None else None
    app = FastAPI(title="Yearbook QA", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    if tools is not None:
        app.router.routes.append(Route("/mcp", tools))
    upload_folder = UploadFolder()
    batches = Batches(upload_folder)
    add_pages(app, loader, bounded)
    add_files(app, loader)
    add_batch_pages(app, batches)
    add_library_pages(app, loader)
    tasks = LimitedTasks(runner, ConcurrencyLimit(MAX_CONCURRENT_QUESTIONS, MAX_QUEUED_TASKS))
    add_compare_pages(app, loader, tasks)
    add_word_pages(app, loader, tasks)
    add_check_pages(app, tasks)
    add_watch_pages(app, tasks)
    add_desk_pages(app, Desks(options.desk_folder) if options.desk_folder and options.auth_file else None)
    add_collection_pages(app, loader, tasks)
    add_error_answers(app)
    app.state.closing, app.state.answerer, app.state.runner = asyncio.Event(), answerer, runner
    max_upload = limits.UPLOAD.value if options.allow_changes else limits.BODY.value
    editor = LibraryEditor(loader, upload_folder, options.changed_index, runner) if options.allow_changes else None
    page = partial(form, Services(loader, bounded, runner, batches, options.examples, editor))
    endpoints = partial(add_endpoints, service, bounded, runner)
    with_event_loop(
        partial(_mount_form, app, page, endpoints, max_upload, str(options.public) if options.public else None)
    )
    app.add_middleware(BrowserErrorPages)
    suffixes = {*SUFFIXES, *supported_suffixes(), archives.SUFFIX} if options.allow_changes else SUFFIXES
    rules = UploadRules(MAX_FILES_AT_ONCE if options.allow_changes else 1, suffixes)
    app.add_middleware(
        AccessControl,
        hosts=hosts,
        public=options.public,
        accepts=accepts,
        max_upload=max_upload,
        uploads=rules,
        upload_folder=upload_folder,
        closing=app.state.closing,
    )
    app.add_middleware(UserLanguage)
    if options.public is not None:
        app.add_middleware(StripPath, public=options.public)
    return app


def _mcp_tools(service: LibraryService, runner: TaskRunner) -> HttpTransport:
    from qa.api.mcp_server import HttpTransport, mcp_server  # late: the package `mcp` is optional

    def perform(name: str, **arguments: object) -> Json:
        return run_to_completion(runner, service_request(name, **arguments))

    return HttpTransport(mcp_server(service, perform))


def _mount_form(
    app: FastAPI,
    page: Callable[[], TranslatedPage],
    add_endpoints: Callable[[], None],
    max_upload: int,
    root_path: str | None,
) -> None:
    def lay_out() -> TranslatedPage:
        blocks = page()
        with blocks:
            add_endpoints()
        return blocks

    blocks = lay_out()
    blocks.max_threads = MAX_QUEUED_QUESTIONS + 100  # see tests/qa/web/test_private_apis.py
    blocks.state_session_capacity = MAX_SESSIONS
    # Gradio's queue only passes questions on to the bounded answerer, but it has to hold a burst
    blocks.queue(
        max_size=10 * MAX_QUEUED_QUESTIONS,
        status_update_rate=STATUS_INTERVAL,
        default_concurrency_limit=MAX_CONCURRENT_QUESTIONS,
    )
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        root_path=root_path,
        theme=theme(),
        head=head(),
        favicon_path=str(STATIC / "icon.svg"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size=max_upload,
        show_error=True,
    )
    blocks.translate_by(lay_out, head)
    close_file_access(blocks)
    restrict_paths(app, ENDPOINTS)
    localise_gradio(app)
    app.state.blocks, app.state.queue_eviction = blocks, QueueEviction(blocks)


def serve(
    library: Library | Opener,
    options: FormOptions = FormOptions(),
    *,
    port: int = 7860,
    announce: Callable[[str], None] = print,
) -> None:
    """Run the form of a library until it is interrupted.

    `port` 0 takes a free one; `announce` is called with the form's address once the server listens. Child processes are
    used only where there is a second core. Raises OSError when the port is taken, and PasswordFileError.
    """
    host, is_multicore = options.host, (os.cpu_count() or 1) > 1
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sys.setswitchinterval(SWITCH_INTERVAL)
    processes.set_trim_threshold()
    if threading.current_thread() is threading.main_thread():
        # uvicorn stops in order and then raises the signal again, which would leave the temporary folders
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with socket.create_server((host, port), family=family) as listening:
        # Connections inherit the option, which asyncio sets only for sockets that name their protocol. Without it an
        # answer waited 40 ms for its headers to be acknowledged: a question took 88 ms instead of 10.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        app = build_app(library, replace(options, use_processes=options.use_processes and is_multicore))
        shown = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listening.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=3)
        server = Server(config, app, lambda: announce(address))
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again once all is closed
            server.run(sockets=[listening])
