"""Runs small inputs that are easy to read wrongly, and checks what each prints.

    python -m tests.benchmarks.cases [--only 03,05] [DATA]

A case is a folder `cases/NN-name` of the data with a script `cmd.sh`, which runs on a copy with the variables `YQ` (the
command), `IDX` (an index folder) and `PY` (the interpreter). The checks are regular expressions on the output, with
runs of white space replaced by one space.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.paths import DATA, ROOT

TIMEOUT = 300
"""Seconds for one case."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """Patterns that must occur in the output of a case, and patterns that must not."""

    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def failures(self, output: str) -> list[str]:
        """Return a description of each check that fails."""
        missing = [f"missing {pattern!r}" for pattern in self.present if not re.search(pattern, output)]
        return missing + [f"unexpected {pattern!r}" for pattern in self.absent if re.search(pattern, output)]


def answer(sentence_end: str) -> str:
    """Return a pattern for an answer sentence that ends like this and is followed by its citation."""
    return re.escape(sentence_end) + r" \[\d\]"


_CRASH = r"Traceback \(most recent call last\)"
_LETTER_LINES = r"(?:\b[A-Z] ){6}"

EXPECTATIONS = {
    "01": Expectation((r"rc=1", r"-1\.2 per cent (?:→|->) 1\.2 per cent"), (r"-1\.2 per cent[^.]*unchanged",)),
    "02": Expectation((r"rc=1",), (r"\bagrees\b",)),
    "03": Expectation(
        (
            answer("has a capacity of 12.5 MW and cost 3.4 Million crowns."),
            answer("was 1.5 °C above the average."),
            answer("zählte 41.000 Besucher im Berichtsjahr."),
        )
    ),
    "04": Expectation(
        (
            answer("paid Rs. 500 crore under Sch. 4 of the Act."),
            answer("gave approx. 40 lorries under item No. 5 of the list (Fig. 3)."),
            answer("The harbour of St. Olav got 5 Mio. Kronen from the fund."),
        )
    ),
    "05": Expectation((r"rows in the index: 204", r"\b[1-9]\d*$")),
    "07": Expectation((r"rc=0",)),
    "08": Expectation(absent=(_LETTER_LINES,)),
    "09": Expectation((r"rc=0",), (r"desali-", r"govern-ment")),
    "11": Expectation((r"p\. 10\b",)),
    "12": Expectation((r"p(?:\. 2|p\. 2[-–]3)\b", r"p(?:\. 5|p\. 4[-–]5)\b", r"p(?:\. 7|p\. 6[-–]7)\b")),
    "13": Expectation((r"Two lighthouses", r"The company repaid", r"rc=0")),
    "14": Expectation((r"Kühlhäuser|not read", r"Besucherinnen", r"Schülerinnen", r"Köln"), (r"Ã.",)),
    "16": Expectation((r"あらゆる透明な幽霊の複合体.*rc=0|not read",)),
    "17": Expectation((r"بلغت كمية الأسماك في الموانئ|not read",)),
    "18": Expectation((answer("Arvik | 4.35 | 3.05"), answer("District 090 | 1,630 | 2,990"))),
    "19": Expectation(
        (r"North Bay Orchards", r"South Hill Quarries", r"24 .{0,40}26 percent", r"23 .{0,40}28 percent")
    ),
    "20": Expectation(
        (r"PART I Item 1\. Business|PART I .{0,20}Item 1\. Business", r", PART I › Item 1A\. Risk Factors", r"PART II"),
        (r"abcd-10k_20211231\.htm",),
    ),
    "21": Expectation(
        (
            answer("landed 12,300 tonnes of herring in 2017."),
            r"\b152\b",
            answer("was cut to 810 tonnes after the spring survey."),
            answer("length ≥ 15 metres pay the levy."),
        ),
        (r"\b140\b",),
    ),
    "22": Expectation((r"18,000 cubic metres|part.{0,40}not read",)),
    "23": Expectation((r"84,310 crowns|form fields?.{0,40}not read",)),
    "24": Expectation((r"not read.*XFA",)),
    "25": Expectation((r"OCR",)),
    "26": Expectation((r"1\.2 million",), (r"2\.7 million",)),
    "27": Expectation((r"2015-report|2 documents",)),
    "28": Expectation(absent=(r"9,999",)),
    "29": Expectation((r"3×10⁻⁶", r"D ?= ?P ?· ?t", r"漢港", r"a\. ", r"b\. "), (r"40 45 crowns", r"10-6", r"\\cdot")),
    "30": Expectation((r"rc=0", r"p\. 14\b")),
    "31": Expectation((r"1,23,456 crore .{0,40}1,45,678 crore", r"45\.6 lakh .{0,40}51\.2 lakh", r"rc=1")),
    "32": Expectation((r"Resolution 1973 authori[sz]ed",), (r"prefer.{0,30}1973", r"2016.{0,5}2070")),
    "34": Expectation(absent=(r"pybtex:",)),
    "35": Expectation((r"1 public.*\[200\].*2 Host.*\[200\]",)),
    "38": Expectation((r"Total assets came to 811 million crowns\.", r"Harbours", r"Lighthouses"), (r"TToottaall",)),
    "39": Expectation((r"4,100 tonnes", r"rc=0.*rc=0")),
    "40": Expectation((r"This is a split Paragraph\.",)),
    "41": Expectation((r"16\.3\b", r"\b2231\b", r"Sweden", r"March")),
    "42": Expectation((r"(?:first|second) rc=0", r"sound")),
    "43": Expectation((r"rc=0", r"encrypted")),
    "44": Expectation(
        (
            answer("1. (1) This Act may be cited as the Harbours Act, 2018."),
            r"section IV\. Staff of the Board|\d IV\. Staff of the Board",
            r"\d V\. Accounts",
        ),
        (r"\d 1\. \(1\) This Act", r"\d [1-3]\. The (?:ministry|chair)"),
    ),
    "45": Expectation((r"\b40\b", r"\b60\b", r"\b70\b")),
    "46": Expectation((r"rc=0.*rc=0",)),
}
"""By the number of a case. Each also fails on a traceback."""


def run_case(folder: Path) -> str:
    """Run a case on a copy and return its output with normalized white space."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / folder.name
        shutil.copytree(folder, copy, symlinks=True)
        environment = os.environ | {
            "YQ": f"{sys.executable} -m qa.cli",
            "IDX": str(Path(temporary) / "index"),
            "PY": sys.executable,
            "PYTHONPATH": str(ROOT),
            "NO_COLOR": "1",
            "COLUMNS": "1000",
        }
        try:
            done = subprocess.run(
                ["bash", str(copy / "cmd.sh")],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "timed out"
        return " ".join(done.stdout.decode("utf-8", "replace").split())


def main() -> int:
    """Print a row per case and return the number of failed cases."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cases", description="Inputs easily read wrongly.")
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--only", help="numbers of cases, separated by commas")
    arguments = parser.parse_args()
    only = set(arguments.only.split(",")) if arguments.only else set(EXPECTATIONS)
    folders = [folder for folder in sorted((arguments.data / "cases").glob("[0-9]*")) if folder.name[:2] in only]
    if not folders:
        print(f"skipped: no cases in {arguments.data} (set YEARBOOK_QA_DATA to the folder that holds cases/)")
    failed = 0
    for folder in folders:
        output = run_case(folder)
        failures = EXPECTATIONS[folder.name[:2]].failures(output)
        if output == "timed out" or re.search(_CRASH, output):
            failures.append("traceback or timeout")
        failed += bool(failures)
        print(f"{folder.name:<32} {'; '.join(failures) or 'as expected'}", flush=True)
    print(f"{len(folders) - failed} of {len(folders)} cases as expected")
    return failed


if __name__ == "__main__":
    sys.exit(min(main(), 1))
