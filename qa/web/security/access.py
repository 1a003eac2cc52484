"""Decide who may use the form, and add security headers: an ASGI layer in front of the application.

A page of another site must not reach the form through the user's browser: the `Host` header must name this machine
(DNS rebinding), and requests that change something must come from the form's own pages (`Origin`).

Names and passwords are verified against a file of lines `name:hash`, hashed with scrypt (RFC 7914).

Headers of every response say what a page may load, and who may show it in a frame.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import math
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import anyio
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.translation import gettext as _
from corpus.translation import gettext_noop
from qa import limits
from qa.api.concurrency import ConcurrencyLimit
from qa.errors import Busy, PasswordFileError
from qa.web.security.request_limits import LimitedReceive, RequestRefused, UploadFolder, UploadRules
from qa.web.urls import PublicUrl

_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_MEMORY = 64 * 1024 * 1024
_BASE64 = r"((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)"
_HASH = re.compile(rf"scrypt\$(\d{{1,7}})\$([1-9]\d?)\$([1-9]\d?)\${_BASE64}\${_BASE64}", re.ASCII)


MAX_GUESSES = 10
"""Wrong passwords for a name from an address before further ones are refused without being verified."""

GUESS_SECONDS = 300.0
"""Seconds after which they are forgotten: an attacker has 2,880 guesses a day, who mistypes waits for minutes."""

_MAX_GUESSING = 10_000
"""Names and addresses that are remembered; the oldest are dropped."""


class Guesses:
    """The wrong passwords that were tried for each name from each address, as hashes, in a bounded table."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tried: OrderedDict[tuple[str, str], tuple[float, set[bytes]]] = OrderedDict()
        """When the first was tried, and all of them."""

    def seconds_to_wait(self, who: tuple[str, str], guess: bytes) -> int:
        """Note a password as wrong, unless `forget` follows; return after how many seconds it may be tried, 0 for now.

        The same password again is no further guess: a browser sends it with each file of a page.
        """
        now = self._clock()
        since, guesses = self._tried.get(who, (now, set()))
        if now >= since + GUESS_SECONDS:
            since, guesses = now, set()
        if guess not in guesses and len(guesses) >= MAX_GUESSES:
            return math.ceil(since + GUESS_SECONDS - now)
        self._tried[who] = since, guesses | {guess}
        while len(self._tried) > _MAX_GUESSING:
            self._tried.popitem(last=False)
        return 0

    def forget(self, who: tuple[str, str]) -> None:
        """Forget what was tried: a password was right."""
        self._tried.pop(who, None)


def hash_password(password: str) -> str:
    """Return the hash for the file: `scrypt$cost$block$parallel$salt$hash`, with a new salt."""
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, _COST, _BLOCK, _PARALLEL)
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${_text(salt)}${_text(digest)}"


def verify_password(password: str, hashed: str) -> bool:
    """Return whether a hash was made of this password."""
    _, cost, block, parallel, salt, digest = hashed.split("$")
    computed = _scrypt(password, base64.b64decode(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(computed, base64.b64decode(digest))


def read_passwords(file: Path) -> dict[str, str]:
    """Return the hashes by name. Raises PasswordFileError, also for a file without names."""
    hashes: dict[str, str] = {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PasswordFileError(f"{file}: cannot be read ({error})") from error
    for number, line in enumerate(lines, 1):
        name, colon, hashed = line.strip().partition(":")
        if not name and not colon:
            continue
        if not name or not _is_hash(hashed):
            raise PasswordFileError(f"{file}, line {number}: must be name:hash, as yearbook-qa hash-password prints it")
        hashes[name] = hashed
    if not hashes:
        raise PasswordFileError(f"{file}: no name in it; add a line made by yearbook-qa hash-password")
    return hashes


def _is_hash(hashed: str) -> bool:
    """Return whether `verify` can use a hash, with the memory that it allows."""
    match = _HASH.fullmatch(hashed)
    if match is None:
        return False
    cost, block, parallel = int(match[1]), int(match[2]), int(match[3])
    return cost > 1 and cost & (cost - 1) == 0 and 128 * block * (cost + parallel) < _MEMORY


def password_checker(users: Mapping[str, str]) -> Callable[[str], bool]:
    """Return a function that verifies an `Authorization` header; it takes as long as the hash does, by design."""
    unknown_user = hash_password(secrets.token_hex(16))

    def accepts(header: str) -> bool:
        credentials = parse_credentials(header)
        if credentials is None:
            return False
        name, password = credentials
        # verified for an unknown name, too, so that it takes as long as a wrong password
        return verify_password(password, users.get(name, unknown_user)) and name in users

    return accepts


def parse_credentials(header: str) -> tuple[str, str] | None:
    """Return name and password of an `Authorization` header, None for another scheme or a malformed one."""
    scheme, _, value = header.partition(" ")
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (name, password) if scheme.lower() == "basic" and colon else None


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=_MEMORY, dklen=32)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


MAX_WAITING_PASSWORDS = 100
"""Passwords that wait to be verified; further ones are refused."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_POLICY = (
    "default-src 'none'; script-src 'self'{nonce}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'self'; "
    "frame-ancestors 'none'"
)
"""Gradio sets style attributes (hence 'unsafe-inline') and has inline scripts, which get the nonce."""

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}


class HeaderSend:
    """An ASGI `send` that adds the headers, and a nonce to the scripts of a page.

    With `secure_cookies` browsers send cookies back by HTTPS only.
    """

    def __init__(self, send: Send, *, secure_cookies: bool = False) -> None:
        self._send = send
        self._secure_cookies = secure_cookies
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
                *(self._secure(*pair) for pair in message["headers"] if pair[0].lower() not in ours),
                *ours.items(),
            ]
            if is_page:
                self._page = message
                return
        elif self._page is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            # texts are escaped in a page ("&lt;", "\u003c"), so every "<script" is the form's own
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

    def _secure(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        is_open = name.lower() == b"set-cookie" and not re.search(rb";\s*secure\s*(;|$)", value, re.IGNORECASE)
        return name, value + b"; Secure" if is_open and self._secure_cookies else value

    async def finish(self) -> None:
        """End a response that has begun and is not complete."""
        if self.is_open:
            await self({"type": "http.response.body", "body": b""})


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
            await _refuse(send, *refusal)
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
            await _refuse(send, refused.status, str(refused))
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
            await _refuse(send, receive.refusal.status, str(receive.refusal))
        elif self._closing.is_set():
            if response.has_begun:
                await response.finish()
            else:
                await _refuse(send, 503, _("the form is being closed"))

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


async def _refuse(send: Send, status: int, reason: str) -> None:
    """Send a status and a line of text; a 401 asks for name and password."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS.items()]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="Yearbook QA", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})


def _host_name(host: str) -> str:
    """Return the name without the port, of `[::1]:7860` or `localhost:7860`."""
    return re.sub(r":\d*$", "", host).lower().strip("[]")


def _host_of(origin: str) -> str | None:
    """Return host and port of an origin; None where it is malformed."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
