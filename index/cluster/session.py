"""A connection to Ray: that of a cluster by its address, or one of this machine's own that ends with the program.

The machine's own listens on 127.0.0.1 only and lies in a folder of its own, so that neither another user's Ray nor one
left behind is attached to. Nothing is sent to Ray's makers.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from corpus.scratch import ScratchFolder
from index.errors import ClusterError

OBJECT_STORE = 512 * 2**20
"""Bytes for what is under way on this machine: some batches of documents; more goes to disk."""

_ALONE = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""Set to 0, all processes talk over 127.0.0.1. Ray reads it when it is imported, and named it for other systems."""


_PATIENCE = 10.0
"""Seconds that an address has to answer."""


@contextmanager
def connected(address: str | None = None, workers: int | None = None) -> Iterator[int]:
    """Within it Ray can be used; gives how many encoders, readers or searchers may run at once.

    `address` is that of a cluster (`auto`: that of this machine); None starts one here, of `workers` processes (as many
    as there are cores). Raises ClusterError where Ray is not installed, the cluster is not there or has no processor.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if address is None:
        keep_to_this_machine()
    ray = _ray()
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
                _knock(address)
            ray.init(**settings)
            ray.put(b"")  # it imports more then: from two threads, one beside FastAPI's imports, that failed
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            where = "no Ray could be started here" if address is None else f"no Ray cluster at {address}"
            raise ClusterError(f"{where}: {_first_line(error)}") from error
        there = int(ray.cluster_resources().get("CPU", 0))
        if not there:
            raise ClusterError(f"the Ray cluster at {address} has no processor to work with: add a node to it")
        yield min(workers or there, there)
    finally:
        ray.shutdown()
        if own is not None:
            own.close()


def keep_to_this_machine() -> None:
    """Have a Ray that is started from here talk over 127.0.0.1, and only to who knows a secret of this process."""
    os.environ.setdefault(_ALONE, "0")
    os.environ.setdefault("RAY_worker_niceness", "0")  # else all else on the machine comes before a question
    if (
        "RAY_AUTH_MODE" not in os.environ and "ray" not in sys.modules
    ):  # else Ray would write a secret into the user's home, and say so
        os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}


def _knock(address: str) -> None:
    """Raises OSError where nobody listens at HOST:PORT: Ray itself would go on trying for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise ClusterError('the package ray is not installed: run `pip install "yearbook-qa[ray]"`') from error
    return ray


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
