"""Units of measurement after a number or in the head of a column, and amounts converted from one to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.editions.figures.quantities import Quantity, header_cells, is_table_row, unit_of_last_digit

_UNITS = {
    "time": {
        1: "s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi 秒",
        60: "min mins minute minutes minuten minuto minutos minuti minuut",
        3600: "h hr hrs hour hours stunde stunden heure heures hora horas ora ore uur uren 時間",
        86400: "day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen 日間",
        7 * 86400: "week weeks woche wochen semaine semaines semana semanas settimana settimane weken 週間",
        365.25 * 7200: "month months monat monate monaten mois mes meses mês mese mesi maand maanden か月 ヶ月 カ月",
        365.25
        * 86400: "year years yr yrs jahr jahre jahren an ans année années año años ano anos anno anni jaar jaren 年間",
    },
    "length": {
        0.001: "mm millimetre millimetres millimeter millimeters millimètre millimètres milímetro milímetros",
        0.01: "cm centimetre centimetres centimeter centimeters zentimeter centimètre centimètres centímetro"
        " centímetros",
        0.0254: "inch inches",
        0.3048: "ft foot feet",
        0.9144: "yd yard yards",
        1: "m metre metres meter meters metern mètre mètres metro metros metri メートル",
        1000: "km kilometre kilometres kilometer kilometers kilometern kilomètre kilomètres kilómetro kilómetros"
        " chilometri quilômetros quilómetros キロメートル",
        1609.344: "mi mile miles meilen",
        1852: "nmi nautical-mile nautical-miles seemeilen 海里",
    },
    "area": {
        0.09290304: "sqft ft² square-foot square-feet",
        1: "m² m2 sqm square-metre square-metres square-meter square-meters quadratmeter quadratmetern mètres-carrés"
        " metros-cuadrados metri-quadrati metros-quadrados 平方メートル",
        4046.8564224: "acre acres",
        10_000: "ha hectare hectares hektar hectárea hectáreas ettari ヘクタール",
        1e6: "km² km2 sqkm square-kilometre square-kilometres square-kilometer square-kilometers quadratkilometer"
        " quadratkilometern kilomètres-carrés kilómetros-cuadrados chilometri-quadrati quilômetros-quadrados"
        " 平方キロメートル",
        2589988.110336: "square-mile square-miles",
    },
    "mass": {
        0.001: "g gram grams gramme grammes gramm gramos grammi",
        0.45359237: "lb lbs",
        1: "kg kilo kilos kilogram kilograms kilogramme kilogrammes kilogramm kilogramos chilogrammi キログラム",
        1000: "t tonne tonnes ton tons tonnen metric-ton metric-tons toneladas tonnellate トン",
        1e6: "kt kilotonne kilotonnes",
        1e9: "mt megatonne megatonnes",
    },
    "volume": {
        0.001: "ml millilitre millilitres milliliter milliliters",
        1: "l litre litres liter liters litern litro litros litri リットル",
        3.785411784: "gallon gallons",
        100: "hl hectolitre hectolitres hektoliter",
        158.987294928: "bbl barrel barrels",
        1000: "m³ m3 cubic-metre cubic-metres cubic-meter cubic-meters kubikmeter mètres-cubes metros-cúbicos"
        " metri-cubi 立方メートル",
    },
    "energy": {
        1: "wh",
        1e3: "kwh kilowatt-hour kilowatt-hours kilowattstunden",
        1e6: "mwh megawatt-hour megawatt-hours megawattstunden",
        1e9: "gwh gigawatt-hour gigawatt-hours gigawattstunden",
        1e12: "twh terawatt-hour terawatt-hours terawattstunden",
    },
    "power": {
        1e3: "kw kilowatt kilowatts",
        1e6: "mw megawatt megawatts",
        1e9: "gw gigawatt gigawatts",
        1e12: "tw terawatt terawatts",
    },
}
"""By dimension and size in its base unit: the names of a unit; a hyphen in a name stands for a space, too.

Left out: "pound", which is money as well, and "ounce" and "quarter", which have several sizes. A ton is taken for a
tonne and a gallon for that of the United States, since reports seldom say which they mean.
"""

_MAX_CONVERTED = 0.05
"""Share by which a converted amount may differ from the one stated: "62 miles" is 100 km, "1 year" is not 11 months."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit of measurement: its dimension, and its size in the base unit of the dimension."""

    dimension: str
    size: float


_MEASURES = {
    name: Measure(dimension, size)
    for dimension, sizes in _UNITS.items()
    for size, names in sizes.items()
    for name in names.split()
}
_NAMES = "|".join(name.replace("-", r"[\s\u00a0-]+") for name in sorted(_MEASURES, key=len, reverse=True))
_AFTER_NUMBER = re.compile(rf"[\s\u00a0\u202f-]*({_NAMES})(?![^\W\d_])", re.IGNORECASE)
_IN_HEAD = re.compile(rf"(?:[(（\[,]\s*(?:in\s+)?|\bin\s+|^)({_NAMES})\s*[)）\]]?$", re.IGNORECASE)


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
    if not is_table_row(text):
        return _measure(quantity.unit)
    cells, column = header_cells(text, quantity.start, header)
    head = cells[column] if 0 <= column < len(cells) else ""
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
    if not isinstance(quantity.value, int | float) or not isinstance(source.value, int | float):
        return False
    converted = source.value * source_measure.size / measure.size
    tolerance = min(unit_of_last_digit(quantity.value) / 2, _MAX_CONVERTED * abs(converted))
    return abs(quantity.value - converted) <= tolerance


def _measure(name: str) -> Measure | None:
    """Return the unit of a name or symbol; a single letter in capitals is none ("5 M")."""
    if len(name) == 1 and name.isupper():
        return None
    return _MEASURES.get(re.sub(r"[\s\u00a0-]+", "-", name.casefold()))
