"""Which numbers of a text are years: every year as four plain digits, every other number that looks like one blanked.

Text in, text out, of about the same length. Amounts, telephone numbers, laws, goals ("Vision 2030") and the like go;
full-width digits and Japanese eras (平成28年) become plain years. Nothing here knows what a year says of a document.
"""

from __future__ import annotations

import re

from corpus.metadata.years import MONTHS, YEAR

_WIDTHS = str.maketrans("０１２３４５６７８９－／", "0123456789-/")
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ROMANISED = {"meiji": 1867, "taisho": 1911, "showa": 1925, "heisei": 1988, "reiwa": 2018}
_ERA = re.compile(rf"({'|'.join(_ERAS)})\s*(元|[0-9]{{1,2}})(?=年|\s|[-/(])")
_ERA_ASIDE = re.compile(
    rf"[^\S\n]{{0,4}}[(（](?:{'|'.join(_ERAS)}|{'|'.join(_ROMANISED)})\s*(?:元|[0-9]{{1,2}})年?度?[)）]", re.IGNORECASE
)
_ERA_IN_LETTERS = re.compile(rf"\b({'|'.join(_ROMANISED)})\s+([0-9]{{1,2}})\b", re.IGNORECASE)
_DATE_IN_DIGITS = re.compile(rf"\b[0-9]{{1,2}}([./])[0-9]{{1,2}}\1(?={YEAR}\b)")
_WESTERN_ASIDE = re.compile(rf"({YEAR}年?)\s*[(（]({YEAR})年?[)）]")

_GAP = r"[^\S\n]{0,4}"
_LAWS = """
acts? laws? ordinance regulations? decree code conventions? treaty treaties protocol charter constitution directive
resolutions? order bill statute agreement declaration loi gesetz ley decreto
"""
_NUMBERED = r"""
nos?\. number nr\. room suite box route rue figure fig\. tables? pages? pp?\. para\. paragraphs? items? iso en din
article section hc hl cm cmnd docs?\. windows building flight lot isbn issn doi catalogue
"""
_GOALS = "agenda vision horizon target goals? roadmap expo europe tokyo"
_COUNTED = """
millions? billions? thousand trillion crore lakh mio mrd milliards? people persons staff children men women km
kilometres miles metres tonnes tons kg kilograms mw gwh euros? dollars? yen pounds francs copies hours households
"""
_IN_TIME = """
in of during since for by from to until till through the year years fy fiscal financial calendar and late early mid end
en de im seit año année jahr before after around about circa between or
"""
"""Before a number, these say that it is a year."""

_VERBS = "was is has does this its as sees marks brings shows remains begins starts ends opens follows stands looks"
"""Words on -s that are no things of which there can be 2015."""


def _any(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_DECOYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:https?://|www\.)\S+|\b[\w.+-]{1,64}@\S+",
        r"\b(?:isbn|issn|doi|tel|telephone|phone|fax|mobile|call)\b[^\n0-9]{0,20}[+(]?[0-9](?:[0-9().–-]|[^\S\n]){5,}",
        r"\+[0-9][0-9 ()-]{6,}|\([0-9]{3}\)\s?[0-9]{3}-[0-9]{4}|\b[0-9]{3}-[0-9]{4}\b",
        r"(?:[$€£¥₹]|\b(?:usd|eur|gbp|jpy|chf|cad|aud|inr|rs\.?))\s?[0-9][0-9,.]*",
        rf"\b{_any(_LAWS)}\b(?:{_GAP}(?:nos?\.?)?{_GAP}[0-9][0-9./-]*)?,?{_GAP}(?:of{_GAP})?\(?\b{YEAR}\b\)?",
        rf"\b{_any(_LAWS)}\b{_GAP}{YEAR}\b",
        rf"\b{_any(_NUMBERED)}{_GAP}[:#]?{_GAP}{YEAR}\b",
        rf"\b{_any(_GOALS)}{_GAP}(?:for{_GAP})?20[0-9]{{2}}\b(?:[-–]20[0-9]{{2}})?",
        rf"\b20[0-9]{{2}}{_GAP}(?:agenda|vision|goals?|targets?)\b",
        rf"\b{YEAR}{_GAP}{_any(_COUNTED)}\b",
    )
)
_COUNT = re.compile(rf"(?:\b(\w+)\.?|[^\w\s]|^){_GAP}\b({YEAR}){_GAP}(?=([a-z]{{3,}}s)\b)", re.MULTILINE)


_DIGITS = "0123456789"
_MARKED = "".join(chr(0xE000 + digit) for digit in range(10))
_MARK, _UNMARK, _DROP = (
    str.maketrans(_DIGITS, _MARKED),
    str.maketrans(_MARKED, _DIGITS),
    str.maketrans(_MARKED, " " * 10),
)


def tidied(text: str) -> str:
    """The text with full-width digits and Japanese eras as plain years, and numbers that are no years blanked."""
    return marked(text).translate(_DROP)


def marked(text: str) -> str:
    """As `tidied`, but numbers that are no years can be had back by `unmarked`: private characters stand for them."""
    text = _ERA_ASIDE.sub("", text.translate(_WIDTHS))
    text = _ERA.sub(lambda era: str(_ERAS[era[1]] + (1 if era[2] == "元" else int(era[2]))), text)
    text = _ERA_IN_LETTERS.sub(lambda era: str(_ROMANISED[era[1].lower()] + int(era[2])), text)
    text = _WESTERN_ASIDE.sub(lambda twice: twice[1] if twice[1][:4] == twice[2] else twice[0], text)
    text = _DATE_IN_DIGITS.sub(" ", text)
    for decoy in _DECOYS:
        text = decoy.sub(lambda match: match.group().translate(_MARK), text)
    return _COUNT.sub(_mark_count, text)


def unmarked(text: str) -> str:
    """The numbers that `marked` hid."""
    return text.translate(_UNMARK)


def _mark_count(match: re.Match[str]) -> str:
    """Hide a number of things ("2015 teachers"), not a year ("the 2015 elections")."""
    before, noun = (match[1] or "").lower(), match[3]
    is_time = before in _IN_TIME.split() or before in MONTHS or before.isdigit() or noun in _VERBS.split()
    return match.group() if is_time else match.group().translate(_MARK)
