"""What an answer has to say of itself: years not covered, filters that leave nothing, documents not searched."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.metadata.language import detect_language
from index.ranking.search import Hit
from qa.citation import format_years
from qa.question.analysis import Interpretation
from qa.question.corpus_facts import CorpusFacts, no_match_notice

MOST_NAMED = 100
"""So many documents that were not searched are named."""


def about(
    understood: Interpretation, corpus_facts: CorpusFacts, hits: Sequence[Hit], unsearched: Sequence[str] = ()
) -> list[str]:
    """Notices about an answer from these hits; `unsearched` are ids of documents that could not be looked through."""
    notices = [_incomplete(unsearched)] if unsearched else []
    if not corpus_facts.documents:
        return ["the index holds no documents: add some with `yearbook-qa index PATH...`"]
    if understood.filters and not hits and not unsearched:
        return [no_match_notice(understood.filters, corpus_facts)]
    missing = corpus_facts.uncovered_years(understood.years)
    if missing and (len(understood.years) < 6 or len(missing) == len(understood.years)):
        in_words = format_years((missing[0], missing[-1])) if _is_run(missing) else ", ".join(map(str, missing))
        notices.append(f"no edition here covers {in_words}")
    absent = [year for year in understood.editions if year not in corpus_facts.editions]
    if absent and corpus_facts.editions:
        notices.append(f"no edition of {', '.join(map(str, absent))} is here")
    return notices


def in_another_language(text: str, corpus_facts: CorpusFacts) -> list[str]:
    """That a question which is not answered seems to be in a language that no document is in."""
    asked = detect_language(text)
    if asked is None or not corpus_facts.languages or asked in corpus_facts.languages:
        return []
    there = ", ".join(sorted(corpus_facts.languages))
    return [f"the question seems to be in another language ({asked}) than the documents ({there}): ask in theirs"]


def _incomplete(documents: Sequence[str]) -> str:
    named = ", ".join(documents[:MOST_NAMED])
    more = f" and {len(documents) - MOST_NAMED:,} more" if len(documents) > MOST_NAMED else ""
    return f"the answer is incomplete, the machines of some documents do not answer; not searched: {named}{more}"


def _is_run(values: Sequence[int]) -> bool:
    return len(values) > 2 and values[-1] - values[0] == len(values) - 1
