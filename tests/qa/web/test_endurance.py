"""A server that is asked and changed repeatedly leaks nothing and answers the same."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.serving.endurance import endure
from tests.benchmarks.serving.endurance_limits import EnduranceResult, Resources


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc")
def test_a_few_changes_leak_nothing(tmp_path: Path) -> None:
    found = endure(tmp_path, 0, 4, small=True, least=2)
    assert found.wrong == ()
    assert found.grew == ()
    assert found.asked == 2 * 2 * 20


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc")
def test_150_changes_leak_nothing(tmp_path: Path) -> None:
    found = endure(tmp_path, 0, 8, small=True, least=150)
    assert found.wrong == ()
    assert found.grew == ()
    assert not found.swelled


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc")
def test_seventy_changes_with_the_default_model_leak_nothing(tmp_path: Path) -> None:
    found = endure(tmp_path, 0, 4, small=False, least=70)
    # models, threads and mapped files fill memory at first: 1,823 MB after 13 seconds, 1,933 after 80, 1,941 after 125
    found = replace(found, held=found.held[20:])
    assert found.wrong == ()
    assert found.grew == ()
    assert not found.swelled


def test_rising_memory_is_distinguished_from_varying_memory() -> None:
    def outcome(*megabytes: float) -> EnduranceResult:
        held = (Resources(10.0 * n, (int(one * 1e6),), 5, 10, 2, 30) for n, one in enumerate(megabytes, 1))
        return EnduranceResult(len(megabytes), 0, (), tuple(held))

    # 2 MB a turn over the 10 last of 20 turns: 20 MB from the tenth to the twentieth, without an error
    rising = outcome(*(400 + 2 * n for n in range(20)))
    assert rising.still == pytest.approx((20e6, 0), abs=1)
    assert rising.swelled  # 438 MB, 402 after a tenth
    assert outcome(*(400 + 0.6 * n for n in range(20))).swelled  # 411 MB is within 5 %, but 6 MB over the last half not
    wavering = outcome(*(400 + 3 * (n % 2) for n in range(20)))
    assert not wavering.swelled
    assert not outcome(300, 400, *[401] * 18).swelled


def test_slower_answers_are_distinguished_from_a_slow_start() -> None:
    def slowed(*milliseconds: int) -> bool:
        held = (Resources(10.0 * n, (1,), 5, 10, 2, 30, latency=one / 1000) for n, one in enumerate(milliseconds, 1))
        return EnduranceResult(len(milliseconds), 0, (), tuple(held)).slowed

    assert slowed(20, 20, 20, 20, 25, 25, 31, 31)
    assert not slowed(90, 90, 20, 20, 25, 25, 29, 29)
