"""Paths in, documents out: finds the files, applies `corpus.toml`, reads each file, infers what is left unsaid.

Two steps, so that an index can ask first what has changed: `plan` lists the documents to be, each with its id and the
hash that tells whether it is the same as before; `read` reads one. What cannot be read is reported, never dropped.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.catalogue import catalogue
from corpus.catalogue.catalogue import Catalogue, Entry
from corpus.discovery.files import BEIR_CORPUS, Unread, file_problem, list_files
from corpus.discovery.sources import Records, Source, Sources, check_unique_ids
from corpus.errors import NothingToRead, UnreadableFile
from corpus.metadata.inference import declared_metadata, infer_metadata, merge_metadata
from corpus.metadata.language import detect_language
from corpus.readers import beir
from corpus.readers.base import Reading
from corpus.readers.registry import reader_for
from corpus.records import Document, PageSpan, Section, page_at
from corpus.structure.outline import infer_outline, outline_from_marks

__all__ = ["Plan", "Source", "Unread", "build_document", "plan", "read"]

_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the given paths hold.

    `roots` are the paths themselves, resolved; `unlisted` are files that the catalogue beside them does not list;
    `missing` are listed files that are not there.
    """

    roots: tuple[Path, ...]
    sources: Sequence[Source]
    unread: tuple[Unread, ...] = ()
    unlisted: tuple[Path, ...] = ()
    missing: tuple[str, ...] = field(default=())


def file_digest(file: Path) -> tuple[str, int]:
    """The sha256 of a file's bytes, and how many there are."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), stream.tell()


def plan(paths: Sequence[Path], digest: Callable[[Path], tuple[str, int]] = file_digest) -> Plan:
    """Find the documents of the paths, in the order of the paths and of the files' names; `digest` is asked for each.

    Raises NothingToRead for a path that does not exist, CatalogueError for a wrong `corpus.toml` or two documents with
    one id.
    """
    finding = _Finding(digest)
    for root in paths:
        try:
            finding.look_into(root)
        except OSError as error:
            raise NothingToRead(f"{error.filename or root}: {error.strerror or error}") from error
    check_unique_ids(sources := finding.sources())
    return Plan(
        tuple(path.resolve() for path in paths),
        sources,
        tuple(finding.unread),
        tuple(finding.unlisted),
        tuple(finding.missing),
    )


def read(source: Source) -> Document:
    """Read a planned document. Raises UnreadableFile with the reason, OSError where the file has gone."""
    reader = beir.read if source.record is not None else reader_for(source.path)
    if reader is None:
        raise UnreadableFile(f"no reader for {source.path.suffix} files")
    data = source.path.read_bytes() if source.record is None else beir.read_bytes(source.path, source.record)
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise UnreadableFile("changed since it was looked for: index it again")
    return build_document(source, reader(data))


def build_document(source: Source, reading: Reading) -> Document:
    """The document of a reading: outline, then metadata from the catalogue, the file, the text, in this order."""
    # Half of a surrogate pair ("\ud83d" in JSON) is no character, and nothing could store it.
    text = _HALF_CHARACTER.sub("\ufffd", reading.text)
    outline = infer_outline(text) if reading.marks is None else outline_from_marks(text, reading.marks)
    declared = declared_metadata(
        {key: _HALF_CHARACTER.sub("\ufffd", str(one)) for key, one in reading.metadata.items()}
    )
    title = source.entry.title or declared.get("title")
    # A record of a test collection is a paragraph, not a publication: nothing can be inferred from it.
    inferred = None if source.record is not None else infer_metadata(text, title)
    values, origins = merge_metadata(source.entry, declared, inferred, detect_language(text), source.id)
    return Document(
        id=source.id,
        text=text,
        outline=tuple(_on_its_page(section, reading.pages) for section in outline),
        pages=reading.pages,
        furniture=tuple(_HALF_CHARACTER.sub("\ufffd", line) for line in reading.furniture),
        sha256=source.sha256,
        source=source.path.resolve().as_posix(),
        origins=origins,
        **values,
    )


def _on_its_page(section: Section, pages: Sequence[PageSpan]) -> Section:
    span = page_at(pages, section.start)
    return section if span is None else replace(section, page=span.page, page_label=span.label)


class _Finding:
    """What has been found in the paths looked into so far."""

    def __init__(self, digest: Callable[[Path], tuple[str, int]]) -> None:
        self._digest = digest
        self._found: list[Source | Records] = []
        self.unread: list[Unread] = []
        self.unlisted: list[Path] = []
        self.missing: list[str] = []
        self._seen: set[Path] = set()

    def sources(self) -> Sequence[Source]:
        """All that was found."""
        alone = [one for one in self._found if isinstance(one, Source)]
        return tuple(alone) if len(alone) == len(self._found) else Sources(self._found)

    def look_into(self, root: Path) -> None:
        """Add the documents of one path."""
        if not root.exists():
            raise NothingToRead(f"{root}: no such file or folder")
        if not root.is_dir():
            beside = root.parent / catalogue.NAME
            self._add_file(root, None, [catalogue.read(beside)] if root.is_file() and beside.is_file() else [])
            return
        files, unread = list_files(root)
        named = [file for file in files if file.name == catalogue.NAME and _is_file(file)]
        # The innermost first: it knows its files best.
        catalogues = [catalogue.read(file) for file in sorted(named, key=lambda file: (-len(file.parts), file))]
        listed = {file for one in catalogues for file in one.exact_files() if _is_file(file)}
        files = sorted({*files, *listed} - set(named))
        self.unread += [one for one in unread if one.path not in listed]
        for one in catalogues:
            below = [file for file in files if file.is_relative_to(one.folder)]
            self.missing += [str(one.folder / name) for name in one.missing(below)]
        first = len(self._found)
        # A file with two names, one of them a link, is read once: by the name that is listed, or that is no link.
        for file in sorted(files, key=lambda file: (not _is_listed(file, catalogues), file.is_symlink(), file)):
            self._add_file(file, root, catalogues)
        self._found[first:] = sorted(self._found[first:], key=lambda one: one.path)
        self.unread.sort(key=lambda one: one.path)
        self.unlisted.sort()

    def _add_file(self, file: Path, root: Path | None, catalogues: Sequence[Catalogue]) -> None:
        wrong = file_problem(file, root)
        if wrong is not None:
            self.unread.append(Unread(file, wrong))
            return
        resolved = file.resolve()
        if resolved in self._seen:
            return
        self._seen.add(resolved)
        governing = _governing(file, catalogues)
        entry, listed = governing.entry(file) if governing is not None else (Entry(), False)
        try:
            if file.name == BEIR_CORPUS:
                self._found.append(Records(file, entry, listed))
                return
            digest, size = self._digest(file)
        except UnreadableFile as error:
            self.unread.append(Unread(file, str(error)))
            return
        except OSError as error:
            self.unread.append(Unread(file, error.strerror or str(error)))
            return
        if governing is not None and governing.rules and not listed:
            self.unlisted.append(file)
        self._found.append(Source(entry.id or _stem_id(file), file, entry, listed, digest, size=size))


def _governing(file: Path, catalogues: Iterable[Catalogue]) -> Catalogue | None:
    """The innermost catalogue that lists the file, else the innermost around it."""
    around = [one for one in catalogues if file.is_relative_to(one.folder)]
    return next((one for one in around if one.rule_of(file) is not None), around[0] if around else None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # in a folder that may not be looked into
        return False


def _is_listed(file: Path, catalogues: Sequence[Catalogue]) -> bool:
    governing = _governing(file, catalogues)
    return governing is not None and governing.rule_of(file) is not None


def _stem_id(file: Path) -> str:
    """The file's stem; what an id may not hold is replaced by `-`, accents are dropped.

    Where letters are lost all the same (another script), a few characters of a hash keep such names apart.
    """
    plain = "".join(one for one in unicodedata.normalize("NFKD", file.stem) if not unicodedata.combining(one))
    kept = "".join(one if catalogue.ID_PATTERN.fullmatch(one) else "-" for one in plain)
    if not any(one.isalnum() and not one.isascii() for one in plain) and kept.strip("-"):
        return kept.strip("-")
    composed = unicodedata.normalize("NFC", file.stem)
    return f"{kept.strip('-')}-{hashlib.sha256(composed.encode()).hexdigest()[:8]}".strip("-")
