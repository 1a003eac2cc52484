"""The Gradio application: its endpoints for programs, and its page in several languages.

The named endpoints take and return JSON and answer in English; nothing else of the form can be called.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.data_classes import BlocksConfigDict
from gradio.events import api

from corpus.processes import Json
from corpus.translation import SOURCE_LANGUAGE, current_language, use_language
from corpus.translation import gettext as _
from qa.api.service import Arguments, LibraryService
from qa.errors import USER_ERRORS
from qa.web.languages import requested_language
from qa.web.workers.pool import Answerer, TaskRunner, run_to_completion
from qa.web.workers.tasks import ask_request, service_request

Result = TypeVar("Result")
ENDPOINTS = ("ask", "documents", "section", "evaluate", "compare", "check")
"""Methods of `LibraryService` that can be called."""

_CONCURRENCY: Mapping[str, int | None] = {"ask": None, "evaluate": 1, "check": 1}
"""Calls of an endpoint that run at once, where that is not Gradio's default; None: the answerer limits them."""


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
