"""The pages of the library: what it holds, its documents, and each of them with its outline."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse

from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.web.render.context import page
from qa.web.render.document import document_html
from qa.web.render.library import library_html, rows_html
from qa.web.routes.errors import missing


def add_library_pages(app: FastAPI, opening: LibraryLoader) -> None:
    """Add them to the application."""

    @app.get("/library")
    def library() -> Response:
        return _answered("Library", lambda: library_html(opening.library().index))

    @app.get("/library-rows")
    def rows(find: str = "", sort: str = "", down: int = 0, at: int = 1) -> Response:
        def table() -> str:
            found = rows_html(opening.library().index.documents, find, sort, descending=bool(down), page=at)
            return f'<main class="yq-library"><h1>Library: documents</h1>{found}</main>'

        return _answered("Library", table)

    @app.get("/document")
    def document(id: str = "") -> Response:
        def whole() -> str:
            index = opening.library().index
            return document_html(index.info(id), index.document(id))

        return _answered(id, whole)


def _answered(title: str, body: Callable[[], str]) -> Response:
    try:
        return HTMLResponse(page(title, body()))
    except USER_ERRORS as error:
        return HTMLResponse(missing(str(error)), 404)
