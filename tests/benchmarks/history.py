"""Run benchmarks and keep what they print, and compare two runs.

    python -m tests.benchmarks.history run latency building      (make benchmark)
    python -m tests.benchmarks.history list
    python -m tests.benchmarks.history compare [EARLIER LATER]   by default the last two

A run is one line of JSON in `benchmarks.jsonl` in the user's state folder (or BENCHMARK_HISTORY): date, commit, load of
the machine, and the output of each benchmark. A comparison shows each number that differs by more than 5 %, with its
line.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from tests.paths import ROOT

CHANGED = 0.05
_NUMBER = re.compile(r"(?<![\w.])[-−]?(?:\d[\d,]*)?\.?\d+(?:e[-+]?\d+)?(?![\w.])")
Run = dict[str, Any]


def history_file() -> Path:
    """Return the file of runs, which is outside of the repository."""
    return Path(os.environ.get("BENCHMARK_HISTORY") or platformdirs.user_state_path("yearbook-qa") / "benchmarks.jsonl")


def module_of(name: str) -> str:
    """Return the module of a benchmark, in whichever folder it is."""
    folder = ROOT / "tests" / "benchmarks"
    path = next(folder.rglob(f"{name}.py"), folder / name)
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def run(names: list[str]) -> int:
    """Run benchmarks, print and keep their output; return 1 if one fails."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    record: Run = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": list(os.getloadavg()) if hasattr(os, "getloadavg") else [],
        "benchmarks": {},
    }
    for name in names:
        print(f"== {name}", flush=True)
        begin, lines = time.perf_counter(), []
        command = [sys.executable, "-m", module_of(name)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                lines.append(line.rstrip())
        seconds = round(time.perf_counter() - begin, 1)
        record["benchmarks"][name] = {"code": process.returncode, "seconds": seconds, "output": lines}
    history_file().parent.mkdir(parents=True, exist_ok=True)
    with history_file().open("a", encoding="utf-8") as stream:
        stream.write(f"{json.dumps(record, ensure_ascii=False)}\n")
    return int(any(result["code"] for result in record["benchmarks"].values()))


def runs() -> list[Run]:
    """Return all runs, oldest first."""
    if not history_file().is_file():
        return []
    return [json.loads(line) for line in history_file().read_text(encoding="utf-8").splitlines()]


def numbers(lines: list[str]) -> dict[tuple[str, int], list[float]]:
    """Return the numbers of each line, by the line without them and its place among equal ones."""
    result: dict[tuple[str, int], list[float]] = {}
    for line in lines:
        words = " ".join(_NUMBER.sub("#", line).split())
        place = sum(label == words for label, _ in result)
        result[words, place] = [float(text.replace(",", "").replace("−", "-")) for text in _NUMBER.findall(line)]
    return result


def differences(earlier: Run, later: Run) -> Iterator[str]:
    """Yield the lines whose numbers differ, and benchmarks that only one run has."""
    for name in sorted({*earlier["benchmarks"], *later["benchmarks"]}):
        if name not in earlier["benchmarks"] or name not in later["benchmarks"]:
            yield f"{name}: only in one of the runs"
            continue
        before, after = (numbers(item["benchmarks"][name]["output"]) for item in (earlier, later))
        for label, values in after.items():
            for old, new in zip(before.get(label, ()), values, strict=False):
                if abs(new - old) > CHANGED * max(abs(old), abs(new)):
                    ratio = f" ({new / old:.2f} times)" if old else ""
                    yield f"{name}: {label[0]}: {old:g} -> {new:g}{ratio}"


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.history", description="Keep and compare runs.")
    parser.add_argument("what", choices=("run", "list", "compare"))
    parser.add_argument("names", nargs="*", help="benchmarks to run, or the numbers of two runs")
    options = parser.parse_args()
    if options.what == "run":
        return run(options.names)
    known = runs()
    if options.what == "list":
        for number, item in enumerate(known):
            load = item["load"][:1]
            print(f"{number:>4}  {item['date']}  {item['commit']}  load {load}  {' '.join(item['benchmarks'])}")
        return 0
    chosen = [int(name) for name in options.names] or [-2, -1]
    if len(chosen) != 2 or len(known) < 2:
        parser.error(f"{len(known)} runs in {history_file()}: name two of them")
    print("\n".join(differences(known[chosen[0]], known[chosen[1]])) or "no number differs by more than 5 %")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
