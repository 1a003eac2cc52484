"""List the files under a path, and say why some cannot be read. No file is opened.

Hidden files and folders are left out. A folder with a BEIR `corpus.jsonl` is a test collection: only that file, and
files that a catalogue lists by their path, are read there.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from corpus import archives, limits
from corpus.errors import UnreadableFile
from corpus.readers.registry import missing_reader, reader_for
from corpus.translation import gettext as _

BEIR_CORPUS = "corpus.jsonl"

_SPECIAL = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


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
