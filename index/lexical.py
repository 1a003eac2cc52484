"""Lexical candidates: passages whose terms match, proposed by tantivy.

It is given terms, never text: the analysis is `index.analysis`, and nothing that a user types reaches a query parser.
Its scores are not used beyond choosing candidates, since its document frequencies go on counting deleted documents; the
BM25 of the fused score is computed from the store (see `index.bm25`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import tantivy

_HEAP = 64_000_000
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
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(_HEAP, 1)  # one thread: one segment, in the order given
    for number, document, terms in rows:
        writer.add_document(tantivy.Document.from_dict({_NUMBER: number, _DOCUMENT: document, _TERMS: terms}, schema))
    writer.commit()
    writer.wait_merging_threads()
    for file in folder.iterdir():
        if file.is_file():
            file.chmod(0o644 & ~_umask())  # tantivy writes some of its files for their owner only


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


class Lexical:
    """An opened lexical index; read-only folders are read through a temporary copy."""

    def __init__(self, folder: Path) -> None:
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        try:
            self._index = tantivy.Index.open(str(folder))
            self._searcher = self._index.searcher()
        except (OSError, ValueError):
            if os.access(folder, os.W_OK):
                raise
            self._copy = tempfile.TemporaryDirectory(prefix="yearbook-qa-")
            writable = Path(self._copy.name) / "lexical"
            shutil.copytree(folder, writable)
            self._index = tantivy.Index.open(str(writable))
            self._searcher = self._index.searcher()
        self._schema = _schema()

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return int(self._searcher.num_docs)

    def candidates(self, terms: Sequence[str], count: int, documents: Collection[int] | None = None) -> list[int]:
        """Numbers of the passages that match best, best first, among `documents` where given.

        At least `count` where so many match; passages that tie with the last are all included, so that the set does
        not depend on how the index came to be.
        """
        distinct = list(dict.fromkeys(terms))
        if not distinct or count < 1 or (documents is not None and not documents):
            return []
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, _TERMS, term, "freq")) for term in distinct]
        )
        if documents is not None:
            among = tantivy.Query.term_set_query(self._schema, _DOCUMENT, list(documents))
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.const_score_query(among, 0.0))]
            )
        limit = count + 1
        while True:
            hits = self._searcher.search(query, limit, count=False).hits
            if len(hits) < limit or hits[-1][0] < hits[count - 1][0]:
                break
            limit *= 2
        if not hits:
            return []
        worst = hits[min(count, len(hits)) - 1][0]
        kept = [(score, address) for score, address in hits if score >= worst]
        numbers = [int(one or 0) for one in self._searcher.fast_field_values(_NUMBER, [address for _, address in kept])]
        return [
            number for _, number in sorted((-score, number) for (score, _), number in zip(kept, numbers, strict=True))
        ]
