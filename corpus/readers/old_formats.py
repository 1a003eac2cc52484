"""Old office formats (DOC, XLS, PPT, RTF): LibreOffice converts them, where it is installed.

Files with these suffixes that are HTML, separated values or in a newer format are read by the readers of those.

The conversion runs in a separate process with limits of time and memory, a fresh profile without macros, and no
access to the network.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers import docx, slides
from corpus.readers.base import COMPOUND_FILE, ZIP_FILE, FileContent
from corpus.readers.html import reader as html
from corpus.readers.spreadsheets import csv_file, xlsx
from corpus.readers.text import plain_text
from corpus.translation import gettext as _

_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_MAX_MEMORY = 4 * 2**30
"""Address space of LibreOffice in bytes, where the system supports a limit."""

_SETTINGS = {
    ("Office.Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks"): "true",
    ("Inet/Settings", "ooInetProxyType"): "2",
    **{
        ("Inet/Settings", f"ooInet{kind}Proxy{what}"): value
        for kind in ("HTTP", "HTTPS")
        for what, value in (("Name", "127.0.0.1"), ("Port", "9"))
    },
}
"""Settings of the profile: no macros, no linked files, and a proxy that does not exist."""


@dataclass(frozen=True, slots=True)
class _Format:
    """An old format: the format that LibreOffice converts it to, and the reader of that format.

    `filters` are names of LibreOffice's import filters, tried in turn, for files in the binary format and in XML.
    Without a named filter, LibreOffice imports a damaged file as text. `read_text` reads text that has the suffix.
    """

    suffix: str
    target: str
    read: Callable[[bytes], FileContent]
    read_text: Callable[[bytes], FileContent] | None
    filters: tuple[str, ...]
    xml: tuple[str, ...] = ()


_DOC = _Format(
    "doc", "docx", docx.read, plain_text.read, ("MS Word 97", "MS WinWord 6.0"), ("MS Word 2003 XML",)
)  # fmt: skip
_RTF = replace(_DOC, suffix="rtf")
_XLS = _Format("xls", "xlsx", xlsx.read, csv_file.read_tsv, ("MS Excel 97",), ("MS Excel 2003 XML",))
_PPT = _Format("ppt", "pptx", slides.read_pptx, None, ("MS PowerPoint 97",))

_EXCEL_4 = re.compile(rb"\x09[\x00\x02\x04][\x04\x06]\x00")
"""The beginning of a workbook of Excel 2 to 4, which is not a compound file."""
_SECTOR = 512
"""Bytes of the parts of a compound file: each of its streams begins with a part."""
_WORKBOOK_PASSWORD = re.compile(rb"\x09\x08(?:\x10\0.{16}|\x08\0.{8})(?:\x86\0\0\0)?\x2f\0", re.DOTALL)
"""The beginning of a workbook that is encrypted: the record FilePass follows the first, or that of write protection."""
_SLIDES_PASSWORD, _NEW_FORMAT_PASSWORD = b"\xdf\xc4\xd1\xf3", "EncryptedPackage".encode("utf-16-le")
"""The mark of encrypted slides, and the name of the stream with an encrypted file in a newer format."""
_RICH_TEXT = re.compile(rb"\s*\{\\rtf")
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|style|table|div)\b", re.DOTALL
)
_HEAD = 4096
"""Bytes at the beginning of a file that say what it is, whatever its suffix: websites export tables in HTML as .xls."""


def read_doc(data: bytes) -> FileContent:
    """Read a DOC file. Raises UnreadableFile if LibreOffice is missing or cannot convert it."""
    return _read(data, _DOC)


def read_rtf(data: bytes) -> FileContent:
    """Read an RTF file. Raises UnreadableFile if LibreOffice is missing or cannot convert it."""
    return _read(data, _RTF)


def read_xls(data: bytes) -> FileContent:
    """Read an XLS file. Raises UnreadableFile if LibreOffice is missing or cannot convert it."""
    return _read(data, _XLS)


def read_ppt(data: bytes) -> FileContent:
    """Read a PPT file. Raises UnreadableFile if LibreOffice is missing or cannot convert it."""
    return _read(data, _PPT)


def _read(data: bytes, old: _Format) -> FileContent:
    """Read a file by its content, which need not be what its suffix says."""
    head = data[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").lower()  # also in UTF-16
    filters: tuple[str, ...] = ()
    if data.startswith(COMPOUND_FILE) or (old is _XLS and _EXCEL_4.match(data)):
        filters = old.filters
    elif data.startswith(ZIP_FILE):
        return old.read(data)
    elif _RICH_TEXT.match(head) and old.target == "docx":
        filters = ("Rich Text Format",)
    elif _HTML.match(head):
        return html.read(data)
    elif head.lstrip().startswith(b"<?xml"):
        filters = old.xml
    elif old.read_text is not None:
        return old.read_text(data)
    for name in filters:
        if (converted := convert(data, old.suffix, old.target, name)) is not None:
            return old.read(converted)
    if _is_encrypted(data):
        raise UnreadableFile.encrypted()
    raise UnreadableFile(_("LibreOffice cannot convert it: damaged, or protected by a password"))


def _is_encrypted(data: bytes) -> bool:
    """Return whether a compound file says that it is encrypted, at the beginning of one of its streams."""
    heads = [data[start : start + _SECTOR] for start in range(_SECTOR, len(data), _SECTOR)]
    return any(
        (len(head) > 11 and head.startswith(b"\xec\xa5") and head[11] & 1)  # the flag fEncrypted of Word
        or _WORKBOOK_PASSWORD.match(head)
        or _SLIDES_PASSWORD in head
        or _NEW_FORMAT_PASSWORD in head
        for head in heads
    )


def convert(data: bytes, source: str, target: str, import_filter: str) -> bytes | None:
    """Return a file in another format; None if LibreOffice cannot convert it.

    Raises:
        UnreadableFile: LibreOffice is missing or takes too long, or its result is too large.
    """
    with tempfile.TemporaryDirectory(prefix="tmp-yearbook-qa-", ignore_cleanup_errors=True) as temporary:
        file = Path(temporary) / f"document.{source}"
        file.write_bytes(data)
        convert_files([file], target, import_filter)
        converted = file.with_suffix(f".{target}")
        if not converted.is_file():
            return None
        if converted.stat().st_size > limits.FILE.value:
            remedy = limits.FILE.remedy
            raise UnreadableFile(
                _("too large after the conversion to %(target)s; %(remedy)s", target=target.upper(), remedy=remedy)
            )
        return converted.read_bytes()


def convert_files(files: Sequence[Path], target: str, import_filter: str) -> int:
    """Write files of one folder in another format beside them, as far as LibreOffice can convert them.

    Returns:
        Its exit code, which is not 0 if it crashed.

    Raises:
        UnreadableFile: LibreOffice is missing or takes too long.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise UnreadableFile(
            _(
                "%(suffix)s files are read through LibreOffice, which is not installed (no soffice): "
                "install it, or convert the file to %(target)s or PDF",
                suffix=files[0].suffix,
                target=target.upper(),
            )
        )
    folder = files[0].parent
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--nodefault", f"--infilter={import_filter}", "--convert-to", target, "--outdir", str(folder),
        *map(str, files),
    ]  # fmt: skip
    return _run(command, folder)


def _run(command: list[str], folder: Path) -> int:
    """Run a command and return its exit code; its children are ended. Raises UnreadableFile if it takes too long."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, cwd=folder, env={**os.environ, "HOME": str(folder)},
        start_new_session=True,
    )  # fmt: skip
    if sys.platform == "linux":
        import resource

        with suppress(OSError):  # it has ended already
            resource.prlimit(process.pid, resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    try:
        return process.wait(limits.CONVERSION_SECONDS.value)
    except subprocess.TimeoutExpired as error:
        seconds = limits.CONVERSION_SECONDS
        raise UnreadableFile(
            _(
                "LibreOffice takes more than %(seconds)s seconds; %(remedy)s",
                seconds=f"{seconds.value:,}",
                remedy=seconds.remedy,
            )
        ) from error
    finally:
        if hasattr(os, "killpg"):
            with suppress(OSError):  # all have ended
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def _profile() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for (path, name), value in _SETTINGS.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
