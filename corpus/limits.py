"""Limits of input files, each with a default and an environment variable to change it.

They keep a single file from exhausting memory or time; no publication in the test sets comes near them. Recursion
limits are fixed, since the stack is: 256 nested elements in zipped XML (deeper files are refused), 200 in HTML (deeper
text has no structure), about 1,000 in JSON. Limits of questions are in `qa.limits`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from corpus.errors import LimitError
from corpus.translation import gettext as _

_NUMBER = re.compile(r"(\d{1,18})\s*([kMGT]?)(?:i?B)?", re.ASCII)
_SCALES = {"": 1, "k": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit; the environment variable `variable` overrides the default. `what` describes it for `info --limits`."""

    variable: str
    default: int
    what: str

    @property
    def value(self) -> int:
        """The current limit. Raises LimitError if the variable is not a number such as `20000` or `512M`."""
        written = os.environ.get(self.variable, "").strip()
        if not written:
            return self.default
        match = _NUMBER.fullmatch(written)
        if match is None or int(match[1]) == 0:
            raise LimitError(f"{self.variable} is {written!r}: must be a whole number above 0, such as 20000 or 512M")
        return int(match[1]) * _SCALES[match[2]]

    @property
    def remedy(self) -> str:
        """The limit and how to raise it, for error messages."""
        return _("the limit is %(limit)s: raise %(variable)s", limit=f"{self.value:,}", variable=self.variable)


FILE = Limit("YEARBOOK_QA_MAX_FILE", 512 * 2**20, "bytes of a file; it takes some ten times that in memory")
MARKUP = Limit("YEARBOOK_QA_MAX_MARKUP", 100_000_000, "bytes of an HTML or Markdown file, whose tree takes gigabytes")
BLOCKS = Limit("YEARBOOK_QA_MAX_BLOCKS", 1_000_000, "lines and cells of a Markdown file or spreadsheet: 1 GB to parse")
PAGES = Limit("YEARBOOK_QA_MAX_PAGES", 10_000, "pages of a PDF file")
GLYPHS = Limit("YEARBOOK_QA_MAX_GLYPHS", 20_000_000, "characters of a PDF file")
SECONDS = Limit("YEARBOOK_QA_MAX_PDF_SECONDS", 1800, "seconds that one PDF file may take to be read")
PAGE_SECONDS = Limit("YEARBOOK_QA_MAX_PAGE_SECONDS", 20, "seconds that a page of a PDF file may take to be drawn")
OCR_SECONDS = Limit("YEARBOOK_QA_MAX_OCR_SECONDS", 300, "seconds that text recognition may take on a page")
PARTS = Limit("YEARBOOK_QA_MAX_PARTS", 20_000, "parts of a zipped file: DOCX, XLSX, ODS")
PART = Limit("YEARBOOK_QA_MAX_PART", 100_000_000, "bytes that a part of a zipped file unpacks to")
UNPACKED = Limit("YEARBOOK_QA_MAX_UNPACKED", 300_000_000, "bytes that a zipped file unpacks to")
ARCHIVE = Limit("YEARBOOK_QA_MAX_ARCHIVE", 4 * 2**30, "bytes that a ZIP archive of publications unpacks to")
CONVERSION_SECONDS = Limit("YEARBOOK_QA_MAX_CONVERSION_SECONDS", 180, "seconds that LibreOffice may take for a file")
LINE = Limit("YEARBOOK_QA_MAX_LINE", 64 * 2**20, "bytes of a line of corpus.jsonl or of a file of questions")

LIMITS = (
    FILE,
    MARKUP,
    BLOCKS,
    PAGES,
    GLYPHS,
    SECONDS,
    PAGE_SECONDS,
    OCR_SECONDS,
    PARTS,
    PART,
    UNPACKED,
    ARCHIVE,
    CONVERSION_SECONDS,
    LINE,
)
