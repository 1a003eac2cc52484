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
from functools import cache
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


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a module of this repository."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def parse_imports(tree: ast.Module, path: Path) -> Iterator[Import]:
    """Yield all imports of a module, including those inside functions and `TYPE_CHECKING` blocks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name, None)
        elif isinstance(node, ast.ImportFrom):
            base = path.parent.parts[: len(path.parent.parts) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(node.lineno, module, alias.name)


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    """Return the imports of a module of this repository."""
    return tuple(parse_imports(tree_of(path), path))


@cache
def is_package(module: str) -> bool:
    """Return whether a dotted name is a package of this repository."""
    return (ROOT / module.replace(".", "/")).is_dir()


@cache
def is_module(name: str) -> bool:
    """Return whether a dotted name is a module or package of this repository."""
    return (ROOT / f"{name.replace('.', '/')}.py").is_file() or is_package(name)


def test_all_forms_of_imports_are_parsed() -> None:
    source = "import a.b, c\nfrom d import e\ndef f():\n    from . import g\n    from ..h import i\n"
    assert list(parse_imports(ast.parse(source), Path("qa/web/form.py"))) == [
        Import(1, "a.b", None),
        Import(1, "c", None),
        Import(2, "d", "e"),
        Import(4, "qa.web", "g"),
        Import(5, "qa.h", "i"),
    ]


def test_modules_import_names_from_their_defining_module() -> None:
    """Importing names from a package would make an import cycle of all its modules."""
    from_packages = [
        f"{path}:{item.line} {item.module}"
        for path in MODULES
        for item in imports_of(path)
        if item.package in PACKAGES
        and is_package(item.module)
        and (item.name is None or not is_module(f"{item.module}.{item.name}"))
    ]
    assert from_packages == []


def test_a_module_assigns_each_constant_once() -> None:
    """A second constant of the same name silently replaces the first, which functions above it still mean."""
    assigned = Counter(
        (str(path), target.id)
        for path in MODULES
        for statement in tree_of(path).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name)
    )
    assert [constant for constant, times in assigned.items() if times > 1] == []


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
        for node in tree_of(path).body
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
