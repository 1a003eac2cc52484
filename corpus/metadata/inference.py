"""The metadata of a document: from the catalogue, else from the file, else inferred from its text.

The edition is inferred from the cover, the years covered from the body or from a statement of the period. They are
different facts, and a year that is named only once says nothing certain about the other. A person knows best, the
file's own metadata next; what nobody says stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from corpus.catalogue.catalogue import Entry, field_problem, one_line
from corpus.metadata.cover import read_cover
from corpus.metadata.covered_years import infer_covers
from corpus.metadata.years import normalize_years
from corpus.records import Origin

FIELDS = ("title", "series", "publisher", "edition", "covers", "published", "part", "url", "language")
INFERENCE_LENGTH = 500_000
"""Characters of a text that are read: the years of two hundred pages are clear from these."""

_OTHER_NAMES = {"date": "published", "lang": "language"}
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?(?=$|[T ])")
_PLACEHOLDER_TITLE = re.compile(
    r"Microsoft (?:Word|PowerPoint|Excel) - .*|untitled.*|(?:document|slide|page) ?\d*"
    r"|.*\.(?:docx?|pdf|indd|qxd|tex|rtf|odt)",
    re.IGNORECASE,
)
"""Titles that programs set where the author set none."""


@dataclass(frozen=True, slots=True)
class InferredMetadata:
    """Metadata inferred from a text; None where it is unknown."""

    title: str | None
    series: str | None
    publisher: str | None
    edition: int | None
    covers: tuple[int, int] | None
    part: str | None


def infer_metadata(text: str, title: str | None = None) -> InferredMetadata:
    """Infer the metadata of a text; a known `title` is taken as it is."""
    cover = read_cover(text[:INFERENCE_LENGTH], title)
    covers = infer_covers(normalize_years(text[:INFERENCE_LENGTH]), cover.lines, cover.edition)
    return InferredMetadata(
        title=cover.title,
        series=cover.series,
        publisher=cover.publisher,
        edition=cover.edition,
        covers=None if covers is None else (covers.first, covers.last),
        part=cover.part,
    )


def merge_metadata(
    entry: Entry, declared: Mapping[str, Any], inferred: InferredMetadata | None, language: str | None, identifier: str
) -> tuple[dict[str, Any], dict[str, Origin]]:
    """Return the value and the origin of each field; a field without a value has only the origin "unknown".

    A document without any title is called by its identifier.
    """
    from_text = {} if inferred is None else asdict(inferred)
    layers: tuple[tuple[Origin, Mapping[str, Any]], ...] = (
        ("catalogue", asdict(entry)),
        ("file", declared),
        ("inferred", {**from_text, "language": language}),
    )
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for key in FIELDS:
        origins[key] = "unknown"
        for origin, layer in layers:
            if layer.get(key) is not None:
                values[key], origins[key] = layer[key], origin
                break
    if "title" not in values:
        values["title"], origins["title"] = identifier, "inferred"
    return values, origins


def declared_metadata(metadata: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields that the file itself declares, with the types of the catalogue; invalid values are dropped."""
    declared: dict[str, Any] = {}
    for name, raw in metadata.items():
        key = _OTHER_NAMES.get(name, name)
        text = one_line(str(raw))
        value: Any = text
        if key == "covers":
            years = [int(year) for year in re.findall(r"[0-9]+", text)]
            value = [years[0], years[-1]] if len(years) in {1, 2} else None
        elif key == "edition":
            value = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
        elif key == "published":
            value = date[0] if (date := _DATE.match(text)) else None
        if key not in FIELDS or value is None or field_problem(key, value) is not None:
            continue
        if key == "title" and _PLACEHOLDER_TITLE.fullmatch(text):
            continue
        declared[key] = tuple(value) if key == "covers" else value
    return declared
