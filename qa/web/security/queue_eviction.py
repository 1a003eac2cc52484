"""Evict answers that no client reads: Gradio keeps those of two thousand clients, however large they are.

A thousand answers of the endpoint `evaluate` are some 20 MB. A client that listens reads each message at once, so a
complete answer that is still there at the next check will never be read.
"""

from __future__ import annotations

import asyncio
from typing import Any

import gradio as gr

INTERVAL = 60.0
"""Seconds between two checks; an unread answer is kept for one to two intervals."""


class QueueEviction:
    """Checks the queue of a Gradio application."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self._queue: Any = blocks._queue  # noqa: SLF001 - see qa.web.private_apis
        self._unread: dict[str, tuple[int, int]] = {}

    async def run(self) -> None:
        """Check at intervals until cancelled."""
        while True:
            await asyncio.sleep(INTERVAL)
            self.evict()

    def evict(self) -> None:
        """Remove complete answers that have not been read since the last call."""
        pending, events = self._queue.pending_messages_per_session, self._queue.pending_event_ids_session
        unread: dict[str, tuple[int, int]] = {}
        for session, messages in list(pending.items()):
            # see qa.web.private_apis
            if not messages.qsize() or messages._queue[-1].msg != "process_completed":  # noqa: SLF001
                continue
            state = id(messages), messages.qsize()
            if self._unread.get(session) == state:
                pending.pop(session, None)
                events.pop(session, None)
            else:
                unread[session] = state
        for session in [session for session in events if session not in pending]:
            del events[session]
        self._unread = unread
