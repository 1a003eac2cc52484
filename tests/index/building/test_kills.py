"""Builds killed at any moment: the index answers exactly as before or as after, without leftovers."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.ranking.search import Index
from index.repair.doctor import examine
from tests.factories.damaged_index import write_report
from tests.factories.encoders import HashEncoder
from tests.paths import ROOT

QUESTIONS = ("crowns paid in district 3", "fund 7", "costs of harbour 11", "the")
BUILDER = """
    import sys
    from pathlib import Path
    from corpus.ingest import plan
    from index.building.build import build
    from tests.factories.encoders import HashEncoder

    for line in sys.stdin:  # one build per line, so that imports are never interrupted
        print("begun", flush=True)
        build(Path({folder!r}), plan([Path({corpus!r})]), HashEncoder(), prune=True, checkpoint={checkpoint})
        print("done", flush=True)
"""


class Builder:
    """A process that builds on request and can be killed."""

    def __init__(self, folder: Path, corpus: Path, checkpoint: float) -> None:
        script = textwrap.dedent(BUILDER).format(folder=str(folder), corpus=str(corpus), checkpoint=checkpoint)
        self._process = subprocess.Popen(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def begin(self) -> None:
        """Begin a build."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("build\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "begun\n"

    def kill(self) -> bool:
        """Kill it; returns whether its build had ended before."""
        self._process.send_signal(signal.SIGKILL)
        ended, _ = self._process.communicate()
        return "done" in ended


def answers(folder: Path) -> list[tuple[str, float, str]]:
    opened = Index(folder)
    return [
        (hit.id, hit.score, hit.stored.passage.text)
        for text in QUESTIONS
        for hit in opened.search(text, HashEncoder(), 20).hits
    ]


def change(corpus: Path, chance: random.Random, turn: int) -> None:
    """Add a document, remove one and change one."""
    there = sorted(corpus.iterdir())
    if len(there) > 6:
        for file in chance.sample(there, len(there) - 5):
            file.unlink()
    write_report(corpus, 1900 + turn)
    file = chance.choice(sorted(corpus.iterdir()))
    file.write_text(
        file.read_text("utf-8").replace("crowns in district", f"crowns, {turn} of them, in district"), "utf-8"
    )


@dataclass(slots=True)
class Killed:
    """Builds that were killed while they ran, how each left the index, and those that had ended before they were."""

    before: int = 0
    after: int = 0
    resumed: int = 0
    """Return the builds that resumed the work of a killed one."""
    too_late: int = 0

    @property
    def struck(self) -> int:
        """How many were killed while they ran."""
        return self.before + self.after


def kill_builds(tmp_path: Path, kills: int) -> Killed:
    """Kill builds at random moments, up to three in a row before one may finish."""
    chance = random.Random(11)  # noqa: S311
    index, corpus, fresh = tmp_path / "index", tmp_path / "corpus", tmp_path / "fresh"
    for year in range(2010, 2015):
        write_report(corpus, year)
    build(index, plan([corpus]), HashEncoder())
    took = 0.5
    killed = Killed()
    turn = 0
    while killed.struck < kills:
        turn += 1
        old = answers(index)
        change(corpus, chance, turn)
        result = []
        for _ in range(min(chance.choice((1, 1, 2, 3)), kills - killed.struck)):
            builder = Builder(index, corpus, chance.choice((0, 0.01, 15)))
            builder.begin()
            time.sleep(chance.random() * took * 1.1)
            result.append((builder.kill(), answers(index)))
        begun = time.monotonic()
        killed.resumed += build(index, plan([corpus]), HashEncoder(), prune=True).resumed > 0
        late = any(ended for ended, _ in result)
        took = 0.9 * took if late else min(max(0.05, 0.8 * took + 0.2 * (time.monotonic() - begun)), 5)
        new = answers(index)
        assert new != old
        for ended, now in result:
            assert now in (old, new)
            assert not ended or now == new
            killed.too_late += ended
            killed.before += not ended and now == old
            killed.after += not ended and now == new
        assert layout.list_generations(index) == [manifest.read(index).generation]
        if turn % 10 == 1:
            diagnosis = examine(index)
            assert diagnosis.sound, diagnosis
            assert diagnosis.notes == ()
            build(fresh / str(turn), plan([corpus]), HashEncoder())
            assert new == answers(fresh / str(turn))
    return killed


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_build_killed_at_any_moment_leaves_the_index_as_before_or_after(tmp_path: Path) -> None:
    assert kill_builds(tmp_path, 5).struck == 5


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_hundreds_of_killed_builds_lose_nothing(
    tmp_path: Path, pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    kills: int = pytestconfig.getoption("kills")
    killed = kill_builds(tmp_path, kills)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{killed.struck} builds killed: {killed.before} left the index as before, {killed.after} as after; "
            f"{killed.resumed} were gone on with, {killed.too_late} more had ended\n"
        )
    assert killed.struck == kills
    assert killed.before > kills / 10  # else they were killed too late to show anything
