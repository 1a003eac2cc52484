"""`index --ocr`: scans become documents, are kept, and what is quoted of them is marked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import index.models.encoder
from corpus.readers.ocr import page_cache
from index.ranking.search import Index
from qa.cli.cli import main
from qa.cli.progress import page_progress
from tests.factories.encoders import HashEncoder
from tests.factories.rendered.pages import draw_lines, draw_pages
from tests.factories.rendered.scanned_pdf import recognize_perfectly, scan

ORIGINAL = draw_pages(
    draw_lines("In 2011 tea was dear in all the ports of the northern district.", "Rice was cheap, and so was salt.")
)


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scan."""
    monkeypatch.setattr(index.models.encoder, "load", lambda *_, **__: HashEncoder())
    file = tmp_path / "tea-2012.pdf"
    file.write_bytes(scan(ORIGINAL))
    return file


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


def test_a_scan_is_refused_without_the_option_and_indexed_with_it(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognize_perfectly(monkeypatch, ORIGINAL, 0.93)
    folder = tmp_path / "index"
    refused = run("index", report, "--index", folder)
    assert refused.exit_code == 1
    assert "--ocr" in refused.stderr
    done = run("index", report, "--index", folder, "--ocr")
    assert done.exit_code == 0, done.output
    assert "can have errors" in done.stderr
    document = Index(folder).document("tea-2012")
    assert [document.text[word.start : word.end] for word in document.recognized] == document.text.split()
    answer = json.loads(run("ask", "Was tea dear in 2011?", "--index", folder, "--format", "json").stdout)
    assert answer["passages"][0]["ocr_confidence"] == 0.93
    for output in ("text", "markdown"):
        shown = run("ask", "Was tea dear in 2011?", "--index", folder, "--format", output).stdout
        assert "text recognition (OCR), confidence 93.0%" in shown


def test_later_builds_keep_a_recognised_document(report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = recognize_perfectly(monkeypatch, ORIGINAL)
    folder = tmp_path / "index"
    run("index", report, "--index", folder, "--ocr")
    assert "1 unchanged" in run("index", report, "--index", folder).stdout
    assert asked == [1]
    (tmp_path / "corpus.toml").write_text('[[document]]\nfile = "tea-2012.pdf"\nedition = 2013\n', encoding="utf-8")
    assert "1 changed" in run("index", report, "--index", folder).stdout
    assert Index(folder).document("tea-2012").recognized


def test_without_the_engine_the_option_says_how_to_install_it(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_cache, "engine_version", lambda: None)
    for arguments in (("index", report, "--index", tmp_path / "index"), ("outline", report)):
        result = run(*arguments, "--ocr")
        assert result.exit_code == 1
        assert page_cache.INSTALL in result.stderr
    assert not (tmp_path / "index").exists()


def test_the_outline_of_a_scan_is_shown(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recognize_perfectly(monkeypatch, ORIGINAL)
    assert run("outline", report).exit_code == 1
    assert run("outline", report, "--ocr").exit_code == 0


def test_a_cluster_does_not_recognise(report: Path, tmp_path: Path) -> None:
    assert run("index", report, "--index", tmp_path / "index", "--ocr", "--engine", "ray").exit_code == 2


def test_recognition_ends_at_the_next_page_after_its_build() -> None:
    with page_progress(lambda _: None) as on_page:
        on_page("scan.pdf", 1, 10)
    with pytest.raises(KeyboardInterrupt):
        on_page("scan.pdf", 2, 10)
