"""Files inside ZIP archives, addressed by paths such as `reports.zip/2015/report.pdf`: an archive is read as a folder.

Nothing is unpacked to disk. Members are read one at a time, within the limits of files.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any, cast

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.scripts import UNSPACED
from corpus.translation import gettext as _

SUFFIX = ".zip"
_IGNORED = "__MACOSX"
"""Where macOS puts resource forks."""
_JAPANESE = re.compile(rf"[{UNSPACED}]{{2}}|(?<![^\W\d_])[{UNSPACED}](?![^\W\d_])")
"""Accented letters of Western names decode to one such letter among Latin ones."""
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises for damaged members, unknown compression and truncated data."""
_DIRECTORY_ENTRY = 250
"""Bytes of the directory of an archive for each of its parts."""


class _BoundedFile:
    """Wraps the file of an archive: a directory larger than that of the largest permitted archive is not read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if size > _DIRECTORY_ENTRY * limits.PARTS.value:
            raise zipfile.BadZipFile(f"its directory has {size:,} bytes")
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """Open a ZIP archive whose directory is not too large: zipfile takes a minute for each 75 MB of it.

    Raises:
        BadZipFile: See `zipfile.ZipFile`; also if the directory is too large.
    """
    archive = zipfile.ZipFile(cast("IO[bytes]", _BoundedFile(file)))
    archive.fp = file
    return archive


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of an archive: members by name, and the reason by name of those that cannot be read."""

    members: dict[str, zipfile.ZipInfo]
    unread: dict[str, str]


def is_archive(path: Path) -> bool:
    """Return whether a path is an existing ZIP archive."""
    return path.suffix.lower() == SUFFIX and path.is_file()


def split(path: Path) -> tuple[Path, str] | None:
    """Return the archive that a path leads into and the name of the member; None for other paths."""
    for parent in path.parents:
        if is_archive(parent):
            return parent, path.relative_to(parent).as_posix()
    return None


def listing(archive: Path) -> Listing:
    """List the visible files of an archive. Raises UnreadableFile if it is damaged, or too large in all."""
    status = archive.stat()
    return _listing(archive, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _listing(archive: Path, _modified: int, _size: int) -> Listing:
    try:
        with archive.open("rb") as file, open_zip(file) as opened:
            entries = [entry for entry in opened.infolist() if not entry.filename.endswith("/")]
    except ZIP_ERRORS as error:
        raise UnreadableFile(_("damaged: not a ZIP archive (%(error)s)", error=error)) from error
    if len(entries) > limits.PARTS.value:
        raise UnreadableFile.too_many_parts(len(entries), limits.PARTS.remedy)
    size = sum(entry.file_size for entry in entries)
    if size > limits.ARCHIVE.value:
        remedy = limits.ARCHIVE.remedy
        raise UnreadableFile(
            _("a ZIP archive that unpacks to %(size)s bytes; %(remedy)s", size=f"{size:,}", remedy=remedy)
        )
    members: dict[str, zipfile.ZipInfo] = {}
    unread: dict[str, str] = {}
    for entry in entries:
        name = _decoded_name(entry)
        parts = PurePosixPath(name).parts
        if any(part.startswith(".") and part != ".." for part in parts) or _IGNORED in parts:
            continue
        reason = _problem(name, entry)
        if reason is None:
            members["/".join(parts)] = entry
        else:
            unread[name] = reason
    return Listing(members, unread)


def _decoded_name(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry; names without an encoding are UTF-8, Japanese, or as zipfile reads them."""
    if entry.flag_bits & 0x800 or entry.filename.isascii():
        return entry.filename
    for encoding in ("utf-8", "cp932"):
        try:
            name = entry.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
        if encoding == "utf-8" or _JAPANESE.search(name):
            return name
    return entry.filename


def _problem(name: str, entry: zipfile.ZipInfo) -> str | None:
    path = PurePosixPath(name)
    if (
        not path.parts
        or path.is_absolute()
        or ".." in path.parts
        or PureWindowsPath(name).drive
        or "\\" in name
        or not name.isprintable()
    ):
        return _("a name that leads out of the archive")
    if path.suffix.lower() == SUFFIX:
        return _("an archive inside an archive: unpack it first")
    if entry.flag_bits & 1:
        return str(UnreadableFile.encrypted())
    if entry.file_size > limits.FILE.value:
        return _("%(size)s bytes; %(remedy)s or split the file", size=f"{entry.file_size:,}", remedy=limits.FILE.remedy)
    return None


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file, also of one inside an archive. Raises OSError, and UnreadableFile for damage."""
    place = None if path.is_file() else split(path)
    if place is None:
        return path.read_bytes()
    archive, name = place
    entry = listing(archive).members.get(name)
    if entry is None:
        raise FileNotFoundError(2, "no such file in the archive", str(path))
    try:
        with archive.open("rb") as file, open_zip(file) as opened, opened.open(entry) as stream:
            return stream.read(entry.file_size)  # never more than the header states, which is within the limits
    except ZIP_ERRORS as error:
        raise UnreadableFile(_("damaged: it cannot be unpacked (%(error)s)", error=error)) from error


def is_file(path: Path) -> bool:
    """Return whether a file exists, also inside an archive."""
    if path.is_file():
        return True
    place = split(path)
    try:
        return place is not None and place[1] in listing(place[0]).members
    except UnreadableFile:
        return False
