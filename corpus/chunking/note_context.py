"""Which sentence a note explains: a document in, for each of its notes the sentence that bears the mark. Pure.

"It consists of 29 countries" is found by no question until it stands beside the sentence that names the forum.
"""

from __future__ import annotations

from corpus.chunking.sentences import split_sentences
from corpus.records import Document
from corpus.structure.note_references import note_marks

REACH = 1500
"""How far around a mark, in characters, its sentence is looked for."""


def explained(document: Document) -> dict[int | None, str]:
    """For each note or glossary item whose mark stands in the text, by position: the sentence at its first mark."""
    found: dict[int | None, str] = {}
    for position, offsets in note_marks(document.text, document.outline).items():
        if offsets and (sentence := _sentence_at(document.text, offsets[0])):
            found[position] = sentence
    return found


def _sentence_at(text: str, offset: int) -> str:
    """The sentence that ends with or around a mark; a mark behind a full stop belongs to what it follows."""
    start = max(0, offset - REACH)
    paragraph = text.rfind("\n\n", start, offset)
    start = paragraph + 2 if paragraph >= 0 else start
    end = text.find("\n\n", offset, offset + REACH)
    spans = split_sentences(text, start, end if end >= 0 else min(len(text), offset + REACH))
    before = [(first, last) for first, last in spans if first < offset]
    if not before:
        return next((text[first:last] for first, last in spans if first == offset), "")
    return text[before[-1][0] : before[-1][1]]
