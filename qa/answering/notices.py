"""Notices of an answer: what was not searched or is not covered, what the answer lacks, its language."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from corpus.translation import SOURCE_LANGUAGE, current_language, gettext_noop, join_items
from corpus.translation import gettext as _
from index.lexical import query_terms
from index.lexical.analysis import STEMMERS
from index.models.packaged_models import is_english
from index.ranking.search import Hit
from qa.citation import format_years
from qa.question.analysis import Interpretation
from qa.question.answer_type import AnswerType
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
