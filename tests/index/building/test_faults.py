"""Make system calls that change files fail: the index answers as before or after, and the message names the cause.

Covers adding, changing and removing documents, merging, checkpoints, repair and writing a catalogue. The suite tries a
sample of the calls, the long version all of them.
"""

from __future__ import annotations

import errno
import random
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.faults.cases import CASES
from tests.faults.harness import Bench, chosen
from tests.faults.injection import Faults

SOME = 2
"""Faults per case in the suite."""

CUTS = 1

Benches = Callable[[str], Bench]


@pytest.fixture(scope="module")
def bench_of(faults: Faults, tmp_path_factory: pytest.TempPathFactory) -> Benches:
    """Return the bench of a case by its name, which is prepared once: that takes as long as several faults."""
    prepared = cache(lambda name: Bench(faults, tmp_path_factory.mktemp("bench"), CASES[name]))
    return lambda name: prepared(name).begin()


@pytest.mark.parametrize("name", CASES)
def test_after_any_failed_call_the_index_is_as_before_or_after(bench_of: Benches, name: str) -> None:
    bench = bench_of(name)
    for mode, at, error in chosen(bench, SOME):
        bench.try_one(mode, at, error)
    for at in random.Random(3).sample(range(1, bench.calls.calls + 1), CUTS):  # noqa: S311
        bench.cut_power(at)
    assert bench.problems == []
    assert bench.as_before + bench.as_after == bench.tried == SOME + CUTS


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_each_call_fails_in_each_way(bench_of: Benches, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    bench = bench_of(name)
    every = chosen(bench, None)
    for mode, at, error in every:
        bench.try_one(mode, at, error, power=mode == "crash")
    for at in set(range(1, bench.calls.calls + 1)) - {at for mode, at, _ in every if mode == "crash"}:
        bench.cut_power(at)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{name}: {bench.calls.calls} calls, {bench.tried} faults: {bench.as_before} left the index as before, "
            f"{bench.as_after} as after, {len(bench.problems)} otherwise\n"
        )
    assert bench.problems == []
    assert bench.as_before
    assert bench.as_after


def test_files_are_synced_before_the_manifest_that_names_them(bench_of: Benches) -> None:
    for name in ("first", "adding", "merging"):
        bench = bench_of(name)
        (switch,) = _switches(bench)
        folder = bench.calls.log[switch]
        assert (folder.kind, Path(folder.path)) == ("S", bench.work / "index")
        bench.cut_power(switch + 1)  # the new manifest is in its place, and not yet sure to stay there
        bench.cut_power(switch + 2)
        assert bench.problems == []
        assert (bench.as_before, bench.as_after) == (1, 1)


def test_the_power_cut_model_detects_missing_syncs(bench_of: Benches) -> None:
    bench = bench_of("adding")
    (switch,) = _switches(bench)
    bench.cut_power(switch - 5, unsynced=True)
    assert any("does not open" in problem for problem in bench.problems)


def test_calls_of_native_code_can_be_made_to_fail(bench_of: Benches) -> None:
    bench = bench_of("inverted lists")
    seen = {(call.kind, Path(call.path).suffix) for call in bench.calls.log}
    assert ("W", ".sqlite") in seen
    assert ("W", ".term") in seen  # tantivy
    assert any(call.kind == "W" and "approximate" in call.path for call in bench.calls.log)  # FAISS


def test_a_failed_last_write_of_a_file_is_detected(bench_of: Benches) -> None:
    """NumPy and FAISS do not detect it where they write to a file themselves."""
    bench = bench_of("inverted lists")
    files = {"rows.npy", "000002.faiss"}
    writes = [at for at, call in enumerate(bench.calls.log, 1) if call.kind == "W" and Path(call.path).name in files]
    assert len(writes) >= 2
    for at in writes:
        bench.try_one("once", at, errno.ENOSPC)
    assert bench.problems == []
    assert bench.as_before == len(writes)


def _switches(bench: Bench) -> list[int]:
    """Return the positions of the calls that rename a manifest, counted from 1."""
    return [
        at for at, call in enumerate(bench.calls.log, 1) if call.kind == "R" and call.other.endswith("/manifest.json")
    ]
