"""The wording of an edition by section, in which the paragraphs of another edition are looked up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from corpus.metadata.language import primary_language
from corpus.records import Document
from index.lexical.analysis import terms
from index.ranking.search import Index
from index.storage.reader import StoredPassage
from qa.editions import word_diff
from qa.editions.alignment_cache import load_alignment
from qa.editions.figures.quantities import is_table_row
from qa.editions.publication import Edition
from qa.editions.sections import LocatedSentence, enclosing_heading, locate_sentences, outline_heads, title_of

Head = tuple[str, int | None]
"""A section: its document and its position in the outline, None for the text outside all headings."""


_LIST_ITEM = re.compile(r"(?:[-*+•◦▪‣–]|\(?\w{1,3}[.)])\s")

_NEUTRAL = frozenset("the of as is are be been being it its and that which also".split())
_BE = frozenset("is are be been being".split())
_SIGNS = frozenset("%‰$€£¥₹°+=<>")
"""Signs that belong to a figure."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A paragraph, list item or table row of a section, with its sentences."""

    head: Head
    language: str | None
    text: str
    sentences: tuple[LocatedSentence, ...]
    path: tuple[str, ...]
    header: str
    """Caption and header of the table that a row belongs to."""

    @property
    def start(self) -> int:
        """First offset in the document."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """End offset in the document."""
        return self.sentences[-1].end

    @property
    def id(self) -> str:
        """`DOCUMENT@START-END`."""
        return f"{self.head[0]}@{self.start}-{self.end}"


class EditionText:
    """The sections of an edition: their titles, and their wording."""

    def __init__(self, index: Index, edition: Edition) -> None:
        self.edition = edition
        sentences: dict[Head, list[str]] = defaultdict(list)
        languages: dict[Head, str | None] = {}
        self._rows: dict[Head, set[tuple[str, str]]] = defaultdict(set)
        self._titles: dict[Head, str] = {}
        for info in edition.documents:
            document = index.document(info.id)
            for stored in index.records.passages_of_document(info.number):
                head = section_head(document, stored)
                languages[head] = info.language
                title = document.outline[head[1]].text if head[1] is not None else ""
                self._titles[head] = wording(title_of(title), info.language)
                header = wording(stored.passage.header, info.language)
                for sentence in locate_sentences([stored]):
                    if is_table_row(sentence.text):
                        self._rows[head].add((wording(sentence.text, info.language), header))
                    else:
                        sentences[head].append(sentence.text)
        self._texts = {head: wording("\n".join(own), languages[head]) for head, own in sentences.items()}

    def title(self, head: Head) -> str:
        """Return the wording of a section's title."""
        return self._titles[head]

    def sections_titled(self, title: str) -> set[Head]:
        """Return the sections whose title has this wording."""
        return {head for head, own in self._titles.items() if own == title}

    def says(self, stretch: Stretch, heads: set[Head]) -> bool:
        """Whether some of the sections have a stretch of another edition, with the same wording."""
        text = wording(stretch.text, stretch.language)
        if is_table_row(stretch.text):
            row = (text, wording(stretch.header, stretch.language))
            return any(row in self._rows[head] for head in heads if head in self._rows)
        return any(text in self._texts[head] for head in heads if head in self._texts)


class EditionPair:
    """Two editions of a series and their corresponding sections."""

    def __init__(self, index: Index, earlier: EditionText, later: EditionText) -> None:
        self._index = index
        self.earlier, self.later = earlier, later

    def has_counterpart(self, stretch: Stretch, *, forward: bool) -> bool:
        """Whether the later edition (`forward`; else the earlier one) says the same in the corresponding section.

        The same words in an unrelated section say something else: "It counted 12 ships."
        """
        own, other = (self.earlier, self.later) if forward else (self.later, self.earlier)
        if other.says(stretch, other.sections_titled(own.title(stretch.head))):
            return True
        return other.says(stretch, {pair[forward] for pair in self._aligned if pair[not forward] == stretch.head})

    @cached_property
    def _aligned(self) -> set[tuple[Head, Head]]:
        heads = [outline_heads(self._index, side.edition) for side in (self.earlier, self.later)]
        return {
            (heads[0][pair.earlier], heads[1][pair.later])
            for pair in load_alignment(self._index, self.earlier.edition, self.later.edition)
            if pair.earlier is not None and pair.later is not None
        }


def section_head(document: Document, stored: StoredPassage) -> Head:
    """Return the section of a passage."""
    return document.id, enclosing_heading(document, stored.passage.section)


def stretches(index: Index, stored: StoredPassage, starts: Iterable[int]) -> list[Stretch]:
    """Return the paragraphs, list items and table rows that contain the sentences of a passage at some offsets.

    They are whole even where they go on in the passage before or after.
    """
    passage = stored.passage
    document, info = index.document(passage.document), index.info(passage.document)
    around = [
        other
        for other in index.records.passages_of_document(info.number)
        if abs(other.position - stored.position) <= 1 and other.passage.section == passage.section
    ]
    groups: list[list[LocatedSentence]] = []
    for sentence in locate_sentences(around):
        gap = document.text[groups[-1][-1].end : sentence.start] if groups else ""
        is_alone = is_table_row(sentence.text) or (groups and is_table_row(groups[-1][-1].text))
        is_item = "\n" in gap and _LIST_ITEM.match(sentence.text)
        if not groups or is_alone or is_item or gap.count("\n") > 1:
            groups.append([])
        groups[-1].append(sentence)
    head, wanted = section_head(document, stored), set(starts)
    return [
        Stretch(
            head, info.language, document.text[own[0].start : own[-1].end], tuple(own), passage.path, passage.header
        )
        for own in groups
        if wanted & {sentence.start for sentence in own}
    ]


def wording(text: str, language: str | None) -> str:
    """Return the words that carry a text's meaning, each with a blank before and after it.

    Deliberately strict, because an answer reported as unchanged is not read again: numbers, negations, tenses,
    prepositions and the order of words must agree. Only articles, forms of "be" and the like, punctuation, case,
    British or American spelling and the endings of words may differ, and these only in English; in other languages only
    punctuation and case.
    """
    is_english = primary_language(language) == "en"
    kept: list[str] = []
    passive = False  # "is positioned" may become "positions"; "supported" may not become "supports"
    for token, _, _ in word_diff.tokens(text):
        word = token.casefold()
        if not any(map(str.isalnum, word)):
            kept += [word] if word in _SIGNS else []
        elif not is_english or any(map(str.isdigit, word)):
            kept.append(word)
        elif word not in _NEUTRAL:
            past = "+ed" if word.endswith("ed") and not passive else ""
            kept.append(("".join(terms(word, "en")) or word) + past)
        passive = word in _BE
    return f" {' '.join(kept)} "
