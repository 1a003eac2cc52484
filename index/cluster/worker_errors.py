"""Translate Ray's exceptions: a worker's own error is raised as itself, the loss of workers as ClusterError."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ray import exceptions

from index.errors import ClusterError

LOST = (
    exceptions.RayActorError,
    exceptions.WorkerCrashedError,
    exceptions.NodeDiedError,
    exceptions.ObjectLostError,
    exceptions.OutOfMemoryError,
)
"""Errors of a lost worker, or of a result lost with it."""


@contextmanager
def worker_errors(stage: str) -> Iterator[None]:
    """Raise what a worker raised; ClusterError, naming the stage, where more workers were lost than Ray replaces."""
    try:
        yield
    except exceptions.RayTaskError as error:
        cause = getattr(error, "cause", None)
        raise (cause if isinstance(cause, Exception) else ClusterError(f"{stage}: {_last_line(error)}")) from None
    except LOST as error:
        raise ClusterError(
            f"{stage}: workers of the cluster were lost repeatedly, or could not be started ({_last_line(error)}); "
            "embedded passages are kept: run the same command to resume"
        ) from error


def _last_line(error: Exception) -> str:
    """Return the last line of Ray's message, which names the cause."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
