"""Make the JSON objects that scripts rely on; `qa.output.schema` defines them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from corpus.records import Document
from index.storage.reader import DocumentInfo
from qa.answering.excerpt import Excerpt
from qa.answering.library import Answer
from qa.citation import CitedPassage
from qa.editions import words
from qa.editions.timeline import QuotedSentence, Timeline, timelines

if TYPE_CHECKING:  # neither pydantic nor the readers of figures are needed to print an answer
    from index.ranking.search import Index
    from qa.checking.figure_claims import CheckedFigure
    from qa.checking.report import CheckedQuotation, DraftReport
    from qa.checking.search import SourcePlace
    from qa.editions.figure_pairs import FigureValue
    from qa.editions.outlines import OutlineComparison, SectionPlace
    from qa.editions.publication import Edition
    from qa.editions.sections import LocatedSentence
    from qa.editions.topic_comparison import Comparison, EditionChange
    from qa.output import schema

Json: TypeAlias = dict[str, Any]


def answer_json(answer: Answer) -> schema.AnswerJson:
    """Return the object of `ask --format json`."""
    return {
        "id": answer.id,
        "question": answer.question,
        "understood": cast("schema.UnderstoodJson", answer.understood.as_json()),
        "notices": list(answer.notices),
        "answered": answer.answered,
        "confidence": answer.confidence,
        "answer": [
            {"text": sentence.text, "passage": sentence.passage, "start": sentence.start, "end": sentence.end}
            for sentence in answer.sentences
        ],
        "passages": [passage_json(passage) for passage in answer.passages],
    }


def answer_line(answer: Answer, extra: Mapping[str, Any]) -> Json:
    """Return a line of answers.jsonl: an answer with the question's own fields, which never replace ours."""
    ours = answer_json(answer)
    return {**ours, **{key: value for key, value in extra.items() if key not in ours}}


def passage_json(cited: CitedPassage) -> schema.PassageJson:
    """Return one of an answer's passages."""
    document, passage = cited.hit.document, cited.hit.stored.passage
    return {
        "rank": cited.rank,
        "id": passage.id,
        "document": document.id,
        "title": document.title,
        "series": document.series,
        "edition": document.edition,
        "covers": _span(document.covers),
        "part": document.part,
        "section": list(passage.path),
        "kind": passage.kind,
        "language": document.language,
        "page": passage.page,
        "page_label": passage.page_label,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "url": document.url,
        "score": cited.hit.score,
        "scores": dict(cited.hit.scores),
        "highlights": [list(span) for span in cited.highlights],
        "also_in": [
            {"document": also.document, "edition": also.edition, "passage": also.passage} for also in cited.also_in
        ],
        "citation": cited.citation,
    }


def excerpt_json(excerpt: Excerpt) -> schema.ExcerptJson:
    """Return the object of `show --format json`."""
    document = excerpt.document
    return {
        "id": excerpt.id,
        "document": document.id,
        "title": document.title,
        "series": document.series,
        "edition": document.edition,
        "covers": _span(document.covers),
        "part": document.part,
        "section": list(excerpt.path),
        "language": document.language,
        "page": excerpt.page,
        "page_label": excerpt.page_label,
        "start": excerpt.start,
        "end": excerpt.end,
        "text": excerpt.text,
        "url": document.url,
        "citation": excerpt.citation,
        "context": {
            "start": excerpt.context_start,
            "end": excerpt.context_end,
            "text": excerpt.before + excerpt.text + excerpt.after,
        },
    }


def document_json(document: DocumentInfo) -> schema.DocumentJson:
    """Return a document's metadata with the origin of each value, as in `info --format json`."""
    return {
        "id": document.id,
        "title": document.title,
        "series": document.series,
        "publisher": document.publisher,
        "edition": document.edition,
        "covers": _span(document.covers),
        "published": document.published,
        "part": document.part,
        "url": document.url,
        "language": document.language,
        "passages": document.passages,
        "long_sentences": document.long_sentences,
        "furniture": document.furniture,
        "contradictions": list(document.contradictions),
        "source": document.source,
        "sha256": document.sha256,
        "origins": dict(document.origins),
    }


def index_facts(index: Index) -> schema.IndexFactsJson:
    """Return facts about an index, as in `info --format json`."""
    manifest = index.manifest
    return {
        "folder": str(index.folder),
        "format": manifest.format,
        "generation": manifest.generation,
        "model": manifest.model.name,
        "fingerprint": manifest.model.fingerprint,
        "dimension": manifest.model.dimension,
        "max_tokens": manifest.model.max_tokens,
        "documents": len(index.documents),
        "passages": manifest.passages,
        "sentences": manifest.sentences,
        "long_sentences": sum(document.long_sentences for document in index.documents),
        "index_type": manifest.dense.kind,
        "index_type_asked": manifest.dense.asked,
        "recall": [[point.share, point.recall_at_10, point.recall_at_100] for point in manifest.dense.recalls],
        "bytes": sum(record.size for record in manifest.files.values()),
    }


def outline_json(document: Document) -> list[schema.OutlineItemJson]:
    """Return a document's outline in text order, as in `outline --format json`."""
    return [
        {
            "text": item.text,
            "kind": item.kind,
            "parent": item.parent,
            "level": item.level,
            "start": item.start,
            "end": item.end,
            "page": item.page,
            "page_label": item.page_label,
        }
        for item in document.outline
    ]


def comparison_json(comparison: Comparison) -> schema.ComparisonJson:
    """Return the object of `compare TOPIC --format json`."""
    return {
        "topic": comparison.topic,
        "series": comparison.series,
        "notices": list(comparison.notices),
        "editions": [
            {
                "document": match.document.id,
                "series": match.document.series,
                "edition": match.document.edition,
                "covers": _span(match.document.covers),
                "treated": match.treated,
                "state": match.state,
                "confidence": match.confidence,
                "passages": [passage_json(passage) for passage in match.passages],
                "nearest": passage_json(match.nearest) if match.nearest is not None else None,
            }
            for match in comparison.matches
        ],
        "changes": [_change_json(change) for change in comparison.changes],
        "figures": [
            {"what": row.what, "moved": row.moved, "values": [_figure_value_json(value) for value in row.values]}
            for row in comparison.figures
        ],
        "timeline": [_timeline_json(timeline) for timeline in timelines(comparison.matches)],
    }


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
    if sentence is None:
        return None
    return {
        "edition": edition.year,
        "passage": sentence.passage,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
    }


def _figure_value_json(value: FigureValue) -> schema.FigureValueJson:
    figure = value.figure
    return {
        "edition": value.edition.year,
        "document": figure.sentence.document,
        "text": figure.quantity.text,
        "value": figure.quantity.value,
        "unit": figure.quantity.unit,
        "passage": figure.sentence.passage,
        "start": figure.start,
        "end": figure.end,
        "sentence": figure.sentence.text,
    }


def _timeline_json(timeline: Timeline) -> schema.TimelineJson:
    years = [point.edition.year for point in timeline.points]
    return {
        "series": timeline.series,
        "points": [
            {
                "edition": point.edition.year,
                "treated": point.treated,
                "state": point.state,
                "confidence": point.confidence,
                "passages": point.passages,
                "share": point.share,
            }
            for point in timeline.points
        ],
        "spans": [[years[first], years[last]] for first, last in timeline.spans],
        "introduced": _quoted_json(timeline.introduced),
        "dropped": _quoted_json(timeline.dropped),
        "introduced_basis": timeline.introduced_basis,
        "dropped_basis": timeline.dropped_basis,
    }


def _quoted_json(quoted: QuotedSentence | None) -> schema.QuotedSentenceJson | None:
    if quoted is None:
        return None
    return {
        "edition": quoted.edition.year,
        "document": quoted.document,
        "passage": quoted.passage,
        "start": quoted.start,
        "end": quoted.end,
        "text": quoted.text,
        "citation": quoted.citation,
    }


def outlines_json(comparison: OutlineComparison) -> schema.OutlinesJson:
    """Return the object of `compare --editions … --format json`."""
    return {
        "series": comparison.series,
        "editions": [edition.year for edition in comparison.editions],
        "pairs": [
            {
                "from": _section_place_json(row.earlier),
                "to": _section_place_json(row.later),
                "kind": row.kind,
                "similarity": row.similarity,
                "kept": row.kept,
                "editions": [pair.earlier.year, pair.later.year],
            }
            for pair in comparison.pairs
            for row in pair.pairs
        ],
    }


def _section_place_json(place: SectionPlace | None) -> schema.SectionPlaceJson | None:
    if place is None:
        return None
    return {"document": place.document, "section": list(place.path), "start": place.start, "end": place.end}


def report_json(report: DraftReport) -> schema.CheckedJson:
    """Return the object of `check --format json`."""
    return {
        "draft": report.draft.name,
        "notices": list(report.notices),
        "faults": report.has_faults,
        "counts": report.counts,
        "quotations": [_quotation_json(report, checked) for checked in report.quotations],
        "figures": [_checked_figure_json(report, figure) for figure in report.figures],
    }


def _quotation_json(report: DraftReport, checked: CheckedQuotation) -> schema.QuotationJson:
    quotation, status, place = checked.quotation, checked.match.status, checked.match.place
    is_altered = status == "altered" and place is not None
    difference = words.difference(place.text, checked.searched_text) if place and is_altered else words.NO_DIFFERENCE
    return {
        "text": quotation.text,
        "start": quotation.start,
        "end": quotation.end,
        "line": report.draft.line(quotation.start),
        "block": quotation.block,
        "status": status,
        "source": _source_place_json(place) if place and status in ("verbatim", "altered") else None,
        "also": [_source_place_json(other) for other in checked.match.also],
        "nearest": _source_place_json(place) if place and status in ("not found", "short") else None,
        "words": {
            "source": _shift(difference.deleted, place.start) if place else [],
            "draft": _shift(difference.inserted, quotation.start),
        },
    }


def _checked_figure_json(report: DraftReport, figure: CheckedFigure) -> schema.CheckedFigureJson:
    return {
        "text": figure.text,
        "start": figure.start,
        "end": figure.end,
        "line": report.draft.line(figure.start),
        "status": figure.status,
        "named": figure.source,
        "source": _source_place_json(figure.place) if figure.place else None,
        "sentence": figure.sentence,
    }


def _source_place_json(place: SourcePlace) -> schema.QuotedPlaceJson:
    return {
        "id": place.id,
        "document": place.document.id,
        "title": place.document.title,
        "series": place.document.series,
        "edition": place.document.edition,
        "section": list(place.path),
        "page": place.page,
        "page_label": place.page_label,
        "start": place.start,
        "end": place.end,
        "text": place.text,
        "citation": place.citation,
    }


def _span(covers: Sequence[int] | None) -> list[int] | None:
    return list(covers) if covers else None


def _shift(spans: Sequence[tuple[int, int]], offset: int) -> list[list[int]]:
    """Return spans of a sentence or quotation as offsets of its document."""
    return [[offset + start, offset + end] for start, end in spans]
