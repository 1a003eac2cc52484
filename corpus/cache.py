"""The cache folder, for files that can be computed again: exported models and recognised pages."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Return `YEARBOOK_QA_CACHE`, else the user's cache folder."""
    named = os.environ.get("YEARBOOK_QA_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("yearbook-qa", appauthor=False))
