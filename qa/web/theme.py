"""Colours and fonts of the form, in a light and a dark scheme; fonts are those of the user's system."""

from __future__ import annotations

import gradio as gr
from gradio.themes.utils.colors import Color

INK = Color(
    name="ink",
    c50="#eef5f6", c100="#d8e8ea", c200="#b4d2d7", c300="#86b5bd", c400="#57939e", c500="#2f7280",
    c600="#1f5c69", c700="#194a55", c800="#163c45", c900="#122f36", c950="#0b1f24",
)  # fmt: skip
STONE = Color(
    name="paper",
    c50="#faf9f6", c100="#f3f1ec", c200="#e5e2da", c300="#cfcabf", c400="#a39d91", c500="#6f6a60",
    c600="#57534b", c700="#403d38", c800="#2a2825", c900="#1d1c1a", c950="#141312",
)  # fmt: skip

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """Return the theme; text has a contrast of at least 4.5:1 (WCAG 2.2, AA) in both schemes."""
    return gr.themes.Base(
        primary_hue=INK,
        secondary_hue=INK,
        neutral_hue=STONE,
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
