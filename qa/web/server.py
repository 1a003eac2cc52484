"""The HTTP server: uvicorn with limits for slow and numerous clients, and an orderly end.

uvicorn waits without limit for the rest of a request's headers, and each waiting connection is a file descriptor, of
which a process often has a thousand. Where they ran out, the index could not be read any more, and each attempt to
accept a connection was a line in the log: 170,000 in 15 seconds. Limits of a request's body: `security.request_limits`.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

HEADER_TIMEOUT = 10.0
"""Seconds from the first byte of a request to the end of its headers."""

MAX_DESCRIPTORS = 65_536
"""File descriptors to ask the system for."""

ACCEPT_BACKLOG = 16
"""Connections that asyncio accepts in one go; some such rounds pass until one of them can be refused."""

LISTEN_BACKLOG = 2048
"""Connections that the system queues until they are accepted."""

RESERVED_DESCRIPTORS = 128 + 8 * ACCEPT_BACKLOG
"""Descriptors for those rounds, and for the files of the index, the child processes, and files being written."""

REFUSAL_CONNECTIONS = 32
"""Connections kept for the answer that there are too many."""

CLOSED_MESSAGE = "The form is being closed."

_FLUSH_TIME = 0.05
"""Seconds for a message to reach a client that reads its stream."""


def max_connections() -> int | None:
    """Raise this process's limit of file descriptors and return how many clients it can serve; None without limit."""
    if sys.platform == "win32":
        return None
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
    if soft < wanted:
        with suppress(ValueError, OSError):  # macOS states a limit that it does not grant
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return max(soft - RESERVED_DESCRIPTORS - REFUSAL_CONNECTIONS, soft // 2)


class HeaderTimeoutProtocol(H11Protocol):
    """uvicorn's protocol, which also closes connections whose headers do not end, or that are too many."""

    _timeout: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        limit = self.limit_concurrency
        if limit is not None and len(self.connections) > limit + REFUSAL_CONNECTIONS:
            transport.abort()
        else:
            self._start_timeout()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:  # the headers are complete, or wrong
            self._stop_timeout()
        elif self.timeout_keep_alive_task is None:
            self._start_timeout()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timeout()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:  # the next request has begun already
            self._start_timeout()

    def _start_timeout(self) -> None:
        if self._timeout is None:
            self._timeout = self.loop.call_later(HEADER_TIMEOUT, self._expire)

    def _stop_timeout(self) -> None:
        timeout, self._timeout = self._timeout, None
        if timeout is not None:
            timeout.cancel()

    def _expire(self) -> None:
        self._timeout = None
        self.transport.close()


class LimitedServer(uvicorn.Server):
    """uvicorn's server with `HeaderTimeoutProtocol` and the limits above."""

    def __init__(self, config: uvicorn.Config) -> None:
        config.http, config.limit_concurrency = HeaderTimeoutProtocol, max_connections()
        config.backlog = ACCEPT_BACKLOG
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(LISTEN_BACKLOG)  # asyncio also uses the number that it accepts in one go as the backlog


class Server(LimitedServer):
    """Serves the form: calls `started` when it listens, and lets open pages go when it stops."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, started: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self._app = app
        self._started = started
        self._background: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        state = self._app.state
        self._background = [
            asyncio.create_task(state.answerer.warm_up()),
            asyncio.create_task(state.queue_eviction.run()),
        ]
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        state = self._app.state
        try:
            await notify_pending_clients(state.blocks)
        finally:
            state.closing.set()
        await super().shutdown(sockets)
        for task in self._background:
            task.cancel()
        await asyncio.to_thread(state.answerer.close)
        await asyncio.to_thread(state.runner.close)


async def notify_pending_clients(blocks: gr.Blocks) -> None:
    """Notify every client that waits for an answer that the server closes; afterwards their streams may be ended."""
    from gradio.server_messages import UnexpectedErrorMessage  # late: gradio takes seconds to import

    queue: Any = blocks._queue  # noqa: SLF001 - see tests/qa/web/test_private_apis.py
    for messages in list(queue.pending_messages_per_session.values()):
        messages.put_nowait(UnexpectedErrorMessage(message=CLOSED_MESSAGE))
    await asyncio.sleep(_FLUSH_TIME)
