"""Give every file an id: the stem of its name, with the names of its folders where that is not unique."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from corpus import archives
from corpus.catalogue.catalogue import ID_PATTERN, NAME
from corpus.discovery.files import Unread
from corpus.discovery.sources import Source
from corpus.translation import join_first

_MAX_FOLDERS = 8
"""Maximum number of folder names in an id."""

_MAX_NAMED = 5
"""Maximum number of files that a message about a clash names."""


class IndexedFile(NamedTuple):
    """The id and the sha256 of a file that is in the index, and whether images of its pages were recognised."""

    id: str
    sha256: str
    ocr: bool = False


def assign_ids(sources: Sequence[Source], indexed: Mapping[str, IndexedFile]) -> tuple[list[Source], list[Unread]]:
    """Give each file the shortest unique id: "report", else "2016-report".

    An id stated in the catalogue is used unchanged, and a file that is already in the index keeps its id.

    Args:
        sources: Files; the id of each is the one that the catalogue states, or empty.
        indexed: The files that are in the index, by path; if one no longer exists, another file may take its id.

    Returns:
        The files with their ids, and those whose ids clash nevertheless, each with the reason.
    """
    paths = [source.path.resolve().as_posix() for source in sources]
    stems = [source.id or _valid_id(source.path.stem) for source in sources]
    hashes = {source.sha256 for source in sources}
    present = set(paths)
    taken = {
        file.id
        for path, file in indexed.items()
        if path not in present and file.sha256 not in hashes and archives.is_file(Path(path))
    }
    chosen: dict[int, str] = {}
    for position, (source, stem) in enumerate(zip(sources, stems, strict=True)):
        known = indexed.get(paths[position])
        if source.id:
            chosen[position] = source.id
        elif known is not None and (known.id == stem or known.id.endswith(f"-{stem}")):
            chosen[position] = known.id
    for count in range(_MAX_FOLDERS + 1):
        taken |= set(chosen.values())
        left = {
            position: _with_folders(stem, sources[position].path, count)
            for position, stem in enumerate(stems)
            if position not in chosen
        }
        counts = Counter(left.values())
        chosen |= {position: name for position, name in left.items() if counts[name] == 1 and name not in taken}
    holders: dict[str, list[int]] = {}
    for position, stem in enumerate(stems):
        holders.setdefault(chosen.get(position, stem), []).append(position)
    unique: list[Source] = []
    clashes: list[Unread] = []
    for name, positions in holders.items():
        holding = [position for position in positions if position in chosen]
        if len(holding) == 1:
            unique.append(replace(sources[holding[0]], id=name))
        for position in positions:
            if [position] != holding:
                others = [str(sources[other].path) for other in positions if other != position] or ["another document"]
                reason = f'its id "{name}" is also that of {join_first(others, _MAX_NAMED)}'
                clashes.append(Unread(sources[position].path, f"{reason}: give one of them another `id` in {NAME}"))
    return unique, clashes


def _with_folders(stem: str, file: Path, count: int) -> str:
    """Return the stem behind the names of the nearest folders."""
    folders = file.absolute().parent.parts[1:][-count:] if count else ()
    return "-".join([*map(_valid_id, folders), stem])


def _valid_id(name: str) -> str:
    """Return a name without accents, with `-` for each character that an id cannot hold.

    Names in another script than Latin would become equal; a few characters of their hash distinguish them.
    """
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    valid = "".join(character if ID_PATTERN.fullmatch(character) else "-" for character in plain).strip("-")
    if valid and not any(character.isalnum() and not character.isascii() for character in plain):
        return valid
    composed = unicodedata.normalize("NFC", name)
    return f"{valid}-{hashlib.sha256(composed.encode()).hexdigest()[:8]}".strip("-")
