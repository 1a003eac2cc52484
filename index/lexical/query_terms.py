"""A question's terms and what each weighs: its inverse document frequency among the passages of the index.

Pure: how many passages hold a term is asked of the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from index.lexical import bm25, spelling
from index.lexical.analysis import terms

Frequencies = Callable[[Sequence[str]], Mapping[str, int]]
"""Terms to the number of passages that hold each; 0 for one that the corpus does not know."""

_TOKEN = re.compile(r"\w+")


def language_of(text: str, languages: Sequence[str]) -> str:
    """Of the languages of a corpus, the commonest first, the one that has most of a text's words as stop words."""
    if len(languages) == 1:
        return languages[0]
    tokens = _TOKEN.findall(text)
    return max(languages, key=lambda one: sum(not _of_token(token, one) for token in tokens), default="en")


@lru_cache(maxsize=1 << 14)
def _of_token(token: str, language: str) -> tuple[str, ...]:
    """The terms of one word: questions share most of theirs, and each language of the corpus is asked."""
    return tuple(terms(token, language))


def weigh(text: str, languages: Sequence[str], frequencies: Frequencies, passages: int) -> dict[str, dict[str, float]]:
    """The distinct terms of a text with their idf among so many passages, as documents of each language have them.

    The text's own language comes first, and what are stop words in it are no terms in any. A word of it that the corpus
    does not know is read as the commonest known one that is one edit away, if there is one; else it weighs as what no
    passage has.
    """
    own = language_of(text, languages)
    tokens = [token for token in dict.fromkeys(_TOKEN.findall(text)) if _of_token(token, own)]
    found = {one: [term for token in tokens for term in _of_token(token, one)] for one in (own, *languages)}
    counts = dict(frequencies(list(dict.fromkeys(term for some in found.values() for term in some))))
    edits = {term: spelling.near(term) for term in found[own] if not counts[term]}
    counts |= frequencies([edit for near in edits.values() for edit in near])
    meant = {
        term: known
        for term, near in edits.items()
        if counts[known := max(near, key=lambda edit: (counts[edit], edit), default=term)]
    }
    found[own] = [meant.get(term, term) for term in found[own]]
    return {
        language: {term: bm25.idf(passages, counts[term]) for term in dict.fromkeys(some)}
        for language, some in found.items()
    }
