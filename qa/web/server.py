"""How long a client may take to say what it wants, and how many may be connected: who holds places stops nobody else.

uvicorn waits for ever for the rest of a request's headers, and each connection that waits is a file descriptor, of
which a process often has a thousand. Where they were used up, the index could not be read any more, and each attempt to
accept a connection was a line in the log: 170,000 in 15 seconds. What a request's body may take is the business of
`guard`.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import suppress
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_WITHIN = 10.0
"""Seconds from a connection's, or a further request's, first byte to the end of its headers."""

DESCRIPTORS = 65_536
"""As many as are asked of the system, where it gives them."""

ACCEPTED = 16
"""Connections that are accepted before any of them is handed over; some rounds of that go by until one is closed."""

WAITING = 2048
"""Connections that the system holds until they are accepted."""

KEPT = 128 + 8 * ACCEPTED
"""Descriptors for those rounds, and for the files of the index, the processes that answer, and what is written."""

TOLD = 32
"""Of the connections so many are for those that are told that there are too many."""


def max_connections() -> int | None:
    """How many clients are served at once, with as many descriptors as this process gets; None: no limit known."""
    if sys.platform == "win32":
        return None
    import resource

    mine, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if most == resource.RLIM_INFINITY else min(most, DESCRIPTORS)
    if mine < wanted:
        with suppress(ValueError, OSError):  # macOS states a limit that it does not give
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
            mine = wanted
    return max(mine - KEPT - TOLD, mine // 2)


class Patient(H11Protocol):
    """uvicorn's protocol, which hangs up on a client whose headers do not come to their end, and where too many are."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.limit_concurrency is not None and len(self.connections) > self.limit_concurrency + TOLD:
            transport.abort()
        else:
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


class LimitedServer(uvicorn.Server):
    """uvicorn's server, with that protocol and those limits."""

    def __init__(self, config: uvicorn.Config) -> None:
        config.http, config.limit_concurrency, config.backlog = Patient, max_connections(), ACCEPTED
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(WAITING)  # asyncio's number of those that it accepts at once is also how many may wait
