"""Names of series to where a text names them: by a whole name, or by an end of it that no other series shares. Pure.

An index can hold thousands of series, and a draft name them thousands of times: a form of a name is looked for only
where all its words occur, and what stands inside a longer name is told by its characters.
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
    """What a series may be called; `words` are folded (`_folded`)."""

    series: str
    text: str
    words: tuple[str, ...]


class SeriesNames:
    """The forms that series may be named by, and where a text names them so."""

    def __init__(self, series: Iterable[str]) -> None:
        forms = {name: _forms(name) for name in sorted(set(series))}
        shared = Counter(form.casefold() for some in forms.values() for form in some)
        self.forms: Mapping[str, Sequence[str]] = {
            name: sorted((form for form in some if form == name or shared[form.casefold()] == 1), key=lambda x: -len(x))
            for name, some in forms.items()
        }
        """Of each series, its name and those ends of it that no other series shares.

        "Diplomatic Bluebook" is also "Bluebook"; "White Paper on Development Cooperation" is also "White Paper".
        """
        every = [
            _Form(name, form, tuple(map(_folded, form.split()))) for name, some in self.forms.items() for form in some
        ]
        self._longest_first = sorted(every, key=lambda one: -len(one.text))

    def spans(self, text: str) -> dict[str, list[Span]]:
        """Series named in the text, with the spans of their names; a name inside a longer one counts once."""
        folded = _folded(text)
        taken = bytearray(len(text))  # 1 for each character of a name
        found: dict[str, list[Span]] = {}
        for form in self._longest_first:
            # a pattern takes a hundred times longer to make than its words to be looked for
            if not all(word in folded for word in form.words):
                continue
            pattern = r"\s+".join(re.escape(word) for word in form.text.split())
            for match in re.finditer(rf"\b{pattern}s?\b", text, re.IGNORECASE):
                start, end = match.span()
                if 1 not in taken[start:end]:
                    taken[start:end] = b"\x01" * (end - start)
                    found.setdefault(form.series, []).append((start, end))
        return found


def _folded(text: str) -> str:
    """The text, character by character, alike wherever `re.IGNORECASE` takes one for the other.

    That is where their lower cases are the same, or have the same upper case ("i" and the Turkish "ı").
    """
    return text.upper() if text.isascii() else "".join(map(_folded_character, text))


def _folded_character(character: str) -> str:
    return character.lower()[0].upper()[0]


def _forms(name: str) -> set[str]:
    words = name.split()
    parts = {" ".join(words[i:]) for i in range(1, len(words))} | {" ".join(words[:i]) for i in range(1, len(words))}
    forms = {name} | {part for part in parts if _is_name(part)}
    owner, colon, own_name = name.partition(": ")  # "Ministry of Works: Annual Report"
    return forms | ({own_name} if colon and owner else set())


def _is_name(form: str) -> bool:
    """Whether a part of a series' name can stand for it: a kind of publication ("White Paper"), not just its topic."""
    words = form.split()
    return (
        _PUBLICATION.fullmatch(words[-1]) is not None
        and words[0].casefold() not in _GENERIC
        and (len(words) > 1 or len(words[0]) > 6)
    )
