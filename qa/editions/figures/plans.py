"""Words for what is planned, expected or asked for, and is no result."""

from __future__ import annotations

import re

PLAN_WORDS = (
    r"(?:\b(?:plan(?:s|ned)?|targets?|goals?|budget(?:ed|s)?|forecasts?|ziele?|sollwert|soll|geplant\w*|planwert|haushaltsansatz"
    r"|objectifs?|prévu\w*|prévisions?|objetivos?|previst[oa]s?|metas?|presupuesto|preventiv[oi]|obiettiv[oi]"
    r"|doel(?:en|stelling)?|begroot|begroting)\b|目標|計画|予算|見込み?|目标|计划|预算)"
)
"""Pattern of the nouns and participles for a planned amount."""

EXPECTED = re.compile(
    r"\b(?:expect\w*|forecasts?|predict(?:s|ed)?|project(?:ed|ions)|intend\w*|plan(?:s|ned|ning)?|undert(?:ook|aken|akes?)\s+to|(?-i:hop(?:es?|ed|ing))"
    r"|propos(?:e[ds]?|als?)|aim(?:s|ed)?|reckon\w*|(?-i:will)(?=\s+(?!(?:be\s+)?remembered)[a-z])|would|shall|(?:is|are|was|were)\s+to\s+(?!\d)|going\s+to|next\s+year"
    r"|due\s+to\s+(?:be|open|begin|start|rise|fall|reach|cost)|target\w*"
    r"|erwart\w*|rechne\w*|(?-i:will)(?=\s+[\da-zäöü])|wollen|soll(?:en|te[n]?)?|plan(?:en|te[n]?)|plant(?=,|\s+(?:der|die|das|den|dem|für|bis|im|zu|mit|ab|eine\w*|\d))|künftig\w*|nächste[ns]?"
    r"|prévo\w+|attend(?:ons|ent|us?|ue?s?)|devra\w*|ser(?:a|ont)|vise\w*|proposons|proposé\w*"
    r"|prevé\w*|prev[eé]n?|espera\w*|será\w*|pretende\w*|propon\w+|propus\w+|prevede\w*|sar(?:à|anno)|verwacht\w*|zal|zullen)\b"
    r"|予定|見込|計画|見通し|目標|方針",
    re.IGNORECASE,
)
"""Words for what is expected, planned or proposed."""

REQUESTED = re.compile(
    r"\b(?:request\w*|asked\s+for|appl(?:y|ied|ies)\s+for|sought|beantrag\w*|demand(?:e|é|ée|ent)s?|solicit\w*|pid(?:e|ió)|richie(?:de|sto|sti)"
    r"|aangevraagd)\b|要求",
    re.IGNORECASE,
)
"""Words for an amount that somebody asked for."""

_PLAN = re.compile(PLAN_WORDS, re.IGNORECASE)
_WISHED = re.compile(
    r"\b(?:wants?|scheduled|estimat(?:es|ed)\s+for|vorgesehen|souhait\w+|prév\w+|ziel\w*|esper\w+)\b", re.IGNORECASE
)


def tells_plan(text: str) -> bool:
    """Return whether a text has a word for what is planned, expected, wished or asked for."""
    return any(pattern.search(text) is not None for pattern in (_PLAN, EXPECTED, REQUESTED, _WISHED))
