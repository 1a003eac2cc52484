"""What every reader returns: the canonical text, the structure that the format itself declares, and its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.records import Mark, PageSpan


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read once. `marks` is None where the format declares no structure, so that it must be inferred.

    `pages` says which page each stretch of the text stands on, in text order, where the format has pages. `furniture`
    are the lines that are on the pages but not in the text: running heads and feet, page numbers.
    """

    text: str
    marks: tuple[Mark, ...] | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    pages: tuple[PageSpan, ...] = ()
    furniture: tuple[str, ...] = ()
