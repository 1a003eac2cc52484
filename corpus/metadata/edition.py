"""Infer the edition from the lines of a cover.

The edition is the year beside the kind of publication ("Annual Report 2016"), else the fiscal year, else the date. The
year of an event ("Report on the 2011 Flood"), of the span of a plan or of a reprint is not the edition. All lines must
have been normalised by `corpus.metadata.years.normalize_years`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from corpus.metadata.years import SINGLE_YEAR, YEAR_SPAN, Period, find_spans
from corpus.vocabulary import DAY_AFTER_MONTH, DAY_BEFORE_MONTH, FISCAL_YEAR_ADJECTIVES, MONTH, YEAR

PUBLICATION_KIND = re.compile(
    r"\b(?:reports?|(?:year|blue|fact|hand)[\s-]?books?|white[\s-]?papers?|green[\s-]?papers?|reviews?|bulletin|survey"
    r"|statements?|accounts|speech|form\s+(?:10|20|40)-[a-z]|10-k|20-f|abstract|digest|almanac(?:k|h)?|statistics|outlook|monitor"
    r"|directory|register|gazette|proceedings|budget|annual|annals|compendium|index|atlas|census|address|bilan|rapport|comptes|cuentas"
    r"|annuaire|livre\s+blanc|memoria|informe|anuario|relazione|annuario|relatório|anuário|haushalt|weißbuch|rapporto"
    r"|rendiconto|bilancio|raport|sprawozdanie|rocznik|zpráva|ročenka|jelentés|évkönyv|отч[её]т|доклад|ежегодник|звіт)\b"
    r"|(?:bericht|jahrbuch|abschluss|verslag|jaarboek|rapport|beretning|berättelse|redovisning|årbo[gk]|årsbok|kertomus)\b"
    r"|白書|青書|年鑑|年報|年版|報告|要覧|統計|年鉴|年报|白皮书|公报|报告|统计|연감|백서|보고서",
    re.IGNORECASE,
)
"""Words that name a kind of publication."""

_PLANS = re.compile(
    r"\b(?:plan|strategy|strategic|roadmap|programme|framework|projections?|forecast|agenda|vision|budget|outlook)\b",
    re.IGNORECASE,
)
_EDITION = re.compile(
    rf"{YEAR}(?:[-–/][0-9]{{2}}(?:[0-9]{{2}})?)?\s*(?:年度?版|\s?edition\b)|\b(?:edition|édition|ausgabe|edición|edizione|issue)"
    rf"(?:\s+(?:of|for))?[\s,:]+{YEAR}(?:[-–/][0-9]{{2}}(?:[0-9]{{2}})?)?",
    re.IGNORECASE,
)
ISSUE = re.compile(
    rf"(?:volume|vol\.?|band|bd\.?|jahrgang|tome|tomo|issue|number|no\.?|nr\.?)\s*(?:[0-9]{{1,4}}|[IVXLC]+)"
    rf"(?:[\s,/(–-]+(?:(?:issue|number|no\.?|nr\.?)\s*[0-9]+[\s,/(]+)?(?:{MONTH}\s+)?{YEAR}\)?)",
    re.IGNORECASE,
)
"""The number and the year of an issue: "Volume 26, 2016"."""

_FISCAL = re.compile(
    rf"\b(?:(?:{FISCAL_YEAR_ADJECTIVES}|business|calendar|accounting|reporting)\s+(?:years?|period)|years?\s+end(?:ed|ing)"
    r"|for\s+the\s+(?:year|period)|FY\s*'?|(?:twelve|12)\s+months|exercice|geschäftsjahr|ejercicio)",
    re.IGNORECASE,
)
FISCAL_YEAR_LINE = re.compile(rf"{YEAR}\s*(?:会計)?年度(?:\s*[(（]{YEAR}\s*年?度?[)）])?")
"""A line with nothing but a Japanese fiscal year, which is often repeated in the other calendar."""

_PRINTED = re.compile(r"\b(?:reprint|first published|revised|printed)", re.IGNORECASE)
COPYRIGHT = re.compile(r"©|\(c\)|\bcopyright\b|\b(?:published|issued|released)\b", re.IGNORECASE)
_DATED = re.compile(
    rf"(?:[^0-9]{{0,40}}\b)?(?:{DAY_BEFORE_MONTH}|of\s+|de\s+)?{MONTH}(?:\s+{DAY_AFTER_MONTH})?,?\s+"
    rf"(?:de\s+)?{YEAR}|(?:[^0-9]{{0,25}}[\s,])?{YEAR}(?:年(?:[0-9]{{1,2}}月)?)?",
    re.IGNORECASE,
)
_EVENT = re.compile(
    rf"\b(?:the|in|since|of|from|after|before|during|founded|established|depuis|seit)\s+(?:\w+\s+)?{YEAR}(?![-–/0-9])",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    rf"\b(?:covering|data|figures|events|activities|results|published|issued|released)\b[^0-9]{{0,30}}{YEAR}"
    rf"|\b(?:on|about|with)\s+(?:the\s+)?(?:(?:calendar|fiscal|financial)\s+)?(?:years?\s+)?{YEAR}",
    re.IGNORECASE,
)
"""Years of the contents or of the printing, which count only if the line has no other year."""


class Rank(IntEnum):
    """How certainly a line states the edition, from the most certain way to the least certain one."""

    EDITION = 0
    TITLE_OR_KIND = 1
    ISSUE_OR_FISCAL_YEAR = 2
    YEAR_ALONE = 3
    DATE = 4
    COPYRIGHT = 5


class EditionLine(NamedTuple):
    """The year of the edition, whether a line states it as that rather than as a date or title, and which line."""

    year: int
    is_stated: bool
    position: int


def infer_edition(lines: Sequence[tuple[str, bool]]) -> int | None:
    """Return the year of the edition from lines, each with whether it is the title; of a span like 2015-16 the last."""
    best = best_edition_line(lines)
    return best.year if best is not None else None


def best_edition_line(lines: Sequence[tuple[str, bool]]) -> EditionLine | None:
    """Return the line that states the edition best, and its year; the lines are those of `infer_edition`."""
    ranked = [
        (*ranked, position)
        for position, (line, is_title) in enumerate(lines)
        if (ranked := rank_edition_line(line, is_title)) is not None
    ]
    if not ranked:
        return None
    rank, year, position = min(ranked, key=lambda candidate: candidate[0])
    is_stated = rank in (Rank.EDITION, Rank.ISSUE_OR_FISCAL_YEAR) or (
        rank == Rank.TITLE_OR_KIND and PUBLICATION_KIND.search(lines[position][0]) is not None
    )
    return EditionLine(year, is_stated, position)


def rank_edition_line(line: str, is_title: bool) -> tuple[Rank, int] | None:
    """Return the rank of a line as a statement of the edition, and its year; None without a year."""
    line = _without_long_spans(line)
    if _PRINTED.search(line) or not SINGLE_YEAR.search(line):
        return None
    if named := _EDITION.search(line):
        return Rank.EDITION, _last_year(named.group())
    if ISSUE.fullmatch(line.strip()):
        return Rank.ISSUE_OR_FISCAL_YEAR, _last_year(line)
    shorter = _CONTENT.sub(" ", line)
    line = shorter if SINGLE_YEAR.search(shorter) else line
    if COPYRIGHT.search(line) and not PUBLICATION_KIND.search(line):
        return Rank.COPYRIGHT, _last_year(line)
    kind = PUBLICATION_KIND.search(line) is not None
    is_fiscal = _FISCAL.search(line) or FISCAL_YEAR_LINE.fullmatch(line.strip())
    if not is_fiscal and not _DATED.fullmatch(line) and not (kind and not _names_event(line)):
        line = _EVENT.sub(" ", line)
        if not SINGLE_YEAR.search(line):
            return None
    if is_title or kind:
        return Rank.TITLE_OR_KIND, _last_year(line)
    if is_fiscal:
        return Rank.ISSUE_OR_FISCAL_YEAR, _last_year(line)
    if _DATED.fullmatch(line) or len(YEAR_SPAN.sub("", line).strip()) <= 3:
        return (Rank.DATE if any(map(str.isalpha, line)) else Rank.YEAR_ALONE), _last_year(line)
    return None


def _names_event(line: str) -> bool:
    """Return whether the year is that of an event ("Report on the 2011 Earthquake"), unlike in "The 2016 Yearbook"."""
    event = re.search(rf"\bthe\s+{YEAR}\b", line, re.IGNORECASE)
    return event is not None and PUBLICATION_KIND.search(line, event.end()) is None


def _without_long_spans(line: str) -> str:
    """Remove spans of plans, and of more than five years (anniversaries, time series), which are not editions."""
    for match, span in reversed(list(find_spans(line))):
        if span.last - span.first > 5 or (_PLANS.search(line) and span.last - span.first > 1):
            line = line[: match.start()] + " " + line[match.end() :]
    return line


def _last_year(line: str) -> int:
    span = next(find_spans(line), None)
    return span[1].last if span is not None else int(SINGLE_YEAR.findall(line)[-1])


def is_plan(title: str) -> bool:
    """Return whether the title is of a plan or forecast, which may be older than the years it covers."""
    return _PLANS.search(title) is not None


def periods_on_cover(lines: Sequence[str]) -> Iterator[Period]:
    """Return the spans of years on the cover, such as 2015-16 in a title or 2020-2030 in the title of a plan."""
    for line in lines:
        for _, span in find_spans(line):
            if span.last - span.first <= 5 or _PLANS.search(line):
                yield span
