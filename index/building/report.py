"""Progress and result of a build. Everything skipped or unreadable is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.ingest import Unread


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """Progress of a build.

    `documents` of the `sources_to_read` are done, which is the `share` of their bytes, in [0, 1]; `passages` are
    stored so far, `embedded` of them with new vectors.
    """

    stage: str
    documents: int
    sources_to_read: int
    passages: int
    embedded: int
    share: float


RECOGNISING = "recognising the pages of"
"""Begins the name of a stage whose counts are pages of a file, which it names."""

ProgressCallback = Callable[[BuildProgress], None]


@dataclass(slots=True)
class BuildReport:
    """The result of a build: ids of added, changed and removed documents, and counts.

    `missing` documents stay in the index although their files are gone (a build with `prune` removes them). `resumed`
    documents had been stored by an interrupted build; `documents`, `passages` and `long_sentences` are those
    of the whole index; `contradictions` are the inconsistencies in the metadata of added and changed documents, and
    `warnings` describe parts of their files that could not be read, and assumptions made.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    embedded: int = 0
    resumed: int = 0
    documents: int = 0
    passages: int = 0
    long_sentences: int = 0
    contradictions: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
