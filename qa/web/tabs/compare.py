"""The tab that compares editions and checks drafts. Its content is the page `compare`, which the script includes."""

from __future__ import annotations

from typing import ClassVar

from qa.web.tabs.widgets import PRIVATE, Place, Services, html, include


class CompareTab:
    """Comparisons and checks of drafts."""

    label: ClassVar = "Compare"
    name: ClassVar = "compare"

    def __init__(self, services: Services) -> None:
        self._opening = services.opening

    def add(self, place: Place) -> None:
        """Create the components and their events."""
        shown = html('<p class="yq-soft">Opening the library …</p>', elem_id="yq-compare-shown")
        place.tab.select(
            lambda: include(self._opening, "compare", "Compare", with_address=True), None, shown, **PRIVATE
        )
