"""A question's terms and what each weighs: its inverse document frequency among the passages of the index.

Pure: how many passages hold a term is asked of the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from index import bm25, spelling
from index.analysis import terms

Frequencies = Callable[[Sequence[str]], Mapping[str, int]]
"""Terms to the number of passages that hold each; 0 for one that the corpus does not know."""

_TOKEN = re.compile(r"\w+")


def language_of(text: str, languages: Sequence[str]) -> str:
    """Of the languages of a corpus, the commonest first, the one that has most of a text's words as stop words."""
    if len(languages) == 1:
        return languages[0]
    tokens = _TOKEN.findall(text)
    return max(languages, key=lambda one: sum(not terms(token, one) for token in tokens), default="en")


def weigh(
    text: str, frequencies: Frequencies, passages: int, *, language: str = "en", read_as: str | None = None
) -> dict[str, float]:
    """The distinct terms of a text with their idf among so many passages, in the order of the text.

    A word that the corpus does not know is read as the commonest known one that is one edit away, if there is one; else
    it weighs as what no passage has. `read_as` is the language of documents to be matched, where it is another than the
    text's: what are stop words in the text's own language are no terms in any, and misspellings are left alone.
    """
    found = [
        term
        for token in dict.fromkeys(_TOKEN.findall(text))
        if (own := terms(token, language))
        for term in (own if read_as is None else terms(token, read_as))
    ]
    counts = dict(frequencies(found))
    unknown = [term for term in found if not counts[term]] if read_as is None else []
    edits = {term: spelling.near(term) for term in unknown}
    counts |= frequencies([edit for near in edits.values() for edit in near])
    meant = {
        term: known
        for term, near in edits.items()
        if counts[known := max(near, key=lambda edit: (counts[edit], edit), default=term)]
    }
    return {term: bm25.idf(passages, counts[term]) for term in dict.fromkeys(meant.get(term, term) for term in found)}
