"""A topic over time: in which editions it stands and how prominently, when it came and when it went. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.ranking.search import Hit
from qa.citation import cite
from qa.editions.publication import Edition
from qa.editions.topic_passages import TopicMatch

_PROMINENT = 0.75
"""A passage counts for a topic's share of an edition with this part of the best score of all editions."""


@dataclass(frozen=True, slots=True)
class QuotedSentence:
    """The sentence of an edition that is nearest to the topic, verbatim, with its citation."""

    edition: Edition
    document: str
    passage: str
    start: int
    end: int
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class TimelinePoint:
    """An edition on the time line. `share` is the part of its passages that is about the topic, 0 where none is."""

    edition: Edition
    treated: bool
    confidence: float
    passages: int
    share: float
    sentence: QuotedSentence | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The editions of one series in order; `introduced` and `dropped` are the topic's first and last sentence.

    `spans` are runs of editions that treat it, as positions among `points`, both ends included. `dropped` is None where
    the newest edition still treats it.
    """

    series: str | None
    points: tuple[TimelinePoint, ...]
    spans: tuple[tuple[int, int], ...]
    introduced: QuotedSentence | None
    dropped: QuotedSentence | None


def timelines(treatments: Sequence[TopicMatch]) -> list[Timeline]:
    """One for each series, in the order of the treatments."""
    series: dict[str | None, dict[int, list[TopicMatch]]] = {}
    for one in treatments:
        series.setdefault(one.edition.series, {}).setdefault(id(one.edition), []).append(one)
    return [_timeline(name, list(groups.values())) for name, groups in series.items()]


def _timeline(series: str | None, groups: Sequence[Sequence[TopicMatch]]) -> Timeline:
    best = max((hit.score for group in groups for one in group if one.treated for hit in one.nearest), default=0.0)
    points = tuple(_point(group, _PROMINENT * best) for group in groups)
    spans: list[tuple[int, int]] = []
    for at, point in enumerate(points):
        if not point.treated:
            continue
        if spans and spans[-1][1] == at - 1:
            spans[-1] = (spans[-1][0], at)
        else:
            spans.append((at, at))
    introduced = points[spans[0][0]].sentence if spans else None
    last = spans[-1][1] if spans else None
    dropped = points[last].sentence if last is not None and last < len(points) - 1 else None
    return Timeline(series, points, tuple(spans), introduced, dropped)


def _point(group: Sequence[TopicMatch], least: float) -> TimelinePoint:
    treated = [one for one in group if one.treated]
    count = sum(max(1, sum(hit.score >= least for hit in one.nearest)) for one in treated)
    total = sum(one.passages for one in group[0].edition.documents)
    surest = max(group, key=lambda one: one.confidence)
    sentence = _nearest(surest.edition, surest.passages[0].hit) if surest.treated else None
    return TimelinePoint(
        group[0].edition, bool(treated), surest.confidence, count, round(count / total, 6) if total else 0.0, sentence
    )


def _nearest(edition: Edition, hit: Hit) -> QuotedSentence:
    passage = hit.stored.passage
    best = max(range(len(hit.similarities)), key=lambda at: (hit.similarities[at], -at))
    start, end = max(passage.sentences[best].start, passage.start), min(passage.sentences[best].end, passage.end)
    citation = cite(hit.document, passage.path, passage.page, passage.page_label)
    text = passage.text[start - passage.start : end - passage.start]
    return QuotedSentence(edition, passage.document, passage.id, start, end, text, citation)
