"""Connect to a Ray cluster by its address, or start one on this machine that ends with the program.

A local cluster listens on 127.0.0.1 only and has its own folder, so that no other user's Ray and no leftover one is
joined. Usage statistics are off.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from corpus.filesystem import ScratchFolder
from index.errors import ClusterError

OBJECT_STORE = 512 * 2**20
"""Bytes for intermediate results on this machine, some batches of documents; Ray spills more to disk."""

_CLUSTER_VARIABLE = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""Variable that Ray reads on import; with "0", all processes use 127.0.0.1, also on Linux, despite its name."""

_CONNECT_TIMEOUT = 10.0
"""Seconds for an address to answer."""


@contextmanager
def connected(address: str | None = None, workers: int | None = None) -> Iterator[int]:
    """Connect to Ray; yield how many workers may run at once.

    `address` is that of a cluster (`auto`: one on this machine); None starts one here with `workers` processes, by
    default one per core. Raises ClusterError where Ray is not installed, or the cluster is unreachable or has no
    processors.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if address is None:
        restrict_to_this_machine()
    ray = _import_ray()
    own: ScratchFolder | None = None
    settings: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
    if address is None:
        own = ScratchFolder("yq-ray-")  # short: it becomes part of the names of sockets
        settings |= {
            "address": "local",
            "num_cpus": workers or os.cpu_count() or 1,
            "object_store_memory": OBJECT_STORE,
            "include_dashboard": False,
            "_temp_dir": str(own.path),
        }
    else:
        settings["address"] = address
    try:
        try:
            if address is not None:
                _check_reachable(address)
            ray.init(**settings)
            ray.put(b"")  # imports more modules: later, while another thread imports FastAPI, that failed
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            where = "no Ray could be started here" if address is None else f"no Ray cluster at {address}"
            raise ClusterError(f"{where}: {_first_line(error)}") from error
        processors = int(ray.cluster_resources().get("CPU", 0))
        if not processors:
            raise ClusterError(f"the Ray cluster at {address} has no processors: add a node to it")
        yield min(workers or processors, processors)
    finally:
        ray.shutdown()
        if own is not None:
            own.close()


def restrict_to_this_machine() -> None:
    """Restrict a Ray that is started from here to 127.0.0.1 and to holders of a secret token of this process."""
    os.environ.setdefault(_CLUSTER_VARIABLE, "0")
    os.environ.setdefault("RAY_worker_niceness", "0")  # by default Ray's workers run at low priority
    if (
        "RAY_AUTH_MODE" not in os.environ and "ray" not in sys.modules
    ):  # otherwise Ray writes a token into the user's home, with a message
        os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}


def _check_reachable(address: str) -> None:
    """Raise OSError where nothing listens at HOST:PORT; Ray itself would retry for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=_CONNECT_TIMEOUT).close()


def _import_ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise ClusterError('the package ray is not installed: run `pip install "yearbook-qa[ray]"`') from error
    return ray


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
