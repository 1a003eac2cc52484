"""Prints how fast and how well this program and other libraries read the same PDF, DOCX and HTML files.

    python -m tests.benchmarks.reading.reading_peers [--rounds 3] [--environment DIR]

Installs pdfplumber, PyMuPDF4LLM, MarkItDown and trafilatura in an environment of their own (350 MB). The tools run in
turn, each in one process; a file's time is the least processor time of the rounds, without imports and a first file, so
that other programs disturb it little. Only files that all tools read count. Text recall and the F1 of headings, of the
files with a reference, are those of `tests.benchmarks.reading.formats`; headings of others are the `#` lines of their
Markdown.
docling is left out: it needs PyTorch and models from a hub.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from rich.console import Console
from rich.table import Table

from corpus.chunking.passages import Lengths
from corpus.errors import UnreadableFile
from corpus.ingest import plan
from corpus.readers import docx
from corpus.readers.base import FileContent
from corpus.readers.html import reader as html
from corpus.readers.pdf import reader as pdf
from corpus.structure.outline import outline_from_marks
from index.building.build import build
from index.building.prepare import prepare, prepare_batches
from index.models.encoder import load
from index.models.model_store import DEFAULT_MODEL
from tests.benchmarks.reading.formats import Score, compare, headings_of, reference_of
from tests.factories.encoders import word_counts
from tests.paths import DATA, ROOT

PACKAGES = ("pdfplumber", "pymupdf", "pymupdf4llm", "markitdown[docx]", "trafilatura", "lxml-html-clean")
OWN = "this program"
PEERS = {
    ("pdf", "pdfplumber"): """
import pdfplumber
def read(path):
    with pdfplumber.open(path) as file:
        return "\\n".join(page.extract_text() for page in file.pages)
""",
    ("pdf", "PyMuPDF4LLM, layout model"): """
import pymupdf4llm
def read(path):
    return pymupdf4llm.to_markdown(path, use_ocr=False)
""",
    ("pdf", "PyMuPDF4LLM, rules"): """
import pymupdf4llm
pymupdf4llm.use_layout(False)
def read(path):
    return pymupdf4llm.to_markdown(path)
""",
    ("docx", "MarkItDown"): """
from markitdown import MarkItDown
def read(path, converter=MarkItDown()):
    return converter.convert(path).markdown
""",
    ("html", "MarkItDown"): """
from markitdown import MarkItDown
def read(path, converter=MarkItDown()):
    return converter.convert(path).markdown
""",
    ("html", "trafilatura"): """
import trafilatura
def read(path):
    with open(path, "rb") as file:
        return trafilatura.extract(file.read(), output_format="markdown", include_tables=True, favor_recall=True) or ""
""",
}
"""Code that defines `read`, which returns Markdown or text, by format and name of the tool."""
_LOOP = """
import contextlib, json, sys, time
for path in sys.argv[1:2] + sys.argv[1:]:
    begin = time.process_time()
    try:
        with contextlib.redirect_stdout(sys.stderr):
            text = read(path)
    except Exception:
        text = None
    print(json.dumps({"seconds": time.process_time() - begin, "text": text}))
"""
_READERS: dict[str, Callable[[bytes], FileContent]] = {"pdf": pdf.read, "docx": docx.read, "html": html.read}


@dataclass
class Measured:
    """The least seconds for each file, its text and its headings; files that the tool cannot read are missing."""

    seconds: dict[Path, float] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)
    headings: dict[Path, list[tuple[str, int]]] = field(default_factory=dict)

    def add(self, file: Path, seconds: float, text: str, headings: list[tuple[str, int]]) -> None:
        self.seconds[file] = min(seconds, self.seconds.get(file, seconds))
        self.texts[file], self.headings[file] = text, headings


def read_own(kind: str, files: Sequence[Path], measured: Measured) -> None:
    """Read files as the program does, with their outline, in this process."""
    for file in (files[0], *files):
        begin = time.process_time()
        try:
            reading = _READERS[kind](file.read_bytes())
        except UnreadableFile:
            continue
        outline = outline_from_marks(reading.text, reading.marks or ())
        measured.add(file, time.process_time() - begin, reading.text, headings_of(outline))


def read_peer(python: Path, code: str, files: Sequence[Path], measured: Measured) -> None:
    """Read files in a process of the environment of the others."""
    command = [str(python), "-c", code + _LOOP, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    replies = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"seconds"')]
    for file, reply in zip((files[0], *files), replies, strict=True):
        if reply["text"] is not None:
            measured.add(file, reply["seconds"], reply["text"], reference_of(reply["text"]).headings)


def make_environment(folder: Path) -> Path:
    """Return the Python of the environment of the others, made if it does not exist."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return python


def reading_share(files: Sequence[Path], seconds: float) -> float:
    """Return the share of the processor time of building an index that reading the files takes, which is known."""
    encoder = load(DEFAULT_MODEL)
    encoder.encode(["a text, so that the model is loaded"])
    with tempfile.TemporaryDirectory() as temporary:
        begin = time.process_time()
        build(Path(temporary), plan(files), encoder)  # reads in a child process
        return seconds / (seconds + time.process_time() - begin)


def parallel_gain(files: Sequence[Path]) -> float:
    """Return how many times as fast a build reads and cuts files as if it did one after the other."""
    sources = plan(files).sources
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(4):
        for parallel, taken in seconds.items():
            begin = time.perf_counter()
            if parallel:
                deque(prepare_batches(sources, word_counts, Lengths()), maxlen=0)
            else:
                deque((prepare(source, word_counts, Lengths()) for source in sources), maxlen=0)
            taken.append(time.perf_counter() - begin)
    return min(seconds[False]) / min(seconds[True])  # the first round starts the processes


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reading.reading_peers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--environment", type=Path, default=ROOT / "build" / "reading-peers")
    options = parser.parse_args(arguments)
    folder = DATA / "datasets" / "documents"
    rows = [line.split("\t") for line in (folder / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    python = make_environment(options.environment)
    table = Table("format", "tool", "files", "pages/s", "kB/s", "time", "text recall", "heading F1", box=None)
    for kind in _READERS:
        files = [folder / file for file, of_kind, *_ in rows if of_kind == kind]
        truths = {folder / file: folder / truth for file, of_kind, _, _, truth in rows if of_kind == kind and truth}
        tools = {OWN: Measured()} | {name: Measured() for of_kind, name in PEERS if of_kind == kind}
        for _ in range(options.rounds):
            for name, measured in tools.items():
                if name == OWN:
                    read_own(kind, files, measured)
                else:
                    read_peer(python, PEERS[kind, name], files, measured)
        common = [file for file in files if all(file in measured.seconds for measured in tools.values())]
        pages = sum(len(pypdfium2.PdfDocument(file)) for file in common) if kind == "pdf" else 0
        own = sum(tools[OWN].seconds[file] for file in common)
        for name, measured in tools.items():
            score = Score()
            for file in truths.keys() & common:
                reference = reference_of(truths[file].read_text(encoding="utf-8"))
                score.add(compare(measured.texts[file], measured.headings[file], reference))
            seconds = sum(measured.seconds[file] for file in common)
            table.add_row(
                kind, name, str(len(common)), f"{pages / seconds:.1f}" if pages else "",
                f"{sum(len(measured.texts[file]) for file in common) / seconds / 1000:,.0f}",
                f"{seconds / own:.2f}", f"{score.recall:.3f}", f"{score.f1:.3f}",
            )  # fmt: skip
        if kind == "pdf":
            table.caption = (
                f"reading is {reading_share(common, own):.0%} of the processor time of indexing the PDF files; "
                f"a build reads them {parallel_gain(common):.2f} times as fast as one after the other"
            )
    Console(width=None if sys.stdout.isatty() else 130).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
