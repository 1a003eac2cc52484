"""The page of comparisons, which the form also shows in its tab: forms, and below them what they ask for.

Comparing and checking take seconds where editions are large, so they run in threads of their own number: further ones
wait for their turn, and beyond `WAITING` are told that the form is busy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl

import anyio
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from corpus.records import HEADED_KINDS
from index.store import DocumentInfo
from qa import limits
from qa.answer import Library
from qa.errors import QuestionError, RequestError
from qa.web import asking
from qa.web.compare_asked import Wanted, read, write
from qa.web.compare_form import forms_html
from qa.web.context import page
from qa.web.opening import FAULTS, Opening

AT_ONCE = max(2, os.cpu_count() or 2)
WAITING = 20
"""Comparisons and checks that may wait for their turn."""


def add_compare_pages(app: FastAPI, opening: Opening) -> None:
    """Add them to the application."""
    limiter = anyio.CapacityLimiter(AT_ONCE)

    async def turn(call: Callable[[], Response]) -> Response:
        if limiter.statistics().tasks_waiting >= WAITING:
            line = asking.message("The form is busy: try again in a moment.")
            return HTMLResponse(_page("", line), 503, headers={"retry-after": "5"})
        return await anyio.to_thread.run_sync(call, limiter=limiter)

    @app.get("/compare")
    async def compare(request: Request) -> Response:
        wanted = read(request.query_params)
        return await turn(lambda: _answered(opening, wanted, lambda library: compared(library, wanted)))

    @app.post("/check")
    async def check(request: Request) -> Response:
        body = await request.body()
        draft = _sent(body)
        shown = draft if len(draft) <= limits.DRAFT.value else ""
        return await turn(lambda: _answered(opening, Wanted(), lambda library: checked(library, draft), shown))


def _sent(body: bytes) -> str:
    """The draft in a form that was sent; of what is far too long only so much that it is seen to be."""
    sent = body[: 12 * limits.DRAFT.value].decode("utf-8", "replace")
    (draft, *_) = [value for name, value in parse_qsl(sent, separator="&") if name == "draft"] or [""]
    return draft.replace("\r\n", "\n")


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


def checked(library: Library, draft: str) -> str:
    """A draft, checked. Raises QuestionError and what the index raises."""
    from qa.checking.draft import from_text
    from qa.checking.report import check
    from qa.web.compare_check import checked_html

    if not draft.strip():
        raise RequestError("Paste a draft first.")
    if len(draft) > limits.DRAFT.value:
        raise RequestError(f"The draft is longer than {limits.DRAFT.value:,} characters: check it in parts.")
    report = check(library, from_text(draft))
    hidden = set(library.notices)
    return checked_html(replace(report, notices=tuple(one for one in report.notices if one not in hidden)))


def _answered(
    opening: Opening, wanted: Wanted, result: Callable[[Library], str], draft: str | None = None
) -> HTMLResponse:
    documents: Sequence[DocumentInfo] = ()
    try:
        library = opening.library()
        documents = library.index.documents
        body = result(library)
    except QuestionError as error:  # a form that is filled in otherwise: shown again, with what is to be mended
        body = asking.message(str(error))
    except FAULTS as error:
        return HTMLResponse(_page("", asking.message(str(error))), 404)
    return HTMLResponse(_page(forms_html(documents, wanted, draft=draft), body))


def _page(forms: str, result: str) -> str:
    body = f'<main class="yq-compare"><h1>Compare</h1>{forms}<section class="yq-compared">{result}</section></main>'
    return page("Compare", body)
