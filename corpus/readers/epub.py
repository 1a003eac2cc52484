"""EPUB: the chapters of a book in reading order, read as web pages; page lists give the printed page numbers.

The order is that of the package's spine. Navigation documents are not text.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from corpus.errors import UnreadableFile
from corpus.readers.base import FileContent
from corpus.readers.html.reader import walk
from corpus.readers.inferred_headings import BodyParagraph, infer_headings
from corpus.readers.zipped_xml import DC, Archive, dublin_core
from corpus.records import PageSpan, StructureMark
from corpus.translation import english, join_first
from corpus.translation import gettext as _

_OPF = "{http://www.idpf.org/2007/opf}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml")
_FONT_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the package: its name in the archive, its media type and its properties."""

    name: str
    media_type: str
    properties: str


def read(data: bytes) -> FileContent:
    """Read an EPUB file. Raises UnreadableFile if it is another format, protected, damaged or without text."""
    archive = Archive(data, "EPUB")
    container = archive.xml("META-INF/container.xml", external_doctype=True)
    rootfile = None if container is None else next(container.iter("{*}rootfile"), None)
    package_name = "" if rootfile is None else rootfile.get("full-path") or ""
    package = archive.xml(package_name, external_doctype=True)
    if package is None:
        raise UnreadableFile(_("not a file of the format EPUB: it names no package document"))
    items = {
        element.get("id") or "": _Item(
            _resolve(package_name, element.get("href") or "")[0],
            element.get("media-type") or "",
            element.get("properties") or "",
        )
        for element in package.iter("{*}item")
    }
    chapters = [items[ref] for itemref in package.iter("{*}itemref") if (ref := itemref.get("idref") or "") in items]
    _reject_protected(archive, {chapter.name for chapter in chapters})
    book = _Book(archive, _page_targets(archive, items.values()))
    for chapter in dict.fromkeys(chapters):
        if "nav" not in chapter.properties.split():
            book.add(chapter)
    text = book.text
    if not text.strip():
        reason = "; ".join(book.unread[:1])
        raise UnreadableFile(_("empty: no chapter has text%(reason)s", reason=f" ({reason})" if reason else ""))
    marks = infer_headings(text, book.marks, book.paragraphs)
    return FileContent(text, marks, _metadata(package), book.pages(), tuple(book.furniture), tuple(book.warnings()))


class _Book:
    """Joins the chapters."""

    def __init__(self, archive: Archive, targets: Mapping[str, Mapping[str, str]]) -> None:
        self.marks: list[StructureMark] = []
        self.paragraphs: list[BodyParagraph] = []
        self.furniture: list[str] = []
        self.unread: list[str] = []
        self._archive = archive
        self._targets = targets
        self._parts: list[str] = []
        self._length = 0
        self._breaks: list[tuple[int, str]] = []
        self._warnings: list[str] = []

    @property
    def text(self) -> str:
        """The text of all chapters."""
        return "\n\n".join(self._parts) + "\n"

    def add(self, chapter: _Item) -> None:
        """Add the text of a chapter; a chapter without text, such as the picture of a cover, adds nothing."""
        if chapter.media_type not in _PAGES:
            self.unread.append(f"{chapter.name} ({chapter.media_type or 'no media type'})")
            return
        data = self._archive.read(chapter.name)
        if data is None:
            self.unread.append(f"{chapter.name} is missing")
            return
        if not data.strip():
            return
        try:
            page = walk(data, self._targets.get(chapter.name, {}))
        except UnreadableFile as error:
            self.unread.append(f"{chapter.name}: {error}")
            return
        start = self._length
        self._breaks += [(start + offset, label) for offset, label in page.walker.breaks]
        text = page.walker.builder.text.rstrip("\n")
        self._warnings += page.decoded.warnings
        self.furniture += page.decoded.replaced
        if not text:
            return
        end = start + len(text)
        self.marks += [
            replace(mark, start=start + mark.start, end=min(end, start + mark.end))
            for mark in page.walker.builder.marks
        ]
        self.paragraphs += [
            replace(paragraph, start=start + paragraph.start, end=start + paragraph.end)
            for paragraph in page.walker.paragraphs
        ]
        self._parts.append(text)
        self._length = end + 2

    def pages(self) -> tuple[PageSpan, ...]:
        """Return the printed pages; text before the first page break has none."""
        end = len(self.text)
        following = [*self._breaks[1:], (end, "")]
        spans = zip(self._breaks, following, strict=bool(self._breaks))
        return tuple(
            PageSpan(start, stop, page, label)
            for page, ((start, label), (stop, _)) in enumerate(spans, 1)
            if start < stop
        )

    def warnings(self) -> Iterator[str]:
        """Yield the assumptions made in decoding, and the chapters that could not be read."""
        yield from dict.fromkeys(self._warnings)
        if self.unread:
            yield english("parts of the book are not read: %(parts)s", parts=join_first(self.unread, _MAX_NAMED, "; "))


def _resolve(base: str, href: str) -> tuple[str, str]:
    """Return the name of the file in the archive that a link leads to, and the part after "#"."""
    path, _, fragment = href.partition("#")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(path))), unquote(fragment)


def _page_targets(archive: Archive, items: Iterable[_Item]) -> dict[str, dict[str, str]]:
    """Return the printed page number by file and id of the element where the page begins."""
    targets: dict[str, dict[str, str]] = {}
    for item in items:
        is_navigation = "nav" in item.properties.split()
        if not is_navigation and item.media_type != "application/x-dtbncx+xml":
            continue
        try:
            root = archive.xml(item.name, external_doctype=True)
        except UnreadableFile:
            continue  # the book can be read without its page list
        if root is None:
            continue
        links = _links_of_navigation(root) if is_navigation else _links_of_ncx(root)
        for href, label in links:
            name, identifier = _resolve(item.name, href)
            if identifier and label.strip():
                targets.setdefault(name, {}).setdefault(identifier, " ".join(label.split()))
    return targets


def _links_of_navigation(root: Any) -> Iterator[tuple[str, str]]:
    for nav in root.iter(f"{_XHTML}nav"):
        if "page-list" in (nav.get(_TYPE) or "").split():
            for link in nav.iter(f"{_XHTML}a"):
                yield link.get("href") or "", "".join(link.itertext())


def _links_of_ncx(root: Any) -> Iterator[tuple[str, str]]:
    for target in root.iter(f"{_NCX}pageTarget"):
        content = target.find(f"{_NCX}content")
        label = target.findtext(f"{_NCX}navLabel/{_NCX}text") or target.get("value") or ""
        if content is not None:
            yield content.get("src") or "", label


def _reject_protected(archive: Archive, chapters: set[str]) -> None:
    encryption = archive.xml("META-INF/encryption.xml")
    for entry in encryption.iter("{*}EncryptedData") if encryption is not None else ():
        method, reference = next(entry.iter("{*}EncryptionMethod"), None), next(entry.iter("{*}CipherReference"), None)
        algorithm = "" if method is None else method.get("Algorithm") or ""
        name = "" if reference is None else unquote(reference.get("URI") or "")
        if name in chapters and algorithm not in _FONT_OBFUSCATION:
            raise UnreadableFile(_("protected by digital rights management: its chapters are encrypted"))


def _metadata(package: Any) -> dict[str, object]:
    """Return title, publisher, language and date; a date equal to the time of the last change is left out."""
    metadata = dublin_core(package)
    changed = {
        (element.text or "").strip()
        for element in package.iter(f"{_OPF}meta")
        if element.get("property") == "dcterms:modified"
    }
    for element in package.iter(f"{DC}date"):
        event, text = element.get(f"{_OPF}event"), (element.text or "").strip()
        if event in (None, "publication") and text not in changed and (date := _DATE.match(text)):
            metadata.setdefault("date", date[0])
    return metadata
