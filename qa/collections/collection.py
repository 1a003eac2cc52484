"""A collection of kept passages and its file, one JSON object (`qa.output.schema.CollectionJson`).

A kept passage remembers its document, offsets, text and source, so that a collection can be read and exported without
the index, and a checksum of its text, so that an edited quotation is never taken for a verbatim one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from corpus.records import format_span_id
from corpus.translation import gettext as _
from qa import limits
from qa.citation import CitedSource, Reference
from qa.errors import CollectionError
from qa.evaluation.question_formats import replace_surrogates

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from qa.output import schema

VERSION = 1
"""Version of the file format."""


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """A span `[start, end)` of a document, verbatim, and its place at the time when it was kept."""

    reference: Reference
    start: int
    end: int
    text: str

    @property
    def checksum(self) -> str:
        """The SHA-256 of the text."""
        return checksum(self.text)


@dataclass(frozen=True, slots=True)
class CollectionItem:
    """One passage, or passages kept together, with the user's note and labels, and the question that led to it."""

    passages: tuple[KeptPassage, ...]
    note: str = ""
    labels: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """A named list of items in the user's order."""

    name: str
    items: tuple[CollectionItem, ...]
    note: str = ""

    @property
    def passages(self) -> list[KeptPassage]:
        """The passages of all items, in order."""
        return [passage for item in self.items for passage in item.passages]


def checksum(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def collection_json(collection: Collection) -> schema.CollectionJson:
    """Return the object of a collection's file."""
    return {
        "version": VERSION,
        "name": collection.name,
        "note": collection.note,
        "items": [
            {
                "passages": [kept_passage_json(passage) for passage in item.passages],
                "note": item.note,
                "labels": list(item.labels),
                "question": item.question,
            }
            for item in collection.items
        ],
    }


def kept_passage_json(passage: KeptPassage) -> schema.KeptPassageJson:
    """Return the object of a kept passage."""
    reference, source = passage.reference, passage.reference.source
    fields: schema.KeptPassageJson = {
        "id": reference.id,
        "document": source.id,
        "title": source.title,
        "series": source.series,
        "publisher": source.publisher,
        "edition": source.edition,
        "covers": list(source.covers) if source.covers is not None else None,
        "part": source.part,
        "section": list(reference.path),
        "language": source.language,
        "page": reference.page,
        "page_label": reference.page_label,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "url": source.url,
        "citation": reference.citation,
        "sha256": passage.checksum,
    }
    if reference.cells:
        fields["cells"] = reference.cells
    return fields


def parse_collection(value: object) -> Collection:
    """Read a collection from the object of its file, or the passages of an answer (`ask --format json`).

    Raises:
        CollectionError: The object has another form, the text of a passage was changed, or it has too many passages.
    """
    from pydantic import ValidationError

    if isinstance(value, Mapping) and isinstance(value.get("version"), int) and value["version"] > VERSION:
        raise CollectionError(
            _(
                "version %(version)s of the file is newer than this program, which reads %(known)s",
                version=value["version"],
                known=VERSION,
            )
        )
    try:
        fields = _adapter().validate_python(_of_answer(replace_surrogates(value)), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise CollectionError(
            _(
                "not a collection: %(place)s: %(fault)s; a collection is exported by the form, or is the JSON of an "
                "answer (`ask --format json`)",
                place=place,
                fault=first["msg"],
            )
        ) from error
    items = tuple(
        CollectionItem(
            tuple(parse_kept_passage(passage) for passage in item["passages"]),
            item.get("note", ""),
            tuple(item.get("labels", ())),
            item.get("question", ""),
        )
        for item in fields["items"]
    )
    collection = Collection(fields["name"], items, fields.get("note", ""))
    if len(collection.passages) > limits.COLLECTION.value:
        raise CollectionError(
            _(
                "%(count)s passages: at most %(limit)s (%(variable)s)",
                count=f"{len(collection.passages):,}",
                limit=f"{limits.COLLECTION.value:,}",
                variable=limits.COLLECTION.variable,
            )
        )
    return collection


def _of_answer(value: object) -> object:
    """Return the object of a collection of an answer's passages; any other value as it is."""
    if not isinstance(value, Mapping) or "items" in value or not isinstance(value.get("passages"), list):
        return value
    question = value.get("question", "")
    passages = [
        {"publisher": None, **passage, "sha256": checksum(str(passage.get("text", "")))}
        for passage in value["passages"]
        if isinstance(passage, Mapping)
    ]
    items = [{"passages": [passage], "question": question} for passage in passages]
    return {"version": VERSION, "name": question, "items": items}


def parse_kept_passage(fields: schema.KeptPassageJson) -> KeptPassage:
    """Read a kept passage from its object. Raises CollectionError if its text, offsets or years are inconsistent."""
    text, start, end, covers = fields["text"], fields["start"], fields["end"], fields["covers"]
    identifier = format_span_id(fields["document"], start, end)
    if not 0 <= start < end or end - start != len(text) or (covers is not None and len(covers) != 2):
        raise CollectionError(_("%(id)s: offsets, text or covered years do not fit together", id=identifier))
    if checksum(text) != fields["sha256"]:
        raise CollectionError(
            _("%(id)s: the text was changed after it was kept: please keep the passage again", id=identifier)
        )
    source = CitedSource(
        id=fields["document"],
        title=fields["title"],
        series=fields["series"],
        publisher=fields["publisher"],
        edition=fields["edition"],
        covers=(covers[0], covers[1]) if covers is not None else None,
        part=fields["part"],
        url=fields["url"],
        language=fields["language"],
    )
    path, cells = tuple(fields["section"]), fields.get("cells", "")
    reference = Reference(identifier, source, path, fields["page"], fields["page_label"], cells)
    return KeptPassage(reference, start, end, text)


@cache
def _adapter() -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    from qa.output.schema import CollectionJson

    return TypeAdapter(CollectionJson)
