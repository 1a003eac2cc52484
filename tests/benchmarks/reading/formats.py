"""Prints how well each format is read, compared with references in Markdown: a row per file, totals per format.

    python -m tests.benchmarks.reading.formats [DATA]

Heading F1 is micro-averaged over the files of a format; headings are compared by their words, without leading and
trailing numbers, which the references drop. `level` counts headings of the right depth. Text recall is the share of the
references' 5-grams of words within a line (of a shorter line, all its words) that occur in the text. A merged cell
counts once, as it is shown, although the references repeat it; struck text and descriptions of pictures, which a reader
of the page does not see, do not count.
"""

from __future__ import annotations

import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.readers.registry import reader_for
from corpus.records import HEADED_KINDS, Section
from corpus.structure.outline import infer_outline, outline_from_marks
from tests.paths import DATA

RUN = 5
MAX_SECONDS = 60.0
TARGETS = {"html": (0.90, 0.95), "docx": (0.90, 0.95), "md": (0.90, 0.95), "pdf": (0.70, 0.90)}
SET_ASIDE: dict[str, str] = {}
"""Files left out of the second totals, with the reason; at most four."""

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_RULE_ROW = re.compile(r"[\s|:-]+$")


@dataclass
class Reference:
    """The headings of a reference with their depth, and its lines as words."""

    headings: list[tuple[str, int]]
    lines: list[list[str]]


@dataclass
class Score:
    """Counts that are summed over files."""

    files: int = 0
    found: int = 0
    said: int = 0
    right: int = 0
    level: int = 0
    runs: int = 0
    runs_found: int = 0
    seconds: float = 0.0
    unread: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.said) if self.found + self.said else 1.0

    @property
    def recall(self) -> float:
        return self.runs_found / self.runs if self.runs else 1.0

    def add(self, other: Score) -> None:
        for name in ("files", "found", "said", "right", "level", "runs", "runs_found", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def words(text: str) -> list[str]:
    """Return normalized words without Markdown syntax."""
    text = re.sub(r"<!--.*?-->", " ", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>]*>", " ", unescape(text)).replace("\\", "").replace("_", " ")
    # Split letters from digits: the references write "H 2 O" for H2O.
    return re.findall(r"\d+|[^\W\d]+", unicodedata.normalize("NFKC", text).lower())


def heading_key(text: str) -> str:
    """Return the words of a heading without leading and trailing numbers."""
    result = words(text)
    while len(result) > 1 and re.fullmatch(r"[\d.]+|[ivx]+", result[0]):
        del result[0]
    while len(result) > 1 and result[-1].isdecimal():
        del result[-1]
    return " ".join(result)


def reference_of(markdown: str) -> Reference:
    headings: list[tuple[str, int]] = []
    lines: list[list[str]] = []
    fenced = False
    above: list[str] = []
    for line in re.sub(r"<!--.*?-->|~~.*?~~|!\[[^\]]*\]\([^)]*\)", "", markdown, flags=re.DOTALL).split("\n"):
        cells = line.split("|") if line.startswith("|") else []
        line = "|".join(_shown_once(cells, above)) if cells else line
        above = cells if cells and not _RULE_ROW.match(line) else above if cells else []
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and (match := _HEADING.match(line)):
            headings.append((heading_key(match[2]), len(match[1])))
            lines.append(words(match[2]))
        elif not _RULE_ROW.match(line):
            lines.append(words(line))
    return Reference(headings, [line for line in lines if line])


def _shown_once(cells: list[str], above: list[str]) -> list[str]:
    """Return the cells of a row without those that repeat the cell before them or, as a first cell, that above."""
    kept = [cell for number, cell in enumerate(cells) if not cell.strip() or cell != cells[number - 1]]
    repeats_label = len(cells) == len(above) > 3 and cells[1].strip() and cells[1] == above[1]
    return kept[:1] + kept[2:] if repeats_label else kept


def ranks(headings: list[tuple[str, int]]) -> list[tuple[str, int]]:
    highest = min((level for _, level in headings), default=0)
    return [(text, level - highest) for text, level in headings]


def score(path: Path, reference: Reference | None) -> Score:
    """Raises UnreadableFile."""
    reader = reader_for(path)
    if reader is None:
        raise UnreadableFile("no reader for it")
    begin = time.perf_counter()
    reading = reader(path.read_bytes())
    outline = infer_outline(reading.text) if reading.marks is None else outline_from_marks(reading.text, reading.marks)
    seconds = time.perf_counter() - begin
    if reference is None:
        return Score(files=1, seconds=seconds)
    result = compare(reading.text, headings_of(outline), reference)
    result.seconds = seconds
    return result


def headings_of(outline: Sequence[Section]) -> list[tuple[str, int]]:
    """Return the headings of an outline with their depth."""
    depths: list[int] = []
    for item in outline:
        depths.append(0 if item.parent is None else depths[item.parent] + 1)
    return [
        (heading_key(heading.text), depth)
        for heading, depth in zip(outline, depths, strict=True)
        if heading.kind in HEADED_KINDS
    ]


def compare(text: str, mine: list[tuple[str, int]], reference: Reference) -> Score:
    """Return the score of a text with these headings."""
    result = Score(files=1)
    theirs = ranks(reference.headings)
    shared = Counter(heading for heading, _ in mine) & Counter(heading for heading, _ in theirs)
    result.found, result.said, result.right = len(mine), len(theirs), shared.total()
    result.level = (Counter(ranks(mine)) & Counter(theirs)).total()
    stream = words(text)
    known = {n: {tuple(stream[i : i + n]) for i in range(len(stream) - n + 1)} for n in range(1, RUN + 1)}
    for line in reference.lines:
        n = min(RUN, len(line))
        runs = [tuple(line[i : i + n]) for i in range(len(line) - n + 1)]
        result.runs += len(runs)
        result.runs_found += sum(run in known[n] for run in runs)
    return result


def main(folder: Path) -> int:
    rows = [line.split("\t") for line in (folder / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    totals: dict[str, Score] = {}
    kept: dict[str, Score] = {}
    crashed = slow = 0
    print(f"{'file':<62} {'s':>6} {'head F1':>8} {'level':>6} {'recall':>7}  headings read/reference")
    for file, kind, _, _, truth in rows:
        reference = reference_of((folder / truth).read_text(encoding="utf-8")) if truth else None
        total = totals.setdefault(kind, Score())
        begin = time.perf_counter()
        try:
            one = score(folder / file, reference)
        except UnreadableFile as error:
            print(f"{file[-62:]:<62} {time.perf_counter() - begin:>6.2f} not read: {error}")
            total.unread.append(file)
            if reference is not None:  # nothing of it was found
                runs = sum(max(1, len(line) - RUN + 1) for line in reference.lines)
                total.add(Score(said=len(reference.headings), runs=runs))
            continue
        except Exception as error:  # noqa: BLE001 - crashes are counted
            print(f"{file[-62:]:<62} CRASHED: {error!r}")
            crashed += 1
            continue
        slow += one.seconds > MAX_SECONDS
        total.add(one)
        if file not in SET_ASIDE:
            kept.setdefault(kind, Score()).add(one)
        measured = (
            f"{one.f1:>8.3f} {one.level:>6} {one.recall:>7.3f}  {one.found}/{one.said}" if reference else f"{'-':>8}"
        )
        print(f"{file[-62:]:<62} {one.seconds:>6.2f} {measured}")
    print()
    missed = 0
    for kind, total in totals.items():
        f1, recall = TARGETS[kind]
        levels = total.level / total.right if total.right else 1.0
        missed += total.f1 < f1 or total.recall < recall
        print(
            f"{kind:<5} {total.files:>3} read, {len(total.unread)} not; {total.seconds:6.1f} s; "
            f"heading F1 {total.f1:.3f} (target {f1:.2f}), right level {levels:.3f}; "
            f"text recall {total.recall:.3f} (target {recall:.2f})"
        )
        if SET_ASIDE and kind in kept:
            print(f"      without those set aside: heading F1 {kept[kind].f1:.3f}, text recall {kept[kind].recall:.3f}")
    for file, reason in SET_ASIDE.items():
        print(f"set aside: {file}: {reason}")
    print(f"{crashed} crashed, {slow} over {MAX_SECONDS:.0f} s")
    return 1 if crashed or slow or missed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else DATA) / "datasets" / "documents"))
