"""Run the examples in README and docs, and compare their output.

    python -m tests.documentation --write     update the output of all examples

A `console` block holds commands (`$ yearbook-qa ...`). The lines below a command are its output; where there are none,
the command must only succeed. Blocks between `<!-- example:NAME -->` and `<!-- /example -->` always show their output.
The JSON examples of docs/json.md are the output of `qa.output.schema.EXAMPLES`, shortened.
A marked `python` block is run; what it prints must be the `text` block that follows it, if there is one.

Examples run in document order, in a folder with the sample documents as `publications/` and their questions as
`questions.jsonl`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tests.paths import ROOT

DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))

_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_MARKED = re.compile(r"<!-- example:[\w-]+ -->\n(.*?)<!-- /example -->", re.DOTALL)
_PYTHON = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a console block, with the output printed below it; `marked` examples always show it."""

    line: str
    output: str
    marked: bool

    @property
    def arguments(self) -> list[str]:
        """Its arguments after the program's name."""
        return shlex.split(self.line)[1:]


def commands(text: str) -> list[Command]:
    """Return the `yearbook-qa` commands of a document's console blocks, in order."""
    marked = [match.span() for match in _MARKED.finditer(text)]
    result = []
    for block in _CONSOLE.finditer(text):
        is_marked = any(start <= block.start() < end for start, end in marked)
        for part in re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            if line.startswith("yearbook-qa"):
                result.append(Command(line, output.rstrip(), is_marked))
    return result


def python_examples(text: str) -> list[tuple[str, str]]:
    """Return the marked Python blocks of a document, each with the output printed below it."""
    return [
        (match[1], (match[2] or "").rstrip())
        for section in _MARKED.finditer(text)
        for match in _PYTHON.finditer(section[1])
    ]


def run_command(arguments: list[str]) -> tuple[int, str]:
    """Run a command in this process; return its exit code and what it printed on standard output."""
    from qa.cli.cli import main

    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.stdout.rstrip()


def run_python(source: str) -> str:
    """Run an example; return what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "example", "exec"), {"__name__": "example"})  # noqa: S102 - our own documents
    return printed.getvalue().rstrip()


@contextlib.contextmanager
def example_folder() -> Iterator[Path]:
    """Enter a new folder with the files that examples use, and leave and remove it afterwards."""
    from qa.cli.index_location import SAMPLES

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(SAMPLES, folder / "publications", ignore=shutil.ignore_patterns("questions.jsonl"))
        shutil.copy(SAMPLES / "questions.jsonl", folder)
        with contextlib.chdir(folder):
            yield folder


_DRAFT = "The Digest of the Diplomatic Bluebook 2020 says that “the destroyers kept 39 merchant ships safe”.\n"
_LONGEST = 80
_MODEL = frozenset({"confidence", "score", "scores", "similarity"})
"""Keys whose values depend on the model."""


def json_example(name: str, index: Path) -> Any:
    """Return what the program prints for the example of an object with an index of the samples, shortened."""
    from qa.output.schema import EXAMPLES

    with example_folder() as folder:
        (folder / "draft.md").write_text(_DRAFT, encoding="utf-8")
        _, output = run_command([*EXAMPLES[name], "--index", str(index), "--format", "json"])
    return _shorten(json.loads(output))


def without_scores(value: Any) -> Any:
    """Return a JSON value without what depends on the model."""
    if isinstance(value, dict):
        return {key: without_scores(item) for key, item in value.items() if key not in _MODEL}
    return [without_scores(item) for item in value] if isinstance(value, list) else value


def _shorten(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _shorten(item, name) for name, item in value.items()}
    if isinstance(value, list):
        is_long = bool(value) and isinstance(value[0], dict)
        most = 2 if key in ("figures", "values") else 1
        return [_shorten(item) for item in value[: most if is_long else None]]
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value


def write_json_examples() -> None:
    """Write the examples of docs/json.md, and the page."""
    from corpus.ingest import plan
    from index.building.build import build
    from index.models.encoder import load
    from qa.cli.index_location import SAMPLES
    from qa.output.schema import EXAMPLES, example_file, reference_page

    with tempfile.TemporaryDirectory() as temporary:
        index = Path(temporary) / "index"
        build(index, plan([SAMPLES]), load())
        for name in EXAMPLES:
            text = json.dumps(json_example(name, index), ensure_ascii=False, indent=1)
            text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda match: f"[{' '.join(match[1].split())}]", text)
            example_file(name).write_text(f"{text}\n", encoding="utf-8")
    (ROOT / "docs" / "json.md").write_text(reference_page(), encoding="utf-8")


def update(document: Path) -> bool:
    """Write the output of a document's examples into it; return whether it changed."""
    text = before = document.read_text(encoding="utf-8")
    with example_folder():
        for command in commands(text):
            _, output = run_command(command.arguments)
            if (command.marked or command.output) and output != command.output:
                old = f"$ {command.line}\n" + (f"{command.output}\n" if command.output else "")
                text = text.replace(old, f"$ {command.line}\n{output}\n", 1)
        for source, output in python_examples(text):
            printed = run_python(source)
            if output and printed != output:
                text = text.replace(output, printed, 1)
    if text != before:
        document.write_text(text, encoding="utf-8")
    return text != before


def main() -> int:
    """Run all examples; report or write what differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.documentation", description=main.__doc__)
    parser.add_argument(
        "--write", action="store_true", required=True, help="write the present output into the documents"
    )
    parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_DATA_HOME"] = home
        write_json_examples()
        for document in DOCUMENTS:
            print(f"{document.relative_to(ROOT)}: {'updated' if update(document) else 'unchanged'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
