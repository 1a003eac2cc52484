"""Print results to stdout and notices to stderr: answers, documents, builds, facts of an index, evaluations.

Texts of documents and questions are never interpreted as markup. Control characters, which could drive a terminal, are
removed.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.text import Text

from corpus.filesystem import display_path
from corpus.records import HEADED_KINDS, Document
from corpus.translation import join_first
from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from qa.answering.compared_editions import chain_changes, chain_text
from qa.answering.library import Answer
from qa.citation import CitedPassage, format_years, ocr_remark
from qa.confidence.confidence import answer_heading, confidence_label
from qa.output.json_objects import index_facts

if TYPE_CHECKING:  # a question needs neither the readers of files nor the builder
    from rich.console import RenderableType
    from rich.table import Table

    from corpus.ingest import Plan, Unread
    from index.building.report import BuildReport
    from qa.answering.excerpt import Excerpt
    from qa.evaluation.metrics import Evaluation

_MAX_NAMED = 20
MAX_LISTED = 500
"""Documents that `info` lists in its table: ten thousand took eight seconds."""

_IN_WORDS = {
    "format": "format version",
    "dimension": "vector dimensions",
    "max_tokens": "tokens read per text",
    "long_sentences": "sentences too long for one passage",
    "index_type": "vector search",
    "index_type_asked": "vector search requested",
    "bytes": "bytes on disk",
}
"""Labels of facts in the text output of `info`; the JSON output has the keys."""

_MAX_LABEL = 120
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def stdout() -> Console:
    """Return the console for results."""
    width = None if sys.stdout.isatty() else 200  # a pipe has no width; keep table columns whole
    return Console(highlight=False, soft_wrap=True, width=width)


def stderr() -> Console:
    """Return the console for notices."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def clean(text: str) -> str:
    """Remove control characters."""
    return _CONTROLS.sub("", text)


def answer(reply: Answer) -> None:
    """Print an answer with its passages; nearly identical ones of other editions are folded into the first."""
    out, err = stdout(), stderr()
    for notice in reply.notices:
        err.print(Text(f"note: {clean(notice)}", style="yellow"))
    preferences = preferred(reply)
    if preferences:
        err.print(Text(f"ranked higher: {', '.join(preferences)}", style="dim"))
    passages = reply.distinct_passages()
    numbers = {cited.hit.id: number for number, cited in enumerate(passages, 1)}
    for cited in reply.passages:
        for other in cited.also_in:
            if cited.hit.id in numbers:
                numbers.setdefault(other.passage, numbers[cited.hit.id])
    if reply.answered:
        heading, label = answer_heading(reply.confidence), confidence_label(reply.confidence)
        out.print(Text(f"{heading} (confidence {label}, {reply.confidence:.0%}):", style="bold"))
        for line in _answer_lines(reply, numbers):
            out.print(line)
    elif reply.passages:
        out.print(
            Text(f"These documents do not seem to answer this ({reply.confidence:.0%}). The nearest passages:", "bold")
        )
    else:
        out.print(Text("No passage found.", style="bold"))
    for number, cited in enumerate(passages, 1):
        out.print()
        out.print(Text(f"[{number}] ", "cyan").append(clean(cited.citation), "bold"))
        for line in _remarks(cited):
            out.print(line)
        out.print(_mark(cited))
        out.print(Text(f"    {cited.hit.id}", "dim"))


def _remarks(cited: CitedPassage) -> Iterator[Text]:
    """Yield what is to be known of a passage: equal ones, that its text was recognised, the header of its table."""
    passage = cited.hit.stored.passage
    if cited.also_in:
        others = ", ".join(str(other.edition or other.document) for other in cited.also_in)
        yield Text(f"    also in {others}", "dim")
    if passage.ocr_confidence is not None:
        yield Text(f"    {ocr_remark(passage.ocr_confidence)}", "yellow")
    if passage.missing_header:
        yield _header(passage.missing_header, "    ")


def _answer_lines(reply: Answer, numbers: Mapping[str, int]) -> Iterator[Text]:
    """Yield what changed, then a line for each sentence or table row, below the header of its table."""
    if figures := chain_changes(reply.changes):
        yield Text(f"  {clean(chain_text(figures))}", "bold")
    header = ""
    for sentence in reply.sentences:
        if sentence.header and sentence.header != header:
            yield _header(sentence.header, "  ")
        header = sentence.header
        lines = [line for line in clean(sentence.shown).splitlines() if line.strip()]  # of a list
        line = _indent(Text("\n".join(lines)), "  ").append(f" [{numbers.get(sentence.passage, '?')}]", "cyan")
        yield line.append(f" {clean(sentence.cells)}", "dim") if sentence.cells else line


def _header(header: str, indent: str) -> Text:
    return Text(indent + _one_line(header.replace("\n", ": ")), "dim")


def preferred(answered: Answer) -> list[str]:
    """Describe the preferences understood from a question."""
    understood = answered.understood
    words = [f"passages about {_format_years(understood.years)}"] if understood.years else []
    words += [f"edition {_format_years(understood.editions)}"] if understood.editions else []
    words += [f"series {name}" for name in understood.series]
    return words + [f"documents of {name}" for name in understood.named]


def _format_years(values: Sequence[int]) -> str:
    if len(values) > 2 and values[-1] - values[0] == len(values) - 1:
        return format_years((values[0], values[-1]))
    return ", ".join(map(str, values))


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _mark(cited: CitedPassage) -> Text:
    passage = cited.hit.stored.passage
    text = Text()
    cursor = passage.start
    for start, end in cited.highlights:
        text.append(clean(passage.text_between(cursor, start)))
        text.append(clean(passage.text_between(start, end)), "bold green")
        cursor = end
    text.append(clean(passage.text[cursor - passage.start :]))
    return _indent(text, "    ")


def _indent(text: Text, indent: str) -> Text:
    return Text("\n").join(Text(indent if line.plain.strip() else "").append_text(line) for line in text.split("\n"))


def excerpt(shown: Excerpt) -> None:
    """Print a span of a document, the section around it if requested, and its citation."""
    out = stdout()
    out.print(
        Text(clean(shown.before))
        .append(clean(shown.text), "bold green" if shown.before or shown.after else "")
        .append(clean(shown.after))
    )
    out.print()
    out.print(Text(clean(shown.citation), "bold"))
    if shown.document.url:
        out.print(Text(clean(shown.document.url)))
    out.print(Text(shown.id, "dim"))


def outline(document: Document) -> None:
    """Print the outline of a document in text order: offsets, pages, kinds, headings indented by depth."""
    from rich.table import Table

    out = stdout()
    out.print(Text(clean(document.title), "bold"))
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", style="dim", no_wrap=True)
    if document.pages:
        table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    depths: list[int] = []
    for item in document.outline:
        depths.append(0 if item.parent is None else depths[item.parent] + 1)
        label = _one_line(item.shown_text)
        short = label if len(label) <= _MAX_LABEL else f"{label[: _MAX_LABEL - 1]}…"
        cells = [f"{item.start}-{item.end}", *([_page(item.page, item.page_label)] if document.pages else [])]
        kind = "" if item.kind == "section" else item.kind
        table.add_row(*cells, kind, Text("  " * depths[-1] + short, "bold" if item.kind in HEADED_KINDS else ""))
    out.print(table)
    counts = Counter(item.kind for item in document.outline)
    facts = [f"{count} {kind}" for kind, count in counts.items()]
    facts += [f"{len({span.page for span in document.pages})} pages"] if document.pages else []
    facts += [f"{len(document.furniture)} lines of furniture left out"] if document.furniture else []
    out.print(Text(f"{len(document.text):,} characters: {', '.join(facts) or 'no headings'}", "dim"))
    for line in document.warnings:
        stderr().print(Text(f"check: {clean(line)}", "yellow"))


def furniture(document: Document) -> None:
    """Print the lines that are not part of a document's text."""
    out = stdout()
    for line in document.furniture:
        out.print(Text(clean(line)))
    out.print(Text(f"{len(document.furniture)} lines of furniture left out", "dim"))


def _page(page: int | None, label: str | None) -> str:
    """Return the printed page label, and the page of the file if it differs."""
    if page is None:
        return ""
    return f"p. {page}" if label in (None, str(page)) else f"p. {label} ({page})"


def unread(files: Sequence[Unread]) -> None:
    """Print the files that were not read, with the reasons."""
    err = stderr()
    for file in files[:_MAX_NAMED]:
        err.print(Text(f"not read: {display_path(file.path)}: {file.reason}", "yellow"))
    if len(files) > _MAX_NAMED:
        err.print(Text(f"not read: {len(files) - _MAX_NAMED} more files", "yellow"))


def build_report(report: BuildReport, plan: Plan, folder: Path) -> None:
    """Print the result of a build."""
    err, out = stderr(), stdout()
    unread(report.unread)
    for name in plan.missing:
        err.print(Text(f"listed in corpus.toml but missing: {name}", "yellow"))
    _some(err, "not listed in corpus.toml, read by inference", [display_path(path) for path in plan.unlisted])
    _some(err, "file missing, document kept (--prune removes it)", report.missing)
    for line in (*report.contradictions, *report.warnings):
        err.print(Text(f"check: {clean(line)}", "yellow"))
    parts = [
        f"{len(values)} {what}"
        for what, values in (("added", report.added), ("changed", report.changed), ("removed", report.removed))
        if values
    ]
    if report.resumed:
        err.print(Text(f"{report.resumed} documents resumed from the interrupted build", "dim"))
    if report.unchanged:
        parts.append(f"{report.unchanged} unchanged")
    out.print(
        Text(
            f"{', '.join(parts) or 'nothing to do'}; {report.embedded} passages embedded; "
            f"{report.documents} documents, {report.passages} passages in {folder}"
        )
    )


def _some(err: Console, what: str, names: Sequence[str]) -> None:
    if names:
        err.print(Text(f"{what}: {join_first(names, _MAX_NAMED)}", "yellow"))


def info(index: Index) -> None:
    """Print the first `MAX_LISTED` documents of an index, and facts about the index."""
    from rich.table import Table

    out = stdout()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("document", "title", "series", "edition", "covers", "passages", "furniture", "inferred"):
        table.add_column(column, overflow="fold")
    listed, more = index.documents[:MAX_LISTED], len(index.documents) - MAX_LISTED
    for document in listed:
        table.add_row(
            Text(document.id),
            Text(clean(document.title)),
            Text(clean(document.series or "unknown")),
            str(document.edition or "unknown"),
            format_years(document.covers) if document.covers else "unknown",
            f"{document.passage_count:,}",
            f"{document.furniture:,} lines" if document.furniture else "",
            "; ".join(_format_inferred(document)),
        )
    out.print(table)
    if more > 0:
        out.print(Text(f"and {more:,} more document{'s' * (more > 1)} (--format json lists all)", "bold"))
    for document in listed:
        for line in document.contradictions:
            out.print(Text(f"check: {document.id}: {clean(line)}", "yellow"))
    for identifier, lines in index.records.warnings().items():
        for line in lines:
            out.print(Text(f"check: {identifier}: {clean(line)}", "yellow"))
    facts: dict[str, object] = {**index_facts(index), "recall": ""}
    for share in index.manifest.dense.recalls:
        recall = f"{share.recall_at_10:.3f} of the 10 nearest, {share.recall_at_100:.3f} of the 100"
        facts["recall"] = f"{facts['recall']}\n  with {share.share:.0%} of the vectors searched: {recall}"
    for name, value in facts.items():
        if value != "":
            shown = f"{value:,}" if isinstance(value, int) else value
            out.print(Text(f"{_IN_WORDS.get(name, name)}: {shown}", "dim"))


def limits(rows: Sequence[tuple[str, int, str]]) -> None:
    """Print a line per limit, by the name of its variable."""
    for variable, most, what in rows:
        stdout().print(f"{variable:<31}{most:>13,}  {what}", markup=False)


def _format_inferred(document: DocumentInfo) -> list[str]:
    """Return the inferred fields, together with what they were inferred from."""
    fields: dict[str, list[str]] = {}
    for name, origin in document.origins.items():
        if origin == "inferred":
            fields.setdefault(document.evidence.get(name, ""), []).append(name)
    return [f"{', '.join(names)} ({evidence})" if evidence else ", ".join(names) for evidence, names in fields.items()]


_MAX_GROUPS = 12
"""Groups (types, editions or series) shown in the table; where there are more, they are only in metrics.json."""


def evaluation_summary(evaluation: Evaluation) -> RenderableType:
    """Return the measures with their intervals, overall and by group, and a line for each further figure."""
    metrics = evaluation.metrics
    lines = map(Text, _figure_lines(evaluation))
    return Group(_measures_table(metrics), *lines) if metrics is not None and metrics["measures"] else Group(*lines)


def _measures_table(metrics: Mapping[str, Any]) -> Table:
    from rich.table import Table

    names = list(metrics["measures"])
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    table.add_column("questions", justify="right")
    for name in names:
        table.add_column(name, justify="right")
    count = metrics["measures"][names[0]]["n"]
    table.add_row("all", str(count), *(_with_interval(metrics["measures"][name]) for name in names))
    for part in ("by_type", "by_edition", "by_series"):
        groups = metrics[part]
        if 1 < len(groups) <= _MAX_GROUPS:
            table.add_section()
            for group, means in groups.items():
                label = Text(f"{part.removeprefix('by_')} {group}"[:60])
                table.add_row(label, str(means[names[0]]["n"]), *(_digits(means[name]["value"]) for name in names))
    return table


def _figure_lines(evaluation: Evaluation) -> Iterator[str]:
    metrics = evaluation.metrics or {}
    count, answered = len(evaluation.outcomes), sum(outcome.answered for outcome in evaluation.outcomes)
    rate = f", {count / evaluation.seconds:.0f} questions/s" if evaluation.seconds > 0 else ""
    yield f"{_count_questions(count)}, {answered} answered, {count - answered} not answered by these documents{rate}"
    if not metrics:
        yield "no question was judged: no measures (add `evidence`, `passages` or --qrels)"
    if refusal := metrics.get("refusal"):
        precision, recall = refusal["precision"], refusal["recall"]
        yield (
            f"refusal: precision {_with_interval(precision) if precision else 'unknown (none refused)'} "
            f"over {refusal['refused']} refused, recall {_with_interval(recall)} over {recall['n']} unanswerable, "
            f"AUROC {_digits(refusal['auroc'])}"
        )
    if reading := metrics.get("reading"):
        words = reading["words_until_evidence"]
        median = words["median"]
        yield (
            f"words until the evidence: median {f'{median:g}' if median is not None else 'never'} "
            f"({_count_questions(words['n'])}, {words['never']} never)"
        )
        if held := reading.get("short_answer_held"):
            yield f"short answer in the answer's sentences: {_with_interval(held)} ({_count_questions(held['n'])})"
        if compared := reading.get("compare"):
            documents, evidence = compared.values()
            yield (
                f"compare: every document in the first five {_digits(documents['value'])}, with its evidence "
                f"{_digits(evidence['value'])} ({_count_questions(documents['n'])})"
            )
    if against := metrics.get("against"):
        for name, change in against["measures"].items():
            counts = f"{change['better']} better, {change['worse']} worse"
            yield (
                f"against {against['folder']}: {name} {change['value']:.3f}, was {change['other']:.3f} "
                f"({change['difference']:+.3f}, p {change['p']:.3f}, {counts})"
            )
        yield from against["notices"]
    yield from evaluation.notices


def _count_questions(count: int) -> str:
    return f"{count} question{'s' * (count != 1)}"


def _with_interval(mean: Mapping[str, Any]) -> str:
    low, high = mean["interval"]
    return f"{_digits(mean['value'])} [{_digits(low)}, {_digits(high)}]"


def _digits(value: float | None) -> str:
    """Format with three digits and without a leading zero: .843, 1.000."""
    if value is None:
        return "unknown"
    return f"{value:.3f}".removeprefix("0") if 0 <= value < 1 else f"{value:.3f}"
