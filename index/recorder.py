"""Writing the records of a generation in the making; `index.store` reads them and says what they are."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.contradictions import contradictions
from corpus.records import Document, Passage
from index.allowed import Rows

SCHEMA = """
CREATE TABLE document (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    identity TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT NOT NULL,
    title TEXT NOT NULL, series TEXT, publisher TEXT, edition INTEGER, covers_first INTEGER, covers_last INTEGER,
    published TEXT, part TEXT, url TEXT, language TEXT,
    origins TEXT NOT NULL, contradictions TEXT NOT NULL,
    furniture INTEGER NOT NULL, long_sentences INTEGER NOT NULL,
    first INTEGER NOT NULL, passages INTEGER NOT NULL
);
CREATE TABLE content (
    document INTEGER PRIMARY KEY REFERENCES document (number), text TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE passage (
    number INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (number),
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL,
    record TEXT NOT NULL,
    terms TEXT NOT NULL,
    length INTEGER NOT NULL,
    digest TEXT NOT NULL,
    row INTEGER NOT NULL,
    sentence_rows BLOB NOT NULL
);
CREATE INDEX passage_document ON passage (document, position);
CREATE INDEX passage_row ON passage (row);
CREATE INDEX passage_digest ON passage (digest);
CREATE TABLE vector (
    kind TEXT NOT NULL, digest TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (kind, digest)
) WITHOUT ROWID;
CREATE TABLE term (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE total (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO total VALUES ('passages', 0), ('length', 0), ('rows', 0), ('sentences', 0);
"""


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to be stored, with its terms and the rows of its vectors."""

    passage: Passage
    terms: Sequence[str]
    digest: str
    row: int
    sentence_rows: Sequence[int]


class Writer:
    """Changes the records of a generation in the making. `commit` ends it."""

    def __init__(self, path: Path) -> None:
        fresh = not path.exists()
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode = MEMORY")  # the file is no one's until the manifest names it
        if fresh:
            self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close without a commit."""
        self._connection.close()

    def commit(self) -> None:
        """Write what was changed and close."""
        self._connection.commit()
        self._connection.close()

    def known_rows(self, kind: str, digests: Iterable[str]) -> dict[str, int]:
        """Rows of vectors that are there already, by digest of what was embedded."""
        found: dict[str, int] = {}
        for digest in digests:
            row = self._connection.execute(
                "SELECT row FROM vector WHERE kind = ? AND digest = ?", (kind, digest)
            ).fetchone()
            if row is not None:
                found[digest] = row[0]
        return found

    def add_vectors(self, kind: str, rows: Iterable[tuple[str, int]]) -> None:
        """Note where new vectors lie."""
        self._connection.executemany("INSERT INTO vector VALUES (?, ?, ?)", ((kind, *row) for row in rows))

    def add(self, document: Document, identity: str, long_sentences: int, passages: Sequence[NewPassage]) -> list[int]:
        """Add a document with its passages; returns the passages' numbers."""
        ((first,),) = self._connection.execute("SELECT coalesce(max(number), 0) + 1 FROM passage")
        facts = _facts(document) | {
            "identity": identity,
            "long_sentences": long_sentences,
            "first": first,  # a document's passages are numbered one after the other: a filter is a few slices
            "passages": len(passages),
        }
        cursor = self._connection.execute(
            f"INSERT INTO document ({', '.join(facts)}) VALUES ({', '.join('?' * len(facts))})", tuple(facts.values())
        )
        number = cursor.lastrowid
        self._connection.execute("INSERT INTO content VALUES (?, ?, ?)", (number, document.text, _dump(document)))
        numbers: list[int] = []
        frequencies: Counter[str] = Counter()
        for position, new in enumerate(passages):
            frequencies.update(set(new.terms))
            self._connection.execute(
                "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    first + position,
                    number,
                    position,
                    new.passage.start,
                    new.passage.end,
                    new.passage.text,
                    _dump_passage(new.passage),
                    " ".join(new.terms),
                    len(new.terms),
                    new.digest,
                    new.row,
                    np.asarray(new.sentence_rows, dtype="<i8").tobytes(),
                ),
            )
            numbers.append(first + position)
        self._count(frequencies, passages=len(passages), length=sum(len(new.terms) for new in passages), sign=1)
        return numbers

    def remove(self, identifier: str) -> list[int]:
        """Remove a document with its passages; returns the passages' numbers."""
        (number,) = self._connection.execute("SELECT number FROM document WHERE id = ?", (identifier,)).fetchone()
        rows = self._connection.execute(
            "SELECT number, terms, length FROM passage WHERE document = ?", (number,)
        ).fetchall()
        frequencies: Counter[str] = Counter()
        for _, terms, _ in rows:
            frequencies.update(set(terms.split()))
        self._count(frequencies, passages=len(rows), length=sum(length for _, _, length in rows), sign=-1)
        self._connection.execute("DELETE FROM passage WHERE document = ?", (number,))
        self._connection.execute("DELETE FROM content WHERE document = ?", (number,))
        self._connection.execute("DELETE FROM document WHERE number = ?", (number,))
        return [row[0] for row in rows]

    def _count(self, frequencies: Counter[str], *, passages: int, length: int, sign: int) -> None:
        self._connection.executemany(
            "INSERT INTO term VALUES (?, ?) ON CONFLICT (term) DO UPDATE SET passages = passages + excluded.passages",
            ((term, sign * count) for term, count in frequencies.items()),
        )
        if sign < 0:
            self._connection.execute("DELETE FROM term WHERE passages <= 0")
        for name, value in (("passages", passages), ("length", length)):
            self._connection.execute("UPDATE total SET value = value + ? WHERE name = ?", (sign * value, name))

    def drop_unused_vectors(self) -> None:
        """Forget vectors that no passage uses."""
        self._connection.execute("DELETE FROM vector WHERE kind = 'passage' AND row NOT IN (SELECT row FROM passage)")
        used = {
            int(row)
            for (blob,) in self._connection.execute("SELECT sentence_rows FROM passage")
            for row in np.frombuffer(blob, "<i8")
        }
        rows = self._connection.execute("SELECT row FROM vector WHERE kind = 'sentence'").fetchall()
        self._connection.executemany(
            "DELETE FROM vector WHERE kind = 'sentence' AND row = ?", [row for row in rows if row[0] not in used]
        )

    def used_rows(self, kind: str) -> Rows:
        """Rows of the vectors of a kind that are still known, sorted."""
        rows = self._connection.execute("SELECT row FROM vector WHERE kind = ? ORDER BY row", (kind,)).fetchall()
        return np.fromiter((row for (row,) in rows), dtype=np.int64, count=len(rows))

    def renumber(self, kind: str, old: Rows) -> None:
        """Give the vectors of a kind new rows: the position of their old row in `old` (sorted)."""
        new = {int(row): position for position, row in enumerate(old)}
        rows = self._connection.execute("SELECT digest, row FROM vector WHERE kind = ?", (kind,)).fetchall()
        self._connection.executemany(
            "UPDATE vector SET row = ? WHERE kind = ? AND digest = ?",
            [(new[row], kind, digest) for digest, row in rows],
        )
        if kind == "passage":
            rows = self._connection.execute("SELECT number, row FROM passage").fetchall()
            self._connection.executemany(
                "UPDATE passage SET row = ? WHERE number = ?", [(new[row], n) for n, row in rows]
            )
            return
        rows = self._connection.execute("SELECT number, sentence_rows FROM passage").fetchall()
        moved = [
            (np.array([new[int(row)] for row in np.frombuffer(blob, "<i8")], dtype="<i8").tobytes(), number)
            for number, blob in rows
        ]
        self._connection.executemany("UPDATE passage SET sentence_rows = ? WHERE number = ?", moved)

    def finish(self, rows: int, sentences: int) -> None:
        """Note how many different passages and sentences there are."""
        for name, value in (("rows", rows), ("sentences", sentences)):
            self._connection.execute("UPDATE total SET value = ? WHERE name = ?", (value, name))


_COLUMNS = ("id", "source", "sha256", "title", "series", "publisher", "edition", "published", "part", "url", "language")


def _facts(document: Document) -> dict[str, Any]:
    """What opening an index reads of a document, by column: nothing that grows with its length."""
    covers = document.covers or (None, None)
    return {name: getattr(document, name) for name in _COLUMNS} | {
        "covers_first": covers[0],
        "covers_last": covers[1],
        "origins": json.dumps(dict(document.origins)),
        "contradictions": json.dumps(contradictions(document), ensure_ascii=False),
        "furniture": len(document.furniture),
    }


def _dump(document: Document) -> str:
    record = {
        name: getattr(document, name) for name in document.__slots__ if name not in ("text", "outline", "origins")
    }
    record["origins"] = dict(document.origins)
    record["outline"] = [list(asdict(section).values()) for section in document.outline]
    record["pages"] = [list(asdict(span).values()) for span in document.pages]
    return json.dumps(record, ensure_ascii=False)


def _dump_passage(passage: Passage) -> str:
    return json.dumps(
        {
            "section": passage.section,
            "kind": passage.kind,
            "path": passage.path,
            "prefix": passage.prefix,
            "sentences": [[one.start, one.end] for one in passage.sentences],
            "page": passage.page,
            "page_label": passage.page_label,
        },
        ensure_ascii=False,
    )
