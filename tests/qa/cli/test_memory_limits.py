"""Under a hard memory limit a command succeeds, or says why not, and the index answers as before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa.cli.cli import main
from tests.factories.damaged_index import copied
from tests.paths import ROOT

resource = pytest.importorskip("resource", reason="no limits of this kind on Windows")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limit of the address space holds on Linux only")

QUESTION = "How many merchant ships did the destroyers escort in 2015?"
REPORT = "Harbour Report 2016\n\n1. Boats\n\nThe boats sailed in spring 2015 and came home in autumn.\n"


def run(megabytes: int, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process that may use so much address space."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RUST_BACKTRACE": "0"}
    command = [sys.executable, "-c", "from qa.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, preexec_fn=limit, capture_output=True, text=True, check=False
    )


def check(megabytes: int, sample_index: Path, tmp_path: Path) -> None:
    folder = copied(sample_index, tmp_path)
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "questions.txt").write_text(f"{QUESTION}\n", encoding="utf-8")
    before = (folder / "manifest.json").read_bytes()
    for arguments in (
        ("ask", QUESTION),
        ("evaluate", "questions.txt", "--out", "out"),
        ("index", "report.txt"),
        ("doctor",),
    ):
        done = run(megabytes, *arguments, "--index", str(folder), folder=tmp_path)
        if done.returncode == 0:
            continue
        assert f"may use {megabytes:,} MB of memory" in done.stderr, arguments
        assert "Traceback" not in done.stderr, done.stderr
        if arguments[0] != "index":
            assert (folder / "manifest.json").read_bytes() == before
    answer = CliRunner().invoke(main, ["ask", QUESTION, "--index", str(folder), "--format", "json"])
    assert "147 merchant ships" in json.loads(answer.stdout)["answer"][0]["text"]
    assert CliRunner().invoke(main, ["doctor", "--index", str(folder)]).exit_code == 0


def test_little_memory_is_reported_and_costs_no_data(sample_index: Path, tmp_path: Path) -> None:
    check(1000, sample_index, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("megabytes", range(300, 2400, 100))
def test_memory_that_ends_anywhere_is_reported_and_costs_no_data(
    megabytes: int, sample_index: Path, tmp_path: Path
) -> None:
    check(megabytes, sample_index, tmp_path)
