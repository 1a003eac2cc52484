"""Measure what an index takes per passage, and what smaller codes of the sentence vectors would cost in quality.

    python -m tests.benchmarks.indexing.storage [--sets seeds us_sotu xquad_en squad2_dev] [--codes]

Prints the bytes per passage of each kind of file, in GB for ten million passages. `--codes` ranks the questions with
sentence vectors that were coded and decoded again: 4 bits per value, product quantisation (Jégou et al. 2011; trained
on the index itself, to its advantage) and one bit per value. nDCG@10 is compared with that of the stored int8 vectors;
"rescored" takes the order of the first 20 passages from the int8 vectors, which must then be stored as well.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from unittest.mock import patch

import faiss
import numpy as np
from rich.console import Console
from rich.table import Table

from index import layout
from index.models.encoder import Encoder, Vectors, load
from index.ranking.search import Index
from index.storage.vector_files import Rows, SentenceVectors
from qa.answering.library import Library
from qa.evaluation.metrics import per_question
from tests.benchmarks.question_sets import ranking_sets
from tests.benchmarks.question_sets.vectors import KeptVectors
from tests.benchmarks.ranking import rank_question
from tests.paths import DATA

SETS = ("seeds", "us_sotu", "xquad_en", "squad2_dev")
RESCORED = 20

KINDS = {
    "texts, outlines, terms": layout.RECORDS,
    "passage vectors": layout.VECTORS,
    "sentence vectors": layout.SENTENCES,
    "lexical index": layout.LEXICAL,
}

Code = Callable[[Vectors], Vectors]
"""Codes vectors and decodes them again."""


def bytes_per_passage(index: Index) -> dict[str, float]:
    """Return the bytes per passage of each kind of file."""
    sizes = dict.fromkeys([*KINDS, "other"], 0)
    for name, record in index.manifest.files.items():
        kind = next((kind for kind, prefix in KINDS.items() if name.startswith(prefix)), "other")
        sizes[kind] += record.size
    return {kind: size / index.manifest.passages for kind, size in sizes.items()}


def four_bits(vectors: Vectors) -> Vectors:
    """Round each value to one of 15 levels of its vector."""
    step = np.abs(vectors).max(axis=1, keepdims=True) / 7
    rounded: Vectors = np.round(vectors / np.where(step > 0, step, 1)) * step
    return rounded


def one_bit(vectors: Vectors) -> Vectors:
    """Keep the sign of each value, and the length of the vector."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    signs: Vectors = np.where(vectors > 0, 1, -1) * lengths / np.sqrt(vectors.shape[1])
    return signs.astype(np.float32)


def product(vectors: Vectors, code_bytes: int) -> Code:
    """Return product quantisation to so many bytes, trained on the vectors."""
    quantiser: Any = faiss.ProductQuantizer(vectors.shape[1], code_bytes, 8)
    quantiser.train(vectors[np.random.default_rng(1).permutation(len(vectors))[:20_000]])

    def code(some: Vectors) -> Vectors:
        coded = quantiser.compute_codes(np.ascontiguousarray(some))
        decoded: Vectors = quantiser.decode(coded)
        return decoded

    return code


class CodedSentences(SentenceVectors):
    """Sentence vectors that were coded and decoded again."""

    code: tuple[Code, Code]

    def cosines(self, rows: Rows, vector: Vectors) -> Vectors:
        return self.code[0](self.vectors(rows)) @ vector

    def both_cosines(self, rows: Rows, vector: Vectors, second: Vectors) -> tuple[Vectors, Vectors]:
        records = self._gather(rows)
        there = records["second_scale"] != 0
        second_cosines = np.full(len(rows), np.nan, dtype=np.float32)
        decoded = self.code[1](records["second_values"].astype(np.float32) * records["second_scale"][:, None])
        second_cosines[there] = decoded[there] @ second
        return self.cosines(rows, vector), second_cosines


def codes(index: Index) -> dict[str, tuple[int, Code, Code]]:
    """Return the codes by name, each with the bytes per vector, for the first and the second vectors."""
    stored = [item for info in index.documents for item in index.records.passages_of_document(info.number)]
    rows = np.array([row for item in stored for row in item.sentence_rows], dtype=np.int64)
    records = index._sentences._gather(rows)
    pairs = [records["values"].astype(np.float32) * records["scale"][:, None]]
    if "second_values" in (records.dtype.names or ()):
        pairs.append(records["second_values"].astype(np.float32) * records["second_scale"][:, None])
    found: dict[str, tuple[int, Code, Code]] = {"4 bits": (192, four_bits, four_bits), "1 bit": (48, one_bit, one_bit)}
    for size in (96, 48):
        of_models = [product(vectors, size) for vectors in pairs]
        found[f"product, {size} bytes"] = (size, of_models[0], of_models[-1])
    return found


def rank(
    index: Index, encoder: Encoder, dataset: ranking_sets.RankingSet
) -> tuple[dict[str, list[str]], dict[str, Mapping[str, int]]]:
    """Return the ranking of each question and the grades."""
    library = Library(index.folder, encoder)
    rankings: dict[str, list[str]] = {}
    grades: dict[str, Mapping[str, int]] = {}
    for question, truth in ranking_sets.judged_questions(dataset, index):
        grades[question.id] = truth.grades
        rankings[question.id] = rank_question(library, question, question.grades is not None)
    return rankings, grades


def rescore(coarse: Mapping[str, Sequence[str]], exact: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return coarse rankings whose first passages are in the order of the exact ones."""
    result = {}
    for key, ranking in coarse.items():
        order = {name: place for place, name in enumerate(exact[key])}
        first = sorted(ranking[:RESCORED], key=lambda name: order.get(name, len(order)))
        result[key] = [*first, *ranking[RESCORED:]]
    return result


def compare_codes(dataset: ranking_sets.RankingSet, index: Index, encoder: Encoder, table: Table) -> None:
    """Add the rows of a set."""
    exact, grades = rank(index, encoder, dataset)

    def quality(rankings: Mapping[str, Sequence[str]]) -> float:
        values = per_question(("nDCG@10",), grades, {key: list(some) for key, some in rankings.items()})
        return float(np.mean(list(values["nDCG@10"].values())))

    reference = quality(exact)
    table.add_row(dataset.name, "int8 (stored)", "388", f"{reference:.3f}", "", "")
    for name, (size, first, second) in codes(index).items():
        coded = type("Coded", (CodedSentences,), {"code": (staticmethod(first), staticmethod(second))})
        with patch("index.ranking.search.SentenceVectors", coded):
            coarse, _ = rank(index, encoder, dataset)
        values = (quality(coarse) - reference, quality(rescore(coarse, exact)) - reference)
        table.add_row("", name, f"{size}", "", *(f"{value:+.3f}" for value in values))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.indexing.storage", description="Bytes of an index."
    )
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--codes", action="store_true", help="compare smaller codes of the sentence vectors")
    options = parser.parse_args(arguments)
    chosen = ranking_sets.choose_sets(options.sets)
    if not chosen:
        print(f"skipped: no data in {DATA} (set YEARBOOK_QA_DATA)")
        return 0
    encoder = KeptVectors(load(), ranking_sets.CACHE)
    sizes = Table("set", "passages", *KINDS, "other", "together", "GB of 10 million", box=None, pad_edge=False)
    quality = Table("set", "code", "bytes", "nDCG@10", "loss", "rescored", box=None, pad_edge=False)
    for dataset in chosen:
        index = ranking_sets.open_index(dataset, encoder)
        of_kinds = bytes_per_passage(index)
        together = sum(of_kinds.values())
        figures = [f"{size:,.0f}" for size in (*of_kinds.values(), together)]
        sizes.add_row(dataset.name, f"{index.manifest.passages:,}", *figures, f"{together / 100:.0f}")
        if options.codes:
            compare_codes(dataset, index, encoder, quality)
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print("bytes per passage", sizes)
    if options.codes:
        console.print(f"nDCG@10 with smaller codes; rescored: the first {RESCORED} in the order of int8", quality)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
