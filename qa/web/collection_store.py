"""Store each user's desk, the collections and judgements, on the server: one JSON file a user, replaced atomically.

A desk has a revision. Who writes names the revision that was read, so that two open windows never overwrite each other.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from filelock import FileLock

from corpus.filesystem import replace_file
from corpus.processes import Json
from corpus.translation import gettext as _
from qa import limits
from qa.collections.collection import parse_collection
from qa.errors import CollectionError
from qa.evaluation.questions import questions_from_objects


class DeskConflict(ValueError):
    """The desk was changed after it was read."""


class Desks:
    """Reads and writes the desks of users; safe between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, user: str) -> tuple[int, Json | None]:
        """Return the revision and the desk of a user, 0 and None for a new one. Raises CollectionError if damaged."""
        path = self._path(user)
        try:
            stored = json.loads(path.read_bytes())
            return int(stored["revision"]), dict(stored["desk"])
        except FileNotFoundError:
            return 0, None
        except (ValueError, KeyError, TypeError) as error:
            raise CollectionError(
                _(
                    "%(file)s: the stored collections cannot be read (%(error)s): restore the file",
                    file=path.name,
                    error=error,
                )
            ) from error

    def write(self, user: str, revision: int, desk: Json) -> int:
        """Replace a user's desk and return its new revision.

        Raises:
            DeskConflict: `revision` is not that of the stored desk.
            CollectionError: The desk is too large.
        """
        path = self._path(user)
        content = json.dumps({"user": user, "revision": revision + 1, "desk": desk}).encode()
        if len(content) > limits.DESK.value:
            raise CollectionError(
                _(
                    "%(size)s bytes of collections: at most %(limit)s (%(variable)s)",
                    size=f"{len(content):,}",
                    limit=f"{limits.DESK.value:,}",
                    variable=limits.DESK.variable,
                )
            )
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(self._folder / "lock"):
            if self.read(user)[0] != revision:
                raise DeskConflict(f"revision {revision} was replaced")
            replace_file(path, content)
        return revision + 1

    def _path(self, user: str) -> Path:
        """Return a file whose name no user can choose."""
        return self._folder / f"{hashlib.sha256(user.encode('utf-8', 'surrogatepass')).hexdigest()}.json"


def check_desk(desk: object) -> Json:
    """Return a desk that a client sent.

    It has `collections`, `current` (the position of the open one) and `judgements` (lines of a file of questions).

    Raises:
        QuestionError: It has another form.
    """
    if not isinstance(desk, dict) or not all(isinstance(desk.get(key), list) for key in ("collections", "judgements")):
        raise CollectionError(_("no desk: it must have the lists `collections` and `judgements`"))
    for collection in desk["collections"]:
        parse_collection(collection)
    questions_from_objects(desk["judgements"])
    current = desk.get("current")
    return {
        "collections": desk["collections"],
        "current": current if isinstance(current, int) else 0,
        "judgements": desk["judgements"],
    }
