"""Files of questions and of qrels, as rows: each a line number and its fields. Knows nothing of what fields mean.

Read are JSON Lines, CSV (separated by comma, semicolon, tab or bar), plain text with a question a line, and qrels in
BEIR's three columns or TREC's four. Each fault is one line that names the file, its line and what mends it.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NoReturn

from qa import limits
from qa.errors import JudgementError

TEXT_COLUMNS = ("question", "text", "query")
"""The names that a question's text may stand under, in order of preference."""

_DELIMITERS = ",;\t|"
_LONGEST_CELL = 1 << 28


Form = Literal["json", "table", "lines"]


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file, and the line it begins in (from 1)."""

    line: int
    fields: Mapping[str, Any]


def read_rows(path: Path, columns: Mapping[str, str] | None = None) -> list[Row]:
    """The rows of a file of questions, by its suffix; for an unknown suffix by how it begins. Raises JudgementError.

    `columns` says which of the file's columns, or keys, our fields are (`{"question": "Frage"}`); one that it leaves
    out is then not read as that field, whatever it is called.
    """
    text = read_text(path)
    form = form_of(path, text)
    if form == "json":
        rows = _json_rows(path, text)
        return _counted(path, rows if columns is None else (_renamed(row, columns) for row in rows))
    if form == "table":
        return _counted(path, _csv_rows(path, text, columns))
    return _counted(path, (Row(number, {"question": line.strip()}) for number, line in _lines(path, text)))


def _counted(path: Path, rows: Iterable[Row]) -> list[Row]:
    most = limits.QUESTIONS.value
    found = list(islice(rows, most + 1))
    if len(found) > most:
        raise JudgementError(f"{path}: more questions, {limits.QUESTIONS.remedy}: or split the file")
    return found


def form_of(path: Path, text: str) -> Form:
    """How the text of a file of questions is written."""
    suffix = path.suffix.lower()
    if suffix in {".jsonl", ".ndjson", ".json"} or (suffix not in {".csv", ".tsv", ".txt"} and text[:1] == "{"):
        return "json"
    return "table" if suffix in {".csv", ".tsv"} else "lines"


def renamed(name: str, columns: Mapping[str, str]) -> str:
    """What a column is read as: the field that `columns` says it is, else a name that is none of our fields."""
    found = next((ours for ours, theirs in columns.items() if theirs == name), None)
    return found or (f"column {name}" if name.casefold() in KNOWN_COLUMNS else name)


def _renamed(row: Row, columns: Mapping[str, str]) -> Row:
    return Row(row.line, {renamed(key, columns): value for key, value in row.fields.items()})


def read_text(path: Path) -> str:
    """A file's text, with line ends made LF and lone surrogates out. Raises JudgementError."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.QUESTION_FILE.value + 1)
    except OSError as error:
        raise JudgementError(f"{path}: cannot be read ({error.strerror or error}): check the path") from error
    if len(data) > limits.QUESTION_FILE.value:
        raise JudgementError(f"{path}: larger than can be read, {limits.QUESTION_FILE.remedy}")
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise JudgementError(f"{path} line {line}: not UTF-8: save the file as UTF-8") from error
    if "\0" in text:
        raise JudgementError(f"{path}: not a text file: questions are read from jsonl, csv, txt or a BEIR folder")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Grades by question and passage or document, of BEIR's or TREC's form. Raises JudgementError."""
    grades: dict[str, dict[str, int]] = {}
    seen: dict[tuple[str, str], int] = {}
    for number, line in _lines(path, read_text(path)):
        columns = line.split("\t") if "\t" in line else line.split()
        if len(columns) == 4:
            columns = [columns[0], *columns[2:]]
        if len(columns) != 3:
            fault(path, number, f"{len(columns)} columns: qrels have three (query-id, corpus-id, score) or TREC's four")
        question, unit, score = (column.strip() for column in columns)
        try:
            grade = int(score)
        except ValueError:
            if not grades:  # the first line names the columns
                continue
            fault(path, number, f'score "{score[:40]}" is not a whole number')
        if seen.setdefault((question, unit), number) != number and grades[question][unit] != grade:
            fault(
                path, number, f'judges "{unit}" for question "{question}" unlike line {seen[question, unit]}: keep one'
            )
        grades.setdefault(question, {})[unit] = grade
    if not grades:
        raise JudgementError(f"{path}: no judgement in it: qrels have the columns query-id, corpus-id, score")
    return grades


def fault(path: Path, line: int, what: str) -> NoReturn:
    """Raise a JudgementError that names the place."""
    raise JudgementError(f"{path} line {line}: {what}")


def parse_json(text: str) -> Any:
    """A JSON value; ValueError also for what JSON itself does not know (NaN) and for what is nested too deep."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _lines(path: Path, text: str) -> Iterator[tuple[int, str]]:
    longest = limits.LINE.value
    # not splitlines: U+2028 and form feeds may stand inside a question
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > longest:
            fault(path, number, f"{len(line):,} characters, {limits.LINE.remedy}")
        if line.strip():
            yield number, line


def _json_rows(path: Path, text: str) -> Iterator[Row]:
    for number, line in _lines(path, text):
        try:
            value = parse_json(line)
        except ValueError as error:
            fault(path, number, f"not JSON ({error}): one object a line is expected")
        if not isinstance(value, dict):
            fault(path, number, f"a JSON {type(value).__name__}: one object a line is expected, as {{'question': '…'}}")
        yield Row(number, whole_fields(value))


def whole_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a JSON object, with lone surrogates, which no file can hold, replaced in names and values."""
    return {_whole(str(key)): _whole_value(one) for key, one in fields.items()}


def _whole(text: str) -> str:
    """The text with lone surrogates, which JSON can write and no encoding can, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _whole_value(value: Any) -> Any:
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, list):
        return [_whole_value(one) for one in value]
    if isinstance(value, dict):
        return {_whole(key): _whole_value(one) for key, one in value.items()}
    return value


def _csv_rows(path: Path, text: str, columns: Mapping[str, str] | None = None) -> Iterator[Row]:
    """Rows of a table; an empty cell is a missing field, save for the question's text."""
    records = table(path, text)
    if not records:
        return
    header_line, header = records[0]
    names = _column_names(path, header_line, header, columns)
    for line, cells in records[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(names) == 1:
            cells = [",".join(cells)]  # nothing to separate: a comma in the only column is the question's own
        if any(cell.strip() for cell in cells[len(names) :]):
            fault(path, line, f"{len(cells)} cells under {len(names)} columns: put texts with separators into quotes")
        fields = {name: cell for name, cell in zip(names, cells, strict=False) if cell.strip()}
        fields.setdefault(next(name for name in TEXT_COLUMNS if name in names), "")
        yield Row(line, fields)


def table(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The cells of a table's rows that are not empty, each with the line it begins in. Raises JudgementError."""
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        return list(_records(path, text))
    except csv.Error as error:
        raise JudgementError(f"{path}: not a table ({error}): separate the columns by comma and quote texts") from error
    finally:
        csv.field_size_limit(limit)


def _records(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    first = next((line for _, line in _lines(path, text)), "")
    delimiter = max(_DELIMITERS, key=first.count) if path.suffix.lower() == ".csv" else "\t"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begin = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begin, cells
        begin = reader.line_num + 1


def header_names(header: Sequence[str]) -> list[str]:
    """The names that a table's first row gives its columns."""
    return [cell.strip() or f"column {number}" for number, cell in enumerate(header, 1)]


def _column_names(path: Path, line: int, header: Sequence[str], columns: Mapping[str, str] | None = None) -> list[str]:
    """Names of the columns; without `columns` a text column is found in any case of letters."""
    names = header_names(header)
    if columns is None:
        names = [name.casefold() if name.casefold() in KNOWN_COLUMNS else name for name in names]
    else:
        names = [renamed(name, columns) for name in names]
    if not set(names) & set(TEXT_COLUMNS):
        shown = ", ".join(names)[:120]
        fault(path, line, f"no column `question` (columns: {shown}): the first line names the columns")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        fault(path, line, f"two columns `{twice[0]}`: rename one")
    return names


KNOWN_COLUMNS = frozenset({*TEXT_COLUMNS, *"id _id type evidence passages doc quote filters answer".split()})
