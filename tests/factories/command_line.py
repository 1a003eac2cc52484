"""Runs the command line in this process."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from qa.cli.cli import main


def run(*arguments: str | Path, code: int = 0, stdin: str | None = None) -> Result:
    """Return the result of a command, which must end with an exit code."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
    assert result.exit_code == code, (result.exit_code, result.output, result.stderr, result.exception)
    return result
