"""Measures questions about a generated statistical yearbook: a workbook of 20 sheets and 5,000 rows.

    python -m tests.benchmarks.answers_in.spreadsheets [--questions 100] [--model NAME] [--failures]

Every sheet has a title, a unit, merged headers over years, districts as labels of groups, blank rows and notes; the
same 250 municipalities are on each sheet. A question names a row, a column and a year, in several forms. Prints the
share of questions whose row is the first unit of the answer, cited with exactly its sheet and cells, the share whose
row is in the first passage, and the time and memory of reading.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library
from tests.factories.rendered.sheets import Formatted, MadeSheet, Value, column_letters, xlsx

TOPICS = (
    ("Households", "Number of households", "Average size of households"),
    ("Live births", "Live births", "Birth rate"),
    ("Road accidents", "Road accidents", "Persons injured"),
    ("Hospital beds", "Hospital beds", "Beds per 1,000 persons"),
    ("Primary schools", "Primary schools", "Pupils"),
    ("Rice harvest", "Harvested area", "Rice yield"),
    ("Fishing boats", "Fishing boats", "Catch landed"),
    ("Water supply", "Households with tap water", "Water consumption"),
    ("Electricity", "Electricity sold", "Electric meters"),
    ("Waste collection", "Waste collected", "Recycling rate"),
    ("Public libraries", "Library books", "Library visitors"),
    ("Crime", "Reported thefts", "Reported burglaries"),
    ("Fire service", "Fires", "Fire engines"),
    ("Tourism", "Hotel guests", "Hotel rooms"),
    ("Housing starts", "Dwellings started", "Floor space of dwellings"),
    ("Unemployment", "Unemployed persons", "Unemployment rate"),
    ("Forestry", "Forest area", "Timber felled"),
    ("Motor vehicles", "Registered cars", "Registered lorries"),
    ("Post offices", "Post offices", "Letters delivered"),
    ("Local taxes", "Tax revenue", "Tax arrears"),
)
YEARS = (2013, 2014, 2015)
DISTRICTS = ("Northern District", "Southern District", "Eastern District", "Western District", "Island District")
MUNICIPALITIES = 250
FORMS = (
    "What was the {column} in {name} in {year}?",
    "{column} {name} {year}",
    "How high was the {column} of {name} in the year {year}?",
    "In {year}, what figure does the yearbook give for {column} in {name}?",
)


@dataclass(frozen=True)
class Asked:
    """A question, and the cells of its row."""

    text: str
    cells: str


def _names(draw: random.Random) -> list[str]:
    first = "Ar Bel Cor Dal Es Fen Gar Hol Is Jor Kel Lun Mar Nor Os Pel Quor Ras Sel Tor Ul Vas Wen Yar Zel".split()
    last = "vik borg dale mouth ham wick stead ford bridge haven".split()
    names = [f"{begin}{end}" for begin in first for end in last]
    draw.shuffle(names)
    return names[:MUNICIPALITIES]


def yearbook(draw: random.Random, questions: int) -> tuple[bytes, list[Asked]]:
    """Return the workbook and questions about it."""
    names = _names(draw)
    sheets: list[MadeSheet] = []
    rows_of: list[dict[str, str]] = []
    for number, (topic, *measures) in enumerate(TOPICS, 1):
        sheet = f"Table {(number - 1) // 5 + 1}-{(number - 1) % 5 + 1}"
        rows: list[list[Value | Formatted]] = [
            [f"{sheet} {topic} by municipality, {YEARS[0]}-{YEARS[-1]}"], ["(as of 31 March)"], [],
            ["Municipality", *(cell for measure in measures for cell in (measure, *[None] * (len(YEARS) - 1)))],
            [None, *YEARS, *YEARS],
        ]  # fmt: skip
        last = column_letters(2 * len(YEARS) + 1)
        places: dict[str, str] = {}
        for position, name in enumerate(names):
            if position % (MUNICIPALITIES // len(DISTRICTS)) == 0:
                rows += [[], [DISTRICTS[position * len(DISTRICTS) // MUNICIPALITIES]]]
            values = [draw.randrange(100, 99_999) for _ in YEARS] + [round(draw.uniform(1, 99), 1) for _ in YEARS]
            rows.append([name, *(Formatted(v, "#,##0" if isinstance(v, int) else "0.0") for v in values)])
            places[name] = f"{sheet}, A{len(rows)}:{last}{len(rows)}"
        rows += [[], ["Note: Municipalities as of the end of the fiscal year."], ["Source: Statistics Office"]]
        merged = ("A4:A5", "B4:D4", "E4:G4")
        sheets.append(MadeSheet(sheet, rows, merged))
        rows_of.append(places)
    asked: list[Asked] = []
    for number in range(questions):
        topic_number, name = draw.randrange(len(TOPICS)), draw.choice(names)
        column = draw.choice(TOPICS[topic_number][1:])
        text = FORMS[number % len(FORMS)].format(column=column.lower(), name=name, year=draw.choice(YEARS))
        asked.append(Asked(text[0].upper() + text[1:], rows_of[topic_number][name]))
    return xlsx([MadeSheet("Cover", [["Statistical Yearbook of the Prefecture 2015"]]), *sheets]), asked


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.answers_in.spreadsheets", description="Measure workbooks."
    )
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--model", default=None)
    parser.add_argument("--failures", action="store_true")
    options = parser.parse_args(arguments)
    data, asked = yearbook(random.Random(5), options.questions)  # noqa: S311 - the same workbook every time
    encoder = load(options.model) if options.model else load()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "yearbook-2015.xlsx"
        file.write_bytes(data)
        begin = time.perf_counter()
        build(Path(folder) / "index", plan([file]), encoder)
        seconds = time.perf_counter() - begin
        library = Library(Path(folder) / "index", encoder)
        first = exact = inside = refused = 0
        for question in asked:
            answer = library.ask(question.text, k=5)
            cells = answer.sentences[0].cells if answer.sentences else ""
            passage = answer.passages[0].hit.stored.passage
            row_first = bool(answer.sentences) and cells == question.cells
            first += row_first
            exact += row_first
            inside += any(sentence.cells == question.cells for sentence in passage.sentences)
            refused += not answer.answered
            if options.failures and not row_first:
                print(f"{question.text}\n  wanted {question.cells}, got {cells or 'no answer'}; {passage.cells}")
    size = len(asked)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"row first, cells exact {first / size:.2f}; row in the first passage {inside / size:.2f}; refused {refused}")
    print(f"indexed in {seconds:.0f} s; {len(data) / 2**20:.1f} MB; peak memory {memory:.2f} GB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
