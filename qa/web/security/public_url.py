"""The public address of a form behind a reverse proxy: its origin, and the path that precedes every other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import URL
from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """`https://host/path`: `origin` is `https://host`, `netloc` is `host` with its port, `path` is `/path` or empty."""

    origin: str
    netloc: str
    path: str

    def __str__(self) -> str:
        return f"{self.origin}{self.path}"

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by HTTPS."""
        return self.origin.startswith("https:")


def parse_public_url(text: str) -> PublicUrl:
    """Parse a public address.

    Raises:
        ValueError: It is not an http or https address, or has a user, a query or unusual characters.
    """
    parts = urlsplit(text.strip())
    path = parts.path.rstrip("/")
    if (
        parts.scheme not in {"http", "https"}
        or not re.fullmatch(r"([\w.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?", parts.netloc, re.ASCII)
        or not re.fullmatch(r"(/[\w.~-]+)*", path, re.ASCII)
        or parts.query
        or parts.fragment
    ):
        raise ValueError(f"{text[:200]!r} is not a public address: write it like https://docs.example.org/yearbooks")
    netloc = parts.netloc.lower()
    default_port = ":443" if parts.scheme == "https" else ":80"
    netloc = netloc.removesuffix(default_port)  # as browsers write it
    return PublicUrl(f"{parts.scheme}://{netloc}", netloc, path)


class StripPath:
    """ASGI middleware for proxies that pass the whole path on: removes the public path from the front of it."""

    def __init__(self, app: ASGIApp, public: PublicUrl) -> None:
        self._app = app
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; without its last slash the public address redirects to itself with one."""
        prefix = self._public.path
        if prefix and scope["type"] == "http":
            path, raw_path = str(scope["path"]), scope.get("raw_path") or str(scope["path"]).encode()
            if path == prefix:
                query = URL(scope=scope).query
                await _redirect(send, f"{self._public}/{f'?{query}' if query else ''}")
                return
            if path.startswith(f"{prefix}/") and raw_path.startswith(f"{prefix}/".encode()):
                scope = {**scope, "path": path[len(prefix) :], "raw_path": raw_path[len(prefix) :]}
        await self._app(scope, receive, send)


async def _redirect(send: Send, url: str) -> None:
    headers = [(b"location", url.encode("latin-1")), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
