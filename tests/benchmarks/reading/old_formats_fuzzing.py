"""Reads mutated DOC, RTF, XLS and PPT files and prints a row per format: cases, read, rejected, crashes, findings.

    python -m tests.benchmarks.reading.old_formats_fuzzing [--cases 2000] [--seed 1] [--formats doc rtf xls ppt]

Starting LibreOffice takes seconds, so one process converts many files. The reader then runs on each file as usual, but
with these conversions. A file with which LibreOffice crashes or takes too long is converted alone and must be rejected.
A finding is an exception other than UnreadableFile, a wrong span, or a character lost or duplicated; its file is saved
in build/fuzzing/.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from corpus import limits
from corpus.errors import UnreadableFile
from corpus.readers import old_formats
from tests.benchmarks.reading.fuzzing import FINDINGS
from tests.factories.file_mutations import mutate
from tests.factories.outlined_texts import SMALL
from tests.factories.rendered.formats import RENDERERS
from tests.invariants import check_conservation, check_spans, document

SOURCES = {
    "doc": (".docx", "MS Word 2007 XML"),
    "rtf": (".docx", "MS Word 2007 XML"),
    "xls": (".xlsx", "MS Excel 2007 XML"),
    "ppt": (".odp", "impress8"),
}
"""The format of which LibreOffice makes the file to mutate, and its import filter, by suffix."""
BATCH = 50
BATCH_SECONDS, CASE_SECONDS = 45, 20
"""Limits of time of a process; a batch that takes longer continues after its last conversion."""

_Request = tuple[bytes, str]
"""The bytes of a file, and an import filter."""


class _NotConverted(Exception):
    """A conversion that the reader asks for is still to be made."""


class Conversions:
    """Conversions of files of one format, made in batches; `convert` stands in for that of `old_formats`."""

    def __init__(self) -> None:
        self._done: dict[_Request, bytes | None] = {}
        self._wanted: dict[_Request, tuple[str, str]] = {}
        self.crashes = 0

    def convert(self, data: bytes, source: str, target: str, import_filter: str) -> bytes | None:
        try:
            return self._done[data, import_filter]
        except KeyError:
            self._wanted[data, import_filter] = source, target
            raise _NotConverted from None

    def make_wanted(self) -> None:
        """Make all conversions that were asked for."""
        groups: dict[tuple[str, str, str], list[_Request]] = {}
        for request, (source, target) in self._wanted.items():
            groups.setdefault((source, target, request[1]), []).append(request)
        for (source, target, _), requests in groups.items():
            for start in range(0, len(requests), BATCH):
                self._make(requests[start : start + BATCH], source, target)
        self._wanted.clear()

    def _make(self, requests: Sequence[_Request], source: str, target: str) -> None:
        """Convert files in one process. If it crashes or hangs, find the file by converting the next ones alone."""
        while requests:
            crashed = self._convert(requests, source, target, BATCH_SECONDS)
            last = max((at for at, request in enumerate(requests) if self._done[request] is not None), default=-1)
            requests = requests[last + 1 :] if crashed else []
            while crashed and requests:
                crashed = not self._convert(requests[:1], source, target, CASE_SECONDS)
                self.crashes += not crashed
                requests = requests[1:]

    def _convert(self, requests: Sequence[_Request], source: str, target: str, seconds: int) -> bool:
        """Convert files in one process, and return whether it crashed or took too long."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
            files = [Path(temporary) / f"{number}.{source}" for number in range(len(requests))]
            for file, (data, _) in zip(files, requests, strict=True):
                file.write_bytes(data)
            os.environ[limits.CONVERSION_SECONDS.variable] = str(seconds)
            try:
                crashed = old_formats.convert_files(files, target, requests[0][1]) != 0
            except UnreadableFile:
                crashed = True
            for file, request in zip(files, requests, strict=True):
                converted = file.with_suffix(f".{target}")
                self._done[request] = converted.read_bytes() if converted.is_file() else None
            return crashed


def seed_file(suffix: str) -> bytes:
    source, import_filter = SOURCES[suffix]
    converted = old_formats.convert(RENDERERS[source](SMALL), source[1:], suffix, import_filter)
    assert converted is not None, f"LibreOffice cannot write {suffix}"
    return converted


def read_case(path: Path, data: bytes) -> str:
    """Return "read" or "rejected", or the traceback of a finding. Raises _NotConverted."""
    try:
        one = document(path, data)
        check_conservation(one)
        check_spans(one)
    except UnreadableFile:
        return "rejected"
    except _NotConverted:
        raise
    except Exception:  # noqa: BLE001 - every other exception is a finding
        return traceback.format_exc()
    return "read"


def run(suffix: str, cases: int, seed: int) -> Counter[str]:
    """Return the number of cases by outcome, and of crashes."""
    original = seed_file(suffix)
    conversions, counts = Conversions(), Counter[str]()
    path = Path(f"case.{suffix}")
    pending: dict[int, bytes] = {}
    for number in range(cases):
        draw = random.Random(f"{seed}/{suffix}/{number}")  # noqa: S311 - the same damage every time
        data = original
        for _ in range(draw.choice((1, 1, 2, 3))):
            data = mutate(f".{suffix}", data, [original], draw)
        pending[number] = data
    with patch.object(old_formats, "convert", conversions.convert):
        while pending:
            for number, data in list(pending.items()):
                try:
                    outcome = read_case(path, data)
                except _NotConverted:
                    continue
                del pending[number]
                if outcome not in ("read", "rejected"):
                    FINDINGS.mkdir(parents=True, exist_ok=True)
                    (FINDINGS / f"{suffix}-seed{seed}-case{number}.{suffix}").write_bytes(data)
                    print(f"{suffix} case {number}: {outcome}", flush=True)
                    outcome = "findings"
                counts[outcome] += 1
            conversions.make_wanted()
    counts["crashes"] = conversions.crashes
    return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reading.old_formats_fuzzing", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formats", nargs="+", default=list(SOURCES), choices=list(SOURCES))
    options = parser.parse_args(arguments)
    columns = ("read", "rejected", "crashes", "findings")
    print(f"{'format':<8}{'cases':>8}" + "".join(f"{name:>10}" for name in columns) + f"{'s':>8}")
    found = 0
    for suffix in options.formats:
        begin = time.monotonic()
        counts = run(suffix, options.cases, options.seed)
        found += counts["findings"]
        figures = "".join(f"{counts[name]:>10,}" for name in columns)
        print(f"{suffix:<8}{options.cases:>8,}{figures}{time.monotonic() - begin:>8.0f}", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
