"""What the user excludes: filters by series, edition, years covered and document. Only these exclude anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.storage.reader import DocumentInfo
from qa.errors import FilterError

YearSpan = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Filters:
    """Within one kind any value suffices; the kinds all have to hold. Nothing set keeps everything."""

    series: tuple[str, ...] = ()
    edition: tuple[YearSpan, ...] = ()
    covers: tuple[YearSpan, ...] = ()
    document: tuple[str, ...] = ()

    def matches(self, document: DocumentInfo) -> bool:
        """Whether a document passes. One whose edition or years are unknown passes no filter on them."""
        return self.matches_values(document.series, document.edition, document.covers) and (
            not self.document or document.id in self.document
        )

    def select(self, documents: Iterable[DocumentInfo]) -> list[DocumentInfo]:
        """Those of these documents that pass, in their order."""
        return [one for one in documents if self.matches(one)]

    def matches_values(self, series: str | None, edition: int | None, covers: YearSpan | None) -> bool:
        """Whether documents of this series, edition and years pass, as far as these say."""
        return (
            (not self.series or (series or "").casefold() in {one.casefold() for one in self.series})
            and (not self.edition or any(_inside(edition, span) for span in self.edition))
            and (not self.covers or any(_overlap(covers, span) for span in self.covers))
        )

    def __bool__(self) -> bool:
        return bool(self.series or self.edition or self.covers or self.document)

    def as_json(self) -> dict[str, list[str]]:
        """The filters that are set, as they are written on the command line."""
        written: dict[str, list[str]] = {
            "series": list(self.series),
            "edition": [format_span(span) for span in self.edition],
            "covers": [format_span(span) for span in self.covers],
            "document": list(self.document),
        }
        return {name: values for name, values in written.items() if values}


def _inside(year: int | None, span: YearSpan) -> bool:
    return year is not None and span[0] <= year <= span[1]


def _overlap(covers: YearSpan | None, span: YearSpan) -> bool:
    return covers is not None and covers[0] <= span[1] and span[0] <= covers[1]


def parse_filters(
    *,
    series: Sequence[str] = (),
    edition: Sequence[str | int] = (),
    covers: Sequence[str | int] = (),
    document: Sequence[str] = (),
) -> Filters:
    """Filters from their written forms. Raises FilterError for what is no year or range of years."""
    return Filters(
        tuple(series),
        tuple(parse_span("edition", value) for value in edition),
        tuple(parse_span("covers", value) for value in covers),
        tuple(document),
    )


def filters_from_json(value: object) -> Filters:
    """Filters from a question's own `filters` object: each key a value or a list. Raises FilterError."""
    if not isinstance(value, Mapping):
        raise FilterError(f"`filters` is {value!r}: must be an object, as {{'edition': [2016]}}")
    unknown = sorted(set(value) - {"series", "edition", "covers", "document"})
    if unknown:
        raise FilterError(f"unknown filter `{unknown[0]}` (known: series, edition, covers, document)")
    lists = {key: one if isinstance(one, list) else [one] for key, one in value.items()}
    for key in ("series", "document"):
        for one in lists.get(key, []):
            if not isinstance(one, str):
                raise FilterError(f"filter {key} {one!r}: must be a text")
    return parse_filters(**lists)


def parse_span(name: str, value: str | int) -> YearSpan:
    """`2016` or `2014..2020` (both ends included; one may be left open). Raises FilterError."""
    text = str(value).strip()
    match = re.fullmatch(r"(\d{4})", text)
    if match:
        return int(text), int(text)
    match = re.fullmatch(r"(\d{4})?\.\.(\d{4})?", text)
    if match is None or not (match[1] or match[2]):
        raise FilterError(f"{name} {text[:60]}: must be a year, as 2016, or a range, as 2014..2020")
    first, last = int(match[1] or 0), int(match[2] or 9999)
    if first > last:
        raise FilterError(f"{name} {value}: the range ends before it begins")
    return first, last


def format_span(span: YearSpan) -> str:
    """The written form of a span."""
    first, last = span
    if first == last:
        return str(first)
    return f"{first if first > 0 else ''}..{last if last < 9999 else ''}"
