"""Tables of the quantity parser: number words, scales, currencies, and words around numbers.

Complete for English; for other languages the words common in reports. No maintained library reads "42.5 million US
dollars", "¥180.5 billion", "147 merchant ships" and "two P-3C aircraft".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from corpus import clauses
from corpus.scripts import KANJI_DIGITS
from corpus.vocabulary import COMPARED_WITH, MONTH


def _numbered(words: str, first: int = 2) -> dict[str, int]:
    """Number words in order; alternatives of a number are joined by a slash."""
    return {word: number for number, some in enumerate(words.split(), first) for word in some.split("/")}


def _tens(words: str, first: int = 2) -> dict[str, int]:
    return {word: 10 * number for word, number in _numbered(words, first).items()}


def _german() -> dict[str, int]:
    units = _numbered("zwei drei vier fünf sechs sieben acht neun")
    tens = _tens("zwanzig dreißig/dreissig vierzig fünfzig sechzig siebzig achtzig neunzig")
    joined = {f"{one}und{ten}": tens[ten] + n for ten in tens for one, n in {"ein": 1, **units}.items()}
    teens = "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"
    return units | _numbered(teens, 10) | tens | joined


def _french() -> dict[str, int]:
    teens = "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
    small = _numbered("deux trois quatre cinq six sept huit neuf") | _numbered(teens, 10)
    tens = _tens("vingt trente quarante cinquante soixante") | {"quatre-vingts": 80, "quatre-vingt": 80}
    joined = {f"{ten}-{word}": tens[ten] + n for ten in tens for word, n in small.items()}
    joined |= {f"{ten}-et-{one}": tens[ten] + 1 for ten in tens for one in ("un", "une")}
    return small | tens | joined | {"soixante-et-onze": 71, "quatre-vingt-un": 81, "quatre-vingt-une": 81}


def _spanish() -> dict[str, int]:
    units = _numbered("dos tres cuatro cinco seis siete ocho nueve")
    teens = "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve"
    twenties = (
        "veinte veintiuno/veintiún/veintiuna veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
        "veintiocho veintinueve"
    )
    tens = _tens("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 3)
    joined = {
        f"{ten}-y-{one}": tens[ten] + n for ten in tens for one, n in {"un": 1, "uno": 1, "una": 1, **units}.items()
    }
    return units | _numbered(teens, 10) | _numbered(twenties, 20) | tens | joined


def _italian() -> dict[str, int]:
    units = _numbered("due tre quattro cinque sei sette otto nove")
    teens = "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove"
    tens = _tens("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
    joined = {
        (ten[:-1] if one[0] in "uo" else ten) + one: tens[ten] + n
        for ten in tens
        for one, n in {"uno": 1, **units, "tré": 3}.items()
    }
    return units | _numbered(teens, 10) | tens | joined


def _dutch() -> dict[str, int]:
    units = _numbered("twee drie vier vijf zes zeven acht negen")
    teens = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien"
    tens = _tens("twintig dertig veertig vijftig zestig zeventig tachtig negentig")
    joined = {
        f"{one}{'ën' if one in ('twee', 'drie') else 'en'}{ten}": tens[ten] + n
        for ten in tens
        for one, n in {"een": 1, **units}.items()
    }
    return units | _numbered(teens, 10) | tens | joined


def _portuguese() -> dict[str, int]:
    units = _numbered("dois/duas três quatro cinco seis sete oito nove")
    teens = (
        "dez onze doze treze catorze/quatorze quinze dezasseis/dezesseis dezassete/dezessete dezoito dezanove/dezenove"
    )
    tens = _tens("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
    joined = {f"{ten}-e-{one}": tens[ten] + n for ten in tens for one, n in {"um": 1, "uma": 1, **units}.items()}
    return units | _numbered(teens, 10) | tens | joined


@dataclass(frozen=True)
class NumberGrammar:
    """How a language writes numbers in words.

    Attributes:
        below_hundred: Words from 2 to 99; the parts of a number are joined by hyphens.
        ones: Words for one at the end of a larger number.
        hundreds: Words for hundreds before a remainder.
        alone: Those of them that are numbers without one: "cent" is also a part of "pour cent".
        thousand: The word after the thousands.
        before_thousand: Further words before it: "cien mil", "eintausend".
        joiner: What joins hundreds and remainder: nothing, a hyphen, or a word between hyphens.
    """

    below_hundred: Mapping[str, int]
    ones: Sequence[str]
    hundreds: Mapping[str, int]
    alone: Mapping[str, int]
    thousand: str
    before_thousand: Mapping[str, int]
    joiner: str

    @cached_property
    def below_thousand(self) -> dict[str, int]:
        """Return the words from 2 to 999."""
        rest = {**self.below_hundred, **dict.fromkeys(self.ones, 1)}
        joined = {f"{h}{self.joiner}{word}": n + m for h, n in self.hundreds.items() for word, m in rest.items()}
        return {**self.below_hundred, **self.alone, **joined}

    @property
    def pattern(self) -> str:
        """Return the pattern of a number below a million."""

        def one_of(words: Iterable[str]) -> str:
            return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"

        rest = one_of([*self.below_hundred, *self.ones])
        before_millions = rf"{one_of(self.hundreds)}(?=\s+mil[il])"
        alone = one_of([*self.alone, *self.below_hundred])
        number = f"(?:{one_of(self.hundreds)}{self.joiner}{rest}|{before_millions}|{alone})"
        before = f"(?:{number}|{one_of([*self.hundreds, *self.before_thousand])})"
        if self.joiner:  # two thousand alone are read as a scale after a number
            larger = f"{one_of([*self.hundreds, *self.before_thousand])}-{self.thousand}"
            thousands = f"(?:{before}-)?{self.thousand}(?:{self.joiner}|-){number}|{larger}"
        else:
            thousands = rf"(?:{before})?{self.thousand}\s*{number}|{before}{self.thousand}"
        return rf"\b(?:{thousands}|{number})\b".replace("-", r"[\s-]+")

    def parse(self, written: str) -> int:
        """Return the value of a number that the pattern matches."""
        plain = "-".join(re.split(r"[\s-]+", written.casefold()))
        if plain in self._words:
            return self._words[plain]
        thousands, rest = re.split(self.thousand, plain, maxsplit=1)
        rest = rest.removeprefix(self.joiner).strip("-")
        return 1000 * self._words.get(thousands.strip("-"), 1) + self._words.get(rest, 0)

    @cached_property
    def _words(self) -> dict[str, int]:
        return {**self.hundreds, **self.before_thousand, **self.below_thousand}


def _hundreds(words: str, first: int = 1) -> dict[str, int]:
    return {word: 100 * number for word, number in _numbered(words, first).items()}


def _grammars() -> dict[str, NumberGrammar]:
    german, french, italian, dutch = _german(), _french(), _italian(), _dutch()
    units = {
        language: [word for word, number in words.items() if 2 <= number <= 9]
        for language, words in (("de", german), ("fr", french), ("it", italian), ("nl", dutch))
    }
    of_german = _hundreds(" ".join(["hundert/einhundert", *(f"{unit}hundert" for unit in units["de"])]))
    of_french = _hundreds(" ".join(["cent", *(f"{unit}-cent" for unit in units["fr"])]))
    of_italian = _hundreds(" ".join(["cento", *(f"{unit}cento" for unit in units["it"])]))
    of_dutch = _hundreds(" ".join(["honderd", *(f"{unit}honderd" for unit in units["nl"])]))
    of_spanish = _hundreds(
        "doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas quinientos/quinientas "
        "seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas novecientos/novecientas",
        2,
    )
    of_portuguese = _hundreds(
        "duzentos/duzentas trezentos/trezentas quatrocentos/quatrocentas quinhentos/quinhentas seiscentos/seiscentas "
        "setecentos/setecentas oitocentos/oitocentas novecentos/novecentas",
        2,
    )

    def plural(words: Mapping[str, int], ending: str = "") -> dict[str, int]:
        return {word + ending: number for word, number in words.items() if number > 100}

    return {
        "de": NumberGrammar(german, ("eins", "ein"), of_german, of_german, "tausend", {"ein": 1}, ""),
        "es": NumberGrammar(
            _spanish(), ("uno", "un", "una"), {"ciento": 100, **of_spanish}, of_spanish, "mil", {"cien": 100}, "-"
        ),
        "fr": NumberGrammar(french, ("un", "une"), of_french, plural(of_french, "s"), "mille", {}, "-"),
        "it": NumberGrammar(italian, ("uno",), of_italian, plural(of_italian), "mil(?:le|a)", {}, ""),
        "nl": NumberGrammar(dutch, ("één", "een"), of_dutch, of_dutch, "duizend", {}, ""),
        "pt": NumberGrammar(
            _portuguese(), ("um", "uma"), {"cento": 100, **of_portuguese}, of_portuguese, "mil", {"cem": 100}, "-e-"
        ),
    }  # fmt: skip


GRAMMARS = _grammars()
"""How numbers are written in words, by language; English has its own rules in `quantities`."""

NUMBER_WORDS: dict[str, dict[str, int]] = {language: grammar.below_thousand for language, grammar in GRAMMARS.items()}
"""Number words from 2 to 999 by language; the parts of a number are joined by hyphens."""

KANJI_SIGNS = f"〇{KANJI_DIGITS}十百千"
"""Signs of a number below ten thousand."""

KANJI_NUMERALS = f"{KANJI_SIGNS}万億兆"

KANJI_COUNTERS = (
    "隻 人 名 件 回 台 校 機 社 冊 頭 羽 匹 本 枚 種 戸 世帯 か国 カ国 ヵ国 ヶ国 箇国 か所 カ所 ヵ所 ヶ所 箇所 施設 "
    "団体 トン キロ メートル ヘクタール パーセント ％ % 円 ドル ユーロ"
).split()
"""What follows an amount in kanji; before other words they are part of a name or an expression (一般, 三重県)."""

SCALES: dict[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
    "k": 1e3, "m": 1e6, "b": 1e9, "mn": 1e6, "mln": 1e6, "bn": 1e9, "bln": 1e9, "tn": 1e12,
    "tausend": 1e3, "millionen": 1e6, "mio": 1e6, "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9, "billionen": 1e12,
    "mille": 1e3, "millions": 1e6, "milliard": 1e9, "milliards": 1e9, "mil": 1e3, "millón": 1e6, "millones": 1e6,
    "milione": 1e6, "milioni": 1e6, "miliardo": 1e9, "miliardi": 1e9,
    "hundreds": 1e2, "thousands": 1e3, "billions": 1e9, "lakh": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7,
    "trillions": 1e12, "millon": 1e6,
}  # fmt: skip
LANGUAGE_SCALES: dict[str, dict[str, float]] = {
    "da": {"tusind": 1e3, "mio": 1e6, "millioner": 1e6, "mia": 1e9, "milliarder": 1e9, "billioner": 1e12},
    "de": {"billion": 1e12, "tsd": 1e3},
    "es": {"billón": 1e12, "billones": 1e12},
    "fi": {"tuhatta": 1e3, "miljoonaa": 1e6, "milj": 1e6, "miljardia": 1e9, "mrd": 1e9},
    "fr": {"billion": 1e12, "billions": 1e12},
    "it": {"mila": 1e3, "mld": 1e9},
    "nl": {"duizend": 1e3, "miljoen": 1e6, "miljard": 1e9, "biljoen": 1e12},
    "no": {"tusen": 1e3, "millioner": 1e6, "mill": 1e6, "milliarder": 1e9, "mrd": 1e9},
    "pl": {"tys": 1e3, "mln": 1e6, "milionów": 1e6, "miliony": 1e6, "mld": 1e9, "miliardów": 1e9, "miliardy": 1e9},
    "pt": {"milhão": 1e6, "milhões": 1e6, "bilhão": 1e9, "bilhões": 1e9},
    "ru": {"тыс": 1e3, "тысяч": 1e3, "млн": 1e6, "миллионов": 1e6, "миллиона": 1e6, "млрд": 1e9, "миллиардов": 1e9,
           "миллиарда": 1e9, "трлн": 1e12},
    "sv": {"tusen": 1e3, "miljoner": 1e6, "mkr": 1e6, "miljarder": 1e9},
    "tr": {"bin": 1e3, "milyon": 1e6, "milyar": 1e9, "trilyon": 1e12},
}  # fmt: skip
"""Scales that mean this in one language only: a German Billion is an English trillion."""

PARTS_OF_SCALES: dict[str, dict[str, float]] = {
    "de": {"eine": 1, "einer": 1, "ein": 1, "eine-halbe": 0.5, "einer-halben": 0.5, "halbe": 0.5, "eine-viertel": 0.25,
           "viertel": 0.25, "eine-dreiviertel": 0.75, "dreiviertel": 0.75, "eineinviertel": 1.25,
           "zweieinviertel": 2.25, "anderthalb": 1.5, "eineinhalb": 1.5,
           "zweieinhalb": 2.5, "dreieinhalb": 3.5, "viereinhalb": 4.5},
    "en": {"half": 0.5, "half-a": 0.5, "a-half": 0.5, "half-of-a": 0.5, "a-quarter": 0.25, "quarter-of-a": 0.25,
           "a-quarter-of-a": 0.25, "one-quarter-of-a": 0.25, "three-quarters-of-a": 0.75, "a-third-of-a": 1 / 3,
           "one-third-of-a": 1 / 3, "two-thirds-of-a": 2 / 3},
    "es": {"un": 1, "medio": 0.5, "un-cuarto-de": 0.25, "tres-cuartos-de": 0.75},
    "fr": {"un": 1, "un-demi": 0.5, "un-quart-de": 0.25, "trois-quarts-de": 0.75},
    "it": {"un": 1, "mezzo": 0.5, "un-quarto-di": 0.25, "tre-quarti-di": 0.75},
    "nl": {"een": 1, "één": 1, "een-half": 0.5, "een-halve": 0.5, "een-kwart": 0.25, "driekwart": 0.75,
           "anderhalf": 1.5, "anderhalve": 1.5, "tweeënhalf": 2.5},
    "pt": {"um": 1, "meio": 0.5, "um-quarto-de": 0.25, "três-quartos-de": 0.75},
}  # fmt: skip
"""Words for one, or a fraction, before a large scale, by language: "half a million", "eine Viertelmillion"."""

AND_A_HALF = r"and[\s-]+a[\s-]+half|et\s+demie?|y\s+medi[oa]|e\s+mezz[oa]|e\s+mei[oa]|und\s+eine\s+halbe?"
"""After a number or its scale: "two and a half years", "un million et demi"."""

VULGAR_FRACTIONS = "½⅓⅔¼¾⅛⅜⅝⅞"

SHORT_SCALES = frozenset("k m b tn".split())
"""Scales only next to a currency: "5 m" is a length."""

WIDE_SCALES: dict[str, float] = dict(
    zip(
        "十百千万萬億兆亿십백천만억조",
        (10, 100, 1e3, 1e4, 1e4, 1e8, 1e12, 1e8, 10, 100, 1e3, 1e4, 1e8, 1e12),
        strict=True,
    )
)

FRACTIONS: dict[str, float] = {
    "half": 0.5, "third": 1 / 3, "thirds": 1 / 3, "quarter": 0.25, "quarters": 0.25,
    "fifth": 0.2, "fifths": 0.2, "sixth": 1 / 6, "sixths": 1 / 6, "eighth": 0.125, "eighths": 0.125,
    "tenth": 0.1, "tenths": 0.1,
}  # fmt: skip

SYMBOLS: dict[str, str] = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "RM": "MYR", "Rs.": "INR", "Rs": "INR", "$": "USD", "¥": "JPY", "￥": "JPY", "€": "EUR", "£": "GBP",
    "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "฿": "THB", "₫": "VND", "₱": "PHP", "₪": "ILS", "₦": "NGN",
    "元": "CNY", "円": "JPY", "원": "KRW", "kr.": "DKK", "zł": "PLN", "Kč": "CZK", "Ft": "HUF",
}  # fmt: skip
TRAILING_SYMBOLS = "€ £ ¥ ￥ $ ₹ ₽ ₺ ₩ ₫ 元 円 원 zł Kč Ft kr.".split()
"""Symbols that also follow a number."""

CODES = frozenset("USD EUR JPY GBP CHF CNY RMB KRW INR AUD CAD NZD SEK NOK DKK BRL ZAR RUB PLN CZK HUF SGD HKD".split())
CURRENCIES: dict[str, str] = {
    "dollar": "USD", "dólar": "USD", "yen": "JPY", "円": "JPY", "ドル": "USD", "ユーロ": "EUR", "euro": "EUR",
    "pound": "GBP", "libra": "GBP", "pfund": "GBP", "livre": "GBP", "yuan": "CNY", "renminbi": "CNY", "元": "CNY",
    "won": "KRW", "rupee": "INR", "franc": "CHF", "franken": "CHF", "ruble": "RUB", "rouble": "RUB", "krone": "NOK",
    "krona": "SEK", "peso": "MXN", "real": "BRL", "kronor": "SEK", "kroner": "NOK",
    "reais": "BRL", "lira": "TRY", "рублей": "RUB", "рубля": "RUB",
    "долларов": "USD", "доллара": "USD", "евро": "EUR", "złotych": "PLN", "美元": "USD", "欧元": "EUR",
    "日元": "JPY", "人民币": "CNY", "달러": "USD", "유로": "EUR", "원": "KRW",
    "rand": "ZAR", "baht": "THB", "rupiah": "IDR", "ringgit": "MYR",
}  # fmt: skip
LANGUAGE_CURRENCIES: dict[str, dict[str, str]] = {
    "da": {"krone": "DKK", "kroner": "DKK", "kr.": "DKK"},
    "no": {"kr.": "NOK"},
    "sv": {"kr.": "SEK"},
}
NATIONS: dict[str, str] = {
    "us": "USD", "u.s.": "USD", "american": "USD", "australian": "AUD", "canadian": "CAD", "singapore": "SGD",
    "hong kong": "HKD", "new zealand": "NZD", "british": "GBP", "swiss": "CHF", "chinese": "CNY", "japanese": "JPY",
}  # fmt: skip

DECIMAL_COMMA = frozenset("de fr es it pt nl da sv no fi pl cs hu ru tr el ro".split())
"""Languages that write 3,5 for three and a half and 1.000 for a thousand."""

BOUNDS: dict[str, str] = {
    "more": r"over|older\s+than|älter\s+als|mayores\s+de"
    r"|more\s+than|just\s+over|well\s+over|(?:just\s+|well\s+)?above|upwards\s+of|über|mehr\s+als|plus\s+d(?:es?|['’])|más\s+de|oltre|più\s+d(?:i|el|ella)|mais\s+d[eao]"
    r"|meer\s+dan|över|mer\s+än|mere\s+end|więcej\s+niż|ponad|более|свыше",
    "less": r"under|younger\s+than|jünger\s+als|menores\s+de"
    r"|less\s+than|fewer\s+than|just\s+under|(?:just\s+|well\s+)?below|weniger\s+als|unter|moins\s+d(?:es?|['’])|menos\s+d[eao]|meno\s+d(?:i|el|ella)"
    r"|minder\s+dan|mindre\s+än|poniżej|менее",
    "minimum": r"at\s+least|mindestens|wenigstens|au\s+moins"
    r"|al\s+menos|almeno|pelo\s+menos|ten\s+minste|minst|mindst|co\s+najmniej",
    "maximum": r"at\s+most|up\s+to|no\s+more\s+than|not\s+more\s+than|höchstens|bis\s+zu|au\s+plus|jusqu['’]à"
    r"|como\s+máximo|hasta|al\s+massimo|fino\s+a|no\s+máximo|até|hooguit|maximaal|högst|højst|co\s+najwyżej",
    "about": r"approximately|approx\.?|about|around|roughly|some|nearly|almost|an\s+estimated|rund|etwa|circa|ca\."
    r"|knapp|gut|fast|nahezu|beinahe|environ|près\s+d(?:e|['’])|presque|quelque|unos|unas|casi|cerca\s+de"
    r"|aproximadamente|quasi|quase|ongeveer|bijna|ruim|ungefär|około|около",
    "plain": r"no(?:t)?\s+(?:fewer|less)\s+than|nicht\s+weniger\s+als|pas\s+moins\s+de|(?:no|nada)\s+menos\s+(?:de|que)"
    r"|non\s+meno\s+di|niet\s+minder\s+dan|as\s+many\s+as|as\s+much\s+as|only|nur|seulement|solo",
}
"""Words before a number by what they make of it; `plain` ones do not change the amount."""

Bound = Literal["", "about", "more", "less", "minimum", "maximum"]
"""What the amount is: "minimum" for "at least 150", which 150 itself is, and "more" for "more than 150"."""

BOUND_NAMES: tuple[Bound, ...] = get_args(Bound)

WIDE_BOUNDS: dict[str, Bound] = {"約": "about", "约": "about", "약": "about", "およそ": "about"}
WIDE_AFTER: dict[str, Bound] = {
    "以上": "minimum",
    "超": "more",
    "以下": "maximum",
    "未満": "less",
    "이상": "minimum",
    "이하": "maximum",
}
"""Bounds in scripts without spaces, before and after the number."""

Period = Literal["", "hour", "day", "week", "month", "year"]
"""The period of a rate."""

PERIODS: tuple[Period, ...] = get_args(Period)

_PERIOD_NAMES: dict[Period, tuple[str, str, str, str]] = {
    "hour": (
        r"hours?|hr|Stunden?|heures?|horas?|or[ae]|uur|timmen?|timen?",
        r"hourly|stündlich|horaires?|orari[oe]?",
        "1?時間|每?小时",
        "hour|stunde|heure",
    ),
    "day": (
        r"days?|Tag(?:e|es)?|jours?|días?|dias?|giorn[oi]|dag(?:en)?|dzień",
        r"daily|täglich|journali(?:er|ère)s?|quotidien(?:ne)?s?|diari[oa]s?|diariamente|giornalier[oi]|al\s+giorno|dagelijks|dziennie",
        "[1一毎每]日",
        r"\bday|\btag",
    ),
    "week": (
        r"weeks?|Wochen?|semaines?|semanas?|settiman[ae]|weken|veckan?|ugen?|uken?",
        r"weekly|wöchentlich|hebdomadaires?|semanal(?:es)?|semanais|settimanal[ei]|wekelijks|tygodniowo",
        "[1一毎每]週",
        "week|woche",
    ),
    "month": (
        r"months?|Monate?s?|mois|mes(?:es)?|mês|mes[ei]|maand|månad(?:en)?|måned(?:en)?|miesiąc",
        r"monthly|monatlich|mensuel(?:le)?s?|mensual(?:es)?|mensuais|mensais|mensal|mensil[ei]|maandelijks|miesięcznie",
        "[1一毎每][かヶカ]?月|月額",
        "month|monat|maand",
    ),
    "year": (
        r"years?|annum|Jahre?s?|an|année|años?|anos?|ann[oi]|jaar|år(?:et)?|rok",
        r"yearly|annual(?:ly)?|jährlich|annuel(?:le)?s?|anual(?:es)?|anuais|annu[oei]|annual[ei]|jaarlijks|rocznie",
        "[1一毎每]年|年額",
        r"year|\bjahr|\bjaar",
    ),
}  # fmt: skip
"""The nouns of a period, the words for a rate of it, the same in Chinese and Japanese, and parts of compounds."""

PERIOD_WORDS: dict[Period, re.Pattern[str]] = {
    period: re.compile(rf"(?<!\w)(?:{noun}|{word})(?!\w)|{wide}|{part}", re.IGNORECASE)
    for period, (noun, word, wide, part) in _PERIOD_NAMES.items()
}
"""Words for a period, also in compounds: "weekday", "Monatsende"."""

_PER_EACH = r"(?:per|pro|je|par|por|a)"
_PER = (
    rf"(?:{_PER_EACH}\s+(?:l['’])?[^\W\d_]+\s+(?:and|und|et|y|e|en)(?:\s+{_PER_EACH})?|an?|per|each|every|pro|je|jede[nrs]?|im|am|in\s+der|par|chaque|al|a\s+la|alla|all[’']|l[’']|por|cada|ao|à|elke|om|i"
    r"|pr\.|na)"
)
"""Before a period, also after another base of the rate: "45 euros per head and per year"."""

_NO_RATE = (
    rf"(?!\s*(?:\d|ago\b|earlier\b|later\b|before\b|after\b|old\b|of\b|since\b|that\b|when\b|in\s+which\b|zuvor\b|davor\b|danach\b|darauf\b"
    rf"|de[rs]\b|de\b|del\b|d[’']|nach\b|vor\b|plus\s+t|passée?\b|derni(?:er|ère)\b|prochaine?\b|suivante?\b|précédente?\b|pasad[oa]\b|próxim[oa]\b|scors[oa]\b|auparavant\b|antes\b|prima\b|siguiente\b|anterior\b|(?:{MONTH})))"
)
"""What does not follow the period of a rate: "a year ago", "im Jahr 2022"."""


def _period(noun: str = "", word: str = "", wide: str = "") -> str:
    """Return the pattern of the periods in these frames, which have "WORDS" for the words."""
    return "|".join(
        f"(?P<{period}>" + "|".join(
            frame.replace("WORDS", words) for frame, words in zip((noun, word, wide), names, strict=False) if frame
        ) + ")"
        for period, names in _PERIOD_NAMES.items()
    )  # fmt: skip


_RATE = _period(
    rf"(?:(?<![^\W\d_]){_PER}\s*|/\s?)(?:WORDS)(?!\w){_NO_RATE}",
    r"(?<!\w)(?:WORDS)(?!\w)",
    "(?:WORDS)(?:当たり|あたり|に)",
)
PER_PERIOD = re.compile(_RATE, re.IGNORECASE)
"""A rate in the label of a row or the head of a column: "Pension (euros a month)"."""

PER_PERIOD_AFTER = re.compile(
    rf"\s*(?:(?!(?:in|within|over|after|during|for|from|since|binnen|nach|seit|en|après|dans|pendant|durante|dopo|desde)\b)[^\W\d_]+\s+){{0,2}}?(?:{_RATE})",
    re.IGNORECASE,
)
"""After an amount: "612 euros a month", "612 Euro monatlich"."""

PER_PERIOD_BEFORE = re.compile(
    "(?:"
    + _period(
        "",
        r"(?<!\w)(?:WORDS)(?:e[nrs]?)?\s+(?:(?!reports?\b)[^\W\d_]+\s+(?:of|was|is|at|von|betrug|de|di|van)\s+)?",
        "(?:WORDS)(?:当たり|あたり)?(?:の[^、。]{1,6}は)?",
    )
    + rf")(?:(?:{'|'.join(BOUNDS.values())})\s+)?$",
    re.IGNORECASE,
)
"""Before an amount: "monatlich 612 Euro", "a monthly pension of 612 euros"."""

OF_THE = re.compile(
    rf"\s+(?:{clauses.OF}|sur)(?:\s+{clauses.DETERMINER})?(?:\s+(?:planned|budgeted|geplanten|insgesamt|total))?\s+",
    re.IGNORECASE,
)
"""Between a part and its whole: "6.5 of the 8.1 million"."""

BEFORE_OTHER = re.compile(
    rf"[^.;:\d]{{0,40}}?(?<!\w)(?:{clauses.THAN}|{clauses.INSTEAD_OF}|as\s+against|{COMPARED_WITH})"
    rf"(?:\s+[^\W\d_]+){{0,3}}\s+(?:(?:{'|'.join(BOUNDS.values())})\s+)?",
    re.IGNORECASE,
)
"""Between two amounts that are compared: "11.4 million euros instead of the planned 12.3 million"."""

OF_WHICH = re.compile(
    rf"[^\W\d_]{{0,20}}\s*[,;(]?\s*(?:{clauses.OF_WHICH})\s+(?:(?:{'|'.join(BOUNDS.values())})\s+)?",
    re.IGNORECASE,
)
"""Between a whole and its part: "8.1 million euros, of which 6.5 million"."""

AND_PART = re.compile(rf"[^.;:\d]{{0,60}}?(?:,|\b{clauses.AND})\s+", re.IGNORECASE)
"""Between two parts: "of which 6.5 million from the state and 1.2 million"."""

PLURALS = frozenset("people personnel men women children aircraft feet".split())
"""Plurals without s."""

UNITS_OF_MEASUREMENT: dict[str, dict[float, str]] = {
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
    "speed": {
        0.27777778: "km/h kmh kph kilometre-per-hour kilometres-per-hour kilometers-per-hour stundenkilometer"
        " kilometern-pro-stunde km/u",
        0.44704: "mph mile-per-hour miles-per-hour",
        0.51444444: "kn knot knots knoten nœuds nudos nodi",
        1: "m/s metres-per-second meters-per-second",
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

UNIT_SIZES: dict[str, tuple[str, float]] = {
    name: (dimension, size)
    for dimension, sizes in UNITS_OF_MEASUREMENT.items()
    for size, names in sizes.items()
    for name in names.split()
}
"""The dimension of each unit of measurement, and its size in the base unit of that."""

_SIGNS = [
    re.escape(name)
    for sizes in UNITS_OF_MEASUREMENT.values()
    for names in sizes.values()
    for name in names.split()
    if len(name) <= 3 and name.isascii() and name != "s"
]
UNIT_NAME = re.compile(
    "|".join(
        re.escape(name)
        for sizes in UNITS_OF_MEASUREMENT.values()
        for names in sizes.values()
        for name in sorted(names.split(), key=len, reverse=True)
    ),
    re.IGNORECASE,
)
"""A name of a unit of measurement."""

RESPECTIVELY = re.compile(
    r"\b(?:respectively|respectivement|respectivamente|rispettivamente|respectievelijk|beziehungsweise)\b",
    re.IGNORECASE,
)
"""Words that give figures to names in the same order."""

UNIT_SIGN = re.compile(
    "(?:{}|(?i:{}))(?![^\\W_])".format(
        *("|".join(sign for sign in _SIGNS if (len(sign) == 1) == one) for one in (True, False))
    )
)
"""A short name of a unit that follows a number without a blank: "350km", but not "5G"."""
