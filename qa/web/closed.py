"""What Gradio leaves open where it is mounted in another application, closed. Found by asking as no page would.

A program may send Gradio the name of a file in the place of an upload. Whether it was uploaded is looked at only where
`has_launched` is set, which `launch` does and mounting does not: without this, whoever reached the form could have any
file of this machine read to them as a list of questions. Pictures in SVG are held to be the application's own until
`is_running` is set. And an address in the place of a file is fetched by the server, which is to fetch nothing.
"""

from __future__ import annotations

from typing import NoReturn

import gradio as gr
from gradio import processing_utils


def close(blocks: gr.Blocks) -> None:
    """Let events take files only that were uploaded, and fetch nothing from anywhere."""
    blocks.has_launched = True
    blocks.is_running = True
    processing_utils.async_ssrf_protected_get = _refused


async def _refused(url: str) -> NoReturn:
    raise gr.Error(f"{url[:200]}: a file is taken that is sent, not one at an address", print_exception=False)
