"""Close what Gradio leaves open where it is mounted in another application.

A client may send Gradio the path of a file instead of an upload. Gradio checks that the file was uploaded only where
`has_launched` is set, which `launch` does and mounting does not: any file of this machine could be read as a list of
questions. SVG files count as the application's own until `is_running` is set. And Gradio fetches an address sent
instead of a file; this server must fetch nothing.

Gradio also keeps the answers of two thousand clients, however large they are; a thousand of the endpoint `evaluate` are
some 20 MB. A client that listens reads each message at once, so a complete answer that is still there at the next check
will never be read, and is evicted.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Any, NoReturn

import gradio as gr
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from gradio import processing_utils
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OPEN_PATHS = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json|/pwa_icon(/\d+)?|/(assets|static|svelte)/.*"
    r"|/gradio_api/(info/?|app_id/?|startup-events|theme\.css|upload|upload_progress|file=(?![\w+.-]{2,}:).*|heartbeat/[^/]+"
    r"|queue/(join/?|data|status)|cancel|reset/?)"
)

_EVENTS = re.compile(r"/gradio_api/(?:queue/join|call/)")
_LOW = rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HIGH = rb"\\u[dD][89abAB][0-9a-fA-F]{2}"
_ESCAPES = re.compile(rb"\\\\|%b%b|(?P<lone>%b|%b)" % (_HIGH, _LOW, _HIGH, _LOW))
"""Backslashes, pairs of surrogates and lone ones in JSON."""

_MAX_FIELD = 100
"""Characters of the name of an invalid field that are repeated."""

EVICTION_INTERVAL = 60.0
"""Seconds between two checks; an unread answer is kept for one to two intervals."""


def close_file_access(blocks: gr.Blocks) -> None:
    """Restrict events to uploaded files, and have them fetch no addresses (see tests/qa/web/test_private_apis.py)."""
    blocks.has_launched = True
    blocks.is_running = True
    processing_utils.async_ssrf_protected_get = _refuse_address


def restrict_paths(app: FastAPI, endpoints: Iterable[str]) -> None:
    """Restrict the Gradio application that was mounted last to the paths that its page needs, and these endpoints."""
    mounted = app.router.routes[-1]
    if not isinstance(mounted, Mount) or not isinstance(mounted.app, FastAPI):
        raise TypeError(f"{mounted} is not a mounted application")
    mounted.app.add_exception_handler(RequestValidationError, _refuse_invalid)
    mounted.app.add_exception_handler(KeyError, _refuse_unknown)
    mounted.app = _PathFilter(mounted.app, re.compile(rf"/gradio_api/call/({'|'.join(endpoints)})(/[\w-]+)?/?"))


class _PathFilter:
    """Answers 404 for other paths."""

    def __init__(self, app: ASGIApp, calls: re.Pattern[str]) -> None:
        self._app = app
        self._calls = calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        if scope["type"] == "http" and not _OPEN_PATHS.fullmatch(path) and not self._calls.fullmatch(path):
            await PlainTextResponse("no such page", 404)(scope, receive, send)
            return
        if scope["type"] == "http" and scope["method"] == "POST" and _EVENTS.match(path):
            receive = await _without_surrogates(receive)
        try:
            await self._app(scope, receive, send)
        except RuntimeError as error:
            # For the answer of an unknown call Gradio sends an error in its stream and then raises.
            if not isinstance(error.__cause__, HTTPException) or error.__cause__.status_code != 404:
                raise
            await send({"type": "http.response.body", "body": b""})


async def _without_surrogates(receive: Receive) -> Receive:
    """Read the body of a request, and replace lone surrogates in its JSON.

    No message with one can be sent: Gradio would wait for ever for the end of an event that answers with it.
    """
    body = b""
    message: Message = {"more_body": True}
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    whole = {**message, "body": _ESCAPES.sub(lambda match: rb"\ufffd" if match["lone"] else match[0], body)}
    messages = [whole if "body" in message else message]

    async def receive_whole() -> Message:
        return messages.pop() if messages else await receive()

    return receive_whole


async def _refuse_invalid(_request: Request, error: Exception) -> JSONResponse:
    """Name the first invalid field. FastAPI's own answer repeats the value, which JSON may not be able to write."""
    fault = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": (), "msg": ""}
    field = ".".join(str(part) for part in fault["loc"])[:_MAX_FIELD]
    return JSONResponse({"detail": f"{field}: {fault['msg']}"}, 422)


async def _refuse_unknown(_request: Request, _error: Exception) -> JSONResponse:
    """Refuse an event that the page does not have; Gradio looks up its number unchecked."""
    return JSONResponse({"detail": "no such event"}, 404)


async def _refuse_address(url: str) -> NoReturn:
    raise gr.Error(f"{url[:200]}: send the file itself: addresses are not fetched", print_exception=False)


class QueueEviction:
    """Checks the queue of a Gradio application."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self._queue: Any = blocks._queue  # noqa: SLF001 - see tests/qa/web/test_private_apis.py
        self._unread: dict[str, tuple[int, int]] = {}

    async def run(self) -> None:
        """Check at intervals until cancelled."""
        while True:
            await asyncio.sleep(EVICTION_INTERVAL)
            self.evict()

    def evict(self) -> None:
        """Remove complete answers that have not been read since the last call."""
        pending, events = self._queue.pending_messages_per_session, self._queue.pending_event_ids_session
        unread: dict[str, tuple[int, int]] = {}
        for session, messages in list(pending.items()):
            # see tests/qa/web/test_private_apis.py
            if not messages.qsize() or messages._queue[-1].msg != "process_completed":  # noqa: SLF001
                continue
            state = id(messages), messages.qsize()
            if self._unread.get(session) == state:
                pending.pop(session, None)
                events.pop(session, None)
            else:
                unread[session] = state
        for session in [session for session in events if session not in pending]:
            del events[session]
        self._unread = unread
