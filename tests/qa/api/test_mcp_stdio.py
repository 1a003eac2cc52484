"""The command that offers the tools over standard input and output, as a model's host starts it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import CallToolResult

from index.models.encoder import load
from qa.answering.library import Library
from qa.api.service import LibraryService
from qa.cli.cli import main
from tests.paths import ROOT

QUESTION = "How many merchant ships did the destroyers escort in 2015?"

COMMAND = ["-c", "from qa.cli import main; main()", "mcp", "--index"]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_a_client_gets_a_cited_answer_over_standard_input_and_output(sample_index: Path) -> None:
    server = StdioServerParameters(command=sys.executable, args=[*COMMAND, str(sample_index)], env=environment())

    async def conversation() -> CallToolResult:
        async with Client(stdio_client(server)) as client:
            assert len((await client.list_tools()).tools) == 6
            result = await client.call_tool("ask", {"question": QUESTION})
            assert isinstance(result, CallToolResult)
            return result

    result = asyncio.run(conversation()).structured_content
    library = Library(sample_index, load)
    assert result == LibraryService(lambda: library).ask(QUESTION)
    assert "147 merchant ships" in result["answer"][0]["text"]
    cited = next(passage for passage in result["passages"] if passage["id"] == result["answer"][0]["passage"])
    assert cited["citation"].startswith("Digest of the Diplomatic Bluebook 2016 (covers 2015)")


def test_standard_output_carries_only_the_protocol_and_no_form_is_loaded(sample_index: Path) -> None:
    script = (
        "import sys; from qa.cli import main\n"
        "try: main(['mcp', '--index', sys.argv[1]])\n"
        "except SystemExit as end: print(end.code, {'gradio', 'onnxruntime'} & {*sys.modules}, file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(sample_index)],
        input="this is no message\n", capture_output=True, encoding="utf-8", env=environment(), timeout=60, check=True,
    )  # fmt: skip
    assert run.stdout == ""
    assert run.stderr.splitlines()[-1] == "0 set()"


def test_a_missing_index_is_reported_at_the_start(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, *COMMAND, str(tmp_path / "none")],
        input="", capture_output=True, encoding="utf-8", env=environment(), timeout=60, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (1, "")
    assert str(tmp_path / "none") in run.stderr
    assert run.stderr.count("\n") == 1


def test_without_the_package_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    result = CliRunner().invoke(main, ["mcp"])
    assert result.exit_code == 1
    assert 'pip install "yearbook-qa[mcp]"' in result.stderr
