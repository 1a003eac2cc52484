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

from corpus.imprint import is_imprint
from corpus.metadata.years import SINGLE_YEAR, YEAR_SPAN, Period, find_range_of_a_year, find_spans
from corpus.vocabulary import (
    COMPOUND_WORKS,
    DAY_AFTER_MONTH,
    DAY_BEFORE_MONTH,
    EDITION_NOUNS,
    FISCAL_YEAR_ADJECTIVES,
    FISCAL_YEAR_NOUNS,
    MONTH,
    WORKS,
    YEAR,
)

PUBLICATION_KIND = re.compile(
    rf"\b(?:{WORKS}|speech|form\s+(?:10|20|40)-[a-z]|10-k|20-f|statistics|outlook|monitor"
    r"|directory|register|gazette|proceedings|budget|annual|annals|compendium|index|atlas|census|address|comptes|cuentas"
    r"|livre\s+blanc|haushalt|weißbuch"
    r"|rendiconto|raport|sprawozdanie|rocznik|zpráva|ročenka|jelentés|évkönyv|отч[её]т|доклад|ежегодник|звіт)\b"
    rf"|{COMPOUND_WORKS}\b"
    r"|白書|青書|年鑑|年報|年版|報告|要覧|統計|年鉴|年报|白皮书|公报|报告|统计|연감|백서|보고서",
    re.IGNORECASE,
)
"""Words that name a kind of publication: works, and what they contain ("statistics", "budget")."""

_PLANS = re.compile(
    r"\b(?:plan|strategy|strategic|roadmap|programme|framework|projections?|forecast|agenda|vision|budget|outlook)\b",
    re.IGNORECASE,
)
_EDITION = re.compile(
    rf"{YEAR}(?:[-–/][0-9]{{2}}(?:[0-9]{{2}})?)?\s*(?:年度?版|\s?(?:[^\W\d_]+\s+)?edition\b)|\b(?:{EDITION_NOUNS}|issue)"
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
    r"|for\s+the\s+(?:year|period)|FY\s*'?|(?:twelve|12)\s+months"
    rf"|{FISCAL_YEAR_NOUNS}|berichtsjahr|verslagjaar)",
    re.IGNORECASE,
)
LABELLED_YEAR = re.compile(
    r"(?:^|[–—:,;(]\s*|\s-\s)(?:(?:the\s+)?(?:year|season)|(?:Berichts|Schul|Studien)?jahr|spielzeit|saison|année|temporada|año"
    r"|curso|stagione|anno|época|ano|seizoen|jaar|sæson|sesong|säsong|år|sezon|rok)\s*:?\s+"
    rf"(?P<year>{YEAR}(?:\s?[-–/]\s?[0-9]{{2}}(?:[0-9]{{2}})?)?)(?=\s*(?:$|[–—:,;.)(]|\s-\s))",
    re.IGNORECASE,
)
"""A year with its name and nothing else, at the beginning or in a part of its own: "Season 2013/14", "– Anno 2016"."""

_RANGE_LABEL = re.compile(
    r"\W*(?:(?:for\s+the\s+)?(?:reporting\s+)?period\W+)?(?:(?:from|vom|von|du|de|del|dal|van|fra|od)\s+)?",
    re.IGNORECASE,
)
"""Words before a range of dates that fills a line."""
FISCAL_YEAR_LINE = re.compile(rf"{YEAR}\s*(?:会計)?年度(?:\s*[(（]{YEAR}\s*年?度?[)）])?")
"""A line with nothing but a Japanese fiscal year, which is often repeated in the other calendar."""

_PRINTED = re.compile(r"\b(?:reprint|first published|revised|printed)", re.IGNORECASE)
COPYRIGHT = re.compile(r"©|\(c\)|\bcopyright\b|\b(?:published|issued|released)\b", re.IGNORECASE)
_APPROVED_WORDS = (
    r"approved|adopted|presented|submitted|tabled|laid\s+before|aproba[dt][oa]s?|presentad[oa]s?|remitid[oa]s?|aprovad[oa]s?"
    r"|apresentad[oa]s?|homologad[oa]s?|approvat[oaie]|presentat[oaie]|trasmess[oaie]|approuvée?s?|adoptée?s?|présentée?s?|remise?s?\s+(?:aux?|à)"
    r"|déposée?s?|genehmigt|verabschiedet|beschlossen|vorgelegt|angenommen|festgestellt|vastgesteld|goedgekeurd|aangeboden"
    r"|godkendt?|vedtat?t|vedtaget|antagen|fastställd|hyväksytty|przyjęt[aoey]|zatwierdzon[aoey]|schválen[aoáý]"
)
_PUBLISHED_WORDS = (
    r"published|issued|released|publicad[oa]s?|pubblicat[oaie]|publiée?s?|parue?s?|erschienen|veröffentlicht|herausgegeben"
    r"|uitgegeven|gepubliceerd|verschenen|udgivet|utgitt?|utgiven|publicerad|julkaistu|opublikowan[aoey]|wydan[aoey]|vydán[ao]"
)
_DATE_IN_SIGNS = rf"({YEAR})[年년]?\s?(?:[0-9]{{1,2}}[月월])?\s?(?:[0-9]{{1,2}}[日일])?\s?に?"


def _dated(words: str, signs: str) -> re.Pattern[str]:
    """Return the pattern of what happened to a publication, with its date: after words, or before or after signs."""
    return re.compile(
        rf"\b(?:{words})\b[^0-9\n]{{0,60}}?(?:\b[0-9]{{1,2}}(?![0-9])[^0-9\n]{{1,20}})?(?<![0-9])({YEAR})(?![0-9])"
        rf"|{_DATE_IN_SIGNS}(?:{signs})|(?:{signs})日?\s?[:：]?\s?{_DATE_IN_SIGNS}",
        re.IGNORECASE,
    )


_APPROVAL = _dated(_APPROVED_WORDS, "承認|可決|審議通過|审议通过|通過|通过|승인|의결")
_PUBLICATION = _dated(_PUBLISHED_WORDS, "発行|刊行|公表|出版|發布|发布|公布|발간|발행|간행")
"""The approval and the publication of a report, which follow the year that it describes."""

_SUBJECT = (
    r"data|figures|results|activities|events|Daten|Zahlen|Angaben|Ergebnisse|Tätigkeit(?:en)?|données|chiffres|résultats"
    r"|activités?|datos|cifras|resultados|actividad(?:es)?|dati|cifre|risultati|attività|dados|números|actividades|atividades"
    r"|gegevens|cijfers|resultaten|tall|uppgifter|resultat|dane|wyniki|údaje"
)
_OF_YEAR = (
    r"(?:(?:of|for|from|in|für|aus|vom|von|im|de|des|du|del|di|da|do|della|relativ[aoie]s?|a|al|ao|over|van|för|från|fra|za)\s+)*"
    r"(?:(?:the\s+)?(?:(?:calendar|fiscal|financial)\s+)?year|\w*jahre?s?"
    r"|(?:(?:al|del)?l['’]\s?)?(?:année|exercice|anno|esercizio)|año|ejercicio|ano|exercício|(?:het\s+)?\w*jaar|året?|rok)?\s*"
)
_SUBJECT_IN_SIGNS = (
    r"実績|動き|動向|状況|概況|概要|活動|業績|事業|業務|取組|統計|データ|記録|調査|出来事|工作|情[况況]|数据|數據|统计|統計|业务|業務|业绩"
    r"|概况|实绩|實績|活动|活動|资料|資料|실적|현황|동향|통계|활동|결과|자료|사업|업무|기록|기준"
)
SUBJECT_OF_YEAR = re.compile(
    rf"(?:{_SUBJECT})\W{{1,3}}{_OF_YEAR}(?P<after>{YEAR}(?:\s?[-–/]\s?[0-9]{{2}}(?:[0-9]{{2}})?)?)"
    rf"|(?:FY\s?)?(?P<before>{YEAR}(?:\s?[-–/]\s?[0-9]{{2}}(?:[0-9]{{2}})?)?)\s+(?:{_SUBJECT})"
    rf"|(?:対象(?:期間)?[:：]\s?)?(?P<signs>{YEAR}[年년][^()（）]{{0,20}}?)\s?(?:(?:の|的|의|における|中の)\s?)?(?:主な|主要)?(?:{_SUBJECT_IN_SIGNS})",
    re.IGNORECASE,
)
"""What a publication is about, with its year: "Data for 2017", "2017年の実績"."""

ASIDE = re.compile(r"[(（\[【]\s*([^()（）\[\]【】]+?)\s*[)）\]】]")
"""A part of a line in brackets."""

_ANNUAL_REPORT = re.compile(
    r"\b(?:annual\s+(?:report|accounts|review)|report\s+and\s+accounts|bilan|rapports?\s+(?:annuels?|d['’]activités?|de\s+gestion)"
    r"|comptes|informe\s+(?:anual|de\s+(?:gestión|actividades))|memoria|cuentas|relazione|rapporto\s+annuale|bilancio|rendiconto"
    r"|relatório|contas|raport\s+roczny|sprawozdanie|výroční\s+zpráva)\b"
    r"|(?:jahres|geschäfts|tätigkeits|rechenschafts)bericht|jahresabschluss|jaarverslag|jaarbericht|jaarrekening|årsberetning|årsrapport"
    r"|årsmelding|årsredovisning|verksamhetsberättelse|vuosikertomus|(?<!統計)年報|(?<!统计)年报|年度報告|年度报告|年次報告|事業報告|연차보고|(?<!통계)연보",
    re.IGNORECASE,
)
"""Reports on the year that they are named after, unlike yearbooks, which may describe the one before."""

_REPORT = re.compile(
    r"\b(?:reports?|accounts|informes?|rapporto|relazione|raport)\b"
    r"|(?:rapport|bericht|verslag|beretning|berättelse|kertomus|zpráva|jelentés|отч[её]т|доклад)\b|報告|报告|보고서",
    re.IGNORECASE,
)
"""Reports, whose approval follows the year that they are named after, unlike that of a white paper or a budget."""

_MONTH = re.compile(rf"\b{MONTH}", re.IGNORECASE)

_MAX_DELAY = 2
"""Years from the year of an annual report to its approval and its publication."""

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
    if (year := _end_of_period(line)) is not None:
        return Rank.ISSUE_OR_FISCAL_YEAR, year
    line = _without_long_spans(line)
    if _PRINTED.search(line) or not SINGLE_YEAR.search(line):
        return None
    if named := _EDITION.search(line):
        return Rank.EDITION, _last_year(named.group())
    if ISSUE.fullmatch(line.strip()):
        return Rank.ISSUE_OR_FISCAL_YEAR, _last_year(line)
    line = without_subject(without_publication_date(line))
    shorter = _CONTENT.sub(" ", line)
    line = shorter if SINGLE_YEAR.search(shorter) else line
    if (labelled := LABELLED_YEAR.search(line)) is not None and not PUBLICATION_KIND.search(line):
        return Rank.ISSUE_OR_FISCAL_YEAR, _last_year(labelled["year"])
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


def without_publication_date(line: str) -> str:
    """Return a line without the date of its publication or approval, if it has another year."""
    shorter = _PUBLICATION.sub(" ", _APPROVAL.sub(" ", line))
    shorter = re.sub(r"[(（]\s*[)）]", " ", shorter)
    return shorter.strip(" ,;:–—-|/(") if shorter != line and SINGLE_YEAR.search(shorter) else line


def without_subject(line: str) -> str:
    """Return a line without asides on the year that it describes: "Fish Yearbook 2018" of "… 2018 (2017 data)"."""
    return ASIDE.sub(lambda aside: " " if SUBJECT_OF_YEAR.fullmatch(aside[1].strip()) else aside[0], line)


def _end_of_period(line: str) -> int | None:
    """Return the last year of a range of about a year that fills a line: "1 April 2018 to 31 March 2019"."""
    dates = find_range_of_a_year(line)
    if dates is None or line[dates.end :].strip(" .)") or not _RANGE_LABEL.fullmatch(line, 0, dates.start):
        return None
    return dates.period.last


def year_before_publication(lines: Sequence[str], edition: int) -> Period | None:
    """Return the year of the edition if the cover of an annual report dates its approval or publication later.

    A report for 2018 that was approved in 2019 describes 2018. A yearbook or an edition that was published late may
    describe the year before.
    """
    if any(map(_EDITION.search, lines)):
        return None
    is_annual = is_annual_report(lines)
    if not is_annual and not any(map(_REPORT.search, lines)):
        return None
    patterns = (_APPROVAL, _PUBLICATION) if is_annual else (_APPROVAL,)
    dates = [
        int(year)
        for line in lines
        for pattern in patterns
        for match in pattern.finditer(line)
        for year in match.groups()
        if year
    ]
    if is_annual:  # "Elm Bay, April 2019"
        imprints = (line for line in lines if _MONTH.search(line) and is_imprint(line))
        dates += [int(year) for line in imprints for year in SINGLE_YEAR.findall(line)]
    is_later = bool(dates) and edition < min(dates) and max(dates) <= edition + _MAX_DELAY
    return Period(edition, edition) if is_later else None


def is_annual_report(lines: Sequence[str]) -> bool:
    """Return whether lines of a cover name a report on the year that it is named after."""
    return any(map(_ANNUAL_REPORT.search, lines))


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
