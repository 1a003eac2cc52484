"""Cut the sections of a document into passages, and write the context that is embedded with each passage.

A passage is a contiguous part of the text of one section. It is cut at sentence ends, has about `Lengths.target` words
and is never longer than the model accepts. All cuts of a text range are chosen together, by the lowest total cost, so
that no short remainder is left at the end of a section. Each non-blank character outside headings is in exactly one
passage.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from corpus.chunking import row_embedding_text
from corpus.chunking.sentences import split_sentences
from corpus.records import HEADED_KINDS, Document, Passage, Section, Sentence
from corpus.scripts import WIDE_LETTER
from corpus.structure.lines import PAGE_NUMBER
from corpus.structure.notes import find_note_references
from corpus.structure.outline import split_by_item
from corpus.structure.text_tables import BAR, is_rule

Measure = Callable[[Sequence[str]], Sequence[int]]
"""Returns the length of each text in tokens of the embedding model, without special tokens."""

_CLAUSE = re.compile(r"[;:,、，；：](?=\s|[^\x00-\x7f])\s*|\s[–—-]\s")
_NOTE_BEGINS = re.compile(r"\s*(?:[-•·*※]\s*)?(?:[*※†‡]|\[?\(?\d{1,3}[\])．.:：]?\s|\[\^|[Nn]otes?\b|注)")
_LINE_END = re.compile(r"\n[ \t]*\n|\n")

HEADING_WORDS = 8
"""Words of the heading that are embedded with each sentence. A long heading drowns the sentence: with 8 words one more
question of seeds-eval has its passage in the first five. Titles stay whole (Cranfield: nDCG@10 .438 against .436)."""

_CAPTION_CHARACTERS = 300
"""Characters of a caption, or of the sentence that introduces a table, embedded with each row: the last ones."""

MIN_WORDS_BELOW_TABLE = 15
"""Text below a table with fewer words, such as its source, is added to the passage of the table."""

_WITHIN_PARAGRAPH_COST = 0.35
"""Cost of a passage that ends within a paragraph, as much as that of a passage a third longer than the target."""

_PASSAGE_COST = 0.05
"""Cost of each passage, so that fewer are preferred among equal cuts."""

_PAGE_NUMBER = re.compile(rf"[A-Z]{{1,2}}-\d{{1,4}}|{PAGE_NUMBER}")
"""A page number left in the text, which belongs to the text above it. A letter without a hyphen is a name: "A4"."""

_MAX_SENTENCE_DISTANCE = 1500
"""Characters before and after a note reference within which its sentence is searched."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of passages in words; two Chinese, Japanese or Korean characters count as one word.

    Attributes:
        target: Preferred length. Targets of 60 to 180 words rank equally on the development sets, within the noise;
            longer passages only mean more to read.
        longest: Maximum length.
        tokens: Maximum of the model for prefix, text and special tokens together.
        special_tokens: Special tokens that the model adds.
        prefix_share: Maximum share of `tokens` for the prefix.
    """

    target: int = 120
    longest: int = 150
    tokens: int = 256
    special_tokens: int = 2
    prefix_share: float = 0.25

    @property
    def prefix_tokens(self) -> int:
        """Maximum length of a prefix in tokens."""
        return int(self.tokens * self.prefix_share)


@dataclass(frozen=True, slots=True)
class Chunks:
    """The passages of a document in text order.

    `sentence_contexts` holds, for each passage, the text that is embedded before each of its sentences, `row_contexts`
    the text before each of its table rows. `long_sentences` counts the sentences that were too long for one passage and
    had to be cut.
    """

    passages: tuple[Passage, ...]
    sentence_contexts: tuple[str, ...]
    row_contexts: tuple[str, ...]
    long_sentences: int


class TextRange(NamedTuple):
    """The offsets `[start, end)` of a part of the text, and the position of the innermost outline item around it."""

    start: int
    end: int
    item: int | None


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or a line of a table. Header rows and labels are embedded with the rows below them, not by themselves.

    `keep_with_next` is whether a passage should not end after it, because it belongs to what follows.
    """

    start: int
    end: int
    wording: str = ""
    is_context: bool = False
    keep_with_next: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or part of a sentence that is too long for a passage; `whole` is the sentence."""

    start: int
    end: int
    whole: Sentence
    words: int
    tokens: int
    ends_paragraph: bool
    is_context: bool = False


def count_words(text: str) -> int:
    """Count words without the bars between cells; in scripts without spaces, two characters count as one word."""
    text = text.replace(BAR, " ")
    wide = len(WIDE_LETTER.findall(text))
    return len(WIDE_LETTER.sub(" ", text).split()) + (wide + 1) // 2


def measure_words(texts: Sequence[str]) -> list[int]:
    """Estimate lengths in tokens from words, for use without a model: English has about four tokens for three words."""
    return [(4 * count_words(text) + 2) // 3 for text in texts]


def chunk(document: Document, measure: Measure = measure_words, lengths: Lengths | None = None) -> Chunks:
    """Cut a document into passages. All text outside headings is in a passage.

    Args:
        document: The document to cut.
        measure: Returns the lengths of texts in tokens of the embedding model, without special tokens.
        lengths: Preferred and maximum lengths; the defaults of `Lengths` where it is None.

    Returns:
        The passages in text order, with what is embedded with them.
    """
    lengths = lengths or Lengths()
    chunker = _Chunker(document, measure, lengths)
    passages: list[Passage] = []
    sentence_contexts: list[str] = []
    row_contexts: list[str] = []
    for text_range in _text_ranges(document):
        of_range, sentence_context, row_context = chunker.cut(text_range)
        passages += of_range
        sentence_contexts += [sentence_context] * len(of_range)
        row_contexts += [row_context] * len(of_range)
    return Chunks(tuple(passages), tuple(sentence_contexts), tuple(row_contexts), chunker.long_sentences)


class _Chunker:
    """Cuts the text ranges of one document; counts the sentences that were too long for a passage."""

    def __init__(self, document: Document, measure: Measure, lengths: Lengths) -> None:
        self.long_sentences = 0
        self._document, self._measure, self._lengths = document, measure, lengths
        self._prefixes: dict[tuple[str, ...], str] = {}
        self._note_contexts = note_contexts(document)
        self._front_lines = [
            span
            for item in document.outline
            if item.kind == "front"
            for span in split_sentences(document.text, item.start, item.heading_end)
        ]

    def cut(self, text_range: TextRange) -> tuple[list[Passage], str, str]:
        """Return the passages of a range, and the texts embedded before each of its sentences and of its table rows."""
        position = text_range.item
        section = self._document.outline[position] if position is not None else None
        path = self._document.path(position)
        # With its context a note is found by what it explains: S@1 on seeds-eval rises from .80 to .84 (3 questions).
        note = self._make_prefix(self._note_contexts.get(position, "") if position is not None else "", ())
        prefix = later_prefix = self._prefix(path) + note
        heading = " ".join(path[-1].split()[:HEADING_WORDS]) if path else self._document.title
        context = row_context = self._make_prefix(heading, ()) + note
        header = ""
        if section is not None and section.kind == "table":
            units, caption, header = _table_units(self._document.text, text_range.start, text_range.end, section)
            row_context += self._make_prefix("", (caption,))
        else:
            units = self._sentence_units(text_range, is_front=section is not None and section.kind == "front")
        groups, too_long = self._cut_range(units, prefix)
        if header and len(groups) > 1:  # later parts of the table repeat its caption and header
            later_prefix = prefix + self._make_prefix("", header.split("\n"))
            groups, too_long = self._cut_range(units, later_prefix)
        self.long_sentences += too_long
        passages = [
            _make_passage(self._document, position, path, later_prefix if number else prefix, group, header)
            for number, group in enumerate(groups)
        ]
        return passages, context.replace("\n", ". "), row_context.replace("\n", ". ")

    def _prefix(self, path: tuple[str, ...]) -> str:
        if path not in self._prefixes:
            self._prefixes[path] = self._make_prefix(self._document.title, path)
        return self._prefixes[path]

    def _make_prefix(self, title: str, path: Sequence[str]) -> str:
        return make_prefix(title, path, self._measure, self._lengths.prefix_tokens)

    def _sentence_units(self, text_range: TextRange, *, is_front: bool) -> list[_Unit]:
        """Return the units of a range without a table; the lines of front matter before its text are context."""
        text, (start, end, _) = self._document.text, text_range
        titles = [] if is_front else _inside(self._front_lines, start, end)
        spans = split_sentences(text, titles[-1][1] if titles else start, end)
        numbers = [_PAGE_NUMBER.fullmatch(text, *span) is not None for span in spans[1:]]
        units = [_Unit(*span, is_context=True, keep_with_next=True) for span in titles]
        units += [_Unit(a, b, keep_with_next=keep) for (a, b), keep in zip(spans, [*numbers, False], strict=False)]
        return units

    def _cut_range(self, units: Sequence[_Unit], prefix: str) -> tuple[list[list[_Piece]], int]:
        return _cut_range(self._document.text, units, self._measure, prefix, self._lengths)


def _make_passage(
    document: Document, section: int | None, path: tuple[str, ...], prefix: str, group: Sequence[_Piece], header: str
) -> Passage:
    """Return the passage of a group of pieces in a row."""
    start, end = group[0].start, group[-1].end
    page = document.page_at(start)
    return Passage(
        document=document.id,
        section=section,
        kind=document.outline[section].kind if section is not None else "section",
        path=path,
        prefix=prefix,
        text=document.text[start:end],
        start=start,
        end=end,
        sentences=tuple(dict.fromkeys(_answer_sentences(document, group))),
        page=page.page if page is not None else None,
        page_label=page.label if page is not None else None,
        header=header,
        cells=document.cells_at(start, end),
        ocr_confidence=document.ocr_confidence(start, end),
    )


def _answer_sentences(document: Document, group: Sequence[_Piece]) -> list[Sentence]:
    """Return the sentences and rows of a passage, without headers and labels unless it has nothing else."""
    sentences = [piece.whole for piece in group if not piece.is_context] or [piece.whole for piece in group]
    if not document.cells:
        return sentences
    return [replace(sentence, cells=document.cells_at(sentence.start, sentence.end)) for sentence in sentences]


def _table_units(text: str, start: int, end: int, section: Section) -> tuple[list[_Unit], str, str]:
    """Return the units of a text range with a table, its caption as embedded with each row, and its header as shown."""
    first, last = max(start, section.start), min(end, section.end)
    table = row_embedding_text.read_table(text, first, last, section.table)
    has_rows = any(line.kind == "row" for line in table.lines)
    above = split_sentences(text, start, first)
    units: list[_Unit] = []
    for line in table.lines:
        if line.kind == "text" and not units:
            above.append((line.start, line.end))
        else:
            is_context = has_rows and line.kind in ("header", "label")
            units.append(_Unit(line.start, line.end, line.wording, is_context, is_context))
    intro = [
        _Unit(*span, "", has_rows and row_embedding_text.only_announces(text[slice(*span)]), has_rows) for span in above
    ]
    below = [_Unit(*span) for span in split_sentences(text, last, end)]
    naming = [
        span for span in above if row_embedding_text.only_announces(said := text[slice(*span)]) and not is_rule(said)
    ]
    lines = (" ".join(text[slice(*span)].split()).strip("*_ ").rstrip(":：,") for span in naming)
    title = ". ".join(line.rstrip(".") for line in lines)[-_CAPTION_CHARACTERS:]
    caption = ", ".join(part for part in (title, table.unit, table.common) if part)
    shown = ", ".join(part for part in (title, table.common) if part), table.header
    return [*intro, *units, *below], caption, "\n".join(filter(None, shown))


def _text_ranges(document: Document) -> list[TextRange]:
    """Return the ranges of text outside headings; no passage crosses the border of a range.

    Glossary terms stay with their definitions and notes with their continuation lines, although each is an item of the
    outline.
    """
    ranges: list[TextRange] = []
    for run in split_by_item(document.text, document.outline):
        section = document.outline[run.item] if run.item is not None else None
        if section is not None and section.kind in HEADED_KINDS and run.start <= section.start:
            continue
        if not document.text[run.start : run.end].strip():
            continue
        last = ranges[-1] if ranges else None
        if last is not None and run.item is not None and last.item is not None and last.end == run.start:
            before, item = document.outline[last.item], document.outline[run.item]
            if before.kind == item.kind and item.kind in ("notes", "glossary") and not _NOTE_BEGINS.match(item.text):
                ranges[-1] = last._replace(end=run.end)
                continue
        ranges.append(TextRange(run.start, run.end, run.item))
    return _join_short_ranges(document, _move_introductions(document, _join_front_matter(document, ranges)))


def _join_front_matter(document: Document, ranges: Sequence[TextRange]) -> list[TextRange]:
    """Join lines of front matter to one range, and to the text below them if no heading is between.

    A date or a name alone answers no question, but is similar to every question about its document.
    """
    joined: list[TextRange] = []
    for text_range in ranges:
        before, item = joined[-1] if joined else None, text_range.item
        if before is not None and before.end == text_range.start and before.item is not None:
            front = document.outline[before.item]
            section = None if item is None else document.outline[item]
            follows = section is not None and section.kind == "front" and section.parent == front.parent
            if front.kind == "front" and (item == front.parent or follows):
                joined[-1] = TextRange(before.start, text_range.end, item)
                continue
        joined.append(text_range)
    return joined


def _inside(spans: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    """Return the sorted spans that begin in `[start, end)`."""
    return spans[bisect_left(spans, (start, 0)) : bisect_left(spans, (end, 0))]


def _move_introductions(document: Document, ranges: Sequence[TextRange]) -> list[TextRange]:
    """Move the lines that introduce a table from the end of the range above it into that of the table."""
    result: list[TextRange] = []
    for text_range in ranges:
        start, _, item = text_range
        above = result[-1] if result else None
        is_table = item is not None and document.outline[item].kind == "table"
        if is_table and above is not None and above.end == start:
            kind = "section" if above.item is None else document.outline[above.item].kind
            if kind in ("section", "inset", "caption"):
                start = row_embedding_text.introduction_start(document.text, above.start, start)
                result.pop()
                if start > above.start:
                    result.append(above._replace(end=start))
        result.append(text_range._replace(start=start))
    return result


def _join_short_ranges(document: Document, ranges: Sequence[TextRange]) -> list[TextRange]:
    """Join a few words below a table, such as its source or a page number, to the range of the table.

    Notes, captions and the only words under a heading stay apart.
    """
    joined: list[TextRange] = []
    for text_range in ranges:
        start, end, item = text_range
        above = joined[-1] if joined else None
        if above is not None and above.end == start and (item is None or document.outline[item].kind == "section"):
            is_table = above.item is not None and document.outline[above.item].kind == "table"
            if is_table and count_words(document.text[start:end]) < MIN_WORDS_BELOW_TABLE:
                joined[-1] = above._replace(end=end)
                continue
        joined.append(text_range)
    return joined


def make_prefix(title: str, path: Sequence[str], measure: Measure, limit: int) -> str:
    """Join title and headings for embedding, in at most `limit` tokens; middle headings are dropped first.

    Then the longest part loses its last words. Rankings with all headings or only the last one, with or without
    numbers, differ by one or two of 70 questions.
    """
    # Each word has at least one token. Headings of damaged files can have 100,000 words, dropped one by one below.
    parts = [" ".join(words[:limit]) if len(words := part.split()) > limit else part for part in (title, *path)]
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


def _cut_range(
    text: str, units: Sequence[_Unit], measure: Measure, prefix: str, lengths: Lengths
) -> tuple[list[list[_Piece]], int]:
    """Return the pieces of each passage that fit after a prefix, and the number of sentences that had to be cut."""
    max_tokens = max(8, lengths.tokens - lengths.special_tokens - measure([prefix])[0])
    pieces, too_long = _pieces(text, units, measure, max_tokens, lengths.longest)
    return _group(pieces, max_tokens, lengths), too_long


def _pieces(
    text: str, units: Sequence[_Unit], measure: Measure, max_tokens: int, longest: int
) -> tuple[list[_Piece], int]:
    tokens = measure([text[unit.start : unit.end] for unit in units])
    pieces: list[_Piece] = []
    too_long = 0
    for unit, length in zip(units, tokens, strict=True):
        a, b = unit.start, unit.end
        whole = Sentence(a, b, unit.wording)
        words = count_words(text[a:b])
        ends = not unit.keep_with_next and (_LINE_END.match(text, b) is not None or unit is units[-1])
        if length <= max_tokens and words <= longest:
            pieces.append(_Piece(a, b, whole, words, length, ends, unit.is_context))
            continue
        too_long += 1
        parts = _cut_sentence(text, a, b, measure, max_tokens, longest)
        pieces.extend(
            _Piece(x, y, whole, count_words(text[x:y]), n, ends and y == b, unit.is_context)
            for (x, y), n in zip(parts, measure([text[x:y] for x, y in parts]), strict=True)
        )
    return pieces, too_long


def _cut_sentence(
    text: str, start: int, end: int, measure: Measure, max_tokens: int, longest: int
) -> list[tuple[int, int]]:
    """Cut a long sentence at the last clause end that fits, else at the last word, else at the last character."""
    parts: list[tuple[int, int]] = []
    while start < end:
        stop = _fitting(text, start, end, measure, max_tokens, longest)
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


def _fitting(text: str, start: int, end: int, measure: Measure, max_tokens: int, longest: int) -> int:
    """Return the furthest end at which the text from `start` fits, by bisection; at least one character."""

    def fits(stop: int) -> bool:
        piece = text[start:stop]
        return count_words(piece) <= longest and measure([piece])[0] <= max_tokens

    low, high = start + 1, min(end, start + 16 * max(max_tokens, longest))
    if fits(high):
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _group(pieces: Sequence[_Piece], max_tokens: int, lengths: Lengths) -> list[list[_Piece]]:
    """Group the pieces into passages at the least total cost: a shortest path with one passage per step."""
    count = len(pieces)
    best = [0.0] + [float("inf")] * count
    came_from = [0] * (count + 1)
    for first in range(count):
        words = tokens = 0
        for last in range(first, count):
            words += pieces[last].words
            tokens += pieces[last].tokens
            if last > first and (words > lengths.longest or tokens > max_tokens):
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
    """Return the cost of a passage; its length costs 0 at `target` words, and 1 at half or double that."""
    ratio = max(words, 1) / target
    return (max(ratio, 1 / ratio) - 1) + (0.0 if ends_paragraph else _WITHIN_PARAGRAPH_COST) + _PASSAGE_COST


def note_contexts(document: Document) -> dict[int, str]:
    """Return, by outline position, the sentence with the first reference to each note or glossary entry.

    A note such as "It consists of 29 countries" is found by no question until it is embedded with the sentence that
    names the forum. Notes without a reference in the text are left out.
    """
    contexts: dict[int, str] = {}
    for position, offsets in find_note_references(document.text, document.outline).items():
        if offsets and (sentence := _sentence_at(document.text, offsets[0])):
            contexts[position] = sentence
    return contexts


def _sentence_at(text: str, offset: int) -> str:
    """Return the sentence around a note reference; a reference after a full stop belongs to the sentence before it."""
    start = max(0, offset - _MAX_SENTENCE_DISTANCE)
    paragraph = text.rfind("\n\n", start, offset)
    start = paragraph + 2 if paragraph >= 0 else start
    end = text.find("\n\n", offset, offset + _MAX_SENTENCE_DISTANCE)
    spans = split_sentences(text, start, end if end >= 0 else min(len(text), offset + _MAX_SENTENCE_DISTANCE))
    before = [(first, last) for first, last in spans if first < offset]
    if not before:
        return next((text[first:last] for first, last in spans if first == offset), "")
    return text[before[-1][0] : before[-1][1]]
