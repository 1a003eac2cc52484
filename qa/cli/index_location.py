"""Where the index is: the folder named, the user's own, or, for a first look, one of the embedded samples.

The samples lie in a folder of their own and are used only when no index is named and the user has none; every answer
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

from index import layout

SAMPLES = Path(__file__).resolve().parents[2] / "corpus" / "samples"
"""The embedded sample documents, with their `corpus.toml` and example questions."""

SAMPLE_NOTICE = (
    "these answers come from the sample digests that ship with the program: "
    "add your own documents with `yearbook-qa index PATH...`"
)


MOST_EXAMPLES = 6


@dataclass(frozen=True, slots=True)
class Place:
    """An index folder, and whether it is that of the samples."""

    folder: Path
    samples: bool = False

    @property
    def notices(self) -> tuple[str, ...]:
        """What every answer from here says."""
        return (SAMPLE_NOTICE,) if self.samples else ()


def sample_questions() -> list[str]:
    """Questions that the samples answer, as examples."""
    lines = (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    return [one["question"] for one in questions if one["evidence"]][:MOST_EXAMPLES]


def own_folder() -> Path:
    """The user's own index folder."""
    return _data_folder() / "index"


def named(option: Path | None) -> Path | None:
    """The folder that `--index`, else `YEARBOOK_QA_INDEX`, names."""
    if option is not None:
        return option
    variable = os.environ.get("YEARBOOK_QA_INDEX", "")
    return Path(variable) if variable else None


def to_write(option: Path | None) -> Path:
    """Where `index` and `remove` work."""
    return named(option) or own_folder()


def to_read(option: Path | None) -> Place:
    """Where questions are asked. A named folder is taken as it is, whether an index is there or not."""
    folder = named(option)
    if folder is not None:
        return Place(folder)
    own = own_folder()
    if (own / layout.MANIFEST).exists() or layout.is_manifest_missing(own):
        return Place(own)
    return Place(_data_folder() / "samples-index", samples=True)


def ensure_samples(place: Place, notify: Callable[[str], None]) -> None:
    """Index the samples where that was not done yet, or by another version of the program."""
    from index import manifest
    from index.models.encoder import DEFAULT_PRECISION
    from index.models.model_files import VECTORS_VERSION
    from index.models.model_store import DEFAULT_MODEL, EXPORT_VERSION

    made = place.folder.with_suffix(".made")
    versions = manifest.FORMAT, VECTORS_VERSION, EXPORT_VERSION, DEFAULT_MODEL, DEFAULT_PRECISION
    wanted = f"{versions} {_digest(SAMPLES)}"
    there = (place.folder / layout.MANIFEST).exists()
    if there and made.is_file() and made.read_text(encoding="utf-8") == wanted:
        return
    if not there:
        notify("indexing the sample documents for a first look (once on this machine)")
    _index_samples(place.folder, notify)
    made.write_text(wanted, encoding="utf-8")


def _index_samples(folder: Path, notify: Callable[[str], None]) -> None:
    # late: reading and building cost more to import than a question to the samples takes
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
    """A hash of the files of a folder."""
    files = sorted(one for one in folder.iterdir() if one.is_file())
    return hashlib.sha256(
        b"\0".join(part for one in files for part in (one.name.encode(), one.read_bytes()))
    ).hexdigest()


def _data_folder() -> Path:
    return Path(platformdirs.user_data_dir("yearbook-qa", appauthor=False))
