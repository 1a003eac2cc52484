"""Architecture checks beyond the import contracts, and that tests open no connection to other machines."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import socket
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.paths import ROOT

PACKAGES = ("corpus", "index", "qa")

HEAVY = {"faiss", "gradio", "onnxruntime", "sentence_transformers", "torch", "transformers"}
"""Libraries that take 0.1 to 10 s to import; `import qa.cli` must not load them."""

MODULES = sorted(path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@dataclass(frozen=True, slots=True)
class Import:
    """An imported name: the absolute `module`; `name` only for `from module import name`."""

    line: int
    module: str
    name: str | None

    @property
    def package(self) -> str:
        """The top-level package."""
        return self.module.partition(".")[0]


def parse_imports(source: str, path: Path) -> Iterator[Import]:
    """Yield all imports of a module, including those inside functions and `TYPE_CHECKING` blocks."""
    for node in ast.walk(ast.parse(source, filename=str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name, None)
        elif isinstance(node, ast.ImportFrom):
            base = path.parent.parts[: len(path.parent.parts) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(node.lineno, module, alias.name)


def imports_of(path: Path) -> list[Import]:
    """Return the imports of a module of this repository."""
    return list(parse_imports((ROOT / path).read_text(encoding="utf-8"), path))


def is_package(module: str) -> bool:
    """Return whether a dotted name is a package of this repository."""
    return (ROOT / module.replace(".", "/")).is_dir()


def is_module(name: str) -> bool:
    """Return whether a dotted name is a module or package of this repository."""
    return (ROOT / f"{name.replace('.', '/')}.py").is_file() or is_package(name)


def test_all_forms_of_imports_are_parsed() -> None:
    source = "import a.b, c\nfrom d import e\ndef f():\n    from . import g\n    from ..h import i\n"
    assert list(parse_imports(source, Path("qa/web/form.py"))) == [
        Import(1, "a.b", None),
        Import(1, "c", None),
        Import(2, "d", "e"),
        Import(4, "qa.web", "g"),
        Import(5, "qa.h", "i"),
    ]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_import_names_from_their_defining_module(path: Path) -> None:
    """Importing names from a package would make an import cycle of all its modules."""
    from_packages = [
        item
        for item in imports_of(path)
        if item.package in PACKAGES
        and is_package(item.module)
        and (item.name is None or not is_module(f"{item.module}.{item.name}"))
    ]
    assert from_packages == []


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_assigns_each_constant_once(path: Path) -> None:
    """A second constant of the same name silently replaces the first, which functions above it still mean."""
    assigned = Counter(
        target.id
        for statement in ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name)
    )
    assert [name for name, times in assigned.items() if times > 1] == []


def test_there_are_no_import_cycles() -> None:
    edges: dict[str, set[str]] = {}
    for path in MODULES:
        name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        imported = {name for item in imports_of(path) for name in (item.module, f"{item.module}.{item.name}")}
        edges[name] = {target for target in imported if is_module(target) and not is_package(target)} - {name}
    # remove modules without imports repeatedly: those that remain are in a cycle
    while leaves := [name for name, targets in edges.items() if not targets & edges.keys()]:
        for name in leaves:
            del edges[name]
    assert edges == {}


def test_all_imported_distributions_are_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    requirements = [*project["dependencies"], *extras["mcp"], *extras["ocr"], *extras["ray"]]
    declared = {_canonical(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}
    providers = importlib.metadata.packages_distributions()
    undeclared = {
        f"{path}:{item.line} {item.module}"
        for path in MODULES
        for item in imports_of(path)
        if item.package not in PACKAGES
        and item.package not in sys.stdlib_module_names
        and not {_canonical(name) for name in providers.get(item.package, [])} & declared
    }
    assert undeclared == set()


def _canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_index_cluster_is_imported_only_when_needed() -> None:
    """Ray is slow to import and optional."""
    outside = [path for path in MODULES if path.parts[:2] != ("index", "cluster")]
    at_import_time = {
        str(path)
        for path in outside
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("index.cluster")
    }
    assert at_import_time == set()


def test_the_command_line_starts_without_heavy_libraries() -> None:
    script = "import sys, json, qa.cli; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert HEAVY & set(json.loads(run.stdout)) == set()


def test_tests_reach_no_other_machine_by_name_or_address(network_attempts: list[str]) -> None:
    # 192.0.2.0/24 is reserved for documentation (RFC 5737), .invalid for names that never resolve (RFC 2606)
    with socket.socket() as connection, pytest.raises(OSError, match="tests reach no other machine"):
        connection.connect(("192.0.2.1", 80))
    with pytest.raises(OSError, match="tests reach no other machine"):
        socket.getaddrinfo("models.invalid", 443)
    assert network_attempts == ["socket.connect '192.0.2.1'", "socket.getaddrinfo 'models.invalid'"]
    network_attempts.clear()  # the fixture fails tests with attempts


def test_tests_can_use_loopback(network_attempts: list[str]) -> None:
    with socket.create_server(("localhost", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        pass
    assert network_attempts == []
