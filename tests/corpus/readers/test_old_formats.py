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
from corpus.readers.base import COMPOUND_FILE, FileContent
from tests.factories.outlined_texts import SMALL
from tests.factories.rendered import docx as rendered_docx
from tests.factories.rendered import sheets as rendered_sheets
from tests.factories.rendered import slides as rendered_slides

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
            name = pathlib.Path(arguments[-1]).with_suffix(f".{{target}}")
            filter = next(argument for argument in arguments if argument.startswith("--infilter="))
            """
        program.write_text(textwrap.dedent(head) + body, encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent), prepend=":")

    return install


@pytest.mark.parametrize(
    ("read", "head", "data", "words"),
    [
        (old_formats.read_doc, COMPOUND_FILE, rendered_docx.render(SMALL), "four new berths"),
        (old_formats.read_rtf, b"\n{\\rtf1 ", rendered_docx.render(SMALL), "four new berths"),
        (old_formats.read_xls, COMPOUND_FILE, rendered_sheets.render_xlsx(SMALL), "four new berths"),
        (
            old_formats.read_xls,
            b"\x09\x00\x04\x00\x02\x00\x10\x00",
            rendered_sheets.render_xlsx(SMALL),
            "four new berths",
        ),
        (
            old_formats.read_xls,
            b'<?xml version="1.0"?><Workbook>',
            rendered_sheets.render_xlsx(SMALL),
            "four new berths",
        ),
        (old_formats.read_ppt, COMPOUND_FILE, rendered_slides.render_pptx(SMALL), "four new berths"),
    ],
)
def test_the_converted_file_is_read(
    read: Callable[[bytes], FileContent],
    head: bytes,
    data: bytes,
    words: str,
    soffice: Callable[[str], None],
    tmp_path: Path,
) -> None:
    (tmp_path / "converted").write_bytes(data)
    soffice(f"name.write_bytes(pathlib.Path({str(tmp_path / 'converted')!r}).read_bytes())")
    assert words in read(head).text


@pytest.mark.parametrize(
    ("read", "data", "text"),
    [
        (old_formats.read_xls, "Port\tShips\nOsaka\t12\n".encode("utf-16"), "Port | Ships\nOsaka | 12\n"),
        (old_formats.read_xls, b"<html xmlns:x='urn:x'><table><tr><td>Port<td>Ships<tr><td>Osaka<td>12", "Osaka | 12"),
        (old_formats.read_doc, b"\xef\xbb\xbf<!DOCTYPE html><p>Boats sailed.</p>", "Boats sailed."),
        (old_formats.read_doc, "\ufeff<html><p>Boats sailed.".encode("utf-16-be"), "Boats sailed."),
        (old_formats.read_doc, b"Boats sailed.", "Boats sailed."),
        (old_formats.read_doc, rendered_docx.render(SMALL), "four new berths"),
        (old_formats.read_xls, rendered_sheets.render_xlsx(SMALL), "four new berths"),
    ],
)
def test_files_in_other_formats_are_read_without_conversion(
    read: Callable[[bytes], FileContent], data: bytes, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_formats, "_PROGRAMS", ("no-such-program",))
    assert text in read(data).text


def test_a_word_file_that_is_no_word_97_file_is_converted_as_word_6(
    soffice: Callable[[str], None], tmp_path: Path
) -> None:
    (tmp_path / "converted").write_bytes(rendered_docx.render(SMALL))
    soffice(f"'6.0' in filter and name.write_bytes(pathlib.Path({str(tmp_path / 'converted')!r}).read_bytes())")
    assert "four new berths" in old_formats.read_doc(COMPOUND_FILE).text


def test_failures_are_named_with_the_reason(soffice: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    soffice("")
    with pytest.raises(UnreadableFile, match="cannot convert it"):
        old_formats.read_doc(COMPOUND_FILE)
    soffice("time.sleep(60)")
    monkeypatch.setenv(limits.CONVERSION_SECONDS.variable, "1")
    with pytest.raises(UnreadableFile, match="more than 1 seconds; the limit is 1: raise YEARBOOK_QA_MAX_CONVERSION"):
        old_formats.read_doc(COMPOUND_FILE)
    monkeypatch.setattr(old_formats, "_PROGRAMS", ("no-such-program",))
    with pytest.raises(UnreadableFile, match=r"\.xls files are read through LibreOffice, which is not installed"):
        old_formats.read_xls(COMPOUND_FILE)


WORKBOOK = b"\x09\x08\x10\0" + bytes(16)


@pytest.mark.parametrize(
    ("read", "stream"),
    [
        (old_formats.read_doc, b"\xec\xa5\xc1\0" + bytes(7) + b"\x13"),
        (old_formats.read_doc, "EncryptedPackage".encode("utf-16-le")),
        (old_formats.read_xls, WORKBOOK + b"\x2f\0\x36\0"),
        (old_formats.read_xls, WORKBOOK + b"\x86\0\0\0\x2f\0\x06\0"),
        (old_formats.read_xls, b"\x09\x08\x08\0" + bytes(8) + b"\x2f\0\x04\0"),
        (old_formats.read_ppt, b"\0\0\xf6\x0f\x1c\0\0\0\x14\0\0\0\xdf\xc4\xd1\xf3"),
    ],
)
def test_files_that_are_encrypted_are_refused_as_such(
    read: Callable[[bytes], FileContent], stream: bytes, soffice: Callable[[str], None]
) -> None:
    soffice("")
    with pytest.raises(UnreadableFile, match="encrypted: save it without a password"):
        read(COMPOUND_FILE.ljust(1024, b"\0") + stream.ljust(512, b"\0"))
    with pytest.raises(UnreadableFile, match="damaged, or protected"):
        read(COMPOUND_FILE.ljust(1024, b"\0") + WORKBOOK + bytes(512))


@pytest.mark.long
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
class TestLibreOffice:
    def test_rich_text_is_converted(self) -> None:
        assert old_formats.read_rtf(rb"{\rtf1\ansi Boats sailed.}").text == "Boats sailed.\n"

    def test_a_damaged_workbook_is_refused_and_not_read_as_text(self) -> None:
        with pytest.raises(UnreadableFile, match="cannot convert it"):
            old_formats.read_xls(COMPOUND_FILE + b"Boats sailed. " * 200)

    def test_entities_do_not_include_files(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("Do not tell.", encoding="utf-8")
        word = "http://schemas.microsoft.com/office/word/2003/wordml"
        text = old_formats.read_doc(
            f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY h SYSTEM "{secret.as_uri()}">]>'
            f'<w:wordDocument xmlns:w="{word}"><w:body>'
            "<w:p><w:r><w:t>Boats &h;</w:t></w:r></w:p></w:body></w:wordDocument>".encode()
        ).text
        assert text == "Boats\n"

    def test_linked_files_are_not_included(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("Do not tell.", encoding="utf-8")
        field = f'{{\\field{{\\*\\fldinst INCLUDETEXT "{secret.as_uri()}"}}{{\\fldrslt shown}}}}'
        text = old_formats.read_rtf(f"{{\\rtf1\\ansi Boats. {field}}}".encode()).text
        assert text == "Boats. shown\n"
