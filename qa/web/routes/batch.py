"""The pages of finished batches, which the form also shows in its tab, and the files to download."""

from __future__ import annotations

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, HTMLResponse

from qa.web.batches.store import Batches
from qa.web.render.batch import FILES, Result, result_html, rows_html
from qa.web.render.context import page
from qa.web.routes.errors import missing

_MEDIA = {"jsonl": "application/jsonl", "csv": "text/csv", "trec": "text/plain", "html": "text/html"}


def add_batch_pages(app: FastAPI, batches: Batches) -> None:
    """Add them to the application."""

    @app.get("/batch")
    def batch(id: str = "") -> Response:
        found = _result(batches, id)
        return _gone() if found is None else HTMLResponse(page(found.name, result_html(found, id)))

    @app.get("/batch-rows")
    def rows(id: str = "", sort: str = "", down: int = 0, at: int = 1) -> Response:
        found = _result(batches, id)
        if found is None:
            return _gone()
        table = rows_html(found, id, sort, descending=bool(down), page=at)
        return HTMLResponse(page(found.name, f'<main class="yq-batch"><h1>Batch: questions</h1>{table}</main>'))

    @app.get("/batch-file")
    def file(id: str = "", name: str = "", view: bool = False) -> Response:
        found = batches.find(id)
        if found is None or found.result is None or name not in FILES:
            return _gone()
        kind = "inline" if view and name == "report.html" else "attachment"
        media = f"{_MEDIA[name.rpartition('.')[2]]}; charset=utf-8"
        return FileResponse(found.out / name, media_type=media, filename=name, content_disposition_type=kind)


def _result(batches: Batches, token: str) -> Result | None:
    found = batches.find(token)
    return found.result if found is not None else None


def _gone() -> Response:
    return HTMLResponse(missing("This batch is not here, or no longer: run it again."), 404)
