"""Pages of finished batches, which the form includes in its tab, and their downloads."""

from __future__ import annotations

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, HTMLResponse
from markupsafe import Markup

from corpus.translation import gettext as _
from qa.web.batches import Batches
from qa.web.render.batch import FILES, BatchResult, result_html, rows_html
from qa.web.render.page import error_page, page

_MEDIA_TYPES = {"jsonl": "application/jsonl", "csv": "text/csv", "trec": "text/plain", "html": "text/html"}


def add_batch_pages(app: FastAPI, batches: Batches) -> None:
    """Add the routes to the application."""

    @app.get("/batch")
    def batch(id: str = "") -> Response:
        result = _result(batches, id)
        return _gone_response() if result is None else HTMLResponse(page(result.name, result_html(result, id)))

    @app.get("/batch-rows")
    def rows(id: str = "", sort: str = "", down: int = 0, at: int = 1) -> Response:
        result = _result(batches, id)
        if result is None:
            return _gone_response()
        table = rows_html(result, id, sort, descending=bool(down), page=at)
        body = Markup('<main class="yq-batch"><h1>{}</h1>{}</main>').format(_("Batch: questions"), table)
        return HTMLResponse(page(result.name, body))

    @app.get("/batch-file")
    def file(id: str = "", name: str = "", view: bool = False) -> Response:
        batch = batches.find(id)
        if batch is None or batch.result is None or name not in FILES:
            return _gone_response()
        disposition = "inline" if view and name == "report.html" else "attachment"
        media_type = f"{_MEDIA_TYPES[name.rpartition('.')[2]]}; charset=utf-8"
        return FileResponse(
            batch.out / name, media_type=media_type, filename=name, content_disposition_type=disposition
        )


def _result(batches: Batches, token: str) -> BatchResult | None:
    batch = batches.find(token)
    return batch.result if batch is not None else None


def _gone_response() -> Response:
    return HTMLResponse(error_page(_("This batch is no longer on the server: please run it again.")), 404)
