"""Tasks that a library performs for the form and its endpoints: a JSON request in, JSON progress and a result out.

Requests and results are JSON so that a child process can perform the task (`qa.web.workers.pool`). Each kind of
request has a function that builds it.
"""

from __future__ import annotations

import base64
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from corpus import processes
from corpus.discovery import Unread
from corpus.ingest import Plan, plan, read
from corpus.processes import Json
from index.building.build import build
from index.building.diff import indexed_files
from index.building.report import RECOGNISING, BuildProgress, BuildReport
from index.models.encoder import Encoder
from qa.answering.library import DEFAULT_K, Answer, Library
from qa.api.service import LibraryService
from qa.evaluation.evaluate import evaluate_stepwise
from qa.evaluation.questions import read_questions
from qa.output.citation_formats import export
from qa.question.analysis import Interpretation
from qa.question.filters import parse_filters
from qa.web.batches import Batch
from qa.web.render.answer import answer_html
from qa.web.render.batch import BatchResult, BatchRow, answers_csv, batch_result
from qa.web.render.form_pages import (
    checked_draft_html,
    comparison_html,
    occurrences_html,
    read_draft,
    watched_html,
    word_counts_csv,
    word_counts_html,
)
from qa.web.urls import ComparisonRequest, QuestionRequest, WordsRequest, drop_preferences, preference_chips

SERVICES = frozenset({"compare", "check", "evaluate"})
"""Methods of `LibraryService` that a request may name."""


def show_request(asked: QuestionRequest) -> Json:
    """Request what the form shows of an answer: `html`, and `chips` as pairs of key and label."""
    return {"show": _asked_json(asked)}


def export_request(asked: QuestionRequest, form: str) -> Json:
    """Request the citations of an answer's passages: `text` in a format of `citation_formats`."""
    return {"export": _asked_json(asked), "form": form}


def ask_request(**arguments: object) -> Json:
    """Request the result of `LibraryService.ask` with these arguments."""
    return {"ask": arguments}


def service_request(name: str, **arguments: object) -> Json:
    """Request the result of a method of `LibraryService` (one of `SERVICES`) with these arguments."""
    return {"service": name, "arguments": arguments}


def compare_request(wanted: ComparisonRequest) -> Json:
    """Request a comparison of editions: `html`."""
    return {"compare": asdict(wanted)}


def words_request(wanted: WordsRequest, part: str) -> Json:
    """Request counts of words: `text`, of the part `counts` or `occurrences` as HTML, or of `csv`."""
    return {"words": asdict(wanted), "part": part}


def check_request(name: str, data: bytes, text: str, *, as_report: bool = False) -> Json:
    """Request the check of a draft, given as a file or, without a name, as text: `html`."""
    return {"check": {"name": name, "data": base64.b64encode(data).decode(), "text": text}, "as_report": as_report}


def watch_request(name: str, data: bytes, text: str, since: str, *, as_report: bool = False) -> Json:
    """Request what two editions answer to the questions of a file or, without a name, of a text: `html`."""
    return {
        "watch": {"name": name, "data": base64.b64encode(data).decode(), "text": text, "since": since},
        "as_report": as_report,
    }


def batch_request(batch: Batch) -> Json:
    """Request the answers to a file of questions; each step is a pair: questions done, questions in total."""
    chosen = batch.prepared.chosen if batch.prepared is not None else None
    return {"batch": str(batch.source), "columns": dict(chosen) if chosen is not None else None, "out": str(batch.out)}


def parse_batch_result(result: Json) -> BatchResult:
    """Parse the result of a batch."""
    return BatchResult(**{**result, "rows": tuple(BatchRow(**row) for row in result["rows"])})


def change_request(index: Path, files: Path | None, remove: Sequence[str] = (), recognize: Sequence[str] = ()) -> Json:
    """Request an update of an index with a folder of files, if not None, and the removal of documents by id.

    Pages of the documents `recognize` that have no text are recognised.
    """
    request = {"index": str(index), "files": str(files) if files else None}
    return {"change": {**request, "remove": list(remove), "recognize": list(recognize)}}


def parse_change_progress(step: Json) -> BuildProgress:
    """Parse a step of a change."""
    return BuildProgress(**step["step"])


def parse_change_report(result: Json) -> BuildReport:
    """Parse the result of a change."""
    unread = [Unread(Path(file["path"]), file["reason"]) for file in result["unread"]]
    return BuildReport(**{**result, "unread": unread})


def perform(library: Library, request: Json) -> Generator[Json, None, None]:
    """Perform a task: yield any number of `{"step": …}`, then `{"result": …}`. Closing the generator stops the task.

    Raises:
        QuestionError: The request is wrong.
        OSError: A file cannot be read or written.
        ValueError: The request names no known service.
    """
    if "batch" in request:
        yield from _ask_batch(library, request)
    elif "change" in request:
        yield from _change(library, request["change"])
    elif "service" in request:
        if request["service"] not in SERVICES:
            raise ValueError(request["service"])
        yield {"result": getattr(LibraryService(lambda: library), request["service"])(**request["arguments"])}
    elif "compare" in request:
        yield {"result": {"html": comparison_html(library, ComparisonRequest(**request["compare"]))}}
    elif "words" in request:
        part = {"counts": word_counts_html, "csv": word_counts_csv, "occurrences": occurrences_html}[request["part"]]
        yield {"result": {"text": part(library, WordsRequest(**request["words"]))}}
    elif "check" in request:
        draft = request["check"]
        read = read_draft(draft["name"], base64.b64decode(draft["data"]), draft["text"])
        html = checked_draft_html(library, read, as_report=request["as_report"])
        yield {"result": {"html": html}}
    elif "watch" in request:
        sent = {**request["watch"], "data": base64.b64decode(request["watch"]["data"])}
        yield {"result": {"html": watched_html(library, **sent, as_report=request["as_report"])}}
    else:
        yield {"result": answer(library, request)}


def answer(library: Library, request: Json) -> Json:
    """Answer a request that asks one question. Raises QuestionError and what the index raises."""
    if "ask" in request:
        return {**LibraryService(lambda: library).ask(**request["ask"])}
    if "export" in request:
        return {"text": export(_answer(library, _read_asked(request["export"]))[0], request["form"])}
    asked = _read_asked(request["show"])
    answered, interpretation = _answer(library, asked)
    return {
        "html": answer_html(answered, asked, hide=library.notices),
        "chips": [[chip.key, chip.label] for chip in preference_chips(interpretation)],
    }


def error_without_path(error: OSError) -> str:
    """Describe a disk error with the name of the file only: paths of the server are not shown to users."""
    return f"{Path(str(error.filename)).name if error.filename else 'the files'}: {error.strerror}"


def _asked_json(asked: QuestionRequest) -> Json:
    return {"question": asked.question, "filters": asked.filters.as_json(), "ignored": asked.ignored}


def _read_asked(request: Json) -> QuestionRequest:
    return QuestionRequest(request["question"], parse_filters(**request["filters"]), tuple(request["ignored"]))


def _answer(library: Library, asked: QuestionRequest) -> tuple[Answer, Interpretation]:
    """Return the answer, and the interpretation of the question with the preferences that the user ignores."""
    interpretations: list[Interpretation] = []

    def drop(interpretation: Interpretation) -> Interpretation:
        interpretations.append(interpretation)
        return drop_preferences(asked.ignored)(interpretation)

    answered = library.ask(asked.question, filters=asked.filters, adjust=drop)
    return answered, interpretations[0]


def _ask_batch(library: Library, request: Json) -> Iterator[Json]:
    out = Path(request["out"])
    questions = read_questions(Path(request["batch"]), columns=request["columns"])
    # the k of the tab that asks: each row links to the very same answer
    with closing(evaluate_stepwise(library, questions, out, k=DEFAULT_K)) as steps:
        for step in steps:
            if (evaluation := step.evaluation) is None:
                yield {"step": [step.done, step.total]}
                continue
            table = answers_csv(evaluation.outcomes)
            (out / "answers.csv").write_text(table, encoding="utf-8", errors="replace", newline="")
            filters = [outcome.question.filters for outcome in evaluation.outcomes]
            yield {"result": asdict(batch_result(evaluation, filters))}


def _change(library: Library, change: Json) -> Iterator[Json]:
    """Change an index with the library's model. A change that has begun goes on in its thread, watched or not.

    Raises what `build` and `plan` raise; an OSError without the server's path.
    """
    steps: SimpleQueue[Json | None] = SimpleQueue()
    with ThreadPoolExecutor(1, "change-index") as thread:
        building = thread.submit(_build, change, library.encoder, steps)
        building.add_done_callback(lambda _: steps.put(None))
        while (step := steps.get()) is not None:
            yield step
        try:
            report = building.result()
        except OSError as error:
            if error.strerror is None:
                raise
            raise OSError(error_without_path(error)) from error
    unread = [{"path": str(file.path), "reason": file.reason} for file in report.unread]
    yield {"result": {**asdict(report), "unread": unread}}


def _build(change: Json, encoder: Encoder, steps: SimpleQueue[Json | None]) -> BuildReport:
    folder = Path(change["index"])
    indexed = indexed_files(folder)
    files = plan([Path(change["files"])], indexed=indexed) if change["files"] is not None else Plan((), ())
    sources = [replace(source, ocr=source.ocr or source.id in change["recognize"]) for source in files.sources]

    def on_page(name: str, done: int, total: int) -> None:
        steps.put({"step": asdict(BuildProgress(f"{RECOGNISING} {name}", done, total, 0, 0, done / total))})

    try:
        return build(
            folder,
            replace(files, sources=sources),
            encoder,
            remove=change["remove"],
            read=partial(read, on_page=on_page),
            progress=lambda advance: steps.put({"step": asdict(advance)}),
        )
    finally:
        processes.trim_heap()
