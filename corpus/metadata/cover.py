"""Read the cover of a publication: title, series, publisher, part and edition.

The cover is the first lines of the text, up to the first line of prose or the first heading such as "Preface".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from corpus.clauses import AND
from corpus.imprint import is_imprint
from corpus.metadata.edition import (
    COPYRIGHT,
    ISSUE,
    PUBLICATION_KIND,
    Rank,
    best_edition_line,
    infer_edition,
    rank_edition_line,
    without_publication_date,
    without_subject,
)
from corpus.metadata.language import detect_language, is_frequent, primary_language
from corpus.metadata.years import SINGLE_YEAR, YEAR_SPAN, mask_non_years, normalize_years, unmask
from corpus.scripts import BULLETS, HAN, KANJI_DIGITS, LATIN_CAPITALS, NAME_PARTICLES, without_accents
from corpus.vocabulary import DAY_OF_MONTH, DAY_SUFFIX, EDITION_NOUNS, FISCAL_YEAR_ADJECTIVES, MONTH, YEAR

_MAX_LINES = 14
MIN_INITIALS = 3
"""Letters of an abbreviation in the name of a file; two are too often the initials of a line."""
_COMMON_DIGITS = 5
"""Digits of the count of a common word in the list of English; the other lists count fewer texts."""

_MAX_LINE_LENGTH = 140
_COVER_LENGTH = 6000
"""Characters at the beginning of a text that are searched for the cover."""


_GENERIC_TITLE_WORDS = frozenset(
    """
    a an and the of for to in on & annual report reports accounts financial statement statements review yearbook
    year book budget speech statistical abstract white paper form 10-k 20-f fy fiscal ended shareholders
    sustainability integrated progress biennial quarterly bulletin activity activities management performance
    impact rapport annuel comptes annuels cuentas anuales jahresbericht geschäftsbericht tätigkeitsbericht
    rechenschaftsbericht lagebericht bericht bilan jahrbuch memoria anual informe anuario annuaire relatório
    relazione rapporto annuale bilancio jaarverslag jaarboek jaarrekening årsredovisning årsberetning årsrapport
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
_END_OF_COVER = re.compile(
    rf"(?:[1-9]\.|1\s)\s*(?!{MONTH})\S|(?:abstract|front cover)\s*$"
    r"|(?:contents|table of contents|foreword|preface|introduction|overview|highlights"
    r"|(?:executive )?summary|abbreviations|vorwort|inhalt|einleitung|avant-propos|préface|sommaire|introducción"
    r"|presentación|índice|prefacio"
    r"|(?:apresentação|sumário|presentazione|indice|prefazione|introduzione|inhoud|voorwoord|woord vooraf|inleiding"
    r"|innehåll|förord|indhold|forord|spis treści|wstęp|目录|前言)\W*\d*\W*$"
    r"|chair\S* (?:message|statement)|letter to shareholders|item 1\b"
    r"|目次|はじめに|序|概[観説要]|第[1一]章)",
    re.IGNORECASE,
)
_PART = re.compile(r"(?:chapter|part|volume|book|section)\s+[0-9IVXLC]+\b|第.{1,4}[章節部編巻]", re.IGNORECASE)
_NUMBERING = re.compile(
    r"^\s*(?:(?:chapter|part|section|annex|appendix)\s+[0-9A-Z]+\b[.:]?"
    r"|[(（](?:[0-9]{1,3}|[A-Za-z]|[IVXLC]{1,5})[)）]|[0-9]{1,3}[)）.](?=\s|\D)"
    r"|(?:[A-Za-z]|[IVXLC]{2,5})[)）.](?=\s+(?![A-Z]\.))"
    r"|第.{1,4}[章節部編]|[|#<]+)\s*",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:ministry|department|directorate|inspectorate|office|bank|agency|commission|council|board|trust|university"
    r"|college|academy|institute|observatory|laboratory|hospital|infirmary|constabulary|museum|gallery|library"
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
    r"|railways?|llc|(?-i:N\.?V|B\.?V|ASA|Oyj|S\.?p\.?A|S\.?r\.?l))\b"
    r"|(?:[省庁局]|県庁|役所|気象台|大学|病院|研究所|博物館|美術館|図書館|協会|委員会|機構|財団"
    r"|厅|政府|(?:财政|外交|教育|国防|交通运输|农业农村|商务|民政|司法|公安|生态环境)部|医院|研究院|博物馆|图书馆|协会|委员会|위원회|대학교|공사|은행)(?:$|\s)|銀行|株式会社|银行|有限公司",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(
    r"\s(?:(?:[A-Z]\.\s?){2,}|e\.\s?[VGK]\.|m\.\s?b\.\s?H\.|S\.p\.A\.|S\.r\.l\.|s\.r\.o\.|a\.s\.|Inc\.|Ltd\.|Co\.|Corp\.)$"
)
"""An abbreviation at the end of the name of a company, whose full stop ends no sentence."""

_IN_PROSE = re.compile(
    rf"\b(?:this|the\s+present)\s+({YEAR})\s+(?:edition|issue|report|yearbook|review|volume)\b", re.IGNORECASE
)
_SPACED = re.compile(r"^[12](?: [0-9]){3}$")

_ADDRESSED = re.compile(r".*[:：,]|[\[(].*[\])]")
"""A salutation or an aside ("To the Congress:", "[Read by a clerk]"), which is not a title."""

_ITEM_OR_ROW = re.compile(rf"[–—{BULLETS}]\s|.*\s\|\s")
"""An item of a list or a row of a table."""

_MAX_NUMBERS = 3
"""Numbers in a series beside its year; more are those of a form or a receipt."""

_MONTH = re.compile(rf"\b{MONTH}", re.IGNORECASE)
_DAY = re.compile(DAY_OF_MONTH, re.IGNORECASE)
"""A day, on which a speech or a letter is dated rather than a publication."""

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

_NAME_WORD = rf"[{LATIN_CAPITALS}][\w'’.-]*"
_NAME_PARTS = rf"{_NAME_WORD}\s+(?:(?:{NAME_PARTICLES})\s+){{0,2}}{_NAME_WORD}(?:\s+{_NAME_WORD})?"
_NAME = re.compile(
    rf"{_NAME_WORD}(?:,\s+{_NAME_WORD}(?:\s+{_NAME_WORD})?)?"
    rf"|(?P<words>{_NAME_PARTS})(?:(?:,\s+|,?\s+(?:{AND}|&)\s+){_NAME_PARTS})*"
)
"""One capitalised word, or two or three: a title, but rather the name of a place ("Oslo, Norland") or of persons."""

_PLACE_AND_YEAR = re.compile(
    rf"{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,2}}(?:,\s+{_NAME_WORD})?,\s*{YEAR}\.?|[{HAN}]{{2,6}}[、，]\s?{YEAR}年?"
)
"""The place and the year of an imprint: "Oslo, 2018", "New Haven, 2018"."""

_TRIM = " ,;:–—-|/　"
_WORDS_BEFORE_YEAR = (
    r"(?:for|of|in|ending|ended|to|and|the|as|at|für|zum|vom|im|am|pour|de|du|des|au|del|para|al|per|sull['’]anno"
    r"|del\s+curso(?:\s+académico)?)"
)
"""Words that a year leaves at the end of a title."""

_OF_YEAR = re.compile(
    rf"\b(?:of|in|on|since|after|before|during|de|del|di|du|von|vom|im|am|van)\s+{YEAR}", re.IGNORECASE
)
"""The year of what a line is about: "The Flood of 2012"."""

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

_PLACEHOLDER = re.compile(
    r"\(?(?:untitled.*|anonymous|unspecified|title|(?:document|book|workbook|presentation|sheet|slide|page) ?\d*"
    r"|microsoft (?:office )?(?:word|excel|powerpoint|publisher|visio|works)\b.*"
    r"|(?:word|excel|powerpoint) (?:document|worksheet|presentation)"
    r"|.*\.(?:docx?|xlsx?|pptx?|od[tsp]|indd|qxd|tex|pdf|rtf|txt|html?))\)?|[\W\d_]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cover:
    """The facts on a cover; None where it does not state them. `lines` are normalised by `normalize_years`.

    `edition_from` and `title_from` say where these were read: in the known "title", on the "cover", in a "date line", a
    "running head" or the "text".
    `names_kind` says whether the title names a kind of publication, or is between the line of its publisher and its
    year, `states_edition` whether the year is stated as that of the edition, and `is_generic` whether the title is used
    by many publishers and no owner is known.
    """

    lines: tuple[str, ...]
    title: str | None
    series: str | None
    publisher: str | None
    part: str | None
    edition: int | None
    names_kind: bool = False
    states_edition: bool = False
    is_generic: bool = False
    edition_from: str = "cover"
    title_from: str = "cover"


def read_cover(
    text: str,
    title: str | None = None,
    page_headers: Sequence[str] = (),
    repeated: Collection[str] = (),
    publisher: str | None = None,
    abbreviations: Collection[str] = (),
    *,
    is_named: bool = False,
) -> Cover:
    """Read the cover of a text.

    Args:
        text: The canonical text.
        title: A known title, which is used unchanged.
        page_headers: Running heads without their page numbers, for facts that are missing on the cover.
        repeated: Lines that repeat in the text: no titles, unless they name a kind of publication.
        publisher: A known publisher.
        abbreviations: Words of the file's name; one that consists of the initials of a line names the publisher.
        is_named: Whether the file's name says the kind of publication: then a line without one is no title only
            because of its place below the publisher.
    """
    written = cover_lines(text)
    lines = [normalize_years(_SPACED.sub(lambda line: line.group().replace(" ", ""), line)) for line in written]
    known = normalize_years(title) if title else None
    chosen = None
    if known is None:
        chosen = _title_line(
            [
                line if written[i] not in repeated or PUBLICATION_KIND.search(line) else ""
                for i, line in enumerate(lines)
            ],
            None if is_named else text,
        )
        title = written[chosen] if chosen is not None else _named_page_header(page_headers)
    titled = [(line, position == chosen) for position, line in enumerate(lines)]
    edition, states_edition, edition_from = _find_edition(text, known, titled, page_headers)
    position = chosen
    if known is not None:
        position = next((n for n, line in enumerate(lines) if line.casefold().startswith(known.casefold())), None)
    publisher = publisher or _publisher(written, lines, position, abbreviations) or _described_publisher(text)
    is_below_publisher = chosen is not None and not is_named and _is_below_publisher(lines, chosen, text)
    states_edition = states_edition or is_below_publisher
    series = owner = None
    if title is not None:
        name = infer_series(title) or ""
        is_short = is_below_publisher and len(name.split()) == 1
        owner = _owner(written, lines, position, publisher) if is_short or _needs_owner(name) else None
        publisher = publisher or owner
        title_year = edition if chosen is not None else infer_edition([(normalize_years(title), True)])
        series = _qualified(owner, infer_series(title)) if title_year is not None else None
        if chosen is not None:
            year_line = _year_line(written, lines, chosen)
            is_title = states_edition or PUBLICATION_KIND.search(title) or SINGLE_YEAR.search(lines[chosen])
            is_dated = edition_from == "date line" and any(map(_DAY.search, lines))
            if not is_title and (is_dated or _MONTH.search(year_line)):
                series = None  # above the date of a text without a kind of publication is its author or its subject
            title = _without_numbering(title) + year_line
        title = title if known is not None else _qualified(owner, title)
    return Cover(
        lines=tuple(lines),
        title=title,
        series=series,
        publisher=publisher,
        part=_part(text, written, lines, title),
        edition=edition,
        names_kind=title is not None and (is_below_publisher or PUBLICATION_KIND.search(title) is not None),
        states_edition=states_edition,
        is_generic=owner is None and series is not None and is_generic(series),
        edition_from=edition_from,
        title_from="title" if known else "running head" if chosen is None else "cover",
    )


def _named_page_header(page_headers: Sequence[str]) -> str | None:
    """Return a running head with the name and the year of the publication: the best title of a text without a title."""
    named = (line for line in page_headers if PUBLICATION_KIND.search(line))
    return next((line for line in named if rank_edition_line(normalize_years(line), True)), None)


def _qualified(owner: str | None, name: str | None) -> str | None:
    """Return a title or series with its owner, where it is known, in front."""
    return f"{owner}: {name}" if owner and name is not None else name


def _part(text: str, written: Sequence[str], lines: Sequence[str], title: str | None) -> str | None:
    """Return the line that names a part of a publication, unless the text has several: then it is the whole book."""
    pairs = zip(written, lines, strict=True)
    part = next((line for line, n in pairs if line != title and _PART.match(n) and not ISSUE.fullmatch(n)), None)
    if part is not None and sum(_PART.match(line.strip()) is not None for line in text.split("\n")) > 1:
        return None
    return part


def _find_edition(
    text: str, known: str | None, lines: Sequence[tuple[str, bool]], page_headers: Sequence[str]
) -> tuple[int | None, bool, str]:
    """Return the edition, whether it is stated as that, and where: in the known title, lines, page headers or prose."""
    known_lines = [(known, True)] if known else []
    if (best := best_edition_line([*known_lines, *lines])) is not None:
        in_title = best.position < len(known_lines)
        return best.year, best.is_stated, "title" if in_title else "cover" if best.is_stated else "date line"
    if (best := best_edition_line([(normalize_years(line), False) for line in page_headers])) is not None:
        return best.year, best.is_stated, "running head"
    stated = _IN_PROSE.search(normalize_years(text[:_COVER_LENGTH]))
    return (None, False, "text") if stated is None else (int(stated[1]), True, "text")


def cover_lines(text: str) -> list[str]:
    """Return the lines of the cover without surrounding white space and heading marks."""
    source = text[:_COVER_LENGTH]
    if source.startswith("---\n") and (closing := source.find("\n---", 4)) >= 0:
        source = source[closing + 4 :]
    cover: list[str] = []
    for written in source.split("\n"):
        line = written.strip().strip("#*| >").strip()
        if not line:
            continue
        if (
            len(line) > _MAX_LINE_LENGTH
            or _is_sentence(line)
            or len(cover) == _MAX_LINES
            or (cover and _END_OF_COVER.match(line))
        ):
            break
        cover.append(line)
    return cover


def _is_sentence(line: str) -> bool:
    """Return whether a line is prose, unlike "North Bay Orchards, Inc.", whose words are all capitalised."""
    if line.endswith(("。", ",", ";")):
        return True
    words = line.split()
    are_capitalised = all(word[0].isupper() or word in SMALL_TITLE_WORDS for word in words)
    return line.endswith(".") and len(words) > 3 and not are_capitalised and _LEGAL_FORM.search(line) is None


def _title_line(lines: Sequence[str], text: str | None) -> int | None:
    """Return the position of the title: the first line that names a kind of publication, else the first with words.

    The name of a publisher is none if a name with a year is below it, unless `text`, which tells the language, is None.
    """
    worded = [
        position
        for position, line in enumerate(lines)
        if _count_letters(_without_numbering(line)) >= 3
        and not _PART.fullmatch(line)
        and not _ADDRESSED.fullmatch(line)
        and not is_imprint(line)
        and not _ITEM_OR_ROW.match(line)
        and not _END_OF_COVER.fullmatch(line)
    ]
    kinds = [p for p in worded if PUBLICATION_KIND.search(lines[p]) and not COPYRIGHT.search(lines[p])]
    is_second = not kinds and len(worded) > 1 and worded[1] == worded[0] + 1
    if is_second and text is not None and _is_below_publisher(lines, worded[1], text):
        return worded[1]
    return kinds[0] if kinds else worded[0] if worded else None


def _is_below_publisher(lines: Sequence[str], position: int, text: str) -> bool:
    """Return whether a line is a name with a year, or above that of the edition, right below that of an organisation.

    A line with the year of an event, a day or a month is none, nor is that of a place or a person.
    """
    above, line = lines[position - 1] if position else "", lines[position]
    if not is_organisation(above) or is_organisation(line) or SINGLE_YEAR.search(above):
        return False
    if PUBLICATION_KIND.search(above) or PUBLICATION_KIND.search(line) or _MONTH.search(line):
        return False
    if SINGLE_YEAR.search(line) and not _OF_YEAR.search(line):
        ranked, name = rank_edition_line(line, True), infer_series(line)
        if ranked is None or name is None or _PLACE_AND_YEAR.fullmatch(line):
            return False
        is_edition = ranked[0] == Rank.EDITION
    else:
        ranked, name = rank_edition_line(lines[position + 1], False) if position + 1 < len(lines) else None, line
        if ranked is None or ranked[0] not in {Rank.EDITION, Rank.ISSUE_OR_FISCAL_YEAR, Rank.YEAR_ALONE}:
            return False
        is_edition = ranked[0] == Rank.EDITION
    return is_edition or not _is_person_or_place(name, text)


def _is_person_or_place(name: str, text: str) -> bool:
    """Return whether a name is one capitalised word, or several without a common word of the language of a text."""
    match = _NAME.fullmatch(name)
    if match is None or match["words"] is None:
        return match is not None
    language = primary_language(detect_language(text))
    digits = _COMMON_DIGITS if language == "en" else _COMMON_DIGITS - 1
    nouns = [word for word in re.findall(_NAME_WORD, match["words"]) if word.lower() not in SMALL_TITLE_WORDS]
    return not any(is_frequent(word, language, digits) for word in nouns)


def _count_letters(text: str) -> int:
    return sum(map(str.isalpha, re.sub(rf"\b{YEAR}\b", "", text)))


def _without_numbering(line: str) -> str:
    """Remove the numbering of a section, with which an extract may begin."""
    return _NUMBERING.sub("", line).strip(" >#*|")


def _owner(written: Sequence[str], lines: Sequence[str], title: int | None, publisher: str | None) -> str | None:
    """Return the owner of a generic title such as "Annual Report": the line above it, else the publisher."""
    if (registrant := _registrant(written)) is not None:
        return registrant
    if not title:
        return publisher
    above = lines[title - 1]
    is_name = not SINGLE_YEAR.search(above) and _count_letters(above) >= 3 and not is_imprint(above)
    return written[title - 1] if is_name else publisher


def _registrant(written: Sequence[str]) -> str | None:
    """Return the company of a filing: the line above "(exact name of registrant"."""
    named = (above for above, line in pairwise(written) if re.match(r"\(exact name of registrant", line, re.IGNORECASE))
    return next(named, None)


def is_generic(title: str) -> bool:
    """Return whether many publishers use such a title: "Annual Report", "Form 10-K"."""
    words = re.findall(r"[\w&-]+", title.lower())
    return bool(words) and all(word in _GENERIC_TITLE_WORDS for word in words)


def _needs_owner(series: str) -> bool:
    """Return whether a title says little without its publisher: a generic one, and "Annual Report on Prisons"."""
    return is_generic(series) or _ANNUAL.match(series) is not None


def is_organisation(line: str) -> bool:
    """Return whether a short line contains a word for a kind of organisation, such as "Ministry" or "plc"."""
    return len(line.split()) <= 10 and _ORGANISATION.search(line) is not None


def _publisher(
    written: Sequence[str], lines: Sequence[str], title: int | None, abbreviations: Collection[str]
) -> str | None:
    """Return the first line that names an organisation by a word for one, or by initials that abbreviate it."""
    if (registrant := _registrant(written)) is not None:
        return registrant  # and not the authority that it files with
    long = [word for word in abbreviations if len(word) >= MIN_INITIALS]
    for position, line in enumerate(lines):
        if (
            position == title
            or SINGLE_YEAR.search(line)
            or PUBLICATION_KIND.search(line)
            or _ADDRESSED.fullmatch(line)
            or re.search(r"\bby\b", line)
        ):
            continue
        if is_organisation(line) or any(are_initials(word, line) for word in long):
            return written[position]
    return None


_DESCRIBED = re.compile(
    rf"\W*(?P<name>(?-i:{_NAME_WORD}(?:\s{_NAME_WORD}){{0,4}}))(?:,|\s[-–—])\s"
    r"(?:(?:the|an?|der|die|das|eine?|le|la|une?|el|un[ao]?|il)\s|l['’])(?:\w+\s){0,2}?"
    r"(?:network|charity|union|regulator|operator|service|league|netzwerk|dachverband|réseau|association|organisme|red|asociación|rete"
    r"|associazione|(?:national\s|umbrella\s)?(?:body|organisation|organization))\b",
    re.IGNORECASE,
)
"""A line that says what kind of body its name is: "Larderlink, the network of community pantries"."""

_DESCRIBED_LINES = 6
"""Lines at the beginning of a cover among which such a description is searched."""


def _described_publisher(text: str) -> str | None:
    """Return the name of a body that one of the first lines of a text describes."""
    lines = filter(None, map(str.strip, text[:_COVER_LENGTH].split("\n")))
    for match in map(_DESCRIBED.match, islice(lines, _DESCRIBED_LINES)):
        if match is not None and match["name"].split()[0].casefold() not in SMALL_TITLE_WORDS:
            return match["name"]
    return None


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


def _year_line(written: Sequence[str], lines: Sequence[str], title: int) -> str:
    """Return the line below a title without a year if it states the edition, with a separator."""
    if SINGLE_YEAR.search(lines[title]) or title + 1 >= len(lines):
        return ""
    below, shown = (without_publication_date(line) for line in (lines[title + 1], written[title + 1]))
    if not SINGLE_YEAR.search(below) or COPYRIGHT.search(below) or rank_edition_line(below, False) is None:
        return ""
    goes_on = re.match(rf"{YEAR}|for\b", below, re.IGNORECASE) and _count_letters(below) < 40
    return f"{'' if goes_on else ','} {shown}"


_MAX_MEETING = 300
"""Characters of a title that may name a meeting with its place: in longer ones its pattern takes quadratic time."""


def infer_series(title: str) -> str | None:
    """Return the title without the parts that change every year: "Annual Report" for "Annual Report 2015"."""
    title = without_subject(mask_non_years(" ".join(title.split())))
    title = _NUMBERED.sub(lambda number: number["kind"] or "", title)
    if len(title) <= _MAX_MEETING:
        title = _PLACE_OF_MEETING.sub(r"\g<meeting> \g<year>", title)
        title = _NUMBERED_MEETING.sub(lambda number: number[1] or "", title)
    owned = _GENERIC_AND_OWNER.fullmatch(title)
    if owned is not None and (owned["bar"] or is_organisation(owned["owner"])):
        is_swapped = is_generic(SINGLE_YEAR.sub("", owned["title"]))
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
    bare = re.sub(r"^(?:the|for)\s+(?=\S+\s)", "", bare, flags=re.IGNORECASE) if has_year else bare
    bare = re.sub(r"\s+([,:;])", r"\1", bare)
    bare = unmask(bare)
    is_name = sum(map(str.isalpha, bare)) >= 2 and len(re.findall(r"[0-9]+", bare)) <= _MAX_NUMBERS
    return bare if is_name else None


def _without_issue_number(title: str) -> str:
    """Remove the number of an issue after a title, unless it belongs to what the title is about."""
    number = _ISSUE_AT_END.search(title)
    if number is None or (number["apart"] is None and _NAMES_NUMBERED_THING.search(title, 0, number.start())):
        return title
    return f"{title[: number.start()]} {title[number.end() :]}".strip(_TRIM)


def is_placeholder_title(title: str) -> bool:
    """Return whether a title is a file name or a program's default: "report.docx", "Microsoft Word - x", "Untitled"."""
    return _PLACEHOLDER.fullmatch(title) is not None
