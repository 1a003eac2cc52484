"""The tab that asks: a follow-up is completed once, and what cannot be answered leaves the question before it alone."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from qa.errors import Busy, EmptyQuestion
from qa.question.corpus_facts import CorpusFacts
from qa.web.tabs.ask import AskTab, Session

LED = "Who led the mission in 2015?"
FILTERS: tuple[Any, ...] = ([], [], "", "", "", "")


class Form:
    """The tab over a library without documents; `asked` are the questions that were to be answered."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_busy = False
        self.session = Session()
        library = SimpleNamespace(corpus_facts=CorpusFacts(()))
        loader = SimpleNamespace(is_open=True, library=lambda: library)
        services: Any = SimpleNamespace(loader=loader, answers=self._answer, examples=())
        self._tab = AskTab(services)

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        question = request["show"]["question"]
        self.asked.append(question)
        if self.is_busy:
            raise Busy("busy")
        if not question:
            raise EmptyQuestion
        return {"html": "", "chips": []}

    def ask(self, question: str) -> None:
        async def last() -> Session:
            outputs = [outputs async for outputs in self._tab._ask(self.session, question, [], *FILTERS)]
            session = outputs[-1][-1]
            assert isinstance(session, Session)
            return session

        self.session = asyncio.run(last())


@pytest.fixture
def form() -> Form:
    form = Form()
    form.ask(LED)
    return form


def test_a_follow_up_is_completed_and_asked_again_as_it_was(form: Form) -> None:
    form.ask("And in 2019?")
    form.ask("And in 2019?")
    assert form.asked == [LED, *["Who led the mission in 2019?"] * 2]


def test_an_empty_question_does_not_ask_the_one_before(form: Form) -> None:
    form.ask("")
    assert form.asked == [LED, ""]
    assert form.session.request is None


def test_a_follow_up_that_was_refused_is_completed_when_it_is_asked_again(form: Form) -> None:
    form.is_busy = True
    form.ask("And in 2019?")
    assert not form.session.typed  # the question before it is not shown as its completion
    form.is_busy = False
    form.ask("And in 2019?")
    assert form.asked == [LED, *["Who led the mission in 2019?"] * 2]
