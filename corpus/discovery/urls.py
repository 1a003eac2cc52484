"""Places that a user names by a URL, as `s3://bucket/folder`: told apart from paths, and written in messages."""

from __future__ import annotations

import re
from pathlib import Path


def is_url(path: str) -> bool:
    """Whether what a user named is the URL of a place that is no part of this file system, as `s3://bucket/folder`."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", path) is not None


def display_path(path: Path) -> str:
    """A path for messages; one that stands for a URL (`index.cluster.remote`) as that URL, which lost slashes in it."""
    slashes = {"file": "///"}
    return re.sub(r"^([A-Za-z][A-Za-z0-9+.-]+):/(?=[^/])", lambda of: f"{of[1]}:{slashes.get(of[1], '//')}", str(path))
