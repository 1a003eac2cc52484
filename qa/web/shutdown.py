"""What pages that wait for an answer are told when the server stops, in the place of Gradio's words for it."""

from __future__ import annotations

import asyncio
from typing import Any

import gradio as gr
from gradio.server_messages import UnexpectedErrorMessage

CLOSED = "The form is being closed."

WITHIN = 0.05
"""Seconds until what was put into a stream has been sent, if its reader keeps up."""


async def notify_pending_clients(blocks: gr.Blocks) -> None:
    """Tell all who wait that there will be no answer; afterwards their streams may be ended."""
    queue: Any = blocks._queue  # noqa: SLF001 - there is no other way to it
    for messages in list(queue.pending_messages_per_session.values()):
        messages.put_nowait(UnexpectedErrorMessage(message=CLOSED))
    await asyncio.sleep(WITHIN)
