"""Read files into documents with sections, passages and sentences. This package has no vectors and no questions.

Example:
    >>> import corpus
    >>> loaded = corpus.load(["reports"])
    >>> document = loaded.documents[0]
    >>> document.title, document.edition, document.covers
    ('Digest of the Diplomatic Bluebook 2016', 2016, (2015, 2015))
    >>> passage = corpus.chunk(document).passages[2]
    >>> passage.text == document.text[passage.start : passage.end]
    True
    >>> [file.path.name for file in loaded.unread]
    ['questions.jsonl']

Files that cannot be read are listed in `loaded.unread`, each with the reason. `corpus.toml` in a folder states what its
files are; what it leaves out is inferred from the files.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus.chunking.passages import Chunks, Lengths, chunk
    from corpus.discovery import Unread
    from corpus.errors import CatalogueError, CorpusError, LimitError, NothingToRead, UnreadableFile
    from corpus.ingest import Loaded, load
    from corpus.metadata.years import YearMention, parse_years
    from corpus.records import Document, PageSpan, Passage, Section, Sentence

__all__ = [
    "CatalogueError",
    "Chunks",
    "CorpusError",
    "Document",
    "Lengths",
    "LimitError",
    "Loaded",
    "NothingToRead",
    "PageSpan",
    "Passage",
    "Section",
    "Sentence",
    "Unread",
    "UnreadableFile",
    "YearMention",
    "chunk",
    "load",
    "parse_years",
]

_MODULES = {
    "corpus.chunking.passages": ("Chunks", "Lengths", "chunk"),
    "corpus.discovery": ("Unread",),
    "corpus.errors": ("CatalogueError", "CorpusError", "LimitError", "NothingToRead", "UnreadableFile"),
    "corpus.ingest": ("Loaded", "load"),
    "corpus.metadata.years": ("YearMention", "parse_years"),
    "corpus.records": ("Document", "PageSpan", "Passage", "Section", "Sentence"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the readers of all formats take a tenth of a second."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)
