"""The values of form fields as spans of text: viewers show them, but they are not part of a page's own text."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator
from typing import Any

from corpus.readers.pdf.extraction.glyphs import PageTransform, Span

_PASSWORD = 1 << 13
_DEFAULT_SIZE = 11.0
"""Points, where the field adapts the size to its text."""
_MAX_LENGTH = 20_000
"""Bytes of a value that are read."""
_CHECKED = "☒"


def read_form_fields(page: Any, form: Any, transform: PageTransform) -> list[Span]:
    """Return the filled fields of a page.

    Args:
        page: A `pypdfium2.PdfPage`.
        form: The form environment of its document.
        transform: The transform of the page.
    """
    from pypdfium2 import raw

    spans: list[Span] = []
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        hidden = raw.FPDFAnnot_GetFlags(annotation) & (raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW)
        if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET and not hidden:
            spans += _spans(annotation, form, transform)
        raw.FPDFPage_CloseAnnot(annotation)
    return spans


def _spans(annotation: Any, form: Any, transform: PageTransform) -> Iterator[Span]:
    """Yield a span for each line of a field's value."""
    from pypdfium2 import raw

    box, size = raw.FS_RECTF(), ctypes.c_float()
    if not raw.FPDFAnnot_GetRect(annotation, box):
        return
    corners = transform.point(box.left, box.top), transform.point(box.right, box.bottom)
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(*corners, strict=True))
    raw.FPDFAnnot_GetFontSize(form, annotation, size)
    lines = [" ".join(line.split()) for line in _value(annotation, form).splitlines()]
    em = size.value or min(_DEFAULT_SIZE, 0.8 * (bottom - top))
    first = top + 0.6 * em if len(lines) > 1 else (top + bottom) / 2
    for number, line in enumerate(lines):
        middle = first + 1.2 * em * number
        end = min(right, left + 0.5 * em * len(line))
        edges = (left, middle - em / 2, end, middle + em / 2, middle + 0.3 * em)
        if line:
            yield Span(line, array("i", [-1] * len(line)), *edges, em, bold=False, italic=False)


def _value(annotation: Any, form: Any) -> str:
    """Return what a field shows: a text, the chosen options, or a mark in a box that is checked."""
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return _CHECKED if raw.FPDFAnnot_IsChecked(form, annotation) else ""
    if kind in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        count = raw.FPDFAnnot_GetOptionCount(form, annotation)
        chosen = [number for number in range(count) if raw.FPDFAnnot_IsOptionSelected(form, annotation, number)]
        if chosen:
            return "\n".join(_string(raw.FPDFAnnot_GetOptionLabel, form, annotation, number) for number in chosen)
    elif kind != raw.FPDF_FORMFIELD_TEXTFIELD or raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    return _string(raw.FPDFAnnot_GetFormFieldValue, form, annotation)


def _string(get: Any, *arguments: Any) -> str:
    buffer = ctypes.create_string_buffer(_MAX_LENGTH)
    length = get(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), len(buffer))
    return buffer.raw[: min(max(length - 2, 0), len(buffer))].decode("utf-16-le", "replace").replace("\0", "")
