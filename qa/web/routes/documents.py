"""Pages of the library, its documents, passages and PDF pages; source files, citations, style sheets and scripts."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, StreamingResponse
from markupsafe import Markup

from corpus.records import Span
from corpus.translation import gettext as _
from qa.api.concurrency import ConcurrencyLimit, LibraryLoader
from qa.output.citation_formats import FORMATS
from qa.web import source_files
from qa.web.render.answer import context_html, find_context, find_pages, page_html, page_png
from qa.web.render.library import document_html, library_html, rows_html
from qa.web.render.page import PARTS, page
from qa.web.routes.responses import attachment
from qa.web.urls import parse_question_pairs
from qa.web.workers.pool import Answerer
from qa.web.workers.tasks import export_request

STATIC = Path(__file__).resolve().parent.parent / "static"

MAX_CONCURRENT_PAGES = 2
"""PDF pages that are rendered or prepared at once: PDFium renders one at a time."""

MAX_QUEUED_PAGES = 40
"""PDF pages that may queue; a passage has at most four."""


def add_pages(app: FastAPI, loader: LibraryLoader, answers: Answerer) -> None:
    """Add the routes of passages, citations and static files, before Gradio, which takes all other paths."""

    @app.get("/static-yq/{name}")
    def static(name: str) -> Response:
        if name not in {"page.js", *(f"{part}.{kind}" for part in PARTS for kind in ("css", "js"))}:
            return PlainTextResponse("no such file", 404)
        return FileResponse(STATIC / name, headers={"cache-control": "no-cache"})

    @app.get("/context")
    def context(passage: str = "", mark: str = "") -> Response:
        shown = find_context(loader.library().index, passage)
        return HTMLResponse(page(shown.document.title, context_html(shown, parse_spans(mark))))

    @app.get("/citations/{form}")
    async def citations(form: str, request: Request) -> Response:
        """Download the passages that answer a question, as a file for a reference manager."""
        if form not in FORMATS:
            return PlainTextResponse(f"no such format (there are {', '.join(FORMATS)})", 404)
        exported = await answers(export_request(parse_question_pairs(request.query_params.multi_items()), form))
        media_type, headers = (
            f"{FORMATS[form].media_type}; charset=utf-8",
            attachment(f"citations.{FORMATS[form].suffix}"),
        )
        return Response(exported["text"], media_type=media_type, headers=headers)


def add_files(app: FastAPI, loader: LibraryLoader) -> None:
    """Add the routes of source files and of their PDF pages."""
    task_limit = ConcurrencyLimit(MAX_CONCURRENT_PAGES, MAX_QUEUED_PAGES)

    @app.get("/page")
    async def page_of_file(passage: str = "", mark: str = "") -> Response:
        def html() -> str:
            shown = find_pages(loader.library().index, passage, parse_spans(mark))
            return page(shown.document.title, page_html(shown))

        return HTMLResponse(await task_limit(html))

    @app.get("/page.png")
    async def picture(passage: str = "", mark: str = "", page: int = 0) -> Response:
        data = await task_limit(lambda: page_png(loader.library().index, passage, parse_spans(mark), page))
        return Response(data, media_type="image/png", headers={"cache-control": "no-cache"})

    @app.get("/source/{document}/{name}")
    def file(document: str, name: str) -> Response:
        """Send the file of a document: PDF files for display, others, which may hold scripts, as a download."""
        info = loader.library().index.info(document)
        if source_files.source_url(info) is None or name != Path(info.source).name:
            return PlainTextResponse(f"{document} has no such file", 404)
        size = source_files.size(info)
        is_pdf = source_files.is_pdf(info)
        return StreamingResponse(
            source_files.chunks(info),
            media_type="application/pdf" if is_pdf else "application/octet-stream",
            headers={
                "content-disposition": f"{'inline' if is_pdf else 'attachment'}; filename*=utf-8''{quote(name)}",
                "content-length": str(size),
                "cache-control": "no-cache",
            },
        )


def parse_spans(text: str) -> list[Span]:
    """Parse spans written as `12-40,55-80`; invalid ones are ignored."""
    pairs = (re.fullmatch(r"([0-9]{1,12})-([0-9]{1,12})", span) for span in text.split(",", 50))
    return sorted((int(pair[1]), int(pair[2])) for pair in pairs if pair)


def add_library_pages(app: FastAPI, loader: LibraryLoader) -> None:
    """Add the pages of the library: its content, and each document with its outline."""

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
