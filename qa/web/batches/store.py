"""The batches of this server: each in a folder of its own, under a name that cannot be guessed, until it must go.

Nothing outlives the server: all of it lies in its temporary folder (`qa.web.security.request_limits`).
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path

from qa.web.batches.questions_file import Prepared
from qa.web.render.batch import Result
from qa.web.security.request_limits import UploadFolder

KEPT = 20
"""Batches that are kept, counted with the files that were only looked at; the oldest goes first."""

_NAME = re.compile(r"[^\w. -]|^\.+", re.ASCII)


@dataclass(slots=True)
class Batch:
    """One file of questions and what came of it."""

    token: str
    folder: Path
    prepared: Prepared | None = None
    result: Result | None = None
    running: bool = False
    stopped: bool = False
    """Whether somebody asked to stop the run."""

    @property
    def source(self) -> Path:
        """The file of questions."""
        (file,) = (self.folder / "questions").iterdir()
        return file

    @property
    def out(self) -> Path:
        """The folder of what came out."""
        return self.folder / "out"


class Batches:
    """All batches, the latest last; safe to share between threads."""

    def __init__(self, room: UploadFolder) -> None:
        self._room = room
        self._folder = room.subfolder(self._spare)
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)  # also when the program ends
        self._batches: dict[str, Batch] = {}
        self._lock = threading.Lock()

    def add(self, name: str, content: bytes | Path) -> Batch:
        """A new batch from a file of this name: its bytes, or where it lies now, from where it is moved.

        Raises RequestRefused where there is no room for it.
        """
        if isinstance(content, bytes):
            with self._room.reserved(len(content)):
                return self._put(name, content)
        return self._put(name, content)

    def _put(self, name: str, content: bytes | Path) -> Batch:
        token = secrets.token_urlsafe(16)
        batch = Batch(token, self._folder / token)
        target = batch.folder / "questions" / (_NAME.sub("_", name)[-100:] or "questions")
        target.parent.mkdir(parents=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            shutil.move(content, target)
        with self._lock:
            self._batches[token] = batch
            idle = [one for one in self._batches.values() if not one.running]
            superseded = idle[: max(0, len(self._batches) - KEPT)]
            for one in superseded:
                del self._batches[one.token]
        for one in superseded:
            shutil.rmtree(one.folder, ignore_errors=True)
        return batch

    def _spare(self) -> bool:
        """Throw the oldest batch away that is not running."""
        with self._lock:
            oldest = next((one for one in self._batches.values() if not one.running), None)
            if oldest is None:
                return False
            del self._batches[oldest.token]
        shutil.rmtree(oldest.folder, ignore_errors=True)
        return True

    def find(self, token: str) -> Batch | None:
        """The batch of this name; None for one that never was, or has gone."""
        with self._lock:
            return self._batches.get(token)
