"""Derive search terms from development data by rule, because people type both questions and search terms.

Headings of a corpus are terms that it answers, titles of unrelated articles are terms that it does not. A question
reduced to its words of highest weight is answered if the question is.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from pathlib import Path

from index.lexical.analysis import terms
from index.ranking.search import Index

LONGEST = 7
"""Words; longer headings are not used as searches."""

MIN_WORDS, MAX_WORDS = 2, 5
"""Words of a reduced question."""

_NUMBERING = re.compile(r"^[\s(\[]*(?:\d+|[A-Za-z])[\s.)\]:]+")
_WORD = re.compile(r"[^\W_](?:[\w'’.&-]*[^\W_])?")
_ASKING = frozenset(
    "what which who whom whose when where why how did does do is are was were has have had many much long often".split()
)


def headings(index: Index) -> list[str]:
    """Return the headings above the passages of an index, without their numbers."""
    result: set[str] = set()
    for document in index.documents:
        for stored in index.records.passages_of_document(document.number):
            bare = (_NUMBERING.sub("", _NUMBERING.sub("", heading)).strip() for heading in stored.passage.path)
            result.update(heading for heading in bare if 0 < len(heading.split()) <= LONGEST)
    return sorted(result)


def titles(folder: Path) -> list[str]:
    """Return the titles of the documents of a set."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        return sorted({json.loads(line)["title"] for line in lines})


def cut_down(question: str, weights: Mapping[str, float]) -> str:
    """Return the question's words of highest weight in their order; a hash of its letters decides how many."""
    count = MIN_WORDS + zlib.crc32(question.encode()) % (MAX_WORDS - MIN_WORDS + 1)
    words: list[tuple[float, int, str]] = []
    for match in _WORD.finditer(question):
        known = [weights[term] for term in terms(match.group(), "en") if term in weights]
        if known and match.group().casefold() not in _ASKING:
            words.append((-max(known), match.start(), match.group()))
    kept = sorted(words)[:count]
    return " ".join(word for _, _, word in sorted(kept, key=lambda one: one[1]))
