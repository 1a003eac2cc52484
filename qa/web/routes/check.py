"""The page that checks a draft, which the form includes in its tab, and its report to download."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from fastapi import FastAPI, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from corpus.translation import gettext as _
from qa import limits
from qa.web.render.check import form_html
from qa.web.routes.results import LimitedTasks, report_response, result_response
from qa.web.workers.tasks import check_request

LONGEST_SENT = 2**22
"""Bytes of a pasted draft as sent by the browser; a longer one is rejected without being read."""


def add_check_pages(app: FastAPI, tasks: LimitedTasks) -> None:
    """Add the routes to the application."""

    async def checked(draft: tuple[str, bytes, str], *, as_report: bool = False) -> str:
        return str((await tasks.perform(check_request(*draft, as_report=as_report)))["html"])

    @app.get("/check")
    async def form() -> Response:
        return await result_response(_("Check a draft"), form_html)

    @app.post("/check")
    async def check(request: Request) -> Response:
        draft = await _uploaded_draft(request)
        text = draft[2] if len(draft[2]) <= limits.DRAFT.value else ""
        return await result_response(_("Check a draft"), lambda: form_html(text), lambda: checked(draft))

    @app.post("/check-report")
    async def report(request: Request) -> Response:
        draft = await _uploaded_draft(request)
        return await report_response(_("Check a draft"), "check.html", lambda: checked(draft, as_report=True))


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
