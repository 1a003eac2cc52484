"""Formulas of a page (MathML) on one line, as they would be typed: "a/b", "10⁻⁶", "√(a+b)"."""

from __future__ import annotations

from typing import Any

from corpus.readers.text_builder import raise_digits

_MAX_DEPTH = 100


def formula(element: Any, depth: int = 0) -> str:
    """Return the text of a MathML element, without annotations, which repeat it in another notation."""
    tag = element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""
    if not tag or tag.startswith("annotation") or depth > _MAX_DEPTH:
        return ""
    parts = [formula(child, depth + 1) for child in element]
    if tag == "mfrac" and len(parts) == 2:
        return f"{_operand(parts[0])}/{_operand(parts[1])}"
    if tag in ("msup", "msub") and len(parts) == 2:
        return parts[0] + (_raise(parts[1]) if tag == "msup" else f"_{_operand(parts[1])}")
    if tag == "msubsup" and len(parts) == 3:
        return f"{parts[0]}_{_operand(parts[1])}{_raise(parts[2])}"
    if tag == "msqrt":
        return f"√{_operand(''.join(parts))}"
    if tag in ("mtext", "mspace"):
        return f" {(element.text or '').strip()} "
    tails = [(child.tail or "").strip() for child in element]
    return (element.text or "").strip() + "".join(a + b for a, b in zip(parts, tails, strict=True))


def _raise(text: str) -> str:
    return raise_digits(text) or f"^{_operand(text)}"


def _operand(text: str) -> str:
    return text if text.isalnum() or len(text) <= 1 else f"({text})"
