"""What programs may ask of a library: the functions behind the form's named endpoints and the MCP tools.

Plain values in, JSON objects out, those of the command line. Each request is bounded, whoever sends it. Nothing here
changes the library, and nothing here knows Gradio or MCP. A document is named by its id; where its file lies on this
machine is told to nobody.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from corpus.records import HEADED_KINDS
from qa import limits
from qa.answering.excerpt import parse_id, read_excerpt
from qa.answering.library import DEFAULT_K, Library
from qa.errors import RequestError
from qa.output.json_objects import Json, answer_json, document_json, excerpt_json, outline_json
from qa.question.filters import Filters, parse_filters

MOST_PASSAGES = 100
MOST_FILTERS = 100
"""Values of one kind of filter."""

MOST_DOCUMENTS = 500
MOST_ITEMS = 5_000
"""Items of an outline."""

LONGEST_STRETCH = 50_000
"""Characters of a document that are given at once."""

AROUND = 20_000
"""Characters of a section that are given on each side of a stretch."""

MOST_QUESTIONS = 1_000
MOST_EVALUATED_PASSAGES = 20_000
"""Questions times passages of one evaluation."""

Values = Sequence[str | int] | None


class LibraryService:
    """A library as programs see it; `library` gives it once it is open, and raises what opening it raised."""

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
    ) -> Json:
        """The object of `ask --format json`. Raises RequestError, QuestionError and what the index raises."""
        _within("k", k, 1, MOST_PASSAGES)
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
    ) -> Json:
        """The documents that the filters keep, in the order of their ids, `most` of them from number `first` on.

        Raises RequestError, FilterError and what the index raises.
        """
        _within("first", first, 0, None)
        _within("most", most, 1, MOST_DOCUMENTS)
        wanted = filters(series, edition, covers, document)
        library = self._library()
        index = library.index
        kept = [one for one in index.documents if wanted.matches(one)]
        return {
            "index": {"documents": len(index.documents), "passages": index.manifest.passages},
            "notices": list(library.notices),
            "total": len(kept),
            "documents": [
                {**document_json(one), "source": PurePosixPath(one.source).name} for one in kept[first : first + most]
            ],
        }

    def section(self, passage: str) -> Json:
        """A stretch `DOCUMENT@START-END` with the section around it: the object of `show --format json`.

        `context` holds at most `AROUND` characters on each side; `cut` says whether the section is longer. Raises
        UnknownPassage, RequestError and what the index raises.
        """
        _, start, end = parse_id(passage)
        if end - start > LONGEST_STRETCH:
            raise RequestError(f'"{passage[:200]}" has {end - start:,} characters: ask for {LONGEST_STRETCH:,} at most')
        given = excerpt_json(read_excerpt(self._library().index, passage, whole_section=True))
        context = given["context"]
        first, last = max(context["start"], start - AROUND), min(context["end"], end + AROUND)
        text = context["text"][first - context["start"] : last - context["start"]]
        cut = (first, last) != (context["start"], context["end"])
        return {**given, "context": {"start": first, "end": last, "text": text, "cut": cut}}

    def outline(self, document: str, *, headings_only: bool = True) -> Json:
        """A document's headings in text order, each with the id of the stretch it stands over; else all its items.

        Raises UnknownPassage for another document, and what the index raises.
        """
        index = self._library().index
        info = index.info(document)
        items = outline_json(index.document(document))
        kept = [place for place, one in enumerate(items) if not headings_only or one["kind"] in HEADED_KINDS]
        places = {old: new for new, old in enumerate(kept)}
        given = []
        for place in kept[:MOST_ITEMS]:
            item = items[place]
            parent = item["parent"]
            while parent is not None and parent not in places:
                parent = items[parent]["parent"]
            identifier = f"{info.id}@{item['start']}-{item['end']}"
            given.append({**item, "parent": None if parent is None else places[parent], "id": identifier})
        return {"document": info.id, "title": info.title, "total": len(kept), "items": given}

    def compare(
        self,
        topic: str = "",
        editions: Sequence[int] | None = None,
        section: str | None = None,
        series: Values = None,
        document: Values = None,
    ) -> Json:
        """The object of `compare TOPIC --format json`, without a topic that of `compare --editions …`.

        Raises RequestError, QuestionError and what the index raises.
        """
        from qa.editions.outlines import compare_outlines
        from qa.output import comparison_json as jsonform

        _within("number of editions", len(editions or ()), 0, MOST_FILTERS)
        for year in editions or ():
            _within("a year of editions", year, 0, 9999)
        if topic.strip():
            wanted = filters(series, editions, None, document)
            return jsonform.comparison_json(self._library().compare(topic, wanted))
        wanted = filters(series, None, None, document)
        return jsonform.outlines_json(compare_outlines(self._library().index, editions or (), wanted, section))

    def check(
        self,
        draft: str,
        series: Values = None,
        edition: Values = None,
        covers: Values = None,
        document: Values = None,
    ) -> Json:
        """The object of `check --format json` for the text of a draft.

        Raises RequestError, QuestionError and what the index raises.
        """
        from qa.checking.draft import from_text
        from qa.checking.report import check_draft
        from qa.output.check_formats import report_json

        _within("number of characters of the draft", len(draft), 1, limits.DRAFT.value)
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
    ) -> Json:
        """Ask a list of questions: `answers`, as `evaluate` writes them, and `metrics`, None where nothing is judged.

        Raises RequestError, JudgementError and what the index raises.
        """
        from qa.evaluation import evaluate
        from qa.evaluation.measures import DEFAULT_MEASURES
        from qa.evaluation.questions import questions_from_objects

        _within("k", k, 1, MOST_PASSAGES)
        _within("number of questions", len(questions), 1, MOST_QUESTIONS)
        _within("number of questions times k", len(questions) * k, 1, MOST_EVALUATED_PASSAGES)
        asked = questions_from_objects(questions)
        wanted = filters(series, edition, covers, document)
        names = [*DEFAULT_MEASURES, *(measures or ())]
        with tempfile.TemporaryDirectory(prefix="yearbook-qa-") as folder:
            done = evaluate.evaluate(self._library(), asked, Path(folder), k=k, filters=wanted, measures=names)
            lines = (Path(folder) / evaluate.ANSWERS).read_text(encoding="utf-8").split("\n")  # U+2028 ends no line
        return {
            "answers": [json.loads(line) for line in lines if line],
            "metrics": dict(done.metrics) if done.metrics is not None else None,
            "notices": list(done.notices),
        }


def filters(series: Values, edition: Values, covers: Values, document: Values) -> Filters:
    """Filters from the values a program sends. Raises FilterError, RequestError for too many of one kind."""
    given = {"series": series, "edition": edition, "covers": covers, "document": document}
    for name, values in given.items():
        _within(f"number of values of {name}", len(values or ()), 0, MOST_FILTERS)
    return parse_filters(
        series=[str(one) for one in series or ()],
        edition=list(edition or ()),
        covers=list(covers or ()),
        document=[str(one) for one in document or ()],
    )


def _within(name: str, value: int, least: int, most: int | None) -> None:
    if value < least or (most is not None and value > most):
        limits = f"{least:,} to {most:,}" if most is not None else f"{least:,} or more"
        written = f"{value:,}" if abs(value) < 10**15 else f"{str(value)[:15]}…"  # JSON takes integers of any length
        raise RequestError(f"{name} is {written}: must be {limits}")
