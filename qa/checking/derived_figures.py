"""Figures of a draft that its source states in other words: the rest of a whole, a difference of two editions, a vote.

They are searched where the source states no equal figure. What follows from the words of the source agrees with it;
what may follow from figures of the source by a calculation that its words do not tell cannot be checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, permutations

from corpus.clauses import AND, MARK
from corpus.translation import gettext_noop
from corpus.vocabulary import AMBIGUOUS_MONTHS, DAY_SUFFIX, MONTH, MONTHS, YEAR
from index.lexical.analysis import ROOT, common_beginning, terms
from qa.checking.calculated_figures import calculate, find_calculation, rounds_to
from qa.checking.claims import Claim, DescribedFigures, clause_of, column_of, is_part, label_terms
from qa.checking.differences import TO_SCORE, find_difference, find_difference_words
from qa.checking.figure_matching import MAY_BE_CALCULATED, SURELY_SAME_SUBJECT, FigureMatch
from qa.checking.figure_relations import (
    DISTINCTIVE,
    change_of,
    digits_of,
    end_of_change,
    have_same_unit,
    head_words,
    holds,
    is_amount_of_change,
    is_called_planned,
    is_share_in_words,
    significant_digits,
    told_direction,
)
from qa.checking.mismatches import SourceFigures
from qa.checking.quotation_matching import negation_change
from qa.checking.shares_of_wholes import share_of_whole
from qa.checking.table_figures import IN_ALL, number_of_rows, sum_of_rows
from qa.editions.figures.changes import BEFORE_AMOUNT, MORE_THAN, REACH, begins_change, last_direction
from qa.editions.figures.measures import find_measure
from qa.editions.figures.number_words import OF_THE, Bound
from qa.editions.figures.quantities import Quantity, find_quantities
from qa.editions.figures.sentence_figures import Figure, are_opposite, is_in_earlier_column
from qa.editions.sections import LocatedSentence

_MAX_FIGURES = 40
"""Figures of a source, at most, that are combined two by two."""

_NEAR = 0.2
"""Similarity of a sentence whose figures may be those of the claim, if their words are, too."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """Passages of a source that are nearest to a claim."""

    figures: SourceFigures
    """Their figures."""

    sentences: Sequence[LocatedSentence]
    """Their sentences, also those without figures."""

    near: Sequence[Figure]
    """The figures of sentences and rows that are near to the claim, the nearest first."""

    @classmethod
    def of(cls, figures: SourceFigures, sentences: Sequence[LocatedSentence]) -> SourceText:
        """Return the text of some passages."""
        near = [each for each in figures.stated.all if figures.similarity(each) >= _NEAR]
        return cls(figures, sentences, sorted(near, key=figures.similarity, reverse=True))

    def near_cells(self) -> list[Figure]:
        """Return the cells of tables among the near figures, the nearest first."""
        return [each for each in self.near if each.sentence.header]


def derive_figure(
    figure: Figure, claim: Claim, source: SourceText, earlier: Sequence[SourceFigures]
) -> FigureMatch | None:
    """Return whether a figure of a claim follows from what its source states in other words; None if it does not.

    Args:
        figure: A figure that the source does not state.
        claim: Its sentence.
        source: The passages of the source.
        earlier: The figures of the edition before, and of those of the years that the claim names.
    """
    figures = source.figures
    share = share_of_whole(figure, claim, figures.stated, source.near)
    if share is not None:
        return _calculated(*share)
    difference = find_difference_words(figure, claim)
    if difference is not None:
        told = find_difference(figure, difference, claim, figures.stated, source.near)
        if told is not None:
            return _calculated(*told)
    on_subject = figures.on_subject(figure, claim)[:_MAX_FIGURES]
    direction = _direction_of_change(figure) or (difference.direction if difference is not None else 0)
    found = (
        _limit_in_head(figure, source)
        or _score(figure, claim, figures)
        or _difference(figure, claim, figures, on_subject)
        or _length_of_event(figure, claim, source)
        or _combination(figure, claim, figures.stated, on_subject)
        or _net_change(figure, figures, claim.language)
        or _rest_of_parts(figure, claim, figures.stated, on_subject)
        or _amount_of_each(figure, claim, figures)
        or _between_editions(figure, direction, claim, figures, earlier)
    )
    if found is None and not any(holds(figure, other) for other in on_subject):
        cells = source.near_cells()
        found = sum_of_rows(figure, claim, figures.stated, cells)
        found = found or number_of_rows(figure, claim, figures.stated, cells)
    if found is not None:
        return FigureMatch(gettext_noop("agrees"), found)
    return _rest_of_whole(figure, claim, figures.stated, on_subject)


def _calculated(follows: bool, figure: Figure) -> FigureMatch:
    """Return the match of a figure that follows from those of a source, or for which they give another result."""
    if follows:
        return FigureMatch(gettext_noop("agrees"), figure)
    return FigureMatch(gettext_noop("differs"), figure, gettext_noop("figures of the source give another result"))


def is_of_another_kind(figure: Figure, claim: Claim, other: Figure, source: SourceText) -> bool:
    """Return whether a figure of the source tells nothing of one that a claim calls a share, a change or a difference.

    "Six in ten" is not wrong since the source has ten recommendations, nor "eleven hours longer" since it has 19 hours.

    Args:
        figure: A figure of a claim.
        claim: Its sentence.
        other: The figure of the source that differs.
        source: The passages of the source.
    """
    calculation = find_calculation(figure)
    is_share = is_share_in_words(figure.quantity)
    if not is_share and calculation != "change" and find_difference_words(figure, claim) is None:
        return False
    if digits_of(figure) == digits_of(other) != "" or any(
        abs(each.quantity.value) == abs(figure.quantity.value) for each in source.figures.on_subject(figure, claim)
    ):
        return False  # the same amount of another thing, or with another sign
    is_change = bool(change_of(other)) or is_amount_of_change(other)
    if is_share or calculation == "change":
        is_near = source.figures.similarity(other) >= SURELY_SAME_SUBJECT
        return other.quantity.kind != "percent" or is_change != (calculation == "change") or not is_near
    return not is_change


def may_be_calculated(figure: Figure, claim: Claim, source: SourceText) -> bool:
    """Return whether a figure that was not found may be a calculation: the amount of a change, or of two others."""
    difference = find_difference_words(figure, claim)
    if _direction_of_change(figure) or (difference is not None and difference.base != "rest"):
        return True
    on_subject = source.figures.on_subject(figure, claim)[:_MAX_FIGURES]
    if significant_digits(figure) < DISTINCTIVE - 1:
        return False
    return any(
        holds(figure, a.with_value(value))
        for a, b in _pairs_of_sentence(source.figures.stated, on_subject)
        if all(_is_named(each, claim.words, claim, source.figures.stated) for each in (a, b))
        for value in (a.quantity.value - b.quantity.value, a.quantity.value + b.quantity.value)
        if value > 0
    )


def is_vote_reversed(figure: Figure, claim: Claim, source: SourceText) -> bool:
    """Return whether a claim tells "six for and eleven against", and the source "eleven votes to six"."""
    told = [
        (a.quantity.value, b.quantity.value)
        for a, b, is_told in _scores(claim.figures, figure)
        if is_told and figure in (a, b)
    ]
    stated = source.figures.stated
    votes = {
        (a.quantity.value, b.quantity.value)
        for each in stated.all
        if source.figures.similarity(each) >= _NEAR and each.quantity.value == figure.quantity.value
        for a, b, _ in _scores(stated, each)
    }
    return any((second, first) in votes and (first, second) not in votes for first, second in told)


# -- limits in the heads of columns


_OR_MORE = re.compile(
    r"(?:[\s\u00a0]+[^\W\d_]+){0,2}?[\s\u00a0]+(?:or|and|oder|und|ou|et|o|y|e|en|of)[\s\u00a0]+(?:more|over|above|older|longer|larger|greater|higher|later|taller|heavier"
    r"|mehr|älter|länger|größer|höher|darüber|plus|davantage|más|mayor(?:es)?|più|oltre|mais|superior(?:es)?|meer|ouder|langer|groter|hoger)\b"
    r"|\s?\+(?!\s?\d)",
    re.IGNORECASE,
)
_OR_LESS = re.compile(
    r"(?:[\s\u00a0]+[^\W\d_]+){0,2}?[\s\u00a0]+(?:or|and|oder|und|ou|et|o|y|e|en|of)[\s\u00a0]+(?:less|fewer|under|below|younger|shorter|smaller|lower"
    r"|weniger|jünger|kürzer|kleiner|darunter|moins|menos|menor(?:es)?|meno|minder|jonger|korter|kleiner)\b",
    re.IGNORECASE,
)
"""After the limit of a class, which belongs to it: "magnitude 3 or more"."""


def _limit(text: str, quantity: Quantity) -> tuple[float, Bound] | None:
    """Return a limit and whether it is the least or the greatest of a class ("3 or more"); None for others."""
    bound = quantity.bound
    if _OR_MORE.match(text, quantity.end) is not None:
        bound = "minimum"
    elif _OR_LESS.match(text, quantity.end) is not None:
        bound = "maximum"
    return (quantity.value, bound) if bound not in ("", "about") else None


def _limit_in_head(figure: Figure, source: SourceText) -> Figure | None:
    """Return a cell whose column or row is that of the limit of a claim: "of magnitude 3 or more"."""
    limit = _limit(figure.sentence.text, figure.quantity)
    if limit is None:
        return None
    for cell in source.near_cells():
        for place in (column_of(cell)[1], cell.quantity.counted):
            stated = find_quantities(place, _decimal_style(cell))
            if any(_limit(place, each) == limit and _may_be_same_unit(figure.quantity, each) for each in stated):
                return cell
    return None


def _may_be_same_unit(amount: Quantity, other: Quantity) -> bool:
    """Return whether two limits may be of one unit: a head often leaves it out, but no sign of money or per cent."""
    is_plain = {amount.kind, other.kind} == {"count"}
    return is_plain or (amount.kind, amount.unit) == (other.kind, other.unit)


def _decimal_style(figure: Figure) -> str | None:
    """Return a language in whose words the bounds of a head are read; they are the same in all."""
    return "de" if re.search(r"\d,\d{1,2}\b", figure.sentence.header) is not None else "en"


# -- votes and results


_IN_FAVOUR = re.compile(
    r"[^.;]{0,40}?\b(?:for|in\s+favou?r|dafür|pour|a\s+favor(?:e)?|favorevoli|vóór|voor|aye|yes)\b[^.;]{0,60}",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"(?:\s+[^\W\d_]+){0,2}?\s+(?:against|dagegen|contre|en\s+contra|contra|contrari|tegen|no)\b", re.IGNORECASE
)
"""The same in full: "nine judges voted for and four against"."""


def _score(figure: Figure, claim: Claim, source: SourceFigures) -> Figure | None:
    """Return the number of the source's vote or result if it is that of the claim: "a nine-to-four vote"."""
    votes = [vote for vote in _scores(claim.figures, figure) if figure in vote[:2]]
    for first, second, _ in votes:
        for equal in source.stated.all:
            for a, b, _ in _scores(source.stated, equal):
                pair = a.quantity.value, b.quantity.value
                if equal == a and pair == (first.quantity.value, second.quantity.value):
                    return a if figure == first else b
    return None


def _scores(stated: DescribedFigures, figure: Figure) -> Iterator[tuple[Figure, Figure, bool]]:
    """Yield the pairs of numbers in the sentence of a figure that are the two sides of a vote or result.

    The last item says whether it is told which side is for something: "nine for and four against".
    """
    for a, b in pairwise(stated.beside(figure)):
        text, between = figure.sentence.text, (a.quantity.end, b.quantity.start)
        if {a.quantity.kind, b.quantity.kind} != {"count"} or figure.sentence.header:
            continue
        is_score = TO_SCORE.fullmatch(text, *between) is not None and not begins_change(
            text, a.quantity.start, a.quantity.end
        )
        is_told = _IN_FAVOUR.fullmatch(text, *between) is not None and _AGAINST.match(text, b.quantity.end) is not None
        if is_score or is_told:
            yield a, b, is_told


# -- calculations


def _difference(figure: Figure, claim: Claim, source: SourceFigures, on_subject: Sequence[Figure]) -> Figure | None:
    """Return the figure from which a difference follows, though the source has an equal amount of another thing.

    That of a large difference may be in a sentence that is less similar to the claim, if this names it.
    """
    if find_calculation(figure) != "difference" and not _direction_of_change(figure):
        return None
    said = _said_of_change(figure, claim)
    groups = [[other for other in on_subject if _is_named(other, said, claim, source.stated)]]
    if significant_digits(figure) >= DISTINCTIVE:
        groups.append([other for other in _levels(source, figure) if _is_named(other, said, claim, source.stated)])
    for figures in groups:
        result = calculate(figure, "difference", claim, source.stated, figures)
        if result is not None and result[0]:
            return result[1]
    return None


_MINUS = re.compile(
    r"\b(?:less|minus|except(?:\s+for)?|excluding|deduct\w*|net\s+of|apart\s+from|all\s+but|abzüglich|bis\s+auf|außer|ausgenommen|Selbstbehalt"
    r"|Abzug|moins|sauf|hormis|excepté|dédu\w+|franchise|menos|salvo|excepto|descont\w+|deduc\w+|franquicia|meno|tranne|eccetto|detra\w+"
    r"|franchigia|behalve|uitgezonderd|eigen\s+risico|aftrek)\b|控除|除く",
    re.IGNORECASE,
)
"""Words that take one amount from another: "430,000, except for a deductible of 25,000"."""

_PLUS = re.compile(
    r"\b(?:plus|and\s+another|and\s+a\s+further|as\s+well\s+as|in\s+addition|on\s+top|zuzüglich|sowie|weitere\w?|hinzu|dazu|ainsi\s+que|en\s+outre"
    r"|s['’]y\s+ajout\w+|además|otr[oa]s|adem[aá]is|inoltre|altri|altre|nonché|bovendien|daarnaast|alsmede)\b",
    re.IGNORECASE,
)
"""Words that add one amount to another."""

_AND_BETWEEN = re.compile(rf"[^.;:]{{0,60}}?\b{AND}\s+(?:[^\W\d_]+\s+){{0,2}}", re.IGNORECASE)


def _pairs_of_sentence(
    stated: DescribedFigures, on_subject: Sequence[Figure], *, with_units: bool = True
) -> Iterator[tuple[Figure, Figure]]:
    """Yield two figures of one sentence with a common kind and perhaps unit; the first may be any of both."""
    for one in on_subject:
        if one.sentence.header or one.quantity.kind not in ("count", "money"):
            continue
        for other in stated.beside(one)[:_MAX_FIGURES]:
            if other.quantity.start <= one.quantity.start or other.quantity.kind != one.quantity.kind:
                continue
            if (
                not with_units
                or one.quantity.unit == other.quantity.unit
                or "" in (one.quantity.unit, other.quantity.unit)
            ):
                yield from permutations((one, other))


def _combination(figure: Figure, claim: Claim, stated: DescribedFigures, on_subject: Sequence[Figure]) -> Figure | None:
    """Return a figure from which and another of its sentence one follows, if the words of the sentence connect them.

    The source has "430,000, except for a deductible of 25,000", the draft 405,000; the source "cost 11.4 million, 0.9
    million less than planned", the draft "11.4 million instead of the planned 12.3 million".
    """
    is_planned = is_called_planned(claim)
    for a, b in _pairs_of_sentence(stated, on_subject):
        text, first, second = a.sentence.text, a.quantity, b.quantity
        if first.start > second.start:
            continue
        between = text[first.end : second.start]
        of_plan = a.with_value(first.value - change_of(b) * second.value)
        if is_planned and change_of(b) and of_plan.quantity.value > 0:
            if holds(figure, of_plan):
                return a
            if holds(figure, a) and any(holds(each, of_plan) for each in claim.figures.all):
                return a
        beside = between + text[second.end : second.end + _BESIDE]
        if (
            _MINUS.search(beside)
            and first.value > second.value
            and holds(figure, a.with_value(first.value - second.value))
        ):
            return a
        is_sum = _PLUS.search(beside) is not None or (
            _AND_BETWEEN.fullmatch(between) is not None and IN_ALL.search(clause_of(figure)) is not None
        )
        if is_sum and holds(figure, a.with_value(first.value + second.value)):
            return a
    return None


_NET = re.compile(
    r"(?<!\w)(?:net|netto|unter\s+dem\s+strich|per\s+saldo|(?:en\s+)?(?:términos\s+)?net[oa]s?|solde|nettes?|saldo|al\s+netto|líquid[oa]s?)(?!\w)|純増|差し引き",
    re.IGNORECASE,
)
"""Words for what is left of a gain and a loss: "a net 23 stations"."""

_MAX_APART = 2
"""Sentences between a gain and a loss, at most."""


def _net_change(figure: Figure, source: SourceFigures, language: str | None) -> Figure | None:
    """Return one of two figures that count the same and whose difference a claim calls net: "27 joined and 31 left"."""
    if _NET.search(figure.sentence.text) is None:
        return None
    near = [
        each
        for each in source.stated.all
        if source.similarity(each) >= _NEAR and not each.sentence.header and each.quantity.kind == figure.quantity.kind
    ][:_MAX_FIGURES]
    for a, b in permutations(near, 2):
        is_together = a.sentence.document == b.sentence.document and abs(a.position - b.position) <= _MAX_APART
        counted = [frozenset(terms(each.quantity.counted, language)) for each in (a, b)]
        is_alike = a.position == b.position or bool(counted[0] & counted[1])
        if is_together and is_alike and holds(figure, a.with_value(a.quantity.value - b.quantity.value)):
            return a
    return None


_BESIDE = 30
"""Characters after the second of two amounts in which a word that connects them is searched."""


# -- the rest of a whole


_LACKS = re.compile(
    r"\b(?:miss(?:ing|ed)|lack(?:s|ed|ing)?|absent|failed|fehl(?:t|te|ten|en)|verfehl\w+|manqu\w+|falta\w*|incumpl\w+|manca\w*|falha\w*|gemist|ontbre\w+|ontbra\w+|saknas|mangler)\b",
    re.IGNORECASE,
)
"""Words for what is not there."""


_FULFILMENT = re.compile(
    r"\b(?:met|miss(?:ed)?|reached|achieved|attained|hit|fulfilled|failed|kept|erreicht\w*|verfehlt\w*|erfüllt\w*|eingehalten|atteint\w*|manqué\w*|tenue?s?|rempli\w*"
    r"|cumpl\w+|incumpl\w+|alcanz\w+|logr\w+|fall(?:ó|aron|ad\w+)|raggiunt\w*|mancat\w*|centrat\w*|rispettat\w*|cumprid\w*|atingid\w*|falhad\w*|gehaald|bereikt|gemist)\b",
    re.IGNORECASE,
)
"""What is said of targets, met or missed."""


def _rest_of_whole(
    figure: Figure, claim: Claim, stated: DescribedFigures, on_subject: Sequence[Figure]
) -> FigureMatch | None:
    """Return whether a figure is the rest of a whole of which the source states a part.

    "Three of the five chambers have it" makes "two chambers do not have it" true, and "24 judges, of whom 10 are women"
    makes "14 are men" true. If neither the words of a negation nor opposites tell so, it cannot be checked, except
    for what the source says of the part itself: "14 are women" is wrong.
    """
    amount = figure.quantity
    if amount.kind != "count" or amount.bound or amount.upper is not None:
        return None
    unclear = False
    for part, whole in (*_parts(stated, on_subject), *_parts_told_later(stated)):
        if whole.quantity.value - part.quantity.value != amount.value or not _is_alike(figure, whole, claim.language):
            continue
        own = stated.clause_words(part) - frozenset(terms(whole.quantity.counted, claim.language))
        of_whole = [each for each in claim.figures.beside(figure) if each != figure and holds(each, whole)]
        said = claim.words_of(figure).union(*map(claim.words_of, of_whole))
        is_opposite = any(are_opposite(each.directions, part.directions) for each in (figure, *of_whole))
        is_negated = _is_negative(_around(figure), claim.language) != _is_negative(_around(part), claim.language)
        is_of_same = bool(said & own) or all(_FULFILMENT.search(_around(each)) for each in (figure, part))
        if is_opposite or (is_negated and is_of_same):
            return FigureMatch(gettext_noop("agrees"), part)
        unclear = unclear or not said & (own - stated.clause_words(whole))
    return FigureMatch(gettext_noop("cannot be checked"), None, MAY_BE_CALCULATED) if unclear else None


_REST = re.compile(
    r"(?<!\w)(?:the\s+(?:rest|remainder|others|remaining)|der\s+Rest|die\s+(?:übrigen|restlichen)|le\s+reste|el\s+resto|il\s+resto|o\s+restante|de\s+rest)(?!\w)|残り",
    re.IGNORECASE,
)
"""Words for what is left of a whole of which parts are stated."""


def _rest_of_parts(
    figure: Figure, claim: Claim, stated: DescribedFigures, on_subject: Sequence[Figure]
) -> Figure | None:
    """Return the whole of a sentence if the figure is what its parts leave, and the claim has the words of the rest.

    The source has "96 tonnes, of which 61 came by rail, 27 by ship and the rest by road", the draft "8 came by road".
    """
    for whole in on_subject:
        rest = None if whole.sentence.header else _REST.search(whole.sentence.text, whole.quantity.end)
        if rest is None:
            continue
        said = frozenset(terms(whole.sentence.text[rest.end() :], claim.language))
        parts = [
            each
            for each in stated.beside(whole)
            if whole.end < each.start < whole.sentence.start + rest.start()
            and each.quantity.kind == whole.quantity.kind
        ]
        left = whole.quantity.value - sum(part.quantity.value for part in parts)
        if parts and said & claim.words and left > 0 and holds(figure, whole.with_value(left)):
            return whole
    return None


_EACH = re.compile(
    r"(?<!\w)(?:each|apiece|per\s+(?:head|person|capita)|on\s+average|pro\s+(?:Kopf|Person)|je\s+(?:Person|\d)|jeweils|im\s+(?:Schnitt|Durchschnitt)|chacune?|par\s+(?:personne|tête)"
    r"|en\s+moyenne|cada\s+un[oa]|por\s+(?:persona|cabeza)|de\s+media|ciascun[oa]|a\s+testa|in\s+media|per\s+persoon|gemiddeld)(?!\w)",
    re.IGNORECASE,
)
"""Words for an amount divided by a number."""


def _amount_of_each(figure: Figure, claim: Claim, source: SourceFigures) -> Figure | None:
    """Return an amount of a sentence that makes a figure the amount of each: "41,800 hours" of "340 volunteers"."""
    if _EACH.search(figure.sentence.text) is None:
        return None
    near = [each for each in source.stated.all if source.similarity(each) >= _NEAR and not each.sentence.header]
    for amount, number in _pairs_of_sentence(source.stated, near[:_MAX_FIGURES], with_units=False):
        if claim.words.isdisjoint(terms(number.quantity.counted, claim.language)):
            continue
        if (
            amount.quantity.value <= number.quantity.value
            or number.quantity.kind != "count"
            or not number.quantity.value
        ):
            continue
        result = amount.with_value(amount.quantity.value / number.quantity.value)
        if rounds_to(figure.quantity, result.quantity.value) and have_same_unit(figure, result):
            return amount
    return None


def _parts(stated: DescribedFigures, on_subject: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Yield a part and its whole, as a sentence tells: "three of the five", "24, of whom 10"."""
    for a, b in ((a, b) for a, b in _pairs_of_sentence(stated, on_subject, with_units=False)):
        text = a.sentence.text
        is_of_whole = OF_THE.fullmatch(text, a.quantity.end, b.quantity.start) is not None
        if a.quantity.kind != "count":
            continue
        is_later = a.quantity.start > b.quantity.start and is_part(a)
        if (is_of_whole or is_later) and a.quantity.value < b.quantity.value:
            yield a, b


def _parts_told_later(stated: DescribedFigures) -> Iterator[tuple[Figure, Figure]]:
    """Yield a part and a whole of the sentence before: "The court has 24 judges. Ten of them are women."."""
    for part in stated.all:
        if part.sentence.header or not is_part(part) or stated.beside(part)[0] != part:
            continue
        for whole in stated.all:
            is_before = whole.position == part.position - 1 and whole.sentence.document == part.sentence.document
            if is_before and not whole.sentence.header and whole.quantity.kind == part.quantity.kind == "count":
                yield part, whole


def _is_alike(figure: Figure, whole: Figure, language: str | None) -> bool:
    """Return whether a figure counts nothing else than the whole; what it counts may be left out."""
    counted = frozenset(terms(figure.quantity.unit, language))
    return not counted or bool(counted & frozenset(terms(f"{whole.sentence.text}", language)))


def _around(figure: Figure) -> str:
    """Return the part of a sentence around a figure, between marks other than those of numbers."""
    text, quantity = figure.sentence.text, figure.quantity
    start = max((match.end() for match in re.finditer(MARK, text[: quantity.start])), default=0)
    end = re.search(MARK, text[quantity.end :])
    return text[start : quantity.end + end.start() if end is not None else len(text)]


def _is_negative(text: str, language: str | None) -> bool:
    """Return whether a text has a negation or a word for what is missing, but not both."""
    return (negation_change("", text, language) == "added") != (_LACKS.search(text) is not None)


# -- differences between editions


_ADDED = re.compile(
    r"(?:\s+[^\W\d_]+){0,3}?\s+(?:hinzu(?:gekommen|kamen)?|dazu(?:gekommen)?|(?:were|was)\s+added|erbij|bijgekomen|de\s+plus|más|in\s+più|a\s+mais)\b",
    re.IGNORECASE,
)
_ADDED_BEFORE = re.compile(
    rf"\b(?:added|gained|s['’](?:est|ajout)\w*(?:\s+ajout\w+)?\s+de|sumó|sumaron|incorporaron|sono\s+aggiunt\w+|grew\s+by|plus)\s+{BEFORE_AMOUNT}$",
    re.IGNORECASE,
)
"""Words for an amount that came to another."""


def _direction_of_change(figure: Figure) -> int:
    """Return 1 for the amount of a rise, -1 for that of a fall, 0 for others."""
    text, quantity = figure.sentence.text, figure.quantity
    if direction := change_of(figure):
        return direction
    is_added = _ADDED.match(text, quantity.end) or _ADDED_BEFORE.search(
        text, max(0, quantity.start - REACH), quantity.start
    )
    return 1 if is_added is not None else 0


def _between_editions(
    figure: Figure, direction: int, claim: Claim, source: SourceFigures, earlier: Sequence[SourceFigures]
) -> Figure | None:
    """Return the level of the source that an amount of change of a claim led to from that of an earlier edition."""
    amount = figure.quantity
    if not direction or amount.kind == "percent":
        return None
    said = _said_of_change(figure, claim)
    for later in _levels(source, figure):
        for before in earlier:
            for level in _levels(before, figure):
                difference = later.quantity.value - level.quantity.value
                if difference * direction > 0 and _is_same_thing(
                    later, level, said, claim.language, source.stated, before.stated
                ):
                    result = later.with_value(abs(difference))
                    if holds(figure, result):
                        return later
    return None


def other_direction_since(
    figure: Figure, claim: Claim, match: Figure, source: SourceFigures, before: SourceFigures
) -> Figure | None:
    """Return a level of the edition before that shows that a change went the other way than a claim says; else None.

    The claim has "rose to 390,000", its edition "We answered 390,000 calls", and the edition before "402,000 calls".

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        match: The equal figure of the source.
        source: The figures of the source.
        before: Those of the edition before.
    """
    told = told_direction(figure)
    is_of_another_year = bool(claim.latest) and any(year != claim.latest for year in claim.named_years())
    if not told or is_of_another_year or last_direction(match.sentence.text):
        return None  # the source tells a change itself, or another year is meant
    levels = [
        level
        for level in _levels(before, figure)
        if have_same_unit(level, match)
        and _is_like(level, match, before.stated, source.stated, claim.language)
        and 1 / _MAX_CHANGE < level.quantity.value / (match.quantity.value or 1) < _MAX_CHANGE
    ]
    differences = [match.quantity.value - level.quantity.value for level in levels]
    return levels[0] if levels and all(difference * told < 0 for difference in differences) else None


_MAX_CHANGE = 3
"""Ratio of two levels of one thing in editions that follow each other, at most."""

_MIN_LIKE = 0.6
"""Share of the words of two clauses that both have, if they are about one thing."""


def _is_like(
    level: Figure, match: Figure, before: DescribedFigures, stated: DescribedFigures, language: str | None
) -> bool:
    """Return whether two levels of different editions are in clauses of the same words, or in the same cell."""
    if bool(level.sentence.header) != bool(match.sentence.header):
        return False
    if match.sentence.header:
        heads = {head_words(column_of(each)[1]) for each in (level, match)}
        labels = {label_terms(each, language) for each in (level, match)}
        return len(heads) == len(labels) == 1 and frozenset() not in labels
    words, others = before.clause_words(level), stated.clause_words(match)
    return len(words & others) >= _MIN_LIKE * max(1, len(words | others))


def _levels(source: SourceFigures, figure: Figure) -> list[Figure]:
    """Return the figures of a source that are of the time that it describes and may be of the subject of a claim."""
    near = [
        other
        for other in source.stated.all
        if source.similarity(other) >= _NEAR
        and _have_same_kind(figure, other)
        and not change_of(other)
        and end_of_change(other) != "from"
        and not (other.sentence.header and is_in_earlier_column(other))
    ]
    return sorted(near, key=source.similarity, reverse=True)[:_MAX_FIGURES]


def _said_of_change(figure: Figure, claim: Claim) -> frozenset[str]:
    """Return the words that name what changed: those of the clause of a change, of all for "1.5 million more than"."""
    is_apposition = MORE_THAN.match(figure.sentence.text, figure.quantity.end) is not None
    return claim.words if is_apposition else claim.words_of(figure)


def _is_named(level: Figure, said: frozenset[str], claim: Claim, stated: DescribedFigures) -> bool:
    """Return whether the words of a claim name what a level is of, by its label or the words of its clause."""
    words = label_terms(level, claim.language) if level.sentence.header else stated.clause_words(level)
    return _have_stem_in_common(words, said)


def _have_same_kind(figure: Figure, other: Figure) -> bool:
    """Return whether two figures have the same kind, and money the same currency."""
    a, b = figure.quantity, other.quantity
    return have_same_unit(figure, other) if a.kind == "money" else a.kind == b.kind


def _is_same_thing(
    later: Figure,
    level: Figure,
    said: frozenset[str],
    language: str | None,
    stated: DescribedFigures,
    before: DescribedFigures,
) -> bool:
    """Return whether two levels of different editions are of one thing that some words of a claim name."""
    if later.sentence.header and level.sentence.header:
        labels = label_terms(later, language), label_terms(level, language)
        heads = head_words(column_of(later)[1]), head_words(column_of(level)[1])
        named = labels[0] | frozenset(terms(heads[0], language))
        return labels[0] == labels[1] and heads[0] == heads[1] and _have_stem_in_common(named, said)
    words = [
        label_terms(each, language) if each.sentence.header else of.clause_words(each)
        for each, of in ((later, stated), (level, before))
    ]
    counted = [frozenset(terms(each.quantity.counted, language)) for each in (later, level)]
    common = (counted[0] & counted[1]) or (words[0] & words[1])
    return _have_stem_in_common(common, said)


def _have_stem_in_common(some: frozenset[str], others: frozenset[str]) -> bool:
    """Return whether two sets of words have one in common, or a beginning of one: "members" and "membership"."""
    if some & others:
        return True
    return any(
        min(len(a), len(b)) >= ROOT and common_beginning(a, b) >= min(len(a), len(b)) - 1 for a in some for b in others
    )


# -- the length of what began and ended


_LASTED = re.compile(
    r"\b(?:last(?:ed|s)|took|went\s+on|continued|lasting|duration|dauer\w*|währte\w*|dur(?:é|èrent|a|ée|ait|aient|ó|aron|ación|ata|ò|arono|ou|aram)|duurde\w*"
    r"|varade|varte)\b|続い|間",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"(?<![\w.,])(?:(?P<day>0?[1-9]|[12]\d|3[01]){DAY_SUFFIX}\s+(?:of\s+|de\s+)?(?P<month>{MONTH})|(?P<month2>{MONTH})\s+(?P<day2>[12]\d|3[01]|0?[1-9])(?:st|[nr]?d|th)?)"
    rf"(?!\w)(?:,?\s+(?:de\s+|del\s+)?(?P<year>{YEAR}))?",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\b(?:beg[ai]n|begun|start(?:ed|s)?|open(?:ed|s)?|from|broke\s+out|vom|begann\w*|seit|ab|commenc\w+|début\w*|ouvert\w*|du|comenz\w+|empez\w+|inici\w+|desde|del"
    r"|inizi\w+|cominci\w+|dal|começ\w+|begon\w*|van|gestart|between|zwischen|entre|tra)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:end(?:ed|s)?|until|to|clos(?:ed|es)|finish(?:ed|es)|stopped|endete\w*|bis|schloss|termin\w+|fini\w*|s['’]achev\w+|au|jusqu['’]au|hasta|acab\w+|al|fin[iì]\w*|conclu\w+"
    r"|até|ao|eindigde\w*|tot|and|und|et|y|e)\b|[-–]",
    re.IGNORECASE,
)
"""Words before the first day and the last day of an event."""

_DAY_SECONDS = 86400.0


def _length_of_event(figure: Figure, claim: Claim, source: SourceText) -> Figure | None:
    """Return the time between two days on which something began and ended, if a claim says that it lasted so long."""
    measure = find_measure(figure.quantity, figure.sentence.text)
    if measure is None or measure.dimension != "time" or measure.size < _DAY_SECONDS:
        return None
    if _LASTED.search(clause_of(figure)) is None:
        return None
    for position, sentence in enumerate(source.sentences):
        if source.figures.similarities[position] < _NEAR or not claim.words & frozenset(
            terms(sentence.text, claim.language)
        ):
            continue
        for days, start, end in _spans_of_days(sentence.text, claim.latest):
            stated = figure.quantity.value * measure.size / _DAY_SECONDS
            slack = measure.size / _DAY_SECONDS / 2 if measure.size > _DAY_SECONDS else 0
            if days - slack <= stated <= days + 1 + slack:
                text = sentence.text[start:end]
                return Figure(sentence, position, Quantity("count", days, "days", "days", text, start, end))
    return None


def _spans_of_days(text: str, year: int) -> Iterator[tuple[int, int, int]]:
    """Yield the days between two dates of a text with words for a beginning and an end, and the span of these."""
    dates = [match for match in _DATE.finditer(text) if _month(match)]
    for first, last in pairwise(dates):
        begins = _BEGINS.search(text, max(0, first.start() - REACH), first.start())
        if begins is None or _ENDS.search(text, first.end(), last.start()) is None:
            continue
        last_year = int(last["year"] or first["year"] or year or 1)
        first_year = int(first["year"] or last_year)
        try:
            began = date(first_year, _month(first), int(first["day"] or first["day2"]))
            ended = date(last_year, _month(last), int(last["day"] or last["day2"]))
            if ended < began and not last["year"]:
                ended = ended.replace(year=ended.year + 1)
        except ValueError:  # 30 February
            continue
        if ended > began:
            yield (ended - began).days, first.start(), last.end()


def _month(match: re.Match[str]) -> int:
    """Return the number of the month of a date; 0 for a word in lower case that is more than a month."""
    name = match["month"] or match["month2"]
    plain = name.rstrip(".").casefold()
    return 0 if plain in AMBIGUOUS_MONTHS and name[0].islower() and match["month2"] else MONTHS.get(plain, 0)
