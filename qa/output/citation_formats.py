"""Export an answer's passages, or those of a collection, for reference managers: Markdown, BibTeX, RIS and CSL-JSON.

To add a format, write a function and decorate it with `citation_format`, or with `reference_format` if it needs only
the places of the passages: the command line, the form and the endpoints read `FORMATS` and `REFERENCE_FORMATS`. Each
source and page is one entry, with the ids of its passages in the note. The year of an entry is the edition's; the years
covered are in the note, never in a date field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import quote

from qa.citation import CitedSource, Reference, format_years, ocr_remark, reference_of, section_path

if TYPE_CHECKING:  # the command line reads the names of the formats before it loads anything heavy
    from qa.answering.library import Answer
    from qa.citation import CitedPassage

Exporter: TypeAlias = "Callable[[Answer], str]"
ReferenceExporter: TypeAlias = Callable[[Sequence[Reference]], str]


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """A format: its label in the form, the suffix and media type of its files, and the function that writes it."""

    label: str
    suffix: str
    media_type: str
    export: Exporter


FORMATS: dict[str, CitationFormat] = {}
"""All formats by name, in the order of the menus."""


def citation_format(name: str, label: str, suffix: str, media_type: str) -> Callable[[Exporter], Exporter]:
    """Register an exporter as a format."""

    def register(export: Exporter) -> Exporter:
        FORMATS[name] = CitationFormat(label, suffix, media_type, export)
        return export

    return register


REFERENCE_FORMATS: dict[str, ReferenceExporter] = {}
"""The formats that need only the places of the passages."""


def reference_format(
    name: str, label: str, suffix: str, media_type: str
) -> Callable[[ReferenceExporter], ReferenceExporter]:
    """Register an exporter of references as a format, also for answers."""

    def register(export: ReferenceExporter) -> ReferenceExporter:
        REFERENCE_FORMATS[name] = export
        citation_format(name, label, suffix, media_type)(
            lambda answer: export([reference_of(cited.hit) for cited in answer.passages])
        )
        return export

    return register


Records: TypeAlias = Literal["cited", "shown"]
"""Export the passages that the answer quotes, or all that it shows."""


def export(answer: Answer, name: str, records: Records = "shown") -> str:
    """Return the answer in one of `FORMATS`, ending with a line break. Raises ValueError for an unknown name."""
    if name not in FORMATS:
        raise ValueError(f"unknown format {name!r}: choose one of {', '.join(FORMATS)}")
    if records == "cited":
        quoted = {sentence.passage for sentence in answer.sentences}
        answer = replace(answer, passages=tuple(cited for cited in answer.passages if cited.hit.id in quoted))
    return FORMATS[name].export(answer)


@dataclass(frozen=True, slots=True)
class _Record:
    """A source, or a page of it, with the passages cited from it in order."""

    key: str
    document: CitedSource
    page: str
    passages: tuple[Reference, ...]

    @property
    def sections(self) -> str:
        """The section paths of the passages."""
        paths = (section_path(self.document, passage.path) for passage in self.passages)
        return "; ".join(dict.fromkeys(path for path in paths if path))

    @property
    def note(self) -> str:
        """Part, sections, cells of a spreadsheet, years covered and passage ids."""
        document, several = self.document, len(self.passages) > 1
        ids = ", ".join(passage.id for passage in self.passages)
        covers = f"covers {format_years(document.covers)}" if document.covers else ""
        cells = "; ".join(passage.cells for passage in self.passages if passage.cells)
        parts = [document.part or "", self.sections, f"cells {cells}" if cells else "", covers]
        return "; ".join([*filter(None, parts), f"{'passages' if several else 'passage'} {ids}"])


def _records(references: Sequence[Reference]) -> list[_Record]:
    """Return one record per source and page, in order; keys are unique, also for BibTeX, which ignores their case."""
    groups: dict[tuple[str, str], list[Reference]] = {}
    for reference in references:
        groups.setdefault((reference.source.id, reference.printed_page), []).append(reference)
    records: list[_Record] = []
    taken: set[str] = set()
    for (name, page), passages in groups.items():
        plain = re.sub(r"[^A-Za-z0-9._-]", "-", f"{name}-p{page}" if page else name)
        suffixes = ("", *(f"-{number}" for number in range(2, len(groups) + 2)))
        key = next(f"{plain}{suffix}" for suffix in suffixes if f"{plain}{suffix}".lower() not in taken)
        taken.add(key.lower())
        records.append(_Record(key, passages[0].source, page, tuple(passages)))
    return records


@citation_format("markdown", "Markdown", "md", "text/markdown")
def markdown(answer: Answer) -> str:
    """Return question, answer and quotations, each with its citation."""
    numbers = {cited.hit.id: cited.rank for cited in answer.passages}
    lines = [f"# {markdown_text(' '.join(answer.question.split()))}", ""]
    lines += [f"*{markdown_text(notice)}*\n" for notice in answer.notices]
    if answer.answered:
        lines += [
            f"- {markdown_text(_one_line(sentence.shown))} [{numbers[sentence.passage]}]"
            for sentence in answer.sentences
        ]
    else:
        lines.append("The documents do not seem to answer this. The nearest passages:")
    for cited in answer.passages:
        quoted = "\n".join(f"> {markdown_text(line)}".rstrip() for line in cited.hit.stored.passage.text.split("\n"))
        lines += [
            "",
            f"**[{cited.rank}]** {markdown_text(cited.citation)}{_link(cited)}",
            *([f"*{remark}*"] if (remark := ocr_remark(cited.hit.stored.passage.ocr_confidence)) else []),
            "",
            quoted,
            "",
            f"`{cited.hit.id}`",
        ]
    return "\n".join(lines) + "\n"


def _link(cited: CitedPassage) -> str:
    url = cited.hit.document.url
    return f", <{url}>" if url and re.fullmatch(r"https?://[^\s<>]+", url) else ""


def markdown_line(text: str, *, strip: bool = True) -> str:
    """Escape Markdown and put the text on one line."""
    return markdown_text(" ".join(text.split()) if strip else text.replace("\n", " "))


def markdown_text(text: str) -> str:
    """Escape the characters that Markdown reads as markup within a line, also those of a character reference."""
    return re.sub(r"([\\`*_{}\[\]<>#|~]|&(?=#?\w+;))", r"\\\1", text)


@reference_format("bibtex", "BibTeX", "bib", "application/x-bibtex")
def bibtex(references: Sequence[Reference]) -> str:
    """Return a `@techreport` entry per record, BibTeX's type for publications of an institution."""
    entries: list[str] = []
    for record in _records(references):
        document = record.document
        fields = {
            "title": _tex(document.title),
            "institution": _tex_name(document.publisher or ""),
            "year": str(document.edition or ""),
            "type": _tex(document.series or ""),
            "pages": _tex(record.page),
            "note": _tex(record.note),
            # other signs are not escaped: a percent sign is part of an address
            "url": re.sub(r"[{}\\\s]", lambda match: quote(match[0], safe=""), _one_line(document.url or "")),
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        entries.append(f"@techreport{{{record.key},\n{body}\n}}\n")
    return "\n".join(entries)


_TEX = {
    "\\": r"{\textbackslash}",
    # BibTeX counts braces whether a backslash precedes them or not
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{character: f"\\{character}" for character in "&%$#_"},
}


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _one_line(text))


def _tex_name(text: str) -> str:
    """Return the name of an institution, which BibLaTeX would divide at "and" without braces around it."""
    written = _tex(text)
    return f"{{{written}}}" if re.search(r"\band\b", written, re.IGNORECASE) else written


@reference_format("ris", "RIS", "ris", "application/x-research-info-systems")
def ris(references: Sequence[Reference]) -> str:
    """Return an `RPRT` (report) entry per record, by the RIS specification of Research Information Systems."""
    entries: list[str] = []
    for record in _records(references):
        document = record.document
        fields = [
            ("TY", "RPRT"),
            ("ID", record.key),
            ("TI", document.title),
            ("T2", document.series),
            ("PB", document.publisher),
            ("PY", document.edition),
            ("LA", document.language),
            ("SP", record.page),
            ("UR", document.url),
            ("N1", record.note),
        ]
        entries.append("".join(f"{tag}  - {_one_line(str(value))}\n" for tag, value in fields if value) + "ER  - \n")
    return "\n".join(entries)


@reference_format("csl-json", "CSL-JSON", "json", "application/vnd.citationstyles.csl+json")
def csl_json(references: Sequence[Reference]) -> str:
    """Return a list of CSL-JSON items of type `report` (citationstyles.org, csl-data schema)."""
    items: list[dict[str, object]] = []
    for record in _records(references):
        document = record.document
        item: dict[str, object | None] = {
            "id": record.key,
            "type": "report",
            "title": document.title,
            "collection-title": document.series,
            "publisher": document.publisher,
            "issued": {"date-parts": [[document.edition]]} if document.edition is not None else None,
            "language": document.language,
            "section": record.sections or None,
            "page": record.page or None,
            "URL": document.url,
            "note": record.note,
        }
        items.append(
            {
                name: _one_line(value) if isinstance(value, str) else value
                for name, value in item.items()
                if value is not None
            }
        )
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


_NONCHARACTERS = "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_CONTROLS = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")
"""Characters that no reference manager accepts; biber refuses a whole file for one of them."""


def _one_line(text: str) -> str:
    return " ".join(filter(None, (_CONTROLS.sub("", word) for word in text.split())))
