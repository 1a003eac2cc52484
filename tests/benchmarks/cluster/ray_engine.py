"""Measure gains and costs of the Ray engine, and estimate from them what a large corpus takes on twenty machines.

    python -m tests.benchmarks.cluster.ray_engine [--documents 40] [--rounds 3] [--passages 100000] [--words 1000000]

First, texts are encoded by this process with one thread and by one and two workers, alternately: the part of a build
that is distributed. Then whole builds by this process and by a cluster, where the single writer shares the same two
cores. The results are ratios of medians; processor time per passage is printed too, because other work on the machine
affects wall-clock times. Then an index of synthetic passages is searched whole and in shards. The estimate at the end
uses only these figures; each of its inputs is printed with its measurement.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from corpus.chunking.passages import Lengths
from corpus.ingest import plan
from corpus.ingest import read as read_document
from index.building.build import build
from index.building.prepare import prepare, prepare_batches
from index.models.encoder import Vectors, load
from index.ranking.search import Index
from tests.benchmarks.cluster import ray_shards
from tests.benchmarks.cluster.ray_encoding import OVERHEAD, encoding, paragraphs, timed
from tests.benchmarks.cluster.ray_estimate import Inputs, paper
from tests.benchmarks.cluster.ray_writing import writing
from tests.benchmarks.indexing import synthetic, synthetic_index
from tests.benchmarks.question_sets import ranking_sets


def corpus(folder: Path, documents: int) -> Path:
    """Write documents of ten real paragraphs each."""
    lines = paragraphs()
    folder.mkdir()
    for number in range(documents):
        some = [lines[(number * 10 + item) % len(lines)] for item in range(10)]
        text = "\n\n".join(
            f"{place}. {item.get('title') or 'Part'}\n\n{item['text']}" for place, item in enumerate(some, 1)
        )
        (folder / f"document-{number:04d}.txt").write_text(f"Collection {number}\n\n{text}\n", encoding="utf-8")
    return folder


def building(folder: Path, documents: int, rounds: int, console: Console) -> Inputs:
    """Print the second table: alternating builds."""
    from index.cluster.session import connected, restrict_to_this_machine

    restrict_to_this_machine()  # before Ray is imported
    from index.cluster.indexing import CHARACTERS_PER_GROUP, ClusterEncoder, ClusterPreparation
    from index.cluster.tasks import ModelSpec

    source = plan([corpus(folder / "corpus", documents)])
    few = plan([corpus(folder / "few", max(documents // 4, 1))])
    local = load()
    ways: dict[str, list[float]] = {}
    used: dict[str, list[float]] = {}
    number = 0

    def alone(threads: int) -> None:
        nonlocal number
        number += 1
        taken, processor = timed(lambda: build(folder / str(number), source, load(threads=threads)))
        ways.setdefault(f"this process, {threads} thread(s)", []).append(taken)
        used.setdefault(f"alone {threads}", []).append(processor)

    with connected(workers=2):
        encoders = {}
        for workers in (1, 2):
            encoders[workers] = ClusterEncoder(local, ModelSpec.of(local), workers)
            encoders[workers].encode(["warm"] * 128 * workers)

        def together(workers: int) -> None:
            nonlocal number
            number += 1
            encoder = encoders[workers]
            before = _processor(encoder)
            taken, processor = timed(
                lambda: build(
                    folder / str(number),
                    source,
                    encoder,
                    prepare=ClusterPreparation(ModelSpec.of(local), workers),
                )
            )
            ways.setdefault(f"cluster, {workers} worker(s)", []).append(taken)
            used.setdefault(f"driver {workers}", []).append(processor)
            used.setdefault(f"workers {workers}", []).append(_processor(encoder) - before)

        for _ in range(rounds):
            for count in (1, 2):
                alone(count)
                together(count)
        write = writing(folder, source, few, rounds)
        memory = max(_call(actor, _memory) for actor in encoders[2]._actors)
        restart = _restarted(encoders[1]._actors[0])
    index = Index(folder / "1")
    passages = index.manifest.passages
    medians = {name: statistics.median(some) for name, some in ways.items()}
    table = Table("a build, started already", "seconds", "passages/s", title=f"{passages:,} passages, {rounds} rounds")
    for name, some in sorted(ways.items()):
        table.add_row(
            name, f"{medians[name]:.1f} ({min(some):.1f}..{max(some):.1f})", f"{passages / medians[name]:.1f}"
        )
    console.print(table)
    least = {name: min(some) for name, some in ways.items()}
    for what, times in (("medians", medians), ("the quickest rounds, which other work disturbed least", least)):
        scaling = times["cluster, 1 worker(s)"] / times["cluster, 2 worker(s)"]
        ratios = [times[f"cluster, {n} worker(s)"] / times[f"this process, {n} thread(s)"] for n in (1, 2)]
        console.print(
            f"{what}: a build with two workers against one {scaling:.2f}x (the driver has a part of their cores); "
            f"cluster against this process {ratios[0]:.2f}x with one thread, {ratios[1]:.2f}x with two "
            f"(at most {OVERHEAD}x)"
        )
    spent = {name: statistics.median(some) / passages for name, some in used.items()}
    for count in (1, 2):
        both = spent[f"workers {count}"] + spent[f"driver {count}"]
        console.print(
            f"processor time a passage, {count}: this process {1000 * spent[f'alone {count}']:.1f} ms; cluster "
            f"{1000 * both:.1f} ms (encoding {1000 * spent[f'workers {count}']:.1f}, driver "
            f"{1000 * spent[f'driver {count}']:.2f})"
        )
    read = timed(lambda: [prepare(item, local.count_tokens, Lengths(), read_document) for item in source.sources])[1]
    batches = prepare_batches(source.sources, local.count_tokens, Lengths(), read_document)
    characters = sum(len(passage.text) for batch in batches for prepared in batch for passage in prepared.passages)
    disk: dict[str, float] = {}
    for name, record in index.manifest.files.items():
        kind = name.partition("/")[0].partition(".")[0].partition("-")[0]
        disk[kind] = disk.get(kind, 0.0) + record.size / passages
    encode = spent["workers 1"]
    piece = (
        CHARACTERS_PER_GROUP / (characters / passages) * encode / 2
    )  # half of the encoded texts of a passage are its sentences
    return Inputs(encode, read / passages, write, disk, memory, 0, 0, 0, 0, restart, 2 * piece)


def _call(actor: Any, function: Callable[[Any], Any]) -> Any:
    import ray

    return ray.get(actor.__ray_call__.remote(function))


def _memory(_: Any) -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


def _time(_: Any) -> float:
    return time.process_time()


def _processor(encoder: Any) -> float:
    return float(sum(_call(actor, _time) for actor in encoder._actors))


def _process(_: Any) -> int:
    return os.getpid()


def _restarted(actor: Any) -> float:
    """Return the seconds from the end of an actor until its replacement answers."""
    import ray

    before, began = _call(actor, _process), time.perf_counter()
    ray.kill(actor, no_restart=False)
    while _call(actor, _process) == before:  # it may answer yet
        time.sleep(0.01)
    return time.perf_counter() - began


def searching(folder: Path, count: int, words: int, inputs: Inputs, console: Console) -> Inputs:
    """Print the last three tables: one index, whole and in shards, and the memory and time of each shard."""
    from index.cluster.search import ClusterOpener, Shard
    from index.cluster.session import connected

    real = synthetic.source([ranking_sets.open_index(name, load()) for name in ranking_sets.SETS[1:3]])
    synthetic_index.write(folder, real, count, load())
    questions = [question.text for question in ranking_sets.SETS[1].questions()][:60]
    vectors = load().encode(questions, query=True)
    whole = Index(folder)
    terms = [list(whole.term_weights(text)) for text in questions]
    ray_shards.table(folder, list(zip(vectors.tolist(), terms, strict=True)), console)
    base, lexical = ray_shards.words_table(folder.with_name("words"), whole, terms, words, console)
    part = Shard(folder, 1, 0, 1)
    none: list[str] = []
    for some in zip(vectors, terms, strict=True):  # warm
        part.propose(*some, 100, None)
    scan = _median(lambda n: part.propose(vectors[n], none, 100, None), len(questions))
    both = _median(lambda n: part.propose(vectors[n], terms[n], 100, None), len(questions))
    alone = _median(lambda n: whole.search(questions[n], vectors[n], 50), len(questions))
    table = Table("searched by", "ms, median of 60 questions", "the driver's processor ms", title=f"{count:,} passages")
    table.add_row("this process", f"{1000 * alone:.1f}", "")
    shards: dict[int, tuple[float, float]] = {}
    with connected(workers=2):
        for number in (1, 2, 8):
            with ClusterOpener(number, 1) as opener:
                ask = partial(_search, opener(folder), questions, vectors)
                for place in range(len(questions)):
                    ask(place)
                before = time.process_time()
                shards[number] = _median(ask, len(questions)), (time.process_time() - before) / len(questions)
            table.add_row(f"{number} shard(s)", *(f"{1000 * shard:.1f}" for shard in shards[number]))
    console.print(table)
    fan = (shards[8][1] - shards[1][1]) / 7
    fixed = max(shards[1][0] - both, 0.0) + base
    return replace(inputs, scan=scan / count, lexical=lexical, fixed=fixed, fan=fan)


def _search(index: Index, questions: Sequence[str], vectors: Vectors, number: int) -> None:
    index.search(questions[number], vectors[number], 50)


def _median(ask: Callable[[int], Any], count: int) -> float:
    result = []
    for number in range(count):
        began = time.perf_counter()
        ask(number)
        result.append(time.perf_counter() - began)
    return float(np.median(result))


def main() -> None:
    """Measure, then estimate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=1_000_000, help="passages of the lexical index")
    arguments = parser.parse_args()
    console = Console(width=140)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        encoding(arguments.documents * 10, arguments.rounds, console)
        inputs = building(folder, arguments.documents, arguments.rounds, console)
        inputs = searching(folder / "synthetic", arguments.passages, arguments.words, inputs, console)
    paper(inputs, console)


if __name__ == "__main__":
    main()
