"""Whether two editions say the same: their wording without what never changes the meaning.

Deliberately strict, because an answer reported as unchanged is not read again: numbers, negations, tenses, prepositions
and the order of words must agree. Only articles, forms of "be" and the like, punctuation, case, British or American
spelling and the endings of words may differ, and these only in English; in other languages only punctuation and case.
"""

from __future__ import annotations

from index.lexical.analysis import terms
from qa.editions import words

_NEUTRAL = frozenset("the of as is are be been being it its and that which also".split())
_BE = frozenset("is are be been being".split())
_SIGNS = frozenset("%‰$€£¥₹°+=<>")
"""Signs that belong to a figure."""


def wording(text: str, language: str | None) -> str:
    """Return the words that carry a text's meaning, each with a blank before and after it."""
    is_english = (language or "en").split("-")[0] == "en"
    kept: list[str] = []
    passive = False  # "is positioned" may become "positions"; "supported" may not become "supports"
    for token, _, _ in words.tokens(text):
        word = token.casefold()
        if not any(map(str.isalnum, word)):
            kept += [word] if word in _SIGNS else []
        elif not is_english or any(map(str.isdigit, word)):
            kept.append(word)
        elif word not in _NEUTRAL:
            past = "+ed" if word.endswith("ed") and not passive else ""
            kept.append(("".join(terms(word, "en")) or word) + past)
        passive = word in _BE
    return f" {' '.join(kept)} "
