"""Words and patterns of the calendar, English number words, names of states, source labels."""

from __future__ import annotations

import re

YEAR = "(?:1[5-9]|20)[0-9]{2}"
"""Pattern of the years 1500 to 2099: smaller numbers are usually amounts."""

EARLIEST_IN_METADATA = 1500
"""First year that a number in metadata can mean (`YEAR`)."""

ANY_YEAR = "(?:1[0-9]|20)[0-9]{2}"
"""Pattern of the years 1000 to 2099, for texts in which earlier years are expected, such as questions."""

EARLIEST_IN_TEXT = 1000
"""First year that a number in a text can mean (`ANY_YEAR`): texts describe earlier times than metadata."""

FISCAL_YEAR_ADJECTIVES = "fiscal|financial|school|academic"
"""Alternatives before "year"; where the context allows others ("business", "calendar", "budget"), they are added there.
"""

FISCAL_YEAR_NOUNS = (
    "exercice|geschäftsjahr|haushaltsjahr|ejercicio|esercizio|exercício|boekjaar|räkenskapsår|regnskabsår|regnskapsår"
)
"""Alternatives for "fiscal year" in other languages."""

EDITION_NOUNS = "[ée]dition|ausgabe|edición|edizione|edição|editie|edycja|wydanie|udgave|utgåva|utgave"
"""Alternatives for "edition"; where the context allows "issue", it is added there."""

MONTHS_BY_LANGUAGE = {
    "en": "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep "
    "october/oct november/nov december/dec",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "januar/jänner februar märz april mai juni juli august september oktober november dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
}
"""Names of the months in their order, also abbreviated in English; the Polish ones are in the genitive."""

MONTHS = {
    name: number
    for months in MONTHS_BY_LANGUAGE.values()
    for number, names in enumerate(months.split(), 1)
    for name in names.split("/")
}
"""Number of a month by its name in any of these languages."""

AMBIGUOUS_MONTHS = frozenset("march may mars mayo maja mai maj mei".split())
"""Names of months that are also names of persons or places, or other words."""

MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"

DAY_SUFFIX = r"(?:st|[nr]?d|th|er)?\.?"
"""What can follow the number of a day before the name of its month: 3rd of May, 2d of May, 1er janvier, 3. Mai."""

DAY_BEFORE_MONTH = rf"[0-9]{{1,2}}{DAY_SUFFIX}\s+(?:of\s+|de\s+)?"
"""Pattern of a day before the name of its month."""

DAY_AFTER_MONTH = r"[0-9]{1,2}(?:st|[nr]?d|th)?\b"
"""Pattern of a day after the name of its month, an English order: May 3rd, May 2d."""

DAY_OF_MONTH = rf"(?:\b{DAY_BEFORE_MONTH}{MONTH}|\b{MONTH}\s+{DAY_AFTER_MONTH})"
"""Pattern of a day with its month: "3rd of May", "May 3"."""

ENGLISH_MONTHS = [names.partition("/")[0].capitalize() for names in MONTHS_BY_LANGUAGE["en"].split()]

MONTH_ABBREVIATIONS = frozenset(
    """
    jan feb febr mar mär apr jun jul aug sep sept oct okt nov dec dez janv févr avr juil juill déc ene abr dic
    """.split()
)
"""Abbreviations that end with a full stop. `MONTHS` has only the English ones."""

REFERENCES = frozenset(
    "chapter chapters section sections part parts article articles annex annexes appendix page pages p pp no "
    "nos number figure figures fig figs table tables note notes vol volume volumes paragraph paragraphs para "
    "paras item items clause clauses rule rules schedule resolution resolutions line lines chart charts box "
    "boxes kapitel abschnitt artikel seite seiten nr chapitre capítulo sección artículo página § question "
    "step phase version track".split()
)
"""A number after one of these words is a reference, not an amount."""

BODIES = frozenset(
    """
    Agency Association Authority Bank Board Bureau Commission Committee Company Corporation Council Department
    Foundation Fund Government Group Institute Ministry Office Service Society Trust Union University Year Month Week
    """.split()
)
"""Words that alone name no particular publisher: "the Authority's annual report"."""

WORKS = (
    r"(?:year|blue|fact|hand)[\s-]?books?|(?:white|green)[\s-]?papers?|reports?|reviews?|bulletins?|digests?|almanac[hk]?s?|abstracts?"
    r"|accounts(?!\s+for\b)|statements?|surveys?|rapports?|bilans?|annuaires?|memorias?|informes?|anuarios?|relazion[ei]|annuari[o]?|rapport[oi]"
    r"|bilanci[o]?|relatórios?|anuários?"
)
"""Alternatives for the words for works that publishers issue."""

COMPOUND_WORKS = (
    r"(?:(?:bericht|jahrbuch|jahrbüch|abschluss)(?:e[ns]?|er[n]?|s|es)?|(?:verslag|jaarboek)(?:en)?"
    r"|(?:beretning|berättelse|årbo[gk]|årsbok|rapport|redovisning|kertomus)(?:en)?)"
)
"""Pattern of such words at the end of a compound: "Jahresberichts"."""

COMPARED_WITH = (
    r"(?:compared\s+(?:with|to)|in\s+comparison\s+(?:with|to)|as\s+opposed\s+to|(?:up|down)\s+from|against|versus"
    r"|vs\.?|contre"
    r"|gegenüber|im\s+Vergleich\s+(?:zu[mr]?|mit)|verglichen\s+mit|par\s+rapport\s+[àa]|rispetto\s+al?|frente\s+al?"
    r"|respecto\s+(?:al?|de)|en\s+comparaci[óo]n\s+con|em\s+relação\s+a|vergeleken\s+met|jämfört\s+med"
    r"|sammenlignet\s+med)"
)
"""Pattern of the words between an amount or a year and the one with which it is compared."""

OUTLOOK = re.compile(
    r"\b(?:will|shall|(?:aim|plan|intend|target)(?:s|ed)?\s+to|expect(?:s|ed)?|forecasts?|projected|(?:is"
    r"|are)\s+to\s+(?:be\b|\w+)"
    r"|looking\s+ahead|targets?\s+for|wird|werden|soll(?:en)?|geplant|sera|seront|prévoi\w+|prévue?s?|será[n]?"
    r"|prev[ée]\w*"
    r"|previst[oa]s?|a\s+partir\s+de|à\s+partir\s+de)\b|予定|見込み|する方針",
    re.IGNORECASE,
)
"""Words of clauses about the future: plans, forecasts and targets."""

CURRENCY_SIGNS = "$€£¥₹"
"""Signs of currencies before an amount, for character classes."""

DECADES = {
    "en": "twenties thirties forties fifties sixties seventies eighties nineties".split(),
    "de": "zwanziger dreißiger vierziger fünfziger sechziger siebziger achtziger neunziger".split(),
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix".split(),
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(),
}
"""Words for the decades of a century from the twenties to the nineties, by language."""

_JAPANESE_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
ROMANISED_ERAS = dict(zip(("meiji", "taisho", "showa", "heisei", "reiwa"), _JAPANESE_ERAS.values(), strict=True))
ERA_LETTERS = dict(zip("MTSHR", _JAPANESE_ERAS.values(), strict=True))
ERAS = {**_JAPANESE_ERAS, "民國": 1911, "民国": 1911}
"""The calendar year before the first year of each era: the Japanese ones, and that of the Republic of China."""

ERA_NAMES = "|".join(name if name in _JAPANESE_ERAS else f"(?<![韓韩]){name}" for name in ERAS)
"""Pattern of the eras in Japanese and Chinese; 大韓民国 is a state."""

SOURCE_LABEL = (
    r"(?:(?:sources?|quellen?|fuentes?|fontes?|fonti|bron(?:nen)?|źródł[oa])(?![^\W\d_])"
    r"|出典|出所|資料(?:出所|来源)?|来源|资料来源)"
)
"""Pattern of the words before the source of a figure or a table."""

FIGURE_LABELS = (
    r"figure|fig\.|chart|graph|photo|map|diagram|exhibit|abbildung|abb\.|schaubild|grafik|karte|graphique|carte"
    r"|gr[aá]fico"
    r"|diagramm|diagrama|schéma|afbeelding|grafiek|figur[ae]?|figuur|mapa|wykres|rysunek"
)
"""Alternatives for the words before the number of an illustration."""

TABLE_LABELS = r"table|tabelle|tab\.|tableau|cuadro|tabla|tabella|tabell?|tabela|quadro"
"""The same for a table."""

ACCORDING_TO = {
    "en": r"according\s+to",
    "de": "laut",
    "fr": r"selon|d['’]après",
    "es": r"según|de\s+acuerdo\s+con",
    "pt": r"de\s+acordo\s+com",
    "nl": "volgens",
    "sv": "enligt",
    "da": "ifølge",
    "pl": r"według|zgodnie\s+z",
}
"""By language, alternatives for the words before who says something. "secondo" and "segundo" may also be "second"."""

QUESTION_WORDS = {
    "en": "who|whom|whose|what|when|where|which|why|how",
    "de": r"wer|wen|wem|wie|wann|wo|warum|welche\w*",
    "fr": r"qui|quand|comment|où|pourquoi|combien|quel\w*",
    "es": r"quién\w*|qué|cuál\w*|cuándo|dónde|por\s+qué|cómo|cuánt\w+",
}
"""By language, alternatives for the words that a question begins with; German "was" is also an English verb."""

SAYS = {
    "en": "says?|said|states?|stated|writes?|wrote|adds?|added|notes?|noted",
    "de": "schreib(?:t|en)|melde(?:t|n|te|ten)|berichte(?:t|n|te|ten)",
    "fr": "indique|écrit|affirme|précise",
    "es": "informa|señala|dice",
}
"""By language, alternatives for the verbs of who says something; "reports" may also be a noun."""

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
"""Values of the English number words from "zero" to "nineteen"."""

TENS: dict[str, int] = {word: 10 * value for value, word in enumerate(_TENS, 2)}
"""Values of the English number words from "twenty" to "ninety"."""

ORDINALS: dict[str, int] = {word: value for value, word in enumerate(_ORDINALS) if value} | {
    f"{word[:-1]}ieth": value for word, value in TENS.items()
}
"""Values of the English ordinals from "first" to "nineteenth", and of "twentieth" to "ninetieth"."""

NAMES_OF_STATES = tuple(
    tuple(names.split(", "))
    for names in (
        "United States, U.S., US, USA, America, American, Washington",
        "United Kingdom, U.K., UK, Britain, British, London",
        "European Union, EU, Brussels",
        "United Nations, UN, U.N.",
        "Russia, Russian, Moscow, Kremlin",
        "China, Chinese, Beijing, Peking",
        "Japan, Japanese, Tokyo",
        "South Korea, Republic of Korea, ROK, South Korean, Seoul",
        "North Korea, DPRK, North Korean, Pyongyang",
        "France, French, Paris",
        "Germany, German, Berlin",
        "Netherlands, Holland, Dutch, Hague",
        "Switzerland, Swiss, Bern",
        "Spain, Spanish, Madrid",
        "Greece, Greek, Athens",
        "Denmark, Danish, Copenhagen",
        "Turkey, Türkiye, Turkish, Ankara",
        "India, Indian, Delhi",
        "Iran, Iranian, Tehran, Persia",
        "Vietnam, Viet Nam, Vietnamese, Hanoi",
        "Myanmar, Burma",
        "Thailand, Thai, Siam, Bangkok",
        "Philippines, Philippine, Filipino, Manila",
        "Australia, Australian, Canberra",
        "Canada, Canadian, Ottawa",
        "Czechia, Czech, Prague",
        "Ukraine, Ukrainian, Kyiv, Kiev",
        "Israel, Israeli, Jerusalem",
        "Ivory Coast, Côte d'Ivoire",
        "Timor-Leste, East Timor",
    )
)
"""Names under which texts speak of a state or a union of states: its names, adjective and seat of government."""

SCALES = (
    r"['’]?000s?|thousands?|millions?|billions?|trillions?|crore|lakh|tausend|tsd\.?|mio\.?|millionen|mrd\.?"
    r"|milliarden|milliers"
    r"|milliards?|miles|millones|migliaia|milioni|milhares|milhões|duizend|miljoen"
)
"""Pattern of the words and signs for thousands and more."""

MEASURES = (
    r"(?:metric )?tons?|tonnes?|tonnen|toneladas|tonnellate|k?g|kilogram(?:me)?s?|hectares?|ha|hektar|k?m²?|km2|[cm]m"
    r"|(?:kilo|centi|milli)?met(?:re|er)s?|miles|litres?|liters?|liter|[gmk]wh|per cent|percent|prozent"
    r"|euros?|dollars?|pounds?|francs?|crowns?|kronor|kroner|yen"
)
"""Pattern of the common units of measurement and money."""
