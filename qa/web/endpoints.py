"""The named endpoints of the form's API, for `gradio_client` and any other program: plain JSON in and out.

Nothing else of the form can be called by a program.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api

from qa.answer import DEFAULT_K
from qa.programs import Programs
from qa.web import bulk_work
from qa.web.answering import Answers, to_program
from qa.web.bulk import Bulk, given
from qa.web.opening import FAULTS

Json = dict[str, Any]
Given = TypeVar("Given", bound=Callable[..., Json])

Texts = list[str] | None

ENDPOINTS = ("ask", "documents", "section", "evaluate", "compare", "check")


def add_endpoints(programs: Programs, answers: Answers, bulk: Bulk) -> None:
    """Add them to the page that is being laid out; so many questions are answered at once."""

    async def ask(
        question: str,
        k: int = DEFAULT_K,
        series: Texts = None,
        edition: Texts = None,
        covers: Texts = None,
        document: Texts = None,
    ) -> Json:
        """Answer a question with verbatim, cited sentences and the k (1 to 100) passages they come from.

        Filters exclude; edition and covers are years ("2016") or ranges ("2014..2020"). The result is the object that
        `yearbook-qa ask --format json` prints.
        """
        filters = {"series": series, "edition": edition, "covers": covers, "document": document}
        try:
            return await answers(to_program(question=question, k=k, **filters))
        except FAULTS as error:
            raise _said(error) from error

    def documents(
        series: Texts = None,
        edition: Texts = None,
        covers: Texts = None,
        document: Texts = None,
        first: int = 0,
        most: int = 100,
    ) -> Json:
        """List the documents that the filters keep, with their metadata and the origin of each value.

        The list begins at number `first` (from 0) and holds `most` (1 to 500); `total` says how many there are.
        """
        return programs.documents(series, edition, covers, document, first, most)

    def section(passage: str) -> Json:
        """Give a passage, or any stretch DOCUMENT@START-END, with its citation and the section around it.

        The result is the object that `yearbook-qa show --context section --format json` prints; of a long section it
        holds 20,000 characters on each side of the stretch.
        """
        return programs.section(passage)

    def compare(
        topic: str = "",
        editions: list[int] | None = None,
        section: str | None = None,
        series: Texts = None,
        document: Texts = None,
    ) -> Json:
        """Compare what each edition says of a topic; without a topic, how the sections of whole editions correspond.

        `editions` are years, of which whole editions need two or more; `section` keeps those under a heading with these
        words. The result is the object that `yearbook-qa compare --format json` prints.
        """
        return given(bulk, bulk_work.to_program("compare", topic, editions, section, series, document))

    def check(
        draft: str, series: Texts = None, edition: Texts = None, covers: Texts = None, document: Texts = None
    ) -> Json:
        """Find every quotation of a draft (up to 100,000 characters): verbatim, altered or not found.

        The result is the object that `yearbook-qa check --format json` prints.
        """
        return given(bulk, bulk_work.to_program("check", draft, series, edition, covers, document))

    def evaluate(
        questions: list[Json],
        k: int = 10,
        series: Texts = None,
        edition: Texts = None,
        covers: Texts = None,
        document: Texts = None,
        measures: Texts = None,
    ) -> Json:
        """Answer a list of questions (up to 1,000), and measure the answers of those that are judged.

        A question is an object with `question`, perhaps `id`, `type`, `filters`, and what answers it: `evidence`, a
        list of {"doc": document id, "quote": verbatim words}, empty where nothing does. `answers` and `metrics` of the
        result are what `yearbook-qa evaluate` writes to answers.jsonl and metrics.json.
        """
        asked = bulk_work.to_program("evaluate", questions, k, series, edition, covers, document, measures)
        return given(bulk, asked)

    api(ask, api_name="ask", concurrency_limit=None)
    api(_told(documents), api_name="documents")
    api(_told(section), api_name="section")
    api(_told(evaluate), api_name="evaluate", concurrency_limit=1)
    api(_told(compare), api_name="compare")
    api(_told(check), api_name="check", concurrency_limit=1)


def _told(function: Given) -> Given:
    """The function with errors that are the caller's as Gradio tells them: by their text, without a traceback."""

    @functools.wraps(function)
    def told(*arguments: Any, **named: Any) -> Json:
        try:
            return function(*arguments, **named)
        except FAULTS as error:
            raise _said(error) from error

    return told  # type: ignore[return-value]


def _said(error: Exception) -> gr.Error:
    return gr.Error(str(error), print_exception=False)
