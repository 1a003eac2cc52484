"""Open a library in a background thread, so that the page appears before the model is loaded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from corpus.errors import CorpusError
from index.errors import ClusterError, IndexFolderError, ModelError, UnknownPassage
from qa.answering.library import Library
from qa.errors import QuestionError

USER_ERRORS = (QuestionError, IndexFolderError, ClusterError, ModelError, UnknownPassage, CorpusError)
"""Errors whose text is a message for the user; any other exception is a bug."""


def rebuild_error(name: str, message: str) -> Exception:
    """Rebuild an error that another process reported by its class name; RuntimeError for an unknown class."""
    classes: list[type[Exception]] = [*USER_ERRORS, OSError]
    for error_class in classes:
        classes += error_class.__subclasses__()
    return next((each for each in classes if each.__name__ == name), RuntimeError)(message)


Opener = Callable[[], Library]


class LibraryLoader:
    """A library, or a function that opens it; the function runs once, in its own thread, after `start`."""

    def __init__(self, library: Library | Opener) -> None:
        self._result: Future[Library] = Future()
        self._opener: Opener | None = None
        self._reopener = library if not isinstance(library, Library) else None
        self._lock = threading.Lock()
        if isinstance(library, Library):
            self._result.set_result(library)
        else:
            self._opener = library

    def start(self) -> None:
        """Start to open the library, unless that has been done."""
        with self._lock:
            opener, self._opener = self._opener, None
        if opener is not None:
            # a daemon thread: stopping the server does not wait for a model to load
            threading.Thread(target=self._open, args=(opener,), name="open-library", daemon=True).start()

    def _open(self, opener: Opener) -> None:
        try:
            self._result.set_result(opener())
        except Exception as error:  # noqa: BLE001 - stored, and raised by `library`
            self._result.set_exception(error)

    def reopen(self) -> None:
        """Open the library again; until that is done, the previous one answers. Raises what opening raises."""
        if self._reopener is not None:
            result: Future[Library] = Future()
            result.set_result(self._reopener())
            self._result = result

    @property
    def is_open(self) -> bool:
        """Whether `library` returns or raises without waiting."""
        return self._result.done()

    def library(self) -> Library:
        """Return the library, waiting until it is open. Raises what opening it raised."""
        self.start()
        return self._result.result()
