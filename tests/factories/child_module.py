"""A module that a child process runs in tests; the request names the action.

With an argument `hang` it never reads its input, with `greet` it prints before it serves.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator

from corpus.processes import Json, Message, serve


def handle(request: Json, payload: bytes) -> Generator[Message, None, None]:
    """Perform the requested action."""
    match request["do"]:
        case "echo":
            sys.stdout.write("printed by a library\n")
            sys.stdout.flush()
            yield {"text": request["text"], "pid": os.getpid()}, payload[::-1]
        case "count":
            for number in range(request["to"]):
                yield {"number": number}, b""
                time.sleep(request.get("pause", 0))
        case "fail":
            raise {"expected": KeyError, "other": ZeroDivisionError, "panic": Panic}[request["kind"]]("of sail")
        case "exit":
            sys.stderr.write("SomeError: the mast broke.\n")
            sys.stderr.flush()
            os._exit(3)
        case "sleep":
            time.sleep(request["seconds"])
            yield {}, b""
        case "allocate":
            yield {"size": len(bytearray(request["size"]))}, b""


class Panic(BaseException):
    """As raised by extension modules written in Rust: no Exception."""


if __name__ == "__main__":
    if "hang" in sys.argv:
        time.sleep(600)
    if "greet" in sys.argv:
        sys.stdout.write("Welcome to this machine, dear user.\n")
        sys.stdout.flush()
    serve(handle, expected=(KeyError,), parallel="parallel" in sys.argv)
