"""Find the sources of documents: list the files under a path, give them ids, and read the records of a file.

Listing opens no file, also where it says why one cannot be read. Hidden files and folders are left out. A folder with
a BEIR `corpus.jsonl` is a test collection: only that file, and files that a catalogue lists by their path, are read
there. An id is the stem of a file's name, with the names of its folders where that is not unique.

A source is a file, or a record of a file with many records. A test collection can have millions of records. A plan
keeps sixteen bytes of each (its offset and part of its hash) and reads the record again when it is needed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, overload

from corpus import archives, limits
from corpus.catalogue import ID_PATTERN, NAME, Entry
from corpus.errors import CatalogueError, UnreadableFile
from corpus.metadata.file_names import NO_FACTS, NameFacts
from corpus.readers import beir
from corpus.readers.registry import READER_VERSION, missing_reader, reader_for
from corpus.scripts import without_accents
from corpus.translation import gettext as _
from corpus.translation import join_first

BEIR_CORPUS = "corpus.jsonl"

_SPECIAL = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)
_MAX_FOLDERS = 8
"""Maximum number of folder names in an id."""

_MAX_NAMED = 5
"""Maximum number of files that a message about a clash names."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or folder that was not read, with the reason."""

    path: Path
    reason: str


def list_files(folder: Path) -> tuple[list[Path], list[Unread]]:
    """Return the visible files under a folder or in an archive, and the folders, archives and files that are not read.

    Files in an archive have paths below it.
    """
    if archives.is_archive(folder):
        return _list_archive(folder)
    files: list[Path] = []
    unread: list[Unread] = []

    def report(error: OSError) -> None:
        unread.append(Unread(Path(error.filename or folder), error.strerror or str(error)))

    for parent, folders, names in os.walk(folder, onerror=report):
        here = Path(parent)
        visible = sorted(name for name in names if not name.startswith("."))
        links = {name for name in folders if (here / name).is_symlink()}
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        unread += [
            Unread(here / name, "a link to a folder, which is not followed: pass the folder itself")
            for name in folders
            if name in links
        ]
        if BEIR_CORPUS in visible:
            folders[:] = [name for name in folders if name != "qrels"]
            unread += [
                Unread(here / name, f"beside {BEIR_CORPUS}: only that file of a BEIR folder is read")
                for name in visible
                if reader_for(Path(name)) is not None
            ]
            visible = [name for name in visible if name == BEIR_CORPUS or reader_for(Path(name)) is None]
            visible = [name for name in visible if not name.endswith((".json", ".jsonl")) or name == BEIR_CORPUS]
        for name in visible:
            if archives.is_archive(here / name) and (here / name).resolve().is_relative_to(folder.resolve()):
                inside, damaged = _list_archive(here / name)
                files += inside
                unread += damaged
            else:
                files.append(here / name)
    return files, unread


def _list_archive(archive: Path) -> tuple[list[Path], list[Unread]]:
    try:
        listing = archives.listing(archive)
    except (UnreadableFile, OSError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        return [], [Unread(archive, reason)]
    unread = [Unread(archive / name, reason) for name, reason in listing.unread.items()]
    if not listing.members and not unread:
        unread.append(Unread(archive, _("empty: the archive contains no file")))
    return sorted(archive / name for name in listing.members), unread


def file_problem(file: Path, root: Path | None) -> str | None:
    """Return why a file under the folder `root` cannot be read, or None; the file is not opened."""
    try:
        str(file).encode()
    except UnicodeEncodeError:
        return "the file name is not valid Unicode: rename the file"
    if archives.split(file) is not None:  # its size was checked when the archive was listed
        return None if reader_for(file) is not None else missing_reader(file)
    try:
        resolved = file.resolve()
        if root is not None and not resolved.is_relative_to(root.resolve()):
            return "a link that leads out of the folder"
        status = file.stat()
    except RuntimeError:  # what Path.resolve() makes of a link to itself
        return "a link that leads to itself"
    except FileNotFoundError:
        return "a link to a file that does not exist" if file.is_symlink() else "deleted while it was being listed"
    except OSError as error:
        return error.strerror or str(error)
    for is_special, name in _SPECIAL:
        if is_special(status.st_mode):
            return f"not a file but {name}"
    if file.name == BEIR_CORPUS:
        return None  # read line by line
    if reader_for(file) is None:
        return missing_reader(file)
    if status.st_size > limits.FILE.value:
        return f"{status.st_size:,} bytes; {limits.FILE.remedy} or split the file"
    return None


class IndexedFile(NamedTuple):
    """The id and the sha256 of a file that is in the index, and whether images of its pages were recognised."""

    id: str
    sha256: str
    ocr: bool = False


def assign_ids(sources: Sequence[Source], indexed: Mapping[str, IndexedFile]) -> tuple[list[Source], list[Unread]]:
    """Give each file the shortest unique id: "report", else "2016-report".

    An id stated in the catalogue is used unchanged, and a file that is already in the index keeps its id.

    Args:
        sources: Files; the id of each is the one that the catalogue states, or empty.
        indexed: The files that are in the index, by path; if one no longer exists, another file may take its id.

    Returns:
        The files with their ids, and those whose ids clash nevertheless, each with the reason.
    """
    paths = [source.path.resolve().as_posix() for source in sources]
    stems = [source.id or _valid_id(source.path.stem) for source in sources]
    hashes = {source.sha256 for source in sources}
    present = set(paths)
    taken = {
        file.id
        for path, file in indexed.items()
        if path not in present and file.sha256 not in hashes and archives.is_file(Path(path))
    }
    chosen: dict[int, str] = {}
    for position, (source, stem) in enumerate(zip(sources, stems, strict=True)):
        known = indexed.get(paths[position])
        if source.id:
            chosen[position] = source.id
        elif known is not None and (known.id == stem or known.id.endswith(f"-{stem}")):
            chosen[position] = known.id
    for count in range(_MAX_FOLDERS + 1):
        taken |= set(chosen.values())
        left = {
            position: _with_folders(stem, sources[position].path, count)
            for position, stem in enumerate(stems)
            if position not in chosen
        }
        counts = Counter(left.values())
        chosen |= {position: name for position, name in left.items() if counts[name] == 1 and name not in taken}
    holders: dict[str, list[int]] = {}
    for position, stem in enumerate(stems):
        holders.setdefault(chosen.get(position, stem), []).append(position)
    unique: list[Source] = []
    clashes: list[Unread] = []
    for name, positions in holders.items():
        holding = [position for position in positions if position in chosen]
        if len(holding) == 1:
            unique.append(replace(sources[holding[0]], id=name))
        for position in positions:
            if [position] != holding:
                others = [str(sources[other].path) for other in positions if other != position] or ["another document"]
                reason = f'its id "{name}" is also that of {join_first(others, _MAX_NAMED)}'
                clashes.append(Unread(sources[position].path, f"{reason}: give one of them another `id` in {NAME}"))
    return unique, clashes


def _with_folders(stem: str, file: Path, count: int) -> str:
    """Return the stem behind the names of the nearest folders."""
    folders = file.absolute().parent.parts[1:][-count:] if count else ()
    return "-".join([*map(_valid_id, folders), stem])


def _valid_id(name: str) -> str:
    """Return a name without accents, with `-` for each character that an id cannot hold.

    Names in another script than Latin would become equal; a few characters of their hash distinguish them.
    """
    plain = without_accents(unicodedata.normalize("NFKD", name))
    valid = "".join(character if ID_PATTERN.fullmatch(character) else "-" for character in plain).strip("-")
    if valid and not any(character.isalnum() and not character.isascii() for character in plain):
        return valid
    composed = unicodedata.normalize("NFC", name)
    return f"{valid}-{hashlib.sha256(composed.encode()).hexdigest()[:8]}".strip("-")


OCR_PREFIX = "ocr-"
"""Prefix of the identity of a source that was read with text recognition."""

_MAX_CLASHES = 20
"""Maximum number of clashes that an error lists."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source of a document: its path, its catalogue entry, and whether the catalogue lists it.

    `sha256` and `size` are of the bytes of the source; `record` is None for a whole file. `names` is what its name and
    those of the files beside it say. `ocr` is whether to recognise images of pages.
    """

    id: str
    path: Path
    entry: Entry
    listed: bool
    sha256: str
    record: beir.Record | None = None
    size: int = 0
    names: NameFacts = NO_FACTS
    ocr: bool = False

    @property
    def identity(self) -> str:
        """Hash of source, catalogue entry and reader version: sources with the same identity give the same document.

        `OCR_PREFIX` precedes it if images of pages were recognised.
        """
        entry = _entry_json(self.entry)
        names = f"\0{json.dumps(asdict(self.names))}" if self.names else ""
        facts = f"{READER_VERSION}\0{self.id}\0{self.sha256}\0{entry}{names}"
        return OCR_PREFIX * self.ocr + hashlib.sha256(facts.encode()).hexdigest()


@lru_cache(maxsize=64)
def _entry_json(entry: Entry) -> str:
    return json.dumps(asdict(entry), sort_keys=True)  # cached: all records of a file have the same entry


class Records:
    """The records of a BEIR file. Raises UnreadableFile if it has none, or other lines."""

    def __init__(self, path: Path, entry: Entry, listed: bool) -> None:
        self.path = path
        self._entry, self._listed = entry, listed
        self._offsets, self._hashes = array("q"), array("Q")
        for record in beir.records(path):
            if not record.id.strip() or not record.id.isprintable():
                raise UnreadableFile(_("the `_id` %(id)s of a record is empty or not printable", id=repr(record.id)))
            self._offsets.append(record.offset)
            self._hashes.append(int(record.sha256[:16], 16))
        if not self._offsets:
            raise UnreadableFile(_("empty: the file has no record"))

    def __len__(self) -> int:
        return len(self._offsets)

    def __getitem__(self, position: int) -> Source:
        """Read one record again. Raises UnreadableFile if the file has changed."""
        return self._source(position, beir.record_at(self.path, self._offsets[position]))

    def __iter__(self) -> Iterator[Source]:
        """Read all records in one pass. Raises UnreadableFile if the file has changed."""
        with closing(beir.records(self.path)) as records:
            for position in range(len(self)):
                try:
                    record = next(records, None)
                except UnreadableFile:
                    record = None
                yield self._source(position, record)

    def _source(self, position: int, record: beir.Record | None) -> Source:
        if record is None or int(record.sha256[:16], 16) != self._hashes[position]:
            raise UnreadableFile(
                _("%(path)s: the file changed while it was being indexed: index it again", path=self.path)
            )
        return Source(record.id, self.path, self._entry, self._listed, record.sha256, record, record.length)


class Sources(Sequence[Source]):
    """A concatenation of sources, records of files and sequences of sources."""

    def __init__(self, parts: Sequence[Source | Records | Sequence[Source]]) -> None:
        self._parts = parts
        self._ends = array("q")
        for part in parts:
            self._ends.append(len(self) + (1 if isinstance(part, Source) else len(part)))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, position: int) -> Source: ...

    @overload
    def __getitem__(self, position: slice) -> Sequence[Source]: ...

    def __getitem__(self, position: int | slice) -> Source | Sequence[Source]:
        if isinstance(position, slice):
            return [self[place] for place in range(*position.indices(len(self)))]
        place = range(len(self))[position]  # raises IndexError
        number = bisect_right(self._ends, place)
        part = self._parts[number]
        if isinstance(part, Source):
            return part
        return part[place - (self._ends[number - 1] if number else 0)]

    def __iter__(self) -> Iterator[Source]:
        for part in self._parts:
            if isinstance(part, Source):
                yield part
            else:
                yield from part


def check_unique_ids(sources: Iterable[Source]) -> None:
    """Raise CatalogueError that lists the sources with the same id as another."""
    seen = sqlite3.connect("")  # becomes a temporary file when it outgrows memory
    seen.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, path TEXT) WITHOUT ROWID")
    clashes: list[str] = []
    try:
        for source in sources:
            key = source.id.encode("utf-8", "surrogatepass")
            path = str(source.path).encode("utf-8", "surrogateescape")
            if not seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, path)).rowcount:
                ((other,),) = seen.execute("SELECT path FROM seen WHERE id = ?", (key,))
                clashes.append(_clash(source, other.decode("utf-8", "surrogateescape")))
    finally:
        seen.close()
    if clashes:
        more = f"; and {len(clashes) - _MAX_CLASHES:,} more" if len(clashes) > _MAX_CLASHES else ""
        raise CatalogueError("; ".join(clashes[:_MAX_CLASHES]) + more)


def _clash(source: Source, other: str) -> str:
    if other == str(source.path):
        return f'{source.path}: two records with the `_id` "{source.id}"'
    return (
        f'two documents with the id "{source.id}": {other} and {source.path}: give one of them another `id` in {NAME}'
    )
