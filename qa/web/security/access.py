"""What stands between the network and the form: who may ask. A pure ASGI layer.

How much they may send is for `receiving`, what the pages that they get may load for `responding`.

A page of another site must not reach the form through the user's browser: the `Host` header has to be this machine's
(DNS rebinding), and what changes something has to come from the form's own pages (`Origin`).
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import anyio
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa import limits
from qa.api.concurrency import ConcurrencyLimit
from qa.errors import Busy
from qa.web.security.request_limits import Receiving
from qa.web.security.response_headers import Completed, refuse
from qa.web.security.upload_folder import UploadFolder
from qa.web.security.uploads import RequestRefused, UploadRules

WAITING_FOR_HASHES = 100
"""Passwords that may wait to be looked at; who comes after them is told so."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class AccessControl:
    """Wraps an ASGI application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: frozenset[str] | None,
        accepts: Callable[[str], bool] | None = None,
        longest_body: int = limits.BODY.default,
        longest_upload: int = limits.BODY.default,
        uploads: UploadRules | None = None,
        room: UploadFolder | None = None,
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
        self._hashing = ConcurrencyLimit(2, WAITING_FOR_HASHES, "too many passwords at once: try again in a moment")

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
            await refuse(send, *refusal)
            return
        if "text/html" in headers.get("accept", ""):
            # a page is completed below, so it must not be compressed
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        allowed = self._uploads if is_upload else None
        receiving = Receiving(receive, longest, self._closing, allowed, headers.get("content-type", ""))
        if not is_upload or self._room is None:
            await self._let_in(scope, receiving, send)
            return
        size = int(headers.get("content-length", longest))
        try:
            await anyio.to_thread.run_sync(self._room.take, size)
        except RequestRefused as refused:
            await refuse(send, refused.status, str(refused))
            return
        try:
            await self._let_in(scope, receiving, send)
        finally:
            self._room.give_back(size)

    async def _let_in(self, scope: Scope, receiving: Receiving, send: Send) -> None:
        """Let the application answer; answer for it where it is not to go on, or stops because the server does."""
        completed = Completed(send)

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
            await refuse(send, receiving.refusal.status, str(receiving.refusal))
            return
        if self._closing.is_set():
            if completed.has_begun:
                await completed.finish()
            else:
                await refuse(send, 503, "the form is being closed")

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

    def _refusal(self, method: str, headers: Mapping[str, str], longest: int) -> tuple[int, str] | None:
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


def _name(host: str) -> str:
    """The host's name without its port: `[::1]:7860` and `localhost:7860`."""
    return re.sub(r":\d*$", "", host).lower().strip("[]")


def _site(origin: str) -> str | None:
    """Host and port of an origin; None of what is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
