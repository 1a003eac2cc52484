"""Answers that nobody came for do not lie in memory; those that are on their way do."""

from __future__ import annotations

import asyncio

import gradio as gr
from gradio.server_messages import EstimationMessage, ProcessCompletedMessage

from qa.web.security.queue_eviction import QueueEviction


def test_an_answer_that_lay_there_twice_is_forgotten_and_no_other() -> None:
    asyncio.run(look_twice())  # Gradio leaves an event loop open where none is running


async def look_twice() -> None:
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.Textbox()
    queue = blocks._queue
    messages, events = queue.pending_messages_per_session, queue.pending_event_ids_session

    def lay(session: str, *, whole: bool) -> None:
        lying = messages.setdefault(session, asyncio.Queue())
        events.setdefault(session, set()).add(str(lying.qsize()))
        done = ProcessCompletedMessage(output={"data": ["x"]}, success=True)
        lying.put_nowait(done if whole else EstimationMessage(queue_size=1))

    forgotten = QueueEviction(blocks)
    lay("left", whole=True)
    lay("asking", whole=False)
    lay("reading", whole=True)
    messages["empty"] = asyncio.Queue()
    events["evicted"] = {"1"}  # Gradio itself forgets its messages, not this
    forgotten.evict()
    assert set(messages) == {"left", "asking", "reading", "empty"}
    assert set(events) == {"left", "asking", "reading"}
    lay("reading", whole=True)
    forgotten.evict()
    assert set(messages) == {"asking", "reading", "empty"}
    assert set(events) == {"asking", "reading"}
