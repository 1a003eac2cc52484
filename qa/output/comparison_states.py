"""Labels of the states of a topic in text, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Mapping

from qa.editions.topic_passages import TopicState

STATES: Mapping[TopicState, str] = {
    "treats": "treats it",
    "nothing_found": "nothing found",
    "not_mentioned": "does not mention it",
}
"""By a document."""

SERIES_STATES: Mapping[TopicState, str] = {
    "treats": "Treated by",
    "nothing_found": "Nothing found in",
    "not_mentioned": "Not mentioned by",
}
"""Before a list of series."""
