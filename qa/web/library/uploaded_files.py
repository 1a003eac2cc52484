"""Uploaded files before they are documents: what can be read of each, and the form that a person corrects. No Gradio.

A value that was left as it was inferred stays inferred: only what was changed is declared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.catalogue.catalogue import ID_PATTERN, field_problem, one_line
from corpus.errors import CorpusError
from corpus.ingest import plan, read
from corpus.records import Document

FIELDS = {
    "id": "Id",
    "title": "Title",
    "series": "Series",
    "publisher": "Publisher",
    "edition": "Edition: the year on the cover",
    "covers": "Covers: the year, or years, described",
    "published": "Published: a date",
    "part": "Part, as “Chapter 3”",
    "url": "Address on the web",
    "language": "Language: a code, as en",
}
"""The fields of the form, and what they are called."""

_YEARS = re.compile(r"(\d{4})(?:\s*(?:\.\.|[-–]|to)\s*(\d{4}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Staged:
    """An uploaded file: its name, where it waits, and its form as it was prefilled and as it stands.

    `reason` says why it cannot be read; its form is empty then.
    """

    name: str
    path: Path
    inferred: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    @property
    def id(self) -> str:
        """The id that the document is to have."""
        return self.texts.get("id", "").strip()


def stage(path: Path) -> Staged:
    """Read an uploaded file and prefill its form."""
    try:
        planned = plan([path])
        if not planned.sources:
            return Staged(path.name, path, reason=planned.unread[0].reason if planned.unread else "it cannot be read")
        if planned.sources[0].record is not None:
            return Staged(path.name, path, reason="a test collection: index it with `yearbook-qa index`")
        document = read(planned.sources[0])
    except (CorpusError, OSError) as error:
        return Staged(path.name, path, reason=str(error).replace(f"{path}: ", "").replace(str(path), path.name))
    texts = prefilled(document)
    return Staged(path.name, path, texts, texts)


def prefilled(document: Document) -> dict[str, str]:
    """The form of a document that was read; what is not known is empty."""
    texts = {key: str(getattr(document, key) or "") for key in FIELDS if key != "covers"}
    first, last = document.covers or ("", "")
    texts["covers"] = str(first) if first == last else f"{first}–{last}"
    return {key: texts[key] for key in FIELDS}


def declared(staged: Staged) -> dict[str, Any]:
    """What a person said of a file, as `corpus.toml` takes it: the id, and each value that was changed.

    One that was emptied is inferred again.
    """
    values: dict[str, Any] = {"id": staged.id}
    for key in FIELDS:
        text = one_line(staged.texts.get(key, ""))
        if key != "id" and text and text != one_line(staged.inferred.get(key, "")):
            values[key] = _value(key, text)
    return values


def _value(key: str, text: str) -> Any:
    if key == "edition":
        return int(text) if re.fullmatch(r"\d{4}", text, re.ASCII) else text
    if key == "covers":
        years = _YEARS.fullmatch(text)
        if years is None:
            return text
        return int(years[1]) if years[2] in {None, years[1]} else [int(years[1]), int(years[2])]
    return text


def problems(files: Sequence[Staged], taken: Mapping[str, str]) -> list[str]:
    """What must be mended before these files can be added; `taken` says of each id that is in use by which file."""
    found: list[str] = []
    used: dict[str, str] = {}
    by_folded = {one.casefold(): source for one, source in taken.items()}
    for one in files:
        for key, value in declared(one).items():
            wrong = field_problem(key, value)
            if key == "id" and (not ID_PATTERN.fullmatch(one.id) or not one.id.strip(".")):
                wrong = "may hold only A-Z a-z 0-9 . _ -, and more than dots"
            if wrong is not None:
                found.append(f"{one.name}: {FIELDS[key].partition(':')[0].lower()} “{value}” {wrong}")
        folded = one.id.casefold()
        if folded in used:
            found.append(f"{one.name} and {used[folded]} have the same id “{one.id}”: give one of them another")
        elif folded in by_folded:
            found.append(
                f"{one.name}: the id “{one.id}” is that of a document here ({by_folded[folded]}): "
                "give another, or remove that one first"
            )
        used.setdefault(folded, one.name)
    return found
