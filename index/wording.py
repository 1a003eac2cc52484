"""A question's terms and what each weighs: its inverse document frequency, in whatever languages the corpus has.

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


def weigh(text: str, languages: Sequence[str], frequencies: Frequencies, passages: int) -> dict[str, float]:
    """The distinct terms of a text with their idf among so many passages, in the order of the text.

    A word counts in the languages that know it. One that none knows is read as the commonest known word one edit away,
    if there is one; else it weighs as what no passage has.
    """
    readings = [
        list(dict.fromkeys(term for language in languages for term in terms(token, language)))
        for token in dict.fromkeys(_TOKEN.findall(text))
    ]
    counts = dict(frequencies([term for reading in readings for term in reading]))
    unknown = [reading for reading in readings if not any(counts[term] for term in reading)]
    edits = {term: spelling.near(term) for reading in unknown for term in reading}
    counts |= frequencies([edit for near in edits.values() for edit in near])
    chosen: dict[str, float] = {}
    for reading in readings:
        one_word = len(reading) <= len(languages)  # a run of Chinese or Japanese gives many terms, which all count
        for term in [term for term in reading if counts[term]] if one_word else reading:
            chosen.setdefault(term, bm25.idf(passages, counts[term]))
        if reading in unknown and one_word:
            for term in reading:
                known = max(edits[term], key=lambda edit: (counts[edit], edit), default=term)
                term = known if counts[known] else term
                chosen.setdefault(term, bm25.idf(passages, counts[term]))
    return chosen
