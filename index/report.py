"""What a build did, for the user: nothing vanishes without being counted and named."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.load import Unread


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
    documents: int = 0
    passages: int = 0
    long_sentences: int = 0
    contradictions: list[str] = field(default_factory=list)
    """Of the documents added or changed: what was declared and does not fit."""
