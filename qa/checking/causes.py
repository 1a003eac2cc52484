"""Whether a source gives the cause that a draft gives: "because of the drought" where the source has a strike.

A figure may be right and the cause given beside it wrong. A draft that repeats the cause of its source usually has at
least one of its words. If the source has none of them near the figure, the cause cannot be checked.
"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.metadata.language import primary_language
from index.lexical.analysis import FUNCTION_WORDS, roots, terms
from qa.checking.claims import Claim
from qa.editions.figures.sentence_figures import Figure

_BEFORE_CAUSE = re.compile(
    r"(?<!\w)(?:because(?:\s+of)?|due\s+to|owing\s+to|thanks\s+to|as\s+a\s+result\s+of|caused\s+by|on\s+account\s+of|for\s+(?:want|lack)\s+of|blamed\s+on|attributed\s+to"
    r"|wegen|weil|aufgrund|infolge|dank|mangels|à\s+cause\s+d(?:e|es|u)|en\s+raison\s+d(?:e|es|u)|grâce\s+(?:à|aux?)|faute\s+de|parce\s+qu(?:e|['’])|du\s+fait\s+d(?:e|es|u)"
    r"|a\s+causa\s+del?|por\s+culpa\s+del?|debido\s+al?|gracias\s+al?|porque|por\s+falta\s+de|a\s+causa\s+d[ei]l?\w*|grazie\s+al?\w*|devido\s+[aà]o?s?|por\s+causa\s+d[aeo]s?"
    r"|omdat|wegens|dankzij|als\s+gevolg\s+van)(?!\w)",
    re.IGNORECASE,
)
"""Words before a cause."""

_AFTER_CAUSE = re.compile(
    r"(?<!\w)(?:caused(?!\s+by)|led\s+to|brought\s+about|(?:is|was|were)\s+(?:to\s+blame|the\s+(?:cause|reason))|verursachte\w*|führte\w*\s+zu|a\s+(?:causé|provoqué|entraîné)"
    r"|ont\s+(?:causé|provoqué|entraîné)|caus(?:ó|aron)|provoc(?:ó|aron))(?!\w)",
    re.IGNORECASE,
)
"""Words after a cause."""

_CLAUSE_END = re.compile(r"[,;:.!?](?=\s|$)|\s[–—]\s")
_MIN_WORD = 3
"""Letters of a word that says something."""


def lacks_cause(figure: Figure, claim: Claim, near: str) -> bool:
    """Return whether a claim gives a cause of which the text around a figure of its source has no word.

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        near: The sentences around the equal figure of the source, and the headings above it.
    """
    if claim.is_translated:
        return False
    start, end = _cause(figure.sentence.text)
    if start <= figure.quantity.start < end:
        end = figure.quantity.start  # "because of 14 frosts", "wegen eines Streiks fielen 52 Fahrten aus"
    named = frozenset().union(*claim.names, *claim.frequent_names)
    said = roots(_content(figure.sentence.text[start:end], claim.language) & (claim.words | named))
    return bool(said) and said.isdisjoint(roots(_content(near, claim.language)))


@lru_cache(maxsize=256)
def _cause(text: str) -> tuple[int, int]:
    """Return the span of the cause that a sentence gives; an empty one if it gives none."""
    before = _BEFORE_CAUSE.search(text)
    if before is not None:
        stop = _CLAUSE_END.search(text, before.end())
        return before.end(), stop.start() if stop is not None else len(text)
    after = _AFTER_CAUSE.search(text)
    if after is None:
        return 0, 0
    start = max((match.end() for match in _CLAUSE_END.finditer(text, 0, after.start())), default=0)
    return start, after.start()


def _content(text: str, language: str | None) -> frozenset[str]:
    """Return the stems of a text that say something; of German, those of its nouns."""
    is_german = primary_language(language) == "de"
    words = (
        word
        for word in re.findall(rf"[^\W\d_]{{{_MIN_WORD},}}", text)
        if word.casefold() not in FUNCTION_WORDS and (word[0].isupper() or not is_german)
    )
    return frozenset(term for word in words for term in terms(word, language))
