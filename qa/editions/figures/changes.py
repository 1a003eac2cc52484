"""Recognise words of changes around their amounts ("from 12 to 8", "8, compared with 12"), and words of plans."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.vocabulary import COMPARED_WITH, CURRENCY_SIGNS, YEAR
from qa.editions.figures.number_words import BOUNDS

BEFORE_AMOUNT = rf"(?:(?:an?|the|just|estimated|{'|'.join(BOUNDS.values())})\s+)*[{CURRENCY_SIGNS}]?\s*"
"""Words and signs between a preposition and the digits of an amount."""

REACH = 120
"""Characters before an amount in which the words that say what it is are searched."""

TO = r"\s+(?:to|auf|bis|naar|tot|à|al(?:l['’])?|a|ad|até|till|til|hasta(?:\s+l[oa]s)?)\s+"
"""Between the amounts of "from 52 to 61"."""

_PHRASAL_VERBS = """
added adds backed bought bring bringing brings brought built came caught cleaned covered dug ended filled fished gave
give given gives hauled held landed lined made make makes making opened picked pulled put puts rounded sent set sets
showed signed summed take taken takes taking took turned used
"""
NOT_PHRASAL = "".join(rf"(?<!\b{verb}\s)" for verb in _PHRASAL_VERBS.split())
"""Before "up" that is no change: "brought up 7 tonnes"."""

_RISEN = (
    r"rose|risen|ris(?:es?|ing)|increas(?:ed?|es|ing)|gr[eo]wn?|grows|growing|climb(?:ed|s|ing)|soared|jumped|surged|gained"
    rf"|{NOT_PHRASAL}up|higher|raised|expanded|rallied|(?:went|gone|going|goes)\s+up|lengthen(?:ed|s|ing)|widen(?:ed|s|ing)|swell(?:ed|s|ing)|swollen"
)
_FALLEN = (
    r"fell|fallen|lost|fall(?:s|ing)?|decreas(?:ed?|es|ing)|declin(?:ed?|es|ing)|drop(?:ped|s)?|shr[aiu]nk|sank|slumped|plunged|plummeted"
    r"|tumbled|down|lower(?:ed)?|reduced|cut|contracted|sunk|sinks?|sinking|subsid(?:ed|es|ing)|dipped|slid|slip(?:ped|s|ping)|dwindl(?:ed|es|ing)|shed(?:s|ding)?|narrow(?:ed|s|ing)|shorten(?:ed|s|ing)|eased|receded|(?:went|gone|going|goes)\s+down"
)
_RISE, _FALL = r"increase|rise|growth|gain|jump|surge", r"decrease|fall|drop|decline|reduction|cut|slump"
_ADVERB = r"(?:\s+\w+ly)?"
_RISEN_ELSEWHERE = (
    r"(?:stieg|gestiegen|wuchs|gewachsen|wächst|kletter|erhöh|zugenommen|zunahm|steeg|stegen|gestegen|groei|toenam)\w*"
    r"|(?:augment|progress|grimp|accru|allong|aument|subi|creci|cresc|increment|alarg)\w*|mont(?:e|ent|ée?s?|ait|a|èrent)"
)
_FALLEN_ELSEWHERE = (
    r"(?:sank|sanken|gesunken|sinkt|fiel|gefallen|schrumpf|geschrumpft|reduzier|verringert|abgenommen|abnahm|daal|gedaald|zakte|afnam)\w*"
    r"|(?:baiss|recul|diminu|dimin|chut|repli|tomb[éea]|raccourci|disminu|baj|reduj|reduz|retroced|descend|ca[íy]|cal[aò]|sces)\w*"
)
_CHANGED_ELSEWHERE = rf"(?:{_RISEN_ELSEWHERE}|{_FALLEN_ELSEWHERE})"
_BY_ELSEWHERE = r"(?:(?:\s+\w+){0,3}?\s+(?:met|de|d['’]|en|em|di|del|uno?|uma?)|(?:\s+\w+){0,7}?\s+um)\s*"
_WITHIN = r"(?:[^.;:]|(?<=\d)[.](?=\d)){0,60}?"
"""Words of a clause, also with amounts such as 6.900."""

_TO_ELSEWHERE = rf"{_WITHIN}\s(?:auf|tot|naar|à|a|al|para)\s+"

FALLEN = re.compile(rf"\b(?:{_FALLEN}|{_FALL}|{_FALLEN_ELSEWHERE})\b", re.IGNORECASE)
"""A verb of a fall."""

_FEWER = r"fewer|less|smaller|minus|weniger|geringer|niedriger|moins|inférieur\w*|menos|minder|lager|färre"
_MORE = r"more|plus|mehr|höher|supérieur\w*|más|mais|meer|hoger|fler"
_FALLS = re.compile(
    rf"\b(?:{_FALLEN}|{_FALL}|{_FALLEN_ELSEWHERE}|{_FEWER}|rückgang\w*|zurück\w*|abnahme|abgenommen|verl(?:or|iert)\w*|lost|loses?|losing"
    r"|recul|baisse|descen\w+|pérdida|perdi\w+|halved)\b|減|低下|下回|少な",
    re.IGNORECASE,
)
_RISES = re.compile(
    rf"\b(?:{_RISEN}|{_RISE}|{_RISEN_ELSEWHERE}|{_MORE}|anstieg|zunahme|zugenommen|zuwachs|hausse|aumento|doubled|trebled|tripled|quadrupled|gewann\w*|gewonnen)\b|増|上昇|上回|伸び|多[くい]",
    re.IGNORECASE,
)


def direction_of(text: str) -> int:
    """Return -1 for a text with words of a fall alone, 1 for those of a rise alone, else 0."""
    return (_RISES.search(text) is not None) - (_FALLS.search(text) is not None)


def last_direction(text: str) -> int:
    """Return -1 if the last word of a change in a text is one of a fall, 1 if it is one of a rise, 0 without any."""
    last = [max((match.end() for match in pattern.finditer(text)), default=0) for pattern in (_FALLS, _RISES)]
    return (last[1] > last[0]) - (last[1] < last[0])


_COMPARATIVE = re.compile(
    r"\b(?:(?P<fewer>fewer|less|weniger|moins\s+de|moins\s+d['’]|menos|meno|minder|färre|færre)"
    r"|(?P<more>more|mehr|plus\s+de|plus\s+d['’]|más|mais|più|meer|fler|flere))"
    r"(?:\s+|(?<=['’]))(?!(?:than|als|que|di|dan|än|end|or|and|oder|und|ou|et|o|y|e|often|time|stark)\b|\w+(?:ly|mente|ment)\b)[^\W\d_]{3,}",
    re.IGNORECASE,
)
"""A noun with "more" or "fewer": "more visitors", but not "more than 200" and not "more slowly"."""


def comparative_direction(text: str) -> int:
    """Return 1 for a text with "more visitors" or the like, -1 for one with "fewer visitors", 0 for others and both."""
    found = {match.lastgroup for match in _COMPARATIVE.finditer(text)}
    return 1 if found == {"more"} else -1 if found == {"fewer"} else 0


CHANGE_VERB = re.compile(rf"\b(?:{_RISEN}|{_FALLEN}|{_CHANGED_ELSEWHERE})\b", re.IGNORECASE)
"""A verb of a rise or a fall."""

CHANGED_BY = re.compile(
    rf"\b(?:{_RISEN}|{_FALLEN}){_ADVERB}\s+by\s+{BEFORE_AMOUNT}$|\b(?:{_RISE}|{_FALL})\s+of\s+{BEFORE_AMOUNT}$"
    rf"|\b(?:{NOT_PHRASAL}up|down|gained|lost|shed(?:ding)?|gagn(?:ée?s?|e|ent|ait)|gewann(?:en)?|gewonnen|ganó|ganaron|ganado)\s+{BEFORE_AMOUNT}$|\b{_CHANGED_ELSEWHERE}{_BY_ELSEWHERE}{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before the amount of a change."""

CHANGED_TO = re.compile(
    rf"\b(?:{_RISEN}|{_FALLEN})\b{_WITHIN}\sto\s+{BEFORE_AMOUNT}$|\b{_CHANGED_ELSEWHERE}\b{_TO_ELSEWHERE}{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before the amount to which a change led."""

MORE_THAN = re.compile(
    r"(?:\s+(?!(?:or|and|oder|und|ou|et|o|y)\b)[^\W\d_]+){0,2}\s+(?:more|fewer|less|higher|lower|mehr|weniger|höher|niedriger|de\s+plus|de\s+moins|más|menos|meer|minder)\b"
    r"|[^\s\d、。]{0,4}(?:減|増|少な|多[くいか]|延び|縮)",
    re.IGNORECASE,
)
"""After the difference of two amounts: "7,600 more than a year earlier"."""

_TO_AT_END = re.compile(rf"\b(?:auf|tot|naar)\s+{BEFORE_AMOUNT}$", re.IGNORECASE)
_CHANGE_AT_END = re.compile(
    rf"(?:\s+[^\W\d_]+){{0,4}}?\s+(?:{_CHANGED_ELSEWHERE}|zurück(?:gegangen)?)(?!\w)", re.IGNORECASE
)
"""Around the amount to which a change led, whose verb ends the clause: "auf 12 Euro gestiegen"."""


_BY_AT_END = re.compile(rf"\b(?:um|met)\s+{BEFORE_AMOUNT}$", re.IGNORECASE)
_PREFIX_AT_END = re.compile(
    rf"(?:\s+[^\W\d_]+){{0,4}}?(?:\s+(?:auf|naar)\s+[\d.,]*\d(?:\s+[^\W\d_]+){{0,3}}?)?"
    rf"\s+(?:{_CHANGED_ELSEWHERE}|zurück(?:gegangen)?|höher|niedriger)(?!\w)",
    re.IGNORECASE,
)
"""Around the amount of a change, whose verb or its prefix ends the clause: "ging um vier zurück"."""


def verb_of_change_at_end(text: str, start: int, end: int) -> str:
    """Return the words with the verb of a change after the amount to which it led: "auf 12 Euro gestiegen"; else ""."""
    verb = _CHANGE_AT_END.match(text, end) if _TO_AT_END.search(text, max(0, start - REACH), start) else None
    return verb[0] if verb is not None else ""


def verb_of_amount_at_end(text: str, start: int, end: int) -> str:
    """Return the words with the verb of a change after its amount: "um vier Euro zurückgegangen"; else ""."""
    verb = _PREFIX_AT_END.match(text, end) if _BY_AT_END.search(text, max(0, start - REACH), start) else None
    return verb[0] if verb is not None else ""


_DEGREE = (
    r"(?:slightly|somewhat|a\s+(?:little|bit)|far|much|considerably|etwas|geringfügig|deutlich|leicht|un\s+peu|légèrement|nettement"
    r"|beaucoup|un\s+poco|algo|ligeramente|mucho|un\s+po['’]|leggermente|molto|iets|veel)"
)
_SLIGHTLY = rf"(?:,\s*(?:(?:soit|or|das\s+(?:sind|waren)|i\.e\.|also|donc)\s+)?(?:{_DEGREE}\s+)?|\s{_DEGREE}\s+)"
_THAN_BEFORE = (
    rf"(?:than|als|que|qu['’]|di|dan|do\s+que)\s?(?:[^\W\d_]+\s+){{0,3}}?(?:{YEAR}|before|earlier|previous\s+year|last\s+year|Vorjahr\w*|zuvor"
    r"|(?:l['’])?an(?:née)?\s+(?:dernière?|précédente?|plus\s+tôt)|año\s+(?:anterior|pasado)|anno\s+(?:prima|precedente|scorso)|vorig\s+jaar)\b"
)
"""Around "more": "19.4 million, a little more than in 2022"."""

DOWN_FROM = re.compile(
    rf"[^.;:,]{{0,60}}?,?\s+(?:a\s+)?(?:up|down|{_RISE}|{_FALL}|more|less|fewer)\s+(?:from|than\s+(?:in\s+)?the\s+(?:year\s+before|previous\s+year))\b"
    rf"|[^.;:,\d]{{0,40}}?{_SLIGHTLY}(?:{_MORE}|{_FEWER}|higher|lower)\s+{_THAN_BEFORE}"
    r"|[^\s\d、。]{0,4}(?:に|へ)(?:まで)?(?:減|増|低下|上昇)",
    re.IGNORECASE,
)
"""After the amount to which a change led: "12, down from 14", "12人に減った"."""

AS_CHANGE = re.compile(rf"\s+(?:[\w-]+\s+)?(?:{_RISE}|{_FALL})\b", re.IGNORECASE)
"""After the amount of a change: "a $572 million decrease"."""

_COMPARED = re.compile(
    rf"\b(?:{COMPARED_WITH}|to\s+[{CURRENCY_SIGNS}]?\d[\d.,]*(?:\s+\w+){{0,3}},?\s+from)\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
_AFTER_EARLIER = re.compile(
    rf"\d[^.;:]{{0,40}}?[,(]\s*(?:after|nach|après|tras|dopo|na|efter)\s+{BEFORE_AMOUNT}$", re.IGNORECASE
)
"""Before the earlier amount after the later one: "198,000, after 205,000"."""

_CHANGED_FROM = re.compile(
    rf"\b(?:{_RISEN}|{_FALLEN}|{_RISE}|{_FALL})\b(?:\s+(?:of|by))?\s+[^.,;:]{{0,40}}?\bfrom\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before the amount with which a change began: "up 22 per cent from 342,000"."""

_FROM = re.compile(
    rf"\b(?:from|von|vom|van|de|du|da|dal(?:la|l['’])?|dai|desde)\s*{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
_TO_AMOUNT = re.compile(
    rf"(?:\s+(?:(?!came\b|amounted\b|according\b)[^\W\d]+|{YEAR}\b)){{0,4}}?{TO}{BEFORE_AMOUNT}\d", re.IGNORECASE
)
_JAPANESE_FROM = re.compile(
    r"[^\s\d、。]{0,4}から[^\d、。]{0,8}(?:\d[\d.,万億千]*[^\s\d、。]{0,4}(?:に|へ|まで)|[減増上下延縮])"
)
"""After the amount with which a change begins in Japanese: "211件から238件に", "12,480人から減った"."""

_END = re.compile(
    rf"\b(?:from|vo[nm]|van|de|du|da|dal|desde)\s[^.,;:\d]{{0,40}}\d(?:[^.;:]|[.](?=\d)){{0,60}}?\s(?:to|auf|naar|à|al?|ad|hasta|até)\s{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)


@lru_cache(maxsize=1 << 13)  # several rules ask it of the same amount
def is_compared_with(text: str, start: int) -> bool:
    """Return whether the amount at `start` is one that another is compared with: "8, down from 12", "8 against 12"."""
    return any(pattern.search(text, max(0, start - REACH), start) for pattern in (_COMPARED, _AFTER_EARLIER))


@lru_cache(maxsize=1 << 13)
def begins_change(text: str, start: int, end: int) -> bool:
    """Return whether a change began at the amount `[start, end)`: "from 12 to 8", "8, compared with 12".

    Without "to", "from 12 ships" says where something came from.
    """
    if is_compared_with(text, start) or _CHANGED_FROM.search(text, max(0, start - REACH), start) is not None:
        return True
    if _JAPANESE_FROM.match(text, end) is not None:
        return True
    is_from = _FROM.search(text, max(0, start - REACH), start) is not None
    return is_from and _TO_AMOUNT.match(text, end) is not None


@lru_cache(maxsize=1 << 13)
def ends_change(text: str, start: int) -> bool:
    """Return whether a change led to the amount at `start`: "from 12 to 8"."""
    return _END.search(text, max(0, start - REACH), start) is not None


PLAN_WORDS = (
    r"(?:\b(?:plan(?:s|ned)?|targets?|goals?|budget(?:ed|s)?|forecasts?|ziele?|zielmarken?|zielwerte?|vorgaben?|sollwert|soll|geplant\w*|planwert|haushaltsansatz"
    r"|objectifs?|prévu\w*|prévisions?|objetivos?|previst[oa]s?|metas?|presupuesto|preventiv[oi]|obiettiv[oi]"
    r"|doel(?:en|stelling)?|begroot|begroting)\b|目標|計画|予算|見込み?|目标|计划|预算)"
)
"""Pattern of the nouns and participles for a planned amount."""

EXPECTED = re.compile(
    r"\b(?:expect\w*|forecasts?|predict(?:s|ed)?|project(?:ed|ions)|intend\w*|plan(?:s|ned|ning)?|undert(?:ook|aken|akes?)\s+to|(?-i:hop(?:es?|ed|ing))"
    r"|propos(?:e[ds]?|als?)|aim(?:s|ed)?|reckon\w*|(?-i:will)(?=\s+(?!(?:be\s+)?remembered)[a-z])|would(?!\s+like\s+to\s+(?:thank|welcome|express|congratulate|acknowledge))|shall|(?:is|are|was|were)\s+to\s+(?!\d)|going\s+to|next\s+year"
    r"|due\s+to\s+(?:be|open|begin|start|rise|fall|reach|cost)|target\w*"
    r"|erwart\w*|(?-i:rechne(?:n|t|te[n]?)?)|(?-i:will)(?=\s+[\da-zäöü])|wollen|soll(?:en|te[n]?)?|plan(?:en|te[n]?)|plant(?=,|\s+(?:der|die|das|den|dem|für|bis|im|zu|mit|ab|eine\w*|\d))|künftig\w*|nächste[ns]?"
    r"|prévo\w+|attend(?:ons|ent|us?|ue?s?)|devra\w*|ser(?:a|ont)|vise\w*|proposons|proposé\w*"
    r"|prevé\w*|prev[eé]n?|espera\w*|será\w*|pretende\w*|propon\w+|propus\w+|prevede\w*|sar(?:à|anno)|verwacht\w*|zal|zullen)\b"
    r"|予定|見込|計画|見通し|目標|方針",
    re.IGNORECASE,
)
"""Words for what is expected, planned or proposed."""

REQUESTED = re.compile(
    r"\b(?:request\w*|asked\s+for|appl(?:y|ied|ies)\s+for|sought|beantrag\w*|demand(?:e|é|ée|ent)s?|solicit\w*|pid(?:e|ió)|richie(?:de|sto|sti)"
    r"|aangevraagd)\b|要求",
    re.IGNORECASE,
)
"""Words for an amount that somebody asked for."""

_PLAN = re.compile(PLAN_WORDS, re.IGNORECASE)
_WISHED = re.compile(
    r"\b(?:wants?|scheduled|estimat(?:es|ed)\s+for|vorgesehen|souhait\w+|prév\w+|ziel\w*|esper\w+)\b", re.IGNORECASE
)


def tells_plan(text: str) -> bool:
    """Return whether a text has a word for what is planned, expected, wished or asked for."""
    return any(pattern.search(text) is not None for pattern in (_PLAN, EXPECTED, REQUESTED, _WISHED))
