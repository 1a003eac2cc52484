"""Names of series and of their publishers: what a title names without the parts that change every year.

`infer_series` removes the year, the number and the date from a title. `group_series` finds the names of one series
whose titles are worded differently from edition to edition.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from corpus.metadata.edition import PUBLICATION_KIND, is_annual_report, without_subject
from corpus.metadata.years import SINGLE_YEAR, YEAR_SPAN, mask_non_years, unmask
from corpus.scripts import KANJI_DIGITS, without_accents
from corpus.vocabulary import DAY_OF_MONTH, DAY_SUFFIX, EDITION_NOUNS, FISCAL_YEAR_ADJECTIVES, MONTH, YEAR

MIN_INITIALS = 3
"""Letters of an abbreviation in the name of a file; two are too often the initials of a line."""

_GENERIC_TITLE_WORDS = frozenset(
    """
    a an and the of for to in on & our annual report reports accounts financial statement statements review yearbook
    year book budget speech statistical abstract white paper form 10-k 20-f fy fiscal ended shareholders
    sustainability integrated progress biennial quarterly bulletin activity activities management performance
    impact rapport annuel comptes annuels cuentas anuales jahresbericht geschäftsbericht tätigkeitsbericht
    rechenschaftsbericht lagebericht bericht bilan jahrbuch memoria anual informe anuario annuaire relatório
    exercice ejercicio esercizio exercício operations operating jaarbericht relazione rapporto annuale bilancio
    jaarverslag jaarboek jaarrekening årsredovisning årsberetning årsrapport
    verksamhetsberättelse vuosikertomus raport roczny sprawozdanie výroční zpráva activité activités actividades
    atividades attività d de du contas gestão gestión di do e et y und en og och i
    """.split()
)
"""Words of generic titles: a title with no other word is used by many publishers."""

_ANNUAL = re.compile(
    r"(?:the\s+)?(?:annual|yearly|jahresbericht|rapport\s+annuel|informe\s+anual|memoria\s+anual"
    r"|relazione\s+annuale|relatório\s+anual|jaarverslag|årsberetning|årsrapport)\b",
    re.IGNORECASE,
)

_ORGANISATION = re.compile(
    r"\b(?:ministry|department|directorate|inspectorate|office|bank|agency|commission|council|board|trust|university"
    r"|college|academy|institute|observatory|laboratory|hospital|infirmary|constabulary|\w*museum|gallery|library"
    r"|ombudsman|municipality|borough of|company|corporation|corp|plc|inc|ltd|authority|city of|county of|bureau"
    r"|group|secretariat|association|foundation|society|federation|chamber of|cooperative|g?gmbh|ag|ministerium"
    r"|bundesamt|landesamt|statistisches amt|behörde|universität|hochschule|klinikum|krankenhaus|klinik|stadt"
    r"|gemeinde|landkreis|stadtwerke|sparkasse|\w*(?:verband|verein|stiftung|gesellschaft|genossenschaft|kammer|anstalt)"
    r"|\w*bibliothek|ministère|banque|observatoire|fédération|syndicat|union des|chambre de|régie|caisse|mutuelle|ligue"
    r"|comité|université|institut|hôpital|musée|mairie|ville de|commune de|fondation|société|agence|bibliothèque"
    r"|ministerio|observatorio|federación|cámara de|consejo"
    r"|banco|universidad|instituto|ayuntamiento|diputación|consejería|gobierno de|junta de|museo|fundación"
    r"|asociación|sociedad|agencia|biblioteca|ministero|banca|università|istituto|ospedale|comune di|regione"
    r"|osservatorio|federazione|camera di|consorzio|azienda"
    r"|fondazione|agenzia|ministério|universidade|câmara municipal|município de|prefeitura|fundação|associação|s\.a"
    r"|ministerie|gemeente|provincie|stichting|vereniging|ziekenhuis|universiteit|hogeschool|ministeriet|departementet"
    r"|styrelsen|myndigheten|kommune?|universitet|ministerstwo|urząd|instytut|uniwersytet|szpital|muzeum|gmina|spółka"
    r"|(?:supreme|high|district|county|administrative|constitutional|federal|appeals?|audit) courts?|courts? of"
    r"|tribunal|cour (?:de|des|suprême|constitutionnelle|administrative)|corte (?:de|dei|di|suprema|constitucional)"
    r"|\w*(?:gericht(?:shof)?|rechnungshof)|rekenkamer|rechtbank|waterschap|hoogheemraadschap|orchest(?:ra|re)|orchester"
    r"|railways?|registr(?:y|ar)|hospice|(?:credit|trades?|labou?r)\s+unions?|(?:control|school|water|health|park|conservation|transit|sanitary|service)\s+districts?|\w{5,}(?<!halte)(?<!tank)stelle|(?:arch)?diocese|diocèse|bistum|parish|theatre|opera|ballet|llc|(?-i:N\.?V|B\.?V|ASA|Oyj|S\.?p\.?A|S\.?r\.?l))\b"
    r"|\be\.\s?V\.|(?:[省庁局]|県庁|役所|気象台|大学|病院|研究所|博物館|美術館|図書館|協会|委員会|機構|財団"
    r"|厅|政府|(?:财政|外交|教育|国防|交通运输|农业农村|商务|民政|司法|公安|生态环境)部|医院|研究院|博物馆|图书馆|协会|委员会|위원회|대학교|공사|은행)(?:$|\s)|銀行|株式会社|银行|有限公司",
    re.IGNORECASE,
)

_MAX_NUMBERS = 3
"""Numbers in a series beside its year; more are those of a form or a receipt."""

_DAY_NUMBER = rf"[0-9]{{1,2}}{DAY_SUFFIX}"

_TO = r"\s?(?:[-–—/]|(?<=\s)(?:to|and|until|bis(?:\s+zum)?|und|au|et|al|y|a|e)(?=\s))\s?"

_DAYS = (
    rf"(?:\b{_DAY_NUMBER}(?:\s+(?:of\s+|de\s+)?{MONTH})?{_TO}{_DAY_NUMBER}\s+(?:of\s+|de\s+)?{MONTH}"
    rf"|\b{MONTH}\s+{_DAY_NUMBER}{_TO}(?:{MONTH}\s+)?{_DAY_NUMBER}|{DAY_OF_MONTH})"
)
"""Pattern of a day, or of several in a row: "3 May", "30 August – 2 September", "May 2-5"."""

_DATED_MONTH = re.compile(
    rf"(?:{_DAYS}|\b{MONTH}(?=[\s,.–—/-]*(?:(?:(?:and|to|und|bis|et|y|e|a)\s+)?{MONTH}[\s,]*)?(?:de\s+|del\s+)?{YEAR})"
    rf"|(?<={YEAR}\s){MONTH}),?",
    re.IGNORECASE,
)
"""A month beside its day or its year; another may be a name ("March of Dimes")."""

SMALL_TITLE_WORDS = frozenset(
    """
    a an and at by for from in of on the to with & de des du et la le les das der die und da do dos e o os van een en
    het og och del di el il las los y
    """.split()
)
"""Small words of titles, which are not capitalised."""

_TRIM = " ,;:–—-|/　"

_WORDS_BEFORE_YEAR = (
    r"(?:for|of|in|ending|ended|to|and|the|as|at|für|zum|vom|im|am|pour|de|du|des|au|del|para|al|per|sull['’]anno"
    r"|del\s+curso(?:\s+académico)?)"
)
"""Words that a year leaves at the end of a title."""

_PERIOD_NOUN = re.compile(
    r"(?:[–—:,;]|\s-)\s*(?:season|saison|spielzeit|temporada|stagione|seizoen|sæson|sesong|säsong|session|exercice"
    r"|ejercicio|esercizio|year|année|jahr|año|anno|ano|jaar)$",
    re.IGNORECASE,
)
"""The name of a period apart from a title, which its year leaves there: "Annual Report – season 2021/22"."""

_GENERIC_AND_OWNER = re.compile(rf"(?P<title>.*{YEAR}\S*)\s(?:(?P<bar>\|)|[-–—])\s(?P<owner>[^|0-9]*[^\W\d_][^|0-9]*)")
"""A title with its owner at the end, as in the titles of web pages: "Annual Report 2015 | Port of Elm"."""

_SUBTITLED = re.compile(rf"((.*\S)\s+{YEAR}(?:[-–/][0-9]{{2,4}})?)\s*(?::|\s[–—-])\s*\S")
"""A title whose subtitle follows the year: "World Development Report 2018: Learning"."""

_ISSUE_NUMBER = (
    r"(?:(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty[\s-]?)?"
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth|(?:twen|thir|for|fif|six|seven|eigh|nine)tieth|(?:one[\s-])?hundredth"
    r"|\w*(?:ers|zwei|drit|vier|fünf|sechs|sieb(?:en)?|ach|neun|zehn|elf|zwölf|ßigs|zigs)te[rsn]?"
    r"|premi(?:er|ère)|[\w-]+ième|primer|segund[oa]|tercera?|second[oa]|terz[oa]|[0-9]{1,3}\s?(?:st|nd|rd|th|[eºª.]|i?ème)"
    r"|(?-i:(?=[IVXLC]{2})C?(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))\.?)"
)

_NUMBERED = re.compile(
    rf"^(?:the\s+)?{_ISSUE_NUMBER}\s+"
    rf"(?=(?:(?:semi-?|half-)?(?:annual|yearly|biennial|quarterly|monthly|general|interim|progress)\s+)?\w*?(?:{PUBLICATION_KIND.pattern}))"
    rf"|^[第제]\s?[0-9{KANJI_DIGITS}十百]{{1,4}}\s?[回号次期회호차]\s*(?=\S)"
    rf"|(?P<kind>{PUBLICATION_KIND.pattern}),?\s+(?:no|nr|number|n[°º]|№)\.?\s?[0-9]{{1,4}}\b",
    re.IGNORECASE,
)
"""The number of an issue in a title: "Twenty-first Annual Report", "23. Jahresbericht", "Bulletin No. 23"."""

_MEETING = (
    r"(?:\w*(?:meeting|session|assembly|conference|congress|convention|symposium|sitzung|versammlung|tagung|kongress|konferenz)"
    r"|synod[ea]?|assemblée|séance|réunion|congrès|colloque|asamblea|reunión|sesión|congreso|assemblea|riunione|sessione|congresso"
    r"|assembleia)"
)

_NUMBERED_MEETING = re.compile(
    rf"(^|[,:–—-]\s+|\b(?:the|der|die|das|den|dem|des|zur|zum|au|du|de|la|le|les|del|dell[ao]|al|el|los|las|do|da)\s+|\b(?:l|dell)['’])"
    rf"(?:{_ISSUE_NUMBER}|[0-9]{{1,3}}\.)\s+"
    r"(?=(?:(?:semi-?|half-)?(?:annual|yearly|quarterly|monthly|general|ordinary|extraordinary|regular|special|plenary|statutory"
    r"|öffentlichen?|(?:außer)?ordentlichen?|ordinaires?|extraordinaires?|générale|annuelle|(?:extra)?ordinaria|generale?|anual|annuale)\s+){0,3}"
    rf"(?:{_MEETING}|\w{{4,}}(?<!jahres)(?<!geburts)tag(?:e?s)?)\b)"
    rf"|第\s?[0-9{KANJI_DIGITS}十百]{{1,4}}\s?回(?=\S*(?:総会|会議|大会))",
    re.IGNORECASE,
)
"""The number of a meeting within a title: "Minutes of the 62nd Annual General Meeting"."""

_PLACE_OF_MEETING = re.compile(
    rf"(?P<meeting>\b(?:{_MEETING}|[0-9]{{1,3}}\.\s+\w{{4,}}tag)"
    r"(?:(?=\s+(?:in|at|zu|à|a|en)\b)|[^,;()–—]*?(?=[,;(–—]|\s-\s|\s+held\b)))"
    rf".*?\W(?:(?:on|from|am|vom|du|le|del?|el|dal|il)\s+)?{_DAYS}\W{{1,3}}(?:del?\s+)?(?P<year>{YEAR})\W*$",
    re.IGNORECASE,
)
"""A meeting with its place, before its days at the end of a title: "… Congress, Guild Hall, Elm Bay, 3–6 May 2019"."""

_ISSUE_AT_END = re.compile(
    r"(?:(?P<apart>[,;–—-]\s*|\s[(])|\s)(?:no|nr|number|issue|n[°º]|№)\.?\s?[0-9]{1,4}[)]?(?=\s*(?:[,;(–—-]|$))",
    re.IGNORECASE,
)
"""The number of an issue after a title: "Notes of the Observatory, No. 57"."""

_NUMBER = r"(?:[0-9]{1,4}|(?-i:[IVXLC]+))"

_VOLUME = re.compile(
    rf"(?:\s*[,;:–—(]|\s-)\s*(?:{_NUMBER}(?:[.ºª°]|st|nd|rd|th|e|ème)?\s*(?:Jahrgang|jaargang|årgang|årgång|vuosikerta|volume|rocznik|ročník|année|annata)"
    rf"|(?:Jahrgang|Jg\.?|Band|Bd\.?|vol(?:ume|umen)?\.?|tome|tomo|deel|jaargang|årgang|årgång|bind|rocznik|ročník|année|anno|año|ano)\s*{_NUMBER})"
    rf"\)?(?=\s*(?:[,;:–—(/]|$))"
    rf"|\s第?[0-9]{{1,3}}[巻卷輯辑](?=\s|$)",
    re.IGNORECASE,
)
"""The number of a volume after a title: "Quarterly of Ports, 63. Jahrgang", "Annuario, vol. XII"."""

_NAMES_NUMBERED_THING = re.compile(
    r":|\b(?:on|of|for|under|to|in|at|by|from|with|über|zur|zum|der|des|von|sur|de|du|des|di|del|sobre)\b",
    re.IGNORECASE,
)
"""A word before what a title is about, which may have a number: "Report on Convention No. 87"."""

_EDITION_WORDS = re.compile(
    r"\b(?:(?:the\s+)?(?:(?:second|third|fourth|fifth|[0-9]+(?:st|nd|rd|th)|revised)\s+)?(?:edition|issue|volume|vol\.?)(?:\s+(?:of(?:\s+the(?!\s+year))?|for))?"
    rf"|{EDITION_NOUNS}|(?:the\s+)?(?:biennial|triennial|annual|yearly|quarterly|special|jubilee)\s+edition(?:\s+of(?:\s+the(?!\s+year))?)?"
    rf"|(?:for\s+)?(?:the\s+)?(?:{FISCAL_YEAR_ADJECTIVES}|calendar)\s+year(?:\s+end(?:ed|ing))?|for\s+the\s+years?"
    r"(?:\s+end(?:ed|ing))?|years?\s+end(?:ed|ing)|FY)(?![^\W\d_])\s*",
    re.IGNORECASE,
)

_GENERIC_OF = re.compile(
    r"(?P<title>[^,:]{4,50}?)\s(?:of(?:\sthe)?|der|des|de(?:r|s|l)?(?:\sla)?|du|de\sl['’]|dell[ao]|dell['’]|do|da|van(?:\s(?:de|het))?)"
    r"(?:\s|(?<=['’]))(?-i:(?=[^\W\d_a-z]))",
    re.IGNORECASE,
)
"""A title before the name of its owner: "Annual Report of the"."""

_SHORT_FISCAL_YEAR = re.compile(r"\bFY\s?['’]?([0-9]{2})(?![0-9/–-])")
"""A fiscal year in two digits: "FY22"."""

_MAX_MEETING = 300
"""Characters of a title that may name a meeting with its place: in longer ones its pattern takes quadratic time."""


def infer_series(title: str) -> str | None:
    """Return the title without the parts that change every year: "Annual Report" for "Annual Report 2015"."""
    title = without_subject(mask_non_years(with_full_fiscal_years(" ".join(title.split()))))
    title = _NUMBERED.sub(lambda number: number["kind"] or "", title)
    if len(title) <= _MAX_MEETING:
        title = _PLACE_OF_MEETING.sub(r"\g<meeting> \g<year>", title)
        title = _NUMBERED_MEETING.sub(lambda number: number[1] or "", title)
    owned = _GENERIC_AND_OWNER.fullmatch(title)
    if owned is not None and (owned["bar"] or is_organisation(owned["owner"])):
        is_swapped = is_generic(_without_years(owned["title"]))
        title = f"{owned['owner']}: {owned['title']}" if is_swapped else title
    if (main := _SUBTITLED.match(title)) is not None and PUBLICATION_KIND.search(main[1]) and not is_generic(main[2]):
        title = main[1]
    has_year = SINGLE_YEAR.search(title) is not None
    title = _DATED_MONTH.sub(" ", title) if has_year else title
    bare = YEAR_SPAN.sub(" ", title) if has_year else title
    bare = _VOLUME.sub(lambda volume: " " if SINGLE_YEAR.search(volume[0]) is None else volume[0], bare)
    bare = re.sub(r"[0-9]{4}(?:年度?版?|\s?년도?(?:\s?판)?)|年度?版", " ", bare)
    bare = _without_issue_number(SINGLE_YEAR.sub(" ", bare))
    if has_year:
        bare = _EDITION_WORDS.sub(" ", bare)
    bare = re.sub(r"[(（]\s*[^\w)）]*\s*[)）]", " ", bare)
    bare = re.sub(r"\s+", " ", bare).strip(_TRIM)
    previous = None
    while previous != bare:
        previous = bare
        bare = re.sub(rf"(?:^|\s+){_WORDS_BEFORE_YEAR}$", "", bare, flags=re.IGNORECASE).strip(_TRIM)
        bare = _PERIOD_NOUN.sub("", bare) if has_year else bare
    bare = re.sub(r"^(?:in|of)\s+", "", bare, flags=re.IGNORECASE) if has_year else bare  # "2022 in Review"
    bare = re.sub(r"^(?:the|for)\s+(?=\S+\s)", "", bare, flags=re.IGNORECASE) if has_year else bare
    bare = re.sub(r"\s+([,:;])", r"\1", bare)
    bare = unmask(bare)
    is_name = sum(map(str.isalpha, bare)) >= 2 and len(re.findall(r"[0-9]+", bare)) <= _MAX_NUMBERS
    return bare if is_name else None


def with_full_fiscal_years(text: str) -> str:
    """Return a text with fiscal years in four digits: "FY 2022" for "FY22"."""
    return _SHORT_FISCAL_YEAR.sub(r"FY 20\1", text)


def _without_issue_number(title: str) -> str:
    """Remove the number of an issue after a title, unless it belongs to what the title is about."""
    number = _ISSUE_AT_END.search(title)
    if number is None or (number["apart"] is None and _NAMES_NUMBERED_THING.search(title, 0, number.start())):
        return title
    return f"{title[: number.start()]} {title[number.end() :]}".strip(_TRIM)


def is_generic(title: str) -> bool:
    """Return whether many publishers use such a title: "Annual Report", "Form 10-K"."""
    words = re.findall(r"[\w&-]+", title.lower())
    return bool(words) and all(word in _GENERIC_TITLE_WORDS for word in words)


def needs_owner(series: str) -> bool:
    """Return whether a title says little without its publisher: a generic one, and "Annual Report on Prisons"."""
    return is_generic(series) or _ANNUAL.match(series) is not None


def ends_with_owner(title: str) -> bool:
    """Return whether a bar is between a generic title and a name: "Annual Report 2015 | Port of Elm"."""
    owned = _GENERIC_AND_OWNER.fullmatch(title)
    return owned is not None and bool(owned["bar"]) and is_generic(_without_years(owned["title"]))


def _without_years(title: str) -> str:
    return SINGLE_YEAR.sub("", YEAR_SPAN.sub("", title))


def is_organisation(line: str) -> bool:
    """Return whether a short line contains a word for a kind of organisation, such as "Ministry" or "plc"."""
    return len(line.split()) <= 10 and _ORGANISATION.search(line) is not None


def publisher_in_title(series: str | None) -> str | None:
    """Return the organisation that a title without its year names beside the kind of publication.

    It is apart from a generic title ("Port of Elm – Annual Report"), whatever its name; before it ("Elm Council Annual
    Report") or behind it ("Annual Report of the Elm Council") only if a word says that it is an organisation.
    """
    name, is_apart = name_beside_kind(series)
    if name is None or not (is_organisation(name) or (is_apart and _has_capitals(name))):
        return None
    return name


def name_beside_kind(series: str | None) -> tuple[str | None, bool]:
    """Return what a title without its year names beside a generic title, and whether a mark sets it apart.

    It may be a publisher or a subject: "Larkmead Annual Report", "Road Safety Annual Report".
    """
    if series is None:
        return None, False
    before, mark, after = next(
        (parts for parts in map(series.partition, (": ", " – ", " — ", " - ")) if parts[1]), (series, "", "")
    )
    of = _GENERIC_OF.match(after or series)
    if mark and of is None:
        name = before if is_generic(after) else ""
    elif of is not None and is_generic(of["title"]):
        name = (after or series)[of.end() :]
    else:
        name = without_generic_end(series)
    is_name = name not in ("", series) and name[0].isupper() and PUBLICATION_KIND.search(name) is None
    return (name if is_name else None), bool(mark)


def _has_capitals(name: str) -> bool:
    """Return whether all words of a name are capitalised, except small ones and parts before or after an apostrophe."""
    words = re.findall(r"(?<!\w['’])\b[^\W\d_]+(?!['’]\w{2})", name)
    large = [word for word in words if word.casefold() not in SMALL_TITLE_WORDS]
    return bool(large) and all(word[0].isupper() for word in large)


def spelling_in_text(name: str, lines: Iterable[str]) -> str | None:
    """Return the commonest spelling of a name that lines of a text have at least twice, and never in small letters."""
    words = r"\s+".join(map(re.escape, name.split()))
    pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    found = Counter(" ".join(match[0].split()) for line in lines for match in pattern.finditer(line))
    if found.total() < _MIN_REPEATED or not all(map(_has_capitals, found)):
        return None
    return max(found, key=lambda spelling: (not spelling.isupper(), found[spelling]))


_MIN_REPEATED = 2
"""Occurrences in a text that tell the name of its publisher from a motto."""


def without_generic_end(name: str) -> str:
    """Return a name without the words of a generic title at its end: "Elm Council" of "Elm Council Annual Report"."""
    words = name.split()
    while words and is_generic(words[-1]):
        words.pop()
    return " ".join(words)


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name without small ones, letters folded: {"land", "registry", "elm"}."""
    folded = without_accents(unicodedata.normalize("NFKC", name).casefold())
    words = re.findall(r"[^\W_]+", re.sub(r"['’]s?\b", "", folded))
    return frozenset(words) - SMALL_TITLE_WORDS


def are_initials(abbreviation: str, name: str) -> bool:
    """Return whether an abbreviation in capitals is the initials of a name, or of its first words.

    Small words may be left out: "SAC" and "SACA" abbreviate "Supreme Administrative Court of Aldmark".
    """
    if not (abbreviation.isalpha() and abbreviation.isupper()):
        return False
    initials = without_accents(abbreviation.casefold())
    words = re.findall(r"[^\W\d_]+", without_accents(name.casefold()))
    large = [word for word in words if word not in SMALL_TITLE_WORDS]
    return any("".join(word[0] for word in each).startswith(initials) for each in (words, large))


_EXTENSIONS = frozenset(
    """
    annual yearly annuel annuelle annuels anual anuales annuale annuali accounts comptes cuentas contas integrated
    report
    """.split()
)
"""Words that one edition of a generic title has and another leaves out."""

_ACCOUNTS = frozenset(
    "annual accounts financial statement statements comptes annuels cuentas anuales contas bilancio".split()
)
_YEAR_WORDS = frozenset("year review in our the and report annual".split())
"""Words of titles such as "Our Year" and "The Year in Review"."""

_IN_PARENTHESES = re.compile(r"\s*\((?P<name>[A-Z][\w-]*[A-Z])\)")


@dataclass(frozen=True, slots=True)
class SeriesName:
    """A series as some documents name it.

    Attributes:
        name: The name.
        editions: The years of their editions.
        publishers: Their publishers.
        is_declared: Whether a person wrote the name, in a catalogue.
    """

    name: str
    editions: frozenset[int] = frozenset()
    publishers: frozenset[str] = frozenset()
    is_declared: bool = False


def group_series(names: Sequence[SeriesName]) -> list[list[SeriesName]]:
    """Return the groups of names of the same series, most of which have one name.

    Names of one series may differ in capitals and punctuation. Inferred names may also differ in the order of their
    words ("Land Registry of Elm: Annual Report", "Elm Land Registry Annual Report"), by an abbreviation of the
    publisher, and in words of a generic title ("Annual Report", "Annual Report and Accounts"). The last must not have
    an edition of the same year, or they are parallel publications.
    """
    by_spelling: dict[str, list[SeriesName]] = defaultdict(list)
    for each in names:
        by_spelling[_spelling(each.name)].append(each)
    groups: list[list[SeriesName]] = []
    of_owner: dict[frozenset[str], list[list[SeriesName]]] = defaultdict(list)
    bodies = _Bodies({publisher for each in names for publisher in each.publishers})
    for group in by_spelling.values():
        if any(each.is_declared for each in group):
            groups.append(group)
        else:
            of_owner[bodies.owner_of(group[0])].append(group)
    for owner, alike in of_owner.items():
        united: list[list[SeriesName]] = []
        for group in sorted(alike, key=lambda group: group[0].name):
            same = next((other for other in united if owner and _is_one_series(group, other)), None)
            if same is None:
                united.append(list(group))
            else:
                same += group
        groups += united
    return groups


def _spelling(name: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


class _Bodies:
    """The publishers of a library by the words of their names, for what a series calls its owner."""

    def __init__(self, publishers: Iterable[str]) -> None:
        full: dict[str, set[frozenset[str]]] = defaultdict(set)
        self._by_word: dict[str, set[frozenset[str]]] = defaultdict(set)
        for publisher in publishers:
            words = _body_words(publisher)
            stated = _IN_PARENTHESES.search(publisher)
            capitals = "".join(word[0] for word in publisher.split() if word[0].isupper())
            for abbreviation in {capitals} if stated is None else {stated["name"], capitals}:
                if len(abbreviation) >= MIN_INITIALS:
                    full[abbreviation.casefold()].add(words)
            for word in words:
                self._by_word[word].add(words)
        self._by_abbreviation = {name: next(iter(known)) for name, known in full.items() if len(known) == 1}

    def owner_of(self, series: SeriesName) -> frozenset[str]:
        """Return the words of a series that are not generic; those of a publisher if they are from its name, or none.

        A part of one name only stands for that: "Control District" for "Elm Bay Control District".
        """
        words = _body_words(series.name) - _GENERIC_TITLE_WORDS
        if len(words) == 1 and (full := self._by_abbreviation.get(next(iter(words)))) is not None:
            return full
        publishers = [_body_words(name) for name in series.publishers]
        owner = publishers[0] if len(publishers) == 1 and words <= publishers[0] else words
        if len(owner) > 1:
            rarest = min(owner, key=lambda word: len(self._by_word.get(word, ())))
            longer = [body for body in self._by_word.get(rarest, ()) if owner < body]
            owner = longer[0] if len(longer) == 1 else owner
        return owner


def _body_words(name: str) -> frozenset[str]:
    return name_words(_IN_PARENTHESES.sub("", name))


def _is_one_series(group: Sequence[SeriesName], other: Sequence[SeriesName]) -> bool:
    """Return whether two groups of names with the same owner name one series."""
    publishers, others = ({name for each in names for name in each.publishers} for names in (group, other))
    if publishers and others and not any(_name_one_body(a, b) for a, b in product(publishers, others)):
        return False
    kind, other_kind = (_body_words(names[0].name) & _GENERIC_TITLE_WORDS for names in (group, other))
    if kind == other_kind:
        return True
    editions, other_editions = ({year for each in names for year in each.editions} for names in (group, other))
    if not editions or not other_editions or editions & other_editions:
        return False
    are_annual = all(
        is_annual_report([names[0].name]) or words <= _YEAR_WORDS
        for names, words in ((group, kind), (other, other_kind))
    )
    is_only_accounts = (kind <= _ACCOUNTS) != (other_kind <= _ACCOUNTS)
    is_extended = bool(kind & other_kind) and (kind <= other_kind or kind >= other_kind)
    return (is_extended and kind ^ other_kind <= _EXTENSIONS) or (are_annual and not is_only_accounts)


def _name_one_body(name: str, other: str) -> bool:
    """Return whether two names of publishers may be of one: one has the words of the other, or is its initials."""
    words, others = _body_words(name), _body_words(other)
    return words <= others or words >= others or are_initials(name, other) or are_initials(other, name)
