"""What the text itself says of title, series, edition and years covered. Pure; each answer may be "unknown" (None).

The edition is read from the cover (title, the lines over the first heading), the years covered from the body: they are
different things, and a year that stands only in one says nothing certain of the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.records import Section

COVER_LINES = 12
"""How many non-blank lines at the top can belong to a cover."""

_YEAR = r"(?:1[5-9]|20)\d\d"
_RANGE = re.compile(rf"(?<![\d.,/-])({_YEAR})\s*(?:[-–—/]|to|and|through|until|~|～)\s*({_YEAR}|\d\d)(?![\d,]*\d)")
_ONE = re.compile(rf"(?<![\d.,$€£¥/-])({_YEAR})(?![\d%]|[.,]\d|-\d)")
_PERIOD = re.compile(
    rf"(?:(?:cover(?:s|ed|ing)?|describ(?:es|ed|ing)|review(?:s|ed|ing)|report(?:s|ing)? on|events? of|developments? in"
    rf"|activities (?:in|of|during)|year(?:s)? end(?:ed|ing)|period(?: of| from)?|account of|overview of)\b"
    rf"[^.\n]{{0,80}}?)(?P<first>{_YEAR})(?:[^.\n\d]{{0,40}}?(?:to|until|through|[-–—/]|and)[^.\n\d]{{0,30}}?\d{{0,2}}[^.\n\d]{{0,12}}?"
    rf"(?P<last>{_YEAR}|(?<=[-–—/])\d\d(?!\d)))?",
    re.IGNORECASE,
)
_EDITION_WORDS = re.compile(
    r"\b(?:(?:the\s+)?(?:edition|issue|volume|vol\.?)(?:\s+(?:of|for))?|(?:for\s+)?(?:the\s+)?(?:fiscal|financial|calendar)\s+"
    r"year(?:\s+end(?:ed|ing))?|for\s+the\s+years?(?:\s+end(?:ed|ing))?|years?\s+end(?:ed|ing)|FY)\s*",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    r"(?:\b\d{1,2}(?:st|nd|rd|th)?\s+)?\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b(?:\s+\d{1,2}(?:st|nd|rd|th)?)?,?",
    re.IGNORECASE,
)
_NUMBERING = re.compile(
    r"^\s*(?:(?:chapter|part|section|annex|appendix)\s+[\dA-Z]+\b[.:]?|[(（]?[\dA-Za-z]{1,3}[)）.]|第.{1,4}[章節部編]|[|#<]+)\s*",
    re.IGNORECASE,
)
_TITLE_LONGEST = 140
_LEAST_MENTIONS = 3
_LEAST_SHARE = 0.2
_SECOND_YEAR_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Inferred:
    """What could be inferred; None is unknown."""

    title: str | None
    series: str | None
    edition: int | None
    covers: tuple[int, int] | None
    part: str | None


def infer(text: str, outline: Sequence[Section], *, title: str | None = None) -> Inferred:
    """Everything that the text says of itself; a `title` that is known already is taken as it is."""
    cover = cover_lines(text, outline)
    title = title or _title(cover)
    edition = edition_of([title] if title else [])
    if edition is None:
        edition = edition_of([line for line in cover[:COVER_LINES] if _is_cover_year(line)])
    return Inferred(
        title=title,
        series=series_of(title) if title and edition is not None and edition_of([title]) is not None else None,
        edition=edition,
        covers=covers_of(text, edition),
        part=_part(cover, title),
    )


def cover_lines(text: str, outline: Sequence[Section]) -> list[str]:
    """The first line, and what stands over the first heading if it reads as a cover: short lines, no sentences."""
    headings = [item.start for item in outline if item.kind in ("section", "inset")]
    limit = headings[0] if headings else len(text)
    lines = [line.strip() for line in text[: min(limit, 4000)].split("\n") if line.strip()]
    first = next((line.strip() for line in text[:4000].split("\n") if line.strip()), "")
    cover: list[str] = []
    for line in lines[:COVER_LINES]:
        if len(line) > _TITLE_LONGEST or (line.endswith(".") and len(line.split()) > 8):
            break
        cover.append(line)
    if not cover and len(first) <= _TITLE_LONGEST and not first.endswith((".", ",", ";")):
        cover = [first]
    return cover


def _title(cover: Sequence[str]) -> str | None:
    """The first line of the cover that is more than a chapter's number or a date, without its own numbering."""
    for line in cover[:3]:
        bare = _NUMBERING.sub("", line).strip(" >#*|")
        if sum(map(str.isalpha, _YEARISH.sub("", bare))) >= 3:
            return bare
    return None


_YEARISH = re.compile(rf"{_YEAR}|[\d\s.,/-]+")


def edition_of(lines: Sequence[str]) -> int | None:
    """The year on the cover: of a span like 2015-16 the last, of several the first line's last."""
    for line in lines:
        for match in _RANGE.finditer(line):
            return _complete(int(match[1]), match[2])
        years = [int(match[1]) for match in _ONE.finditer(line)]
        if years:
            return years[-1]
    return None


def series_of(title: str) -> str | None:
    """The title without what changes every year: "Annual Report 2015" and "2014 Annual Report" are one series."""
    bare = _RANGE.sub(" ", title)
    bare = _ONE.sub(" ", bare)
    bare = _MONTH_DAY.sub(" ", bare) if _MONTH_DAY.search(title) and bare != title else bare
    bare = _EDITION_WORDS.sub(" ", bare)
    bare = re.sub(r"\(\s*[^\w)]*\s*\)", " ", bare)
    bare = re.sub(r"\s+(?:for|of|in|ending|ended|to)\s*$", "", re.sub(r"\s+", " ", bare).strip(" ,;:–—-|/"))
    bare = re.sub(r"\s+([,:;])", r"\1", bare).strip(" ,;:–—-|/")
    return bare if sum(map(str.isalpha, bare)) >= 3 else None


def covers_of(text: str, edition: int | None) -> tuple[int, int] | None:
    """The years whose events the text describes.

    A sentence near the top that states the period decides; else the year that the body speaks of most, when it is
    spoken of often enough, with its neighbour when that is spoken of nearly as often. Years far from the edition are
    background and do not count.
    """
    body = text
    stated = _stated_period(body[:3000], edition)
    if stated is not None:
        return stated
    counts = Counter(int(year) for year in re.findall(rf"(?<![\d.,$€£¥])({_YEAR})(?![\d%]|[.,]\d)", _after_cover(body)))
    if edition is not None:
        counts = Counter({year: n for year, n in counts.items() if edition - 3 <= year <= edition})
    if not counts:
        return None
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], -pair[0]))
    year, mentions = ranked[0]
    if mentions < _LEAST_MENTIONS or mentions < _LEAST_SHARE * sum(counts.values()):
        return None
    if len(ranked) > 1 and abs(ranked[1][0] - year) == 1 and ranked[1][1] >= _SECOND_YEAR_SHARE * mentions:
        return min(year, ranked[1][0]), max(year, ranked[1][0])
    return year, year


def _stated_period(top: str, edition: int | None) -> tuple[int, int] | None:
    for match in _PERIOD.finditer(top):
        first = int(match["first"])
        last = _complete(first, match["last"]) if match["last"] else first
        if last < first or last - first > 10 or (edition is not None and not edition - 5 <= last <= edition + 1):
            continue
        return first, last
    return None


def _after_cover(text: str) -> str:
    """The text without its first line: the year of the cover is no event."""
    first, _, rest = text.lstrip().partition("\n")
    return rest if len(first) <= _TITLE_LONGEST else text


def _complete(first: int, last: str) -> int:
    """2015-16 ends in 2016, 1999-00 in 2000."""
    if len(last) == 4:
        return int(last)
    end = first // 100 * 100 + int(last)
    return end if end >= first else end + 100


def _is_cover_year(line: str) -> bool:
    """Whether a cover line names a year as an edition does, not as a date in passing."""
    return len(line.split()) <= 12 and not line.endswith(".")


def _part(cover: Sequence[str], title: str | None) -> str | None:
    """The line of the cover that names a part: "Chapter 3" and its like."""
    for line in cover:
        if line != title and re.match(
            r"(?:chapter|part|volume|book|section)\s+[\dIVXLC]+\b|第.{1,4}[章節部編]", line, re.IGNORECASE
        ):
            return line
    return None
