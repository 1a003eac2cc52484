"""Pages that tabs include: forms with their results, and finished batches with their downloads.

The forms are those of comparisons, word counts, checks of drafts and saved questions. A result can take seconds for
large editions, so the concurrency of these tasks is limited separately from questions.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import PurePath

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from corpus.translation import gettext as _
from qa import limits
from qa.api.concurrency import LibraryLoader
from qa.question.corpus_facts import CorpusFacts
from qa.web.batches import Batches
from qa.web.render.batch import FILES, BatchResult, result_html, rows_html
from qa.web.render.form_pages import check_form_html, comparison_forms_html, watch_form_html, words_form_html
from qa.web.render.page import error_page, page
from qa.web.routes.responses import LimitedTasks, attachment, report_response, result_response
from qa.web.urls import parse_comparison_url, parse_words_url
from qa.web.workers.tasks import check_request, compare_request, watch_request, words_request

MAX_DRAFT = 2**22
"""Bytes of a pasted draft as sent by the browser; a longer one is rejected without being read."""

MAX_QUESTIONS = 2**20
"""Bytes of pasted questions as sent by the browser."""

_WATCH_FIELDS = ("questions", "since")


def add_compare_pages(app: FastAPI, loader: LibraryLoader, tasks: LimitedTasks) -> None:
    """Add the page that compares a topic across editions, or whole editions."""

    @app.get("/compare")
    async def compare(request: Request) -> Response:
        wanted = parse_comparison_url(request.query_params)

        async def result() -> str:
            return str((await tasks.perform(compare_request(wanted)))["html"]) if wanted.is_asked else ""

        def form(facts: CorpusFacts) -> Markup:
            return comparison_forms_html(facts, wanted)

        return await _result_with_facts(loader, tasks, _("Compare"), form, result)


def add_word_pages(app: FastAPI, loader: LibraryLoader, tasks: LimitedTasks) -> None:
    """Add the page that counts words over the years, its table as CSV, and the passages behind a count."""

    async def counted(request: Request, part: str) -> str:
        return str((await tasks.perform(words_request(parse_words_url(request.query_params), part)))["text"])

    @app.get("/words")
    async def words(request: Request) -> Response:
        wanted = parse_words_url(request.query_params)

        async def result() -> str:
            return await counted(request, "counts") if wanted.is_asked else ""

        def form(facts: CorpusFacts) -> Markup:
            return words_form_html(facts, wanted)

        return await _result_with_facts(loader, tasks, _("Words over the years"), form, result)

    @app.get("/words.csv")
    async def table(request: Request) -> Response:
        text = await counted(request, "csv")
        return Response(text, media_type="text/csv; charset=utf-8", headers=attachment("words.csv"))

    @app.get("/word-passages")
    async def passages(request: Request) -> Response:
        body = Markup(await counted(request, "occurrences"))  # noqa: S704 - rendered by a worker
        return HTMLResponse(page(_("Words over the years"), body))


async def _result_with_facts(
    loader: LibraryLoader,
    tasks: LimitedTasks,
    title: str,
    form: Callable[[CorpusFacts], Markup],
    result: Callable[[], Awaitable[str]],
) -> Response:
    """Return a form that offers the documents of the library, with its result; see `result_response`."""
    facts = CorpusFacts(())

    async def read_facts_first() -> str:
        nonlocal facts
        facts = await tasks.call(lambda: loader.library().corpus_facts)
        return await result()

    return await result_response(title, lambda: form(facts), read_facts_first)


def add_check_pages(app: FastAPI, tasks: LimitedTasks) -> None:
    """Add the page that checks a draft, and its report to download."""

    async def checked(draft: tuple[str, bytes, str], *, as_report: bool = False) -> str:
        return str((await tasks.perform(check_request(*draft, as_report=as_report)))["html"])

    @app.get("/check")
    async def form() -> Response:
        return await result_response(_("Check a draft"), check_form_html)

    @app.post("/check")
    async def check(request: Request) -> Response:
        draft = await _uploaded_draft(request)
        text = draft[2] if len(draft[2]) <= limits.DRAFT.value else ""
        return await result_response(_("Check a draft"), lambda: check_form_html(text), lambda: checked(draft))

    @app.post("/check-report")
    async def report(request: Request) -> Response:
        draft = await _uploaded_draft(request)
        return await report_response(_("Check a draft"), "check.html", lambda: checked(draft, as_report=True))


async def _uploaded_draft(request: Request) -> tuple[str, bytes, str]:
    """Return the name and bytes of the uploaded file, else the pasted text.

    Instead of a draft that is far too long a text just over the limit is returned, which the check rejects.
    """
    try:
        name, data, fields = await read_upload(request, ("draft",), MAX_DRAFT)
    except HTTPException:
        return "", b"", "x" * (limits.DRAFT.value + 1)
    return name, data, "" if name else fields["draft"]


async def read_upload(request: Request, names: Sequence[str], longest: int) -> tuple[str, bytes, dict[str, str]]:
    """Return name and bytes of the file of a form, empty if there is none, and its text fields.

    Raises:
        HTTPException: A field has more than `longest` bytes.
    """
    async with request.form(max_files=1, max_fields=len(names) + 1, max_part_size=longest) as form:
        file = form.get("file")
        fields = {name: text.replace("\r\n", "\n") if isinstance(text := form.get(name), str) else "" for name in names}
        if isinstance(file, UploadFile) and file.filename:
            return PurePath(file.filename).name, await file.read(), fields
        return "", b"", fields


def add_watch_pages(app: FastAPI, tasks: LimitedTasks) -> None:
    """Add the page that watches saved questions, and its report to download."""

    async def watched(name: str, data: bytes, fields: dict[str, str], *, as_report: bool = False) -> str:
        request = watch_request(name, data, fields["questions"], fields["since"], as_report=as_report)
        return str((await tasks.perform(request))["html"])

    @app.get("/watch")
    async def link(request: Request) -> Response:
        """The form; with questions in the URL, their outcome too."""
        fields = {name: request.query_params.get(name, "") for name in _WATCH_FIELDS}
        result = (lambda: watched("", b"", fields)) if fields["questions"] else None
        return await result_response(_("Watch"), lambda: watch_form_html(**fields), result)

    @app.post("/watch")
    async def watch(request: Request) -> Response:
        name, data, fields = await read_upload(request, _WATCH_FIELDS, MAX_QUESTIONS)
        return await result_response(_("Watch"), lambda: watch_form_html(**fields), lambda: watched(name, data, fields))

    @app.post("/watch-report")
    async def report(request: Request) -> Response:
        sent = await read_upload(request, _WATCH_FIELDS, MAX_QUESTIONS)
        return await report_response(_("Watch"), "watch.html", lambda: watched(*sent, as_report=True))


_BATCH_MEDIA_TYPES = {"jsonl": "application/jsonl", "csv": "text/csv", "trec": "text/plain", "html": "text/html"}


def add_batch_pages(app: FastAPI, batches: Batches) -> None:
    """Add the pages of finished batches, and their downloads."""

    @app.get("/batch")
    def batch(id: str = "") -> Response:
        result = _batch_result(batches, id)
        return _batch_gone() if result is None else HTMLResponse(page(result.name, result_html(result, id)))

    @app.get("/batch-rows")
    def rows(id: str = "", sort: str = "", down: int = 0, at: int = 1) -> Response:
        result = _batch_result(batches, id)
        if result is None:
            return _batch_gone()
        table = rows_html(result, id, sort, descending=bool(down), page=at)
        body = Markup('<main class="yq-batch"><h1>{}</h1>{}</main>').format(_("Batch: questions"), table)
        return HTMLResponse(page(result.name, body))

    @app.get("/batch-file")
    def file(id: str = "", name: str = "", view: bool = False) -> Response:
        batch = batches.find(id)
        if batch is None or batch.result is None or name not in FILES:
            return _batch_gone()
        disposition = "inline" if view and name == "report.html" else "attachment"
        media_type = f"{_BATCH_MEDIA_TYPES[name.rpartition('.')[2]]}; charset=utf-8"
        return FileResponse(
            batch.out / name, media_type=media_type, filename=name, content_disposition_type=disposition
        )


def _batch_result(batches: Batches, token: str) -> BatchResult | None:
    batch = batches.find(token)
    return batch.result if batch is not None else None


def _batch_gone() -> Response:
    return HTMLResponse(error_page(_("This batch is no longer on the server: please run it again.")), 404)
