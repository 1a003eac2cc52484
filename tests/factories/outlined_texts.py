"""Publications with a known outline, to be rendered in several formats: the shared seeds and a small invented one.

A publication is a list of blocks in text order, with which the result of reading a rendering is compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from corpus.readers.base import FileContent
from corpus.records import Section
from corpus.structure.outline import infer_outline, outline_from_marks

Kind = Literal["front", "section", "inset", "notes", "caption", "body"]
_OTHER: tuple[tuple[Kind, str], ...] = (
    ("front", "front_matter_lines"),
    ("notes", "note_lines"),
    ("caption", "caption_lines"),
)


@dataclass(frozen=True)
class Block:
    """A line of a publication. `parent` and `inset` are positions of its section and its inset among the blocks."""

    kind: Kind
    text: str
    level: int = 0
    parent: int | None = None
    inset: int | None = None


@dataclass(frozen=True)
class Publication:
    """A publication: its title and its blocks."""

    title: str
    blocks: tuple[Block, ...]


def seeds(data: Path) -> list[Publication]:
    """Return the seeds with their outline, which was written by hand."""
    return [_seed(data, entry) for entry in json.loads((data / "seeds-eval" / "outline.json").read_text("utf-8"))]


def _seed(data: Path, entry: dict[str, Any]) -> Publication:
    lines = (data / "seeds" / entry["file"]).read_text("utf-8").replace("\r\n", "\n").split("\n")
    headings = {heading["line"]: heading for heading in entry["headings"]}
    place: dict[int, int] = {}
    blocks: list[Block] = []
    inset: tuple[int, int] | None = None  # position of the inset, its last line
    for number, line in enumerate(lines, 1):
        text = " ".join(line.split())
        if not text:
            continue
        if inset is not None and number > inset[1]:
            inset = None
        place[number] = len(blocks)
        heading = headings.get(number)
        if heading is None:
            kinds: list[Kind] = [kind for kind, key in _OTHER if number in entry[key]]
            blocks.append(Block(kinds[0] if kinds else "body", text, inset=None if inset is None else inset[0]))
        elif heading["kind"] == "inset":
            inset = (len(blocks), heading["last_line"])
            blocks.append(Block("inset", text))
        else:
            parent = None if heading["parent"] is None else place[heading["parent"]]
            blocks.append(Block("section", text, heading["level"], parent))
    return Publication(entry["id"], tuple(blocks))


SMALL = Publication(
    "Annual Report 2021",
    (
        Block("front", "Ministry of Harbours"),
        Block("section", "1. Ports and Harbours", 0),
        Block("body", "The year saw four new berths opened to shipping, two of them for vessels of over 50,000 tons."),
        Block("section", "(1) Maritime Safety", 1, 1),
        Block("body", "Patrols were extended to the outer lanes, as the council had asked in its third resolution."),
        Block("notes", "1 The council adopted the resolution in March, after the second reading of the draft."),
        Block("inset", "Column: A Day on the Tugboat"),
        Block("body", "The crew rises before dawn, when the first of the freighters waits at the breakwater.", inset=6),
        Block("body", "By noon eleven ships have been brought in, and the coffee was brewed a third time.", inset=6),
        Block("body", "After that the patrols were doubled, and no accident was reported in the last quarter."),
        Block("section", "A Lighthouses", 2, 3),
        Block("body", "Three lighthouses were repaired, and the lamp of the northern one was replaced altogether."),
        Block("caption", "The northern lighthouse after its repair"),
        Block("section", "(2) Trade through the Ports", 1, 1),
        Block("body", "Trade rose by a tenth, most of it in grain, timber and machines from the southern provinces."),
        Block("section", "2. Outlook", 0),
        Block("body", "The ministry expects the growth to go on, though more slowly than in the year under review."),
    ),
)


@dataclass(frozen=True)
class Compared:
    """Return the share of headings with the right parent, and the differences.

    `insets` lists lines on the wrong side of an inset's end; `notes` and `captions` are shares found as such.
    """

    share: float
    wrong: list[str]
    insets: list[str]
    notes: float
    captions: float


def plain(text: str) -> str:
    """Return the letters and digits of a line, which no rendering changes."""
    return "".join(re.findall(r"\w+", text.lower()))


def compare(publication: Publication, reading: FileContent, cover: Sequence[str] = ()) -> Compared:
    """Return headings by text, parent and kind; `cover` are headings added by the rendering: title, foreword."""
    outline = infer_outline(reading.text) if reading.marks is None else outline_from_marks(reading.text, reading.marks)
    blocks = publication.blocks
    true = [
        (plain(block.text), None if block.parent is None else plain(blocks[block.parent].text), block.kind)
        for block in blocks
        if block.kind in ("section", "inset")
    ]
    added = {plain(text) for text in cover}
    left: list[tuple[str, str | None, str]] = []
    for item in outline:
        if item.kind in ("section", "inset") and plain(item.text) not in added:
            parent = None if item.parent is None else plain(outline[item.parent].text)
            left.append((plain(item.text), None if parent in added else parent, item.kind))
    most = max(len(true), len(left))
    wrong: list[str] = []
    for heading in true:
        if heading in left:
            left.remove(heading)
        else:
            wrong.append(f"lacks {heading}")
    return Compared(
        share=(len(true) - len(wrong)) / most,
        wrong=wrong + [f"took {heading}" for heading in left],
        insets=_insets(publication, reading.text, outline),
        notes=_found(publication, "notes", outline),
        captions=_found(publication, "caption", outline),
    )


def _found(publication: Publication, kind: Kind, outline: Sequence[Section]) -> float:
    kinds = {"notes", "glossary"} if kind == "notes" else {kind}
    texts = "\n".join(plain(heading.text) for heading in outline if heading.kind in kinds)
    wanted = [plain(re.sub(r"^\W*\d{1,3}\s", "", block.text)) for block in publication.blocks if block.kind == kind]
    return sum(item in texts for item in wanted) / len(wanted) if wanted else 1.0


def _insets(publication: Publication, text: str, outline: Sequence[Section]) -> list[str]:
    wrong: list[str] = []
    result = {plain(heading.text): heading for heading in outline if heading.kind == "inset"}
    for position, block in enumerate(publication.blocks):
        read = result.get(plain(block.text))
        if block.kind != "inset" or read is None:
            continue
        own = plain(text[read.start : read.end])
        inside = [block for block in publication.blocks if block.inset == position and block.kind == "body"]
        wrong += [f"not in the inset: {item.text[:60]}" for item in inside if plain(item.text)[:200] not in own]
        after = [
            block for block in publication.blocks[position + 1 :] if block.inset != position and block.kind == "body"
        ][:1]
        wrong += [f"swallowed by the inset: {item.text[:60]}" for item in after if plain(item.text)[:200] in own]
    return wrong
