"""Uploads take a limited part of the disk, the oldest unused files go first, and nothing outlives the server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa import limits
from qa.web.batches import Batches
from qa.web.security import request_limits
from qa.web.security.request_limits import MIN_FILE_SIZE, RequestRefused, UploadFolder
from tests.qa.web.security.test_access import TWO_TEXTS, request, upload


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder with space for ten of the smallest files."""
    (tmp_path / "uploads").mkdir()
    monkeypatch.setattr(request_limits, "temporary_folder", lambda: tmp_path)
    monkeypatch.setenv(limits.UPLOADS.variable, str(10 * MIN_FILE_SIZE))
    return tmp_path


def add_upload(folder: Path, number: int, age: float = 0.0) -> Path:
    """Add a file that was uploaded `age` seconds ago."""
    path = folder / "uploads" / f"{number}"
    path.mkdir()
    (path / "q.txt").write_text("Why?\n", encoding="utf-8")
    modified = time.time() - age
    os.utime(path, (modified, modified))
    return path


def test_space_is_reserved_up_to_the_limit_and_again_after_its_release(folder: Path) -> None:
    uploads = UploadFolder()
    for number in range(4):
        add_upload(folder, number)
    with uploads.reserved(6 * MIN_FILE_SIZE), pytest.raises(RequestRefused, match=limits.UPLOADS.variable) as refused:
        uploads.reserve(1)
    assert refused.value.status == 507
    with uploads.reserved(6 * MIN_FILE_SIZE):
        pass


def test_the_oldest_unused_upload_is_evicted_first(folder: Path) -> None:
    uploads = UploadFolder()
    old, oldest, new = add_upload(folder, 1, 200), add_upload(folder, 2, 300), add_upload(folder, 3)
    uploads.reserve(8 * MIN_FILE_SIZE)
    assert (old.exists(), oldest.exists(), new.exists()) == (True, False, True)
    with pytest.raises(RequestRefused):
        uploads.reserve(MIN_FILE_SIZE + 1)  # the form may still need `new`
    assert new.exists()


def test_the_number_of_files_is_limited_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limits, "MAX_FILES_IN_FOLDER", 3)
    for number in range(3):
        add_upload(folder, number)
    with pytest.raises(RequestRefused):
        UploadFolder().reserve(0)


@pytest.mark.usefixtures("folder")
def test_the_oldest_batch_that_is_not_running_is_evicted() -> None:
    batches = Batches(UploadFolder())
    running, idle, latest = (batches.add("q.txt", b"x" * 3 * MIN_FILE_SIZE) for _ in range(3))
    running.running = True
    batches.add("q.txt", b"x" * 3 * MIN_FILE_SIZE)
    assert batches.find(running.token) is running
    assert batches.find(idle.token) is None
    assert batches.find(latest.token) is latest
    assert not idle.folder.exists()


@pytest.mark.usefixtures("folder")
def test_an_upload_without_space_is_refused_before_it_is_received() -> None:
    sent = upload("a.txt", content=b"x" * 11 * MIN_FILE_SIZE)
    sent["headers"]["content-length"] = str(sum(map(len, sent["parts"])))
    status, _, _, received = request(**sent, uploads=TWO_TEXTS, upload_folder=UploadFolder())
    assert (status, received) == (507, [])
    for max_upload, expected in ((9 * MIN_FILE_SIZE, 200), (11 * MIN_FILE_SIZE, 507)):  # of a length not stated
        sent = upload("a.txt")
        status, *_ = request(**sent, uploads=TWO_TEXTS, upload_folder=UploadFolder(), max_upload=max_upload)
        assert status == expected


SERVER = """
import os, sys
from pathlib import Path
from qa.web.batches import Batches
from qa.web.security.request_limits import UploadFolder
Batches(UploadFolder()).add("q.txt", b"Why?")
(Path(os.environ["GRADIO_TEMP_DIR"]) / "x").write_bytes(b"x")
print(flush=True)
sys.stdin.read()
"""


def test_the_folder_is_removed_at_exit(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        assert list(tmp_path.glob(f"{request_limits.PREFIX}*"))
        process.communicate(b"")
    assert list(tmp_path.glob(f"{request_limits.PREFIX}*")) == []
