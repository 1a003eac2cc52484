"""Pages of the library: its content, and each document with its outline."""

from __future__ import annotations

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from corpus.translation import gettext as _
from qa.api.library_loader import LibraryLoader
from qa.web.render.document import document_html
from qa.web.render.library import library_html, rows_html
from qa.web.render.page import page


def add_library_pages(app: FastAPI, loader: LibraryLoader) -> None:
    """Add the routes to the application."""

    @app.get("/library")
    def library() -> Response:
        return HTMLResponse(page(_("Library"), library_html(loader.library().index)))

    @app.get("/library-rows")
    def rows(find: str = "", sort: str = "", down: int = 0, at: int = 1) -> Response:
        table = rows_html(loader.library().index.documents, find, sort, descending=bool(down), page=at)
        body = Markup('<main class="yq-library"><h1>{}</h1>{}</main>').format(_("Library: documents"), table)
        return HTMLResponse(page(_("Library"), body))

    @app.get("/document")
    def document(id: str = "") -> Response:
        index = loader.library().index
        return HTMLResponse(page(id, document_html(index.info(id), index.document(id))))
