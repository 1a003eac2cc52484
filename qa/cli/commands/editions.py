"""Commands that compare texts: `compare` (a topic or whole outlines across editions), `watch` (saved questions on two
editions) and `check` (the quotations and figures of a draft).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.commands.shared import (
    EXIT_PROBLEMS_FOUND,
    CommandError,
    filter_options,
    format_option,
    index_option,
    notify,
    open_index_location,
    open_library,
    print_json,
    read_filters,
)

if TYPE_CHECKING:
    from qa.editions.outlines import OutlineComparison
    from qa.editions.topic_comparison import Comparison


@click.command()
@click.argument("topic", nargs=-1)
@click.option(
    "--editions",
    metavar="YEARS",
    help="Editions to compare, such as 2016,2020; without TOPIC, their outlines are compared.",
)
@click.option(
    "--section",
    metavar="WORDS",
    help="Without TOPIC: compare only the sections under headings that contain these words.",
)
@index_option
@filter_options
@format_option("text", "json", "markdown", "html")
def compare(
    topic: tuple[str, ...],
    editions: str | None,
    section: str | None,
    index_folder: Path | None,
    output: str,
    **filters: tuple[str, ...],
) -> None:
    """Show what each edition says about TOPIC and what changed, or how sections of whole editions correspond."""
    years = _years(editions)
    text = " ".join(topic)
    if not text.strip() and years is None:
        raise click.UsageError("give a TOPIC, or --editions 2016,2020 to compare whole editions")
    if years and topic and all(re.fullmatch(r"[\d/\s,;]+", word) for word in topic):
        listed = ",".join([*re.split(r"[\s,;]+", (editions or "").strip(" ,;")), *re.findall(r"[\d/]+", text)])
        raise click.UsageError(f"TOPIC is {text}, a year alone: did you mean --editions {listed}?")
    if text.strip() and section is not None:
        raise click.UsageError("--section is for whole editions: leave out TOPIC or --section")
    compared: Comparison | OutlineComparison
    if text.strip():
        filters["edition"] += tuple(map(str, years or ()))
        compared = open_library(index_folder).compare(text, read_filters(**filters))
    else:
        from index.ranking.search import Index
        from qa.editions.outlines import compare_outlines

        place = open_index_location(index_folder)
        for line in place.notices:
            notify(line)
        compared = compare_outlines(Index(place.folder), years or [], read_filters(**filters), section)
    _print(compared, output)


@click.command()
@click.argument("questions", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--since",
    type=click.IntRange(0, 9999),
    metavar="EDITION",
    help="Edition to compare the newest with (if missing, the last one before that year). Default: the second newest.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["html", "md", "json"]),
    help="Output format (default: by the suffix of FILE, else md).",
)
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write to this FILE.")
@index_option
@filter_options
def watch(
    questions: Path,
    since: int | None,
    output: str | None,
    file: Path | None,
    index_folder: Path | None,
    **filters: tuple[str, ...],
) -> None:
    """Answer saved QUESTIONS (as for evaluate) on the newest edition and the one before: what is new, changed, gone.

    The exit code is 1 if any answer is new, changed or gone.
    """
    from corpus.filesystem import replace_file
    from qa.cli.progress import stage_progress
    from qa.evaluation.questions import read_questions
    from qa.output import watch_report
    from qa.output.json_objects import watch_json
    from qa.watching import SavedQuestion
    from qa.watching import watch as run

    wanted = read_filters(**filters)
    saved = [SavedQuestion(item.id, item.text, item.filters) for item in read_questions(questions).items]
    with stage_progress() as progress:
        watched = run(open_library(index_folder), saved, since=since, filters=wanted, progress=progress)
    chosen = output or {".html": "html", ".htm": "html", ".json": "json"}.get(file.suffix.lower() if file else "", "md")
    if chosen == "json":
        page = json.dumps(watch_json(watched), ensure_ascii=False, indent=2) + "\n"
    else:
        page = watch_report.html(watched) if chosen == "html" else watch_report.markdown(watched)
    if file is None:
        click.echo(page, nl=False)
    else:
        replace_file(file, page.encode("utf-8", "replace"))
        click.echo(f"{watch_report.summary(watched)}; written to {file}")
    if watched.has_changes:
        raise click.exceptions.Exit(EXIT_PROBLEMS_FOUND)


@click.command()
@click.argument("draft", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@index_option
@filter_options
@format_option("text", "json", "html")
def check(draft: Path, index_folder: Path | None, output: str, **filters: tuple[str, ...]) -> None:
    """Check every quotation in DRAFT (text, Markdown, DOCX, or - for standard input): verbatim, altered or not found.

    A quotation that occurs in another document than the one named beside it is misattributed.

    Figures are compared with the source that their sentence names, or that was named before. The exit code is 1 if
    anything is wrong.
    """
    from corpus.errors import UnreadableFile
    from qa.checking.draft import from_text, read
    from qa.checking.report import check_draft as run

    try:
        written = from_text(sys.stdin.read(), "-") if str(draft) == "-" else read(draft)
    except UnreadableFile as error:
        raise CommandError(f"{draft}: {error}") from error
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


def _print(compared: Comparison | OutlineComparison, output: str) -> None:
    from qa.editions.topic_comparison import Comparison

    if output == "json":
        from qa.output.json_objects import comparison_json, outlines_json

        print_json(comparison_json(compared) if isinstance(compared, Comparison) else outlines_json(compared))
    elif output == "text":
        from qa.output.comparison_text import print_comparison, print_outlines

        print_comparison(compared) if isinstance(compared, Comparison) else print_outlines(compared)
    elif output == "markdown":
        from qa.output.comparison_text import comparison_markdown, outlines_markdown

        page = comparison_markdown(compared) if isinstance(compared, Comparison) else outlines_markdown(compared)
        click.echo(page, nl=False)
    else:
        from qa.output import comparison_html as html

        page = html.comparison(compared) if isinstance(compared, Comparison) else html.outlines(compared)
        click.echo(page, nl=False)


def _years(editions: str | None) -> list[int] | None:
    if editions is None:
        return None
    from qa.question.filters import parse_span

    parts = [part for part in re.split(r"[\s,;]+", editions.strip()) if part]
    if not parts or not all(re.fullmatch(r"\d{4}(?:/\d{2,4})?", part) for part in parts):
        raise click.UsageError(f"--editions is {editions}: must be years, such as 2016,2020")
    return [parse_span("edition", part)[1] for part in parts]
