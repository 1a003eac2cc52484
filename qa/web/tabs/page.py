"""The page: its header, and the tabs below it, each of which lays itself out."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.web.batches.store import Batches
from qa.web.library.changes import STAGED_FOR, Changes
from qa.web.routes.api import Page
from qa.web.tabs import ask_handler
from qa.web.tabs.ask import AskTab
from qa.web.tabs.batch import BatchTab
from qa.web.tabs.compare import CompareTab
from qa.web.tabs.library import LibraryTab
from qa.web.tabs.library_changes import ChangesTab
from qa.web.tabs.widgets import PRIVATE, html
from qa.web.workers.pool import Answerer, TaskRunner

UPLOADS_CHECKED = 1800
"""Seconds after which uploads that nobody used are looked for, to be thrown away after `STAGED_FOR`."""

_TITLE = (
    '<header class="yq-header"><h1>Yearbook QA</h1>'
    "<p>Ask publications that come out every year. Every answer is a verbatim quotation, cited.</p></header>"
)


def form(
    opening: LibraryLoader,
    answers: Answerer,
    bulk: TaskRunner,
    batches: Batches,
    examples: Sequence[str] = (),
    changes: Changes | None = None,
) -> gr.Blocks:
    """The page; with `changes` it can change the library."""
    blocks: gr.Blocks
    with Page(
        title="Yearbook QA", analytics_enabled=False, fill_width=True, delete_cache=(UPLOADS_CHECKED, STAGED_FOR)
    ) as blocks:
        html(_TITLE)
        library = html('<p class="yq-facts">Opening the library …</p>', elem_id="yq-library")
        with gr.Tabs(elem_id="yq-tabs"):
            with gr.Tab("Ask", id="ask", elem_id="yq-tab-ask"):
                AskTab(opening, answers, examples).add(blocks)
            with gr.Tab("Batch", id="batch", elem_id="yq-tab-batch"):
                BatchTab(opening, bulk, batches).add()
            with gr.Tab("Compare", id="compare", elem_id="yq-tab-compare") as comparing:
                CompareTab(opening).add(comparing)
            with gr.Tab("Library", id="library", elem_id="yq-tab-library") as tab:
                shown = LibraryTab(opening)
                shown.add(tab)
                if changes is not None:
                    ChangesTab(changes, shown, lambda: _library(opening)).add(tab, library)
        blocks.load(lambda: _library(opening), None, library, **PRIVATE)
    return blocks


def _library(opening: LibraryLoader) -> str:
    try:
        return ask_handler.library_html(opening.library())
    except USER_ERRORS as error:
        return ask_handler.message(str(error))
