"""README and docs name existing commands, options, targets, modules and files, and their examples run."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from qa.cli.cli import main
from tests import documentation
from tests.paths import ROOT

DOCUMENTS = tuple(str(path.relative_to(ROOT)) for path in documentation.DOCUMENTS)


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Path:
    return ROOT / str(request.param)


def called(text: str) -> list[tuple[str, list[str]]]:
    """Return each command that a text names, with the options on its line or in its quotation."""
    text = re.sub(r"\\\n\s*", "", text)
    matches = re.findall(r'("?)yearbook-qa ([a-z-]+)\b(?!\|)((?:(?!yearbook-qa |&&|\|\||#)[^`\n])*)', text)
    return [
        (verb, re.findall(r"(?<=\s)--[a-z-]+", rest.split('"')[0] if quoted else rest))
        for quoted, verb, rest in matches
    ]


def test_documents_name_existing_options(document: Path) -> None:
    wrong = []
    for verb, options in called(document.read_text(encoding="utf-8")):
        command = main.commands.get(verb)
        parts = [command, *command.commands.values()] if isinstance(command, click.Group) else [command]
        known = {
            name
            for part in parts
            if part
            for each in part.params
            if isinstance(each, click.Option)
            for name in each.opts
        }
        wrong += [f"{verb} {option}" for option in options if option not in known]
        wrong += [] if command else [verb]
    assert wrong == []


def test_commands_are_parsed_in_blocks_and_sentences() -> None:
    text = "run `yearbook-qa doctor`; with `--repair`\n    yearbook-qa serve --host X --no-auth \\\n  --mcp && x --y\n"
    text += '    ray exec "yearbook-qa ask --engine ray" --tmux\n'
    assert called(text) == [("doctor", []), ("serve", ["--host", "--no-auth", "--mcp"]), ("ask", ["--engine"])]


def test_documents_name_existing_make_targets(document: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"(?:^ {4}|`)make ([a-z-]+)", document.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) <= set(targets)


def test_documents_name_existing_modules_and_files(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert [match for match in re.findall(r"python -m ((?:tests|qa)\.[\w.]+)", text) if find_spec(match) is None] == []
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    paths = re.findall(r"(?:tests|corpus|index|qa)/[a-z_/]+\.(?:py|toml|txt|jsonl)", text)
    assert [link for link in links if not (document.parent / link).exists()] == []
    assert [path for path in paths if not ((ROOT / path).exists() or (ROOT / "tests" / path).exists())] == []


@pytest.mark.parametrize("path", documentation.DOCUMENTS, ids=lambda path: path.name)
def test_examples_print_the_output_in_the_documents(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    with documentation.example_folder():
        for command in documentation.commands(text):
            code, printed = documentation.run_command(command.arguments)
            assert code == 0, (command.line, printed)
            if command.marked or command.output:
                assert printed == command.output, command.line
        for source, output in documentation.python_examples(text):
            printed = documentation.run_python(source)
            assert not output or printed == output, source


def test_examples_are_parsed_with_their_output() -> None:
    text = "```console\n$ yearbook-qa info\n$ yearbook-qa ask x -k 2\nAnswer:\n  y\n```\n"
    result = documentation.commands(text)
    assert [(command.arguments, command.output) for command in result] == [
        (["info"], ""),
        (["ask", "x", "-k", "2"], "Answer:\n  y"),
    ]


def test_the_readme_names_every_command_and_stays_short() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [verb for verb in main.commands if f"yearbook-qa {verb}" not in readme and f"`{verb}" not in readme] == []
    assert len(readme.split()) <= 1300
