"""Whether a draft says that a goal was reached, or a limit kept, of which its source tells the opposite.

A source says so in words ("we missed our target"), or has both amounts: "9.8 minutes, against a target of 8 minutes".
Whether a greater amount is better follows from what is measured. Words of all languages are read together, so that a
draft may be in another language than its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from corpus.clauses import CONTRACTED_NOT, NEGATIONS
from qa.checking.claims import Claim, DescribedFigures, part_before, text_before
from qa.checking.figure_relations import change_of, end_of_change, have_same_unit, is_planned
from qa.editions.figures.measures import find_measure
from qa.editions.figures.sentence_figures import Figure

_GOAL = re.compile(
    r"\b(?:goals?|targets?|objectives?|aim(?:ed|s)?|hoped|plan(?:ned)?|\w*[Zz]iel(?:e|s|es|wert|marke)?|vorgaben?|angestrebt\w*|geplant\w*|objectifs?|visée?s?"
    r"|objetivos?|metas?|previst[oaie]s?|prévue?s?|obiettiv[oi]|doel(?:en|stelling(?:en)?)?|mål(?:et|en)?)\b|目標|计划|目标",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:budget(?:s|ed)?|ceilings?|caps?|limits?|maxim(?:um|a)|allowances?|allocations?|\w*obergrenzen?|\w*grenzwerte?s?|budgets?|haushaltsansatz\w*"
    r"|plafonds?|limites?|seuils?|presupuest\w+|límites?|topes?|orçament\w+|tetos?|tett[oi]|limit[ei]|begroting|plafond|grenswaarden?)\b|予算|上限",
    re.IGNORECASE,
)
"""What an amount should reach, and what it should not exceed."""

_REACHED = re.compile(
    r"(?<!\w)(?:reach(?:ed|es|ing)?|met(?=\s+(?:its|the|their|our|all|both|this|that|his|her|every)\b)|(?<=\bwas\s)met|(?<=\bwere\s)met|(?<=\bbeen\s)met|met(?=\s*(?:[,.;:]|$))"
    r"|meets?|meeting|achiev(?:ed|es|ing)|attain(?:ed|s)|fulfilled|hit(?=\s+(?:its|the|their|our)\b)|(?<=\bwas\s)hit|delivered"
    r"|erreicht\w*|erfüll\w*|eingehalten|atteint\w*|atteign\w+|rempli\w*|respect\w+|alcanz\w+|cumpl\w+|cumpri\w+|logr\w+|raggiun\w+|atingi\w+|alcançad\w+|behaald|gehaald|bereikt"
    r"|nådde\w*|nåtts|uppnådd\w*)(?!\w)|達成",
    re.IGNORECASE,
)
_EXCEEDED = re.compile(
    r"(?<!\w)(?:exceed\w*|surpass\w*|beat(?:en|s)?|outperformed|overran|overrun|overshot|overspent|better\s+than|ahead\s+of|übertr(?:af\w*|offen\w*)|überschritten|überstieg\w*"
    r"|überzogen|dépass\w+|super(?:ó|ad\w+|aron|at[oaei])|rebas\w+|excedi\w+|ultrapass\w+|overtroffen|overschreden)(?!\w)|上回|超え",
    re.IGNORECASE,
)
_MISSED = re.compile(
    r"(?<!\w)(?:miss(?:ed|es|ing)?|(?:falls?|fell|fallen|falling|just|well|far|still|slightly|narrowly|were|was|is)\s+short|short\s+of|fail(?:ed|s|ing)?\s+to\s+(?:reach|meet|achieve|attain)"
    r"|verfehl\w*|(?:nicht|nie)\s+(?:ganz\s+)?erreicht|manqu\w+|raté\w*|en\s+deçà|incumpl\w+|no\s+(?:se\s+)?(?:alcanz|cumpl|logr)\w+|mancat\w+|falhad\w+|gemist)(?!\w)|未達|届か",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"(?<!\w)(?:kept\s+(?:to|within)|(?:stayed|remained|was|were|came\s+in|ended)\s+(?:within|under|below|inside)|within|complied|eingehalten|im\s+Rahmen|respect\w+|dans\s+la\s+limite"
    r"|dentro\s+del?|respetó|respetad\w+|rispettat\w+|dentro\s+d[oa]|binnen)(?!\w)",
    re.IGNORECASE,
)
"""Verbs for reaching, passing and missing a goal, and for keeping to a limit."""

_VERB_NEGATIONS = sorted({word for negations in NEGATIONS.values() for word in negations.verb})
_NOT = re.compile(
    rf"(?<!\w)(?:{'|'.join(_VERB_NEGATIONS)}|{CONTRACTED_NOT})\s+(?:[^\W\d_]+\s+){{0,2}}?$", re.IGNORECASE
)
"""A negation before a verb."""

_SHORT = re.compile(r"(?<!\w)(?:short\s+of|zu\s+wenig|en\s+deçà|tekort)(?!\w)", re.IGNORECASE)
_BELOW = re.compile(
    r"(?<!\w)(?:below|under|beneath|less\s+than|fewer\s+than|lower\s+than|unter(?:halb)?|weniger\s+als|en[\s-]dessous|au-dessous|inférieur\w*|moins\s+que|por\s+debajo|inferior\w*"
    r"|menos\s+que|sotto|inferiore|meno\s+di|abaixo|onder|lager\s+dan|under)(?!\w)|下回",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"(?<!\w)(?:above|over|more\s+than|higher\s+than|exceed\w*|über(?!\w)|oberhalb|mehr\s+als|au-dessus|supérieur\w*|plus\s+que|por\s+encima|superior\w*|más\s+que|sopra|superiore"
    r"|più\s+di|acima|boven|hoger\s+dan|över)(?!\w)|上回",
    re.IGNORECASE,
)
"""Before a goal: words for a smaller and a greater amount than it."""

_LESS_IS_BETTER = re.compile(
    r"(?<!\w)(?:wait\w*|respon[sd]\w*|delay\w*|late(?:ness)?|leak\w*|loss(?:es)?|emissions?|emitted|accidents?|injur\w*|deaths?|died|fatalit\w*|complain\w*|absen(?:ce|t)\w*"
    r"|sick\w*|errors?|faults?|failures?|crimes?|offences?|offenses?|burglar\w*|waste|costs?|spen[dt]\w*|expenditure|expens\w*|deficit|debts?|vacanc\w*|backlogs?|arrears|consumption"
    r"|unemploy\w*|poverty|inflation|drop-?outs?|infections?|interruptions?|outages?|pollution|noise|mortality|turnaround|downtime|handovers?|processing\s+times?"
    r"|\w*warte\w*|\w*verspätung\w*|\w*verlust\w*|\w*emission\w*|\w*unf[aä]ll\w*|verletzt\w*|todesf\w*|beschwerde\w*|fehl(?:er|zeit|tag|quote)\w*|\w*kranken(?:stand|quote)|straftat\w*|\w*kosten"
    r"|\w*ausgaben|defizit|schulden|rückst\w*|\w*arbeitslos\w*|armut|\w*abf[aä]ll\w*|\w*verbrauch\w*|störung\w*|\w*ausf[aä]ll\w*|leerstand|\w*dauer"
    r"|attente|délais?|retards?|pertes?|fuites?|émissions?|blessé\w*|mort\w*|décès|plaintes?|réclamations?|absentéisme|erreurs?|pannes?|déchets?|coûts?|dépens\w*|déficit|dette"
    r"|chômage|pauvreté|consommation|espera(?=\s)|retras\w*|demoras?|pérdidas?|fugas?|emisiones|accidentes?|herid\w*|muert\w*|quejas?|reclamaciones|absentismo|errores|averías?"
    r"|residuos|cost[eo]s?|gast\w*|deuda|paro|desempleo|pobreza|consumo|attes[ae]|ritard\w*|perdit[ae]|emissioni|incidenti|reclami|cost[oi]|spes[ae]|debito|disoccupazione|consumi"
    r"|espera|atrasos?|perdas?|emissões|acidentes|reclamações|custos?|despesas?|dívida|desemprego|wacht\w*|vertraging\w*|verlies|verliezen|uitstoot|ongevallen|klachten|verzuim|kosten"
    r"|schuld|werkloosheid|verbruik)(?!\w)|待ち|遅延|事故|苦情|費用|排出",
    re.IGNORECASE,
)
"""Words for what should be little."""

_MORE_IS_BETTER = re.compile(
    r"(?<!\w)(?:recycl\w*|recover\w*|clear\w*|answered|reduc\w*|reduk\w*|réduc\w*|réduit\w*|savings?|saved|einspar\w*|économies|ahorr\w*|on\s+time|punctual\w*|pünktlich\w*|ponctualité|puntual\w*"
    r"|satisf\w*|zufrieden\w*|resolved|closed|coverage|prevent\w*|avoid\w*|vermeid\w*|évit\w*|evit\w*|riduzion\w*|redução|geschlossen|share\s+of\s+\w+\s+(?:answered|completed))(?!\w)",
    re.IGNORECASE,
)
"""Words for what should be much though it is done with something that should be little: "waste recycled"."""


def is_goal_told_otherwise(
    figure: Figure, claim: Claim, equal: Figure, stated: DescribedFigures, following: str
) -> bool:
    """Return whether a claim says that a goal was reached which the source calls missed, or the other way round.

    Args:
        figure: A figure of the claim.
        claim: Its sentence.
        equal: The equal figure of the source.
        stated: The figures of the source.
        following: The sentence of the source after that of the equal figure, "" if it is about something else.
    """
    told = _told_attainment(figure.sentence.text, claim.figures, figure)
    if not told and is_goal(equal) and _REACHED.search(claim.figures.text_about(figure)) is not None:
        told = 1  # "it reached 3,500 volunteers" of a goal of 3,500
    if not told:
        return False
    theirs = _attainment_by_amounts(equal, stated)
    if not theirs and not equal.sentence.header:
        theirs = _told_attainment(equal.sentence.text, stated, equal) or attainment(following)
    return told * theirs < 0


def mentions_goal(text: str) -> bool:
    """Return whether a text has a word for a goal, a plan or a limit."""
    return _GOAL.search(text) is not None or _LIMIT.search(text) is not None


def attainment(text: str) -> int:
    """Return 1 for a text about a goal that was reached or a limit that was kept, -1 for the opposite, 0 for others."""
    if _LIMIT.search(text) is not None:
        if (exceeded := _EXCEEDED.search(text)) is not None:
            return 1 if _NOT.search(text, 0, exceeded.start()) is not None else -1
        return 1 if _KEPT.search(text) is not None else 0
    if _MISSED.search(text) is not None:
        return -1
    if _GOAL.search(text) is None:
        return 0
    verb = _REACHED.search(text) or _EXCEEDED.search(text)
    if verb is None:
        return 0
    return -1 if _NOT.search(text, 0, verb.start()) is not None else 1


def _told_attainment(text: str, figures: DescribedFigures, figure: Figure) -> int:
    """Return whether a sentence says of a figure that its goal was reached: the part of it around the figure."""
    return _attainment_around(text, part_before(figure), figures.text_about(figure))


@lru_cache(maxsize=1024)
def _attainment_around(text: str, before: str, about: str) -> int:
    return attainment(about) or attainment(text[text.find(before) :])


def _attainment_by_amounts(figure: Figure, stated: DescribedFigures) -> int:
    """Return whether the result of a sentence or row reached its goal, if a figure is one of both."""
    goals = [each for each in stated.beside(figure) if is_goal(each)]
    if len(goals) != 1 or end_of_change(figure):
        return 0
    (goal,) = goals
    results = list(_results(goal, stated))
    if not results or figure not in (goal, results[0]):
        return 0
    difference = results[0].quantity.value - goal.quantity.value
    return 1 if not difference else _better(goal) * (1 if difference > 0 else -1)


def is_goal(figure: Figure) -> bool:
    """Return whether a figure is what another should reach or should not exceed."""
    if is_planned(figure):
        return True
    if figure.sentence.header:
        return False
    before, text, end = text_before(figure), figure.sentence.text, figure.quantity.end
    after = re.match(r"(?:\s+[^\W\d_]+){0,5}", text[end:])
    is_aimed_at = after is not None and _AIMED_AT.search(after[0]) is not None
    return is_aimed_at or _GOAL_BEFORE.search(before) is not None


_AIMED_AT = re.compile(
    r"\b(?:aimed\s+(?:for|at)|hoped\s+for|planned|targeted|angestrebt\w*|geplant\w*|vorgesehen\w*|visée?s?|prévue?s?|espérée?s?|previst[oaie]s?|esperad[oa]s?)\b",
    re.IGNORECASE,
)
_GOAL_BEFORE = re.compile(
    rf"(?:{_GOAL.pattern}|{_LIMIT.pattern})(?:\s+[^\W\d_]+){{0,4}}\s+[^\W\d_]*\W?$", re.IGNORECASE
)
"""Beside an amount that was aimed at."""


def _results(goal: Figure, stated: DescribedFigures) -> Iterator[Figure]:
    """Yield what came about beside a goal, the latest column of a row or the nearest figure before it first."""
    beside = [
        each
        for each in stated.beside(goal)
        if each != goal and not is_goal(each) and not _is_difference(each) and have_same_unit(each, goal)
    ]
    if goal.sentence.header:
        dated = [each for each in beside if stated.years(each)]
        yield from sorted(dated, key=lambda each: -max(stated.years(each))) if dated else beside[: len(beside) == 1]
        return
    yield from sorted(beside, key=lambda each: (each.start > goal.start, abs(each.start - goal.start)))


def _is_difference(figure: Figure) -> bool:
    """Return whether a figure is the amount of a change, or that by which a goal was missed: "0.4 million above"."""
    if change_of(figure) or figure.sentence.header:
        return bool(change_of(figure))
    text, end = figure.sentence.text, figure.quantity.end
    after = re.match(r"(?:\s+[^\W\d_]+){0,6}", text[end:])
    return after is not None and any(pattern.search(after[0]) for pattern in (_ABOVE, _BELOW, _SHORT))


def _better(goal: Figure) -> int:
    """Return 1 if more than a goal is better than less, -1 if less is, 0 if that is unknown."""
    text = goal.sentence.text
    if _LIMIT.search(text_before(goal)[-40:]) is not None:
        return -1
    if _LESS_IS_BETTER.search(text) is not None or _MORE_IS_BETTER.search(text) is not None:
        return better_direction(text)
    measure = None if goal.sentence.header else find_measure(goal.quantity, text)
    return 0 if measure is not None and measure.dimension == "time" else 1


def better_direction(text: str) -> int:
    """Return 1 for a text about what should be much, -1 for what should be little, 0 if its words do not tell."""
    less, more = _LESS_IS_BETTER.search(text) is not None, _MORE_IS_BETTER.search(text) is not None
    return more - less
