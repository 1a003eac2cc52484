"""Counts the sentence ends that are found in texts with one sentence per line.

    python -m tests.benchmarks.reading.sentence_ends [FOLDER]

Each file of the folder is one paragraph; its name is the language. Lines are joined with a space, or without one in
Japanese. An end is right if its offset is exact; the end of the paragraph is not counted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.chunking.sentences import split_sentences
from tests.paths import TESTS

SENTENCES = TESTS / "data" / "sentences"


def paragraph(file: Path) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of a file as one paragraph, and the spans of its sentences."""
    lines = file.read_text(encoding="utf-8").splitlines()
    gap = "" if file.stem == "ja" else " "
    spans: list[tuple[int, int]] = []
    start = 0
    for line in lines:
        spans.append((start, start + len(line)))
        start += len(line) + len(gap)
    return gap.join(lines), spans


Splitter = Callable[[str, int, int], Sequence[tuple[int, int]]]


def compare(file: Path, split: Splitter = split_sentences) -> tuple[int, list[str], list[str]]:
    """Return the number of sentence ends within a file's paragraph, and the surroundings of missed and false ends."""
    text, spans = paragraph(file)
    right = {end for _, end in spans[:-1]}
    result = {end for _, end in split(text, 0, len(text))} - {len(text)}

    def surroundings(ends: set[int]) -> list[str]:
        return [f"{text[max(0, end - 25) : end]}|{text[end : end + 15]}" for end in sorted(ends)]

    return len(right), surroundings(right - result), surroundings(result - right)


def main() -> int:
    """Print a row per language, and each missed and false end."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reading.sentence_ends")
    parser.add_argument("folder", nargs="?", type=Path, default=SENTENCES)
    for file in sorted(parser.parse_args().folder.glob("*.txt")):
        count, missed, false = compare(file)
        accuracy = (count - len(missed)) / (count + len(false))
        print(f"{file.stem}: {count} ends, {len(missed)} missed, {len(false)} false, {accuracy:.3f} right")
        for kind, examples in (("missed", missed), ("false", false)):
            for example in examples:
                print(f"  {kind}: {example}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
