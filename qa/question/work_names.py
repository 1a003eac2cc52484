"""Works that a statement names by their publisher: "the Port's 2023 report", "Jahresbericht 2022 des Stadttheaters".

Writers shorten names: "the Navigation Authority" is the "Aldermoor and Tarn Navigation Authority", "the inspection's
report" that of the only Directorate of Fisheries Inspection which the sentence has other words of. So all words beside
the word for a work must be words of the name of one publisher, whatever their case; where they say too little ("the
authority", "its report"), names elsewhere in the sentence decide, or the source that the draft named before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import dataclass

from corpus.metadata.edition import PUBLICATION_KIND
from corpus.metadata.series import is_organisation
from corpus.metadata.years import YearMention, find_years_ended, parse_years
from corpus.records import Span
from corpus.scripts import NAME_WORD, without_accents
from corpus.vocabulary import ACCORDING_TO, BODIES, COMPOUND_WORKS, MONTHS, SAYS, WORKS
from index.lexical.analysis import FUNCTION_WORDS, common_beginning
from index.storage.reader import DocumentInfo

Period = tuple[int, int]
"""The first and the last year of a period."""

_KIND = re.compile(rf"\b(?:{WORKS}|\w*{COMPOUND_WORKS})(?!\w)", re.IGNORECASE)

LATEST_WORK = re.compile(
    r"\b(?:latest|newest|new|most\s+recent|jüngste[nmrs]?|neueste[nmrs]?|neue[nmrs]?|aktuelle[nmrs]?|derniers?|dernière|nouve(?:au|l|lle)|últim[oa]|nuev[oa]|ultim[oa]"
    rf"|nuov[oa]|nieuwste|laatste)\s+(?:[^\W\d_]+\s+){{0,2}}?{_KIND.pattern}",
    re.IGNORECASE,
)
"""The newest work of a publisher: "its latest annual report"."""

_BEFORE_KIND = frozenset(
    "annual yearly latest new newest own last previous first interim full integrated activity official financial two"
    " three both all jährliche jährlichen aktuelle aktuellen neue neuen neuer letzte letzten letzter dernier nouveau"
    " último".split()
)
"""Words between a publisher and its work."""

_AFTER_KIND = re.compile(
    r"\s+(?:annuels?|anual(?:es)?|annual[ei]|d['’]activités?|de\s+(?:gestion|labores|actividades)|financiers?|and\s+accounts)\b",
    re.IGNORECASE,
)
"""Words that belong to the word for a work before them."""

_OF = re.compile(
    r"\s+(?:of|by|from|for|de[rs]|vo[nm]|du|de\s+la|de\s+los|de\s+las|del?|della?|d[oa]|van|af|av)\s+(?:(?:the|den|het|de|el|la|le)\s+)?"
    r"|\s+(?:de\s+l|d|dell)['’]",
    re.IGNORECASE,
)
"""Between a work and its publisher."""

_OF_YEAR = re.compile(
    r"[\s,]+(?:(?:of|for|für|pour|para|per|over|saison|season|exercice|(?:the\s+)?(?:fiscal|financial)\s+years?|FY)\s+)*",
    re.IGNORECASE,
)
"""Between a work and its year."""

_AND_YEAR = re.compile(r"\s*(?:,|and|und|et|y|e|en)\s+", re.IGNORECASE)
_AND_AT_END = re.compile(r"\s*(?:,|\b(?:and|und|et|y|e|en))$", re.IGNORECASE)
_JOINT = 6
"""Characters of a word between two years, at most."""

_TOKEN_BEFORE = re.compile(r"(?<![\w'’-])([^\W\d_][\w&.'’-]*?)(?:['’]s?)?$")
_SPACE = re.compile(r"[ \u00a0\n]|['’]")
_TOKEN = re.compile(r"[^\W\d_][\w&-]*(?:\.(?=\w)[\w&-]*)*")
_SPEAKER_AFTER = re.compile(
    rf"(?<!\w)(?:{'|'.join(ACCORDING_TO.values())}|gemäß|nach\s+Angaben\s+(?:de[rs]|von)|(?<=,\s)so|secondo|{SAYS['de']}|{SAYS['fr']}|{SAYS['es']})"
    r"\s+(?:(?:the|die|der|das|dem|den|le|la|les|el|los|las|il|het|de)\s+|l['’])?",
    re.IGNORECASE,
)
_SPEAKER_BEFORE = re.compile(
    rf"\s+(?:reports?(?=\s+(?:that|an?|the|\d)\b|\s*[,.;]|\s*$)|reported|{'|'.join(SAYS.values())})(?!\w)",
    re.IGNORECASE,
)
"""Around a publisher: words that attribute a statement to it."""

_NAME_RUN = re.compile(
    rf"{NAME_WORD}(?:(?:\s(?:of|and|for|the|de|du|des|del|la|le|of\sthe|de\sla)\s|\s[^\W\d_]+\s(?:de|du|des|del)\s|\s[dl]['’]|\s){NAME_WORD})+"
)
"""Capitalised words, also with small ones between them: "Banque alimentaire du Val d'Aubrelle"."""

_CONNECTORS = frozenset("of and for de der des du la le von und et y e & del della do da van en the l d".split())
_INTRODUCTIONS = frozenset(
    "laut gemäß nach im selon d'après dans según secondo nel nella volgens segundo enligt ifølge says say shows".split()
)
"""Words before a work that is not named further: "laut Jahresbericht"."""

_PRONOUNS = frozenset(
    "its their his her seinem seiner seinen ihrem ihrer ihren son sa leur su sus suo sua loro".split()
)
_MIN_ROOT, _MAX_ENDING = 4, 2
"""Letters that two forms of a word have in common at least, and letters that only one of them has, at most."""

_MIN_NAME = 3
"""Letters of a word that names something."""

_DEFINITE = frozenset("the this der die das des dem den le la les l el los il lo i het de".split())
"""Words before a body that the reader knows: "the agency"."""

_GENERIC = frozenset(word.casefold() for word in BODIES) | frozenset(
    "directorate inspection inspectorate federation association network club museum library court centre center school"
    " gmbh ltd limited plc inc llc corp aktiengesellschaft verband verein amt ministerium behörde gesellschaft"
    " autorité office agence ministère federación"
    " ministerio".split()
)
"""Words that many publishers have in their names."""


@dataclass(frozen=True, slots=True)
class NamedWork:
    """A work that a text names.

    Attributes:
        span: From the name of its publisher to its year.
        owner: The folded words of its publisher beside it; none for "its report".
        has_pronoun: Whether a possessive pronoun is in the place of these.
        periods: The years beside it, which are those of its edition.
        kind: The word for it.
    """

    span: Span
    owner: tuple[str, ...]
    has_pronoun: bool
    periods: tuple[Period, ...]
    kind: str

    def has_name(self, text: str) -> bool:
        """Return whether a text has the name of the publisher in capitals: "the Dalmore Trust's report"."""
        tokens: list[str] = _TOKEN.findall(text, *self.span)
        return sum(token[0].isupper() and _folded(token) in self.owner for token in tokens) > 1


class WorkNames:
    """The words in the names of publishers and series of some documents."""

    def __init__(self, documents: Sequence[DocumentInfo]) -> None:
        self._documents: dict[str, list[DocumentInfo]] = defaultdict(list)
        for document in documents:
            self._documents[document.series or document.id].append(document)
        self._by_root: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._series_of: dict[str, int] = defaultdict(int)
        for key, of_series in self._documents.items():
            for word in {word for document in of_series for word in _words_of(document)}:
                self._by_root[word[:_MIN_ROOT]].append((word, key))
                self._series_of[word] += 1

    def find(self, text: str) -> list[NamedWork]:
        """Return the works that a text names, in order."""
        years = parse_years(text)
        return [work for match in _KIND.finditer(text) if (work := self._work(text, match, years)) is not None]

    def find_speakers(self, text: str) -> list[NamedWork]:
        """Return the publishers to which a text attributes what it says: "the agency reports", "so die Behörde"."""
        years = parse_years(text)
        found = []
        for match in _SPEAKER_AFTER.finditer(text):
            owner, end = self._owner_at(text, match.end())
            if owner:
                found.append(NamedWork((match.end(), end), tuple(owner), False, (), ""))
        for match in _SPEAKER_BEFORE.finditer(text):
            start, owner, _, periods = self._before(text, match.start(), years)
            if owner and not periods:
                found.append(NamedWork((start, match.start()), tuple(owner), False, (), ""))
        return found

    def find_publishers(self, text: str) -> list[NamedWork]:
        """Return the publishers that a text names without a work of theirs: "the Lighthouse Board cut its costs"."""
        found: list[NamedWork] = []
        end, before = 0, None
        for token in _TOKEN.finditer(text):
            is_known = token[0].casefold() not in MONTHS and bool(self._keys_of(_folded(token[0])))
            if token.start() >= end and is_known and not _is_in_name(text, before, token):
                owner, end = self._owner_at(text, token.start())
                is_definite = before is not None and before[0].casefold() in _DEFINITE
                if is_definite or any(word[0].isupper() for word in text[token.start() : end].split()):
                    found.append(NamedWork((token.start(), end), tuple(owner), False, (), ""))
            before = token
        return found

    def is_body(self, work: NamedWork, document: DocumentInfo) -> bool:
        """Return whether a text names a publisher as a body, and not only its place: "the Vellmark agency", "Vellmark".

        It does with a word for a body, or with the whole name.
        """
        whole = {word for word in _name_words(document.publisher or "", with_parts=False) if word not in _GENERIC}
        return not _GENERIC.isdisjoint(work.owner) or (
            bool(whole) and all(any(_are_alike(word, name) for word in work.owner) for name in whole)
        )

    def documents_of(
        self, work: NamedWork, text: str, before: Collection[DocumentInfo] = ()
    ) -> list[DocumentInfo] | None:
        """Return the documents of the publisher of a work, of all editions.

        Args:
            work: A work that the text names.
            text: The text.
            before: The documents that the draft named before.

        Returns:
            The documents; none if that may be any of several publishers; None if it is another publisher than theirs.
        """
        of_words = {word: self._keys_of(word) for word in work.owner if len(word) >= _MIN_NAME}  # no "AG"
        keys = set(self._documents).intersection(*of_words.values())
        if not keys:
            found = [word for word, of_word in of_words.items() if of_word or word in _GENERIC]
            is_another = len(found) < len(of_words) and _GENERIC.issuperset(found)
            return None if is_another else []  # "the Zoo Lindenau" may be the "Zoologischer Garten Lindenau"
        elsewhere = text[: work.span[0]] + " " * (work.span[1] - work.span[0]) + text[work.span[1] :]
        support = self._named_in(elsewhere)
        known = {document.series or document.id for document in before}
        is_clear = bool(work.owner) and not _GENERIC.issuperset(work.owner)
        if not is_clear or len(keys) > 1:
            most = max((support.get(key, 0.0) for key in keys), default=0.0)
            supported = {key for key in keys if most and support.get(key, 0.0) == most}
            if not supported and not is_clear and self._names_another_body(elsewhere):
                return None  # "the Dalmore Food Trust helped 900 people, its report says"
            supported = supported or keys & known
            if not supported and not is_clear:
                return []
            keys = supported or keys
        return self._of_kind(keys, work.kind)

    def _names_another_body(self, text: str) -> bool:
        """Return whether a text names a body of which no document is."""
        return any(
            is_organisation(run[0])
            and not any(
                self._keys_of(_folded(token)) for token in _TOKEN.findall(run[0]) if _folded(token) not in _GENERIC
            )
            for run in _NAME_RUN.finditer(text)
        )

    def _of_kind(self, keys: Set[str], kind: str) -> list[DocumentInfo]:
        """Return the documents of some series: those with the word for a kind of work, if any has it in its name."""
        root = without_accents(kind.casefold())[:_MIN_ROOT]
        documents = [document for key in sorted(keys) for document in self._documents[key]]
        of_kind = [
            document
            for document in documents
            if root in without_accents(f"{document.series or ''} {document.title}".casefold())
        ]
        chosen = of_kind or documents
        owners = [_words_of(document) for document in chosen]
        return chosen if all(owner & owners[0] for owner in owners) else []

    def _keys_of(self, word: str) -> set[str]:
        return {key for name, key in self._by_root.get(word[:_MIN_ROOT], ()) if _are_alike(word, name)}

    def _named_in(self, text: str) -> dict[str, float]:
        """Return for each series how much of its name capitalised words of a text have; rarer words count more."""
        support: dict[str, float] = defaultdict(float)
        for match in _TOKEN.finditer(text):
            if not match[0][0].isupper() or len(match[0]) < _MIN_NAME:
                continue
            word = _folded(match[0])
            for key in self._keys_of(word) if word not in _GENERIC else ():
                support[key] += 1 / max(1, self._series_of.get(word, 1))
        return support

    def _work(self, text: str, match: re.Match[str], years: Sequence[YearMention]) -> NamedWork | None:
        """Return the work that a word for one names in a text; None for that of no publisher: "police reports"."""
        start, owner, has_pronoun, periods = self._before(text, match.start(), years)
        if start < 0:
            return None
        end = match.end()
        while (after := _AFTER_KIND.match(text, end)) is not None:
            end = after.end()
        end, of_year = _years_after(text, end, years)
        periods += of_year
        if not owner and not has_pronoun and (of := _OF.match(text, end)) is not None:
            owner, stop = self._owner_at(text, of.end())
            if owner:
                end, of_year = _years_after(text, stop, years)
                periods += of_year
        return NamedWork((start, end), tuple(owner), has_pronoun, tuple(periods), match[0])

    def _before(
        self, text: str, position: int, years: Sequence[YearMention]
    ) -> tuple[int, list[str], bool, list[Period]]:
        """Return where the name before a work begins, its words, whether it is a pronoun, and the years of the work.

        The start is -1 if the word before is another one in lower case: "police report".
        """
        owner: list[str] = []
        periods: list[Period] = []
        while True:
            stop = len(text[:position].rstrip(" \u00a0\n"))
            year = next((mention for mention in years if mention.end == stop), None)
            joint = _AND_AT_END.search(text, max(0, stop - _JOINT), stop) if periods else None
            if year is None and joint is not None:  # "the 2021 and 2022 reports"
                year = next((mention for mention in years if mention.end == joint.start()), None)
            if year is not None and not owner:
                periods += _periods(year)
                position = year.start
                continue
            token = _TOKEN_BEFORE.search(text, max(0, stop - 60), stop)
            if token is None:
                is_unread_year = not owner and text[stop - 1 : stop].isdigit()
                return (-1 if is_unread_year else position), owner, False, periods
            word = _folded(token[1])
            if word in _PRONOUNS and not owner:
                return token.start(), owner, True, periods
            if not owner and word in _BEFORE_KIND:
                position = token.start()
                continue
            if owner and word in _CONNECTORS:
                beyond = _TOKEN_BEFORE.search(text, max(0, token.start() - 60), token.start() - 1)
                if beyond is None or not beyond[1][0].isupper() or word == "the":
                    return position, owner, False, periods
                position = token.start()
                continue
            if word in FUNCTION_WORDS or word in _CONNECTORS or word in _INTRODUCTIONS:
                return position, owner, False, periods
            is_name = token[1][0].isupper() and token.start() > 0
            if not (is_name or self._keys_of(word)):
                is_other_kind = not owner and not periods and not token[1][0].isupper()
                return (-1 if is_other_kind else position), owner, False, periods
            owner.insert(0, word)
            position = token.start()

    def _owner_at(self, text: str, position: int) -> tuple[list[str], int]:
        """Return the words of a name at a place, and its end."""
        owner: list[str] = []
        end = position
        while (token := _TOKEN.match(text, position)) is not None:
            word = _folded(token[0])
            if word in _CONNECTORS and not token[0][0].isupper():
                if not owner:
                    break
            elif token[0][0].isupper() or self._keys_of(word):
                owner.append(word)
                end = token.end()
            else:
                break
            position = token.end()
            space = _SPACE.match(text, position)
            if space is None:
                break
            position = space.end()
        return owner, end


def of_editions(documents: Iterable[DocumentInfo], periods: Collection[Period]) -> list[DocumentInfo]:
    """Return the editions of some periods: of "2021/22" the one that covers it, of "2022" that of this year."""
    return _of_periods(documents, periods, lambda document, period: document.edition == period[1])


def about_periods(documents: Iterable[DocumentInfo], periods: Collection[Period]) -> list[DocumentInfo]:
    """Return the documents that are about some periods: the one that covers exactly "2021/22", or any part of it."""
    return _of_periods(documents, periods, _is_about)


def _of_periods(
    documents: Iterable[DocumentInfo], periods: Collection[Period], is_meant: Callable[[DocumentInfo, Period], bool]
) -> list[DocumentInfo]:
    """Return for each period of several years the documents that cover it exactly, else those that are meant by it."""
    every = list(documents)
    chosen: dict[int, DocumentInfo] = {}
    for period in periods:
        exact = [each for each in every if period[0] != period[1] and each.covers == period]
        meant = exact or [each for each in every if is_meant(each, period)]
        chosen.update((each.number, each) for each in meant)
    return list(chosen.values())


def _is_about(document: DocumentInfo, period: Period) -> bool:
    (first, last), covers = period, document.covers
    is_covered = covers is not None and covers[0] <= last and first <= covers[1]
    return is_covered or (document.edition is not None and first <= document.edition <= last)


def periods_of(text: str) -> list[Period]:
    """Return the periods that a text names.

    They are each year of "2015 and 2019", and both years of "2021/22" and "the year to March 2022".
    """
    ended = find_years_ended(text)
    mentions = (
        mention
        for mention in parse_years(text)
        if not any(start <= mention.start and mention.end <= end for (start, end), _ in ended)
    )
    return [period for mention in mentions for period in _periods(mention)] + [
        (period.first, period.last) for _, period in ended
    ]


def _periods(mention: YearMention) -> list[Period]:
    if mention.is_span:
        return [(mention.first, mention.last)]
    return [(year, year) for year in mention.years]


def _years_after(text: str, end: int, years: Sequence[YearMention]) -> tuple[int, list[Period]]:
    """Return the years right after a work, and where they end: "Report for 2021-22", "reports of 2021 and 2022"."""
    periods: list[Period] = []
    for mention in years:
        if mention.start < end:
            continue
        between = _OF_YEAR if not periods else _AND_YEAR
        if between.fullmatch(text, end, mention.start) is None:
            break
        periods += _periods(mention)
        end = mention.end
    return end, periods


def _words_of(document: DocumentInfo) -> frozenset[str]:
    """Return the folded words in the names of a document's publisher and series, or its title without a series."""
    capitals = "".join(re.findall(r"\b[A-Z]", document.publisher or ""))
    initials = {capitals.casefold()} if len(capitals) >= _MIN_NAME else set()
    return _name_words(f"{document.series or document.title} {document.publisher or ''}") | initials


def _name_words(name: str, *, with_parts: bool = True) -> frozenset[str]:
    """Return the folded words of a name, and their parts, without those that name no publisher: "of", "report"."""
    tokens = [match[0] for match in _TOKEN.finditer(name)]
    parts = [part for token in tokens for part in token.split("-") if with_parts and len(part) >= _MIN_ROOT]
    words = {_folded(word) for word in (*tokens, *parts) if len(word) >= _MIN_NAME}
    return frozenset(word for word in words if word not in FUNCTION_WORDS and PUBLICATION_KIND.search(word) is None)


def _is_in_name(text: str, before: re.Match[str] | None, token: re.Match[str]) -> bool:
    """Return whether a word is a part of another name, which begins before it: "the Norwegian Lighthouse Board"."""
    if before is None or not before[0][0].isupper() or text[before.end() : token.start()] != " ":
        return False
    return (
        token[0][0].isupper() and before[0].casefold() not in FUNCTION_WORDS and before[0].casefold() not in _DEFINITE
    )


def _folded(word: str) -> str:
    return without_accents(word.casefold())


def _are_alike(word: str, name: str) -> bool:
    """Return whether two words may be forms of one: "Landesverbands", "Landesverband", "städtischen", "städtisches"."""
    common = common_beginning(word, name)
    return word == name or (common >= _MIN_ROOT and max(len(word), len(name)) - common <= _MAX_ENDING)
