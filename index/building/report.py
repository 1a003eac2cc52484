"""What a build does and did, for the user: nothing vanishes without being counted and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.ingest import Unread


@dataclass(frozen=True, slots=True)
class Advance:
    """How far a build has come; `share` of the work that there was at its start, in [0, 1], by the sizes of files."""

    stage: str
    documents: int
    of: int
    passages: int
    """Stored so far, whether embedded or known."""
    embedded: int
    """Passages embedded so far."""
    share: float


Progress = Callable[[Advance], None]


@dataclass(slots=True)
class BuildReport:
    """What a build did, for the user."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    embedded: int = 0
    resumed: int = 0
    """Documents that an interrupted build had embedded and stored already."""
    documents: int = 0
    passages: int = 0
    long_sentences: int = 0
    contradictions: list[str] = field(default_factory=list)
    """Of the documents added or changed: what was declared and does not fit."""
