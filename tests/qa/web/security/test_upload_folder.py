"""How much of what strangers send lies here at once, what goes first, and that nothing is left."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa import limits
from qa.web.batches.store import Batches
from qa.web.security import upload_folder
from qa.web.security.upload_folder import SMALLEST, UploadFolder
from qa.web.security.uploads import RequestRefused
from tests.qa.web.security.test_access import TWO_TEXTS, request, upload


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of that of this process, with room for ten of the smallest files."""
    (tmp_path / "uploads").mkdir()
    monkeypatch.setattr(upload_folder, "home", lambda: tmp_path)
    monkeypatch.setenv(limits.UPLOADS.variable, str(10 * SMALLEST))
    return tmp_path


def lay(home: Path, number: int, seconds: float = 0.0) -> Path:
    """A file that was uploaded so many seconds ago."""
    folder = home / "uploads" / f"{number}"
    folder.mkdir()
    (folder / "q.txt").write_text("Why?\n", encoding="utf-8")
    since = time.time() - seconds
    os.utime(folder, (since, since))
    return folder


def test_room_is_given_up_to_the_limit_and_again_once_it_is_given_back(home: Path) -> None:
    here = UploadFolder()
    for number in range(4):
        lay(home, number)
    with (
        here.taken(6 * SMALLEST),
        pytest.raises(RequestRefused, match=r"at most 40,960 \(raise YEARBOOK_QA_MAX_UPLOADS") as no,
    ):
        here.take(1)
    assert no.value.status == 507
    with here.taken(6 * SMALLEST):
        pass


def test_what_nobody_came_for_goes_first_the_oldest_before_others(home: Path) -> None:
    here = UploadFolder()
    old, older, new = lay(home, 1, 200), lay(home, 2, 300), lay(home, 3)
    here.take(8 * SMALLEST)
    assert (old.exists(), older.exists(), new.exists()) == (True, False, True)
    with pytest.raises(RequestRefused):
        here.take(SMALLEST + 1)  # `new` is younger than what may be needed
    assert new.exists()


def test_many_small_files_are_too_many_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_folder, "MOST_FILES", 3)
    here = UploadFolder()
    for number in range(3):
        lay(home, number)
    with pytest.raises(RequestRefused):
        here.take(0)


@pytest.mark.usefixtures("home")
def test_of_batches_the_oldest_that_is_not_running_goes() -> None:
    here = UploadFolder()
    batches = Batches(here)
    running, idle, latest = (batches.add("q.txt", b"x" * 3 * SMALLEST) for _ in range(3))
    running.running = True
    batches.add("q.txt", b"x" * 3 * SMALLEST)
    assert batches.find(running.token) is running
    assert batches.find(idle.token) is None
    assert batches.find(latest.token) is latest
    assert not idle.folder.exists()


@pytest.mark.usefixtures("home")
def test_an_upload_that_finds_no_room_is_refused_before_it_is_received() -> None:
    sent = upload("a.txt", content=b"x" * 11 * SMALLEST)
    length = {"content-length": str(sum(map(len, sent["parts"])))}
    status, _, body, received = request(
        **{**sent, "headers": sent["headers"] | length}, uploads=TWO_TEXTS, room=UploadFolder()
    )
    assert (status, received) == (507, [])
    assert b"no room here" in body
    assert request(**upload("a.txt"), uploads=TWO_TEXTS, room=UploadFolder(), longest_upload=9 * SMALLEST)[0] == 200
    # of unstated length: as much as is taken at most
    assert request(**upload("a.txt"), uploads=TWO_TEXTS, room=UploadFolder(), longest_upload=11 * SMALLEST)[0] == 507


SERVER = """
import os, sys
from pathlib import Path
from qa.web.batches.store import Batches
from qa.web.security.upload_folder import UploadFolder
Batches(UploadFolder()).add("q.txt", b"Why?")
(Path(os.environ["GRADIO_TEMP_DIR"]) / "x").write_bytes(b"x")
print(flush=True)
sys.stdin.read()
"""


def test_nothing_is_left_after_the_end(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        assert list(tmp_path.glob(f"{upload_folder.PREFIX}*"))
        process.communicate(b"")
    assert list(tmp_path.glob(f"{upload_folder.PREFIX}*")) == []
