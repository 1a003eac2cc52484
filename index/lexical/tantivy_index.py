"""Find lexical candidates, the passages that contain a question's terms, with tantivy.

The index holds terms that `index.lexical.analysis` prepared, so that no user input reaches a query parser. tantivy's
scores only select candidates, because its document frequencies still count deleted documents; the BM25 of the final
score is computed from the records (`index.lexical.query_terms`).
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import weakref
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import tantivy

from index.errors import library_writes

_HEAP = 64_000_000
_MIN_SHARE_FILTERED_AFTER = 0.2
"""Minimum share of passages for a filter to be applied to the results of an unfiltered query, which takes a fifth of
the time of a query that lists most documents."""

_MARGIN = 1.3
"""Results requested per result needed, to allow for ties with the last and for those that a filter excludes."""

_NUMBER, _DOCUMENT, _TERMS = "number", "document", "terms"

Scored = list[tuple[float, int]]
"""Pairs of tantivy's score, negated, and a passage number; sorting puts the best first and ties by number."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_NUMBER, indexed=True, fast=True)
    builder.add_unsigned_field(_DOCUMENT, indexed=True, fast=True)
    builder.add_text_field(_TERMS, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def write(folder: Path, rows: Iterable[tuple[int, int, str]]) -> None:
    """Add passages to the index in a folder, which is created if missing.

    Args:
        folder: The folder of the index.
        rows: (passage number, document number, terms joined by spaces).

    Raises:
        OSError: The disk is full or refuses writes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    schema = _schema()
    with library_writes(folder):
        index = tantivy.Index(schema, path=str(folder))
        writer = index.writer(_HEAP, 1)  # one thread writes one segment, in the order of the rows
        try:
            for number, document, terms in rows:
                row = {_NUMBER: number, _DOCUMENT: document, _TERMS: terms}
                writer.add_document(tantivy.Document.from_dict(row, schema))
        except ValueError:
            writer.commit()  # raises why the writing thread ended, e.g. a full disk, which adding does not say
            raise
        writer.commit()
        writer.wait_merging_threads()
    umask = os.umask(0o022)
    os.umask(umask)
    for file in folder.iterdir():
        if file.is_file():
            file.chmod(0o644 & ~umask)  # tantivy makes some of its files readable by their owner only


def copy_files(folder: Path, target: Path) -> None:
    """Copy the files of a lexical index to a folder where they can be written, whatever their modes."""
    target.mkdir(exist_ok=True)
    for file in folder.iterdir():
        if file.is_file() and file.suffix != ".lock":
            shutil.copyfile(file, target / file.name)


def top_with_ties(scored: Scored, count: int) -> Scored:
    """Return the first `count` pairs in order, and all that tie with the last."""
    ordered = sorted(scored)
    last = ordered[min(count, len(ordered)) - 1][0] if ordered else 0.0
    return [pair for pair in ordered if pair[0] <= last]


class LexicalIndex:
    """An opened lexical index; in a read-only folder it is read through a temporary copy."""

    def __init__(self, folder: Path) -> None:
        try:
            self._index = tantivy.Index.open(str(folder))
            self._searcher = self._index.searcher()
        except (OSError, ValueError):
            # tantivy cannot create its lock files, or open those of another user; after any other fault, this fails too
            copy = Path(tempfile.mkdtemp(prefix="yearbook-qa-"))
            weakref.finalize(self, shutil.rmtree, copy, ignore_errors=True)  # also at exit
            copy_files(folder, copy)
            self._index = tantivy.Index.open(str(copy))
            self._searcher = self._index.searcher()
        self._schema = _schema()

    @property
    def passage_count(self) -> int:
        """Number of passages."""
        return int(self._searcher.num_docs)

    def numbers(self, first: int, last: int) -> list[int]:
        """Return the passage numbers between `first` and `last`, both included, in any order."""
        hits = self._searcher.search(self._in_range(first, last), max(1, self.passage_count), count=False).hits
        return self._values(_NUMBER, [address for _, address in hits])

    def containing(self, terms: Sequence[str]) -> list[int]:
        """Return the numbers of the passages that contain all of these terms, in any order."""
        parts = [(tantivy.Occur.Must, self._term(term)) for term in terms]
        hits = self._searcher.search(tantivy.Query.boolean_query(parts), max(1, self.passage_count), count=False).hits
        return self._values(_NUMBER, [address for _, address in hits])

    def search_numbers(
        self, terms: Sequence[str], count: int, documents: Collection[int] | None = None, share: float = 0.0
    ) -> list[int]:
        """Return the numbers of the best passages, best first; see `search`."""
        return [number for _, number in self.search(terms, count, documents, share)]

    def search(
        self,
        terms: Sequence[str],
        count: int,
        documents: Collection[int] | None = None,
        share: float = 0.0,
        number_range: tuple[int, int] | None = None,
    ) -> Scored:
        """Return the passages that match best, best first.

        Args:
            terms: Terms of the question.
            count: Number of passages wanted; all that tie with the last are included, so that the result does not
                depend on the history of the index.
            documents: Numbers of the documents to search, all if None.
            share: Share of all passages that these documents have, if known.
            number_range: First and last number of the passages to search; their scores use the statistics of all
                passages.
        """
        distinct = list(dict.fromkeys(terms))
        if not distinct or count < 1 or (documents is not None and not documents):
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term(term)) for term in distinct])
        if number_range is not None:
            query = _restrict(query, self._in_range(*number_range))
        scored = None
        if documents is None:
            scored = self._top(query, count, math.ceil(_MARGIN * count), None)
        elif share >= _MIN_SHARE_FILTERED_AFTER:
            scored = self._top(query, count, math.ceil(_MARGIN * count / share), documents)
        if scored is None and documents is not None:
            query = _restrict(query, tantivy.Query.term_set_query(self._schema, _DOCUMENT, list(documents)))
        limit = 2 * count
        while scored is None:
            scored = self._top(query, count, limit, None)
            limit *= 2
        return scored

    def _top(self, query: tantivy.Query, count: int, limit: int, documents: Collection[int] | None) -> Scored | None:
        """Return the first `count` passages of these documents with ties; None if `limit` results may lack some."""
        hits = self._searcher.search(query, limit, count=False).hits
        addresses = [address for _, address in hits]
        scored = list(zip((-score for score, _ in hits), self._values(_NUMBER, addresses), strict=True))
        if documents is not None:
            owners = self._values(_DOCUMENT, addresses)
            scored = [pair for pair, owner in zip(scored, owners, strict=True) if owner in documents]
        scored.sort()
        if len(hits) == limit and (len(scored) < count or scored[count - 1][0] >= -hits[-1][0]):
            return None
        return top_with_ties(scored, count)

    def _term(self, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, _TERMS, term, "freq")

    def _in_range(self, first: int, last: int) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, _NUMBER, tantivy.FieldType.Unsigned, first, last, True, True)

    def _values(self, field: str, addresses: list[tantivy.DocAddress]) -> list[int]:
        values = self._searcher.fast_field_values(field, addresses) if addresses else []
        return [int(value or 0) for value in values]


def _restrict(query: tantivy.Query, condition: tantivy.Query) -> tantivy.Query:
    """Return a query for what matches both; the condition does not change the scores."""
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.const_score_query(condition, 0.0))]
    )
