"""The reading effort of an answer: words until the evidence, and whether its sentences contain the short answer.

The reader is assumed to read the sentences of the answer in order, then the passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.evaluation.judgements import normalise
from qa.evaluation.questions import Evidence


@dataclass(frozen=True, slots=True)
class TextSpan:
    """The text `[start, end)` of a document, in the order of reading."""

    document: str
    text: str
    start: int
    end: int


def words_until_evidence(
    spans: Sequence[TextSpan], evidence: Iterable[Evidence], *, every_document: bool = False
) -> int | None:
    """Count the words (separated by white space) up to the end of the first evidence; None if it is not met.

    With `every_document`, count up to the first evidence from each document, as a comparison needs.
    """
    groups: dict[str, list[Evidence]] = {}
    for item in evidence:
        groups.setdefault(item.document if every_document else "", []).append(item)
    joined = list(_join_adjacent(spans))
    counts = [_words_until_any(joined, group) for group in groups.values()]
    met = [count for count in counts if count is not None]
    return max(met) if met and len(met) == len(counts) else None


def _join_adjacent(spans: Iterable[TextSpan]) -> Iterator[TextSpan]:
    """Join spans that follow each other in their document: evidence may run across the ends of sentences."""
    last: TextSpan | None = None
    for span in spans:
        if last is not None and last.document == span.document and 0 <= span.start - last.end <= 2:
            last = TextSpan(last.document, f"{last.text} {span.text}", last.start, span.end)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _words_until_any(spans: Sequence[TextSpan], evidence: Sequence[Evidence]) -> int | None:
    words_before = 0
    for span in spans:
        text = normalise(span.text)
        ends = [end for item in evidence if (end := _evidence_end(span, text, item)) is not None]
        if ends:
            return words_before + len(text[: min(ends)].split())
        words_before += len(text.split())
    return None


def _evidence_end(span: TextSpan, text: str, evidence: Evidence) -> int | None:
    """Return the end of the evidence in the normalised text of a span, None if it does not contain it."""
    if span.document != evidence.document:
        return None
    if evidence.span is not None:
        start, end = evidence.span
        if start <= span.start and span.end <= end:
            return len(text)
        return len(normalise(span.text[: end - span.start])) if span.start <= start and end <= span.end else None
    quote = normalise(evidence.quote or "")
    start = text.find(quote)
    return start + len(quote) if quote and start >= 0 else None


def contains_short_answer(texts: Iterable[str], short_answer: str) -> bool:
    """Whether the texts together contain each part of a short answer, whose parts are separated by "; ".

    Case, white space and the form of quotation marks are ignored, but words and numbers count as wholes: "network" does
    not contain "two", nor "1.29" "29".
    """
    text = normalise(" ".join(texts)).casefold()
    parts = [normalise(part).casefold() for part in short_answer.split(";")]
    return all(_contains_whole(text, part) for part in parts if part)


def _contains_whole(text: str, part: str) -> bool:
    before = r"(?<![0-9])(?<![0-9][.,])" if part[0].isdigit() else r"(?<![a-zà-ɏ])" if part[0].isalpha() else ""
    after = r"(?![0-9]|[.,][0-9])" if part[-1].isdigit() else r"(?![a-zà-ɏ])" if part[-1].isalpha() else ""
    return re.search(before + re.escape(part) + after, text) is not None
