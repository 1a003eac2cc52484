"""Old office formats (DOC, XLS, PPT, RTF): LibreOffice converts them, where it is installed.

The conversion runs in a separate process with limits of time and memory, a fresh profile without macros, and no
access to the network.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.docx import reader as docx
from corpus.readers.slides import pptx
from corpus.readers.spreadsheets import xlsx
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
"""Of the profile: no macros, no linked files, and a proxy that does not exist."""


def read_doc(data: bytes) -> Reading:
    """Read a DOC file. Raises UnreadableFile if LibreOffice is missing or cannot convert it."""
    return docx.read(_convert(data, "doc", "docx"))


def read_rtf(data: bytes) -> Reading:
    """Read an RTF file. Raises UnreadableFile if LibreOffice is missing or cannot convert it."""
    return docx.read(_convert(data, "rtf", "docx"))


def read_xls(data: bytes) -> Reading:
    """Read an XLS file. Raises UnreadableFile if LibreOffice is missing or cannot convert it."""
    return xlsx.read(_convert(data, "xls", "xlsx"))


def read_ppt(data: bytes) -> Reading:
    """Read a PPT file. Raises UnreadableFile if LibreOffice is missing or cannot convert it."""
    return pptx.read(_convert(data, "ppt", "pptx"))


def _convert(data: bytes, source: str, target: str) -> bytes:
    """Return a file in another format."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise UnreadableFile(
            _(
                "%(suffix)s files are read through LibreOffice, which is not installed (no soffice): "
                "install it, or convert the file to %(target)s or PDF",
                suffix=f".{source}",
                target=target.upper(),
            )
        )
    with tempfile.TemporaryDirectory(prefix="tmp-yearbook-qa-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        file = folder / f"document.{source}"
        file.write_bytes(data)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
        command = [
            program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
            "--nodefault", "--convert-to", target, "--outdir", str(folder / "converted"), str(file),
        ]  # fmt: skip
        _run(command, folder)
        converted = folder / "converted" / f"document.{target}"
        if not converted.is_file():
            raise UnreadableFile(_("LibreOffice cannot convert it: damaged, or protected by a password"))
        if converted.stat().st_size > limits.FILE.value:
            remedy = limits.FILE.remedy
            raise UnreadableFile(
                _("too large after the conversion to %(target)s; %(remedy)s", target=target.upper(), remedy=remedy)
            )
        return converted.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    """Run a command until it ends. Raises UnreadableFile if it takes too long; then its children are ended, too."""
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
        process.wait(limits.CONVERSION_SECONDS.value)
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
