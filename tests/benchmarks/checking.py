"""How well a draft's quotations are checked, on generated drafts. The figures of the README.

    python -m tests.benchmarks.checking [--index DIR] [--drafts 150]

Quotations of the seeds are verbatim (also under other marks, in block quotes, with ellipses and brackets) or differ in
typography; a word, digit, sign, unit or negation is changed or words are left out silently; they are credited to
another document; or they are invented, too short, translated, or of an edition that the library does not have.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
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
from tests.factories.drafts import STATES, Expected, Source, draft
from tests.paths import DATA


@dataclass(frozen=True, slots=True)
class Result:
    """A generated quotation, and its state in the check (None: not recognised as a quotation)."""

    expected: Expected
    state: str | None

    @property
    def is_right(self) -> bool:
        return self.state == self.expected.state


def sources(index: Index) -> Iterator[Source]:
    """Yield the documents with their sentences."""
    editions = {(document.series, document.edition) for document in index.documents}
    for document in index.documents:
        absent = next(year for year in range(2001, 2100) if (document.series, year) not in editions)
        texts = locate_sentences(index.records.passages_of_document(document.number))
        yield Source(document.title, tuple(item.text for item in texts), f"{document.series} {absent}")


def results(library: Library, seeds: Sequence[int]) -> list[Result]:
    """Generated drafts, checked."""
    documents = list(sources(library.index))
    result: list[Result] = []
    for seed in seeds:
        made = draft(documents, seed)
        states = {
            " ".join(checked.quotation.text.removeprefix(">").split()): checked.match.state
            for checked in check_draft(library, from_text(made.text)).quotations
        }
        result += [Result(expected, states.get(" ".join(expected.quotation.split()))) for expected in made.expected]
    return result


def precision_and_recall(found: Sequence[Result], state: str) -> tuple[float, float]:
    """Return precision and recall of a state."""
    right = sum(item.state == item.expected.state == state for item in found)
    told, made = sum(item.state == state for item in found), sum(item.expected.state == state for item in found)
    return right / told if told else 0.0, right / made if made else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.checking", description="Check generated drafts.")
    parser.add_argument("--index", type=Path, help="an index of the seeds, else one is made")
    parser.add_argument("--drafts", type=int, default=150, help="drafts of 24 quotations, 4 of each state")
    parser.add_argument("--verbose", action="store_true", help="name what was told wrong")
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
    console = Console(width=110)
    table = Table("made", "quotations", "as it should be", "said instead", box=None)
    for made in dict.fromkeys(checked.expected.made for checked in result):
        mine = [checked for checked in result if checked.expected.made == made]
        wrong = Counter(str(checked.state) for checked in mine if not checked.is_right)
        said = ", ".join(f"{count} {state}" for state, count in wrong.items())
        table.add_row(made, str(len(mine)), f"{1 - wrong.total() / len(mine):.3f}", said)
    console.print(table)
    table = Table("state", "quotations", "precision", "recall", box=None)
    for state in STATES:
        precision, recall = precision_and_recall(result, state)
        count = sum(checked.expected.state == state for checked in result)
        table.add_row(state, str(count), f"{precision:.3f}", f"{recall:.3f}")
    console.print(table)
    for checked in result if options.verbose else ():
        if not checked.is_right:
            console.print(f"{checked.expected.made}: {checked.state}: {checked.expected.quotation}", markup=False)
    console.print(f"{1000 * seconds / len(result):.0f} ms a quotation")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
