"""The records of a generation in SQLite: documents, passages, where their vectors lie, and the corpus's statistics.

What the two search structures hold can be rebuilt from here. Writing and reading are separate classes: a reader opens
the file immutable, so that opening never writes; a writer works on a file that no reader knows yet.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.records import Document, Passage, Section, Sentence
from index.dense import Rows

SCHEMA = """
CREATE TABLE document (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    identity TEXT NOT NULL,
    source TEXT NOT NULL,
    series TEXT, edition INTEGER, covers_first INTEGER, covers_last INTEGER,
    long_sentences INTEGER NOT NULL,
    text TEXT NOT NULL,
    record TEXT NOT NULL
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
CREATE TABLE vector (kind TEXT NOT NULL, digest TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (kind, digest)) WITHOUT ROWID;
CREATE TABLE term (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE total (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO total VALUES ('passages', 0), ('length', 0), ('sentences', 0);
"""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document without its text and outline, and its number in this generation."""

    number: int
    id: str
    title: str
    series: str | None
    publisher: str | None
    edition: int | None
    covers: tuple[int, int] | None
    published: str | None
    part: str | None
    url: str | None
    language: str | None
    source: str
    sha256: str
    identity: str
    origins: dict[str, str]
    passages: int
    long_sentences: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage and where its vectors lie in this generation."""

    number: int
    document_number: int
    position: int
    passage: Passage
    terms: tuple[str, ...]
    row: int
    sentence_rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage to be stored, with its terms and the rows of its vectors."""

    passage: Passage
    terms: Sequence[str]
    digest: str
    row: int
    sentence_rows: Sequence[int]


class Reader:
    """Read access to the records of one generation; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self.totals: dict[str, int] = dict(self._all("SELECT name, value FROM total"))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def documents(self) -> list[DocumentInfo]:
        """All documents, in the order of their ids."""
        counts = dict(self._all("SELECT document, count(*) FROM passage GROUP BY document"))
        rows = self._all("SELECT number, id, identity, source, long_sentences, record FROM document ORDER BY id")
        return [_info(*row, counts.get(row[0], 0)) for row in rows]

    def document(self, number: int) -> Document:
        """A document whole."""
        ((text, record),) = self._all("SELECT text, record FROM document WHERE number = ?", (number,))
        return _document(text, record)

    def passages(self, numbers: Sequence[int]) -> list[StoredPassage]:
        """The passages of these numbers, in the order of their numbers."""
        return [_stored(row) for row in self._in("number", numbers)]

    def passages_of_rows(self, rows: Sequence[int]) -> list[StoredPassage]:
        """The passages whose vectors lie in these rows (two equal passages share one)."""
        return [_stored(row) for row in self._in("row", rows)]

    def passages_of_document(self, number: int) -> list[StoredPassage]:
        """A document's passages in text order."""
        return [_stored(row) for row in self._in("document", [number])]

    def _in(self, column: str, values: Sequence[int]) -> list[Any]:
        rows: list[Any] = []
        for first in range(0, len(values), 500):
            some = values[first : first + 500]
            marks = ",".join("?" * len(some))
            query = (
                "SELECT p.number, p.document, p.position, p.record, p.terms, p.row, p.sentence_rows, p.start, p.end, d.id, p.text "
                f"FROM passage p JOIN document d ON d.number = p.document WHERE p.{column} IN ({marks}) "
            )
            rows += self._all(query, some)
        rows.sort(key=lambda row: (row[1], row[2]))
        return rows

    def rows_of_documents(self, numbers: Sequence[int]) -> Rows:
        """Rows of these documents' passages, sorted."""
        found: set[int] = set()
        for first in range(0, len(numbers), 500):
            some = numbers[first : first + 500]
            marks = ",".join("?" * len(some))
            found.update(row for (row,) in self._all(f"SELECT row FROM passage WHERE document IN ({marks})", some))
        return np.array(sorted(found), dtype=np.int64)

    def live_rows(self) -> Rows:
        """Rows that some passage uses, sorted."""
        rows = self._all("SELECT DISTINCT row FROM passage ORDER BY row")
        return np.fromiter((row for (row,) in rows), dtype=np.int64, count=len(rows))

    def distinct_rows(self) -> int:
        """How many rows some passage uses."""
        return int(self._all("SELECT count(DISTINCT row) FROM passage")[0][0])

    def sample_rows(self, count: int) -> Rows:
        """Rows of the passages with the smallest digests: a random sample that depends only on what the passages are."""
        rows = self._all("SELECT row FROM passage GROUP BY digest ORDER BY digest LIMIT ?", (count,))
        return np.fromiter((row for (row,) in rows), dtype=np.int64, count=len(rows))

    def document_frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands; 0 for a term that the corpus does not know."""
        marks = ",".join("?" * len(terms))
        known = dict(self._all(f"SELECT term, passages FROM term WHERE term IN ({marks})", list(terms)))
        return {term: known.get(term, 0) for term in terms}

    def lexical_rows(self, first: int = 0) -> Iterator[tuple[int, int, str]]:
        """(passage number, document number, terms) of the passages from a number on, for the lexical index."""
        yield from self._all("SELECT number, document, terms FROM passage WHERE number >= ? ORDER BY number", (first,))

    def last_number(self) -> int:
        """The highest passage number; 0 where there is none."""
        return int(self._all("SELECT coalesce(max(number), 0) FROM passage")[0][0])


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
        covers = document.covers or (None, None)
        cursor = self._connection.execute(
            "INSERT INTO document (id, identity, source, series, edition, covers_first, covers_last, long_sentences, text, record)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                identity,
                document.source,
                document.series,
                document.edition,
                *covers,
                long_sentences,
                document.text,
                _dump(document),
            ),
        )
        number = cursor.lastrowid
        numbers: list[int] = []
        frequencies: Counter[str] = Counter()
        for position, new in enumerate(passages):
            frequencies.update(set(new.terms))
            cursor = self._connection.execute(
                "INSERT INTO passage (document, position, start, end, text, record, terms, length, digest, row, sentence_rows)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
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
            numbers.append(cursor.lastrowid or 0)
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

    def finish(self, sentences: int) -> None:
        """Note the number of sentences."""
        self._connection.execute("UPDATE total SET value = ? WHERE name = 'sentences'", (sentences,))


def _dump(document: Document) -> str:
    record = {
        name: getattr(document, name) for name in document.__slots__ if name not in ("text", "outline", "origins")
    }
    record["origins"] = dict(document.origins)
    record["outline"] = [list(asdict(section).values()) for section in document.outline]
    record["pages"] = [list(asdict(span).values()) for span in document.pages]
    return json.dumps(record, ensure_ascii=False)


def _document(text: str, record: str) -> Document:
    fields = json.loads(record)
    fields["outline"] = tuple(Section(*values) for values in fields["outline"])
    fields["pages"] = tuple(PageSpan(*values) for values in fields["pages"])
    fields["covers"] = tuple(fields["covers"]) if fields["covers"] else None
    return Document(text=text, **fields)


def _info(
    number: int, identifier: str, identity: str, source: str, long_sentences: int, record: str, passages: int
) -> DocumentInfo:
    fields = json.loads(record)
    return DocumentInfo(
        number=number,
        id=identifier,
        identity=identity,
        source=source,
        long_sentences=long_sentences,
        passages=passages,
        covers=tuple(fields["covers"]) if fields["covers"] else None,
        **{
            name: fields[name]
            for name in (
                "title",
                "series",
                "publisher",
                "edition",
                "published",
                "part",
                "url",
                "language",
                "sha256",
                "origins",
            )
        },
    )


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


def _stored(row: Any) -> StoredPassage:
    number, document, position, record, terms, vector_row, sentence_rows, start, end, identifier, text = row
    fields = json.loads(record)
    passage = Passage(
        document=identifier,
        section=fields["section"],
        kind=fields["kind"],
        path=tuple(fields["path"]),
        prefix=fields["prefix"],
        text=text,
        start=start,
        end=end,
        sentences=tuple(Sentence(*span) for span in fields["sentences"]),
        page=fields["page"],
        page_label=fields["page_label"],
    )
    rows = tuple(int(one) for one in np.frombuffer(sentence_rows, "<i8"))
    return StoredPassage(
        number, document, position, passage, tuple(terms.split(" ")) if terms else (), vector_row, rows
    )
