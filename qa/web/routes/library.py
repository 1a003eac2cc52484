"""Pages of the library: its content, and each document with its outline."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from corpus.translation import gettext as _
from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.web.render.document import document_html
from qa.web.render.library import library_html, rows_html
from qa.web.render.page import error_page, page


def add_library_pages(app: FastAPI, loader: LibraryLoader) -> None:
    """Add the routes to the application."""

    @app.get("/library")
    def library() -> Response:
        return _response(_("Library"), lambda: library_html(loader.library().index))

    @app.get("/library-rows")
    def rows(find: str = "", sort: str = "", down: int = 0, at: int = 1) -> Response:
        def body() -> Markup:
            table = rows_html(loader.library().index.documents, find, sort, descending=bool(down), page=at)
            return Markup('<main class="yq-library"><h1>{}</h1>{}</main>').format(_("Library: documents"), table)

        return _response(_("Library"), body)

    @app.get("/document")
    def document(id: str = "") -> Response:
        def body() -> Markup:
            index = loader.library().index
            return document_html(index.info(id), index.document(id))

        return _response(id, body)


def _response(title: str, body: Callable[[], Markup]) -> Response:
    try:
        return HTMLResponse(page(title, body()))
    except USER_ERRORS as error:
        return HTMLResponse(error_page(str(error)), 404)
