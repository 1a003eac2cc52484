"""Decide who may use the form: an ASGI layer in front of the application.

A page of another site must not reach the form through the user's browser: the `Host` header must name this machine
(DNS rebinding), and requests that change something must come from the form's own pages (`Origin`).
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import anyio
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.translation import gettext as _
from corpus.translation import gettext_noop
from qa import limits
from qa.api.concurrency import ConcurrencyLimit
from qa.errors import Busy
from qa.web.security.passwords import Guesses, parse_credentials
from qa.web.security.public_url import PublicUrl
from qa.web.security.request_limits import LimitedReceive, RequestRefused, UploadFolder, UploadRules
from qa.web.security.response_headers import HeaderSend, refuse

MAX_WAITING_PASSWORDS = 100
"""Passwords that wait to be verified; further ones are refused."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class AccessControl:
    """Wraps an ASGI application: refuses requests, or passes them on with limits."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: frozenset[str] | None,
        public: PublicUrl | None = None,
        accepts: Callable[[str], bool] | None = None,
        max_body: int = limits.BODY.default,
        max_upload: int = limits.BODY.default,
        uploads: UploadRules | None = None,
        upload_folder: UploadFolder | None = None,
        closing: asyncio.Event | None = None,
    ) -> None:
        """Wrap an application.

        Args:
            app: The application.
            hosts: Host names by which the form may be called; None allows any.
            public: Address by which a reverse proxy makes the form public; it may be called by it, too.
            accepts: Verifies the value of an `Authorization` header; None asks for no password.
            max_body: Bytes of a request's body.
            max_upload: Bytes of an upload, which goes to a file and not to memory.
            uploads: Files that an upload may contain.
            upload_folder: Where disk space for uploads is reserved.
            closing: Set when the server closes: open streams then end.
        """
        self._app = app
        self._hosts = hosts
        self._public = public
        self._accepts = accepts
        self._max_body, self._max_upload = max_body, max_upload
        self._uploads = uploads
        self._upload_folder = upload_folder
        self._closing = closing or asyncio.Event()
        self._accepted: set[bytes] = set()
        self._guesses = Guesses()
        self._verify = ConcurrencyLimit(
            2, MAX_WAITING_PASSWORDS, gettext_noop("too many passwords at once: try again in a moment")
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or have the application answer it and complete the headers."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        is_upload = scope["method"] == "POST" and str(scope.get("path", "")).rstrip("/").endswith("/upload")
        max_bytes = self._max_upload if is_upload else self._max_body
        refusal = self._refusal(scope["method"], headers, max_bytes)
        if refusal is None and self._accepts is not None:
            client = str((scope.get("client") or ("",))[0])
            refusal = await self._password_refusal(self._accepts, headers.get("authorization", ""), client)
        if refusal is not None:
            await refuse(send, *refusal)
            return
        if self._accepts is not None and (credentials := parse_credentials(headers.get("authorization", ""))):
            scope["user"] = credentials[0]
        if "text/html" in headers.get("accept", ""):
            # HeaderSend changes pages, so they must not be compressed
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        rules = self._uploads if is_upload else None
        limited = LimitedReceive(receive, max_bytes, self._closing, rules, headers.get("content-type", ""))
        if not is_upload or self._upload_folder is None:
            await self._pass_on(scope, limited, send)
            return
        size = int(headers.get("content-length", max_bytes))
        try:
            await anyio.to_thread.run_sync(self._upload_folder.reserve, size)
        except RequestRefused as refused:
            await refuse(send, refused.status, str(refused))
            return
        try:
            await self._pass_on(scope, limited, send)
        finally:
            self._upload_folder.release(size)

    async def _pass_on(self, scope: Scope, receive: LimitedReceive, send: Send) -> None:
        """Have the application answer; answer instead of it where a limit is exceeded or the server closes."""
        response = HeaderSend(send, secure_cookies=self._public is not None and self._public.is_secure)

        async def send_unless_ended(message: Message) -> None:
            if receive.refusal is None and not receive.is_closing:
                await response(message)

        try:
            await self._app(scope, receive, send_unless_ended)
        except (ClientDisconnect, MultiPartException):
            if receive.refusal is None and not self._closing.is_set():
                raise
        finally:
            receive.end()
        if receive.refusal is not None and not response.has_begun:
            await refuse(send, receive.refusal.status, str(receive.refusal))
        elif self._closing.is_set():
            if response.has_begun:
                await response.finish()
            else:
                await refuse(send, 503, _("the form is being closed"))

    async def _password_refusal(
        self, accepts: Callable[[str], bool], header: str, client: str
    ) -> tuple[int, str] | None:
        """Return status and reason where the `Authorization` header is wrong.

        The hash of a right header is remembered: scrypt is slow by design, and a page loads a hundred files. Others are
        verified in threads, two at a time, and only a few wrong ones for a name and an address of a client.
        """
        key = hashlib.sha256(header.encode("latin-1")).digest()
        if key in self._accepted:
            return None
        credentials = parse_credentials(header)
        if credentials is None:
            return 401, _("please give name and password")
        who = client, credentials[0]
        if seconds := self._guesses.seconds_to_wait(who, key):
            return 429, _("too many wrong passwords: try again in %(seconds)s seconds", seconds=seconds)
        try:
            if not await self._verify(lambda: accepts(header)):
                return 401, _("please give name and password")
        except Busy as error:
            return 429, str(error)
        self._guesses.forget(who)
        self._accepted.add(key)
        return None

    def _refusal(self, method: str, headers: Mapping[str, str], max_bytes: int) -> tuple[int, str] | None:
        host = headers.get("host", "")
        is_public = self._public is not None and host.lower() == self._public.netloc
        if self._hosts is not None and _host_name(host) not in self._hosts and not is_public:
            return 421, _(
                "unknown host name %(host)s: use the address that the server printed at start", host=repr(host)
            )
        if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
            return 403, _("this form answers its own pages only")
        origin = headers.get("origin")
        is_own = origin is None or _host_of(origin) == host or (self._public and origin == self._public.origin)
        if method not in _SAFE_METHODS and not is_own:
            return 403, _("this form answers its own pages only")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > max_bytes:
            return 413, _("more than %(max_bytes)s bytes", max_bytes=f"{max_bytes:,}")
        return None


def _host_name(host: str) -> str:
    """Return the name without the port, of `[::1]:7860` or `localhost:7860`."""
    return re.sub(r":\d*$", "", host).lower().strip("[]")


def _host_of(origin: str) -> str | None:
    """Return host and port of an origin; None where it is malformed."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
