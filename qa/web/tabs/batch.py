"""The tab that asks a file of questions, by the run of `evaluate`."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

import gradio as gr
from markupsafe import Markup

from corpus.translation import gettext as _
from corpus.translation import gettext_noop, ngettext
from qa import limits
from qa.api.concurrency import LibraryLoader
from qa.errors import USER_ERRORS
from qa.evaluation.question_formats import FIELDS
from qa.templating import clip, render
from qa.web.batches import PASTED, SUFFIXES, Batch, PreparedQuestions, prepare
from qa.web.render.page import message
from qa.web.security.request_limits import RequestRefused
from qa.web.tabs.widgets import ONCE, PRIVATE, Services, TabContext, choice, html, progress_html
from qa.web.workers.pool import TaskRunner
from qa.web.workers.tasks import batch_request, parse_batch_result

MIN_UPDATE_INTERVAL = 0.25
"""Seconds between two progress updates of a run."""

MAX_RUNNING = 2
"""Batches that run at the same time; another one is rejected."""

_run_slots = threading.BoundedSemaphore(MAX_RUNNING)

_LABELS = {
    "question": gettext_noop("Question"),
    "id": gettext_noop("Id"),
    "type": gettext_noop("Type"),
    "evidence": gettext_noop("Evidence (JSON)"),
    "doc": gettext_noop("Relevant document"),
    "quote": gettext_noop("Quotation that answers"),
    "passages": gettext_noop("Relevant passages"),
    "answer": gettext_noop("Short answer"),
    "filters": gettext_noop("Filters (JSON)"),
}


class BatchTab:
    """A file of questions, its columns, its run and its result."""

    name: ClassVar = "batch"
    title: ClassVar = gettext_noop("Batch")

    def __init__(self, services: Services) -> None:
        self._loader = services.loader
        self._runner = services.runner
        self._batches = services.batches

    def add(self, context: TabContext) -> None:  # noqa: ARG002 - this tab has no events of the page
        """Create the components and their events."""
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        html(render("form.html", part="batch introduction"))
        with gr.Column(elem_classes=["yq-drop", f"yq-most-{limits.FORM_FILE.value}", "yq-files-1"]):
            with gr.Row(elem_id="yq-batch-file"):
                self._upload = gr.UploadButton(
                    _("Choose a file, or drop it here"),
                    file_types=list(SUFFIXES),
                    elem_id="yq-batch-upload",
                    scale=0,
                    min_width=290,
                )
                self._discard = gr.Button(
                    _("Discard the file"), visible=False, elem_id="yq-batch-forget", scale=0, min_width=210
                )
            self._pasted = gr.Textbox(
                label=_("Or paste questions, one per line"),
                lines=4,
                max_lines=12,
                interactive=True,
                elem_id="yq-batch-pasted",
            )
            self._note = html("", elem_id="yq-batch-note", elem_classes=["yq-told"])
        with (
            gr.Accordion(
                _("Columns of the file"), open=False, visible=False, elem_id="yq-batch-columns"
            ) as self._mapping,
            gr.Row(),
        ):
            self._columns = [
                choice(_(_LABELS[field]), [_no_column()], elem_id=f"yq-column-{field}") for field in FIELDS
            ]
        with gr.Row(elem_id="yq-batch-buttons"):
            self._start = gr.Button(_("Ask all"), variant="primary", elem_id="yq-batch-start", scale=0, min_width=120)
            self._stop = gr.Button(
                _("Stop"), variant="stop", visible=False, elem_id="yq-batch-stop", scale=0, min_width=96
            )
        self._progress = html("", elem_id="yq-batch-progress")
        self._result = html("", elem_id="yq-batch-result")
        self._token = gr.State("")  # of the batch whose file was chosen
        self._running = gr.State("")

    def _wire(self) -> None:
        looked = [self._token, self._note, self._discard, self._pasted, self._mapping, *self._columns, self._result]
        running = [self._progress, self._start, self._stop, self._result, self._running]
        self._upload.upload(self._receive, self._upload, looked, **PRIVATE)
        self._discard.click(self._clear, None, looked, **PRIVATE)
        inputs = [self._token, *self._columns]
        gr.on([column.input for column in self._columns], self._choose_columns, inputs, self._note, **PRIVATE)
        self._start.click(self._run, [self._token, self._pasted, *self._columns], running, **ONCE)
        # not by Gradio's `cancels`: the last output of the run would arrive after the answer to the click
        self._stop.click(self._request_stop, self._running, self._stop, **PRIVATE)

    def _receive(self, uploaded: str) -> list[Any]:
        """Show a file that was uploaded."""
        batch = self._batches.add(Path(uploaded).name, Path(uploaded))
        prepared = batch.prepared = prepare(batch.source)
        names = prepared.columns.names if prepared.columns is not None else ()
        choices = [_no_column(), *((clip(name, 60), name) for name in names)]
        chosen = prepared.chosen or {}
        return [
            batch.token,
            _note(prepared),
            gr.Button(visible=True),
            gr.Textbox(visible=False),
            gr.Accordion(visible=bool(names), open=not prepared.is_clear),
            *(gr.Dropdown(choices=choices, value=chosen.get(field, "")) for field in FIELDS),
            "",
        ]

    def _clear(self) -> list[Any]:
        nothing = [gr.Dropdown(choices=[_no_column()], value="") for _ in FIELDS]
        return ["", "", gr.Button(visible=False), gr.Textbox(visible=True), gr.Accordion(visible=False), *nothing, ""]

    def _choose_columns(self, token: str, *columns: str) -> Markup:
        batch = self._batches.find(token)
        if batch is None:
            return _gone_message()
        batch.prepared = prepare(batch.source, _chosen_columns(columns))
        return _note(batch.prepared)

    def _run(self, token: str, pasted: str, *columns: str) -> Iterator[list[Any]]:
        batch = self._batches.find(token) if token else None
        if token and batch is None:
            yield _idle(_gone_message())
            return
        if batch is None:
            if not pasted.strip():
                yield _idle(message(_("Please choose a file or paste questions.")))
                return
            try:
                batch = self._batches.add(PASTED, pasted.encode("utf-8", "replace"))
            except RequestRefused as refused:
                yield _idle(message(str(refused)))
                return
            batch.prepared = prepare(batch.source)
        elif (chosen := _chosen_columns(columns)) and batch.prepared is not None and chosen != batch.prepared.chosen:
            batch.prepared = prepare(batch.source, chosen)  # as the page shows, though the change event is still queued
        if batch.prepared is None or batch.prepared.questions is None:
            yield _idle(_note(batch.prepared) if batch.prepared is not None else _gone_message())
            return
        notes = Markup() if token else _remarks(batch.prepared)
        status = Markup()
        with closing(ask_all(self._loader, self._runner, batch)) as updates:
            for status in updates:
                yield [status + notes, gr.Button(interactive=False), gr.Button(visible=True), "", batch.token]
        if batch.result is None:
            yield _idle(status)
            return
        url = f"./batch?{urlencode({'id': batch.token})}"
        link = render("form.html", part="include", url=url, label=_("The result"), with_address=False)
        yield [notes, gr.Button(interactive=True), gr.Button(visible=False), link, ""]

    def _request_stop(self, running: str) -> gr.Button:
        batch = self._batches.find(running) if running else None
        if batch is not None:
            batch.stopped = True
        return gr.Button(visible=False)


def ask_all(loader: LibraryLoader, runner: TaskRunner, batch: Batch) -> Generator[Markup, None, None]:
    """Run a batch and yield its status as HTML. Closing the generator, or setting `batch.stopped`, stops the run.

    Afterwards `batch.result` is set, unless the last status is an error message.
    """
    if batch.prepared is None or batch.prepared.questions is None:
        yield message(_("There are no questions to ask."))
        return
    if not _run_slots.acquire(blocking=False):
        yield message(
            _(
                "%(count)s batches are already running: please try again when one of them has finished.",
                count=MAX_RUNNING,
            )
        )
        return
    batch.running, batch.stopped, batch.result = True, False, None
    try:
        if not loader.is_open:
            yield message(_("Opening the library …"))
        with closing(runner.steps(batch_request(batch))) as steps:
            start = updated = time.monotonic()
            for step in steps:
                if "result" in step:
                    batch.result = parse_batch_result(step["result"])
                    return
                if batch.stopped:
                    yield message(_("Stopped. No results were stored."))
                    return
                done, total = step["step"]
                now = time.monotonic()
                if done == 0 or now - updated >= MIN_UPDATE_INTERVAL:
                    updated = now
                    text = _("%(done)s of %(total)s questions", done=f"{done:,}", total=f"{total:,}")
                    yield progress_html(done, total, text, now - start)
    except (*USER_ERRORS, OSError) as error:
        yield message(str(error))
    finally:
        batch.running = False
        _run_slots.release()


def _no_column() -> tuple[str, str]:
    return _("none"), ""


def _chosen_columns(columns: tuple[str, ...]) -> dict[str, str]:
    return {field: column for field, column in zip(FIELDS, columns, strict=True) if column}


def _idle(status: Markup) -> list[Any]:
    return [status, gr.Button(interactive=True), gr.Button(visible=False), "", ""]


def _note(prepared: PreparedQuestions) -> Markup:
    """Return a description of a file: its questions and what the user should know."""
    remarks = _remarks(prepared)
    if prepared.questions is None:
        return remarks
    questions = ngettext("%(count)s question", "%(count)s questions", len(prepared.questions))
    if prepared.judged:
        counts = _("%(questions)s, %(judged)s with judgements.", questions=questions, judged=f"{prepared.judged:,}")
    else:
        counts = _("%(questions)s, no judgements.", questions=questions)
    return render("form.html", part="questions file", name=prepared.name, counts=counts, remarks=remarks)


def _remarks(prepared: PreparedQuestions) -> Markup:
    return Markup().join(message(remark) for remark in prepared.remarks())


def _gone_message() -> Markup:
    return message(_("This file is no longer on the server: please choose it again."))
