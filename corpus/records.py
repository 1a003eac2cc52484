"""What travels through the program: documents, sections, passages, sentences.

All offsets count Unicode code points of `Document.text`, the canonical text: `text[start:end]` gives the span back.
Nothing here knows of files' formats, vectors or questions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

SectionKind = Literal["section", "inset", "notes", "glossary", "caption", "table", "front"]
Origin = Literal["catalogue", "file", "inferred", "unknown"]

_MARKUP = re.compile(r"^#{1,6}(?=\s)|\s#+\s*$|\n\s*(?:=+|-+)\s*$|\[\^[^\]\s]+\]")
"""What makes a line of Markdown a heading, and footnotes' marks in it: no part of its wording."""

NO_ORIGINS: Mapping[str, Origin] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Section:
    """An item of a document's outline: a heading, or a line that is a note, glossary entry, caption or front matter.

    `text` is the line as it stands in the canonical text, `start` where that line begins, `heading_end` where it ends
    (without the line break), `end` where all that stands under it ends. `parent` is the position of the enclosing item
    in the same outline. An item of kind `notes`, `glossary`, `caption` or `front` is its own body.
    """

    text: str
    kind: SectionKind
    level: int | None
    parent: int | None
    start: int
    heading_end: int
    end: int
    page: int | None = None
    page_label: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A span `[start, end)` of the canonical text whose role the file format declares, such as a Markdown heading.

    `level` counts from 0 for headings and is None for other kinds. The span excludes the final line break. A mark of
    kind `inset` or `table` covers several lines; the first is its heading, caption or header row. Any other mark covers
    one heading or one line.
    """

    kind: SectionKind
    level: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PageSpan:
    """A stretch `[start, end)` of the text that stands on one page.

    `page` counts the file's pages from 1; `label` is what is printed on it ("iv", "117"), None where that is unknown.
    """

    start: int
    end: int
    page: int
    label: str | None = None


def page_at(pages: Sequence[PageSpan], offset: int) -> PageSpan | None:
    """The span that an offset lies in; between two spans, the one before."""
    position = bisect_right(pages, offset, key=lambda span: span.start) - 1
    return pages[position] if position >= 0 else None


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read: its metadata, its canonical text and its outline (in text order).

    `edition` is the year on the cover; `covers` the first and last year described; `published` an ISO date. `origins`
    says of each metadata field where its value comes from. `sha256` is that of the source file's bytes. `pages` are in
    text order and do not overlap; they are empty where the format knows no pages. `furniture` are the lines that the
    file shows but that are no part of the text: running heads and feet, page numbers, a table of contents.
    """

    id: str
    title: str
    text: str = field(repr=False)
    outline: tuple[Section, ...] = field(repr=False)
    sha256: str = field(repr=False)
    source: str
    series: str | None = None
    publisher: str | None = None
    edition: int | None = None
    covers: tuple[int, int] | None = None
    published: str | None = None
    part: str | None = None
    url: str | None = None
    language: str | None = None
    origins: Mapping[str, Origin] = field(default_factory=lambda: NO_ORIGINS, repr=False)
    pages: tuple[PageSpan, ...] = field(default=(), repr=False)
    furniture: tuple[str, ...] = field(default=(), repr=False)

    def page_at(self, offset: int) -> PageSpan | None:
        """The page that the character at this offset stands on, None where the format knows no pages."""
        return page_at(self.pages, offset)

    def path(self, section: int | None) -> tuple[str, ...]:
        """Headings from the outermost down to the section at this position of the outline.

        Lines that are their own body (notes, captions, front matter) bear no heading, so the path of one is that of
        the section it stands in.
        """
        headings: list[str] = []
        while section is not None:
            item = self.outline[section]
            if item.kind in HEADED_KINDS:
                headings.append(_MARKUP.sub("", item.text).strip())
            section = item.parent
        return tuple(reversed(headings))


HEADED_KINDS: frozenset[SectionKind] = frozenset({"section", "inset"})
"""Kinds whose `text` is a heading over a body; the other kinds are their own body."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, `[start, end)` of the canonical text, trimmed of white space."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one section, cut at sentence ends, that an answer can cite.

    `section` is the position of its section in the document's outline (None where a document has no section around
    it), `path` the headings over it, `prefix` what is put in front of `text` for embedding.
    """

    document: str
    section: int | None
    kind: SectionKind
    path: tuple[str, ...]
    prefix: str
    text: str
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    page: int | None = None
    page_label: str | None = None

    @property
    def id(self) -> str:
        """`<document id>@<start>-<end>`."""
        return f"{self.document}@{self.start}-{self.end}"
