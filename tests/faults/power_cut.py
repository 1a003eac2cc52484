"""Model the contents of a disk after a power cut: only synced data, per file and per folder.

It replays the calls of a run with the strictest semantics of real systems: the contents of a file are on disk once the
file was synced, and the entries of a folder (new, renamed and removed files) once the folder was.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from tests.faults.injection import Call


class _File:
    """A file; `origin` is its path at the beginning."""

    def __init__(self, origin: Path | None = None) -> None:
        self.origin, self.dirty = origin, False


class _Folder:
    """A folder: its present entries, and those that are on disk."""

    def __init__(self) -> None:
        self.now: dict[str, _Folder | _File] = {}
        self.safe: dict[str, _Folder | _File] = {}


def _loaded(path: Path) -> _Folder:
    folder = _Folder()
    for item in path.iterdir():
        folder.now[item.name] = _loaded(item) if item.is_dir() else _File(item)
    folder.safe = dict(folder.now)
    return folder


class Disk:
    """The folder `work`, which equalled `whole` before the first call."""

    def __init__(self, work: Path, whole: Path) -> None:
        self._work, self._root = work, _loaded(whole)

    def after(self, calls: Sequence[Call]) -> Self:
        """Replay these calls; failed ones change nothing."""
        for call in calls:
            if call.kind.isupper() and Path(call.path).is_relative_to(self._work):
                self._apply(call)
        return self

    def _at(self, path: str) -> tuple[_Folder, str]:
        parts = Path(path.removesuffix(" (deleted)")).relative_to(self._work).parts
        folder = self._root
        for part in parts[:-1]:
            response = folder.now.get(part)
            folder = response if isinstance(response, _Folder) else _Folder()
        return folder, parts[-1] if parts else ""

    def _apply(self, call: Call) -> None:
        folder, name = self._at(call.path)
        node = folder.now.get(name) if name else self._root
        if call.kind == "C":
            folder.now[name] = _File()
        elif call.kind == "M":
            folder.now[name] = _Folder()
        elif call.kind in "WT" and isinstance(node, _File):
            node.dirty = True
        elif call.kind == "S" and isinstance(node, _File):
            node.dirty = False
        elif call.kind == "S" and isinstance(node, _Folder):
            node.safe = dict(node.now)
        elif call.kind in "UD":
            folder.now.pop(name, None)
        elif call.kind in "RL" and node is not None:
            target, new = self._at(call.other)
            target.now[new] = node
            if call.kind == "R":
                del folder.now[name]

    def write(self, target: Path) -> None:
        """Write what is on disk; files that were not synced are empty."""
        places = {id(node): path for path, node in _walk(self._root, self._work) if isinstance(node, _File)}
        self._write(self._root, target, places)

    def _write(self, folder: _Folder, target: Path, places: dict[int, Path]) -> None:
        target.mkdir()
        for name, node in folder.safe.items():
            if isinstance(node, _Folder):
                self._write(node, target / name, places)
                continue
            there = places.get(id(node), node.origin)
            if node.dirty or there is None:
                (target / name).touch()
            else:
                shutil.copy2(there, target / name)


def _walk(folder: _Folder, path: Path) -> Iterator[tuple[Path, _Folder | _File]]:
    for name, node in folder.now.items():
        yield path / name, node
        if isinstance(node, _Folder):
            yield from _walk(node, path / name)
