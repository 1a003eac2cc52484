"""Characters of symbol fonts, whose codes are not Unicode: Adobe's Symbol encoding and the usual signs of Wingdings."""

from __future__ import annotations

import re

_SYMBOL_ROWS = (
    (0x20, " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"),
    (0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪"),
    (0xF1, "〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"),
)
_SYMBOL = {first + at: character for first, row in _SYMBOL_ROWS for at, character in enumerate(row)}
_WINGDINGS = {
    0x20: " ", 0x28: "☎", 0x2A: "✉", 0x4A: "☺", 0x4C: "☹", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□",
    0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x9F: "•", 0xA7: "▪", 0xA8: "◻", 0xAB: "★", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": {}, "wingdings 3": {}, "webdings": {}}
_PRIVATE = range(0xF000, 0xF100)
"""Where Word puts the codes of symbol fonts."""

UNKNOWN = "\ufffd"
_SIGN_FONT = re.compile(r"(wingdings|webdings)[ -]?([23])?", re.IGNORECASE)


def is_symbol_font(font: str) -> bool:
    """Return whether the letters of a font are signs."""
    return font.lower() in _FONTS


def from_symbol_font(code: int, font: str) -> str:
    """Return the character of a code in a font; `UNKNOWN` if a symbol font's table does not have it."""
    table = _FONTS.get(font.lower(), _SYMBOL if code in _PRIVATE and not font else None)
    if table is None:
        return chr(code - 0xF000) if code in _PRIVATE else chr(code)
    return table.get(code - 0xF000 if code in _PRIVATE else code, UNKNOWN)


def sign_font(name: str) -> str:
    """Return the symbol font that the name of an embedded font means, as "ABCDEF+Wingdings-Regular"; "" if none."""
    match = _SIGN_FONT.search(name)
    return " ".join(filter(None, match.groups())).lower() if match else ""
