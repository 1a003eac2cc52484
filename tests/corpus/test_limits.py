"""Limits: defaults, environment variables, and that each limit is enforced."""

from __future__ import annotations

import io
import zipfile

import pytest

from corpus import limits
from corpus.errors import LimitError, UnreadableFile
from corpus.limits import Limit
from corpus.readers import docx
from corpus.readers.html import reader as html
from corpus.readers.pdf import reader as pdf
from tests.factories.outlined_texts import SMALL
from tests.factories.rendered import pdf as rendered_pdf

SOME = Limit("YEARBOOK_QA_MAX_SOME", 7, "things")


@pytest.mark.parametrize(
    ("written", "value"), [("", 7), ("  ", 7), ("12", 12), ("3k", 3072), ("2 MB", 2 * 2**20), ("1GiB", 2**30)]
)
def test_a_limit_is_its_default_or_the_environment_variable(
    written: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SOME.variable, written)
    assert SOME.value == value


@pytest.mark.parametrize("written", ["many", "-1", "0", "1.5G", "12 apples", "٣"])
def test_an_invalid_limit_is_an_error_that_names_variable_and_value(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SOME.variable, written)
    with pytest.raises(LimitError, match=rf"{SOME.variable} is '{written}'"):
        _ = SOME.value


def test_a_page_beyond_its_limit_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(limits.MARKUP.variable, "20")
    with pytest.raises(UnreadableFile, match=r"the limit is 20: raise YEARBOOK_QA_MAX_MARKUP"):
        html.read(b"<p>" + b"a" * 20)


def test_pages_and_characters_of_a_pdf_file_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    data = rendered_pdf.render(SMALL).data
    monkeypatch.setenv(limits.GLYPHS.variable, "10")
    with pytest.raises(UnreadableFile, match="characters or more; the limit is 10: "):
        pdf.read(data)


def test_a_docx_file_with_too_large_parts_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", b"<a>" + b" " * 600 + b"</a>")
        archive.writestr("word/document.xml", b"<a>" + b" " * 600 + b"</a>")
    monkeypatch.setenv(limits.UNPACKED.variable, "1000")
    with pytest.raises(UnreadableFile, match=r"word/document\.xml unpacks to .* the limit is 1,000: "):
        docx.read(packed.getvalue())
