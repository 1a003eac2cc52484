"""Labels of the states of a topic in text, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.translation import gettext_noop
from qa.editions.topic_passages import TopicState

STATES: Mapping[TopicState, str] = {
    "treats": gettext_noop("treats it"),
    "nothing_found": gettext_noop("nothing found"),
    "not_mentioned": gettext_noop("does not mention it"),
}
"""By a document."""

SERIES_STATES: Mapping[TopicState, str] = {
    "treats": gettext_noop("Treated by: %(series)s."),
    "nothing_found": gettext_noop("Nothing found in: %(series)s."),
    "not_mentioned": gettext_noop("Not mentioned by: %(series)s."),
}
"""By a list of series."""
