"""Differences that a draft calculates from two amounts of its source: to the year before, a target, a whole, a vote.

"Waited eleven hours longer" follows from "19 hours; in 2020 it had been eight", "0.8 million unspent" from "20.6 of
21.4 million", "by three votes" from "34 to 31".
The words of the draft say that its figure is a difference, and of what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Literal, NamedTuple

from corpus.metadata.years import written_years
from qa.checking.calculated_figures import find_calculation
from qa.checking.claims import (
    YEAR_EARLIER,
    Claim,
    DescribedFigures,
    clause_of,
    is_of_year_before,
    label_terms,
    sentence_terms_of,
    text_before,
    years_in_brackets,
)
from qa.checking.figure_relations import (
    change_of,
    holds,
    is_called_planned,
    is_planned,
)
from qa.editions.figures.changes import BEFORE_AMOUNT, begins_change, tells_plan
from qa.editions.figures.measures import Measure, find_measure
from qa.editions.figures.sentence_figures import Figure, is_in_earlier_column

Base = Literal["year", "plan", "rest", "vote", ""]
"""What a difference is to: the year before, a plan or target, what was used of a whole, the other side of a vote."""

_MAX_FIGURES = 24
"""Figures of a sentence, a row or a column, at most, that are compared two by two."""

_MAX_NEAR = 60
"""Figures near to a claim, at most, whose partners are searched."""

_WORDS = r"(?:[\s\u00a0]+(?!(?:and|und|et|y|e|en|or|oder|ou|o)\b)[^\W\d_]+(?:[-'’][^\W\d_]+)*){0,6}?[\s\u00a0]+"

_AFTER = re.compile(
    rf"{_WORDS}(?:(?P<more>more|longer|higher|better|greater|larger|later|older|above|over\s+(?:the|its|their|what)|beyond|ahead|faster|slower|heavier|too\s+(?:many|much|long)"
    r"|mehr|länger|höher|besser|größer|später|älter|teurer|langsamer|über\s+de[mnr]|zu\s+(?:viel|lang)\w*"
    r"|(?:de|en)\s+(?:plus|trop)|supplémentaires?|au[-\s](?:dessus|delà)|mieux|más|de\s+más|por\s+encima|in\s+più|di\s+più|al\s+di\s+sopra|a\s+mais|mais|acima"
    r"|meer|langer|hoger|later|groter|boven)"
    r"|(?P<less>fewer|less|worse|shorter|lower|smaller|earlier|below|under\s+(?:the|its|their|what)|short\s+of|behind|quicker"
    r"|weniger|kürzer|schlechter|niedriger|geringer|kleiner|früher|billiger|unter\s+de[mnr]|zu\s+wenig\w*"
    r"|de\s+moins|en\s+moins|sous\s+(?:l['’]|le|la|son|sa|ses)|au[-\s]dessous|en\s+dessous|gagnée?s|menos|por\s+debajo|in\s+meno|di\s+meno|al\s+di\s+sotto|a\s+menos|abaixo"
    r"|minder|korter|lager|eerder|kleiner|onder)"
    r"|(?P<rest>unspent|unused|left(?:\s+over)?|remain(?:ed|ing|s)?|übrig|ungenutzt|offen|(?:nicht|non|not|niet|pas|sin|sem)\s+(?:ausgegeben|dépensée?s?|spent|spes[aie]|uitgegeven|gastar\w*|gast[oa]s?)"
    r"|(?:n['’](?:a|ont)\s+pas\s+été)\s+(?:dépens|utilis)\w+|restante?s?|sobrante?s?|rimast[aeio]|overgebleven|por\s+gastar)"
    r"|(?P<gap>differences?|majority|margin|gap|lead|apart|Unterschied|Differenz|Abstand|Vorsprung|Mehrheit|d['’](?:écart|avance)|de\s+(?:différence|diferencia|ventaja|margen|retard|diferença|margem)"
    r"|di\s+(?:differenza|scarto|vantaggio)|verschil|voorsprong))(?![^\W\d_])",
    re.IGNORECASE,
)
"""After a difference."""

_WITHIN = r"[^.;:\d]{0,60}?"
_BEFORE = re.compile(
    rf"(?:(?P<gap>\b(?:difference|gap|margin|majority|lead|distance|shortfall|overrun|Abstand|Unterschied|Differenz|Vorsprung|Mehrheit|écart|différence|avance|distancia|diferencia|ventaja"
    rf"|differenza|distanza|scarto|vantaggio|verschil|voorsprong|diferença|distância)\b{_WITHIN}\s(?:of|was|is|von|beträgt|betrug|war|ist|de|est|était|es|fue|di|è|era|van|é|foi)\s+(?:de\s+|di\s+)?)"
    rf"|(?P<more>\b(?:exceed\w*|overshot|overspent|überschritt\w*|überstieg\w*|dépass\w*|superó|superaron|excedió|supera(?:to|va)|superou|overschre\w+){_WITHIN}\s(?:by|um|de|en|di|met|em)\s+)"
    rf"|(?P<less>\b(?:missed|fell\s+short|verfehl\w*|unterschritt\w*|(?:il\s+)?manqu\w+|se\s+quedó|quedaron|faltaron|faltó|mancav\w+|mancano|ontbraken|faltaram|faltou|fehl(?:t|en|te|ten)|short\s+by){_WITHIN}\s(?:(?:by|um|de|a|di|met)\s+)?)"
    rf"|(?P<rest>\b(?:sobraron|sobró|blieb(?:en)?|reste(?:nt)?|avanz\w+|sobraram|sobrou|bleven|leaving|left){_WITHIN}\s?)"
    rf"){BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before a difference."""

_PLAN = re.compile(
    r"\b(?:promis\w*|promet\w*|ask(?:ed|ing)|demand(?:ed|é\w*)?|wanted|hoped|feared|befürchtet|versprochen|gefordert|verlangt|erwartet|limit|Grenzwert\w*|limite|norma?\b|intended|vorgesehen|budgété\w*|beloofd|prometid\w*|previst\w*|expected|required)\b",
    re.IGNORECASE,
)
"""Further words for a planned, wanted or feared amount."""

_VOTES = re.compile(r"\b(?:votes?|voices|Stimmen|voix|votos?|voti|stemmen)\b", re.IGNORECASE)
TO_SCORE = re.compile(
    r"(?:-|\s+(?:votes?|Stimmen|voix|votos?|voti|stemmen|Richter|judges?|members?)\s+|\s+)"
    r"(?:to|zu|gegen|contre|contra|contro|tegen|a|à|against|frente\s+a|mot)[\s-]+(?:the\s+)?",
    re.IGNORECASE,
)
"""Between the two numbers of a vote or result: "nine votes to four"."""

_OF_WHOLE = re.compile(
    r"[^.;:\d]{0,30}?\b(?:of|out\s+of|von|vom|des|sur|de|del|di|su|van|em|dos?)\b[^.;:\d]{0,30}", re.IGNORECASE
)
_LINK_IN_PLACE = re.compile(
    r"\b(?:than\s|als\s|que\s|qu['’]|che\s|dan\s)\s*(?:(?:in|im|en|nel|em)\s+)?(?:19|20)\d\d\b", re.IGNORECASE
)
"""After a difference to an earlier year: "than in 2021"."""

_POINTS = re.compile(r"(?:[\s\u00a0]*|-)(?:points?|Punkte?n?|punt[ioen]+s?|pontos?|puntos?)(?!\w)", re.IGNORECASE)
"""After a number of percentage points: "34 puntos"."""


class Difference(NamedTuple):
    """What the words of a claim say of a difference."""

    base: Base
    direction: int
    """1 for what is more, -1 for what is less, 0 if that is not told."""


def find_difference_words(figure: Figure, claim: Claim) -> Difference | None:
    """Return what the words beside a figure of a draft say of a difference; None for other figures."""
    amount, text = figure.quantity, figure.sentence.text
    if figure.sentence.header or amount.upper is not None or (amount.kind == "percent" and amount.unit == "%"):
        return None
    after, before = _AFTER.match(text, amount.end), _BEFORE.search(text_before(figure))
    if after is None and before is None and find_calculation(figure) != "difference":
        return None
    told = change_of(figure)
    groups = {match.lastgroup for match in (after, before) if match is not None}
    direction = told or (1 if groups == {"more"} else -1 if groups == {"less"} else 0)
    clause = clause_of(figure)
    if _VOTES.search(text, amount.end, amount.end + _VOTES_REACH) is not None and groups - {"rest"}:
        return Difference("vote", 0)
    if is_called_planned(claim) or _PLAN.search(text) is not None:
        return Difference("rest" if groups == {"rest"} else "plan", direction)
    if "rest" in groups:
        return Difference("rest", 0)
    is_of_year = re.search(YEAR_EARLIER, text, re.IGNORECASE) is not None or _LINK_IN_PLACE.search(clause) is not None
    return Difference("year" if is_of_year else "", direction)


_VOTES_REACH = 20


def find_difference(
    figure: Figure, difference: Difference, claim: Claim, stated: DescribedFigures, near: Sequence[Figure]
) -> tuple[bool, Figure] | None:
    """Return whether a figure is the difference of two amounts of the source, and one of these; None if unclear.

    It is certainly wrong if a sentence or row that the claim names has the two amounts that its words tell apart, with
    the same unit, and no such pair has this difference.

    Args:
        figure: A figure of the draft.
        difference: What the words beside it say.
        claim: Its sentence.
        stated: The figures of the source.
        near: Those of sentences and rows near to the claim, the nearest first.
    """
    wrong: Figure | None = None
    measure = _measure_of(figure)
    for first, second, is_certain in _pairs(figure, difference, claim, stated, near[:_MAX_NEAR]):
        if not _are_comparable(figure, measure, first, second):
            continue
        value = round(first.quantity.value - second.quantity.value, 6)
        if value == 0 or value * difference.direction < 0:
            continue
        if _is_amount(figure, first, abs(value)):
            return True, first
        if is_certain and not claim.is_translated:
            wrong = wrong or first
    return (False, wrong) if wrong is not None else None


def _measure_of(figure: Figure) -> Measure | None:
    return find_measure(figure.quantity, figure.sentence.text, figure.sentence.header)


def _are_points(figure: Figure) -> bool:
    """Return whether a figure is a number of percentage points."""
    if figure.quantity.unit == "pp":
        return True
    return figure.quantity.kind == "count" and _POINTS.match(figure.sentence.text, figure.quantity.end) is not None


def _are_comparable(figure: Figure, measure: Measure | None, first: Figure, second: Figure) -> bool:
    """Return whether two amounts have one unit, and that of the difference between them."""
    a, b = first.quantity, second.quantity
    if a.upper is not None or b.upper is not None:
        return False
    if _are_points(figure):
        kinds = {(each.kind, each.unit) for each in (a, b)}
        if kinds == {("count", "")}:
            return bool(first.sentence.header and second.sentence.header)
        return kinds <= {("percent", "%"), ("count", "")}
    if "percent" in (a.kind, b.kind):
        return False
    if "money" in (a.kind, b.kind, figure.quantity.kind):
        units = {each.unit for each in (a, b, figure.quantity) if each.kind == "money"}
        return len(units) == 1 and all(
            each.quantity.kind == "money" or bool(each.sentence.header) or _is_elided(each) for each in (first, second)
        )
    measures = [_measure_of(each) for each in (first, second)]
    if measure is None:
        return measures[0] == measures[1]
    if first.sentence.header:
        return measures[0] in (None, measure) and measures[0] == measures[1]
    return measure in measures and set(measures) <= {measure, None if first.position == second.position else measure}


def _is_elided(figure: Figure) -> bool:
    """Return whether an amount with a scale leaves out its unit: "17.5 million"."""
    return not figure.quantity.unit and figure.quantity.text[-1:].isalpha()


def _is_amount(figure: Figure, first: Figure, value: float) -> bool:
    """Return whether a difference is that of a claim, rounded as it is there."""
    if _are_points(figure):
        amount = figure.quantity
        exact = replace(amount, value=value, bound="", upper=None)
        is_more = amount.bound in ("more", "minimum") and amount.value <= value <= amount.value + 1
        return amount.holds_for(exact) or is_more
    result = first.with_value(value)
    if figure.quantity.kind == "money" and first.quantity.kind == "count":
        result = replace(result, quantity=replace(result.quantity, kind="money", unit=figure.quantity.unit))
    return holds(figure, result)


def _pairs(
    figure: Figure, difference: Difference, claim: Claim, stated: DescribedFigures, near: Sequence[Figure]
) -> Iterator[tuple[Figure, Figure, bool]]:
    """Yield amounts of the source that the claim names, and whether both are surely meant.

    The difference of the first and the second one has the direction of the claim.
    """
    for first in near:
        if (change_of(first) and not _are_points(figure)) or first.quantity.kind == "ordinal":
            continue
        if first.sentence.header:
            yield from _of_row(first, difference, claim, stated)
            if difference.base in ("", "plan"):
                yield from _of_column(first, claim, stated)
        elif claim.is_translated or claim.words & sentence_terms_of(first, claim.language):
            yield from _of_sentence(figure, first, difference, claim, stated)


def _of_sentence(
    figure: Figure, first: Figure, difference: Difference, claim: Claim, stated: DescribedFigures
) -> Iterator[tuple[Figure, Figure, bool]]:
    """Yield pairs of a figure of a sentence and one beside it, or in the next sentence."""
    said = claim.words_of(figure) or claim.words
    beside = [*stated.beside(first)[:_MAX_FIGURES], *stated.in_next_sentence(first)[:_MAX_FIGURES]]
    for second in beside:
        is_together = second.position == first.position
        if second == first or second.sentence.header or (change_of(second) and not _are_points(figure)):
            continue
        if not is_together and second.sentence.document != first.sentence.document:
            continue
        base = _base_of(first, second, claim)
        if base and base == difference.base:
            is_named = len(said & sentence_terms_of(first, claim.language)) > 1
            yield first, second, is_named and is_together
        elif base == "plan-reversed" and difference.base in ("plan", "rest"):
            yield second, first, False
        elif difference.base == "" and is_together and base in ("year", "vote"):
            yield first, second, False
        elif difference.base == "plan" and not is_together and (_calls_plan(second) or _calls_plan(first)):
            yield (first, second, False) if _calls_plan(second) else (second, first, False)
        elif difference.base == "rest" and base == "plan":
            yield second, first, False


def _base_of(first: Figure, second: Figure, claim: Claim) -> str:
    """Return what the second figure of a sentence is to the first one, "" if the sentence does not tell."""
    if first.position != second.position:
        return ""
    text, a, b = first.sentence.text, first.quantity, second.quantity
    if a.kind == b.kind == "count" and TO_SCORE.fullmatch(text, min(a.end, b.end), max(a.start, b.start)) is not None:
        return "vote"
    if b.end <= a.start and b.value < a.value and _OF_WHOLE.fullmatch(text, b.end, a.start) is not None:
        return "rest"
    if _is_earlier(second, claim) and not _is_earlier(first, claim):
        return "year"
    if _calls_plan(second) and not _calls_plan(first):
        return "plan"
    if _calls_plan(first) and not _calls_plan(second):
        return "plan-reversed"
    return ""


def _is_earlier(figure: Figure, claim: Claim) -> bool:
    """Return whether a figure of a sentence is of an earlier time than the source is about."""
    text, amount = figure.sentence.text, figure.quantity
    if begins_change(text, amount.start, amount.end) or is_of_year_before(figure) or years_in_brackets(figure):
        return True
    years = written_years(clause_of(figure))
    return bool(years) and bool(claim.latest) and max(years) < claim.latest


def _calls_plan(figure: Figure) -> bool:
    """Return whether the words beside a figure call it planned, promised, asked for or feared."""
    if is_planned(figure):
        return True
    text, amount = figure.sentence.text, figure.quantity
    start = max(0, amount.start - _PLAN_REACH)
    last = max((match.end() for match in re.finditer(r"\d|[.;](?=\s)", text[start : amount.start])), default=0)
    before = text[start + last : amount.start]
    after = re.split(r"[.;:,]\s|[\d(]", text[amount.end : amount.end + _PLAN_REACH], maxsplit=1)[0]
    return tells_plan(f"{before} {after}") or _PLAN.search(f"{before} {after}") is not None


_PLAN_REACH = 45


def _of_row(
    first: Figure, difference: Difference, claim: Claim, stated: DescribedFigures
) -> Iterator[tuple[Figure, Figure, bool]]:
    """Yield the cell of the year described of a row that the claim names with those of earlier years or of the plan."""
    label = label_terms(first, claim.language)
    named = label & claim.words
    is_named = claim.names_row(first) or (bool(named) and any(holds(each, first) for each in claim.figures.all))
    if not is_named:
        return
    years = stated.years(first)
    if is_planned(first) or (is_in_earlier_column(first) and not years & claim.named_years()):
        return
    for second in stated.beside(first)[:_MAX_FIGURES]:
        if second == first:
            continue
        of_second = stated.years(second)
        if difference.base in ("plan", "rest"):
            if is_planned(second):
                yield (first, second, False) if difference.base == "plan" else (second, first, False)
        elif of_second and years and max(of_second) < max(years):
            is_next = max(years) - max(of_second) == 1
            if is_next or max(of_second) in claim.named_years():
                is_certain = difference.base == "year" and is_next and label <= claim.words and bool(label)
                yield first, second, is_certain and not claim.named_years() - years - of_second


def _of_column(first: Figure, claim: Claim, stated: DescribedFigures) -> Iterator[tuple[Figure, Figure, bool]]:
    """Yield cells of two rows that the claim names, in the column of the year described."""
    language = claim.language
    label = label_terms(first, language)
    own = label & claim.words
    if not claim.names_row(first) or is_in_earlier_column(first):
        return
    others = []
    for second in stated.in_column_of(first):
        of_second = label_terms(second, language)
        named = of_second & claim.words
        if named - label and own - of_second and claim.names_row(second):
            others.append(second)
    for a, b in permutations([first, *others[:_MAX_FIGURES]], 2):
        if first in (a, b):
            yield a, b, False
