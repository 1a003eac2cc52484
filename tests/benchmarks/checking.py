"""How well a draft's quotations are checked, on generated drafts. The figures of the README.

    python -m tests.benchmarks.checking [--index DIR] [--drafts 20]

Quotations of the seeds are verbatim, under other marks, in block quotes, with ellipses and brackets; or a word or a
figure is changed, words are left out silently, or all is invented. A fault is what is altered or not found.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from index.ranking.search import Index
from qa.answering.library import Library
from qa.checking.draft import from_text
from qa.checking.report import check_draft
from qa.editions.sections import locate_sentences
from tests.factories.drafts import Expected, draft
from tests.paths import DATA

_FAULTS = ("altered", "not found")


@dataclass(frozen=True, slots=True)
class Result:
    """A generated quotation, and its status in the check (None: not recognised as a quotation)."""

    expected: Expected
    status: str | None

    @property
    def is_fault(self) -> bool:
        return self.expected.status in _FAULTS

    @property
    def is_told(self) -> bool:
        return self.status in _FAULTS


def sentences(index: Index) -> list[str]:
    """The sentences of all documents."""
    return [
        item.text
        for document in index.documents
        for item in locate_sentences(index.records.passages_of_document(document.number))
    ]


def results(library: Library, seeds: Sequence[int]) -> list[Result]:
    """Generated drafts, checked."""
    texts = sentences(library.index)
    result: list[Result] = []
    for seed in seeds:
        made = draft(texts, seed)
        told = {
            " ".join(quotation.quotation.text.removeprefix(">").split()): quotation.match.status
            for quotation in check_draft(library, from_text(made.text)).quotations
        }
        result += [Result(checked, told.get(" ".join(checked.quotation.split()))) for checked in made.expected]
    return result


def precision_and_recall(found: Sequence[Result]) -> tuple[float, float]:
    """Return precision and recall of the reported faults."""
    right = sum(item.is_fault and item.is_told for item in found)
    told, made = sum(item.is_told for item in found), sum(item.is_fault for item in found)
    return right / told if told else 0.0, right / made if made else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.checking", description="Check generated drafts.")
    parser.add_argument("--index", type=Path, help="an index of the seeds, else one is made")
    parser.add_argument("--drafts", type=int, default=20)
    options = parser.parse_args(arguments)
    if not (DATA / "seeds").is_dir():
        print(f"skipped: no {DATA / 'seeds'} (set YEARBOOK_QA_DATA to the folder that holds it)")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.index or Path(temporary) / "index"
        encoder = load()
        if options.index is None:
            build(folder, plan([DATA / "seeds"]), encoder)
        begun = time.perf_counter()
        result = results(Library(folder, encoder), range(1, options.drafts + 1))
        seconds = time.perf_counter() - begun
    table = Table("made", "quotations", "as it should be", "said instead", box=None)
    for made in dict.fromkeys(checked.expected.made for checked in result):
        mine = [checked for checked in result if checked.expected.made == made]
        wrong = Counter(str(checked.status) for checked in mine if checked.status != checked.expected.status)
        said = ", ".join(f"{count} {status}" for status, count in wrong.items())
        table.add_row(made, str(len(mine)), f"{1 - wrong.total() / len(mine):.3f}", said)
    console = Console(width=110)
    console.print(table)
    precision, recall = precision_and_recall(result)
    console.print(f"faults: precision {precision:.3f}, recall {recall:.3f} over {len(result)} quotations")
    console.print(f"{1000 * seconds / len(result):.0f} ms a quotation")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
