"""The tab that asks a whole file of questions: Gradio parts, wired to `batch_run`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from qa import limits
from qa.api.library_loader import LibraryLoader
from qa.evaluation.question_formats import FIELDS
from qa.web.batches.questions_file import PASTED, SUFFIXES, Prepared, prepare, remarks
from qa.web.batches.store import Batch, Batches
from qa.web.render.markup import escape
from qa.web.security.request_limits import RequestRefused
from qa.web.tabs import ask_handler
from qa.web.tabs.batch_handler import ask_all
from qa.web.tabs.widgets import PRIVATE, choice, html
from qa.web.workers.pool import TaskRunner

_INTRODUCTION = (
    '<p class="yq-soft">Ask many questions at once: a file of questions (JSON Lines, CSV, or text with a question a '
    "line), or lines pasted here. Where the file says what answers its questions, the answers are measured.</p>"
)
_LABELS = {
    "question": "Question",
    "id": "Id",
    "type": "Type",
    "evidence": "Evidence (JSON)",
    "doc": "Document that answers",
    "quote": "Words that answer",
    "passages": "Passages that answer",
    "answer": "Short answer",
    "filters": "Filters (JSON)",
}
_RUN: Any = PRIVATE | {"trigger_mode": "once", "concurrency_limit": None}
_NONE = ("none", "")


class BatchTab:
    """The parts of the tab, in the order in which the page has them, and what happens between them."""

    def __init__(self, opening: LibraryLoader, bulk: TaskRunner, batches: Batches) -> None:
        self._opening = opening
        self._bulk = bulk
        self._batches = batches

    def add(self) -> None:
        """Add the parts and their events to the page that is being laid out."""
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        html(_INTRODUCTION)
        with gr.Column(elem_classes=["yq-drop", f"yq-most-{limits.FORM_FILE.value}", "yq-files-1"]):
            with gr.Row(elem_id="yq-batch-file"):
                self._upload = gr.UploadButton(
                    "Choose a file, or drop it here",
                    file_types=list(SUFFIXES),
                    elem_id="yq-batch-upload",
                    scale=0,
                    min_width=290,
                )
                self._forget = gr.Button(
                    "Leave the file out", visible=False, elem_id="yq-batch-forget", scale=0, min_width=210
                )
            self._pasted = gr.Textbox(
                label="Or paste questions, one a line",
                lines=4,
                max_lines=12,
                interactive=True,
                elem_id="yq-batch-pasted",
            )
            self._note = html("", elem_id="yq-batch-note")
        with (
            gr.Accordion("Columns of the file", open=False, visible=False, elem_id="yq-batch-columns") as self._mapping,
            gr.Row(),
        ):
            self._columns = [choice(_LABELS[one], [_NONE], elem_id=f"yq-column-{one}") for one in FIELDS]
        with gr.Row(elem_id="yq-batch-buttons"):
            self._start = gr.Button("Ask all", variant="primary", elem_id="yq-batch-start", scale=0, min_width=120)
            self._stop = gr.Button(
                "Stop", variant="stop", visible=False, elem_id="yq-batch-stop", scale=0, min_width=96
            )
        self._progress = html("", elem_id="yq-batch-progress")
        self._result = html("", elem_id="yq-batch-result")
        self._token = gr.State("")  # of the batch whose file was chosen
        self._running = gr.State("")

    def _wire(self) -> None:
        looked = [self._token, self._note, self._forget, self._pasted, self._mapping, *self._columns, self._result]
        running = [self._progress, self._start, self._stop, self._result, self._running]
        self._upload.upload(self._look, self._upload, looked, **PRIVATE)
        self._forget.click(self._leave_out, None, looked, **PRIVATE)
        gr.on([one.input for one in self._columns], self._choose, [self._token, *self._columns], self._note, **PRIVATE)
        self._start.click(self._run, [self._token, self._pasted, *self._columns], running, **_RUN)
        # not by Gradio's `cancels`: what the run sent last would come after the answer to the click
        self._stop.click(self._stop_it, self._running, self._stop, **PRIVATE)

    def _look(self, uploaded: str) -> list[Any]:
        """A file was chosen."""
        batch = self._batches.add(Path(uploaded).name, Path(uploaded))
        batch.prepared = prepare(batch.source)
        return self._looked(batch)

    def _leave_out(self) -> list[Any]:
        nothing = [gr.Dropdown(choices=[_NONE], value="") for _ in FIELDS]
        return ["", "", gr.Button(visible=False), gr.Textbox(visible=True), gr.Accordion(visible=False), *nothing, ""]

    def _looked(self, batch: Batch) -> list[Any]:
        prepared = batch.prepared
        assert prepared is not None  # noqa: S101 - just prepared
        columns = prepared.columns
        names = columns.names if columns is not None else ()
        choices = [_NONE, *((_shown(name), name) for name in names)]
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

    def _choose(self, token: str, *columns: str) -> str:
        """Other columns were chosen."""
        batch = self._batches.find(token)
        if batch is None:
            return _gone()
        batch.prepared = prepare(batch.source, _chosen(columns))
        return _note(batch.prepared)

    def _run(self, token: str, pasted: str, *columns: str) -> Iterator[list[Any]]:
        batch = self._batches.find(token) if token else None
        if token and batch is None:
            yield _idle(_gone())
            return
        if batch is None:
            if not pasted.strip():
                yield _idle(ask_handler.message("Choose a file, or paste questions, first."))
                return
            try:
                batch = self._batches.add(PASTED, pasted.encode("utf-8", "replace"))
            except RequestRefused as refused:
                yield _idle(ask_handler.message(str(refused)))
                return
            batch.prepared = prepare(batch.source)
        elif (chosen := _chosen(columns)) and batch.prepared is not None and chosen != batch.prepared.chosen:
            batch.prepared = prepare(batch.source, chosen)  # what the page shows, though the choice is still on its way
        if batch.prepared is None or batch.prepared.questions is None:
            yield _idle(_note(batch.prepared) if batch.prepared is not None else _gone())
            return
        notes = "" if token else _remarks(batch.prepared)
        said = ""
        with closing(ask_all(self._opening, self._bulk, batch)) as lines:
            for said in lines:
                yield [said + notes, gr.Button(interactive=False), gr.Button(visible=True), "", batch.token]
        if batch.result is None:
            yield _idle(said)
            return
        address = escape(f"./batch?{urlencode({'id': batch.token})}")
        yield [
            notes,
            gr.Button(interactive=True),
            gr.Button(visible=False),
            f'<div><a class="yq-include" href="{address}">The result</a></div>',
            "",
        ]

    def _stop_it(self, running: str) -> gr.Button:
        batch = self._batches.find(running) if running else None
        if batch is not None:
            batch.stopped = True
        return gr.Button(visible=False)


def _chosen(columns: tuple[str, ...]) -> dict[str, str]:
    """The column of each field that has one."""
    return {field: column for field, column in zip(FIELDS, columns, strict=True) if column}


def _idle(line: str) -> list[Any]:
    return [line, gr.Button(interactive=True), gr.Button(visible=False), "", ""]


def _note(prepared: Prepared) -> str:
    """What a file holds, in a line, and what is to be said about it."""
    if prepared.questions is None:
        return _remarks(prepared)
    count = len(prepared.questions)
    words = f"{count:,} question{'' if count == 1 else 's'}"
    judged = f", {prepared.judged:,} with judgements" if prepared.judged else ", no judgements"
    line = f'<p class="yq-file"><strong>{escape(prepared.name)}</strong>: {words}{judged}.</p>'
    return f"<div>{line}{_remarks(prepared)}</div>"


def _remarks(prepared: Prepared) -> str:
    return "".join(ask_handler.message(one) for one in remarks(prepared))


def _gone() -> str:
    return ask_handler.message("This file is not here any more: choose it again.")


def _shown(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:59]}…"
