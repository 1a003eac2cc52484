"""Finds names of series in a text: full names, and ends of names that no other series shares.

An index can hold thousands of series, and a draft can name them thousands of times. Two measures keep this fast: a
name is searched only if all its words occur in the text, and overlaps are checked in a map of the text's characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Span = tuple[int, int]

_GENERIC = frozenset("the of on for and in a an to report annual digest series edition its national".split())
_PUBLICATION = re.compile(
    r"\w*(?:book|paper|report|review|survey|almanac|outlook|bulletin|abstract|statement)s?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Form:
    """A name that a text may use for a series; `words` are case-folded by `_fold`."""

    series: str
    text: str
    words: tuple[str, ...]


class SeriesNames:
    """The names by which a text can refer to series."""

    def __init__(self, series: Iterable[str]) -> None:
        forms = {name: _candidate_forms(name) for name in sorted(set(series))}
        counts = Counter(form.casefold() for candidates in forms.values() for form in candidates)
        self.forms: Mapping[str, Sequence[str]] = {
            name: sorted(
                (form for form in candidates if form == name or counts[form.casefold()] == 1),
                key=lambda form: -len(form),
            )
            for name, candidates in forms.items()
        }
        """For each series its name and the parts of it that no other series shares, longest first.

        "Diplomatic Bluebook" is also "Bluebook"; "White Paper on Development Cooperation" is also "White Paper".
        """
        flat = [
            _Form(name, form, tuple(map(_fold, form.split()))) for name, forms in self.forms.items() for form in forms
        ]
        self._longest_first = sorted(flat, key=lambda form: -len(form.text))

    def find(self, text: str) -> dict[str, list[Span]]:
        """Return the series that the text names, each with the spans of its names; the longest name wins."""
        folded = _fold(text)
        taken = bytearray(len(text))  # 1 for each character inside a name
        spans: dict[str, list[Span]] = {}
        for form in self._longest_first:
            # compiling a pattern costs a hundred times more than this check
            if not all(word in folded for word in form.words):
                continue
            pattern = r"\s+".join(re.escape(word) for word in form.text.split())
            for match in re.finditer(rf"\b{pattern}s?\b", text, re.IGNORECASE):
                start, end = match.span()
                if 1 not in taken[start:end]:
                    taken[start:end] = b"\x01" * (end - start)
                    spans.setdefault(form.series, []).append((start, end))
        return spans


def _fold(text: str) -> str:
    """Fold the case of each character as `re.IGNORECASE` does; the length stays the same.

    Two characters match if their lower cases are equal or share an upper case ("i" and the Turkish "ı").
    """
    return text.upper() if text.isascii() else "".join(char.lower()[0].upper()[0] for char in text)


def _candidate_forms(name: str) -> set[str]:
    words = name.split()
    parts = {" ".join(words[i:]) for i in range(1, len(words))} | {" ".join(words[:i]) for i in range(1, len(words))}
    forms = {name} | {part for part in parts if _is_publication_name(part)}
    owner, colon, own_name = name.partition(": ")  # "Ministry of Works: Annual Report"
    return forms | ({own_name} if colon and owner else set())


def _is_publication_name(part: str) -> bool:
    """Whether a part of a series' name can stand for it: a kind of publication ("White Paper"), not a topic."""
    words = part.split()
    return (
        _PUBLICATION.fullmatch(words[-1]) is not None
        and words[0].casefold() not in _GENERIC
        and (len(words) > 1 or len(words[0]) > 6)
    )
