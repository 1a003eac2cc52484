"""Interrupted and failing `index`: one line of error message, and the old index intact."""

from __future__ import annotations

import errno
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

import index.models.encoder
from index import layout, manifest
from index.errors import BuildInterrupted
from index.lexical import tantivy_index
from index.ranking.search import Index
from index.storage.vector_files import ShardWriter
from qa.cli.cli import main
from tests.factories.encoders import HashEncoder
from tests.factories.rendered.pages import draw_all, draw_lines, draw_pages


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A document that is indexed, and another that is not yet."""
    monkeypatch.setattr(index.models.encoder, "load", lambda *_, **__: HashEncoder())
    folder = tmp_path / "publications"
    folder.mkdir()
    (folder / "tea.txt").write_text("Tea Report 2012\n\n1. Tea\n\nTea was dear in 2011.\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["index", str(folder), "--index", str(tmp_path / "index")]).exit_code == 0
    (folder / "rice.txt").write_text("Rice Report 2012\n\n1. Rice\n\nRice was cheap in 2011.\n", encoding="utf-8")
    return folder


def failed(corpus: Path, folder: Path, code: int) -> str:
    """Index again; return the single line of the error message."""
    before = (folder / layout.MANIFEST).read_bytes()
    result = CliRunner().invoke(main, ["index", str(corpus), "--index", str(folder)])
    assert result.exit_code == code, (result.output, result.exception)
    assert (folder / layout.MANIFEST).read_bytes() == before
    assert [document.id for document in Index(folder).documents] == ["tea"]
    assert layout.list_generations(folder) == [manifest.read(folder).generation]
    (line,) = result.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    ("owner", "name"), [(ShardWriter, "add_raw"), (ShardWriter, "seal"), (tantivy_index, "write"), (manifest, "write")]
)
def test_a_full_disk_is_reported_in_one_line_and_keeps_the_old_index(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full)
        line = failed(corpus, tmp_path / "index", 1)
    assert line.startswith(f"yearbook-qa: {tmp_path / 'index'}: ")
    assert "No space left on device" in line
    result = CliRunner().invoke(main, ["index", str(corpus), "--index", str(tmp_path / "index")])
    assert "1 added, 1 unchanged" in result.stdout, result.stderr
    assert [document.id for document in Index(tmp_path / "index").documents] == ["rice", "tea"]


def test_ctrl_c_is_reported_in_one_line(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ShardWriter, "add_raw", ended)
    assert failed(corpus, tmp_path / "index", 130) == f"yearbook-qa: {BuildInterrupted(resumable=False)}"


def test_ctrl_c_says_that_the_build_can_be_resumed(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("index.building.build.CHECKPOINT", 0.0)
    monkeypatch.setattr(tantivy_index, "write", ended)
    result = CliRunner().invoke(main, ["index", str(corpus), "--index", str(tmp_path / "index")])
    assert (result.exit_code, result.stderr) == (130, f"yearbook-qa: {BuildInterrupted(resumable=True)}\n")
    monkeypatch.undo()
    monkeypatch.setattr(index.models.encoder, "load", lambda *_, **__: HashEncoder())
    result = CliRunner().invoke(main, ["index", str(corpus), "--index", str(tmp_path / "index")])
    assert "1 documents resumed" in result.stderr
    assert "1 added, 1 unchanged; 0 passages embedded" in result.stdout


def test_what_could_not_be_read_is_named_by_index_info_and_outline(corpus: Path, tmp_path: Path) -> None:
    def scan(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(io.BytesIO(b"P5 8 8 255 " + bytes(range(64)))), 0, 0, 500, 700)

    file = corpus / "ships.pdf"
    texts = {"7": "Ships were counted in the harbour in the year 2011.", "8": "Boats were counted in the year after."}
    pages = [draw_all(draw_lines(text, y=500), draw_lines(number, x=290, y=40)) for number, text in texts.items()]
    file.write_bytes(draw_pages(*pages, scan))

    def run(*arguments: object) -> tuple[str, str]:
        result = CliRunner().invoke(main, [*map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.stdout, " ".join(result.stderr.split())

    warning = "images with no text, or only a few words, on page 3 of the file"
    assert f"ships: {warning}" in run("index", corpus, "--index", tmp_path / "index")[1]
    assert warning in " ".join(run("info", "--index", tmp_path / "index")[0].split())
    facts = json.loads(run("info", "--index", tmp_path / "index", "--format", "json")[0])
    (warnings,) = facts["warnings"].values()
    assert list(facts["warnings"]) == ["ships"]
    assert warnings[0].startswith(warning)
    assert warning in run("outline", file)[1]
    assert json.loads(run("outline", file, "--furniture", "--format", "json")[0]) == ["7", "8"]
    assert run("outline", file, "--furniture")[0].split()[:2] == ["7", "8"]
