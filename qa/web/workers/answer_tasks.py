"""A question to what the form and its endpoint give for it: JSON in and out, so that another process can do it.

Knows neither processes nor Gradio.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool

from qa.answering.library import Answer, Library
from qa.api.concurrency import ConcurrencyLimit
from qa.api.library_loader import LibraryLoader
from qa.api.service import LibraryService
from qa.output.citation_formats import export
from qa.output.json_objects import Json
from qa.question.analysis import Interpretation
from qa.question.filters import parse_filters
from qa.web.render.answer import answer_html
from qa.web.tabs.chips import chips, ignore
from qa.web.urls import Asked

Answerer = Callable[[Json], Awaitable[Json]]
"""Answers a request: in this process (`ThreadAnswerer`) or in one of its own (`qa.web.workers.answer_process`)."""


def show_request(asked: Asked) -> Json:
    """A request for what the form shows: `html` of the answer, and `chips`, each a key and a label."""
    return {"show": _written(asked)}


def export_request(asked: Asked, form: str) -> Json:
    """A request for the citations of the passages that answer: `text` in one of the formats of `citation_formats`."""
    return {"export": _written(asked), "form": form}


def ask_request(**arguments: object) -> Json:
    """A request for what `LibraryService.ask` gives for these arguments."""
    return {"ask": arguments}


def given(library: Library, request: Json) -> Json:
    """Answer a request. Raises QuestionError and what the index raises."""
    if "ask" in request:
        return LibraryService(lambda: library).ask(**request["ask"])
    understood: list[Interpretation] = []
    if "export" in request:
        return {"text": export(_answer(library, _read(request["export"]), understood), request["form"])}
    asked = _read(request["show"])
    found = _answer(library, asked, understood)
    return {
        "html": answer_html(found, asked, hide=library.notices),
        "chips": [[one.key, one.label] for one in chips(understood[0])],
    }


def _written(asked: Asked) -> Json:
    return {"question": asked.question, "filters": asked.filters.as_json(), "ignored": asked.ignored}


def _read(written: Json) -> Asked:
    return Asked(written["question"], parse_filters(**written["filters"]), tuple(written["ignored"]))


def _answer(library: Library, asked: Asked, understood: list[Interpretation]) -> Answer:
    """The answer; `understood` gets all that the question was understood to prefer, also what is ignored."""

    def drop(found: Interpretation) -> Interpretation:
        understood.append(found)
        return ignore(asked.ignored)(found)

    return library.answer(asked.question, None, filters=asked.filters, ignore=drop)


class BoundedAnswerer:
    """Answers so many requests at once; of those who come meanwhile so many wait, and the others are told."""

    def __init__(self, answers: Answerer, at_once: int, waiting: int) -> None:
        self._answers = answers
        self._door = ConcurrencyLimit(at_once, waiting, "Too many questions are waiting: try again in a moment.")

    async def __call__(self, request: Json) -> Json:
        """Answer when its turn has come. Raises Busy, and what the answers raise."""
        async with self._door.turn():
            return await self._answers(request)


class ThreadAnswerer:
    """Answers in a thread of this process."""

    def __init__(self, opening: LibraryLoader) -> None:
        self._opening = opening

    async def __call__(self, request: Json) -> Json:
        """Answer once the library is open. Raises what `given` raises, and what opening the library raised."""
        return await run_in_threadpool(lambda: given(self._opening.library(), request))

    async def begin(self) -> None:
        """Nothing is to be prepared."""

    async def close(self) -> None:
        """Nothing is to be ended."""
