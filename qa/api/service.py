"""The functions behind the HTTP endpoints and the MCP tools, and the types of their arguments.

Their annotations and docstrings are what programs see of them. They return the JSON objects of the command line. Every
request is bounded, nothing changes the library, and no path of this machine is disclosed: documents are named by ids.
Wrong arguments get plain messages, not those of pydantic.
"""

from __future__ import annotations

import inspect
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, cast, get_type_hints

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError, create_model

from corpus.processes import Json
from corpus.records import HEADED_KINDS, format_span_id
from qa import limits
from qa.answering.excerpt import SECTION_CONTEXT, read_excerpt
from qa.answering.library import DEFAULT_K, Library
from qa.errors import EXPECTED_TYPES, RequestError
from qa.output import schema
from qa.output.json_objects import answer_json, document_json, excerpt_json, outline_json
from qa.question.filters import Filters, parse_filters

MAX_PASSAGES = 100
MAX_DOCUMENTS = 500
MAX_EXCERPT = 50_000
"""Characters of a document per request."""


def _documented_bounds(**bounds: int) -> dict[str, Any]:
    """Add bounds to the schema only; `LibraryService` enforces them, with its own messages."""
    return {"json_schema_extra": dict(bounds)}


_FIRST = Field(fail_fast=True)
"""Report only the first wrong element of a list: a million errors would take gigabytes and half a minute."""

_Texts = Annotated[list[StrictStr], _FIRST]
_YearsOrRanges = Annotated[list[StrictStr | StrictInt], _FIRST]

Question = Annotated[
    StrictStr,
    Field(
        description="The question; years and names of series in it are preferences.",
        examples=["How many ships?"],
    ),
]
Count = Annotated[
    StrictInt,
    Field(
        description="Maximum number of passages.", examples=[5], **_documented_bounds(minimum=1, maximum=MAX_PASSAGES)
    ),
]
Series = Annotated[
    _Texts | None,
    Field(description="Only these series, named as in `documents`.", examples=[["Annual Report"]]),
]
Edition = Annotated[
    _YearsOrRanges | None,
    Field(
        description='Only these editions (years on covers): "2016", or a range such as "2014..2020".',
        examples=[["2016", "2018..2020"]],
    ),
]
Covers = Annotated[
    _YearsOrRanges | None,
    Field(
        description='Only documents about events of these years: "2015", or a range such as "2014..2020".',
        examples=[["2015", "2017..2019"]],
    ),
]
Ids = Annotated[_Texts | None, Field(description="Only these documents, by id.", examples=[["report-2016"]])]
PassageId = Annotated[
    StrictStr,
    Field(
        description=f"The id of a passage or heading, or any span DOCUMENT@START-END of up to {MAX_EXCERPT:,} "
        "characters; offsets count the characters of the document's text.",
        examples=["report-2016@200-300"],
    ),
]
First = Annotated[
    StrictInt, Field(description="Number of the first document to list.", examples=[0], **_documented_bounds(minimum=0))
]
Most = Annotated[
    StrictInt,
    Field(
        description="Maximum number of documents to list.",
        examples=[50],
        **_documented_bounds(minimum=1, maximum=MAX_DOCUMENTS),
    ),
]
DocumentId = Annotated[StrictStr, Field(description="The document's id.", examples=["report-2016"])]
HeadingsOnly = Annotated[
    StrictBool, Field(description="False lists notes, captions and glossary entries as well.", examples=[True])
]
Topic = Annotated[
    StrictStr,
    Field(description="What to compare; empty to compare the outlines of whole editions.", examples=["piracy"]),
]
Years = Annotated[
    Annotated[list[StrictInt], _FIRST] | None,
    Field(description="Years of editions; two or more to compare outlines.", examples=[[2016, 2020]]),
]
Heading = Annotated[
    StrictStr | None,
    Field(
        description="When comparing outlines, only sections under a heading with these words.",
        examples=["Maritime security"],
    ),
]
Draft = Annotated[
    StrictStr,
    Field(
        description="The text to check, plain or Markdown.",
        examples=["“147 merchant ships”"],
        **_documented_bounds(minLength=1, maxLength=limits.DRAFT.value),
    ),
]
Questions = Annotated[list[Json], Field(fail_fast=True, examples=[[{"question": "How many ships?"}]])]
Measures = Annotated[_Texts | None, Field(examples=[["nDCG@10"]])]

_KINDS = EXPECTED_TYPES | {
    "string_unicode": "a string that UTF-8 can write",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
}
_LONGEST = 60
"""Maximum characters of a value quoted in a message."""


class Arguments:
    """The arguments of a function, read from its annotations."""

    def __init__(self, function: Callable[..., Any]) -> None:
        hints = get_type_hints(function, include_extras=True)
        parameters = inspect.signature(function).parameters.values()
        fields: Any = {
            parameter.name: (
                hints[parameter.name],
                ... if parameter.default is inspect.Parameter.empty else parameter.default,
            )
            for parameter in parameters
        }
        self._function = function.__name__
        self._model = create_model(function.__name__, __config__=ConfigDict(extra="forbid"), **fields)

    def read(self, *values: object) -> Json:
        """Return all arguments by name, missing ones with their defaults. Raises RequestError."""
        if len(values) > len(self._model.model_fields):
            raise self._count_message(values)
        arguments = dict(zip(self._model.model_fields, values, strict=False))
        try:
            parsed = self._model.model_validate(arguments)
        except ValidationError as error:
            raise RequestError(self.describe(error, arguments)) from error
        return {name: getattr(parsed, name) for name in self._model.model_fields}

    def defaults_after(self, values: Sized) -> list[object]:
        """Return the defaults of the arguments that follow these values.

        Raises RequestError for too many values, or if a missing argument has no default.
        """
        missing = list(self._model.model_fields.values())[len(values) :]
        if len(values) > len(self._model.model_fields) or any(field.is_required() for field in missing):
            raise self._count_message(values)
        return [field.default for field in missing]

    def _count_message(self, values: Sized) -> RequestError:
        fields = self._model.model_fields
        listed = ", ".join(
            name if field.is_required() else f"{name}={format_value(field.default)}" for name, field in fields.items()
        )
        least = sum(field.is_required() for field in fields.values())
        count = f"{least} to {len(fields)}" if least < len(fields) else f"{least}"
        return RequestError(f"number of arguments of {self._function} is {len(values)}: must be {count} ({listed})")

    def check_names(self, names: Iterable[str]) -> None:
        """Raise RequestError for an unknown argument."""
        for name in names:
            if name not in self._model.model_fields:
                known = ", ".join(self._model.model_fields)
                raise RequestError(f"{self._function} has no argument {format_value(name)} (known: {known})")

    def describe(self, error: ValidationError, arguments: Mapping[str, Any]) -> str:
        """Name the first wrong argument, its value, and what was expected."""
        self.check_names(arguments)
        first, *others = error.errors(include_url=False, include_context=False)
        name = str(first["loc"][0])
        example = next(iter(self._model.model_fields[name].examples or ()), None)
        hint = f", such as {format_value(example, 100)}" if example is not None else ""
        if first["type"] == "missing":
            return f"{self._function} needs the argument {name}{hint}"
        path = _path(first["loc"], arguments)
        # pydantic reports one error for each type of a union
        same = [first, *(detail for detail in others if _path(detail["loc"], arguments) == path)]
        kinds = " or ".join(dict.fromkeys(_KINDS.get(detail["type"], detail["msg"]) for detail in same))
        if path != name:
            hint = f" ({name}{hint})" if hint else ""
        return f"{path} is {format_value(first['input'])}: must be {kinds}{hint}"


def _path(location: Sequence[str | int], arguments: Mapping[str, Any]) -> str:
    """Format a pydantic location as `edition[0]`; it also contains names of the types tried, which are omitted."""
    name, *rest = location
    value, path = arguments.get(str(name)), str(name)
    for part in rest:
        if isinstance(part, int) and isinstance(value, list):
            value, path = value[part], f"{path}[{part}]"
        elif isinstance(value, dict) and part in value:
            value, path = value[part], f"{path}.{part}"
    return path


def format_value(value: object, longest: int = _LONGEST) -> str:
    """Format a value as short JSON."""
    text = json.dumps(_cut(value), ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _cut(value: object, depth: int = 4) -> object:
    """Cut a value for a message; a caller may nest lists deeper than Python's recursion limit."""
    if isinstance(value, str):
        return value[:_LONGEST]
    if isinstance(value, list | tuple):
        return [_cut(item, depth - 1) for item in value[:_LONGEST]] if depth else "…"
    if isinstance(value, dict):
        return {key[:_LONGEST]: _cut(value[key], depth - 1) for key in list(value)[:_LONGEST]} if depth else "…"
    return value


MAX_FILTERS = 100
"""Values of one kind of filter."""

MAX_ITEMS = 5_000
"""Items of an outline."""

MAX_QUESTIONS = 1_000
MAX_EVALUATED_PASSAGES = 20_000
"""Questions times passages of an evaluation."""

Values = Sequence[str | int] | None


class LibraryService:
    """A library as programs see it.

    All methods raise RequestError for values out of bounds, FilterError and other QuestionErrors, and the errors of the
    index; `library` returns the library once it is open and raises what opening it raised.
    """

    def __init__(self, library: Callable[[], Library]) -> None:
        self._library = library

    def ask(
        self,
        question: Question,
        k: Count = DEFAULT_K,
        series: Series = None,
        edition: Edition = None,
        covers: Covers = None,
        document: Ids = None,
    ) -> schema.AnswerJson:
        """Answer a question with verbatim sentences and the passages that contain them, each with its citation.

        The filters exclude; use them only where the question itself is limited to certain editions, years or documents.
        The result is the object that `yearbook-qa ask --format json` prints.
        """
        _check_range("k", k, 1, MAX_PASSAGES)
        wanted = filters(series, edition, covers, document)
        return answer_json(self._library().ask(question, k, wanted))

    def documents(
        self,
        series: Series = None,
        edition: Edition = None,
        covers: Covers = None,
        document: Ids = None,
        first: First = 0,
        most: Most = 100,
    ) -> schema.DocumentsJson:
        """List the documents of the library: title, series, edition, years covered, and where each value comes from.

        The list begins at number `first` (from 0) and holds `most`; `total` says how many there are.
        """
        _check_range("first", first, 0, None)
        _check_range("most", most, 1, MAX_DOCUMENTS)
        wanted = filters(series, edition, covers, document)
        library = self._library()
        index = library.index
        selected = wanted.select(index.documents)
        return {
            "index": {"documents": len(index.documents), "passages": index.manifest.passages},
            "notices": list(library.notices),
            "total": len(selected),
            "documents": [
                {**document_json(document), "source": PurePosixPath(document.source).name}
                for document in selected[first : first + most]
            ],
        }

    def section(self, passage: PassageId) -> schema.SectionJson:
        """Show a passage, verbatim, with its citation and, in `context`, the whole section around it.

        Of a long section the context holds 20,000 characters on each side of the passage.
        """
        excerpt = read_excerpt(self._library().index, passage, whole_section=True)
        start, end = excerpt.start, excerpt.end
        if end - start > MAX_EXCERPT:
            raise RequestError(f'"{passage[:200]}" has {end - start:,} characters: request at most {MAX_EXCERPT:,}')
        shown = excerpt_json(excerpt)
        context = shown["context"]
        first, last = max(context["start"], start - SECTION_CONTEXT), min(context["end"], end + SECTION_CONTEXT)
        text = context["text"][first - context["start"] : last - context["start"]]
        cut = (first, last) != (context["start"], context["end"])
        return {**shown, "context": {"start": first, "end": last, "text": text, "cut": cut}}

    def outline(self, document: DocumentId, headings_only: HeadingsOnly = True) -> schema.OutlineJson:
        """List the headings of a document, each with the id by which `section` shows its content."""
        index = self._library().index
        info = index.info(document)
        items = outline_json(index.document(document))
        selected = [old for old, item in enumerate(items) if not headings_only or item["kind"] in HEADED_KINDS]
        positions = {old: new for new, old in enumerate(selected)}
        listed: list[schema.ItemJson] = []
        for item in (items[old] for old in selected[:MAX_ITEMS]):
            parent = item["parent"]
            while parent is not None and parent not in positions:
                parent = items[parent]["parent"]
            identifier = format_span_id(info.id, item["start"], item["end"])
            listed.append({**item, "parent": None if parent is None else positions[parent], "id": identifier})
        return {"document": info.id, "title": info.title, "total": len(selected), "items": listed}

    def compare(
        self,
        topic: Topic = "",
        editions: Years = None,
        section: Heading = None,
        series: Series = None,
        document: Ids = None,
    ) -> schema.ComparedJson:
        """Compare what each edition says of a topic: passages, sentences that changed, figures that moved, a time line.

        Without a topic: which sections of whole editions were kept, renamed, moved, split, merged, dropped or are new.
        """
        from qa.editions.outlines import compare_outlines
        from qa.output.json_objects import comparison_json, outlines_json

        _check_range("number of editions", len(editions or ()), 0, MAX_FILTERS)
        for year in editions or ():
            _check_range("a year of editions", year, 0, 9999)
        if topic.strip():
            wanted = filters(series, editions, None, document)
            return cast("schema.ComparedJson", comparison_json(self._library().compare(topic, wanted)))
        wanted = filters(series, None, None, document)
        outlines = compare_outlines(self._library().index, editions or (), wanted, section)
        return cast("schema.ComparedJson", outlines_json(outlines))

    def check(
        self,
        draft: Draft,
        series: Series = None,
        edition: Edition = None,
        covers: Covers = None,
        document: Ids = None,
    ) -> schema.CheckedJson:
        """Find every quotation of a draft: verbatim, altered (with the words that differ), misattributed or not found.

        Figures are compared with a source that their sentence names.
        """
        from qa.checking.draft import from_text
        from qa.checking.report import check_draft
        from qa.output.json_objects import report_json

        _check_range("number of characters of the draft", len(draft), 1, limits.DRAFT.value)
        return report_json(check_draft(self._library(), from_text(draft), filters(series, edition, covers, document)))

    def evaluate(
        self,
        questions: Questions,
        k: Count = 10,
        series: Series = None,
        edition: Edition = None,
        covers: Covers = None,
        document: Ids = None,
        measures: Measures = None,
    ) -> schema.EvaluationJson:
        """Answer a list of questions (up to 1,000), and measure the answers of those that are judged.

        A question is an object with `question`, perhaps `id`, `type`, `filters`, and what answers it: `evidence`, a
        list of {"doc": document id, "quote": verbatim words}, empty where nothing does. `answers` and `metrics` of the
        result are what `yearbook-qa evaluate` writes to answers.jsonl and metrics.json.
        """
        from qa.evaluation import evaluate
        from qa.evaluation.metrics import DEFAULT_MEASURES
        from qa.evaluation.questions import questions_from_objects

        _check_range("k", k, 1, MAX_PASSAGES)
        _check_range("number of questions", len(questions), 1, MAX_QUESTIONS)
        _check_range("number of questions times k", len(questions) * k, 1, MAX_EVALUATED_PASSAGES)
        asked = questions_from_objects(questions)
        wanted = filters(series, edition, covers, document)
        names = [*DEFAULT_MEASURES, *(measures or ())]
        with tempfile.TemporaryDirectory(prefix="yearbook-qa-") as folder:
            done = evaluate.evaluate(self._library(), asked, Path(folder), k=k, filters=wanted, measures=names)
            lines = (Path(folder) / evaluate.ANSWERS).read_text(encoding="utf-8").split("\n")  # U+2028 ends no line
        return {
            "answers": [json.loads(line) for line in lines if line],
            "metrics": cast("schema.MetricsJson | None", done.metrics),
            "notices": list(done.notices),
        }


def filters(series: Values, edition: Values, covers: Values, document: Values) -> Filters:
    """Return the filters of a request. Raises FilterError, and RequestError for too many values."""
    by_name = {"series": series, "edition": edition, "covers": covers, "document": document}
    for name, values in by_name.items():
        _check_range(f"number of values of {name}", len(values or ()), 0, MAX_FILTERS)
    return parse_filters(
        series=[str(name) for name in series or ()],
        edition=list(edition or ()),
        covers=list(covers or ()),
        document=[str(identifier) for identifier in document or ()],
    )


def _check_range(name: str, value: int, minimum: int, maximum: int | None) -> None:
    if value < minimum or (maximum is not None and value > maximum):
        limits = f"{minimum:,} to {maximum:,}" if maximum is not None else f"{minimum:,} or more"
        written = f"{value:,}" if abs(value) < 10**15 else f"{str(value)[:15]}…"  # JSON takes integers of any length
        raise RequestError(f"{name} is {written}: must be {limits}")
