"""Decide by the words of the document, else by a list of its language, which words are hyphenated at line ends.

A hyphen at a line's end divides a word ("desali-/nation") or belongs to it ("long-/term"). The lists are those of
pyspellchecker; for a language without a list only the document decides, and a hyphen in doubt is kept.
"""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cached_property, lru_cache
from importlib import resources
from typing import IO

from corpus.metadata.language import detect_language, primary_language

_SAMPLE = 3000
"""Words by which the language is detected."""
_CLOSED_COMPOUNDS = frozenset({"de", "nl", "sv", "da", "no", "fi"})
"""Languages that write compounds of lower-case words without a hyphen."""
_PART = 1 << 16
"""Bytes of a list that are read at a time."""
_COUNTED = frozenset({"en"})
"""Languages whose list counts the words that are in use; other words have the lowest count."""
_LATIN = ("de", "en", "es", "fr", "it", "nl", "pt")
"""Languages in Latin letters that have a list."""
_COUNT = re.compile(rb": \d+,?\n\}?")
_UNCOUNTED = re.compile(rb'(?m)^\s*"[^"\n]*": 50,?\n')
_AFTER_ALL = b"\xff\n"
"""A line after all words."""


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

    def occurs_elsewhere(self, word: str) -> bool:
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
    def _listed(self) -> _WordList | frozenset[str]:
        return _word_list(self._language or "en")


def is_listed(word: str, language: str | None) -> bool:
    """Return whether a word is in use in a language, English if None, by its list; True if there is no list.

    Where the list counts most words that are in use, the others do not count: in English these are rare, or foreign.
    """
    primary = primary_language(language)
    words = _word_list(primary, counted=primary in _COUNTED)
    return not words or word.casefold() in words


def is_listed_elsewhere(words: Collection[str], language: str | None) -> bool:
    """Return whether no word is in use in a language, and the list of another language has all of them."""
    if any(is_listed(word, language) for word in words):
        return False
    others = (_word_list(other) for other in _LATIN if other != primary_language(language))
    return any(all(word.casefold() in listed for word in words) for listed in others)


class _WordList:
    """The words of a gzipped JSON file with one sorted word a line, as bytes: a twentieth of the memory of a set."""

    def __init__(self, file: IO[bytes], *, counted: bool) -> None:
        self._words = bytearray(b"\n")
        with gzip.open(file) as lines:
            lines.readline()  # the bracket
            while part := lines.read(_PART) + lines.readline():
                part = _UNCOUNTED.sub(b"", part) if counted else part
                self._words += _COUNT.sub(b"\n", part.replace(b'"', b""))
        self._words += _AFTER_ALL

    def __contains__(self, word: str) -> bool:
        wanted = bytearray(word, "utf-8", "replace")
        positions = range(len(self._words) - len(_AFTER_ALL))
        return self._word_after(bisect_left(positions, wanted, key=self._word_after)) == wanted

    def _word_after(self, position: int) -> bytearray:
        """Return the word of the first line that begins after a position."""
        start = self._words.index(b"\n", position) + 1
        return self._words[start : self._words.index(b"\n", start)]


@lru_cache(maxsize=len(_LATIN) + len(_COUNTED))
def _word_list(language: str, *, counted: bool = False) -> _WordList | frozenset[str]:
    """Return the words of a language, or those that are counted; none if there is no list."""
    try:
        file = resources.files("spellchecker") / "resources" / f"{language}.json.gz"
        with file.open("rb") as opened:
            return _WordList(opened, counted=counted)
    except (ModuleNotFoundError, FileNotFoundError):
        return frozenset()
