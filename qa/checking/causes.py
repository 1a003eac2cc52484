"""Whether a source gives the cause that a draft gives: "because of the drought" where the source has a strike.

A figure may be right and the cause given beside it wrong. A draft that repeats the cause of its source usually has at
least one of its words. If the source has none of them near the figure, or gives another cause in the clause of the
figure, the cause cannot be checked.
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

_PART_END = re.compile(r"[;:.!?](?=\s|$)")
_CLAUSE_END = re.compile(r"[,;:.!?](?=\s|$)|\s[–—]\s")
_MIN_WORD = 3
"""Letters of a word that says something."""


def lacks_cause(figure: Figure, claim: Claim, other: Figure, near: str) -> bool:
    """Return whether a claim gives a cause that its source does not give of a figure.

    Args:
        figure: The figure of the claim.
        claim: Its sentence.
        other: The equal figure of the source.
        near: The sentences around that, and the headings above it.
    """
    if claim.is_translated:
        return False
    named = frozenset().union(*claim.names, *claim.frequent_names)
    said = roots(_cause_of(figure, claim.language) & (claim.words | named))
    if not said:
        return False
    given = frozenset() if other.sentence.header else roots(_cause_of(other, claim.language))
    return said.isdisjoint(given or roots(_content(near, claim.language)))


def _cause_of(figure: Figure, language: str | None) -> frozenset[str]:
    """Return the stems of the cause that a sentence gives of its figure, if any."""
    text, quantity = figure.sentence.text, figure.quantity
    start, end = _cause(text)
    if start <= quantity.start < end:
        end = quantity.start  # "because of 14 frosts", "wegen eines Streiks fielen 52 Fahrten aus"
    first, last = sorted(((start, end), (quantity.start, quantity.end)))
    is_of_another = _PART_END.search(text, first[1], last[0]) is not None
    return frozenset() if is_of_another else _content(text[start:end], language)


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
