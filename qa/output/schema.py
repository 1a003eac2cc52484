"""The one definition of each JSON object: types for mypy, JSON schemas for MCP tools, and the page `docs/json.md`.

`qa.output.json_objects` makes the objects; it imports these types for type checking only, so that no command waits for
pydantic. `tests.documentation` writes the page.
"""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypeAlias

from pydantic import Field, TypeAdapter, with_config
from typing_extensions import TypedDict

# pydantic accepts `typing.TypedDict` only from Python 3.12 on


@with_config(use_attribute_docstrings=True)
class Described(TypedDict):
    """Uses the strings below the fields as their descriptions; pydantic does so only for fields of the class itself."""


Covers: TypeAlias = Annotated[
    list[int] | None, Field(description="First and last year whose events the document describes.")
]
EditionYear: TypeAlias = Annotated[int | None, Field(description="The year on the cover.")]
SpanId: TypeAlias = Annotated[str, Field(description="DOCUMENT@START-END; `show` and `section` take it.")]
Offset: TypeAlias = Annotated[int, Field(description="In characters (Unicode code points) of the document's text.")]

Cells: TypeAlias = Annotated[str, Field(description='Sheet and cells in a spreadsheet, such as "Table 3-1, B12:D12".')]


class UnderstoodJson(Described):
    """What was understood of a question: preferences, which exclude nothing, and filters, which do."""

    years: list[int]
    """Years of events that the question names."""
    editions: list[int]
    """Editions (years on covers) that the question names."""
    series: list[str]
    """Series that the question names."""
    names: list[str]
    """Names of authors, places and publishers that select documents."""
    compare: bool
    """Whether the question asks to compare editions."""
    filters: dict[str, list[str]]
    """The filters in force, by name."""


class SentenceJson(Described):
    """A sentence or table row of an answer, verbatim."""

    text: str
    passage: str
    """Id of its passage, one of `passages`."""
    start: Offset
    end: Offset
    wording: NotRequired[str]
    """A table row in words, with its header cells and unit."""
    header: NotRequired[str]
    """Caption and header of the row's table."""
    cells: NotRequired[Cells]


class AlsoInJson(Described):
    """A nearly identical passage of another document."""

    document: str
    edition: EditionYear
    passage: str
    """Its id."""


class CitedJson(Described):
    """A span of a document, verbatim, with its place and citation."""

    id: SpanId
    document: Annotated[str, Field(description="Id of the document.")]
    title: str
    series: str | None
    edition: EditionYear
    covers: Covers
    part: Annotated[str | None, Field(description="The document's part of the edition.")]
    section: Annotated[list[str], Field(description="The headings above it, outermost first.")]
    language: str | None
    page: Annotated[int | None, Field(description="Page of the file, from 1.")]
    page_label: Annotated[str | None, Field(description="The page number printed on it.")]
    start: Offset
    end: Offset
    text: Annotated[str, Field(description="Verbatim.")]
    url: str | None
    citation: Annotated[str, Field(description="How to cite it.")]
    cells: NotRequired[Cells]


class PassageJson(CitedJson):
    """A passage that was found, with its score."""

    rank: Annotated[int, Field(description="From 1.")]
    kind: Annotated[str, Field(description="Kind of the section around it: section, inset, notes, table, …")]
    score: float
    scores: Annotated[dict[str, float], Field(description="The weighted parts, which add up to `score`.")]
    highlights: Annotated[list[list[int]], Field(description="Offsets of the sentences that match the question best.")]
    also_in: Annotated[list[AlsoInJson], Field(description="Nearly identical passages of other documents.")]
    header: NotRequired[Annotated[str, Field(description="Caption and header of the table whose rows it holds.")]]
    ocr_confidence: NotRequired[
        Annotated[float, Field(description="Mean confidence of its words that text recognition read, from 0 to 1.")]
    ]


class EditionSentenceJson(Described):
    """A sentence of an edition, verbatim."""

    edition: EditionYear
    passage: str
    start: Offset
    end: Offset
    text: str


class QuotedSentenceJson(EditionSentenceJson):
    """A sentence with its citation."""

    document: str
    citation: str


class QuotedFigureJson(QuotedSentenceJson):
    """A figure with what it counts, verbatim."""

    year: Annotated[int | None, Field(description="The year it describes, else the edition.")]


class AnswerChangeJson(Described):
    """A figure in each edition; composed only of quoted figures."""

    text: str
    """Such as "2015: 16 missions; 2019: 13 missions"."""
    figures: list[QuotedFigureJson]


class AnswerJson(Described):
    """An answer: verbatim sentences, and the passages that contain them."""

    id: str
    question: str
    understood: UnderstoodJson
    notices: list[str]
    """Sentences to show to the user."""
    answered: bool
    """False if the documents do not seem to answer the question; `passages` are then the nearest."""
    confidence: float
    """Probability that the passages answer the question."""
    change: AnswerChangeJson | None
    """The figure that changed between the editions that the question compares."""
    answer: list[SentenceJson]
    passages: list[PassageJson]


class DocumentJson(Described):
    """A document's metadata."""

    id: str
    title: str
    series: str | None
    publisher: str | None
    edition: EditionYear
    covers: Covers
    published: str | None
    """Date of publication."""
    part: str | None
    url: str | None
    language: str | None
    passages: int
    """Number of passages."""
    long_sentences: int
    """Sentences too long for one passage."""
    furniture: int
    """Lines of page furniture (running heads, page numbers) left out."""
    contradictions: list[str]
    """Declared metadata that does not agree with the text."""
    source: str
    """The file; for programs only its name."""
    sha256: str
    origins: dict[str, str]
    """Origin of each value: catalogue, file, inferred or unknown."""
    evidence: dict[str, str]
    """What each inferred value was inferred from, such as "cover", "date line" or "names of file and folders"."""


class IndexSizeJson(Described):
    """Size of an index."""

    documents: int
    passages: int


class DocumentsJson(Described):
    """Documents of a library."""

    index: IndexSizeJson
    notices: list[str]
    total: int
    """Number of documents that match the filters."""
    documents: list[DocumentJson]


class IndexFactsJson(Described):
    """Facts about an index."""

    folder: str
    format: int
    """Version of the index format."""
    generation: int
    model: str
    fingerprint: str
    """Identifies the model's files."""
    dimension: int
    """Dimensions of the vectors."""
    max_tokens: int
    """Tokens of a text that the model reads."""
    documents: int
    passages: int
    sentences: int
    long_sentences: int
    index_type: str
    """How vectors are searched: exact or ivf."""
    index_type_asked: str
    recall: list[list[float]]
    """For approximate search: share of vectors searched, recall of the 10 nearest, recall of the 100 nearest."""
    bytes: int
    """Size on disk."""


class InfoJson(Described):
    """An index with its documents."""

    index: IndexFactsJson
    documents: list[DocumentJson]
    warnings: dict[str, list[str]]
    """By document id: what of the file could not be read or had to be assumed."""


class LimitJson(Described):
    """A limit on what is read."""

    variable: str
    """The environment variable that changes it."""
    most: int
    """The value in force."""
    of: str
    """What it limits."""


class SectionTextJson(Described):
    """The section around a span of a document."""

    start: Offset
    end: Offset
    text: str


class ExcerptJson(CitedJson):
    """A span of a document, verbatim, with its citation and the section around it."""

    context: Annotated[SectionTextJson, Field(description="With `--section` the section, else the span.")]


class ContextJson(Described):
    """The section around a span, at most 20,000 characters on each side."""

    start: Offset
    end: Offset
    text: str
    cut: bool
    """Whether the section is longer."""


class SectionJson(CitedJson):
    """A span of a document, verbatim, with its citation and the section around it."""

    context: ContextJson


class OutlineItemJson(Described):
    """A heading, note, glossary entry or caption."""

    text: Annotated[str, Field(description="The line of the heading, verbatim.")]
    kind: str
    parent: Annotated[int | None, Field(description="Position of the enclosing item in the list.")]
    level: int | None
    start: Annotated[int, Field(description="Where its line begins.")]
    end: Annotated[int, Field(description="Where its content, with all items below it, ends.")]
    page: int | None
    page_label: str | None


class ItemJson(OutlineItemJson):
    """An item of an outline with its id."""

    id: Annotated[str, Field(description="DOCUMENT@START-END of the item with its content; `section` takes it.")]


class OutlineJson(Described):
    """The outline of a document in text order."""

    document: str
    title: str
    total: int
    """Number of items; a very long list is cut."""
    items: list[ItemJson]


class EditionTopicJson(Described):
    """What a document says of a topic."""

    document: str
    series: str | None
    edition: EditionYear
    covers: Covers
    treated: bool
    """Whether the document treats the topic: `state` is "treats"."""
    state: str
    """treats; nothing_found (it may still treat it); or not_mentioned, only where each word of the topic and every
    related sentence are absent."""
    confidence: float
    """At least .5 where it treats the topic, 0 where it does not mention it."""
    passages: list[PassageJson]
    """Empty unless `treated`."""
    nearest: PassageJson | None
    """The nearest passage, where nothing was found."""


SpansJson = TypedDict("SpansJson", {"from": list[list[int]], "to": list[list[int]]})
ChangeJson = TypedDict(
    "ChangeJson",
    {
        "from": Annotated[EditionSentenceJson | None, Field(description="In the earlier edition.")],
        "to": Annotated[EditionSentenceJson | None, Field(description="In the later edition.")],
        "kind": Annotated[str, Field(description="kept, changed, added or dropped.")],
        "series": str | None,
        "words": Annotated[SpansJson, Field(description="Offsets of the words that differ.")],
    },
)


class FigureValueJson(Described):
    """A figure in an edition."""

    edition: EditionYear
    document: str
    text: str
    """As written."""
    value: float | str
    unit: str
    """ISO currency code, "%", "pp" (percentage points), or the noun counted."""
    upper: float | None
    """The end of a range."""
    bound: str
    """about, more, less, or ""."""
    passage: str
    start: Offset
    end: Offset
    sentence: str


class FigureRowJson(Described):
    """A figure through several editions."""

    what: str
    moved: bool
    """Whether the amount changed."""
    values: list[FigureValueJson]


class TimelinePointJson(Described):
    """An edition on the time line of a topic."""

    edition: EditionYear
    treated: bool
    state: str
    """As in EditionTopicJson."""
    confidence: float
    passages: int
    """Passages about the topic."""
    share: float
    """Their share of the edition's passages."""


class TimelineJson(Described):
    """A topic in the editions of a series."""

    series: str | None
    points: list[TimelinePointJson]
    spans: list[list[int | None]]
    """First and last edition of each run of editions that treat it."""
    introduced: QuotedSentenceJson | None
    """From the first edition that treats it, if no earlier one mentions it."""
    dropped: QuotedSentenceJson | None
    """From the last edition that treats it, if newer ones exist and none mentions it."""
    introduced_basis: str
    """What `introduced` rests on; "" where an earlier edition may treat the topic."""
    dropped_basis: str


class ComparisonJson(Described):
    """A topic across editions."""

    topic: str
    series: str | None
    """The series, if only one was compared."""
    notices: list[str]
    editions: list[EditionTopicJson]
    changes: list[ChangeJson]
    figures: list[FigureRowJson]
    timeline: list[TimelineJson]


class WatchedEditionJson(Described):
    """What an edition answers."""

    edition: EditionYear
    confidence: float
    passages: list[CitedJson]
    """The paragraphs, list items and table rows that answer; empty if it does not answer."""


WatchedSeriesJson = TypedDict(
    "WatchedSeriesJson",
    {
        "series": str | None,
        "state": Annotated[str, Field(description="new, changed, gone, unchanged or not_answered.")],
        "from": Annotated[WatchedEditionJson, Field(description="The earlier edition.")],
        "to": Annotated[WatchedEditionJson, Field(description="The newest edition.")],
        "changes": Annotated[list[ChangeJson], Field(description="The sentences of the passages side by side.")],
        "figures": Annotated[list[FigureRowJson], Field(description="Figures that both state.")],
    },
)


class WatchedQuestionJson(Described):
    """A saved question in the newest edition and in an earlier one."""

    id: str
    question: str
    state: str
    """new, changed, gone, unchanged (the same wording) or not_answered (by neither): that of the first series in which
    something changed, else of the first."""
    notices: list[str]
    series: list[WatchedSeriesJson]


class WatchJson(Described):
    """What a new edition changes in the answers to saved questions."""

    changed: bool
    """Whether any answer is new, changed or gone."""
    counts: dict[str, int]
    """Number of questions in each state."""
    notices: list[str]
    questions: list[WatchedQuestionJson]


class SectionPlaceJson(Described):
    """A section with all its subsections."""

    document: str
    section: list[str]
    start: Offset
    end: Offset


SectionPairJson = TypedDict(
    "SectionPairJson",
    {
        "from": Annotated[SectionPlaceJson | None, Field(description="In the earlier edition.")],
        "to": Annotated[SectionPlaceJson | None, Field(description="In the later edition.")],
        "kind": Annotated[str, Field(description="kept, renamed, moved, split, merged, new or dropped.")],
        "similarity": float,
        "kept": Annotated[float, Field(description="Share of the earlier text that remained.")],
        "editions": Annotated[list[int | None], Field(description="Years of the two editions.")],
    },
)


class OutlinesJson(Described):
    """The outlines of whole editions, each compared with the next."""

    series: str | None
    editions: list[int | None]
    pairs: list[SectionPairJson]


class ComparedJson(Described):
    """What `compare` returns: with a topic the fields of ComparisonJson, without one those of OutlinesJson."""

    series: str | None
    editions: list[EditionTopicJson] | list[int | None]
    topic: NotRequired[str]
    notices: NotRequired[list[str]]
    changes: NotRequired[list[ChangeJson]]
    figures: NotRequired[list[FigureRowJson]]
    timeline: NotRequired[list[TimelineJson]]
    pairs: NotRequired[list[SectionPairJson]]


class QuotedPlaceJson(Described):
    """A span of a source."""

    id: SpanId
    document: str
    title: str
    series: str | None
    edition: EditionYear
    section: list[str]
    page: int | None
    page_label: str | None
    start: Offset
    end: Offset
    text: str
    citation: str
    cells: NotRequired[Cells]


class DifferingWordsJson(Described):
    """Offsets of the words that differ."""

    source: list[list[int]]
    """In the source's text."""
    draft: list[list[int]]
    """In the draft."""


class QuotationJson(Described):
    """A quotation of a draft, and whether a source contains it."""

    text: str
    start: int
    """In characters of the draft."""
    end: int
    line: int
    block: bool
    """Whether it is a block quote."""
    status: str
    """The coarser `state`: verbatim, altered, not found, or short (cannot be checked)."""
    state: str
    """verbatim; verbatim_but_for (typography, number words); altered; misattributed (occurs in `source`, not in
    the document that the draft names); not_found; or cannot_be_checked."""
    reason: str
    """Why it cannot be checked: short, translation (in another language), source (not in the library); ocr where it is
    verbatim_but_for letters and spaces that text recognition confuses; year where it is verbatim in a document of
    another year than the draft names, and the draft names no document of the library; else ""."""
    negation: str
    """dropped or added, where the quotation changes a negation; else ""."""
    source: QuotedPlaceJson | None
    also: list[QuotedPlaceJson]
    """Further places that contain it."""
    nearest: QuotedPlaceJson | None
    """The most similar place, if it is not found."""
    words: DifferingWordsJson


class CheckedFigureJson(Described):
    """A figure of a draft, compared with the source that its sentence names, or with that named before or of the
    publisher that it is about.
    """

    text: str
    start: int
    end: int
    line: int
    status: str
    """agrees, differs, not found, or cannot be checked: it may have been calculated from figures of the source."""
    reason: str
    """Why it differs, or cannot be checked; empty for one that agrees or is not found."""
    named: str
    """The source that the sentence names, the one named before it, or a document of the publisher that it is about."""
    source: QuotedPlaceJson | None
    sentence: str
    """The source's sentence."""


class CheckedJson(Described):
    """A draft compared with its sources."""

    draft: str
    """Name of the draft."""
    notices: list[str]
    faults: bool
    """Whether something is altered, misattributed, differs or is not found."""
    counts: dict[str, int]
    """Number of quotations and figures of each status."""
    states: dict[str, int]
    """Number of quotations of each state."""
    quotations: list[QuotationJson]
    figures: list[CheckedFigureJson]
    unrecognised_sources: int
    """Number of figures in sentences that attribute them to a source ("according to …") that was not recognised as a
    document: they were not checked. 0 if there are none."""
    unsourced_figures: int
    """Number of figures in sentences that name no source, and that the source named before does not state: they were
    not checked. 0 if there are none."""


class FigureJson(Described):
    """A mean with its 95 % bootstrap interval over n questions."""

    value: float
    interval: list[float]
    n: int


Measures: TypeAlias = dict[str, FigureJson | None]


class MetricsJson(Described):
    """Figures of an evaluation, as in `metrics.json`."""

    questions: int
    judged: int
    answerable: int
    unanswerable: int
    measures: Measures
    """By the name of the measure."""
    by_type: dict[str, Measures]
    by_edition: dict[str, Measures]
    by_series: dict[str, Measures]
    refusal: NotRequired[dict[str, Any]]
    """How well unanswerable questions are refused: `refused`, `precision`, `recall`, `auroc`."""
    reading: NotRequired[dict[str, Any]]
    """Words to read until the evidence, and how often the answer contains the expected short answer."""
    against: NotRequired[dict[str, Any]]
    """Differences to the run named by `--against`, with p values."""
    per_question: dict[str, dict[str, Any]]
    """By question id: `question` (a hash of its text), `answered`, `confidence`, `measures`, …"""


class EvaluationJson(Described):
    """Answers to a list of questions, with figures if some are judged."""

    answers: list[AnswerJson]
    """Each with the question's own further fields."""
    metrics: MetricsJson | None
    notices: list[str]


class FindingJson(Described):
    """Damage to an index."""

    file: str
    """Relative to the index folder."""
    wrong: str
    lost: str
    """What is lost by it."""
    mended: bool
    """Whether a repair fixes it, except for documents that are lost."""


class LostDocumentJson(Described):
    """A document whose text the index no longer contains."""

    id: str
    source: str
    """Its file, or "" if unknown."""


class RepairJson(Described):
    """What a repair did."""

    documents: int
    passages: int
    embedded: int
    """Passages embedded again."""
    lost: list[LostDocumentJson]
    doubtful: list[str]
    """Unreadable record files, whose builds may have changed or removed documents."""


class DiagnosisJson(Described):
    """The condition of an index."""

    index: str
    sound: bool
    generation: int | None
    documents: int
    findings: list[FindingJson]
    lost: list[LostDocumentJson]
    notes: list[str]
    repaired: RepairJson | None
    upgraded: RepairJson | None
    """With `--upgrade`: what was written from a sound index."""


class KeptPassageJson(CitedJson):
    """A passage of a collection, as it was when it was kept."""

    publisher: str | None
    sha256: Annotated[str, Field(description="Checksum of `text` in UTF-8.")]


class CollectionItemJson(Described):
    """One passage, or passages kept together, such as a compared pair."""

    passages: Annotated[list[KeptPassageJson], Field(min_length=1)]
    note: NotRequired[str]
    labels: NotRequired[list[str]]
    question: NotRequired[str]
    """What was asked when it was kept."""


class CollectionJson(Described):
    """A collection of passages."""

    version: int
    """Version of this format; 1."""
    name: str
    note: NotRequired[str]
    items: list[CollectionItemJson]
    """In the order that the user gave them."""


class LocatedJson(Described):
    """Where an index has a kept passage."""

    id: Annotated[str, Field(description="Of the passage as it was kept.")]
    state: Annotated[str, Field(description="present, moved or gone")]
    passage: Annotated[KeptPassageJson | None, Field(description="As the index has it; null if it is gone.")]


OBJECTS: tuple[tuple[str, Any], ...] = (
    ("`ask --format json`, a line of `evaluate`'s answers.jsonl, `ask` (HTTP, MCP)", AnswerJson),
    ("`show --format json`", ExcerptJson),
    ("`section` (HTTP, MCP)", SectionJson),
    ("`outline --format json`, a list of", OutlineItemJson),
    ("`outline` (MCP)", OutlineJson),
    ("`info --format json`", InfoJson),
    ("`info --limits --format json`, a list of", LimitJson),
    ("`documents` (HTTP, MCP)", DocumentsJson),
    ("`compare TOPIC --format json`, `compare` with a topic (HTTP, MCP)", ComparisonJson),
    ("`compare --editions --format json`, `compare` without a topic (HTTP, MCP)", OutlinesJson),
    ("`watch --format json`", WatchJson),
    ("`check --format json`, `check` (HTTP, MCP)", CheckedJson),
    ("`evaluate` (HTTP)", EvaluationJson),
    ("`metrics.json` of `evaluate`", MetricsJson),
    ("`doctor --format json`", DiagnosisJson),
    ("the file of a collection, `collection export --format json`", CollectionJson),
    ("`collection locate --format json`, a list of", LocatedJson),
)
"""Where each object is given, and its type: the contents of docs/json.md."""


def json_schema(of: Any) -> dict[str, Any]:
    """Return the JSON schema of one of the types."""
    return TypeAdapter(of).json_schema()
