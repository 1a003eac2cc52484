"""More clients than a process has descriptors for take none of those that the index needs."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from qa.web.server import MAX_DESCRIPTORS, REFUSAL_CONNECTIONS, RESERVED_DESCRIPTORS, max_connections

resource = pytest.importorskip("resource", reason="no limits of descriptors on this system")

LIMIT = 640
SERVED, TOO_MANY = b"HTTP/1.1 200", b"HTTP/1.1 503"

SERVER = f"""
import asyncio, resource, socket, sys
import uvicorn
resource.setrlimit(resource.RLIMIT_NOFILE, (64, {LIMIT}))
from qa.web.server import LimitedServer

async def app(scope, receive, send):
    await send({{"type": "http.response.start", "status": 200, "headers": []}})
    while scope["path"] == "/held":
        await asyncio.sleep(0.05)
        with open({__file__!r}, "rb"):
            await send({{"type": "http.response.body", "body": b"read.", "more_body": True}})
    await send({{"type": "http.response.body", "body": b"done", "more_body": False}})

listening = socket.create_server(("127.0.0.1", 0))
sys.stdout.write(str(listening.getsockname()[1]) + "\\n")
sys.stdout.flush()
LimitedServer(uvicorn.Config(app, lifespan="off", log_level="error")).run(sockets=[listening])
"""


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def _asked(port: int, path: str) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), timeout=20)
    one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return one


def _told(one: socket.socket) -> bytes:
    """The status line's beginning; nothing from one that was hung up on."""
    try:
        return one.recv(4096)[:12]
    except ConnectionError:
        return b""


def test_those_who_are_too_many_are_told_or_hung_up_on_and_files_can_be_read(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = server
    served = LIMIT - RESERVED_DESCRIPTORS - REFUSAL_CONNECTIONS  # the limit of 64 was raised
    with ExitStack() as stack:
        first = []
        for _ in range(served - 1):  # one after the other; a connection counts itself
            first.append(stack.enter_context(_asked(port, "/held")))
            assert _told(first[-1]) == SERVED
        further = [stack.enter_context(_asked(port, "/held")) for _ in range(LIMIT)]
        answers = Counter(_told(one) for one in further)
        assert answers[TOO_MANY] > 0
        assert set(answers) <= {TOO_MANY, b""}
        assert all(one.recv(4096) for one in first)  # their answers go on, for which a file is opened each time
    again = b""
    while again != SERVED:
        assert again in {TOO_MANY, b""}
        with _asked(port, "/") as one:
            again = _told(one)
    process.kill()
    assert process.stderr is not None
    said = process.stderr.read().decode()
    assert "system resource" not in said
    assert "Too many open files" not in said


def test_a_process_takes_as_many_descriptors_as_it_gets() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        most = max_connections()
        now = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert before[0] <= now[0] <= max(before[0], MAX_DESCRIPTORS)
        assert now[1] == before[1]
        assert most == max(now[0] - RESERVED_DESCRIPTORS - REFUSAL_CONNECTIONS, now[0] // 2)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
