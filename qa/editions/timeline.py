"""A topic over time: the editions that treat it, its share of each, its first and last sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.translation import gettext as _
from corpus.translation import join_items
from index.ranking.search import Hit
from qa.citation import best_sentence, cite_hit
from qa.editions.sections import Edition
from qa.editions.topic_decision import TopicState
from qa.editions.topic_passages import TopicMatch

PROMINENT = 0.75
"""A passage counts towards a topic's share of an edition with this share of the best score in any edition."""

_MANY = 6
"""From this number on, editions are not named individually."""


@dataclass(frozen=True, slots=True)
class QuotedSentence:
    """The sentence of an edition that is most similar to the topic, verbatim, with its citation."""

    edition: Edition
    document: str
    passage: str
    start: int
    end: int
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class TimelinePoint:
    """An edition on the time line; `share` is the share of its passages about the topic."""

    edition: Edition
    state: TopicState
    confidence: float
    passages: int
    share: float
    sentence: QuotedSentence | None

    @property
    def treated(self) -> bool:
        """Whether the edition treats the topic."""
        return self.state == "treats"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The editions of a series in order; `introduced` and `dropped` are the topic's first and last sentence.

    `spans` are runs of editions that treat it, as first and last index in `points`. `introduced` is given only where no
    earlier edition mentions the topic, `dropped` where newer ones exist and none mentions it; `introduced_basis` and
    `dropped_basis` say so. An edition in which merely nothing was found proves neither.
    """

    series: str | None
    points: tuple[TimelinePoint, ...]
    spans: tuple[tuple[int, int], ...]
    introduced: QuotedSentence | None
    dropped: QuotedSentence | None
    introduced_basis: str = ""
    dropped_basis: str = ""


def timelines(matches: Sequence[TopicMatch]) -> list[Timeline]:
    """Return a time line per series, in the order of the matches."""
    series: dict[str | None, dict[int, list[TopicMatch]]] = {}
    for match in matches:
        series.setdefault(match.edition.series, {}).setdefault(id(match.edition), []).append(match)
    return [_timeline(name, list(editions.values())) for name, editions in series.items()]


def _timeline(series: str | None, editions: Sequence[Sequence[TopicMatch]]) -> Timeline:
    scores = (hit.score for matches in editions for match in matches if match.treated for hit in match.hits)
    threshold = PROMINENT * max(scores, default=0.0)
    points = tuple(_point(matches, threshold) for matches in editions)
    spans: list[tuple[int, int]] = []
    for position, point in enumerate(points):
        if point.treated and spans and spans[-1][1] == position - 1:
            spans[-1] = (spans[-1][0], position)
        elif point.treated:
            spans.append((position, position))
    if not spans:
        return Timeline(series, points, (), None, None)
    first, last = spans[0][0], spans[-1][1]
    before, after = _basis(points[:first], is_earlier=True), _basis(points[last + 1 :], is_earlier=False)
    introduced = points[first].sentence if before else None
    dropped = points[last].sentence if after and last < len(points) - 1 else None
    return Timeline(series, points, tuple(spans), introduced, dropped, before, after if dropped else "")


def _basis(points: Sequence[TimelinePoint], *, is_earlier: bool) -> str:
    """Say why no edition outside the spans treats the topic; "" if that is not certain."""
    if not points:
        return _("there is no earlier edition here") if is_earlier else _("there is no later edition here")
    if any(point.state != "not_mentioned" for point in points):
        return ""
    years = join_items(point.edition.label for point in points)
    if len(points) < _MANY:
        return _("its words are absent from %(years)s", years=years)
    if is_earlier:
        return _("its words are absent from all earlier editions")
    return _("its words are absent from all later editions")


def _point(matches: Sequence[TopicMatch], threshold: float) -> TimelinePoint:
    treating = [match for match in matches if match.treated]
    count = sum(max(1, sum(hit.score >= threshold for hit in match.hits)) for match in treating)
    edition = matches[0].edition
    total = sum(document.passage_count for document in edition.documents)
    best = max(matches, key=lambda match: match.confidence)
    sentence = _quote(edition, best.passages[0].hit) if best.treated else None
    share = round(count / total, 6) if total else 0.0
    states = {match.state for match in matches}
    state: TopicState = next((state for state in ("treats", "nothing_found") if state in states), "not_mentioned")
    return TimelinePoint(edition, state, best.confidence, count, share, sentence)


def _quote(edition: Edition, hit: Hit) -> QuotedSentence:
    passage = hit.stored.passage
    start, end = best_sentence(hit)
    citation = cite_hit(hit)
    text = passage.text_between(start, end)
    return QuotedSentence(edition, passage.document, passage.id, start, end, text, citation)
