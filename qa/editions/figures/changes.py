"""Recognise the words around the amounts with which a change begins and ends: "from 12 to 8", "8, compared with 12"."""

from __future__ import annotations

import re

from corpus.vocabulary import COMPARED_WITH, CURRENCY_SIGNS, YEAR

BEFORE_AMOUNT = (
    r"(?:(?:about|almost|an?|approximately|around|estimated|just|nearly|only|over|roughly|some|the|(?:more|less|fewer)\s+than"
    r"|rund|etwa|knapp|près|environ|unos)\s+)*"
    rf"[{CURRENCY_SIGNS}]?\s*"
)
"""Words and signs between a preposition and the digits of an amount."""

TO = r"\s+(?:to|auf|bis|naar|tot|à|al(?:l['’])?|a|ad|até|till|til)\s+"
"""Between the amounts of "from 52 to 61"."""

_RISEN = (
    r"rose|risen|ris(?:es?|ing)|increas(?:ed?|es|ing)|gr[eo]wn?|grows|growing|climb(?:ed|s|ing)|soared|jumped|surged|gained|up"
    r"|higher|raised|expanded"
)
_FALLEN = (
    r"fell|fallen|fall(?:s|ing)?|decreas(?:ed?|es|ing)|declin(?:ed?|es|ing)|drop(?:ped|s)?|shr[aiu]nk|sank|slumped|plunged|plummeted"
    r"|tumbled|down|lower(?:ed)?|reduced|cut|contracted"
)
_RISE, _FALL = r"increase|rise|growth|gain|jump|surge", r"decrease|fall|drop|decline|reduction|cut|slump"
_RISEN_DE, _FALLEN_DE = r"stieg\w*|wuchs\w*", r"sank\w*|fiel\w*|verringert\w*"
_ADVERB = r"(?:\s+\w+ly)?"

CHANGED_BY = re.compile(
    rf"\b(?:{_RISEN}|{_FALLEN}){_ADVERB}\s+by\s+{BEFORE_AMOUNT}$|\b(?:{_RISE}|{_FALL})\s+of\s+{BEFORE_AMOUNT}$"
    rf"|\b(?:{_RISEN_DE}|{_FALLEN_DE})\s+(?:\w+\s+){{0,3}}um\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before the amount of a change."""

FELL_BY = re.compile(
    rf"\b(?:{_FALLEN}){_ADVERB}\s+by\s+{BEFORE_AMOUNT}$|\b(?:{_FALL})\s+of\s+{BEFORE_AMOUNT}$"
    rf"|\b(?:{_FALLEN_DE})\s+(?:\w+\s+){{0,3}}um\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before the amount of a fall, which tables give with a minus sign."""

CHANGED_TO = re.compile(
    rf"\b(?:{_RISEN}|{_FALLEN})\b[^.;:]{{0,60}}?\sto\s+{BEFORE_AMOUNT}$"
    rf"|\b(?:{_RISEN_DE}|{_FALLEN_DE})\b[^.;:]{{0,60}}?\sauf\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before the amount to which a change led."""

AS_CHANGE = re.compile(rf"\s+(?:[\w-]+\s+)?(?:{_RISE}|{_FALL})\b", re.IGNORECASE)
"""After the amount of a change: "a $572 million decrease"."""

_COMPARED = re.compile(
    rf"\b(?:{COMPARED_WITH}|to\s+[{CURRENCY_SIGNS}]?\d[\d.,]*(?:\s+\w+){{0,3}},?\s+from)\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"\b(?:from|von|vom|van|de|du|da|dal(?:la|l['’])?|dai|desde)\s*{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
_TO_AMOUNT = re.compile(
    rf"(?:\s+(?:(?!came\b|amounted\b|according\b)[^\W\d]+|{YEAR}\b)){{0,4}}?{TO}{BEFORE_AMOUNT}\d", re.IGNORECASE
)
_END = re.compile(
    rf"\b(?:from|von|van)\s[^.,;:\d]{{0,40}}\d(?:[^.;:]|[.](?=\d)){{0,60}}?\s(?:to|auf|naar)\s{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
_REACH = 120
"""Characters before an amount in which the words are searched."""


def is_compared_with(text: str, start: int) -> bool:
    """Return whether the amount at `start` is one that another is compared with: "8, down from 12", "8 against 12"."""
    return _COMPARED.search(text, max(0, start - _REACH), start) is not None


def begins_change(text: str, start: int, end: int) -> bool:
    """Return whether a change began at the amount `[start, end)`: "from 12 to 8", "8, compared with 12".

    Without "to", "from 12 ships" says where something came from.
    """
    if is_compared_with(text, start):
        return True
    is_from = _FROM.search(text, max(0, start - _REACH), start) is not None
    return is_from and _TO_AMOUNT.match(text, end) is not None


def ends_change(text: str, start: int) -> bool:
    """Return whether a change led to the amount at `start`: "from 12 to 8"."""
    return _END.search(text, max(0, start - _REACH), start) is not None
