"""The tab that asks a question: filters, preferences, the answer and the history of the session."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import gradio as gr
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from corpus.translation import gettext as _
from corpus.translation import gettext_noop, join_items, ngettext
from qa.answering.example_questions import example_questions
from qa.api.concurrency import LibraryLoader
from qa.citation import format_years
from qa.errors import USER_ERRORS, EmptyQuestion, FilterError
from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import Filters, YearSpan
from qa.question.follow_up import complete_follow_up
from qa.templating import render
from qa.web.render.page import message
from qa.web.tabs.widgets import PRIVATE, Services, TabContext, choice, html
from qa.web.urls import (
    FIRST_YEAR,
    LAST_YEAR,
    Chip,
    QuestionRequest,
    parse_question_url,
    question_url,
    shorten_question,
    year_bounds,
    year_range,
)
from qa.web.workers.pool import Answerer
from qa.web.workers.tasks import show_request

HISTORY_LENGTH = 20
"""Questions of a session that are listed."""

_ASK: Any = PRIVATE | {"concurrency_limit": None}
"""The queue of `answers` limits concurrency; Gradio would report a full queue in a pop-up."""


@dataclass(frozen=True, slots=True)
class Session:
    """What an open page has asked: the latest question, its chips, and all questions, newest first.

    `typed` is the follow-up from which the latest question was completed, if it was.
    """

    request: QuestionRequest | None = None
    chips: tuple[Chip, ...] = ()
    history: tuple[QuestionRequest, ...] = ()
    typed: str = ""

    def ignored(self, active: Sequence[str] | None) -> tuple[str, ...]:
        """Return the keys of the chips that are not in `active`."""
        return tuple(chip.key for chip in self.chips if chip.key not in (active or ()))


@dataclass(frozen=True, slots=True)
class Update:
    """What the page shows next. `answer` is None while the answer on the page stays."""

    session: Session
    answer: str | None
    message: str = ""


async def answer_updates(
    loader: LibraryLoader, answers: Answerer, session: Session, request: QuestionRequest
) -> AsyncIterator[Update]:
    """Answer a question; while the library is still being opened, yield a message first."""
    if not loader.is_open:
        opening_message = _("Opening the library. The first time on a machine this takes about half a minute …")
        yield Update(session, None, message(opening_message))
    try:
        answered = await answers(show_request(request))
    except EmptyQuestion:
        yield Update(replace(session, request=None, chips=()), "", message(_("Please type a question.")))
        return
    except USER_ERRORS as error:
        yield Update(replace(session, typed=""), "", message(str(error)))
        return
    chips = tuple(Chip(key, label) for key, label in answered["chips"])
    history = (request, *(earlier for earlier in session.history if earlier != request))[:HISTORY_LENGTH]
    yield Update(Session(request, chips, history, session.typed), answered["html"])


class AskTab:
    """The question, its filters and preferences, and the answer."""

    name: ClassVar = "ask"
    title: ClassVar = gettext_noop("Ask")

    def __init__(self, services: Services) -> None:
        self._loader = services.loader
        self._answers = services.answers
        self._example_questions = tuple(services.examples)

    def add(self, context: TabContext) -> None:
        """Create the components and their events."""
        self._lay_out()
        self._wire(context.blocks)

    def _lay_out(self) -> None:
        with gr.Row(elem_id="yq-question-row"):
            self._question = gr.Textbox(
                label=_("Question"),
                placeholder=_("What did … do about … in 2015?"),
                lines=1,
                max_lines=5,
                autofocus=True,
                elem_id="yq-question",
                scale=1,
                container=True,
                interactive=True,
            )
            self._button = gr.Button(_("Ask"), variant="primary", elem_id="yq-ask", scale=0, min_width=96)
        with gr.Row(elem_id="yq-follow-up", visible=False) as self._follow_up_row:
            self._follow_up = gr.Textbox(
                label=_("Follow-up, completed from your previous question"), lines=1, interactive=True, scale=1
            )
            self._as_typed = gr.Button(_("Ask it as typed"), size="sm", scale=0, min_width=140)
        self._examples = html(_examples_html(self._example_questions), elem_id="yq-examples")
        with gr.Row(elem_id="yq-tools"):
            with gr.Accordion(_("Filters: none"), open=False, elem_id="yq-filters") as self._accordion:
                with gr.Row():
                    self._series = choice(_("Series"), [], multiselect=True, elem_id="yq-series")
                    self._documents = choice(_("Documents"), [], multiselect=True, elem_id="yq-documents")
                with gr.Row():
                    self._edition_from = choice(_("Editions from"), [any_year()], elem_id="yq-edition-from")
                    self._edition_to = choice(_("Editions to"), [any_year()])
                    self._covers_from = choice(_("Covered years from"), [any_year()])
                    self._covers_to = choice(_("Covered years to"), [any_year()])
                self._clear = gr.Button(_("Clear the filters"), size="sm", elem_id="yq-clear")
            with gr.Accordion(
                _("Questions of this session"), open=False, elem_id="yq-history", visible=False
            ) as self._past:
                self._history = html("")
        self._chips = gr.CheckboxGroup(
            label=_("Preferences read from the question (they exclude nothing); click one to ignore it"),
            choices=[],
            visible=False,
            interactive=True,
            elem_id="yq-chips",
        )
        self._message = html("", elem_id="yq-message")
        self._answer = html("", elem_id="yq-answer")
        self._session = gr.State(Session())
        # Set by the page's script for a link within the page, or the browser's Back and Forward.
        self._address = gr.Textbox(visible="hidden", elem_id="yq-address", label=_("Address"))
        self._go = gr.Button(_("Go"), visible="hidden", elem_id="yq-go")

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
            self._follow_up_row,
            self._follow_up,
            self._session,
        ]

    def _wire(self, blocks: gr.Blocks) -> None:
        inputs = [self._session, self._question, self._chips, *self._filters]
        gr.on([self._question.submit, self._button.click], self._ask, inputs, self._results, **_ASK)
        edited = [self._session, self._follow_up, self._chips, *self._filters]
        self._follow_up.submit(self._ask_completed, edited, self._results, **_ASK)
        self._as_typed.click(self._ask_as_typed, edited, self._results, **_ASK)
        gr.on([component.input for component in self._filters], self._filter, inputs, self._results, **_ASK)
        self._chips.input(self._filter, inputs, self._results, **_ASK)
        self._clear.click(lambda: [[], [], "", "", "", ""], None, self._filters, **_ASK).then(
            self._filter, inputs, self._results, **_ASK
        )
        everything = [self._question, *self._filters, *self._results]
        self._go.click(self._restore, [self._session, self._address], everything, **_ASK)
        blocks.load(self._load, self._session, everything, **PRIVATE)

    async def _ask(self, session: Session, question: str, active: list[str], *filters: Any) -> AsyncIterator[list[Any]]:
        """Ask the question in the text box, completed if it is a follow-up.

        Preferences removed from the same question stay removed.
        """
        question, request = shorten_question(question), session.request
        ignored: tuple[str, ...] = ()
        if request is not None and question and question in (request.question, session.typed):
            question, ignored = request.question, session.ignored(active)
        elif request is not None:
            facts = await run_in_threadpool(_holdings, self._loader)
            completed = complete_follow_up(question, request.question, facts)
            session = replace(session, typed=question if completed else "")
            question = shorten_question(completed or question)
        async for outputs in self._answer_to(session, question, ignored, filters):
            yield outputs

    async def _ask_completed(
        self, session: Session, completed: str, _active: list[str], *filters: Any
    ) -> AsyncIterator[list[Any]]:
        """Ask a completed follow-up as the user edited it."""
        async for outputs in self._answer_to(session, shorten_question(completed), (), filters):
            yield outputs

    async def _ask_as_typed(
        self, session: Session, _completed: str, _active: list[str], *filters: Any
    ) -> AsyncIterator[list[Any]]:
        """Ask a follow-up without completing it."""
        async for outputs in self._answer_to(replace(session, typed=""), session.typed, (), filters):
            yield outputs

    async def _filter(
        self, session: Session, _question: str, active: list[str], *filters: Any
    ) -> AsyncIterator[list[Any]]:
        """Ask the last question with other filters or preferences."""
        if session.request is not None:
            async for outputs in self._answer_to(session, session.request.question, session.ignored(active), filters):
                yield outputs
            return
        try:
            yield self._outputs(Update(session, None), _read_filters(filters))  # set before the first question
        except FilterError as error:
            yield self._outputs(Update(session, None, message(str(error))), None)

    async def _answer_to(
        self, session: Session, question: str, ignored: tuple[str, ...], filters: Sequence[Any]
    ) -> AsyncIterator[list[Any]]:
        try:
            request = QuestionRequest(question, _read_filters(filters, session), ignored)
        except FilterError as error:
            yield self._outputs(Update(replace(session, typed=""), "", message(str(error))), None)
            return
        async for update in answer_updates(self._loader, self._answers, session, request):
            yield self._outputs(update, request.filters)

    async def _restore(self, session: Session, address: str) -> AsyncIterator[list[Any]]:
        """Set question and filters from a link, and answer."""
        try:
            request = parse_question_url(address or "")
        except FilterError as error:
            unchanged = [gr.skip()] * (1 + len(self._filters))
            yield [*unchanged, *self._outputs(Update(session, "", message(str(error))), None)]
            return
        session = replace(session, typed="")
        corpus_facts = _holdings(self._loader) if self._loader.is_open else None
        if not request.question:  # Back to the page before the first question
            blank = Update(Session(history=session.history), "")
            yield ["", *_choices(corpus_facts, request.filters), *self._outputs(blank, request.filters)]
            return
        async for update in answer_updates(self._loader, self._answers, session, request):
            if corpus_facts is None and self._loader.is_open:
                corpus_facts = _holdings(self._loader)
            yield [request.question, *_choices(corpus_facts, request.filters), *self._outputs(update, request.filters)]

    async def _load(self, session: Session, request: gr.Request) -> AsyncIterator[list[Any]]:
        """Fill a page that was opened, perhaps by a link that asks; text typed meanwhile is kept."""
        if "q" in request.query_params:
            async for outputs in self._restore(session, str(request.query_params)):
                yield outputs
            return
        corpus_facts = await run_in_threadpool(_holdings, self._loader)  # waits until the library is open
        suggestions = await run_in_threadpool(self._library_examples)
        results = [suggestions if component is self._examples else gr.skip() for component in self._results]
        yield [gr.skip(), *_choices(corpus_facts, None), *results]

    def _library_examples(self) -> Any:
        """Return example questions for this library, unless the server was started with its own."""
        if self._example_questions:
            return gr.skip()
        try:
            return gr.Markdown(_examples_html(example_questions(self._loader.library())))
        except USER_ERRORS:
            return gr.skip()  # the page's header shows the error

    def _outputs(self, update: Update, filters: Filters | None) -> list[Any]:
        """Return the values of `_results`; `filters` is None where they are invalid."""
        session = update.session
        ignored = session.request.ignored if session.request else ()
        filter_text = _filters_in_words(filters) if filters is not None else ""
        label = _("Filters: only %(filters)s", filters=filter_text) if filter_text else _("Filters: none")
        return [
            update.message,
            gr.skip() if update.answer is None else update.answer,
            gr.CheckboxGroup(
                choices=[(chip.label, chip.key) for chip in session.chips],
                value=[chip.key for chip in session.chips if chip.key not in ignored],
                visible=bool(session.chips and session.request),
            ),
            gr.Accordion(label=label if filters is not None else _("Filters: please correct them")),
            gr.Accordion(
                label=_("Questions of this session (%(count)s)", count=len(session.history)),
                visible=bool(session.history),
            ),
            _history_html(session),
            gr.Markdown(visible=session.request is None),
            gr.Row(visible=bool(session.typed and session.request)),
            gr.skip() if session.request is None else session.request.question,
            session,
        ]


def any_year() -> tuple[str, str]:
    """Return the choice that leaves a bound open."""
    return _("any"), ""


def _history_html(session: Session) -> Markup:
    requests = [(question_url(past), past.question, _filters_in_words(past.filters)) for past in session.history]
    return render("form.html", part="history", requests=requests)


def _examples_html(questions: Sequence[str]) -> Markup:
    requests = [(question_url(QuestionRequest(question)), question) for question in questions]
    return render("form.html", part="examples", requests=requests)


def _filters_in_words(filters: Filters) -> str:
    """Describe filters, as "editions 2016 and 2018; covering from 2015 on"."""
    parts = [_("series %(names)s", names=join_items(filters.series))] if filters.series else []
    if filters.edition:
        years = join_items(map(_span_in_words, filters.edition))
        count = len(filters.edition) + sum(first != last for first, last in filters.edition)
        parts.append(ngettext("edition %(years)s", "editions %(years)s", count, years=years))
    if filters.covers:
        parts.append(_("covering %(years)s", years=join_items(map(_span_in_words, filters.covers))))
    parts += [_("document %(ids)s", ids=join_items(filters.document))] if filters.document else []
    return "; ".join(parts)


def _span_in_words(span: YearSpan) -> str:
    if span[0] == span[1]:
        return format_years(span)
    if span[0] <= FIRST_YEAR:
        return _("up to %(year)s", year=span[1])
    return _("from %(year)s on", year=span[0]) if span[1] >= LAST_YEAR else format_years(span)


def _holdings(loader: LibraryLoader) -> CorpusFacts:
    try:
        return loader.library().corpus_facts
    except USER_ERRORS:
        return CorpusFacts(())  # the page's header shows the error


def _choices(corpus_facts: CorpusFacts | None, filters: Filters | None) -> list[Any]:
    """Return the choices of the filters: what the library has, and what is set but missing; None keeps the values."""
    wanted, available = filters or Filters(), corpus_facts or CorpusFacts(())
    titles = {info.id: info.title for info in sorted(available.documents, key=lambda info: info.id)}
    titles |= {identifier: identifier for identifier in wanted.document if identifier not in titles}
    parts: list[tuple[list[tuple[str, str]], Any]] = [
        ([(name, name) for name in sorted({*available.series, *wanted.series})], list(wanted.series)),
        ([(title, key) for key, title in titles.items()], list(wanted.document)),
    ]
    for known, ranges in ((available.editions, wanted.edition), (available.covered_years, wanted.covers)):
        for bound in year_bounds(ranges):
            years = sorted({*known, *([bound] if bound is not None else [])})
            choices = [any_year(), *((str(year), str(year)) for year in years)]
            parts.append((choices, "" if bound is None else str(bound)))
    if filters is None:
        return [gr.Dropdown(choices=choices) for choices, _ in parts]
    return [gr.Dropdown(choices=choices, value=value) for choices, value in parts]


def _read_filters(values: Sequence[Any], session: Session | None = None) -> Filters:
    """Return the filters from the values of `AskTab._filters`. Raises FilterError."""
    previous = session.request.filters if session is not None and session.request is not None else Filters()
    series, documents, *bounds = values
    first, last, covers_first, covers_last = (int(bound) if bound else None for bound in bounds)
    return Filters(
        series=tuple(series or ()),
        edition=year_range(_("editions"), first, last, previous.edition),
        covers=year_range(_("covered years"), covers_first, covers_last, previous.covers),
        document=tuple(documents or ()),
    )
