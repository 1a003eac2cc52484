"""Text of a DOCX paragraph as it is printed: runs, breaks, symbols, form values, note references and formulas.

Hidden and deleted text is left out; the text boxes anchored in the paragraph are returned beside its text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any

from corpus.readers.base import parse_int, raise_digits
from corpus.readers.zipped_xml import COMPATIBILITY, MAX_DEPTH, M, W
from corpus.scripts import from_symbol_font, is_symbol_font

_SKIPPED = frozenset(
    f"{W}{name}" for name in "del moveFrom instrText delText pPr rPr rt sdtPr sdtEndPr tblPr".split()
) | {f"{COMPATIBILITY}Fallback"}
_BOX_CONTENT = f"{W}txbxContent"
_CHARACTERS = {
    f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""
}  # fmt: skip


def paragraph_text(
    paragraph: Any, cite_note: Callable[[str, str], str], hidden_styles: Collection[str] = ()
) -> tuple[str, list[Any]]:
    """Extract the text of a paragraph and the contents of its text boxes.

    Args:
        paragraph: A `w:p` element.
        cite_note: Called for each note reference, in order, with "footnote" or "endnote" and the note's id; returns the
            reference as text.
        hidden_styles: Ids of the paragraph and character styles whose text is hidden.

    Returns:
        The text, and the `w:txbxContent` elements.
    """
    hidden = bool(hidden_styles) and attribute(paragraph, "pPr", "pStyle") in hidden_styles
    collector = _Collector(cite_note, hidden_styles, hidden)
    collector.gather(paragraph, 0)
    collector.end_superscript()
    return "".join(collector.parts), collector.boxes


_RUN, _RUN_PROPERTIES, _FONTS, _TEXT, _CONTROL = (f"{W}{name}" for name in ("r", "rPr", "rFonts", "t", "sdt"))
_REFERENCES = (f"{W}footnoteReference", f"{W}endnoteReference")
_FORMULAS = (f"{M}oMath", f"{M}oMathPara")


class _Collector:
    """Walks a paragraph once; `parts` is its text, `boxes` are its text boxes."""

    def __init__(self, cite_note: Callable[[str, str], str], hidden_styles: Collection[str], hidden: bool) -> None:
        self.parts: list[str] = []
        self.boxes: list[Any] = []
        self._cite_note = cite_note
        self._hidden_styles = hidden_styles
        self._hidden = hidden
        self._references: set[str] = set()
        self._raised: list[str] = []  # superscript text, which further runs can continue

    def gather(self, element: Any, depth: int, superscript: bool = False, font: str = "") -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or depth > MAX_DEPTH:
            return
        if tag == _RUN:
            properties = element.find(_RUN_PROPERTIES)
            if _is_hidden(properties, self._hidden_styles, self._hidden):
                return
            superscript, font = False, ""
            if properties is not None:
                is_higher = parse_int(attribute(properties, "position"), 0) > 0  # written by LibreOffice
                superscript = is_higher or attribute(properties, "vertAlign") == "superscript"
                fonts = properties.find(_FONTS)
                font = "" if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or ""
        if tag == _BOX_CONTENT:
            self.boxes.append(element)
        elif (text := _printed_text(element, font)) is not None:
            self._add(text, superscript)
        elif tag in _REFERENCES:
            self._add_reference(tag.removeprefix(W).removesuffix("Reference"), element.get(f"{W}id") or "")
        elif tag in _FORMULAS:
            self.end_superscript()
            before = " " if self.parts and not self.parts[-1].endswith((" ", "\n")) else ""
            self.parts.append(f"{before}{formula(element)} ")
        elif tag != _CONTROL or not is_placeholder(element):
            for child in element:
                self.gather(child, depth + 1, superscript, font)

    def end_superscript(self) -> None:
        """Add the pending superscript text, in superscript characters if it is a number."""
        text = "".join(self._raised)
        self._raised.clear()
        if text:
            self.parts.append(raise_digits(text, "".join(self.parts[-3:])) or text)

    def _add(self, text: str, superscript: bool) -> None:
        if superscript:
            self._raised.append(text)
        elif text:
            self.end_superscript()
            self.parts.append(text)

    def _add_reference(self, kind: str, identifier: str) -> None:
        self.end_superscript()
        reference = self._cite_note(kind, identifier)
        # Two adjacent references would read as one number.
        adjacent = reference and self.parts and self.parts[-1].strip() in self._references
        self.parts.append(f" {reference}" if adjacent else reference)
        self._references.add(reference)


def _printed_text(element: Any, font: str) -> str | None:
    """Return the text that an element without children prints, None for other elements."""
    tag = element.tag
    if tag == _TEXT:
        return _run_text(element.text or "", font)
    if tag == f"{W}sym":
        code = element.get(f"{W}char") or ""
        return from_symbol_font(int(code, 16), element.get(f"{W}font") or "") if _is_code(code) else ""
    if tag == f"{W}fldChar":
        return _form_value(element)
    if tag == f"{W}br":
        return "\n" if element.get(f"{W}type") in (None, "textWrapping") else " "
    return _CHARACTERS.get(tag)


def _is_hidden(properties: Any, hidden_styles: Collection[str], by_paragraph: bool) -> bool:
    """Return whether a run with these properties (None if it has none) is hidden."""
    if properties is None:
        return by_paragraph or "" in hidden_styles
    own = properties.find(f"{W}vanish")
    if own is not None:
        return is_on(own)
    return by_paragraph or (bool(hidden_styles) and attribute(properties, "rStyle") in hidden_styles)


def _run_text(text: str, font: str) -> str:
    """Return the text of a run, with the characters of symbol fonts as Unicode."""
    if is_symbol_font(font):
        return "".join(from_symbol_font(ord(character), font) for character in text)
    if text.isascii():
        return text
    return "".join(from_symbol_font(ord(c), font) if "\uf000" <= c <= "\uf0ff" else c for c in text)


def _is_code(code: str) -> bool:
    return 0 < len(code) <= 4 and all(character in "0123456789abcdefABCDEF" for character in code)


def _form_value(field: Any) -> str:
    """Return what a form field shows that is not a text run: a ticked box, or the chosen entry of a list."""
    box = field.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        state = box.find(f"{W}checked")
        state = box.find(f"{W}default") if state is None else state
        return "☒" if state is not None and is_on(state) else "☐"
    entries = field.find(f"{W}ffData/{W}ddList")
    if entries is None:
        return ""
    chosen = attribute(entries, "result") or attribute(entries, "default") or "0"
    names = [entry.get(f"{W}val") or "" for entry in entries.findall(f"{W}listEntry")]
    return names[int(chosen)] if chosen.isdecimal() and int(chosen) < len(names) else ""


def formula(element: Any, depth: int = 0) -> str:
    """Return a formula on one line, as it would be typed: "a/b", "x^2", "√(a+b)"."""
    if not isinstance(element.tag, str) or depth > MAX_DEPTH:
        return ""
    name = element.tag.removeprefix(M)

    def operand(role: str) -> str:
        part = element.find(f"{M}{role}")
        text = "" if part is None else formula(part, depth + 1).strip()
        bracketed = text.startswith("(") and text.endswith(")") and text.count("(") == 1
        return text if text.isalnum() or len(text) <= 1 or bracketed else f"({text})"

    if name == "t":
        return str(element.text or "")
    if name == "f":
        return f"{operand('num')}/{operand('den')}"
    if name in ("sSup", "sSub", "sSubSup"):
        below = f"_{operand('sub')}" if name != "sSup" else ""
        above = f"^{operand('sup')}" if name != "sSub" else ""
        return f"{operand('e')}{below}{above}"
    if name == "rad":
        return f"√{operand('e')}"
    if name == "d":
        return f"({', '.join(formula(part, depth + 1) for part in element.findall(f'{M}e'))})"
    if name.endswith("Pr"):
        return ""
    return "".join(formula(child, depth + 1) for child in element)


def attribute(element: Any, *path: str) -> str:
    """Return the `w:val` of the element itself or of the descendant at a path of names below it; "" if missing."""
    node = element.find(_qualified(path)) if path else element
    return "" if node is None else (node.get(f"{W}val") or "").strip()


@cache
def _qualified(path: tuple[str, ...]) -> str:
    return "/".join(f"{W}{name}" for name in path)


def is_on(toggle: Any) -> bool:
    """Return whether a toggle property such as `w:b` or `w:vanish` is on."""
    return toggle.get(f"{W}val") not in ("0", "false", "off")


def is_placeholder(control: Any) -> bool:
    """Return whether a content control (`w:sdt`) shows its prompt ("Click here to enter text") and no content."""
    prompt = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    return prompt is not None and is_on(prompt)
