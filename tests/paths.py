"""Where tests and benchmarks find the repository and the shared data."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
TEST_DATA = TESTS / "data"
DATA = Path(os.environ.get("YEARBOOK_QA_DATA") or ROOT.parent / "shared")
"""Shared data; what needs it skips where it is absent."""
