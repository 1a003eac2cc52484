"""Which address the form listens on."""

from __future__ import annotations

import ipaddress
import socket

FIRST_PORT = 7860
_TRIED = 100


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def choose_port(host: str, port: int | None) -> int:
    """The port asked for, else the first free one from `FIRST_PORT` on. Raises OSError where none can be had."""
    if port is not None:
        if not _is_free(host, port):
            raise OSError(None, f"port {port} on {host} is taken: choose another with --port, or leave it out")
        return port
    for candidate in range(FIRST_PORT, FIRST_PORT + _TRIED):
        if _is_free(host, candidate):
            return candidate
    raise OSError(None, f"no free port on {host} from {FIRST_PORT} to {FIRST_PORT + _TRIED - 1}: give one with --port")


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
