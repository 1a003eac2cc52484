"""Tabs whose content is a page of their own, which the script includes: comparisons, word counts, checks of drafts."""

from __future__ import annotations

from typing import ClassVar

from qa.web.tabs.widgets import PRIVATE, Place, Services, html, include


class IncludedTab:
    """A tab that includes the page with its name."""

    label: ClassVar[str]
    name: ClassVar[str]

    def __init__(self, services: Services) -> None:
        self._loader = services.loader

    def add(self, place: Place) -> None:
        """Create the components and their events."""
        shown = html('<p class="yq-soft">Opening the library …</p>', elem_id=f"yq-{self.name}-shown")
        place.tab.select(
            lambda: include(self._loader, self.name, self.label, with_address=True), None, shown, **PRIVATE
        )


class CompareTab(IncludedTab):
    """A topic across editions, or whole editions side by side."""

    label: ClassVar = "Compare"
    name: ClassVar = "compare"


class WordsTab(IncludedTab):
    """How often words, phrases and topics occur in each edition."""

    label: ClassVar = "Words over the years"
    name: ClassVar = "words"


class CheckTab(IncludedTab):
    """The quotations and figures of a draft."""

    label: ClassVar = "Check a draft"
    name: ClassVar = "check"
