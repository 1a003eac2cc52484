"""Documents by URL, as `s3://bucket/yearbooks`: found by fsspec from here, hashed and read by the workers.

What lies under a URL is looked through as a folder is, catalogues included: in a folder of empty files of the same
names. A worker holds a file that it fetches to the same limits, and to the hash that it was planned with. How a place
is opened, with what credentials, is fsspec's part, and has to be the same on all machines.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path, PurePosixPath
from typing import Any

import ray

from corpus import limits
from corpus.catalogue.catalogue import NAME as CATALOGUE
from corpus.discovery.files import BEIR_CORPUS
from corpus.discovery.sources import Source, Sources, check_unique_ids
from corpus.discovery.urls import is_url
from corpus.errors import NothingToRead, UnreadableFile
from corpus.ingest import Plan, Unread, build_document
from corpus.ingest import plan as plan_files
from corpus.ingest import read as read_file
from corpus.readers.registry import reader_for
from corpus.records import Document
from index.cluster import tasks
from index.cluster.faults import told

_AT_ONCE = 64
_CATALOGUE_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class RemoteSource(Source):
    """A document to be that lies at a URL; its `path` is that URL as far as a path can be one, for messages."""

    url: str = ""


def plan(paths: Sequence[str], workers: int) -> Plan:
    """As `corpus.ingest.plan`, of paths and URLs. Raises NothingToRead, CatalogueError."""
    files = [Path(one) for one in paths if not is_url(one)]
    plans = [plan_files(files)] if files else []
    plans += [_plan(one, workers) for one in paths if is_url(one)]
    if len(plans) == 1:
        return plans[0]
    sources = Sources([one.sources for one in plans])
    check_unique_ids(sources)
    return Plan(
        roots=tuple(root for one in plans for root in one.roots),
        sources=sources,
        unread=tuple(unread for one in plans for unread in one.unread),
        unlisted=tuple(path for one in plans for path in one.unlisted),
        missing=tuple(name for one in plans for name in one.missing),
    )


def read(source: Source) -> Document:
    """A planned document, from wherever it lies. Raises UnreadableFile, OSError."""
    if not isinstance(source, RemoteSource):
        return read_file(source)
    reader = reader_for(source.path)
    if reader is None:
        raise UnreadableFile(f"no reader for {source.path.suffix} files")
    data = _fetch(source.url)
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise UnreadableFile("the file changed while it was being indexed: index it again")
    return replace(build_document(source, reader(data)), source=source.url)


def _plan(url: str, workers: int) -> Plan:
    """What lies under one URL."""
    found = _listed(url)
    unread: list[Unread] = []
    with tempfile.TemporaryDirectory(prefix="yearbook-qa-") as temporary:
        shadow = Path(temporary).resolve()
        urls: dict[Path, str] = {}
        sizes: dict[Path, int] = {}
        for name, (place, size) in found.items():
            path = shadow / name
            wrong = _problem(name, size)
            if wrong is not None:
                unread.append(Unread(Path(place), wrong))
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_fetch(place, _CATALOGUE_BYTES) if path.name == CATALOGUE else b"")
            urls[path], sizes[path] = place, size
        planned = plan_files([shadow], lambda file: ("", sizes[file]))
        at = {path.relative_to(shadow): place for path, place in urls.items()}

        def placed(path: Path) -> Path:
            return Path(at.get(path.relative_to(shadow), url))

        unread += [Unread(placed(one.path), one.reason) for one in planned.unread]
        sources: list[Source] = []
        wanted = [(source, urls[source.path]) for source in planned.sources]
        for (source, place), digest in zip(wanted, _digests([one for _, one in wanted], workers), strict=True):
            if isinstance(digest, str):
                unread.append(Unread(Path(place), digest))
                continue
            kept = {one.name: getattr(source, one.name) for one in fields(Source)}
            sources.append(
                RemoteSource(**kept | {"path": Path(place), "sha256": digest[0], "size": digest[1], "url": place})
            )
        return Plan(
            roots=(Path(url),),
            sources=tuple(sources),
            unread=tuple(unread),
            unlisted=tuple(placed(one) for one in planned.unlisted),
            missing=tuple(one.replace(str(shadow), url.rstrip("/")) for one in planned.missing),
        )


def _listed(url: str) -> dict[str, tuple[str, int]]:
    """The visible files under a URL by their path below it, each with its own URL and size in bytes."""
    from fsspec.core import url_to_fs

    try:
        files, root = url_to_fs(url)
        if files.isfile(root):
            return {PurePosixPath(root).name: (url, int(files.size(root)))}
        found: dict[str, Any] = files.find(root, detail=True)
    except (OSError, ValueError, ImportError) as error:
        raise NothingToRead(f"{url}: {error}") from error
    if not found:
        raise NothingToRead(f"{url}: nothing there")
    listed: dict[str, tuple[str, int]] = {}
    for path, facts in sorted(found.items()):
        name = PurePosixPath(path).relative_to(root)
        if not any(part.startswith(".") for part in name.parts):
            listed[str(name)] = files.unstrip_protocol(path), int(facts.get("size") or 0)
    return listed


def _problem(name: str, size: int) -> str | None:
    if PurePosixPath(name).name == BEIR_CORPUS:
        return "a BEIR collection is read record by record: copy it to a file system"
    if size > limits.FILE.value:
        return f"{size:,} bytes, {limits.FILE.remedy}: split it"
    return None


def _fetch(url: str, most: int | None = None) -> bytes:
    """The bytes at a URL. Raises UnreadableFile where there are more than may be read, OSError."""
    import fsspec

    most = limits.FILE.value if most is None else most
    with fsspec.open(url, "rb") as stream:
        data: bytes = stream.read(most + 1)
    if len(data) > most:
        raise UnreadableFile(f"more than {most:,} bytes, {limits.FILE.remedy}: split it")
    return data


@ray.remote(num_cpus=1, max_retries=tasks.RETRIES)
def _digest_some(urls: Sequence[str], bounds: dict[str, str]) -> list[tuple[str, int] | str]:
    """The sha256 and size of what lies at each URL, or why it cannot be read."""
    os.environ.update(bounds)
    return [_digest(url) for url in urls]


def _digest(url: str) -> tuple[str, int] | str:
    try:
        data = _fetch(url)
    except UnreadableFile as error:
        return str(error)
    except OSError as error:
        return error.strerror or str(error)
    return hashlib.sha256(data).hexdigest(), len(data)


def _digests(urls: Sequence[str], workers: int) -> Iterator[tuple[str, int] | str]:
    """Those of all, in order; no more tasks are begun than keep all workers busy."""
    running: deque[Any] = deque()
    bounds = tasks.limits()
    for start in range(0, len(urls), _AT_ONCE):
        running.append(_digest_some.remote(urls[start : start + _AT_ONCE], bounds))
        if len(running) > 2 * workers:
            yield from _result(running.popleft())
    while running:
        yield from _result(running.popleft())


def _result(task: Any) -> list[tuple[str, int] | str]:
    with told("looking for documents"):
        found: list[tuple[str, int] | str] = ray.get(task)
    return found
