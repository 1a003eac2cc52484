"""Infer the years that a text describes: from a statement of its period, else from the years it mentions most.

A statement is on the cover ("for the year ended 31 March 2018"), or is a sentence near the top about the text itself
("this report covers ..."). Without a statement, mentions of years shortly before the edition are counted, except in
tables, running heads, references, comparisons and outlooks. If the result is not clear, the years stay unknown. The
thresholds prefer unknown to wrong years, as `tests/corpus/metadata/test_inference.py` demands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from corpus.clauses import CONJUNCTION
from corpus.metadata.edition import (
    ASIDE,
    FISCAL_YEAR_LINE,
    LABELLED_YEAR,
    PUBLICATION_KIND,
    SUBJECT_OF_YEAR,
    is_annual_report,
    periods_on_cover,
    year_before_publication,
)
from corpus.metadata.years import (
    LAST_YEAR_WORDS,
    NEXT_YEAR_WORDS,
    SINGLE_YEAR,
    THIS_YEAR_WORDS,
    Period,
    find_range_of_a_year,
    find_spans,
    parse_period,
    parse_stated_period,
)
from corpus.scripts import BULLETS
from corpus.vocabulary import (
    COMPARED_WITH,
    DAY_AFTER_MONTH,
    FISCAL_YEAR_ADJECTIVES,
    FISCAL_YEAR_NOUNS,
    MONTH,
    MONTHS,
    OUTLOOK,
    YEAR,
)

_PERIOD_READ_FROM = 6000
"""Characters at the beginning of a text that may hold a statement of its period."""

_MAX_PERIOD = 11
"""Maximum length in years of a period of coverage; longer ones are those of time series and anniversaries."""

_MAX_RUNNING_HEAD = 120
"""Characters of a running head."""

_MIN_MENTIONS = 3
_MIN_SHARE = 0.2
"""Minimum mentions of the most mentioned year, and minimum share of all mentions."""

_SECOND_YEAR_SHARE = 0.75
"""Mentions of a neighbouring year, as a share of those of the most mentioned year, from which on both are covered."""

_MIN_FREQUENT = 3
_CHARACTERS_PER_MENTION = 1500
"""A text is about a year if it mentions it once in this many characters: yearbooks once in 600, speeches in 4,000
(`python -m tests.benchmarks.reading.metadata`)."""

_PUBLICATION = (
    r"(?:report|review|year[\s-]?book|blue[\s-]?book|edition|volume|(?:white\s+|green\s+)?paper|publication|document|book|issue"
    r"|digest|bulletin|survey|statement|study|filing|account|summary|compilation|handbook|record|abstract|overview|almanac"
    r"|chronicle|update|monitor|pages)s?"
)
"""Nouns by which an English publication calls itself in a sentence; `PUBLICATION_KIND` has those of titles."""

_ITSELF = (
    rf"(?:\b(?:this|these|the\s+present|our|its|the\s+following)\s+(?:[\w-]+\s+){{0,3}}?{_PUBLICATION}\b"
    rf"|(?:^|(?<=[.\n]\s)|(?<=\n))The\s+(?!previous|last|earlier|preceding|next|forthcoming|first|former)(?:[\w-]+\s+){{0,2}}?{_PUBLICATION}\b"
    r"|\bwhat\s+follows\b)"
)
_TELLS = (
    r"(?:cover|describ|review|deal|treat|relat|refer|concern|record|report(?:s|ed|ing)?\s+(?:for|on|about)|look|summari[sz]|survey"
    r"|chronicl|document|trac|outlin|set(?:s|ting)?\s+out|present|detail|provid|give|captur|examin|analy[sz]|discuss|span"
    r"|explain|reflect|contain|focus|address|account|tell|show|(?:is|are)\s+(?:about|for|a|an|the)\b|for\b|on\b)"
)
_STATEMENTS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"{_ITSELF}(?=(?:[^\n.;]|\.(?=\S)){{0,80}}?\b{_TELLS})",
        r"\b(?:(?:reporting|reference)\s+(?:period|year)|review\s+period|period\s+of\s+coverage)\b",
        r"\b(?:period|year|months)\s+(?:covered|(?:under|of|in)\s+review|of\s+reporting)\b",
        r"\b(?:le\s+présent|la\s+présente|ce|cette|notre)\s+(?:rapport|bilan|document|annuaire|volume|édition|publication|livre)\b",
        r"\b(?:dieser|dieses|diese|der\s+vorliegende|das\s+vorliegende|die\s+vorliegende)\s+(?:\w*bericht|\w*buch|Ausgabe|Band)\b",
        r"\b(?:este|esta|la\s+presente|el\s+presente|nuestra|nuestro)\s+(?:memoria|informe|anuario|documento|edición|volumen)\b",
        r"本(?:書|白書|報告書|年報|編|青書|报告|书|年鉴)",
        r"\b(?:all|most|the|unless\s+otherwise\s+stated,?)\s+(?:data|figures|statistics|amounts)\b[^\n.]{0,40}?\b(?:refer|relat|are\s+for)\w*",
        r"\b(?:alle|die)\s+(?:Angaben|Daten|Zahlen|Werte)\b[^\n.]{0,40}?\b(?:beziehen|gelten)\b",
        r"\b[lt]\w+\s+(?:données|chiffres|statistiques)\b[^\n.]{0,40}?\b(?:portent|rapportent|concernent|réfèrent)\b",
        r"\b(?:los|las)\s+(?:datos|cifras|estadísticas)\b[^\n.]{0,40}?\b(?:refieren|corresponden)\b",
        r"\bBerichts(?:jahr|zeitraum)\b(?=\W{1,3}[12][0-9]{3})",
    )
)
_LINES_NEAR_TITLE = 6
"""Lines at the beginning of a text, blank ones not counted, that may name the period of the title above them."""

_PERIOD_LABEL = re.compile(
    r"(?:.{0,80}\b(?:activities|events|developments|results|figures|work|period|report|review|record|accounts|year|Tätigkeit(?:en)?"
    r"|\w*bericht|\w*zeitraum|activités|période|exercice|actividades|período|ejercicio)\b.{0,60})?",
    re.IGNORECASE,
)
"""What may stand before a range of dates that is the period of a text: "Activities of the club from"."""

_RANGE_PREPOSITION = re.compile(
    r"(?:^|[\s(,:;–—-]+)(?:from|between|vom|von|du|de|del|desde)?(?:\s+(?:the|el|le))?\s*$", re.IGNORECASE
)

_FOR_THE_YEAR = (
    r"(?:(?:for|on|covering|about|concerning|of)\s+(?:the\s+)?(?:(?:"
    rf"{FISCAL_YEAR_ADJECTIVES}|calendar|business|accounting|reporting)\s+)?(?:years?|period)\s*:?"
    r"|(?:für|über|zum|betreffend|aus)\s+(?:(?:das|dem|den|die)\s+)?(?:[^\W\d_]*jahre?|zeitraum|zeit)"
    r"|(?:pour|sur|de|relati(?:f|ve)\s+à|portant\s+sur|au\s+titre\s+de|concernant|afférente?\s+à)\s+"
    r"(?:l['’]\s?(?:année|exercice)(?:\s+(?:civile|budgétaire|social|comptable|scolaire))?|la\s+période)"
    r"|(?:del?|sobre|correspondiente\s+al?|relativ[oa]\s+al?|para|durante)\s*(?:el\s+)?(?:año|ejercicio|curso|período|periodo)"
    r"(?:\s+(?:natural|fiscal|económico|presupuestario|académico))?"
    r"|(?:per|su|sul|del|dell['’]|relativ[oa]\s+al(?:l['’])?)\s*(?:l['’]\s?)?(?:anno|esercizio)(?:\s+(?:solare|finanziario))?"
    r"|(?:do|sobre|para|referente\s+a|relativ[oa]\s+a)o?\s*(?:o\s+)?(?:ano|exercício)(?:\s+(?:civil|financeiro))?"
    r"|(?:over|voor|van|betreffende)\s+(?:het\s+)?[^\W\d_]*jaar|(?:för|for|om|över)\s+[^\W\d_]*år(?:et)?|za\s+rok)"
    r"(?:\s+(?:de|van|vom|von|du|del|dal|from|av))?"
)
_REPORT_FOR_YEAR = re.compile(
    rf"(?:^|(?<=[.;:|(–—])\s|(?<=[\n#*_>|(])\s?)(?!see\b|cf\b|siehe\b|vgl\b|voir\b|véase\b|vedi\b|zie\b)"
    rf"(?:[^\W\d_][\w'’-]*\s+){{0,3}}?(?:{PUBLICATION_KIND.pattern})(?:\s+[^\W\d_][\w'’&-]*){{0,8}}?\s+{_FOR_THE_YEAR}\s+"
    rf"(?P<years>(?=[^.;\n]{{0,60}}?{YEAR})[^;\n]{{0,70}}?{YEAR}(?:\s?[-–/]\s?[0-9]{{2,4}})?)\s*(?=[.;)*_|。]|\n|$)",
    re.IGNORECASE,
)
"""A heading or a sentence without a verb that names a publication and its year: "Report for the year 2022."."""

_YEAR_LINE = re.compile(
    rf"(?:(?:for\s+the\s+)?(?:(?:{FISCAL_YEAR_ADJECTIVES}|calendar|business|accounting|reporting)\s+(?:year|period))"
    rf"|[^\W\d_]*(?:geschäfts|kalender|berichts|haushalts|rechnungs|betriebs|wirtschafts)jahr|{FISCAL_YEAR_NOUNS}"
    r"|année\s+civile|año\s+natural|anno\s+solare|ano\s+civil|kalenderjaar|verslagjaar|kalenderår(?:et)?)\s*:?\s+"
    rf"(?P<years>{YEAR}(?:\s?[-–/]\s?[0-9]{{2}}(?:[0-9]{{2}})?)?)",
    re.IGNORECASE,
)
"""A line, or a part of one, with nothing but a year that is named as such: "Calendar year 2022", "Ejercicio 2022"."""

_NAMED_YEAR_READ_FROM = 2500
"""Characters at the beginning of a text, its cover and contents, in which such lines name the year of the text."""

_STATEMENT_END = re.compile(r"\n|。|(?<!\b[0-9])(?<!\b[0-9]{2})[.;]\s+(?=[^a-z0-9])")
_ASIDES = re.compile(
    rf"\b(?:published|issued|released|printed|adopted|tabled|presented|submitted|approved|prepared|compiled|written|launched)\b"
    rf"[^.;\n0-9]{{0,40}}\b(?:in|on)\s+[^.;,\n]{{0,20}}?{YEAR}"
    rf"|\b(?:since|founded\s+in|established\s+in|depuis|seit|desde)\s+{YEAR}"
    rf"|\b{YEAR}\s+{_PUBLICATION}\b|\b(?:previous|last|earlier|preceding|first)\s+(?:\w+\s+)?{_PUBLICATION}[^.;,\n]{{0,60}}?{YEAR}",
    re.IGNORECASE,
)
_OTHER_ISSUE = re.compile(
    rf"\bthe\s+(?:[\w-]+\s+){{0,2}}?{_PUBLICATION}\s+(?:of|for|on)\s+(?:the\s+year\s+)?{YEAR}(?:[-–/][0-9]{{2,4}})?\s+"
    r"(?:already\s+|also\s+|still\s+)?(?:had|was|were|did|gave|said|put|told|found|spoke|\w{2,}ed)\b",
    re.IGNORECASE,
)
"""An edition of another year in the past tense: "the survey of 2018 had counted"."""

_FISCAL = re.compile(
    rf"\b(?:FY\s*'?|(?:{FISCAL_YEAR_ADJECTIVES}|business|calendar|reporting)\s+years?\s+|for\s+(?:the\s+years?\s+)?|covering\s+"
    r"|(?:review|overview|record)\s+of\s+(?:the\s+year\s+)?|(?:activities|events|developments|data|results|figures)\s+(?:of|in|for|from"
    rf"|during)\s+(?:the\s+year\s+)?|für\s+das\s+(?:Geschäfts)?jahr\s+|pour\s+l['’](?:année|exercice)\s+|del\s+año\s+|(?:{FISCAL_YEAR_NOUNS})\s+)"
    rf"(?=(?:[^\W\d_]+\s+){{0,3}}{YEAR})",
    re.IGNORECASE,
)

_CORRECTED = (
    r"(?:corrected|revised|restated|berichtigt\w*|korrigiert\w*|corrig[ée]\w*|révisé\w*|corregid\w+|revisad\w+)"
)
_UP_TO = r"(?:[^.;\n]|\.(?=[0-9])){0,60}?"
"""What is between a word and a year of the same clause, in which a number may have a decimal point."""

_PLUPERFECT = (
    r"(?:had\s+(?:\w+\s+)?(?:been|\w+(?:ed|en|id|wn))|hatten?|waren?\s[^.;\n]{0,40}\bworden|hab[íi]an?\s+\w+[aiu]?d[oa]"
    r"|avai(?:en)?t\s+(?:\w+\s+)?\w+(?:é|i|u)e?s?)"
)
"""Verbs in the pluperfect, which are about a year before the one that the text describes."""

_COMPARED = re.compile(
    rf"\b(?:(?:{COMPARED_WITH}|than|qu['’]en|que\s+(?:en|in))(?!\w)"
    rf"|als\s+(?:noch\s+)?(?:im\s+Jahre?\s+)?(?=[12])){_UP_TO}{YEAR}|{YEAR}\s*年度?(?:比|に比べ|と比べ)"
    rf"|(?:%|per\s?cent|percent)(?:\s+(?:up|down|more|less|higher|lower))?\s+(?:on|over|above|below)\s+{YEAR}"
    rf"|\b(?:as|wie|comme|como|come|zoals|som)\s+(?:in|during|im|en|em|nel|i)\s+(?:(?:the\s+year|Jahre?)\s+)?{YEAR}"
    rf"|\b(?:below|above|under|over|level|levels|figure|total|value)\s+(?:(?:the|level|levels|that|figure|total|value)\s+){{0,2}}(?:of|in|for)\s+{YEAR}"
    rf"|\b(?:Niveau|Stand|Wert|Vorjahreswert|nivel|niveau|livello|nível)\s+(?:von|des\s+Jahres|de|del|di|van)\s+{YEAR}"
    rf"|\b(?:from|after)\b[^.;\n0-9]{{0,30}}[0-9 ](?:[^.;\n]|\.(?=[0-9])){{0,30}}?\bin\s+{YEAR}"
    rf"|{YEAR}(?={_UP_TO}\b(?:{_CORRECTED}|{_PLUPERFECT})\b)|\b(?:{_CORRECTED}|{_PLUPERFECT})\s{_UP_TO}{YEAR}"
    rf"|[(（]{YEAR}[a-z]?(?:\s?[:,)）][^()\n]{{0,20}}|[)）])",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|until|towards)\s+[0-9]{4}", re.IGNORECASE)
_FROM_TO = re.compile(
    rf"\b(?:between|from)\s+(?:[0-9]{{1,2}}\s+)?{MONTH}[^.;\n]{{0,15}}?{YEAR}\s+(?:and|to|until|through)\s[^.;\n]{{0,15}}?{YEAR}",
    re.IGNORECASE,
)
_CLAUSE_BOUNDARY = re.compile(rf"(?<=[.;。])\s|(?<=。)|,\s(?={CONJUNCTION}\s)")
_LATE_IN_YEAR = re.compile(
    rf"(?<!\bby\s)(?<!\beffective\s)\b(?:{'|'.join(name for name, number in MONTHS.items() if number >= 7)})\b\.?"
    rf"(?:\s+{DAY_AFTER_MONTH})?,?\s+({YEAR})\b",
    re.IGNORECASE,
)
"""A date in the second half of a year."""

_MONTH_OF_YEAR = re.compile(rf"\b{MONTH}\.?(?:\s+{DAY_AFTER_MONTH})?,?\s+(?:de\s+|del\s+)?({YEAR})\b", re.IGNORECASE)

_MIN_LATE = 2
_SHORT = 3000
"""Characters below which one sentence about the year before and one about the year itself suffice."""

_MIN_WRAPPED = 40
"""Minimum length of a line whose sentence may go on in the next line, in characters."""

_ENDS_PARAGRAPH = re.compile(r"[.:;!?。」][\"'”’»)]*$")
_WRAP = "\v"
"""Replaces the line breaks inside of sentences."""

_BLOCK_START = re.compile(rf"(?:[#>*+–—{BULLETS}\-]|[0-9]{{1,3}}[.)])\s")
"""The start of a heading or of an item of a list."""

_EDGE_NUMBERS = re.compile(r"^[\W\d]+|[\W\d]+$")


def infer_covers(text: str, cover: Sequence[str], edition: int | None, *, is_dated: bool = True) -> Period | None:
    """Return the first and last year described; None if it is not clear.

    Args:
        text: The text, normalised.
        cover: The lines of the cover, normalised.
        edition: The edition, if it is known.
        is_dated: Whether the text itself states the edition. Where only the file's name does, the text is as likely a
            speech, which names years in passing: then only frequent mentions of one year count, or a review of the
            previous year together with plans for the current one.
    """
    if (stated := find_stated_covers(text, cover, edition, is_dated=is_dated)) is not None:
        return stated
    lines = _prose_lines(text, cover)
    counts = _count_mentions(_without_outlook(line) for line in lines)
    if not is_dated:
        return _frequent_year(counts, edition, len(text)) or _reviewed_period(lines, edition, len(text))
    past = _most_mentioned(counts, edition)
    if edition is None and past is not None and counts[past.last] < len(text) / _CHARACTERS_PER_MENTION:
        return None  # a number that looks like a year, or a year named in passing
    described = (
        past
        or _date_range(text[:_PERIOD_READ_FROM], edition)
        or (_most_mentioned(_count_mentions(lines), edition) if edition else None)
    )
    if described is not None and described.first + 1 == described.last == edition and is_annual_report(cover):
        return described if _spans_two_years(lines, edition) else Period(edition, edition)
    if described is None or edition is None or described.last >= edition:
        return described
    if is_annual_report(cover) and counts[described.last] < len(text) / _CHARACTERS_PER_MENTION:
        return None  # a few mentions of the year before do not outweigh the title
    return described


def _spans_two_years(lines: Sequence[str], edition: int) -> bool:
    """Return whether a text names its year by two, or tells of several months in the first of them.

    Otherwise mentions of the year before the edition are those of comparisons: an annual report names its own year
    least of all, since it goes without saying.
    """
    spans = (span for line in lines for _, span in find_spans(line))
    if any(span == Period(edition - 1, edition) for span in spans):
        return True
    months = {date[0].casefold() for line in lines for date in _MONTH_OF_YEAR.finditer(line) if int(date[1]) < edition}
    return len(months) >= _MIN_LATE


def find_stated_covers(text: str, cover: Sequence[str], edition: int | None, *, is_dated: bool = True) -> Period | None:
    """Return the years that the cover, or a sentence about the text itself, states; arguments of `infer_covers`."""
    stated = [
        *(period for line in cover if (period := parse_stated_period(line)) is not None),
        *_fiscal_ranges(text[:_PERIOD_READ_FROM], cover, edition),
        *(_named_fiscal_years(cover, edition)),
        *_years_of_subject(cover, edition),
        *_named_years(text[:_NAMED_YEAR_READ_FROM], edition),
        *_ranges_near_title(text, cover, edition),
        *_stated_periods(text[:_PERIOD_READ_FROM], edition),
        *periods_on_cover(cover),
        *_fiscal_periods(cover),
    ]
    if stated:
        return stated[0]
    return year_before_publication(cover, edition) if edition is not None and is_dated else None


def _years_of_subject(cover: Sequence[str], edition: int | None) -> Iterator[Period]:
    """Yield the years that lines of the cover, or asides in brackets there, name together with what they tell of."""
    for line in cover:
        for written in (line, *(aside[1] for aside in ASIDE.finditer(line))):
            if (subject := SUBJECT_OF_YEAR.fullmatch(written.strip())) is None:
                continue
            period = parse_period(subject["after"] or subject["before"] or subject["signs"])
            if period is not None and _is_likely(period, edition):
                yield period


def _named_years(top: str, edition: int | None) -> Iterator[Period]:
    """Yield the years that the top of a text names as those of the publication, in no sentence with a verb."""
    for match in _REPORT_FOR_YEAR.finditer(_unwrapped(top)):
        period = parse_period(match["years"])
        if period is not None and _is_likely(period, edition):
            yield period
    lines = filter(None, (line.strip(" #*_|>.()") for line in top.split("\n")))
    for line in islice(lines, _LINES_NEAR_TITLE):
        for part in re.split(r"\s[|–—·-]\s|[.;,]\s", line):
            named = _YEAR_LINE.fullmatch(part.strip())
            if named is not None and (period := parse_period(named["years"])) and _is_likely(period, edition):
                yield period


def _unwrapped(top: str) -> str:
    """Return a text with a space for each break of a line that a sentence is wrapped in."""
    return re.sub(r"(?<=[a-zà-ÿ,])\n(?=[^\W_])", " ", top)


def _ranges_near_title(text: str, cover: Sequence[str], edition: int | None) -> Iterator[Period]:
    """Yield the ranges of about a year that lines of the cover, or the lines near the title, name as their period."""
    lines = (line.strip(" #*_|>.") for line in text[:_PERIOD_READ_FROM].split("\n"))
    first_lines = list(islice(filter(None, lines), _LINES_NEAR_TITLE))
    for line in [*cover, *first_lines]:
        dates = find_range_of_a_year(line)
        if dates is None or OUTLOOK.search(line) or _COMPARED.search(line) or not _is_likely(dates.period, edition):
            continue
        before = _RANGE_PREPOSITION.sub("", line[: dates.start]).strip()
        if not line[dates.end :].strip(" .)") and _PERIOD_LABEL.fullmatch(before):
            yield dates.period


def _named_fiscal_years(cover: Sequence[str], edition: int | None) -> Iterator[Period]:
    """Yield the fiscal year "2021-22" on the cover of an annual report of the edition 2022."""
    if edition is not None and is_annual_report(cover):
        yield from (period for period in periods_on_cover(cover) if period == Period(edition - 1, edition))


def _fiscal_ranges(top: str, cover: Sequence[str], edition: int | None) -> Iterator[Period]:
    """Yield the period of a fiscal year that ends in the year of the edition: "Fiscal 2022 (July 1, 2021 to ...)"."""
    is_on_cover = any(_FISCAL_YEAR.search(line) for line in cover)
    for sentence in re.split(r"(?<=[.;])\s+|\n{2,}", _unwrapped(top)):
        if (ended := _FISCAL_ENDED.search(sentence)) is not None and edition in (None, int(ended["year"])):
            yield Period(int(ended["year"]), int(ended["end"]))
        if not is_on_cover and _FISCAL_YEAR.search(sentence) is None:
            continue
        dates = find_range_of_a_year(sentence)
        if dates is not None and dates.period.last == edition:
            yield dates.period


_FISCAL_YEAR = re.compile(
    rf"\b(?:(?:{FISCAL_YEAR_ADJECTIVES})\s+years?|fiscal|FY)\b|\bFY\s?'?[0-9]{{2}}|\b(?:{FISCAL_YEAR_NOUNS})\b",
    re.IGNORECASE,
)
_FISCAL_ENDED = re.compile(
    rf"\bfiscal\s+(?:year\s+)?(?P<year>{YEAR})\s+(?:ended|ends|closed)\s+(?:on\s+)?(?:\w+\s+){{0,2}}?{MONTH}\s+{DAY_AFTER_MONTH},?\s+(?P<end>{YEAR})",
    re.IGNORECASE,
)
"""A fiscal year and the day of its end, which may be in the next year."""


def _stated_periods(top: str, edition: int | None) -> Iterator[Period]:
    top = _OTHER_ISSUE.sub(" ", top)
    for pattern in _STATEMENTS:
        for match in pattern.finditer(top):
            end = _STATEMENT_END.search(top, match.end())
            sentence = _ASIDES.sub(" ", top[match.end() : end.start() if end else len(top)])
            period = parse_period(sentence[:200])
            if period is not None and _is_likely(period, edition):
                yield period


def _is_likely(period: Period, edition: int | None) -> bool:
    if period.last - period.first > _MAX_PERIOD:
        return False
    return edition is None or edition - 6 <= period.last <= edition + 1


def _fiscal_periods(cover: Sequence[str]) -> Iterator[Period]:
    for line in cover:
        if FISCAL_YEAR_LINE.fullmatch(line.strip()) and (period := parse_period(line)) is not None:
            yield period
        if (labelled := LABELLED_YEAR.search(line)) and (period := parse_period(labelled["year"])) is not None:
            yield period
        for match in _FISCAL.finditer(line):
            period = parse_period(line[match.end() :])
            if period is not None and period.last - period.first <= _MAX_PERIOD:
                yield period


def _prose_lines(text: str, cover: Sequence[str]) -> list[str]:
    """Return the lines of prose, without running heads, cover lines, tables, comparisons and references.

    The header of a table that compares two years counts for the later one, whose report it is. A comparison may go on
    in the next line that its sentence is wrapped in.
    """
    lines = [stripped for line in text.split("\n") if (stripped := line.strip())]
    cores = [_EDGE_NUMBERS.sub("", line) if len(line) <= _MAX_RUNNING_HEAD else "" for line in lines]
    repeated = Counter(core for core in cores if core)
    on_cover = {_EDGE_NUMBERS.sub("", line) for line in cover}
    prose: list[str] = []
    is_wrapped = False
    for line, core in zip(lines, cores, strict=True):
        if repeated[core] >= 3 or (core in on_cover and core and not _is_wrapped(line)) or _is_table_row(line):
            is_wrapped = False
            continue
        if is_wrapped and "|" not in line and not _BLOCK_START.match(line):
            prose[-1] += f"{_WRAP}{line}"
        else:
            prose.append(_without_earlier_columns(line))
        is_wrapped = _is_wrapped(line)
    return [part for line in prose for part in _COMPARED.sub(" ", line).split(_WRAP)]


def _is_wrapped(line: str) -> bool:
    """Return whether a sentence may go on in the next line: a long line in small letters without its end."""
    words = line.split()
    is_long = len(line) >= _MIN_WRAPPED and "|" not in line and not _ENDS_PARAGRAPH.search(line)
    return is_long and 2 * sum(not word[0].isupper() for word in words) > len(words)


def _without_earlier_columns(line: str) -> str:
    """Return a row of a table without the cells that name years, but the last year of them."""
    cells = line.split("|")
    if len(cells) < 2 or len(SINGLE_YEAR.findall(line)) < 2:
        return line
    periods = [period for cell in cells if (period := parse_period(cell.strip())) is not None]
    if len(periods) < 2:
        return line
    return "|".join(cell for cell in cells if (period := parse_period(cell.strip())) is None or period == max(periods))


def _without_outlook(line: str) -> str:
    """Remove clauses about the future."""
    clauses = re.split(r"(?<=[.;。])\s", line)
    return _BY.sub(" ", " ".join(clause for clause in clauses if not OUTLOOK.search(clause)))


def _count_mentions(lines: Iterable[str]) -> Counter[int]:
    """Count the mentions of each year; a span of two years counts for both, a longer one for none."""
    counts: Counter[int] = Counter()
    for line in lines:
        for match, span in reversed(list(find_spans(line))):
            line = line[: match.start()] + " " + line[match.end() :]
            if span.last - span.first <= 1:
                counts.update(set(span))
        counts.update(int(match[1]) for match in SINGLE_YEAR.finditer(line))
    return counts


def _frequent_year(counts: Counter[int], edition: int | None, length: int) -> Period | None:
    """Return the year of the edition or the one before it if it is mentioned often, and twice as often as any other."""
    (year, mentions), (_, others) = (*counts.most_common(2), (0, 0), (0, 0))[:2]
    frequent = mentions >= max(_MIN_FREQUENT, length / _CHARACTERS_PER_MENTION)
    near = edition is not None and edition - 1 <= year <= edition
    return Period(year, year) if frequent and near and mentions >= 2 * others else None


def _reviewed_period(lines: Sequence[str], edition: int | None, length: int) -> Period | None:
    """Return the year before the edition if the text reviews it and plans the year of the edition.

    A speaker who says "last year" and "this year" describes both. A text that tells of the last months of the edition
    and more of that year than of the one before reviews the year of the edition. Of 102 annual messages to a parliament
    23 are recognised, none of them wrongly (`python -m tests.benchmarks.reading.metadata`).
    """
    if edition is None:
        return None
    clauses = [clause for line in lines for clause in _CLAUSE_BOUNDARY.split(line)]
    planning = [clause for clause in clauses if OUTLOOK.search(clause)]
    reviewing = [clause for clause in clauses if not OUTLOOK.search(clause)]
    reviewed, planned = _count_mentions(reviewing), _count_mentions(planning)
    last_year, this_year, next_year = (
        sum(pattern.search(clause) is not None for clause in among)
        for pattern, among in ((LAST_YEAR_WORDS, reviewing), (THIS_YEAR_WORDS, planning), (NEXT_YEAR_WORDS, planning))
    )
    late = sum(int(date[1]) == edition for clause in reviewing for date in _LATE_IN_YEAR.finditer(clause))
    if late >= _MIN_LATE and reviewed[edition] > reviewed[edition - 1]:
        return Period(edition, edition)
    past, plans = reviewed[edition - 1] + last_year, planned[edition] + this_year
    if (
        min(past, plans) < (1 if length < _SHORT else 2)
        or past < 2 * reviewed[edition]
        or plans <= planned[edition + 1] + next_year
    ):
        return None
    return Period(edition - 1, edition if last_year or reviewed[edition] else edition - 1)


def _date_range(top: str, edition: int | None) -> Period | None:
    """Return a range of dates near the top that ends near the edition: "between April 2012 and March 2013"."""
    match = _FROM_TO.search(top)
    period = parse_period(match.group()) if match is not None else None
    near = period is not None and edition is not None and edition - 1 <= period.last <= edition
    return period if near else None


def _is_table_row(line: str) -> bool:
    """Return whether a line has more digits than letters, or is a row of years."""
    digits, letters = sum(map(str.isdigit, line)), sum(map(str.isalpha, line))
    return digits > letters or (
        len(set(SINGLE_YEAR.findall(line))) >= 4 and letters < 8 * len(SINGLE_YEAR.findall(line))
    )


def _most_mentioned(counts: Counter[int], edition: int | None) -> Period | None:
    if edition is not None:
        counts = Counter({year: n for year, n in counts.items() if edition - 3 <= year <= edition})
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], -pair[0]))
    if not ranked:
        return None
    year, mentions = ranked[0]
    alone = len(ranked) == 1
    if alone and edition is not None and (year == edition or (year >= edition - 2 and mentions > 1)):
        return Period(year, year)  # the only year mentioned, and near the edition
    clear = edition is not None and mentions >= 2 * ranked[1][1] if not alone else False
    if (mentions < _MIN_MENTIONS and not clear) or mentions < _MIN_SHARE * counts.total():
        return None
    if not alone:
        other, others = ranked[1]
        if abs(other - year) == 1 and others >= _SECOND_YEAR_SHARE * mentions:
            return Period(min(year, other), max(year, other))
        if others == mentions:
            return None
    return Period(year, year)
