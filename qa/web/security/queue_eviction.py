"""Answers that nobody came for, forgotten. Gradio keeps those of two thousand callers, however large they are.

A caller who asks and never reads the answer leaves it in Gradio's queue; a thousand questions' answers, by the endpoint
that evaluates, are some 20 MB. Who listens reads each message at once, so an answer that lay there twice lies for ever.
"""

from __future__ import annotations

import asyncio
from typing import Any

import gradio as gr

EVERY = 60.0
"""Seconds between two looks; an answer lies for one to two of them."""


class QueueEviction:
    """Looks after the queue of one page."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self._queue: Any = blocks._queue  # noqa: SLF001 - there is no other way to it
        self._seen: dict[str, tuple[int, int]] = {}

    async def run(self) -> None:
        """Look again and again, until it is cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            self.look()

    def look(self) -> None:
        """Forget what lay there the last time, too."""
        messages, events = self._queue.pending_messages_per_session, self._queue.pending_event_ids_session
        seen: dict[str, tuple[int, int]] = {}
        for session, lying in list(messages.items()):
            if not lying.qsize() or lying._queue[-1].msg != "process_completed":  # noqa: SLF001 - nothing, or not yet all
                continue
            state = id(lying), lying.qsize()
            if self._seen.get(session) == state:
                messages.pop(session, None)
                events.pop(session, None)
            else:
                seen[session] = state
        for session in [one for one in events if one not in messages]:
            del events[session]
        self._seen = seen
