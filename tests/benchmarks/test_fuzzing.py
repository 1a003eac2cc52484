"""The fuzzer in short: some cases of each kind, and that it sees what it is to see."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import JudgementError
from tests.benchmarks import fuzzing
from tests.benchmarks.fuzzing import case, outcome, place, pool

KINDS = ["text", "markdown", "html", "docx", "pdf", "beir", "catalogue", "questions", "draft"]
CASES, MANY = 25, 400


@pytest.fixture(scope="module")
def files() -> fuzzing.Pool:
    """What cases begin with, without the shared data."""
    return pool(Path("no such folder"))


def findings(kind: str, files: fuzzing.Pool, folder: Path, cases: range) -> list[str]:
    found: list[str] = []
    for number in cases:
        _, suffix, data = case(number, 8, files, [kind])
        result, said = outcome(kind, place(kind, suffix, data, folder))
        found += [f"case {number}: {said}"] if result == "finding" else []
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_made_worse_is_read_or_refused_in_a_line(kind: str, files: fuzzing.Pool, tmp_path: Path) -> None:
    assert findings(kind, files, tmp_path, range(CASES)) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_much_that_was_made_worse_is_read_or_refused(kind: str, files: fuzzing.Pool, tmp_path: Path) -> None:
    assert findings(kind, files, tmp_path, range(CASES, CASES + MANY)) == []


def test_every_kind_has_something_to_begin_with_and_what_is_whole_is_read(files: fuzzing.Pool, tmp_path: Path) -> None:
    assert sorted(files) == sorted(KINDS)
    for kind, beginnings in files.items():
        for suffix, data in beginnings:
            assert outcome(kind, place(kind, suffix, data, tmp_path / kind)) == ("read", ""), (kind, suffix)


def test_an_exception_and_a_message_of_two_lines_are_findings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_kind: str, path: Path) -> None:
        raise KeyError("boats") if path.name == "a" else JudgementError("sound")

    monkeypatch.setattr(fuzzing, "attempt", broken)
    assert outcome("text", tmp_path / "a")[0] == "finding"
    assert outcome("text", tmp_path / "b") == ("refused", "sound")
    monkeypatch.setattr(fuzzing, "SLOWEST", -1.0)
    assert outcome("text", tmp_path / "b")[0] == "finding"
