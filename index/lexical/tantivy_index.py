"""Lexical candidates: passages whose terms match, proposed by tantivy.

It is given terms, never text: the analysis is `index.lexical.analysis`, and nothing that a user types reaches a
query parser.
Its scores are not used beyond choosing candidates, since its document frequencies go on counting deleted documents; the
BM25 of the fused score is computed from the store (see `index.lexical.bm25`).
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

from index.io_errors import library_writes

_HEAP = 64_000_000
_WIDE = 0.2
"""A filter that leaves this share of the passages is applied to what is found without it."""

_MARGIN = 1.3
"""How many more are asked for than are needed, for those that tie with the last or that a filter excludes."""

_NUMBER, _DOCUMENT, _TERMS = "number", "document", "terms"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_NUMBER, indexed=True, fast=True)
    builder.add_unsigned_field(_DOCUMENT, indexed=True, fast=True)
    builder.add_text_field(_TERMS, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def write(folder: Path, rows: Iterable[tuple[int, int, str]]) -> None:
    """Add rows of (passage number, document number, terms joined by spaces); the folder is made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    schema = _schema()
    with library_writes(folder):
        index = tantivy.Index(schema, path=str(folder))
        writer = index.writer(_HEAP, 1)  # one thread: one segment, in the order given
        try:
            for number, document, terms in rows:
                row = {_NUMBER: number, _DOCUMENT: document, _TERMS: terms}
                writer.add_document(tantivy.Document.from_dict(row, schema))
        except ValueError:
            writer.commit()  # raises what ended its thread, a full disk say: adding tells only that it ended
            raise
        writer.commit()
        writer.wait_merging_threads()
    for file in folder.iterdir():
        if file.is_file():
            file.chmod(0o644 & ~_umask())  # tantivy writes some of its files for their owner only


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def copy_files(folder: Path, target: Path) -> None:
    """The files of a lexical index at another place, where they may be written whatever their modes are here."""
    target.mkdir(exist_ok=True)
    for file in folder.iterdir():
        if file.is_file() and file.suffix != ".lock":
            shutil.copyfile(file, target / file.name)


def cut(found: Sequence[tuple[float, int]], count: int) -> list[tuple[float, int]]:
    """The first `count` of pairs of a negative score and a number, and all that tie with the last, in order."""
    ordered = sorted(found)
    least = ordered[min(count, len(ordered)) - 1][0] if ordered else 0.0
    return [one for one in ordered if one[0] <= least]


class LexicalIndex:
    """An opened lexical index; where nothing can be written it is read through a temporary copy."""

    def __init__(self, folder: Path) -> None:
        try:
            self._index = tantivy.Index.open(str(folder))
            self._searcher = self._index.searcher()
        except (OSError, ValueError):
            # it cannot make its lock files, or open another user's; where that is not why, the copy fails, too
            copy = Path(tempfile.mkdtemp(prefix="yearbook-qa-"))
            weakref.finalize(self, shutil.rmtree, copy, ignore_errors=True)  # also when the program ends
            copy_files(folder, copy)
            self._index = tantivy.Index.open(str(copy))
            self._searcher = self._index.searcher()
        self._schema = _schema()

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return int(self._searcher.num_docs)

    def numbers(self, first: int, last: int) -> list[int]:
        """The numbers of all passages of this stretch, in any order."""
        here = tantivy.Query.range_query(self._schema, _NUMBER, tantivy.FieldType.Unsigned, first, last, True, True)
        hits = self._searcher.search(here, max(1, self.passages), count=False).hits
        return self._values(_NUMBER, [address for _, address in hits])

    def candidates(
        self, terms: Sequence[str], count: int, documents: Collection[int] | None = None, share: float = 0.0
    ) -> list[int]:
        """Numbers of the passages that match best, best first, among `documents` where given.

        At least `count` where so many match; passages that tie with the last are all included, so that the set does
        not depend on how the index came to be. `share` says how many of all passages are theirs, where that is known.
        """
        return [number for _, number in self.scored(terms, count, documents, share)]

    def scored(
        self,
        terms: Sequence[str],
        count: int,
        documents: Collection[int] | None = None,
        share: float = 0.0,
        stretch: tuple[int, int] | None = None,
    ) -> list[tuple[float, int]]:
        """As `candidates`, each number behind what it is ordered by: tantivy's score, negative.

        In a `stretch` of passages, from the first number to the last, only these are looked through; their scores are
        by the statistics of all.
        """
        distinct = list(dict.fromkeys(terms))
        if not distinct or count < 1 or (documents is not None and not documents):
            return []
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, _TERMS, term, "freq")) for term in distinct]
        )
        if stretch is not None:
            here = tantivy.Query.range_query(self._schema, _NUMBER, tantivy.FieldType.Unsigned, *stretch, True, True)
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.const_score_query(here, 0.0))]
            )
        found = None
        if documents is not None and share >= _WIDE:
            # what is left is among the first of all: a fifth of the time of a query that names most documents
            found = self._first(query, count, math.ceil(_MARGIN * count / share), documents)
        elif documents is None:
            found = self._first(query, count, math.ceil(_MARGIN * count), None)
        if found is None and documents is not None:
            among = tantivy.Query.term_set_query(self._schema, _DOCUMENT, list(documents))
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.const_score_query(among, 0.0))]
            )
        limit = 2 * count
        while found is None:
            found = self._first(query, count, limit, None)
            limit *= 2
        return found

    def _first(
        self, query: tantivy.Query, count: int, limit: int, documents: Collection[int] | None
    ) -> list[tuple[float, int]] | None:
        """The first `count` of these documents and what ties with them; None where the first `limit` lack some."""
        hits = self._searcher.search(query, limit, count=False).hits
        addresses = [address for _, address in hits]
        scored = list(zip((-score for score, _ in hits), self._values(_NUMBER, addresses), strict=True))
        if documents is not None:
            of = self._values(_DOCUMENT, addresses)
            scored = [one for one, document in zip(scored, of, strict=True) if document in documents]
        found = sorted(scored)
        if len(hits) == limit and (len(found) < count or found[count - 1][0] >= -hits[-1][0]):
            return None
        return cut(found, count)

    def _values(self, field: str, addresses: list[tantivy.DocAddress]) -> list[int]:
        return [int(one or 0) for one in self._searcher.fast_field_values(field, addresses)] if addresses else []
