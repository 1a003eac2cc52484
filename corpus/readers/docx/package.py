"""The parts of a DOCX file: a ZIP archive opened with limits, its XML parsed without entities.

Files of the Strict variant of Office Open XML are given the namespaces of the usual one, so that nothing else needs to
know of it.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Any

from corpus import limits
from corpus.errors import UnreadableFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MAIN = "word/document.xml"


class Package:
    """An opened file. `parts_of` gives the main part's parts of a kind ("styles", "footnotes")."""

    def __init__(self, data: bytes) -> None:
        """Raises UnreadableFile where the bytes are no such file, or one of too many parts."""
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise UnreadableFile("encrypted, or of the old .doc format: save it as DOCX without a password")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise UnreadableFile(f"not a DOCX file: no ZIP archive ({error})") from error
        infos = self._archive.infolist()
        if len(infos) > limits.PARTS.value:
            raise UnreadableFile(f"a ZIP archive of {len(infos):,} parts, {limits.PARTS.remedy}")
        self._names = {info.filename.lower(): info for info in infos}
        self._read_so_far = 0
        self.main = next((target for kind, target in self._relations("") if kind == "officeDocument"), _MAIN)
        if self.main.lower() not in self._names:
            raise UnreadableFile("not a DOCX file: the archive holds no document")
        self._of_main = self._relations(self.main)

    def document(self) -> Any:
        """The main part's root element. Raises UnreadableFile where it is no text document."""
        root = self.xml(self.main)
        if root is None or root.tag != f"{W}document":
            raise UnreadableFile("not a DOCX file: its main part is no text document")
        return root

    def parts_of(self, kind: str) -> list[Any]:
        """Roots of the parts that the main part refers to as of this kind; those that are missing are left out.

        Each is read once, however often it is referred to. Raises UnreadableFile for broken XML.
        """
        targets = dict.fromkeys(target for found, target in self._of_main if found == kind)
        roots = (self.xml(target) for target in targets)
        return [root for root in roots if root is not None]

    def xml(self, name: str) -> Any | None:
        """A part's root element, None where there is no such part. Raises UnreadableFile for broken XML."""
        from lxml import etree

        data = self._bytes(name)
        if data is None:
            return None
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(data, parser)
        except (etree.LxmlError, ValueError) as error:
            raise UnreadableFile(f"damaged: {name} is not valid XML ({error})") from error
        # The parser is asked, not the bytes: in UTF-16 they do not spell "<!DOCTYPE".
        if root.getroottree().docinfo.doctype:
            raise UnreadableFile(f"{name} declares entities, which no word processor writes")
        return root

    def _relations(self, name: str) -> list[tuple[str, str]]:
        """The last words of the types, and the targets, of what a part (or, "", the file) refers to."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: list[tuple[str, str]] = []
        for relation in root.iter(_RELATIONSHIP) if root is not None else ():
            target = relation.get("Target") or ""
            if relation.get("TargetMode") != "External" and target:
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found.append(((relation.get("Type") or "").rpartition("/")[2], path))
        return found

    def _bytes(self, name: str) -> bytes | None:
        info = self._names.get(name.lower())
        if info is None:
            return None
        if info.flag_bits & 1:
            raise UnreadableFile("encrypted: save it without a password")
        # a bomb is given up as soon as it has unpacked to more than what is left
        left = min(limits.PART.value, limits.UNPACKED.value - self._read_so_far)
        try:
            with self._archive.open(info) as stream:
                data = stream.read(left + 1)
        # What zipfile raises for damaged members, unknown compression and truncated data.
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise UnreadableFile(f"damaged: {name} cannot be unpacked ({error})") from error
        self._read_so_far += len(data)
        if len(data) > left:
            most = limits.PART if left == limits.PART.value else limits.UNPACKED
            raise UnreadableFile(f"{name} makes it unpack to more bytes, {most.remedy}: too large, or a bomb")
        return data
