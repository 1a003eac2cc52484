"""Opens a DOCX file: a ZIP archive read within limits, its XML parsed without entities.

The namespaces of the Strict variant of Office Open XML are mapped to the usual ones, so that no other module has to
know about it.
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
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TRANSITIONAL = {
    b"http://purl.oclc.org/ooxml/" + strict: b"http://schemas.openxmlformats.org/" + transitional
    for strict, transitional in (
        (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
        (b"officeDocument/math", b"officeDocument/2006/math"),
        (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
    )
}
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MAIN = "word/document.xml"
_UNZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises for damaged members, unknown compression and truncated data."""


class Package:
    """An opened DOCX file."""

    def __init__(self, data: bytes) -> None:
        """Raises UnreadableFile if the bytes are not a DOCX file or have too many parts."""
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise UnreadableFile("encrypted, or in the old .doc format: save it as DOCX without a password")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise UnreadableFile(f"not a DOCX file: no ZIP archive ({error})") from error
        members = self._archive.infolist()
        if len(members) > limits.PARTS.value:
            raise UnreadableFile(f"a ZIP archive of {len(members):,} parts; {limits.PARTS.remedy}")
        self._members = {member.filename.lower(): member for member in members}
        self._unpacked = 0
        self.main = next((target for kind, target, _ in self._relationships("") if kind == "officeDocument"), _MAIN)
        if self.main.lower() not in self._members:
            raise UnreadableFile("not a DOCX file: the archive holds no document")
        self._main_relationships = self._relationships(self.main)

    def document(self) -> Any:
        """Return the root element of the main part. Raises UnreadableFile if it is not a text document."""
        root = self.xml(self.main)
        if root is None or root.tag != f"{W}document":
            raise UnreadableFile("not a DOCX file: its main part is no text document")
        return root

    def parts_of(self, kind: str) -> list[Any]:
        """Return the roots of the parts of a kind ("styles", "footnotes") that the main part refers to.

        Each part is parsed once, however many references it has; missing parts are skipped.

        Raises:
            UnreadableFile: A part is not valid XML.
        """
        targets = dict.fromkeys(target for relation, target, _ in self._main_relationships if relation == kind)
        roots = (self.xml(target) for target in targets)
        return [root for root in roots if root is not None]

    def part(self, identifier: str) -> tuple[str, bytes] | None:
        """Return name and content of the part that the main part refers to by a relationship id; None if missing."""
        name = next((target for _, target, own in self._main_relationships if own == identifier), "")
        data = self._read(name)
        return None if data is None else (name, data)

    def xml(self, name: str) -> Any | None:
        """Return the root element of a part, None if there is no such part. Raises UnreadableFile for invalid XML."""
        from lxml import etree

        data = self._read(name)
        if data is None:
            return None
        for strict, transitional in _TRANSITIONAL.items():
            data = data.replace(strict, transitional)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(data, parser)
        except (etree.LxmlError, ValueError) as error:
            raise UnreadableFile(f"damaged: {name} is not valid XML ({error})") from error
        # Ask the parser, not the bytes: in UTF-16 they do not spell "<!DOCTYPE".
        if root.getroottree().docinfo.doctype:
            raise UnreadableFile(f"{name} declares entities, which no word processor writes")
        return root

    def _relationships(self, name: str) -> list[tuple[str, str, str]]:
        """Return type (last path segment), target and id of each relationship of a part, or ("") of the package."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        relationships: list[tuple[str, str, str]] = []
        for element in root.iter(_RELATIONSHIP) if root is not None else ():
            target = element.get("Target") or ""
            if element.get("TargetMode") != "External" and target:
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                relationships.append(((element.get("Type") or "").rpartition("/")[2], path, element.get("Id") or ""))
        return relationships

    def _read(self, name: str) -> bytes | None:
        member = self._members.get(name.lower())
        if member is None:
            return None
        if member.flag_bits & 1:
            raise UnreadableFile("encrypted: save it without a password")
        allowed = min(limits.PART.value, limits.UNPACKED.value - self._unpacked)
        try:
            with self._archive.open(member) as stream:
                data = stream.read(allowed + 1)  # stops a ZIP bomb, whatever size its header states
        except _UNZIP_ERRORS as error:
            raise UnreadableFile(f"damaged: {name} cannot be unpacked ({error})") from error
        self._unpacked += len(data)
        if len(data) > allowed:
            limit = limits.PART if allowed == limits.PART.value else limits.UNPACKED
            raise UnreadableFile(
                f"too large, or a ZIP bomb: {name} unpacks to more than {allowed:,} bytes; {limit.remedy}"
            )
        return data


def attribute(element: Any, *path: str) -> str:
    """Return the `w:val` of the element itself or of the descendant at a path of names below it; "" if missing."""
    node = element.find("/".join(f"{W}{name}" for name in path)) if path else element
    return "" if node is None else (node.get(f"{W}val") or "").strip()


def is_on(toggle: Any) -> bool:
    """Whether a toggle property such as `w:b` or `w:vanish` is on."""
    return toggle.get(f"{W}val") not in ("0", "false", "off")


def is_placeholder(control: Any) -> bool:
    """Whether a content control (`w:sdt`) shows its prompt ("Click here to enter text") and no content."""
    prompt = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    return prompt is not None and is_on(prompt)
