"""Measure the inference of metadata without catalogues: real series, and folders in many naming habits.

    python -m tests.benchmarks.reading.metadata [--wrong]

For each folder it prints the share of files whose value is right, unknown and wrong. A series is right if it is one
name for exactly the files of that series; a wrong one joins two series or divides one. Nothing is encoded.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.ingest import plan, read
from corpus.records import Document
from tests.factories.folder_layouts import FolderLayout, LaidOutFile, folder_layouts
from tests.paths import DATA

FIELDS = ("edition", "series", "covers", "part", "title")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdict ("right", "unknown", "wrong") on each field of each file."""

    layout: FolderLayout
    documents: Sequence[Document]
    verdicts: Sequence[Mapping[str, str]]

    def share(self, field: str, verdict: str) -> float:
        """Return the share of the files with that verdict."""
        return sum(each[field] == verdict for each in self.verdicts) / len(self.verdicts)


def write_layout(layout: FolderLayout, folder: Path) -> Path:
    """Write the files of a layout below a folder; return their root."""
    for file in layout.files:
        path = folder / layout.name / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.text if isinstance(file.text, bytes) else file.text.encode())
    return folder / layout.name


def judge_layout(layout: FolderLayout) -> Verdicts:
    """Infer the metadata of the files of a layout and judge them."""
    with tempfile.TemporaryDirectory() as temporary:
        root = write_layout(layout, Path(temporary))
        documents = {source.path.relative_to(root).as_posix(): read(source) for source in plan([root]).sources}
    ordered = [documents[file.path] for file in layout.files]
    names: dict[str | None, Counter[str | None]] = defaultdict(Counter)
    for file, document in zip(layout.files, ordered, strict=True):
        names[file.series][document.series] += 1
    verdicts = []
    for file, document in zip(layout.files, ordered, strict=True):
        usual = names[file.series].most_common(1)[0][0]
        shared = any(series != file.series and document.series in others for series, others in names.items())
        joined = document.series != usual or shared
        expected_series = file.series if joined or document.series is None else document.series
        verdicts.append(
            {
                "edition": _verdict(document.edition, file.edition),
                "series": _verdict(document.series, expected_series),
                "covers": _verdict(document.covers, file.covers) if file.covers else _plausible(document),
                "part": _verdict(document.part, file.part) if file.part else "right",
                "title": "right" if file.title.casefold() in document.title.casefold() else "wrong",
            }
        )
    return Verdicts(layout, ordered, verdicts)


def _verdict(value: object, expected: object) -> str:
    if value == expected:
        return "right"
    return "unknown" if value is None else "wrong"


def _plausible(document: Document) -> str:
    """Judge covered years that the layout leaves open: the edition's or those of the year before."""
    covers, edition = document.covers, document.edition
    if covers is None or edition is None:
        return "unknown" if covers is None else "wrong"
    return "right" if edition - 1 <= covers[0] and covers[1] <= edition else "wrong"


def real_layouts() -> Iterator[FolderLayout]:
    """Yield the real series, without their catalogues."""
    for name in ("us_sotu", "us_inaugural"):
        folder = DATA / "datasets" / name / "docs"
        catalogue = _catalogue(folder)
        files = []
        for path in sorted(folder.glob("*.txt")):
            entry = catalogue.get(path.name, {})
            year = int(path.name[:4])
            covers = entry.get("covers")
            span = (covers, covers) if isinstance(covers, int) else tuple(covers) if covers else None
            files.append(LaidOutFile(path.name, path.read_text(encoding="utf-8"), year, name, span))
        yield FolderLayout(name, tuple(files))
    seeds = DATA / "seeds"
    files = []
    for name, entry in sorted(_catalogue(seeds).items()):
        text = (seeds / name).read_text(encoding="utf-8")
        files.append(LaidOutFile(name, text, entry["edition"], entry["series"], (entry["covers"],) * 2))
    yield FolderLayout("seeds", tuple(files))


def _catalogue(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "corpus.toml"
    if not path.is_file():
        return {}
    return {table["file"]: table for table in tomllib.loads(path.read_text(encoding="utf-8"))["document"]}


def main() -> None:
    """Print a table of the folders."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wrong", action="store_true", help="list what is not right")
    arguments = parser.parse_args()
    print(f"{'folder':24}{'example':34}{'files':>6}" + "".join(f"{field + ' right/wrong':>22}" for field in FIELDS))
    for layout in (*real_layouts(), *folder_layouts()):
        judged = judge_layout(layout)
        cells = "".join(f"{judged.share(f, 'right'):>15.2f} /{judged.share(f, 'wrong'):5.2f}" for f in FIELDS)
        print(f"{layout.name:24}{layout.files[0].path:34}{len(layout.files):6}{cells}")
        if arguments.wrong:
            for document, file, verdicts in zip(judged.documents, layout.files, judged.verdicts, strict=True):
                for field, verdict in verdicts.items():
                    if verdict != "right" and (field != "covers" or verdict == "wrong"):
                        value, right = getattr(document, field), getattr(file, field)
                        print(f"    {file.path}: {field} {value!r} is {verdict}, not {right!r}")


if __name__ == "__main__":
    main()
