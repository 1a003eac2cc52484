"""The tab that compares editions and checks drafts: a page of ours, which the form's script puts here."""

from __future__ import annotations

from urllib.parse import urlencode

import gradio as gr

from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.web.render.markup import escape
from qa.web.tabs import ask_handler
from qa.web.tabs.widgets import PRIVATE, html


class CompareTab:
    """The parts of the tab."""

    def __init__(self, opening: LibraryLoader) -> None:
        self._opening = opening

    def add(self, tab: gr.Tab) -> None:
        """Add the parts and their events to the page that is being laid out."""
        shown = html('<p class="yq-soft">Opening the library …</p>', elem_id="yq-compare-shown")
        tab.select(self._show, None, shown, **PRIVATE)

    def _show(self) -> str:
        """A link that the page replaces by what it leads to; a comparison in the page's own address goes along."""
        try:
            manifest = self._opening.library().index.manifest
        except USER_ERRORS as error:
            return ask_handler.message(str(error))
        # differs from state to state of the library, so that the page asks anew
        state = urlencode({"generation": manifest.generation, "documents": manifest.documents})
        return f'<div><a class="yq-include yq-with-address" href="{escape(f"./compare?{state}")}">Compare</a></div>'
