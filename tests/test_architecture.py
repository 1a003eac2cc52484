"""The house stands as designed: imports run one way, third parties are declared, the command line starts light.

And the tests themselves keep their promise to stay on this machine.
"""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.paths import ROOT

MAY_IMPORT = {"corpus": {"corpus"}, "index": {"corpus", "index"}, "qa": {"corpus", "index", "qa"}}
"""Which of the three packages the modules of each may import."""

HEAVY = {"faiss", "gradio", "onnxruntime", "sentence_transformers", "torch", "transformers"}
"""What costs a tenth of a second to ten to import: never before a question needs it."""

MODULES = sorted(path.relative_to(ROOT) for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


@dataclass(frozen=True, slots=True)
class Import:
    """One name imported: `module` as written, made absolute; `name` only in the form `from module import name`."""

    line: int
    module: str
    name: str | None

    @property
    def package(self) -> str:
        """The top-level package."""
        return self.module.partition(".")[0]


def imports(source: str, path: Path) -> Iterator[Import]:
    """Every import of a module, wherever it stands, also inside functions and type checks."""
    for node in ast.walk(ast.parse(source, filename=str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name, None)
        elif isinstance(node, ast.ImportFrom):
            around = path.parent.parts[: len(path.parent.parts) - node.level + 1] if node.level else ()
            module = ".".join([*around, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(node.lineno, module, alias.name)


def of_module(path: Path) -> list[Import]:
    """The imports of a module of this repository."""
    return list(imports((ROOT / path).read_text(encoding="utf-8"), path))


def is_package(module: str) -> bool:
    """Whether a dotted name of ours is a folder with an `__init__`."""
    return (ROOT / module.replace(".", "/")).is_dir()


def is_module(name: str) -> bool:
    """Whether a dotted name of ours is a module or a package."""
    return (ROOT / f"{name.replace('.', '/')}.py").is_file() or is_package(name)


def test_the_reader_of_imports_sees_every_form() -> None:
    source = "import a.b, c\nfrom d import e\ndef f():\n    from . import g\n    from ..h import i\n"
    assert list(imports(source, Path("qa/web/form.py"))) == [
        Import(1, "a.b", None),
        Import(1, "c", None),
        Import(2, "d", "e"),
        Import(4, "qa.web", "g"),
        Import(5, "qa.h", "i"),
    ]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_import_what_defines_a_name_not_the_package_around_it(path: Path) -> None:
    """A package that is imported for its names drags all its modules into one circle."""
    ours = [one for one in of_module(path) if one.package in MAY_IMPORT]
    by_package = [
        one
        for one in ours
        if is_package(one.module) and (one.name is None or not is_module(f"{one.module}.{one.name}"))
    ]
    assert by_package == []


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    edges: dict[str, set[str]] = {}
    for path in MODULES:
        name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        full = {f"{one.module}.{one.name}" for one in of_module(path) if one.name} | {
            one.module for one in of_module(path)
        }
        edges[name] = {target for target in full if is_module(target) and not is_package(target)} - {name}
    # Modules that import nothing of ours leave first, then those that import only these: what stays runs in a circle.
    while leaves := [name for name, targets in edges.items() if not targets & edges.keys()]:
        for name in leaves:
            del edges[name]
    assert edges == {}


def test_every_third_party_that_is_imported_is_declared() -> None:
    """What arrives by chance, as the dependency of a dependency, may leave by chance."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["mcp"], *extras["ray"]]
    declared = {_canonical(re.split(r"[^\w.-]", one)[0]) for one in wanted}
    providers = importlib.metadata.packages_distributions()
    undeclared = {
        f"{path}:{one.line} {one.module}"
        for path in MODULES
        for one in of_module(path)
        if one.package not in MAY_IMPORT
        and one.package not in sys.stdlib_module_names
        and not {_canonical(name) for name in providers.get(one.package, [])} & declared
    }
    assert undeclared == set()


def _canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_what_runs_on_many_machines_stands_in_one_place() -> None:
    """Ray is slow to import and not everywhere installed: only the option that asks for it leads to it."""
    outside = [path for path in MODULES if path.parts[:2] != ("index", "cluster")]
    named = {(str(path), one.module) for path in outside for one in of_module(path) if one.package in {"ray", "fsspec"}}
    assert named == set()
    early = {
        str(path)
        for path in outside
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("index.cluster")
    }
    assert early == set()


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    script = "import sys, json, qa.cli; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert HEAVY & set(json.loads(run.stdout)) == set()


def test_tests_reach_no_other_machine_by_name_or_address(network_attempts: list[str]) -> None:
    # 192.0.2.0/24 is set aside for documentation (RFC 5737), .invalid for names that never resolve (RFC 2606).
    with socket.socket() as connection, pytest.raises(OSError, match="tests reach no other machine"):
        connection.connect(("192.0.2.1", 80))
    with pytest.raises(OSError, match="tests reach no other machine"):
        socket.getaddrinfo("models.invalid", 443)
    assert network_attempts == ["socket.connect '192.0.2.1'", "socket.getaddrinfo 'models.invalid'"]
    network_attempts.clear()  # else this test would fail for what it provoked


def test_tests_may_talk_over_loopback(network_attempts: list[str]) -> None:
    with socket.create_server(("localhost", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        pass
    assert network_attempts == []
