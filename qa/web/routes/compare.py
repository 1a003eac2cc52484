"""The page of comparisons, which the form also shows in its tab: forms, and below them what they ask for.

Comparing and checking take seconds where editions are large, so they run in threads of their own number: further ones
wait for their turn, and beyond `WAITING` are told that the form is busy.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import PurePath

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from qa import limits
from qa.api.concurrency import ConcurrencyLimit
from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.errors import Busy, QuestionError
from qa.output.json_objects import Json
from qa.question.corpus_facts import CorpusFacts
from qa.web.render.compare_form import forms_html
from qa.web.render.context import page
from qa.web.routes.comparison_request import Wanted, read
from qa.web.tabs import ask_handler
from qa.web.workers.pool import TaskRunner, run_to_completion
from qa.web.workers.tasks import check_request, compare_request

AT_ONCE = max(2, os.cpu_count() or 2)
LONGEST_SENT = 2**22
"""Bytes of a draft that is pasted, as a form sends it; what is longer is refused unread."""

WAITING = 20
"""Comparisons and checks that may wait for their turn."""


def add_compare_pages(app: FastAPI, opening: LibraryLoader, bulk: TaskRunner) -> None:
    """Add them to the application."""
    door = ConcurrencyLimit(AT_ONCE, WAITING)

    async def turn(call: Callable[[], Response]) -> Response:
        try:
            return await door(call)
        except Busy as error:
            return HTMLResponse(_page("", ask_handler.message(str(error))), 503, headers={"retry-after": "5"})

    @app.get("/compare")
    async def compare(request: Request) -> Response:
        wanted = read(request.query_params)
        return await turn(
            lambda: _answered(opening, bulk, compare_request(wanted) if wanted.is_asked else None, wanted)
        )

    @app.post("/check")
    async def check(request: Request) -> Response:
        name, data, text = await _sent(request)
        shown = text if len(text) <= limits.DRAFT.value else ""
        return await turn(lambda: _answered(opening, bulk, check_request(name, data, text), Wanted(), shown))


async def _sent(request: Request) -> tuple[str, bytes, str]:
    """Of a form that was sent, the file's name and bytes, else the text; far too much of it is cut, and so refused."""
    try:
        async with request.form(max_files=1, max_fields=2, max_part_size=LONGEST_SENT) as form:
            file, text = form.get("file"), form.get("draft")
            if isinstance(file, UploadFile) and file.filename:
                return PurePath(file.filename).name, await file.read(), ""
            return "", b"", text.replace("\r\n", "\n") if isinstance(text, str) else ""
    except HTTPException:
        return "", b"", "x" * (limits.DRAFT.value + 1)


def _answered(
    opening: LibraryLoader, bulk: TaskRunner, asked: Json | None, wanted: Wanted, draft: str | None = None
) -> HTMLResponse:
    corpus_facts = CorpusFacts(())
    try:
        corpus_facts = opening.library().corpus_facts
        body = run_to_completion(bulk, asked)["html"] if asked is not None else ""
    except QuestionError as error:  # a form that is filled in otherwise: shown again, with what is to be mended
        body = ask_handler.message(str(error))
    except USER_ERRORS as error:
        return HTMLResponse(_page("", ask_handler.message(str(error))), 404)
    return HTMLResponse(_page(forms_html(corpus_facts, wanted, draft=draft), body))


def _page(forms: str, result: str) -> str:
    body = f'<main class="yq-compare"><h1>Compare</h1>{forms}<section class="yq-compared">{result}</section></main>'
    return page("Compare", body)
