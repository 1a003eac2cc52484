"""The page that watches saved questions, which the form includes in its tab, and its report to download."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from corpus.translation import gettext as _
from qa.web.render.watch import form_html
from qa.web.routes.check import read_upload
from qa.web.routes.results import LimitedTasks, report_response, result_response
from qa.web.workers.tasks import watch_request

LONGEST_SENT = 2**20
"""Bytes of pasted questions as sent by the browser."""

_FIELDS = ("questions", "since")


def add_watch_pages(app: FastAPI, tasks: LimitedTasks) -> None:
    """Add the routes to the application."""

    async def watched(name: str, data: bytes, fields: dict[str, str], *, as_report: bool = False) -> str:
        request = watch_request(name, data, fields["questions"], fields["since"], as_report=as_report)
        return str((await tasks.perform(request))["html"])

    @app.get("/watch")
    async def link(request: Request) -> Response:
        """The form; with questions in the URL, their outcome too."""
        fields = {name: request.query_params.get(name, "") for name in _FIELDS}
        result = (lambda: watched("", b"", fields)) if fields["questions"] else None
        return await result_response(_("Watch"), lambda: form_html(**fields), result)

    @app.post("/watch")
    async def watch(request: Request) -> Response:
        name, data, fields = await read_upload(request, _FIELDS, LONGEST_SENT)
        return await result_response(_("Watch"), lambda: form_html(**fields), lambda: watched(name, data, fields))

    @app.post("/watch-report")
    async def report(request: Request) -> Response:
        sent = await read_upload(request, _FIELDS, LONGEST_SENT)
        return await report_response(_("Watch"), "watch.html", lambda: watched(*sent, as_report=True))
