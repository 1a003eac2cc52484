"""Distinguish URLs such as `s3://bucket/folder` from paths, and write them in messages; no reader is imported."""

from __future__ import annotations

import re
from pathlib import Path


def is_url(path: str) -> bool:
    """Whether an argument is a URL, such as `s3://bucket/folder`, and not a path of this file system."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", path) is not None


def display_path(path: Path) -> str:
    """Return a path for messages; restores the slashes of a URL that was made a path (`index.cluster.remote`)."""
    slashes = {"file": "///"}
    return re.sub(
        r"^([A-Za-z][A-Za-z0-9+.-]+):/(?=[^/])", lambda match: f"{match[1]}:{slashes.get(match[1], '//')}", str(path)
    )
