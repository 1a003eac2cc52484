"""Calls an ASGI application without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Scope


def messages_from(
    app: ASGIApp, scope: Scope | None = None, parts: Sequence[bytes] = (b"",), *, stays: bool = False
) -> list[Message]:
    """Return what an application sends to a client whose request has these parts; it may stay connected after them."""
    sent: list[Message] = []
    incoming: list[Message] = [
        {"type": "http.request", "body": part, "more_body": number < len(parts)} for number, part in enumerate(parts, 1)
    ]

    async def receive() -> Message:
        if stays and not incoming:
            await asyncio.Event().wait()
        return incoming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    request = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"localhost")]} | dict(scope or {})
    asyncio.run(app(request, receive, send))  # type: ignore[arg-type]
    return sent
