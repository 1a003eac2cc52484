"""The page that watches saved questions, which the form includes in its tab, and its report to download."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from corpus.translation import gettext as _
from qa.api.concurrency import ConcurrencyLimit
from qa.api.library_loader import USER_ERRORS
from qa.errors import Busy, QuestionError
from qa.web.render.page import message, result_page
from qa.web.render.watch import form_html
from qa.web.routes.check import read_upload
from qa.web.workers.pool import TaskRunner, run_to_completion
from qa.web.workers.tasks import watch_request

LONGEST_SENT = 2**20
"""Bytes of pasted questions as sent by the browser."""


def add_watch_pages(app: FastAPI, runner: TaskRunner, task_limit: ConcurrencyLimit) -> None:
    """Add the routes to the application; `task_limit` limits how many tasks run at once."""

    @app.get("/watch")
    def form() -> Response:
        return HTMLResponse(result_page(_("Watch"), form_html()))

    @app.post("/watch")
    async def watch(request: Request) -> Response:
        return await _watched(request, as_report=False)

    @app.post("/watch-report")
    async def report(request: Request) -> Response:
        return await _watched(request, as_report=True)

    async def _watched(request: Request, *, as_report: bool) -> Response:
        name, data, fields = await read_upload(request, ("questions", "since"), LONGEST_SENT)
        shown = form_html(**fields)
        try:
            task = watch_request(name, data, fields["questions"], fields["since"], as_report=as_report)
            result = await task_limit(lambda: run_to_completion(runner, task))
        except Busy as error:
            headers = {"retry-after": "5"}
            return HTMLResponse(result_page(_("Watch"), shown, message(str(error))), 503, headers=headers)
        except (QuestionError, *USER_ERRORS) as error:  # the form is shown again with the message
            return HTMLResponse(result_page(_("Watch"), shown, message(str(error))))
        if as_report:
            headers = {"content-disposition": 'attachment; filename="watch.html"'}
            return HTMLResponse(result["html"], headers=headers)
        return HTMLResponse(result_page(_("Watch"), shown, Markup(result["html"])))  # noqa: S704 - rendered by a worker
