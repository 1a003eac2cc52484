"""What stands between the network and the form: who may ask, how much, and what a page may load. A pure ASGI layer.

A page of another site must not reach the form through the user's browser: the `Host` header has to be this machine's
(DNS rebinding), and what changes something has to come from the form's own pages (`Origin`).
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import anyio
from starlette.requests import ClientDisconnect

from qa import limits
from qa.errors import Busy
from qa.web.door import Door
from qa.web.room import Room
from qa.web.uploads import Allowed, Judge, Refused

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

WAITING_FOR_HASHES = 100
"""Passwords that may wait to be looked at; who comes after them is told so."""

PIECE_WITHIN = 30.0
"""Seconds that a sender may pause inside a body."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})

_POLICY = (
    "default-src 'none'; script-src 'self'{nonce}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'self'; "
    "frame-ancestors 'none'"
)
"""Gradio sets style attributes (hence 'unsafe-inline' there) and has scripts in its page, which get the nonce."""

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Wraps an ASGI application."""

    def __init__(
        self,
        app: App,
        *,
        hosts: frozenset[str] | None,
        accepts: Callable[[str], bool] | None = None,
        longest_body: int = limits.BODY.default,
        longest_upload: int = limits.BODY.default,
        uploads: Allowed | None = None,
        room: Room | None = None,
        closing: asyncio.Event | None = None,
    ) -> None:
        """`hosts` are the names by which the form may be called (None: any); `accepts` judges `Authorization`.

        An upload, which goes to a file and not to memory, may have more bytes than the body of another request;
        `uploads` says which files it may hold, and `room` whether they find a place.

        Once `closing` is set, streams that a page keeps open come to their end.
        """
        self._app = app
        self._hosts = hosts
        self._accepts = accepts
        self._longest, self._longest_upload = longest_body, longest_upload
        self._uploads = uploads
        self._room = room
        self._closing = closing or asyncio.Event()
        self._accepted: set[bytes] = set()
        self._hashing = Door(2, WAITING_FOR_HASHES, "too many passwords at once: try again in a moment")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refusal, or let the application answer and complete its headers."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        is_upload = scope["method"] == "POST" and str(scope.get("path", "")).rstrip("/").endswith("/upload")
        longest = self._longest_upload if is_upload else self._longest
        refusal = self._refusal(scope["method"], headers, longest)
        if refusal is None and self._accepts is not None:
            refusal = await self._unknown(self._accepts, headers.get("authorization", ""))
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        if "text/html" in headers.get("accept", ""):
            # a page is completed below, so it must not be compressed
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        allowed = self._uploads if is_upload else None
        receiving = _Receiving(receive, longest, self._closing, allowed, headers.get("content-type", ""))
        if not is_upload or self._room is None:
            await self._let_in(scope, receiving, send)
            return
        size = int(headers.get("content-length", longest))
        try:
            await anyio.to_thread.run_sync(self._room.take, size)
        except Refused as refused:
            await _refuse(send, refused.status, str(refused))
            return
        try:
            await self._let_in(scope, receiving, send)
        finally:
            self._room.give_back(size)

    async def _let_in(self, scope: Scope, receiving: _Receiving, send: Send) -> None:
        """Let the application answer; answer for it where it is not to go on, or stops because the server does."""
        completed = _Completed(send)

        async def sending(message: Message) -> None:
            if receiving.refusal is None and not receiving.is_let_go:
                await completed(message)

        try:
            await self._app(scope, receiving, sending)
        except ClientDisconnect:
            if receiving.refusal is None and not self._closing.is_set():
                raise
        finally:
            receiving.end()
        if receiving.refusal is not None and not completed.has_begun:
            await _refuse(send, receiving.refusal.status, str(receiving.refusal))
            return
        if self._closing.is_set():
            if completed.has_begun:
                await completed.finish()
            else:
                await _refuse(send, 503, "the form is being closed")

    async def _unknown(self, accepts: Callable[[str], bool], header: str) -> tuple[int, str] | None:
        """Why whoever sends this header may not come in.

        A header found right is remembered by its hash: scrypt is slow by design, and a page asks for a hundred files.
        Those that are not known are looked at beside the server's loop, two at a time.
        """
        key = hashlib.sha256(header.encode("latin-1")).digest()
        if key in self._accepted:
            return None
        try:
            if not header or not await self._hashing(lambda: accepts(header)):
                return 401, "name and password, please"
        except Busy as error:
            return 429, str(error)
        self._accepted.add(key)
        return None

    def _refusal(self, method: str, headers: MutableMapping[str, str], longest: int) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if self._hosts is not None and _name(host) not in self._hosts:
            return 421, f"this form is not called {host!r}: open it by the address it printed when it started"
        if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
            return 403, "this form answers its own pages only"
        origin = headers.get("origin")
        if method not in _READING and origin is not None and _site(origin) != host:
            return 403, "this form answers its own pages only"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > longest:
            return 413, f"more than {longest:,} bytes"
        return None


class _Receiving:
    """A `receive` that hangs up, as if the sender had: at the limit of a body of unstated length, at a file that is not
    taken (`refusal` says why), and when the server closes (`is_let_go`: the application is not heard any more).

    A stream asks before each of its messages whether its reader is still there, and cancels the question: it is always
    the same two tasks that are waited for. (Two new ones each time were a tenth of what a question cost the server.)
    """

    def __init__(
        self, receive: Receive, longest: int, closing: asyncio.Event, allowed: Allowed | None, content_type: str
    ) -> None:
        self.refusal: Refused | None = None
        self.is_let_go = False
        self._receive = receive
        self._longest = self._left = longest
        self._allowed, self._content_type = allowed, content_type
        self._judge: Judge | None = None
        self._closing = closing
        self._has_body = False
        self._waited: tuple[asyncio.Task[Message], asyncio.Task[Any]] | None = None

    async def __call__(self) -> Message:
        if self.refusal is not None:
            return {"type": "http.disconnect"}
        if self._has_body:
            return await self._last()
        try:
            message = await asyncio.wait_for(self._receive(), PIECE_WITHIN)
        except TimeoutError:
            self.refusal = Refused(408, f"nothing came for {PIECE_WITHIN:.0f} seconds")
            return {"type": "http.disconnect"}
        self._has_body = not message.get("more_body")
        try:
            self._check(message.get("body", b""))
        except Refused as refusal:
            self.refusal = refusal
            return {"type": "http.disconnect"}
        return message

    def _check(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise Refused(413, f"more than {self._longest:,} bytes")
        if self._allowed is not None:
            self._judge = self._judge or Judge(self._content_type, self._allowed)
            self._judge.read(piece)

    async def _last(self) -> Message:
        """The end of the request: by its sender, or by the server."""
        if self._waited is None:
            self._waited = asyncio.ensure_future(_message(self._receive)), asyncio.ensure_future(self._closing.wait())
        await asyncio.wait(self._waited, return_when=asyncio.FIRST_COMPLETED)
        if self._waited[0].done():
            return self._waited[0].result()
        self.is_let_go = True
        return {"type": "http.disconnect"}

    def end(self) -> None:
        """Stop waiting; the request is answered."""
        for one in self._waited or ():
            one.cancel()


async def _message(receive: Receive) -> Message:
    return await receive()


class _Completed:
    """A `send` that adds the headers, and a nonce to the scripts of a page."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._nonce = ""
        self._page: Message | None = None
        self._body = b""
        self.is_open = self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            is_page = any(
                name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"]
            )
            if is_page:
                self._nonce = secrets.token_urlsafe(16)
            nonce = f" 'nonce-{self._nonce}'" if is_page else ""
            ours = {**_HEADERS, b"content-security-policy": _POLICY.format(nonce=nonce).encode()}
            message["headers"] = [
                *(pair for pair in message["headers"] if pair[0].lower() not in ours),
                *ours.items(),
            ]
            if is_page:
                self._page = message
                return
        elif self._page is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            # texts come into a page escaped ("&lt;", "\u003c"), so every "<script" is the form's own
            body = re.sub(rb"<script(?=[\s>])", b'<script nonce="%b"' % self._nonce.encode(), self._body)
            self._page["headers"] = [
                *(pair for pair in self._page["headers"] if pair[0].lower() != b"content-length"),
                (b"content-length", str(len(body)).encode()),
            ]
            self.has_begun = True
            await self._send(self._page)
            message = {"type": "http.response.body", "body": body}
        self.is_open = message["type"] == "http.response.start" or bool(message.get("more_body"))
        self.has_begun = True
        await self._send(message)

    async def finish(self) -> None:
        """End a response that was left unfinished."""
        if self.is_open:
            await self({"type": "http.response.body", "body": b""})


def _name(host: str) -> str:
    """The host's name without its port: `[::1]:7860` and `localhost:7860`."""
    return re.sub(r":\d*$", "", host).lower().strip("[]")


def _site(origin: str) -> str | None:
    """Host and port of an origin; None of what is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS.items()]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="Yearbook QA", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})
