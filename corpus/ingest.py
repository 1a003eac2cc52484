"""Turn paths into documents: find the files, apply `corpus.toml`, read each file, infer missing metadata.

There are two steps, so that an index can determine first what has changed: `plan` lists the sources of the documents,
each with an id and a hash; `read` reads one source. Files that cannot be read are reported, never dropped.
`write_catalogues` writes the inferred metadata into `corpus.toml`, for a person to check and complete.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from corpus import archives, catalogue
from corpus.catalogue import Catalogue, Entry
from corpus.discovery import (
    BEIR_CORPUS,
    IndexedFile,
    Records,
    Source,
    Sources,
    Unread,
    assign_ids,
    check_unique_ids,
    file_problem,
    list_files,
)
from corpus.errors import LimitError, NothingToRead, UnreadableFile
from corpus.filesystem import file_sha256
from corpus.metadata.edition import PUBLICATION_KIND
from corpus.metadata.file_names import NO_FACTS, NameFacts, infer_from_names
from corpus.metadata.inference import declared_metadata, infer_metadata, is_supported_title, merge_metadata
from corpus.metadata.language import contradicting_language, detect_language
from corpus.metadata.publishers import is_named_organisation
from corpus.metadata.series import is_organisation
from corpus.metadata.years import parse_years
from corpus.readers import beir
from corpus.readers.base import FileContent
from corpus.readers.registry import missing_reader, ocr_reader_for, reader_for
from corpus.records import METADATA_FIELDS, Document, PageSpan, Section, page_at
from corpus.structure.captions import is_label
from corpus.structure.outline import infer_outline, outline_from_marks
from corpus.translation import english
from corpus.translation import gettext as _

__all__ = [
    "IndexedFile",
    "Loaded",
    "Plan",
    "Source",
    "Unread",
    "build_document",
    "load",
    "plan",
    "read",
    "write_catalogues",
]

_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half of a surrogate pair ("\\ud83d" in JSON), which cannot be encoded."""


NOTHING_INDEXED: Mapping[str, IndexedFile] = MappingProxyType({})

_WRITTEN_KEYS = ("id", "series", *(field for field in METADATA_FIELDS if field != "series"))
"""Keys of a prefilled table in their order: the series first, as the title is of a document in it."""

_EXAMPLES = {
    "edition": ": a year, such as 2016",
    "covers": ": a year, such as 2015, or two, such as [2014, 2015]",
    "published": ': a date, such as "2016-04-01"',
    "language": ': a code, such as "en"',
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The sources under some paths.

    `roots` are the resolved paths. `unlisted` are files that the catalogue of their folder does not list, `missing` are
    listed files that do not exist.
    """

    roots: tuple[Path, ...]
    sources: Sequence[Source]
    unread: tuple[Unread, ...] = ()
    unlisted: tuple[Path, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """Documents in the order of their paths, and the files that could not be read, each with the reason."""

    documents: tuple[Document, ...]
    unread: tuple[Unread, ...]


def load(paths: Iterable[Path | str]) -> Loaded:
    """Read all documents under some paths.

    Args:
        paths: Files, folders or BEIR folders. A `corpus.toml` in a folder states what its files are.

    Returns:
        The documents, and the files that could not be read.

    Raises:
        NothingToRead: A path does not exist, or no file could be read.
        CatalogueError: A `corpus.toml` is invalid, or two records have the same id.
        LimitError: An environment variable that sets a limit is not a number.
    """
    planned = plan([Path(path) for path in paths])
    documents: list[Document] = []
    unread = list(planned.unread)
    for source in planned.sources:
        try:
            documents.append(read(source))
        except UnreadableFile as error:
            unread.append(Unread(source.path, str(error)))
        except OSError as error:
            unread.append(Unread(source.path, error.strerror or str(error)))
    if not documents:
        reasons = [f"{file.path}: {file.reason}" for file in unread]
        raise NothingToRead(
            _(
                "no document to read in %(roots)s: %(reasons)s",
                roots=", ".join(map(str, planned.roots)),
                reasons="; ".join(reasons),
            )
        )
    return Loaded(tuple(documents), tuple(unread))


def file_digest(file: Path) -> tuple[str, int]:
    """Return the sha256 of a file, which may be in an archive, and its size in bytes."""
    if archives.split(file) is not None:
        data = archives.read_bytes(file)
        return hashlib.sha256(data).hexdigest(), len(data)
    return file_sha256(file), file.stat().st_size


def plan(
    paths: Sequence[Path],
    digest: Callable[[Path], tuple[str, int]] = file_digest,
    indexed: Mapping[str, IndexedFile] = NOTHING_INDEXED,
    *,
    ocr: bool = False,
) -> Plan:
    """List the sources under some paths without reading them.

    Args:
        paths: Files and folders.
        digest: Returns the sha256 and the size of a file; an index passes a version that caches unchanged files.
        indexed: The files that are in the index, by path: they keep their ids, and are read with text recognition if
            they were before.
        ocr: Whether to recognise the text of images of pages.

    Returns:
        The sources, in the order of the paths and then of the file names. Files whose ids clash are among the unread.

    Raises:
        NothingToRead: A path does not exist.
        CatalogueError: A `corpus.toml` is invalid, or two records have the same id.
    """
    finder = _SourceFinder(digest, indexed, ocr=ocr)
    for root in paths:
        try:
            finder.add_path(root)
        except OSError as error:
            raise NothingToRead(
                _("%(filename)s: %(strerror)s", filename=error.filename or root, strerror=error.strerror or error)
            ) from error
    check_unique_ids(sources := finder.sources())
    return Plan(
        tuple(path.resolve() for path in paths),
        sources,
        tuple(finder.unread),
        tuple(finder.unlisted),
        tuple(finder.missing),
    )


def read(source: Source, on_page: Callable[[str, int, int], None] | None = None) -> Document:
    """Read a planned source.

    Args:
        source: The source.
        on_page: Called before each page that is recognised, with the name of the file, the number of pages done and
            their total.

    Raises:
        UnreadableFile: With the reason, for instance that the file has changed since it was planned.
        OSError: The file does not exist any more.
    """
    reader = beir.read if source.record is not None else reader_for(source.path)
    if reader is None:
        raise UnreadableFile(missing_reader(source.path))
    data = archives.read_bytes(source.path) if source.record is None else beir.read_bytes(source.path, source.record)
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise UnreadableFile.changed()
    ocr_reader = ocr_reader_for(source.path) if source.ocr else None
    try:
        if ocr_reader is None:
            return build_document(source, reader(data))
        return build_document(source, ocr_reader(data, on_page and partial(on_page, source.path.name)))
    except (UnreadableFile, LimitError, OSError):
        raise
    except Exception as error:  # a reader that fails on one file must not end the build of the others
        name = type(error).__name__
        raise UnreadableFile(_("its reader failed (%(name)s): please report it", name=name)) from error


def build_document(source: Source, content: FileContent) -> Document:
    """Return the document of a file that was read, with its outline and its metadata."""
    text = _SURROGATE.sub("\ufffd", content.text)
    outline = infer_outline(text) if content.marks is None else outline_from_marks(text, content.marks)
    declared = declared_metadata({key: _SURROGATE.sub("\ufffd", str(value)) for key, value in content.metadata.items()})
    shown_title = declared_metadata({"title": _SURROGATE.sub("\ufffd", content.title or "")}).get("title")
    if "title" in declared and not is_supported_title(declared["title"], text):
        del declared["title"]
        shown_title = None  # the first lines name the publication and its year
    reviewed = source.entry.reviewed()
    title = reviewed.title or declared.get("title")
    publisher = reviewed.publisher or declared.get("publisher")
    inferred = None
    if source.record is None:  # a record of a test collection is a paragraph: nothing can be inferred from it
        cover = _spreadsheet_cover(content)
        infer = partial(infer_metadata, text, title, source.names, content.furniture, reviewed, cover)
        inferred = infer(publisher, shown_title)
        author = declared_metadata({"publisher": content.metadata.get("author", "")}).get("publisher")
        if author is not None and is_named_organisation(author, text) and not is_organisation(inferred.publisher or ""):
            declared["publisher"] = author  # the text itself does not say that it is the publisher
            inferred = infer(author, shown_title)
    entry, corrections = _without_contradicted_language(source, declared, text)
    values, origins, evidence = merge_metadata(entry, declared, inferred, detect_language(text), source.id)
    return Document(
        id=source.id,
        text=text,
        outline=tuple(_with_page(section, content.pages) for section in outline),
        pages=content.pages,
        cells=content.cells,
        furniture=tuple(_SURROGATE.sub("\ufffd", line) for line in content.furniture),
        warnings=(*content.warnings, *corrections),
        recognized=content.recognized,
        sha256=source.sha256,
        source=source.path.resolve().as_posix(),
        origins=origins,
        evidence=evidence,
        **values,
    )


def _without_contradicted_language(
    source: Source, declared: dict[str, Any], text: str
) -> tuple[Entry, tuple[str, ...]]:
    """Return the entry of a file without a language that its text is not in, which is also removed from `declared`.

    Only the language of a folder, or one that the file declares, is doubted: not one that is stated for this file.
    """
    entry, warnings = source.entry, []
    # [defaults] describe a folder, and not each file in it that nobody has listed
    default = None if source.listed else entry.reviewed().language
    if default is not None and (language := contradicting_language(text, default)) is not None:
        entry = replace(entry, language=None)
        warnings.append(
            english(
                'corpus.toml states the language "%(declared)s" for all files, but the text reads as "%(detected)s", '
                "which is used",
                declared=default,
                detected=language,
            )
        )
    stated = _language_of_file(entry, declared)
    if stated is not None and (language := contradicting_language(text, stated)) is not None:
        declared.pop("language", None)
        entry = replace(entry, language=None)
        warnings.append(
            english(
                'the file declares the language "%(declared)s", but the text reads as "%(detected)s", which is used',
                declared=stated,
                detected=language,
            )
        )
    return entry, tuple(warnings)


def _language_of_file(entry: Entry, declared: Mapping[str, Any]) -> str | None:
    """Return the language that the file declares, or that a catalogue has copied from it and nobody has checked."""
    if entry.language is None:
        return declared.get("language")
    return entry.language if dict(entry.unreviewed).get("language") == "file" else None


def _spreadsheet_cover(content: FileContent) -> str | None:
    """Return the lines above the first table of a spreadsheet, without the names of sheets; None for other formats.

    The only sheet of a file is titled like its first table; so is a file of several sheets, if this names a publication
    and its year.
    """
    if not content.cells or content.marks is None:
        return None
    text = content.text
    table = next((mark for mark in content.marks if mark.kind == "table"), None)
    end = len(text) if table is None else table.start
    sheets = [mark for mark in content.marks if mark.kind == "section"]
    start, parts = 0, list[str]()
    for mark in sheets:
        if mark.start < end:
            parts.append(text[start : mark.start])
            start = mark.end
    cover = "".join([*parts, text[start:end]])
    if cover.strip() or table is None or table.table is None:
        return cover
    caption = "\n".join(text[table.start : table.end].split("\n")[: -table.table.rows])
    titles_all = PUBLICATION_KIND.search(caption) is not None and parse_years(caption) and not is_label(caption)
    return caption if len(sheets) <= 1 or titles_all else cover


def _with_page(section: Section, pages: Sequence[PageSpan]) -> Section:
    span = page_at(pages, section.start)
    return section if span is None else replace(section, page=span.page, page_label=span.label)


class _SourceFinder:
    """Collects the sources of one path after the other."""

    def __init__(
        self, digest: Callable[[Path], tuple[str, int]], indexed: Mapping[str, IndexedFile], *, ocr: bool
    ) -> None:
        self._digest, self._indexed, self._ocr = digest, indexed, ocr
        self._sources: list[Source | Records] = []
        self._seen: set[Path] = set()
        self._known_names: dict[Path, Mapping[Path, NameFacts]] = {}
        self.unread: list[Unread] = []
        self.unlisted: list[Path] = []
        self.missing: list[str] = []

    def sources(self) -> Sequence[Source]:
        """Return all sources collected, with their ids."""
        files, clashes = assign_ids([source for source in self._sources if isinstance(source, Source)], self._indexed)
        self.unread += clashes
        by_path = {file.path: file for file in files}
        if not any(isinstance(source, Records) for source in self._sources):
            paths = [source.path for source in self._sources]
            return tuple(by_path[path] for path in paths if path in by_path)
        parts = [by_path.get(source.path) if isinstance(source, Source) else source for source in self._sources]
        return Sources([part for part in parts if part is not None])

    def add_path(self, root: Path) -> None:
        """Add the sources under a path."""
        if not root.exists():
            raise NothingToRead(_("%(root)s: no such file or folder", root=root))
        if not root.is_dir() and not archives.is_archive(root):
            beside = root.parent / catalogue.NAME
            names = self._names(root.parent, _siblings(root))
            self._add_file(root, None, [catalogue.read(beside)] if root.is_file() and beside.is_file() else [], names)
            return
        files, unread = list_files(root)
        catalogue_files = [file for file in files if file.name == catalogue.NAME and _is_file(file)]
        # Innermost first: it takes precedence.
        catalogues = [
            catalogue.read(file) for file in sorted(catalogue_files, key=lambda file: (-len(file.parts), file))
        ]
        listed = {file for each in catalogues for file in each.exact_files() if _is_file(file)}
        files = sorted({*files, *listed} - set(catalogue_files))
        self.unread += [file for file in unread if file.path not in listed]
        for each in catalogues:
            below = [file for file in files if file.is_relative_to(each.folder)]
            self.missing += [str(each.folder / name) for name in each.missing(below)]
        first = len(self._sources)
        names = self._names(root, files)
        # A file with two names, for instance a link, is read once: by the name that is listed or that is not a link.
        for file in sorted(files, key=lambda file: (not _is_listed(file, catalogues), file.is_symlink(), file)):
            self._add_file(file, root, catalogues, names)
        self._sources[first:] = sorted(self._sources[first:], key=lambda source: source.path)
        self.unread.sort(key=lambda file: file.path)
        self.unlisted.sort()

    def _names(self, folder: Path, files: Sequence[Path]) -> Mapping[Path, NameFacts]:
        """Return the facts from the names of the files of a folder; cached, because files may be passed one by one."""
        if folder not in self._known_names:
            around = folder.resolve()
            outer = [] if around == Path.home() else [around.name, around.parent.name]
            paths = [
                PurePosixPath(file.relative_to(folder).as_posix()) for file in files if reader_for(file) is not None
            ]
            self._known_names[folder] = {folder / path: facts for path, facts in infer_from_names(paths, outer).items()}
        return self._known_names[folder]

    def _add_file(
        self, file: Path, root: Path | None, catalogues: Sequence[Catalogue], names: Mapping[Path, NameFacts]
    ) -> None:
        problem = file_problem(file, root)
        if problem is not None:
            self.unread.append(Unread(file, problem))
            return
        resolved = file.resolve()
        if resolved in self._seen:
            return
        self._seen.add(resolved)
        governing = _governing_catalogue(file, catalogues)
        entry, listed = governing.entry(file) if governing is not None else (Entry(), False)
        try:
            if file.name == BEIR_CORPUS:
                self._sources.append(Records(file, entry, listed))
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
        unstated = _without_stated(names.get(file, NO_FACTS), entry.reviewed())
        known = self._indexed.get(resolved.as_posix())
        ocr = ocr_reader_for(file) is not None and (self._ocr or (known is not None and known.ocr))
        self._sources.append(Source(entry.id or "", file, entry, listed, digest, size=size, names=unstated, ocr=ocr))


def _siblings(file: Path) -> list[Path]:
    """Return the files beside a file, which help to interpret its name."""
    try:
        return sorted(other for other in file.parent.iterdir() if other.is_file() and not other.name.startswith("."))
    except OSError:
        return [file]


def _without_stated(names: NameFacts, entry: Entry) -> NameFacts:
    """Remove from the facts of a file name those that the catalogue states, since the catalogue takes precedence."""
    if entry.edition is not None:
        names = replace(names, edition=None, possible_edition=None)
    if entry.series is not None:
        names = replace(names, series=None, owner=None)
    if entry.title is not None:
        names = replace(names, labels=())
    return names if entry.part is None else replace(names, part=None)


def _governing_catalogue(file: Path, catalogues: Iterable[Catalogue]) -> Catalogue | None:
    """Return the innermost catalogue that lists the file, else the innermost of a folder around it."""
    around = [each for each in catalogues if file.is_relative_to(each.folder)]
    return next((each for each in around if each.rule_of(file) is not None), around[0] if around else None)


def _is_file(path: Path) -> bool:
    try:
        return archives.is_file(path)
    except OSError:  # in a folder without permission to read it
        return False


def _is_listed(file: Path, catalogues: Sequence[Catalogue]) -> bool:
    governing = _governing_catalogue(file, catalogues)
    return governing is not None and governing.rule_of(file) is not None


def write_catalogues(plan: Plan, read: Callable[[Source], Document]) -> list[Path]:
    """Add the files that are not listed yet to the `corpus.toml` of each root folder.

    Args:
        plan: The plan of the folders.
        read: Reads a source.

    Returns:
        The catalogues that were written. Existing text in them is kept.

    Raises:
        OSError: A folder cannot be written.
        CatalogueError: Nothing can be added to an existing catalogue.
    """
    written: list[Path] = []
    done: set[str] = set()
    # Inner roots first: a file under two roots goes to the catalogue of the inner one.
    for root in sorted(plan.roots, key=lambda root: -len(root.parts)):
        folder = root if root.is_dir() else root.parent
        sources = [
            source
            for source in plan.sources
            if not source.listed
            and source.record is None
            and source.id not in done
            and source.path.resolve().is_relative_to(root)
        ]
        tables = [table for source in sources if (table := _prefilled_table(source, folder, read)) is not None]
        if tables:
            target = folder / catalogue.NAME
            catalogue.append(target, "\n".join(tables))
            done |= {source.id for source in sources}
            written += [] if target in written else [target]
    return written


def _prefilled_table(source: Source, folder: Path, read: Callable[[Source], Document]) -> str | None:
    try:
        document = read(source)
    except (UnreadableFile, OSError):
        return None  # reported by the build
    relative = source.path.resolve().relative_to(folder.resolve()).as_posix()
    lines = ["[[document]]", f"file = {catalogue.toml(relative)}"]
    for key in _WRITTEN_KEYS:
        value = document.id if key == "id" else getattr(document, key)
        if key != "id" and document.origins.get(key) == "catalogue":
            continue  # stated by the defaults, and better changed there
        if isinstance(value, tuple):
            value = value[0] if value[0] == value[1] else list(value)
        if value is None or catalogue.field_problem(key, value) is not None:
            lines.append(f"# {key} =  # unknown{_EXAMPLES.get(key, '')}")
        else:
            comment = catalogue.ORIGIN_COMMENTS.get(document.origins.get(key, "unknown"), "")
            lines.append(f"{key} = {catalogue.toml(value)}  {comment}".rstrip())
    return "\n".join(lines) + "\n"
