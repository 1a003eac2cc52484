"""Interrupted and failing `index`: one line of error message, and the old index intact."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from click.testing import CliRunner

import index.models.encoder
from index import layout, manifest
from index.errors import BuildInterrupted
from index.lexical import tantivy_index
from index.ranking.search import Index
from index.storage.vector_files import ShardWriter
from qa.cli.cli import main
from tests.factories.encoders import HashEncoder


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
