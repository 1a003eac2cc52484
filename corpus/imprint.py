"""Recognise the lines of an imprint, which state when, by whom and where a text was published."""

from __future__ import annotations

import re

from corpus.scripts import HAN
from corpus.vocabulary import DAY_SUFFIX, ERA_NAMES, MONTH, YEAR

_LONGEST = 120
_MAX_WORDS = 16
_DAY = rf"[0-9]{{1,2}}(?:[–-][0-9]{{1,2}})?{DAY_SUFFIX}"
_DATE = (
    rf"(?:(?:{_DAY}\s+)?(?:of\s+|de\s+)?{MONTH}(?:\s+{_DAY})?,?\s+(?:de\s+)?{YEAR}"
    rf"|{YEAR}-[0-9]{{2}}(?:-[0-9]{{2}})?|[0-9]{{1,2}}([./-])[0-9]{{1,2}}\1{YEAR}"
    rf"|(?:{YEAR}|(?:中[華华])?(?:{ERA_NAMES})(?:元|[0-9]{{1,3}}))年(?:[0-9]{{1,2}}月)?(?:[0-9]{{1,2}}日)?)"
)
_PUBLISHED = (
    r"(?:(?:first\s+)?(?:published|issued|delivered|released|updated|presented|printed|submitted|dated|date)|last\s+updated"
    r"|veröffentlicht|erschienen|stand|datum|publié|paru|date|発行日?|公表日?|刊行)"
)
_NAME = r"[^\W\d_a-z][\w.'’-]*"
_DATE_LINE = re.compile(
    rf"(?:(?i:{_PUBLISHED}\s*:?\s*(?:on|in|am|im|le|en)?\s*)|(?:(?i:fait|done|gegeben|hecho|fatto)\s+(?:à|at|zu|in|en|a)\s+)?{_NAME}(?:,?\s+(?:(?:am|an|de|of|the|la|le)\s+)?{_NAME}){{0,5}},\s+|[{HAN}]{{2,6}}[、，]\s?)?"
    rf"(?i:(?:on|in|im|am|den|the|le|en|a)\s+)?(?i:{_DATE})(?:\s?(?:発行|公表|刊行|出版))?\.?"
    rf"|(?i:{_PUBLISHED}\s*:?\s*(?:in\s+)?)?{YEAR}"
)
_CODE_LINE = re.compile(
    r"(?:e-?)?(?:ISSN|ISBN|DOI)\b.*|(?:Cm|Cmd|Cmnd|CP|HC|HL|No|Nr|Cat)\b\.?\s?(?:No\.?\s)?[\w./-]*\d[\w./-]*"
    rf"|(?:presented|laid|submitted|tabled|vorgelegt|présenté)\b.{{0,80}}?,?\s{_DATE}\.?"
    rf"|(?:version|edition|revision|fassung)\s[\d.]+,?\s(?:of\s|vom\s)?{_DATE}\.?"
    rf"|(?:published|issued|printed|herausgegeben|publié)\s(?:by|for|von|par)\b.{{3,80}}?,?\s(?:{_DATE}|{YEAR})\.?",
    re.IGNORECASE,
)
"""Numbers of a publication, and lines that state when it was presented or who published it."""

_AUTHOR_LINE = re.compile(
    r"(?:(?i:written|delivered|edited|prepared|presented|compiled|given|verfasst|herausgegeben|présenté|rédigé)\s+)?"
    r"(?i:by|von|par|por)\s+(?:(?:the|le|la|l['’]|der|dem)\s*)?[^\W\d_a-z].*|\S.{0,40}(?:著|編)$"
)
_LABELLED_LINE = re.compile(
    r"(?:authors?|editors?|speaker|place|venue|location|date|publishers?|publication\s+date|autor(?:in|en)?|verfasser(?:in)?"
    r"|herausgeber(?:in)?|datum|ort|auteurs?|lieu|éditeur|著者|編者|編集|発行者?|場所|日付)\s*[:：]\s*\S.*"
    r"|(?:발행일|발행처|발행인|펴낸곳|펴낸이|지은이)\s*[:：]?\s*\S.*",
    re.IGNORECASE,
)


OFFICE_TITLE = re.compile(
    r"\b(?:minister|president|secretary|director|governor|commissioner|chief|mayor|ambassador|premier|chancellor|treasurer|trustee|bishop"
    r"|ombudsman|chair(?:man|woman|person)?|auditor[\s-]general|(?:vorsitzende|präsident|direktor|staatssekretär)\w*"
    r"|(?:bundes|staats)?minister\w*|ministre|président\w*|directeur|directrice|secrétaire|ministr[oa]|president[ea]"
    r"|directora?|secretari[oa])\b|(?:大臣|長官|総裁|会長|社長|理事長)(?:\s|$)",
    re.IGNORECASE,
)
"""The office of a person who signs."""


def is_imprint(line: str) -> bool:
    """Return whether a line states only a date, with or without a place, only an author or publisher, or only a number.

    Examples are "Springfield, 14 March 2016", "By Anna Clay and John Dale", "Published: 2016-03-14", "平成28年3月",
    "ISSN 1234-5678" and "Presented to Parliament, March 2018".
    """
    line = line.strip(" *_#|　")
    if not line or len(line) > _LONGEST or len(line.split()) > _MAX_WORDS:
        return False
    if _DATE_LINE.fullmatch(line) is not None or _CODE_LINE.fullmatch(line) is not None:
        return True
    named = _AUTHOR_LINE.fullmatch(line) or _LABELLED_LINE.fullmatch(line)
    return named is not None and line[-1] not in "!?:。" and (line[-1] != "." or line[-3:-2] in ". ")
