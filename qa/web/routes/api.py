"""The named endpoints of the Gradio API for programs: JSON in and out. Nothing else of the form can be called."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.data_classes import BlocksConfigDict
from gradio.events import api

from corpus.translation import SOURCE_LANGUAGE, current_language, use_language
from corpus.translation import gettext as _
from qa.answering.library import DEFAULT_K
from qa.api.arguments import (
    Arguments,
    Count,
    Covers,
    Draft,
    Edition,
    First,
    Heading,
    Ids,
    Measures,
    Most,
    PassageId,
    Question,
    Questions,
    Series,
    Topic,
    Years,
)
from qa.api.library_loader import USER_ERRORS
from qa.api.service import LibraryService
from qa.output.schema import DocumentsJson, SectionJson
from qa.web.languages import requested_language
from qa.web.workers import tasks
from qa.web.workers.pool import Answerer, TaskRunner, run_to_completion
from qa.web.workers.tasks import ask_request

Json = dict[str, Any]
Result = TypeVar("Result")
ENDPOINTS = ("ask", "documents", "section", "evaluate", "compare", "check")


def add_endpoints(programs: LibraryService, answers: Answerer, runner: TaskRunner) -> None:
    """Add the endpoints to the page that is being laid out."""

    async def ask(
        question: Question,
        k: Count = DEFAULT_K,
        series: Series = None,
        edition: Edition = None,
        covers: Covers = None,
        document: Ids = None,
    ) -> Json:
        """Answer a question with verbatim, cited sentences and the k (1 to 100) passages they come from.

        Filters exclude; edition and covers are years ("2016") or ranges ("2014..2020"). The result is the object that
        `yearbook-qa ask --format json` prints.
        """
        filters = {"series": series, "edition": edition, "covers": covers, "document": document}
        return await answers(ask_request(question=question, k=k, **filters))

    def documents(
        series: Series = None,
        edition: Edition = None,
        covers: Covers = None,
        document: Ids = None,
        first: First = 0,
        most: Most = 100,
    ) -> DocumentsJson:
        """List the documents that the filters keep, with their metadata and the origin of each value.

        The list begins at number `first` (from 0) and holds `most` (1 to 500); `total` says how many there are.
        """
        return programs.documents(series, edition, covers, document, first, most)

    def section(passage: PassageId) -> SectionJson:
        """Give a passage, or any stretch DOCUMENT@START-END, with its citation and the section around it.

        The result is the object that `yearbook-qa show --context section --format json` prints; of a long section it
        holds 20,000 characters on each side of the stretch.
        """
        return programs.section(passage)

    def compare(
        topic: Topic = "",
        editions: Years = None,
        section: Heading = None,
        series: Series = None,
        document: Ids = None,
    ) -> Json:
        """Compare what each edition says of a topic; without a topic, how the sections of whole editions correspond.

        `editions` are years, of which whole editions need two or more; `section` keeps those under a heading with these
        words. The result is the object that `yearbook-qa compare --format json` prints.
        """
        return run_to_completion(runner, tasks.service_request("compare", topic, editions, section, series, document))

    def check(
        draft: Draft, series: Series = None, edition: Edition = None, covers: Covers = None, document: Ids = None
    ) -> Json:
        """Find every quotation of a draft (up to 100,000 characters): verbatim, altered or not found.

        The result is the object that `yearbook-qa check --format json` prints.
        """
        return run_to_completion(runner, tasks.service_request("check", draft, series, edition, covers, document))

    def evaluate(
        questions: Questions,
        k: Count = 10,
        series: Series = None,
        edition: Edition = None,
        covers: Covers = None,
        document: Ids = None,
        measures: Measures = None,
    ) -> Json:
        """Answer a list of questions (up to 1,000), and measure the answers of those that are judged.

        A question is an object with `question`, perhaps `id`, `type`, `filters`, and what answers it: `evidence`, a
        list of {"doc": document id, "quote": verbatim words}, empty where nothing does. `answers` and `metrics` of the
        result are what `yearbook-qa evaluate` writes to answers.jsonl and metrics.json.
        """
        task = tasks.service_request("evaluate", questions, k, series, edition, covers, document, measures)
        return run_to_completion(runner, task)

    api(_endpoint(ask), api_name="ask", concurrency_limit=None)
    api(_endpoint(documents), api_name="documents")
    api(_endpoint(section), api_name="section")
    api(_endpoint(evaluate), api_name="evaluate", concurrency_limit=1)
    api(_endpoint(compare), api_name="compare")
    api(_endpoint(check), api_name="check", concurrency_limit=1)


class Page(gr.Blocks):
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

    def translate_by(self, lay_out: Callable[[], Page], head: Callable[[], str]) -> None:
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
        except (ValueError, TypeError, LookupError, AttributeError) as error:
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


def _endpoint(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap an endpoint: validate its arguments, and report errors of the caller without a traceback."""
    arguments = _arguments(function)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def async_endpoint(*values: object) -> Json:
            with _as_gradio_errors():
                result: Json = await function(**arguments.read(*values))
                return result

        return async_endpoint

    @functools.wraps(function)
    def endpoint(*values: object) -> Json:
        with _as_gradio_errors():
            result: Json = function(**arguments.read(*values))
            return result

    return endpoint


@contextmanager
def _as_gradio_errors() -> Iterator[None]:
    """Raise errors of the caller as gr.Error, without a traceback."""
    try:
        yield
    except USER_ERRORS as error:
        raise gr.Error(str(error), print_exception=False) from error
