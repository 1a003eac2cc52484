"""Superlatives of questions and sentences: what has the most or the least of something, and of which property.

"Most" and "fewest" are of any figure, "cheapest" is of a price, and "oldest" of an age, or of a year in reverse.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.question.answer_type import WHEN, WHERE, WHICH, WHO

_ASKS = re.compile(rf"{WHO}|{WHERE}|{WHICH}|{WHEN}|\b(?:was|hvor)\b", re.IGNORECASE)
"""A word of a question that may ask for a row of a table. German "was" and "hvor mange" only count with a superlative,
so that "was" in English and questions for a number do no harm."""

_YEAR = re.compile(
    rf"{WHEN}|\b(?:(?:what|which) (?:year|edition|season)|welche[mnrs]? (?:jahr|ausgabe|saison)"
    r"|quelle (?:année|édition|saison)|qué (?:año|edición|temporada)|(?:quale|che) (?:anno|edizione|stagione)"
    r"|(?:que|qual) (?:ano|edição)|welke? (?:jaar|editie|seizoen)|którym roku|(?:vilket|hvilket) år)\b"
    r"|何年|どの年|哪一?年",
    re.IGNORECASE,
)
"""Asks for the year, or the edition, in which something was the most."""

_SMALL = (
    r"(?:bas(?:se)?s?|bass[oiae]|baj[oa]s?|baix[oa]s?|petite?s?|faibles?|piccol[oiae]|peque[ñn][oa]s?|courte?s?"
    r"|bon marché|barat[oa]s?|econ[óo]mic[oa]s?|économiques?|economic[oiae]|abordables?|cort[oiae]s?|curt[oa]s?"
    r"|légers?|légères?|liger[oa]s?|livian[oa]s?|leggér?[oiae]|legger[oiae]|leves?|lent[oeias]*s?|jeunes?"
    r"|jóven(?:es)?|joven(?:es)?|giovan[ei]|jove(?:m|ns)|récente?s?|recientes?|recent[ei]s?|nouveaux?|nouvelles?"
    r"|nuev[oa]s?|nuov[oaei]|nov[oa]s?)\b"
)
"""French, Spanish, Portuguese and Italian words after "more" that ask for the least, or for the youngest."""

_MORE = r"(?:plus|más|più|mais)"
_LESS = r"(?:moins|menos|meno)"


class _Property(NamedTuple):
    """A property of which there are superlatives of its own.

    `great` and `small` are its superlatives, `heads` and `reversed_heads` words in the heads of columns with its
    figures; of the latter the least figure is the most of the property: the oldest was built in the earliest year.
    """

    great: re.Pattern[str]
    small: re.Pattern[str]
    heads: re.Pattern[str]
    reversed_heads: re.Pattern[str] | None = None


def _property(great: str, small: str, heads: str, reversed_heads: str = "") -> _Property:
    return _Property(
        great=re.compile(rf"\b(?:{great})\b", re.IGNORECASE),
        small=re.compile(rf"\b(?:{small})\b", re.IGNORECASE),
        heads=re.compile(heads, re.IGNORECASE),
        reversed_heads=re.compile(reversed_heads, re.IGNORECASE) if reversed_heads else None,
    )


_TIME = (
    r"\btimes?\b|\bduration|\bminutes?\b|\bmin\b|\bhours?\b|\bseconds?\b|\bdays?\b|\bdauer|zeit\b|\bminuten|\bstunden"
    r"|\btage\b|\bdurée|\btemps\b|\bheures?\b|\bjours?\b|\bduración|\btiempo|\bhoras?\b|\bminutos|\bdías\b|\bdurata"
    r"|\btempo\b|\bore\b|\bgiorni\b|\bduração|\bdias\b|\bduur\b|\btijd\b|\buren\b"
)
_PROPERTIES = (
    _property(
        r"dearest|priciest|costliest|most expensive|teuerste[rsnm]?|kostspieligste[rsnm]?"
        rf"|{_MORE} (?:ch(?:er|ère)s?|coûteu(?:x|ses?)|onéreu(?:x|ses?)|car[oiae]s?|costos[oaei]s?)"
        r"|duurste|dyr(?:este|ast)e?|najdroższ\w+",
        r"cheapest|least expensive|billigste[rsnm]?|günstigste[rsnm]?|preiswerteste[rsnm]?"
        rf"|{_LESS} (?:ch(?:er|ère)s?|coûteu(?:x|ses?)|car[oiae]s?|costos[oaei]s?)"
        rf"|{_MORE} (?:bon marché|barat[oa]s?|econ[óo]mic[oaie]s?|économiques?|abordables?)|goedkoopste|billigast[e]?"
        r"|najtańsz\w+|kostet(?:en)? am wenigsten|costs? (?:the )?least",
        r"\bprices?\b|\bcosts?\b|\bfees?\b|\bfares?\b|\bcharges?\b|\brents?\b|\btariffs?\b|preis|kosten|gebühr|entgelt"
        r"|\bprix\b|\bcoûts?\b|\btarifs?\b|\bfrais\b|\bprecios?\b|\bcostes?\b|\bcostos?\b|\btarifas?\b|\bprezz[oi]\b"
        r"|\bcost[oi]\b|\btariff[ae]\b|\bpreços?\b|\bcustos?\b|prijs|\bpris(?:et)?\b|\bcen[ay]\b|[€$£¥]|\beuros?\b"
        r"|\b(?:EUR|USD|GBP|CHF)\b",
    ),
    _property(
        rf"longest|längste[rsmn]?|{_MORE} (?:longs?|longues?|larg[oa]s?|lung[oaei]|long[oa]s?)|langste|længste|lengste"
        r"|najdłuższ\w+",
        rf"shortest|kürzeste[rsnm]?|{_MORE} (?:courte?s?|cort[oiae]s?|curt[oa]s?|brev[ei]s?|brèves?)|kortste|kortaste"
        r"|korteste|najkrótsz\w+",
        r"\blength|\blong\b|\bkm\b|\bmiles?\b|kilomet|länge|lang\b|\blongueur|\blongitud|\blunghezza|\bcomprimento"
        rf"|\blengte|\blängd|\blængde|\blengde|\bdistan|{_TIME}",
    ),
    _property(
        rf"tallest|höchste[rsmn]?|{_MORE} (?:hauts?|hautes?|alt[oaei]s?)",
        rf"{_MORE} (?:bas(?:se)?s?|bass[oiae]|baj[oa]s?|baix[oa]s?)",
        r"\bheight|\btall\b|höhe|\bhauteur|\baltura|\baltezza|\bhoogte|\bhøjde|\bhöjd|\bhøyde|\baltitud|\belevation",
    ),
    _property(
        rf"heaviest|schwerste[rsnm]?|{_MORE} (?:lourde?s?|pesad[oa]s?|pesant[ei])|zwaarste|tyngst[ae]?|tungeste"
        r"|najcięższ\w+",
        rf"lightest|leichteste[rsnm]?|{_MORE} (?:légers?|légères?|liger[oa]s?|legger[oiae]|leves?|livian[oa]s?)"
        r"|lichtste|lättaste|letteste|najlżejsz\w+",
        r"weight|\bmass\b|\bkg\b|\bkilo|\btonn|\btons\b|gewicht|\bmasse\b|\bpoids\b|\bpeso\b|\bvikt\b|\bvægt|\bvekt",
    ),
    _property(
        rf"fastest|quickest|schnellste[rsnm]?|{_MORE} (?:rapides?|rápid[oa]s?|veloc[ei]s?|velozes)|snelste"
        r"|snabbaste|hurtigste|raskeste|najszybsz\w+",
        rf"slowest|langsamste[rsnm]?|{_MORE} (?:lent[oeias]*s?)|traagste|langzaamste|långsammaste|langsomste"
        r"|najwolniejsz\w+",
        r"\bspeed|km/h|\bmph\b|\bknots?\b|geschwindigkeit|\btempo \(|\bvitesse|\bvelocidad|\bvelocit|\bsnelheid"
        r"|\bhastighe",
        _TIME,
    ),
    _property(
        rf"oldest|älteste[rsnm]?|{_MORE} (?:vieux|vieilles?|anciens?|anciennes?|âgée?s?|viej[oa]s?|antigu[oa]s?"
        r"|vecchi[oaei]?|antic[oaih]+e?|antig[oa]s?|velh[oa]s?)|oudste|äldst[ae]?|ældste|eldste?|najstarsz\w+",
        rf"newest|youngest|neu(?:e)?ste[rsnm]?|jüngste[rsnm]?|{_MORE} (?:jeunes?|j[óo]ven(?:es)?|giovan[ei]"
        r"|jove(?:m|ns)|récente?s?|recientes?|recent[ei]s?|nouveaux?|nouvelles?|nuev[oa]s?|nuov[oaei]|nov[oa]s?)|nieuwste|jongste"
        r"|nyast[e]?|yngst[ae]?|nyeste|najnowsz\w+|najmłodsz\w+",
        r"\bage\b|\bages\b|\bold\b|\balter\b|\bâge|\bedad\b|\betà\b|\bidade\b|\bleeftijd|\bålder|\balder\b|\bwiek\b",
        r"\bbuilt|\bfounded|\bopened|\bopening|\bestablish|\bsince\b|\byear|\bcast\b|\blaunch|\bbaujahr|\bgebaut"
        r"|\bgegründet"
        r"|\beröffnet|\bgründung|\bjahr|\bseit\b|\bann[ée]e|\bconstruit|\bfond|\bouvert|\bdepuis|\baño|\bconstru"
        r"|\bfundad|\bdesde|\banno\b|\bcostrui|\bapert|\bano\b|\bbouwjaar|\bjaar|\bbyggt|\bbygg|\bår\b|\brok\b",
    ),
)
"""The tallest is before the highest of any figure, and "highest" itself is of no property."""

_OFTEN = re.compile(
    r"\b(?:often|frequently|häufigsten|seltensten|öfte[rs]\w*|souvent|fréquemment|menudo|frecuencia|spesso|frequentemente"
    r"|vaakst|oftast|oftest)\b",
    re.IGNORECASE,
)
_SHARES = re.compile(
    r"%|\b(?:shares?|percentages?|rates?|per ?cent|anteil|quote|prozent|parts?|taux|pourcentage|porcentaje|tasa"
    r"|percentuale"
    r"|quota|tasso|percentagem|taxa|aandeel|procent|andel)\b",
    re.IGNORECASE,
)

_PLAIN = "|".join(each.great.pattern for each in _PROPERTIES)
_PLAIN_LEAST = "|".join(each.small.pattern for each in _PROPERTIES)

_MOST = re.compile(
    rf"{_PLAIN}|"
    r"\bmost\b(?!\s+(?:of|recent))|\b(?:largest|highest|biggest|greatest|maximum|top|widest|deepest|busiest"
    r"|meiste[rsn]?|größte[rsmn]?|höchste[rsmn]?|häufigste[rsmn]?"
    rf"|(?<!qué )(?:plus|más|più|mais)(?!\s+(?:(?:de|di|do)\s+\d|tarde|{_SMALL})|[^?]*\s(?:que\b|qu['’]))"
    r"|mayor(?:es)?|máxim[oa]|maggior[ei]?|maior(?:es)?|meeste?|grootste|hoogste|langste|flest[ae]?|st[öø]rst[ae]?"
    r"|h[öø](?:g|j|y)e?st[ae]?"
    rf"|najwięcej|największ\w+|najwyższ\w+)\b|(?:最も|一番|いちばん)(?:多|大き|高|長|重|速|古)"
    r"|最多|最大|最高|最長|最古|最速",
    re.IGNORECASE,
)
_LEAST = re.compile(
    rf"{_PLAIN_LEAST}|"
    r"(?<!at )\bleast\b"
    r"|\b(?:made|makes?|posted|reported|recorded|ran|had) an? (?:(?:net|operating|annual|budget) )?(?:loss|deficit)\b"
    r"|\b(?:fewest|smallest|lowest|minimum|narrowest|shallowest|rarest|wenigste[rsn]?|kleinste[rsmn]?"
    r"|niedrigste[rsmn]?|seltenste[rsmn]?"
    r"|geringste[rsmn]?|(?:moins|menos|meno)(?!\s+(?:de|di|do)\s+\d|[^?]*\s(?:que\b|qu['’]))|menor(?:es)?|mínim[oa]"
    rf"|minor[ei]?|(?:plus|más|più|mais)\s+{_SMALL}|(?<!ten )minste?(?!\s+\d)|laagste"
    r"|färst|færrest|l[aä]gst[ae]?|lavest[e]?|najmniej|najmniejsz\w+|najniższ\w+)\b"
    r"|(?:最も|一番|いちばん)(?:少な|小さ|低|安|短|軽|遅|新し)|最少|最小|最低|最短|最安|最新",
    re.IGNORECASE,
)
SUPERLATIVE = re.compile(rf"{_ASKS.pattern}|{_MOST.pattern}|{_LEAST.pattern}", re.IGNORECASE)
"""The words of a question that ask for the most or the least, which no table has."""

_FIRST_WORD = re.compile(r"\W*(?:(?:the|die|der|das|les?|la|el|los|las|il|i|de|het)\s+)?", re.IGNORECASE)
_TOP_OF_COUNT = re.compile(r"\bat most\b|\btop (?:ten|five|\d+)\b", re.IGNORECASE)


def superlative_direction(question: str) -> int:
    """Return 1 if a question asks for what has the most of something, -1 for the least, 0 for neither.

    Keywords ask, too, if the superlative is the first: "fewest umbrellas handed in".
    """
    if _TOP_OF_COUNT.search(question) is not None:
        return 0
    if _ASKS.search(question) is None and not _begins_with_superlative(question):
        return 0
    least = _LEAST.search(question)
    # "the least expensive" and "la moins chère" have both; the words for less decide
    most = _MOST.search(_LEAST.sub(" ", question))
    return (most is not None) - (least is not None)


def _begins_with_superlative(question: str) -> bool:
    start = _FIRST_WORD.match(question)
    at = start.end() if start is not None else 0
    return _MOST.match(question, at) is not None or _LEAST.match(question, at) is not None


def asks_for_time(question: str) -> bool:
    """Return whether a question asks in which year or edition something was the most or the least."""
    return _YEAR.search(question) is not None


def compares_years(question: str) -> bool:
    """Return whether a question asks in which year something was the most or the least."""
    return superlative_direction(question) != 0 and asks_for_time(question)


def is_keywords(question: str) -> bool:
    """Return whether a question has no word that asks, only a superlative at its beginning."""
    return _ASKS.search(question) is None


def without_superlatives(question: str) -> str:
    """Return a question without the words that ask for the most or the least."""
    return SUPERLATIVE.sub(" ", question)


def has_superlative(text: str, direction: int) -> bool:
    """Return whether a text says of something that it has the most (1) or the least (-1)."""
    return (_MOST if direction > 0 else _LEAST).search(text) is not None


def says_opposite(text: str, question: str, direction: int) -> bool:
    """Return whether a text has only superlatives that are opposite to that of a question, and of the same property.

    Args:
        text: A sentence.
        question: The question.
        direction: Its `superlative_direction`.
    """
    most, least = _MOST.search(_LEAST.sub(" ", text)), _LEAST.search(text)
    same, opposite = (most, least) if direction > 0 else (least, most)
    return opposite is not None and same is None and _property_of(opposite[0]) == _property_of(question)


def _property_of(text: str) -> _Property | None:
    return next((each for each in _PROPERTIES if each.great.search(text) or each.small.search(text)), None)


def column_sense(question: str, head: str) -> int | None:
    """Return how a column fits the property that the superlative of a question is of.

    Args:
        question: The question.
        head: The head of the column.

    Returns:
        1 if the greatest figure has the most of it, -1 if the least has, 0 if the column has other figures, and None if
        the superlative may be of any figures.
    """
    asked = _property_of(question)
    if asked is None:
        return None
    if asked.heads.search(head) is not None:
        return 1
    return -1 if asked.reversed_heads is not None and asked.reversed_heads.search(head) is not None else 0


def asks_for_share(question: str, head: str) -> bool:
    """Return whether a question asks what is the most often something, and a column has shares: "Returned (%)"."""
    return _OFTEN.search(question) is not None and _SHARES.search(head) is not None
