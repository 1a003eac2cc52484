"""The installed wheel contains the three packages and answers questions from any folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.factories.outlined_texts import SMALL
from tests.factories.rendered.formats import RENDERERS
from tests.factories.rendered.scanned_pdf import scan
from tests.paths import ROOT

PACKAGES = ("corpus", "index", "qa")
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def run(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Return the standard output of a command that must succeed; a failure shows its stderr."""
    done = subprocess.run(
        list(command), cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: a `build/` left in the repository would put deleted modules into it."""
    source = tmp_path_factory.mktemp("source")
    for name in (*PACKAGES, "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, source)
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", source / "dist"], source)
    (built,) = (source / "dist").glob("*.whl")
    return built


def add_requirements(distribution: metadata.Distribution, found: dict[str, metadata.Distribution]) -> None:
    """Add the distributions that a distribution requires without extras."""
    for requirement in map(Requirement, distribution.requires or ()):
        key = canonicalize_name(requirement.name)
        if key not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            found[key] = metadata.distribution(key)
            add_requirements(found[key], found)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and, by links, what it requires without extras."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False)
    python = folder / SCRIPTS / "python"
    run([sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel], folder)
    site = Path(run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip())
    found: dict[str, metadata.Distribution] = {}
    add_requirements(next(iter(metadata.distributions(name="yearbook-qa", path=[str(site)]))), found)
    for distribution in found.values():
        for name in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            if not (site / name).exists():
                (site / name).symlink_to(str(distribution.locate_file(name)))
    return folder


def test_the_wheel_holds_every_file_of_the_three_packages_and_no_other(wheel: Path) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
    assert {name for name in names if ".dist-info/" not in name} == expected
    assert {name.partition("/")[0] for name in names if ".dist-info/" in name} == {"yearbook_qa-0.1.0.dist-info"}


def test_the_wheel_carries_samples_style_sheet_and_types(wheel: Path) -> None:
    """The test above would pass if these were missing from both sides."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"corpus/samples/corpus.toml", "corpus/py.typed", "index/py.typed", "qa/py.typed"} <= names
    assert any(name.startswith("qa/web/") and name.endswith(".css") for name in names)


def test_the_installed_wheel_answers_from_another_folder(installed: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    env = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    env["XDG_DATA_HOME"] = str(tmp_path / "data")

    where = "import corpus, index, qa; print(*(m.__file__ for m in (corpus, index, qa)), sep='\\n')"
    for origin in run([installed / SCRIPTS / "python", "-c", where], elsewhere, env).splitlines():
        assert Path(origin).resolve().is_relative_to(installed.resolve())

    question = "Until which year does Japan remain a partner in the International Space Station?"
    output = run([installed / SCRIPTS / "yearbook-qa", "ask", question, "--format", "json"], elsewhere, env)
    values = json.loads(output)
    assert values["question"] == question
    assert any("take part until 2024" in passage["text"] for passage in values["passages"])
    for passage in values["passages"]:
        assert passage["citation"].startswith("Digest of the ")
    assert list(elsewhere.iterdir()) == []


@pytest.mark.long
def test_without_extras_every_format_is_read_and_what_an_extra_adds_is_named(installed: Path, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for suffix, render in RENDERERS.items():
        (files / f"port-{suffix[1:]}{suffix}").write_bytes(render(SMALL))
    program, place = installed / SCRIPTS / "yearbook-qa", tmp_path / "index"
    env = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    probe = "import importlib.util as u; print([n for n in ('rapidocr', 'cv2', 'mcp', 'ray') if u.find_spec(n)])"
    assert run([installed / SCRIPTS / "python", "-c", probe], tmp_path, env) == "[]\n"
    run([program, "index", files, "--index", place], tmp_path, env)
    shown = json.loads(run([program, "info", "--index", place, "--format", "json"], tmp_path, env))
    assert len(shown["documents"]) == len(RENDERERS)
    (tmp_path / "scan.pdf").write_bytes(scan(RENDERERS[".pdf"](SMALL)))
    needing_extras: dict[str, list[str | Path]] = {
        "ocr": ["index", tmp_path / "scan.pdf", "--ocr", "--index", tmp_path / "scans"],
        "mcp": ["mcp", "--index", place],
        "ray": ["index", files, "--engine", "ray", "--index", tmp_path / "ray"],
    }
    for extra, arguments in needing_extras.items():
        command = [program, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert f"yearbook-qa[{extra}]" in done.stderr
