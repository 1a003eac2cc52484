"""Find contradictions between the metadata of a document and its text.

Only metadata that a person or the file declared is checked against the text; inferred metadata comes from the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.metadata.cover import read_cover
from corpus.metadata.covered_years import infer_covers
from corpus.metadata.edition import infer_edition, is_plan
from corpus.metadata.inference import INFERENCE_LENGTH
from corpus.metadata.language import detect_language, detectable_language
from corpus.metadata.years import normalize_years
from corpus.records import Document
from corpus.translation import english

_LATEST_PUBLICATION = 4
"""Maximum plausible delay in years between the year of an edition and its publication."""


def find_contradictions(document: Document) -> list[str]:
    """Return one sentence for each contradiction; most documents have none."""
    checks = (_check_edition, _check_covers, _check_published, _check_language)
    return [contradiction for check in checks for contradiction in check(document)]


def _check_edition(document: Document) -> Iterator[str]:
    edition = document.edition
    if edition is None:
        return
    in_title = infer_edition([(normalize_years(document.title), True)])
    if in_title is not None and in_title != edition:
        yield english(
            "%(claim)s, but the title “%(title)s” names %(year)s",
            claim=_claim(document, "edition", edition),
            title=document.title,
            year=in_title,
        )
    elif _is_declared(document, "edition"):
        on_cover = read_cover(document.text[:INFERENCE_LENGTH]).edition
        if on_cover is not None and on_cover != edition:
            claim = _claim(document, "edition", edition)
            yield english("%(claim)s, but the text's first lines name %(year)s", claim=claim, year=on_cover)


def _check_covers(document: Document) -> Iterator[str]:
    if document.covers is None:
        return
    first, last = document.covers
    claim = _claim(document, "covers", _years(first, last))
    edition = document.edition
    if edition is not None and (edition < first or (edition < last and not is_plan(document.title))):
        own = _claim(document, "edition", edition)
        yield english("%(edition)s, but %(covers)s: an edition cannot precede its years", edition=own, covers=claim)
    if _is_declared(document, "covers"):
        text = document.text[:INFERENCE_LENGTH]
        cover = read_cover(text)
        described = infer_covers(normalize_years(text), cover.lines, cover.edition)
        if described is not None and (described.last < first or described.first > last):
            yield english("%(claim)s, but the text describes %(years)s", claim=claim, years=_years(*described))


def _check_published(document: Document) -> Iterator[str]:
    if document.published is None or not document.published[:4].isdecimal():
        return
    published = int(document.published[:4])
    claim = _claim(document, "published", document.published)
    if document.covers is not None and published < document.covers[0]:
        first = _with_origin(document, "covers", document.covers[0])
        yield english("%(claim)s, before the first year it covers, %(first)s", claim=claim, first=first)
    elif document.edition is not None and (
        published < document.edition - 1
        # The date of a web page is often that of its upload.
        or (published > document.edition + _LATEST_PUBLICATION and document.origins.get("published") == "catalogue")
    ):
        yield english("%(claim)s, but %(edition)s", claim=claim, edition=_claim(document, "edition", document.edition))


def _check_language(document: Document) -> Iterator[str]:
    if document.language is None or not _is_declared(document, "language"):
        return
    detected = detect_language(document.text)
    if detected is not None and detected != detectable_language(document.language):
        claim = _claim(document, "language", f'"{document.language}"')
        yield english('%(claim)s, but the text reads as "%(detected)s"', claim=claim, detected=detected)


def _is_declared(document: Document, key: str) -> bool:
    return document.origins.get(key) in {"catalogue", "file"}


def _claim(document: Document, key: str, value: object) -> str:
    stated = _with_origin(document, key, value)
    match key:
        case "edition":
            return english("edition %(value)s", value=stated)
        case "covers":
            return english("covers %(value)s", value=stated)
        case "published":
            return english("published %(value)s", value=stated)
        case _:
            return english("language %(value)s", value=stated)


def _with_origin(document: Document, key: str, value: object) -> str:
    match document.origins.get(key):
        case "catalogue":
            return english("%(value)s (in corpus.toml)", value=value)
        case "file":
            return english("%(value)s (in the file)", value=value)
        case "inferred":
            return english("%(value)s (inferred)", value=value)
        case _:
            return str(value)


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
