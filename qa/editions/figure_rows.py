"""Figures through several editions: chains of pairs between neighbours, and what each chain's figures are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.lexical.analysis import terms
from qa.editions.figure_pairs import Figure
from qa.editions.publication import Edition
from qa.editions.words import tokens


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A figure in an edition."""

    edition: Edition
    figure: Figure


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure through the editions that state it, in order. `what` says what it is, in words of the text."""

    what: str
    values: tuple[FigureValue, ...]
    relevance: float
    similarity: float

    @property
    def moved(self) -> bool:
        """Whether it is another amount somewhere."""
        return any(not a.figure.quantity.same_value(b.figure.quantity) for a, b in pairwise(self.values))


Links = Mapping[Figure, tuple[Figure, float]]
"""Figures of an edition, with their pairs in the next one and how sure these are."""


def rows(
    editions: Sequence[Edition],
    lists: Sequence[Sequence[Figure]],
    links: Sequence[Links],
    relevance: Sequence[Sequence[float]],
    language: str | None,
) -> list[FigureRow]:
    """Each chain of paired figures, the nearest to the topic first; `relevance` is that of each edition's sentences."""
    found: list[FigureRow] = []
    continued: set[Figure] = set()
    for at, edition in enumerate(editions[:-1]):
        for figure in lists[at]:
            if figure in continued or figure not in links[at]:
                continue
            values, sure = [FigureValue(edition, figure)], 1.0
            worth = [relevance[at][figure.at]]
            step = at
            while step < len(links) and values[-1].figure in links[step]:
                following, similarity = links[step][values[-1].figure]
                continued.add(following)
                values.append(FigureValue(editions[step + 1], following))
                worth.append(relevance[step + 1][following.at])
                sure = min(sure, similarity)
                step += 1
            what = _what([value.figure for value in values], language)
            found.append(FigureRow(what, tuple(values), round(sum(worth) / len(worth), 4), sure))
    return sorted(found, key=lambda row: (-row.relevance, -row.similarity, row.values[0].figure.start))


def _what(figures: Sequence[Figure], language: str | None) -> str:
    """What is counted in the newest edition, and the words around it that all share, in their order."""
    newest = figures[-1]
    shared = set.intersection(*(set(terms(figure.sentence.text, language)) for figure in figures))
    text, quantity = newest.sentence.text, newest.quantity
    begin, end = quantity.start, quantity.end
    counted = set(quantity.counted.split())
    kept: list[tuple[int, str]] = []
    nearest = sorted(tokens(text), key=lambda word: min(abs(word[1] - end), abs(begin - word[2])))
    for _, start, stop in nearest:
        word = text[start:stop]
        outside = not begin <= start < end and word not in counted and word.strip("“”\"'").isalpha()
        if outside and set(terms(word, language)) & shared:
            kept.append((start, word))
        if len(kept) == (3 if counted else 5):
            break
    around = " ".join(dict.fromkeys(word for _, word in sorted(kept)))
    if quantity.counted and around:
        return f"{quantity.counted} ({around})"
    return quantity.counted or around or quantity.text
