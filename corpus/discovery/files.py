"""List the files under a path, say why some cannot be read, and give the others ids. No file is opened.

Hidden files and folders are left out. A folder with a BEIR `corpus.jsonl` is a test collection: only that file, and
files that a catalogue lists by their path, are read there. An id is the stem of a file's name, with the names of its
folders where that is not unique.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from corpus import archives, limits
from corpus.catalogue.catalogue import ID_PATTERN, NAME
from corpus.discovery.sources import Source
from corpus.errors import UnreadableFile
from corpus.readers.registry import missing_reader, reader_for
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
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    valid = "".join(character if ID_PATTERN.fullmatch(character) else "-" for character in plain).strip("-")
    if valid and not any(character.isalnum() and not character.isascii() for character in plain):
        return valid
    composed = unicodedata.normalize("NFC", name)
    return f"{valid}-{hashlib.sha256(composed.encode()).hexdigest()[:8]}".strip("-")
