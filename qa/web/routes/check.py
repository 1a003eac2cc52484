"""The page that checks a draft, which the form includes in its tab, and its report to download."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from corpus.translation import gettext as _
from qa import limits
from qa.api.concurrency import ConcurrencyLimit
from qa.api.library_loader import USER_ERRORS
from qa.errors import Busy, QuestionError
from qa.web.render.check import form_html
from qa.web.render.page import message, page, result_page
from qa.web.workers.pool import TaskRunner, run_to_completion
from qa.web.workers.tasks import check_request

LONGEST_SENT = 2**22
"""Bytes of a pasted draft as sent by the browser; a longer one is rejected without being read."""


def add_check_pages(app: FastAPI, runner: TaskRunner, task_limit: ConcurrencyLimit) -> None:
    """Add the routes to the application; `task_limit` limits how many checks and comparisons run at once."""

    @app.get("/check")
    def form() -> Response:
        return HTMLResponse(result_page(_("Check a draft"), form_html()))

    @app.post("/check")
    async def check(request: Request) -> Response:
        name, data, text = await _uploaded_draft(request)
        shown = form_html(text if len(text) <= limits.DRAFT.value else "")
        try:
            result = await task_limit(lambda: run_to_completion(runner, check_request(name, data, text)))
        except Busy as error:
            headers = {"retry-after": "5"}
            return HTMLResponse(result_page(_("Check a draft"), shown, message(str(error))), 503, headers=headers)
        except QuestionError as error:  # the form is shown again with the message
            return HTMLResponse(result_page(_("Check a draft"), shown, message(str(error))))
        except USER_ERRORS as error:
            return HTMLResponse(result_page(_("Check a draft"), Markup(), message(str(error))), 404)
        return HTMLResponse(result_page(_("Check a draft"), shown, Markup(result["html"])))  # noqa: S704 - rendered by a worker

    @app.post("/check-report")
    async def report(request: Request) -> Response:
        name, data, text = await _uploaded_draft(request)
        try:
            task = check_request(name, data, text, as_report=True)
            result = await task_limit(lambda: run_to_completion(runner, task))
        except Busy as error:
            return PlainTextResponse(str(error), 503, headers={"retry-after": "5"})
        except QuestionError as error:
            return HTMLResponse(page(_("Check a draft"), message(str(error))), 400)
        except USER_ERRORS as error:
            return PlainTextResponse(str(error), 404)
        return Response(
            result["html"],
            media_type="text/html; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="check.html"'},
        )


async def _uploaded_draft(request: Request) -> tuple[str, bytes, str]:
    """Return the name and bytes of the uploaded file, else the pasted text.

    Instead of a draft that is far too long a text just over the limit is returned, which the check rejects.
    """
    try:
        name, data, fields = await read_upload(request, ("draft",), LONGEST_SENT)
    except HTTPException:
        return "", b"", "x" * (limits.DRAFT.value + 1)
    return name, data, "" if name else fields["draft"]


async def read_upload(request: Request, names: Sequence[str], longest: int) -> tuple[str, bytes, dict[str, str]]:
    """Return name and bytes of the file of a form, empty if there is none, and its text fields.

    Raises:
        HTTPException: A field has more than `longest` bytes.
    """
    async with request.form(max_files=1, max_fields=len(names) + 1, max_part_size=longest) as form:
        file = form.get("file")
        fields = {name: text.replace("\r\n", "\n") if isinstance(text := form.get(name), str) else "" for name in names}
        if isinstance(file, UploadFile) and file.filename:
            return PurePath(file.filename).name, await file.read(), fields
        return "", b"", fields
