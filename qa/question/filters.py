"""Filters set by the user: by series, edition, years covered and document. Nothing else excludes documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from corpus.metadata.years import parse_years
from corpus.translation import gettext as _
from index.storage.reader import DocumentInfo
from qa.errors import FilterError

YearSpan = tuple[int, int]
"""First and last year, both included."""

_NAMES = ("series", "edition", "covers", "document")


@dataclass(frozen=True, slots=True)
class Filters:
    """Allowed values of each field: a document must match one value of every field that is set."""

    series: tuple[str, ...] = ()
    edition: tuple[YearSpan, ...] = ()
    covers: tuple[YearSpan, ...] = ()
    document: tuple[str, ...] = ()

    def matches(self, document: DocumentInfo) -> bool:
        """Return whether a document matches. An unknown edition or unknown years match no filter on that field."""
        return self.matches_values(document.series, document.edition, document.covers) and (
            not self.document or document.id in self.document
        )

    def select(self, documents: Iterable[DocumentInfo]) -> list[DocumentInfo]:
        """Return the documents that match, in order."""
        return [document for document in documents if self.matches(document)]

    def matches_values(self, series: str | None, edition: int | None, covers: YearSpan | None) -> bool:
        """Return whether these values match the filters by series, edition and years covered."""
        return (
            (not self.series or (series or "").casefold() in {name.casefold() for name in self.series})
            and (
                not self.edition
                or any(_overlap((edition, edition), span) for span in self.edition if edition is not None)
            )
            and (not self.covers or any(_overlap(covers, span) for span in self.covers if covers is not None))
        )

    def __bool__(self) -> bool:
        return bool(self.series or self.edition or self.covers or self.document)

    def as_json(self) -> dict[str, list[str]]:
        """Return the filters that are set, written as on the command line."""
        written = asdict(self) | {
            name: [format_span(span) for span in spans]
            for name, spans in (("edition", self.edition), ("covers", self.covers))
        }
        return {name: list(values) for name, values in written.items() if values}


def _overlap(span: YearSpan, other: YearSpan) -> bool:
    return span[0] <= other[1] and other[0] <= span[1]


def parse_filters(
    *,
    series: Sequence[str] = (),
    edition: Sequence[str | int] = (),
    covers: Sequence[str | int] = (),
    document: Sequence[str] = (),
) -> Filters:
    """Parse filters written as on the command line.

    Raises:
        FilterError: A value of `edition` or `covers` is neither a year nor a range of years.
    """
    return Filters(
        tuple(series),
        tuple(parse_span("edition", value) for value in edition),
        tuple(parse_span("covers", value) for value in covers),
        tuple(document),
    )


def filters_from_json(value: object) -> Filters:
    """Parse the `filters` object of a question, each key a value or a list of values. Raises FilterError."""
    if not isinstance(value, Mapping):
        raise FilterError(
            _("`filters` is %(value)s: must be an object, such as {'edition': [2016]}", value=repr(value))
        )
    unknown = sorted(set(value) - set(_NAMES))
    if unknown:
        raise FilterError(
            _("unknown filter `%(unknown)s`: must be one of %(names)s", unknown=unknown[0], names=", ".join(_NAMES))
        )
    lists = {key: values if isinstance(values, list) else [values] for key, values in value.items()}
    for key in ("series", "document"):
        for name in lists.get(key, []):
            if not isinstance(name, str):
                raise FilterError(_("filter %(key)s is %(name)s: must be a string", key=key, name=repr(name)))
    return parse_filters(**lists)


def parse_span(name: str, value: str | int) -> YearSpan:
    """Parse `2016`, `2014..2020`, `2014-2020`, `2015/16` or `2015-16`; either end of a range with dots may be missing.

    A fiscal year covers two years; as an edition it is the later one.

    `name` is that of the filter: "edition" or "covers".

    Raises:
        FilterError: The value has another form, or its range ends before it starts.
    """
    text = str(value).strip()
    if re.fullmatch(r"\d{4}", text):
        return int(text), int(text)
    if (
        re.fullmatch(r"\d{4}(?:/\d{2}(?:\d{2})?|[-\u2010-\u2015]\d{2})", text)
        and (fiscal := parse_years(text))
        and fiscal[0].is_span
    ):
        return (fiscal[0].last if name == "edition" else fiscal[0].first), fiscal[0].last
    match = re.fullmatch(r"(\d{4})?\.\.(\d{4})?|(\d{4})\s*[-\u2010-\u2015]\s*(\d{4})", text)
    if match is None or not any(match.groups()):
        raise FilterError(
            _(
                "%(name)s is %(text)s: must be a year (2016) or a range of years (2014..2020)",
                name=name,
                text=repr(text[:60]),
            )
        )
    first, last = int(match[1] or match[3] or 0), int(match[2] or match[4] or 9999)
    if first > last:
        raise FilterError(_("%(name)s is %(text)s: the range ends before it starts", name=name, text=repr(text)))
    return first, last


def format_span(span: YearSpan) -> str:
    """Format a span as `parse_span` reads it."""
    first, last = span
    if first == last:
        return str(first)
    return f"{first if first > 0 else ''}..{last if last < 9999 else ''}"
