"""What a document is, from three sources in this order: the catalogue, the file itself, its text. Pure.

Each value comes with its origin. What the file declares in a form that the catalogue would refuse is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from corpus.catalogue.catalogue import Entry, field_problem, one_line
from corpus.metadata.inference import InferredMetadata
from corpus.records import Origin

FIELDS = ("title", "series", "publisher", "edition", "covers", "published", "part", "url", "language")
_OTHER_NAMES = {"date": "published", "lang": "language"}
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?(?=$|[T ])")
_NO_TITLE = re.compile(
    r"Microsoft (?:Word|PowerPoint|Excel) - .*|untitled.*|(?:document|slide|page) ?\d*"
    r"|.*\.(?:docx?|pdf|indd|qxd|tex|rtf|odt)",
    re.IGNORECASE,
)
"""What programs put where no person gave a title."""


def merge(
    entry: Entry, declared: Mapping[str, Any], inferred: InferredMetadata | None, language: str | None, identifier: str
) -> tuple[dict[str, Any], dict[str, Origin]]:
    """Value and origin of each field; fields without a value are left out of the first and "unknown" in the second.

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


def declared_fields(metadata: Mapping[str, object]) -> dict[str, Any]:
    """What the file itself declares, in the catalogue's types."""
    declared: dict[str, Any] = {}
    for name, given in metadata.items():
        key = _OTHER_NAMES.get(name, name)
        text = one_line(str(given))
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
        if key == "title" and _NO_TITLE.fullmatch(text):
            continue
        declared[key] = tuple(value) if key == "covers" else value
    return declared
