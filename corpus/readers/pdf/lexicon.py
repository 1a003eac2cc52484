"""Decides by the words of the document, else by a list of its language, which words the print divides.

A hyphen at a line's end divides a word ("desali-/nation") or belongs to it ("long-/term"). The lists are those of
pyspellchecker; for a language without a list only the document decides, and a hyphen in doubt is kept.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping
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
    def _listed(self) -> Mapping[str, int]:
        return _frequencies(self._language or "en")


@lru_cache(maxsize=4)
def _frequencies(language: str) -> Mapping[str, int]:
    """Return the words of a language with their frequencies; none if there is no list."""
    try:
        file = resources.files("spellchecker") / "resources" / f"{language}.json.gz"
    except ModuleNotFoundError:
        return {}
    return json.loads(gzip.decompress(file.read_bytes())) if file.is_file() else {}
