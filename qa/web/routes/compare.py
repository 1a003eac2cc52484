"""The page of comparisons, which the form includes in its tab: the forms, and the result below them.

Comparing and checking take seconds for large editions, so their concurrency is limited separately from questions.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import PurePath

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from qa import limits
from qa.api.concurrency import ConcurrencyLimit
from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.errors import Busy, QuestionError
from qa.output.json_objects import Json
from qa.question.corpus_facts import CorpusFacts
from qa.web.render.comparison import forms_html
from qa.web.render.page import message, page
from qa.web.urls import ComparisonRequest, parse_comparison_url
from qa.web.workers.pool import TaskRunner, run_to_completion
from qa.web.workers.tasks import check_request, compare_request

AT_ONCE = max(2, os.cpu_count() or 2)
LONGEST_SENT = 2**22
"""Bytes of a pasted draft as sent by the browser; a longer one is rejected without being read."""

WAITING = 20
"""Comparisons and checks that may queue; more are rejected with 503."""


def add_compare_pages(app: FastAPI, opening: LibraryLoader, bulk: TaskRunner) -> None:
    """Add the routes to the application."""
    door = ConcurrencyLimit(AT_ONCE, WAITING)

    async def queued(call: Callable[[], Response]) -> Response:
        try:
            return await door(call)
        except Busy as error:
            return HTMLResponse(_page(Markup(), message(str(error))), 503, headers={"retry-after": "5"})

    @app.get("/compare")
    async def compare(request: Request) -> Response:
        comparison = parse_comparison_url(request.query_params)
        task = compare_request(comparison) if comparison.is_asked else None
        return await queued(lambda: _response(opening, bulk, task, comparison))

    @app.post("/check")
    async def check(request: Request) -> Response:
        name, data, text = await _uploaded_draft(request)
        shown = text if len(text) <= limits.DRAFT.value else ""
        return await queued(
            lambda: _response(opening, bulk, check_request(name, data, text), ComparisonRequest(), shown)
        )


async def _uploaded_draft(request: Request) -> tuple[str, bytes, str]:
    """Return the name and bytes of the uploaded file, or the pasted text.

    Instead of a draft that is far too long a text just over the limit is returned, which the check rejects.
    """
    try:
        async with request.form(max_files=1, max_fields=2, max_part_size=LONGEST_SENT) as form:
            file, text = form.get("file"), form.get("draft")
            if isinstance(file, UploadFile) and file.filename:
                return PurePath(file.filename).name, await file.read(), ""
            return "", b"", text.replace("\r\n", "\n") if isinstance(text, str) else ""
    except HTTPException:
        return "", b"", "x" * (limits.DRAFT.value + 1)


def _response(
    opening: LibraryLoader, bulk: TaskRunner, task: Json | None, request: ComparisonRequest, draft: str | None = None
) -> HTMLResponse:
    corpus_facts = CorpusFacts(())
    try:
        corpus_facts = opening.library().corpus_facts
        body = Markup(run_to_completion(bulk, task)["html"]) if task is not None else Markup()  # noqa: S704 - rendered by a worker
    except QuestionError as error:  # the form is shown again with the message
        body = message(str(error))
    except USER_ERRORS as error:
        return HTMLResponse(_page(Markup(), message(str(error))), 404)
    return HTMLResponse(_page(forms_html(corpus_facts, request, draft=draft), body))


def _page(forms: Markup, result: Markup) -> Markup:
    body = Markup('<main class="yq-compare"><h1>Compare</h1>{}<section class="yq-compared">{}</section></main>')
    return page("Compare", body.format(forms, result))
