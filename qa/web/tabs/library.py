"""The tab that shows what the library holds; the parts that change it are those of `changes_tab`."""

from __future__ import annotations

from urllib.parse import urlencode

import gradio as gr

from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.web.render.markup import escape
from qa.web.tabs import ask_handler
from qa.web.tabs.widgets import PRIVATE, html


class LibraryTab:
    """The parts of the tab."""

    def __init__(self, opening: LibraryLoader) -> None:
        self._opening = opening

    def add(self, tab: gr.Tab) -> None:
        """Add the parts and their events to the page that is being laid out."""
        self.shown = html('<p class="yq-soft">Opening the library …</p>', elem_id="yq-library-shown")
        tab.select(self.show, None, self.shown, **PRIVATE)

    def show(self) -> str:
        """The library as it is now: a link that the page replaces by what it leads to."""
        try:
            manifest = self._opening.library().index.manifest
        except USER_ERRORS as error:
            return ask_handler.message(str(error))
        # differs from state to state, so that the page asks anew
        state = urlencode({"generation": manifest.generation, "documents": manifest.documents})
        return f'<div><a class="yq-include" href="{escape(f"./library?{state}")}">The library</a></div>'
