"""The command line."""

from qa.cli.cli import main

__all__ = ["main"]
