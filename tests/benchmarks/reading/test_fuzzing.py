"""A short run of the fuzzer on each kind of file, and its findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import JudgementError
from tests.benchmarks.reading import fuzzing
from tests.benchmarks.reading.fuzzing import KINDS, case, outcome, place, pool

CASES, MANY = 25, 400


@pytest.fixture(scope="module")
def files() -> fuzzing.Pool:
    """The files to mutate, without the shared data."""
    return pool(Path("no such folder"))


def findings(kind: str, files: fuzzing.Pool, folder: Path, cases: range) -> list[str]:
    found: list[str] = []
    for number in cases:
        _, suffix, data = case(number, 8, files, [kind])
        result, said = outcome(kind, place(kind, suffix, data, folder))
        found += [f"case {number}: {said}"] if result == "finding" else []
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_mutated_files_are_read_or_rejected_in_one_line(kind: str, files: fuzzing.Pool, tmp_path: Path) -> None:
    assert findings(kind, files, tmp_path, range(CASES)) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_many_mutated_files_are_read_or_rejected(kind: str, files: fuzzing.Pool, tmp_path: Path) -> None:
    assert findings(kind, files, tmp_path, range(CASES, CASES + MANY)) == []


def test_every_kind_has_seed_files_and_intact_ones_are_read(files: fuzzing.Pool, tmp_path: Path) -> None:
    for kind, seeds in files.items():
        assert seeds, kind
        for suffix, data in seeds:
            assert outcome(kind, place(kind, suffix, data, tmp_path / kind)) == ("read", ""), (kind, suffix)


def test_exceptions_and_slow_cases_are_findings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_kind: str, path: Path) -> None:
        raise KeyError("boats") if path.name == "a" else JudgementError("sound")

    monkeypatch.setattr(fuzzing, "attempt", broken)
    assert outcome("text", tmp_path / "a")[0] == "finding"
    assert outcome("text", tmp_path / "b") == ("rejected", "sound")
    monkeypatch.setattr(fuzzing, "MAX_SECONDS", -1.0)
    assert outcome("text", tmp_path / "b")[0] == "finding"
