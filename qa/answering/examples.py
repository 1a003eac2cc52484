"""Example questions of whatever an index holds, from its own headings, editions and years.

They show what can be asked, not what is best asked: each names a section that is there, so that it has an answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from corpus.records import HEADED_KINDS, Document
from corpus.structure.numbering import parse_markers
from index.ranking.search import Index
from index.storage.reader import DocumentInfo

MOST = 5
_LOOKED_INTO = 12
"""Documents whose headings are read: of a large index some of each part of the list."""

_GENERAL = re.compile(
    r"\b(?:introduction|overview|conclusions?|summary|contents|foreword|preface|preamble|references|bibliography|notes|"
    r"appendix|annex|abstract|acknowledge?ments?|index|glossary|background|outline|others?|general|chapter|section|part)\b",
    re.IGNORECASE,
)


def example_questions(index: Index) -> list[str]:
    """Up to `MOST` questions, those that compare editions first; none where no heading says enough."""
    documents = index.documents
    step = max(1, -(-len(documents) // _LOOKED_INTO))
    chosen = sorted(documents[::step], key=lambda one: (one.series or "", one.edition or 0, one.id))
    topics = {info.id: _topics(index.document(info.id)) for info in chosen}
    found = _comparing(chosen, topics)[:2]
    for place in range(MOST):
        for info in chosen:
            title = topics[info.id][place] if place < len(topics[info.id]) else None
            if title is not None and len(found) < MOST and not any(title in one for one in found):
                found.append(_about(info, title))
    return found


def _topics(document: Document) -> list[str]:
    """The headings of sections without further headings below, the longest section's first."""
    outline = document.outline
    parents = {one.parent for one in outline if one.kind in HEADED_KINDS}
    sizes: dict[str, int] = {}
    for place, item in enumerate(outline):
        if item.kind not in HEADED_KINDS or place in parents:
            continue
        title = _in_a_sentence(_title(item.text), document.text)
        if 2 <= len(title.split()) <= 8 and not _GENERAL.search(title):
            sizes.setdefault(title, item.end - item.heading_end)
    return sorted(sizes, key=lambda title: (-sizes[title], title))


def _title(heading: str) -> str:
    """A heading's words, without its number."""
    marker = next(iter(parse_markers(heading.lstrip("# ").strip())), None)
    # a lone letter before a capital is a number ("A Counter-terrorism"), not an article
    numbered = marker is not None and (not marker.weak or marker.title[:1].isupper())
    title = marker.title if marker is not None and numbered else heading.lstrip("# ")
    title = title.strip(" \t<>|*_:.")
    enclosed = re.fullmatch(r"[(\[]([^()\[\]]*)[)\]]", title)
    return " ".join((enclosed[1] if enclosed else title).split())


def _in_a_sentence(title: str, text: str) -> str:
    """A heading as it would stand inside a sentence: its first word small where the text writes it so, too."""
    first, _, rest = title.partition(" ")
    is_sentence = rest and not any(word[:1].isupper() for word in rest.split())
    small = first[:1].lower() + first[1:]
    return f"{small} {rest}" if is_sentence and re.search(rf"\b{re.escape(small)}\b", text) else title


def _comparing(documents: Sequence[DocumentInfo], topics: dict[str, list[str]]) -> list[str]:
    """Questions about topics that two editions of a series share."""
    places: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for info in documents:
        if info.series and info.edition is not None and _is_english(info):
            for title in topics[info.id]:
                places[info.series, title.casefold()].append((info.edition, title))
    found: list[str] = []
    for shared in places.values():
        first, last = min(shared), max(shared)
        if first[0] < last[0]:
            found.append(f"How did {last[1]} change between the {first[0]} and {last[0]} editions?")
    return found


def _about(info: DocumentInfo, title: str) -> str:
    if not _is_english(info):
        return title
    if info.covers is not None and info.covers[0] == info.covers[1]:
        return f"What is reported about {title} in {info.covers[0]}?"
    return f"What is reported about {title}?"


def _is_english(info: DocumentInfo) -> bool:
    return (info.language or "en").startswith("en")
