"""Types of the arguments that programs send, validated by pydantic, and plain messages for wrong ones.

`qa.api.service` declares with them what the HTTP endpoints and the MCP tools take, and checks the bounds.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from typing import Annotated, Any, get_type_hints

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError, create_model

from corpus.processes import Json
from qa import limits
from qa.errors import EXPECTED_TYPES, RequestError

MAX_PASSAGES = 100
MAX_DOCUMENTS = 500
MAX_EXCERPT = 50_000
"""Characters of a document per request."""


def _documented_bounds(**bounds: int) -> dict[str, Any]:
    """Add bounds to the schema only; `qa.api.service` enforces them, with its own messages."""
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
