"""The functions behind the HTTP endpoints and the MCP tools.

They take plain values and return the JSON objects of the command line. Every request is bounded, nothing changes the
library, and no path of this machine is disclosed: documents are named by their ids.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, cast

from corpus.records import HEADED_KINDS
from qa import limits
from qa.answering.excerpt import read_excerpt
from qa.answering.library import DEFAULT_K, Library
from qa.errors import RequestError
from qa.output.json_objects import answer_json, document_json, excerpt_json, outline_json
from qa.question.filters import Filters, parse_filters

if TYPE_CHECKING:
    from qa.output import schema

MAX_PASSAGES = 100
MAX_FILTERS = 100
"""Values of one kind of filter."""

MAX_DOCUMENTS = 500
MAX_ITEMS = 5_000
"""Items of an outline."""

LONGEST_STRETCH = 50_000
"""Characters of a document per request."""

AROUND = 20_000
"""Characters of a section on each side of a stretch."""

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
        question: str,
        k: int = DEFAULT_K,
        series: Values = None,
        edition: Values = None,
        covers: Values = None,
        document: Values = None,
    ) -> schema.AnswerJson:
        """Return the object of `ask --format json`."""
        _check_range("k", k, 1, MAX_PASSAGES)
        wanted = filters(series, edition, covers, document)
        return answer_json(self._library().ask(question, k, wanted))

    def documents(
        self,
        series: Values = None,
        edition: Values = None,
        covers: Values = None,
        document: Values = None,
        first: int = 0,
        most: int = 100,
    ) -> schema.DocumentsJson:
        """Return the documents that match the filters by id: `most` of them, starting at number `first`."""
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

    def section(self, passage: str) -> schema.SectionJson:
        """Return a stretch `DOCUMENT@START-END` with at most `AROUND` characters of its section on each side."""
        excerpt = read_excerpt(self._library().index, passage, whole_section=True)
        start, end = excerpt.start, excerpt.end
        if end - start > LONGEST_STRETCH:
            raise RequestError(f'"{passage[:200]}" has {end - start:,} characters: request at most {LONGEST_STRETCH:,}')
        stretch = excerpt_json(excerpt)
        context = stretch["context"]
        first, last = max(context["start"], start - AROUND), min(context["end"], end + AROUND)
        text = context["text"][first - context["start"] : last - context["start"]]
        cut = (first, last) != (context["start"], context["end"])
        return {**stretch, "context": {"start": first, "end": last, "text": text, "cut": cut}}

    def outline(self, document: str, *, headings_only: bool = True) -> schema.OutlineJson:
        """Return a document's headings, or all items, each with the id of its content. Raises UnknownPassage."""
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
            identifier = f"{info.id}@{item['start']}-{item['end']}"
            listed.append({**item, "parent": None if parent is None else positions[parent], "id": identifier})
        return {"document": info.id, "title": info.title, "total": len(selected), "items": listed}

    def compare(
        self,
        topic: str = "",
        editions: Sequence[int] | None = None,
        section: str | None = None,
        series: Values = None,
        document: Values = None,
    ) -> schema.ComparisonJson | schema.OutlinesJson:
        """Return the object of `compare TOPIC --format json`, or without a topic that of `compare --editions …`."""
        from qa.editions.outlines import compare_outlines
        from qa.output.json_objects import comparison_json, outlines_json

        _check_range("number of editions", len(editions or ()), 0, MAX_FILTERS)
        for year in editions or ():
            _check_range("a year of editions", year, 0, 9999)
        if topic.strip():
            wanted = filters(series, editions, None, document)
            return comparison_json(self._library().compare(topic, wanted))
        wanted = filters(series, None, None, document)
        return outlines_json(compare_outlines(self._library().index, editions or (), wanted, section))

    def check(
        self,
        draft: str,
        series: Values = None,
        edition: Values = None,
        covers: Values = None,
        document: Values = None,
    ) -> schema.CheckedJson:
        """Return the object of `check --format json` for the text of a draft."""
        from qa.checking.draft import from_text
        from qa.checking.report import check_draft
        from qa.output.json_objects import report_json

        _check_range("number of characters of the draft", len(draft), 1, limits.DRAFT.value)
        return report_json(check_draft(self._library(), from_text(draft), filters(series, edition, covers, document)))

    def evaluate(
        self,
        questions: Sequence[Mapping[str, Any]],
        k: int = 10,
        series: Values = None,
        edition: Values = None,
        covers: Values = None,
        document: Values = None,
        measures: Sequence[str] | None = None,
    ) -> schema.EvaluationJson:
        """Answer a list of questions, and measure the answers if some are judged. Raises JudgementError."""
        from qa.evaluation import evaluate
        from qa.evaluation.measures import DEFAULT_MEASURES
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
