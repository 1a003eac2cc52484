"""Open a DOCX file, and read the attributes that its elements share."""

from __future__ import annotations

from functools import cache
from typing import Any

from corpus.errors import UnreadableFile
from corpus.readers import zipped_xml
from corpus.translation import gettext as _

WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD_NAMESPACE}}}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


class DocxPackage(zipped_xml.OfficePackage):
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


def attribute(element: Any, *path: str) -> str:
    """Return the `w:val` of the element itself or of the descendant at a path of names below it; "" if missing."""
    node = element.find(_qualified(path)) if path else element
    return "" if node is None else (node.get(f"{W}val") or "").strip()


@cache
def _qualified(path: tuple[str, ...]) -> str:
    return "/".join(f"{W}{name}" for name in path)


def is_on(toggle: Any) -> bool:
    """Return whether a toggle property such as `w:b` or `w:vanish` is on."""
    return toggle.get(f"{W}val") not in ("0", "false", "off")


def is_placeholder(control: Any) -> bool:
    """Return whether a content control (`w:sdt`) shows its prompt ("Click here to enter text") and no content."""
    prompt = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    return prompt is not None and is_on(prompt)
