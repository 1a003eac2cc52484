"""Locate the index: the folder named, the user's own, or an index of the embedded samples.

The samples are indexed into a separate folder and used only when no index is named and the user has none; every answer
from them says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from corpus.translation import gettext_noop
from index import layout

SAMPLES = Path(__file__).resolve().parents[2] / "corpus" / "samples"
"""The embedded sample documents, with their `corpus.toml` and example questions."""

SAMPLE_NOTICE = gettext_noop(
    "these answers come from the sample documents that ship with the program: "
    "add your own with `yearbook-qa index PATH...`"
)


MAX_EXAMPLES = 6


@dataclass(frozen=True, slots=True)
class IndexLocation:
    """An index folder, and whether it is the one of the samples."""

    folder: Path
    samples: bool = False

    @property
    def notices(self) -> tuple[str, ...]:
        """Notices of every answer from this index."""
        return (SAMPLE_NOTICE,) if self.samples else ()


def sample_questions() -> list[str]:
    """Return example questions that the samples answer."""
    lines = (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    return [question["question"] for question in questions if question["evidence"]][:MAX_EXAMPLES]


def own_folder() -> Path:
    """Return the user's own index folder."""
    return data_folder() / "index"


def named_folder(option: Path | None) -> Path | None:
    """Return the folder named by `--index`, or else by `YEARBOOK_QA_INDEX`."""
    if option is not None:
        return option
    variable = os.environ.get("YEARBOOK_QA_INDEX", "")
    return Path(variable) if variable else None


def folder_to_write(option: Path | None) -> Path:
    """Return the folder that `index` and `remove` change."""
    return named_folder(option) or own_folder()


def location_to_read(option: Path | None) -> IndexLocation:
    """Return the index to read. A named folder is used even if it has no index."""
    folder = named_folder(option)
    if folder is not None:
        return IndexLocation(folder)
    own = own_folder()
    if (own / layout.MANIFEST).exists() or layout.is_manifest_missing(own):
        return IndexLocation(own)
    return IndexLocation(data_folder() / "samples-index", samples=True)


def ensure_samples(location: IndexLocation, notify: Callable[[str], None]) -> None:
    """Index the samples unless this version of the program has done so."""
    from index import manifest
    from index.models.encoder import DEFAULT_PRECISION
    from index.models.model_store import DEFAULT_MODEL, EXPORT_VERSION, VECTORS_VERSION

    stamp = location.folder.with_suffix(".made")
    versions = manifest.FORMAT, VECTORS_VERSION, EXPORT_VERSION, DEFAULT_MODEL, DEFAULT_PRECISION
    wanted = f"{versions} {_digest(SAMPLES)}"
    exists = (location.folder / layout.MANIFEST).exists()
    if exists and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if not exists:
        notify("indexing the sample documents (only once)")
    _index_samples(location.folder, notify)
    stamp.write_text(wanted, encoding="utf-8")


def _index_samples(folder: Path, notify: Callable[[str], None]) -> None:
    # imported here: they take longer to import than a question takes to answer
    from corpus.ingest import plan
    from index.building.build import build
    from index.errors import IndexDamaged, IndexMismatch
    from index.models.encoder import load

    planned, encoder = plan([SAMPLES]), load(notify=notify)
    try:
        build(folder, planned, encoder, prune=True)
    except (IndexMismatch, IndexDamaged):
        shutil.rmtree(folder)
        build(folder, planned, encoder)


def _digest(folder: Path) -> str:
    """Return a hash of the files of a folder."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return hashlib.sha256(
        b"\0".join(part for path in files for part in (path.name.encode(), path.read_bytes()))
    ).hexdigest()


def data_folder() -> Path:
    """Return the folder of the sample index, in the user's folder for data of programs."""
    return Path(platformdirs.user_data_dir("yearbook-qa", appauthor=False))
