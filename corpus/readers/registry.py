"""Input formats: the one place to register a reader.

To add a format, write a module with `read(data: bytes) -> FileContent` and add a `Format` to `FORMATS`. Everything else
follows from that entry: which files are found and may be uploaded, error messages, and which files the fuzzer mutates
(`tests/benchmarks/reading/fuzzing.py` takes its kinds and suffixes from here).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from corpus.readers import docx, epub, odt, old_formats, slides
from corpus.readers.base import FileContent, OnPage
from corpus.readers.html import reader as html
from corpus.readers.pdf import isolated
from corpus.readers.spreadsheets import csv_file, ods, xlsx
from corpus.readers.text import markdown, plain_text
from corpus.translation import gettext as _
from corpus.translation import join_items

READER_VERSION = 24
"""Increment it when results of readers, outline or chunking change: indexes then read their files again."""

Reader = Callable[[bytes], FileContent]
OcrReader = Callable[[bytes, OnPage | None], FileContent]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name, the suffixes of its files (lower case, with dot; the usual one first) and its reader.

    The reader raises UnreadableFile if the bytes are not what the suffix claims. `read_with_ocr` also reads images of
    pages, for formats that have them. `converted` formats are read through LibreOffice.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    read_with_ocr: OcrReader | None = None
    converted: bool = False


FORMATS = (
    Format("text", (".txt", ".text"), plain_text.read),
    Format("markdown", (".md", ".markdown"), markdown.read),
    Format("html", (".html", ".htm", ".xhtml"), html.read),
    Format("docx", (".docx",), docx.read),
    Format("pdf", (".pdf",), isolated.read, isolated.read_with_ocr),
    Format("odt", (".odt",), odt.read),
    Format("epub", (".epub",), epub.read),
    Format("pptx", (".pptx",), slides.read_pptx),
    Format("odp", (".odp",), slides.read_odp),
    Format("xlsx", (".xlsx", ".xlsm"), xlsx.read),
    Format("ods", (".ods",), ods.read),
    Format("csv", (".csv",), csv_file.read),
    Format("tsv", (".tsv", ".tab"), csv_file.read_tsv),
    Format("doc", (".doc",), old_formats.read_doc, converted=True),
    Format("rtf", (".rtf",), old_formats.read_rtf, converted=True),
    Format("xls", (".xls",), old_formats.read_xls, converted=True),
    Format("ppt", (".ppt",), old_formats.read_ppt, converted=True),
)
_READERS = {suffix: file_format.read for file_format in FORMATS for suffix in file_format.suffixes}
_OCR_READERS = {
    suffix: file_format.read_with_ocr
    for file_format in FORMATS
    for suffix in file_format.suffixes
    if file_format.read_with_ocr is not None
}


def reader_for(path: PurePath) -> Reader | None:
    """Return the reader for a file name's suffix (in any case), or None if the format is unknown."""
    return _READERS.get(path.suffix.lower())


def ocr_reader_for(path: PurePath) -> OcrReader | None:
    """Return the reader that recognises images of pages, or None if the format has none."""
    return _OCR_READERS.get(path.suffix.lower())


_CONVERTIBLE = frozenset(
    ".docm .dot .dotx .key .mobi .azw3 .numbers .pages .ps .wpd .xlsb"
    .split()
)  # fmt: skip
"""Suffixes of office files and books, which their programs can save as DOCX or PDF."""


def missing_reader(path: PurePath) -> str:
    """Return the message that no reader supports a file, and what to do."""
    suffix = path.suffix.lower()
    if suffix in _CONVERTIBLE:
        return _("cannot read %(suffix)s files; convert the file to DOCX or PDF", suffix=path.suffix)
    supported = join_items(supported_suffixes())
    if suffix:
        return _("cannot read %(suffix)s files; supported: %(supported)s", suffix=path.suffix, supported=supported)
    return _("cannot read files without a suffix; supported: %(supported)s", supported=supported)


def supported_suffixes() -> tuple[str, ...]:
    """Return the suffixes of all readable files."""
    return tuple(_READERS)
