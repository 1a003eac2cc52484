"""Gradio components and small HTML parts shared by the tabs, and what a tab is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import gradio as gr
from markupsafe import Markup

from corpus.translation import gettext as _
from corpus.translation import ngettext, translate
from qa.api.concurrency import LibraryLoader
from qa.citation import format_years
from qa.errors import USER_ERRORS
from qa.templating import render
from qa.web.batches import Batches
from qa.web.library_changes import LibraryEditor
from qa.web.render.page import message
from qa.web.workers.pool import Answerer, TaskRunner

PRIVATE: Any = {"api_visibility": "private", "show_progress": "hidden", "trigger_mode": "always_last"}
"""Options of every event of the form: not callable by programs, no flicker, and the last of several changes wins."""

ONCE: Any = PRIVATE | {"trigger_mode": "once", "concurrency_limit": None}
"""Options of events that start a long run."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the tabs work with. `editor` is None where the library may not be changed."""

    loader: LibraryLoader
    answers: Answerer
    runner: TaskRunner
    batches: Batches
    examples: Sequence[str] = ()
    editor: LibraryEditor | None = None


@dataclass(frozen=True, slots=True)
class TabContext:
    """Where a tab is laid out: the page, the tab's container, and the header, which describes the library."""

    blocks: gr.Blocks
    tab: gr.Tab
    header: gr.Markdown


class Tab(Protocol):
    """A tab of the form; `qa.web.tabs.page.TABS` lists them."""

    name: ClassVar[str]
    title: ClassVar[str]
    """The name for users, in English."""

    def __init__(self, services: Services) -> None: ...

    def add(self, context: TabContext) -> None:
        """Create the components and their events within the tab's container."""


def html(value: str = "", **options: Any) -> gr.Markdown:
    """Return a component for trusted HTML."""
    # Not gr.HTML: its template is evaluated, which no strict content policy allows, and its value is not sanitised.
    return gr.Markdown(value, latex_delimiters=[], **options)


def choice(
    label: str, choices: list[tuple[str, str]], *, multiselect: bool = False, elem_id: str | None = None
) -> gr.Dropdown:
    """Return a dropdown over (label, value) pairs."""
    return gr.Dropdown(
        choices=choices,
        label=label,
        multiselect=multiselect,
        value=[] if multiselect else "",
        interactive=True,
        elem_id=elem_id,
        min_width=140,
        filterable=multiselect,
    )


def include(loader: LibraryLoader, path: str, label: str, *, with_address: bool = False) -> Markup:
    """Return a link that the page's script replaces by the page it leads to.

    The URL names the state of the library, so that a changed library is fetched again. With `with_address` the query of
    the form's own address is added.
    """
    try:
        manifest = loader.library().index.manifest
    except USER_ERRORS as error:
        return message(str(error))
    url = f"./{path}?generation={manifest.generation}&documents={manifest.documents}"
    return render("form.html", part="include", url=url, label=label, with_address=with_address)


def opening_html() -> Markup:
    """Return what is shown until the library is open."""
    return render("form.html", part="opening")


def progress_html(done: int, total: int, text: str, seconds: float) -> Markup:
    """Return a progress bar with the remaining time, estimated from the seconds so far."""
    if done and seconds > 1:
        remaining = duration_in_words(seconds / done * (total - done))
        text = _("%(progress)s · %(duration)s left", progress=text, duration=remaining)
    return render("form.html", part="progress", done=done, total=total, text=text)


def duration_in_words(seconds: float) -> str:
    """Return an estimated duration, as "about 20 s" or "about 3 minutes"."""
    if seconds < 55:
        return _("about %(seconds)s s", seconds=max(1, round(seconds)) if seconds < 10 else 5 * round(seconds / 5))
    return ngettext("about a minute", "about %(count)s minutes", max(1, round(seconds / 60)))


def library_facts(loader: LibraryLoader) -> Markup:
    """Return a line that describes the library, with its notices."""
    try:
        library = loader.library()
    except USER_ERRORS as error:
        return message(str(error))
    corpus_facts = library.corpus_facts
    editions, covered = sorted(corpus_facts.editions), corpus_facts.covered_years
    facts = [ngettext("%(count)s document", "%(count)s documents", len(corpus_facts.documents))]
    if corpus_facts.series:
        facts.append(ngettext("%(count)s series", "%(count)s series", len(corpus_facts.series)))
    if editions:
        years = format_years((editions[0], editions[-1]))
        facts.append(ngettext("edition %(years)s", "editions %(years)s", len(editions), years=years))
    if covered:
        facts.append(_("covering %(years)s", years=format_years((covered[0], covered[-1]))))
    return render("form.html", part="library", facts=facts, notices=[translate(line) for line in library.notices])
