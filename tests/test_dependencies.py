"""Dependencies are pinned by hash, and the program never unpickles data, runs a model's code,
reach another machine.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.dependencies import FOLDER, LEFT_OUT, SETS, entries, licence, name_of, pinned, verdict
from tests.paths import ROOT

CODE = sorted(file for package in ("corpus", "index", "qa") for file in (ROOT / package).rglob("*.py"))
UNPICKLING = {"runpy", "codeop", "pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}


def locked(name: str) -> list[str]:
    return entries((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))


def test_every_package_that_was_tested_is_pinned_by_hash_in_the_same_version() -> None:
    wanted = pinned((ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    have = {key: value for name in SETS for key, value in pinned(locked(name)).items()}
    wrong = {name: (version, have.get(name)) for name, version in wanted.items() if not LEFT_OUT.match(name)}
    wrong = {name: pair for name, pair in wrong.items() if pair[0] != pair[1]}
    assert wrong == {}, "constraints.txt has changed: make lock"


def test_every_entry_has_hashes_and_comes_from_the_index() -> None:
    for name in SETS:
        for entry in locked(name):
            first, *rest = [line.strip().rstrip("\\").strip() for line in entry.splitlines()]
            assert re.match(r"[A-Za-z0-9._-]+==\S+( ;.*)?$", first), first
            assert rest, f"{first}: no hash"
            assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in rest), first


def test_make_installs_only_hashed_packages_and_pytorch() -> None:
    recipes = [line.strip() for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()]
    installs = [line for line in recipes if line.startswith("$(PIP_INSTALL)")]
    unhashed = [line for line in installs if "$(LOCKED)" not in line and "$(SELF)" not in line]
    assert len(installs) > len(unhashed) == 1
    assert unhashed[0].endswith("setuptools torch")
    assert "LOCKED := --require-hashes --no-deps" in recipes
    assert "SELF := --no-deps --no-build-isolation --editable ." in recipes


SAFE = (
    "h11>=0.16 jinja2>=3.1.6 lxml>=6.1 mcp>=2.2 onnx>=1.21 pillow>=12.2 pypdfium2>=5.10 python-multipart>=0.0.30 "
    "ray>=2.52 starlette>=1.3.1"
).split()
"""The first version of each package without known vulnerabilities in what this program uses of it."""


def test_no_version_with_known_vulnerabilities_is_allowed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    written = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    bounds = {name_of(requirement.name): lower_bound(requirement) for requirement in map(Requirement, written)}
    safe = {name_of(requirement.name): lower_bound(requirement) for requirement in map(Requirement, SAFE)}
    assert {name: str(bounds[name]) for name, version in safe.items() if bounds[name] < version} == {}


def lower_bound(requirement: Requirement) -> Version:
    return max((Version(part.version) for part in requirement.specifier if part.operator == ">="), default=Version("0"))


def test_names_are_compared_as_pypi_does() -> None:
    assert pinned(["Foo_Bar.baz==1.0 ; x \\", "# comment", "    --hash=sha256:00"]) == {"foo-bar-baz": "1.0"}
    assert name_of("ml_dtypes") == "ml-dtypes"


def test_an_audit_reports_vulnerabilities_and_unchecked_packages(capsys: pytest.CaptureFixture[str]) -> None:
    sound = {"name": "boats", "version": "1", "vulns": []}
    leaky = {"name": "nets", "version": "2", "vulns": [{"id": "X-1", "fix_versions": ["3"]}]}
    unasked = {"name": "quay", "skip_reason": "not found"}
    assert (verdict([sound]), verdict([sound, unasked]), verdict([sound, leaky, unasked])) == (0, 2, 1)
    out = capsys.readouterr().out
    assert "nets 2: X-1, fixed in 3" in out
    assert "1 of 2 packages were looked up: 0 known vulnerabilities\nThe others were not checked" in out


def test_a_licence_is_read_in_each_form() -> None:
    import importlib.metadata

    assert licence(importlib.metadata.distribution("pytest")) == "MIT"
    assert "BSD" in licence(importlib.metadata.distribution("numpy"))
    assert "unknown" not in licence(importlib.metadata.distribution("onnxruntime"))


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_data_is_never_unpickled_evaluated_or_run(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            assert not {name.partition(".")[0] for name in names} & UNPICKLING, f"line {node.lineno}"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            value = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            assert called not in {"eval", "exec", "compile", "os.system", "torch.load"}, f"line {node.lineno}"
            assert "allow_pickle" not in value or value["allow_pickle"] == "False", f"line {node.lineno}"
            assert not called.endswith("np.load") or value.get("allow_pickle") == "False", f"line {node.lineno}"
            assert "shell" not in value, f"line {node.lineno}"
            if called in {"SentenceTransformer", "CrossEncoder", "AutoModel.from_pretrained"}:
                assert value.get("trust_remote_code") == "False", f"line {node.lineno}"


WATCHED = """
import ipaddress, os, sys
def watch(event, arguments):
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
    elif event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
        host = arguments[0]
    elif event == "urllib.Request":
        host = "urllib"
    else:
        return
    try:
        inside = host in (None, "", "localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        sys.stderr.write(f"REACHED {event} {host!r}\\n")
        sys.stderr.flush()
        os._exit(97)
sys.addaudithook(watch)
if sys.argv[1] == "reach":
    import urllib.request
    urllib.request.urlopen("http://192.0.2.1/")
from qa.cli import main
main()
"""


def watched(*arguments: str, folder: Path, fresh: bool = False) -> subprocess.CompletedProcess[str]:
    """The command line in a process that ends as soon as it asks for another machine."""
    # Nothing that tells a library to stay offline: the program has to do that.
    offline = ("HF_", "TRANSFORMERS_", "GRADIO_", "http_proxy", "https_proxy", "no_proxy", "HTTP", "NO_PROXY")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(offline)}
    environment |= {"PYTHONPATH": str(ROOT), "YEARBOOK_QA_INDEX": str(folder / "index")}
    if fresh:
        environment["YEARBOOK_QA_CACHE"] = str(folder / "cache")
    command = [sys.executable, "-c", WATCHED, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def check_offline(folder: Path, *commands: tuple[str, ...], fresh: bool) -> None:
    (folder / "boats-2016.txt").write_text(
        "Harbour Report 2016\n\n1. Boats\n\nThe boats sailed in spring 2015 and came home in autumn.\n",
        encoding="utf-8",
    )
    (folder / "draft.md").write_text("They wrote “the boats sailed in spring” there.\n", encoding="utf-8")
    (folder / "q.txt").write_text("When did the boats sail?\n", encoding="utf-8")
    for arguments in (("index", "boats-2016.txt"), *commands):
        done = watched(*arguments, folder=folder, fresh=fresh)
        assert "REACHED" not in done.stderr, f"{arguments[0]}: {done.stderr}"
        assert done.returncode in {0, 1}, f"{arguments[0]}: {done.stderr}"
        assert "Traceback" not in done.stderr, f"{arguments[0]}: {done.stderr}"
    assert "sailed in spring 2015" in watched("ask", "When did the boats sail?", folder=folder, fresh=fresh).stdout


def test_indexing_and_asking_reach_no_other_machine(tmp_path: Path) -> None:
    assert watched("reach", folder=tmp_path).returncode == 97, "the watch sees nothing"
    check_offline(tmp_path, fresh=False)


@pytest.mark.long
def test_exporting_the_model_reaches_no_other_machine(tmp_path: Path) -> None:
    others = (("evaluate", "q.txt", "--out", "out"), ("check", "draft.md"), ("doctor",))
    check_offline(tmp_path, *others, fresh=True)
