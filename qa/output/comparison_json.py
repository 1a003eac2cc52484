"""Comparisons as JSON objects, in the form that others' scripts rely on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qa.editions.figure_pairs import FigureRow, FigureValue
from qa.editions.outlines import OutlineComparison, SectionPlace
from qa.editions.publication import Edition
from qa.editions.sections import LocatedSentence
from qa.editions.timeline import QuotedSentence, Timeline, timelines
from qa.editions.topic_comparison import Comparison, EditionChange
from qa.output.json_objects import passage_json

Json = dict[str, Any]


def comparison_json(found: Comparison) -> Json:
    """The object of `compare TOPIC --format json`."""
    return {
        "topic": found.topic,
        "series": found.series,
        "notices": list(found.notices),
        "editions": [
            {
                "document": one.document.id,
                "series": one.document.series,
                "edition": one.document.edition,
                "covers": list(one.document.covers) if one.document.covers else None,
                "treated": one.treated,
                "confidence": one.confidence,
                "passages": [passage_json(passage) for passage in one.passages],
            }
            for one in found.matches
        ],
        "changes": [_change_json(one) for one in found.changes],
        "figures": [_row_json(one) for one in found.figures],
        "timeline": [_timeline_json(one) for one in timelines(found.matches)],
    }


def _change_json(one: EditionChange) -> Json:
    change = one.change
    return {
        "from": _sentence_json(one.earlier, change.earlier),
        "to": _sentence_json(one.later, change.later),
        "kind": change.kind,
        "series": one.later.series,
        "words": {
            "from": _absolute(change.earlier, change.difference.deleted),
            "to": _absolute(change.later, change.difference.inserted),
        },
    }


def _sentence_json(edition: Edition, sentence: LocatedSentence | None) -> Json | None:
    if sentence is None:
        return None
    return {
        "edition": edition.year,
        "passage": sentence.passage,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
    }


def _absolute(sentence: LocatedSentence | None, spans: tuple[tuple[int, int], ...]) -> list[list[int]]:
    """Spans of a sentence as offsets of its document."""
    return [] if sentence is None else [[sentence.start + start, sentence.start + end] for start, end in spans]


def _row_json(row: FigureRow) -> Json:
    return {"what": row.what, "moved": row.moved, "values": [_value_json(value) for value in row.values]}


def _value_json(one: FigureValue) -> Json:
    figure = one.figure
    return {
        "edition": one.edition.year,
        "document": figure.sentence.document,
        "text": figure.quantity.text,
        "value": figure.quantity.value,
        "unit": figure.quantity.unit,
        "passage": figure.sentence.passage,
        "start": figure.start,
        "end": figure.end,
        "sentence": figure.sentence.text,
    }


def _timeline_json(found: Timeline) -> Json:
    years = [point.edition.year for point in found.points]
    return {
        "series": found.series,
        "points": [
            {
                "edition": point.edition.year,
                "treated": point.treated,
                "confidence": point.confidence,
                "passages": point.passages,
                "share": point.share,
            }
            for point in found.points
        ],
        "spans": [[years[first], years[last]] for first, last in found.spans],
        "introduced": _quoted_json(found.introduced),
        "dropped": _quoted_json(found.dropped),
    }


def _quoted_json(one: QuotedSentence | None) -> Json | None:
    if one is None:
        return None
    return {
        "edition": one.edition.year,
        "document": one.document,
        "passage": one.passage,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "citation": one.citation,
    }


def outlines_json(found: OutlineComparison) -> Json:
    """The object of `compare --editions … --format json`."""
    return {
        "series": found.series,
        "editions": [one.year for one in found.editions],
        "pairs": [
            {
                "from": _place_json(one.earlier),
                "to": _place_json(one.later),
                "kind": one.kind,
                "similarity": one.similarity,
                "kept": one.kept,
                "editions": [pair.earlier.year, pair.later.year],
            }
            for pair in found.pairs
            for one in pair.pairs
        ],
    }


def _place_json(place: SectionPlace | None) -> Mapping[str, Any] | None:
    if place is None:
        return None
    return {"document": place.document, "section": list(place.path), "start": place.start, "end": place.end}
