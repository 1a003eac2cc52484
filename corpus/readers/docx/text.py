"""Text of a DOCX paragraph: runs, breaks, note references and formulas; and the text boxes anchored in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corpus.readers.docx.package import M, W

_SKIPPED = frozenset(
    f"{W}{name}" for name in "del moveFrom instrText delText pPr rPr rt sdtPr sdtEndPr tblPr fldChar".split()
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_BOX_CONTENT = f"{W}txbxContent"
_CHARACTERS = {
    f"{W}tab": " ", f"{W}ptab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""
}  # fmt: skip
MAX_DEPTH = 256
"""The XML parser refuses deeper nesting, so that nothing is left out."""


def paragraph_text(paragraph: Any, cite_note: Callable[[str, str], str]) -> tuple[str, list[Any]]:
    """Extract the text of a paragraph and the contents of its text boxes.

    Args:
        paragraph: A `w:p` element.
        cite_note: Called for each note reference, in order, with "footnote" or "endnote" and the note's id; returns the
            reference as text.

    Returns:
        The text, and the `w:txbxContent` elements.
    """
    parts: list[str] = []
    boxes: list[Any] = []
    references: set[str] = set()

    def gather(element: Any, depth: int) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or depth > MAX_DEPTH:
            return
        if tag == _BOX_CONTENT:
            boxes.append(element)
        elif tag == f"{W}t":
            parts.append(element.text or "")
        elif tag in _CHARACTERS:
            parts.append(_CHARACTERS[tag])
        elif tag == f"{W}br":
            parts.append("\n" if element.get(f"{W}type") in (None, "textWrapping") else " ")
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kind = tag.removeprefix(W).removesuffix("Reference")
            reference = cite_note(kind, element.get(f"{W}id") or "")
            # Two adjacent references would read as one number.
            parts.append(f" {reference}" if reference and parts and parts[-1].strip() in references else reference)
            references.add(reference)
        elif tag in (f"{M}oMath", f"{M}oMathPara") and parts and not parts[-1].endswith((" ", "\n")):
            parts.append(f" {formula(element)} ")
        elif tag == f"{M}oMath":
            parts.append(f"{formula(element)} ")
        else:
            for child in element:
                gather(child, depth + 1)

    gather(paragraph, 0)
    return "".join(parts), boxes


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
