"""The type of answer a question expects, and whether a sentence contains one.

Questions in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Danish, Norwegian, Swedish, Japanese,
Chinese and Korean are understood. "How many" expects a number, "when" a date,
"why" a word such as "because". A bare year does not count as a number: every second sentence of a yearbook contains
one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from corpus.metadata.language import primary_language
from corpus.metadata.years import parse_years
from corpus.scripts import KANJI_DIGITS, LATIN_CAPITALS, WIDE_LETTER
from corpus.vocabulary import (
    AMBIGUOUS_MONTHS,
    CURRENCY_SIGNS,
    DAY_BEFORE_MONTH,
    MEASURES,
    MONTH,
    MONTHS,
    REFERENCES,
    TENS,
    UNITS,
)
from index.lexical.analysis import terms

WHO = (
    r"\b(?:who|whom|whose|wer|wem|wen|qui|quién(?:es)?|quem|chi|kto|vem|hvem"
    r"|wie (?:is|was|had|heeft|werd|kreeg))\b|誰|だれ|谁"
)
"""Asks for a person. "Wie" does so in Dutch only, hence the Dutch verbs."""

WHERE = r"\b(?:where|wo|où|dónde|dove|onde|waar|gdzie|hvor(?! (?:mange|meget|mye|lang|stor|høj|høy|ofte)))\b|どこ"
"""Asks for a place. "Hvor mange" asks how many."""

WHICH = (
    r"\b(?:which|what|welche[mnrs]?|quel(?:le)?s?|qué|cuál(?:es)?|quale?|quali|quais|welke?|wat"
    r"|który|która|które|vilke[nt]|vilka|hvilke[nt]?)\b|何|どの|どれ|什么|哪"
)
"""Asks for a thing. Without German "was", which is a verb in English questions."""

WHEN = r"\b(?:when|wann|quand|cuándo|quando|wanneer|kiedy|hvornår)\b|いつ"
WHY = r"\b(?:why|warum|weshalb|wieso|pourquoi|por qué|perché|porquê|waarom|dlaczego|varför|hvorfor)\b|なぜ|どうして"

BECAUSE = (
    r"(?:because|weil|denn|parce qu\w*|car|puisque|porque|puesto que|ya que|perché|poiché|omdat|doordat|eftersom|fordi"
    r"|ponieważ)"
)
"""Joins an effect to the clause of its cause after it."""

NOT_BUT = (
    r"(?:no (?:es|son|fue) [^,.;]{2,40}, (?:es|son|sino|fue)|ce n['’](?:est|était) pas [^,.;]{2,40}, (?:c['’]|mais)"
    r"|it(?: is|['’]s| was) not [^,.;]{2,40}, (?:it|but)|non (?:è|è stat[oa]) [^,.;]{2,40}, (?:è|ma))"
)
"""Denies one cause and tells another: "It was not the rain, but the wind"; without German, whose verb is elsewhere."""

AnswerType = Literal["number", "date", "reason"]

NO_HEADS: Mapping[str, str] = {}

_NUMBER_QUESTION = re.compile(
    r"\bhow (?:many|much|long|often|old|large|big|far|high|fast|tall|deep|wide|broad|thick|heavy)\b"
    r"|\b(?:what|which|by what) (?:number|share|percentage|proportion|amount|sum|total|rate)\b"
    r"|\b(?:what|how) (?:was|were|is|are|did|does|has|have) the (?:[\w-]+ ){0,3}"
    r"(?:number|share|percentage|proportion|amount|total|rate)s?\b"
    r"|\bwie (?:viele?r?|hoch|lange|oft|groß|alt|weit)\b|\bwelcher (?:anteil|betrag)\b"
    r"|\bcombien\b|\bquel(?:le)? (?:nombre|part|pourcentage|proportion|montant|somme|taux)\b"
    r"|\bcuánt[oa]s?\b|\bqué (?:número|porcentaje|proporción|cantidad|parte|importe|tasa)\b"
    r"|\bquant[oiae]s?\b|\bquale (?:numero|percentuale|quota|importo|tasso)\b"
    r"|\bqual (?:[oa] )?(?:número|percentagem|porcentagem|valor|montante|taxa)\b"
    r"|\bhoeveel\b|\bhoe (?:lang|vaak|hoog|groot|oud|ver)\b|\bwelk (?:aantal|deel|percentage|bedrag)\b"
    r"|\bil[eu]\b(?!-|\s+de\b|\s+d['’])|\bjaki (?:procent|odsetek)\b|\bhur (?:många|mycket|lång|stor|hög)\w*"
    r"|\bhvor (?:mange|meget|mye|lang|stor|høj|høy)\w*"
    r"|多少|几(?:个|人|名|家|次|年|天|座|所|条)|多[大高长久](?!な)|얼마|몇"
    r"|何(?:人|件|回|社|校|円|ドル|％|%|パーセント|割|倍|か国|カ国|ヶ国|隻|台|日間|年間)|いく(?:つ|ら)|どの(?:くらい|ぐらい|程度)"
    r"|[どい]れほど"
    r"|(?:数|額|率|割合|総額|件数)は(?:何|どれ|いくら)?",
    re.IGNORECASE,
)
_DATE_QUESTION = re.compile(
    r"(?:^|[,;:] |\b(?:since|until|by) )when\b|\b(?:what|which) (?:year|month|date|day)s?\b"
    r"(?! (?:care|cent(?:re|er)s?|palms?|trips?|schools?|nurser\w+|shifts?|passes|tickets|books?|patients?)\b)"
    r"|\b(?:seit |bis )?wann\b|\b(?:welche[mns]?|in welchem) (?:jahr|monat|tag|datum)\b"
    r"|\bquand\b|\bquelle (?:année|date)\b|\bcuándo\b|\bqué (?:año|fecha|mes|día)\b|^\W*(?:da |desde )?quando\b"
    r"|\bin (?:che|quale) (?:anno|mese|data)\b|\bem que (?:ano|mês|data|dia)\b|\bwanneer\b"
    r"|\bwelke? (?:jaar|maand|datum)\b|\bkiedy\b|\bw którym roku\b|\b(?:vilket|hvilket) år\b|^\W*(?:när|når|hvornår)\b"
    r"|いつ|何[年月日](?!間)|什么时候|何时|哪一?[年月天]|언제",
    re.IGNORECASE,
)
_YEAR_QUESTION = re.compile(
    r"\b(?:what|which) years?\b|\bwelche[mns]? jahr\w*|\bquelles? années?\b|\bqué años?\b|\b(?:che|quale) anno\b"
    r"|\bque ano\b|\bwelk jaar\b|\bktórym roku\b|\b(?:vilket|hvilket) år\b|何年に|哪一?年",
    re.IGNORECASE,
)
_SHARE_QUESTION = re.compile(
    r"\b(?:what|which)\s+(?:share|percentage|proportion|per ?cent)\b|\b(?:share|percentage|proportion) of\b"
    r"|\b(?:welcher (?:anteil|prozentsatz)|wie ?viel prozent|anteil de[rs])\b"
    r"|\b(?:quel(?:le)? (?:part|proportion|pourcentage)|pourcentage d)\b|\bqué (?:porcentaje|proporción|parte)\b"
    r"|\b(?:quale|che) (?:percentuale|quota)\b|\b(?:qual|que) (?:a )?(?:percentagem|porcentagem)\b"
    r"|\b(?:welk (?:percentage|deel)|hoeveel procent)\b|何(?:％|%|パーセント|割)|百分之多少|多大比例",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"[%％]|\d[.,]\d|\d\s+(?:of|out of|in|von|sur|su|de|di|van|em)\s+(?:the\s+|den\s+|los\s+|les\s+|its\s+)?\d"
    r"|\b(?:per ?cento?s?|percentages?|pct|half|halves|thirds?|quarters?|fifths?|tenths?|majority|most|all|none"
    r"|one in|out of|prozent|hälfte|drittel|viertel|fünftel|zehntel|jede[rs]? \w+te|pour ?cent|moitié|tiers|quarts?"
    r"|cinquièmes?|dixièmes?|por cento|por ciento|mitad|tercios?|cuart[oa]s?|\w+a parte|metade|terços?|metà|terz[oi]"
    r"|quart[oi]|quint[oi]|procent|helft|derde|kwart)\b|[割半]|分の|分之|パーセント",
    re.IGNORECASE,
)
"""A part of a whole, which a number of people or an amount of money is not."""

_NUMBER_REQUIRED = re.compile(
    r"\bhow many\b|\bwie ?viele\b|\bcombien d|\bcuánt[oa]s\b|\bquant[ie]\b|\bquant[oa]s\b|\bhoeveel\b"
    r"|多少|何(?:人|件|回|社|校|か国|隻|台)",
    re.IGNORECASE,
)
"""Only a number answers; "how long" and "how often" may be answered by "until dusk" and "every week"."""

_WHEN = re.compile(rf"^\W*(?:[^\W\d_]+\s+)?(?:{WHEN})", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:after|before|during|once|until|till|since|when|while|as soon as|upon|today|now|currently|daily|yearly"
    r"|annually|weekly|monthly|always|never|not yet|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"|spring|summer|autumn|winter|christmas|easter|noon|midday|midnight|morning|evening|night|dusk|dawn|sun(?:set"
    r"|rise)|centur(?:y|ies)"
    r"|(?:day|week|month|year|quarter|season|hour|minute)s?"
    r"|[ap]\.?m|o['’]clock|if|immediately|at once|bei|midi|minuit|latem|zimą"
    r"|nach|vor|während|bis|seit|sobald|\w*(?:tag|tage|woche|monat|jahr|jahres|sommer|winter|herbst|frühling)\w{0,2}"
    r"|après|avant|pendant|depuis|dès|jours?|semaines?|mois|ans?|années?|hiver|été|printemps|automne"
    r"|después|antes|durante|desde|hasta|días?|semanas?|mes(?:es)?|años?|verano|invierno|dopo|prima|fino|giorn[oi]"
    r"|mes[ei]|ann[oi]|depois|até|dias?|anos?|na|voor|tijdens|sinds|dag(?:en)?|we(?:ek|ken)|maand(?:en)?|jaar|jaren)\b"
    r"|\d{1,2}[.:]\d{2}|[年月日時时週周季]|前|後|后",
    re.IGNORECASE,
)
"""Words for a time, with which a sentence may answer "when" without a date."""

_PRICE = (
    r"(?![^?]{0,200}\bin (?:days|weeks|hours|lives|time)\b)(?:\bhow (?:expensive|costly)\b"
    r"|\b(?:what|how much) (?:did|does|do|will|would|has|have) "
    r"(?:(?!\b(?:about|do|done|(?:the|an?|its|their|his|her|our|any|no|at|of|in|on|full|total|high|higher|rising|low"
    r"|lower"
    r"|extra|cut|reduce|save|meet|cover|bear|share) cost)\b)[^?]){0,200}\bcost\b"
    r"(?=\W*$|\s?[?.,;:!)]|\s(?:to|in|on|at|by|for|per|during|before|after|between|since|until|over|under|with|from"
    r"|through|as"
    r"|when|if|so|then|altogether|overall|each|every|last|this|today|now|it|us|them|him|her|you|me|the|an?|its|their"
    r"|our"
    r"|(?-i:[A-Z0-9]))\b)"
    r"|\bwhat (?:was|is|were|are) the (?:[\w-]+ )?(?:costs?|prices?|fees?|salar(?:y|ies)|wages?) (?:of|for)\b"
    r"|\b(?:combien|que) (?:a |ont )?co[uû]t|\bwas (?:hat|haben) [^?]*gekostet|\bwas kostete?n?\b"
    r"|\bwas (?:wird|würde|werden|soll|sollte|dürfte|muss) [^?]{0,200}\bkosten\b"
    r"|\bwie ?viel (?:hat |haben )?[^?]*gekostet|\b(?:cuánto|quanto) (?:ha |han |è )?cost"
    r"|\b(?:wat|hoeveel) (?:heeft |hebben )?[^?]{0,200}(?:kostte|gekost|kost)\b|多少钱)"
)
_PRICE_QUESTION = re.compile(_PRICE, re.IGNORECASE)
"""A question that only an amount answers: "what did it cost"; in "what did it do to cut costs" the word is a noun."""

_COST_QUESTION = re.compile(
    rf"{_PRICE}|(?![^?]{{0,200}}\bin (?:days|weeks|hours|lives|time)\b)(?:"
    r"\bhow much (?!time\b|leave\b|space\b|land\b)[^?]{0,200}\b(?:spen[dt]|spending|pa(?:y|ys|id))\b"
    r"|\b(?:what|which) (?:[\w-]+ )?(?:salar(?:y|ies)|wages?|prices?|fees?|fines?|rent|budget)"
    r" (?:did|does|do|was|is|were|are|has|have|had|will|would)\b"
    r"|\bhow much (?:did|does|do) [^?]{0,200}\bearn\b"
    r"|\bcuánto (?:se )?(?:cobra|gana|paga|gast|cuesta|vale)\w*|\bquanto (?:si )?(?:guadagna|paga|spende|costa)\w*"
    r"|\bquanto (?:se )?(?:ganha|recebe|paga|gasta|custa)\w*|\bcombien (?:gagne|paie|paye|dépense|coûte)\w*"
    r"|\bwie ?viel (?:verdien|zahl|bezahl|koste)\w*|\bhoeveel (?:verdien|betaal)\w*"
    r"|\bwhat (?:did|does|do|will|would|has|have|had) [^?]{0,200}\b(?:pay|paid|spen[dt]) (?:for|on|in|to)\s+\w)",
    re.IGNORECASE,
)
"""A question for a price, or one like "what has it paid for", which a thing may answer as well as an amount."""

_MONEY = re.compile(
    rf"[{CURRENCY_SIGNS}元円원万億亿₩₽]|\bRs\.?\s?\d|\bFr\.\s?\d|(?-i:\b[A-Z]{{3}}\s?\d|\d\s?[A-Z]{{3}}\b|\bL\s?\d)"
    rf"|\d\s?[sd]\."
    r"|\b(?:cost|spent|paid|price|coût|kostet|costó|costato|kost)\w{0,3}\b\D{0,30}\d"
    r"|\b(?:euros?|dollars?|cents?|pounds?|pence|shillings?|francs?|franken|marks?|kron\w{1,3}|crowns?|yen|yuan|rupees?"
    r"|rupien|pesos?|reais|reales|lira|lire|zloty|złot\w+|gulden|guilders?|ducats?|crores?|lakhs?|free|gratis|kostenlos"
    r"|gratuit\w*|nothing"
    r"|(?:mill?i?ons?|millionen|millones|milioni|milhões|miljoen|milliarden|billions?)"
    rf"(?!\s(?:{MEASURES})\b|\s(?:d['’]|(?:de|di|von|av|of)\s)\w))\b",
    re.IGNORECASE,
)
"""An amount of money, or that something costs none."""

_TELLS_MONEY = re.compile(
    rf"{_MONEY.pattern}|\b(?:USD|EUR|GBP|CHF|JPY|mio|mrd|tsd|meur|keur)\b"
    r"|\b(?:costs?|spending|expend\w+|expens\w+|prices?|fees?|fares?|charges?|salar\w+|wages?|pay|revenue|income"
    r"|budget|kosten"
    r"|aufw[aä]nd\w*|ausgaben|preise?|gebühr\w*|entgelte?|gehält\w+|löhne|erträge|coûts?|dépenses|prix|tarifs?"
    r"|salaires?"
    r"|recettes|costes?|gastos?|precios?|tarifas?|salarios?|ingresos|presupuesto|cost[io]|spes[ae]|prezz[oi]|tariff[ae]"
    r"|stipend\w+|custos?|despesas?|preços?|uitgaven|prijzen|lonen)\b",
    re.IGNORECASE,
)
"""What tells that the figures of a table are amounts of money."""

_IN_PERCENT = re.compile(
    r"(?:[,(;–—-]|^)\s*(?:(?:in|en|em|w|i)\s+)?(?:%|per ?cent|percentages?|prozent|pour ?cent|pourcentages?"
    r"|porcentajes?|por ciento"
    r"|percentual[ei]|per cento|percentagem|procent)\)?\s*(?:\n|$)",
    re.IGNORECASE,
)
"""A caption, or the head of a row, that says at its end that all figures are percentages."""

_REASON_QUESTION = re.compile(
    rf"{WHY}|\bhow come\b|\b(?:what|which) (?:caused|causes|led to|reasons?)\b"
    r"|\bwhat (?:has |have |had )?(?:(?:delay|prevent|hinder|halt|trigger|prompt)(?:ed|s)|held up)\b"
    r"|^\W*was (?:verz[öo]ger|verhinder|verursach|behinder|bewirk)\w+|\bworan (?:lag|liegt|scheiterte)\b"
    r"|\bqu['’]est-ce qui a (?:retardé|causé|provoqué|empêché)|\bqué (?:retrasó|causó|provocó|impidió)\b"
    r"|\b(?:the|what) reasons? (?:for|why|of)\b"
    r"|\baus welche[mn] gr[uü]nd\w*|\bpor que\b|\bcome mai\b|\bper quale motivo\b|\bhoezo\b"
    r"|何故|理由は|原因は|为什么|为何|왜(?!곡)",
    re.IGNORECASE,
)
_REASON = re.compile(
    rf"\b{BECAUSE}(?!\w)|\b(?:since (?!\d|the \d)|due to|owing to|thanks to|as a result|results? from|resulted from"
    r"|caus(?:e[sd]?|ing)|reflect(?:s|ed|ing)|explain\w*"
    r"|attribut\w+|reasons?|on account of|driven by|on grounds?|stems? from|for fear|prevented|hampered|hindered"
    r"|held back"
    r"|wegen|aufgrund|auf grund|durch|infolge|dank|deshalb|daher|gr[uü]nd\w*|(?:ver)?ursach\w+|auslöser"
    r"|erklär\w+|zurückzuführen|verhinderten?|verhindert|behinderten?|erschwerten?"
    r"|en raison|grâce à|à cause|caus(?:e|ée?)s?|expliqu\w+|dû|due à|liée?s? à"
    r"|tient à|tiennent à|raisons?|(?:a|ont) (?:empêché|freiné|retardé)|faute d[e’']|à la suite d"
    r"|debido|se deb(?:e|en|ía|ían|ió|ieron) a|por causa|gracias a|a causa"
    r"|razón|razones|explic\w+|impidi(?:ó|eron)|retras(?:ó|aron)|imped(?:ì|irono)"
    r"|causa\w*|devido|graças a|motiv[oi]|grazie a|dovut[oiae]|vanwege"
    r"|wegens|dankzij|reden(?:en)?|oorza(?:ak|ken)|veroorzaakt\w*|te wijten"
    r"|te danken|dlatego|pow[oó]d\w*|przyczyn\w*|wskutek|dzięki|därför|på grund|tack vare"
    r"|beror på|derfor"
    r"|skyldes|årsa[gk]\w*|(?:för)?orsak\w*|anledning\w*)\b"
    rf"|\b(?:{NOT_BUT}|nicht [^,.;]{{2,40}}, sondern)\b"
    r"|ため|から|により|によって|理由|原因|ので|背景|因为|由于|(?<![基要])"
    r"因(?![此而特素子])|受[^，。]{1,20}影响|때문|로 인해|원인|이유",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    rf"\b(?:{'|'.join([*list(UNITS)[1:], *TENS])}"
    r"|hundred|thousand|million|billion|trillion|half|dozens?|once|twice)\b",
    re.IGNORECASE,
)
_NONE = {
    language: re.compile(rf"\W*(?:{words})\b", re.IGNORECASE)
    for language, words in {
        "en": r"no(?=\s+[a-z])(?!\s+one)|none|nobody",
        "de": "keine?",
        "fr": "aucune?",
        "es": "ningun[oa]?s?|ningún",
        "it": "nessun[oa]?",
        "pt": "nenhuma?",
        "nl": "geen",
        "da": "ingen|intet",
        "no": "ingen|intet",
        "sv": "ingen|inget|inga",
        "pl": r"żad\w+",
    }.items()
}
"""The beginning of a sentence that answers "how many" with none, by language."""

_REFERENCE = re.compile(
    rf"\b(?:{'|'.join(sorted(REFERENCES - {'§', 'number'}, key=len, reverse=True))})\.?\s*[0-9][\w.-]*"
    r"|(?:図表|図|表|注)\s*[0-9０-９]+(?:[-－‐][0-9０-９]+)*"
    rf"|第[0-9０-９{KANJI_DIGITS}十]+[条章節項号]|^\W*[0-9]{{1,3}}[.)]\s",
    re.IGNORECASE,
)
"""A number that counts nothing: of a note, a figure, an article, an item of a list."""

_PLURAL = r"(?:[^\W\d_][\w'’-]*s|people|men|women|children|staff|fish|sheep|cattle|police)"
_VERB = r"(?:were|was|are|is|did|does|do|have|has|had|will|would|can|could|should|may|must|there|in|at|on|from|by|per)"
_GERMAN_VERB = (
    r"(?:wurden?|sind|war(?:en)?|hat(?:ten?)?|haben|gab|gibt"
    r"|kamen|lagen|ble(?:ef|ven)|blev|landades|finns|fanns|er|in|pro|per)"
)
_DUTCH_VERB = (
    r"(?:zijn|is|was|waren|bedroeg|bedraagt|bedroegen|kost|kostte|kosten|kreeg|kregen|heeft|hebben|had|hadden|werd"
    r"|werden"
    r"|wordt|worden|kwam|kwamen|gaf|gaven|moet|kan|zal|er|van|meer|minder)\b"
)
_MEASURED_IN = (
    r"(?:ton(?:ne[nrs]?|n|s|eladas|nellate)?|hect?[aá]reas?|hectares?|hektar|ettari|lit(?:re|er|ro|ri)s?|litros"
    r"|kilos?|kilogram\w*|barriles"
    r"|barils|metros|mètres|meter|metri|millones|millions|milioni|milhões|miljoen|miljoner|millioner|millionen"
    r"|milliards?|milliarden|miljard(?:er)?|miliardi)\b"
)
"""Units and scales of what a question counts: "how many tonnes of cod"."""

_OF = (
    r"(?:d['’]|(?:de|di|du|des|del|dell[ao]|dei|degli|delle|do|da|dos|das)\s|dell['’])"
    r"(?:(?:l[aeo]s?|los|el|il|gli|[oa]s?)\s|l['’])?"
)
"""A preposition after a unit, with an article: "tonnes de la pêche"."""

_NO_PART = (
    rf"{_DUTCH_VERB}|{_GERMAN_VERB}\b|\w+[td]es\b|\w+[td]en?\s(?!\w+[td]e\b|{_DUTCH_VERB}|{_GERMAN_VERB}\b)"
    r"|(?:hoog|hoge|lang|lange|breed|diep|dik|groot|zwaar|hög|lång|bred|djup|høj|høy|dyb|dyp|mer|mere|mindre|färre"
    r"|færre|minst"
    r"|fick|fikk|tog|tok|nam|nahm|lot|op|aan|uit|naar|voor|door|bij|i|på|av|af|från|fra|till|til|ved|vid|för|for|om)\b"
)
"""What is no name of a thing after a unit: a verb, also one before its subject ("verwerkte de haven"), or an adverb."""

_DETERMINER = (
    r"(?:de|het|een|die|dat|den|det|ett|en|et|der|das|we|ze|zij|hij|vi|man|han|hun|hon|deze|dit|denne|dette)\b"
)

_COUNTED_NOUNS = (
    re.compile(
        r"\bhow much\b[^?]*?\b(?:spen[dt]s?|spending|pays?|paid|invest(?:s|ed)?) (?:on|for) (?!average\b|time\b)"
        r"(?:(?:the|its|their|an?) )?(?P<noun>[^\W\d_][\w'’-]*)"
        r"(?P<part>)(?=\s*\?|\s(?:in|during|by|from|since)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bhow many (?:of (?:the|its|their) )?(?:[\w'’-]+ ){{0,3}}?(?P<noun>{_PLURAL})(?![\w'’-])"
        rf"(?: of (?:[\w'’-]+ ){{0,3}}?(?P<part>[^\W\d_][\w'’-]*)(?=\s{_VERB}\b|\s*[?,]))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:combien (?:de |d['’])|cuánt[oa]s |quant(?:i|e|os|as) )(?:{_MEASURED_IN} {_OF})*(?P<noun>{_MEASURED_IN})"
        rf"(?: {_OF}(?P<part>[^\W\d_][\w-]+))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?i:wie ?viele?) (?i:{_MEASURED_IN} )*(?P<noun>(?i:{_MEASURED_IN}))"
        r"(?: (?:(?!unter|über|oder|wieder)[a-zäöüß-]+e[rs] )?(?P<part>[A-ZÄÖÜ][\w-]+))?"
    ),
    re.compile(
        rf"\b(?:hoeveel|hur många|hvor mange) (?:{_MEASURED_IN} )*(?P<noun>{_MEASURED_IN})"
        rf"(?: (?!{_NO_PART})(?P<part>[^\W\d_][\w-]+)(?! {_DETERMINER}))?",
        re.IGNORECASE,
    ),
    re.compile(r"\b[Ww]ie ?viele?\b (?:[a-zäöüß-]+ ){0,2}(?P<noun>[A-ZÄÖÜ][\w-]+)(?P<part>)"),
    re.compile(
        rf"\b(?:combien (?:de |d['’])|cuánt[oa]s |quant(?:i|e|os|as) |hoeveel (?!{_DUTCH_VERB}))"
        r"(?P<noun>[^\W\d_][\w-]+)(?P<part>)",
        re.IGNORECASE,
    ),
)
_ANYONE = frozenset(
    "people persons individuals personen menschen leute personnes gens personas gente persone pessoas mensen".split()
)
"""Nouns that a text about members, patients or staff need not have."""

_COUNTED = re.compile(
    rf"(?:\d|{_NUMBER_WORD.pattern})(?:\s+(?:million|billion|thousand|hundred|Millionen|millions?|millones|milhões"
    rf"|mil)\b)?"
    r"\s+(?=((?:[^\W\d_][\w'’-]*[\s-]+){0,3}[^\W\d_][\w'’-]*))",
    re.IGNORECASE,
)
"""A number, with the words after it among which is what it counts."""

_FIGURE = re.compile(r"\d(?:[\d,.]*\d)?")
_DAY_OF_MONTH = re.compile(
    rf"\b{DAY_BEFORE_MONTH}{MONTH}"
    rf"|\b{MONTH}\s[0-9]{{1,2}}(?:(?:st|nd|rd|th)\b|(?=\s*(?:[,.;:)]|$))(?![.,][0-9]))"
    r"|[0-9]{1,2}\s?月(?:\s?[0-9]{1,2}\s?日)?",
    re.IGNORECASE,
)
"""A day with its month. `DAY_OF_MONTH` also takes the number of "in May 12 ships were lost", which counts something."""

_MONTH_NAMES = sorted(name.capitalize() for name in MONTHS if len(name) > 3)
_SURE_MONTH = "|".join(name for name in _MONTH_NAMES if name.casefold() not in AMBIGUOUS_MONTHS)
_AMBIGUOUS_MONTH = "|".join(sorted({*map(str.capitalize, AMBIGUOUS_MONTHS), *AMBIGUOUS_MONTHS - {"march", "may"}}))
"""The ambiguous names; other languages than English write them in small letters, too."""

_BEFORE_MONTH = (
    r"(?i:in|of|since|until|till|from|to|through|before|after|during|between|this|early|mid|late|last|next|each|every"
    r"|im|ab|bis|seit|vor|nach|zum|und|anfang|mitte|ende|en|de|du|avant|après|depuis|dès|et|à|desde|hasta|antes\s+de|y"
    r"|sinds|van|tot|vanaf|voor|na|i|fra|från|efter|før|før|do|od|w)"
)
"""Words before the name of a month, in the languages that have ambiguous ones."""

_MONTH = re.compile(
    rf"\b(?:{_SURE_MONTH})\b|\b{_BEFORE_MONTH}[\s-](?:{_AMBIGUOUS_MONTH})\b"
    rf"|\b(?i:for|and|by)\s(?:March|May)\b(?!\s[{LATIN_CAPITALS}])"
    rf"|\b(?:{_AMBIGUOUS_MONTH})\s[0-9]|\b[0-9]{{1,2}}\.?\s(?:de\s)?(?i:{MONTH})|[0-9]{{1,2}}月"
)
"""The name of a month; one that may mean something else only after a word such as "since", or beside a number."""


_BEFORE_EARLY_YEAR = (
    r"(?:in|since|until|till|before|after|during|between|circa|ca?\.|year|domini|dat(?:es?|ing) (?:from|back to|to)"
    r"|spring|summer|autumn|winter|im|jahre?|seit|bis|vor|nach|um|en|vers|depuis|avant|après|an|desde|hasta|hacia|año"
    r"|nel|dal|verso|anno|em|ano|sinds|jaar|w|od|i|år|siden|sedan)"
)
_EARLY_YEAR = re.compile(
    rf"\b(?:{_BEFORE_EARLY_YEAR}|{MONTH},?)\s(?:of\s|de\s)?1[0-4][0-9]{{2}}(?![0-9]|[.,][0-9]|\s(?:{MEASURES})\b)"
    rf"|(?:(?:^|[|(（])\W*|,\s)1[0-4][0-9]{{2}}(?=\s*(?:[:;|)）–—-]|\.?\W*$))|\b1[0-4][0-9]{{2}}[–—-]1[0-9]{{3}}\b"
    r"|\b(?:AD|A\.D\.|the year|im Jahre?|l['’]an|el año|nell['’]anno|no ano|het jaar)\s?[1-9][0-9]{0,3}\b"
    r"|\b[1-9][0-9]{0,3}\s?(?:(?-i:AD|BCE?|CE|A\.D\.|B\.C\.|C\.E\.)(?!\w)|[vn]\.\s?Chr\b|(?:av|ap)\.\s?J|[ad]\.\s?C\.|[fe]\.\s?Kr\b)"
    rf"|\bin\s[1-9][0-9]{{2}}(?=\s*(?:[,;:)](?!\d)|\.?\W*$)|\s(?:the|he|she|it|they|when)\b|\s(?-i:[{LATIN_CAPITALS}]))"
    r"|(?:西暦|公元前?|紀元前|西元前?|서기|기원전)\s?[1-9][0-9]{0,3}\s?[年년]|(?<![0-9,.第])1?[0-9]{3}\s?[年년](?![間间后後以目前か])",
    re.IGNORECASE,
)
"""A year before 1500, by the words or signs beside it, such as "in 1348", "AD 79": `parse_years` reads none, since most
of these numbers are amounts."""


_TIMES = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|tag(?:en?)?|wochen?|monat(?:en?)?|jahre?n?|stunden?"
    r"|jours?"
    r"|semaines?|mois|ans|heures?|días?|semanas?|mes(?:es)?|años?|horas?|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|ore"
    r"|dias?"
    r"|anos?|dag(?:en)?|weken|maand(?:en)?|jaar|uur)\b"
)
_TIMES_CJK = "[天日年月週周]|時間|小时"
_MEASURED = re.compile(
    rf"[{CURRENCY_SIGNS}]\s?\d[\d.,]*(?:\s?(?:hundred|thousand|million|billion)\b)?|\d[\d.,]*\s?(?:[%％€]|per ?cent\b)"
    rf"|\bQ[1-4]\b|(?:\d[\d.,]*|{_NUMBER_WORD.pattern})[\s-](?:{_TIMES})|\d(?:{_TIMES_CJK})",
    re.IGNORECASE,
)
"""An amount of money, a percentage, a quarter or a length of time, none of which counts people or things."""

_ASKS_MEASURE = re.compile(
    r"\b(?:dollars?|euros?|pounds?|francs?|yen|per ?cent|percentage|points?|prozent|procent|cent)\b|[元円％%]"
    rf"|\b(?:{_TIMES})",
    re.IGNORECASE,
)
_ASKS_TIMES = re.compile(
    rf"\b(?:how many|wie ?viele|combien d[e’'] ?|cuánt[oa]s|quant[ie]|quant[oa]s|hoeveel) {_TIMES}"
    rf"|[多几何]少?(?:{_TIMES_CJK})",
    re.IGNORECASE,
)
_LENGTH_OF_TIME = re.compile(rf"\b{_TIMES}|\d\s?(?:{_TIMES_CJK})|[{KANJI_DIGITS}十百](?:{_TIMES_CJK})", re.IGNORECASE)
"""A question for a length of time, and what an answer to it has."""


def counted_noun(question: str) -> str | None:
    """Return what a question asks the number of: "coins" for "How many gold coins were found?"; None if unclear.

    For "How many tonnes of lobster were landed?" that is the lobster.
    """
    match = next((match for pattern in _COUNTED_NOUNS if (match := pattern.search(question)) is not None), None)
    noun = None if match is None else match["part"] or match["noun"]
    return None if noun is None or noun.casefold() in _ANYONE else noun


def without_days(sentence: str) -> str:
    """Return a sentence without days such as "30 September", whose numbers count nothing."""
    return _DAY_OF_MONTH.sub("", sentence)


def counts(sentence: str, noun: str, language: str | None) -> bool:
    """Return whether a number in a sentence counts what a noun names: "44 seagoing vessels" counts vessels."""
    stems = set(terms(noun, language))
    return any(not stems.isdisjoint(terms(match[1], language)) for match in _COUNTED.finditer(sentence))


def expected_answer_type(question: str) -> AnswerType | None:
    """Return the type of answer that the wording of the question asks for, None where it does not say."""
    if _NUMBER_QUESTION.search(question) or _PRICE_QUESTION.search(question):
        return "number"
    if _DATE_QUESTION.search(question):
        return "date"
    return "reason" if _REASON_QUESTION.search(question) else None


def contains_answer_type(sentence: str, answer_type: AnswerType | None) -> bool:
    """Return whether the sentence contains a number, a date or a word of reason, as asked; False for None."""
    if answer_type == "number":
        sentence = _REFERENCE.sub("", sentence)
        years = parse_years(sentence)
        digits_of_years = sum(sum(map(str.isdigit, sentence[year.start : year.end])) for year in years)
        return sum(map(str.isdigit, sentence)) > digits_of_years or _NUMBER_WORD.search(sentence) is not None
    if answer_type == "date":
        return _names_year(sentence) or _MONTH.search(sentence) is not None
    return answer_type == "reason" and _REASON.search(sentence) is not None


def _names_year(sentence: str) -> bool:
    return bool(parse_years(sentence)) or _EARLY_YEAR.search(sentence) is not None


def answers_type(sentence: str, answer_type: AnswerType | None, question: str) -> bool:
    """Return whether the sentence contains a number or a date, as asked, that the question does not contain itself.

    A question for a year is answered by a year, one for a share by a part of a whole; the head of a column, which a
    row of a table lacks, can say that its figures are shares.
    """
    asked = set(_FIGURE.findall(question))
    rest = _FIGURE.sub(lambda figure: "" if figure[0] in asked else figure[0], sentence)
    if answer_type == "date" and _YEAR_QUESTION.search(question) is not None:
        return _names_year(rest)
    if answer_type == "number" and _SHARE_QUESTION.search(question) is not None and "|" not in sentence:
        return _SHARE.search(rest) is not None
    return contains_answer_type(rest, answer_type)


def may_answer(sentence: str, answer_type: AnswerType | None, question: str) -> bool:
    """Return whether a sentence may be the answer: as `answers_type`, but days are no numbers, and costs are money."""
    if answer_type != "number":
        return answers_type(sentence, answer_type, question)
    is_money = _COST_QUESTION.search(question) is None or "|" in sentence or _MONEY.search(sentence) is not None
    return is_money and answers_type(without_days(sentence), answer_type, question)


def lacks_required_type(
    question: str, sentences: Iterable[str], heads: Mapping[str, str] = NO_HEADS
) -> AnswerType | None:
    """Return the type of answer that a question cannot do without, if no sentence has it.

    That is a number, a share, an amount of money, a year, a length of time, or for "when" any word for a time. A row of
    a table that shares words with the question may have it: the header tells what its cells are.

    Figures of the question count: "All 12 buoys" answers "How many of the 12 buoys?".

    The head of a table may tell that its figures are none of these: percentages are no number of things, and only
    those of a table that names a currency or a price are amounts of money.

    Args:
        question: The question.
        sentences: The sentences of the answer.
        heads: The captions and headers of rows among these sentences, by the text of the row.
    """
    texts = _first_and_related(sentences, question)
    has_row = _has_row(texts, question)
    if _YEAR_QUESTION.search(question) is not None:
        in_columns = (heads[text].rpartition("\n")[2] for text in texts if text in heads)
        return None if any(map(_names_year, texts)) or any(map(_names_year, in_columns)) else "date"
    if _SHARE_QUESTION.search(question) is not None:
        return None if has_row or any(map(_SHARE.search, texts)) else "number"
    if _COST_QUESTION.search(question) is not None:
        of_money = [f"{heads.get(text, '')} {text}" for text in texts]
        is_price = all(
            "|" not in text or text not in heads or _TELLS_MONEY.search(whole)
            for text, whole in zip(texts, of_money, strict=True)
        )
        return None if (has_row and is_price) or any(map(_MONEY.search, texts)) else "number"
    if _WHEN.search(question) is not None:
        is_dated = any(contains_answer_type(text, "date") or _TIME.search(text) for text in texts)
        return None if is_dated or has_row else "date"
    if _NUMBER_REQUIRED.search(question) is not None:
        if _ASKS_TIMES.search(question) is not None:
            return None if has_row or any(map(_LENGTH_OF_TIME.search, texts)) else "number"
        counts_things = _ASKS_MEASURE.search(question) is None
        if counts_things and _SHARE_QUESTION.search(question) is None:
            amounts = [text for text in texts if not _has_percentages_only(heads.get(text, ""))]
            if texts and texts[:1] != amounts[:1] and (noun := counted_noun(question)) is not None:
                amounts = [text for text in amounts if counts(text, noun, None)]
            texts = amounts
        counted = (_MEASURED.sub("", text) if counts_things else text for text in texts)
        return None if any(contains_answer_type(without_days(text), "number") for text in counted) else "number"
    return None


def _has_percentages_only(head: str) -> bool:
    """Return whether the caption of a table, a line above it, or the heads of all its columns tell of percentages."""
    header, _, wording = head.rpartition("\n")
    lines = header.splitlines()
    if any(_IN_PERCENT.search(line) for line in lines if "|" not in line):
        return True
    cells = [
        part.rpartition(": ")[0] for part in wording.split("; ") if any(map(str.isdigit, part.rpartition(": ")[2]))
    ]
    return bool(cells) and all(map(_IN_PERCENT.search, cells))


def asks_for_year(question: str) -> bool:
    """Return whether a question asks "in which year"."""
    return _YEAR_QUESTION.search(question) is not None


def without_year_words(question: str) -> str:
    """Return a question without "which year"."""
    return _YEAR_QUESTION.sub(" ", question)


_ATTRIBUTES: tuple[tuple[re.Pattern[str], re.Pattern[str], AnswerType | Literal["person"]], ...] = (
    (
        re.compile(
            r"\b(?:salar(?:y|ies)|wages?)\b|\bhow much (?:does|do|did) [^?]*\bearn\b|\b(?:was|wie ?viel) verdien(?:t"
            r"|en|te|ten)\b"
            r"|\b(?:gehalt|gehälter)\b|\bcombien (?:gagne|touche)\w*|\bsalaires?\b|\bcuánto (?:gana|cobra)\w*"
            r"|\bsueldos?\b"
            r"|\bquanto (?:guadagna|ganha)\w*|\bstipendi[oa]?\b|\b(?:wat|hoeveel) verdien\w*",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:salar\w+|wages?|pay|paid|earn\w*|remunerat\w+|compensation|stipends?|gehalt\w*|gehält\w+"
            r"|verdien\w*|vergüt\w+"
            r"|bez[üu]ge\w*|lohn|löhne\w*|bezahl\w+|gagn\w+|touch\w+|salair\w+|rémunér\w+|traitements?|gana\w*|cobra\w*"
            r"|sueldos?|retribu\w+|stipend\w+|guadagn\w+|ganh\w+|loon|lonen|betaal\w*)\b",
            re.IGNORECASE,
        ),
        "number",
    ),
    (
        re.compile(
            r"\b(?:who (?:designed|planned|drew up)|architect of|wer (?:hat [^?]*(?:entworfen|gestaltet|geplant)"
            r"|entwarf|plante|gestaltete)"
            r"|qui a (?:conçu|dessiné)|quién (?:diseñó|proyectó)|chi ha (?:progettato|disegnato)|quem (?:projet\w+"
            r"|desenh\w+)"
            r"|wie (?:heeft [^?]*ontworpen|ontwierp))\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:design\w*|architect\w*|plann?(?:s|ed|ers?)|drew up|drawn (?:up )?by|drawings?|entw[aou]rf\w*"
            r"|gestalt\w+|geplant|architekt\w*|plante"
            r"|conç\w+|conception|dessin\w*|architecte\w*|diseñ\w+|proyect\w+|arquitect\w+|progett\w+|disegn\w+"
            r"|architett\w+"
            r"|projet\w+|desenh\w+|arquitet\w+|ontw[eio]\w+)\b",
            re.IGNORECASE,
        ),
        "person",
    ),
)
"""Questions for an attribute, the words with which a text tells it, and the type of answer that it has, too."""


def lacking_attribute(question: str, texts: Iterable[str]) -> AnswerType | Literal["person"] | None:
    """Return what the answer to a question for a salary or a designer lacks, a number or a person; None if it tells.

    "Ada Holm, president" and "The old mill drew 300 people" have a name, and nothing of her pay or of its architect.

    Args:
        question: The question.
        texts: The sentences of the answer, rows with the caption and header of their table.
    """
    answers = list(texts)
    asked = next((attribute for attribute in _ATTRIBUTES if attribute[0].search(question)), None)
    if asked is None or any(map(WIDE_LETTER.search, answers)):
        return None
    _, tells, answer_type = asked
    if answer_type == "number" and not any(any(map(str.isdigit, text)) for text in answers):
        return "number"
    return None if any(map(tells.search, answers)) else answer_type


def _first_and_related(sentences: Iterable[str], question: str) -> list[str]:
    """Return the first sentence, and the others that share words with a question; all if none does.

    "The budget was 4 million euros." after a sentence about a director does not tell the salary asked for.
    """
    texts, asked = list(sentences), set(terms(question, None))
    related = [not asked.isdisjoint(terms(text, None)) for text in texts]
    return [text for place, text in enumerate(texts) if place == 0 or related[place] or not any(related)]


def _has_row(texts: Sequence[str], question: str) -> bool:
    """Return whether a row of a table is among the texts that share words with a question.

    If none does, as in another language than that of the question, it may be any of them.
    """
    if not any("|" in text for text in texts):
        return False
    asked = set(terms(question, None))
    about = [text for text in texts if not asked.isdisjoint(terms(text, None))]
    return any("|" in text for text in about or texts)


def says_none(sentence: str, language: str | None) -> bool:
    """Return whether a sentence begins with a word for none, such as "No ships"; in English if `language` is None."""
    none = _NONE.get(primary_language(language))
    return none is not None and none.match(sentence) is not None
