"""Decide whether a source states a figure of a draft: the rules that tell an equal figure from that of another thing.

A figure agrees with an equal one about the same subject: of the year meant, said of the same thing, and at the same end
of a change. Prose rounds and leaves out signs and scales that tables have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from corpus.metadata.years import written_years
from corpus.translation import gettext_noop
from corpus.vocabulary import YEAR
from index.lexical.analysis import terms
from index.storage.reader import DocumentInfo
from qa.editions.figures.measures import find_measure, is_converted
from qa.editions.figures.quantities import Quantity, find_quantities, header_cells
from qa.editions.figures.sentence_figures import Figure, are_opposite, is_in_earlier_column

FigureStatus = Literal["agrees", "differs", "not found"]

_SAME_SUBJECT = 0.3
"""A source sentence this similar to the draft's is about the same subject, so that an equal figure is the one meant."""

_SAME_FIGURE, _DISTINCTIVE = 0.2, 3
"""Similarity of a sentence of which a figure of this many digits, if equal, is the one meant: "the staff was 7,150"."""

_COST = re.compile(
    r"\b(?:costs?|expens\w*|expenditures?|charges?|outlays?|payments?|depreciation|amorti[sz]ation|tax(?:es)?|wages|salaries"
    r"|\w*aufw[aä]nd\w*|aufwendungen|\w*kosten|ausgaben|abschreibung\w*|dépenses?|frais|gastos?|costes?|impuestos?)\b|費",
    re.IGNORECASE,
)
"""What a row of accounts must name so that brackets are no minus sign."""


_SCALED, _TABLE_SCALES = 1e6, (1e3, 1e6)
"""Smallest amount that a table may state in thousands or millions, and these scales."""

_LOSS_REACH = 40
"""Characters before a figure, and a quarter as many after it, in which a word for a loss is searched."""

_LOSS = re.compile(
    r"\b(?:loss(?:es)?|lost|deficits?|negative|verlust\w*|defizit\w*|perdu|pertes?|déficit\w*|perdit[ae]|pérdidas?|verlie[sz]\w*)\b",
    re.IGNORECASE,
)

_ABOUT = r"(?:about\s+|some\s+|rund\s+)?"
_EARLIER_BEFORE = re.compile(
    r"\b(?:(?:up|down)\s+from|to\s+[€$£]?\d[\d.,]*(?:\s+\w+){0,3},?\s+from|compared\s+(?:with|to)|gegenüber|par\s+rapport\s+à"
    r"|rispetto\s+a|frente\s+a)\s+(?:about\s+|some\s+|the\s+|only\s+|rund\s+|knapp\s+)?[€$£]?\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"\b(?:from|von|vom|de|du|da|dal(?:la|l['’])?|dai|van|desde)\s*{_ABOUT}[€$£]?\s*$",
    re.IGNORECASE,
)
"""Before a figure of an earlier time; `_FROM` only where "to" and another figure follow."""

_COMPARED = re.compile(
    r"\b(?:compared\s+(?:with|to)|(?:up|down)\s+from|par\s+rapport\s+à|frente\s+a|rispetto\s+a)\s+[€$£]?\s*$",
    re.IGNORECASE,
)
"""What a source writes before an earlier figure with which it compares the current one."""

_REACH = 120
"""Characters before a figure in which what tells its time or its place in a change is searched."""

_EARLIER_AFTER = re.compile(
    r"[^.;,]{0,40}?\b(?:(?:a|one|the)\s+year\s+(?:earlier|before|ago)|the\s+(?:previous|preceding)\s+year|im\s+(?:Jahr\s+davor|Vorjahr)"
    r"|l['’](?:an|année)\s+(?:dernier|précédente?)|un\s+an\s+plus\s+tôt|l['’]anno\s+(?:precedente|prima)|el\s+año\s+anterior"
    r"|het\s+jaar\s+(?:ervoor|daarvoor))",
    re.IGNORECASE,
)
"""What tells that a figure is of an earlier time than the others of its sentence: "from 52 to 61"."""

_TO = re.compile(r"\s+(?:to|auf|bis|naar|tot|à|al(?:l['’])?|a|ad|até|till|til)\s+", re.IGNORECASE)
_TO_FIGURE = re.compile(rf"(?:\s+[^\W\d]+){{0,3}}?{_TO.pattern}[€$£]?\d", re.IGNORECASE)
_AFTER_NUMBER = re.compile(r"^\D*\d[\d.,\s\u00a0\u202f]*(?<=\d)")
"""Between two amounts of which the second states the unit, and an amount up to its unit."""

_CHANGE_FROM = re.compile(rf"\b(?:from|von|van)\s+{_ABOUT}[€$£]?\s?$", re.IGNORECASE)
_CHANGE_TO = re.compile(
    rf"\b(?:from|von|van)\s[^.,;:\d]{{0,40}}\d(?:[^.;:]|[.](?=\d)){{0,60}}?\s(?:to|auf|naar)\s{_ABOUT}[€$£]?\s?$",
    re.IGNORECASE,
)
"""Before the figures with which a change begins and ends."""

_PART_OF = re.compile(
    r"\s+(?:out\s+of|of|der|von|des?|du|d['’]|di|dei|delle|van)(?:\s+(?:the|its|their|den|de|los|las|les))?\s*$",
    re.IGNORECASE,
)
"""Between a part and its whole: what "71 of 1,172 employees" says is said of the 71."""

_CONJUNCTION = re.compile(r"\s(?:and|und|et|y|e|en|og|och)\s", re.IGNORECASE)

_IN_YEAR = re.compile(
    rf"[^\W\d_]*(?:\s+[^\W\d_]+){{0,2}}?\s+(?:in|im|en|nel|for|of|für|pour|de)\s+({YEAR})(?![\d-]|\s+prices)|\s*[(（]({YEAR})[)）]"
)
"""After a figure: the year that it is of."""

_ELIDED = re.compile(r"(?:\w+(?:ed|en|ées?|és|ad[oa]s?|id[oa]s?|at[ei]|it[ei]))?", re.IGNORECASE)
"""Nothing, or a participle, after a figure that counts what the figure before it counts: "and 455 discharged"."""

_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_CLAUSE_END = re.compile(r"[,;:.!?]\s|[。、；]|\s(?:against|compared|gegenüber|contre|frente)\s")


def match_figure(
    figure: Figure,
    claimed: Sequence[Figure],
    stated: Sequence[Figure],
    similarities: npt.NDArray[np.float64],
    paired: Figure | None,
    years: Collection[int],
    language: str | None,
) -> tuple[FigureStatus, Figure | None]:
    """Return whether the source states a figure of the draft, and its figure for the same thing.

    Args:
        figure: The figure of the draft.
        claimed: The figures of its sentence.
        stated: The figures of the source.
        similarities: Similarity of the sentence of the draft to each sentence of the source.
        paired: The figure of the source for the same thing, equal or not.
        years: The years that the sentence of the draft names, and those of the documents.
        language: Language of the documents.

    Returns:
        The state, and the figure of the source that is equal or of the same thing; None where nothing is found.
    """
    on_subject = [other for other in stated if similarities[other.position] >= _SAME_SUBJECT]
    nearest = max((float(similarities[other.position]) for other in stated if not other.sentence.header), default=0.0)
    on_subject = [  # without rows that the draft does not mention where a sentence is nearer
        other
        for other in on_subject
        if similarities[other.position] >= nearest or _is_mentioned(other, figure, language)
    ]
    if len(_digits(figure).strip("0")) >= _DISTINCTIVE:
        on_subject += [
            other
            for other in stated
            if _SAME_FIGURE <= similarities[other.position] < _SAME_SUBJECT
            and (figure.quantity.same_value(other.quantity) or _holds_in_scale(figure, other))
        ]
    same = [
        other
        for other in on_subject
        if _holds(figure, other)
        and not _are_opposite_directions(figure, other)
        and not _are_opposite_ends(figure, claimed, other, stated)
    ]
    if same and not is_earlier(figure, years):
        meant = [_current_figure(other, figure, stated, years) for other in same]
        if None not in meant:  # only the figure of another year is equal
            return gettext_noop("differs"), meant[0]
        same = [other for other, current in zip(same, meant, strict=True) if current is None]
    if same:
        said = _said_of_another(figure, claimed, same, stated, language)
        said = said or _with_what_is_counted(figure, same, on_subject, language)
        if said is not None:
            return gettext_noop("differs"), said
    # the same digits with another sign, scale, unit or meaning: 2 percent is not 2 percentage points
    alike = [other for other in on_subject if _digits(figure) == _digits(other)]
    other = max(same or alike, key=lambda other: float(similarities[other.position]), default=paired)
    if same:
        return gettext_noop("agrees"), other
    if other is not None:
        return gettext_noop("differs"), other
    return gettext_noop("not found"), None


def is_earlier(figure: Figure, years: Collection[int]) -> bool:
    """Return whether a figure of a draft is of an earlier time: "up from 52", "52 the year before", "52 in 2021".

    Args:
        figure: The figure.
        years: The years that its sentence names, and those of the documents.
    """
    text, quantity = figure.sentence.text, figure.quantity
    year = _IN_YEAR.match(text, quantity.end)
    is_of_earlier_year = year is not None and int(year[1] or year[2]) < max(years, default=0)
    before = text[max(0, quantity.start - _REACH) : quantity.start]
    begins_change = _FROM.search(before) and _TO_FIGURE.match(text, quantity.end)
    return is_of_earlier_year or bool(
        _EARLIER_BEFORE.search(before) or begins_change or _EARLIER_AFTER.match(text, quantity.end)
    )


def with_shared_units(figures: Sequence[Figure], language: str | None) -> list[Figure]:
    """Return figures of which the first of "from 88 to 81 per cent" has the unit and the scale of the second.

    Args:
        figures: Figures in the order of their text.
        language: Language of the documents, which decides how numbers are read.
    """
    shared = list(figures)
    for at, (first, second) in enumerate(pairwise(figures)):
        text, a, b = first.sentence.text, first.quantity, second.quantity
        unit = _AFTER_NUMBER.sub("", b.text)
        if first.sentence != second.sentence or not _TO.fullmatch(text, a.end, b.start) or not unit.strip():
            continue
        if any(map(str.isalpha, a.text)) or "%" in a.text:
            continue
        whole = find_quantities(f"{a.text}{unit}", language)
        if len(whole) == 1:
            shared[at] = replace(first, quantity=replace(whole[0], text=a.text, start=a.start, end=a.end))
    return shared


def years_of(document: DocumentInfo) -> set[int]:
    """Return the years that a document is about: its edition and those that it covers."""
    first, last = document.covers or (1, 0)
    return {*range(first, last + 1), *([document.edition] if document.edition is not None else [])}


def _holds(figure: Figure, other: Figure) -> bool:
    """Return whether a figure of the source makes one of the draft true, also in another unit or scale."""
    amount, stated = figure.quantity, _as_stated(other.quantity, figure)
    measure = find_measure(amount, figure.sentence.text)
    stated_measure = find_measure(stated, other.sentence.text, other.sentence.header)
    if measure is not None and stated_measure is not None and measure != stated_measure:
        return is_converted(amount, measure, stated, stated_measure)
    return amount.holds_for(stated) or _holds_in_scale(figure, other)


def _are_opposite_directions(figure: Figure, other: Figure) -> bool:
    """Return whether one figure is of a rise and the other of a fall, or of a profit and a loss.

    "A loss of 31,200" is the opposite of "a surplus of 31,200", but not of a row "Surplus" with "(31,200)".
    """
    value = other.quantity.value
    is_negative = isinstance(value, int | float) and value < 0
    return are_opposite(figure.directions, other.directions) and not (is_negative and _is_called_loss(figure))


def _are_opposite_ends(figure: Figure, claimed: Sequence[Figure], other: Figure, stated: Sequence[Figure]) -> bool:
    """Return whether a change goes the other way: "from 18 to 14" in the draft, "from 14 to 18" in the source."""
    claimed_end, stated_end = _end_of_change(figure), _end_of_change(other)
    if not claimed_end or not stated_end or claimed_end == stated_end:
        return False
    partners = [each.quantity for each in claimed if _end_of_change(each) == stated_end]
    return any(
        each.sentence == other.sentence
        and _end_of_change(each) == claimed_end
        and any(partner.same_value(each.quantity) for partner in partners)
        for each in stated
    )


def _end_of_change(figure: Figure) -> str:
    """Return "from" or "to" for a figure with which a change begins or ends; "" for others."""
    before = figure.sentence.text[max(0, figure.quantity.start - _REACH) : figure.quantity.start]
    if _CHANGE_FROM.search(before):
        return "from"
    return "to" if _CHANGE_TO.search(before) else ""


def _holds_in_scale(figure: Figure, other: Figure) -> bool:
    """Return whether a cell of a table that does not say its currency or scale states an amount of money.

    "$1.08 billion" of the draft may be "1,079,520" there; a loss may be in brackets.
    """
    amount, cell = figure.quantity, other.quantity
    if not other.sentence.header or amount.kind != "money":
        return False
    if not isinstance(amount.value, int | float) or not isinstance(cell.value, int | float):
        return False
    if cell.kind != "count" and (cell.kind, cell.unit) != (amount.kind, amount.unit):
        return False
    value = abs(cell.value) if _is_called_loss(figure) else cell.value
    has_scale = abs(value) >= 10 ** (len(_digits(other)) + 1)  # by its header
    scales = _TABLE_SCALES if abs(amount.value) >= _SCALED and not has_scale else ()
    return any(amount.holds_for(replace(amount, value=value * scale, bound="")) for scale in (1, *scales) if value)


def _is_mentioned(figure: Figure, claim: Figure, language: str | None) -> bool:
    """Return whether a claim has a word of the row of a figure, or of the head of its column; true outside tables."""
    sentence = figure.sentence
    if not sentence.header:
        return True
    cells, column = header_cells(sentence.text, figure.quantity.start, sentence.header)
    label = next((cell for cell in sentence.text.split("|") if any(map(str.isalpha, cell))), "")
    named = terms(f"{label} {cells[column] if 0 <= column < len(cells) else ''}", language)
    words = {term for term in named if not term.isdigit()}
    return not words or not words.isdisjoint(terms(claim.sentence.text, language))


def _is_of_another_year(figure: Figure, claim: Figure, years: Collection[int]) -> bool:
    """Return whether a figure of the source is of a year that the draft does not mean: "against 219 days in 2021".

    Of a table with the latest year that the claim names, only columns of the years that it names are meant.
    """
    sentence = figure.sentence
    if sentence.header:
        if not is_in_earlier_column(figure):
            return False
        cells, column = header_cells(sentence.text, figure.quantity.start, sentence.header)
        named = written_years(claim.sentence.text)
        return written_years(cells[column]).isdisjoint(named if named and max(named) >= max(years) else years)
    after = _IN_YEAR.match(sentence.text, figure.quantity.end)
    if after is None:
        start = figure.quantity.start
        return _COMPARED.search(sentence.text[max(0, start - _REACH) : start]) is not None
    return int(after[1] or after[2]) not in years


def _current_figure(figure: Figure, claim: Figure, stated: Sequence[Figure], years: Collection[int]) -> Figure | None:
    """Return the figure beside one of another year that is of the years meant; None for a figure of these years."""
    if not _is_of_another_year(figure, claim, years):
        return None
    return next(
        (
            other
            for other in stated
            if other.sentence == figure.sentence
            and (other.quantity.kind, other.quantity.unit or figure.quantity.unit)
            == (figure.quantity.kind, figure.quantity.unit or other.quantity.unit)
            and not _is_of_another_year(other, claim, years)
        ),
        None,
    )


def _said_of_another(
    figure: Figure, claimed: Sequence[Figure], same: Sequence[Figure], stated: Sequence[Figure], language: str | None
) -> Figure | None:
    """Return the figure of which the source says what the draft says of an equal one, None where there is none.

    The source has "439 cases were filed and 455 were decided", the draft "439 cases were decided": what the draft says
    is said there of another figure, and nothing of it of the equal figure alone.

    Args:
        figure: The figure of the draft.
        claimed: The figures of its sentence.
        same: The equal figures of the source.
        stated: The figures of the source.
        language: Language of the documents.
    """
    said = _said_of(figure, claimed, language)
    meant: Figure | None = None
    for equal in same:
        beside = [
            other
            for other in stated
            if other.sentence == equal.sentence and other not in same and other.quantity.kind == figure.quantity.kind
        ]
        own = _said_of(equal, stated, language)
        of_others = {other: _said_of(other, stated, language) for other in beside}
        if not said.isdisjoint(own.difference(*of_others.values())):
            return None
        telling = {word for word in said - own if not word.isdigit() or any(map(str.isdigit, own))}
        meant = meant or next((other for other, words in of_others.items() if not telling.isdisjoint(words)), None)
    return meant


def _with_what_is_counted(
    figure: Figure, same: Sequence[Figure], stated: Sequence[Figure], language: str | None
) -> Figure | None:
    """Return a figure that counts the same, described in two words or more, if no sentence of an equal one has these.

    A single word is often a synonym: "38 vessels" of the draft may be the source's "38 ships" beside "2 vessels".
    """
    counted = set(terms(figure.quantity.counted, language))
    if len(counted) < 2 or any(
        other.sentence.header or not counted.isdisjoint(terms(other.sentence.text, language)) for other in same
    ):
        return None
    return next(
        (
            other
            for other in stated
            if other not in same
            and other.quantity.kind == figure.quantity.kind
            and counted <= set(terms(other.quantity.counted, language))
        ),
        None,
    )


def _said_of(figure: Figure, figures: Sequence[Figure], language: str | None) -> frozenset[str]:
    """Return the stems of what is said of a figure: what it counts, and the words up to the next figure of its clause.

    "455 discharged" counts the patients of the figure before it. What is in brackets is said of another figure.
    """
    quantity, text = figure.quantity, figure.sentence.text
    if figure.sentence.header or "|" in text:
        return frozenset()
    brackets = [match.span() for match in _IN_BRACKETS.finditer(text)]
    around = next((span for span in brackets if span[0] < quantity.start < span[1]), None)
    alike = [other.quantity for other in figures if other.sentence == figure.sentence]
    starts = [
        other.start
        for other in alike
        if other.start >= quantity.end and (around or not any(a < other.start < b for a, b in brackets))
    ]
    stop = min([*starts, around[1] if around else len(text)])
    ends = [_CLAUSE_END.search(text, quantity.end, stop)]
    if stop in starts:  # the verb of the next figure may be before it: "made 30 runs and guided 38 ships"
        ends.append(_CONJUNCTION.search(text, quantity.end, stop))
    stop = min([stop, *(end.start() for end in ends if end)])
    if any(_PART_OF.fullmatch(text, other.end, quantity.start) for other in alike if other.end <= quantity.start):
        stop = quantity.end
    before = [other for other in alike if other.start < quantity.start and other.kind == quantity.kind]
    counted = quantity.counted
    if before and _ELIDED.fullmatch(counted):
        counted = f"{before[-1].counted} {counted}"
    following = text[quantity.end : stop]
    return frozenset(terms(f"{counted} {following if around else _IN_BRACKETS.sub(' ', following)}", language))


def _as_stated(quantity: Quantity, claimed: Figure) -> Quantity:
    """Return an amount without its sign where prose leaves it out: costs in brackets, an amount called a loss."""
    if isinstance(quantity.value, str):
        return quantity
    is_cost = quantity.text.startswith("(") and _COST.search(quantity.counted) is not None
    is_loss = quantity.value < 0 and _is_called_loss(claimed)
    return replace(quantity, value=abs(quantity.value)) if is_cost or is_loss else quantity


def _is_called_loss(figure: Figure) -> bool:
    """Return whether words beside a figure without a sign say that it is a loss."""
    quantity, text = figure.quantity, figure.sentence.text
    if isinstance(quantity.value, str) or quantity.value <= 0:
        return False
    beside = text[max(0, quantity.start - _LOSS_REACH) : quantity.end + _LOSS_REACH // 4]
    return _LOSS.search(beside) is not None


def _digits(figure: Figure) -> str:
    return "".join(filter(str.isdecimal, figure.quantity.text))
