"""HTML: a saved page's main content as text, with headings, lists, tables, notes and captions where they stand.

Bytes in, a `Reading` out. Which part of the page is its content is decided in `html_content`, what its elements become
in `html_walker`; here the bytes are decoded and what the page's head says of it is read.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.html.blocks import Walker
from corpus.readers.html.main_content import main_content
from corpus.readers.plain_text import decode, refuse_other_formats

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE
)
# What no XML tree takes, and references to it (&#1;).
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]))(?:;|(?![0-9a-fA-F]))"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_HEAD_BYTES = 4096
_SEPARATORS = (" | ", " – ", " — ", " - ", " » ", " · ", " : ", "｜")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# What these labels stand for in browsers: the larger encodings that pages so labelled are really in (WHATWG Encoding).
_LABELS = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "x-euc-jp": "euc_jp",
    "tis-620": "cp874",
}
_META = {
    "title": ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title"),
    "publisher": ("og:site_name", "citation_publisher", "dc.publisher", "dcterms.publisher", "publisher"),
    "date": (
        "article:published_time",
        "citation_publication_date",
        "dc.date",
        "dcterms.date",
        "dcterms.issued",
        "dc.date.issued",
        "date",
    ),
}


def read(data: bytes) -> Reading:
    """Raises UnreadableFile for what is no text, or a page without any."""
    from lxml import etree
    from lxml import html as lxml_html

    if len(data) > limits.MARKUP.value:
        raise UnreadableFile(f"too large for a page: {len(data):,} bytes, {limits.MARKUP.remedy}")
    source = _DECLARATION.sub("", _CONTROLS.sub("", decode_page(data)))
    # Entities declared by the page are not expanded by this parser, and nothing is fetched. Without huge_tree it gives
    # up at a depth of 256 elements, and what follows is lost.
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:  # as lxml reports a tree that it cannot build
        raise UnreadableFile(f"not readable as HTML ({error})") from error
    walker = Walker()
    walker.walk(main_content(root))
    text = walker.builder.text
    if not text.strip() and any("depth" in entry.message for entry in parser.error_log):
        raise UnreadableFile("its elements stand inside each other thousands deep: not a page that can be read")
    if not text.strip():
        raise UnreadableFile("empty: no text in the page's content")
    return Reading(text, walker.builder.marks, _metadata(root))


def decode_page(data: bytes) -> str:
    """By byte order mark, by what the page says of itself, as UTF-8, else guessed. Raises UnreadableFile."""
    refuse_other_formats(data)
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    if declared is None or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data)
    label = declared[1].decode("ascii").lower()
    try:
        return data.decode(_LABELS.get(label, label))
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _metadata(root: Any) -> dict[str, object]:
    said: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            said.setdefault(name, content)
    metadata: dict[str, object] = {}
    for key, names in _META.items():
        value = next((said[name] for name in names if name in said), None)
        if value is not None:
            metadata[key] = value
    if (date := _ISO_DATE.match(str(metadata.pop("date", "")))) is not None:
        metadata["date"] = date[0]
    if "title" not in metadata and (title := _title(root, said.get("og:site_name"))):
        metadata["title"] = title
    canonical = next(
        (link.get("href") for link in root.iter("link") if link.get("rel", "").lower() == "canonical"), None
    )
    url = canonical or said.get("og:url")
    if url and url.startswith(("http://", "https://")):
        metadata["url"] = url
    language = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or said.get("content-language")
    )
    if language and (code := re.match(r"[A-Za-z]{2,3}\b", language.strip())):
        metadata["lang"] = code[0].lower()
    return metadata


def _title(root: Any, site: str | None) -> str | None:
    """The page's `title`; of one like "Annual Report 2015 | The Ministry" the part that is not the site's name.

    What the site is called the page says elsewhere, else the part that the first heading repeats is taken.
    """
    title = " ".join((root.findtext(".//title") or "").split())
    own, separator, last = title.rpartition(next((sign for sign in _SEPARATORS if sign in title), "\n"))
    if site and separator and last.strip().lower() == site.lower():
        return own.strip()
    heading = next((" ".join(element.text_content().split()) for element in root.iter("h1")), "")
    if heading and separator and heading.lower() in title.lower():
        return heading
    return title or None
