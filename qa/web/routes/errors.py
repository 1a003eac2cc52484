"""What a browser is shown where there is nothing to show: a page in the form's style, with a way back to it.

Programs get the line itself, as text or JSON, from whoever answers; `ForBrowsers`, an ASGI layer, makes a page of it
for those who ask for HTML. Knows nothing of what is missing.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.render.context import page
from qa.web.render.markup import escape
from qa.web.tabs.ask_handler import message

_TITLES = {404: "Not found", 503: "Busy"}
_LONGEST_PATH = 100
"""Characters of an unknown address that are shown."""

_DEEPEST = 20
"""Folders of an address from which a way back is written, which stands in a page several times."""


def missing(line: str, status: int = 404, up: str = "") -> str:
    """The page that says it; `up` leads from its address to the form's, as `../`."""
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    # outside <main>, which is all that the form's dialog takes over
    home = f'<nav class="yq-home" aria-label="Form"><a href="{up or "./"}">Yearbook QA: ask a question</a></nav>'
    return page(title, f'{home}<main class="yq-missing"><h1>{escape(title)}</h1>{message(line)}</main>', up)


class ForBrowsers:
    """Wraps an application: of its refusals in text or JSON, browsers get a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, or with a page of the same status."""
        accept = dict(scope.get("headers", ())).get(b"accept", b"")
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and b"text/html" in accept:
            up = _up(scope)
            send = _Told(scope, up, send) if len(up) <= 3 * _DEEPEST else send
        await self._app(scope, receive, send)


class _Told:
    """A `send` that makes a page of a refusal."""

    def __init__(self, scope: Scope, up: str, send: Send) -> None:
        self._scope = scope
        self._up = up
        self._send = send
        self._begun: Message | None = None
        self._kind = ""
        self._body = b""

    async def __call__(self, sent: Message) -> None:
        if sent["type"] == "http.response.start":
            headers = {name.lower(): value for name, value in sent["headers"]}
            self._kind = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0]
            if sent["status"] >= 400 and self._kind in {"text/plain", "application/json"}:
                self._begun = sent
                return
        if self._begun is None or sent["type"] != "http.response.body":
            await self._send(sent)
            return
        self._body += sent.get("body", b"")
        if sent.get("more_body"):
            return
        begun, self._begun = self._begun, None
        line = _line(self._kind, self._body.decode("utf-8", "replace"))
        if begun["status"] == 404 and line in {"no such page", "Not Found", ""}:
            line = f"There is no page {str(self._scope.get('path', ''))[:_LONGEST_PATH]} here."
        written = missing(line, begun["status"], self._up).encode()
        kept = [pair for pair in begun["headers"] if pair[0].lower() not in {b"content-type", b"content-length"}]
        ours = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(written)).encode())]
        await self._send({**begun, "headers": [*kept, *ours]})
        await self._send({**sent, "body": b"" if self._scope["method"] == "HEAD" else written})


def _line(kind: str, body: str) -> str:
    """What a refusal says; FastAPI and Gradio wrap it in `detail`, as a text or as a list of what is wrong."""
    if kind != "application/json":
        return body
    try:
        found = json.loads(body)
    except ValueError:
        return body
    detail = found.get("detail", body) if isinstance(found, dict) else body
    if not isinstance(detail, list):
        return str(detail)
    try:
        return "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in detail)
    except (LookupError, TypeError):
        return body


def _up(scope: MutableMapping[str, Any]) -> str:
    """From this address to the form's: relative, so that it holds wherever the form is mounted."""
    # as it was sent: a browser takes %2F for no slash
    path = (scope.get("raw_path") or str(scope.get("path", "")).encode()).partition(b"?")[0]
    return "../" * (path.count(b"/") - 1)
