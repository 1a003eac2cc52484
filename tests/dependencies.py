"""Dependencies: versions pinned by hash, licences, known vulnerabilities.

    python -m tests.dependencies lock        .locked/ anew, from constraints.txt (make lock; needs uv)
    python -m tests.dependencies licences    a line a package: name, version, licence (make licences)
    python -m tests.dependencies audit       known vulnerabilities of the locked versions (make audit)

`.locked/run.txt` has what the program needs, `test.txt` and `dev.txt` what tests and development need besides, each
version with the sha256 of all its files on PyPI, so that one set serves every platform; `make` installs from these and
nothing else. PyTorch is left out, with what only its builds for CUDA need: which of its builds is taken, and from where
(TORCH_INDEX), is up to the user; constraints.txt pins its version.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.paths import ROOT

FOLDER = ROOT / ".locked"
SETS: dict[str, tuple[str, ...]] = {"run": (), "test": ("test",), "dev": ("test", "dev")}
"""The files, in the order in which each adds to the ones before, and the extras of pyproject.toml behind them."""

LEFT_OUT = re.compile(r"(?:torch|triton|nvidia-.*|cuda-.*)$")
OLDEST_PYTHON = "3.11"

_PINNED = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")
_HEAD = "# Written by `make lock`, from constraints.txt; installed by `make` with --require-hashes.\n"


def pinned(lines: Iterable[str]) -> dict[str, str]:
    """Return normalised names and versions of the pinned packages."""
    result = (_PINNED.match(line) for line in lines)
    return {name_of(match[1]): match[2] for match in result if match}


def name_of(written: str) -> str:
    """A package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", written).lower()


def entries(text: str) -> list[str]:
    """The entries of a file of pins: a package each, with the lines of its hashes."""
    return [match[0] for match in re.finditer(r"^[A-Za-z0-9].*(?:\n[ \t]+.*)*\n", text, re.MULTILINE)]


def lock() -> None:
    """Write the files. Raises CalledProcessError where uv finds no such set."""
    FOLDER.mkdir(exist_ok=True)
    written: set[str] = set()
    for name, extras in SETS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", "--universal", "--generate-hashes", "--no-annotate"]
        command += ["--no-header", "--quiet", "--python-version", OLDEST_PYTHON, "--constraint", "constraints.txt"]
        command += [part for extra in extras for part in ("--extra", extra)]
        result = subprocess.run(
            # setuptools builds this project, and is asked for by nothing else
            [*command, "pyproject.toml", "-"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
            input="setuptools\n",
        )
        new = [entry for entry in entries(result.stdout) if not LEFT_OUT.match(next(iter(pinned([entry]))))]
        new = [item for item in new if item not in written]
        written.update(new)
        (FOLDER / f"{name}.txt").write_text(_HEAD + "".join(new), encoding="utf-8")
        print(f".locked/{name}.txt: {len(new)} packages, {sum(item.count('--hash') for item in new):,} hashes")


def licence(package: importlib.metadata.Distribution) -> str:
    """Return the licence that a package declares, in the newest of the three forms that it uses."""
    data = package.metadata
    if "License-Expression" in data:
        return data["License-Expression"]
    said = [
        text.rpartition("::")[2].strip() for text in data.get_all("Classifier") or () if text.startswith("License ::")
    ]
    named = [item for item in said if item != "OSI Approved"]
    whole = (data.get_all("License") or ["unknown"])[0]
    return " / ".join(named) or " ".join(whole.split())[:60]


def licences() -> None:
    """Print the licences of pinned, installed packages."""
    wanted = pinned((ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    there = {
        name_of(distribution.metadata["Name"]): distribution for distribution in importlib.metadata.distributions()
    }
    for name in sorted(wanted):
        line = licence(there[name]) if name in there else "(not installed here)"
        print(f"{name:<28}{wanted[name]:<14}{line}")


def audit() -> int:
    """Print known vulnerabilities of the locked versions; exit code 0: none, 1: some, 2: not checked."""
    files = [part for name in SETS for part in ("--requirement", str(FOLDER / f"{name}.txt"))]
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json", *files]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    try:
        packages = json.loads(run.stdout)["dependencies"]
    except ValueError:
        print(f"nothing was checked: {(run.stderr.strip().splitlines() or ['pip-audit said nothing'])[-1]}")
        return 2
    return verdict(packages)


def verdict(packages: Sequence[Mapping[str, Any]]) -> int:
    """Print the results of pip-audit and return the exit code; packages that it skipped count as not checked."""
    asked = [package for package in packages if "skip_reason" not in package]
    wrong = 0
    for question in asked:
        for vulnerability in question.get("vulns", ()):
            wrong += 1
            fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
            print(f"{question['name']} {question['version']}: {vulnerability['id']}, fixed in {fixed}")
    print(f"{len(asked)} of {len(packages)} packages were looked up: {wrong} known vulnerabilities")
    if len(asked) < len(packages):
        print("The others were not checked: the database of advisories (PyPI's) cannot be reached from here.")
    return 1 if wrong else 2 if len(asked) < len(packages) else 0


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("lock", "licences", "audit"))
    what = parser.parse_args().what
    if what == "audit":
        raise SystemExit(audit())
    lock() if what == "lock" else licences()


if __name__ == "__main__":
    main()
