"""Build an index with a cluster: as `index.building.build`, but workers read and encode.

This process is the only writer. It writes documents in order, so the files are the same as without a cluster, and any
engine can resume an interrupted build.

Texts are encoded ahead of use (`index.building.generation`). They go to the actors in groups of about equal length, in
the order of their use; the next free actor takes the next group. Each actor has at most two groups, so that it does not
wait while the driver writes. A vector depends on its text alone, so results do not depend on which actor encodes it.

Documents can be at a URL, such as `s3://bucket/yearbooks`. It is listed by fsspec in this process and planned like a
folder, catalogues included: over a temporary folder with empty files of the same names. Workers hash and read the
files, with the same limits as for local ones. How a URL is opened, and with which credentials, is configured in fsspec
and must be the same on all machines.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import Any, Self

import numpy as np
import ray
from ray.util import ActorPool

from corpus import limits
from corpus.catalogue import NAME as CATALOGUE
from corpus.chunking.passages import Lengths, Measure
from corpus.discovery import BEIR_CORPUS, Source, Sources, check_unique_ids
from corpus.errors import NothingToRead, UnreadableFile
from corpus.filesystem import is_url
from corpus.ingest import NOTHING_INDEXED, IndexedFile, Plan, Unread, build_document
from corpus.ingest import plan as plan_files
from corpus.ingest import read as read_file
from corpus.readers.registry import reader_for
from corpus.records import Document
from index.building.build import build
from index.building.diff import PlannedSource, indexed_files
from index.building.prepare import Prepared, ReadDocument, next_batch
from index.building.report import BuildReport, ProgressCallback
from index.cluster.tasks import (
    RETRIES,
    EncoderSpec,
    EncodingActor,
    ModelSpec,
    configured_limits,
    group_by_size,
    prepare_sources,
    results_in_order,
    worker_errors,
)
from index.models.encoder import Encoder, Vectors
from index.models.model_store import Precision

BYTES_PER_TASK = 64 * 1024
"""Some hundred passages: large enough that the overhead of a task does not matter."""

SOURCES_PER_TASK = 64

TASKS_PER_WORKER = 2
"""One running and one queued, so that no worker waits for the driver."""

GROUPS_PER_ACTOR = 2
"""One in progress and one queued."""

CHARACTERS_PER_GROUP = 16_000
"""About a second of work; every group costs the driver a millisecond, whatever its size."""

TEXTS_PER_GROUP = 256

AHEAD = 4
"""Groups of texts that are started for each group that an actor can hold: few leave actors idle, many take memory."""

_URLS_PER_TASK = 64
_CATALOGUE_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class ClusterPreparation:
    """Prepares sources on a cluster; see `index.building.prepare.PrepareBatches`."""

    spec: EncoderSpec
    workers: int

    def __call__(
        self,
        sources: Iterable[PlannedSource],
        measure: Measure,  # noqa: ARG002 - workers measure with their own encoder
        lengths: Lengths,
        read: ReadDocument,
    ) -> Iterator[Sequence[Prepared]]:
        variables = configured_limits()
        tasks = (
            (
                prepare_sources.remote(group, self.spec, lengths, read, variables),
                f"reading {group[0].path} and the sources after it",
            )
            for group in group_by_size(sources, lambda source: source.size, BYTES_PER_TASK, SOURCES_PER_TASK)
        )
        prepared = chain.from_iterable(results_in_order(tasks, TASKS_PER_WORKER * self.workers))
        while batch := next_batch(prepared):
            yield batch


@dataclass(frozen=True, slots=True)
class ClusterBuilder:
    """Builds with the workers of the Ray cluster that this process is connected to."""

    workers: int
    spec: Callable[[Encoder], EncoderSpec] = ModelSpec.of

    def plan(self, paths: Sequence[str], folder: Path | None = None) -> Plan:
        """Plan the documents under paths and URLs for an index. Raises NothingToRead, CatalogueError."""
        return plan_documents(paths, self.workers, {} if folder is None else indexed_files(folder))

    def build(
        self,
        folder: Path,
        plan: Plan,
        encoder: Encoder,
        *,
        prune: bool = False,
        progress: ProgressCallback | None = None,
        checkpoint: float | None = None,
        index_type: str | None = None,
    ) -> BuildReport:
        """Build as `index.building.build.build`. Also raises ClusterError where too many workers are lost."""
        spec = self.spec(encoder)
        with ClusterEncoder(encoder, spec, self.workers) as cluster_encoder:
            return build(
                folder,
                plan,
                cluster_encoder,
                prune=prune,
                progress=progress,
                checkpoint=checkpoint,
                index_type=index_type,
                read=read_document,
                prepare=ClusterPreparation(spec, self.workers),
            )


class ClusterEncoder:
    """Encodes with the actors of a cluster; `local` provides the model's properties and encodes queries.

    Implements `index.models.encoder.Encoder` and `index.building.generation.PrefetchingEncoder`.
    """

    def __init__(self, local: Encoder, spec: EncoderSpec, workers: int) -> None:
        self._local, self._recipe, self._workers = local, spec, workers
        self._started: ActorPool | None = None
        self._max_running = GROUPS_PER_ACTOR * AHEAD * workers
        self._expected: Counter[str] = Counter()
        self._vectors: dict[str, Any] = {}
        self._running: dict[int, Sequence[str]] = {}
        self._numbers = count()
        self._actors: list[Any] = []
        second = local.sentence_encoder
        self.sentence_encoder: ClusterEncoder | None = (
            None if second is None else ClusterEncoder(second, ModelSpec.of(second), workers)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the actors by dropping the last references to them."""
        self._started = None
        self._actors.clear()
        if self.sentence_encoder is not None:
            self.sentence_encoder.__exit__()

    @property
    def _pool(self) -> ActorPool:
        if self._started is None:  # at the first text: a build without new texts starts no actor
            start = EncodingActor.options(scheduling_strategy="SPREAD").remote
            self._actors = [start(self._recipe) for _ in range(self._workers)]
            self._started = ActorPool([actor for actor in self._actors for _ in range(GROUPS_PER_ACTOR)])
        return self._started

    @property
    def name(self) -> str:
        return self._local.name

    @property
    def precision(self) -> Precision:
        return self._local.precision

    @property
    def fingerprint(self) -> str:
        return self._local.fingerprint

    @property
    def dimension(self) -> int:
        return self._local.dimension

    @property
    def max_tokens(self) -> int:
        return self._local.max_tokens

    @property
    def special_tokens(self) -> int:
        return self._local.special_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._local.count_tokens(texts)

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return the vectors of the texts. Raises ModelError; ClusterError where workers are lost."""
        if query or not texts:
            return self._local.encode(texts, query=query, progress=progress)
        self.expect(texts)
        vectors = []
        for text in texts:
            while text not in self._vectors:
                self._receive()
            vectors.append(self._vectors[text])
            if progress is not None:
                progress(1)
        self.forget(texts)
        return np.stack(vectors)

    @property
    def full(self) -> bool:
        return len(self._running) >= self._max_running

    def expect(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._expected]
        self._expected.update(texts)
        for group in group_by_size(new, len, CHARACTERS_PER_GROUP, TEXTS_PER_GROUP):
            number = next(self._numbers)
            self._running[number] = group
            self._pool.submit(lambda actor, numbered: actor.encode.remote(*numbered), (number, group))

    def forget(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._expected[text] -= 1
            if self._expected[text] <= 0:
                del self._expected[text]
                self._vectors.pop(text, None)

    def _receive(self) -> None:
        """Wait for the next finished group."""
        with worker_errors("encoding"):
            number, vectors = self._pool.get_next_unordered()
        for text, vector in zip(self._running.pop(number), vectors, strict=True):
            if text in self._expected:
                self._vectors[text] = vector


@dataclass(frozen=True, slots=True)
class RemoteSource(Source):
    """A source at a URL; its `path` is the URL as a path, for messages."""

    url: str = ""


def plan_documents(paths: Sequence[str], workers: int, indexed: Mapping[str, IndexedFile] = NOTHING_INDEXED) -> Plan:
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


def read_document(source: Source) -> Document:
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
def _digest_urls(urls: Sequence[str], variables: Mapping[str, str]) -> list[tuple[str, int] | str]:
    """Return the sha256 and size of the file at each URL, or the reason why it cannot be read."""
    os.environ.update(variables)
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
