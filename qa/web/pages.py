"""The pages and files of the form that are not Gradio's: context, citations to download, style and script."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse

from qa.citation_formats import export
from qa.errors import FilterError
from qa.web import asking
from qa.web.context import context_html, find, page
from qa.web.link import from_pairs
from qa.web.markup import Span
from qa.web.opening import FAULTS, Opening

STATIC = Path(__file__).parent / "static"

_SUFFIXES = {"markdown": "md", "bibtex": "bib", "ris": "ris", "csl-json": "json"}
_MEDIA = {
    "markdown": "text/markdown",
    "bibtex": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl-json": "application/vnd.citationstyles.csl+json",
}


def add_pages(app: FastAPI, opening: Opening) -> None:
    """Add them to the application, before Gradio, which answers whatever is left."""

    @app.get("/static-yq/{name}")
    def static(name: str) -> Response:
        if name not in {"form.css", "form.js", "tabs.css", "tabs.js"}:
            return PlainTextResponse("no such file", 404)
        return FileResponse(STATIC / name, headers={"cache-control": "no-cache"})

    @app.get("/context")
    def context(passage: str = "", mark: str = "") -> Response:
        try:
            found = find(opening.library().index, passage)
        except FAULTS as error:
            body = f"<main><h1>Not found</h1>{asking.message(str(error))}</main>"
            return HTMLResponse(page("Not found", body), 404)
        return HTMLResponse(page(found.document.title, context_html(found, spans(mark))))

    @app.get("/citations/{form}")
    def citations(form: str, request: Request) -> Response:
        """The passages that answer what the address asks, as a file for a reference manager."""
        if form not in _SUFFIXES:
            return PlainTextResponse(f"no such format (there are {', '.join(_SUFFIXES)})", 404)
        try:
            answer = asking.answer(opening.library(), from_pairs(request.query_params.multi_items()))
        except FilterError as error:
            return PlainTextResponse(str(error), 400)
        except FAULTS as error:
            return PlainTextResponse(str(error), 404)
        headers = {"content-disposition": f'attachment; filename="citations.{_SUFFIXES[form]}"'}
        return Response(export(answer, form), media_type=f"{_MEDIA[form]}; charset=utf-8", headers=headers)


def spans(written: str) -> list[Span]:
    """Spans from `12-40,55-80`; what is none is left out."""
    pairs = (re.fullmatch(r"([0-9]{1,12})-([0-9]{1,12})", one) for one in written.split(",", 50))
    return sorted((int(pair[1]), int(pair[2])) for pair in pairs if pair)
