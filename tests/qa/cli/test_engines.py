"""The option `--engine`: refused combinations, and indexing and asking on a cluster."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa.cli.cli import main
from tests.paths import ROOT

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason='no Ray here: pip install "yearbook-qa[ray]"'
)


def test_options_of_a_cluster_are_refused_without_it(tmp_path: Path) -> None:
    index, ask = ["index", str(tmp_path)], ["ask", "Who?", "--index", str(tmp_path)]
    for words, option in (
        (index, ["--workers", "2"]),
        (index, ["--address", "auto"]),
        (ask, ["--shards", "2"]),
        (ask, ["--replicas", "2"]),
    ):
        result = CliRunner().invoke(main, [*words, *option])
        assert (result.exit_code, f"{option[0]} needs --engine ray" in result.stderr) == (2, True)


def test_documents_by_url_need_the_engine_that_reads_them() -> None:
    result = CliRunner().invoke(main, ["index", "s3://bucket/yearbooks"])
    assert result.exit_code == 1
    assert result.stderr == "yearbook-qa: s3://bucket/yearbooks: URLs need --engine ray\n"


def test_missing_ray_is_reported_with_the_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    result = CliRunner().invoke(main, ["index", ".", "--engine", "ray"])
    assert result.exit_code == 1
    assert result.stderr == 'yearbook-qa: the package ray is not installed: run `pip install "yearbook-qa[ray]"`\n'


def command(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", *arguments],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


@needs_ray
def test_an_unreachable_cluster_is_named() -> None:
    run = command("index", ".", "--engine", "ray", "--address", "127.0.0.1:1")
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("yearbook-qa: no Ray cluster at 127.0.0.1:1: ")
    assert "Traceback" not in run.stderr


@needs_ray
@pytest.mark.long
def test_index_starts_a_local_cluster_and_removes_it(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("Report 2016\n\n1. Ports\n\nTwo ports were opened in May.\n", encoding="utf-8")
    index = str(tmp_path / "index")
    run = command("index", (tmp_path / "report.txt").as_uri(), "--engine", "ray", "--workers", "1", "--index", index)
    assert run.returncode == 0
    assert [line for line in run.stderr.splitlines() if not line.startswith("unknown: ")] == []
    assert [
        document["id"]
        for document in json.loads(command("info", "--index", index, "--format", "json").stdout)["documents"]
    ] == ["report"]
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, encoding="utf-8", check=True).stdout
    assert str(tmp_path) not in left


@needs_ray
@pytest.mark.long
def test_a_cluster_gives_the_answers_of_one_process(sample_index: Path, tmp_path: Path) -> None:
    question, cluster = "How many ships were escorted?", ("--engine", "ray", "--shards", "2", "--replicas", "2")
    arguments = ("ask", question, "--index", str(sample_index), "--format", "json")
    alone, together = command(*arguments), command(*arguments, *cluster)
    assert (together.returncode, together.stderr, together.stdout) == (0, "", alone.stdout)
    (tmp_path / "questions.txt").write_text(f"{question}\nWhat was agreed?\n", encoding="utf-8")
    for name, engine in (("alone", ()), ("together", cluster)):
        out = ("--out", str(tmp_path / name), "--index", str(sample_index))
        assert command("evaluate", str(tmp_path / "questions.txt"), *out, *engine).returncode == 0
    for file in ("answers.jsonl", "run.trec"):
        assert (tmp_path / "together" / file).read_bytes() == (tmp_path / "alone" / file).read_bytes()
