"""Sections to passages: where to cut, and what stands in front of a passage when it is embedded. Pure.

A passage is a contiguous stretch of one section's own text, cut at sentence ends, near `Lengths.target` words and
never longer than the model takes. The cuts of a stretch are chosen together, by the least total cost, so that no
stub is left over at the end of a section. Every non-blank character outside headings lies in exactly one passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.chunking import tables
from corpus.chunking.sentences import split_sentences
from corpus.records import HEADED_KINDS, Document, Passage, Sentence
from corpus.structure.note_references import note_marks
from corpus.structure.text_ownership import owner_runs

Measure = Callable[[Sequence[str]], Sequence[int]]
"""Texts to their lengths in tokens of the embedding model."""

_CLAUSE = re.compile(r"[;:,、，；：](?=\s|[^\x00-\x7f])\s*|\s[–—-]\s")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NOTE_BEGINS = re.compile(r"\s*(?:[-•·*※]\s*)?(?:[*※†‡]|\[?\(?\d{1,3}[\])．.:：]?\s|\[\^|[Nn]otes?\b|注)")
_BLANK_LINE = re.compile(r"\n[ \t]*\n|\n")

LEAD_WORDS = 8
"""How much of a heading stands in front of a sentence: a long one drowns it (of seeds-eval's questions 1 more had its
passage among the first five). A title does not, on the contrary (Cranfield .438, with its first eight words .436)."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long passages are, in words (two characters of Chinese, Japanese or Korean count as one).

    `tokens` is the model's maximum for prefix, text and special tokens together. Targets of 60 to 180 words ranked
    alike on the development sets, within the noise; longer passages are only more to read.
    """

    target: int = 120
    longest: int = 150
    tokens: int = 256
    special_tokens: int = 2
    prefix_share: float = 0.25

    @property
    def prefix_tokens(self) -> int:
        """The most that a prefix may take."""
        return int(self.tokens * self.prefix_share)


@dataclass(frozen=True, slots=True)
class Chunks:
    """The passages of a document, and how many sentences were too long for one passage.

    `leads` holds for each passage what is put in front of each of its sentences when that is embedded.
    """

    passages: tuple[Passage, ...]
    leads: tuple[str, ...]
    long_sentences: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one too long for a passage; `whole` is the sentence it belongs to."""

    start: int
    end: int
    whole: Sentence
    words: int
    tokens: int
    ends_paragraph: bool


def count_words(text: str) -> int:
    """Words of the text; in scripts without spaces, half the number of characters."""
    wide = len(_WIDE.findall(text))
    return len(_WIDE.sub(" ", text).split()) + (wide + 1) // 2


def chunk(document: Document, measure: Measure, lengths: Lengths) -> Chunks:
    """Cut a document into passages, in text order.

    `measure` counts tokens without special ones. No text is lost: what lies in no section's heading is in a passage.
    """
    passages: list[Passage] = []
    leads: list[str] = []
    long_sentences = 0
    limit = lengths.prefix_tokens
    prefixes: dict[tuple[str, ...], str] = {}
    contexts = note_contexts(document)
    for start, end, position in _stretches(document):
        section = document.outline[position] if position is not None else None
        path = document.path(position)
        if path not in prefixes:
            prefixes[path] = make_prefix(document.title, path, measure, limit)
        # A note is found by what it explains: of seeds-eval's questions 3 more have theirs first (S@1 .80 to .84).
        of_note = make_prefix(contexts.get(position, "") if position is not None else "", (), measure, limit)
        prefix = prefixes[path] + of_note
        about = " ".join(path[-1].split()[:LEAD_WORDS]) if path else document.title
        lead = make_prefix(about, (), measure, limit) + of_note
        is_table = section is not None and section.kind == "table"
        spans = tables.rows(document.text, start, end) if is_table else split_sentences(document.text, start, end)
        groups, too_long = _cut_stretch(document.text, spans, measure, prefix, lengths)
        later = prefix
        if is_table:
            under = make_prefix("", tables.head(document.text, start, end), measure, limit)
            lead += under
            if len(groups) > 1:  # the parts below the first stand under the same caption and header
                later = prefix + under
                groups, too_long = _cut_stretch(document.text, spans, measure, later, lengths)
        long_sentences += too_long
        for number, group in enumerate(groups):
            first, last = group[0].start, group[-1].end
            page = document.page_at(first)
            passages.append(
                Passage(
                    document=document.id,
                    section=position,
                    kind=section.kind if section is not None else "section",
                    path=path,
                    prefix=later if number else prefix,
                    text=document.text[first:last],
                    start=first,
                    end=last,
                    sentences=tuple(dict.fromkeys(piece.whole for piece in group)),
                    page=page.page if page is not None else None,
                    page_label=page.label if page is not None else None,
                )
            )
            leads.append(lead.replace("\n", ". "))
    return Chunks(tuple(passages), tuple(leads), long_sentences)


def _stretches(document: Document) -> list[tuple[int, int, int | None]]:
    """Stretches of text that passages may not cross, each with the outline item it belongs to; headings are left out.

    A glossary's term goes with its definition and a note with its continuation lines, though each is an item.
    """
    stretches: list[tuple[int, int, int | None]] = []
    for run in owner_runs(document.text, document.outline):
        section = document.outline[run.item] if run.item is not None else None
        if section is not None and section.kind in HEADED_KINDS and run.start <= section.start:
            continue
        if not document.text[run.start : run.end].strip():
            continue
        if stretches and run.item is not None and stretches[-1][2] is not None and stretches[-1][1] == run.start:
            before, item = document.outline[stretches[-1][2]], document.outline[run.item]
            if before.kind == item.kind and item.kind in ("notes", "glossary") and not _NOTE_BEGINS.match(item.text):
                stretches[-1] = (stretches[-1][0], run.end, stretches[-1][2])
                continue
        stretches.append((run.start, run.end, run.item))
    return stretches


def make_prefix(title: str, path: Sequence[str], measure: Measure, limit: int) -> str:
    """Title and headings for embedding, at most `limit` tokens: middle headings go first, then the title's tail.

    With all headings or the last one, numbered or not, the ranking was the same within a question or two of 70.
    """
    # A word has a token at least. Heads of damaged files have 100,000 words, which go one by one below.
    parts = [" ".join(words[:limit]) if len(words := one.split()) > limit else one for one in (title, *path)]
    while len(parts) > 2 and measure([_join(parts)])[0] > limit:
        del parts[len(parts) // 2]
    while measure([_join(parts)])[0] > limit:
        longest = max(range(len(parts)), key=lambda i: len(parts[i]))
        words = parts[longest].split()
        shorter = " ".join(words[:-1]) if len(words) > 1 else parts[longest][: len(parts[longest]) // 2]
        if shorter:
            parts[longest] = shorter
        elif len(parts) > 1:
            del parts[longest]
        else:
            return ""
    return _join(parts)


def _join(parts: Sequence[str]) -> str:
    filled = [part.strip().rstrip(".") for part in parts if part.strip()]
    return ". ".join(filled) + "\n" if filled else ""


def _cut_stretch(
    text: str, spans: Sequence[tuple[int, int]], measure: Measure, prefix: str, lengths: Lengths
) -> tuple[list[list[_Piece]], int]:
    """The pieces of each passage behind a prefix, and how many sentences were too long."""
    room = max(8, lengths.tokens - lengths.special_tokens - measure([prefix])[0])
    pieces, too_long = _pieces(text, spans, measure, room, lengths.longest)
    return _group(pieces, room, lengths), too_long


def _pieces(
    text: str, spans: Sequence[tuple[int, int]], measure: Measure, room: int, longest: int
) -> tuple[list[_Piece], int]:
    tokens = measure([text[a:b] for a, b in spans])
    pieces: list[_Piece] = []
    too_long = 0
    for (a, b), length in zip(spans, tokens, strict=True):
        whole = Sentence(a, b)
        words = count_words(text[a:b])
        ends_paragraph = _BLANK_LINE.match(text, b) is not None or b == spans[-1][1]
        if length <= room and words <= longest:
            pieces.append(_Piece(a, b, whole, words, length, ends_paragraph))
            continue
        too_long += 1
        parts = _cut_sentence(text, a, b, measure, room, longest)
        pieces.extend(
            _Piece(x, y, whole, count_words(text[x:y]), n, ends_paragraph and y == b)
            for (x, y), n in zip(parts, measure([text[x:y] for x, y in parts]), strict=True)
        )
    return pieces, too_long


def _cut_sentence(text: str, start: int, end: int, measure: Measure, room: int, longest: int) -> list[tuple[int, int]]:
    """Cut at the last clause end that fits, else at the last word, else where the room ends."""
    parts: list[tuple[int, int]] = []
    while start < end:
        stop = _fitting(text, start, end, measure, room, longest)
        if stop < end:
            clauses = [match.end() for match in _CLAUSE.finditer(text, start, stop)]
            spaces = text.rfind(" ", start + 1, stop) + 1 or text.rfind("\n", start + 1, stop) + 1
            if clauses and clauses[-1] - start >= (stop - start) // 3:
                stop = clauses[-1]
            elif spaces > start:
                stop = spaces
        trimmed = text[start:stop].rstrip()
        parts.append((start, start + len(trimmed)))
        start = stop + (len(text[stop:end]) - len(text[stop:end].lstrip()))
    return parts


def _fitting(text: str, start: int, end: int, measure: Measure, room: int, longest: int) -> int:
    """The furthest end (by bisection over characters) at which the text from `start` still fits; at least one."""

    def fits(stop: int) -> bool:
        piece = text[start:stop]
        return count_words(piece) <= longest and measure([piece])[0] <= room

    low, high = start + 1, min(end, start + 16 * max(room, longest))
    if fits(high):
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _group(pieces: Sequence[_Piece], room: int, lengths: Lengths) -> list[list[_Piece]]:
    """The cheapest way to cut the pieces, in order, into passages (shortest path; each step is one passage)."""
    count = len(pieces)
    best = [0.0] + [float("inf")] * count
    came_from = [0] * (count + 1)
    for first in range(count):
        words = tokens = 0
        for last in range(first, count):
            words += pieces[last].words
            tokens += pieces[last].tokens
            if last > first and (words > lengths.longest or tokens > room):
                break
            cost = best[first] + _cost(words, pieces[last].ends_paragraph, lengths.target)
            if cost < best[last + 1]:
                best[last + 1], came_from[last + 1] = cost, first
    groups: list[list[_Piece]] = []
    stop = count
    while stop:
        groups.append(list(pieces[came_from[stop] : stop]))
        stop = came_from[stop]
    return groups[::-1]


def _cost(words: int, ends_paragraph: bool, target: int) -> float:
    """A passage of `target` words ending with its paragraph is free; half or double that costs 1, so does a split."""
    ratio = max(words, 1) / target
    return (max(ratio, 1 / ratio) - 1) + (0.0 if ends_paragraph else 0.35) + 0.05


_MARK_REACH = 1500
"""Characters around a note's mark in which the sentence that bears it is looked for."""


def note_contexts(document: Document) -> dict[int, str]:
    """Return, by outline position, the sentence that bears the first mark of each note or glossary entry.

    A note such as "It consists of 29 countries" is found by no question until it is embedded with the sentence that
    names the forum. Notes without a mark in the text are left out.
    """
    contexts: dict[int, str] = {}
    for position, offsets in note_marks(document.text, document.outline).items():
        if offsets and (sentence := _sentence_at(document.text, offsets[0])):
            contexts[position] = sentence
    return contexts


def _sentence_at(text: str, offset: int) -> str:
    """Return the sentence that ends with or spans a mark; a mark behind a full stop belongs to the sentence before."""
    start = max(0, offset - _MARK_REACH)
    paragraph = text.rfind("\n\n", start, offset)
    start = paragraph + 2 if paragraph >= 0 else start
    end = text.find("\n\n", offset, offset + _MARK_REACH)
    spans = split_sentences(text, start, end if end >= 0 else min(len(text), offset + _MARK_REACH))
    before = [(first, last) for first, last in spans if first < offset]
    if not before:
        return next((text[first:last] for first, last in spans if first == offset), "")
    return text[before[-1][0] : before[-1][1]]
