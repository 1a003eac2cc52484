"""Names of authors, places and publishers in a question, which select documents: "Eisenhower's 1960 budget".

The names are those of the library itself: capitalised words of file names ("1960_Dwight_Eisenhower"), publishers, and
the owners of series ("North Bay Orchards, Inc.: Form 10-K"). A name that most documents share selects nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from index.storage.reader import DocumentInfo

_MAX_SHARE = 0.5
"""Maximum share of the documents with a name; a more frequent name selects nothing."""

_LABEL = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{2,}")
_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][^\W\d_]{2,}")
_BETWEEN = re.compile(r"(?:\s+[A-Z]\.?)?\s+")
"""Between two words of one name: "Dwight D. Eisenhower"."""

_POSSESSIVE = re.compile(r"['’]s?(?!\w)|s\s+(?=(?:1[5-9]|20)[0-9]{2}\b)")
_INTRODUCTION = re.compile(
    r"\b(?:by|under|president|chancellor|minister|secretary|governor|mr\.?|mrs\.?|ms\.?|dr\.?|did|does|do|had|has|was|would|selon"
    r"|par|présidente?|laut|von|unter|präsident\w*|kanzler\w*|according\s+to)\s+(?:\w+\.?\s+){0,2}$",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(
    r",?\s+(?:incorporated|inc|company|co|corporation|corp|limited|ltd|plc|llc|ag|gmbh|se|kg|s\.?a|n\.?v|b\.?v|a/s|ab|oyj"
    r"|holdings?|group)\.?$",
    re.IGNORECASE,
)
_CONTEXT = 60


class DocumentNames:
    """The names in the metadata of some documents."""

    def __init__(self, documents: Iterable[DocumentInfo]) -> None:
        words: dict[str, set[str]] = defaultdict(set)
        phrases: dict[str, set[str]] = defaultdict(set)
        count = 0
        for document in documents:
            count += 1
            owner = (document.series or "").partition(": ")
            for name in {document.publisher, owner[0] if owner[1] else None} - {None, ""}:
                for phrase in _short_forms(name or ""):
                    phrases[phrase.casefold()].add(document.id)
            series = f"{document.series} {document.publisher}".casefold()
            for word in set(_LABEL.findall(file_stem(document.source))):
                if word.casefold() not in series:
                    words[word.casefold()].add(document.id)
        self._words = {name: frozenset(ids) for name, ids in words.items() if len(ids) <= _MAX_SHARE * count}
        self._phrases = {name: frozenset(ids) for name, ids in phrases.items() if len(ids) <= _MAX_SHARE * count}

    def find(self, question: str) -> Mapping[str, frozenset[str]]:
        """Return the names that the question uses for documents, each with the ids of its documents."""
        folded = question.casefold()
        names: dict[str, frozenset[str]] = {}
        for phrase in sorted(self._phrases, key=lambda name: (-len(name), name)):
            inside = any(phrase in longer.casefold() for longer in names)
            if phrase in folded and not inside and re.search(rf"\b{re.escape(phrase)}(?!\w)", folded):
                names[phrase] = self._phrases[phrase]
        position = 0
        while self._words and (match := _NAME.search(question, position)) is not None:
            position = match.end()
            documents = self._words.get(match.group().casefold())
            if documents is None:
                continue
            start, end = match.span()
            while (gap := _BETWEEN.match(question, end)) and (following := _NAME.match(question, gap.end())):
                named = self._words.get(following.group().casefold())
                if named is None:
                    break
                documents, end = documents & named or named, following.end()
            position = end
            if _POSSESSIVE.match(question, end) or _INTRODUCTION.search(question[max(0, start - _CONTEXT) : start]):
                names[question[start:end]] = documents
        return names


def file_stem(source: str) -> str:
    """Return the name of a file without its suffix; paths objects take ten times longer."""
    return source.rpartition("/")[2].rpartition(".")[0]


@lru_cache(maxsize=4096)  # many documents share their publisher
def _short_forms(name: str) -> frozenset[str]:
    """Return a name and its shorter forms: without legal form, its first two words, the place behind "of"."""
    short = _LEGAL_FORM.sub("", name)
    forms = {name, short}
    words = short.split()
    if len(words) > 2 and all(word[0].isupper() for word in words[:3]):
        forms.add(" ".join(words[:2]))
    place = short.rpartition(" of ")[2]
    if place != short and len(place) > 3:
        forms.add(place)
    return frozenset(forms)
