"""HTML: the main content of a saved page as text, with marks for headings, tables, notes, captions and insets.

`main_content` selects the element to read, `blocks` converts it; this module decodes the bytes and reads the metadata.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.metadata.publishers import publisher_in_imprint
from corpus.metadata.series import infer_series, is_generic, is_organisation
from corpus.metadata.years import parse_years
from corpus.readers.base import FileContent
from corpus.readers.html.blocks import BlockWalker, Styles
from corpus.readers.html.main_content import extract_main_content, remove_invisible
from corpus.readers.inferred_headings import infer_headings
from corpus.readers.text.encodings import Decoded
from corpus.readers.text.plain_text import decode_text
from corpus.records import StructureMark
from corpus.translation import gettext as _

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE
)
_HEAD_BYTES = 4096
_INVALID_IN_XML = re.compile(  # and character references to them (&#1;)
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]))(?:;|(?![0-9a-fA-F]))"
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_TITLE_SEPARATORS = (" | ", " – ", " — ", " - ", " » ", " · ", " : ", "｜")
_FILE_NAME = re.compile(r"[\w.~-]+\.(?:x?html?|docx?|pdf|txt|xml|indd|php|aspx?)", re.IGNORECASE)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CODECS = {
    label: codec
    for codec, labels in {
        "cp932": "shift_jis shift-jis sjis x-sjis windows-31j",
        "cp1252": "iso-8859-1 latin1 us-ascii ascii",
        "cp1254": "iso-8859-9",
        "gb18030": "gb2312 gbk x-gbk",
        "cp949": "euc-kr ks_c_5601-1987",
        "euc_jp": "x-euc-jp",
        "cp874": "tis-620",
    }.items()
    for label in labels.split()
}
"""The supersets that browsers use for these labels (WHATWG Encoding Standard)."""
_META = {
    "title": "og:title citation_title dc.title dcterms.title twitter:title",
    "publisher": "citation_publisher dc.publisher dcterms.publisher publisher og:site_name",
    "author": "author citation_author dc.creator dcterms.creator",
    "date": "article:published_time citation_publication_date dc.date dcterms.date dcterms.issued dc.date.issued date",
}


@dataclass(frozen=True, slots=True)
class WalkedPage:
    """A page that was read: its tree, the walker with its text, and how it was decoded."""

    root: Any
    walker: BlockWalker
    decoded: Decoded
    is_too_deep: bool


def read(data: bytes) -> FileContent:
    """Read a saved page. Raises UnreadableFile if it is not text, too large, or without content."""
    page = walk(data)
    text = page.walker.builder.text
    if not text.strip():
        if page.is_too_deep:
            raise UnreadableFile(_("its elements are nested too deeply: thousands of levels"))
        raise UnreadableFile(_("empty: no text in the page's content"))
    marks = infer_headings(text, page.walker.builder.marks, page.walker.paragraphs)
    return FileContent(
        text, marks, _metadata(page.root), furniture=page.decoded.replaced, warnings=page.decoded.warnings
    )


def walk(data: bytes, page_labels: Mapping[str, str] | None = None) -> WalkedPage:
    """Walk the main content of a page, which may have no text; `page_labels` are printed pages by id of an element.

    Raises:
        UnreadableFile: The page is not text, or too large.
    """
    from lxml import etree
    from lxml import html as lxml_html

    if len(data) > limits.MARKUP.value:
        raise UnreadableFile(
            _(
                "too large for a web page: %(count)s bytes; %(remedy)s",
                count=f"{len(data):,}",
                remedy=limits.MARKUP.remedy,
            )
        )
    decoded = decode_page(data)
    source = _XML_DECLARATION.sub("", _INVALID_IN_XML.sub("", decoded.text))
    # This parser expands no entities that the page declares and fetches nothing. Without huge_tree it stops at a depth
    # of 256 elements and loses the rest of the page.
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:  # lxml raises any of these if it cannot build a tree
        raise UnreadableFile(_("not readable as HTML (%(error)s)", error=error)) from error
    styles = Styles(root)
    walker = BlockWalker(styles, page_labels)
    walker.walk(extract_main_content(root, styles))
    return WalkedPage(root, walker, decoded, any("depth" in entry.message for entry in parser.error_log))


def read_fragment(source: str) -> tuple[str, tuple[StructureMark, ...]]:
    """Return the text and the marks of a part of a page in a file of another format, such as a table in Markdown."""
    from lxml import etree
    from lxml import html as lxml_html

    try:
        root = lxml_html.fragment_fromstring(_INVALID_IN_XML.sub("", source), create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return source, ()
    styles = Styles(root)
    remove_invisible(root, styles)
    walker = BlockWalker(styles)
    walker.walk(root)
    return walker.builder.text.rstrip("\n"), walker.builder.marks


def decode_page(data: bytes) -> Decoded:
    """Decode by byte order mark, as UTF-8, by the declared encoding, or by a guess. Raises UnreadableFile."""
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    if declared is None:
        return decode_text(data)
    label = declared[1].decode("ascii").lower()
    return decode_text(data, _CODECS.get(label, label))


def _metadata(root: Any) -> dict[str, object]:
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or "").strip().lower()
        content = " ".join((element.get("content") or "").split())
        if name and content:
            meta.setdefault(name, content)
    metadata: dict[str, object] = {}
    for key, names in _META.items():
        value = next((meta[name] for name in names.split() if name in meta), None)
        if value is not None:
            metadata[key] = value
    if (date := _ISO_DATE.match(str(metadata.pop("date", "")))) is not None:
        metadata["date"] = date[0]
    title, rest = _title(root, meta.get("og:site_name"))
    if title:
        metadata.setdefault("title", title)
    if owner := next((name for name in (rest, str(metadata.get("author", ""))) if is_organisation(name)), None):
        metadata.setdefault("publisher", owner)
    elif site := _site(root):
        metadata["author"] = site
    canonical = (link.get("href") for link in root.iter("link") if link.get("rel", "").lower() == "canonical")
    url = next(canonical, None) or meta.get("og:url")
    if url and url.startswith(("http://", "https://")):
        metadata["url"] = url
    language = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or meta.get("content-language")
    )
    if language and (code := re.match(r"[A-Za-z]{2,3}\b", language.strip())):
        metadata["lang"] = code[0].lower()
    return metadata


def _title(root: Any, site: str | None) -> tuple[str | None, str]:
    """Return the page's `title`, and what is cut off: in "Annual Report 2015 | The Ministry" the name of the site.

    The site's name is known from the metadata; otherwise the part that the first heading repeats is taken, unless many
    publishers use such a title. The only heading of the first level is the title if it names a year, and the page's
    title none ("Welcome! | Thornbeck").
    """
    title = " ".join((root.findtext(".//title") or "").split())
    separator = next((sign for sign in _TITLE_SEPARATORS if sign in title), "\n")
    own, _separator, last = title.rpartition(separator)
    headings = [" ".join(element.text_content().split()) for element in root.iter("h1")]
    heading = headings[0] if headings else ""
    if site and own and last.strip().lower() == site.lower():
        is_heading_first = heading != "" and own.startswith(f"{heading}{separator}")  # before the name of a section
        return heading if is_heading_first else own.strip(), ""
    if len(headings) == 1 and parse_years(heading) and not parse_years(title):
        parts = re.split("|".join(map(re.escape, _TITLE_SEPARATORS)), title)
        return heading, next((part.strip() for part in parts[1:] if is_organisation(part)), "")
    before, found, after = title.lower().partition(heading.lower()) if heading and own else ("", "", "")
    if found:
        rest = (title[: len(before)] + title[len(title) - len(after) :]).strip("".join(_TITLE_SEPARATORS))
        parts = [part for part in re.split("|".join(map(re.escape, _TITLE_SEPARATORS)), rest) if part.strip()]
        if len(parts) > 1:  # "Annual Report 2015 | About us | The Ministry"
            names = [part for part in parts if is_organisation(part) and " " in part.strip()]
            return heading, next(iter(names), "").strip()
        if is_organisation(rest) or not is_generic(infer_series(heading) or ""):
            return heading, rest
    return None if _FILE_NAME.fullmatch(title) else title or None, ""


def _site(root: Any) -> str | None:
    """Return the organisation that the foot of the page names."""
    feet = (" ".join(foot.text_content().split()) for foot in root.iter("footer"))
    return next(filter(None, map(publisher_in_imprint, feet)), None)
