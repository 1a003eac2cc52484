"""Decides by the words of the document, else by a list of its language, which words the print divides.

A hyphen at a line's end divides a word ("desali-/nation") or belongs to it ("long-/term"). The lists are those of
pyspellchecker; for a language without a list only the document decides, and a hyphen in doubt is kept.
"""

from __future__ import annotations

import gzip
import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache
from importlib import resources

from corpus.metadata.language import detect_language

_SAMPLE = 3000
"""Words by which the language is detected."""
_CLOSED_COMPOUNDS = frozenset({"de", "nl", "sv", "da", "no", "fi"})
"""Languages that write compounds of lower-case words without a hyphen."""


class Lexicon:
    """The words of a document and of its language."""

    def __init__(self, words: Iterable[str]) -> None:
        """Count the words of a document in text order, without those that are divided."""
        read = list(words)
        self._counts = Counter(word.lower() for word in read)
        self._sample = " ".join(read[:_SAMPLE])

    def __contains__(self, word: str) -> bool:
        """Return whether the document or its language has a word."""
        return word.lower() in self._counts or word.lower() in self._listed

    def has_besides(self, word: str) -> bool:
        """Return whether the document has a word, besides one place where it may be a part, or its language has it."""
        return self._counts[word.lower()] > 1 or word.lower() in self._listed

    def is_divided(self, before: str, after: str) -> bool:
        """Return whether the hyphen between the end of a line and the word below only divides a word."""
        joined = self._counts[f"{before}{after}".lower()]
        hyphenated = self._counts[f"{before}-{after}".lower()]
        if joined or hyphenated:
            return joined >= hyphenated
        if after[:1].isupper() or before.isupper():
            return False
        if self._language in _CLOSED_COMPOUNDS:
            return True
        if not self._listed:
            return False
        first, second = before.rpartition("-")[2].lower(), after.partition("-")[0].lower()
        return first + second in self._listed or not (first in self._listed and second in self._listed)

    @cached_property
    def _language(self) -> str | None:
        return detect_language(self._sample)

    @cached_property
    def _listed(self) -> _WordList:
        return _word_list(self._language or "en")


class _WordList:
    """The words of a JSON file with one sorted word a line, which takes a tenth of the memory of a dictionary."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._starts = array("I", (match.end() for match in re.finditer(rb'\n"', data)))

    def __len__(self) -> int:
        return len(self._starts)

    def __contains__(self, word: str) -> bool:
        wanted = word.encode("utf-8", "replace")
        position = bisect_left(self._starts, wanted, key=self._word_at)
        return position < len(self._starts) and self._word_at(self._starts[position]) == wanted

    def _word_at(self, start: int) -> bytes:
        return self._data[start : self._data.index(b'"', start)]


@lru_cache(maxsize=4)
def _word_list(language: str) -> _WordList:
    """Return the words of a language; none if there is no list."""
    try:
        file = resources.files("spellchecker") / "resources" / f"{language}.json.gz"
    except ModuleNotFoundError:
        return _WordList(b"")
    return _WordList(gzip.decompress(file.read_bytes()) if file.is_file() else b"")
