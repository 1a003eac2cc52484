"""Where what is said of a document contradicts itself or its text. A document in, sentences for the user out; pure.

Only what a person or the file declared is questioned: what was inferred comes from the text itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.catalogue.catalogue import NAME
from corpus.metadata.cover import read_cover
from corpus.metadata.covered_years import infer_covers
from corpus.metadata.edition import infer_edition, is_plan
from corpus.metadata.language import detect_language
from corpus.metadata.years import normalize_years
from corpus.records import Document

_WHERE = {"catalogue": f" (in {NAME})", "file": " (in the file)", "inferred": " (inferred)"}
_LONGEST = 500_000
_LATE = 4
"""Years after its edition at which a publication has certainly come out."""


def find_contradictions(document: Document) -> list[str]:
    """What does not fit, one sentence each; empty for most documents."""
    return [*_of_edition(document), *_of_covers(document), *_of_published(document), *_of_language(document)]


def _of_edition(document: Document) -> Iterator[str]:
    edition = document.edition
    if edition is None:
        return
    in_title = infer_edition([(normalize_years(document.title), True)])
    if in_title is not None and in_title != edition:
        yield f'edition {edition}{_said(document, "edition")}, but the title "{document.title}" names {in_title}'
    elif _is_declared(document, "edition"):
        on_cover = read_cover(document.text[:_LONGEST]).edition
        if on_cover is not None and on_cover != edition:
            yield f"edition {edition}{_said(document, 'edition')}, but the text's first lines name {on_cover}"


def _of_covers(document: Document) -> Iterator[str]:
    if document.covers is None:
        return
    first, last = document.covers
    said = f"covers {_years(first, last)}{_said(document, 'covers')}"
    edition = document.edition
    if edition is not None and (edition < first or (edition < last and not is_plan(document.title))):
        yield f"edition {edition}{_said(document, 'edition')}, but {said}: no edition comes before what it describes"
    if _is_declared(document, "covers"):
        text = document.text[:_LONGEST]
        cover = read_cover(text)
        spoken = infer_covers(normalize_years(text), cover.lines, cover.edition)
        if spoken is not None and (spoken.last < first or spoken.first > last):
            yield f"{said}, but the text speaks of {_years(*spoken)}"


def _of_published(document: Document) -> Iterator[str]:
    if document.published is None or not document.published[:4].isdecimal():
        return
    published = int(document.published[:4])
    said = f"published {document.published}{_said(document, 'published')}"
    if document.covers is not None and published < document.covers[0]:
        yield f"{said}, before the first year it covers, {document.covers[0]}{_said(document, 'covers')}"
    elif document.edition is not None and (
        published < document.edition - 1
        # The date of a page on the web is often that of its upload.
        or (published > document.edition + _LATE and document.origins.get("published") == "catalogue")
    ):
        yield f"{said}, but edition {document.edition}{_said(document, 'edition')}"


def _of_language(document: Document) -> Iterator[str]:
    if document.language is None or not _is_declared(document, "language"):
        return
    detected = detect_language(document.text)
    if detected is not None and detected != document.language.lower().split("-")[0]:
        yield f'language "{document.language}"{_said(document, "language")}, but the text reads as "{detected}"'


def _is_declared(document: Document, key: str) -> bool:
    return document.origins.get(key) in {"catalogue", "file"}


def _said(document: Document, key: str) -> str:
    return _WHERE.get(document.origins.get(key, "unknown"), "")


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"
