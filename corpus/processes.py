"""A process of this program's own, asked by pipes: how it is started, and how messages are told apart.

A message is bytes with eight of length in front. Knows nothing of what is asked.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO

LENGTH = 8
"""Bytes in front of a message."""


def command(module: str) -> list[str]:
    """What runs a module of this program in a process of its own."""
    return [sys.executable, "-P", "-m", module]


def environment() -> dict[str, str]:
    """The variables of the asking process, with which the other one finds the modules that this one finds."""
    found = os.pathsep.join(one or str(Path.cwd()) for one in sys.path)
    return {**os.environ, "PYTHONPATH": found}


def end(process: subprocess.Popen[bytes], patience: float) -> int:
    """Close the pipe that the process reads from, wait so many seconds for it to end, then kill it; its exit code."""
    with suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        return process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def replies() -> BinaryIO:
    """In the other process: where its answers go. Whatever a library prints goes to standard error instead."""
    stream = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return stream


def packed(data: bytes) -> bytes:
    """A message."""
    return len(data).to_bytes(LENGTH, "big") + data


def length(head: bytes) -> int:
    """How long the message is that begins so."""
    return int.from_bytes(head, "big")


def read(stream: IO[bytes]) -> bytes:
    """The next message. Raises EOFError where the stream ends before its end."""
    head = stream.read(LENGTH)
    if len(head) < LENGTH:
        raise EOFError
    data = stream.read(length(head))
    if len(data) < length(head):
        raise EOFError
    return data
