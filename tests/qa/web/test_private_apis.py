"""The undocumented parts of Gradio, uvicorn and h11 that the form uses are there in the installed versions."""

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

from qa.web.private_apis import PRIVATE_APIS
from tests.paths import ROOT


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
