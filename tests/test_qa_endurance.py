"""A server that is asked and changed over and over holds no more than before, and answers the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.endurance import MORE_MEMORY, endure


@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc")
def test_a_few_changes_leave_a_server_as_it_was(tmp_path: Path) -> None:
    found = endure(tmp_path, 0, 4, small=True, least=2)
    assert found.wrong == ()
    assert found.grew == ()
    assert found.asked == 2 * 2 * 20


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc")
def test_an_hour_of_changes_in_minutes_leaves_a_server_as_it_was(tmp_path: Path) -> None:
    found = endure(tmp_path, 0, 8, small=True, least=150)
    assert found.wrong == ()
    assert found.grew == ()
    assert found.late.memory <= MORE_MEMORY * found.early.memory
