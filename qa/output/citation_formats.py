"""Export an answer's passages for reference managers: Markdown, BibTeX, RIS and CSL-JSON.

To add a format, write a function and decorate it with `citation_format`: the command line, the form and the endpoints
read `FORMATS`. Each source and page is one entry, with the ids of its passages in the note. The year of an entry is the
edition's; the years covered are in the note, never in a date field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import quote

from qa.citation import format_years

if TYPE_CHECKING:  # the command line reads the names of the formats before it loads anything heavy
    from index.storage.reader import DocumentInfo
    from qa.answering.library import Answer
    from qa.citation import CitedPassage

Exporter: TypeAlias = "Callable[[Answer], str]"


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
    """A source, or a page of it, with the passages cited from it in the order of the answer."""

    key: str
    document: DocumentInfo
    page: str
    passages: tuple[CitedPassage, ...]

    @property
    def sections(self) -> str:
        """The section paths of the passages."""
        paths = (" › ".join(cited.hit.stored.passage.path) for cited in self.passages)
        return "; ".join(dict.fromkeys(path for path in paths if path))

    @property
    def note(self) -> str:
        """Part, sections, years covered and passage ids."""
        document, several = self.document, len(self.passages) > 1
        ids = ", ".join(cited.hit.id for cited in self.passages)
        covers = f"covers {format_years(document.covers)}" if document.covers else ""
        parts = [document.part or "", self.sections, covers]
        return "; ".join([*filter(None, parts), f"{'passages' if several else 'passage'} {ids}"])


def _records(answer: Answer) -> list[_Record]:
    """Return one record per source and page, in the order of the answer; keys are unique."""
    groups: dict[tuple[str, str], list[CitedPassage]] = {}
    for cited in answer.passages:
        passage = cited.hit.stored.passage
        page = passage.page_label or (str(passage.page) if passage.page is not None else "")
        groups.setdefault((cited.hit.document.id, page), []).append(cited)
    records: dict[str, _Record] = {}
    for (name, page), passages in groups.items():
        plain = re.sub(r"[^A-Za-z0-9._-]", "-", f"{name}-p{page}" if page else name)
        suffixes = ("", *(f"-{number}" for number in range(2, len(groups) + 2)))
        key = next(f"{plain}{suffix}" for suffix in suffixes if f"{plain}{suffix}" not in records)
        records[key] = _Record(key, passages[0].hit.document, page, tuple(passages))
    return list(records.values())


@citation_format("markdown", "Markdown", "md", "text/markdown")
def markdown(answer: Answer) -> str:
    """Return question, answer and quotations, each with its citation."""
    numbers = {cited.hit.id: cited.rank for cited in answer.passages}
    lines = [f"# {_markdown(' '.join(answer.question.split()))}", ""]
    lines += [f"*{_markdown(notice)}*\n" for notice in answer.notices]
    if answer.answered:
        lines += [
            f"- {_markdown(_one_line(sentence.shown))} [{numbers[sentence.passage]}]" for sentence in answer.sentences
        ]
    else:
        lines.append("The documents do not seem to answer this. The nearest passages:")
    for cited in answer.passages:
        quoted = "\n".join(f"> {_markdown(line)}".rstrip() for line in cited.hit.stored.passage.text.split("\n"))
        lines += [
            "",
            f"**[{cited.rank}]** {_markdown(cited.citation)}{_link(cited)}",
            "",
            quoted,
            "",
            f"`{cited.hit.id}`",
        ]
    return "\n".join(lines) + "\n"


def _link(cited: CitedPassage) -> str:
    url = cited.hit.document.url
    return f", <{url}>" if url and re.fullmatch(r"https?://[^\s<>]+", url) else ""


def _markdown(text: str) -> str:
    """Escape Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)


@citation_format("bibtex", "BibTeX", "bib", "application/x-bibtex")
def bibtex(answer: Answer) -> str:
    """Return a `@techreport` entry per record, BibTeX's type for publications of an institution."""
    entries: list[str] = []
    for record in _records(answer):
        document = record.document
        fields = {
            "title": _tex(document.title),
            "institution": _tex(document.publisher or ""),
            "year": str(document.edition or ""),
            "type": _tex(document.series or ""),
            "pages": _tex(record.page),
            "note": _tex(record.note),
            # other signs are not escaped: a percent sign is part of an address
            "url": re.sub(r"[{}\\\s]", lambda match: quote(match[0], safe=""), document.url or ""),
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


@citation_format("ris", "RIS", "ris", "application/x-research-info-systems")
def ris(answer: Answer) -> str:
    """Return an `RPRT` (report) entry per record, by the RIS specification of Research Information Systems."""
    entries: list[str] = []
    for record in _records(answer):
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


@citation_format("csl-json", "CSL-JSON", "json", "application/vnd.citationstyles.csl+json")
def csl_json(answer: Answer) -> str:
    """Return a list of CSL-JSON items of type `report` (citationstyles.org, csl-data schema)."""
    items: list[dict[str, object]] = []
    for record in _records(answer):
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
        items.append({name: value for name, value in item.items() if value is not None})
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def _one_line(text: str) -> str:
    return " ".join(filter(None, (_CONTROLS.sub("", word) for word in text.split())))
