"""Write a Word document (Office Open XML, transitional) of headings, paragraphs and quotations with footnotes.

python-docx has no footnotes; a package of seven small parts needs only lxml and zipfile.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from corpus.readers.zipped_xml import PACKAGE_NAMESPACE, RELATIONSHIPS_NAMESPACE, WORD_NAMESPACE, W
from qa.collections.citation_styles import TextRun, TextRuns

Style = Literal["Title", "Heading1", "Quote", "Normal", "Bibliography"]


@dataclass(frozen=True, slots=True)
class DocxParagraph:
    """A paragraph in one of the styles; `footnote` follows its last word."""

    style: Style
    runs: TextRuns
    language: str | None = None
    footnote: TextRuns | None = None


_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = ("styles", "settings", "footnotes")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FIRST_NOTE = 1
"""Ids -1 and 0 are the separators that Word expects."""

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_STYLES = f"""{_DECLARATION}<w:styles xmlns:w="{WORD_NAMESPACE}">
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Yu Mincho" w:cs="Arial"/><w:sz w:val="22"/></w:rPr></w:rPrDefault>
<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:ind w:left="567" w:right="567"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Bibliography"><w:name w:val="Bibliography"/><w:basedOn w:val="Normal"/><w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="FootnoteText"><w:name w:val="footnote text"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/><w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
</w:styles>"""  # noqa: E501 - one style a line

_SETTINGS = (
    f'{_DECLARATION}<w:settings xmlns:w="{WORD_NAMESPACE}"><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/>'
    "</w:footnotePr></w:settings>"
)


def docx(paragraphs: Sequence[DocxParagraph], title: str) -> bytes:
    """Return the bytes of a document. Characters that XML does not have become spaces."""
    body = _element("body")
    footnotes = _element("footnotes")
    for identifier, kind in ((-1, "separator"), (0, "continuationSeparator")):
        note = _element("footnote", type=kind, id=str(identifier))
        note.append(_paragraph([_run(_element(kind))]))
        footnotes.append(note)
    for paragraph in paragraphs:
        runs = _text_runs(paragraph.runs, paragraph.language)
        if paragraph.footnote is not None:
            number = str(_FIRST_NOTE + len(footnotes) - 2)
            runs.append(_run(_element("footnoteReference", id=number), style="FootnoteReference"))
            note = _element("footnote", id=number)
            mark = _run(_element("footnoteRef"), style="FootnoteReference")
            note.append(_paragraph([mark, *_text_runs((TextRun(" "), *paragraph.footnote))], "FootnoteText"))
            footnotes.append(note)
        body.append(_paragraph(runs, paragraph.style))
    page = _element("sectPr")
    page.append(_element("pgSz", w="11906", h="16838"))
    page.append(
        _element("pgMar", top="1418", right="1418", bottom="1418", left="1418", header="709", footer="709", gutter="0")
    )
    body.append(page)
    document = _element("document")
    document.append(body)
    return _package(document, footnotes, title)


def _package(document: Any, footnotes: Any, title: str) -> bytes:
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(
            ("officeDocument", RELATIONSHIPS_NAMESPACE, "word/document.xml"),
            ("core-properties", f"{PACKAGE_NAMESPACE}/relationships/metadata", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core_properties(title),
        "word/document.xml": _serialise(document),
        "word/_rels/document.xml.rels": _relationships(
            *((name, RELATIONSHIPS_NAMESPACE, f"{name}.xml") for name in _PARTS)
        ),
        "word/styles.xml": _STYLES.encode(),
        "word/settings.xml": _SETTINGS.encode(),
        "word/footnotes.xml": _serialise(footnotes),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            # without the time of day, equal collections give equal files
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _content_types() -> bytes:
    types = etree.Element(
        f"{{{PACKAGE_NAMESPACE}/content-types}}Types", nsmap={None: f"{PACKAGE_NAMESPACE}/content-types"}
    )
    default = f"{{{PACKAGE_NAMESPACE}/content-types}}Default"
    etree.SubElement(
        types, default, Extension="rels", ContentType="application/vnd.openxmlformats-package.relationships+xml"
    )
    etree.SubElement(types, default, Extension="xml", ContentType="application/xml")
    kinds = {f"/word/{name}.xml": f"{_WORD_TYPE}.{name}+xml" for name in _PARTS}
    kinds["/word/document.xml"] = f"{_WORD_TYPE}.document.main+xml"
    kinds["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    for part, kind in kinds.items():
        etree.SubElement(types, f"{{{PACKAGE_NAMESPACE}/content-types}}Override", PartName=part, ContentType=kind)
    return _serialise(types)


def _relationships(*targets: tuple[str, str, str]) -> bytes:
    """Return a part of relationships, given as (kind, name space of the kind, target)."""
    space = f"{PACKAGE_NAMESPACE}/relationships"
    root = etree.Element(f"{{{space}}}Relationships", nsmap={None: space})
    for number, (kind, of, target) in enumerate(targets, 1):
        etree.SubElement(root, f"{{{space}}}Relationship", Id=f"rId{number}", Type=f"{of}/{kind}", Target=target)
    return _serialise(root)


def _core_properties(title: str) -> bytes:
    space, dublin_core = f"{PACKAGE_NAMESPACE}/metadata/core-properties", "http://purl.org/dc/elements/1.1/"
    root = etree.Element(f"{{{space}}}coreProperties", nsmap={"cp": space, "dc": dublin_core})
    etree.SubElement(root, f"{{{dublin_core}}}title").text = _legal(title)
    return _serialise(root)


def _serialise(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _element(name: str, **attributes: str) -> Any:
    return etree.Element(f"{W}{name}", {f"{W}{key}": value for key, value in attributes.items()}, {"w": WORD_NAMESPACE})


def _paragraph(runs: Sequence[Any], style: str = "") -> Any:
    paragraph = _element("p")
    if style not in ("", "Normal"):
        properties = etree.SubElement(paragraph, f"{W}pPr")
        properties.append(_element("pStyle", val=style))
    paragraph.extend(runs)
    return paragraph


def _text_runs(runs: TextRuns, language: str | None = None) -> list[Any]:
    """Return runs of text, with a break for each line break."""
    elements = []
    for run in runs:
        content: list[Any] = []
        for number, line in enumerate(_legal(run.text).split("\n")):
            content += [_element("br")] if number else []
            if line:
                text = _element("t")
                text.text = line
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                content.append(text)
        elements.append(_run(*content, italic=run.italic, language=language))
    return elements


def _run(*content: Any, style: str = "", italic: bool = False, language: str | None = None) -> Any:
    run, properties = _element("r"), _element("rPr")
    if style:
        properties.append(_element("rStyle", val=style))
    if italic:
        properties.append(_element("i"))
    if language and _LANGUAGE.fullmatch(language):
        kind = "eastAsia" if language[:2] in ("ja", "zh", "ko") else "val"
        properties.append(_element("lang", **{kind: language}))
    if len(properties):
        run.append(properties)
    run.extend(content)
    return run


def _legal(text: str) -> str:
    return _ILLEGAL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
