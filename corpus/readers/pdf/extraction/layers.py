"""Leaves out layers (optional content) that viewers do not show.

PDFium extracts the text of hidden layers, and has no function that lists them. So a page with layers is drawn with and
without each of them: a layer that makes no difference is hidden.
"""

from __future__ import annotations

import ctypes
import re
import zlib
from typing import Any

_LAYERS = b"/OCProperties"
_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^\0]{0,500}?stream\r?\n")
_MAX_STREAM = 2_000_000
"""Bytes of an object stream in which layers are searched."""
_MAX_LAYERS = 30
"""Layers of a page that are tried one by one."""
_MAX_PIXELS = 400
"""Width or height of the drawn page: letters two pixels high make a difference, and more takes memory."""


def has_layers(data: bytes) -> bool:
    """Return whether a file may have layers; True for encrypted object streams."""
    if _LAYERS in data:
        return True
    for match in _OBJECT_STREAM.finditer(data):
        stream = data[match.end() : data.find(b"endstream", match.end())]  # zlib keeps a copy of what follows a stream
        try:
            if _LAYERS in zlib.decompressobj().decompress(stream, _MAX_STREAM):
                return True
        except zlib.error:
            return True
    return False


def hide_layers(page: Any) -> None:
    """Deactivate the objects of a `pypdfium2.PdfPage` that are on hidden layers: their text is not extracted."""
    from pypdfium2 import raw

    layers: dict[object, list[Any]] = {}
    for item in page.get_objects(max_depth=1):
        layer = _layer(item)
        if layer is not None:
            layers.setdefault(layer if len(layers) < _MAX_LAYERS else "", []).append(item)
    shown = _draw(page) if layers else 0
    for items in layers.values():
        for item in items:
            raw.FPDFPageObj_SetIsActive(item, False)
        if _draw(page) != shown or any(_is_invisible(item) for item in items):
            for item in items:
                raw.FPDFPageObj_SetIsActive(item, True)


def _layer(item: Any) -> object:
    """Return what identifies the layer of an object, None if it is on none; a form may be a layer."""
    from pypdfium2 import raw

    for number in range(raw.FPDFPageObj_CountMarks(item)):
        mark = raw.FPDFPageObj_GetMark(item, number)
        if _string(lambda *buffer, mark=mark: raw.FPDFPageObjMark_GetName(mark, *buffer)) == "OC":
            name = _string(lambda *buffer, mark=mark: raw.FPDFPageObjMark_GetParamStringValue(mark, b"Name", *buffer))
            return name or number
    return id(item) if item.type == raw.FPDF_PAGEOBJ_FORM else None


def _string(get: Any) -> str:
    length = ctypes.c_ulong()
    buffer = ctypes.create_string_buffer(512)
    done = get(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), len(buffer), length)
    return buffer.raw[: max(length.value - 2, 0)].decode("utf-16-le", "replace") if done else ""


def _draw(page: Any) -> int:
    """Return a checksum of the page as drawn, which takes less memory than the pixels."""
    scale = _MAX_PIXELS / max(*page.get_size(), 1.0)
    return zlib.crc32(page.render(scale=scale, may_draw_forms=False, draw_annots=False).buffer)


def _is_invisible(item: Any) -> bool:
    """Return whether an object is or has the invisible text of a scan, which makes no difference but counts."""
    from pypdfium2 import raw

    texts = [item] if item.type == raw.FPDF_PAGEOBJ_TEXT else []
    if item.type == raw.FPDF_PAGEOBJ_FORM:
        texts = list(item.page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], form=item.raw, max_depth=3))
    return any(raw.FPDFTextObj_GetTextRenderMode(text) == raw.FPDF_TEXTRENDERMODE_INVISIBLE for text in texts)
