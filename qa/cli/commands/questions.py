"""`ask`, `show` and `evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from qa.cli.commands.shared import (
    CommandError,
    filter_options,
    format_option,
    index_option,
    open_index_location,
    open_library,
    print_json,
    read_filters,
    searching,
    searching_options,
)
from qa.output.citation_formats import FORMATS, export


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.option("-k", default=5, show_default=True, type=click.IntRange(1, 1000), help="Number of passages to show.")
@click.option("--reranker", metavar="NAME", help="Rerank the first passages with this cross-encoder (name or path).")
@click.option(
    "--records",
    type=click.Choice(["shown", "cited"]),
    default="shown",
    show_default=True,
    help="Which passages --format exports: all shown, or only those quoted.",
)
@index_option
@filter_options
@searching_options
@format_option("text", "json", *FORMATS)
def ask(
    question: tuple[str, ...],
    k: int,
    reranker: str | None,
    records: Literal["shown", "cited"],
    index_folder: Path | None,
    output: str,
    engine: str,
    address: str | None,
    shards: int | None,
    replicas: int | None,
    **filters: tuple[str, ...],
) -> None:
    """Answer a question with verbatim sentences and the passages that contain them, with citations."""
    from qa.errors import EmptyQuestion

    wanted = read_filters(**filters)
    text = " ".join(question)
    if not any(character.isalnum() for character in text):
        raise EmptyQuestion
    with searching(engine, address, shards, replicas) as open_index:
        answer = open_library(index_folder, reranker, open_index).ask(text, k, wanted)
    if output == "json":
        from qa.output.json_objects import answer_json

        print_json(answer_json(answer))
    elif output == "text":
        from qa.output import console

        console.answer(answer)
    else:
        click.echo(export(answer, output, records), nl=False)


@click.command()
@click.argument("identifier", metavar="ID")
@click.option("--section", is_flag=True, help="Also show the whole section around it.")
@click.option("--context", type=click.Choice(["section"]), hidden=True)  # the earlier form of --section
@index_option
@format_option("text", "json")
def show(identifier: str, section: bool, context: str | None, index_folder: Path | None, output: str) -> None:
    """Show a passage, or any DOCUMENT@START-END, with its citation."""
    from index.ranking.search import Index
    from qa.answering.excerpt import read_excerpt
    from qa.output import console

    place = open_index_location(index_folder)
    excerpt = read_excerpt(Index(place.folder), identifier, whole_section=section or context is not None)
    if output == "json":
        from qa.output.json_objects import excerpt_json

        print_json(excerpt_json(excerpt))
    else:
        console.excerpt(excerpt)


@click.command()
@click.argument("questions", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the results.")
@click.option("-k", default=10, show_default=True, type=click.IntRange(1, 1000), help="Number of passages.")
@click.option("--queries", type=click.Path(path_type=Path), help="File of BEIR queries (needs --qrels).")
@click.option("--qrels", type=click.Path(path_type=Path), help="BEIR judgements.")
@click.option(
    "--against", type=click.Path(path_type=Path, exists=True), help="Compare with this --out folder of an earlier run."
)
@click.option("--measures", multiple=True, metavar="M", help="Further measures, such as P@5 (repeatable).")
@click.option(
    "--fail-under",
    multiple=True,
    metavar="M=V",
    help='Exit code 1 if a measure is lower, such as "S@1=.8" (repeatable).',
)
@click.option("--reranker", metavar="NAME", help="Rerank the first passages with this cross-encoder (name or path).")
@index_option
@filter_options
@searching_options
def evaluate(
    questions: Path | None,
    out: Path,
    k: int,
    queries: Path | None,
    qrels: Path | None,
    against: Path | None,
    measures: tuple[str, ...],
    fail_under: tuple[str, ...],
    reranker: str | None,
    index_folder: Path | None,
    engine: str,
    address: str | None,
    shards: int | None,
    replicas: int | None,
    **filters: tuple[str, ...],
) -> None:
    """Answer a file of questions (jsonl, csv, txt, BEIR folder), and measure the answers if there are judgements."""
    from qa.cli.progress import stage_progress
    from qa.errors import JudgementError
    from qa.evaluation.evaluate import evaluate as run_evaluation
    from qa.evaluation.evaluate import missed_thresholds
    from qa.evaluation.metrics import DEFAULT_MEASURES, canonical_names, parse_thresholds
    from qa.evaluation.questions import read_questions
    from qa.output import console

    if questions is None and queries is None:
        raise click.UsageError("give QUESTIONS, or --queries FILE (with --qrels FILE)")
    try:
        parse_thresholds(fail_under)
        chosen = canonical_names([*DEFAULT_MEASURES, *measures])
    except JudgementError as error:  # reported before the questions are answered
        raise click.UsageError(str(error)) from error
    asked = read_questions(questions, queries=queries, qrels=qrels)
    wanted = read_filters(**filters)
    with searching(engine, address, shards, replicas) as open_index, stage_progress() as progress:
        library = open_library(index_folder, reranker, open_index)
        evaluation = run_evaluation(
            library, asked, out, k=k, filters=wanted, against=against, measures=chosen, progress=progress
        )
    console.stdout().print(console.evaluation_summary(evaluation))
    missed = missed_thresholds(evaluation, fail_under)
    if missed:
        raise CommandError("; ".join(missed))
