"""Open a PDF file with PDFium and extract its pages (spans, rules, frames), bookmarks and document information.

The values of form fields are spans of their page. The text of a page whose fonts do not say which letters they show is
not legible. Layers (optional content) that viewers do not show are left out: PDFium extracts their text, and has no
function that lists them, so a page is drawn with and without each of them. PDFium is not needed after `load_file`. All
its errors become UnreadableFile here.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers.pdf.extraction.directions import Flow, group_flows, rotate_glyph
from corpus.readers.pdf.extraction.drawings import (
    Frame,
    Rule,
    Side,
    add_bullets,
    read_drawings,
    split_spans,
    turn_lines,
)
from corpus.readers.pdf.extraction.glyphs import Glyph, PageTransform, Span, extract_glyphs
from corpus.translation import gettext as _

_PDFIUM_LOCK = Lock()
"""PDFium is not thread-safe."""

_MAX_PLACEHOLDER = 1500
"""Maximum characters of a page that is only a placeholder for an XFA form."""
_IMAGE_SHARE, _MAX_STAMP = 0.8, 200
"""Share of a page that images cover on a scan, and characters of a stamp on it, such as the address of a library."""
_MIN_OUTLINES = 200
"""Minimum drawn paths of a page without text that may be the outlines of letters."""
_PASSWORD = 1 << 13
_FIELD_SIZE = 11.0
"""Points, where the field adapts the size to its text."""
_MAX_VALUE = 20_000
"""Bytes of a value that are read."""
_CHECKED = "☒"
_MAX_UNUSABLE = 0.3
"""Share of the characters without a meaning; a few are bullets and symbols."""
_MIN_LETTERS, _MIN_WORDS = 200, 20
"""Minimum letters and words for the statistics to be reliable."""
_FREQUENT = frozenset("etaoinsrlud")
_MIN_FREQUENT = 0.5
"""Share of the frequent letters: .62 to .75 in languages with Latin letters, .2 to .45 where letters are shifted."""
_MAX_MIXED = 0.2
"""Share of words with letters of two scripts; East Asian text is written without spaces around other scripts."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_EAST_ASIAN = frozenset(("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "FULLWIDTH", "HALFWIDTH"))
_LAYERS = b"/OCProperties"
_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^\0]{0,500}?stream\r?\n")
_MAX_STREAM = 2_000_000
"""Bytes of an object stream in which layers are searched."""
_MAX_LAYERS = 30
"""Layers of a page that are tried one by one."""
_MAX_PIXELS = 400
"""Width or height of the drawn page: letters two pixels high make a difference, and more takes memory."""


@dataclass(slots=True)
class PdfPage:
    """A page, numbered from 1; `label` is its page label in the file.

    `flows` hold the text by direction, the main one first, with coordinates as if the page were turned to read it; none
    unless `legible`.
    `images` is the sum of the shares of the page that its images cover; `paths` counts the other drawn objects.
    `glyphs`, by number, are as displayed; they take ten times the memory and are kept on request.
    """

    number: int
    width: float
    height: float
    label: str | None
    flows: list[Flow] = field(default_factory=list)
    images: float = 0.0
    paths: int = 0
    legible: bool = True
    unread_signs: int = 0
    glyphs: dict[int, Glyph] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)

    @property
    def is_scan(self) -> bool:
        """Whether the page shows more than its text says: an image with a stamp at most, or outlines of letters."""
        if not self.spans:
            return self.images > 0 or self.paths >= _MIN_OUTLINES
        return self.images >= _IMAGE_SHARE and sum(len(span.text) for span in self.spans) <= _MAX_STAMP

    @property
    def spans(self) -> list[Span]:
        """The text in the main direction of the page."""
        return self.flows[0].spans if self.flows else []


@dataclass(slots=True)
class Bookmark:
    """An entry of the file's own outline; `page` counts from 1."""

    title: str
    level: int
    page: int | None


@dataclass(slots=True)
class PdfFile:
    """The content of a PDF file."""

    pages: list[PdfPage]
    bookmarks: list[Bookmark]
    information: dict[str, str]


def load_file(data: bytes, *, keep_glyphs: bool = False) -> PdfFile:
    """Read all pages of a PDF file.

    Args:
        data: The bytes of the file.
        keep_glyphs: Whether to fill `PdfPage.glyphs`.

    Raises:
        UnreadableFile: The data is not a PDF file, encrypted, damaged or too large.
    """
    import pypdfium2

    if b"%PDF-" not in data[:1024]:
        raise UnreadableFile(_("not a PDF file, by its first bytes"))
    with open_document(data) as document:
        try:
            if len(document) > limits.PAGES.value:
                raise UnreadableFile(
                    _("%(count)s pages; %(remedy)s", count=f"{len(document):,}", remedy=limits.PAGES.remedy)
                )
            if document.get_formtype():
                document.init_forms()  # before the pages are loaded
            layered = _has_layers(data)
            pages: list[PdfPage] = []
            characters, limit = 0, limits.GLYPHS.value
            for number in range(len(document)):
                pages.append(_read_page(document, number, keep_glyphs, layered))
                characters += sum(len(span.text) for span in pages[-1].spans)
                if characters > limit:
                    raise UnreadableFile(
                        _(
                            "%(characters)s characters or more; %(remedy)s",
                            characters=f"{characters:,}",
                            remedy=limits.GLYPHS.remedy,
                        )
                    )
            _refuse_placeholder(document, characters)
            return PdfFile(pages, list(_bookmarks(document)), _information(document))
        # A damaged page, outline or dictionary; UnicodeError if PDFium returns invalid UTF-16.
        except (pypdfium2.PdfiumError, UnicodeError, ctypes.ArgumentError) as error:
            raise UnreadableFile(_("damaged: %(error)s", error=error)) from error


@contextmanager
def open_document(data: bytes) -> Iterator[Any]:
    """Open a file as a `pypdfium2.PdfDocument` while holding the lock of PDFium. Raises UnreadableFile."""
    import pypdfium2

    with _PDFIUM_LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(_explain(error)) from error
        try:
            yield document
        finally:
            document.close()


def glyphs_on_page(data: bytes, number: int) -> list[Glyph]:
    """Return the glyphs of a page (from 1) as displayed, in file order; none if there is no such page.

    Raises:
        UnreadableFile: The file cannot be opened.
    """
    import pypdfium2

    with open_document(data) as document:
        try:
            page = document[number - 1]
            return [glyph for glyph, _ in extract_glyphs(page.get_textpage(), PageTransform(page)).glyphs]
        except (pypdfium2.PdfiumError, IndexError):
            return []


def _explain(error: Exception) -> str:
    text = str(error).lower()
    if "password" in text:
        return "encrypted with a password: save it without one"
    if "security" in text:
        return "encrypted in an unknown way: save it without encryption"
    return f"damaged, or not a PDF file ({error})"


def _refuse_placeholder(document: Any, characters: int) -> None:
    """Refuse an XFA form whose page only asks to wait for a viewer that knows such forms."""
    from pypdfium2 import raw

    kind = document.get_formtype()
    if kind == raw.FORMTYPE_XFA_FULL or (
        kind == raw.FORMTYPE_XFA_FOREGROUND
        and len(document) == 1
        and characters < _MAX_PLACEHOLDER
        and not raw.FPDFPage_GetAnnotCount(document[0])
    ):
        raise UnreadableFile(_("an XFA form, whose content is not on its pages: print it to a new PDF file first"))


def _read_page(document: Any, number: int, keep_glyphs: bool, layered: bool) -> PdfPage:
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return PdfPage(number + 1, 0, 0, None)  # a page that cannot be loaded is empty; the others are read
    width, height = page.get_size()
    transform = PageTransform(page)
    drawings = read_drawings(page, transform)
    result = PdfPage(
        number + 1,
        width,
        height,
        document.get_page_label(number) or None,
        images=drawings.images,
        paths=drawings.paths,
        rules=drawings.rules,
        sides=drawings.sides,
        frames=drawings.frames,
    )
    if layered:
        _hide_layers(page)
    text = page.get_textpage()
    extracted = extract_glyphs(text, transform)
    glyphs = extracted.glyphs
    if keep_glyphs:
        result.glyphs = {glyph.number: glyph for glyph, _ in glyphs}
    result.legible = is_legible(
        "".join(f" {glyph.text}" if glyph.space else glyph.text for glyph, _ in glyphs), extracted.control_codes
    )
    result.unread_signs = extracted.control_codes
    result.flows = group_flows(glyphs, width, height) if result.legible else []
    if result.flows and not result.flows[0].mirrored:
        add_bullets(result.flows[0].spans, drawings.bullets)
        turns = result.flows[0].quarter_turns
        result.rules, result.sides = turn_lines(drawings.rules, drawings.sides, turns, width, height)
        if result.sides:
            turned = {
                glyph.number: rotate_glyph(glyph, turns, width, height) if turns else glyph for glyph, _ in glyphs
            }
            split_spans(result.flows[0].spans, result.sides, turned)
    if document.formenv and (fields := _read_form_fields(page, document.formenv, transform)):
        result.flows = result.flows or [Flow([], width, height)]
        result.flows[0].spans += fields
    if result.flows and result.flows[0].mirrored:
        result.sides = []
        result.rules = [Rule(width - rule.right, width - rule.left, rule.height) for rule in result.rules]
        result.frames = [frame._replace(left=width - frame.right, right=width - frame.left) for frame in result.frames]
    text.close()
    page.close()
    return result


def _bookmarks(document: Any) -> Iterator[Bookmark]:
    for entry in document.get_toc(max_depth=12):
        title = " ".join((entry.get_title() or "").split())
        destination = entry.get_dest()
        page = destination.get_index() if destination is not None else None
        if title:
            yield Bookmark(title, entry.level, None if page is None else page + 1)


def _information(document: Any) -> dict[str, str]:
    entries = document.get_metadata_dict(skip_empty=True)
    return {key: " ".join(str(value).replace("\x00", "").split()) for key, value in entries.items()}


def _read_form_fields(page: Any, form: Any, transform: PageTransform) -> list[Span]:
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
            spans += _field_spans(annotation, form, transform)
        raw.FPDFPage_CloseAnnot(annotation)
    return spans


def _field_spans(annotation: Any, form: Any, transform: PageTransform) -> Iterator[Span]:
    """Yield a span for each line of a field's value."""
    from pypdfium2 import raw

    box, size = raw.FS_RECTF(), ctypes.c_float()
    if not raw.FPDFAnnot_GetRect(annotation, box):
        return
    corners = transform.point(box.left, box.top), transform.point(box.right, box.bottom)
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(*corners, strict=True))
    raw.FPDFAnnot_GetFontSize(form, annotation, size)
    lines = [" ".join(line.split()) for line in _field_value(annotation, form).splitlines()]
    em = size.value or min(_FIELD_SIZE, 0.8 * (bottom - top))
    first = top + 0.6 * em if len(lines) > 1 else (top + bottom) / 2
    for number, line in enumerate(lines):
        middle = first + 1.2 * em * number
        end = min(right, left + 0.5 * em * len(line))
        edges = (left, middle - em / 2, end, middle + em / 2, middle + 0.3 * em)
        if line:
            yield Span(line, array("i", [-1] * len(line)), *edges, em, bold=False, italic=False)


def _field_value(annotation: Any, form: Any) -> str:
    """Return what a field shows: a text, the chosen options, or a mark in a box that is checked."""
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return _CHECKED if raw.FPDFAnnot_IsChecked(form, annotation) else ""
    if kind in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        count = raw.FPDFAnnot_GetOptionCount(form, annotation)
        chosen = [number for number in range(count) if raw.FPDFAnnot_IsOptionSelected(form, annotation, number)]
        if chosen:
            return "\n".join(_value_string(raw.FPDFAnnot_GetOptionLabel, form, annotation, number) for number in chosen)
    elif kind != raw.FPDF_FORMFIELD_TEXTFIELD or raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    return _value_string(raw.FPDFAnnot_GetFormFieldValue, form, annotation)


def _value_string(get: Any, *arguments: Any) -> str:
    buffer = ctypes.create_string_buffer(_MAX_VALUE)
    length = get(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), len(buffer))
    return buffer.raw[: min(max(length - 2, 0), len(buffer))].decode("utf-16-le", "replace").replace("\0", "")


def is_legible(text: str, control_codes: int) -> bool:
    """Return whether the text of a page has letters that mean what is shown.

    Fonts without a usable Unicode mapping give private characters, control codes, or other letters ("7KH" for "The").

    Args:
        text: The characters of the page.
        control_codes: How many more characters the page shows that are control codes.
    """
    counts = Counter(text)
    total = len(text) - counts[" "] + control_codes
    private = sum(count for letter, count in counts.items() if unicodedata.category(letter) in ("Co", "Cn"))
    private += counts["\ufffd"]
    return control_codes + private <= _MAX_UNUSABLE * total and not _is_shifted(counts) and not _is_mixed(text)


def _is_shifted(counts: Counter[str]) -> bool:
    letters: Counter[str] = Counter()
    for letter, count in counts.items():
        if letter.isalpha():
            letters[unicodedata.normalize("NFD", letter)[0].lower()] += count
    latin = sum(count for letter, count in letters.items() if "a" <= letter <= "z")
    if latin < max(_MIN_LETTERS, letters.total() / 2):
        return False
    return sum(letters[letter] for letter in _FREQUENT) < _MIN_FREQUENT * latin


def _is_mixed(text: str) -> bool:
    words = _WORD.findall(text)
    mixed = sum(len(set(map(_script, word)) - {"CJK"}) > 1 for word in words if not word.isascii())
    return len(words) >= _MIN_WORDS and mixed > _MAX_MIXED * len(words)


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    script = unicodedata.name(letter, "").partition(" ")[0]
    return "CJK" if script in _EAST_ASIAN else script


def _has_layers(data: bytes) -> bool:
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


def _hide_layers(page: Any) -> None:
    """Deactivate the objects of a `pypdfium2.PdfPage` that are on hidden layers: their text is not extracted."""
    from pypdfium2 import raw

    layers: dict[object, list[Any]] = {}
    for item in page.get_objects(max_depth=1):
        layer = _layer(item)
        if layer is not None:
            layers.setdefault(layer if len(layers) < _MAX_LAYERS else "", []).append(item)
    shown = _checksum_of_drawing(page) if layers else 0
    for items in layers.values():
        for item in items:
            raw.FPDFPageObj_SetIsActive(item, False)
        if _checksum_of_drawing(page) != shown or any(_has_invisible_text(item) for item in items):
            for item in items:
                raw.FPDFPageObj_SetIsActive(item, True)


def _layer(item: Any) -> object:
    """Return what identifies the layer of an object, None if it is on none; a form may be a layer."""
    from pypdfium2 import raw

    for number in range(raw.FPDFPageObj_CountMarks(item)):
        mark = raw.FPDFPageObj_GetMark(item, number)
        if _mark_string(lambda *buffer, mark=mark: raw.FPDFPageObjMark_GetName(mark, *buffer)) == "OC":
            name = _mark_string(
                lambda *buffer, mark=mark: raw.FPDFPageObjMark_GetParamStringValue(mark, b"Name", *buffer)
            )
            return name or number
    return id(item) if item.type == raw.FPDF_PAGEOBJ_FORM else None


def _mark_string(get: Any) -> str:
    length = ctypes.c_ulong()
    buffer = ctypes.create_string_buffer(512)
    done = get(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), len(buffer), length)
    return buffer.raw[: max(length.value - 2, 0)].decode("utf-16-le", "replace") if done else ""


def _checksum_of_drawing(page: Any) -> int:
    """Return a checksum of the page as drawn, which takes less memory than the pixels."""
    scale = _MAX_PIXELS / max(*page.get_size(), 1.0)
    return zlib.crc32(page.render(scale=scale, may_draw_forms=False, draw_annots=False).buffer)


def _has_invisible_text(item: Any) -> bool:
    """Return whether an object is or has the invisible text of a scan, which makes no difference but counts."""
    from pypdfium2 import raw

    texts = [item] if item.type == raw.FPDF_PAGEOBJ_TEXT else []
    if item.type == raw.FPDF_PAGEOBJ_FORM:
        texts = list(item.page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], form=item.raw, max_depth=3))
    return any(raw.FPDFTextObj_GetTextRenderMode(text) == raw.FPDF_TEXTRENDERMODE_INVISIBLE for text in texts)
