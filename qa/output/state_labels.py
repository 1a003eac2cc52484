"""States in words: of a topic in a document, of a quotation of a draft, of a watched question.

The words are English: translate them where they are shown (`corpus.translation.gettext`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from corpus.translation import gettext_noop

if TYPE_CHECKING:
    from qa.checking.quotation_matching import QuotationState, Reason
    from qa.editions.alignment import SectionChange
    from qa.editions.topic_decision import TopicState
    from qa.watching import WatchState

TOPIC_STATES: Mapping[TopicState, str] = {
    "treats": gettext_noop("treats it"),
    "nothing_found": gettext_noop("nothing found"),
    "not_mentioned": gettext_noop("does not mention it"),
}
"""A document and a topic."""

SERIES_STATES: Mapping[TopicState, str] = {
    "treats": gettext_noop("Treated by: %(series)s."),
    "nothing_found": gettext_noop(
        "Nothing found (no passage about it, though similar words may occur) in: %(series)s."
    ),
    "not_mentioned": gettext_noop("Not mentioned (neither its words nor similar ones occur) in: %(series)s."),
}
"""A list of series and a topic."""

SECTION_CHANGES: Mapping[SectionChange, str] = {
    "kept": "same heading",
    "renamed": "renamed",
    "moved": "moved",
    "split": "split",
    "merged": "merged",
    "new": "new",
    "dropped": "dropped",
}
"""A section and the next edition, beside the share of its text that was kept, which may be 0."""

QUOTATION_STATES: Mapping[QuotationState, str] = {
    "verbatim": gettext_noop("verbatim"),
    "verbatim_but_for": gettext_noop("verbatim but for typography"),
    "altered": gettext_noop("altered"),
    "misattributed": gettext_noop("misattributed"),
    "not_found": gettext_noop("not found"),
    "cannot_be_checked": gettext_noop("cannot be checked"),
}

QUOTATION_REASONS: Mapping[Reason, str] = {
    "": "",
    "short": gettext_noop("too short"),
    "translation": gettext_noop("in another language than the documents"),
    "source": gettext_noop("its source is not in the library"),
    "year": gettext_noop("the draft names another year than that of the document"),
    "ocr": gettext_noop("letters or spaces that text recognition (OCR) confuses; look at the page"),
}
"""Why a quotation cannot be checked, or what to look at beside its state."""

WATCH_STATES: Mapping[WatchState, str] = {
    "new": gettext_noop("new"),
    "changed": gettext_noop("changed"),
    "gone": gettext_noop("gone"),
    "unchanged": gettext_noop("unchanged"),
    "not_answered": gettext_noop("not answered"),
}

WATCH_TONES: Mapping[WatchState, str] = {
    "new": "unsure",
    "changed": "unsure",
    "gone": "wrong",
    "unchanged": "good",
    "not_answered": "unsure",
}
"""Colours, as in a checked draft."""
