"""The shapes of the JSON objects that programs are given, for those who need them as types or as a JSON schema.

`qa.output.json_objects` and `qa.api.service` make the objects; a test holds the two against each other.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

# pydantic takes a TypedDict of `typing` from Python 3.12 on only


class Described(TypedDict):
    """Reads the texts under the fields as their descriptions."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # type: ignore[misc]  # noqa: RUF012


class UnderstoodJson(Described):
    """What was understood of a question: preferences, which exclude nothing, and the filters, which do."""

    years: list[int]
    """Years of events that the question names."""
    editions: list[int]
    """Editions, the years on covers, that the question names."""
    series: list[str]
    compare: bool
    """Whether the question asks to compare editions."""
    filters: dict[str, list[str]]


class SentenceJson(Described):
    """A sentence of an answer, verbatim."""

    text: str
    passage: str
    """The id of the passage it stands in, one of `passages`."""
    start: int
    """Offset of its first character in the document's text."""
    end: int


class AlsoInJson(Described):
    """A nearly identical passage of another document."""

    document: str
    edition: int | None
    passage: str


class CitedJson(Described):
    """A stretch of a document, verbatim, with its place and its citation."""

    # pydantic reads the texts under the fields of a class for that class alone, not for those that inherit them
    id: Annotated[str, Field(description="DOCUMENT@START-END; `section` takes it.")]
    document: Annotated[str, Field(description="The document's id.")]
    title: str
    series: str | None
    edition: Annotated[int | None, Field(description="The year on the cover.")]
    covers: Annotated[
        list[int] | None, Field(description="The first and last year whose events the document describes.")
    ]
    part: str | None
    section: Annotated[list[str], Field(description="The headings over it, outermost first.")]
    language: str | None
    page: Annotated[int | None, Field(description="The page of the file, from 1.")]
    page_label: Annotated[str | None, Field(description="The page number that is printed on it.")]
    start: int
    end: int
    text: Annotated[str, Field(description="Verbatim.")]
    url: str | None
    citation: Annotated[str, Field(description="How to cite it.")]


class PassageJson(CitedJson):
    """A passage that was found, with its score."""

    rank: int
    kind: str
    score: float
    scores: dict[str, float]
    highlights: list[list[int]]
    """Offsets of the sentences that match the question best."""
    also_in: list[AlsoInJson]


class AnswerJson(Described):
    """An answer: verbatim sentences, and the passages that they stand in."""

    id: str
    question: str
    understood: UnderstoodJson
    notices: list[str]
    """What the user should be told."""
    answered: bool
    """False where the documents do not seem to answer the question; then `passages` are the nearest there are."""
    confidence: float
    """The probability that the passages answer the question."""
    answer: list[SentenceJson]
    passages: list[PassageJson]


class DocumentJson(Described):
    """A document's metadata."""

    id: str
    title: str
    series: str | None
    publisher: str | None
    edition: int | None
    """The year on the cover."""
    covers: list[int] | None
    """The first and last year whose events it describes."""
    published: str | None
    part: str | None
    url: str | None
    language: str | None
    passages: int
    long_sentences: int
    furniture: int
    contradictions: list[str]
    """What was declared of it and does not fit its text."""
    source: str
    """The name of its file."""
    sha256: str
    origins: dict[str, str]
    """Where each value comes from: catalogue, file, inferred or unknown."""


class IndexJson(Described):
    """How much there is."""

    documents: int
    passages: int


class DocumentsJson(Described):
    """Documents of a library."""

    index: IndexJson
    notices: list[str]
    total: int
    """How many documents the filters keep."""
    documents: list[DocumentJson]


class ContextJson(Described):
    """A stretch of a document with the section around it."""

    start: int
    end: int
    text: str
    cut: bool
    """Whether the section is longer than what is given."""


class SectionJson(CitedJson):
    """A stretch of a document, verbatim, with its citation and the section around it."""

    context: ContextJson


class ItemJson(Described):
    """A heading, or another item of an outline."""

    text: str
    kind: str
    parent: int | None
    """Place in the list of the item that it stands under."""
    level: int | None
    start: int
    end: int
    page: int | None
    page_label: str | None
    id: str
    """DOCUMENT@START-END of all that stands under it; `section` takes it."""


class OutlineJson(Described):
    """The headings of a document in text order."""

    document: str
    title: str
    total: int
    """How many items there are; a very long list is cut."""
    items: list[ItemJson]


class QuotedPlaceJson(Described):
    """Where words stand."""

    id: str
    """DOCUMENT@START-END; `section` takes it."""
    document: str
    title: str
    series: str | None
    edition: int | None
    section: list[str]
    page: int | None
    page_label: str | None
    start: int
    end: int
    text: str
    citation: str


class DifferingWordsJson(Described):
    """Offsets of the words that differ, in the source's text and in the draft."""

    source: list[list[int]]
    draft: list[list[int]]


class QuotationJson(Described):
    """A quotation of a draft, and what became of it."""

    text: str
    start: int
    end: int
    line: int
    block: bool
    """Whether it is a block quote."""
    status: str
    """verbatim, altered, not found, or short: too short to tell."""
    source: QuotedPlaceJson | None
    also: list[QuotedPlaceJson]
    """Further places where it stands."""
    nearest: QuotedPlaceJson | None
    words: DifferingWordsJson


class CheckedFigureJson(Described):
    """A figure of a draft beside which a source is named."""

    text: str
    start: int
    end: int
    line: int
    status: str
    """agrees, differs or not found."""
    named: str
    """The source that is named."""
    source: QuotedPlaceJson | None
    sentence: str


class CheckedJson(Described):
    """A draft held against its sources."""

    draft: str
    notices: list[str]
    faults: bool
    """Whether something is altered, differs or is not found."""
    counts: dict[str, int]
    quotations: list[QuotationJson]
    figures: list[CheckedFigureJson]
