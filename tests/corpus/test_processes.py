"""Child processes answer, are limited, cancelled, restarted and ended."""

from __future__ import annotations

import gc
import mmap
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from itertools import pairwise
from pathlib import Path

import pytest

from corpus.processes import ChildProcess, ProcessEnded, RemoteError, run
from tests.paths import ROOT

MODULE = "tests.factories.child_module"
ECHO = {"do": "echo", "text": "“ships” \ud800"}


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    process = ChildProcess(MODULE, stderr="capture")
    yield process
    process.close()


@pytest.fixture
def parallel() -> Iterator[ChildProcess]:
    process = ChildProcess(MODULE, "parallel", stderr="capture")
    yield process
    process.close()


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(2000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")  # an orphan may stay a zombie where nothing reaps it
    return not stat.exists() or ") Z " not in stat.read_text(encoding="ascii", errors="replace")


def test_a_request_returns_object_and_payload_whatever_is_printed(child: ChildProcess) -> None:
    assert child.pid is None  # it starts with the first request
    payload = os.urandom(3_000_000)
    reply, data = child.request(ECHO, payload)
    assert (reply, data) == ({"text": ECHO["text"], "pid": child.pid}, payload[::-1])
    assert child.request(ECHO)[0]["pid"] == reply["pid"]


def test_a_stream_yields_each_message_and_ends(child: ChildProcess) -> None:
    assert [message["number"] for message, _ in child.stream({"do": "count", "to": 5})] == [0, 1, 2, 3, 4]
    assert list(child.stream({"do": "count", "to": 0})) == []


@pytest.mark.parametrize(
    ("kind", "name", "message", "is_printed"),
    [
        ("expected", "KeyError", "'of sail'", False),
        ("other", "ZeroDivisionError", "of sail", True),
        ("panic", "Panic", "of sail", True),
    ],
)
def test_an_exception_is_reported_and_the_child_goes_on(
    child: ChildProcess, kind: str, name: str, message: str, *, is_printed: bool
) -> None:
    for ask in (child.request, lambda request: next(child.stream(request))):
        with pytest.raises(RemoteError) as caught:
            ask({"do": "fail", "kind": kind})
        assert (caught.value.name, caught.value.message) == (name, message)
    pid = child.pid
    assert child.request(ECHO)[0]["pid"] == pid
    with pytest.raises(ProcessEnded) as ended:
        child.request({"do": "exit"})
    assert ("Traceback" in ended.value.stderr) is is_printed


def test_a_crash_ends_all_that_wait_and_the_next_request_starts_another_child(parallel: ChildProcess) -> None:
    first = parallel.request(ECHO)[0]["pid"]
    waiting = parallel.submit({"do": "sleep", "seconds": 600})
    stream = parallel.stream({"do": "count", "to": 2, "pause": 600})
    assert next(stream)[0] == {"number": 0}
    with pytest.raises(ProcessEnded) as ended:
        parallel.request({"do": "exit"})
    assert (ended.value.exit_code, ended.value.reason) == (3, "SomeError: the mast broke")
    with pytest.raises(ProcessEnded):
        waiting.result(timeout=60)
    with pytest.raises(ProcessEnded):
        next(stream)
    assert parallel.request(ECHO)[0]["pid"] != first


@pytest.mark.parametrize("arguments", [(), ("hang",)], ids=["busy", "never reads"])
def test_a_child_that_takes_too_long_is_killed(arguments: tuple[str, ...]) -> None:
    child = ChildProcess(MODULE, *arguments)
    with pytest.raises(TimeoutError):
        child.request({"do": "sleep", "seconds": 600}, b"x" * 1_000_000, timeout=1)
    assert child.pid is None
    child.close()


def test_a_child_that_prints_before_it_serves_is_ended_and_reported() -> None:
    child = ChildProcess(MODULE, "greet")
    with pytest.raises(ProcessEnded):
        child.request({"do": "echo", "text": "ahoy"}, timeout=60)


def test_requests_with_a_timeout_run_one_at_a_time(child: ChildProcess) -> None:
    child.submit({"do": "sleep", "seconds": 0.2}).result()
    assert child.request(ECHO, timeout=60)[0]["text"] == ECHO["text"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_ctrl_c_is_left_to_the_parent_and_a_signal_is_named(child: ChildProcess) -> None:
    pid = child.request(ECHO)[0]["pid"]
    os.kill(pid, signal.SIGINT)
    assert child.request(ECHO)[0]["pid"] == pid
    waiting = child.submit({"do": "sleep", "seconds": 600})
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ProcessEnded) as ended:
        waiting.result(timeout=60)
    assert ended.value.ending == "SIGKILL"


def test_a_stream_that_is_closed_is_cancelled_in_the_child(child: ChildProcess) -> None:
    stream = child.stream({"do": "count", "to": 10**9, "pause": 0.01})
    assert [next(stream)[0]["number"] for _ in range(3)] == [0, 1, 2]
    stream.close()
    assert child.request(ECHO, timeout=60)[0]["text"] == ECHO["text"]  # else the serial child would count for months


def test_a_request_that_is_cancelled_while_it_waits_is_never_begun(child: ChildProcess) -> None:
    running = child.submit({"do": "sleep", "seconds": 0.3})
    queued = child.submit({"do": "exit"})
    queued.cancel()
    running.result(timeout=60)
    assert child.request(ECHO)
    with pytest.raises(CancelledError):
        queued.result()


def test_a_parallel_child_interleaves_requests(parallel: ChildProcess) -> None:
    slow = parallel.submit({"do": "sleep", "seconds": 600})
    assert parallel.request(ECHO, timeout=60)
    assert not slow.done()
    streams = [parallel.stream({"do": "count", "to": 50}) for _ in range(4)]
    numbers = [[stream_message[0]["number"] for stream_message in stream] for stream in streams]
    assert all(after == before + 1 for row in numbers for before, after in pairwise(row))


@pytest.mark.skipif(sys.platform != "linux", reason="no limit of memory on this system")
def test_a_child_may_have_no_more_memory_than_its_limit() -> None:
    child = ChildProcess(MODULE, memory=2**30, stderr="discard")
    assert child.request({"do": "allocate", "size": 10**6})[0] == {"size": 10**6}
    with pytest.raises(RemoteError, match="MemoryError"):
        child.request({"do": "allocate", "size": 2**31})
    child.close()


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="no priorities on this system")
def test_a_child_has_a_lower_priority_if_asked() -> None:
    child = ChildProcess(MODULE, niceness=5)
    pid = child.request(ECHO)[0]["pid"]
    assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
    child.close()


def test_a_stopped_child_starts_again_and_a_closed_one_does_not(child: ChildProcess) -> None:
    first = child.request(ECHO)[0]["pid"]
    child.stop()
    assert child.pid is None
    assert child.request(ECHO)[0]["pid"] != first
    child.close()
    for ask in (child.request, child.submit, lambda request: next(child.stream(request))):
        with pytest.raises(ProcessEnded):
            ask(ECHO)


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill(pid, 0) kills there")
def test_a_child_ends_with_the_object_that_started_it() -> None:
    child = ChildProcess(MODULE)
    pid = child.request(ECHO)[0]["pid"]
    del child
    gc.collect()
    wait_until(lambda: not is_alive(pid))


PARENT = f"""
import time
from corpus.processes import ChildProcess
child = ChildProcess("{MODULE}")
print(child.request({{"do": "echo", "text": ""}})[0]["pid"], flush=True)
child.submit({{"do": "sleep", "seconds": 600}})
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill(pid, 0) kills there")
def test_a_busy_child_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    wait_until(lambda: not is_alive(pid))


def test_a_module_run_to_its_end_says_why_it_failed() -> None:
    run("json.tool", "--help")
    with pytest.raises(ProcessEnded, match="No module named no_such_module") as ended:
        run("no_such_module")
    assert ended.value.exit_code == 1


def test_a_module_of_the_current_folder_replaces_none_of_the_standard_library(tmp_path: Path) -> None:
    (tmp_path / "types.py").write_text("raise RuntimeError\n")
    code = "from corpus.processes import run; run('corpus.vocabulary')"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)


SCRIPT = """
import ctypes, sys, threading
from pathlib import Path
from corpus import processes

c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes, c.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
if sys.argv[1] == "limited":
    processes.set_trim_threshold()
c.free(c.malloc(32_000_000))  # a large block raises the thresholds of glibc
before, together = threading.Barrier(8), threading.Barrier(8)

def work():
    before.wait()  # so that each gets its own heap
    blocks = [c.malloc(64_000) for _ in range(150)]
    for block in blocks:
        ctypes.memset(block, 1, 64_000)
    together.wait()
    for block in blocks:
        c.free(block)

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
processes.trim_heap()
print(Path("/proc/self/statm").read_text().split()[1])
"""


def _resident_megabytes(mode: str) -> float:
    """Return the memory of a process after eight of its threads have freed 9.6 MB each."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, mode], env=environment, capture_output=True, text=True, check=True
    )
    return int(run.stdout) * mmap.PAGESIZE / 1e6


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the heaps of glibc")
def test_memory_freed_by_threads_returns_to_the_system() -> None:
    # by default at least half of 8 x 9.6 MB stays at the ends of the heaps; limited, 1 MB of each heap at most
    assert _resident_megabytes("default") - _resident_megabytes("limited") > 38
