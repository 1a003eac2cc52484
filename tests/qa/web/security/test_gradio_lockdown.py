"""Unread answers are evicted from Gradio's queue; others are not."""

from __future__ import annotations

import asyncio

import gradio as gr
from gradio.server_messages import EstimationMessage, ProcessCompletedMessage

from qa.web.security.gradio_lockdown import QueueEviction


def test_an_answer_unread_at_two_checks_is_evicted() -> None:
    asyncio.run(check_twice())  # without a running event loop Gradio makes one and leaves it open


async def check_twice() -> None:
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.Textbox()
    queue = blocks._queue
    messages, events = queue.pending_messages_per_session, queue.pending_event_ids_session

    def enqueue(session: str, *, complete: bool) -> None:
        session_messages = messages.setdefault(session, asyncio.Queue())
        events.setdefault(session, set()).add(str(session_messages.qsize()))
        done = ProcessCompletedMessage(output={"data": ["x"]}, success=True)
        session_messages.put_nowait(done if complete else EstimationMessage(queue_size=1))

    eviction = QueueEviction(blocks)
    enqueue("left", complete=True)
    enqueue("asking", complete=False)
    enqueue("reading", complete=True)
    messages["empty"] = asyncio.Queue()
    events["evicted"] = {"1"}  # Gradio evicts the messages of a session, but not this
    eviction.evict()
    assert set(messages) == {"left", "asking", "reading", "empty"}
    assert set(events) == {"left", "asking", "reading"}
    enqueue("reading", complete=True)
    eviction.evict()
    assert set(messages) == {"asking", "reading", "empty"}
    assert set(events) == {"asking", "reading"}
