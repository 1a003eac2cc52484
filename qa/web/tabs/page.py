"""The page of the form: a header and the tabs. A new tab is a class added to `TABS`."""

from __future__ import annotations

import gradio as gr

from qa.web.library_changes import STAGED_FOR
from qa.web.routes.api import Page
from qa.web.tabs.ask import AskTab
from qa.web.tabs.batch import BatchTab
from qa.web.tabs.included import CheckTab, CompareTab, WordsTab
from qa.web.tabs.library import LibraryTab
from qa.web.tabs.widgets import PRIVATE, Place, Services, Tab, html, library_facts

TABS: tuple[type[Tab], ...] = (AskTab, BatchTab, CompareTab, WordsTab, CheckTab, LibraryTab)

UPLOADS_CHECKED = 1800
"""Seconds between searches for unused uploads, which are deleted when older than `STAGED_FOR`."""

_TITLE = (
    '<header class="yq-header"><h1>Yearbook QA</h1>'
    "<p>Search publications that appear every year. Every answer is a verbatim quotation with its source.</p></header>"
)


def form(services: Services) -> gr.Blocks:
    """Lay out the page."""
    blocks: gr.Blocks
    with Page(
        title="Yearbook QA", analytics_enabled=False, fill_width=True, delete_cache=(UPLOADS_CHECKED, STAGED_FOR)
    ) as blocks:
        html(_TITLE)
        header = html('<p class="yq-facts">Opening the library …</p>', elem_id="yq-library")
        with gr.Tabs(elem_id="yq-tabs"):
            for tab_class in TABS:
                with gr.Tab(tab_class.label, id=tab_class.name, elem_id=f"yq-tab-{tab_class.name}") as tab:
                    tab_class(services).add(Place(blocks, tab, header))
        blocks.load(lambda: library_facts(services.loader), None, header, **PRIVATE)
    return blocks
