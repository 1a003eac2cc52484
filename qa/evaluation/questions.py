"""A file of questions with their judgements, as `evaluate` takes it: what its fields mean.

A question has a text, an id, perhaps a `type`, filters of its own, and what answers it, in one of three forms:

- `evidence`: a list of `{"doc": document id, "quote": words of the document}` or `{"passage": "DOCUMENT@START-END"}`;
- `passages`: a list of such passage ids;
- qrels beside the questions, as in a BEIR folder, which grade documents (or passages).

An empty list says that nothing answers the question; a missing key, that nobody judged it. In a CSV, `evidence`,
`passages` and `filters` are JSON in a cell, or a row has the columns `doc` and `quote`. All fields are carried through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qa.errors import FilterError, JudgementError
from qa.evaluation.question_formats import TEXT_COLUMNS, Row, fault, parse_json, read_qrels, read_rows, whole_fields
from qa.question.filters import Filters, filters_from_json

QUERIES = "queries.jsonl"
QRELS = Path("qrels") / "test.tsv"
"""Where a BEIR folder keeps its questions and its judgements."""

_PASSAGE_ID = re.compile(r"(?P<document>.+)@(?P<start>\d{1,12})-(?P<end>\d{1,12})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What answers a question: words of a document, or a stretch `span` of its canonical text; one of the two."""

    document: str
    quote: str | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a file. `evidence` is None where it was not judged, empty where nothing answers it.

    `grades` are those of the qrels, by document or passage id, None where there are none. `extra` holds all the other
    fields as they stand in the file, and `line` where it stands.
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
        """The field `answer`: a short answer, its parts joined by "; "."""
        answer = self.extra.get("answer")
        return answer if isinstance(answer, str) and answer.strip() else None


@dataclass(frozen=True, slots=True)
class Questions:
    """A file's questions in its order, and what the reader should be told of it."""

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
    """The questions of a file (jsonl, csv, txt) or of a BEIR folder, judged by `qrels` where given.

    `queries` names the file of questions in its place; both are looked for in the folder, too. `columns` says which of
    the file's columns our fields are, where they bear other names. Raises JudgementError.
    """
    folder = path if path is not None and path.is_dir() else None
    if folder is not None:
        source = _inside(folder, queries) if queries else folder / QUERIES
        qrels = _inside(folder, qrels) if qrels else _qrels_of(folder)
        if not source.is_file():
            raise JudgementError(f"{folder}: no {source.name} in it: name the file of questions with --queries FILE")
    elif path is not None and queries is not None:
        raise JudgementError(f"{path} and {queries}: two files of questions: give one of them")
    elif (named := queries or path) is None:
        raise JudgementError("no questions: name a file (jsonl, csv, txt) or a BEIR folder, or --queries FILE")
    else:
        source = named
    items = _numbered([(row, _question(source, row)) for row in read_rows(source, columns)], source)
    if not items:
        raise JudgementError(f"{source}: no question in it: questions are read from jsonl, csv, txt or a BEIR folder")
    if qrels is None:
        return Questions(source, tuple(items))
    return _graded(source, items, qrels)


def questions_from_objects(objects: Sequence[Mapping[str, Any]]) -> Questions:
    """As `read`, of objects that are no lines of a file; one that is at fault is named by its place, from 1 on."""
    source = Path("questions")
    rows: list[Row] = []
    for place, fields in enumerate(objects, 1):
        if not isinstance(fields, Mapping):
            fault(source, place, f"{_shown(fields)} is no object, as {{'question': '…'}}")
        rows.append(Row(place, whole_fields(fields)))
    return Questions(source, tuple(_numbered([(row, _question(source, row)) for row in rows], source)))


def parse_passage_id(text: str) -> Evidence | None:
    """The stretch that `DOCUMENT@START-END` names; None for what is no such id."""
    match = _PASSAGE_ID.fullmatch(text)
    if match is None or int(match["start"]) >= int(match["end"]):
        return None
    return Evidence(match["document"], span=(int(match["start"]), int(match["end"])))


def _inside(folder: Path, path: Path) -> Path:
    return path if path.exists() or not (folder / path).exists() else folder / path


def _qrels_of(folder: Path) -> Path | None:
    if (folder / QRELS).is_file():
        return folder / QRELS
    others = sorted((folder / QRELS.parent).glob("*.tsv"))
    if len(others) > 1:
        names = ", ".join(one.name for one in others)
        raise JudgementError(f"{folder}: no {QRELS.as_posix()}, but {names}: choose one with --qrels FILE")
    return others[0] if others else None


def _graded(source: Path, items: Sequence[Question], qrels: Path) -> Questions:
    """The questions with the grades of a file of qrels."""
    grades = read_qrels(qrels)
    notices: list[str] = []
    strangers = sorted(grades.keys() - {one.id for one in items})
    if len(strangers) == len(grades):
        raise JudgementError(
            f'{qrels}: judges no question of {source} (it judges "{strangers[0][:60]}", '
            f'the first question is "{items[0].id[:60]}"): give the qrels of these questions with --qrels FILE'
        )
    if strangers:
        notices.append(f"{qrels.name} judges {len(strangers):,} questions that are not in {source.name}: left out")
    graded = [
        replace(one, evidence=None, grades=grades[one.id]) if one.id in grades else one  # the file named last decides
        for one in items
    ]
    return Questions(source, tuple(graded), tuple(notices))


def _question(path: Path, row: Row) -> Question:
    """One row's question; its id is empty where the row has none."""
    fields = row.fields
    text_key = next((name for name in TEXT_COLUMNS if name in fields), None)
    if text_key is None:
        fault(path, row.line, f"no `question` (keys: {', '.join(fields)[:120] or 'none'})")
    text = fields[text_key]
    if not isinstance(text, str):
        fault(path, row.line, f"`{text_key}` is {_shown(text)}: must be a text")
    id_key = "id" if "id" in fields else "_id"
    kind = fields.get("type")
    return Question(
        id=_identifier(path, row.line, id_key, fields.get(id_key)),
        text=text,
        line=row.line,
        type=str(kind) if isinstance(kind, str | int) and str(kind).strip() else None,
        evidence=_evidence(path, row),
        filters=_filters(path, row),
        extra={key: value for key, value in fields.items() if key not in {text_key, id_key, "filters"}},
    )


def _identifier(path: Path, line: int, key: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        fault(path, line, f"`{key}` is {_shown(value)}: must be a text or a whole number")
    return str(value).strip()


def _numbered(rows: Sequence[tuple[Row, Question]], path: Path) -> list[Question]:
    """The questions, those without an id named `q1`, `q2`, ... by their place. Raises JudgementError for double ids."""
    lines: dict[str, int] = {}
    for row, question in rows:
        if question.id and lines.setdefault(question.id, row.line) != row.line:
            first = lines[question.id]
            fault(path, row.line, f'`id` "{question.id[:60]}" is that of line {first} too: give each question its own')
    items: list[Question] = []
    for place, (row, question) in enumerate(rows, 1):
        identifier = question.id
        if not identifier:
            number = place
            while f"q{number}" in lines:
                number += len(rows)
            identifier = f"q{number}"
            lines[identifier] = row.line
        items.append(replace(question, id=identifier))
    return items


def _evidence(path: Path, row: Row) -> tuple[Evidence, ...] | None:
    fields = row.fields
    found: list[Evidence] | None = None
    if (items := _listed(path, row, "evidence")) is not None:
        found = [_evidence_item(path, row.line, f"evidence[{number}]", one) for number, one in enumerate(items)]
    elif "quote" in fields and "doc" in fields:  # a row of a table
        found = [_evidence_item(path, row.line, "quote", {"doc": fields["doc"], "quote": fields["quote"]})]
    if (items := _listed(path, row, "passages")) is not None:
        found = found or []
        for number, one in enumerate(items):
            found.append(_evidence_item(path, row.line, f"passages[{number}]", {"passage": one}))
    return None if found is None else tuple(found)


def _evidence_item(path: Path, line: int, key: str, item: object) -> Evidence:
    if not isinstance(item, Mapping):
        fault(path, line, f'`{key}` is {_shown(item)}: must be an object, as {{"doc": "…", "quote": "…"}}')
    if "passage" in item:
        passage = parse_passage_id(item["passage"]) if isinstance(item["passage"], str) else None
        if passage is None:
            fault(path, line, f"`{key}` is {_shown(item['passage'])}: must be a passage id, as DOCUMENT@START-END")
        return passage
    for name in ("doc", "quote"):
        if not isinstance(item.get(name), str) or not item[name].strip():
            fault(path, line, f"`{key}` has no text `{name}`: a document's id and words of that document are needed")
    return Evidence(item["doc"], quote=item["quote"])


def _filters(path: Path, row: Row) -> Filters:
    value = row.fields.get("filters")
    if value is None or value == "":
        return Filters()
    try:
        return filters_from_json(_parsed(path, row.line, "filters", value))
    except FilterError as error:
        fault(path, row.line, f"`filters`: {error}")


def _listed(path: Path, row: Row, key: str) -> list[Any] | None:
    value = row.fields.get(key)
    if value is None:
        return None
    if key == "passages" and isinstance(value, str) and not value.lstrip().startswith("["):
        return [one for one in re.split(r"[;\s]+", value) if one]  # a cell of a table
    value = _parsed(path, row.line, key, value)
    if not isinstance(value, list):
        fault(path, row.line, f"`{key}` is {_shown(value)}: must be a list, and an empty one where nothing answers")
    return value


def _parsed(path: Path, line: int, key: str, value: Any) -> Any:
    """A cell's JSON as its value."""
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value)
    except ValueError as error:
        fault(path, line, f"`{key}` is {_shown(value)}: must be JSON ({error})")


def _shown(value: object) -> str:
    """A value, short enough for one line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
