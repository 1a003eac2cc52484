"""Add security headers to every response: what a page may load, and who may show it in a frame."""

from __future__ import annotations

import re
import secrets

from starlette.types import Message, Send

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


async def refuse(send: Send, status: int, reason: str) -> None:
    """Send a status and a line of text; a 401 asks for name and password."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS.items()]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="Yearbook QA", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})
