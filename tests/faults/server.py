"""Serve requests to run the command line in a forked child with faults, so that imports happen once.

`tests.faults.injection` starts it, writes one JSON request per line and reads one reply per line. The model is a small
deterministic encoder. Linux only.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy.ma
import numpy.random  # noqa: F401 - for the children

import index.models.encoder
import index.ranking.search
import index.repair.doctor
import index.repair.repair
import qa.answering.library
import qa.evaluation.evaluate  # noqa: F401 - for the children
from corpus import catalogue, ingest  # noqa: F401 - for the children
from index import layout
from index.building import build
from qa.cli import index_location, progress  # noqa: F401 - for the children
from qa.cli.cli import main
from qa.editions import alignment  # noqa: F401 - for the children
from qa.output import console  # noqa: F401 - for the children
from tests.factories.encoders import HashEncoder

TRACEBACK = 70
"""The exit code of a child that ended with an exception."""


def run(library: ctypes.CDLL, asked: dict[str, Any]) -> None:
    """Run the command line with faults, in the child; never returns."""
    results = Path(asked["results"])
    code = TRACEBACK
    for name, descriptor in (("out", 1), ("err", 2)):
        opened = os.open(results / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    log = os.open(results / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    calls = os.open(results / "calls", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.environ.update(asked["environment"])
    if asked["checkpoint"] is not None:
        for module in (build, index.repair.repair):
            setattr(module, "CHECKPOINT", asked["checkpoint"])  # noqa: B010 - imported there by name
    if asked["unsynced"]:
        sync = layout.sync
        for module in (layout, index.manifest):
            setattr(module, "sync", lambda path: sync(path) if path.is_dir() else None)  # noqa: B010
    if asked["unprivileged"] and library.fault_obey():
        raise OSError("cannot give up what root may do")
    if asked["folders"]:
        error = library.fault_begin(
            os.fsencode(":".join(asked["folders"])), asked["at"], asked["mode"], asked["errno"], log
        )
        if error:
            os.write(calls, f"refused {error}".encode())
            os._exit(0)
    try:
        main(asked["arguments"], prog_name="yearbook-qa")
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    except BaseException:  # noqa: BLE001 - the user would see a traceback
        traceback.print_exc()
    finally:
        os.write(calls, f"{library.fault_calls()} {library.fault_hits()}".encode())
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    """Answer requests until the input ends."""
    library = ctypes.CDLL(sys.argv[1])
    library.fault_calls.restype = library.fault_hits.restype = ctypes.c_long
    library.fault_begin.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_int]
    index.models.encoder.load = lambda *_, **__: HashEncoder()
    gc.freeze()  # a collection in a child would copy all of these pages
    for line in sys.stdin:
        child = os.fork()
        if not child:
            run(library, json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
