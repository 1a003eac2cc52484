"""An answer's passages as entries for reference managers: Markdown, BibTeX, RIS and CSL-JSON. Pure.

One entry a passage, since that is what is cited; its id, which gives the exact span back, stands in the note. The year
of an entry is the edition's; the years covered stand in the note too, never in a field of a date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from qa.answering.library import Answer
from qa.citation import CitedPassage, format_years

FORMATS = ("markdown", "bibtex", "ris", "csl-json")


def export(answer: Answer, form: str) -> str:
    """The answer in one of `FORMATS`, ending with a line break. Raises ValueError for another."""
    if form == "markdown":
        return markdown(answer)
    if form == "bibtex":
        return bibtex(answer.passages)
    if form == "ris":
        return ris(answer.passages)
    if form == "csl-json":
        return csl_json(answer.passages)
    raise ValueError(f"unknown format {form!r} (known: {', '.join(FORMATS)})")


def markdown(answer: Answer) -> str:
    """Question, answer and quotations, each with its citation."""
    numbers = {one.hit.id: one.rank for one in answer.passages}
    lines = [f"# {_markdown(' '.join(answer.question.split()))}", ""]
    lines += [f"*{_markdown(notice)}*\n" for notice in answer.notices]
    if answer.answered:
        lines += [f"- {_markdown(_one_line(one.text))} [{numbers[one.passage]}]" for one in answer.sentences]
    else:
        lines.append("These documents do not seem to answer this. The nearest passages:")
    for one in answer.passages:
        quoted = "\n".join(f"> {_markdown(line)}".rstrip() for line in one.hit.stored.passage.text.split("\n"))
        lines += ["", f"**[{one.rank}]** {_markdown(one.citation)}{_link(one)}", "", quoted, "", f"`{one.hit.id}`"]
    return "\n".join(lines) + "\n"


def _link(one: CitedPassage) -> str:
    url = one.hit.document.url
    return f", <{url}>" if url and re.fullmatch(r"https?://[^\s<>]+", url) else ""


def _markdown(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)


def bibtex(passages: Sequence[CitedPassage]) -> str:
    """A `@techreport` a passage, the entry type of BibTeX for what an institution publishes."""
    entries: list[str] = []
    for one in passages:
        document = one.hit.document
        fields = {
            "title": _tex(document.title),
            "institution": _tex(document.publisher or ""),
            "year": str(document.edition or ""),
            "type": _tex(document.series or ""),
            "pages": _tex(_page(one)),
            "note": _tex(_note(one)),
            # a percent sign would be a comment in text but is a part of an address, so addresses are left as they are
            "url": re.sub(r"[{}\\\s]", "", document.url or ""),
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        entries.append(f"@techreport{{{_key(one)},\n{body}\n}}\n")
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


def ris(passages: Sequence[CitedPassage]) -> str:
    """A `RPRT` (report) a passage; tags as in the RIS specification of Research Information Systems."""
    entries: list[str] = []
    for one in passages:
        document = one.hit.document
        fields = [
            ("TY", "RPRT"),
            ("ID", _key(one)),
            ("TI", document.title),
            ("T2", document.series),
            ("PB", document.publisher),
            ("PY", document.edition),
            ("LA", document.language),
            ("SP", _page(one)),
            ("UR", document.url),
            ("N1", _note(one)),
        ]
        entries.append("".join(f"{tag}  - {_one_line(str(value))}\n" for tag, value in fields if value) + "ER  - \n")
    return "\n".join(entries)


def csl_json(passages: Sequence[CitedPassage]) -> str:
    """A list of CSL-JSON items of type `report` (citationstyles.org, csl-data schema)."""
    items: list[dict[str, object]] = []
    for one in passages:
        document = one.hit.document
        item: dict[str, object | None] = {
            "id": _key(one),
            "type": "report",
            "title": document.title,
            "collection-title": document.series,
            "publisher": document.publisher,
            "issued": {"date-parts": [[document.edition]]} if document.edition is not None else None,
            "language": document.language,
            "section": " › ".join(one.hit.stored.passage.path) or None,
            "page": _page(one) or None,
            "URL": document.url,
            "note": _note(one),
        }
        items.append({name: value for name, value in item.items() if value is not None})
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _page(one: CitedPassage) -> str:
    passage = one.hit.stored.passage
    return passage.page_label or (str(passage.page) if passage.page is not None else "")


def _note(one: CitedPassage) -> str:
    document, passage = one.hit.document, one.hit.stored.passage
    parts = [document.part or "", " › ".join(passage.path)]
    parts += [f"covers {format_years(document.covers)}" if document.covers else "", f"passage {passage.id}"]
    return "; ".join(part for part in parts if part)


def _key(one: CitedPassage) -> str:
    """A key that every reference manager takes: the passage id with only letters, digits, `.`, `-` and `_`."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", one.hit.id)


def _one_line(text: str) -> str:
    return " ".join(text.split())
