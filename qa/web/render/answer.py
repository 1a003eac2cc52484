"""An answer as HTML: its sentences, and a card for each passage."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from corpus.records import Span
from corpus.translation import gettext as _
from corpus.translation import gettext_noop
from qa.answering.compared_editions import change_notice
from qa.answering.library import Answer, AnswerSentence
from qa.citation import CitedPassage
from qa.confidence.confidence import answer_heading, confidence_label
from qa.output.citation_formats import FORMATS
from qa.templating import render
from qa.web import source_files
from qa.web.urls import QuestionRequest, question_url

GAP = " […] "
"""Replaces text left out of a quotation."""

_SCORE_LABELS = {
    "passage": gettext_noop("Similarity of the passage to the question"),
    "sentence": gettext_noop("Similarity of its best sentence"),
    "lexical": gettext_noop("Words shared with the question"),
    "period": gettext_noop("Years that the passage describes, close to those of the question"),
    "stub": gettext_noop("Little more than a heading"),
    "year": gettext_noop("Covers a year named in the question"),
    "edition": gettext_noop("In an edition named in the question"),
    "series": gettext_noop("In a series named in the question"),
    "compare": gettext_noop("Represents an edition that is compared"),
    "reranker": gettext_noop("Judgement of the second model"),
}
"""What each part of a passage's score means."""


def answer_html(answer: Answer, request: QuestionRequest, *, hide: Sequence[str] = ()) -> Markup:
    """Render an answer on one line; notices in `hide` are shown elsewhere on the page."""
    passages = answer.distinct_passages()
    shown_apart = {*hide, *map(change_notice, answer.changes)}
    by_id = {cited.hit.id: (number, cited) for number, cited in enumerate(passages, 1)}
    return render(
        "answer.html",
        answer=answer,
        cards=[
            card(cited, number, spans_to_mark(cited, answer.sentences), _quoted_spans(cited, answer.sentences))
            for number, cited in by_id.values()
        ],
        changes=answer.changes,
        confidence=confidence_label(answer.confidence),
        formats=FORMATS,
        heading=answer_heading(answer.confidence),
        lines=[notice for notice in answer.notices if notice not in shown_apart],
        link=question_url(request),
        sentences=[(sentence, *by_id[sentence.passage]) for sentence in answer.sentences] if answer.answered else [],
    )


def card(cited: CitedPassage, number: int, spans: Sequence[Span], quoted: Sequence[Span] = ()) -> Markup:
    """Render a passage with its source, spans of it marked, and the actions on it.

    Spans that overlap one of `quoted`, the sentences of the answer, are marked as cited.
    """
    document = cited.hit.document
    is_pdf = source_files.is_pdf(document)
    return render(
        "card.html",
        cited=cited,
        cited_spans=[span for span in spans if any(span[0] < end and start < span[1] for start, end in quoted)],
        file=None if is_pdf else source_files.source_url(document),
        has_page=is_pdf and cited.hit.stored.passage.page is not None,
        number=number,
        quotation=quotation(cited, spans),
        score_labels={name: _(label) for name, label in _SCORE_LABELS.items()},
        spans=spans,
    )


def spans_to_mark(cited: CitedPassage, sentences: Sequence[AnswerSentence]) -> list[Span]:
    """Return the highlights of a passage and what the answer quotes from it, in order, overlaps merged."""
    spans: list[Span] = []
    for start, end in sorted({*cited.highlights, *_quoted_spans(cited, sentences)}):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _quoted_spans(cited: CitedPassage, sentences: Sequence[AnswerSentence]) -> list[Span]:
    return [(sentence.start, sentence.end) for sentence in sentences if sentence.passage == cited.hit.id]


def quotation(cited: CitedPassage, spans: Sequence[Span]) -> str:
    """Return the marked sentences verbatim, in quotation marks, with the citation."""
    passage = cited.hit.stored.passage
    runs: list[Span] = []
    for start, end in spans:
        if runs and not passage.text_between(runs[-1][1], start).strip():
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    quoted = GAP.join(passage.text_between(start, end) for start, end in runs)
    url = f" {cited.hit.document.url}" if cited.hit.document.url else ""
    return f"“{quoted}” ({cited.citation}){url}"
