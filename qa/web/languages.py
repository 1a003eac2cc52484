"""Answer each request in the language of its user: the one chosen in the form, or else what the browser prefers."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.translation import LANGUAGES, SOURCE_LANGUAGE, current_language, use_language

LANGUAGE_COOKIE = "yq-language"
"""Cookie with the code of the language that the user chose; the page's script sets it."""


def requested_language(headers: Mapping[str, str]) -> str:
    """Return the language that a request's headers ask for, by cookie or by `Accept-Language`."""
    chosen = cookie_parser(headers.get("cookie", "")).get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    weighted = [_parse_weight(entry) for entry in headers.get("accept-language", "").split(",")]
    preferred = sorted(weighted, key=lambda pair: -pair[1])  # stable: of equal weights the first
    return next((code for code, weight in preferred if code in LANGUAGES and weight > 0), SOURCE_LANGUAGE)


def _parse_weight(entry: str) -> tuple[str, float]:
    """Return the language and the weight of `ja-JP;q=0.8`."""
    tag, _separator, parameter = entry.partition(";")
    weight = parameter.strip().removeprefix("q=")
    return tag.strip().lower().partition("-")[0], float(weight) if weight.replace(".", "", 1).isdecimal() else 1.0


class UserLanguage:
    """ASGI middleware that answers each request in its user's language; programs (`/mcp`) are answered in English."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and say in the headers of a page that it depends on the language."""
        if scope["type"] != "http" or scope["path"] == "/mcp":
            await self._app(scope, receive, send)
            return
        language = requested_language(Headers(scope=scope))

        async def send_with_language(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["content-language"] = language
                    headers.add_vary_header("accept-language")
                    headers.add_vary_header("cookie")
            await send(message)

        with use_language(language):
            await self._app(scope, receive, send_with_language)


def localise_gradio(app: FastAPI) -> None:
    """Have the page of the Gradio application that was mounted last follow the language of the request."""
    mounted = app.router.routes[-1]
    if not isinstance(mounted, Mount):
        raise TypeError(f"{mounted} is not a mounted application")
    mounted.app = _GradioPageLanguage(mounted.app)


class _GradioPageLanguage:
    """Wraps the Gradio application: its page, and the texts of Gradio itself, follow the language of the request.

    Gradio takes its language from `navigator.language` alone, and sets the language of the page by it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and change the page, which is sent as a whole; its length is set by the outer layer."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        code = current_language()
        # without the link browsers ask for an icon outside of the path of a public address
        added = (
            f'<script>Object.defineProperty(navigator, "language", {{ value: {json.dumps(code)} }});</script>'
            '<link rel="icon" href="./favicon.ico">'
        )

        async def send_page(message: Message) -> None:
            if message["type"] == "http.response.body" and message.get("body"):
                body = message["body"].replace(b'lang="en"', f'lang="{code}"'.encode(), 1)
                message = {**message, "body": body.replace(b"<head>", f"<head>{added}".encode(), 1)}
            await send(message)

        await self._app(scope, receive, send_page)
