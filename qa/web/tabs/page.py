"""The page of the form: a header and the tabs. A new tab is a class added to `TABS`."""

from __future__ import annotations

import gradio as gr

from corpus.translation import LANGUAGES, current_language
from corpus.translation import gettext as _
from qa.templating import render
from qa.web.library_changes import STAGED_FOR
from qa.web.routes.api import Page
from qa.web.tabs.ask import AskTab
from qa.web.tabs.batch import BatchTab
from qa.web.tabs.included_pages import CheckTab, CollectionsTab, CompareTab, WatchTab, WordsTab
from qa.web.tabs.library import LibraryTab
from qa.web.tabs.widgets import PRIVATE, Place, Services, Tab, html, library_facts, opening_html

TABS: tuple[type[Tab], ...] = (AskTab, BatchTab, CompareTab, WatchTab, WordsTab, CheckTab, CollectionsTab, LibraryTab)

UPLOAD_CLEANUP_INTERVAL = 1800
"""Seconds between searches for unused uploads, which are deleted when older than `STAGED_FOR`."""


def form(services: Services) -> Page:
    """Lay out the page in the current language."""
    blocks: Page
    with Page(
        title="Yearbook QA",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(UPLOAD_CLEANUP_INTERVAL, STAGED_FOR),
    ) as blocks:
        html(render("form.html", part="header", languages=LANGUAGES, current=current_language()))
        header = html(opening_html(), elem_id="yq-library")
        with gr.Tabs(elem_id="yq-tabs", overflow_behavior="wrap"):
            for tab_class in TABS:
                with gr.Tab(_(tab_class.title), id=tab_class.name, elem_id=f"yq-tab-{tab_class.name}") as tab:
                    tab_class(services).add(Place(blocks, tab, header))
        blocks.load(lambda: library_facts(services.loader), None, header, **PRIVATE)
    return blocks
