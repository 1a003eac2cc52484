"""What can be wrong with an index or a model.

IndexFolderError
├── NoIndex (FileNotFoundError)      nothing at the folder named
├── IndexMismatch (ValueError)       another format version, another model, files that are not what the manifest says
├── IndexDamaged (ValueError)        what is stored is not what was written
├── IndexBusy (RuntimeError)         another process is building
└── IndexNotWritten (OSError)        the disk is full, or takes nothing for another reason
BuildInterrupted (KeyboardInterrupt) the user ended a build
ClusterError (RuntimeError)          Ray is not installed, not there, or lost more than it can make up for
ModelError (ValueError)              a model that cannot be found, loaded or exported, or is not the one promised
UnknownPassage (LookupError)         an id that no document of the index bears
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from itertools import islice

REMEDY = "`yearbook-qa doctor` says what is damaged, and mends it with --repair"
"""What an error of damaged records ends with."""


_NAMED, _COMPARED = 3, 10_000
"""Ids that a message names, and those that a wrong one is held against."""


class IndexFolderError(Exception):
    """Base of what is wrong with an index folder; its text is one line for the user."""


class NoIndex(IndexFolderError, FileNotFoundError):
    """The folder holds no index."""


class IndexMismatch(IndexFolderError, ValueError):
    """The folder's index is not what is asked for; the message names both values and the command that mends it."""


class IndexDamaged(IndexFolderError, ValueError):
    """What is stored is not what was written: a fault of the disk, or someone changed it."""


class IndexBusy(IndexFolderError, RuntimeError):
    """Another process is writing the index; the message says which."""


class IndexNotWritten(IndexFolderError, OSError):
    """An index could not be written; it is as it was."""


class BuildInterrupted(KeyboardInterrupt):
    """The user ended a build; `kept` says whether the next one goes on with what it had done."""

    def __init__(self, *, kept: bool) -> None:
        super().__init__(
            "interrupted: what was embedded so far is kept, the same command goes on from there"
            if kept
            else "interrupted: nothing was changed"
        )
        self.kept = kept


class ClusterError(RuntimeError):
    """The machines that share the work cannot do it; the message says why."""


class ModelError(ValueError):
    """The embedding model cannot be used; the message says why and what to do."""


class UnknownPassage(LookupError):
    """No such passage, document or span in the index."""

    @classmethod
    def document(cls, name: str, there: Collection[str]) -> UnknownPassage:
        """For a document that is not there: with the ids that come near, else some of those that are there."""
        near = get_close_matches(name, islice(there, _COMPARED), _NAMED)
        some = ", ".join(f'"{one}"' for one in near or islice(there, _NAMED))
        more = f" and {len(there) - _NAMED:,} more" if not near and len(there) > _NAMED else ""
        rest = f"did you mean {some}?" if near else f"there are {some}{more}" if there else "it holds none"
        return cls(f'no document "{name}" is in this index: {rest}')
