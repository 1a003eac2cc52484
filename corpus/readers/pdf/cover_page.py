"""The cover of a publication: a first page of large type without running text. Pure.

Its lines are front matter, not sections over all that follows; the largest of them is the title.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.readers.pdf.paragraphs import Paragraph

_MOST_LINES = 30
_LONGEST_PARAGRAPH = 250


def cover_of(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs of the cover; none where the first page bears text, or nothing with headings comes after it."""
    first = [one for one in paragraphs if one.lines[0].page == 1]
    if not any(one.role == "heading" and one.lines[0].page > 1 for one in paragraphs):
        return []
    long = any(sum(len(line.text) for line in one.lines) > _LONGEST_PARAGRAPH for one in first)
    titled = any(one.role == "heading" for one in first)
    table = any(one.role == "table" for one in first)
    if long or table or not titled or sum(len(one.lines) for one in first) > _MOST_LINES:
        return []
    return first


def title_of(cover: Sequence[Paragraph]) -> str | None:
    """What is set in the largest type; a single word, as a publisher's name, only where nothing else is large."""
    large = [one for one in cover if one.role == "heading" and any(map(str.isalpha, one.lines[0].text))]
    headings = [one for one in large if len(" ".join(line.text for line in one.lines).split()) > 1] or large
    if not headings:
        return None
    largest = max(one.lines[0].size for one in headings)
    return " ".join(line.text for one in headings if one.lines[0].size > 0.97 * largest for line in one.lines)
