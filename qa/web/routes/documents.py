"""The pages and files of the form that are not Gradio's: context, citations to download, style and script."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, StreamingResponse

from qa.api.concurrency import ConcurrencyLimit
from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.errors import Busy, FilterError
from qa.output.citation_formats import FORMATS
from qa.web.render import page_image
from qa.web.render.context import context_html, find, page
from qa.web.render.markup import Span
from qa.web.routes import source
from qa.web.routes.errors import missing
from qa.web.urls import from_pairs
from qa.web.workers.pool import Answerer
from qa.web.workers.tasks import export_request

STATIC = Path(__file__).resolve().parent.parent / "static"

PAGES_AT_ONCE = 2
"""Pages of PDF files that are drawn, or made ready for it: PDFium draws one at a time."""

PAGES_WAITING = 40
"""Pages that may wait for their turn; a passage has at most four."""


def add_pages(app: FastAPI, opening: LibraryLoader, answers: Answerer) -> None:
    """Add them to the application, before Gradio, which answers whatever is left."""

    @app.get("/static-yq/{name}")
    def static(name: str) -> Response:
        if name not in {f"{part}.{kind}" for part in ("form", "tabs", "compare") for kind in ("css", "js")}:
            return PlainTextResponse("no such file", 404)
        return FileResponse(STATIC / name, headers={"cache-control": "no-cache"})

    @app.get("/context")
    def context(passage: str = "", mark: str = "") -> Response:
        try:
            found = find(opening.library().index, passage)
        except USER_ERRORS as error:
            return HTMLResponse(missing(str(error)), 404)
        return HTMLResponse(page(found.document.title, context_html(found, spans(mark))))

    @app.get("/citations/{form}")
    async def citations(form: str, request: Request) -> Response:
        """The passages that answer what the address asks, as a file for a reference manager."""
        if form not in FORMATS:
            return PlainTextResponse(f"no such format (there are {', '.join(FORMATS)})", 404)
        try:
            found = await answers(export_request(from_pairs(request.query_params.multi_items()), form))
        except FilterError as error:
            return PlainTextResponse(str(error), 400)
        except Busy as error:
            return PlainTextResponse(str(error), 503, headers={"retry-after": "5"})
        except USER_ERRORS as error:
            return PlainTextResponse(str(error), 404)
        headers = {"content-disposition": f'attachment; filename="citations.{FORMATS[form].suffix}"'}
        return Response(found["text"], media_type=f"{FORMATS[form].media_type}; charset=utf-8", headers=headers)


def add_files(app: FastAPI, opening: LibraryLoader) -> None:
    """Add the documents' files, and pictures of their pages, likewise."""
    door = ConcurrencyLimit(PAGES_AT_ONCE, PAGES_WAITING)

    @app.get("/page")
    async def page_of_file(passage: str = "", mark: str = "") -> Response:
        def given() -> str:
            found = page_image.find(opening.library().index, passage, spans(mark))
            return page(found.document.title, page_image.page_html(found))

        try:
            return HTMLResponse(await door(given))
        except Busy as error:
            line, status = str(error), 503
        except USER_ERRORS as error:
            line, status = str(error), 404
        return HTMLResponse(missing(line, status), status)

    @app.get("/page.png")
    async def picture(passage: str = "", mark: str = "", page: int = 0) -> Response:
        try:
            data = await door(lambda: page_image.picture(opening.library().index, passage, spans(mark), page))
        except Busy as error:
            return PlainTextResponse(str(error), 503, headers={"retry-after": "5"})
        except USER_ERRORS as error:
            return PlainTextResponse(str(error), 404)
        return Response(data, media_type="image/png", headers={"cache-control": "no-cache"})

    @app.get("/source/{document}/{name}")
    def file(document: str, name: str) -> Response:
        """The file of a document, to look at where a browser can do that safely (PDF), else to keep."""
        try:
            info = opening.library().index.info(document)
            if source.address(info) is None or name != Path(info.source).name:
                return PlainTextResponse(f"{document} has no such file", 404)
            size = source.size(info)
        except USER_ERRORS as error:
            return PlainTextResponse(str(error), 404)
        shown = source.is_pdf(info)
        return StreamingResponse(
            source.pieces(info),
            media_type="application/pdf" if shown else "application/octet-stream",
            headers={
                "content-disposition": f"{'inline' if shown else 'attachment'}; filename*=utf-8''{quote(name)}",
                "content-length": str(size),
                "cache-control": "no-cache",
            },
        )


def spans(written: str) -> list[Span]:
    """Spans from `12-40,55-80`; what is none is left out."""
    pairs = (re.fullmatch(r"([0-9]{1,12})-([0-9]{1,12})", one) for one in written.split(",", 50))
    return sorted((int(pair[1]), int(pair[2])) for pair in pairs if pair)
