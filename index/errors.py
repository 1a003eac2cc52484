"""Errors of an index or a model.

IndexFolderError
├── NoIndex (FileNotFoundError)      the folder holds no index
├── IndexMismatch (ValueError)       another format version, model, passage lengths or generation
├── IndexDamaged (ValueError)        stored files are missing or differ from what was written
├── IndexBusy (RuntimeError)         another process is building
└── IndexNotWritten (OSError)        the disk is full or refuses writes
BuildInterrupted (KeyboardInterrupt) the user interrupted a build
ClusterError (RuntimeError)          Ray is not installed, not reachable, or lost too many workers
ModelError (ValueError)              a model that cannot be loaded or exported, or has unexpected weights
UnknownPassage (LookupError)         an id that is not in the index
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from corpus.translation import gettext as _
from corpus.translation import gettext_noop

REMEDY = gettext_noop("`yearbook-qa doctor` lists the damage, `yearbook-qa doctor --repair` rebuilds the index")
"""How to fix damaged records; ends every message about damage."""

_IDS_SHOWN, _IDS_COMPARED = 3, 10_000


class IndexFolderError(Exception):
    """Base of the errors of an index folder; the message is one line for the user."""


class NoIndex(IndexFolderError, FileNotFoundError):
    """The folder holds no index."""


class IndexMismatch(IndexFolderError, ValueError):
    """The index differs from the requested one; the message states both values and the command that fixes it."""

    @classmethod
    def of_model(cls, folder: Path, built: str, requested: str, options: str) -> IndexMismatch:
        """Return the error for an index built with another model.

        Args:
            folder: The index folder.
            built: Description of the model that the index was built with.
            requested: Description of the model asked for.
            options: Command-line options that select the requested model.
        """
        return cls(
            _(
                "%(folder)s: built with model %(built)s, but model %(requested)s was requested: use %(built)s, or "
                "build another index with `yearbook-qa index PATH... %(options)s --index OTHER`",
                folder=folder,
                built=built,
                requested=requested,
                options=options,
            )
        )


class IndexDamaged(IndexFolderError, ValueError):
    """A stored file is missing or differs from what was written: a disk fault, or an edit by another program."""


class IndexBusy(IndexFolderError, RuntimeError):
    """Another process is writing the index; the message names it."""


class IndexNotWritten(IndexFolderError, OSError):
    """The index could not be written and is unchanged."""


class BuildInterrupted(KeyboardInterrupt):
    """The user interrupted a build; if `resumable`, the next build continues from the last checkpoint."""

    def __init__(self, *, resumable: bool) -> None:
        super().__init__(
            _("interrupted: the work so far is saved; run the same command to continue")
            if resumable
            else _("interrupted: the index is unchanged")
        )
        self.resumable = resumable


class ClusterError(RuntimeError):
    """The cluster failed; the message states the reason."""


class ModelError(ValueError):
    """The model cannot be used; the message states the reason and how to fix it."""


class UnknownPassage(LookupError):
    """No such passage, document or span in the index."""

    @classmethod
    def document(cls, document: str, known: Collection[str]) -> UnknownPassage:
        """Return the error for an unknown document id, suggesting similar ids, or else listing some of the known."""
        similar = get_close_matches(document, islice(known, _IDS_COMPARED), _IDS_SHOWN)
        shown = ", ".join(f'"{other}"' for other in similar or islice(known, _IDS_SHOWN))
        if similar:
            hint = _("did you mean %(shown)s?", shown=shown)
        elif known:
            more = _(" and %(count)s more", count=f"{len(known) - _IDS_SHOWN:,}") if len(known) > _IDS_SHOWN else ""
            hint = _("it holds %(shown)s%(more)s", shown=shown, more=more)
        else:
            hint = _("it is empty")
        return cls(_('no document "%(document)s" in this index: %(hint)s', document=document, hint=hint))
