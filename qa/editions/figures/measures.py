"""Units of measurement after a number or in the head of a column, and amounts converted from one to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.editions.figures.number_words import SCALES, UNIT_SIZES
from qa.editions.figures.quantities import Quantity, header_cells, is_table_row, unit_of_last_digit

_MAX_CONVERTED = 0.05
"""Share by which a converted amount may differ from the one stated: "62 miles" is 100 km, "1 year" is not 11 months."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit of measurement: its dimension, and its size in the base unit of the dimension."""

    dimension: str
    size: float


_MEASURES = {name: Measure(*unit) for name, unit in UNIT_SIZES.items()}
_NAMES = "|".join(name.replace("-", r"[\s\u00a0-]+") for name in sorted(_MEASURES, key=len, reverse=True))
_AFTER_NUMBER = re.compile(rf"[\s\u00a0\u202f-]*({_NAMES})(?![^\W\d_]|['’])", re.IGNORECASE)
_SCALES = "|".join(word for word in SCALES if len(word) > 1)
_SCALE_IN_HEAD = rf"[x×]?\s*1[.,'’\s]?000(?:[.,'’\s]?000)?\s*|(?:{_SCALES})\.?\s+(?:of\s+|de\s+)?"
_IN_HEAD = re.compile(rf"(?:[(（\[,]\s*(?:in\s+)?|\bin\s+|^)(?:{_SCALE_IN_HEAD})?({_NAMES})\s*[)）\]]?$", re.IGNORECASE)
"""The unit in a head, perhaps after its scale: "Catch (1000 t)", "in million tonnes"."""

_AT_BEGINNING = re.compile(
    rf"\W*(?:(?:number|zahl|nombre|número|numero|aantal)\s+(?:of|der|de|di|van)\s+)?({_NAMES})"
    r"(?=\s+(?:with|without|of|mit|ohne|avec|sans|con|sin|senza|de|com|met)\b|\s*(?:[\d(,]|$))",
    re.IGNORECASE,
)
"""The head of a column that counts a unit itself: "Days with rain", but not "Metre gauge lines"."""


@lru_cache(maxsize=4096)  # a figure of a claim is compared with many of its source
def find_measure(quantity: Quantity, text: str, header: str = "") -> Measure | None:
    """Return the unit of measurement of a quantity, None if it has none.

    In a row of a table, the head of its column or the label of the row states it, in brackets or after "in".

    Args:
        quantity: A quantity of the text.
        text: A sentence or a row of a table.
        header: Caption and header of the row's table.
    """
    if quantity.kind != "count":
        return None
    if (after := _AFTER_NUMBER.match(text, quantity.end)) and (measure := _measure(after[1])):
        return measure
    if not (header or is_table_row(text)):
        return _measure(quantity.unit)
    cells, column = header_cells(text, quantity.start, header)
    head = cells[column] if 0 <= column < len(cells) else ""
    counted = _AT_BEGINNING.match(head)
    if counted is not None and len(counted[1]) > 1 and (measure := _measure(counted[1])):
        return measure  # whatever the unit of the caption
    named = (_IN_HEAD.search(place.strip()) for place in (head, quantity.counted, header.partition("\n")[0]))
    return next((measure for match in named if match and (measure := _measure(match[1]))), None)


def is_converted(quantity: Quantity, measure: Measure, source: Quantity, source_measure: Measure) -> bool:
    """Return whether a quantity is one of a source in another unit, rounded to its last digit: "62 miles" for 100 km.

    Args:
        quantity: The converted quantity.
        measure: Its unit.
        source: The original quantity.
        source_measure: The unit of that.
    """
    if measure.dimension != source_measure.dimension or source.upper is not None or quantity.upper is not None:
        return False
    converted = source.value * source_measure.size / measure.size
    tolerance = min(unit_of_last_digit(quantity.value) / 2, _MAX_CONVERTED * abs(converted))
    return abs(quantity.value - converted) <= tolerance


def _measure(name: str) -> Measure | None:
    """Return the unit of a name or symbol; a single letter in capitals is none ("5 M")."""
    if len(name) == 1 and name.isupper():
        return None
    return _MEASURES.get(re.sub(r"[\s\u00a0-]+", "-", name.casefold()))
