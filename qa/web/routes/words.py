"""The page that counts words over the years, its table as CSV, and the passages behind a count."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from corpus.translation import gettext as _
from qa.api.library_loader import LibraryLoader
from qa.question.corpus_facts import CorpusFacts
from qa.web.render.page import page
from qa.web.render.words import form_html
from qa.web.routes.results import LimitedTasks, attachment, result_response
from qa.web.urls import parse_words_url
from qa.web.workers.tasks import words_request


def add_word_pages(app: FastAPI, loader: LibraryLoader, tasks: LimitedTasks) -> None:
    """Add the routes to the application."""

    async def counted(request: Request, part: str) -> str:
        return str((await tasks.perform(words_request(parse_words_url(request.query_params), part)))["text"])

    @app.get("/words")
    async def words(request: Request) -> Response:
        wanted, facts = parse_words_url(request.query_params), CorpusFacts(())

        async def result() -> str:
            nonlocal facts
            facts = await tasks.call(lambda: loader.library().corpus_facts)
            return await counted(request, "counts") if wanted.is_asked else ""

        return await result_response(_("Words over the years"), lambda: form_html(facts, wanted), result)

    @app.get("/words.csv")
    async def table(request: Request) -> Response:
        text = await counted(request, "csv")
        return Response(text, media_type="text/csv; charset=utf-8", headers=attachment("words.csv"))

    @app.get("/word-passages")
    async def passages(request: Request) -> Response:
        body = Markup(await counted(request, "occurrences"))  # noqa: S704 - rendered by a worker
        return HTMLResponse(page(_("Words over the years"), body))
