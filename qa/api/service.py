"""The functions behind the HTTP endpoints and the MCP tools.

Their annotations and docstrings are what programs see of them. They return the JSON objects of the command line. Every
request is bounded, nothing changes the library, and no path of this machine is disclosed: documents are named by ids.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import cast

from corpus.records import HEADED_KINDS, format_span_id
from qa import limits
from qa.answering.excerpt import SECTION_CONTEXT, read_excerpt
from qa.answering.library import DEFAULT_K, Library
from qa.api.arguments import (
    MAX_DOCUMENTS,
    MAX_EXCERPT,
    MAX_PASSAGES,
    Count,
    Covers,
    DocumentId,
    Draft,
    Edition,
    First,
    Heading,
    HeadingsOnly,
    Ids,
    Measures,
    Most,
    PassageId,
    Question,
    Questions,
    Series,
    Topic,
    Years,
)
from qa.errors import RequestError
from qa.output import schema
from qa.output.json_objects import answer_json, document_json, excerpt_json, outline_json
from qa.question.filters import Filters, parse_filters

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
