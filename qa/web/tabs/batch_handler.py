"""A batch being asked: the run of `evaluate`, told in lines for the page. Knows nothing of Gradio."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import closing

from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.web.batches.store import Batch
from qa.web.render.markup import escape
from qa.web.tabs import ask_handler
from qa.web.workers.pool import TaskRunner
from qa.web.workers.tasks import batch_request, parse_batch_result

EVERY = 0.25
"""Seconds between two signs of life; a run that is cancelled goes on for no longer than that, and one question."""

AT_ONCE = 2
"""Batches that run at the same time; who comes after them is told so."""

_places = threading.BoundedSemaphore(AT_ONCE)


def ask_all(opening: LibraryLoader, bulk: TaskRunner, batch: Batch) -> Generator[str, None, None]:
    """Ask a batch's questions; yields what the page shows meanwhile. Closing it stops the run, as does `batch.stopped`.

    Afterwards `batch.result` is there, unless the last line says what went wrong.
    """
    if batch.prepared is None or batch.prepared.questions is None:
        yield ask_handler.message("There are no questions to ask.")
        return
    if not _places.acquire(blocking=False):
        yield ask_handler.message(f"{AT_ONCE} batches are running already: try again when one of them has ended.")
        return
    batch.running, batch.stopped, batch.result = True, False, None
    try:
        if not opening.is_open:
            yield ask_handler.message("Opening the library …")
        with closing(bulk.steps(batch_request(batch))) as steps:
            begin = told = time.monotonic()
            for step in steps:
                if "result" in step:
                    batch.result = parse_batch_result(step["result"])
                    return
                if batch.stopped:
                    yield ask_handler.message("Stopped. Nothing was kept.")
                    return
                done, total = step["step"]
                now = time.monotonic()
                if done == 0 or now - told >= EVERY:
                    told = now
                    yield progress_html(done, total, now - begin)
    except (*USER_ERRORS, OSError) as error:
        yield ask_handler.message(str(error))
    finally:
        batch.running = False
        _places.release()


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
