"""`check`: verify the quotations and figures of a draft."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from qa.cli.commands.shared import (
    EXIT_PROBLEMS_FOUND,
    Fault,
    filter_options,
    format_option,
    index_option,
    open_library,
    print_json,
    read_filters,
)


@click.command()
@click.argument("draft", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@index_option
@filter_options
@format_option("text", "json", "html")
def check(draft: Path, index_folder: Path | None, output: str, **filters: tuple[str, ...]) -> None:
    """Check every quotation in DRAFT (text, Markdown, DOCX, or - for standard input): verbatim, altered or not found.

    A quotation that occurs in another document than the one named beside it is misattributed.

    Figures whose sentence names a source are compared with it. The exit code is 1 if anything is wrong.
    """
    from corpus.errors import UnreadableFile
    from qa.checking.draft import from_text, read
    from qa.checking.report import check_draft as run

    try:
        written = from_text(sys.stdin.read(), "-") if str(draft) == "-" else read(draft)
    except UnreadableFile as error:
        raise Fault(f"{draft}: {error}") from error
    report = run(open_library(index_folder), written, read_filters(**filters))
    if output == "json":
        from qa.output.json_objects import report_json

        print_json(report_json(report))
    elif output == "text":
        from qa.output.check_report import print_report

        print_report(report)
    else:
        from qa.output.check_report import report_page

        click.echo(report_page(report), nl=False)
    if report.has_faults:
        raise click.exceptions.Exit(EXIT_PROBLEMS_FOUND)
