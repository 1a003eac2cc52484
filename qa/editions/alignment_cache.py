"""Store alignments of consecutive editions in the index folder, so that a question need not compute them.

    <index>/editions/<key>.json      the pairs of two editions, with their checksum

The key hashes everything that determines an alignment: document identities on both sides, the model, the weights. An
unchanged edition is therefore aligned once, and a file for changed editions is never read. The build command writes
the files; a question only reads, and computes what is missing: 0.2 s for two editions of 45 sections, 2 s for 300
sections, 6 s for 1,200.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise
from pathlib import Path

from index.ranking.search import Index
from qa.editions import word_diff
from qa.editions.alignment import WEIGHTS, SectionChange, align_sections
from qa.editions.sections import Edition, EditionSection, SectionKey, by_series, editions, section_keys, sections

FOLDER = "editions"
_VERSION = 3
"""Part of the key: raise it when alignments or their files change for a reason other than the weights."""

_WEIGHT_KEYS = ("heading", "content", "around", "least", "whole", "named")
"""Names of the weights in the key; files of existing indexes stay valid as long as these do not change."""


@dataclass(frozen=True, slots=True)
class StoredPair:
    """Two sections by their positions in their editions; `kept` is the share of the earlier text that remained."""

    earlier: int | None
    later: int | None
    kind: SectionChange
    similarity: float
    kept: float


def load_alignment(index: Index, earlier: Edition, later: Edition) -> list[StoredPair]:
    """Return the alignment of two editions, from the index folder or else computed."""
    stored = _read(_path(index, earlier, later))
    return _compute(index, earlier, later) if stored is None else stored


def update_cache(index: Index) -> int:
    """Store missing and damaged alignments of consecutive editions, and delete those no longer needed.

    Returns:
        How many alignments were stored.

    Raises:
        OSError: The folder cannot be written.
    """
    wanted: dict[Path, tuple[Edition, Edition]] = {}
    dated = [document for document in index.documents if document.series is not None and document.edition is not None]
    for series in by_series(editions(dated)).values():
        wanted |= {_path(index, earlier, later): (earlier, later) for earlier, later in pairwise(series)}
    folder = index.folder / FOLDER
    present = set(folder.glob("*.json")) if folder.is_dir() else set()
    missing = [path for path in wanted if path not in present or _read(path) is None]
    for path in missing:
        folder.mkdir(exist_ok=True)
        pairs = [astuple(pair) for pair in _compute(index, *wanted[path])]
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps({"sha256": _checksum(pairs), "pairs": pairs}), encoding="utf-8")
        temporary.replace(path)
    for path in (*(present - wanted.keys()), *folder.glob("*.new")):  # .new files are left by a killed build
        path.unlink(missing_ok=True)
    return len(missing)


def _path(index: Index, earlier: Edition, later: Edition) -> Path:
    determinants = {
        "version": _VERSION,
        "weights": dict(zip(_WEIGHT_KEYS, astuple(WEIGHTS), strict=True)),
        "model": index.manifest.model.fingerprint,
        "documents": [[document.identity for document in edition.documents] for edition in (earlier, later)],
    }
    key = hashlib.sha256(json.dumps(determinants, sort_keys=True).encode()).hexdigest()
    return index.folder / FOLDER / f"{key[:32]}.json"


def _checksum(pairs: object) -> str:
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()


def _read(path: Path) -> list[StoredPair] | None:
    """Return the pairs of a file; None if it is missing or damaged, since they can always be computed."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        is_intact = data["sha256"] == _checksum(data["pairs"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return [StoredPair(*values) for values in data["pairs"]] if is_intact else None


def aligned_sections(index: Index, earlier: Edition, later: Edition) -> set[tuple[SectionKey, SectionKey]]:
    """Return the pairs of corresponding sections of two editions."""
    keys = section_keys(index, earlier), section_keys(index, later)
    return {
        (keys[0][pair.earlier], keys[1][pair.later])
        for pair in load_alignment(index, earlier, later)
        if pair.earlier is not None and pair.later is not None
    }


def _compute(index: Index, earlier: Edition, later: Edition) -> list[StoredPair]:
    sides = sections(index, earlier), sections(index, later)
    texts = [_section_texts(side) for side in sides]
    stored: list[StoredPair] = []
    for pair in align_sections(*sides):
        is_matched = pair.earlier is not None and pair.later is not None
        kept = word_diff.share_kept(texts[0][pair.earlier or 0], texts[1][pair.later or 0]) if is_matched else 0.0
        stored.append(StoredPair(pair.earlier, pair.later, pair.kind, pair.similarity, kept))
    return stored


def _section_texts(side: Sequence[EditionSection]) -> list[str]:
    """Return the text of each section; for a heading without text that of its subsections."""
    own = ["\n".join(sentence.text for sentence in section.sentences) for section in side]
    texts = list(own)
    for position in range(len(side) - 1, -1, -1):
        parent = side[position].parent
        if parent is not None and not own[parent]:
            texts[parent] = f"{texts[position]}\n{texts[parent]}".strip()
    return texts
