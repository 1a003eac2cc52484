"""The page that counts words over the years, its table as CSV, and the passages behind a count."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from markupsafe import Markup

from corpus.translation import gettext as _
from qa.api.concurrency import ConcurrencyLimit
from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.errors import Busy, QuestionError
from qa.question.corpus_facts import CorpusFacts
from qa.web.render.page import error_page, message, page, result_page
from qa.web.render.words import form_html
from qa.web.urls import WordsRequest, parse_words_url
from qa.web.workers.pool import TaskRunner, run_to_completion
from qa.web.workers.tasks import words_request


def add_word_pages(app: FastAPI, loader: LibraryLoader, runner: TaskRunner, task_limit: ConcurrencyLimit) -> None:
    """Add the routes to the application; `task_limit` limits how many counts and comparisons run at once."""

    async def counted(request: WordsRequest, part: str) -> str:
        result = await task_limit(lambda: run_to_completion(runner, words_request(request, part)))
        text: str = result["text"]
        return text

    @app.get("/words")
    async def words(request: Request) -> Response:
        wanted = parse_words_url(request.query_params)
        facts, body = CorpusFacts(()), Markup()
        status, headers = 200, dict[str, str]()
        try:
            facts = await task_limit(lambda: loader.library().corpus_facts)
            if wanted.is_asked:
                body = Markup(await counted(wanted, "counts"))  # noqa: S704 - rendered by a worker
        except USER_ERRORS as error:
            body = message(str(error))
            status, headers = _status(error)
            status = 200 if status == 400 else status  # the form is shown again with the message
        return HTMLResponse(result_page(_("Words over the years"), form_html(facts, wanted), body), status, headers)

    @app.get("/words.csv")
    async def table(request: Request) -> Response:
        try:
            text = await counted(parse_words_url(request.query_params), "csv")
        except USER_ERRORS as error:
            return PlainTextResponse(str(error), *_status(error))
        headers = {"content-disposition": 'attachment; filename="words.csv"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    @app.get("/word-passages")
    async def passages(request: Request) -> Response:
        try:
            body = Markup(await counted(parse_words_url(request.query_params), "occurrences"))  # noqa: S704 - likewise
        except USER_ERRORS as error:
            status, headers = _status(error)
            return HTMLResponse(error_page(str(error), status), status, headers)
        return HTMLResponse(page(_("Words over the years"), body))


def _status(error: Exception) -> tuple[int, dict[str, str]]:
    """Return the HTTP status of an error, and its headers."""
    if isinstance(error, Busy):
        return 503, {"retry-after": "5"}
    return (400 if isinstance(error, QuestionError) else 404), {}
