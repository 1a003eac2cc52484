"""What the tabs of the form are laid out with: Gradio parts in the form's own manner."""

from __future__ import annotations

from typing import Any

import gradio as gr

PRIVATE: Any = {"api_visibility": "private", "show_progress": "hidden", "trigger_mode": "always_last"}
"""Of every event of the page: no program calls it, nothing flickers, and of several changes the last one counts."""


def html(value: str = "", **options: Any) -> gr.Markdown:
    """A place for HTML of our own."""
    # Not gr.HTML: its template is evaluated, which no strict content policy allows, and its value is not sanitised.
    return gr.Markdown(value, latex_delimiters=[], **options)


def choice(label: str, choices: list[tuple[str, str]], *, multiselect: bool = False, elem_id: str) -> gr.Dropdown:
    """A choice among values, each a label and what it stands for."""
    return gr.Dropdown(
        choices=choices,
        label=label,
        multiselect=multiselect,
        value=[] if multiselect else "",
        interactive=True,
        elem_id=elem_id,
        min_width=140,
        filterable=multiselect,
    )
