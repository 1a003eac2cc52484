"""What takes long of what the form and programs are asked: JSON in; steps, and at the end what is given, out.

So that another process can do it (`qa.web.workers.bulk_process`). Knows neither processes nor Gradio.
"""

from __future__ import annotations

import base64
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qa.answering.library import DEFAULT_K, Library
from qa.api.service import LibraryService
from qa.evaluation.evaluate import evaluate_stepwise
from qa.evaluation.metrics import Evaluation
from qa.evaluation.questions import read_questions
from qa.output.json_objects import Json
from qa.web.batches.store import Batch
from qa.web.render import batch as batch_table
from qa.web.render.batch import Result, Row
from qa.web.render.batch_csv import answers_csv
from qa.web.routes.comparison_request import Wanted

PROGRAMS = frozenset({"compare", "check", "evaluate"})


def service_request(name: str, *arguments: object) -> Json:
    """A request for what the function of this name of `LibraryService` gives for these arguments."""
    return {"program": name, "arguments": arguments}


def compare_request(wanted: Wanted) -> Json:
    """A request for a comparison: `html`."""
    return {"compare": asdict(wanted)}


def check_request(name: str, data: bytes, text: str) -> Json:
    """A request for a draft to be checked, the file of that name or else a text: `html`."""
    return {"check": {"name": name, "data": base64.b64encode(data).decode(), "text": text}}


def batch_request(batch: Batch) -> Json:
    """A request for a file of questions to be asked: steps of how many of how many, then what `result` reads."""
    chosen = batch.prepared.chosen if batch.prepared is not None else None
    return {"batch": str(batch.source), "columns": dict(chosen) if chosen is not None else None, "out": str(batch.out)}


def result(given: Json) -> Result:
    """What a batch came to."""
    return Result(**{**given, "rows": tuple(Row(**one) for one in given["rows"])})


def work(library: Library, request: Json) -> Generator[Json, None, None]:
    """Do what is asked: `{"step": [done, of]}` any number of times, then `{"given": …}`; closing it stops the work.

    Raises QuestionError, OSError and what the index raises.
    """
    if "batch" in request:
        yield from _asked(library, request)
    elif "program" in request:
        if request["program"] not in PROGRAMS:
            raise ValueError(request["program"])
        yield {"given": getattr(LibraryService(lambda: library), request["program"])(*request["arguments"])}
    elif "change" in request:
        from qa.web.workers.change_tasks import changed  # late: who changes nothing need not load what builds

        yield from changed(library, request)
    else:
        yield {"given": {"html": _html(library, request)}}


def _html(library: Library, request: Json) -> str:
    from qa.web.render.comparison import checked, compared, draft_of  # late: who asks nothing of it need not load it

    if "compare" in request:
        return compared(library, Wanted(**request["compare"]))
    sent = request["check"]
    return checked(library, draft_of(sent["name"], base64.b64decode(sent["data"]), sent["text"]))


def _asked(library: Library, request: Json) -> Iterator[Json]:
    out = Path(request["out"])
    questions = read_questions(Path(request["batch"]), columns=request["columns"])
    # the k of the tab that asks: each row leads to the very same answer
    with closing(evaluate_stepwise(library, questions, out, k=DEFAULT_K)) as steps:
        for step in steps:
            if step.evaluation is None:
                yield {"step": [step.done, step.total]}
            else:
                yield {"given": _kept(step.evaluation, out)}


def _kept(evaluation: Evaluation, out: Path) -> dict[str, Any]:
    table = answers_csv(evaluation.outcomes)
    (out / "answers.csv").write_text(table, encoding="utf-8", errors="replace", newline="")
    return asdict(batch_table.result(evaluation, [one.question.filters for one in evaluation.outcomes]))
