"""The page of the form: its theme, a header and the tabs. A new tab is a class added to `TABS`.

An `IncludedTab` shows the page of the same name, which a module of `qa.web.routes` defines and `qa.web.app.build_app`
registers.
"""

from __future__ import annotations

from typing import ClassVar

import gradio as gr
from gradio.themes.utils.colors import Color

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

_INK = Color(
    name="ink",
    c50="#eef5f6", c100="#d8e8ea", c200="#b4d2d7", c300="#86b5bd", c400="#57939e", c500="#2f7280",
    c600="#1f5c69", c700="#194a55", c800="#163c45", c900="#122f36", c950="#0b1f24",
)  # fmt: skip
_STONE = Color(
    name="paper",
    c50="#faf9f6", c100="#f3f1ec", c200="#e5e2da", c300="#cfcabf", c400="#a39d91", c500="#6f6a60",
    c600="#57534b", c700="#403d38", c800="#2a2825", c900="#1d1c1a", c950="#141312",
)  # fmt: skip

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


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


def theme() -> gr.themes.Base:
    """Return the colours and fonts of the form, in a light and a dark scheme.

    Fonts are those of the user's system. Text has a contrast of at least 4.5:1 (WCAG 2.2, AA) in both schemes.
    """
    return gr.themes.Base(
        primary_hue=_INK,
        secondary_hue=_INK,
        neutral_hue=_STONE,
        radius_size=gr.themes.sizes.radius_md,
        font=[gr.themes.Font(name) for name in _SANS],
        font_mono=[gr.themes.Font(name) for name in _MONO],
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_900",
        body_text_color_dark="*neutral_100",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="#b5afa3",
        background_fill_primary="white",
        background_fill_primary_dark="*neutral_900",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_border_width_dark="0px",
        block_shadow="none",
        block_padding="0px",
        block_label_text_color="*neutral_600",
        block_label_text_color_dark="#b5afa3",
        block_title_text_color="*neutral_600",
        block_title_text_color_dark="#b5afa3",
        block_title_text_size="*text_sm",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="#b5afa3",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        input_border_width="1px",
        input_border_color="#8d877b",
        input_border_color_dark="#7d776d",
        input_border_color_focus="*primary_600",
        input_border_color_focus_dark="*primary_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="#a39d91",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_300",
        button_primary_background_fill_hover_dark="*primary_200",
        button_primary_text_color="white",
        button_primary_text_color_dark="*neutral_950",
        button_cancel_background_fill="#a3271d",
        button_cancel_background_fill_dark="#f2a59c",
        button_cancel_text_color="white",
        button_cancel_text_color_dark="*neutral_950",
        color_accent="*primary_600",
        link_text_color="*primary_600",
        link_text_color_hover="*primary_700",
        link_text_color_visited="*primary_600",
        link_text_color_active="*primary_700",
        link_text_color_dark="*primary_300",
        link_text_color_hover_dark="*primary_200",
        link_text_color_visited_dark="*primary_300",
        link_text_color_active_dark="*primary_200",
    )
