"""Alignments of neighbouring editions, kept in the index folder so that a question need not compute them.

    <index>/editions/<key>.json      the pairs of two editions, with their checksum

The key is the hash of what decides an alignment: the identities of the documents on both sides, the model, the weights.
So an edition that did not change is aligned once, however often the index is built, and a file for editions that have
changed is never read. Written after a build by the command that builds; a question only reads, and computes what is
missing. Two editions of 45 sections took .2 s of a busy machine, random ones of 300 sections 2 s, of 1,200 6 s.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import pairwise
from pathlib import Path

from index.ranking.search import Index
from qa.editions import words
from qa.editions.alignment import WEIGHTS, Kind, Pair, align
from qa.editions.publication import Edition, by_series, editions
from qa.editions.sections import Section, sections

FOLDER = "editions"
_VERSION = 2
"""Raised when alignments, or their files, come out differently for another reason than the weights."""


@dataclass(frozen=True, slots=True)
class StoredPair:
    """A pair by the sections' places in their editions, with how alike they are and what share of the text stayed."""

    earlier: int | None
    later: int | None
    kind: Kind
    similarity: float
    kept: float


def load_alignment(index: Index, one: Edition, other: Edition) -> list[StoredPair]:
    """The alignment of two editions: as stored, else computed."""
    stored = _read(_path(index, one, other))
    return _computed(index, one, other) if stored is None else stored


def update_cache(index: Index) -> int:
    """Store what is missing or damaged for neighbouring editions of each series, and drop what no edition needs.

    Gives how many were stored.

    Called after a build, with the index just written. Raises OSError where the folder cannot be written.
    """
    wanted: dict[Path, tuple[Edition, Edition]] = {}
    dated = [one for one in index.documents if one.series is not None and one.edition is not None]
    for some in by_series(editions(dated)).values():
        wanted |= {_path(index, one, other): (one, other) for one, other in pairwise(some)}
    folder = index.folder / FOLDER
    there = set(folder.glob("*.json")) if folder.is_dir() else set()
    missing = [path for path in wanted if path not in there or _read(path) is None]
    for path in missing:
        folder.mkdir(exist_ok=True)
        pairs = [astuple(pair) for pair in _computed(index, *wanted[path])]
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps({"sha256": _checksum(pairs), "pairs": pairs}), encoding="utf-8")
        temporary.replace(path)
    for path in (*(there - wanted.keys()), *folder.glob("*.new")):  # the latter of a build that was killed
        path.unlink(missing_ok=True)
    return len(missing)


def _path(index: Index, one: Edition, other: Edition) -> Path:
    decides = {
        "version": _VERSION,
        "weights": asdict(WEIGHTS),
        "model": index.manifest.model.fingerprint,
        "documents": [[document.identity for document in edition.documents] for edition in (one, other)],
    }
    key = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
    return index.folder / FOLDER / f"{key[:32]}.json"


def _checksum(pairs: object) -> str:
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()


def _read(path: Path) -> list[StoredPair] | None:
    """The pairs of a file; None where it is not there, or damaged: they can always be computed."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        is_whole = data["sha256"] == _checksum(data["pairs"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return [StoredPair(*values) for values in data["pairs"]] if is_whole else None


def _computed(index: Index, one: Edition, other: Edition) -> list[StoredPair]:
    sides = sections(index, one), sections(index, other)
    texts = [_texts(side) for side in sides]
    return [
        StoredPair(pair.earlier, pair.later, pair.kind, pair.similarity, _kept(pair, texts)) for pair in align(*sides)
    ]


def _kept(pair: Pair, texts: Sequence[Sequence[str]]) -> float:
    if pair.earlier is None or pair.later is None:
        return 0.0
    return words.stayed(texts[0][pair.earlier], texts[1][pair.later])


def _texts(side: Sequence[Section]) -> list[str]:
    """The text of each section; of a heading over others what stands under it."""
    own = ["\n".join(sentence.text for sentence in section.sentences) for section in side]
    whole = list(own)
    for at in range(len(side) - 1, -1, -1):
        parent = side[at].parent
        if parent is not None and not own[parent]:
            whole[parent] = f"{whole[at]}\n{whole[parent]}".strip()
    return whole
