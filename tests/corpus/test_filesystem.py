"""A scratch folder is deleted with its process or by the next one, and never while its process lives."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.filesystem import ScratchFolder

KILLED = """
import os
from corpus.filesystem import ScratchFolder
own = ScratchFolder("yearbook-test-")
(own.path / "inside").mkdir()
print(own.path, flush=True)
os._exit(9)
"""

ENDED = """
from corpus.filesystem import ScratchFolder
ScratchFolder("yearbook-test-").close()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_closing_deletes_the_folder_and_its_contents() -> None:
    own = ScratchFolder("yearbook-test-")
    (own.path / "inside").mkdir()
    (own.path / "inside" / "file").write_bytes(b"x")
    own.close()
    assert not own.path.exists()


def test_the_folder_of_a_killed_process_is_deleted_by_the_next_one(temporary: Path) -> None:
    environment = {**os.environ, "TEMP": str(temporary)}
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, check=False, env=environment)
    left = Path(done.stdout.decode().strip())
    assert left.is_dir()
    _age(left)
    ScratchFolder("yearbook-other-").close()
    assert left.is_dir()
    ScratchFolder("yearbook-test-").close()
    assert not left.exists()


def test_the_folder_of_a_live_process_stays(temporary: Path) -> None:
    own = ScratchFolder("yearbook-test-")
    _age(own.path)
    done = subprocess.run([sys.executable, "-c", ENDED], check=True, env={**os.environ, "TEMP": str(temporary)})
    assert done.returncode == 0
    assert list(temporary.iterdir()) == [own.path]
    own.close()


def test_a_folder_without_a_lock_is_not_deleted(temporary: Path) -> None:
    other = temporary / "yearbook-test-other"
    other.mkdir()
    ScratchFolder("yearbook-test-").close()
    assert other.is_dir()


def _age(folder: Path) -> None:
    """As if it had been made a minute ago."""
    minute = time.time() - 60
    os.utime(folder / "lock", (minute, minute))
