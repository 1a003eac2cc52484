"""Search terms in place of questions, made of development data by rule: for people type both.

Headings of the corpus itself are terms that it answers, titles of articles about other things are not; and a question
cut down to its weightiest words is answered where the question is.
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
"""Words; a longer heading is no search."""

LEAST_WORDS, MOST_WORDS = 2, 5
"""Of a question cut down."""

_NUMBERING = re.compile(r"^[\s(\[]*(?:\d+|[A-Za-z])[\s.)\]:]+")
_WORD = re.compile(r"[^\W_](?:[\w'’.&-]*[^\W_])?")
_ASKING = frozenset(
    "what which who whom whose when where why how did does do is are was were has have had many much long often".split()
)


def headings(index: Index) -> list[str]:
    """The headings above the passages of an index, without their numbers."""
    found: set[str] = set()
    for document in index.documents:
        for stored in index.records.passages_of_document(document.number):
            bare = (_NUMBERING.sub("", _NUMBERING.sub("", heading)).strip() for heading in stored.passage.path)
            found.update(heading for heading in bare if 0 < len(heading.split()) <= LONGEST)
    return sorted(found)


def titles(folder: Path) -> list[str]:
    """The titles of the documents of a set."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        return sorted({json.loads(line)["title"] for line in lines})


def cut_down(question: str, weights: Mapping[str, float]) -> str:
    """The question's weightiest words in their order; how many is drawn from its letters."""
    count = LEAST_WORDS + zlib.crc32(question.encode()) % (MOST_WORDS - LEAST_WORDS + 1)
    words: list[tuple[float, int, str]] = []
    for match in _WORD.finditer(question):
        known = [weights[term] for term in terms(match.group(), "en") if term in weights]
        if known and match.group().casefold() not in _ASKING:
            words.append((-max(known), match.start(), match.group()))
    kept = sorted(words)[:count]
    return " ".join(word for _, _, word in sorted(kept, key=lambda one: one[1]))
