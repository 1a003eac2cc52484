"""How far a build has come, in words: counts, rate, time left."""

from __future__ import annotations

import pytest

from index.building.report import BuildProgress
from qa.cli.progress import (
    build_progress,
    describe_build,
    describe_stage,
    format_duration,
    line_progress,
    stage_progress,
)


def test_progress_shows_counts_rate_and_time_left() -> None:
    # a quarter in 60 s: three quarters are left, 180 s
    advance = BuildProgress("embedding", 1234, 10_000, 1800, 900, 0.25)
    assert describe_build(advance, 60) == "1,234 of 10,000 documents, 1,800 passages, 30 passages/s, about 3 min left"


def test_rate_and_time_left_are_omitted_at_the_start() -> None:
    assert describe_build(BuildProgress("embedding", 0, 5, 0, 0, 0.0), 3) == "0 of 5 documents, 0 passages"


def test_a_slow_rate_keeps_a_decimal() -> None:
    assert "0.5 passages/s" in describe_build(BuildProgress("embedding", 1, 5, 10, 10, 0.2), 20)


def test_the_end_is_writing() -> None:
    assert describe_build(BuildProgress("writing", 5, 5, 10, 10, 1.0), 20).endswith("writing the index")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (61, "1 min"), (3599, "1 h 0 min"), (9000, "2 h 30 min")]
)
def test_durations_are_formatted_in_suitable_units(seconds: float, words: str) -> None:
    assert format_duration(seconds) == words


def test_where_there_is_no_terminal_a_line_comes_every_half_minute() -> None:
    times = iter([0.0, 10.0, 31.0, 40.0, 62.0])
    written: list[str] = []
    step = line_progress(written.append, lambda: next(times))
    for documents in range(1, 5):
        step(BuildProgress("embedding", documents, 10, documents, documents, documents / 10))
    assert [line.partition(",")[0] for line in written] == ["20%: 2 of 10 documents", "40%: 4 of 10 documents"]


def test_other_stages_show_done_and_total() -> None:
    assert describe_stage("asking", 0, 300, 5) == "asking: 0 of 300"
    assert describe_stage("asking", 100, 3000, 6) == "asking: 100 of 3,000, about 3 min left"  # 2,900 at .06 s: 174 s
    assert describe_stage("asking", 300, 300, 18) == "asking: 300 of 300"


def test_without_a_terminal_no_stage_is_shown() -> None:
    with stage_progress() as step:
        assert step is None


def test_on_a_terminal_builds_and_stages_are_the_same_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with stage_progress() as step:
        assert step is not None
        step("asking", 1, 4)
    with build_progress() as build:
        build(BuildProgress("embedding", 1, 4, 10, 10, 0.25))
    written = capsys.readouterr().err
    assert "asking: 1 of 4" in written
    assert "1 of 4 documents" in written
