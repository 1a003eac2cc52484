"""Pages with a form and its result, which tabs include, and error responses.

Browsers get a page with a link back to the form, programs the plain text or JSON of the route.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from markupsafe import Markup
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.processes import Json
from corpus.translation import gettext as _
from qa.api.concurrency import ConcurrencyLimit
from qa.errors import USER_ERRORS, Busy, QuestionError
from qa.web.render.page import error_page, message, page, result_page
from qa.web.workers.pool import TaskRunner, run_to_completion

Result = TypeVar("Result")

_MAX_PATH = 100
"""Characters of an unknown path that are shown."""

_DEEPEST = 20
"""Path segments up to which the page is sent; its relative links repeat `../` for each segment."""


class LimitedTasks:
    """Performs tasks and other long calls, with a limit on how many run at once."""

    def __init__(self, runner: TaskRunner, limit: ConcurrencyLimit) -> None:
        self._runner, self._limit = runner, limit

    async def perform(self, request: Json) -> Json:
        """Return the result of a task of `qa.web.workers.tasks`. Raises Busy, and what the task raises."""
        return await self._limit(lambda: run_to_completion(self._runner, request))

    async def call(self, call: Callable[[], Result]) -> Result:
        """Return the result of a call. Raises Busy, and what the call raises."""
        return await self._limit(call)


async def result_response(
    title: str, form: Callable[[], Markup], result: Callable[[], Awaitable[str]] | None = None
) -> HTMLResponse:
    """Return a form with its result as HTML, or with the message of the error that was raised.

    An error that the user can fix is no error of HTTP. `form` is called last.
    """
    body, status, headers = Markup(), 200, dict[str, str]()
    try:
        if result is not None:
            body = Markup(await result())  # noqa: S704 - rendered by a worker
    except USER_ERRORS as error:
        body = message(str(error))
        status, headers = error_status(error)
    return HTMLResponse(result_page(title, form(), body), 200 if status == 400 else status, headers)


async def report_response(title: str, name: str, result: Callable[[], Awaitable[str]]) -> HTMLResponse:
    """Return a report to be saved, or a page with the message of the error."""
    try:
        return HTMLResponse(await result(), headers=attachment(name))
    except USER_ERRORS as error:
        status, headers = error_status(error)
        return HTMLResponse(page(title, message(str(error))), 200 if status == 400 else status, headers)


def error_status(error: Exception) -> tuple[int, dict[str, str]]:
    """Return the HTTP status of one of `USER_ERRORS`, and its headers."""
    if isinstance(error, Busy):
        return 503, {"retry-after": "5"}
    return (400 if isinstance(error, QuestionError) else 404), {}


def add_error_answers(app: FastAPI) -> None:
    """Let the application answer `USER_ERRORS` with their message as text; `BrowserErrorPages` makes a page of it."""

    def answer(_request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse(str(error), *error_status(error))

    for kind in USER_ERRORS:
        app.add_exception_handler(kind, answer)


def attachment(name: str) -> dict[str, str]:
    """Return the headers of a file to be saved; a name with other characters than ASCII is sent as in RFC 6266."""
    if name.isascii():
        return {"content-disposition": f'attachment; filename="{name}"'}
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}


def file_name(title: str, default: str) -> str:
    """Return a title as a file name without a suffix: letters, digits and hyphens; the default if nothing is left."""
    return re.sub(r"[^\w]+", "-", title)[:80].strip("-_") or default


class BrowserErrorPages:
    """ASGI middleware that turns error responses in text or JSON into a page if the client accepts HTML."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; replace an error response by a page with the same status."""
        accept = dict(scope.get("headers", ())).get(b"accept", b"")
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and b"text/html" in accept:
            up = _up(scope)
            send = _PageSender(scope, up, send) if len(up) <= 3 * _DEEPEST else send
        await self._app(scope, receive, send)


class _PageSender:
    """A `send` that replaces an error response by a page."""

    def __init__(self, scope: Scope, up: str, send: Send) -> None:
        self._scope = scope
        self._up = up
        self._send = send
        self._start: Message | None = None
        self._kind = ""
        self._body = b""

    async def __call__(self, sent: Message) -> None:
        if sent["type"] == "http.response.start":
            headers = {name.lower(): value for name, value in sent["headers"]}
            self._kind = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0]
            if sent["status"] >= 400 and self._kind in {"text/plain", "application/json"}:
                self._start = sent
                return
        if self._start is None or sent["type"] != "http.response.body":
            await self._send(sent)
            return
        self._body += sent.get("body", b"")
        if sent.get("more_body"):
            return
        start, self._start = self._start, None
        line = _line(self._kind, self._body.decode("utf-8", "replace"))
        if start["status"] == 404 and line in {"no such page", "Not Found", ""}:
            line = _("There is no page %(path)s here.", path=str(self._scope.get("path", ""))[:_MAX_PATH])
        body = error_page(line, start["status"], self._up).encode()
        other = [pair for pair in start["headers"] if pair[0].lower() not in {b"content-type", b"content-length"}]
        ours = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await self._send({**start, "headers": [*other, *ours]})
        await self._send({**sent, "body": b"" if self._scope["method"] == "HEAD" else body})


def _line(kind: str, body: str) -> str:
    """Return the message of an error response; FastAPI and Gradio put it into `detail`, as text or as a list."""
    if kind != "application/json":
        return body
    try:
        parsed = json.loads(body)
    except ValueError:
        return body
    detail = parsed.get("detail", body) if isinstance(parsed, dict) else body
    if not isinstance(detail, list):
        return str(detail)
    try:
        return "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in detail)
    except (LookupError, TypeError):
        return body


def _up(scope: MutableMapping[str, Any]) -> str:
    """Return the relative path to the form, which holds wherever the form is mounted."""
    # the raw path: to a browser %2F is not a slash
    path = (scope.get("raw_path") or str(scope.get("path", "")).encode()).partition(b"?")[0]
    return "../" * (path.count(b"/") - 1)
