"""Count words, phrases and topics per edition, normalised by the length of the edition.

A word or phrase is matched as written, in any case, across line breaks; `*` at the end of a word stands for any ending.
A topic is matched by meaning: what is counted are the passages about it, as in a comparison of editions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.scripts import COMPATIBILITY_HAN, UNSPACED
from corpus.translation import gettext as _
from index.ranking.search import Hit, Index
from index.storage.reader import DocumentInfo
from qa.answering.library import Library
from qa.editions.sections import Edition
from qa.editions.topic_comparison import PROMINENT
from qa.editions.topic_passages import match_topic
from qa.errors import CompareError, EmptyQuestion

MAX_TERMS = 6
"""Terms in a plot: more lines cannot be told apart."""

MAX_TERM = 80
PER = 10_000
"""Words that a rate refers to."""

Kind = Literal["word", "topic"]

_UNSPACED = UNSPACED + COMPATIBILITY_HAN
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’][^\W_{_UNSPACED}]+)*")
"""A word; of scripts without spaces each character is one."""

_LENGTHS: dict[tuple[str, str], int] = {}
"""Number of words by checksum and id of a document: counting them takes longer than finding a word."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, or a topic."""

    text: str
    kind: Kind = "word"


@dataclass(frozen=True, slots=True)
class TermCount:
    """Occurrences of a word, or passages about a topic, in an edition; `rate` is per `PER` words."""

    count: int
    rate: float


@dataclass(frozen=True, slots=True)
class EditionLength:
    """An edition with its number of words."""

    edition: Edition
    words: int


@dataclass(frozen=True, slots=True)
class WordCounts:
    """The editions in the order of years, and for each term its count in each of them."""

    editions: tuple[EditionLength, ...]
    counts: dict[Term, tuple[TermCount, ...]]
    undated: int
    """Documents that are left out because their edition is unknown."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a term occurs: `[start, end)` of a document."""

    document: DocumentInfo
    start: int
    end: int


def parse_terms(text: str, kind: Kind = "word") -> list[Term]:
    """Parse terms separated by commas or line breaks; repeated ones count once."""
    parts = (" ".join(part.split()) for part in re.split(r"[,;，、\n]", text))
    distinct = {part.casefold(): part[:MAX_TERM] for part in parts if re.search(r"\w", part)}
    return [Term(part, kind) for part in distinct.values()]


def select_editions(index: Index, series: str) -> tuple[list[Edition], int]:
    """Return the editions of a series by year, or of all series together if it is empty, and the undated documents."""
    chosen = [info for info in index.documents if not series or info.series == series]
    groups: dict[int, list[DocumentInfo]] = {}
    for info in chosen:
        if info.edition is not None:
            groups.setdefault(info.edition, []).append(info)
    editions = [
        Edition(series or None, year, tuple(sorted(group, key=lambda info: info.id)))
        for year, group in sorted(groups.items())
    ]
    return editions, len(chosen) - sum(len(edition.documents) for edition in editions)


def count_words(library: Library, terms: Sequence[Term], series: str = "") -> WordCounts:
    """Count terms in each edition.

    Args:
        library: The documents.
        terms: What to count.
        series: The series; empty for all series together, one edition a year.

    Raises:
        EmptyQuestion: There are no terms.
        CompareError: There are too many terms, or no document has an edition.
    """
    if not terms:
        raise EmptyQuestion(_("Please type at least one word, phrase or topic to count."))
    if len(terms) > MAX_TERMS:
        raise CompareError(
            _(
                "%(count)s terms were typed: at most %(most)s fit into one plot",
                count=len(terms),
                most=MAX_TERMS,
            )
        )
    index = library.index
    editions, undated = select_editions(index, series)
    if not editions:
        raise CompareError(_("no document of %(series)s has a known edition", series=series or _("this library")))
    lengths = tuple(
        EditionLength(edition, sum(_count_words(index, info) for info in edition.documents)) for edition in editions
    )
    counts: dict[Term, tuple[TermCount, ...]] = {}
    for term in terms:
        if term.kind == "word":
            numbers = [sum(1 for _ in find_word(index, edition, term)) for edition in editions]
        else:
            numbers = [len(hits) for hits in topic_hits(library, editions, term)]
        counts[term] = tuple(
            TermCount(count, PER * count / length.words if length.words else 0.0)
            for count, length in zip(numbers, lengths, strict=True)
        )
    return WordCounts(lengths, counts, undated)


def find_word(index: Index, edition: Edition, term: Term) -> Iterator[Occurrence]:
    """Yield the occurrences of a word or phrase in an edition, in order."""
    pattern = _pattern(term.text)
    for info in edition.documents:
        for match in pattern.finditer(index.document(info.id).text):
            yield Occurrence(info, match.start(), match.end())


def topic_hits(library: Library, editions: Sequence[Edition], term: Term) -> list[list[Hit]]:
    """Return the passages about a topic in each edition, best first."""
    (vector,) = library.encoder.encode([term.text], query=True)
    matches = match_topic(library.index, library.encoder, editions, term.text, vector, (), 1)
    treated = [match for match in matches if match.treated]
    best = max((hit.score for match in treated for hit in match.hits), default=0.0)
    return [
        sorted(
            (
                hit
                for match in treated
                if match.edition == edition
                for hit in match.hits
                if hit.score >= PROMINENT * best
            ),
            key=lambda hit: (-hit.score, hit.id),
        )
        for edition in editions
    ]


def _pattern(text: str) -> re.Pattern[str]:
    words = [
        re.sub("['’]", "['’]", re.escape(word.rstrip("*"))) + (r"\w*" if word.endswith("*") else "")
        for word in text.split()
        if word.strip("*")
    ]
    wide = re.compile(f"[{_UNSPACED}]")
    first = "" if wide.match(text[0]) else r"(?<!\w)"
    last = "" if wide.match(text[-1]) or text.endswith("*") else r"(?!\w)"
    return re.compile(first + r"\s+".join(words) + last, re.IGNORECASE)


def _count_words(index: Index, info: DocumentInfo) -> int:
    key = info.sha256, info.id
    if key not in _LENGTHS:
        _LENGTHS[key] = sum(1 for _ in _WORD.finditer(index.document(info.id).text))
    return _LENGTHS[key]
