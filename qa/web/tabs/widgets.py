"""Gradio components and small HTML parts shared by the tabs, and what a tab is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import gradio as gr
from markupsafe import Markup

from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.citation import format_years
from qa.templating import plural, render
from qa.web.batches import Batches
from qa.web.library_changes import Changes
from qa.web.render.page import message
from qa.web.workers.pool import Answerer, TaskRunner

PRIVATE: Any = {"api_visibility": "private", "show_progress": "hidden", "trigger_mode": "always_last"}
"""Options of every event of the form: not callable by programs, no flicker, and the last of several changes wins."""

ONCE: Any = PRIVATE | {"trigger_mode": "once", "concurrency_limit": None}
"""Options of events that start a long run."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the tabs work with. `changes` is None where the library may not be changed."""

    loader: LibraryLoader
    answers: Answerer
    runner: TaskRunner
    batches: Batches
    examples: Sequence[str] = ()
    changes: Changes | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tab is laid out: the page, the tab's container, and the header, which describes the library."""

    blocks: gr.Blocks
    tab: gr.Tab
    header: gr.Markdown


class Tab(Protocol):
    """A tab of the form; `qa.web.tabs.page.TABS` lists them."""

    label: ClassVar[str]
    name: ClassVar[str]

    def __init__(self, services: Services) -> None: ...

    def add(self, place: Place) -> None:
        """Create the components and their events within the tab's container."""


def html(value: str = "", **options: Any) -> gr.Markdown:
    """Return a component for trusted HTML."""
    # Not gr.HTML: its template is evaluated, which no strict content policy allows, and its value is not sanitised.
    return gr.Markdown(value, latex_delimiters=[], **options)


def choice(label: str, choices: list[tuple[str, str]], *, multiselect: bool = False, elem_id: str) -> gr.Dropdown:
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


def progress_html(done: int, total: int, text: str, seconds: float) -> Markup:
    """Return a progress bar with the remaining time, estimated from the seconds so far."""
    left = f" · {duration_in_words(seconds / done * (total - done))} left" if done and seconds > 1 else ""
    return render("form.html", part="progress", done=done, total=total, text=f"{text}{left}")


def duration_in_words(seconds: float) -> str:
    """Return an estimated duration, as "about 20 s" or "about 3 minutes"."""
    if seconds < 55:
        return f"about {max(1, round(seconds)) if seconds < 10 else 5 * round(seconds / 5)} s"
    minutes = round(seconds / 60)
    return "about a minute" if minutes <= 1 else f"about {minutes} minutes"


def library_facts(loader: LibraryLoader) -> Markup:
    """Return a line that describes the library, with its notices."""
    try:
        library = loader.library()
    except USER_ERRORS as error:
        return message(str(error))
    corpus_facts = library.corpus_facts
    editions, covered = sorted(corpus_facts.editions), corpus_facts.covered_years
    facts = [plural(len(corpus_facts.documents), "document")]
    if corpus_facts.series:
        facts.append(plural(len(corpus_facts.series), "series", "series"))
    if editions:
        facts.append(f"edition{'s' * (len(editions) > 1)} {format_years((editions[0], editions[-1]))}")
    if covered:
        facts.append(f"covering {format_years((covered[0], covered[-1]))}")
    return render("form.html", part="library", facts=facts, notices=library.notices)
