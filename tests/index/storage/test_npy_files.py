"""NumPy's files are opened by one thread at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.storage import npy_files


def test_two_threads_do_not_parse_headers_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "rows.npy", np.arange(3))
    load = np.load
    inside: list[int] = []
    most: list[int] = []

    def counted(*arguments: Any, **named: Any) -> Any:
        inside.append(1)
        most.append(len(inside))
        threading.Event().wait(0.01)  # others come meanwhile
        found = load(*arguments, **named)
        inside.pop()
        return found

    monkeypatch.setattr(np, "load", counted)
    threads = [threading.Thread(target=npy_files.opened, args=(tmp_path / "rows.npy",)) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == [1] * 5
    assert npy_files.opened(tmp_path / "rows.npy", None).tolist() == [0, 1, 2]
