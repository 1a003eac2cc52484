"""What Ray raises, told as what it is: a worker's own error as itself, the loss of workers in words."""

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
"""Errors of a worker that is gone, or of what went with it."""


@contextmanager
def told(work: str) -> Iterator[None]:
    """Raises what a worker raised, and ClusterError where more workers were lost at `work` than are made up for."""
    try:
        yield
    except exceptions.RayTaskError as error:
        cause = getattr(error, "cause", None)
        raise (cause if isinstance(cause, Exception) else ClusterError(f"{work}: {reason(error)}")) from None
    except LOST as error:
        raise ClusterError(
            f"{work}: workers of the cluster were lost again and again, or could not be started ({reason(error)}); "
            "what was embedded so far is kept, the same command goes on from there"
        ) from error


def reason(error: Exception) -> str:
    """The line of Ray's many that says most: the last."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
