"""Tabs whose content is a separate page, which the script includes: comparisons, word counts, checks of drafts."""

from __future__ import annotations

from typing import ClassVar

from corpus.translation import gettext as _
from corpus.translation import gettext_noop
from qa.web.tabs.widgets import PRIVATE, Place, Services, html, include, opening_html


class IncludedTab:
    """A tab that includes the page with its name."""

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, services: Services) -> None:
        self._loader = services.loader

    def add(self, place: Place) -> None:
        """Create the components and their events."""
        shown = html(opening_html(), elem_id=f"yq-{self.name}-shown")
        place.tab.select(
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
