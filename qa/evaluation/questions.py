"""Questions with their judgements, as `evaluate` reads them from a file: the meaning of its fields.

A question has a text, an id, optionally a `type` and its own filters, and its judgements in one of three forms:

- `evidence`: a list of `{"doc": document id, "quote": words of the document}`, `{"doc": …, "start": …, "end": …}`
  (offsets in the document's text) or `{"passage": "DOCUMENT@START-END"}`;
- `passages`: a list of such passage ids;
- qrels next to the questions, as in a BEIR folder, which grade documents or passages.

An empty list says that the documents do not answer the question; a missing key says that it was not judged. In a CSV,
`evidence`, `passages` and `filters` are JSON in a cell, or a row has the columns `doc` and `quote`. Other fields are
copied to the answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qa.errors import FilterError, JudgementError
from qa.evaluation.question_formats import (
    TEXT_COLUMNS,
    QuestionRow,
    fail,
    parse_json,
    read_qrels,
    read_rows,
    replace_surrogates,
)
from qa.question.filters import Filters, filters_from_json

QUERIES = "queries.jsonl"
QRELS = Path("qrels") / "test.tsv"
"""Files of a BEIR folder."""

_PASSAGE_ID = re.compile(r"(?P<document>.+)@(?P<start>\d{1,12})-(?P<end>\d{1,12})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence in a document: a quote, or a span of its canonical text."""

    document: str
    quote: str | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a file. `evidence` is None if it was not judged, empty if the documents do not answer it.

    `grades` are those of the qrels, by document or passage id. `extra` holds all other fields, `line` the line in the
    file, from 1.
    """

    id: str
    text: str
    line: int
    type: str | None = None
    evidence: tuple[Evidence, ...] | None = None
    grades: Mapping[str, int] | None = None
    filters: Filters = field(default_factory=Filters)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def short_answer(self) -> str | None:
        """The field `answer`, a short answer whose parts are separated by "; "."""
        answer = self.extra.get("answer")
        return answer if isinstance(answer, str) and answer.strip() else None


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of a file, in order, and notices about the file."""

    source: Path
    items: tuple[Question, ...]
    notices: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.items)


def read_questions(
    path: Path | None = None,
    *,
    queries: Path | None = None,
    qrels: Path | None = None,
    columns: Mapping[str, str] | None = None,
) -> Questions:
    """Read questions with their judgements.

    Args:
        path: A file of questions (jsonl, csv, txt) or a BEIR folder.
        queries: A file of questions, instead of `path` or of the folder's queries.jsonl.
        qrels: A file of judgements. `queries` and `qrels` may be relative to the folder.
        columns: Maps fields to the file's columns; see `read_rows`.

    Raises:
        JudgementError: No file is named, or one cannot be used; the message names line and key.
    """
    folder = path if path is not None and path.is_dir() else None
    if folder is not None:
        source = _resolve(folder, queries) if queries else folder / QUERIES
        qrels = _resolve(folder, qrels) if qrels else _find_qrels(folder)
        if not source.is_file():
            raise JudgementError(
                f"{folder}: the folder has no {source.name}: name the file of questions with --queries FILE"
            )
    elif path is not None and queries is not None:
        raise JudgementError(f"{path} and {queries}: two files of questions: name only one")
    elif (named := queries or path) is None:
        raise JudgementError("no questions: name a file (jsonl, csv, txt), a BEIR folder, or --queries FILE")
    else:
        source = named
    items = _number([(row, _parse_question(source, row)) for row in read_rows(source, columns)], source)
    if not items:
        raise JudgementError(f"{source}: no questions in the file: must be jsonl, csv, txt or a BEIR folder")
    if qrels is None:
        return Questions(source, tuple(items))
    return _add_grades(source, items, qrels)


def questions_from_objects(objects: Sequence[Mapping[str, Any]]) -> Questions:
    """Like `read_questions`, for objects in memory; errors name the position of an object, from 1, as its line."""
    source = Path("questions")
    rows: list[QuestionRow] = []
    for position, fields in enumerate(objects, 1):
        if not isinstance(fields, Mapping):
            fail(source, position, f"{_abbreviate(fields)} is no object: must be one, such as {{'question': '…'}}")
        rows.append(QuestionRow(position, replace_surrogates(fields)))
    return Questions(source, tuple(_number([(row, _parse_question(source, row)) for row in rows], source)))


def parse_passage_id(text: str) -> Evidence | None:
    """Parse `DOCUMENT@START-END`; None for another form."""
    match = _PASSAGE_ID.fullmatch(text)
    if match is None or int(match["start"]) >= int(match["end"]):
        return None
    return Evidence(match["document"], span=(int(match["start"]), int(match["end"])))


def _resolve(folder: Path, path: Path) -> Path:
    return path if path.exists() or not (folder / path).exists() else folder / path


def _find_qrels(folder: Path) -> Path | None:
    if (folder / QRELS).is_file():
        return folder / QRELS
    others = sorted((folder / QRELS.parent).glob("*.tsv"))
    if len(others) > 1:
        names = ", ".join(path.name for path in others)
        raise JudgementError(f"{folder}: several files of judgements ({names}): choose one with --qrels FILE")
    return others[0] if others else None


def _add_grades(source: Path, items: Sequence[Question], qrels: Path) -> Questions:
    """Add the grades of a file of qrels; they replace evidence."""
    grades = read_qrels(qrels)
    notices: list[str] = []
    unknown = sorted(grades.keys() - {item.id for item in items})
    if len(unknown) == len(grades):
        raise JudgementError(
            f'{qrels}: no judgement matches a question of {source} (it judges "{unknown[0][:60]}", '
            f'the first question is "{items[0].id[:60]}"): name the qrels of these questions with --qrels FILE'
        )
    if unknown:
        notices.append(f"{qrels.name} judges {len(unknown):,} questions that are not in {source.name}: ignored")
    graded = [replace(item, evidence=None, grades=grades[item.id]) if item.id in grades else item for item in items]
    return Questions(source, tuple(graded), tuple(notices))


def _parse_question(path: Path, row: QuestionRow) -> Question:
    """Return the question of a row; its id is empty if the row has none."""
    fields = row.fields
    text_key = next((name for name in TEXT_COLUMNS if name in fields), None)
    if text_key is None:
        fail(path, row.line, f"no `question` (keys: {', '.join(fields)[:120] or 'none'})")
    text = fields[text_key]
    if not isinstance(text, str):
        fail(path, row.line, f"`{text_key}` is {_abbreviate(text)}: must be a string")
    id_key = "id" if "id" in fields else "_id"
    kind = fields.get("type")
    return Question(
        id=_read_id(path, row.line, id_key, fields.get(id_key)),
        text=text,
        line=row.line,
        type=str(kind) if isinstance(kind, str | int) and str(kind).strip() else None,
        evidence=_read_evidence(path, row),
        filters=_read_filters(path, row),
        extra={key: value for key, value in fields.items() if key not in {text_key, id_key, "filters"}},
    )


def _read_id(path: Path, line: int, key: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        fail(path, line, f"`{key}` is {_abbreviate(value)}: must be a string or a whole number")
    return str(value).strip()


def _number(rows: Sequence[tuple[QuestionRow, Question]], path: Path) -> list[Question]:
    """Return the questions, those without an id numbered `q1`, `q2`, ... Raises JudgementError for a repeated id."""
    lines: dict[str, int] = {}
    for row, question in rows:
        if question.id and lines.setdefault(question.id, row.line) != row.line:
            first = lines[question.id]
            fail(path, row.line, f'`id` "{question.id[:60]}" is also that of line {first}: ids must be unique')
    items: list[Question] = []
    for position, (row, question) in enumerate(rows, 1):
        identifier = question.id
        if not identifier:
            number = position
            while f"q{number}" in lines:
                number += len(rows)
            identifier = f"q{number}"
            lines[identifier] = row.line
        items.append(replace(question, id=identifier))
    return items


def _read_evidence(path: Path, row: QuestionRow) -> tuple[Evidence, ...] | None:
    fields = row.fields
    evidence: list[Evidence] | None = None
    if (items := _read_list(path, row, "evidence")) is not None:
        evidence = [_parse_evidence(path, row.line, f"evidence[{number}]", item) for number, item in enumerate(items)]
    elif "quote" in fields and "doc" in fields:  # a row of a CSV
        evidence = [_parse_evidence(path, row.line, "quote", {"doc": fields["doc"], "quote": fields["quote"]})]
    if (items := _read_list(path, row, "passages")) is not None:
        evidence = [
            *(evidence or []),
            *(
                _parse_evidence(path, row.line, f"passages[{number}]", {"passage": item})
                for number, item in enumerate(items)
            ),
        ]
    return None if evidence is None else tuple(evidence)


def _parse_evidence(path: Path, line: int, key: str, item: object) -> Evidence:
    if not isinstance(item, Mapping):
        fail(path, line, f'`{key}` is {_abbreviate(item)}: must be an object, such as {{"doc": "…", "quote": "…"}}')
    if "passage" in item:
        passage = parse_passage_id(item["passage"]) if isinstance(item["passage"], str) else None
        if passage is None:
            fail(path, line, f"`{key}` is {_abbreviate(item['passage'])}: must be a passage id (DOCUMENT@START-END)")
        return passage
    by_offsets = "quote" not in item and ("start" in item or "end" in item)
    for name in ("doc",) if by_offsets else ("doc", "quote"):
        if not isinstance(item.get(name), str) or not item[name].strip():
            fail(
                path, line, f"`{key}` has no string `{name}`: must have a document's id and a quote from that document"
            )
    if by_offsets:
        return Evidence(item["doc"], span=_read_span(path, line, key, item))
    return Evidence(item["doc"], quote=item["quote"])


def _read_span(path: Path, line: int, key: str, item: Mapping[str, Any]) -> tuple[int, int]:
    start, end = (item.get(name) for name in ("start", "end"))
    # `type`, because True is an int
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        offsets = f"`start` {_abbreviate(start)} and `end` {_abbreviate(end)}"
        fail(path, line, f"`{key}` has {offsets}: must be whole numbers, 0 <= start < end")
    return start, end


def _read_filters(path: Path, row: QuestionRow) -> Filters:
    value = row.fields.get("filters")
    if value is None or value == "":
        return Filters()
    try:
        return filters_from_json(_parse_cell(path, row.line, "filters", value))
    except FilterError as error:
        fail(path, row.line, f"`filters`: {error}")


def _read_list(path: Path, row: QuestionRow, key: str) -> list[Any] | None:
    value = row.fields.get(key)
    if value is None:
        return None
    if key == "passages" and isinstance(value, str) and not value.lstrip().startswith("["):
        return [identifier for identifier in re.split(r"[;\s]+", value) if identifier]  # a cell of a CSV
    value = _parse_cell(path, row.line, key, value)
    if not isinstance(value, list):
        fail(path, row.line, f"`{key}` is {_abbreviate(value)}: must be a list, empty if the documents do not answer")
    return value


def _parse_cell(path: Path, line: int, key: str, value: Any) -> Any:
    """Parse the JSON of a cell."""
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value)
    except ValueError as error:
        fail(path, line, f"`{key}` is {_abbreviate(value)}: must be JSON ({error})")


def _abbreviate(value: object) -> str:
    """Return the repr of a value, at most 60 characters long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
