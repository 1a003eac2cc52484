"""Question analysis: which years, editions and series of the corpus a question names, and whether it compares.

Everything found here is a preference of the ranking, shown to the user and removable; it never excludes a document. A
year next to the name of a series ("the 2016 Bluebook") is an edition; any other year is a year of events.

The topic of a question is its text without the editions and series it names: "How did escorts change between the 2016
and the 2020 Bluebook?" is about escorts. Left in the searched text, the names attract passages about books and years:
removing them raised the mean reciprocal rank of the comparing questions of the development set by about a tenth.
Words of courtesy around a question ("Please tell me", "could you say") are left out, too.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from corpus.metadata.edition import PUBLICATION_KIND
from corpus.metadata.years import YearMention, open_period, parse_years
from corpus.records import Span
from corpus.translation import gettext as _
from corpus.vocabulary import QUESTION_WORDS, YEAR
from index.lexical.analysis import terms
from index.lexical.query_terms import language_by_stop_words
from index.models.encoder import Encoder, Vectors, encode_questions
from index.ranking.temporal import covers_partly
from index.ranking.weights import PREFERENCES
from index.storage.reader import DocumentInfo
from qa import limits
from qa.errors import EmptyQuestion
from qa.question.answer_type import AnswerType, expected_answer_type
from qa.question.corpus_facts import CorpusFacts, EditionGroup
from qa.question.filters import Filters
from qa.question.relative_editions import (
    EDITION_WORD,
    MAX_COMPARED_EDITIONS,
    find_neighbour,
    find_relative_editions,
    find_relative_years,
    noun_starts,
)

COMPARING = re.compile(
    r"\b(?:compar\w+|differ\w*|changed?|changes|chang(?:ing|es)|evolv\w+|develop(?:ed)?\s+(?:from|between|since)|grow|grew|grown|fewer"
    r"|increas\w*|decreas\w*|rises?|risen|rose|falls?|fallen|fell|declin\w*|drop(?:ped|s)?"
    r"|(?:go|going|gone|went|up\s+or)\s+(?:up|down)(?!\s+(?:the|a|an|to)\b)|shr[aiu]nk|climb(?:ed)?\s+(?:from|to|by|between)|soared"
    r"|plunged|doubled|tripled|halved|worsened|rising\s+or\s+falling|(?:get|got|become|became)\s+(?:rarer|scarcer|rare)"
    r"|versus|vs|both|each\s+edition|over\s+(?:time|the\s+years)|across|moved?\s+on|than\s+in|added\s+by"
    r"|vergl\w+|unterschied\w*|veränder\w*|entwickel\w*|gestiegen|steigen|stieg\w*|gesunken|sanken?|weniger|évolu\w+|chang\w+"
    r"|Zuwachs|Anstieg|Rückgang|geschrumpft|schrumpf\w*|Zunahme|Abnahme|(?:zu|ab)genommen|gewachsen|wuchs\w*"
    r"|différ\w+|augment\w+|baiss\w+|diminu\w+|moins|hausse|progressé\w*|progression|reculé?|écart"
    r"|cambi\w+|diferen\w+|aument\w+|disminu\w+|evolucion\w+|creci\w+|descen(?:dió|dido|so)|subi(?:ó|do|eron)|baj(?:ó|aron|ado|ada)|menos|varia(?:do|ción|ciones)"
    r"|verander\w*|ontwikkel\w*|vergel\w+|verschil\w*|gestegen|gedaald|steeg|daalden?|toegenomen|afgenomen|minder"
    r"|mud(?:ou|aram|anças?)|evolu(?:iu|íram|ção)|cresc\w+|sub(?:iu|iram)|desceu|desceram|ca(?:iu|íram)"
    r"|confront\w+|differenz\w+|evol(?:uto|uta|uzione)|salit[oaie]|sces[oaie]|calat[oaie]"
    r"|förändra\w*|utveckl\w+|jämfö\w+|öka(?:de|t)|minska\w*|ændre\w*|udvikl\w+|sammenlign\w*|endre\w*|utvikl\w*"
    r"|zmieni\w+|porówna\w*|różni\w*|wzros\w+|spad\w+)\b"
    r"|比較|比べ|変化|変わ[っるり]|違[いうっ]|異な|推移|増減|増え|増加し|減っ|減少し|伸び",
    re.IGNORECASE,
)
"""Words that make a question about several years a comparison. "Between 1930 and 1932" alone is a span of time."""

_CHANGE_OVER_TIME = re.compile(
    r"\bhow\s+(?:has|have|did|does)\b.*\b(?:chang|evolv|develop|grow|grew)\w*\b|\bover\s+(?:time|the\s+years)\b"
    r"|\bacross\s+(?:the\s+)?(?:editions|years)\b|\beach\s+edition\b|\bwie\b.*\b(?:veränder|entwickel)\w*|\bim\s+Laufe\s+der"
    r"|\bcomment\b.*\b(?:évolu|chang)\w*|\bau\s+fil\s+d|\bcómo\b.*\b(?:cambi|evolucion)\w*|a\s+lo\s+largo\s+d"
    r"|\bhoe\b.*\b(?:verander|ontwikkel)\w*|\bcomo\b.*\b(?:mud(?:ou|aram)|evolu)\w*|\bcome\b.*\b(?:cambi|evolu)\w*"
    r"|\b(?:hur|hvordan)\b.*\b(?:förändra|utveckl|ændre|udvikl|endre|utvikl)\w*|\bjak\b.*\bzmieni\w*"
    r"|(?:どのように|どう)変|推移",
    re.IGNORECASE,
)
_BASE_YEAR = re.compile(
    r"\b(?:compared?\s+(?:with|to|against)|relative\s+to|versus|vs\.?|(?<!earlier\s)(?<!later\s)than(?:\s+in)?|verglichen\s+mit|im\s+Vergleich\s+(?:zu[mr]?|mit)"
    r"|gegenüber|(?<!früher\s)(?<!später\s)als|(?:par\s+rapport|comparé\w*|comparativement)\s+(?:à|au|avec)|qu['’]en|comparad[oa]s?\s+con|respecto\s+a|que\s+en)"
    r"\s+(?:the\s+(?:year\s+)?|de[mr]\s+(?:Jahr\s+)?|Jahr\s+|l['’]année\s+|el\s+año\s+)?(?:FY\s?)?$",
    re.IGNORECASE,
)
"""Words before the only year of a question that compare it with the latest one."""

_BASE_YEAR_AFTER = re.compile(
    r"\s?年?度?版?\s?(?:と比[べ較]|に比[べし]|に対して|との比較|比(?!率|例)|より(?!も?[前後]))"
)
_AND_IN = re.compile(
    r",?\s+(?:and|und|et|y)\s+(?:in|im\s+Jahre?|en)\s+(?:FY\s?)?|年度?(?:と|、|及び|および)", re.IGNORECASE
)
"""Between two years that are asked about separately: "in 2016 and in 2020"."""

_NEAR = 300
"""Characters searched on either side of a year for the name of a series, enough for about forty years in a list.

Unbounded, a draft of nothing but years takes time quadratic in its length.
"""

_EDITION_AFTER = re.compile(rf"\s+{EDITION_WORD}\b|年?度?版", re.IGNORECASE)
_EDITION_BEFORE = re.compile(rf"\b{EDITION_WORD}\s+(?:(?:of|for|von|vom|del?|für|pour|para)\s+)?$", re.IGNORECASE)
_ELIDED = re.compile(r"\s+(?:ones?|editions?|issues?|volumes?)\b", re.IGNORECASE)
_CONNECTED = re.compile(
    r"(?:\s|,(?=\s(?:and|or|und|oder|et|ou|y|o)\b)|\b(?:and|or|to|with|versus|vs|from|in|of|for|the|that|those|then|between|und|oder|bis|mit|von|im|der|die|das|dem"
    r"|et|ou|à|au|le|la|les|celui|de|en|y|o|con|el|los|las)\b|と|から|年|の)*",
    re.IGNORECASE,
)
"""What may stand between an edition and a year that is another edition: "the 2016 Bluebook and in that of 2020"."""

_OTHER_YEARS = rf"(?:{YEAR}\s*(?:,\s*and|,|and|or|to|und|et|と|&)?\s*)*"
_NAME_TO_YEAR = re.compile(
    rf"['’s]*\s*[,(（]?\s*(?:{EDITION_WORD}\s*)?(?:of|for|from|in|von|vom|für|del?|pour|para|の)?\s*(?:the\s+|l['’]année\s+)?(?:years?\s+)?"
    rf"(?:and\s+|und\s+|et\s+|y\s+|,\s*)?{_OTHER_YEARS}",
    re.IGNORECASE,
)
"""What may stand between the name of a series and a year of its edition ("Bluebook for 2016")."""

_YEAR_TO_NAME = re.compile(
    rf"(?:年?度?版?の?)\s*(?:,|and|or|to|und|et|と|&|/|-|–)?\s*(?:and\s+|to\s+)?(?:the\s+)?{_OTHER_YEARS}(?:the\s+)?"
    rf"(?:年?度?版?の?)(?:{EDITION_WORD}\s+(?:of\s+the|des|der|du|de\s+la)\s+)?",
    re.IGNORECASE,
)
"""What may stand between the year of an edition and the name of its series ("2016 and 2020 Bluebooks")."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_LEADING = frozenset(
    "according to in from between compared with by of for and or the one both as per than versus vs".split()
)
"""Words removed before a name ("according to the")."""

_TRAILING = frozenset("edition editions one ones , )".split())
"""Words removed after a name ("2016 edition")."""

_MIN_CHARACTERS = 4
"""Characters of a topic without times; a shorter one is none."""

_MIN_WORDS = 4
"""Minimum number of words of a topic: a shorter remainder with a single term ("What does it say?") is none."""

_BEFORE_YEAR = re.compile(
    r"(?:[\s(]*\b(?:in|im|en|nel|del|de|du|di|during|for|of|from|by|since|until|after|before|between|as|and|und|et|y|the|fiscal|financial"
    r"|years?|jahre?|année|año|anno|seit|von|vom|bis|für|depuis|pour|desde|para))*[\s(]*$",
    re.IGNORECASE,
)
_AFTER_YEAR = re.compile(r"^\)?(?:年度?(?:中|末)?(?:における|の|に|は|には)?)?")
"""Words that connect a year with the rest of a question."""

_FRAMES = tuple(
    re.compile(rf"\s*(?:{pattern})\s*[?.。？]*\s*", re.IGNORECASE)
    for pattern in (
        r"(?:please\s+)?(?:compare|contrast|track|trace|follow|vergleiche|comparez|comparer|compara)\s+(?P<topic>.+?)",
        r"how\s+(?:has|have|did|does|do)\s+(?P<topic>.+?)\s+(?:changed?|evolved?|develop(?:ed)?|differ(?:ed)?)",
        r"what\s+(?:is|was|has\s+been|do(?:es)?\s+\w+|did\s+\w+)\s+(?:said|say|written|write)\s+(?:about|on|of)\s+(?P<topic>.+?)",
        r"wie\s+ha(?:t|ben)\s+sich\s+(?P<topic>.+?)\s+(?:ge|ver)änder\w+",
        r"wie\s+ha(?:t|ben)\s+sich\s+(?P<topic>.+?)\s+entwickelt",
        r"comment\s+(?:a|ont)\s+(?:évolué|changé)\s+(?P<topic>.+?)",
        r"wie\s+(?:veränderten?|entwickelten?)\s+sich\s+(?P<topic>.+?)",
        r"¿?cómo\s+(?:ha[n]?\s+(?:cambiado|evolucionado)|cambi(?:ó|aron)|evolucion(?:ó|aron))\s+(?P<topic>.+?)",
        r"como\s+(?:mud(?:ou|aram)|evolu(?:iu|íram))\s+(?P<topic>.+?)",
        r"come\s+(?:è|sono)\s+(?:cambiat|evolut)[oaie]\s+(?P<topic>.+?)",
        r"hoe\s+(?:veranderden?|ontwikkelden?)\s+(?:zich\s+)?(?P<topic>.+?)(?:\s+zich)?",
        r"hoe\s+(?:is|zijn|heeft|hebben)\s+(?:zich\s+)?(?P<topic>.+?)\s+(?:zich\s+)?(?:veranderd|ontwikkeld)",
        r"(?:how\s+(?:long|many|much|often)|wie\s+(?:lange|viele?|oft)|combien\s+de|cuánt[oa]s?)\s+(?P<topic>.+?)",
        r"(?P<topic>.+?)(?:は(?:どう|どのように)変わ.*|の(?:変化|推移|違い)|を比較.*)",
        r"(?:the\s+)?(?:views?|statements?|remarks|passages|sections?|positions?|polic(?:y|ies)|attitudes?)\s+(?:on|about|towards?)\s+(?P<topic>.+?)",
    )
)
"""Words around a topic that ask for its comparison and are no part of it."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a question was understood to prefer. `years` are years of events, `editions` are years on covers."""

    years: tuple[int, ...] = ()
    editions: tuple[int, ...] = ()
    series: tuple[str, ...] = ()
    compare: bool = False
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Names of authors, places and publishers, each with the ids of the documents that it selects."""
    filters: Filters = field(default_factory=Filters)
    mentions: tuple[tuple[int, int], ...] = field(default=(), compare=False, repr=False)
    """Spans of the question that name editions and series, sorted."""

    @property
    def prefers(self) -> bool:
        """Whether there is any preference; without one, `bonus` is always empty."""
        return bool(self.years or self.editions or self.series or self.named)

    def bonus(self, document: DocumentInfo) -> Mapping[str, float]:
        """Return what the preferences add to the scores of a document's passages, by name."""
        parts: dict[str, float] = {}
        series_matches = document.series in self.series
        if series_matches:
            parts["series"] = PREFERENCES.series
        if self.editions and document.edition in self.editions and (series_matches or not self.series):
            parts["edition"] = PREFERENCES.edition
        first, last = document.covers or (1, 0)
        is_of_years = document.edition in self.years or any(first <= year <= last for year in self.years)
        is_one_span = bool(self.years) and self.years[-1] - self.years[0] == len(self.years) - 1
        if is_of_years and not (is_one_span and covers_partly(self.years[0], self.years[-1], document.covers)):
            parts["year"] = PREFERENCES.year
        if selecting := sum(document.id in documents for documents in self.named.values()):
            parts["name"] = PREFERENCES.name * selecting / len(self.named)
        return parts

    def compared_editions(
        self, corpus_facts: CorpusFacts, relevant: Collection[str | None]
    ) -> list[list[DocumentInfo]]:
        """Return the documents of each edition that a comparing question asks about, earlier editions first.

        `relevant` are the series to compare where the question names none. Empty if the question does not compare, or
        could mean more than `MAX_COMPARED_EDITIONS` editions.
        """
        if not self.compare:
            return []
        compared: dict[tuple[int, str], list[DocumentInfo]] = {}
        for groups in self._compared_groups(corpus_facts, relevant):
            for group in groups:
                for document in group.documents:
                    compared.setdefault((group.edition or 0, group.series or document.id), []).append(document)
        return [compared[key] for key in sorted(compared)] if len(compared) <= MAX_COMPARED_EDITIONS else []

    def _compared_groups(
        self, corpus_facts: CorpusFacts, relevant: Collection[str | None]
    ) -> Iterator[list[EditionGroup]]:
        """Yield the documents of the compared editions of each series; of many editions between two years the ends."""
        of_series: dict[str | None, list[EditionGroup]] = {}
        for group in corpus_facts.groups:
            if group.edition is not None and group.series in (self.series or relevant):
                of_series.setdefault(group.series, []).append(group)
        years = [year for year in self.years if any(group.concerns_year(year) for group in corpus_facts.groups)]
        for groups in of_series.values():
            if self.editions:
                chosen = [group for group in groups if group.edition in self.editions]
            else:
                chosen = [group for group in groups if not years or any(map(group.concerns_year, years))]
            editions = {group.edition or 0 for group in chosen}
            if not self.editions and len(editions) < 2:  # the years are rather those of the covers
                editions |= {group.edition for group in groups if group.edition in self.years}
            if len(editions) > MAX_COMPARED_EDITIONS and (years or self.editions):
                editions = {min(editions), max(editions)}
            yield [group for group in groups if group.edition in editions]

    def as_json(self) -> dict[str, object]:
        """Return the object `understood` of an answer."""
        return {
            "years": list(self.years),
            "editions": list(self.editions),
            "series": list(self.series),
            "names": list(self.named),
            "compare": self.compare,
            "filters": self.filters.as_json(),
        }


Adjust = Callable[[Interpretation], Interpretation]
"""Changes an interpretation before the search, for example to drop preferences that the user removed."""


@dataclass(frozen=True, slots=True)
class QuestionAnalysis:
    """All that search, confidence and sentence selection need to know of a question, computed once.

    `question` is the question as asked, `text` the normalised one, `topic` the text that is searched, and `vector` the
    embedding of the topic (float32, shape (dimension,)).
    """

    question: str
    text: str
    interpretation: Interpretation
    topic: str
    answer_type: AnswerType | None
    vector: Vectors = field(compare=False, repr=False)
    notices: tuple[str, ...] = ()
    timeless: str = ""
    """The topic without the times that it names; empty if it names none, or if nothing else is left."""
    timeless_vector: Vectors | None = field(default=None, compare=False, repr=False)
    """Its embedding, as `vector`; None without it."""
    unnamed: QuestionAnalysis | None = None
    """The analysis without the names of publishers; None if it names none, or if nothing else is left."""
    owned: frozenset[str] = frozenset()
    """Ids of the documents of these publishers, which are searched for what the question asks besides the names."""
    names: tuple[str, ...] = ()
    """These names."""

    def undated(self) -> QuestionAnalysis | None:
        """Return the analysis of the question without the times that it names; None if nothing else is left."""
        if self.timeless_vector is None:
            return None
        return replace(
            self,
            text=without_times(self.text) or self.timeless,
            interpretation=replace(self.interpretation, years=()),
            topic=self.timeless,
            vector=self.timeless_vector,
            timeless="",
            timeless_vector=None,
            unnamed=None if self.unnamed is None else self.unnamed.undated() or self.unnamed,
        )


def analyse_questions(
    questions: Sequence[tuple[str, Filters]],
    corpus_facts: CorpusFacts,
    encoder: Encoder,
    adjust: Adjust = lambda interpretation: interpretation,
) -> list[QuestionAnalysis]:
    """Analyse questions, each with its filters; their topics are encoded in one batch. Raises EmptyQuestion."""
    texts = [normalize_question(question) for question, _ in questions]
    interpretations = [
        adjust(interpret(text, corpus_facts, filters)) for (text, _), (_, filters) in zip(texts, questions, strict=True)
    ]
    owners = [
        _find_owners(text, interpretation, corpus_facts)
        for (text, _), interpretation in zip(texts, interpretations, strict=True)
    ]
    searched = [
        _Searched.of(text, interpretation, ()) for (text, _), interpretation in zip(texts, interpretations, strict=True)
    ]
    unnamed = [
        _Searched.of(text, interpretation, tuple(spans)) if spans else None
        for (text, _), interpretation, spans in zip(texts, interpretations, owners, strict=True)
    ]
    texts_read = [text for item in [*searched, *unnamed] if item for text in (item.topic, item.timeless) if text]
    texts_read = list(dict.fromkeys(texts_read))
    vectors = dict(zip(texts_read, encode_questions(encoder, texts_read), strict=True))

    def analysis(place: int, item: _Searched) -> QuestionAnalysis:
        return QuestionAnalysis(
            questions[place][0],
            item.text,
            interpretations[place],
            item.topic,
            expected_answer_type(item.text),
            vectors[item.topic],
            tuple(texts[place][1]),
            item.timeless,
            vectors.get(item.timeless),
        )

    analyses = [analysis(place, item) for place, item in enumerate(searched)]
    for place, item in enumerate(unnamed):
        if item is not None:
            owned = frozenset().union(*owners[place].values())
            names = tuple(texts[place][0][start:end] for start, end in owners[place])
            analyses[place] = replace(analyses[place], unnamed=analysis(place, item), owned=owned, names=names)
    return analyses


class _Searched(NamedTuple):
    """What is searched for a question: its text, its topic, and the topic without times, as in `QuestionAnalysis`."""

    text: str
    topic: str
    timeless: str

    @classmethod
    def of(cls, text: str, interpretation: Interpretation, names: Sequence[Span]) -> _Searched:
        """Return what is searched for a text without these names of publishers.

        In the documents of these, one word is a topic: "Who chairs the Port Authority?".
        """
        min_terms = 1 if names else 2
        topic = extract_topic(text, sorted([*interpretation.mentions, *names]), min_terms)
        return cls(extract_topic(text, names, min_terms), topic, without_times(topic) if interpretation.years else "")


def _find_owners(text: str, interpretation: Interpretation, corpus_facts: CorpusFacts) -> Mapping[Span, frozenset[str]]:
    """Return the spans of the names of publishers apart from those of series; empty if the text asks nothing else."""
    spans = {
        span: documents
        for span, documents in corpus_facts.document_names.find_owners(text).items()
        if not any(start < span[1] and span[0] < end for start, end in interpretation.mentions)
    }
    rest = extract_topic(text, sorted([*interpretation.mentions, *spans])) if spans else ""
    return spans if terms(without_times(rest) or rest, language_by_stop_words(rest)) else {}


def without_times(topic: str) -> str:
    """Remove years with the words that connect them: "visitors" of "visitors in 2021"; empty if too little remains."""
    rest = topic
    for mention in reversed(parse_years(topic)):
        if mention.role == "time":
            before = _BEFORE_YEAR.sub("", rest[: mention.start])
            rest = before + _AFTER_YEAR.sub("", rest[mention.end :])
    rest = " ".join(rest.split())
    return rest if rest != topic and sum(map(str.isalnum, rest)) >= _MIN_CHARACTERS else ""


def normalize_question(question: str) -> tuple[str, list[str]]:
    """Fold white space, replace lone surrogates, cut to `limits.QUESTION` characters, and omit words of courtesy.

    Returns the text, and a notice if it was cut. Raises EmptyQuestion if it has no letter or digit.
    """
    if not has_words(question):
        raise EmptyQuestion
    folded, longest = _fold_space(question), limits.QUESTION.value
    notices = (
        [_("only the first %(longest)s characters of the question were read", longest=f"{longest:,}")]
        if len(folded) > longest
        else []
    )
    return without_courtesy(folded[:longest]), notices


def has_words(question: str) -> bool:
    """Return whether the question has a letter or digit within `limits.QUESTION` characters."""
    return any(map(str.isalnum, _fold_space(question)[: limits.QUESTION.value]))


def _fold_space(question: str) -> str:
    return " ".join(question.encode("utf-8", "replace").decode("utf-8").split())


def interpret(
    question: str, corpus_facts: CorpusFacts, filters: Filters | None = None, *, is_statement: bool = False
) -> Interpretation:
    """Find the years, editions and series of the corpus that a question or another text names.

    Args:
        question: The text.
        corpus_facts: Facts about the documents.
        filters: The user's filters.
        is_statement: Whether the text states something instead of asking: a year apart from the name of its source is
            then that of an event, also where the text compares years.
    """
    mentions = _find_mentions(question, corpus_facts)
    named = _find_named_editions(question, mentions)
    event_years, editions, is_base = _find_event_years(question, mentions, named, corpus_facts, is_statement)
    of_editions = (span for year, span in [*mentions.written, *named.relative] if year in editions)
    return Interpretation(
        years=tuple(sorted(event_years)),
        editions=tuple(sorted(editions)),
        series=tuple(sorted(mentions.names)),
        compare=len(editions) > 1 or is_base or _compares_years(question, mentions, event_years),
        named=corpus_facts.document_names.find(question),
        filters=filters or Filters(),
        mentions=tuple(sorted({*mentions.name_spans, *mentions.edition_spans, *named.neighbour_spans, *of_editions})),
    )


@dataclass(frozen=True, slots=True)
class _Mentions:
    """Names of series and years in a question, with their spans."""

    names: Mapping[str, Sequence[Span]]
    dates: Sequence[YearMention]

    written: Sequence[tuple[int, Span]]
    """The years of `dates` that are written out; those of "2022/23" are both the edition that has this name."""

    at_editions: Sequence[tuple[int, Span]]
    """Those that are the year of an edition: "the 2016 Bluebook"."""

    beside_short_names: Collection[int]
    """Editions beside a short name of a series."""

    existing: Sequence[int]
    """All editions of the named series."""

    known: Sequence[int]
    """All years that documents of the named series cover."""

    @property
    def name_spans(self) -> list[Span]:
        """The spans of the names, in order."""
        return _sorted_spans(self.names)

    @property
    def edition_spans(self) -> set[Span]:
        """The spans of years of editions."""
        return {span for _, span in self.at_editions}


def _find_mentions(question: str, corpus_facts: CorpusFacts) -> _Mentions:
    names = corpus_facts.series_names.find(question)
    name_spans = _sorted_spans(names)
    dates = parse_years(question)
    written = [
        (edition or year.year, (year.start, year.end))
        for date in dates
        for edition in [_split_edition(question, date, corpus_facts, names)]
        for year in date.written
    ]
    at_editions = [(year, span) for year, span in written if _is_edition(question, *span, name_spans)]
    edition_spans = {span for _, span in at_editions}
    others = [(year, span) for year, span in written if span not in edition_spans]
    beside_short_names = _find_short_names(question, corpus_facts, others, names)  # adds to `names`
    return _Mentions(
        names=names,
        dates=dates,
        written=written,
        at_editions=at_editions,
        beside_short_names=beside_short_names,
        existing=corpus_facts.editions_of(names),
        known=corpus_facts.known_years_of(names),
    )


@dataclass(frozen=True, slots=True)
class _NamedEditions:
    """The editions that a question names by their year, by another edition ("the one before the 2016 Bluebook") or by
    the newest.

    `bases` are the spans of the years of these other editions, `neighbour_spans` those of the words for their
    neighbours.
    """

    years: Collection[int]
    bases: Collection[Span]
    neighbour_spans: Sequence[Span]
    relative: Sequence[tuple[int, Span]]


def _find_named_editions(question: str, mentions: _Mentions) -> _NamedEditions:
    name_spans = mentions.name_spans
    neighbours = {
        span: find_neighbour(question, _with_series(question, span, name_spans), year, mentions.existing, name_spans)
        for year, span in mentions.at_editions
    }
    neighbour_spans = [neighbour[1] for neighbour in neighbours.values() if neighbour is not None]
    relative = [
        (year, (start, end))
        for year, (start, end) in find_relative_editions(question, mentions.existing, name_spans)
        if not any(begin < end and start < stop for begin, stop in neighbour_spans)
    ]
    at_editions = (
        neighbour[0] if (neighbour := neighbours[span]) is not None else year for year, span in mentions.at_editions
    )
    return _NamedEditions(
        years={*mentions.beside_short_names, *at_editions, *(year for year, _ in relative)},
        bases={span for span, neighbour in neighbours.items() if neighbour is not None},
        neighbour_spans=neighbour_spans,
        relative=relative,
    )


def _split_edition(question: str, date: YearMention, corpus_facts: CorpusFacts, series: Collection[str]) -> int | None:
    """Return the edition that two years together name ("2022/23"); None for one year, or the span of two editions.

    It is the one whose documents cover both years, else that of the last year.
    """
    if len(date.written) != 2 or date.last != date.first + 1 or date.enumerated:
        return None
    years = (date.first, date.last)
    covering = [
        edition
        for owner, edition in corpus_facts.editions_by_covers.get(years, ())
        if edition in years and (not series or owner in series)
    ]
    separator = question[date.written[0].end : date.written[1].start].strip()
    is_short = date.written[1].end - date.written[1].start == 2
    if not covering and not (is_short or separator == "/" or date.kind == "fiscal"):
        return None
    return max(covering, default=date.last)


def _find_event_years(
    question: str, mentions: _Mentions, named: _NamedEditions, corpus_facts: CorpusFacts, is_statement: bool
) -> tuple[set[int], set[int], bool]:
    """Return the years of events, the editions, and whether later ones are compared with a base year."""
    dates, existing, known, editions = mentions.dates, mentions.existing, mentions.known, set(named.years)
    years = _find_years(question, mentions, editions, named.bases, corpus_facts)
    if editions:  # "in the 2016 Bluebook and in the 2020 one": other years that are editions of that series count too
        is_comparison = not is_statement and COMPARING.search(question) is not None
        spans = sorted({*mentions.edition_spans, *mentions.name_spans})
        others = dates if is_comparison else [date for date in dates if _is_another_edition(question, date, spans)]
        named_years = {year for date in others for year in date.years}
        editions |= {year for year in years & named_years if year in existing and not _is_open(question, dates, year)}
    is_base = len(dates) == 1 and dates[0].last in known and _is_base_year(question, dates[0])
    is_since = len(dates) == 1 and dates[0].last in editions and open_period(question, dates[0])[0] is not None
    if is_base or is_since:  # the editions or years after it are compared with it
        if editions:
            editions |= {year for year in existing if year > dates[0].last}
        else:
            years |= {year for year in known if year > dates[0].last}
    event_years = years - {year for year in editions if year in existing or not _covers(corpus_facts, year)}
    if len(editions) == 1:
        event_years |= set(find_relative_years(question, *editions))
    return event_years, editions, is_base


def _compares_years(question: str, mentions: _Mentions, event_years: Collection[int]) -> bool:
    """Return whether a question enumerates years, or asks for a comparison of several years or series."""
    dates = mentions.dates
    is_enumerated = len(set(event_years).intersection(mentions.known)) > 1 and (
        any(date.enumerated for date in dates)
        or any(_AND_IN.fullmatch(question, a.end, b.start) is not None for a, b in pairwise(dates))
    )
    asks_for_comparison = COMPARING.search(question) is not None or any(_is_base_year(question, date) for date in dates)
    is_one_span = len(dates) == 1 and _is_one_year(dates[0])
    names_several = (
        (len(event_years) > 1 and not is_one_span)
        or len(mentions.names) > 1
        or _CHANGE_OVER_TIME.search(question) is not None
    )
    return is_enumerated or (asks_for_comparison and names_several)


def _is_one_year(date: YearMention) -> bool:
    """Return whether a span is that of one year, such as a fiscal or school year: "2022/23"."""
    return date.last - date.first == 1 and len(date.written) == 2 and date.written[1].start - date.written[0].end == 1


def _sorted_spans(names: Mapping[str, Sequence[Span]]) -> list[Span]:
    return sorted(span for spans in names.values() for span in spans)


def _is_another_edition(question: str, date: YearMention, named: Sequence[Span]) -> bool:
    """Return whether a year is that of a further edition: "the 2020 one", "the 2016 Bluebook and that of 2020".

    `named` are the spans of names of series and of years of editions, in order.
    """
    at = bisect_left(named, (date.start, date.start))
    before = named[at - 1][1] if at else None
    after = next((start for start, _ in named[at : at + len(date.written) + 1] if start >= date.end), None)
    return (
        _ELIDED.match(question, date.end) is not None
        or (before is not None and _CONNECTED.fullmatch(question, before, date.start) is not None)
        or (after is not None and _CONNECTED.fullmatch(question, date.end, after) is not None)
    )


def _find_years(
    question: str,
    mentions: _Mentions,
    editions: Set[int],
    with_neighbour: Collection[Span],
    corpus_facts: CorpusFacts,
) -> set[int]:
    """Return the years that a question names, without those that only say beside which edition another one is."""
    years: set[int] = set()
    year_at = {span: year for year, span in mentions.written}
    edition_spans = mentions.edition_spans
    for date in mentions.dates:
        spans = {(written.start, written.end) for written in date.written}
        if not spans.isdisjoint(with_neighbour):
            continue
        written = {year_at[span] for span in spans}
        is_split = len(spans) == 2 and len(written) == 1  # "2022/23"
        if is_split and written <= editions:
            years.update(written)
        elif spans.isdisjoint(edition_spans):
            years.update(_years_asked(question, date, corpus_facts, mentions.names))
        else:
            years.update(date.years)
    return years


def _find_short_names(
    question: str, corpus_facts: CorpusFacts, positions: Sequence[tuple[int, Span]], names: dict[str, list[Span]]
) -> set[int]:
    """Add to `names` the series that short names beside a year or a position mean; return the editions beside them.

    If a short name can mean several series, it means those that the question names elsewhere; if it names none, those
    that have the edition; if none has it, all of them.
    """
    taken = [span for spans in names.values() for span in spans]
    named = frozenset(names)
    editions: set[int] = set()
    year_at = {span: year for year, span in positions}
    beside = corpus_facts.series_names.find_beside(question, list(year_at))
    at_position = corpus_facts.series_names.find_at(question, noun_starts(question))
    owners = list(corpus_facts.document_names.find_owners(question)) if beside else []
    for meant, word, year_span in [*beside, *((meant, word, None) for meant, word in at_position)]:
        if any(start < word[1] and word[0] < end for start, end in taken):
            continue
        is_kind = PUBLICATION_KIND.search(question, *word) is not None
        if not is_kind and any(start <= word[0] and word[1] <= end for start, end in owners):
            continue  # "beförderte Arvik Ferries 2021 mehr?" names no edition of the "Arvik Ferries Report"
        year = year_at[year_span] if year_span is not None else None
        with_edition = {name for name in meant if year in corpus_facts.series[name]}
        if year is not None and not with_edition and not is_kind:
            continue  # "the quiet roads of 2020" are no edition of the "Road Report"
        for name in sorted(meant & named or with_edition or meant):
            names.setdefault(name, []).append(word)
        if year is not None:
            editions.add(year)
    return editions


def _years_asked(question: str, date: YearMention, corpus_facts: CorpusFacts, series: Collection[str]) -> Sequence[int]:
    """Return the years that a mention asks about: of "since 2007" those that the documents of the series cover.

    A year in a name that no document covers asks for none ("Agenda 2030").
    """
    first, last = open_period(question, date)
    known = corpus_facts.known_years_of(series)
    if first is None and last is None:
        return [] if date.role == "name" and known and not set(date.years) & set(known) else date.years
    return [year for year in known if (first or 0) <= year <= (last or 9999)] or date.years


def _is_base_year(question: str, date: YearMention) -> bool:
    """Return whether other years are compared with a year that a question names."""
    before = question[max(0, date.start - _NEAR) : date.start]
    is_base = _BASE_YEAR.search(before) or _BASE_YEAR_AFTER.match(question, date.end)
    return date.role == "time" and is_base is not None


def _is_open(question: str, dates: Sequence[YearMention], year: int) -> bool:
    """Return whether only an open period names the year."""
    return not any(year in date.years and open_period(question, date) == (None, None) for date in dates)


def _covers(corpus_facts: CorpusFacts, year: int) -> bool:
    return any(group.covers_year(year) for group in corpus_facts.groups)


def _with_series(question: str, year: Span, names: Sequence[Span]) -> Span:
    """Return the span of a year together with the name of a series beside it."""
    start, end = year
    for name_start, name_end in _names_near(year, names):
        if name_end <= start and _NAME_TO_YEAR.fullmatch(question, name_end, start):
            start = name_start
        elif end <= name_start and _YEAR_TO_NAME.fullmatch(question, end, name_start):
            end = name_end
    return start, end


def _names_near(year: Span, names: Sequence[Span]) -> Sequence[Span]:
    first, last = max(0, year[0] - _NEAR), year[1] + _NEAR
    return names[max(0, bisect_left(names, (first, first)) - 1) : bisect_right(names, (last, last))]


def _is_edition(question: str, start: int, end: int, names: Sequence[tuple[int, int]]) -> bool:
    """Return whether the year at `[start, end)` names an edition: `2016 Bluebook`, `Bluebook for 2016`, `2016 edition`.

    `names` are the spans of the names of series, sorted and disjoint.
    """
    first, last = max(0, start - _NEAR), end + _NEAR
    if _EDITION_AFTER.match(question[end:last]) or _EDITION_BEFORE.search(question[first:start]):
        return True
    return _with_series(question, (start, end), names) != (start, end)


def strip_frames(text: str) -> str:
    """Return a topic without the words that ask for its comparison: "aid to Somalia" of "Compare aid to Somalia"."""
    for frame in _FRAMES:
        if (match := frame.fullmatch(text)) is not None and re.search(r"[^\W_]{2}", match["topic"]):
            text = match["topic"]
    return text


def extract_topic(question: str, mentions: Sequence[tuple[int, int]], min_terms: int = 2) -> str:
    """Remove the spans in `mentions` and the words that connect them; return the question if too little remains.

    Args:
        question: The question.
        mentions: Spans of names.
        min_terms: Terms of a rest of few words that is a topic.
    """
    if not mentions:
        return question
    words = [match.span() for match in _WORD.finditer(question)]
    removed = [any(start < end and begin < stop for begin, end in mentions) for start, stop in words]
    for index, (start, end) in enumerate(words):
        if index and removed[index - 1] and question[start:end].casefold() in _TRAILING:
            removed[index] = True
    for index in range(len(words) - 2, -1, -1):
        start, end = words[index]
        if removed[index + 1] and question[start:end].casefold() in _LEADING | _TRAILING | {"("}:
            removed[index] = True
    pieces = [question[start:end] for (start, end), gone in zip(words, removed, strict=True) if not gone]
    rest = re.sub(r"\s+([?.,;:!])", r"\1", " ".join(pieces))
    is_topic = (
        sum(map(str.isalnum, pieces)) >= _MIN_WORDS or len(terms(rest, language_by_stop_words(rest))) >= min_terms
    )
    return rest if is_topic else question


_ASKS = rf"(?=\s*(?:{'|'.join(QUESTION_WORDS.values())}|whether|if|was|ob|que|quoi|si)\b)"
"""A question word follows: "Tell me about piracy" has none, and keeps its words."""

_PLEASE = (
    r"(?:please|kindly|bitte|s['’]il\s+(?:vous|te)\s+pla[iî]t|svp|por\s+favor|per\s+favore|alsjeblieft|alstublieft)"
)
_TELL = (
    r"(?:(?:can|could|would|will)\s+(?:you|anyone|someone)\s+(?:please\s+|kindly\s+)?(?:tell|show|explain\s+to|remind)\s+(?:me|us)"
    r"|(?:can|could|would|will)\s+(?:you|anyone|someone)\s+(?:please\s+|kindly\s+)?(?:say|explain)"
    r"|tell\s+(?:me|us)|let\s+(?:me|us)\s+know|i(?:\s+would|['’]d)\s+(?:like|love)\s+to\s+know|i\s+want\s+to\s+know"
    r"|i(?:\s+am|['’]m|\s+was)\s+wondering|i\s+wonder|do\s+you\s+(?:happen\s+to\s+)?know|may\s+i\s+ask"
    r"|(?:sag|sagen\s+sie|erklär\w*)\s+(?:mir|uns)(?:\s+bitte)?"
    r"|k[aöo]nn(?:st|test|en|ten)\s+(?:du|sie)\s+(?:mir|uns)\s+(?:bitte\s+)?sagen"
    r"|(?:ich|wir)\s+(?:möchten?|würden?\s+gern\w*)\s+wissen"
    r"|(?:pou(?:vez|rriez)[-\s]vous\s+(?:me|nous)\s+dire|dites[-\s]moi|je\s+(?:voudrais|veux|souhaite)\s+savoir)"
    r"|(?:puede|podría)\s+decir(?:me|nos)|díga(?:me|nos)|dime|(?:quiero|quisiera|me\s+gustaría)\s+saber)"
)
_COURTESY_BEFORE = re.compile(
    rf"^(?:(?:{_PLEASE}\b,?\s*)?{_TELL}(?:\s*[:,]\s*|{_ASKS}\s+)|{_PLEASE}\b\s*[,:]?\s+{_ASKS})", re.IGNORECASE
)
_COURTESY_AFTER = re.compile(
    rf"(?<!\bto)\s*[,.?;–-]?\s*(?:(?<!\bto\s)\b(?:{_PLEASE}|thank\s+you|thanks|many\s+thanks|danke|merci|gracias)\b)\s*[.!?]*$"
    r"|(?:について|を)?教えて(?:ください|下さい|いただけますか)?[。?？！]?$",
    re.IGNORECASE,
)


def without_courtesy(question: str) -> str:
    """Return a question without words of courtesy at its beginning and end; unchanged if it has no others."""
    rest = _COURTESY_BEFORE.sub("", question, count=1)
    ending = _COURTESY_AFTER.search(rest)
    if ending is not None:
        rest = rest[: ending.start()] + ("?" if "?" in ending[0] else "")
    if sum(map(str.isalnum, rest)) < 2 or rest == question:
        return question
    return rest[0].upper() + rest[1:] if question[0].isupper() else rest
