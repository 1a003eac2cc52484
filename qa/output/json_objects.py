"""Make the JSON objects that scripts rely on, as `qa.output.schema` defines them; tests validate each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from corpus.processes import Json
from corpus.records import Document
from index.storage.reader import DocumentInfo
from qa.answering.compared_editions import chain_changes, chain_text
from qa.answering.excerpt import Excerpt
from qa.answering.library import Answer
from qa.citation import CitedPassage
from qa.editions import word_diff
from qa.editions.topic_comparison import QuotedSentence, Timeline, timelines

if TYPE_CHECKING:  # neither pydantic nor the readers of figures are needed to print an answer
    from index.ranking.search import Index
    from qa.checking.figure_claims import CheckedFigure
    from qa.checking.quotation_matching import SourcePlace
    from qa.checking.report import CheckedQuotation, DraftReport
    from qa.editions.figures.pairs import FigureRow, FigureValue
    from qa.editions.outlines import OutlineComparison, SectionPlace
    from qa.editions.sections import Edition, LocatedSentence
    from qa.editions.topic_comparison import Comparison, EditionChange
    from qa.output import schema
    from qa.watching import EditionAnswer, Watch, WatchedSeries

Schema = TypeVar("Schema")

_DOCUMENT = "title series edition covers part"
_SPAN = "page page_label start end text"


def _object(names: str, *sources: object, **values: object) -> Schema:  # type: ignore[type-var]  # by the caller's type
    """Return an object with these keys, in order: from `values`, else the attribute of the first source that has it."""
    for name in names.split():
        if name not in values:
            values[name] = next(getattr(source, name) for source in sources if hasattr(source, name))
    return {name: _plain(values[name]) for name in names.split()}  # type: ignore[return-value]


def _plain(value: object) -> object:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def answer_json(answer: Answer) -> schema.AnswerJson:
    """Return the object of `ask --format json`."""
    return _object(
        "id question understood notices answered confidence change answer passages",
        answer,
        understood=answer.understood.as_json(),
        change=_change_figures_json(answer),
        answer=[
            _object(
                f"text passage start end{' wording header' * bool(sentence.wording)}{' cells' * bool(sentence.cells)}",
                sentence,
            )
            for sentence in answer.sentences
        ],
        passages=[passage_json(passage) for passage in answer.passages],
    )


def _change_figures_json(answer: Answer) -> schema.AnswerChangeJson | None:
    figures = chain_changes(answer.changes)
    if not figures:
        return None
    return {
        "text": chain_text(figures),
        "figures": [_object("year edition document passage start end text citation", figure) for figure in figures],
    }


def answer_line(answer: Answer, extra: Mapping[str, Any]) -> Json:
    """Return a line of answers.jsonl: an answer with the question's own fields, which never replace ours."""
    ours = answer_json(answer)
    return {**ours, **{key: value for key, value in extra.items() if key not in ours}}


def passage_json(cited: CitedPassage) -> schema.PassageJson:
    """Return one of an answer's passages."""
    passage = cited.hit.stored.passage
    return _object(
        f"rank id document {_DOCUMENT} section kind language {_SPAN} url score scores highlights also_in citation"
        f"{' header' * bool(passage.header)}{' cells' * bool(passage.cells)}"
        f"{' ocr_confidence' * (passage.ocr_confidence is not None)}",
        cited,
        passage,
        cited.hit,
        cited.hit.document,
        section=passage.path,
        scores=dict(cited.hit.scores),
        also_in=[_object("document edition passage", other) for other in cited.also_in],
    )


def excerpt_json(excerpt: Excerpt) -> schema.ExcerptJson:
    """Return the object of `show --format json`."""
    text = excerpt.before + excerpt.text + excerpt.after
    return _object(
        f"id document {_DOCUMENT} section language {_SPAN} url citation context{' cells' * bool(excerpt.cells)}",
        excerpt,
        excerpt.document,
        document=excerpt.document.id,
        section=excerpt.path,
        context={"start": excerpt.context_start, "end": excerpt.context_end, "text": text},
    )


def document_json(document: DocumentInfo) -> schema.DocumentJson:
    """Return a document's metadata with the origin of each value, as in `info --format json`."""
    return _object(
        "id title series publisher edition covers published part url language passages long_sentences furniture "
        "contradictions source sha256 origins evidence",
        document,
        passages=document.passage_count,
        origins=dict(document.origins),
        evidence=dict(document.evidence),
    )


def index_facts(index: Index) -> schema.IndexFactsJson:
    """Return facts about an index, as in `info --format json`."""
    manifest = index.manifest
    return _object(
        "folder format generation model fingerprint dimension max_tokens documents passages sentences long_sentences "
        "index_type index_type_asked recall bytes",
        manifest,
        manifest.model,
        folder=str(index.folder),
        model=manifest.model.name,
        documents=len(index.documents),
        long_sentences=sum(document.long_sentences for document in index.documents),
        index_type=manifest.dense.kind,
        index_type_asked=manifest.dense.asked,
        recall=[[point.share, point.recall_at_10, point.recall_at_100] for point in manifest.dense.recalls],
        bytes=sum(record.size for record in manifest.files.values()),
    )


def outline_json(document: Document) -> list[schema.OutlineItemJson]:
    """Return a document's outline in text order, as in `outline --format json`."""
    return [_object("text kind parent level start end page page_label", item) for item in document.outline]


def comparison_json(comparison: Comparison) -> schema.ComparisonJson:
    """Return the object of `compare TOPIC --format json`."""
    return _object(
        "topic series notices editions changes figures timeline",
        comparison,
        editions=[
            _object(
                "document series edition covers treated state confidence passages nearest",
                match,
                match.document,
                document=match.document.id,
                edition=match.document.edition,
                passages=[passage_json(passage) for passage in match.passages],
                nearest=None if match.nearest is None else passage_json(match.nearest),
            )
            for match in comparison.matches
        ],
        changes=[_change_json(change) for change in comparison.changes],
        figures=[_figure_row_json(row) for row in comparison.figures],
        timeline=[_timeline_json(timeline) for timeline in timelines(comparison.matches)],
    )


def watch_json(watched: Watch) -> schema.WatchJson:
    """Return the object of `watch --format json`."""
    return _object(
        "changed counts notices questions",
        watched,
        changed=watched.has_changes,
        questions=[
            _object(
                "id question state notices series",
                question,
                question=question.text,
                series=[_watched_series_json(series) for series in question.series],
            )
            for question in watched.questions
        ],
    )


def _watched_series_json(watched: WatchedSeries) -> schema.WatchedSeriesJson:
    return {
        "series": watched.series,
        "state": watched.state,
        "from": _watched_edition_json(watched.earlier),
        "to": _watched_edition_json(watched.later),
        "changes": [_change_json(change) for change in watched.changes],
        "figures": [_figure_row_json(row) for row in watched.figures],
    }


def _watched_edition_json(answer: EditionAnswer) -> schema.WatchedEditionJson:
    return _object(
        "edition confidence passages",
        answer,
        edition=answer.edition.year,
        passages=[
            _object(
                f"id document {_DOCUMENT} section language {_SPAN} url citation",
                excerpt,
                excerpt.document,
                document=excerpt.document.id,
                section=excerpt.path,
            )
            for excerpt in answer.passages
        ],
    )


def _figure_row_json(row: FigureRow) -> schema.FigureRowJson:
    return _object("what moved values", row, values=[_figure_value_json(value) for value in row.values])


def _change_json(edition_change: EditionChange) -> schema.ChangeJson:
    change = edition_change.change
    return {
        "from": _edition_sentence_json(edition_change.earlier, change.earlier),
        "to": _edition_sentence_json(edition_change.later, change.later),
        "kind": change.kind,
        "series": edition_change.later.series,
        "words": {
            "from": _shift(change.difference.deleted, change.earlier.start) if change.earlier else [],
            "to": _shift(change.difference.inserted, change.later.start) if change.later else [],
        },
    }


def _edition_sentence_json(edition: Edition, sentence: LocatedSentence | None) -> schema.EditionSentenceJson | None:
    return None if sentence is None else _object("edition passage start end text", sentence, edition=edition.year)


def _figure_value_json(value: FigureValue) -> schema.FigureValueJson:
    figure = value.figure
    return _object(
        "edition document text value unit upper bound passage start end sentence",
        figure,
        figure.quantity,
        figure.sentence,
        edition=value.edition.year,
        sentence=figure.sentence.text,
    )


def _timeline_json(timeline: Timeline) -> schema.TimelineJson:
    years = [point.edition.year for point in timeline.points]
    return _object(
        "series points spans introduced dropped introduced_basis dropped_basis",
        timeline,
        points=[
            _object("edition treated state confidence passages share", point, edition=point.edition.year)
            for point in timeline.points
        ],
        spans=[[years[first], years[last]] for first, last in timeline.spans],
        introduced=_quoted_json(timeline.introduced),
        dropped=_quoted_json(timeline.dropped),
    )


def _quoted_json(quoted: QuotedSentence | None) -> schema.QuotedSentenceJson | None:
    return (
        None
        if quoted is None
        else _object("edition document passage start end text citation", quoted, edition=quoted.edition.year)
    )


def outlines_json(comparison: OutlineComparison) -> schema.OutlinesJson:
    """Return the object of `compare --editions … --format json`."""
    pairs: list[Json] = [
        {
            "from": _section_place_json(row.earlier),
            "to": _section_place_json(row.later),
            **_object("kind similarity kept", row),
            "editions": [pair.earlier.year, pair.later.year],
        }
        for pair in comparison.pairs
        for row in pair.pairs
    ]
    years = [edition.year for edition in comparison.editions]
    return _object("series editions pairs", comparison, editions=years, pairs=pairs)


def _section_place_json(place: SectionPlace | None) -> schema.SectionPlaceJson | None:
    return None if place is None else _object("document section start end", place, section=place.path)


def report_json(report: DraftReport) -> schema.CheckedJson:
    """Return the object of `check --format json`."""
    return _object(
        "draft notices faults counts states quotations figures unrecognised_sources unsourced_figures",
        report,
        draft=report.draft.name,
        faults=report.has_faults,
        quotations=[_quotation_json(report, checked) for checked in report.quotations],
        figures=[_checked_figure_json(report, figure) for figure in report.figures],
    )


def _quotation_json(report: DraftReport, checked: CheckedQuotation) -> schema.QuotationJson:
    quotation, match, place = checked.quotation, checked.match, checked.match.place
    is_altered = match.state == "altered" and place is not None
    difference = (
        word_diff.difference(place.text, checked.compared_text) if place and is_altered else word_diff.NO_DIFFERENCE
    )
    is_source = match.state in ("verbatim", "verbatim_but_for", "altered", "misattributed") or match.reason == "source"
    return _object(
        "text start end line block status state reason negation source also nearest words",
        quotation,
        match,
        line=report.draft.line(quotation.start),
        source=_source_place_json(place) if place and is_source else None,
        also=[_source_place_json(other) for other in checked.match.also],
        nearest=_source_place_json(place) if place and not is_source else None,
        words={
            "source": _shift(difference.deleted, place.start) if place else [],
            "draft": _shift(difference.inserted, quotation.start),
        },
    )


def _checked_figure_json(report: DraftReport, figure: CheckedFigure) -> schema.CheckedFigureJson:
    return _object(
        "text start end line status reason named source sentence",
        figure,
        line=report.draft.line(figure.start),
        named=figure.source,
        source=_source_place_json(figure.place) if figure.place else None,
    )


def _source_place_json(place: SourcePlace) -> schema.QuotedPlaceJson:
    return _object(
        f"id document title series edition section {_SPAN} citation{' cells' * bool(place.cells)}",
        place,
        place.document,
        document=place.document.id,
        section=place.path,
    )


def _shift(spans: Sequence[tuple[int, int]], offset: int) -> list[list[int]]:
    """Return spans of a sentence or quotation as offsets of its document."""
    return [[offset + start, offset + end] for start, end in spans]
