"""A batch being asked: the run of `evaluate`, told in lines for the page. Knows nothing of Gradio."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import closing

from qa.answer import DEFAULT_K
from qa.evaluate import run
from qa.metrics import Evaluation
from qa.web import asking
from qa.web.batch_csv import answers_csv
from qa.web.batch_store import Batch
from qa.web.batch_table import result
from qa.web.markup import escape
from qa.web.opening import FAULTS, Opening

EVERY = 0.25
"""Seconds between two signs of life; a run that is cancelled goes on for no longer than that, and one question."""

AT_ONCE = 2
"""Batches that run at the same time; who comes after them is told so."""

_places = threading.BoundedSemaphore(AT_ONCE)


def ask_all(opening: Opening, batch: Batch) -> Generator[str, None, None]:
    """Ask a batch's questions; yields what the page shows meanwhile. Closing it stops the run, as does `batch.stopped`.

    Afterwards `batch.result` is there, unless the last line says what went wrong.
    """
    if batch.prepared is None or batch.prepared.questions is None:
        yield asking.message("There are no questions to ask.")
        return
    if not _places.acquire(blocking=False):
        yield asking.message(f"{AT_ONCE} batches are running already: try again when one of them has ended.")
        return
    batch.running, batch.stopped, batch.result = True, False, None
    try:
        if not opening.is_open:
            yield asking.message("Opening the library …")
        # the k of the tab that asks: each row leads to the very same answer
        steps = run(opening.library(), batch.prepared.questions, batch.out, k=DEFAULT_K)
        with closing(steps):
            begin = told = time.monotonic()
            for step in steps:
                if batch.stopped and step.evaluation is None:
                    yield asking.message("Stopped. Nothing was kept.")
                    return
                now = time.monotonic()
                if step.evaluation is not None:
                    _finish(batch, step.evaluation)
                elif step.done == 0 or now - told >= EVERY:
                    told = now
                    yield progress_html(step.done, step.total, now - begin)
    except (*FAULTS, OSError) as error:
        yield asking.message(str(error))
    finally:
        batch.running = False
        _places.release()


def _finish(batch: Batch, evaluation: Evaluation) -> None:
    table = answers_csv(evaluation.outcomes)
    (batch.out / "answers.csv").write_text(table, encoding="utf-8", errors="replace", newline="")
    batch.result = result(evaluation, [one.question.filters for one in evaluation.outcomes])


def progress_html(done: int, total: int, seconds: float) -> str:
    """How far a run is, after so many seconds, and how long it will still take."""
    left = f" · {in_words(seconds / done * (total - done))} left" if done and seconds > 1 else ""
    words = f"{done:,} of {total:,} questions{left}"
    return (
        f'<label class="yq-progress"><progress max="{total}" value="{done}">{done}</progress> '
        f"<span>{escape(words)}</span></label>"
    )


def in_words(seconds: float) -> str:
    """A time that is still to pass, as a person would say it."""
    if seconds < 55:
        return f"about {max(1, round(seconds)) if seconds < 10 else 5 * round(seconds / 5)} s"
    minutes = round(seconds / 60)
    return "about a minute" if minutes <= 1 else f"about {minutes} minutes"
