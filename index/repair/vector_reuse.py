"""Vectors of an index that is being repaired: those in whole shards, found by the hash of what was embedded.

Which row a text's vector has stands in the records, and what rows a shard holds follows from the shards before it: so
only whole files of records are asked, and only where the sizes of all shards are known. All else is embedded again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index import layout, manifest
from index.repair.inspection import Remains, fault_of
from index.storage import vector_files
from index.storage.segments import connect
from index.storage.vector_files import RawRows, VectorFormat


@dataclass(frozen=True, slots=True)
class _Shard:
    """A shard's rows, None where it is not whole, and the number of the first of them in the generation."""

    begin: int
    rows: RawRows | None


class KeptVectors:
    """Opened for reading; `find` may be called from one thread."""

    def __init__(self, remains: Remains, forms: Mapping[str, VectorFormat]) -> None:
        names = {layout.VECTOR_FOLDERS[kind]: kind for kind in forms}
        self._shards: dict[str, list[_Shard]] = {}
        for folder, kind in names.items():
            listed = manifest.files_of_kind(remains.files, folder)
            there = [f"{folder}/{one.name}" for one in (remains.base / folder).glob(f"*{forms[kind].suffix}")]
            # of a damaged manifest a line may be gone, and with it what place the others have
            complete = remains.manifest is not None or sorted(listed) == sorted(there)
            self._shards[kind] = _opened(remains, listed, forms[kind]) if complete else []
        whole = [
            path
            for path in remains.segments
            if path.name in remains.files and not fault_of(path, remains.files[path.name])
        ]
        self._records = [connect(path) for path in reversed(whole)]

    def find(self, kind: str, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Those of these digests whose vectors are in a whole shard, each as its row stands there."""
        found: dict[bytes, bytes] = {}
        shards_of = self._shards[kind]
        begins = [one.begin for one in shards_of]
        for digest in digests:
            row = self._row(kind, digest)
            place = -1 if row is None else bisect_right(begins, row) - 1
            if row is None or place < 0:
                continue
            shard = shards_of[place]
            if shard.rows is not None and row - shard.begin < len(shard.rows):
                found[digest] = shard.rows[row - shard.begin].tobytes()
        return found

    def _row(self, kind: str, digest: bytes) -> int | None:
        for records in self._records:
            found = records.execute("SELECT row FROM vector WHERE kind = ? AND digest = ?", (kind, digest)).fetchone()
            if found is not None:
                return int(found[0])
        return None

    def close(self) -> None:
        """Close the files."""
        for one in self._records:
            one.close()


def _opened(remains: Remains, listed: Sequence[str], form: VectorFormat) -> list[_Shard]:
    found = []
    begin = 0
    for name in listed:
        record, path = remains.files[name], remains.base / name
        rows = vector_files.map_rows(path, form) if not fault_of(path, record) else None
        found.append(_Shard(begin, rows))
        begin += max(0, record.size - len(form.header(0))) // form.width
    return found
