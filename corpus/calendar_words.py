"""Words and patterns of the calendar: years in digits, months, decades and Japanese eras."""

from __future__ import annotations

YEAR = "(?:1[5-9]|20)[0-9]{2}"
"""Pattern of the years 1500 to 2099: smaller numbers are usually amounts."""

ANY_YEAR = "(?:1[0-9]|20)[0-9]{2}"
"""Pattern of the years 1000 to 2099, for texts in which earlier years are expected, such as questions."""

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("january jan janvier januar enero", "february feb février februar febrero", "march mar mars märz marzo"),
            *("april apr avril abril", "may mai mayo", "june jun juin juni junio", "july jul juillet juli julio"),
            *("august aug août agosto", "september sept sep septembre septiembre"),
            *("october oct octobre oktober octubre", "november nov novembre noviembre"),
            "december dec décembre dezember diciembre",
        ),
        1,
    )
    for name in names.split()
}
"""Number of a month by its name in English, French, German or Spanish, and by its English abbreviation."""

MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"

ENGLISH_MONTHS = "January February March April May June July August September October November December".split()

MONTH_ABBREVIATIONS = frozenset(
    """
    jan feb febr mar mär apr jun jul aug sep sept oct okt nov dec dez janv févr avr juil juill déc ene abr dic
    """.split()
)
"""Abbreviations that end with a full stop. `MONTHS` has only the English ones."""

DECADES = {
    "en": "twenties thirties forties fifties sixties seventies eighties nineties".split(),
    "de": "zwanziger dreißiger vierziger fünfziger sechziger siebziger achtziger neunziger".split(),
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix".split(),
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(),
}
"""Words for the decades of a century from the twenties to the nineties, by language."""

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""The calendar year before the first year of each Japanese era."""

ROMANISED_ERAS = dict(zip(("meiji", "taisho", "showa", "heisei", "reiwa"), ERAS.values(), strict=True))
ERA_LETTERS = dict(zip("MTSHR", ERAS.values(), strict=True))
ERA_NAMES = "|".join(ERAS)
"""Pattern of the eras in Japanese."""
