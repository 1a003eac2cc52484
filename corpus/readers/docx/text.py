"""A paragraph of a DOCX file as text: runs, breaks, notes' marks, formulas; and the text boxes in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corpus.readers.docx.package import M, W

_SKIPPED = frozenset(
    f"{W}{name}" for name in "del moveFrom instrText delText pPr rPr rt sdtPr sdtEndPr tblPr fldChar".split()
)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CONTENT = f"{W}txbxContent"
_SIMPLE = {
    f"{W}tab": " ",
    f"{W}ptab": " ",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "",
}
DEEPEST = 256
"""Elements inside each other: no deeper tree is parsed, so nothing is left out."""


def paragraph_text(paragraph: Any, note: Callable[[str, str], str]) -> tuple[str, list[Any]]:
    """The text of a paragraph, and the contents of the text boxes anchored in it.

    `note` is called with "footnote" or "endnote" and a note's id, in order, and gives the mark to show there.
    """
    parts: list[str] = []
    boxes: list[Any] = []
    marks: set[str] = set()

    def gather(element: Any, depth: int) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or tag == _FALLBACK or depth > DEEPEST:
            return
        if tag == _CONTENT:
            boxes.append(element)
        elif tag == f"{W}t":
            parts.append(element.text or "")
        elif tag in _SIMPLE:
            parts.append(_SIMPLE[tag])
        elif tag == f"{W}br":
            parts.append("\n" if element.get(f"{W}type") in (None, "textWrapping") else " ")
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kind = tag.removeprefix(W).removesuffix("Reference")
            mark = note(kind, element.get(f"{W}id") or "")
            # Two marks side by side would read as the number of one.
            parts.append(f" {mark}" if mark and parts and parts[-1].strip() in marks else mark)
            marks.add(mark)
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
    """A formula on one line, as one would type it: fractions with a stroke, exponents with a circumflex."""
    if not isinstance(element.tag, str) or depth > DEEPEST:
        return ""
    name = element.tag.removeprefix(M)

    def part(of: str) -> str:
        found = element.find(f"{M}{of}")
        return "" if found is None else formula(found, depth + 1)

    if name == "t":
        return str(element.text or "")
    if name == "f":
        return f"{_grouped(part('num'))}/{_grouped(part('den'))}"
    if name in ("sSup", "sSub", "sSubSup"):
        below = f"_{_grouped(part('sub'))}" if name != "sSup" else ""
        above = f"^{_grouped(part('sup'))}" if name != "sSub" else ""
        return f"{_grouped(part('e'))}{below}{above}"
    if name == "rad":
        return f"√{_grouped(part('e'))}"
    if name == "d":
        return f"({', '.join(formula(one, depth + 1) for one in element.findall(f'{M}e'))})"
    if name.endswith("Pr"):
        return ""
    return "".join(formula(child, depth + 1) for child in element)


def _grouped(text: str) -> str:
    text = text.strip()
    plain = text.isalnum() or len(text) <= 1 or (text.startswith("(") and text.endswith(")") and text.count("(") == 1)
    return text if plain else f"({text})"
