"""The Gradio application: its endpoints for programs, and its page in the language of each user.

The named endpoints take and return JSON and answer in English; nothing else of the form can be called. The language of
a page is what the user chose in it, or else what the browser prefers.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import gradio as gr
from fastapi import FastAPI
from gradio.block_function import BlockFunction
from gradio.data_classes import BlocksConfigDict
from gradio.events import api
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.processes import Json
from corpus.translation import LANGUAGES, SOURCE_LANGUAGE, current_language, use_language
from corpus.translation import gettext as _
from qa.api.arguments import Arguments
from qa.api.library_loader import USER_ERRORS
from qa.api.service import LibraryService
from qa.web.workers.pool import Answerer, TaskRunner, run_to_completion
from qa.web.workers.tasks import ask_request, service_request

Result = TypeVar("Result")
ENDPOINTS = ("ask", "documents", "section", "evaluate", "compare", "check")
"""Methods of `LibraryService` that can be called."""

_CONCURRENCY: Mapping[str, int | None] = {"ask": None, "evaluate": 1, "check": 1}
"""Calls of an endpoint that run at once, where that is not Gradio's default; None: the answerer limits them."""

LANGUAGE_COOKIE = "yq-language"
"""Cookie with the code of the language that the user chose; the page's script sets it."""


def add_endpoints(service: LibraryService, answers: Answerer, runner: TaskRunner) -> None:
    """Add the endpoints to the page that is being laid out: methods of the service, the slow ones run as tasks."""

    async def ask(**arguments: object) -> Json:
        return await answers(ask_request(**arguments))

    def task(name: str) -> Callable[..., Json]:
        return lambda **arguments: run_to_completion(runner, service_request(name, **arguments))

    calls: dict[str, Callable[..., Any]] = {"ask": ask, "documents": service.documents, "section": service.section}
    for name in ENDPOINTS:
        endpoint = _endpoint(getattr(service, name), calls.get(name) or task(name))
        api(endpoint, api_name=name, concurrency_limit=_CONCURRENCY.get(name, "default"))


class TranslatedPage(gr.Blocks):
    """A page in several languages, whose endpoints accept fewer values than they have parameters.

    Gradio itself raises a traceback for too few values, as `gradio_client` may send, and ignores surplus ones.
    """

    _translated: Callable[[str], BlocksConfigDict] | None = None

    @property
    def config(self) -> BlocksConfigDict:
        """The configuration of the page for the browser, in the language of the request."""
        language = current_language()
        if self._translated is None or language == SOURCE_LANGUAGE:
            return self._config
        return self._translated(language)

    @config.setter
    def config(self, config: BlocksConfigDict) -> None:
        self._config = config

    def translate_by(self, lay_out: Callable[[], TranslatedPage], head: Callable[[], str]) -> None:
        """Lay out the same page, with its HTML head, in another language when that is first requested."""

        def translated(language: str) -> BlocksConfigDict:
            with use_language(language):
                page = lay_out()
                components = [
                    component | {"props": other["props"]}
                    for component, other in zip(self._config["components"], page.config["components"], strict=True)
                ]
                return {**self._config, "components": components, "head": head()}

        self._translated = functools.cache(lambda language: with_event_loop(partial(translated, language)))

    async def process_api(  # type: ignore[override] # other arguments are passed on by name
        self, block_fn: BlockFunction | int, inputs: list[Any], state: Any = None, request: Any = None, **options: Any
    ) -> dict[str, Any]:
        """Run an event of the form in the language of its request; the named endpoints answer in English.

        Gradio runs events in separate tasks, which do not have the context of the request.
        """
        function = self.fns[block_fn] if isinstance(block_fn, int) else block_fn
        is_program = function.api_name in ENDPOINTS or not isinstance(request, gr.Request)
        with use_language(SOURCE_LANGUAGE if is_program else requested_language(request.headers)):
            return await super().process_api(block_fn, inputs, state, request, **options)

    async def preprocess_data(
        self, block_fn: BlockFunction, inputs: list[Any], state: Any, explicit_call: bool = False
    ) -> list[Any]:
        """Turn the values that a client sent into those of its fields.

        Raises:
            gr.Error: A value does not fit its field; without a traceback in the server's log.
        """
        try:
            values: list[Any] = await super().preprocess_data(block_fn, inputs, state, explicit_call)
        except gr.Error as error:
            error.print_exception = False
            raise
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            message = _("The page sent a value that does not fit: please reload the page.")
            raise gr.Error(message, print_exception=False) from error
        return values

    def validate_inputs(self, block_fn: BlockFunction, inputs: list[Any]) -> None:
        """Append the defaults of missing values to `inputs`, in place.

        Raises:
            gr.Error: There are too many or too few values.
        """
        count = len(block_fn.inputs)
        if len(inputs) != count and block_fn.api_name in ENDPOINTS and block_fn.fn is not None:
            with _as_gradio_errors():
                inputs.extend(_arguments(inspect.unwrap(block_fn.fn)).defaults_after(inputs))
        if len(inputs) != count:
            raise gr.Error(f"{len(inputs)} values were sent: the endpoint takes {count}", print_exception=False)


def with_event_loop(call: Callable[[], Result]) -> Result:
    """Call in a thread with an event loop: without one, Gradio makes one for each of its locks and leaves it open."""

    async def called() -> Result:
        return call()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, called()).result()


@functools.cache
def _arguments(function: Callable[..., Any]) -> Arguments:
    return Arguments(function)


def _endpoint(method: Callable[..., Any], call: Callable[..., Any]) -> Callable[..., Any]:
    """Return an endpoint with the arguments of a method: it validates them and passes them by name to `call`.

    Errors of the caller are reported without a traceback.
    """
    arguments = _arguments(method)

    if inspect.iscoroutinefunction(call):

        @functools.wraps(method)
        async def async_endpoint(*values: object) -> Json:
            with _as_gradio_errors():
                result: Json = await call(**arguments.read(*values))
                return result

        return async_endpoint

    @functools.wraps(method)
    def endpoint(*values: object) -> Json:
        with _as_gradio_errors():
            result: Json = call(**arguments.read(*values))
            return result

    return endpoint


@contextmanager
def _as_gradio_errors() -> Iterator[None]:
    """Raise errors of the caller as gr.Error, without a traceback."""
    try:
        yield
    except USER_ERRORS as error:
        raise gr.Error(str(error), print_exception=False) from error


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
