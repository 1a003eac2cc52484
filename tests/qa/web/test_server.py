"""Clients that exhaust the file descriptors leave enough for the index."""

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


def _request(port: int, path: str) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return client


def _status(client: socket.socket) -> bytes:
    """Return the beginning of the status line; nothing from a closed connection."""
    try:
        return client.recv(4096)[:12]
    except ConnectionError:
        return b""


def test_too_many_connections_are_refused_and_files_stay_readable(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = server
    served = LIMIT - RESERVED_DESCRIPTORS - REFUSAL_CONNECTIONS  # the limit of 64 was raised
    with ExitStack() as stack:
        first = []
        for _ in range(served - 1):  # a connection counts itself
            first.append(stack.enter_context(_request(port, "/held")))
            assert _status(first[-1]) == SERVED
        further = [stack.enter_context(_request(port, "/held")) for _ in range(LIMIT)]
        answers = Counter(_status(client) for client in further)
        assert answers[TOO_MANY] > 0
        assert set(answers) <= {TOO_MANY, b""}
        assert all(client.recv(4096) for client in first)  # their answers go on; each part opens a file
    again = b""
    while again != SERVED:
        assert again in {TOO_MANY, b""}
        with _request(port, "/") as client:
            again = _status(client)
    process.kill()
    assert process.stderr is not None
    said = process.stderr.read().decode()
    assert "system resource" not in said
    assert "Too many open files" not in said


def test_the_limit_of_descriptors_is_raised_as_far_as_allowed() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        most = max_connections()
        now = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert before[0] <= now[0] <= max(before[0], MAX_DESCRIPTORS)
        assert now[1] == before[1]
        assert most == max(now[0] - RESERVED_DESCRIPTORS - REFUSAL_CONNECTIONS, now[0] // 2)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
