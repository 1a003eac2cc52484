"""What kind of answer a question expects, and whether a sentence holds one. Pure.

"How many" expects a number, "when" a date. A year by itself is no number: every second sentence of a yearbook has one.
"""

from __future__ import annotations

import re
from typing import Literal

from corpus.metadata.years import parse_years

Expected = Literal["number", "date"]

_NUMBER_ASKED = re.compile(
    r"\bhow (?:many|much|long|often|old|large|big|far|high)\b"
    r"|\b(?:what|which) (?:number|share|percentage|proportion|amount|sum|total)\b",
    re.IGNORECASE,
)
_DATE_ASKED = re.compile(
    r"\b(?:since |until )?when\b|\b(?:what|which) (?:year|month|date|day|years|months)\b", re.IGNORECASE
)
_NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|trillion"
    r"|half|dozens?|once|twice)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")


def expected(question: str) -> Expected | None:
    """What the question asks for, where its wording says so."""
    if _NUMBER_ASKED.search(question):
        return "number"
    return "date" if _DATE_ASKED.search(question) else None


def holds(sentence: str, kind: Expected | None) -> bool:
    """Whether the sentence has something of that kind; never for no kind."""
    if kind == "number":
        digits = sum(map(str.isdigit, sentence))
        of_years = sum(map(str.isdigit, "".join(sentence[year.start : year.end] for year in parse_years(sentence))))
        return digits > of_years or _NUMBER_WORD.search(sentence) is not None
    if kind == "date":
        return bool(parse_years(sentence)) or _MONTH.search(sentence) is not None
    return False
