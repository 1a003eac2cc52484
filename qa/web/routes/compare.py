"""The page of comparisons, which the form includes in its tab: the forms, and the result below them.

Comparing takes seconds for large editions, so its concurrency is limited separately from questions.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from corpus.translation import gettext as _
from qa.api.concurrency import ConcurrencyLimit
from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.errors import Busy, QuestionError
from qa.output.json_objects import Json
from qa.question.corpus_facts import CorpusFacts
from qa.web.render.comparison import forms_html
from qa.web.render.page import message, result_page
from qa.web.urls import ComparisonRequest, parse_comparison_url
from qa.web.workers.pool import TaskRunner, run_to_completion
from qa.web.workers.tasks import compare_request


def add_compare_pages(app: FastAPI, loader: LibraryLoader, runner: TaskRunner, task_limit: ConcurrencyLimit) -> None:
    """Add the routes to the application; `task_limit` limits how many comparisons and checks run at once."""

    async def queued(call: Callable[[], Response]) -> Response:
        try:
            return await task_limit(call)
        except Busy as error:
            return HTMLResponse(
                result_page(_("Compare"), Markup(), message(str(error))), 503, headers={"retry-after": "5"}
            )

    @app.get("/compare")
    async def compare(request: Request) -> Response:
        comparison = parse_comparison_url(request.query_params)
        task = compare_request(comparison) if comparison.is_asked else None
        return await queued(lambda: _response(loader, runner, task, comparison))


def _response(loader: LibraryLoader, runner: TaskRunner, task: Json | None, request: ComparisonRequest) -> HTMLResponse:
    corpus_facts = CorpusFacts(())
    try:
        corpus_facts = loader.library().corpus_facts
        body = Markup(run_to_completion(runner, task)["html"]) if task is not None else Markup()  # noqa: S704 - rendered by a worker
    except QuestionError as error:  # the form is shown again with the message
        body = message(str(error))
    except USER_ERRORS as error:
        return HTMLResponse(result_page(_("Compare"), Markup(), message(str(error))), 404)
    return HTMLResponse(result_page(_("Compare"), forms_html(corpus_facts, request), body))
