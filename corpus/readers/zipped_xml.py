"""Open files that are ZIP archives of XML parts, within limits and without entities: DOCX, XLSX, PPTX, ODF, EPUB.

`Archive` reads parts; `OfficePackage` adds the relationships of Office Open XML, and `DocxPackage` the parts of a DOCX.
The namespaces of its Strict variant are mapped to the usual ones, so that no other module has to know about it.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from corpus import limits
from corpus.archives import ZIP_ERRORS, open_zip
from corpus.errors import UnreadableFile
from corpus.metadata.cover import is_placeholder_title
from corpus.readers.base import COMPOUND_FILE
from corpus.translation import gettext as _

MAX_DEPTH = 256
"""The XML parser refuses deeper nesting, so that nothing is left out."""

MAX_INHERITANCE = 20
"""Styles that a style inherits from, one through the other; a file may name them in a circle."""

RELATIONSHIPS_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_NAMESPACE = "http://schemas.openxmlformats.org/package/2006"
WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = f"{{{RELATIONSHIPS_NAMESPACE}}}"
W = f"{{{WORD_NAMESPACE}}}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DC = "{http://purl.org/dc/elements/1.1/}"
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {
    _STRICT + strict: b"http://schemas.openxmlformats.org/" + transitional
    for strict, transitional in (
        (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
        (b"spreadsheetml/main", b"spreadsheetml/2006/main"),
        (b"presentationml/main", b"presentationml/2006/main"),
        (b"drawingml/main", b"drawingml/2006/main"),
        (b"officeDocument/math", b"officeDocument/2006/math"),
        (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
    )
}
_RELATIONSHIP = f"{{{PACKAGE_NAMESPACE}/relationships}}Relationship"
_EXTERNAL_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[\]<>]*>")


class Archive:
    """An opened ZIP archive; `kind` names its format in messages ("DOCX")."""

    def __init__(self, data: bytes, kind: str) -> None:
        """Raises UnreadableFile if the bytes are not a ZIP archive or have too many parts."""
        self.kind = kind
        if data.startswith(COMPOUND_FILE):
            raise UnreadableFile(
                _("encrypted, or in an old office format: save it as %(kind)s without a password", kind=kind)
            )
        try:
            self._archive = open_zip(io.BytesIO(data))
        except (*ZIP_ERRORS, OSError) as error:
            raise UnreadableFile(
                _("not a file of the format %(kind)s: not a ZIP archive (%(error)s)", kind=kind, error=error)
            ) from error
        members = self._archive.infolist()
        if len(members) > limits.PARTS.value:
            raise UnreadableFile.too_many_parts(len(members), limits.PARTS.remedy)
        self._members = {member.filename.lower(): member for member in members}
        self._unpacked = 0

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a part, None if there is none. Raises UnreadableFile for damage and ZIP bombs."""
        member = self._members.get(name.lower())
        if member is None:
            return None
        if member.flag_bits & 1:
            raise UnreadableFile.encrypted()
        allowed = min(limits.PART.value, limits.UNPACKED.value - self._unpacked)
        try:
            with self._archive.open(member) as stream:
                data = stream.read(allowed + 1)  # stops a ZIP bomb, whatever size its header states
        except (*ZIP_ERRORS, OSError) as error:
            raise UnreadableFile(
                _("damaged: %(name)s cannot be unpacked (%(error)s)", name=name, error=error)
            ) from error
        self._unpacked += len(data)
        if len(data) > allowed:
            limit = limits.PART if allowed == limits.PART.value else limits.UNPACKED
            raise UnreadableFile(
                _(
                    "too large, or a ZIP bomb: %(name)s unpacks to more than %(allowed)s bytes; %(remedy)s",
                    name=name,
                    allowed=f"{allowed:,}",
                    remedy=limit.remedy,
                )
            )
        return data

    def xml(self, name: str, *, external_doctype: bool = False) -> Any | None:
        """Return the root element of a part, None if there is no such part. Raises UnreadableFile for invalid XML.

        `external_doctype` allows a document type declaration without an internal subset, which is ignored.
        """
        from lxml import etree

        data = self.read(name)
        if data is None:
            return None
        if external_doctype:
            data = _EXTERNAL_DOCTYPE.sub(b"", data, count=1)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(_to_transitional(data), parser)
        except (etree.LxmlError, ValueError) as error:
            raise UnreadableFile(_("damaged: %(name)s is not valid XML (%(error)s)", name=name, error=error)) from error
        _reject_entities(root, name)
        return root

    def elements(self, name: str, *tags: str) -> Iterator[Any]:
        """Yield the elements of a large part that have one of the tags, and free each one after it was used.

        Raises:
            UnreadableFile: The part is not valid XML, or missing.
        """
        from lxml import etree

        data = self.read(name)
        if data is None:
            raise UnreadableFile(_("damaged: the part %(name)s is missing", name=name))
        parsing = etree.iterparse(
            io.BytesIO(_to_transitional(data)),
            events=("end",),
            tag=tags,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
        )
        try:
            for number, (_event, element) in enumerate(parsing):
                if number == 0:
                    _reject_entities(element, name)
                yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except (etree.LxmlError, ValueError) as error:
            raise UnreadableFile(_("damaged: %(name)s is not valid XML (%(error)s)", name=name, error=error)) from error


class OfficePackage(Archive):
    """An opened file of Office Open XML. `main` is the name of its main part."""

    def __init__(self, data: bytes, kind: str, usual_main: str) -> None:
        """Raises UnreadableFile if the archive has no main part."""
        super().__init__(data, kind)
        targets = (target for relation, target, _ in self.relationships("") if relation == "officeDocument")
        self.main = next(targets, usual_main)
        if self.main not in self:
            raise UnreadableFile(_("not a file of the format %(kind)s: the archive contains no document", kind=kind))

    def relationships(self, name: str) -> list[tuple[str, str, str]]:
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

    def properties(self) -> dict[str, object]:
        """Return title, publisher and language, as far as the document properties state them."""
        core, app = self.xml("docProps/core.xml"), self.xml("docProps/app.xml")
        metadata = {} if core is None else dublin_core(core)
        properties = [] if app is None else [node for node in app if isinstance(node.tag, str)]
        company = next((node.text for node in properties if node.tag.endswith("}Company")), None)
        if company and company.strip():
            metadata.setdefault("publisher", company.strip())
        return metadata


class DocxPackage(OfficePackage):
    """An opened DOCX file."""

    def __init__(self, data: bytes) -> None:
        """Raises UnreadableFile if the bytes are not a DOCX file or have too many parts."""
        super().__init__(data, "DOCX", "word/document.xml")
        self._main_relationships = self.relationships(self.main)

    def document(self) -> Any:
        """Return the root element of the main part. Raises UnreadableFile if it is not a text document."""
        root = self.xml(self.main)
        if root is None or root.tag != f"{W}document":
            raise UnreadableFile(_("not a DOCX file: its main part is not a text document"))
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
        data = self.read(name)
        return None if data is None else (name, data)


def dublin_core(element: Any) -> dict[str, object]:
    """Return what elements of Dublin Core say of a file, without the titles that programs fill in.

    The keys are "title", "publisher", "language" and "author".
    """
    metadata: dict[str, object] = {}
    for name in ("title", "publisher", "language"):
        value = " ".join((element.findtext(f".//{DC}{name}") or "").split())
        if value and not (name == "title" and is_placeholder_title(value)):
            metadata[name] = value.lower()[:2] if name == "language" else value
    if author := " ".join((element.findtext(f".//{DC}creator") or "").split()):
        metadata["author"] = author
    return metadata


def _to_transitional(data: bytes) -> bytes:
    if _STRICT not in data:
        return data
    for strict, transitional in _TRANSITIONAL.items():
        data = data.replace(strict, transitional)
    return data


def _reject_entities(element: Any, name: str) -> None:
    # Ask the parser, not the bytes: in UTF-16 they do not spell "<!DOCTYPE".
    if element.getroottree().docinfo.doctype:
        raise UnreadableFile(_("%(name)s declares entities, which no office program writes", name=name))
