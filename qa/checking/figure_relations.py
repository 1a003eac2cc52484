"""Whether a figure of a draft and one of its source can be the same: amount, sign, unit, scale, direction, month, plan.

Prose rounds and leaves out signs and scales that tables have.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from corpus.clauses import INSTEAD_OF, MARK
from corpus.metadata.years import written_years
from corpus.vocabulary import YEAR
from qa.checking.claims import (
    WORD,
    YEAR_EARLIER,
    Claim,
    DescribedFigures,
    clause_of,
    column_of,
    is_earlier,
    is_of_year_before,
    is_part,
    is_respective,
    months_at,
    part_before,
    text_before,
    years_in_brackets,
)
from qa.editions.figures.changes import (
    AS_CHANGE,
    BEFORE_AMOUNT,
    CHANGE_VERB,
    CHANGED_BY,
    CHANGED_TO,
    DOWN_FROM,
    EXPECTED,
    FALLEN,
    MORE_THAN,
    PLAN_WORDS,
    REACH,
    REQUESTED,
    begins_change,
    comparative_direction,
    direction_of,
    ends_change,
    is_compared_with,
    last_direction,
    verb_of_amount_at_end,
    verb_of_change_at_end,
)
from qa.editions.figures.labels import TOTAL_LABEL
from qa.editions.figures.measures import find_measure, is_converted
from qa.editions.figures.quantities import Quantity, row_label
from qa.editions.figures.sentence_figures import Figure, are_opposite

SHARE_OF_WORDS = 3.0
"""Percentage points by which a share in words ("one in five", "nearly two thirds") may differ from the exact one."""

_PERCENT = re.compile(
    r"%|％|per\s?cent|pour\s?cent|por\s?cien|por\s?cento|proz|procen|prosen|bps|basis|point|punt|パー|\bpp\b|pct|proc\.",
    re.IGNORECASE,
)
"""A sign or word for per cent, without which a percentage is a fraction or a ratio in words."""

_COST = re.compile(
    r"\b(?:costs?|expens\w*|expenditures?|charges?|outlays?|payments?|depreciation|amorti[sz]ation|tax(?:es)?|wages|salaries"
    r"|\w*aufw[aä]nd\w*|aufwendungen|\w*kosten|ausgaben|abschreibung\w*|dépenses?|frais|gastos?|costes?|impuestos?)\b|費",
    re.IGNORECASE,
)
"""What a row of accounts must name so that brackets are no minus sign."""

_CHANGE_HEAD = re.compile(
    r"\b(?:changes?|growth|variation|var\.|difference|\w*änderung\w*|zuwachs|évolution|variación|variação|variazione"
    r"|verandering|förändring|ændring|endring)|増減|前年比|伸び率|[±∆Δ]",
    re.IGNORECASE,
)
"""The head of a column with amounts of change, a fall with a minus sign."""

_PLAN_HEAD = re.compile(
    rf"\W*(?:{PLAN_WORDS}|wanted|intended|promised|expected|desired|gewünscht|erwartet|voulu|souhaité|attendu|deseado|esperado)[\W\d]*",
    re.IGNORECASE,
)
"""The head of a column of plans: such a word alone, or with a year."""

_PLAN_BEFORE = re.compile(
    rf"(?:{PLAN_WORDS}(?:\s*[,:(（：]\s*|[^.;,|]{{0,30}}?\s+(?:of|was|were|is|at|von|war|ist|del?|des|du|d[ao]|di|era|van)\s+|は|\s+(?:had\s+)?(?:provided|set)\s+(?:for\s+|at\s+)?)"
    rf"|\b{INSTEAD_OF}\s+(?:(?:the|der|des|den|les|des|las?|los|el)\s+)?(?:[^\W\d_]+(?:ed|en|ten|ées?|és|d[oa]s?)\s+)?)"
    rf"{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Words before a planned amount: "against a plan of 20 million"."""

_PLANNED_AFTER = re.compile(
    r"(?:\s+[^\W\d_]+){0,5}?\s+(?:(?:is|are|were|was|(?:has|have|had)\s+been)\s+(?:planned|proposed|requested|expected|foreseen|forecast|sought|applied\s+for"
    r"|set\s+aside|budgeted|earmarked|allocated)"
    r"|(?:(?:we|it|they|which|had)\s+)+(?:hoped\s+for|expected|planned|budgeted|anticipated|forecast)"
    r"|(?:sind|ist|werden|wird|wurden?)\s+(?:geplant|beantragt|vorgesehen|erwartet|veranschlagt)"
    r"|(?:est|sont|a\s+été|ont\s+été)\s+(?:prévue?s?|demandée?s?|envisagée?s?)"
    r"|(?:está|están|fue|fueron)\s+(?:previst|solicitad|planead)\w+|(?:è|sono)\s+(?:previst|richiest)\w+|(?:is|zijn)\s+(?:gepland|aangevraagd))\b",
    re.IGNORECASE,
)
"""After an amount that is only planned or asked for: "seven further weirs are planned"."""

_RESULT = re.compile(
    r"\b(?:was|were|had|has|have|\w{3,}ed|spent|made|came|rose|fell|built|bought|sold|grew|paid|gave|took|held|cost|stood|won|drew|saw|began|ran|went|got|left|lost|met|sent|brought|found|kept|wrote|set\s+up|wurden?|waren?|hatten?|hat|haben"
    r"|stieg(?:en)?|fiel(?:en)?|sank(?:en)?|\w{3,}te[n]?|fue(?:ron)?|\w{3,}(?:ó|aron|ieron)|été|étai(?:t|ent)|a\s+\w+(?:é|i|u|is|it|int)e?s?|\w{3,}èrent|ont|stat[oaie]|ha|hanno"
    r"|werd(?:en)?)\b|た(?:[。、]|$)|った",
    re.IGNORECASE,
)
"""Words for what came about."""

_CAME_ABOUT = re.compile(
    r"\b(?:was|were|had|has|have|wurden?|waren?|hatten?|hat|haben|été|étai(?:t|ent)|fue(?:ron)?|ont|hanno|stat[oaie]|werd(?:en)?)\b",
    re.IGNORECASE,
)
"""Auxiliary verbs of what came about."""

_VOTED = re.compile(
    r"\b(?:voted|decided|approved|adopted|rejected|beschloss(?:en)?|stimmten?|billigten?|lehnten?|adopt(?:é|a|èrent)\w*"
    r"|vot(?:é|a|èrent|aron|ó)\w*|rejet(?:é|a)\w*|aprob(?:ó|aron|ad\w+)|rechaz(?:ó|aron|ad\w+)|approv(?:ò|arono|at\w+)"
    r"|respin(?:se|t\w+)|besloot|besloten|verwierp|aprov(?:ou|ad\w+)|rejeit(?:ou|ad\w+))\b",
    re.IGNORECASE,
)
"""Words for a vote, which came about, whatever is to follow from it."""

_PLAN = re.compile(
    rf"{PLAN_WORDS}|\b(?:aim(?:ed|s)?\s+(?:at|for)|set\s+aside|{INSTEAD_OF})\b",
    re.IGNORECASE,
)
"""Words for an amount that is planned or expected, not one that came about."""

_UNTIL = re.compile(
    r"\b(?:by|as\s+of|until|since|bis|seit|ab|depuis|hasta|desde)\b[^.;,]{0,30}[,\s][^.;]*$", re.IGNORECASE
)
"""A month before a figure that only limits its time: "By March it had 9 ports"."""

_NAMES_CHANGE = re.compile(r"\b(?:changes?|variations?|differences?|\w*änderung\w*)\b", re.IGNORECASE)
"""In a sentence whose "was 12" may be the amount of a change."""

_LEVEL = re.compile(
    r"\b(?:was|were|is|are|stood\s+at|amounted\s+to|totall?ed|came\s+to|reached|betrug\w*|lag(?:en)?\s+bei)\s+"
    rf"{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Before a level."""

_CLAUSE_MARK = re.compile(MARK)
_OF_EARLIER_TIME = re.compile(
    rf"\W*(?:(?:in|im|en|nel|em|the|a)\s+)*(?:(?:{YEAR_EARLIER})|{YEAR}(?:\s?[/–-]\s?\d{{2,4}})?)?\W*",
    re.IGNORECASE,
)
"""After an amount of an earlier time: nothing, or when that was."""

_SCALED, _TABLE_SCALES = 1e6, (1e3, 1e6)
"""Smallest amount that a table may state in thousands or millions, and these scales."""

_LOSS_REACH = 40
"""Characters before a figure, and a quarter as many after it, in which a word for a loss is searched."""

_LOSS = re.compile(
    r"\b(?:loss(?:es)?|lost|deficits?|negative|verlust\w*|defizit\w*|perdu|pertes?|déficit\w*|perdit[ae]|pérdidas?|verlie[sz]\w*"
    r"|in\s+the\s+red|dans\s+le\s+rouge|roten?\s+Zahlen|números\s+rojos|in\s+rosso|rode\s+cijfers)\b",
    re.IGNORECASE,
)

_VERB_BEFORE = re.compile(rf"([^\W\d_]{{3,}})\s+(at|to|by|bei|auf|um|à|de)\s+{BEFORE_AMOUNT}$", re.IGNORECASE)
"""The verb and the preposition before an amount: "peaked at", "rose to"."""


def holds(figure: Figure, other: Figure) -> bool:
    """Return whether a figure of the source makes one of the draft true, also in another unit or scale."""
    kinds = {figure.quantity.kind, other.quantity.kind}
    if len(kinds) > 1 and kinds != {"money", "count"} and not other.sentence.header:
        return False
    if (figure.quantity.kind, other.quantity.kind) == ("count", "percent") and not _RATE.search(figure.sentence.text):
        return False
    amount, stated = _in_same_kind(figure.quantity, _as_stated(other.quantity, figure))
    measure = find_measure(amount, figure.sentence.text)
    stated_measure = find_measure(stated, other.sentence.text, other.sentence.header)
    if measure is not None and stated_measure is not None and measure != stated_measure:
        return is_converted(amount, measure, stated, stated_measure)
    if measure is not None and stated_measure is None and stated.unit and not other.sentence.header:
        return False  # "412 tonnes" is not "412 containers"
    if measure is None and stated_measure is not None and _counts_things(figure, other):
        return False
    if is_share_in_words(amount) and stated.kind == "percent":
        return amount.unit == stated.unit and is_in_words_for(amount, stated.value)
    return amount.holds_for(stated) or holds_in_scale(figure, other)


def _counts_things(figure: Figure, other: Figure) -> bool:
    """Return whether a figure counts what a sentence of the source with a unit of measure does not name.

    "45,000 trees" is not "45,000 cubic metres of timber", but "45,000 burnt hectares" may be "45,000 hectares".
    """
    text, quantity = figure.sentence.text, figure.quantity
    counted = _COUNTED.match(text, quantity.end)
    if counted is None or other.sentence.header or figure.sentence.header or quantity.unit == "":
        return False
    if _PARTICIPLE.search(counted[1]) is not None or MORE_THAN.match(text, quantity.end) is not None:
        return False  # "the 1,200 planned", "nine fewer"
    if any(find_measure(replace(quantity, end=end), text) is not None for end in (counted.end(1), counted.end())):
        return False
    root = counted[1][:_MIN_ROOT].casefold()
    return root not in other.sentence.text.casefold()


_PARTICIPLE = re.compile(r"(?:ed|ées?|és|ues?|us|[ai]d[oa]s?|[ai]t[aei])$")
_COUNTED = re.compile(r"\s+([^\W\d_]{4,})(?:\s+[^\W\d_]+)?(?=\W|$)")
"""The noun after a number, and the word after it."""

_MIN_ROOT = 4
"""Letters with which two forms of a noun begin."""

_RATE = re.compile(
    r"%|％|\bindex|per\s?cent|prozent|pour\s?cent|por\s?cien|rate|share|proportion|percentage|quote|anteil|taux|\bpart\b|tasa|cuota|porcentaje|quota"
    r"|points?\b|punkte?\b|割|率",
    re.IGNORECASE,
)
"""Words of a sentence whose number without a unit may be a percentage."""


def is_in_words_for(share: Quantity, percent: float) -> bool:
    """Return whether a share in words ("one in five", "more than half") may be told of a percentage."""
    if share.bound in ("more", "minimum"):
        return share.value - _BELOW_BOUND <= percent <= share.value * _LARGER_SHARE
    if share.bound in ("less", "maximum"):
        return share.value / _LARGER_SHARE <= percent <= share.value + _BELOW_BOUND
    return abs(share.value - percent) <= min(SHARE_OF_WORDS, _SHARE_OF_SMALL * share.value)


_BELOW_BOUND = 0.5
"""Percentage points by which a percentage may be on the wrong side of a bound, since both are rounded."""

_LARGER_SHARE = 1.34
"""Largest ratio of a percentage to the share in words that it is "more than"."""

_SHARE_OF_SMALL = 0.3
"""Share of a percentage in words by which the exact one may differ: "one in ten" is 7 to 13 per cent."""


@lru_cache(maxsize=1 << 13)
def is_share_in_words(amount: Quantity) -> bool:
    """Return whether an amount is a fraction or a ratio in words: "two thirds", "one in five"."""
    return amount.kind == "percent" and _PERCENT.search(amount.text) is None


def are_opposite_directions(figure: Figure, other: Figure, stated: DescribedFigures) -> bool:
    """Return whether one figure is of a rise and the other of a fall, or of a profit and a loss.

    "A loss of 31,200" is the opposite of "a surplus of 31,200", but not of a row "Surplus" with "(31,200)". A column of
    changes tells rises and falls apart only where some have a minus sign.
    """
    if _OVERSPENT.match(figure.sentence.text, figure.quantity.end) is not None:
        return _GAIN.search(text_before(other)) is not None
    is_negative = other.quantity.value < 0
    if other.sentence.header and _CHANGE_HEAD.search(column_of(other)[1]) is not None:
        direction = _direction(figure)
        is_signed = is_negative or any(each.quantity.value < 0 for each in stated.in_column_of(other))
        shown = (-1 if is_negative else 1) if is_signed else _direction_of_row(other, stated)
        return other.quantity.value != 0 and {direction, shown} == {-1, 1}
    if any(is_respective(each.sentence.text) for each in (figure, other)):
        return False
    directions = tuple(change_of(each) or change_before(each) for each in (figure, other))
    if all(directions):
        return directions[0] != directions[1]
    return are_opposite(figure.directions, other.directions) and not (is_negative and is_called_loss(figure))


_OVERSPENT = re.compile(
    r"[^.;:]{0,20}?\s(?:more\s+than|mehr\s+als|de\s+plus\s+que|más\s+(?:que|de\s+lo\s+que)|più\s+di\s+quanto)\s+(?:[^\W\d_]+\s+){0,3}?"
    r"(?:took\s+in|earned|received|collected|income|revenues?|eingenommen|einnahm(?:en)?|Einnahmen|encaissé\w*|gagné\w*|recettes|ingres\w+|incass\w+)\b",
    re.IGNORECASE,
)
"""After the amount of a deficit: "spent 1.2 million more than it took in"."""

_GAIN = re.compile(
    r"\b(?:surplus|profit|excess|gewinn|überschuss|bénéfice|excédent|superávit|beneficios?|utile|avanzo)\b",
    re.IGNORECASE,
)


def _direction_of_row(cell: Figure, stated: DescribedFigures) -> int:
    """Return -1 for a row whose latest two columns of years show a fall, 1 for a rise, 0 if unclear."""
    dated = sorted((max(stated.years(each)), each.quantity.value) for each in stated.beside(cell) if stated.years(each))
    if len(dated) < 2 or dated[-1][0] == dated[-2][0]:
        return 0
    before, after = abs(dated[-2][1]), abs(dated[-1][1])
    return (after > before) - (after < before)


@lru_cache(maxsize=1 << 13)
def change_before(figure: Figure) -> int:
    """Return -1 for the amount or the end of a fall, by the verb before it, 1 for those of a rise, 0 for others."""
    before = text_before(figure)
    change = CHANGED_BY.search(before) or CHANGED_TO.search(before)
    return 0 if figure.sentence.header or change is None else _direction_of_verb(change[0])


def _direction_of_verb(text: str) -> int:
    """Return -1 if the last verb of a change in a text, or its noun, is one of a fall, else 1."""
    verbs = [match[0] for match in CHANGE_VERB.finditer(text)]
    return -1 if FALLEN.search(verbs[-1] if verbs else text) is not None else 1


@lru_cache(maxsize=1 << 13)  # several rules ask it of each pair of figures
def change_of(figure: Figure) -> int:
    """Return -1 for the amount of a fall ("fell by 73", "four fewer than"), 1 for that of a rise, 0 for others."""
    text = figure.sentence.text
    if figure.sentence.header:
        return 0
    than = MORE_THAN.match(text, figure.quantity.end)
    if than is not None:
        return direction_of(than[0])
    if verb := verb_of_amount_at_end(text, figure.quantity.start, figure.quantity.end):
        return direction_of(verb)
    return change_before(figure) if CHANGED_BY.search(text_before(figure)) is not None else 0


@lru_cache(maxsize=1 << 13)
def _direction(figure: Figure) -> int:
    """Return -1 for a figure of a fall, 1 for one of a rise, by its clause or else by its sentence; 0 if unclear."""
    text = figure.sentence.text
    return direction_of(clause_of(figure)) or last_direction(text[: figure.quantity.start]) or direction_of(text)


def is_in_other_month(figure: Figure, other: Figure) -> bool:
    """Return whether the clauses of two figures name different months: "nine days in May", "nine days in April"."""
    months = [months_at(each) for each in (figure, other)]
    if not months[0] or not months[1] or not months[0].isdisjoint(months[1]):
        return False
    return not any(_UNTIL.search(text_before(each)) for each in (figure, other))


def contradicts_earlier_level(figure: Figure, other: Figure, stated: DescribedFigures, claim: Claim) -> bool:
    """Return whether the row or sentence of an equal figure shows a fall where the draft has "rose to", or the reverse.

    The earlier cell is that of a year that the claim names, else the latest one before. Losses are compared without
    their signs.
    """
    told = told_direction(figure)
    years = stated.years(other)
    if not told or not other.sentence.header or not years:
        return bool(told) and not other.sentence.header and _contradicts_sentence(told, other, stated)
    head = head_words(column_of(other)[1])
    earlier = {
        max(stated.years(each)): abs(each.quantity.value)
        for each in stated.beside(other)
        if stated.years(each) and max(stated.years(each)) < max(years) and head_words(column_of(each)[1]) == head
    }
    named = claim.named_years().intersection(earlier)
    if not earlier:
        return False
    before, after = earlier[max(named or earlier)], abs(other.quantity.value)
    return before != after and (before > after) != (told < 0)


def _contradicts_sentence(told: int, other: Figure, stated: DescribedFigures) -> bool:
    """Return whether a sentence gives an earlier amount after a level, from which it went the other way, or none."""
    about = stated.text_about(other)
    if _UNCHANGED.search(about) is not None and not direction_of(about):
        return True
    following = stated.after(other)
    if following is None or change_of(other):
        return False
    if (apposed := _apposed_change(other, following)) != 0:
        return apposed != told
    is_earlier_level = years_in_brackets(following) is not None or is_of_year_before(following)
    is_earlier_level = is_earlier_level or is_compared_with(other.sentence.text, following.quantity.start)
    a, b = other.quantity, following.quantity
    is_alike = (a.kind, a.unit) == (b.kind, b.unit) or not b.unit  # "30 euros (2019: 34)"
    return is_earlier_level and is_alike and a.value != b.value and (a.value > b.value) != (told > 0)


def _apposed_change(level: Figure, change: Figure) -> int:
    """Return the direction of a change since the time before that follows a level: "86 per cent, two points fewer"."""
    between = level.sentence.text[level.quantity.end : change.quantity.start]
    if _APPOSED.fullmatch(between) is None:
        return 0
    return change_of(change) if _SINCE_BEFORE.match(level.sentence.text, change.quantity.end) is not None else 0


_UNCHANGED = re.compile(
    r"(?<!\w)(?:unchanged|(?:remained|stayed|was|held)\s+(?:stable|constant|steady|the\s+same|flat)|as\s+in\s+the\s+(?:year\s+before|previous\s+year)|unverändert|gleich\s+geblieben"
    r"|blieb(?:en)?\s+(?:gleich|stabil|konstant)|inchangée?s?|stables?|sin\s+cambios|se\s+mantuvo|estable|invariat[oaie]|stabile|inalterad[oa]s?|onveranderd|gelijk\s+gebleven)(?!\w)"
    r"|横ばい|変わら",
    re.IGNORECASE,
)
"""Words for what did not change."""

_APPOSED = re.compile(
    r"(?:\s+(?:of\s+|de\s+|der\s+|des\s+)?[^\W\d_]+){0,4}\s*[,;(–—]\s*(?:soit\s+|das\s+(?:sind|waren)\s+|i\.e\.\s+|or\s+)?"
)
_SINCE_BEFORE = re.compile(
    rf"(?:\s+[^\W\d_]+){{0,4}}?\s+(?:than|als|que|qu['’]|di|rispetto|dan|do\s+que)\s?(?:[^\W\d_]+\s+){{0,2}}?(?:{YEAR_EARLIER}|{YEAR})",
    re.IGNORECASE,
)
"""Between a level and the amount of its change, and after that: "two points fewer than a year earlier"."""


@lru_cache(maxsize=1 << 13)
def told_direction(figure: Figure) -> int:
    """Return -1 for the level to which a fall led ("fell to 12", "12, down from 14"), 1 for a rise, 0 for others."""
    if figure.sentence.header:
        return 0
    text, end = figure.sentence.text, figure.quantity.end
    to = CHANGED_TO.search(text_before(figure))
    if to is not None:
        return _direction_of_verb(to[0])
    if verb := verb_of_change_at_end(text, figure.quantity.start, end):
        return direction_of(verb)
    since = DOWN_FROM.match(text, end)
    return direction_of(since[0]) if since is not None else 0


def contradicts_itself(figure: Figure, claim: Claim) -> bool:
    """Return whether a claim tells a rise to a figure and gives a greater one for the time before, or the opposite.

    "More visitors came: 198,000, after 205,000".
    """
    text, amount = figure.sentence.text, figure.quantity
    following = claim.figures.after(figure)
    if following is None or change_of(figure) or is_earlier(figure, claim):
        return False
    earlier = following.quantity
    if (earlier.kind, earlier.unit or amount.unit) != (amount.kind, amount.unit or earlier.unit):
        return False
    told = told_direction(figure)
    if not told and amount.kind != "percent":
        told = comparative_direction(text[max(0, amount.start - REACH) : amount.start])
    if not told or earlier.value == amount.value or not is_compared_with(text, earlier.start):
        return False
    end = _CLAUSE_MARK.search(text, earlier.end)
    rest = text[earlier.end : end.start() if end is not None else len(text)].replace(earlier.counted, "", 1)
    if _OF_EARLIER_TIME.fullmatch(rest) is None:
        return False  # "compared with 500 tonnes in Norra"
    return (amount.value > earlier.value) != (told > 0)


def head_words(head: str) -> str:
    """Return the words of the head of a column in lower case, without its years."""
    return " ".join(WORD.findall(head)).casefold()


def are_opposite_ends(figure: Figure, claimed: DescribedFigures, other: Figure, stated: DescribedFigures) -> bool:
    """Return whether a change goes the other way: "from 18 to 14" in the draft, "from 14 to 18" in the source.

    The source may also have "18, against 14 in 2021", or columns of two years.
    """
    claimed_end = end_of_change(figure)
    if not claimed_end:
        return False
    other_end = "from" if claimed_end == "to" else "to"
    partners = [each.quantity for each in claimed.all if end_of_change(each) == other_end]
    return any(
        any(partner.same_value(each.quantity) for partner in partners)
        and (_is_before(other, each, stated) if claimed_end == "to" else _is_before(each, other, stated))
        for each in (stated.beside(other) if partners else ())
    )


def is_start_of_other_change(figure: Figure, other: Figure, stated: DescribedFigures) -> bool:
    """Return whether the draft has "rose to 14.8" for "fell from 14.8 to 13.1"."""
    told = told_direction(figure)
    if (
        not told
        or end_of_change(figure) == "from"
        or not begins_change(other.sentence.text, other.quantity.start, other.quantity.end)
    ):
        return False
    following = stated.after(other)
    return following is not None and told_direction(following) == -told


def _is_before(earlier: Figure, later: Figure, stated: DescribedFigures) -> bool:
    """Return whether a row or a sentence has one of two figures for an earlier time than the other."""
    if end_of_change(earlier) == "from" and end_of_change(later) == "to":
        return True
    if earlier.sentence.header:
        before, after = stated.years(earlier), stated.years(later)
        same_head = head_words(column_of(earlier)[1]) == head_words(column_of(later)[1])
        return bool(before and after) and same_head and max(before) < max(after)
    text, start = earlier.sentence.text, earlier.quantity.start
    is_earlier_time = (
        is_compared_with(text, start) or is_of_year_before(earlier) or years_in_brackets(earlier) is not None
    )
    return is_earlier_time and not end_of_change(later) and years_in_brackets(later) is None


def end_of_change(figure: Figure) -> str:
    """Return "from" or "to" for a figure with which a change begins or ends; "" for others."""
    text, amount = figure.sentence.text, figure.quantity
    if begins_change(text, amount.start, amount.end):
        return "from"
    return "to" if ends_change(text, amount.start) else ""


def holds_in_scale(figure: Figure, other: Figure) -> bool:
    """Return whether a cell of a table that does not say its unit or scale states an amount of money or a percentage.

    "$1.08 billion" of the draft may be "1,079,520" there, and "6.1 per cent" may be "6.1"; a loss may be in brackets.
    """
    amount, cell = figure.quantity, other.quantity
    if not other.sentence.header or amount.kind == "ordinal":
        return False
    if amount.kind == "count":
        return cell.kind == "percent" and not amount.unit and amount.value == cell.value
    if amount.kind == "percent":
        value = abs(cell.value) if is_called_loss(figure) else cell.value
        return cell.kind == "count" and amount.holds_for(replace(amount, value=value, bound=""))
    if cell.kind != "count" and (cell.kind, cell.unit) != (amount.kind, amount.unit):
        return False
    value = abs(cell.value) if is_called_loss(figure) else cell.value
    has_scale = abs(value) >= 10 ** (len(digits_of(other)) + 1)  # by its header
    scales = _TABLE_SCALES if abs(amount.value) >= _SCALED and not has_scale else ()
    return any(amount.holds_for(replace(amount, value=value * scale, bound="")) for scale in (1, *scales) if value)


def have_same_unit(figure: Figure, other: Figure) -> bool:
    """Return whether a figure of the source has the kind and unit of one of the draft, or is a cell without unit."""
    amount, stated = figure.quantity, other.quantity
    is_bare_cell = bool(other.sentence.header) and not stated.unit
    return amount.kind == stated.kind and (amount.unit == stated.unit or is_bare_cell)


def is_planned(figure: Figure) -> bool:
    """Return whether the head of a figure's column, or the words before it, call it planned."""
    if figure.sentence.header:
        return _PLAN_HEAD.fullmatch(column_of(figure)[1]) is not None
    return _PLAN_BEFORE.search(text_before(figure)) is not None


def has_other_verb(figure: Figure, other: Figure, stated: DescribedFigures) -> bool:
    """Return whether the draft has a figure after the verb that the source has before another figure of the sentence.

    The source has "peaked at 17.9 and stood at 16.1", the draft "peaked at 16.1".
    """
    verb, own = _verb_before(figure), _verb_before(other)
    if not verb or not own or verb == own:
        return False
    return any(
        each.quantity.kind == other.quantity.kind
        and not figure.quantity.holds_for(each.quantity)
        and _verb_before(each) == verb
        for each in stated.beside(other)
    )


@lru_cache(maxsize=1 << 13)
def _verb_before(figure: Figure) -> str:
    """Return the word before "at", "to" or "by" and a figure of a sentence, such as "peaked"; "" if there is none."""
    match = None if figure.sentence.header else _VERB_BEFORE.search(text_before(figure))
    return "" if match is None else f"{match[1]} {match[2]}".casefold()


def is_level_of_change(figure: Figure, other: Figure, stated: DescribedFigures) -> bool:
    """Return whether one of them is the amount of a change ("rose by 41") and the other a level ("was 41")."""
    if figure.quantity.kind == "percent":  # "growth was 12 percent"
        ends = [_verb_before(each).rpartition(" ")[2] for each in (figure, other)]
        return {*ends} in ({"by", "to"}, {"um", "auf"})
    if other.sentence.header and CHANGED_BY.search(text_before(figure)) is not None:
        named = f"{column_of(other)[1]} {other.quantity.counted}"
        return bool(written_years(column_of(other)[1])) and direction_of(named) == 0 and not _CHANGE_HEAD.search(named)
    is_change, is_stated_change = is_amount_of_change(figure), is_amount_of_change(other) or change_of(other) != 0
    if is_change and not is_stated_change and not is_part(other) and any(map(change_of, stated.beside(other))):
        return True  # "214 keepers, 11 fewer than" tells the level and its change
    return any(
        (is_amount_of_change(first) or change_of(first) != 0) and _is_level(second)
        for first, second in ((figure, other), (other, figure))
    )


def _is_level(figure: Figure) -> bool:
    """Return whether the words before a figure of a sentence say that it is a level, also one to which a change led."""
    if CHANGED_TO.search(text_before(figure)) is not None:
        return True
    is_of_change = any(map(any, figure.directions)) or _NAMES_CHANGE.search(figure.sentence.text) is not None
    return not is_of_change and _LEVEL.search(text_before(figure)) is not None


@lru_cache(maxsize=1 << 13)
def is_amount_of_change(figure: Figure) -> bool:
    """Return whether the words beside a figure of a sentence say that it is the amount of a change."""
    if figure.sentence.header:
        return False
    text, quantity = figure.sentence.text, figure.quantity
    is_by = _BY_BEFORE.search(text_before(figure)) is not None and _TO_AFTER.match(text, quantity.end) is not None
    is_change = is_by or AS_CHANGE.match(text, quantity.end) is not None
    return is_change or CHANGED_BY.search(text_before(figure)) is not None


_BY_BEFORE = re.compile(rf"\b(?:by|um)\s+{BEFORE_AMOUNT}$", re.IGNORECASE)
_TO_AFTER = re.compile(r"\s*(?:[^\W\d_]+\s+){0,2}?(?:to|auf)\s+\D{0,12}\d")
"""Around the amount of a change before the level to which it led: "by 3.40 to 53.20"."""


def _in_same_kind(amount: Quantity, stated: Quantity) -> tuple[Quantity, Quantity]:
    """Return two amounts, an elided unit of money added: "6.5 million" of "the 8.1 million euros"."""
    if (amount.kind, stated.kind) == ("money", "count") and _is_bare(stated):
        return amount, replace(stated, kind="money", unit=amount.unit)
    if (amount.kind, stated.kind) == ("count", "money") and _is_bare(amount):
        return replace(amount, kind="money", unit=stated.unit), stated
    return amount, stated


def _is_bare(amount: Quantity) -> bool:
    """Return whether an amount in thousands or more counts nothing that is named: "6.5 million came from"."""
    return amount.text[-1:].isalpha() and not amount.unit and abs(amount.value) >= _TABLE_SCALES[0]


def _as_stated(quantity: Quantity, claimed: Figure) -> Quantity:
    """Return an amount without its sign where prose leaves it out: costs in brackets, an amount called a loss."""
    is_cost = quantity.text.startswith("(") and _COST.search(quantity.counted) is not None
    is_loss = quantity.value < 0 and is_called_loss(claimed)
    return replace(quantity, value=abs(quantity.value)) if is_cost or is_loss else quantity


@lru_cache(maxsize=1 << 13)
def is_called_loss(figure: Figure) -> bool:
    """Return whether words beside a figure without a sign say that it is a loss, or the amount of a fall."""
    quantity, text = figure.quantity, figure.sentence.text
    if quantity.value <= 0:
        return False
    before = text[max(0, quantity.start - _LOSS_REACH) : quantity.start]
    beside = before + text[quantity.start : quantity.end + _LOSS_REACH // 4]
    return _LOSS.search(beside) is not None or _direction(figure) < 0


@lru_cache(maxsize=1 << 13)
def digits_of(figure: Figure) -> str:
    """Return the digits of a figure as they are written, without signs."""
    return "".join(filter(str.isdecimal, figure.quantity.text))


DISTINCTIVE = 3
"""Significant digits of an amount that another one seldom has by chance."""


def significant_digits(figure: Figure) -> int:
    """Return how many digits a figure is written with, without zeros at its ends."""
    return len(digits_of(figure).strip("0"))


def is_than_planned(figure: Figure) -> bool:
    """Return whether the amount of a difference is that from a plan: "four more than announced"."""
    after = re.match(r"(?:\s+[^\W\d_]+){1,7}", figure.sentence.text[figure.quantity.end :])
    return after is not None and _THAN_PLANNED.search(after[0]) is not None


_THAN_PLANNED = re.compile(
    rf"(?:{PLAN_WORDS}|\b(?:announced|expected|intended|hoped|estimated|forecast|angekündigt|erwartet|veranschlagt|annoncée?s?|estimée?s?|anunciad[oa]s?|esperad[oa]s?|annunciat[oaie]"
    r"|aangekondigd|verwacht)\b)",
    re.IGNORECASE,
)
"""Words for what had been planned, after a difference from it."""


def is_called_planned(claim: Claim) -> bool:
    """Return whether a claim has a word for an amount that is planned or expected."""
    return _has_plan(claim.dated)


@lru_cache(maxsize=256)  # asked of each figure
def _has_plan(text: str) -> bool:
    return _PLAN.search(text) is not None


def is_total(figure: Figure) -> bool:
    """Return whether a figure is in the row of a total."""
    return bool(figure.sentence.header) and TOTAL_LABEL.fullmatch(row_label(figure.sentence.text)) is not None


def is_expected(figure: Figure) -> bool:
    """Return whether the part of a sentence before a figure says that it is expected, planned or proposed."""
    if figure.sentence.header:
        return False
    if _PLANNED_AFTER.match(figure.sentence.text, figure.quantity.end) is not None:
        return True
    return not is_told_as_result(figure) and EXPECTED.search(part_before(figure)) is not None


def is_told_as_result(figure: Figure) -> bool:
    """Return whether the clause of a figure is about what came about.

    "The works, for which 850 piles have been cut, are to end in 2025".
    """
    clause = clause_of(figure)
    return (
        not figure.sentence.header
        and (_CAME_ABOUT.search(clause) is not None or _VOTED.search(clause) is not None)
        and EXPECTED.search(clause) is None
        and _PLANNED_AFTER.match(figure.sentence.text, figure.quantity.end) is None
    )


def tells_result(claim: Claim) -> bool:
    """Return whether a claim is about what came about, and has no word for what is expected or planned."""
    return _has_result(claim.dated) and not is_called_planned(claim)


@lru_cache(maxsize=256)
def _has_result(text: str) -> bool:
    is_of_plans = EXPECTED.search(text) is not None or REQUESTED.search(text) is not None
    return _RESULT.search(text) is not None and not is_of_plans
