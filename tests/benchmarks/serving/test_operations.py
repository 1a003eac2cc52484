"""A question, a comparison and an update cost at most LIMIT times the operations that were recorded."""

from __future__ import annotations

import json
from pathlib import Path

from tests.benchmarks.serving.operations import BASELINE, excesses, measure


def test_no_operation_is_done_much_more_often_than_recorded(tmp_path: Path) -> None:
    assert excesses(measure(tmp_path), json.loads(BASELINE.read_text(encoding="utf-8"))) == []


def test_an_excess_and_a_new_count_are_named() -> None:
    assert excesses({"question": {"reads": 13, "more": 1}}, {"question": {"reads": 10}}) == [
        "question: 1 more, recorded 0"
    ]
    assert excesses({"question": {"reads": 13.1}}, {"question": {"reads": 10}}) == ["question: 13.1 reads, recorded 10"]
