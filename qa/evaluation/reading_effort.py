"""What an answer costs its reader: words to read until the evidence, and whether its sentences hold the short answer.

A reader reads the answer's sentences in their order, then the passages in theirs. Pure: texts in, figures out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.evaluation.judgements import normalise
from qa.evaluation.questions import Evidence


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch `[start, end)` of a document, as it is put before the reader."""

    document: str
    text: str
    start: int
    end: int


def words_until(pieces: Sequence[Piece], evidence: Iterable[Evidence], *, every_document: bool = False) -> int | None:
    """Words (separated by white space) up to the end of the first evidence met; None where none is met.

    `every_document` reads on until evidence of each document was met, as a comparison needs.
    """
    groups: dict[str, list[Evidence]] = {}
    for one in evidence:
        groups.setdefault(one.document if every_document else "", []).append(one)
    joined = list(_joined(pieces))
    reached = [_first(joined, group) for group in groups.values()]
    met = [words for words in reached if words is not None]
    return max(met) if met and len(met) == len(reached) else None


def _joined(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """The pieces, those that follow each other in their document as one: evidence may run over sentence ends."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and last.document == piece.document and 0 <= piece.start - last.end <= 2:
            last = Piece(last.document, f"{last.text} {piece.text}", last.start, piece.end)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _first(pieces: Sequence[Piece], evidence: Sequence[Evidence]) -> int | None:
    before = 0
    for piece in pieces:
        text = normalise(piece.text)
        ends = [end for one in evidence if (end := _end(piece, text, one)) is not None]
        if ends:
            return before + len(text[: min(ends)].split())
        before += len(text.split())
    return None


def _end(piece: Piece, text: str, evidence: Evidence) -> int | None:
    """Where in the normalised text of a piece the evidence was read, None where it is not in it."""
    if piece.document != evidence.document:
        return None
    if evidence.span is not None:
        start, end = evidence.span
        inside = start <= piece.start and piece.end <= end
        return len(text) if inside or (piece.start <= start and end <= piece.end) else None
    quote = normalise(evidence.quote or "")
    begin = text.find(quote)
    return begin + len(quote) if quote and begin >= 0 else None


def holds(texts: Iterable[str], short_answer: str) -> bool:
    """Whether the texts together hold each part of a short answer, parts being separated by "; ".

    Case, white space and quotation marks do not count, but words and numbers do: "two" is not held by "network", nor
    "29" by "1.29".
    """
    read = normalise(" ".join(texts)).casefold()
    parts = [normalise(part).casefold() for part in short_answer.split(";")]
    return all(_within(read, part) for part in parts if part)


def _within(text: str, part: str) -> bool:
    before = r"(?<![0-9])(?<![0-9][.,])" if part[0].isdigit() else r"(?<![a-zà-ɏ])" if part[0].isalpha() else ""
    after = r"(?![0-9]|[.,][0-9])" if part[-1].isdigit() else r"(?![a-zà-ɏ])" if part[-1].isalpha() else ""
    return re.search(before + re.escape(part) + after, text) is not None
