"""The tab that asks: Gradio parts, wired to `asking`. A tab is a class that adds itself to the page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import gradio as gr
from starlette.concurrency import run_in_threadpool

from qa.answering.examples import example_questions
from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.errors import FilterError
from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import Filters
from qa.web.tabs import ask_handler
from qa.web.tabs.ask_handler import Session, Shown
from qa.web.tabs.widgets import PRIVATE, choice, html
from qa.web.urls import Asked, ends, read, span, tidy
from qa.web.workers.pool import Answerer

_ASKING: Any = PRIVATE | {"concurrency_limit": None}
"""Whose turn it is, and who is turned away, is decided by what answers: Gradio would say it in a corner."""

_ANY: tuple[str, str] = ("any", "")


class AskTab:
    """The parts of the tab that asks, in the order in which the page has them, and what happens between them."""

    def __init__(self, opening: LibraryLoader, answers: Answerer, given: Sequence[str]) -> None:
        self._opening = opening
        self._answers = answers
        self._example_questions = tuple(given)

    def add(self, blocks: gr.Blocks) -> None:
        """Add the parts and their events to the page that is being laid out."""
        self._lay_out()
        self._wire(blocks)

    def _lay_out(self) -> None:
        with gr.Row(elem_id="yq-question-row"):
            self._question = gr.Textbox(
                label="Question",
                placeholder="What did … do about … in 2015?",
                lines=1,
                max_lines=5,
                autofocus=True,
                elem_id="yq-question",
                scale=1,
                container=True,
                interactive=True,
            )
            self._button = gr.Button("Ask", variant="primary", elem_id="yq-ask", scale=0, min_width=96)
        self._examples = html(ask_handler.examples_html(self._example_questions), elem_id="yq-examples")
        with gr.Row(elem_id="yq-tools"):
            with gr.Accordion("Filters: nothing is excluded", open=False, elem_id="yq-filters") as self._accordion:
                with gr.Row():
                    self._series = choice("Series", [], multiselect=True, elem_id="yq-series")
                    self._documents = choice("Documents", [], multiselect=True, elem_id="yq-documents")
                with gr.Row():
                    self._edition_from = choice("Editions from", [_ANY], elem_id="yq-edition-from")
                    self._edition_to = choice("Editions to", [_ANY], elem_id="yq-edition-to")
                    self._covers_from = choice("Covers years from", [_ANY], elem_id="yq-covers-from")
                    self._covers_to = choice("Covers years to", [_ANY], elem_id="yq-covers-to")
                self._clear = gr.Button("Clear the filters", size="sm", elem_id="yq-clear")
            with gr.Accordion(
                "Questions of this session", open=False, elem_id="yq-history", visible=False
            ) as self._past:
                self._history = html("")
        self._chips = gr.CheckboxGroup(
            label="Interpretation as a preference, not a filter; click one to ignore it",
            choices=[],
            visible=False,
            interactive=True,
            elem_id="yq-chips",
        )
        self._message = html("", elem_id="yq-message")
        self._answer = html("", elem_id="yq-answer")
        self._session = gr.State(Session())
        # What the page's own script asks: a link inside the page, or the browser's Back and Forward.
        self._address = gr.Textbox(visible="hidden", elem_id="yq-address", label="Address")
        self._go = gr.Button("Go", visible="hidden", elem_id="yq-go")

    @property
    def _filters(self) -> list[Any]:
        return [
            self._series,
            self._documents,
            self._edition_from,
            self._edition_to,
            self._covers_from,
            self._covers_to,
        ]

    @property
    def _results(self) -> list[Any]:
        return [
            self._message,
            self._answer,
            self._chips,
            self._accordion,
            self._past,
            self._history,
            self._examples,
            self._session,
        ]

    def _wire(self, blocks: gr.Blocks) -> None:
        inputs = [self._session, self._question, self._chips, *self._filters]
        gr.on([self._question.submit, self._button.click], self._ask, inputs, self._results, **_ASKING)
        gr.on([one.input for one in self._filters], self._filter, inputs, self._results, **_ASKING)
        self._chips.input(self._filter, inputs, self._results, **_ASKING)
        self._clear.click(lambda: [[], [], "", "", "", ""], None, self._filters, **_ASKING).then(
            self._filter, inputs, self._results, **_ASKING
        )
        everything = [self._question, *self._filters, *self._results]
        self._go.click(self._restore, [self._session, self._address], everything, **_ASKING)
        blocks.load(self._load, self._session, everything, **PRIVATE)

    async def _ask(self, session: Session, question: str, kept: list[str], *filters: Any) -> AsyncIterator[list[Any]]:
        """The question as it stands in the box; preferences removed from the same question stay removed."""
        question = tidy(question)
        same = session.asked is not None and session.asked.question == question
        async for shown in self._answer_to(session, question, _ignored(session, kept) if same else (), filters):
            yield shown

    async def _filter(
        self, session: Session, _question: str, kept: list[str], *filters: Any
    ) -> AsyncIterator[list[Any]]:
        """The question that was asked last, with other filters or preferences."""
        if session.asked is not None:
            async for shown in self._answer_to(session, session.asked.question, _ignored(session, kept), filters):
                yield shown
            return
        try:
            yield self._update(Shown(session, None), _read(filters))  # set before the first question
        except FilterError as error:
            yield self._update(Shown(session, None, ask_handler.message(str(error))), Filters())

    async def _answer_to(
        self, session: Session, question: str, ignored: tuple[str, ...], filters: Sequence[Any]
    ) -> AsyncIterator[list[Any]]:
        try:
            asked = Asked(question, _read(filters, session), ignored)
        except FilterError as error:
            yield self._update(Shown(session, "", ask_handler.message(str(error))), Filters())
            return
        async for shown in ask_handler.ask(self._opening, self._answers, session, asked):
            yield self._update(shown, asked.filters)

    async def _restore(self, session: Session, address: str) -> AsyncIterator[list[Any]]:
        """What a link asks: sets question and filters, and answers."""
        try:
            asked = read(address or "")
        except FilterError as error:
            unchanged = [gr.skip()] * (1 + len(self._filters))
            yield [*unchanged, *self._update(Shown(session, "", ask_handler.message(str(error))), Filters())]
            return
        corpus_facts = _holdings(self._opening) if self._opening.is_open else None
        if not asked.question:  # Back to where nothing was asked yet
            nothing = Shown(Session(history=session.history), "")
            yield ["", *_choices(corpus_facts, asked.filters), *self._update(nothing, asked.filters)]
            return
        async for shown in ask_handler.ask(self._opening, self._answers, session, asked):
            if corpus_facts is None and self._opening.is_open:
                corpus_facts = _holdings(self._opening)
            yield [asked.question, *_choices(corpus_facts, asked.filters), *self._update(shown, asked.filters)]

    async def _load(self, session: Session, request: gr.Request) -> AsyncIterator[list[Any]]:
        """A page was opened, perhaps by a link that asks something; what is being typed meanwhile stays."""
        if "q" in request.query_params:
            async for shown in self._restore(session, str(request.query_params)):
                yield shown
            return
        corpus_facts = await run_in_threadpool(_holdings, self._opening)  # waits until the library is open
        choices = _choices(corpus_facts, None)
        found = await run_in_threadpool(self._shown_examples)
        results = [found if one is self._examples else gr.skip() for one in self._results]
        yield [gr.skip(), *choices, *results]

    def _shown_examples(self) -> Any:
        """Questions of the library at hand, unless some were given."""
        if self._example_questions:
            return gr.skip()
        try:
            return gr.Markdown(ask_handler.examples_html(example_questions(self._opening.library().index)))
        except USER_ERRORS:
            return gr.skip()  # the page's header says what is wrong

    def _update(self, shown: Shown, filters: Filters) -> list[Any]:
        session = shown.session
        ignored = session.asked.ignored if session.asked else ()
        has_chips = bool(session.chips and session.asked)
        count = len(filters.as_json())
        title = (
            "Filters: nothing is excluded" if not count else f"Filters: only {ask_handler.filters_in_words(filters)}"
        )
        return [
            shown.message,
            gr.skip() if shown.answer is None else shown.answer,
            gr.CheckboxGroup(
                choices=[(one.label, one.key) for one in session.chips],
                value=[one.key for one in session.chips if one.key not in ignored],
                visible=has_chips,
            ),
            gr.Accordion(label=title),
            gr.Accordion(label=f"Questions of this session ({len(session.history)})", visible=bool(session.history)),
            ask_handler.history_html(session),
            gr.Markdown(visible=session.asked is None),
            session,
        ]


def _holdings(opening: LibraryLoader) -> CorpusFacts:
    try:
        return opening.library().corpus_facts
    except USER_ERRORS:
        return CorpusFacts(())  # the page's header says what is wrong


def _choices(corpus_facts: CorpusFacts | None, filters: Filters | None) -> list[Any]:
    """The filters' choices: what the library holds, and what is set though it does not; None leaves what is set."""
    wanted, there = filters or Filters(), corpus_facts or CorpusFacts(())
    series = sorted({*there.series, *wanted.series})
    known_titles = {one.id: one.title for one in sorted(there.documents, key=lambda one: one.id)}
    titles = known_titles | {one: one for one in wanted.document if one not in known_titles}
    parts: list[tuple[list[tuple[str, str]], Any]] = [
        ([(one, one) for one in series], list(wanted.series)),
        ([(title, key) for key, title in titles.items()], list(wanted.document)),
    ]
    for known, spans in (
        (there.editions, wanted.edition),
        (there.covered_years, wanted.covers),
    ):
        for end in ends(spans):
            choices = sorted({*known, *([end] if end is not None else [])})
            parts.append(([_ANY, *((str(year), str(year)) for year in choices)], "" if end is None else str(end)))
    if filters is None:
        return [gr.Dropdown(choices=choices) for choices, _ in parts]
    return [gr.Dropdown(choices=choices, value=value) for choices, value in parts]


def _read(values: Sequence[Any], session: Session | None = None) -> Filters:
    """Filters from the parts' values, in the order of `AskTab._filters`."""
    before = session.asked.filters if session is not None and session.asked is not None else Filters()
    series, documents, *bounds = values
    first, last, covers_first, covers_last = (int(one) if one else None for one in bounds)
    return Filters(
        series=tuple(series or ()),
        edition=span("editions", first, last, before.edition),
        covers=span("covered years", covers_first, covers_last, before.covers),
        document=tuple(documents or ()),
    )


def _ignored(session: Session, kept: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(one.key for one in session.chips if one.key not in (kept or ()))
