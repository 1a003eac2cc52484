"""Pages with a form and its result, which tabs include, and error responses for programs and browsers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from markupsafe import Markup

from qa.api.concurrency import ConcurrencyLimit
from qa.api.library_loader import USER_ERRORS
from qa.errors import Busy, QuestionError
from qa.output.json_objects import Json
from qa.web.render.page import message, page, result_page
from qa.web.workers.pool import TaskRunner, run_to_completion

Result = TypeVar("Result")


class LimitedTasks:
    """Performs tasks and other long calls, with a limit on how many run at once."""

    def __init__(self, runner: TaskRunner, limit: ConcurrencyLimit) -> None:
        self._runner, self._limit = runner, limit

    async def perform(self, request: Json) -> Json:
        """Return the result of a task of `qa.web.workers.tasks`. Raises Busy, and what the task raises."""
        return await self._limit(lambda: run_to_completion(self._runner, request))

    async def call(self, call: Callable[[], Result]) -> Result:
        """Return the result of a call. Raises Busy, and what the call raises."""
        return await self._limit(call)


async def result_response(
    title: str, form: Callable[[], Markup], result: Callable[[], Awaitable[str]] | None = None
) -> HTMLResponse:
    """Return a form with its result as HTML, or with the message of the error that was raised.

    What the user can mend is no error of HTTP. `form` is called last.
    """
    body, status, headers = Markup(), 200, dict[str, str]()
    try:
        if result is not None:
            body = Markup(await result())  # noqa: S704 - rendered by a worker
    except USER_ERRORS as error:
        body = message(str(error))
        status, headers = error_status(error)
    return HTMLResponse(result_page(title, form(), body), 200 if status == 400 else status, headers)


async def report_response(title: str, name: str, result: Callable[[], Awaitable[str]]) -> HTMLResponse:
    """Return a report to be saved, or a page with the message of the error."""
    try:
        return HTMLResponse(await result(), headers=attachment(name))
    except USER_ERRORS as error:
        status, headers = error_status(error)
        return HTMLResponse(page(title, message(str(error))), 200 if status == 400 else status, headers)


def error_status(error: Exception) -> tuple[int, dict[str, str]]:
    """Return the HTTP status of one of `USER_ERRORS`, and its headers."""
    if isinstance(error, Busy):
        return 503, {"retry-after": "5"}
    return (400 if isinstance(error, QuestionError) else 404), {}


def add_error_answers(app: FastAPI) -> None:
    """Let the application answer `USER_ERRORS` with their message as text; `BrowserErrorPages` makes a page of it."""

    def answer(_request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse(str(error), *error_status(error))

    for kind in USER_ERRORS:
        app.add_exception_handler(kind, answer)


def attachment(name: str) -> dict[str, str]:
    """Return the headers of a file to be saved."""
    return {"content-disposition": f'attachment; filename="{name}"'}
