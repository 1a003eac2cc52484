"""Builds that are killed at any moment: the index answers exactly as before or exactly as after, and nothing stays."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from corpus.load import plan
from index import layout, manifest
from index.build import build
from index.doctor import examine
from index.search import Index
from tests.damaged import write_report
from tests.encoders import HashEncoder

ROOT = Path(__file__).resolve().parent.parent
KILLS = int(os.environ.get("YEARBOOK_QA_KILLS") or 200)
QUESTIONS = ("crowns paid in district 3", "fund 7", "costs of harbour 11", "the")
BUILDER = """
    import sys
    from pathlib import Path
    from corpus.load import plan
    from index.build import build
    from tests.encoders import HashEncoder

    for line in sys.stdin:  # one build a line, so that importing is no part of what is killed
        print("begun", flush=True)
        build(Path({folder!r}), plan([Path({corpus!r})]), HashEncoder(), prune=True, checkpoint={checkpoint})
        print("done", flush=True)
"""


class Builder:
    """A process that builds when told, and can be killed."""

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
        for hit in opened.search(text, HashEncoder(), 20)
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


def kill_builds(tmp_path: Path, kills: int) -> tuple[int, int]:
    """Kill so many builds at random moments; returns how many left the index as before and as after."""
    chance = random.Random(11)  # noqa: S311
    index, corpus, fresh = tmp_path / "index", tmp_path / "corpus", tmp_path / "fresh"
    for year in range(2010, 2015):
        write_report(corpus, year)
    build(index, plan([corpus]), HashEncoder())
    took = 0.5
    before = after = 0
    for turn in range(kills):
        old = answers(index)
        change(corpus, chance, turn)
        builder = Builder(index, corpus, chance.choice((0, 0.01, 15)))
        builder.begin()
        time.sleep(chance.random() * took * 1.1)
        ended = builder.kill()
        now = answers(index)
        begun = time.monotonic()
        build(index, plan([corpus]), HashEncoder(), prune=True)
        took = min(max(0.05, 0.8 * took + 0.2 * (time.monotonic() - begun)), 5) if not ended else 0.9 * took
        new = answers(index)
        assert now in (old, new)
        assert new != old
        assert not ended or now == new
        before, after = before + (now == old), after + (now == new)
        assert layout.generations(index) == [manifest.read(index).generation]
        if turn % 10 == 0:
            found = examine(index)
            assert found.sound, found
            assert found.notes == ()
            build(fresh / str(turn), plan([corpus]), HashEncoder())
            assert new == answers(fresh / str(turn))
    return before, after


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_build_killed_at_any_moment_leaves_the_index_as_before_or_as_after(tmp_path: Path) -> None:
    before, after = kill_builds(tmp_path, 5)
    assert before + after == 5


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_hundreds_of_killed_builds_lose_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = kill_builds(tmp_path, KILLS)
    with capsys.disabled():
        sys.stdout.write(f"\n{KILLS} builds killed: {before} left the index as before, {after} as after\n")
    assert before + after == KILLS
    assert before > KILLS / 10  # else they were killed too late to show anything
