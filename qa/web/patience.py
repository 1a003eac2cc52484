"""How long a client may take to say what it wants: one that sends its headers a byte at a time holds no place for long.

uvicorn waits for ever for the rest of a request's headers, and each connection that waits is a file descriptor, of
which a process has a thousand. What a request's body may take is the business of `guard`.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_WITHIN = 10.0
"""Seconds from a connection's, or a further request's, first byte to the end of its headers."""


class Patient(H11Protocol):
    """uvicorn's protocol, which hangs up on a client whose headers do not come to their end."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:  # the headers are whole, or wrong
            self._stop()
        elif self.timeout_keep_alive_task is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:  # the next request has begun already
            self._wait()

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEADERS_WITHIN, self._hang_up)

    def _stop(self) -> None:
        late, self._late = self._late, None
        if late is not None:
            late.cancel()

    def _hang_up(self, *_: Any) -> None:
        self._late = None
        self.transport.close()
