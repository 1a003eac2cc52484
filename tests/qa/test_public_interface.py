"""The worked example of the package `qa` runs, and its names are imported lazily."""

from __future__ import annotations

import doctest
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import qa
from qa.cli.index_location import SAMPLES


def test_the_worked_example_of_the_package_prints_its_output(
    sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sample_index, tmp_path / "index")
    shutil.copy(SAMPLES / "questions.jsonl", tmp_path)
    monkeypatch.chdir(tmp_path)
    tests = doctest.DocTestFinder(recurse=False).find(qa, "qa", globs={})
    assert sum(len(test.examples) for test in tests) > 10
    results = [doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test) for test in tests]
    assert sum(result.failed for result in results) == 0


def test_every_public_name_resolves() -> None:
    assert all(getattr(qa, name) is not None for name in qa.__all__)
    with pytest.raises(AttributeError, match="Nothing"):
        _ = qa.Nothing


def test_importing_the_package_loads_none_of_its_modules() -> None:
    script = "import sys, qa; print([name for name in sys.modules if name.startswith('qa.')])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert run.stdout.strip() == "[]"
