"""Compares what is read of generated yearbooks with their source: a row per format and producer.

    python -m tests.benchmarks.reading.fidelity [--languages en,de] [--scale 3] [--keep FOLDER] [--show] [PRODUCER ...]

Needs the programs `chromium` and `soffice` (Debian: libreoffice-writer, -calc, -impress) for the producers of these
names. Spreadsheets have the tables of a yearbook alone. Measured are:

- characters of words that are lost, and that are invented, as a share of the characters of the source (<= .001);
- table cells whose row in words has their row label and their header (>= .98);
- page labels (>= .99) of PDF files, compared with what is printed at the foot of the page;
- sentences that are the same (F1, >= .985), without table rows and captions;
- blocks in the order of the source: the longest increasing sequence (>= .99). Notes are left out: they move.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pypdfium2

from corpus.chunking.passages import chunk
from corpus.records import Document
from tests.factories.rendered import sheets as rendered_sheets
from tests.factories.rendered import slides as rendered_slides
from tests.factories.rendered import yearbooks as rendered_yearbooks
from tests.factories.yearbooks import WORDINGS, Yearbook, yearbook
from tests.invariants import document

FOOT = 60
"""Points at the bottom of a page in which only its label is printed."""
TARGETS = {"lost": 0.001, "invented": 0.001, "cells": 0.98, "labels": 0.99, "sentences": 0.985, "order": 0.99}

_NOTE_MARK = re.compile(
    r"^(?:\[\^?\d+\]:?|[⁰¹²³⁴-⁹]+|\d{1,2}(?=\s?\D))\s*|(?:\[\^?\d+\]|[⁰¹²³⁴-⁹]+|(?<=[.。])\d{1,2})$"
)
"""The number of a note before it, and after the sentence that refers to it, in the notation of any format."""
_CJK = "\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_CJK}]|\d+|[^\W\d_{_CJK}]+|[^\w\s]")
_LAYOUT = frozenset("|•-*#[]^◦·")
"""Signs of bullets, table cells and Markdown."""


@dataclass
class Fidelity:
    """Counts that are summed over files: (right or wrong, of all)."""

    counts: dict[str, tuple[float, float]] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def add(self, name: str, part: float, whole: float, examples: Iterable[str] = ()) -> None:
        before = self.counts.get(name, (0, 0))
        self.counts[name] = before[0] + part, before[1] + whole
        self.examples += [f"{name}: {example}" for example in examples]

    def merge(self, other: Fidelity) -> None:
        for name, counts in other.counts.items():
            self.add(name, *counts)
        self.examples += other.examples

    def share(self, name: str) -> float | None:
        part, whole = self.counts.get(name, (0, 0))
        return part / whole if whole else None

    def misses(self) -> list[str]:
        """Return the names of the measures that miss their target."""
        return [
            name
            for name, target in TARGETS.items()
            if (share := self.share(name)) is not None
            and (share > target if name in ("lost", "invented") else share < target)
        ]


def compare(book: Yearbook, read: Document, labels: Sequence[str] = ()) -> Fidelity:
    """Compare a document with its source, and its page labels with those printed."""
    result = Fidelity()
    _compare_words(book, read, result)
    _compare_cells(book, read, result)
    _compare_sentences(book, read, result)
    _compare_order(book, read, result)
    if labels:
        said = {span.page: span.label for span in read.pages}
        wrong = [
            f"page {page}: {said.get(page)} for {label}"
            for page, label in enumerate(labels, 1)
            if said.get(page) != label
        ]
        result.add("labels", len(labels) - len(wrong), len(labels), wrong)
    return result


def tokens(text: str) -> list[str]:
    """Return words, numbers, signs and Japanese characters, without those of the layout; raised digits as plain."""
    found = _TOKEN.findall(unicodedata.normalize("NFKC", text))
    return [token for token in found if token not in _LAYOUT]


def squeeze(text: str) -> str:
    """Return the text without white space, signs of the layout and the marks of notes."""
    return "".join(tokens(_NOTE_MARK.sub("", text.strip("-•* "))))


def source_texts(book: Yearbook) -> Iterator[str]:
    """Yield the text of each block and note, with the numbers of notes."""
    for number, block in book.noted():
        yield book.gap.join(block.sentences) + (f" {number}" if block.note else "")
        yield from (" ".join(row) for row in block.rows)
        if block.note:
            yield f"{number} {block.note}"


def _compare_words(book: Yearbook, read: Document, result: Fidelity) -> None:
    source = Counter(token for text in source_texts(book) for token in tokens(text))
    have = Counter(tokens(read.text))
    repeated = Counter(token for block in book.blocks if block.rows for cell in block.rows[0] for token in tokens(cell))
    pages = len({span.page for span in read.pages})
    extra = have - source
    for token in repeated:  # the header of a table is printed again on each of its pages
        extra[token] = max(0, extra[token] - pages * repeated[token])
    total = sum(len(token) * number for token, number in source.items())
    for name, difference in (("lost", source - have), ("invented", +extra)):
        wrong = sum(len(token) * number for token, number in difference.items())
        result.add(name, wrong, total, [f"{token} × {number}" for token, number in difference.items()])


def _compare_cells(book: Yearbook, read: Document, result: Fidelity) -> None:
    wordings: dict[str, str] = {}
    for passage in chunk(read).passages:
        for sentence in passage.sentences:
            if sentence.wording:
                wordings["".join(tokens(sentence.wording.partition(",")[0]))] = sentence.wording
    for block in book.blocks:
        for row in block.rows[1:]:
            wording = wordings.get("".join(tokens(row[0])), "")
            wanted = [f"{header}: {cell}" for header, cell in zip(block.rows[0][1:], row[1:], strict=True)]
            missing = [cell for cell in wanted if not re.search(re.escape(cell) + r"(?!\d)", wording)]
            result.add("cells", len(wanted) - len(missing), len(wanted), [f"{row[0]}: {wording!r}"] if missing else [])


def _compare_sentences(book: Yearbook, read: Document, result: Fidelity) -> None:
    source = Counter(
        squeeze(sentence)
        for block in book.blocks
        if block.kind in ("paragraph", "list")
        for sentence in (*block.sentences, *([block.note] if block.note else ()))
    )
    have: Counter[str] = Counter()
    seen: set[tuple[int, int]] = set()
    for passage in chunk(read).passages:
        for sentence in passage.sentences:
            if (
                passage.kind not in ("table", "caption", "front")
                and not sentence.wording
                and (span := (sentence.start, sentence.end)) not in seen
            ):
                seen.add(span)
                have[squeeze(read.text[slice(*span)])] += 1
    headings = Counter(squeeze(block.sentences[0]) for block in book.blocks if block.kind in ("heading", "table"))
    have -= headings + Counter([""])  # a heading that is not recognized is counted by other benchmarks
    right = (source & have).total()
    wrong = [f"- {text}" for text in source - have] + [f"+ {text}" for text in have - source]
    result.add("sentences", 2 * right, source.total() + have.total(), wrong)


def _compare_order(book: Yearbook, read: Document, result: Fidelity) -> None:
    stream = "".join(tokens(read.text))
    keys = [
        "".join(tokens(text))[:80]
        for block in book.blocks
        if block.kind != "heading"
        for text in ([" ".join(block.rows[1])] if block.rows else [block.sentences[0]])
    ]
    positions = [stream.find(key) for key in keys]
    longest: list[int] = []
    for position in positions:
        if position >= 0:
            at = bisect_left(longest, position)
            longest[at : at + 1] = [position]
    lost = [f"lost {key}" for key, position in zip(keys, positions, strict=True) if position < 0]
    result.add("order", len(longest), len(keys), lost or ([] if len(longest) == len(keys) else ["blocks out of order"]))


def printed_labels(data: bytes) -> list[str]:
    """Return what is printed at the foot of each page."""
    pages = pypdfium2.PdfDocument(data)
    texts = (page.get_textpage().get_text_bounded(top=FOOT) for page in pages)
    return ["".join(re.sub("[\x02\ufffe]", "-", text).split()) for text in texts]


def _chromium(source: bytes, folder: Path) -> bytes:
    page, printed = folder / "book.html", folder / "book.pdf"
    page.write_bytes(source)
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}"]
    command = [_program("chromium"), *options, f"--print-to-pdf={printed}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return printed.read_bytes()


@cache
def _office_profile() -> tempfile.TemporaryDirectory[str]:
    """Return the settings of LibreOffice, which takes most of its time to write them at its first start."""
    return tempfile.TemporaryDirectory()


def _office(source: bytes, folder: Path, before: str, after: str) -> bytes:
    """Convert a file by LibreOffice, which also renumbers notes and writes its own styles."""
    file, target = folder / f"book.{before}", folder / "converted"
    file.write_bytes(source)
    profile = f"-env:UserInstallation={Path(_office_profile().name).as_uri()}"
    command = [_program("soffice"), profile, "--headless", "--convert-to", after, "--outdir", str(target), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (target / f"book.{after}").read_bytes()


def _program(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise FileNotFoundError(f"{name} is not installed")
    return program


Render = Callable[[Yearbook], bytes]


def _whole(book: Yearbook) -> Yearbook:
    return book


@dataclass(frozen=True, slots=True)
class Producer:
    """Renders a yearbook, or a part of it, with a folder for its own files."""

    suffix: str
    render: Callable[[Yearbook, Path], bytes]
    part: Callable[[Yearbook], Yearbook] = _whole


def _in_process(suffix: str, render: Render, part: Callable[[Yearbook], Yearbook] = _whole) -> Producer:
    return Producer(f".{suffix}", lambda book, _: render(book), part)


def _by_office(before: str, after: str, render: Render) -> Producer:
    part = rendered_yearbooks.named_tables_of if before in _SHEETS else _whole
    return Producer(f".{after}", lambda book, folder: _office(render(book), folder, before, after), part)


_SLIDES: dict[str, Render] = {
    "pptx": lambda book: rendered_slides.pptx(rendered_yearbooks.slides(book), book.title),
    "odp": lambda book: rendered_slides.odp(rendered_yearbooks.slides(book), book.title),
}
_SHEETS: dict[str, Render] = {
    "xlsx": lambda book: rendered_sheets.xlsx(rendered_yearbooks.sheets(book), book.title),
    "ods": lambda book: rendered_sheets.ods(rendered_yearbooks.sheets(book)),
}
IN_PROCESS = {
    "text": _in_process("txt", rendered_yearbooks.text),
    "markdown": _in_process("md", rendered_yearbooks.markdown),
    "html": _in_process("html", rendered_yearbooks.html),
    "epub": _in_process("epub", rendered_yearbooks.epub),
    "python-docx": _in_process("docx", rendered_yearbooks.word),
    "reportlab": _in_process("pdf", rendered_yearbooks.pdf),
    **{name: _in_process(name, render) for name, render in _SLIDES.items()},
    **{name: _in_process(name, render, rendered_yearbooks.named_tables_of) for name, render in _SHEETS.items()},
    "csv": _in_process("csv", rendered_yearbooks.csv, rendered_yearbooks.tables_of),
}
PRODUCERS = IN_PROCESS | {
    "chromium": Producer(".pdf", lambda book, folder: _chromium(rendered_yearbooks.html(book), folder)),
    **{
        f"soffice-{after}": _by_office("docx", after, rendered_yearbooks.word)
        for after in ("pdf", "docx", "odt", "doc", "rtf")
    },
    **{f"soffice-{after}": _by_office("odp", after, _SLIDES["odp"]) for after in _SLIDES},
    **{f"soffice-{after}": _by_office("xlsx", after, _SHEETS["xlsx"]) for after in _SHEETS},
}


def measure(book: Yearbook, producer: str, keep: Path | None = None) -> Fidelity:
    """Render a yearbook, read it and compare."""
    made = PRODUCERS[producer]
    name = f"{producer}-{book.language}-{book.columns}{made.suffix}"
    with tempfile.TemporaryDirectory() as folder:
        data = made.render(book, Path(folder))
    if keep is not None:
        (keep / name).write_bytes(data)
    labels = printed_labels(data) if made.suffix == ".pdf" else ()
    result = compare(made.part(book), document(Path(name), data), labels)
    result.examples = [f"{name}: {example}" for example in result.examples]
    return result


def main() -> int:
    """Print a row per producer; return 1 if a measure misses its target."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reading.fidelity")
    parser.add_argument("producers", nargs="*", help="default: all")
    parser.add_argument("--languages", default=",".join(WORDINGS))
    parser.add_argument("--scale", type=int, default=3, help="length of the yearbooks")
    parser.add_argument("--keep", type=Path, help="folder for the files")
    parser.add_argument("--show", action="store_true", help="print what differs")
    arguments = parser.parse_args()
    print(f"{'producer':<14}" + "".join(f"{name:>11}" for name in TARGETS))
    missed = False
    for producer in arguments.producers or PRODUCERS:
        total = Fidelity()
        for seed, language in enumerate(arguments.languages.split(",")):
            for columns in (1, 2):
                total.merge(measure(yearbook(language, seed, columns, arguments.scale), producer, arguments.keep))
        shares = {name: total.share(name) for name in TARGETS}
        cells = ("-" if share is None else f"{share:.4f}" for share in shares.values())
        print(f"{producer:<14}" + "".join(f"{cell:>11}" for cell in cells), *total.misses(), flush=True)
        missed = missed or bool(total.misses())
        if arguments.show:
            print("\n".join(total.examples))
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
