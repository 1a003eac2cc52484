"""What an answer has to say of itself: years not covered, filters that leave nothing, documents not searched."""

from __future__ import annotations

from collections.abc import Sequence

from index.search import Hit
from qa.citation import years
from qa.holdings import Holdings
from qa.question import Understood

MOST_NAMED = 100
"""So many documents that were not searched are named."""


def about(understood: Understood, holdings: Holdings, hits: Sequence[Hit], unsearched: Sequence[str] = ()) -> list[str]:
    """Notices about an answer from these hits; `unsearched` are ids of documents that could not be looked through."""
    notices = [_incomplete(unsearched)] if unsearched else []
    if not holdings.documents:
        return ["the index holds no documents: add some with `yearbook-qa index PATH...`"]
    if understood.filters and not hits and not unsearched:
        written = ", ".join(f"{name} {', '.join(values)}" for name, values in understood.filters.as_json().items())
        return [f"no document here fits the filter ({written}); yearbook-qa info lists what is here"]
    missing = holdings.uncovered(understood.years)
    if missing and (len(understood.years) < 6 or len(missing) == len(understood.years)):
        in_words = years((missing[0], missing[-1])) if _is_run(missing) else ", ".join(map(str, missing))
        notices.append(f"no edition here covers {in_words}")
    absent = [year for year in understood.editions if year not in holdings.editions]
    if absent and holdings.editions:
        notices.append(f"no edition of {', '.join(map(str, absent))} is here")
    return notices


def _incomplete(documents: Sequence[str]) -> str:
    named = ", ".join(documents[:MOST_NAMED])
    more = f" and {len(documents) - MOST_NAMED:,} more" if len(documents) > MOST_NAMED else ""
    return f"the answer is incomplete, the machines of some documents do not answer; not searched: {named}{more}"


def _is_run(values: Sequence[int]) -> bool:
    return len(values) > 2 and values[-1] - values[0] == len(values) - 1
