"""Documents by URL, such as `s3://bucket/yearbooks`: listed by fsspec in this process, hashed and read by the workers.

A URL is planned like a folder, catalogues included: over a temporary folder with empty files of the same names. Workers
apply the same limits to a file, and the hash that it was planned with. How a URL is opened, and with which credentials,
is configured in fsspec and must be the same on all machines.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path, PurePosixPath
from typing import Any

import ray

from corpus import limits
from corpus.catalogue.catalogue import NAME as CATALOGUE
from corpus.discovery.files import BEIR_CORPUS, Source, Sources, check_unique_ids
from corpus.errors import NothingToRead, UnreadableFile
from corpus.filesystem import is_url
from corpus.ingest import NOTHING_INDEXED, IndexedFile, Plan, Unread, build_document
from corpus.ingest import plan as plan_files
from corpus.ingest import read as read_file
from corpus.readers.registry import reader_for
from corpus.records import Document
from index.cluster.tasks import RETRIES, configured_limits, results_in_order

_URLS_PER_TASK = 64
_CATALOGUE_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class RemoteSource(Source):
    """A source at a URL; its `path` is the URL as a path, for messages."""

    url: str = ""


def plan(paths: Sequence[str], workers: int, indexed: Mapping[str, IndexedFile] = NOTHING_INDEXED) -> Plan:
    """Plan the documents under paths and URLs, as `corpus.ingest.plan`. Raises NothingToRead, CatalogueError."""
    files = [Path(path) for path in paths if not is_url(path)]
    plans = [plan_files(files, indexed=indexed)] if files else []
    plans += [_plan_url(path, workers, indexed) for path in paths if is_url(path)]
    if len(plans) == 1:
        return plans[0]
    sources = Sources([part.sources for part in plans])
    check_unique_ids(sources)
    return Plan(
        roots=tuple(root for part in plans for root in part.roots),
        sources=sources,
        unread=tuple(unread for part in plans for unread in part.unread),
        unlisted=tuple(path for part in plans for path in part.unlisted),
        missing=tuple(name for part in plans for name in part.missing),
    )


def read(source: Source) -> Document:
    """Read a planned document from its file or URL. Raises UnreadableFile, OSError."""
    if not isinstance(source, RemoteSource):
        return read_file(source)
    reader = reader_for(source.path)
    if reader is None:
        raise UnreadableFile(f"cannot read {source.path.suffix} files")
    data = _fetch(source.url)
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise UnreadableFile.changed()
    return replace(build_document(source, reader(data)), source=source.url)


def _plan_url(url: str, workers: int, indexed: Mapping[str, IndexedFile]) -> Plan:
    unread: list[Unread] = []
    with tempfile.TemporaryDirectory(prefix="tmp-yearbook-qa-") as temporary:
        shadow = Path(temporary).resolve() / PurePosixPath(url).name  # the folder's name can be that of the series
        shadow.mkdir()
        urls: dict[Path, str] = {}
        sizes: dict[Path, int] = {}
        for name, (file_url, size) in _list_files(url).items():
            path = shadow / name
            problem = _problem(name, size)
            if problem is not None:
                unread.append(Unread(Path(file_url), problem))
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_fetch(file_url, _CATALOGUE_BYTES) if path.name == CATALOGUE else b"")
            urls[path], sizes[path] = file_url, size
        known = {path.as_posix(): indexed[name] for path, name in urls.items() if name in indexed}
        planned = plan_files([shadow], lambda file: ("", sizes[file]), known)
        unread += [Unread(Path(urls.get(problem.path, url)), problem.reason) for problem in planned.unread]
        sources: list[Source] = []
        file_urls = [urls[source.path] for source in planned.sources]
        for source, file_url, digest in zip(planned.sources, file_urls, _digests(file_urls, workers), strict=True):
            if isinstance(digest, str):
                unread.append(Unread(Path(file_url), digest))
                continue
            values = {field.name: getattr(source, field.name) for field in fields(Source)}
            values |= {"path": Path(file_url), "sha256": digest[0], "size": digest[1]}
            sources.append(RemoteSource(**values, url=file_url))
        return Plan(
            roots=(Path(url),),
            sources=tuple(sources),
            unread=tuple(unread),
            unlisted=tuple(Path(urls.get(path, url)) for path in planned.unlisted),
            missing=tuple(name.replace(str(shadow), url.rstrip("/")) for name in planned.missing),
        )


def _list_files(url: str) -> dict[str, tuple[str, int]]:
    """Return the visible files under a URL by their relative path, each with its own URL and size in bytes."""
    from fsspec.core import url_to_fs

    try:
        files, root = url_to_fs(url)
        if files.isfile(root):
            return {PurePosixPath(root).name: (url, int(files.size(root)))}
        details: dict[str, Any] = files.find(root, detail=True)
    except (OSError, ValueError, ImportError) as error:
        raise NothingToRead(f"{url}: {error}") from error
    if not details:
        raise NothingToRead(f"{url}: no file there")
    listed: dict[str, tuple[str, int]] = {}
    for path, facts in sorted(details.items()):
        name = PurePosixPath(path).relative_to(root)
        if not any(part.startswith(".") for part in name.parts):
            listed[str(name)] = files.unstrip_protocol(path), int(facts.get("size") or 0)
    return listed


def _problem(name: str, size: int) -> str | None:
    if PurePosixPath(name).name == BEIR_CORPUS:
        return "a BEIR collection is read record by record: copy it to a file system"
    if size > limits.FILE.value:
        return f"{size:,} bytes; {limits.FILE.remedy} or split the file"
    return None


def _fetch(url: str, max_bytes: int | None = None) -> bytes:
    """Return the bytes at a URL. Raises UnreadableFile where there are more than the limit, OSError."""
    import fsspec

    max_bytes = limits.FILE.value if max_bytes is None else max_bytes
    with fsspec.open(url, "rb") as stream:
        data: bytes = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise UnreadableFile(f"more than {max_bytes:,} bytes; {limits.FILE.remedy} or split the file")
    return data


@ray.remote(num_cpus=1, max_retries=RETRIES)
def _digest_urls(urls: Sequence[str], limits: dict[str, str]) -> list[tuple[str, int] | str]:
    """Return the sha256 and size of the file at each URL, or the reason why it cannot be read."""
    os.environ.update(limits)
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
    """Yield the digests of all URLs in order, computed by the workers."""
    variables = configured_limits()
    tasks = (
        (_digest_urls.remote(urls[start : start + _URLS_PER_TASK], variables), "looking for documents")
        for start in range(0, len(urls), _URLS_PER_TASK)
    )
    for digests in results_in_order(tasks, 2 * workers):
        yield from digests
