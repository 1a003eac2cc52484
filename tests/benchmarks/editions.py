"""How well editions are compared: section pairs, topics, figures, a topic over time. The figures of the README.

    python -m tests.benchmarks.editions [--index DIR] [--verbose]

Aligns the two Bluebooks (`seeds-eval/pairs.json`) and generated pairs of editions, compares what the comparing
questions of seeds-eval ask for, pairs the figures of `figures.json`, and follows topics through 59 inaugural addresses,
and through fewer of them, to see how the cost grows.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import shutil
import tempfile
import time
import tracemalloc
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import Encoder, load
from index.ranking.search import Index
from qa.answering.library import Library
from qa.editions import alignment
from qa.editions.alignment import SentenceSet, align_sections, sentence_similarity
from qa.editions.figures.pairs import pair_figures
from qa.editions.figures.sentence_figures import Figure, find_figures
from qa.editions.sections import EditionSection, editions, locate_sentences, sections
from qa.editions.topic_comparison import Comparison, timelines
from qa.evaluation.judgements import normalize, occurrences
from qa.question.filters import parse_filters
from tests.factories.editions.edited_editions import edited
from tests.factories.editions.edited_reports import NUMBER, edited_report
from tests.factories.editions.series_folder import EDITION_FROM
from tests.paths import DATA, TEST_DATA

SHOWN = 10
"""Figures of a topic that count as shown."""

TOPIC_EDITIONS = 8
"""The latest documents of a set, over which the judged topics are compared."""

JUDGED_TOPICS = TEST_DATA / "questions" / "topics.jsonl"

TOPICS = ("slavery", "the Constitution", "nuclear weapons", "Indian tribes", "railroads", "terrorism", "climate change")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs compared with the truth; `kinds` counts right pairs with the right kind of change."""

    right: int
    found: int
    true: int
    kinds: int
    missed: tuple[str, ...] = ()
    false: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 0.0


def judged_pairs(index: Index, judgements: Path) -> Pairs:
    """The section pairs of two judged documents, by the lines of their headings."""
    truth = json.loads(judgements.read_text(encoding="utf-8"))
    result = editions([index.info(truth["from"])]) + editions([index.info(truth["to"])])
    sides = [sections(index, item) for item in result]
    texts = [index.document(truth[key]).text for key in ("from", "to")]

    def line(side: int, section: EditionSection) -> int:
        return texts[side].count("\n", 0, section.start) + 1

    kinds = {
        (line(0, sides[0][pair.earlier]), line(1, sides[1][pair.later])): pair.kind
        for pair in align_sections(sides[0], sides[1])
        if pair.earlier is not None and pair.later is not None and sides[0][pair.earlier].position is not None
    }
    true = {(pair["from"], pair["to"]): pair["kind"] for pair in truth["pairs"]}
    return _pairs(kinds, true)


def generated_pairs(seed: int, encoder: Encoder) -> Pairs:
    """The section pairs of two editions made by rules."""
    made = edited(seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        build(folder / "index", plan([made.write(folder / "files")]), encoder)
        index = Index(folder / "index")
        item, other = (sections(index, edition) for edition in editions(index.documents))
        kinds = {
            (item[pair.earlier].path[-1], other[pair.later].path[-1]): pair.kind
            for pair in align_sections(item, other)
            if pair.earlier is not None and pair.later is not None and len(item[pair.earlier].path) > 1
        }
    return _pairs(kinds, made.kinds)


def _pairs(found: dict[Any, Any], true: dict[Any, str]) -> Pairs:
    right = found.keys() & true.keys()
    return Pairs(
        len(right),
        len(found),
        len(true),
        sum(found[key] == true[key] for key in right),
        tuple(sorted(str(key) for key in true.keys() - right)),
        tuple(sorted(str(key) for key in found.keys() - right)),
    )


def compared(library: Library, questions: Path) -> Iterator[tuple[str, str, bool]]:
    """Return, for each compare question and document, whether the first passage contains one of its quotes."""
    for line in questions.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if question["type"] != "compare":
            continue
        first = {
            match.document.id: normalize(match.passages[0].hit.stored.passage.text)
            for match in library.compare(question["question"]).matches
            if match.passages
        }
        for document in dict.fromkeys(evidence["doc"] for evidence in question["evidence"]):
            quotes = [normalize(evidence["quote"]) for evidence in question["evidence"] if evidence["doc"] == document]
            yield question["id"], document, any(quote in first.get(document, "") for quote in quotes)


@dataclass(frozen=True, slots=True)
class FigureResult:
    """A judged figure: its place in the table of its topic (None: not paired), and wrong pairs among those shown."""

    what: str
    rank: int | None
    wrong: tuple[str, ...]
    shown: tuple[str, ...]


def judged_figures(library: Library, judgements: Path) -> Iterator[FigureResult]:
    """Check each judged figure, with its description as the topic.

    A pair is wrong where one side is a judged figure and the other is not its counterpart.
    """
    truth = json.loads(judgements.read_text(encoding="utf-8"))
    documents = [key for key in truth[0] if key != "what"]
    texts = {document: library.index.document(document).text for document in documents}
    spans = [{document: _span(texts[document], figure[document]) for document in documents} for figure in truth]

    def known(figure: Figure) -> int | None:
        span = (figure.start, figure.end)
        for place, one in enumerate(spans):
            begin, end = one.get(figure.sentence.document, (0, 0))
            if begin < span[1] and span[0] < end:
                return place
        return None

    for place, figure in enumerate(truth):
        result: Comparison = library.compare(figure["what"])
        rank: int | None = None
        wrong: list[str] = []
        shown: list[str] = []
        for at, row in enumerate(result.figures, 1):
            mine = [value.figure for value in row.values if value.figure.sentence.document in texts]
            which = [known(item) for item in mine]
            if which == [place, place] and rank is None:
                rank = at
            text = f"{' → '.join(item.quantity.text for item in mine)} {row.what}"
            if at <= SHOWN:
                shown.append(text)
                if len(which) == 2 and which[0] != which[1]:
                    wrong.append(text)
        yield FigureResult(figure["what"], rank, tuple(wrong), tuple(shown))


def edited_figures(reports: Sequence[Path], encoder: Encoder) -> Pairs:
    """Pair the amounts of reports with those of later editions made by rules."""
    found: set[tuple[str, int, int | None]] = set()
    true: set[tuple[str, int, int | None]] = set()
    with tempfile.TemporaryDirectory() as temporary:
        folder, places = Path(temporary), {}
        for seed, path in enumerate(reports, 1):
            text = path.read_text(encoding="utf-8")
            later, places[path.stem] = edited_report(text, seed)
            for name, edition in (("earlier", text), ("later", later)):
                (folder / "files").mkdir(exist_ok=True)
                (folder / "files" / f"{path.stem}-{name}.md").write_text(edition, encoding="utf-8")
        build(folder / "index", plan([folder / "files"]), encoder)
        index = Index(folder / "index")
        documents = {document.id: document for document in index.documents}
        for stem, truth in places.items():
            sides = []
            for name in ("earlier", "later"):
                passages = index.records.passages_of_document(documents[f"{stem}-{name}"].number)
                located = locate_sentences(passages)
                vectors = index.sentence_vectors([sentence.row for sentence in located])
                sides.append(SentenceSet.of(located, vectors, "en"))
            similarities = sentence_similarity(sides[0], sides[1], index.manifest.scale)
            figures = [find_figures(side.sentences, "en") for side in sides]
            starts = [{_number_start(figure): figure for figure in some} for some in figures]
            true |= {(stem, a, b) for a, b in truth.items() if a in starts[0] and b in starts[1]}
            for pair in pair_figures(figures[0], figures[1], similarities, "en"):
                a, b = _number_start(pair.earlier), _number_start(pair.later)
                if a in truth:
                    found.add((stem, a, b))
    return _pairs(dict.fromkeys(found, ""), dict.fromkeys(true, ""))


def _number_start(figure: Figure) -> int:
    match = NUMBER.search(figure.quantity.text)
    return figure.start + (match.start() if match else 0)


def _span(text: str, judged: dict[str, str]) -> tuple[int, int]:
    (begin, end), *_ = occurrences(text, normalize(judged["quote"]))
    start = text.index(judged["text"], begin, end)
    return start, start + len(judged["text"])


@dataclass(frozen=True, slots=True)
class TopicResult:
    """A document's state for a judged topic; `mentioned`: whether any of the topic's words is in its text."""

    topic: str
    document: str
    state: str
    treats: bool
    mentioned: bool


def judged_topics(library: Library, name: str, judgements: Path) -> Iterator[TopicResult]:
    """Yield the state of each document of a set for each topic judged by searching and reading its text.

    `treats` names the documents that treat the topic (with the offset of a mention), `unclear` those on which readers
    may differ; `words` is a pattern of its words, whose absence is certain.
    """
    documents = library.index.documents
    latest = [info.id for info in sorted(documents, key=lambda info: (info.edition or 0, info.id))[-TOPIC_EDITIONS:]]
    texts = {info.id: " ".join(library.index.document(info.id).text.split()) for info in documents}
    for line in judgements.read_text(encoding="utf-8").splitlines():
        judged = json.loads(line)
        if judged["set"] != name:
            continue
        filters = parse_filters(document=judged.get("documents", latest))
        for match in library.compare(judged["topic"], filters).matches:
            document = match.document.id
            if document in judged.get("unclear", ()) and match.state != "not_mentioned":
                continue
            treats = document in judged["treats"]
            mentioned = treats or re.search(judged["words"], texts[document], re.IGNORECASE) is not None
            yield TopicResult(judged["topic"], document, match.state, treats, mentioned)


def print_topics(console: Console, results: Sequence[TopicResult], *, verbose: bool) -> None:
    """Print precision and recall of "treats it", and how often "does not mention it" is wrong."""
    told = [result for result in results if result.state == "treats"]
    true = [result for result in results if result.treats]
    right = [result for result in told if result.treats]
    wrong = [result for result in results if result.state == "not_mentioned" and result.mentioned]
    absent = sum(result.state == "not_mentioned" for result in results)
    console.print(
        f"treats it: precision {len(right) / max(len(told), 1):.3f}, recall {len(right) / max(len(true), 1):.3f} over "
        f"{len({result.topic for result in results})} topics, {len(results)} documents; does not mention it: {absent}, "
        f"wrong: {len(wrong)}"
    )
    for result in results if verbose else ():
        if (result.state == "treats") != result.treats or result in wrong:
            console.print(f"  {result.topic}: {result.document} {result.state}", markup=False)


def over_time(library: Library, topics: Sequence[str]) -> Table:
    """Return the seconds of a topic across all editions, and the number of editions that treat it."""
    table = Table("topic over time", "editions", "treat it", "first", "last", "seconds", "of processor", box=None)
    for topic in topics:
        wall, used = time.perf_counter(), time.process_time()
        comparison = library.compare(topic)
        (line,) = timelines(comparison.matches)
        wall, used = time.perf_counter() - wall, time.process_time() - used
        years = [point.edition.label for point in line.points if point.treated]
        cells = [str(len(line.points)), str(len(years)), years[0] if years else "", years[-1] if years else ""]
        table.add_row(topic, *cells, f"{wall:.2f}", f"{used:.2f}")
    return table


def growth(library: Library, topics: Sequence[str]) -> Table:
    """Return the cost of all topics in the last 15, 30 and all editions; an exponent of 1 is linear.

    Memory is the most that Python and NumPy hold at once beyond what the index holds.
    """
    years = sorted({document.edition for document in library.index.documents if document.edition is not None})
    table = Table("all topics in", "seconds of processor", "grows", "MB at most", "grows", box=None)
    before: tuple[int, float, float] | None = None
    for count in (15, 30, len(years)):
        filters = parse_filters(edition=[f"{years[-count]}..{years[-1]}"])
        used = time.process_time()
        for topic in topics:
            library.compare(topic, filters)
        used, most = time.process_time() - used, 0.0
        for topic in topics:
            tracemalloc.start()
            library.compare(topic, filters)
            most = max(most, tracemalloc.get_traced_memory()[1] / 1e6)
            tracemalloc.stop()
        grown = ["", ""]
        if before is not None:
            steps = math.log(count / before[0])
            grown = [
                f"n^{math.log(now / then) / steps:.2f}" for now, then in zip((used, most), before[1:], strict=True)
            ]
        table.add_row(f"{count} editions", f"{used:.2f}", grown[0], f"{most:.1f}", grown[1])
        before = count, used, most
    return table


def speech_library(
    folder: Path, name: str, series: str, encoder: Encoder, latest: int = 0, others: Collection[str] = ()
) -> Library:
    """Return a library of the speeches of a data set, or of the latest and some others of them."""
    folder.mkdir()
    paths = sorted((DATA / "datasets" / name / "docs").glob("*.txt"))
    for path in paths:
        if path in paths[-latest:] or path.stem in others:
            shutil.copy(path, folder)
    (folder / "corpus.toml").write_text(f'[defaults]\nseries = "{series}"\n{EDITION_FROM}', encoding="utf-8")
    build(folder / "index", plan([folder]), encoder)
    return Library(folder / "index", encoder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.editions", description=__doc__.split("\n")[0])
    parser.add_argument("--index", type=Path, help="an index of the seeds, else one is made")
    parser.add_argument("--generated", type=int, default=8, help="generated pairs of editions")
    parser.add_argument("--reports", type=int, default=150, help="reports of which a later edition is made")
    parser.add_argument("--verbose", action="store_true", help="name what was missed, and every figure shown")
    options = parser.parse_args(arguments)
    console = Console(width=130)
    if not (DATA / "seeds-eval").is_dir():
        print(f"skipped: no {DATA / 'seeds-eval'} (set YEARBOOK_QA_DATA to the folder that holds it)")
        return 0
    encoder = load()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.index or Path(temporary) / "index"
        if options.index is None:
            build(folder, plan([DATA / "seeds"]), encoder)
        library = Library(folder, encoder)
        _sections(console, library, encoder, options.generated, verbose=options.verbose)
        _topics(console, library, verbose=options.verbose)
        reports = sorted((DATA / "datasets" / "tatqa" / "docs").glob("*.md"))[: options.reports]
        result = edited_figures(reports, encoder)
        console.print(
            f"amounts of {len(reports)} reports and their later editions: precision {result.precision:.3f}, "
            f"recall {result.recall:.3f} of {result.true}"
        )
        results = list(judged_topics(library, "seeds", JUDGED_TOPICS))
        rows = map(json.loads, JUDGED_TOPICS.read_text(encoding="utf-8").splitlines())
        others = {document for row in rows for document in row.get("documents", ())}
        speeches = speech_library(
            Path(temporary) / "sotu", "us_sotu", "State of the Union", encoder, TOPIC_EDITIONS, others
        )
        results += judged_topics(speeches, "us_sotu", JUDGED_TOPICS)
        library = speech_library(Path(temporary) / "inaugural", "us_inaugural", "Inaugural Address", encoder)
        results += judged_topics(library, "us_inaugural", JUDGED_TOPICS)
        print_topics(console, results, verbose=options.verbose)
        begun = time.perf_counter()
        count = alignment.update_cache(library.index)
        print(f"{count} neighbouring editions aligned and stored in {time.perf_counter() - begun:.1f} s")
        console.print(over_time(library, TOPICS))
        console.print(growth(library, TOPICS))
    return 0


def _sections(console: Console, library: Library, encoder: Encoder, generated: int, *, verbose: bool) -> None:
    table = Table("sections", "pairs", "precision", "recall", "kind right", box=None)
    results = {"Bluebooks 2016 and 2020": judged_pairs(library.index, DATA / "seeds-eval" / "pairs.json")}
    results |= {f"generated {seed}": generated_pairs(seed, encoder) for seed in range(1, generated + 1)}
    for name, result in results.items():
        table.add_row(
            name, str(result.true), f"{result.precision:.3f}", f"{result.recall:.3f}", f"{result.kinds}/{result.right}"
        )
    console.print(table)
    for name, result in results.items():
        for what, items in (("missed", result.missed), ("false", result.false)):
            for item in items if verbose else ():
                console.print(f"{name}: {what} {item}")


def _topics(console: Console, library: Library, *, verbose: bool) -> None:
    results = list(compared(library, DATA / "seeds-eval" / "questions.jsonl"))
    right = sum(good for _, _, good in results)
    console.print(
        f"first passage of each document asked for holds a quote: {right}/{len(results)} = {right / len(results):.3f}"
    )
    for question, document, good in results:
        if not good:
            console.print(f"  not: {question} {document}")
    figures = list(judged_figures(library, DATA / "seeds-eval" / "figures.json"))
    first = sum(figure.rank is not None and figure.rank <= SHOWN for figure in figures)
    wrong = [item for figure in figures for item in figure.wrong]
    share = f"{first}/{len(figures)} = {first / len(figures):.3f}"
    console.print(f"figures paired among the first {SHOWN}: {share}; wrong pairs shown: {len(wrong)}")
    for one in figures:
        if one.rank is None or verbose:
            console.print(f"  {one.what}: {'not paired' if one.rank is None else f'at {one.rank}'}")
        for text in one.shown if verbose else ():
            console.print(f"      {text}", markup=False)


if __name__ == "__main__":
    raise SystemExit(main())
