"""Opens indexes that the shards of a cluster search: their actors are started once a folder, and end together."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Self

from index.cluster.replicas import Replicas
from index.cluster.search import ClusterIndex


class Opener:
    """Opens any index by so many shards, each so many times; whoever reads a folder anew has the same ones search."""

    def __init__(self, shards: int, replicas: int) -> None:
        self._shards, self._replicas = shards, replicas
        self._open: dict[Path, Replicas] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End all actors."""
        for one in self._open.values():
            one.close()

    def __call__(self, folder: Path) -> ClusterIndex:
        """Raises what opening an index raises. Waits a while for the shards to be there."""
        with self._lock:
            replicas = self._open.get(folder)
            if replicas is None:
                replicas = self._open[folder] = Replicas(folder, self._shards, self._replicas)
                replicas.wait()
        return ClusterIndex(folder, replicas)
