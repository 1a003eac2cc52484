"""Fixtures of all tests: no network, no user folders, the shared data if available.

The environment is set when this file is imported, before any library reads it, and subprocesses inherit it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.paths import DATA, ROOT

if TYPE_CHECKING:
    from index.models.encoder import Vectors
    from tests.factories.damaged_index import Shown
    from tests.faults.injection import Faults


# Ignore the user's settings: a test must not read or change the user's index.
for name in [name for name in os.environ if name.startswith("YEARBOOK_QA_") and name != "YEARBOOK_QA_DATA"]:
    del os.environ[name]

os.environ |= {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    # The hook below sees this process only. A subprocess that asks for something outside finds this proxy: nobody
    # listens at port 9.
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "127.0.0.1,localhost",
    # Ray reads these when it is imported: it stays on loopback, tells its makers nothing, writes no secret into a home.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
}

# No deadline: the machine's load is no property of the code. CI draws the same examples each time, so that a red run
# is about the change; at home every run looks somewhere new.
hypothesis.settings.register_profile("home", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "home")


class NetworkBlocked(OSError):
    """A test tried to reach another machine."""


_outside: list[str] = []


def _is_outside(host: object) -> bool:
    """Whether a host, as a name or an address, is another machine (a name other than localhost would be looked up)."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str) or host in {"", "localhost"}:
        return False
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return True


def _refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: sees each connection of each library and thread, also those that replace `socket.socket`."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        connection, address = arguments
        assert isinstance(connection, socket.socket | socket.SocketType)
        inside = connection.family not in {socket.AF_INET, socket.AF_INET6} or not isinstance(address, tuple)
        host = None if inside else address[0]  # type: ignore[index]
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if _is_outside(host):
        _outside.append(f"{event} {host!r}")
        raise NetworkBlocked(f"tests reach no other machine, but {event} asked for {host!r}")


sys.addaudithook(_refuse_outside)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much the long tests try, where that can be chosen."""
    parser.addoption("--kills", type=int, default=200, help="builds that the long test of kills has killed")


def pytest_configure(config: pytest.Config) -> None:
    """Give the whole session one cache folder, kept between runs: exporting the model costs some 20 s."""
    cache = getattr(config, "cache", None)  # not there with -p no:cacheprovider
    if cache is not None:
        os.environ["YEARBOOK_QA_CACHE"] = str(cache.mkdir("yearbook-qa"))


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of shared data (`YEARBOOK_QA_DATA`, else `../shared` beside the repository)."""
    if not DATA.is_dir():
        pytest.skip(f"no shared data in {DATA}: set YEARBOOK_QA_DATA to the folder that holds seeds/ and seeds-eval/")
    return DATA.resolve()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium or Chrome: `CHROMIUM` or the system's. Without one, tests skip, or fail in CI."""
    for candidate in (
        os.environ.get("CHROMIUM"),
        # the headless shell takes half of the processor time of the whole browser
        *("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome", "msedge"),
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ):
        if result := candidate and shutil.which(candidate):
            return result
    reason = "no Chromium or Chrome found: install one, or name it in CHROMIUM"
    if os.environ.get("REQUIRE_BROWSER", "") not in {"", "0"}:
        pytest.fail(f"REQUIRE_BROWSER is set, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(scope="session", autouse=True)
def session_home(_homes: Path) -> Iterator[None]:
    """Keep fixtures of wider scope than a test out of the user's data folder, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(_homes / "session"))
        yield


@pytest.fixture(autouse=True)
def own_home(_homes: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Give each test a separate data folder: the first question builds the samples there.

    Without `tmp_path` and `monkeypatch`, which Hypothesis would take for fixtures that the test forgot to reset.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(_homes / f"{abs(hash(request.node.nodeid)):x}"))
        yield


@pytest.fixture(autouse=True)
def network_attempts() -> Iterator[list[str]]:
    """Fail a test that asked for another machine, even where a library swallowed the refusal."""
    _outside.clear()
    yield _outside
    if _outside:
        pytest.fail(f"reached out of this machine: {', '.join(_outside)}")


@pytest.fixture(scope="session", autouse=True)
def without_waiting_for_the_disk() -> Iterator[None]:
    """Skip syncs in this process: tests build a thousand indexes, and tests of power cuts build theirs in others."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "fdatasync"):
            if hasattr(os, name):
                patch.setattr(os, name, lambda _descriptor: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def encode_once() -> Iterator[Callable[..., Vectors]]:
    """Encode each text once in all test processes, since many tests index the samples; give the original method.

    A vector depends on model and text alone, which tests/index/models shows with that method. What other processes
    encoded is read from the cache, where the code of the models has not changed since.
    """
    import numpy as np

    from index.models.encoder import OnnxEncoder

    original = OnnxEncoder.encode
    vectors: dict[str, Vectors] = {}
    code = hashlib.sha256(b"".join(path.read_bytes() for path in sorted((ROOT / "index" / "models").glob("*.py"))))
    cache = os.environ.get("YEARBOOK_QA_CACHE")
    file = Path(cache) / f"vectors-{code.hexdigest()[:16]}.sqlite" if cache else ":memory:"
    stored = sqlite3.connect(file, timeout=60, isolation_level=None, check_same_thread=False)
    stored.execute("PRAGMA synchronous = OFF")
    stored.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB) WITHOUT ROWID")
    lock = threading.Lock()

    def known(keys: Iterable[str]) -> None:
        """Read what is stored of the vectors with these keys."""
        for key in keys:
            if key not in vectors:
                rows = stored.execute("SELECT vector FROM vectors WHERE key = ?", (key,))
                vectors.update((key, np.frombuffer(vector, dtype=np.float32)) for (vector,) in rows)

    def encode(
        self: OnnxEncoder, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        digests = [
            hashlib.sha256(f"{self.fingerprint}\0{query}\0{text}".encode("utf-8", "surrogatepass")) for text in texts
        ]
        keys = [key.hexdigest() for key in digests]
        with lock:
            known(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
        new = original(self, list(missing.values()), query=query, progress=progress)
        vectors.update(zip(missing, new, strict=True))
        if missing:
            with lock:
                stored.execute("BEGIN IMMEDIATE")
                rows = [(key, vector.tobytes()) for key, vector in zip(missing, new, strict=True)]
                stored.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
                stored.execute("COMMIT")
        if progress is not None:
            progress(len(texts) - len(missing))
        return np.stack([vectors[key] for key in keys]) if keys else new

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OnnxEncoder, "encode", encode)
        yield original
    stored.close()


@pytest.fixture(scope="session", autouse=True)
def open_models_once() -> Iterator[None]:
    """Open the graph and the tokenizers of each model once in this process: 100 tests load the default model twice."""
    from index.models.encoder import OnnxEncoder
    from index.models.model_store import GRAPH, TOKENIZER

    opened: dict[tuple[object, ...], object] = {}

    def shared(name: str) -> property:
        read = OnnxEncoder.__dict__[name].func

        def get(self: OnnxEncoder) -> object:
            files = [self._model.folder / file for file in (GRAPH, TOKENIZER)]
            changed = [file.stat().st_mtime_ns for file in files if file.exists()]
            key = (name, self._model.folder, self.fingerprint, *changed)
            if key not in opened:
                opened[key] = read(self)
            return opened[key]

        return property(get)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("_session", "_tokenizer", "_counter", "_tables", "_vocabulary"):
            patch.setattr(OnnxEncoder, name, shared(name))
        yield


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the embedded samples, made with the real default model."""
    from corpus.ingest import plan
    from index.building.build import build
    from index.models.encoder import load
    from qa.cli.index_location import SAMPLES

    folder = tmp_path_factory.mktemp("samples") / "index"
    build(folder, plan([SAMPLES]), load())
    return folder


@pytest.fixture(scope="session")
def healthy_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of `tests.factories.damaged_index.indexed`; what damages it damages a copy (`copied`). Its corpus lies
    beside it.
    """
    from tests.factories.damaged_index import indexed

    return indexed(tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="session")
def healthy_answers(healthy_index: Path) -> list[Shown]:
    """Return what a user sees of its best hits."""
    from tests.factories.damaged_index import answers

    return answers(healthy_index)


@pytest.fixture(scope="session")
def faults() -> Iterator[Faults]:
    """The command line with a fault at any call. Where there is no compiler, or no Linux: skipped, or failed in CI."""
    from tests.faults.injection import Faults

    with tempfile.TemporaryDirectory(prefix="yearbook-qa-faults-") as folder, Faults(Path(folder)) as running:
        yield running


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of small models that `tests/factories/models/tiny_model.py` writes, in a separate process."""
    folder = tmp_path_factory.mktemp("tiny")
    script = str(ROOT / "tests" / "factories" / "models" / "tiny_model.py")
    subprocess.run([sys.executable, script, str(folder)], check=True, capture_output=True)
    return folder
