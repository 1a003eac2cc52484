"""Paths in, documents out: finds the files, applies `corpus.toml`, reads each file, infers what is left unsaid.

Two steps, so that an index can ask first what has changed: `plan` lists the documents to be, each with its id and the
hash that tells whether it is the same as before; `read` reads one. What cannot be read is reported, never dropped.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus import catalogue
from corpus.catalogue import Catalogue, Entry
from corpus.errors import CatalogueError, NothingToRead, UnreadableFile
from corpus.inference import infer
from corpus.language import detect
from corpus.outline import from_marks
from corpus.outline import infer as infer_outline
from corpus.readers import beir
from corpus.readers.formats import READER_VERSION, reader_of, suffixes
from corpus.readers.reading import Reading
from corpus.records import Document, Origin, PageSpan, Section, page_at

BEIR_CORPUS = "corpus.jsonl"
_METADATA = ("title", "series", "publisher", "edition", "covers", "published", "part", "url", "language")


@dataclass(frozen=True, slots=True)
class Source:
    """A document to be: where it lies, what the catalogue says of it, and whether it is listed there.

    `sha256` is of the source's bytes; `identity` also covers the catalogue's entry and the version of the readers.
    """

    id: str
    path: Path
    entry: Entry
    listed: bool
    sha256: str
    record: beir.Record | None = None

    @property
    def identity(self) -> str:
        """What decides whether a document is the same as one indexed before."""
        entry = json.dumps(asdict(self.entry), sort_keys=True)
        return hashlib.sha256(f"{READER_VERSION}\0{self.id}\0{self.sha256}\0{entry}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that was not read, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the given paths hold.

    `roots` are the paths themselves, resolved; `unlisted` are files that the catalogue beside them does not list;
    `missing` are listed files that are not there.
    """

    roots: tuple[Path, ...]
    sources: tuple[Source, ...]
    unread: tuple[Unread, ...] = ()
    unlisted: tuple[Path, ...] = ()
    missing: tuple[str, ...] = field(default=())


def plan(paths: Sequence[Path]) -> Plan:
    """Find the documents of the paths, in the order of the paths and of the files' names.

    Raises NothingToRead for a path that does not exist, CatalogueError for a wrong `corpus.toml` or two documents with
    one id.
    """
    sources: list[Source] = []
    unread: list[Unread] = []
    unlisted: list[Path] = []
    missing: list[str] = []
    seen: set[Path] = set()
    for root in paths:
        if not root.exists():
            raise NothingToRead(f"{root}: no such file or folder")
        catalogues = _catalogues(root)
        missing += [f"{one.folder / name}" for one in catalogues for name in one.missing() if root.is_dir()]
        for file in _files(root):
            resolved = file.resolve()
            if resolved in seen:
                continue
            seen.add(resolved)
            if root.is_dir() and not resolved.is_relative_to(root.resolve()):
                unread.append(Unread(file, "a link that leads out of the folder"))
                continue
            _add(file, _governing(file, catalogues), sources, unread, unlisted)
    _refuse_clashes(sources)
    return Plan(tuple(path.resolve() for path in paths), tuple(sources), tuple(unread), tuple(unlisted), tuple(missing))


def read(source: Source) -> Document:
    """Read a planned document. Raises UnreadableFile with the reason, OSError where the file has gone."""
    if source.record is not None:
        reading = beir.read(beir.read_bytes(source.path, source.record))
    else:
        reader = reader_of(source.path)
        if reader is None:
            raise UnreadableFile(f"no reader for {source.path.suffix} files")
        reading = reader(source.path.read_bytes())
    return describe(source, reading)


def describe(source: Source, reading: Reading) -> Document:
    """The document of a reading: outline, then metadata from the catalogue, the file, the text, in this order."""
    outline = infer_outline(reading.text) if reading.marks is None else from_marks(reading.text, reading.marks)
    said = {key: value for key, value in asdict(source.entry).items() if value is not None}
    declared = _declared(reading.metadata)
    title = said.get("title") or declared.get("title")
    # A record of a test collection is a paragraph, not a publication: nothing can be inferred from it.
    inferred = {} if source.record is not None else asdict(infer(reading.text, outline, title=title))
    inferred["language"] = detect(reading.text)
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    layers: tuple[tuple[Origin, Mapping[str, Any]], ...] = (
        ("catalogue", said),
        ("file", declared),
        ("inferred", inferred),
    )
    for key in _METADATA:
        origins[key] = "unknown"
        for origin, layer in layers:
            if layer.get(key) is not None:
                values[key], origins[key] = layer[key], origin
                break
    if "title" not in values:
        values["title"], origins["title"] = source.id, "inferred"
    return Document(
        id=source.id,
        text=reading.text,
        outline=tuple(_on_its_page(section, reading.pages) for section in outline),
        pages=reading.pages,
        sha256=source.sha256,
        source=source.path.resolve().as_posix(),
        origins=origins,
        **values,
    )


def _on_its_page(section: Section, pages: Sequence[PageSpan]) -> Section:
    span = page_at(pages, section.start)
    return section if span is None else replace(section, page=span.page, page_label=span.label)


def _declared(metadata: Mapping[str, object]) -> dict[str, Any]:
    """What the file itself declares, in the catalogue's types; values of another form are left out."""
    declared: dict[str, Any] = {}
    for key, value in metadata.items():
        text = str(value).strip()
        if key in ("edition", "covers"):
            years = [int(part) for part in text.strip("[]").replace("-", ",").split(",") if part.strip().isdecimal()]
            if key == "edition" and len(years) == 1:
                declared[key] = years[0]
            elif key == "covers" and years:
                declared[key] = (years[0], years[-1])
        elif key == "date":
            declared["published"] = text
        elif key == "lang":
            declared["language"] = text
        elif key in _METADATA and text:
            declared[key] = text
    return declared


def _catalogues(root: Path) -> list[Catalogue]:
    """The catalogues at or under a folder, or beside a file; the innermost first."""
    if root.is_file():
        beside = root.parent / catalogue.NAME
        return [catalogue.read(beside)] if beside.is_file() else []
    found = [file for file in _walk(root) if file.name == catalogue.NAME]
    return [catalogue.read(file) for file in sorted(found, key=lambda file: (-len(file.parts), file))]


def _governing(file: Path, catalogues: Iterable[Catalogue]) -> Catalogue | None:
    return next((one for one in catalogues if file.is_relative_to(one.folder)), None)


def _files(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for file in _walk(root):
        if file.name != catalogue.NAME:
            yield file


def _walk(folder: Path) -> Iterator[Path]:
    """Files under a folder by name; hidden ones, and what lies beside the corpus of a BEIR folder, are left out."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        visible = sorted(name for name in names if not name.startswith("."))
        if BEIR_CORPUS in visible:
            folders[:] = [name for name in folders if name != "qrels"]
            visible = [BEIR_CORPUS, *(name for name in visible if name == catalogue.NAME)]
        for name in visible:
            yield Path(parent) / name


def _add(
    file: Path, governing: Catalogue | None, sources: list[Source], unread: list[Unread], unlisted: list[Path]
) -> None:
    entry, listed = governing.entry(file) if governing is not None else (Entry(), False)
    try:
        if file.name == BEIR_CORPUS:
            sources += [Source(one.id, file, entry, listed, one.sha256, one) for one in beir.records(file)]
            return
        if reader_of(file) is None:
            what = f"{file.suffix} files" if file.suffix else "files without a suffix"
            unread.append(Unread(file, f"no reader for {what} (readable: {', '.join(suffixes())})"))
            return
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except UnreadableFile as error:
        unread.append(Unread(file, str(error)))
        return
    except OSError as error:
        unread.append(Unread(file, error.strerror or str(error)))
        return
    identity = entry.id or _stem_id(file)
    if governing is not None and not listed:
        unlisted.append(file)
    sources.append(Source(identity, file, entry, listed, digest))


def _stem_id(file: Path) -> str:
    """The file's stem with what an id may not hold replaced by `-`."""
    kept = "".join(character if catalogue.ID_PATTERN.fullmatch(character) else "-" for character in file.stem)
    return kept.strip("-") or hashlib.sha256(file.name.encode()).hexdigest()[:12]


def _refuse_clashes(sources: Iterable[Source]) -> None:
    first: dict[str, Source] = {}
    for source in sources:
        other = first.setdefault(source.id, source)
        if other is not source:
            raise CatalogueError(
                f'two documents with the id "{source.id}": {other.path} and {source.path}: '
                f"give one of them another `id` in {catalogue.NAME}"
            )
