"""Facts about the documents of an index: series and their names, editions, years covered, languages.

Each question needs them, and an index can hold a hundred thousand documents. Documents with the same series, edition
and years covered are equivalent to a question, so the facts are computed once, over groups of such documents.

Names of authors, places and publishers in a question select documents, too ("Eisenhower's 1960 budget"). They are those
of the library itself: capitalised words of file names ("1960_Dwight_Eisenhower"), publishers, and the owners of series
("North Bay Orchards, Inc.: Form 10-K"). A name that most documents share selects nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import chain, dropwhile

from corpus.metadata.edition import PUBLICATION_KIND
from corpus.metadata.language import primary_language
from corpus.metadata.series import is_organisation
from corpus.records import Span
from corpus.scripts import LATIN_CAPITALS, LATIN_SMALL, NAME_PARTICLES, UNSPACED, without_accents
from corpus.translation import gettext as _
from corpus.vocabulary import ACCORDING_TO, SAYS, YEAR
from index.lexical.analysis import FUNCTION_WORDS, ROOT, roots
from index.storage.reader import DocumentInfo, group_by_edition
from qa.question.filters import Filters, YearSpan
from qa.question.series_names import SeriesNames
from qa.question.title_names import TitleNames
from qa.question.work_names import WorkNames

MAX_IDS = 10
"""Ids of documents named where a filter names an unknown one."""

MAX_SERIES = 6
"""Series listed in a notice that the filters match nothing."""

_MAX_EDITIONS = 6
_SAMPLED = 20
"""Documents of a series whose titles and file names are read for the words that stand for their series."""
_MAX_SHARE = 0.5
"""Maximum share of the documents with a name; a more frequent name selects nothing."""

_LABEL = re.compile(rf"[{LATIN_CAPITALS}][{LATIN_SMALL}]{{2,}}")
_NAME = re.compile(rf"[{LATIN_CAPITALS}][^\W\d_]{{2,}}")
_BETWEEN = re.compile(r"(?:\s+[A-Z]\.?)?\s+")
"""Between two words of one name: "Dwight D. Eisenhower"."""

_POSSESSIVE = re.compile(rf"['’]s?(?!\w)|s\s+(?={YEAR}\b)")
_INTRODUCTION = re.compile(
    r"\b(?:by|under|president|chancellor|minister|secretary|governor|mr\.?|mrs\.?|ms\.?|dr\.?|did|does|do|had|has|was|would|selon"
    r"|par|présidente?|laut|von|unter|präsident\w*|kanzler\w*|according\s+to)\s+(?:\w+\.?\s+){0,2}$",
    re.IGNORECASE,
)
_SPEAKING = (
    rf"(?:{'|'.join(SAYS.values())}|reported|reports|declared|declares|told|tells|announced|argued|warned"
    r"|claimed|claims|recommended|proposed|promised|urged|asserted|explained|observed|remarked|insisted|complained"
    r"|boasted|estimated|predicted|vowed|acknowledged|conceded|admitted|denied"
    r"|sagte|schrieb|erklärte|betonte|teilte|dit|disait|écrivait|déclar(?:e|a|é|ait)|affirm(?:a|é|ait)"
    r"|dijo|escribió|declaró|afirmó|informó|disse|scrisse|dichiarò|affermò|escreveu|declarou|afirmou)"
)
_SPEAKS = re.compile(
    rf"(?:,?\s+(?:in|im|en|nel|em)\s+(?:(?:his|her|the)\s+)?{YEAR}(?:\s+\w+)?,?)?"
    rf"(?:\s+(?:has|had|also|then|once|later|a|avait|ha|hat)){{0,2}}\s+{_SPEAKING}\b",
    re.IGNORECASE,
)
_SPOKEN_BY = re.compile(
    r"\b(?:said|wrote|declared|argued|noted|remarked|sagte|schrieb|erklärte|dijo|escribió|disse|scrisse)\s+"
    r"(?:[Pp]resident\s+|[A-Z]\w+\s+){0,2}$"
)
"""After and before the name of a person whose words a text reports: "Hoover, in 1930, said", "said Hoover", but not
"told Hoover"."""

_ACCORDING_TO = "|".join(ACCORDING_TO.values())

_ATTRIBUTED_TO = re.compile(
    rf"\b(?:{_ACCORDING_TO}|(?:reported|stated|published)\s+by|gemäß|nach\s+Angaben|secondo|segundo)"
    r"\s+(?:(?!that\b|which\b|whose\b)[^\s.,;:]+\s+){0,6}$",
    re.IGNORECASE,
)
"""Before the name of a publisher that says something: "according to the annual report of Lakeside Water"."""

_NAME_BEFORE = re.compile(rf"\b([{LATIN_CAPITALS}](?:\.|[^\W\d_]+))(?:\s+[A-Z]\.)*\s+$")
_LEGAL_FORM = re.compile(
    r",?\s+(?:incorporated|inc|company|co|corporation|corp|limited|ltd|plc|llc|ag|gmbh|se|kg|s\.?a|n\.?v|b\.?v|a/s|ab|oyj"
    r"|holdings?|group)\.?$",
    re.IGNORECASE,
)
_CONTEXT = 60
_CONNECTOR = rf"(?:of|for|and|the|für|und|die|das|des|et|les|y|e|i|las|los|&|{NAME_PARTICLES})"
_NAME_RUN = re.compile(rf"[{LATIN_CAPITALS}][\w-]*(?:\s+(?:{_CONNECTOR}\s+){{0,3}}[{LATIN_CAPITALS}][\w-]*)*")
"""Capitalised words beside each other, with the small words between them: "Reserve Bank of Marava"."""

_NAME_WORD = re.compile(r"[^\W\d_]{3,}")
_UNSPACED_NAME = re.compile(rf"[{UNSPACED}]{{3,}}")


_SOURCE = re.compile(
    rf"\b(?:{_ACCORDING_TO}|as\s+reported\s+by|nach\s+angaben\s+(?:de[rs]|von)"
    r"|(?:secondo|segundo)(?=\s+(?:(?:[oa]s?|il|lo|la|gli|le|un[oa]?)\s|l['’])))"  # also "second"
    r"\s+(?P<source>(?:[\w’'-]+\s*){1,6})",
    re.IGNORECASE,
)
"""Who says what a question asks: "according to the postal ombudsman"."""


@dataclass(frozen=True, slots=True)
class EditionGroup:
    """One or more documents with the same series, edition and years covered."""

    series: str | None
    edition: int | None
    covers: YearSpan | None
    documents: tuple[DocumentInfo, ...]

    def covers_year(self, year: int) -> bool:
        """Return whether the documents are known to cover that year."""
        return self.covers is not None and self.covers[0] <= year <= self.covers[1]

    def may_cover_year(self, year: int) -> bool:
        """Return whether the documents cover that year, or may, as only their edition is known."""
        if self.covers is None and self.edition is not None:
            return self.edition - 1 <= year <= self.edition
        return self.covers_year(year)

    def concerns_year(self, year: int) -> bool:
        """Return whether the documents cover that year, as far as is known: else whether it is their edition."""
        first, last = self.documents[0].years or (1, 0)
        return first <= year <= last


class CorpusFacts:
    """Facts about all documents of an index, or about those that match the filters."""

    def __init__(self, groups: Iterable[EditionGroup]) -> None:
        self.groups: Sequence[EditionGroup] = tuple(groups)
        self.documents: Sequence[DocumentInfo] = tuple(chain.from_iterable(group.documents for group in self.groups))
        """In the order of the groups."""
        self.passages: int = sum(document.passage_count for document in self.documents)
        self.editions: frozenset[int] = frozenset(group.edition for group in self.groups if group.edition is not None)

    @classmethod
    def of(cls, documents: Iterable[DocumentInfo]) -> CorpusFacts:
        """Compute the facts of these documents."""
        return cls(
            EditionGroup(group[0].series, group[0].edition, group[0].covers, tuple(group))
            for group in group_by_edition(documents)
        )

    def filtered(self, filters: Filters) -> CorpusFacts:
        """Return the facts of the documents that match the filters."""
        if not filters:
            return self
        groups = [group for group in self.groups if filters.matches_values(group.series, group.edition, group.covers)]
        if filters.document:
            groups = [
                replace(group, documents=tuple(matching))
                for group in groups
                if (matching := [document for document in group.documents if document.id in filters.document])
            ]
        return CorpusFacts(groups)

    @cached_property
    def series(self) -> Mapping[str, Sequence[int]]:
        """Each series with its editions, both sorted."""
        names = sorted({group.series for group in self.groups if group.series})
        return {name: self.editions_of([name]) for name in names}

    @cached_property
    def languages(self) -> frozenset[str]:
        """Languages of the documents; empty if that of any document is unknown."""
        codes = {document.language for document in self.documents}
        return frozenset() if None in codes else frozenset(primary_language(code) for code in codes if code)

    @cached_property
    def covered_years(self) -> Sequence[int]:
        """The years that any document covers, sorted."""
        spans = {group.covers for group in self.groups if group.covers is not None}
        return sorted({year for first, last in spans for year in range(first, last + 1)})

    @cached_property
    def editions_by_covers(self) -> Mapping[YearSpan, Sequence[tuple[str | None, int]]]:
        """By the years covered: series and edition of each group of documents."""
        by_covers: dict[YearSpan, list[tuple[str | None, int]]] = defaultdict(list)
        for group in self.groups:
            if group.covers is not None and group.edition is not None:
                by_covers[group.covers].append((group.series, group.edition))
        return by_covers

    def editions_of(self, series: Collection[str]) -> list[int]:
        """Return the editions of these series, or of all documents if `series` is empty; sorted."""
        return sorted(
            {group.edition for group in self.groups if group.edition and (not series or group.series in series)}
        )

    def uncovered_years(self, years: Iterable[int]) -> list[int]:
        """Return the years that no document covers, as far as is known.

        A document of which only the edition is known may cover that year and the one before; empty while there is a
        document of which neither is known.
        """
        if not self.groups or any(group.covers is None and group.edition is None for group in self.groups):
            return []
        return [year for year in years if not any(group.may_cover_year(year) for group in self.groups)]

    @cached_property
    def known_years(self) -> Sequence[int]:
        """The years that any document covers or has as its edition, sorted."""
        return sorted({*self.covered_years, *self.editions})

    def known_years_of(self, series: Collection[str]) -> Sequence[int]:
        """Return the known years of these series, or of all documents if `series` is empty."""
        if not series:
            return self.known_years
        return CorpusFacts(group for group in self.groups if group.series in series).known_years

    @cached_property
    def series_names(self) -> SeriesNames:
        """What finds names of the series in a text."""
        labels: dict[str, list[str]] = {}
        for group in self.groups:
            if group.series:
                known = labels.setdefault(group.series, [])
                sample = group.documents[: _SAMPLED - len(known)]
                known += [f"{document.title} {_file_stem(document.source)}" for document in sample]
        return SeriesNames(labels, labels)

    @cached_property
    def document_names(self) -> DocumentNames:
        """What finds names of authors, places and publishers in a text."""
        return DocumentNames(self.documents)

    @cached_property
    def work_names(self) -> WorkNames:
        """The names by which a statement can refer to works of publishers."""
        return WorkNames(self.documents)

    @cached_property
    def title_names(self) -> TitleNames:
        """What finds titles of documents in a text."""
        return TitleNames(self.documents)


def no_match_notice(filters: Filters, corpus_facts: CorpusFacts) -> str:
    """Return a notice that no document matches the filters, with the values that exist."""
    written = ", ".join(f"{name} {', '.join(values)}" for name, values in filters.as_json().items())
    known = {document.id for document in corpus_facts.documents}
    if not known.issuperset(filters.document):
        return _(
            "no document matches the filter (%(written)s); ids here: %(known)s",
            written=written,
            known=_listed_ids(sorted(known), filters.document),
        )
    series = [
        f"{name} ({_abbreviate(editions)})" if editions else name for name, editions in corpus_facts.series.items()
    ]
    more = _(" and %(count)s more series", count=len(series) - MAX_SERIES) if len(series) > MAX_SERIES else ""
    available = "; ".join(series[:MAX_SERIES]) or _(
        "%(count)s documents without a series", count=f"{len(corpus_facts.documents):,}"
    )
    return _(
        "no document matches the filter (%(written)s); the index has: %(available)s%(more)s",
        written=written,
        available=available,
        more=more,
    )


def _listed_ids(known: Sequence[str], wanted: Sequence[str]) -> str:
    """List ids of documents, those like the wanted ones first."""
    alike = [identifier for name in wanted for identifier in get_close_matches(name, known, n=MAX_IDS)]
    listed = list(dict.fromkeys([*alike, *known]))
    more = (
        _(" and %(count)s more (see `yearbook-qa info`)", count=f"{len(listed) - MAX_IDS:,}")
        if len(listed) > MAX_IDS
        else ""
    )
    return ", ".join(listed[:MAX_IDS]) + more


def _abbreviate(editions: Sequence[int]) -> str:
    """List editions; the middle of a long list is omitted."""
    if len(editions) <= _MAX_EDITIONS:
        return ", ".join(map(str, editions))
    return f"{editions[0]}, {editions[1]} … {editions[-1]}"


class DocumentNames:
    """The names in the metadata of some documents."""

    def __init__(self, documents: Sequence[DocumentInfo]) -> None:
        words: dict[str, set[str]] = defaultdict(set)
        phrases: dict[str, set[str]] = defaultdict(set)
        count = 0
        for document in documents:
            count += 1
            for name in _owner_names(document):
                for phrase in _short_forms(name):
                    phrases[phrase.casefold()].add(document.id)
            series = f"{document.series} {document.publisher}".casefold()
            for word in set(_LABEL.findall(_file_stem(document.source))):
                if word.casefold() not in series:
                    words[word.casefold()].add(document.id)
        self._documents = documents
        self._owners = _Owners(documents)
        self._labels = {name: frozenset(ids) for name, ids in words.items()}
        self._words = {name: ids for name, ids in self._labels.items() if len(ids) <= _MAX_SHARE * count}
        self._phrases = {name: frozenset(ids) for name, ids in phrases.items() if len(ids) <= _MAX_SHARE * count}

    def find(self, question: str) -> Mapping[str, frozenset[str]]:
        """Return the names that the question uses for documents, each with the ids of its documents."""
        folded = question.casefold()
        names: dict[str, frozenset[str]] = {}
        for phrase in sorted(self._phrases, key=lambda name: (-len(name), name)):
            inside = any(phrase in longer.casefold() for longer in names)
            if phrase in folded and not inside and re.search(rf"\b{re.escape(phrase)}(?!\w)", folded):
                names[phrase] = self._phrases[phrase]
        position = 0
        while self._words and (match := _NAME.search(question, position)) is not None:
            position = match.end()
            documents = self._words.get(match.group().casefold())
            if documents is None:
                continue
            start, end = match.span()
            while (gap := _BETWEEN.match(question, end)) and (following := _NAME.match(question, gap.end())):
                named = self._words.get(following.group().casefold())
                if named is None:
                    break
                documents, end = documents & named or named, following.end()
            position = end
            if _POSSESSIVE.match(question, end) or _INTRODUCTION.search(question[max(0, start - _CONTEXT) : start]):
                names[question[start:end]] = documents
        return names or self.find_source(question)

    def find_source(self, question: str) -> Mapping[str, frozenset[str]]:
        """Return who, in words of titles, says what a question asks, with the ids of the documents with most of them.

        A name in another language than the titles often has a word in common with them.
        """
        match = _SOURCE.search(question)
        if match is None:
            return {}
        roots = _roots(match["source"])
        counts = Counter(document for root in roots for document in self._documents_by_root.get(root, ()))
        most = max(counts.values(), default=0)
        documents = frozenset(document for document, count in counts.items() if count == most)
        is_distinctive = 0 < len(documents) <= _MAX_SHARE * len(self._documents)
        return {match["source"].strip(): documents} if is_distinctive else {}

    @cached_property
    def _documents_by_root(self) -> Mapping[str, set[str]]:
        """The ids of the documents by the beginnings of words of their titles, series and publishers."""
        by_root: dict[str, set[str]] = defaultdict(set)
        for document in self._documents:
            for root in _roots(f"{document.title} {document.series or ''} {document.publisher or ''}"):
                by_root[root].add(document.id)
        return by_root

    def find_speakers(self, text: str) -> Mapping[Span, frozenset[str]]:
        """Return the spans of the names of those who say something in a text, each with the ids of their documents.

        Names are words of file names, such as 1930_Herbert_Hoover.txt; a surname after another first name is another
        person's.
        """
        speakers: dict[Span, frozenset[str]] = {}
        for match in _NAME.finditer(text) if self._labels else ():
            documents = self._labels.get(match.group().casefold())
            before = text[max(0, match.start() - _CONTEXT) : match.start()]
            if documents is None or PUBLICATION_KIND.search(match.group()):
                continue
            first_name = _NAME_BEFORE.search(before)
            word = first_name[1].casefold() if first_name else ""
            is_known = not word or word in self._labels or word in FUNCTION_WORDS
            if not (is_known or _INTRODUCTION.search(before)):
                continue  # another person with the same surname
            if _SPEAKS.match(text, match.end()) or _SPOKEN_BY.search(before):
                speakers[match.span()] = documents
        return speakers

    def find_speaking_owners(self, text: str) -> Mapping[Span, frozenset[str]]:
        """Return the spans of the publishers to which a text attributes what it says, each with the ids of documents.

        "Lakeside Water said in 2023", "according to Lakeside Water", "laut Seewasser".
        """
        return {
            (start, end): documents
            for (start, end), documents in self.find_owners(text).items()
            if PUBLICATION_KIND.search(text, start, end) is None
            and (
                _SPEAKS.match(text, end) is not None
                or _ATTRIBUTED_TO.search(text[max(0, start - _CONTEXT) : start]) is not None
                or text.startswith(("によると", "によれば"), end)
            )
        }

    def find_owners(self, question: str) -> Mapping[Span, frozenset[str]]:
        """Return the spans of names of publishers, also of a part of one, each with the ids of their documents.

        A name that all documents have counts, too: "How many patients did the Hospital treat?" is about any passage of
        the hospital's reports.
        """
        return self._owners.find(question)


_MIN_GENITIVE = 4
"""Minimum length of a word to which German adds an "s", in letters: "des Stadttheaters"."""


class _Owners:
    """The words in the names of publishers and, except in German, of series, as capitals distinguish them there."""

    def __init__(self, documents: Sequence[DocumentInfo]) -> None:
        by_name: dict[str, set[str]] = defaultdict(set)
        for document in documents:
            names = _owner_names(document)
            if document.series and document.language != "de":
                names.add(document.series)
            for name in names:
                by_name[name].add(document.id)
        german = {document.id for document in documents if primary_language(document.language) == "de"}
        self._documents = {name: frozenset(ids) for name, ids in by_name.items()}
        self._by_word: dict[str, set[str]] = defaultdict(set)
        for name, ids in by_name.items():
            for word in _NAME_WORD.findall(name.casefold()):
                has_genitive = len(word) >= _MIN_GENITIVE and not ids.isdisjoint(german)
                for form in (word, f"{word}s", f"{word}es") if has_genitive else (word,):
                    self._by_word[form].add(name)
        self._unspaced = [name for name in self._documents if _UNSPACED_NAME.fullmatch(name)]
        self._organisations: dict[str, list[str]] = defaultdict(list)
        for name in self._documents:
            if is_organisation(name) and len(words := name.casefold().split()) > 1:
                self._organisations[words[0]].append(name)

    def find(self, question: str) -> Mapping[Span, frozenset[str]]:
        found: dict[Span, frozenset[str]] = {}
        for run in _NAME_RUN.finditer(question):
            start, end = run.span()
            words = list(_NAME_WORD.finditer(question, start, end))
            is_first = not question[:start].strip("¿¡\"'“„« ")
            is_possessive = bool(words) and _POSSESSIVE.match(question, words[-1].end()) is not None
            if is_first and not is_possessive:  # any sentence begins with a capital: "The" is a name only with others
                words = words if len(words) > 1 and self._names_of(words) else words[1:]
            if not self._names_of(words):  # "Jahresbericht des Stadttheaters"
                kinds = [at for at, word in enumerate(words[:-1], 1) if PUBLICATION_KIND.search(word.group())]
                words = words[max(kinds, default=0) :]
                words = list(dropwhile(lambda word: re.fullmatch(_CONNECTOR, word.group()) is not None, words))
            if names := self._names_of(words):
                span = words[0].start(), words[-1].end()
                found[span] = frozenset().union(*(self._documents[name] for name in names))
        folded = question.casefold()
        for word in _NAME_WORD.finditer(folded) if len(folded) == len(question) else ():
            for name in self._organisations.get(word[0], ()):  # "the port authority", in full
                start, end = word.start(), word.start() + len(name)
                is_whole = folded[start:end] == name.casefold() and not folded[end : end + 1].isalnum()
                if is_whole and not any(first < end and start < last for first, last in found):
                    found[start, end] = self._documents[name]
        for name in self._unspaced:
            if (start := question.find(name)) >= 0:
                found[start, start + len(name)] = self._documents[name]
        return found

    def _names_of(self, words: Sequence[re.Match[str]]) -> set[str]:
        """Return the names that have all of these words, apart from those that connect."""
        folded = [word.group().casefold() for word in words]
        kept = [word for word in folded if not re.fullmatch(_CONNECTOR, word)]
        return set.intersection(*(self._by_word.get(word, set()) for word in kept)) if kept else set()


def _roots(text: str) -> set[str]:
    """Return the beginnings of the words of a name, without those that connect them or name a kind of publication."""
    words = (word for word in _NAME_WORD.findall(text.casefold()) if len(word) >= ROOT)
    kept = (word for word in words if word not in FUNCTION_WORDS and PUBLICATION_KIND.search(word) is None)
    return roots(map(without_accents, kept))


def _owner_names(document: DocumentInfo) -> set[str]:
    """Return the publisher of a document and the owner of its series ("Port Office: Annual Report")."""
    owner, separator, _ = (document.series or "").partition(": ")
    return {name for name in (document.publisher, owner if separator else None) if name}


def _file_stem(source: str) -> str:
    """Return the name of a file without its suffix; paths objects take ten times longer."""
    return source.rpartition("/")[2].rpartition(".")[0]


@lru_cache(maxsize=4096)  # many documents share their publisher
def _short_forms(name: str) -> frozenset[str]:
    """Return a name and its shorter forms: without legal form, its first two words, the place behind "of"."""
    short = _LEGAL_FORM.sub("", name)
    forms = {name, short}
    words = short.split()
    if len(words) > 2 and all(word[0].isupper() for word in words[:3]):
        forms.add(" ".join(words[:2]))
    place = short.rpartition(" of ")[2]
    if place != short and len(place) > 3:
        forms.add(place)
    return frozenset(forms)
