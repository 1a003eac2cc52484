"""The undocumented parts of Gradio, uvicorn and h11 that the form uses are there in the installed versions.

An upgrade that moves one of them is noticed. `PRIVATE_APIS` says for what each is needed.
"""

from __future__ import annotations

import asyncio
import re
from operator import attrgetter
from types import SimpleNamespace

import gradio as gr
import pytest
import uvicorn
from gradio import processing_utils, server_messages
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from tests.paths import ROOT

PRIVATE_APIS = {
    "blocks._queue.pending_messages_per_session": (
        "notify_pending_clients: Gradio has no way to tell waiting pages that the server closes; "
        "QueueEviction: it keeps answers that no client fetches"
    ),
    "blocks._queue.pending_event_ids_session": "QueueEviction: it keeps the event ids of sessions that it has evicted",
    "asyncio_queue._queue": "QueueEviction: asyncio.Queue shows its last message in no other way",
    "blocks.has_launched": "close_file_access: only then Gradio checks that a named file was uploaded",
    "blocks.is_running": "close_file_access: until then Gradio treats SVG files as the application's own",
    "blocks.max_threads": "app: by default 40 events, waiting ones included, run at once",
    "blocks.state_session_capacity": "app: by default the state of 10,000 sessions is kept",
    "blocks.validate_inputs": "routes.api: overridden to fill in default arguments and to name what is missing",
    "blocks.config": "routes.api: overridden, so that the page is in the language of the request",
    "blocks.process_api": "routes.api: overridden, so that an event runs in the language of its request",
    "blocks.preprocess_data": "routes.api: overridden to report values that do not fit without a traceback",
    "server_messages.UnexpectedErrorMessage": "notify_pending_clients: the message that a page shows as an error",
    "processing_utils.async_ssrf_protected_get": "close_file_access: the server must not fetch addresses",
    "h11_protocol.connections": "HeaderTimeoutProtocol: counts the open connections",
    "h11_protocol.limit_concurrency": "HeaderTimeoutProtocol: the limit that uvicorn was given",
    "h11_protocol.conn.their_state": "HeaderTimeoutProtocol: whether the headers are complete",
    "h11_protocol.conn.trailing_data": "HeaderTimeoutProtocol: whether the next request has begun",
    "h11_protocol.timeout_keep_alive_task": "HeaderTimeoutProtocol: whether uvicorn's own timeout is running",
    "h11_protocol.on_response_complete": "HeaderTimeoutProtocol: called when a connection becomes idle",
}
"""Reason by name; the first part of a name is an object that the fixture makes."""


@pytest.fixture(scope="module")
def objects() -> SimpleNamespace:
    async def make() -> SimpleNamespace:
        with gr.Blocks(analytics_enabled=False) as blocks:
            gr.Textbox()
        config = uvicorn.Config(lambda: None, lifespan="off")
        config.load()
        return SimpleNamespace(
            blocks=blocks,
            asyncio_queue=asyncio.Queue(),
            processing_utils=processing_utils,
            server_messages=server_messages,
            h11_protocol=H11Protocol(config, ServerState(), {}),
        )

    return asyncio.run(make())


@pytest.mark.parametrize("name", PRIVATE_APIS)
def test_a_private_api_exists_in_the_installed_version(objects: SimpleNamespace, name: str) -> None:
    attrgetter(name)(objects)


def test_every_access_to_a_private_attribute_is_listed() -> None:
    """What ruff is told to ignore in `qa/web` is listed with its reason."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "qa" / "web").rglob("*.py")))
    accessed = {
        name for line in source.splitlines() if "noqa: SLF001" in line for name in re.findall(r"\.(_[a-z]\w*)", line)
    }
    listed = {part for name in PRIVATE_APIS for part in name.split(".") if part.startswith("_")}
    assert accessed == listed
