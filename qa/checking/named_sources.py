"""The sources of a statement in a draft: the documents that it names, and whether it attributes itself to any source.

A text names documents by series and edition, or by title. A statement is also attributed by words ("according to",
"laut") or by a source in brackets, whatever the library has of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from corpus.metadata.edition import PUBLICATION_KIND
from corpus.metadata.series import infer_series, is_generic
from corpus.metadata.years import parse_years
from corpus.records import Span
from corpus.vocabulary import ACCORDING_TO, EDITION_NOUNS, SAYS, SOURCE_LABEL, YEAR
from index.storage.reader import DocumentInfo
from qa.answering.library import Library
from qa.checking.claims import THAN_YEAR, years_of
from qa.question.analysis import Interpretation, interpret
from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import Filters
from qa.question.title_names import TitleMention
from qa.question.work_names import LATEST_WORK, NamedWork, Period, about_periods, of_editions, periods_of


@dataclass(frozen=True, slots=True)
class NamedSources:
    """What a text names; `is_unknown` where it is an edition that the library does not have.

    `is_recognised` where it names documents of the library, although filters may leave them out.
    """

    understood: Interpretation
    documents: tuple[DocumentInfo, ...]
    is_unknown: bool
    is_recognised: bool

    def of_latest(self, text: str) -> NamedSources:
        """Return the same with the newest edition alone, if the text speaks of the latest work of one series."""
        if len({document.series for document in self.documents}) != 1 or LATEST_WORK.search(text) is None:
            return self
        newest = max(document.edition or 0 for document in self.documents)
        return replace(self, documents=tuple(each for each in self.documents if (each.edition or 0) == newest))

    def with_name(self, span: Span) -> NamedSources:
        """Return the same with a further name of a source in the text."""
        return self._with_names({*self.understood.mentions, span})

    def after(self, length: int, names: Iterable[Span]) -> NamedSources:
        """Return the same for the text after another one of some characters, which has the names of sources itself."""
        return self._with_names({*names, *((start + length, end + length) for start, end in self.understood.mentions)})

    def _with_names(self, names: Iterable[Span]) -> NamedSources:
        return replace(self, understood=replace(self.understood, mentions=tuple(sorted(names))))


def find_named_sources(
    library: Library, text: str, filters: Filters, before: Sequence[DocumentInfo] = ()
) -> NamedSources:
    """Return the documents that a text names by series, edition or both, by title, or by publisher and kind of work.

    Args:
        library: The library.
        text: A sentence of a draft.
        filters: The user's filters.
        before: The documents that the draft named before, to which "the 2021 report" may belong.
    """
    facts = library.corpus_facts
    said = _REPORTS.sub(lambda verb: " " * len(verb[0]), _without_compared_years(text))
    understood, titles = interpret(said, facts, is_statement=True), facts.title_names.find(text)
    works, told = facts.work_names.find(text), periods_of(said)
    of_works = _of_works(library, text, works, told, understood, filters, before)
    is_named = bool(titles) or (bool(understood.series) and not _has_kind_alone(text, understood))
    is_unknown_title = bool(titles) and not any(title.documents for title in titles) and any(w.periods for w in works)
    is_generic_name = all(_is_generic(text, span) for span in _names_of_works(text, understood, titles))
    is_of_publisher = of_works is not None and bool(of_works.documents)
    if of_works is not None and (not is_named or (is_of_publisher and (is_unknown_title or is_generic_name))):
        return of_works.of_latest(text)  # "the Port's 2022 report"
    if not (understood.series or understood.editions or titles):
        return _of_speakers_and_years(library, text, understood, filters)
    mentions = sorted({*understood.mentions, *(span for title in titles for span in title.spans)})
    editions_of_works = [period for work in works for period in work.periods]
    numbers = _named_in_full(library, text, editions_of_works, told, understood, titles)
    documents = [document for document in filters.select(library.index.documents) if document.number in numbers]
    names_edition = bool(understood.series and understood.editions) or any(title.is_unknown for title in titles)
    is_unknown = names_edition and not documents and not filters
    named = NamedSources(replace(understood, mentions=tuple(mentions)), tuple(documents), is_unknown, bool(numbers))
    return named.of_latest(text)


def _without_compared_years(text: str) -> str:
    """Return a text of the same length without years of comparison: "more than in 2022" names no edition of 2022."""
    return THAN_YEAR.sub(lambda match: " " * len(match[0]), text)


class NamedPublisher(NamedTuple):
    """A publisher that a text names, without attributing anything to a work of it."""

    span: Span
    """Its name in the text."""

    documents: tuple[DocumentInfo, ...]
    """Its documents, those about the years of the text if there are any."""

    is_clear: bool
    """Whether the text names the body itself, "the transplant agency", and what it says may be of these documents."""


def find_publisher(
    library: Library, text: str, filters: Filters, before: Sequence[DocumentInfo] = ()
) -> NamedPublisher | None:
    """Return the first publisher that a text names, as a body if it names any so, with its documents of the same years.

    Args:
        library: The library.
        text: A sentence of a draft.
        filters: The user's filters.
        before: The documents that the draft named before.

    Returns:
        The publisher; None if the text names none of which the filters leave documents.
    """
    names = library.corpus_facts.work_names
    told = periods_of(_without_compared_years(text))
    found: list[NamedPublisher] = []
    for name in names.find_publishers(text):
        documents = filters.select(names.documents_of(name, text, before) or ())
        of_series = {document.number for document in before if documents and document.series == documents[0].series}
        meant = about_periods(documents, told) if told else [each for each in documents if each.number in of_series]
        if documents:
            is_clear = bool(meant) and names.is_body(name, documents[0])
            found.append(NamedPublisher(name.span, tuple(meant or documents), is_clear))
    return next((each for each in found if each.is_clear), found[0] if found else None)


def _named_in_full(
    library: Library,
    text: str,
    works: Sequence[Period],
    told: Sequence[Period],
    understood: Interpretation,
    titles: Sequence[TitleMention],
) -> set[int]:
    """Return the numbers of the documents whose series, edition or title a text names.

    Args:
        library: The library.
        text: The text.
        works: The years beside works, which are those of their editions.
        told: All years of the text.
        understood: What the text names by series and edition.
        titles: The titles that it has.
    """
    every = library.index.documents
    undated = [document for title in titles if title.spans == (title.name,) for document in title.documents]
    by_title = {document.number for title in titles for document in title.documents}
    by_title -= {each.number for each in undated} - {each.number for each in about_periods(undated, told) or undated}
    by_series = [
        document
        for document in every
        if (understood.series or understood.editions)
        and (not understood.series or document.series in understood.series)
        and (not understood.editions or document.edition in understood.editions)
    ]
    if not understood.series and (owned := _documents_of_owners(library, text)):  # "the Port's 2022 edition"
        by_series = [document for document in by_series if document.number in owned]
    if by_title and (not understood.series or any(_is_longer(text, title, understood.mentions) for title in titles)):
        by_series = []  # the series or the year is a part of the title
    if not understood.editions and (
        undated or not by_title
    ):  # "Annual Report, Fiscal Year 2024", "in 2022, its yearbook says"
        dated = of_editions(by_series, works) if works else about_periods(by_series, told)
        by_series = dated or by_series
    numbers = by_title | {document.number for document in by_series}
    series = {document.series for document in every if document.number in numbers} - {None}
    further = {each.number for each in of_editions([each for each in every if each.series in series], works)}
    return further if numbers and further > numbers else numbers  # "Report 2021/22 and 2022/23"


def _of_works(
    library: Library,
    text: str,
    works: Sequence[NamedWork],
    told: Sequence[Period],
    understood: Interpretation,
    filters: Filters,
    before: Sequence[DocumentInfo],
) -> NamedSources | None:
    """Return the documents of publishers beside whose names the text has a word for a work; None without such."""
    names = library.corpus_facts.work_names
    found = [(work, names.documents_of(work, text, before)) for work in works]
    resolved = [(work, documents) for work, documents in found if documents]
    if not resolved and all(documents is not None for _, documents in found):  # "the board writes in its 2022 report"
        speakers = ((work, names.documents_of(work, text, before)) for work in names.find_speakers(text))
        resolved = [(work, documents) for work, documents in speakers if documents]
    if not resolved:
        is_of_another = any(documents is None and (work.periods or work.has_name(text)) for work, documents in found)
        return NamedSources(understood, (), is_unknown=True, is_recognised=False) if is_of_another else None
    documents = [document for _, of_work in resolved for document in of_work]
    of_works = [period for work, documents_of in found if documents_of is not None for period in work.periods]
    chosen = of_editions(documents, of_works) if of_works else about_periods(documents, told)
    latest = max((document.edition or 0 for document in chosen), default=0)
    if of_works:  # "940 in its 2022 report, had shrunk to 380 by 2024"
        chosen += about_periods(documents, [period for period in told if period[0] > latest > 0])
    else:
        chosen = chosen or documents
    numbers = {document.number for document in chosen}
    kept = tuple(document for document in filters.select(library.index.documents) if document.number in numbers)
    mentions = tuple(sorted({*understood.mentions, *(work.span for work, _ in resolved if work.owner or work.periods)}))
    return NamedSources(replace(understood, mentions=mentions), kept, is_unknown=not chosen, is_recognised=bool(chosen))


_REPORTS = re.compile(r"(?<=[\w)])\s+reports(?=\s+(?:that|how|an?|the|its|no|fewer|more|\d)\b)")
"""A verb, not the kind of a work: "The Seabed Bulletin 2021/22 reports that"."""


def _names_of_works(text: str, understood: Interpretation, titles: Sequence[TitleMention]) -> list[Span]:
    """Return the spans of the titles and series that a text names."""
    return [*(title.name for title in titles), *(span for span in understood.mentions if _NAME.search(text, *span))]


def _is_generic(text: str, span: Span) -> bool:
    """Return whether a name is that of works of many publishers: "annual report" beside "the Port's 2022 report"."""
    series = infer_series(text[slice(*span)])
    return series is None or is_generic(series)


def _has_kind_alone(text: str, understood: Interpretation) -> bool:
    """Return whether a text has only the word for a kind of work of a series ("Jahresbericht"), and no name."""
    names = [text[start:end] for start, end in understood.mentions if _NAME.search(text, start, end) is not None]
    return all(_KIND_ALONE.fullmatch(name) for name in names)


def _documents_of_owners(library: Library, text: str) -> set[int]:
    """Return the documents of the publishers that a text names."""
    owners = library.corpus_facts.document_names.find_owners(text)
    return {library.index.info(document).number for ids in owners.values() for document in ids}


class _Mention(NamedTuple):
    """Documents that a text names by a speaker, as "its report" or as "the 1930 message"."""

    documents: frozenset[str]
    spans: frozenset[Span]
    years: frozenset[int]
    """Editions that are meant; empty where the text names none."""
    is_year_of_work: bool
    """Whether a year is part of the name, as in "its 2023 report": without such a document the source is unknown."""


def _of_speakers_and_years(library: Library, text: str, understood: Interpretation, filters: Filters) -> NamedSources:
    """Return the documents of who says something in a text, of a publisher's report, and of "the 1930 message".

    Of the documents of "Hoover said in 1930" those of that year are meant, and none where there is none.
    """
    facts = library.corpus_facts
    mention = _speakers(facts, text, {*understood.years, *understood.editions})
    mention = mention._replace(is_year_of_work=bool(understood.editions))
    if not mention.documents and len({document.series for document in facts.documents}) == 1:
        mention = _works_of_years(library, text)
    named_documents = [document for document in library.index.documents if document.id in mention.documents]
    of_years = [document for document in named_documents if document.edition in mention.years]
    if not of_years and not mention.is_year_of_work:  # "lost 39 million in 2023, its report shows"
        of_years = [document for document in named_documents if mention.years & years_of(document)]
    chosen = {document.number for document in (of_years if mention.years else named_documents)}
    documents = tuple(document for document in filters.select(library.index.documents) if document.number in chosen)
    mentions = tuple(sorted({*understood.mentions, *mention.spans}))
    return NamedSources(
        replace(understood, mentions=mentions),
        documents,
        is_unknown=not chosen and mention.is_year_of_work and bool(mention.documents),
        is_recognised=bool(chosen),
    )


def _speakers(facts: CorpusFacts, text: str, years: Iterable[int]) -> _Mention:
    """Return the documents of those who say something in a text: "Hoover said in 1930"."""
    names = facts.document_names
    speakers = {**names.find_speakers(text), **names.find_speaking_owners(text)}
    return _Mention(frozenset().union(*speakers.values()), frozenset(speakers), frozenset(years), is_year_of_work=False)


def _works_of_years(library: Library, text: str) -> _Mention:
    """Return the documents of "the 1930 message", which names one in a library of one series only."""
    facts = library.corpus_facts
    works = [match for match in _WORK_OF_YEAR.finditer(text) if _edition(match["year"]) in facts.editions]
    years = frozenset(_edition(match["year"]) for match in works)
    dated = frozenset(document.id for document in facts.documents if document.edition in years)
    documents = _of_kind(library, dated, works[0]["kind"]) if works else frozenset()
    return _Mention(documents, frozenset(match.span() for match in works), years, is_year_of_work=True)


def _edition(years: str) -> int:
    """Return the edition of a work of some years: 2022 for "2021/22"."""
    mentions = parse_years(years)
    return mentions[0].last if mentions else int(years[:4])


def _of_kind(library: Library, documents: frozenset[str], kind: str) -> frozenset[str]:
    """Return the documents whose series or title has the word for a kind of work; a speech may be called a message."""
    words = set(_SPEECHES) if kind.casefold() in _SPEECHES else {kind.casefold().removesuffix("s")}
    infos = [library.index.info(document) for document in documents]
    return frozenset(
        info.id for info in infos if any(word in f"{info.series or ''} {info.title}".casefold() for word in words)
    )


def _is_longer(text: str, title: TitleMention, mentions: Sequence[Span]) -> bool:
    """Return whether a title has more words than the names of series inside it."""
    start, end = title.name
    names = sum(_letters(text, max(a, start), min(b, end)) for a, b in mentions if a < end and start < b)
    return names < _letters(text, start, end)


def _letters(text: str, start: int, end: int) -> int:
    return sum(map(str.isalpha, text[start:end]))


def without_years_of_names(text: str, spans: Sequence[Span]) -> str:
    """Return a text of the same length without the years in the names of its sources.

    "The Fact Book 2019 has 4,398 students in 2018/19" keeps 2018/19, although the edition is of 2019.

    Args:
        text: The text.
        spans: The names of sources in it, also without their years, and the years of the editions that it names.
    """
    names = [(start, end) for start, end in spans if _NAME.search(text, start, end) is not None]
    for mention in parse_years(text):
        if any(_belongs_to_name(text, (mention.start, mention.end), name) for name in names):
            text = f"{text[: mention.start]}{' ' * (mention.end - mention.start)}{text[mention.end :]}"
    return text


def _belongs_to_name(text: str, year: Span, name: Span) -> bool:
    if year[0] < name[1] and name[0] < year[1]:
        return True
    if name[1] <= year[0]:
        return _AFTER_NAME.fullmatch(text, name[1], year[0]) is not None
    return _BEFORE_NAME.fullmatch(text, year[1], name[0]) is not None


_KIND = rf"(?:{PUBLICATION_KIND.pattern})"
_YEARS = rf"{YEAR}(?:\s?[/–-]\s?(?:{YEAR}|\d{{2}})(?!\d))?"
"""A year, or the two of a fiscal or school year: "2021/22"."""

_SAYS = rf"(?:{SAYS['en']}|reports?|reported|shows?|showed|records?|recorded|finds?|found)"

_KIND_ALONE = re.compile(
    rf"(?:\w*{_KIND}|annual|annuel|anual|annuale|yearly|the|le|der|das|el|la|il|\s)+", re.IGNORECASE
)
"""A word for a kind of work without a name."""

_FOLLOWS = re.compile(
    rf"\b(?:the|this|that)\s+(?:same\s+)?(?:annual\s+)?(?:{_KIND})(?<!\bannual)\s+(?:also\s+|further\s+)?{_SAYS}\b"
    rf"|\b(?:according\s+to|in)\s+(?:the|this|that)\s+(?:same\s+)?(?:annual\s+)?(?:{_KIND})(?<!\bannual)\s*(?=[,.;:)])"
    rf"|\baccording\s+to\s+(?:the|this|that)\s+(?:same\s+)?(?:annual\s+)?(?:{_KIND})(?<!\bannual)(?=\s+(?!(?:of|for|by|from|on|about|in)\b)[a-z])"
    rf"|\bas\s+(?:the|this)\s+(?:same\s+)?(?:annual\s+)?(?:{_KIND})(?<!\bannual)\s+(?:{_SAYS}|puts\s+it)\b"
    rf"|\b(?:dem|diesem)\s+\w*{_KIND}\s+zufolge\b|\b(?:so|wie)\s+(?:der|dieser|das)\s+\w*{_KIND}(?=\s*[,.;)]|\s+(?:zeigt|schreibt|meldet|ausweist)\b)"
    r"|\b(?:le|ce)\s+(?:même\s+)?(?:rapport|bilan)\s+(?:ajoute|indique|précise|signale|note|souligne)\b"
    r"|\b(?:el|la|este|esta)\s+(?:mism[oa]\s+)?(?:informe|memoria)\s+(?:añade|señala|indica|precisa|dice)\b"
    rf"|\b(?:laut|gemäß)\s+(?:dem(?:selben)?|diesem)\s+\w*{_KIND}(?=\s+(?!(?:de[rs]|von|vom|über|für|zu[mr]?)\b)[a-z]|\s*,)"
    r"|\b(?:selon|d['’]après)\s+(?:ce|le)(?:\s+même)?\s+(?:rapport|bilan)(?=\s*,|\s+(?!d[eu]\b|des\b|d['’]|annuel|sur\b|publié)[a-z])"
    r"|\bsegún\s+(?:el|este|la|esta)(?:\s+mism[oa])?\s+(?:informe|memoria)(?=\s*,|\s+(?!del?\b|anual|sobre\b|publicad)[a-z])"
    r"|同(?:報告書|白書|年報|書)|(?:この|本)(?:報告書|白書|年報)によ",
    re.IGNORECASE,
)
"""Words for the source named before: "the report adds", "laut dem Bericht"."""

_IT_SAYS = re.compile(
    r"\W*(?:(?:But|And|Yet|Also|However),?\s+)?(?:It|They)\s+(?:also\s+|further\s+)?"
    rf"(?:{SAYS['en']}|shows?|showed)\s+that\b"
    rf"|.*[,;]\s+(?:(?:it|they)\s+(?:also\s+|further\s+)?(?:{SAYS['en']}|shows?)"
    r"|(?i:heißt\s+es(?:\s+(?:dort|darin|weiter))?)|(?:ajoute|précise|indique|souligne|note)-t-(?:il|elle|on)|(?:añade|señala|precisa|indica)"
    r"|si\s+legge(?:\s+ancora)?)\W*\Z",
    re.DOTALL,
)
"""A pronoun for the source that the sentence before names."""


_ADDS = re.compile(
    r"\W*(?:(?:That|This|It|These|Those)\s+(?:is|was|are|were|means|meant|makes|made|amounts|amounted|compares|represents|corresponds)"
    r"|(?:The|An?)\s+(?:increase|rise|decrease|fall|drop|growth|decline|gain|loss)\s+(?:on|over|from|against|compared|was|is|of|amounts)"
    r"|(?:Das|Dies|Damit|Es)\s+(?:sind|ist|waren|war|entspricht|entsprach|bedeutet)|(?:Die\s+Zunahme|Der\s+(?:Anstieg|Rückgang|Zuwachs))\s"
    r"|C['’](?:est|était)|Ce\s+sont|Cela\s+(?:représente|fait)|Soit|(?:La\s+(?:hausse|baisse)|L['’]augmentation)\s(?:est|a|atteint)"
    r"|(?:Esto|Eso)\s+(?:es|son|supone|representa)|Son|Supone|(?:Ciò|Questo)\s+(?:è|rappresenta)|Si\s+tratta|Dat\s+(?:is|zijn|was|waren))(?!\w)"
)
"""The beginning of a sentence about a figure of the sentence before: "That is 9 per cent more"."""


def adds_to(text: str) -> bool:
    """Return whether a sentence goes on with a figure of the one before it: "That is 9 per cent more"."""
    return _ADDS.match(text) is not None


def refers_back(text: str, *, is_next: bool) -> bool:
    """Return whether a text attributes what it says to a source named before: "The report adds that".

    Args:
        text: A sentence.
        is_next: Whether the sentence right before it names the source.
    """
    return _FOLLOWS.search(text) is not None or (is_next and _IT_SAYS.match(text) is not None)


_NAME = re.compile(r"[^\W\d_]{3}|[\u3040-\u9fff]")
_AFTER_NAME = re.compile(
    r"(?:[\s,:;()（）'’\"”»«–—-]"
    rf"|\b(?:{_KIND}|of|for|the|annual|edition|fiscal|financial|year|and|accounts|de[lr]?|des|für)\b)*+",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(
    rf"[\s\"”»«]*(?:annual\s+|(?:{_KIND}|{EDITION_NOUNS}|issue)\s+"
    r"(?:of|der|des|de\s+l['’]?|du|de[l]?)\s+(?:the\s+)?)?",
    re.IGNORECASE,
)
"""Between the name of a source and its year: "the Port's report for 2021", "the 2021 edition of the yearbook"."""

_SPEECHES = frozenset("address message speech letter lecture".split())
_WORK_OF_YEAR = re.compile(
    rf"\b(?:in|according\s+to)\s+(?:the|his|her)\s+(?P<year>{_YEARS})\s+(?:annual\s+)?(?P<kind>{_KIND}|message|letter|lecture)"
    r"(?!\s+(?:of|by|on|from|for|about)\b)",
    re.IGNORECASE,
)
"""A work that is named by its year alone: "according to the 1930 message"."""

_ATTRIBUTION_BY_LANGUAGE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        rf"\b{ACCORDING_TO['en']}\s+(?!plan\b|age\b|size\b|law\b|schedule\b|need\b|whether\b|how\b)"
        r"|\bas\s+(?:reported|stated|given|published)\s+(?:by|in)\b"
        rf"|{_KIND}(?:[^.;:!?]|\bno\.){{0,60}}\s{_SAYS}\s+that\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        rf"\b(?i:{ACCORDING_TO['de']})\s+(?:de[mrns]\b|eine[mrs]\b|[A-ZÄÖÜ])"
        r"|\b[Gg]emäß\s+(?:de[mr]\s+)?(?:\w+\s+)?\w*(?:bericht|statistik|buch)"
        r"|\b[Nn]ach\s+Angaben\b|\bzufolge\b|(?:[Bb]ericht|[Ss]tatistik|buch)\b[^.;:!?]{0,60}\bheißt\s+es\b"
    ),
    "fr": re.compile(rf"\b(?:{ACCORDING_TO['fr']})\s+(?!que\b|les?\s+cas\b)", re.IGNORECASE),
    "it": re.compile(
        r"\bsecondo\s+(?:il|lo|la|i|gli|le|l['’]|un['’a]?|[A-Z]\w+)|\bstando\s+(?:a|al|alla|ai|agli|alle)\b",
        re.IGNORECASE,
    ),
    "pt": re.compile(rf"\bsegundo\s+[oa]s?\s|\b{ACCORDING_TO['pt']}\s", re.IGNORECASE),
    **{
        language: re.compile(rf"\b(?:{ACCORDING_TO[language]})\s", re.IGNORECASE)
        for language in ("es", "nl", "sv", "da", "pl")
    },
    "ja": re.compile(r"によると|によれば"),
    "zh": re.compile(r"(?:根据|據|据)《?[^，。]{2,40}(?:报告?|統計|统计|年鉴|白皮书|数据)|》\s*(?:指出|显示|称|载)"),
}
"""Words that attribute a statement to a source, with the language of the sentence that they tell."""

_LABEL = rf"{SOURCE_LABEL}\s*[:：]"
_BRACKETS = re.compile(
    rf"[(（\[](?=[^()（）\[\]]{{0,200}}[)）\]])(?:{_LABEL}|[^()（）\[\]]{{0,120}}{_KIND}[^()（）\[\]]{{0,40}}{YEAR}"
    rf"|[^()（）\[\]]{{0,40}}{YEAR}[^()（）\[\]]{{0,40}}{_KIND}"
    r"|[^()（）\[\]]{0,120}[^\W\d_]{3}[^()（）\[\]]{0,40},\s*(?:pp?|S|f|pág|pag)\.\s?\d)",
    re.IGNORECASE,
)
"""A source in brackets: with a label, a kind of publication and a year, or a page."""


def language_of_attribution(text: str, default: str | None) -> str | None:
    """Return the language that the attribution of a sentence tells, or None if it attributes nothing to a source.

    `default` is the language of the draft, for a source in brackets; English if it is unknown.
    """
    language = next((language for language, pattern in _ATTRIBUTION_BY_LANGUAGE.items() if pattern.search(text)), None)
    if language is None and _BRACKETS.search(text) is not None:
        return default or "en"
    return language
