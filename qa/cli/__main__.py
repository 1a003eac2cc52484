"""Run the command line: `python -m qa.cli`."""

from qa.cli import main

main()
