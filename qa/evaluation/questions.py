"""Questions with their judgements, as `evaluate` reads them from a file: the meaning of its fields.

A question has a text, an id, optionally a `type` and its own filters, and its judgements in one of three forms:

- `evidence`: a list of `{"doc": document id, "quote": words of the document}`, `{"doc": …, "start": …, "end": …}`
  (offsets in the document's text) or `{"passage": "DOCUMENT@START-END"}`, each with an optional `grade`: 2 (right),
  1 (partly right, the default) or 0 (wrong);
- `passages`: a list of such passage ids;
- qrels next to the questions, as in a BEIR folder, which grade documents or passages.

An empty list says that the documents do not answer the question; a missing key says that it was not judged. In a CSV,
`evidence`, `passages` and `filters` are JSON in a cell, or a row has the columns `doc`, `quote` and `grade`. Other
fields are copied to the answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from corpus.records import parse_span_id
from corpus.translation import gettext as _
from qa.errors import EXPECTED_TYPES, FilterError, JudgementError
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence in a document: a quote, or a span of its canonical text. Grade 0 says that it does not answer."""

    document: str
    quote: str | None = None
    span: tuple[int, int] | None = None
    grade: int = 1


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
    def relevant_evidence(self) -> tuple[Evidence, ...]:
        """The evidence that answers the question, at least partly."""
        return tuple(evidence for evidence in self.evidence or () if evidence.grade > 0)

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
                _(
                    "%(folder)s: the folder has no %(source)s: name the file of questions with --queries FILE",
                    folder=folder,
                    source=source.name,
                )
            )
    elif path is not None and queries is not None:
        raise JudgementError(
            _("%(path)s and %(queries)s: two files of questions: name only one", path=path, queries=queries)
        )
    elif (named := queries or path) is None:
        raise JudgementError(_("no questions: name a file (jsonl, csv, txt), a BEIR folder, or --queries FILE"))
    else:
        source = named
    items = _number([(row, _parse_question(source, row)) for row in read_rows(source, columns)], source)
    if not items:
        raise JudgementError(
            _("%(source)s: no questions in the file: must be jsonl, csv, txt or a BEIR folder", source=source)
        )
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


def evidence_of_passage(identifier: str) -> Evidence | None:
    """Return the evidence that a passage id names; None for another form."""
    parsed = parse_span_id(identifier)
    return None if parsed is None else Evidence(parsed[0], span=parsed[1:])


def _resolve(folder: Path, path: Path) -> Path:
    return path if path.exists() or not (folder / path).exists() else folder / path


def _find_qrels(folder: Path) -> Path | None:
    if (folder / QRELS).is_file():
        return folder / QRELS
    others = sorted((folder / QRELS.parent).glob("*.tsv"))
    if len(others) > 1:
        names = ", ".join(path.name for path in others)
        raise JudgementError(
            _(
                "%(folder)s: several files of judgements (%(names)s): choose one with --qrels FILE",
                folder=folder,
                names=names,
            )
        )
    return others[0] if others else None


def _add_grades(source: Path, items: Sequence[Question], qrels: Path) -> Questions:
    """Add the grades of a file of qrels; they replace evidence."""
    grades = read_qrels(qrels)
    notices: list[str] = []
    unknown = sorted(grades.keys() - {item.id for item in items})
    if len(unknown) == len(grades):
        raise JudgementError(
            _(
                '%(qrels)s: no judgement matches a question of %(source)s (it judges "%(unknown)s", the first '
                'question is "%(id)s"): name the qrels of these questions with --qrels FILE',
                qrels=qrels,
                source=source,
                unknown=unknown[0][:60],
                id=items[0].id[:60],
            )
        )
    if unknown:
        notices.append(
            _(
                "%(qrels)s judges %(count)s questions that are not in %(source)s: ignored",
                qrels=qrels.name,
                count=f"{len(unknown):,}",
                source=source.name,
            )
        )
    graded = [replace(item, evidence=None, grades=grades[item.id]) if item.id in grades else item for item in items]
    return Questions(source, tuple(graded), tuple(notices))


def _parse_cell(value: object) -> object:
    """Parse the JSON in a cell of a table; values that are no text are returned as they are."""
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value)
    except ValueError as error:
        raise ValueError(_(" is %(value)s: must be JSON (%(error)s)", value=_abbreviate(value), error=error)) from error


class _EvidenceFields(BaseModel):
    """An entry of `evidence`."""

    model_config = ConfigDict(strict=True)

    doc: str = ""
    quote: str = ""
    start: int | None = None
    end: int | None = None
    passage: str | None = None
    grade: Annotated[Literal[0, 1, 2], BeforeValidator(_parse_cell)] = 1

    @model_validator(mode="after")
    def _check_form(self) -> _EvidenceFields:
        if self.passage is not None:
            if evidence_of_passage(self.passage) is None:
                raise ValueError(
                    _(" is %(passage)s: must be a passage id (DOCUMENT@START-END)", passage=_abbreviate(self.passage))
                )
            return self
        for name in ("doc",) if self._has_offsets else ("doc", "quote"):
            if not getattr(self, name).strip():
                raise ValueError(
                    _(" has no string `%(name)s`: must have a document's id and a quote from that document", name=name)
                )
        if self._has_offsets and (self.start is None or self.end is None or not 0 <= self.start < self.end):
            raise ValueError(
                _(
                    " has `start` %(start)s and `end` %(end)s: must be whole numbers, 0 <= start < end",
                    start=self.start,
                    end=self.end,
                )
            )
        return self

    @property
    def _has_offsets(self) -> bool:
        return not self.quote and (self.start is not None or self.end is not None)

    def evidence(self) -> Evidence:
        """Return the evidence that the entry describes."""
        if self.passage is not None and (passage := evidence_of_passage(self.passage)) is not None:
            return replace(passage, grade=self.grade)
        if self.start is not None and self.end is not None and self._has_offsets:
            return Evidence(self.doc, span=(self.start, self.end), grade=self.grade)
        return Evidence(self.doc, quote=self.quote, grade=self.grade)


def _parse_passages(value: object) -> object:
    """Return a cell or list of passage ids as entries of evidence."""
    if isinstance(value, str) and not value.lstrip().startswith("["):
        value = [identifier for identifier in re.split(r"[;\s]+", value) if identifier]
    value = _parse_cell(value)
    return [{"passage": item} for item in value] if isinstance(value, list) else value


def _parse_filters(value: object) -> Filters:
    if value is None or value == "":
        return Filters()
    try:
        return filters_from_json(_parse_cell(value))
    except FilterError as error:
        raise ValueError(_(": %(error)s", error=error)) from error


_Id = Annotated[StrictStr | StrictInt, Field(union_mode="left_to_right")]


_Entries = Annotated[list[_EvidenceFields], Field(fail_fast=True)]


class _QuestionFields(BaseModel):
    """The fields of a question that are read; all others are carried through."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    id: _Id = ""
    question: StrictStr
    evidence: Annotated[_Entries | None, BeforeValidator(_parse_cell)] = None
    passages: Annotated[_Entries | None, BeforeValidator(_parse_passages)] = None
    filters: Annotated[Filters, BeforeValidator(_parse_filters)] = Filters()


_KINDS = EXPECTED_TYPES | {
    "literal_error": "0 (wrong), 1 (partly right) or 2 (right)",
    "list_type": "a list, empty if the documents do not answer",
    "model_type": 'an object, such as {"doc": "…", "quote": "…"}',
}
"""What a field must be, by the type of pydantic's error."""


def _parse_question(path: Path, row: QuestionRow) -> Question:
    """Return the question of a row; its id is empty if the row has none."""
    fields = row.fields
    text_key = next((name for name in TEXT_COLUMNS if name in fields), None)
    if text_key is None:
        fail(path, row.line, f"no `question` (keys: {', '.join(fields)[:120] or 'none'})")
    id_key = "id" if "id" in fields else "_id"
    read = {name: fields[name] for name in ("evidence", "passages", "filters") if fields.get(name) is not None}
    if "evidence" not in read and "quote" in fields and "doc" in fields:  # a row of a table
        read["evidence"] = [{name: fields[name] for name in ("doc", "quote", "grade") if name in fields}]
    if fields.get(id_key) is not None:
        read["id"] = fields[id_key]
    try:
        parsed = _QuestionFields.model_validate({**read, "question": fields[text_key]})
    except ValidationError as error:
        fail(path, row.line, _describe(error, {"question": text_key, "id": id_key}))
    judged = [entries for entries in (parsed.evidence, parsed.passages) if entries is not None]
    kind = fields.get("type")
    return Question(
        id=str(parsed.id).strip(),
        text=parsed.question,
        line=row.line,
        type=str(kind) if isinstance(kind, str | int) and str(kind).strip() else None,
        evidence=tuple(entry.evidence() for entries in judged for entry in entries) if judged else None,
        filters=parsed.filters,
        extra={key: value for key, value in fields.items() if key not in {text_key, id_key, "filters"}},
    )


def _describe(error: ValidationError, names: Mapping[str, str]) -> str:
    """Name the first wrong field as the file names it, its value, and what it must be."""
    first, *others = error.errors(include_url=False)
    name, *rest = first["loc"]
    path = names.get(str(name), str(name))
    for part in rest:  # elsewhere the location goes on with the types that were tried
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if name == "evidence" else ""
    if first["type"] == "value_error":  # of a validator here: what follows the name of the field
        return f"`{path}`{first['ctx']['error']}"
    kinds = [_KINDS.get(detail["type"], detail["msg"]) for detail in (first, *others) if detail["loc"][0] == name]
    return f"`{path}` is {_abbreviate(first['input'])}: must be {' or '.join(dict.fromkeys(kinds))}"


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


def _abbreviate(value: object) -> str:
    """Return the repr of a value, at most 60 characters long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
