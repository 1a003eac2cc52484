"""Old office formats: converted by LibreOffice within limits, or named with what is missing."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers import old_formats
from corpus.readers.base import Reading
from tests.factories import rendered_docx, rendered_sheets, rendered_slides
from tests.factories.outlined_texts import SMALL

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the program that stands in for soffice is a script")


@pytest.fixture
def soffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a script in the place of soffice; `name` is the file to write."""

    def install(body: str) -> None:
        program = tmp_path / "bin" / "soffice"
        program.parent.mkdir(exist_ok=True)
        head = f"""\
            #!{sys.executable}
            import pathlib, sys, time
            arguments = sys.argv[1:]
            target = arguments[arguments.index("--convert-to") + 1]
            folder = pathlib.Path(arguments[arguments.index("--outdir") + 1])
            folder.mkdir()
            name = folder / f"document.{{target}}"
            """
        program.write_text(textwrap.dedent(head) + body, encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent), prepend=":")

    return install


@pytest.mark.parametrize(
    ("read", "data", "words"),
    [
        (old_formats.read_doc, rendered_docx.render(SMALL), "four new berths"),
        (old_formats.read_rtf, rendered_docx.render(SMALL), "four new berths"),
        (old_formats.read_xls, rendered_sheets.render_xlsx(SMALL), "four new berths"),
        (old_formats.read_ppt, rendered_slides.render_pptx(SMALL), "four new berths"),
    ],
)
def test_the_converted_file_is_read(
    read: Callable[[bytes], Reading], data: bytes, words: str, soffice: Callable[[str], None], tmp_path: Path
) -> None:
    (tmp_path / "converted").write_bytes(data)
    soffice(f"name.write_bytes(pathlib.Path({str(tmp_path / 'converted')!r}).read_bytes())")
    assert words in read(b"old bytes").text


def test_failures_are_named_with_the_reason(soffice: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    soffice("")
    with pytest.raises(UnreadableFile, match="cannot convert it"):
        old_formats.read_doc(b"x")
    soffice("time.sleep(60)")
    monkeypatch.setenv(limits.CONVERSION_SECONDS.variable, "1")
    with pytest.raises(UnreadableFile, match="more than 1 seconds; the limit is 1: raise YEARBOOK_QA_MAX_CONVERSION"):
        old_formats.read_doc(b"x")
    monkeypatch.setattr(old_formats, "_PROGRAMS", ("no-such-program",))
    with pytest.raises(UnreadableFile, match=r"\.xls files are read through LibreOffice, which is not installed"):
        old_formats.read_xls(b"x")


@pytest.mark.long
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_converts_rich_text() -> None:
    assert old_formats.read_rtf(rb"{\rtf1\ansi Boats sailed.}").text == "Boats sailed.\n"
