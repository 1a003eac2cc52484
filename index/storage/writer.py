"""Write the records of an unfinished generation; `index.storage.reader` reads them.

A build writes one new segment. The segments of the generation before are attached and never changed: to remove one of
their documents, its number is recorded. A vector is assumed to be used by one passage, and only deviations from that
are stored, so that the many rows used once cost nothing and a row that is no longer used is known at once.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.records import Document, Passage
from index import layout
from index.storage import segments
from index.storage.segments import DOCUMENT_TABLES, SCHEMA, RunningChecksums, dump_document, dump_passage, facts_of

_ADD_USES = (
    "INSERT INTO main.uses VALUES (?, ?, ?) ON CONFLICT (kind, row) DO UPDATE SET change = change + excluded.change"
)
_ADD_TERM = (
    "INSERT INTO main.term VALUES (?, ?) ON CONFLICT (term) DO UPDATE SET passages = passages + excluded.passages"
)
_TERMS_BUFFERED = 100_000
"""Terms whose counts are buffered before they are written: most terms of a document were in the one before."""

_DIGESTS_PER_QUERY = 200

_ADD_TO_TOTAL = "INSERT INTO main.total VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to store, with its terms and the rows of its vectors."""

    passage: Passage
    terms: Sequence[str]
    row: int
    sentence_rows: Sequence[int]


class RecordWriter:
    """Writes a segment on top of those of the previous generation; committed data survives a crash."""

    def __init__(self, path: Path, base: Sequence[Path]) -> None:
        self._connection = sqlite3.connect(path.resolve().as_uri(), uri=True, isolation_level=None)
        self._path = path
        # with a rollback journal on disk, a crash leaves the file as it was at the last commit (see `commit_durably`)
        self._connection.execute("PRAGMA journal_mode = DELETE")
        if not self._connection.execute("SELECT 1 FROM main.sqlite_master").fetchone():
            self._connection.execute("PRAGMA synchronous = OFF")
            self._connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
        self._base = segments.attach(self._connection, base)
        self._schemas = [*self._base, "main"]
        segments.define_views(self._connection, self._schemas, "all_")
        self._next_document = 1 + self._last("document", self._schemas)
        self._next_passage = 1 + self._last("passage", self._schemas)
        self.first_passage = 1 + self._last("passage", self._base)
        """Lowest number of a passage of this segment."""
        self._unused: dict[str, set[int]] = {kind: set() for kind in layout.VECTOR_KINDS}
        self._checksums = RunningChecksums(self._connection)
        self._frequencies: Counter[str] = Counter()
        self._connection.execute("BEGIN")

    def _last(self, table: str, schemas: Sequence[str]) -> int:
        last = (self._one(f"SELECT coalesce(max(number), 0) FROM {schema}.{table}") for schema in schemas)
        return int(max(last, default=0))

    def _one(self, query: str, values: Sequence[Any] = ()) -> Any:
        row = self._connection.execute(query, values).fetchone()
        return None if row is None else row[0]

    def close(self) -> None:
        """Close without committing."""
        self._connection.close()

    def commit_durably(self, of_vectors: Mapping[str, str]) -> None:
        """Commit, and let this and all later commits survive a power cut."""
        self.commit(of_vectors)
        self._connection.execute("COMMIT")  # an empty transaction, inside which the pragma would have no effect
        layout.sync(self._path)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("BEGIN")

    def finish(self, of_vectors: Mapping[str, str] | None = None) -> None:
        """Delete counts of zero, and commit."""
        self._write_term_counts()
        self._connection.execute("DELETE FROM main.term WHERE passages = 0")
        self._connection.execute("DELETE FROM main.uses WHERE change = 0")
        self._connection.execute("DELETE FROM main.total WHERE value = 0")
        self.commit(of_vectors)

    def commit(self, of_vectors: Mapping[str, str] | None = None) -> None:
        """Commit everything so far.

        Args:
            of_vectors: Checksums of the vectors by folder; with them, an interrupted build can be resumed from here.
        """
        self._write_term_counts()
        for kind in layout.VECTOR_KINDS:
            # rows come into use in the order of their numbers, so that the unused ones are the last
            unused = (f"unused_{kind}", len(self._unused[kind]))
            self._connection.execute("INSERT OR REPLACE INTO main.total VALUES (?, ?)", unused)
        if of_vectors is not None:
            self._checksums.write(of_vectors)
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN")

    def total(self, name: str) -> int:
        """Return a count over all segments: `documents`, `passages`, `length`, `rows_passage`, `dead_passage` ..."""
        return int(self._one("SELECT coalesce(sum(value), 0) FROM all_total WHERE name = ?", (name,)))

    def totals(self) -> dict[str, int]:
        """Return all counts over all segments, by name."""
        return {name: self.total(name) for (name,) in self._connection.execute("SELECT DISTINCT name FROM all_total")}

    def rows_before(self, kind: str) -> int:
        """Return the number of rows of a kind in older segments."""
        own = self._one("SELECT value FROM main.total WHERE name = ?", (f"rows_{kind}",)) or 0
        return self.total(f"rows_{kind}") - int(own)

    def _add_to_total(self, name: str, change: int) -> None:
        if change:
            self._connection.execute(_ADD_TO_TOTAL, (name, change))

    def known_rows(self, kind: str, digests: Iterable[bytes]) -> dict[bytes, int]:
        """Return the rows of existing vectors by the digest of the embedded text."""
        wanted = list(digests)
        known: dict[bytes, int] = {}
        for first in range(0, len(wanted), _DIGESTS_PER_QUERY):
            batch = wanted[first : first + _DIGESTS_PER_QUERY]
            # a constant number of parameters, so that the statement is prepared once
            placeholders = ", ".join("?" * _DIGESTS_PER_QUERY)
            query = f"SELECT digest, row FROM all_vector WHERE kind = ? AND digest IN ({placeholders})"
            values = (kind, *batch, *batch[:1] * (_DIGESTS_PER_QUERY - len(batch)))
            known |= self._connection.execute(query, values)
        return known

    def add_vectors(self, kind: str, rows: Sequence[tuple[bytes, int]]) -> None:
        """Record the rows of new vectors, by the digest of the embedded text."""
        self._connection.executemany("INSERT INTO main.vector VALUES (?, ?, ?)", ((kind, *row) for row in rows))
        self._checksums.add_vectors(kind, rows)
        self._unused[kind].update(row for _, row in rows)
        self._add_to_total(f"rows_{kind}", len(rows))

    def add(
        self,
        document: Document,
        identity: str,
        long_sentences: int,
        contradictions: Sequence[str],
        passages: Sequence[NewPassage],
    ) -> None:
        """Add a document with its passages."""
        number, first = self._next_document, self._next_passage
        self._next_document += 1
        self._next_passage += len(passages)
        facts = facts_of(document) | {
            "number": number,
            "identity": identity,
            "long_sentences": long_sentences,
            "contradictions": json.dumps(contradictions, ensure_ascii=False),
            "first": first,  # a document's passages have consecutive numbers
            "passages": len(passages),
        }
        self._connection.execute(
            f"INSERT INTO main.document ({', '.join(facts)}) VALUES ({', '.join('?' * len(facts))})",
            tuple(facts.values()),
        )
        content = document.text, dump_document(document)
        self._connection.execute(
            "INSERT INTO main.content VALUES (?, ?, ?, ?)", (number, *content, segments.content_checksum(*content))
        )
        cited = segments.citation_facts(document)
        self._connection.executemany(
            f"INSERT INTO main.passage VALUES ({', '.join('?' * 12)})",
            (
                (
                    first + position,
                    number,
                    position,
                    new.passage.start,
                    new.passage.end,
                    new.passage.text,
                    record := dump_passage(new.passage),
                    " ".join(new.terms),
                    len(new.terms),
                    new.row,
                    np.asarray(new.sentence_rows, dtype="<i8").tobytes(),
                    segments.passage_checksum(cited, new.passage.start, new.passage.end, new.passage.text, record),
                )
                for position, new in enumerate(passages)
            ),
        )
        self._add_to_counts("main", number, 1)

    def remove(self, identifier: str) -> None:
        """Remove a document with its passages, if it exists."""
        number = self._one("SELECT number FROM main.document WHERE id = ?", (identifier,))
        if number is not None:
            self._add_to_counts("main", number, -1)
            self._checksums.reset()
            for table, column in reversed(DOCUMENT_TABLES.items()):
                self._connection.execute(f"DELETE FROM main.{table} WHERE {column} = ?", (number,))
            return
        number = self._one("SELECT number FROM all_document WHERE id = ?", (identifier,))
        if number is not None:
            self._add_to_counts(self._schema_of(number), number, -1)
            self._connection.execute("INSERT INTO main.dead VALUES (?)", (number,))

    def contradictions(self, identifier: str) -> list[str]:
        """Return the contradictions recorded for a document of this segment."""
        query = "SELECT contradictions FROM main.document WHERE id = ?"
        contradictions: list[str] = json.loads(self._one(query, (identifier,)))
        return contradictions

    def removed_spans(self) -> list[tuple[int, int]]:
        """Return (first number, count) of the passages of each document of older segments that this one removes."""
        spans = []
        for schema in self._base:
            query = f"SELECT first, passages FROM {schema}.document WHERE number IN (SELECT document FROM main.dead)"
            spans += self._connection.execute(query).fetchall()
        return spans

    def is_empty(self) -> bool:
        """Return whether this segment changes nothing."""
        return not any(self._one(f"SELECT 1 FROM main.{table} LIMIT 1") for table in ("dead", "document"))

    def resume_with(self, identifiers: Iterator[str]) -> None:
        """Resume an unfinished segment: keep only its documents with the ids in `identifiers`.

        Documents of older segments that it had removed are restored, unless one of these replaces them. Vectors
        stay, for any text with the same digest.
        """
        run = self._connection.execute
        for kind in layout.VECTOR_KINDS:
            unused = self._one("SELECT value FROM main.total WHERE name = ?", (f"unused_{kind}",)) or 0
            end = self.total(f"rows_{kind}")
            self._change_uses(kind, Counter(range(end - unused, end)), -1)
        run("CREATE TEMP TABLE kept (id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._connection.executemany(
            "INSERT OR IGNORE INTO kept VALUES (?)", ((identifier,) for identifier in identifiers)
        )
        for (identifier,) in run("SELECT id FROM main.document WHERE id NOT IN (SELECT id FROM kept)").fetchall():
            self.remove(identifier)
        for (number,) in run("SELECT document FROM main.dead").fetchall():
            schema = self._schema_of(number)
            identifier = self._one(f"SELECT id FROM {schema}.document WHERE number = ?", (number,))
            if self._one("SELECT 1 FROM main.document WHERE id = ?", (identifier,)) is None:
                run("DELETE FROM main.dead WHERE document = ?", (number,))
                self._add_to_counts(schema, number, 1)
        run("DROP TABLE kept")

    def _schema_of(self, number: int) -> str:
        query = "SELECT 1 FROM {}.document WHERE number = ?"
        return next(schema for schema in self._base if self._one(query.format(schema), (number,)))

    def _add_to_counts(self, schema: str, number: int, sign: int) -> None:
        """Add a document's share to all counts, or subtract it with a `sign` of -1."""
        frequencies: Counter[str] = Counter()
        rows: dict[str, Counter[int]] = {kind: Counter() for kind in layout.VECTOR_KINDS}
        passages = length = 0
        query = f"SELECT terms, length, row, sentence_rows FROM {schema}.passage WHERE document = ?"
        for terms, words, row, sentence_rows in self._connection.execute(query, (number,)):
            passages += 1
            length += words
            frequencies.update(set(terms.split()))
            rows["passage"][row] += 1
            rows["sentence"].update(np.frombuffer(sentence_rows, "<i8").tolist())
        for term, count in frequencies.items():
            self._frequencies[term] += sign * count
        if len(self._frequencies) > _TERMS_BUFFERED:
            self._write_term_counts()
        for kind in layout.VECTOR_KINDS:
            self._change_uses(kind, rows[kind], sign)
        long_sentences = self._one(f"SELECT long_sentences FROM {schema}.document WHERE number = ?", (number,))
        counts = {"documents": 1, "passages": passages, "length": length, "long_sentences": long_sentences}
        for name, count in counts.items():
            self._add_to_total(name, sign * count)
        if schema != "main":
            self._add_to_total("dead_records", -sign * passages)

    def _write_term_counts(self) -> None:
        """Write the buffered changes of the terms' counts."""
        self._connection.executemany(_ADD_TERM, self._frequencies.items())
        self._frequencies.clear()

    def _change_uses(self, kind: str, rows: Counter[int], sign: int) -> None:
        """Change how often rows are used, by their counts times `sign`."""
        changes: list[tuple[str, int, int]] = []
        dead = 0
        for row, count in sorted(rows.items()):
            change = sign * count
            if row in self._unused[kind]:  # the usual case: nothing is stored for it yet
                self._unused[kind].discard(row)
                before, change = 1, change - 1
            else:
                query = "SELECT coalesce(sum(change), 0) FROM all_uses WHERE kind = ? AND row = ?"
                before = 1 + self._one(query, (kind, row))
            dead += (before + change <= 0) - (before <= 0)  # 1 if the row falls out of use, -1 if it is used again
            if change:
                changes.append((kind, row, change))
        self._connection.executemany(_ADD_USES, changes)
        self._add_to_total(f"dead_{kind}", dead)
