"""A library that is opened behind the page: the form paints first and waits only where an answer needs the library."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from corpus.errors import CorpusError
from index.errors import ClusterError, IndexFolderError, ModelError, UnknownPassage
from qa.answering.library import Library
from qa.errors import QuestionError

USER_ERRORS = (QuestionError, IndexFolderError, ClusterError, ModelError, UnknownPassage, CorpusError)
"""Errors whose text is a line for the user; any other is a fault of the program."""


def error_named(name: str, says: str) -> Exception:
    """The error that another process met, by the name of its class."""
    kinds: list[type[Exception]] = [*USER_ERRORS, OSError]
    for one in kinds:
        kinds += one.__subclasses__()
    return next((one for one in kinds if one.__name__ == name), RuntimeError)(says)


Opener = Callable[[], Library]


class LibraryLoader:
    """A library, or a function that opens one; the function runs once, in a thread of its own, from `start` on."""

    def __init__(self, library: Library | Opener) -> None:
        self._result: Future[Library] = Future()
        self._opener: Opener | None = None
        self._again = library if not isinstance(library, Library) else None
        self._lock = threading.Lock()
        if isinstance(library, Library):
            self._result.set_result(library)
        else:
            self._opener = library

    def start(self) -> None:
        """Begin to open the library, unless that has begun."""
        with self._lock:
            opener, self._opener = self._opener, None
        if opener is not None:
            # a daemon: stopping the server does not wait for a model that is being prepared
            threading.Thread(target=self._open, args=(opener,), name="open-library", daemon=True).start()

    def _open(self, opener: Opener) -> None:
        try:
            self._result.set_result(opener())
        except Exception as error:  # noqa: BLE001 - nothing is swallowed: whoever asks for the library gets it
            self._result.set_exception(error)

    def reopen(self) -> None:
        """Open the library anew, which may be another now; until it is open, the one before answers.

        Raises what opening it raises.
        """
        if self._again is not None:
            result: Future[Library] = Future()
            result.set_result(self._again())
            self._result = result

    @property
    def is_open(self) -> bool:
        """Whether `library` would return, or raise, at once."""
        return self._result.done()

    def library(self) -> Library:
        """The library, once it is open. Raises what opening it raised."""
        self.start()
        return self._result.result()
