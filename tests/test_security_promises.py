"""Check that each promise of docs/security.md names existing tests."""

from __future__ import annotations

import ast
import re

from tests.paths import TESTS

LINES = (TESTS.parent / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
PROMISES = [line for line in LINES if line.startswith("| ") and line != "| promise | tests |"]
NAMED = re.compile(r"`((?:\w+/)*test_\w+\.py)(?:::(test_\w+))?`")


def functions_of(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_promise_names_existing_tests() -> None:
    assert len(PROMISES) >= 20
    for promise in PROMISES:
        named = NAMED.findall(promise)
        assert named, f"no test: {promise[:80]}"
        for file, test in named:
            assert (TESTS / file).is_file(), file
            assert not test or test in functions_of(file), f"{file} has no {test}"


def test_each_section_says_what_is_not_promised() -> None:
    parts = "\n".join(LINES).split("\n## ")[2:]
    assert [part.partition("\n")[0] for part in parts if "Not promised" not in part] == ["Dependencies"]
