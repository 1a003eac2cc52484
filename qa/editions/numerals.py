"""Tables of the quantity parser: number words, scales, currencies, and words around numbers.

Complete for English; for German, French, Spanish and Italian the words common in reports; for Japanese the scales. No
maintained library reads "42.5 million US dollars", "¥180.5 billion", "147 merchant ships" and "two P-3C aircraft".
"""

from __future__ import annotations

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()

UNITS: dict[str, int] = {word: value for value, word in enumerate(_UNITS)}
TENS: dict[str, int] = {word: 10 * value for value, word in enumerate(_TENS, 2)}
ORDINALS: dict[str, int] = {word: value for value, word in enumerate(_ORDINALS) if value} | {
    f"{word[:-1]}ieth": value for word, value in TENS.items()
}

FOREIGN: dict[str, int] = {
    **dict(zip("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(), range(2, 13), strict=True)),
    **dict(zip("deux trois quatre cinq six sept huit neuf dix onze douze".split(), range(2, 13), strict=True)),
    **dict(zip("dos tres cuatro cinco seis siete ocho nueve diez once doce".split(), range(2, 13), strict=True)),
    **dict(zip("due tre quattro cinque sei sette otto nove dieci undici dodici".split(), range(2, 13), strict=True)),
}
"""Number words of other languages; words that English has too ("six", "once", "due") are not read in English texts."""

SCALES: dict[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
    "k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "bln": 1e9, "tn": 1e12,
    "tausend": 1e3, "millionen": 1e6, "mio": 1e6, "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9, "billionen": 1e12,
    "mille": 1e3, "millions": 1e6, "milliard": 1e9, "milliards": 1e9, "mil": 1e3, "millón": 1e6, "millones": 1e6,
    "milione": 1e6, "milioni": 1e6, "miliardo": 1e9, "miliardi": 1e9,
    "hundreds": 1e2, "thousands": 1e3, "billions": 1e9,
}  # fmt: skip
SHORT_SCALES = frozenset("k m mn mln bn bln tn mio mrd".split())
"""Scales only next to a currency: "5 m" is a length."""

WIDE_SCALES: dict[str, float] = dict(zip("千万億兆亿만억조", (1e3, 1e4, 1e8, 1e12, 1e8, 1e4, 1e8, 1e12), strict=True))

FRACTIONS: dict[str, float] = {"half": 0.5, "third": 1 / 3, "thirds": 1 / 3, "quarter": 0.25, "quarters": 0.25,
                               "fifths": 0.2, "tenths": 0.1}  # fmt: skip

SYMBOLS: dict[str, str] = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "$": "USD", "¥": "JPY", "￥": "JPY", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₽": "RUB",
}  # fmt: skip
CODES = frozenset("USD EUR JPY GBP CHF CNY RMB KRW INR AUD CAD NZD SEK NOK DKK BRL ZAR RUB PLN CZK HUF SGD HKD".split())
CURRENCIES: dict[str, str] = {
    "dollar": "USD", "dólar": "USD", "yen": "JPY", "円": "JPY", "ドル": "USD", "ユーロ": "EUR", "euro": "EUR",
    "pound": "GBP", "libra": "GBP", "pfund": "GBP", "livre": "GBP", "yuan": "CNY", "renminbi": "CNY", "元": "CNY",
    "won": "KRW", "rupee": "INR", "franc": "CHF", "franken": "CHF", "ruble": "RUB", "rouble": "RUB", "krone": "NOK",
    "krona": "SEK", "peso": "MXN", "real": "BRL", "rand": "ZAR", "baht": "THB", "rupiah": "IDR", "ringgit": "MYR",
}  # fmt: skip
NATIONS: dict[str, str] = {
    "us": "USD", "u.s.": "USD", "american": "USD", "australian": "AUD", "canadian": "CAD", "singapore": "SGD",
    "hong kong": "HKD", "new zealand": "NZD", "british": "GBP", "swiss": "CHF", "chinese": "CNY", "japanese": "JPY",
}  # fmt: skip

DECIMAL_COMMA = frozenset("de fr es it pt nl da sv no fi pl cs hu ru tr el ro".split())
"""Languages that write 3,5 for three and a half and 1.000 for a thousand."""

REFERENCES = frozenset(
    "chapter section part article annex appendix page pages p pp no nos number figure fig table note notes vol volume "
    "paragraph para item clause rule schedule resolution resolutions line kapitel abschnitt artikel seite nr chapitre "
    "article capítulo sección artículo página § question step phase version track".split()
)
"""A number after one of these words is a reference, not an amount."""

QUALIFIERS = (
    r"(?:approximately|approx\.?|about|around|roughly|some|nearly|almost|over|under|more\s+than|less\s+than|fewer\s+than"
    r"|at\s+least|at\s+most|up\s+to|as\s+many\s+as|as\s+much\s+as|just\s+over|just\s+under|well\s+over|only|an\s+estimated"
    r"|rund|etwa|über|mehr\s+als|environ|près\s+de|plus\s+de|unos|más\s+de|cerca\s+de|circa|oltre)\s+|約"
)

STOPPERS = frozenset(
    "a an the of in on at to from for with by as and or but nor than that which who whom whose where when while since "
    "between among through during after before under over into onto upon per via about is are was were be been being "
    "has have had will would shall should can could may might must do does did it its they their them there this these "
    "those he she we our his her if not also however including such respectively so far up out off down each more less "
    "every within without against toward towards around across because although only both either then thus "
    "am an um beim vom ins der die das des dem den und oder von in im mit für bei auf aus zu zum zur "
    "le la les du de et ou en dans pour "
    "sur avec par au aux el los las y o con por para del al di da e il lo gli che".split()
)
"""Words that end a noun phrase."""

PLURALS = frozenset("people personnel men women children aircraft feet".split())
"""Plurals without s."""
