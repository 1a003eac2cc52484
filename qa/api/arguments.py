"""The arguments that programs send: their types, and a line for those that do not fit. pydantic looks at them.

For the form's endpoints and the tools for language models alike; what bounds there are is the business of
`qa.api.service`, and nothing here knows who asks.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from typing import Annotated, Any, get_type_hints

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError, create_model

from qa import limits
from qa.api.service import LONGEST_STRETCH, MOST_DOCUMENTS, MOST_PASSAGES
from qa.errors import RequestError

Json = dict[str, Any]


def _shown_within(**bounds: int) -> dict[str, Any]:
    """For the schema alone: who asks reads it there, and `qa.api.service` says it where it is not kept."""
    return {"json_schema_extra": dict(bounds)}


_FIRST = Field(fail_fast=True)
"""Of a list only the first wrong element is told: of a million an error each would be gigabytes, and half a minute."""

_Texts = Annotated[list[StrictStr], _FIRST]
_YearsOrRanges = Annotated[list[StrictStr | StrictInt], _FIRST]

Question = Annotated[
    StrictStr,
    Field(
        description="The question, in whole words; years and names of series in it are preferences.",
        examples=["How many ships?"],
    ),
]
Count = Annotated[
    StrictInt,
    Field(description="How many passages to give.", examples=[5], **_shown_within(minimum=1, maximum=MOST_PASSAGES)),
]
Series = Annotated[
    _Texts | None,
    Field(description="Only these series, by their names as `documents` lists them.", examples=[["Annual Report"]]),
]
Edition = Annotated[
    _YearsOrRanges | None,
    Field(
        description='Only editions (years on covers): years as "2016" or ranges as "2014..2020".',
        examples=[["2016", "2018..2020"]],
    ),
]
Covers = Annotated[
    _YearsOrRanges | None,
    Field(
        description='Only documents that describe events of these years: "2015", or a range as "2014..2020".',
        examples=[["2015", "2017..2019"]],
    ),
]
Ids = Annotated[_Texts | None, Field(description="Only these documents, by their ids.", examples=[["report-2016"]])]
PassageId = Annotated[
    StrictStr,
    Field(
        description=f"The id of a passage or heading, or any stretch DOCUMENT@START-END of up to {LONGEST_STRETCH:,} "
        "characters; offsets count the characters of the document's text.",
        examples=["report-2016@200-300"],
    ),
]
First = Annotated[
    StrictInt, Field(description="Number of the first document to list.", examples=[0], **_shown_within(minimum=0))
]
Most = Annotated[
    StrictInt,
    Field(description="How many to list.", examples=[50], **_shown_within(minimum=1, maximum=MOST_DOCUMENTS)),
]
DocumentId = Annotated[StrictStr, Field(description="The document's id.", examples=["report-2016"])]
HeadingsOnly = Annotated[
    StrictBool, Field(description="False lists notes, captions and glossary entries, too.", examples=[True])
]
Topic = Annotated[
    StrictStr,
    Field(description="What to compare, in words; empty for the outlines of whole editions.", examples=["piracy"]),
]
Years = Annotated[
    Annotated[list[StrictInt], _FIRST] | None,
    Field(description="Years of editions; two or more where whole ones are compared.", examples=[[2016, 2020]]),
]
Heading = Annotated[
    StrictStr | None,
    Field(
        description="Of whole editions, only sections under a heading with these words.", examples=["Maritime security"]
    ),
]
Draft = Annotated[
    StrictStr,
    Field(
        description="The text to check, plain or Markdown.",
        examples=["“147 merchant ships”"],
        **_shown_within(minLength=1, maxLength=limits.DRAFT.value),
    ),
]
Questions = Annotated[list[Json], Field(fail_fast=True, examples=[[{"question": "How many ships?"}]])]
Measures = Annotated[_Texts | None, Field(examples=[["nDCG@10"]])]

_KINDS = {
    "string_type": "a text",
    "string_unicode": "a text that UTF-8 can write",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
}
_LONGEST = 60
"""Characters of a value that a line quotes, and so the most of its parts that are looked at."""


class Arguments:
    """The arguments of a function, by its annotations."""

    def __init__(self, function: Callable[..., Any]) -> None:
        hints = get_type_hints(function, include_extras=True)
        parameters = inspect.signature(function).parameters.values()
        fields: Any = {
            one.name: (hints[one.name], ... if one.default is inspect.Parameter.empty else one.default)
            for one in parameters
        }
        self._function = function.__name__
        self._model = create_model(function.__name__, __config__=ConfigDict(extra="forbid"), **fields)

    def read(self, *values: object) -> Json:
        """All arguments by their names, those that were not given by their defaults. Raises RequestError."""
        if len(values) > len(self._model.model_fields):
            raise self._miscounted(values)
        given = dict(zip(self._model.model_fields, values, strict=False))
        try:
            found = self._model.model_validate(given)
        except ValidationError as error:
            raise RequestError(self.said(error, given)) from error
        return {name: getattr(found, name) for name in self._model.model_fields}

    def rest(self, values: Sized) -> list[object]:
        """The defaults of the arguments behind so many values.

        Raises RequestError where there are more values than arguments, or one that is lacking has no default.
        """
        lacking = list(self._model.model_fields.values())[len(values) :]
        if len(values) > len(self._model.model_fields) or any(one.is_required() for one in lacking):
            raise self._miscounted(values)
        return [one.default for one in lacking]

    def _miscounted(self, values: Sized) -> RequestError:
        fields = self._model.model_fields
        listed = ", ".join(
            name if one.is_required() else f"{name}={written(one.default)}" for name, one in fields.items()
        )
        least = sum(one.is_required() for one in fields.values())
        count = f"{least} to {len(fields)}" if least < len(fields) else f"{least}"
        return RequestError(f"number of arguments of {self._function} is {len(values)}: must be {count} ({listed})")

    def know(self, names: Iterable[str]) -> None:
        """Raise RequestError for a name that is none of an argument."""
        for name in names:
            if name not in self._model.model_fields:
                known = ", ".join(self._model.model_fields)
                raise RequestError(f"{self._function} has no argument {written(name)} (known: {known})")

    def said(self, error: ValidationError, given: Mapping[str, Any]) -> str:
        """The first argument at fault, what came, and what was expected."""
        self.know(given)
        first, *others = error.errors(include_url=False, include_context=False)
        name = str(first["loc"][0])
        example = next(iter(self._model.model_fields[name].examples or ()), None)
        hint = f", as {written(example, 100)}" if example is not None else ""
        if first["type"] == "missing":
            return f"{self._function} has no {name}: must be given{hint}"
        path = _path(first["loc"], given)
        # a value that may be of several kinds is at fault once for each
        same = [first, *(one for one in others if _path(one["loc"], given) == path)]
        kinds = " or ".join(dict.fromkeys(_KINDS.get(one["type"], one["msg"]) for one in same))
        if path != name:
            hint = f" ({name}{hint})" if hint else ""
        return f"{path} is {written(first['input'])}: must be {kinds}{hint}"


def _path(location: Sequence[str | int], given: Mapping[str, Any]) -> str:
    """`edition[0]`, from a location that names, beside keys and places, the kinds that were tried."""
    name, *rest = location
    value, path = given.get(str(name)), str(name)
    for part in rest:
        if isinstance(part, int) and isinstance(value, list):
            value, path = value[part], f"{path}[{part}]"
        elif isinstance(value, dict) and part in value:
            value, path = value[part], f"{path}.{part}"
    return path


def written(value: object, longest: int = _LONGEST) -> str:
    """A value as JSON writes it, shortly."""
    text = json.dumps(_cut(value), ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _cut(value: object, depth: int = 4) -> object:
    """What of a value a line can show: a caller may nest lists as deep as Python goes."""
    if isinstance(value, str):
        return value[:_LONGEST]
    if isinstance(value, list | tuple):
        return [_cut(one, depth - 1) for one in value[:_LONGEST]] if depth else "…"
    if isinstance(value, dict):
        return {key[:_LONGEST]: _cut(value[key], depth - 1) for key in list(value)[:_LONGEST]} if depth else "…"
    return value
