"""Measures outline inference on judged documents and random numbering schemes, and its time on a long text.

python -m tests.benchmarks.reading.outline [NUMBER OF RANDOM PUBLICATIONS]
"""

from __future__ import annotations

import json
import sys
import time
from bisect import bisect_right
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from corpus.records import HEADED_KINDS, Section
from corpus.structure.notes import find_note_references
from corpus.structure.outline import infer_outline
from tests.factories import numbering_schemes
from tests.paths import DATA

SETTINGS: tuple[tuple[str, float, bool], ...] = (
    ("plain", 0.0, False),
    ("leaves without text", 0.0, True),
    ("decoys .1", 0.1, False),
    ("decoys .1, leaves without text", 0.1, True),
)


def line_numbers(text: str, outline: tuple[Section, ...]) -> list[int]:
    """Return the line number (from 1) of each item."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [bisect_right(starts, item.start) for item in outline]


def judged(data: Path) -> Table:
    """Compare judged documents: headings with the right kind, parent, level and, for insets, last line."""
    table = Table("document", "headings", "right", "false", "notes", "captions", "front", "references")
    for truth in json.loads((data / "seeds-eval" / "outline.json").read_text(encoding="utf-8")):
        text = (data / "seeds" / truth["file"]).read_text(encoding="utf-8")
        outline = infer_outline(text)
        numbers = line_numbers(text, outline)
        result = {
            number: (item.kind, item.level, None if item.parent is None else numbers[item.parent], item.end)
            for number, item in zip(numbers, outline, strict=True)
        }
        right = 0
        for heading in truth["headings"]:
            kind, level, parent, end = result.get(heading["line"], (None, None, None, 0))
            last = text.count("\n", 0, end) + 1
            right += (kind, level, parent) == (heading["kind"], heading["level"], heading["parent"]) and (
                kind != "inset" or last == heading["last_line"]
            )
        lines = {heading["line"] for heading in truth["headings"]}
        false = sum(kind in HEADED_KINDS and number not in lines for number, (kind, *_) in result.items())
        cells = []
        for kinds, key in (({"notes", "glossary"}, "note_lines"), ({"caption"}, "caption_lines"), ({"front"}, None)):
            have = {number for number, (kind, *_) in result.items() if kind in kinds}
            want = set(truth[key or "front_matter_lines"])
            cells.append(f"{len(have & want)}/{len(want)}, {len(have - want)} false")
        marks = find_note_references(text, outline)
        borne = f"{sum(map(bool, marks.values()))}/{len(marks)}"
        table.add_row(truth["id"], str(len(lines)), str(right), str(false), *cells, borne)
    return table


def random_schemes(number: int) -> Table:
    """Compare random publications: headings with the right parent; ambiguous ones are counted separately."""
    table = Table("random schemes", "headings", "right parent", "false", "ambiguous", "of these right", "seconds")
    for name, decoys, bare_leaves in SETTINGS:
        asked = right = false = ambiguous = lucky = 0
        seconds = 0.0
        for seed in range(number):
            random = Random(seed)  # noqa: S311 - reproducible, not secret
            printed = numbering_schemes.publication(random, decoys=decoys, bare_leaves=bare_leaves)
            begun = time.perf_counter()
            outline = infer_outline(printed.text)
            seconds += time.perf_counter() - begun
            numbers = line_numbers(printed.text, outline)
            parents = {
                line: None if item.parent is None else numbers[item.parent]
                for line, item in zip(numbers, outline, strict=True)
                if item.kind in HEADED_KINDS
            }
            for heading in printed.headings:
                hit = parents.get(heading.line + 1, -1) == (None if heading.parent is None else heading.parent + 1)
                if heading.line in printed.ambiguous:
                    ambiguous, lucky = ambiguous + 1, lucky + hit
                else:
                    asked, right = asked + 1, right + hit
            false += len(parents.keys() - {heading.line + 1 for heading in printed.headings})
        table.add_row(
            name, str(asked), f"{right / asked:.4f}", str(false), str(ambiguous), str(lucky), f"{seconds:.1f}"
        )
    return table


def long_text(lines: int) -> Table:
    """Measure the time for a long text that concatenates many numbering schemes."""
    parts: list[str] = []
    count = seed = 0
    while count < lines:
        parts.append(numbering_schemes.publication(Random(seed), decoys=0.1).text)  # noqa: S311 - reproducible, not secret
        count += parts[-1].count("\n") + 1
        seed += 1
    begun = time.perf_counter()
    outline = infer_outline("\n".join(parts))
    table = Table("long text: lines", "items", "seconds")
    table.add_row(str(count), str(len(outline)), f"{time.perf_counter() - begun:.1f}")
    return table


def main() -> None:
    """Print the tables."""
    console = Console()
    if (DATA / "seeds-eval").is_dir():
        console.print(judged(DATA))
    else:
        console.print(f"no judged documents in {DATA}: set YEARBOOK_QA_DATA")
    console.print(random_schemes(int(sys.argv[1]) if len(sys.argv) > 1 else 300))
    console.print(long_text(50_000))


if __name__ == "__main__":
    main()
