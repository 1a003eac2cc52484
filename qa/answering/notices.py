"""What an answer lacks or does not cover: notices that tell it, and limits of the confidence.

Words that no document has, names and what is counted that the passage lacks, a number or a name that the sentences do
not give, years and editions that no document covers, documents that were not searched, and the language.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from corpus.metadata.language import is_listed, is_listed_elsewhere, primary_language
from corpus.metadata.years import Period, written_years
from corpus.scripts import HAN, KATAKANA
from corpus.translation import SOURCE_LANGUAGE, current_language, gettext_noop, join_items
from corpus.translation import gettext as _
from index.lexical import query_terms
from index.lexical.analysis import STEMMERS, common_beginning, terms
from index.lexical.query_terms import question_languages
from index.models.model_store import is_english
from index.ranking.search import Hit, Index
from index.ranking.temporal import is_about, overlaps
from qa.answering.answer_sentences import SelectedSentence, is_of_other_years
from qa.answering.superlatives import superlative_direction, without_superlatives
from qa.citation import format_years
from qa.confidence.confidence import (
    FAIR,
    JUST_REFUSED,
    UNMENTIONED,
    capitalised_names,
    lacks_name,
    longer_words,
    names_of_state,
)
from qa.question import named_answer
from qa.question.analysis import Interpretation, QuestionAnalysis
from qa.question.answer_type import (
    AnswerType,
    asks_for_year,
    counted_noun,
    lacking_attribute,
    lacks_required_type,
    without_year_words,
)
from qa.question.corpus_facts import CorpusFacts, no_match_notice
from qa.question.named_answer import NamedType

MAX_NAMED = 100
"""Documents named in the notice that some were not searched."""


TYPE_LACKING: Mapping[AnswerType | NamedType, str] = {
    "number": gettext_noop("the answer does not give the number asked for"),
    "date": gettext_noop("the answer does not give the date asked for"),
    "person": gettext_noop("the answer does not name the person or body asked for"),
    "place": gettext_noop("the answer does not name the place asked for"),
}
"""Notices of a possible answer to a question that only a number, a date, or a name answers."""

_OTHER_NAMES = {"cs": "Czech", "ja": "Japanese", "ko": "Korean", "pl": "Polish", "uk": "Ukrainian", "zh": "Chinese"}

_IS_STATE = re.compile(
    r"\b(?:is|are|has|have|ist|sind|hat|haben|est|sont|es|son|está|están|è|sono|é|são|zijn)\b", re.IGNORECASE
)
"""A verb of what still is: "The counter is open from 8" does not tell in which year it opened."""

_MIN_TOLD, _MIN_COMMON = 2, 5
"""Words of a question for a year that a sentence must tell at least, and letters that two forms of a word share."""

_MANY_YEARS = 6
"""For a question about this many years, uncovered years are named only if all are uncovered."""


def coverage_notices(
    interpretation: Interpretation, corpus_facts: CorpusFacts, hits: Sequence[Hit], unavailable: Sequence[str] = ()
) -> list[str]:
    """Say which documents, years and editions the hits could not come from.

    `corpus_facts` are those of the whole index; `unavailable` are ids of documents that could not be searched.
    """
    if not corpus_facts.documents:
        return [_("the index has no documents: add some with `yearbook-qa index PATH...`")]
    if interpretation.filters and not hits and not unavailable:
        return [no_match_notice(interpretation.filters, corpus_facts)]
    notices: list[str] = []
    if unavailable:
        more = (
            _(" and %(count)s more", count=f"{len(unavailable) - MAX_NAMED:,}") if len(unavailable) > MAX_NAMED else ""
        )
        named = ", ".join(unavailable[:MAX_NAMED])
        notices.append(
            _(
                "the answer is incomplete: some machines do not respond; not searched: %(named)s%(more)s",
                named=named,
                more=more,
            )
        )
    years = interpretation.years
    missing = corpus_facts.uncovered_years(years)
    if missing and (len(years) < _MANY_YEARS or len(missing) == len(years)):
        is_run = len(missing) > 2 and missing[-1] - missing[0] == len(missing) - 1
        years_in_words = format_years((missing[0], missing[-1])) if is_run else join_items(map(str, missing))
        notices.append(_("no edition here covers %(years)s", years=years_in_words))
    absent = [year for year in interpretation.editions if year not in corpus_facts.editions]
    if absent and corpus_facts.editions:
        notices.append(_("the index has no edition %(years)s", years=join_items(map(str, absent))))
    return notices


def missing_word_notices(unmentioned: Mapping[str, str | None], lacking: Collection[str]) -> list[str]:
    """Say which words of a question no document has, and which the passage that answers has not.

    Args:
        unmentioned: Words that no document has, or none of the series named with it.
        lacking: Words that the passage lacks.
    """
    return [
        *(
            _('no document here mentions "%(word)s"', word=word)
            if series is None
            else _('no document of %(series)s mentions "%(word)s"', series=series, word=word)
            for word, series in unmentioned.items()
        ),
        *(
            _('the passage that answers does not mention "%(word)s"', word=word)
            for word in lacking
            if word not in unmentioned
        ),
    ]


def uncovered_year_notices(years: Sequence[int], series: str | None, covered: tuple[int, int] | None) -> list[str]:
    """Say that an answer is not about the years asked about.

    Args:
        years: The years asked about.
        series: The series of the answer, if no edition of it covers them.
        covered: The years that the document of the answer covers, if they are others.
    """
    asked = join_items(map(str, years))
    if series is not None:
        return [_("no edition of %(series)s covers %(years)s", series=series, years=asked)]
    if covered is not None:
        return [
            _(
                "the passage that answers is about %(covered)s, not %(years)s",
                covered=format_years(covered),
                years=asked,
            )
        ]
    return []


def language_notices(text: str, corpus_facts: CorpusFacts, quoted: Collection[str | None], model: str) -> list[str]:
    """Say that the sentences of an answer are in another language than the question.

    `quoted` are their languages. For a question without an answer, say that no document is in its language, and advise
    to use that of the documents if the model of the index relates no languages.
    """
    languages = query_terms.question_languages(text)
    if not languages:
        return []
    if quoted:
        others = sorted({_name(other) for other in quoted if other and other not in languages})
        return (
            [_("the answer is quoted in %(others)s, the language of the document", others=_(" and ").join(others))]
            if others
            else []
        )
    if not corpus_facts.languages or not corpus_facts.languages.isdisjoint(languages):
        return []
    available = join_items(sorted(map(_name, corpus_facts.languages)))
    documents = (
        _("the documents are in %(available)s: asking in that language may find more", available=available)
        if is_english(model)
        else _("the documents are in %(available)s", available=available)
    )
    return [
        _(
            "the question seems to be in %(language)s, but %(documents)s",
            language=_name(languages[0]),
            documents=documents,
        )
    ]


def _name(language: str) -> str:
    """Return the name of a language, or its code."""
    if current_language() == SOURCE_LANGUAGE:
        return _OTHER_NAMES.get(language) or STEMMERS.get(language, language).capitalize()
    from babel import Locale, UnknownLocaleError  # late: not needed for English

    try:
        return Locale.parse(language).get_display_name(current_language()) or language
    except (UnknownLocaleError, ValueError):
        return language


_KATAKANA_WORD = re.compile(f"[{KATAKANA}]{{3,}}")
"""A Japanese name or loan word, whose pairs of characters are its terms."""

_COUNTED_OF = re.compile(
    f"([{HAN}]{{2,}})(?:の|に関する|に関連する)(?=[{HAN}{KATAKANA}]{{2,}}は(?:何|いくら|いくつ|どれ))"
)
"""What a Japanese question says of the thing that it counts: 商標 of 商標の出願は何件ですか."""

_WIDE_WORD = re.compile(f"[{HAN}{KATAKANA}]+")


_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_MAX_UNKNOWN = 3
"""Maximum number of words of which a notice says that no document has them."""


@dataclass(frozen=True, slots=True)
class Shortcomings:
    """What an answer lacks of its question.

    `words` are names and nouns that its passage does not mention, `answer_type` is what its sentences do not give.
    `series` is its series if no edition of it covers the years asked about, and `covers` the years that its document
    covers instead of these.
    """

    words: Sequence[str] = ()
    answer_type: AnswerType | NamedType | None = None
    series: str | None = None
    covers: tuple[int, int] | None = None

    @property
    def limit(self) -> float:
        """The highest confidence in such an answer."""
        lacks = self.words or self.answer_type or self.series is not None or self.covers is not None
        return UNMENTIONED if lacks else 1.0

    def notices(self, unmentioned: Mapping[str, str | None], years: Sequence[int]) -> list[str]:
        """Return the notices of it. `unmentioned` are words that documents lack (see `find_missing_words`)."""
        return [
            *missing_word_notices(unmentioned, self.words),
            *([_(TYPE_LACKING[self.answer_type])] if self.answer_type else []),
            *uncovered_year_notices(years, self.series, self.covers),
        ]


def find_shortcomings(
    index: Index,
    analysis: QuestionAnalysis,
    corpus_facts: CorpusFacts,
    names: Sequence[str],
    selected: Sequence[SelectedSentence],
    hits: Sequence[Hit],
) -> Shortcomings:
    """Return what the selected sentences and the passage of the first one lack.

    Args:
        index: The index.
        analysis: The question.
        corpus_facts: Facts of the documents that were searched.
        names: Names in the question that a passage should mention.
        selected: The sentences of the answer, best first.
        hits: The hits with their passages.
    """
    if not selected:
        return Shortcomings()
    first, understood = hits[selected[0].passage], analysis.interpretation
    series = covers = None
    if not corpus_facts.uncovered_years(understood.years):  # of others `coverage_notices` tells
        series = _series_without_years(index, understood, first, selected)
        covers = _other_years(index, understood, first)
    lacking = _lacking_words(index, analysis, names, selected[0], first)
    return Shortcomings(lacking, _type_lacking(analysis, selected, hits), series, covers)


def _unmentioned_words(
    index: Index, analysis: QuestionAnalysis, hits: Sequence[Hit], term_weights: Mapping[str, float]
) -> dict[str, str | None]:
    """Return the names in a question that no document has, and what it counts if no document of the series has it.

    The value is the series of the first hit, None where no document of the index has the word. Only words in the
    language of the first hit are searched. A publication answers as if it were alone: lawyers in the report of a court
    do not make a police report tell their number.
    """
    if not _is_in_language_of(analysis, hits):
        return {}
    language, series = hits[0].document.language, hits[0].document.series
    of_series = [document.number for document in index.documents if document.series == series] if series else None
    counted = counted_noun(analysis.text)
    words = [word for name in names_to_mention(analysis, hits) for word in longer_words(name)]
    words += [*_KATAKANA_WORD.findall(analysis.topic), *_COUNTED_OF.findall(analysis.topic)]
    words += named_answer.complement_nouns(analysis.topic)
    unmentioned: dict[str, str | None] = {}
    for word in dict.fromkeys(filter(None, [counted, *words])):
        of_word = terms(word.removesuffix("ー"), language)  # サーバー is also written サーバ
        if not of_word or not all(term in term_weights for term in of_word):
            continue  # a correction of it was searched
        frequencies = index.records.document_frequencies(of_word).values()
        if not (all(frequencies) if _WIDE_WORD.fullmatch(word) else any(frequencies)):
            of_state = [terms(name, language) for name in names_of_state(word)]
            if not any(all(index.records.document_frequencies(name).values()) for name in of_state if name):
                unmentioned[word] = None
        elif word == counted and series and not index.passages_with_most_terms(of_word, 1, of_series):
            unmentioned[word] = series
    return unmentioned


def find_missing_words(
    index: Index,
    analysis: QuestionAnalysis,
    hits: Sequence[Hit],
    term_weights: Mapping[str, float],
    confidence: float,
) -> tuple[Mapping[str, str | None], float]:
    """Return the words of a question that documents lack (see `_unmentioned_words`), and the highest probability then.

    Where no document has any of its words, and no list of words has them, the nearest passages are about anything:
    "asdkjh".
    """
    is_unsure = confidence < FAIR and bool(term_weights) and not question_languages(analysis.text)
    if is_unsure and not any(index.records.document_frequencies([*term_weights]).values()):
        words = [word for word in _LONG_WORD.findall(analysis.topic) if terms(word, None)]
        language = hits[0].document.language if hits else None
        is_used = any(is_listed(word, language) for word in words) or is_listed_elsewhere(words, language)
        return dict.fromkeys(words[:_MAX_UNKNOWN]), UNMENTIONED if is_used else JUST_REFUSED
    unmentioned = _unmentioned_words(index, analysis, hits, term_weights)
    return unmentioned, UNMENTIONED if unmentioned else 1.0


def _lacks(index: Index, name: str, hit: Hit) -> bool:
    """Return whether a passage lacks a name that the library has; one that it has not may be misspelt."""
    of_name = terms(name, hit.document.language)
    return lacks_name(name, hit) and any(index.records.document_frequencies(of_name).values())


def _type_lacking(
    analysis: QuestionAnalysis, selected: Sequence[SelectedSentence], hits: Sequence[Hit]
) -> AnswerType | NamedType | None:
    """Return the type of answer that a question cannot do without, if no sentence of the answer has it."""
    texts = [each.text for each in selected]
    in_words = any(each.has_answer_type and not any(map(str.isdigit, each.text)) for each in selected)
    tables = {
        each.text: f"{hits[each.passage].stored.passage.header}\n{each.wording}" for each in selected if each.wording
    }
    if attribute := lacking_attribute(analysis.text, [f"{tables.get(text, '')} {text}" for text in texts]):
        return attribute
    lacking = None if in_words else lacks_required_type(analysis.text, texts, tables)
    if lacking == "date" and _edition_tells_year(analysis, selected[0], hits[selected[0].passage]):
        lacking = None
    return lacking or named_answer.lacks_name(analysis.text, texts, hits[selected[0].passage].document.language)


def _edition_tells_year(analysis: QuestionAnalysis, shown: SelectedSentence, hit: Hit) -> bool:
    """Return whether an edition is the year that a question asks for: its sentence tells what happened in that year.

    "Deer overtook elk" in the report on 2021 answers "In which year did deer overtake elk?", and "The hall has a new
    roof" does not answer "In which year was the hall built?". Nor does what is the case in several years.
    """
    covers, language = hit.document.covers, hit.document.language
    superlative = superlative_direction(analysis.text) != 0
    if covers is None or covers[1] - covers[0] > 1 or not (superlative or asks_for_year(analysis.text)):
        return False
    if not _is_in_language_of(analysis, [hit]):
        return False
    asked = terms(without_superlatives(without_year_words(analysis.topic)), language)
    words = [word for word in asked if not word.isdigit()]
    own = terms(shown.wording or shown.text, language)
    around = [*own, *terms(hit.stored.passage.prefix, language), *terms(hit.document.title, language)]
    if not superlative and _IS_STATE.search(shown.text) is not None:
        return False
    told = sum(_has_form(word, own) for word in words)
    if len(words) < (1 if superlative else _MIN_TOLD) or not told:
        return False
    in_context = own if not superlative else around
    return all(_has_form(word, in_context) for word in words)


def _has_form(word: str, among: Collection[str]) -> bool:
    """Return whether a word or another form of it is among some: "overtake" and "overtook"."""
    return any(word == other or common_beginning(word, other) >= _MIN_COMMON for other in among)


def _lacking_words(
    index: Index,
    analysis: QuestionAnalysis,
    names: Sequence[str],
    shown: SelectedSentence,
    first: Hit,
) -> list[str]:
    """Return the names, and the words for what is counted or is asked for, that the passage of an answer lacks."""
    lacking = [name for name in names if _lacks(index, name, first)]
    if complement := _unmatched_complement(analysis, shown, first):
        lacking.append(complement)
    if (counted := counted_noun(analysis.text)) and _lacks_counted(analysis, counted, first):
        lacking.append(counted)
    return list(dict.fromkeys(lacking))


def _lacks_counted(analysis: QuestionAnalysis, noun: str, hit: Hit) -> bool:
    """Return whether the passage of an answer, in the language of the question, lacks what the question counts.

    "Total | 35,709" of a table without turbot does not tell how many tonnes of turbot were farmed. Of 238 questions
    about reports of other publishers no right answer of .7 or more lacks it, of 9 such answers to near misses three do.
    """
    language = hit.document.language
    if not _is_in_language_of(analysis, [hit]):
        return False
    body = f"{hit.stored.passage.prefix} {hit.stored.passage.header} {hit.stored.passage.text} {hit.document.title}"
    return not named_answer.mentions(body, noun, language)


def _unmatched_complement(analysis: QuestionAnalysis, selected: SelectedSentence, hit: Hit) -> str | None:
    """Return what something is for in a question, where the sentence of an answer tells it for something else."""
    if selected.wording:
        return None
    body = f"{hit.stored.passage.prefix} {hit.stored.passage.text}"
    return named_answer.unmatched_complement(analysis.text, selected.text, body, hit.document.language)


def names_to_mention(analysis: QuestionAnalysis, hits: Sequence[Hit]) -> list[str]:
    """Return the names in a question that a passage of its language should mention."""
    return capitalised_names(analysis.topic, hits[0].document.language) if _is_in_language_of(analysis, hits) else []


def _series_without_years(
    index: Index, understood: Interpretation, hit: Hit, selected: Sequence[SelectedSentence]
) -> str | None:
    """Return the series of an answer if none of its editions is about the years asked about, which others are about.

    None also where the answer or its headings name these years.
    """
    series, years = hit.document.series, set(understood.years)
    if series is None or not years or understood.compare:
        return None
    asked = Period(min(years), max(years))
    for document in index.documents:
        if document.series != series:
            continue
        if document.years is None or is_about(asked, document.years):
            return None
    named = " ".join([*_own_headings(hit), *(part for each in selected for part in (each.text, each.wording))])
    return None if {*asked} <= written_years(named) else series


def _other_years(index: Index, understood: Interpretation, hit: Hit) -> tuple[int, int] | None:
    """Return the years that the document of an answer covers, if they are not those asked about, which it never names.

    None also where no other edition of its series covers the years asked about.
    """
    covers, series, years = hit.document.covers, hit.document.series, set(understood.years)
    if covers is None or series is None or not years or understood.compare or understood.editions:
        return None
    asked = Period(min(years), max(years))
    if not is_of_other_years(hit, years, " ".join([*_own_headings(hit), hit.stored.passage.text])):
        return None
    others = (document.covers for document in index.documents if document.series == series)
    return covers if any(other is not None and overlaps(asked, other) for other in others) else None


def _own_headings(hit: Hit) -> list[str]:
    """Return the headings above a passage but for its document's title, whose year is that of the edition."""
    title, series = hit.document.title.casefold(), (hit.document.series or "").casefold()
    headings = ((heading, heading.casefold()) for heading in hit.stored.passage.path)
    return [
        heading
        for heading, plain in headings
        if plain not in title and title not in plain and (not series or series not in plain)
    ]


def _is_in_language_of(analysis: QuestionAnalysis, hits: Sequence[Hit]) -> bool:
    """Return whether a question is in the language of the first hit."""
    return bool(hits) and primary_language(hits[0].document.language) in question_languages(analysis.text)
