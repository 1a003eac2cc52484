"""The public interfaces of the packages: their names are imported lazily, and their worked examples run."""

from __future__ import annotations

import doctest
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import pytest

import corpus
import index
import qa
from qa.cli.index_location import SAMPLES
from tests.factories.encoders import HashEncoder
from tests.paths import ROOT

PACKAGES = pytest.mark.parametrize("package", [corpus, index, qa], ids=lambda package: package.__name__)


@PACKAGES
def test_every_public_name_resolves_and_no_other(package: ModuleType) -> None:
    assert all(getattr(package, name) is not None for name in package.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = package.no_such_name


def test_the_names_of_index_are_listed_by_dir() -> None:
    assert set(index.__all__) <= set(dir(index))


@PACKAGES
def test_importing_a_package_loads_none_of_its_modules_and_no_library(package: ModuleType) -> None:
    libraries = ("faiss", "lxml", "numpy", "onnxruntime", "tantivy")
    script = f"import sys, {package.__name__} as package; print([name for name in sys.modules if "
    script += f"name.startswith('{package.__name__}.') or name in {libraries}])"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert run.stdout.strip() == "[]"


def test_the_worked_example_of_corpus_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SAMPLES, tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    result = doctest.testmod(corpus)
    assert (result.failed, result.attempted > 4) == (0, True)


def test_the_worked_example_of_index_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "documents").mkdir()
    text = "Fishery Report 2016\n\nThe herring quota was cut.\n"
    (tmp_path / "documents" / "fishery.txt").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(index, "load_encoder", HashEncoder, raising=False)
    example = "\n".join(line for line in (index.__doc__ or "").splitlines() if line.startswith("    "))
    exec(textwrap.dedent(example), {})  # noqa: S102 - our own docstring
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 documents, 1 passages"
    assert lines[1].split(maxsplit=2)[1].startswith("fishery@")
    assert lines[-1] == "The herring quota was cut."


def test_the_worked_example_of_qa_prints_its_output(
    sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sample_index, tmp_path / "index")
    shutil.copy(SAMPLES / "questions.jsonl", tmp_path)
    monkeypatch.chdir(tmp_path)
    tests = doctest.DocTestFinder(recurse=False).find(qa, "qa", globs={})
    assert sum(len(test.examples) for test in tests) > 10
    results = [doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test) for test in tests]
    assert sum(result.failed for result in results) == 0


def test_unreadable_files_are_listed_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Annual Report 2016\n\nThe harvest was good.\n", encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    loaded = corpus.load([tmp_path])
    assert [document.id for document in loaded.documents] == ["good"]
    assert [file.path.name for file in loaded.unread] == ["empty.txt"]


def test_no_readable_file_is_an_error_that_names_the_reason(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(corpus.NothingToRead, match=r"empty\.txt"):
        corpus.load([tmp_path])
    with pytest.raises(corpus.NothingToRead, match="absent"):
        corpus.load([str(tmp_path / "absent")])
