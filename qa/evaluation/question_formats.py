"""Read files of questions and of qrels as rows: a line number and fields. `questions` interprets the fields.

Questions are read from JSON Lines, CSV (separated by comma, semicolon, tab or bar) and plain text with one question per
line, where lines that start with `#` are comments; qrels from BEIR's three columns or TREC's four. An error names the
file, the line and the remedy. For tables whose columns have other names, `guess_fields` proposes which column is which
field.
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

from corpus.limits import LINE
from corpus.translation import gettext as _
from qa import limits
from qa.errors import JudgementError

TEXT_COLUMNS = ("question", "text", "query")
"""Names of the column with the question's text, in order of preference."""

FIELDS = ("question", "id", "type", "evidence", "doc", "quote", "passages", "answer", "filters")
"""Fields that a column can be assigned to."""

KNOWN_COLUMNS = frozenset({*TEXT_COLUMNS, *FIELDS, "_id"})

_MAX_CELL = 1 << 28
_SAMPLED_ROWS = 50
_QUESTION_ENDS = ("?", "？", "؟", "?”", '?"', "か。", "か")

Format = Literal["json", "table", "lines"]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A record of a file, and the line (from 1) where it starts."""

    line: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of a file's columns, or of its objects' keys, and its first rows as strings."""

    names: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]

    def example(self, name: str) -> str:
        """Return the first non-empty value of a column."""
        return next((row[name] for row in self.rows if row.get(name)), "")


def read_rows(path: Path, columns: Mapping[str, str] | None = None) -> list[QuestionRow]:
    """Read the rows of a file of questions.

    Args:
        path: The file; its format follows from its suffix, or from its first character if the suffix is unknown.
        columns: Maps fields to the file's columns or keys (`{"question": "Frage"}`). A column that is not mapped is
            then not read as a field, even if it has the name of one.

    Raises:
        JudgementError: The file cannot be read, or has more rows than allowed.
    """
    text = read_text(path)
    kind = detect_format(path, text)
    rows: Iterable[QuestionRow]
    if kind == "json":
        rows = _json_rows(path, text, columns)
    elif kind == "table":
        rows = _table_rows(path, text, columns)
    else:
        rows = (
            QuestionRow(number, {"question": line.strip()})
            for number, line in _lines(path, text)
            if not line.lstrip().startswith("#")  # a comment
        )
    most = limits.QUESTIONS.value
    read = list(islice(rows, most + 1))
    if len(read) > most:
        raise JudgementError(
            _("%(path)s: too many questions; %(remedy)s or split the file", path=path, remedy=limits.QUESTIONS.remedy)
        )
    return read


def detect_format(path: Path, text: str) -> Format:
    """Return the format of a file of questions."""
    suffix = path.suffix.lower()
    if suffix in {".jsonl", ".ndjson", ".json"} or (suffix not in {".csv", ".tsv", ".txt"} and text[:1] == "{"):
        return "json"
    return "table" if suffix in {".csv", ".tsv"} else "lines"


def inspect_columns(path: Path) -> Columns | None:
    """Return the columns of a file of questions, None for plain lines. Raises JudgementError."""
    text = read_text(path)
    kind = detect_format(path, text)
    if kind == "lines":
        return None
    if kind == "json":
        rows = [
            {name: value if isinstance(value, str) else repr(value) for name, value in row.fields.items()}
            for row in read_rows(path)[:_SAMPLED_ROWS]
        ]
        return Columns(tuple(dict.fromkeys(name for row in rows for name in row)), tuple(rows))
    records = [cells for _, cells in _read_table(path, text)]
    if not records:
        return Columns((), ())
    names = _header_names(records[0])
    return Columns(
        tuple(names), tuple(dict(zip(names, cells, strict=False)) for cells in records[1 : 1 + _SAMPLED_ROWS])
    )


def guess_fields(columns: Columns) -> dict[str, str]:
    """Guess which column holds each field, by names and, for the question, by its contents."""
    by_name = {name.casefold(): name for name in reversed(columns.names)}
    fields = {field: by_name[field] for field in FIELDS if field in by_name}
    if "id" not in fields and "_id" in by_name:
        fields["id"] = by_name["_id"]
    named = next((by_name[name] for name in TEXT_COLUMNS if name in by_name), None)
    question = named or _likeliest_question(
        [name for name in columns.names if name not in fields.values()], columns.rows
    )
    if question is not None:
        fields["question"] = question
    return {field: fields[field] for field in FIELDS if field in fields}


def names_question_column(columns: Columns) -> bool:
    """Return whether a column's name says that it holds the question."""
    return any(name.casefold() in TEXT_COLUMNS for name in columns.names)


def _likeliest_question(names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str | None:
    """Return the column with the most cells that end like questions, the longest of equals; None if all are empty."""

    def likelihood(name: str) -> tuple[int, int]:
        cells = [row.get(name, "").strip() for row in rows]
        return sum(cell.endswith(_QUESTION_ENDS) for cell in cells), sum(map(len, cells))

    best = max(names, key=likelihood, default=None)
    return best if best is not None and likelihood(best)[1] else None


def read_text(path: Path) -> str:
    """Read a file of UTF-8 or UTF-16 with LF line ends. Raises JudgementError."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.QUESTION_FILE.value + 1)
    except OSError as error:
        raise JudgementError(
            _("%(path)s: cannot be read (%(strerror)s): check the path", path=path, strerror=error.strerror or error)
        ) from error
    if len(data) > limits.QUESTION_FILE.value:
        raise JudgementError(
            _("%(path)s: file is too large; %(remedy)s", path=path, remedy=limits.QUESTION_FILE.remedy)
        )
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise JudgementError(
            _("%(path)s line %(line)s: not UTF-8: save the file as UTF-8", path=path, line=line)
        ) from error
    if "\0" in text:
        raise JudgementError(
            _("%(path)s: not a text file: questions are read from jsonl, csv, txt or a BEIR folder", path=path)
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Read grades by question and by passage or document, in BEIR's or TREC's format. Raises JudgementError."""
    grades: dict[str, dict[str, int]] = {}
    first_lines: dict[tuple[str, str], int] = {}
    for number, line in _lines(path, read_text(path)):
        columns = line.split("\t") if "\t" in line else line.split()
        if len(columns) == 4:
            columns = [columns[0], *columns[2:]]
        if len(columns) != 3:
            fail(path, number, f"{len(columns)} columns: must be three (query-id, corpus-id, score) or TREC's four")
        question, unit, score = (column.strip() for column in columns)
        try:
            grade = int(score)
        except ValueError:
            if not grades:  # the header
                continue
            fail(path, number, f'score is "{score[:40]}": must be a whole number')
        first = first_lines.setdefault((question, unit), number)
        if first != number and grades[question][unit] != grade:
            fail(
                path, number, f'grade of "{unit}" for question "{question}" differs from line {first}: keep one of them'
            )
        grades.setdefault(question, {})[unit] = grade
    if not grades:
        raise JudgementError(
            _("%(path)s: no judgements: qrels must have the columns query-id, corpus-id, score", path=path)
        )
    return grades


def fail(path: Path, line: int, problem: str) -> NoReturn:
    """Raise a JudgementError that names file and line."""
    raise JudgementError(_("%(path)s line %(line)s: %(problem)s", path=path, line=line, problem=problem))


def parse_json(text: str) -> Any:
    """Parse JSON. Raises ValueError also for NaN and Infinity, and for too deep nesting."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError(_("nested too deep")) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(_("%(name)s is not a JSON value", name=name))


def replace_surrogates(value: Any) -> Any:
    """Replace lone surrogates, which JSON can contain and no file can store, in all strings of a JSON value."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [replace_surrogates(item) for item in value]
    if isinstance(value, Mapping):
        return {replace_surrogates(str(key)): replace_surrogates(item) for key, item in value.items()}
    return value


def _lines(path: Path, text: str) -> Iterator[tuple[int, str]]:
    longest = LINE.value
    # not splitlines: U+2028 and form feeds may occur inside a question
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > longest:
            fail(path, number, f"{len(line):,} characters; {LINE.remedy}")
        if line.strip():
            yield number, line


def _json_rows(path: Path, text: str, columns: Mapping[str, str] | None) -> Iterator[QuestionRow]:
    for number, line in _lines(path, text):
        try:
            value = parse_json(line)
        except ValueError as error:
            fail(path, number, f"not JSON ({error}): must be one object per line")
        if not isinstance(value, dict):
            fail(path, number, f"a JSON {type(value).__name__}: must be an object, such as {{'question': '…'}}")
        fields = replace_surrogates(value)
        if columns is not None:
            fields = {_rename(key, columns): item for key, item in fields.items()}
        yield QuestionRow(number, fields)


def _table_rows(path: Path, text: str, columns: Mapping[str, str] | None) -> Iterator[QuestionRow]:
    """Yield the rows of a table; an empty cell is a missing field, except for the question's text."""
    records = _read_table(path, text)
    if not records:
        return
    header_line, header = records[0]
    names = _column_names(path, header_line, header, columns)
    text_column = next(name for name in TEXT_COLUMNS if name in names)
    for line, cells in records[1:]:
        if len(names) == 1:
            cells = [",".join(cells)]  # a comma in the only column belongs to the question
        if any(cell.strip() for cell in cells[len(names) :]):
            fail(path, line, f"{len(cells)} cells in {len(names)} columns: quote texts that contain the separator")
        fields = {name: cell for name, cell in zip(names, cells, strict=False) if cell.strip()}
        yield QuestionRow(line, {text_column: "", **fields})


def _read_table(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """Return the non-empty rows of a table, each with the line where it starts. Raises JudgementError."""
    from corpus.readers.spreadsheets.csv_file import DELIMITERS  # readers are not loaded to ask a question

    first = next((line for _, line in _lines(path, text)), "")
    delimiter = max(DELIMITERS, key=first.count) if path.suffix.lower() == ".csv" else "\t"
    default_limit = csv.field_size_limit(_MAX_CELL)
    records: list[tuple[int, list[str]]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        start = 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise JudgementError(
            _("%(path)s: not a table (%(error)s): separate columns by commas and quote texts", path=path, error=error)
        ) from error
    finally:
        csv.field_size_limit(default_limit)
    return records


def _header_names(header: Sequence[str]) -> list[str]:
    return [cell.strip() or f"column {number}" for number, cell in enumerate(header, 1)]


def _rename(name: str, columns: Mapping[str, str]) -> str:
    """Return the field that a column is mapped to; an unmapped column gets a name that is no field."""
    field = next((field for field, column in columns.items() if column == name), None)
    return field or (f"column {name}" if name.casefold() in KNOWN_COLUMNS else name)


def _column_names(path: Path, line: int, header: Sequence[str], columns: Mapping[str, str] | None) -> list[str]:
    """Return the fields of the columns; without a mapping, known names are matched regardless of case."""
    names = _header_names(header)
    if columns is None:
        names = [name.casefold() if name.casefold() in KNOWN_COLUMNS else name for name in names]
    else:
        names = [_rename(name, columns) for name in names]
    if not set(names) & set(TEXT_COLUMNS):
        shown = ", ".join(names)[:120]
        fail(path, line, f"no column `question` (columns: {shown}): the first line must name the columns")
    duplicate = next((name for name in sorted(names) if names.count(name) > 1), None)
    if duplicate is not None:
        fail(path, line, f"two columns `{duplicate}`: rename one of them")
    return names
