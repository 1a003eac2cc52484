"""Which columns of a table of questions are what, where their names do not say so: a proposal for a person to correct.

Pure, save for reading the file. Knows only names and the look of a few rows; what fields mean stands in `questions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.evaluation.question_formats import TEXT_COLUMNS, form_of, header_names, read_rows, read_text, table

FIELDS = ("question", "id", "type", "evidence", "doc", "quote", "passages", "answer", "filters")
"""What a column can be."""

_LOOKED_AT = 50
_QUESTION_MARKS = ("?", "？", "؟", "?”", '?"', "か。", "か")


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of a file's columns, or of its objects' keys, and its first rows as texts."""

    names: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]

    def example(self, name: str) -> str:
        """The first value of a column that is not empty."""
        return next((row[name] for row in self.rows if row.get(name)), "")


def inspect_columns(path: Path) -> Columns | None:
    """The columns of a file of questions; None for plain lines, which have none. Raises JudgementError."""
    text = read_text(path)
    form = form_of(path, text)
    if form == "lines":
        return None
    if form == "json":
        objects = [row.fields for row in read_rows(path)[:_LOOKED_AT]]
        rows = [
            {name: value if isinstance(value, str) else repr(value) for name, value in one.items()} for one in objects
        ]
        return Columns(tuple(dict.fromkeys(name for row in rows for name in row)), tuple(rows))
    records = [cells for _, cells in table(path, text)]
    if not records:
        return Columns((), ())
    names = header_names(records[0])
    return Columns(tuple(names), tuple(dict(zip(names, cells, strict=False)) for cells in records[1 : 1 + _LOOKED_AT]))


def guess_fields(columns: Columns) -> dict[str, str]:
    """Which column each of our fields is, as far as that can be told."""
    by_name = {name.casefold(): name for name in reversed(columns.names)}
    found = {field: by_name[field] for field in FIELDS if field in by_name}
    if "id" not in found and "_id" in by_name:
        found["id"] = by_name["_id"]
    named = next((by_name[name] for name in TEXT_COLUMNS if name in by_name), None)
    question = named or _most_asking([name for name in columns.names if name not in found.values()], columns.rows)
    if question is not None:
        found["question"] = question
    return {field: found[field] for field in FIELDS if field in found}


def names_question_column(columns: Columns) -> bool:
    """Whether a column's name says that it is the question."""
    return any(name.casefold() in TEXT_COLUMNS for name in columns.names)


def _most_asking(names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str | None:
    """The column whose cells end most often as questions do, the longer of equals; None where no column has a text."""

    def asking(name: str) -> tuple[int, int]:
        cells = [row.get(name, "").strip() for row in rows]
        return sum(cell.endswith(_QUESTION_MARKS) for cell in cells), sum(map(len, cells))

    best = max(names, key=asking, default=None)
    return best if best is not None and asking(best)[1] else None
