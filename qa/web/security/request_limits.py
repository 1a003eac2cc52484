"""What the form's application receives of a request: no more than it may have, and no longer than the server is open.

Knows nothing of who sends it, and of what is answered.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Message, Receive

from qa.web.security.uploads import RequestRefused, UploadChecker, UploadRules

PIECE_WITHIN = 30.0
"""Seconds that a sender may pause inside a body."""


class Receiving:
    """A `receive` that hangs up, as if the sender had: at the limit of a body of unstated length, at a file that is not
    taken (`refusal` says why), and when the server closes (`is_let_go`: the application is not heard any more).

    A stream asks before each of its messages whether its reader is still there, and cancels the question: it is always
    the same two tasks that are waited for. (Two new ones each time were a tenth of what a question cost the server.)
    """

    def __init__(
        self, receive: Receive, longest: int, closing: asyncio.Event, allowed: UploadRules | None, content_type: str
    ) -> None:
        self.refusal: RequestRefused | None = None
        self.is_let_go = False
        self._receive = receive
        self._longest = self._left = longest
        self._allowed, self._content_type = allowed, content_type
        self._judge: UploadChecker | None = None
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
            self.refusal = RequestRefused(408, f"nothing came for {PIECE_WITHIN:.0f} seconds")
            return {"type": "http.disconnect"}
        self._has_body = not message.get("more_body")
        try:
            self._check(message.get("body", b""))
        except RequestRefused as refusal:
            self.refusal = refusal
            return {"type": "http.disconnect"}
        return message

    def _check(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise RequestRefused(413, f"more than {self._longest:,} bytes")
        if self._allowed is not None:
            self._judge = self._judge or UploadChecker(self._content_type, self._allowed)
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
