"""The page of comparisons, which the form also shows in its tab: forms, and below them what they ask for.

Comparing and checking take seconds where editions are large, so they run in threads of their own number: further ones
wait for their turn, and beyond `WAITING` are told that the form is busy.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from corpus.errors import CorpusError
from corpus.records import HEADED_KINDS
from qa import limits
from qa.answer import Library
from qa.checking.draft import Draft, from_bytes, from_text
from qa.errors import Busy, QuestionError, RequestError
from qa.holdings import Holdings
from qa.web import asking
from qa.web.compare_asked import Wanted, read, write
from qa.web.compare_form import DRAFT_FILES, forms_html
from qa.web.context import page
from qa.web.door import Door
from qa.web.opening import FAULTS, Opening

AT_ONCE = max(2, os.cpu_count() or 2)
LONGEST_SENT = 2**22
"""Bytes of a draft that is pasted, as a form sends it; what is longer is refused unread."""

WAITING = 20
"""Comparisons and checks that may wait for their turn."""


def add_compare_pages(app: FastAPI, opening: Opening) -> None:
    """Add them to the application."""
    door = Door(AT_ONCE, WAITING)

    async def turn(call: Callable[[], Response]) -> Response:
        try:
            return await door(call)
        except Busy as error:
            return HTMLResponse(_page("", asking.message(str(error))), 503, headers={"retry-after": "5"})

    @app.get("/compare")
    async def compare(request: Request) -> Response:
        wanted = read(request.query_params)
        return await turn(lambda: _answered(opening, wanted, lambda library: compared(library, wanted)))

    @app.post("/check")
    async def check(request: Request) -> Response:
        name, data, text = await _sent(request)
        shown = text if len(text) <= limits.DRAFT.value else ""

        def result(library: Library) -> str:
            return checked(library, from_file(name, data) if name else from_text(text))

        return await turn(lambda: _answered(opening, Wanted(), result, shown))


async def _sent(request: Request) -> tuple[str, bytes, str]:
    """Of a form that was sent, the file's name and bytes, else the text; far too much of it is cut, and so refused."""
    try:
        async with request.form(max_files=1, max_fields=2, max_part_size=LONGEST_SENT) as form:
            file, text = form.get("file"), form.get("draft")
            if isinstance(file, UploadFile) and file.filename:
                return PurePath(file.filename).name, await file.read(), ""
            return "", b"", text.replace("\r\n", "\n") if isinstance(text, str) else ""
    except HTTPException:
        return "", b"", "x" * (limits.DRAFT.value + 1)


def from_file(name: str, data: bytes) -> Draft:
    """The draft in a file. Raises RequestError."""
    if PurePath(name).suffix.lower() not in DRAFT_FILES:
        raise RequestError(f"{name[:100]} is not read here: give the draft as {', '.join(DRAFT_FILES)}")
    try:
        return from_bytes(name, data)
    except CorpusError as error:
        raise RequestError(f"{name[:100]} cannot be read: {error}") from error


def compared(library: Library, wanted: Wanted) -> str:
    """What is asked, compared; nothing where nothing is asked. Raises QuestionError and what the index raises."""
    if not wanted.is_asked:
        return ""
    link = f"./{write(wanted)}#compare"
    if wanted.topic is not None:
        from qa.editions.topic import compare
        from qa.web.compare_topic import topic_html

        found = compare(library, wanted.subject(), wanted.filters())
        return topic_html(found, link, hide=library.notices)
    from qa.editions.outlines import compare_editions
    from qa.web.compare_outlines import outlines_html

    outlines = compare_editions(library.index, wanted.years(), wanted.filters(), wanted.section or None)
    documents = {one.id for edition in outlines.editions for one in edition.documents}
    heads = {
        (document, item.start): item.heading_end
        for document in documents
        for item in reversed(library.index.document(document).outline)
        if item.kind in HEADED_KINDS
    }
    return outlines_html(outlines, heads, link)


def checked(library: Library, draft: Draft) -> str:
    """A draft, checked. Raises QuestionError and what the index raises."""
    from qa.checking.report import check
    from qa.web.compare_check import checked_html

    if not draft.text.strip():
        raise RequestError("Paste a draft, or choose a file with one, first.")
    if len(draft.text) > limits.DRAFT.value:
        raise RequestError(f"The draft is longer than {limits.DRAFT.value:,} characters: check it in parts.")
    report = check(library, draft)
    hidden = set(library.notices)
    return checked_html(replace(report, notices=tuple(one for one in report.notices if one not in hidden)))


def _answered(
    opening: Opening, wanted: Wanted, result: Callable[[Library], str], draft: str | None = None
) -> HTMLResponse:
    holdings = Holdings(())
    try:
        library = opening.library()
        holdings = library.holdings
        body = result(library)
    except QuestionError as error:  # a form that is filled in otherwise: shown again, with what is to be mended
        body = asking.message(str(error))
    except FAULTS as error:
        return HTMLResponse(_page("", asking.message(str(error))), 404)
    return HTMLResponse(_page(forms_html(holdings, wanted, draft=draft), body))


def _page(forms: str, result: str) -> str:
    body = f'<main class="yq-compare"><h1>Compare</h1>{forms}<section class="yq-compared">{result}</section></main>'
    return page("Compare", body)
