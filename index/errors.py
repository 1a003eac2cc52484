"""What can be wrong with an index or a model.

IndexFolderError
├── NoIndex (FileNotFoundError)      nothing at the folder named
├── IndexMismatch (ValueError)       another format version, another model, files that are not what the manifest says
├── IndexDamaged (ValueError)        what is stored is not what was written
├── IndexBusy (RuntimeError)         another process is building
└── IndexNotWritten (OSError)        the disk is full, or takes nothing for another reason
BuildInterrupted (KeyboardInterrupt) the user ended a build
ModelError (ValueError)              a model that cannot be found, loaded or exported, or is not the one promised
UnknownPassage (LookupError)         an id that no document of the index bears
"""

REMEDY = "`yearbook-qa doctor` says what is damaged, and mends it with --repair"
"""What an error of damaged records ends with."""


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


class ModelError(ValueError):
    """The embedding model cannot be used; the message says why and what to do."""


class UnknownPassage(LookupError):
    """No such passage, document or span in the index."""
