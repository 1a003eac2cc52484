"""What Gradio leaves open where it is mounted in another application, closed. Found by asking as no page would.

A program may send Gradio the name of a file in the place of an upload. Whether it was uploaded is looked at only where
`has_launched` is set, which `launch` does and mounting does not: without this, whoever reached the form could have any
file of this machine read to them as a list of questions. Pictures in SVG are held to be the application's own until
`is_running` is set. And an address in the place of a file is fetched by the server, which is to fetch nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NoReturn

import gradio as gr
from fastapi import FastAPI
from gradio import processing_utils
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

_OPEN = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json|/pwa_icon(/\d+)?|/(assets|static|svelte)/.*"
    r"|/gradio_api/(info/?|app_id/?|startup-events|theme\.css|upload|upload_progress|file=(?![\w+.-]{2,}:).*|heartbeat/[^/]+"
    r"|queue/(join/?|data|status)|cancel|reset/?)"
)


def close(blocks: gr.Blocks) -> None:
    """Let events take files only that were uploaded, and fetch nothing from anywhere."""
    blocks.has_launched = True
    blocks.is_running = True
    processing_utils.async_ssrf_protected_get = _refused


def narrow(app: FastAPI, endpoints: Iterable[str]) -> None:
    """Of the form that was mounted last, let only those paths be reached that are used, and these named endpoints."""
    mounted = app.router.routes[-1]
    if not isinstance(mounted, Mount):
        raise TypeError(f"{mounted} is no mounted form")
    mounted.app = _Narrow(mounted.app, re.compile(rf"/gradio_api/call/({'|'.join(endpoints)})(/[\w-]+)?/?"))


class _Narrow:
    """The form behind the paths that are open."""

    def __init__(self, app: ASGIApp, calls: re.Pattern[str]) -> None:
        self._app = app
        self._calls = calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        if scope["type"] == "http" and not _OPEN.fullmatch(path) and not self._calls.fullmatch(path):
            await PlainTextResponse("no such page", 404)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except RuntimeError as error:
            # who asks for the answer of a call that is not (or no longer) known: Gradio says so in its stream, and then
            # breaks off with a traceback
            if not isinstance(error.__cause__, HTTPException) or error.__cause__.status_code != 404:
                raise
            await send({"type": "http.response.body", "body": b""})


async def _refused(url: str) -> NoReturn:
    raise gr.Error(f"{url[:200]}: a file is taken that is sent, not one at an address", print_exception=False)
