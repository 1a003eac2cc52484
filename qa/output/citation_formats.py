"""Export an answer's passages for reference managers: Markdown, BibTeX, RIS and CSL-JSON.

To add a format, write a function and decorate it with `citation_format`: the command line, the form and the endpoints
read `FORMATS`. Each passage is one entry, with its id in the note. The year of an entry is the edition's; the years
covered are in the note, never in a date field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from qa.citation import format_years

if TYPE_CHECKING:  # the command line reads the names of the formats before it loads anything heavy
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


def export(answer: Answer, name: str) -> str:
    """Return the answer in one of `FORMATS`, ending with a line break. Raises ValueError for an unknown name."""
    if name not in FORMATS:
        raise ValueError(f"unknown format {name!r}: choose one of {', '.join(FORMATS)}")
    return FORMATS[name].export(answer)


@citation_format("markdown", "Markdown", "md", "text/markdown")
def markdown(answer: Answer) -> str:
    """Return question, answer and quotations, each with its citation."""
    numbers = {cited.hit.id: cited.rank for cited in answer.passages}
    lines = [f"# {_markdown(' '.join(answer.question.split()))}", ""]
    lines += [f"*{_markdown(notice)}*\n" for notice in answer.notices]
    if answer.answered:
        lines += [
            f"- {_markdown(_one_line(sentence.text))} [{numbers[sentence.passage]}]" for sentence in answer.sentences
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
    """Return a `@techreport` entry per passage, BibTeX's type for publications of an institution."""
    entries: list[str] = []
    for cited in answer.passages:
        document = cited.hit.document
        fields = {
            "title": _tex(document.title),
            "institution": _tex(document.publisher or ""),
            "year": str(document.edition or ""),
            "type": _tex(document.series or ""),
            "pages": _tex(_page(cited)),
            "note": _tex(_note(cited)),
            # addresses are not escaped: a percent sign is part of them
            "url": re.sub(r"[{}\\\s]", "", document.url or ""),
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        entries.append(f"@techreport{{{_key(cited)},\n{body}\n}}\n")
    return "\n".join(entries)


_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _one_line(text))


@citation_format("ris", "RIS", "ris", "application/x-research-info-systems")
def ris(answer: Answer) -> str:
    """Return an `RPRT` (report) entry per passage, by the RIS specification of Research Information Systems."""
    entries: list[str] = []
    for cited in answer.passages:
        document = cited.hit.document
        fields = [
            ("TY", "RPRT"),
            ("ID", _key(cited)),
            ("TI", document.title),
            ("T2", document.series),
            ("PB", document.publisher),
            ("PY", document.edition),
            ("LA", document.language),
            ("SP", _page(cited)),
            ("UR", document.url),
            ("N1", _note(cited)),
        ]
        entries.append("".join(f"{tag}  - {_one_line(str(value))}\n" for tag, value in fields if value) + "ER  - \n")
    return "\n".join(entries)


@citation_format("csl-json", "CSL-JSON", "json", "application/vnd.citationstyles.csl+json")
def csl_json(answer: Answer) -> str:
    """Return a list of CSL-JSON items of type `report` (citationstyles.org, csl-data schema)."""
    items: list[dict[str, object]] = []
    for cited in answer.passages:
        document = cited.hit.document
        item: dict[str, object | None] = {
            "id": _key(cited),
            "type": "report",
            "title": document.title,
            "collection-title": document.series,
            "publisher": document.publisher,
            "issued": {"date-parts": [[document.edition]]} if document.edition is not None else None,
            "language": document.language,
            "section": " › ".join(cited.hit.stored.passage.path) or None,
            "page": _page(cited) or None,
            "URL": document.url,
            "note": _note(cited),
        }
        items.append({name: value for name, value in item.items() if value is not None})
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _page(cited: CitedPassage) -> str:
    passage = cited.hit.stored.passage
    return passage.page_label or (str(passage.page) if passage.page is not None else "")


def _note(cited: CitedPassage) -> str:
    document, passage = cited.hit.document, cited.hit.stored.passage
    parts = [document.part or "", " › ".join(passage.path)]
    parts += [f"covers {format_years(document.covers)}" if document.covers else "", f"passage {passage.id}"]
    return "; ".join(part for part in parts if part)


def _key(cited: CitedPassage) -> str:
    """Return the passage id reduced to characters that every reference manager accepts in keys."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", cited.hit.id)


def _one_line(text: str) -> str:
    return " ".join(text.split())
