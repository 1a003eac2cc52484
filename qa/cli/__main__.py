"""Run the command line: `python -m qa.cli`."""

from qa.cli.cli import main

main()
