"""Determine the terms of a question and their weights: the inverse document frequency among the index's passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from index.lexical import analysis, bm25, spelling

Frequencies = Callable[[Sequence[str]], Mapping[str, int]]
"""Maps terms to the number of passages that contain each; 0 for an unknown term."""

_TOKEN = re.compile(r"\w+")


def language_of(text: str, languages: Sequence[str]) -> str:
    """Return the language in which most of a text's words are stop words; the first (most common) if none is ahead."""
    if len(languages) == 1:
        return languages[0]
    tokens = _TOKEN.findall(text)
    return max(languages, key=lambda language: sum(not _token_terms(token, language) for token in tokens), default="en")


@lru_cache(maxsize=1 << 14)
def _token_terms(token: str, language: str) -> tuple[str, ...]:
    """Return the terms of one word; cached, since questions share most words and every language analyses each."""
    return tuple(analysis.terms(token, language))


def weigh(text: str, languages: Sequence[str], frequencies: Frequencies, passages: int) -> dict[str, dict[str, float]]:
    """Return the distinct terms of a question with their idf, for the documents of each language.

    Stop words of the question's own language are terms in none. A word that the corpus does not contain is replaced by
    the most frequent known word one edit away, if any; otherwise it keeps the weight of a term in no passage.

    Args:
        text: The question.
        languages: Languages of the corpus, the most common first.
        frequencies: Looks up in how many passages terms occur.
        passages: Number of passages.

    Returns:
        By language, the question's own first: term to idf, in the order of the text.
    """
    own = language_of(text, languages)
    tokens = [token for token in dict.fromkeys(_TOKEN.findall(text)) if _token_terms(token, own)]
    by_language = {
        language: [term for token in tokens for term in _token_terms(token, language)] for language in (own, *languages)
    }
    counts = dict(frequencies(list(dict.fromkeys(term for terms in by_language.values() for term in terms))))
    edits = {term: spelling.near(term) for term in by_language[own] if not counts[term]}
    counts |= frequencies([edit for near in edits.values() for edit in near])
    corrected = {
        term: known
        for term, near in edits.items()
        if counts[known := max(near, key=lambda edit: (counts[edit], edit), default=term)]
    }
    by_language[own] = [corrected.get(term, term) for term in by_language[own]]
    return {
        language: {term: bm25.idf(passages, counts[term]) for term in dict.fromkeys(terms)}
        for language, terms in by_language.items()
    }
