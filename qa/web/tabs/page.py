"""The page of the form: a header and the tabs. A new tab is a class added to `TABS`.

An `IncludedTab` shows the page of the same name, which a module of `qa.web.routes` defines and `qa.web.app.build_app`
registers.
"""

from __future__ import annotations

from typing import ClassVar

import gradio as gr

from corpus.translation import LANGUAGES, current_language, gettext_noop
from corpus.translation import gettext as _
from qa.templating import render
from qa.web.library_changes import STAGED_FOR
from qa.web.routes.api import TranslatedPage
from qa.web.tabs.ask import AskTab
from qa.web.tabs.batch import BatchTab
from qa.web.tabs.library import LibraryTab
from qa.web.tabs.widgets import PRIVATE, Services, Tab, TabContext, html, include, library_facts, opening_html

UPLOAD_CLEANUP_INTERVAL = 1800
"""Seconds between searches for unused uploads, which are deleted when older than `STAGED_FOR`."""


class IncludedTab:
    """A tab whose content is the page with its name, which the script includes."""

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, services: Services) -> None:
        self._loader = services.loader

    def add(self, context: TabContext) -> None:
        """Create the components and their events."""
        shown = html(opening_html(), elem_id=f"yq-{self.name}-shown")
        context.tab.select(
            lambda: include(self._loader, self.name, _(self.title), with_address=True), None, shown, **PRIVATE
        )


class CompareTab(IncludedTab):
    """A topic across editions, or whole editions side by side."""

    name: ClassVar = "compare"
    title: ClassVar = gettext_noop("Compare")


class WordsTab(IncludedTab):
    """How often words, phrases and topics occur in each edition."""

    name: ClassVar = "words"
    title: ClassVar = gettext_noop("Words over the years")


class CollectionsTab(IncludedTab):
    """Kept passages, and judgements with their measures."""

    name: ClassVar = "collections"
    title: ClassVar = gettext_noop("Collections")


class WatchTab(IncludedTab):
    """What a new edition changes in the answers to saved questions."""

    name: ClassVar = "watch"
    title: ClassVar = gettext_noop("Watch")


class CheckTab(IncludedTab):
    """The quotations and figures of a draft."""

    name: ClassVar = "check"
    title: ClassVar = gettext_noop("Check a draft")


TABS: tuple[type[Tab], ...] = (AskTab, BatchTab, CompareTab, WatchTab, WordsTab, CheckTab, CollectionsTab, LibraryTab)


def form(services: Services) -> TranslatedPage:
    """Lay out the page in the current language."""
    blocks: TranslatedPage
    with TranslatedPage(
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
                    tab_class(services).add(TabContext(blocks, tab, header))
        blocks.load(lambda: library_facts(services.loader), None, header, **PRIVATE)
    return blocks
