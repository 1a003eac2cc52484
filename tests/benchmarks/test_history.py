"""Runs of benchmarks are kept outside of the repository and compared number by number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import history


def recorded(output: list[str]) -> history.Run:
    return {"benchmarks": {"latency": {"code": 0, "seconds": 1.0, "output": output}}}


def test_numbers_that_differ_are_shown_with_their_line_and_ratio() -> None:
    before = recorded(["1,000 passages   10.0 ms   .98", "1,000 passages  20 ms  .98", "int8 x 3", "all done"])
    after = recorded(["1,000 passages   12.0 ms   .98", "1,000 passages  20.5 ms  .98", "int8 x 3", "all done"])
    assert list(history.differences(before, after)) == ["latency: # passages # ms #: 10 -> 12 (1.20 times)"]
    assert list(history.differences(before, {"benchmarks": {}})) == ["latency: only in one of the runs"]


def test_a_run_is_one_line_outside_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCHMARK_HISTORY", str(tmp_path / "runs.jsonl"))
    assert history.runs() == []
    assert history.run(["no_such_benchmark"]) == 1
    (line,) = (tmp_path / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["benchmarks"]["no_such_benchmark"]["code"] == 1
    assert history.runs() == [json.loads(line)]


def test_a_benchmark_is_named_without_its_folder() -> None:
    assert history.module_of("latency") == "tests.benchmarks.serving.latency"
    assert history.module_of("ranking") == "tests.benchmarks.ranking"
