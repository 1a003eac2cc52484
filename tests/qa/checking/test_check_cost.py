"""How the work of a check grows with the length of a draft, of a sentence of it, and of its source."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import accumulate, cycle, pairwise, product
from pathlib import Path
from random import Random

import pytest

from corpus.records import Document, Section
from qa.checking.draft import from_text
from qa.checking.figure_claims import _sections_named_after
from qa.checking.report import check_draft
from qa.editions.figures import sentence_figures
from qa.editions.figures.quantities import find_quantities
from tests.factories.libraries import library_of
from tests.factories.work import count_calls

GOODS = ("cod", "herring", "salt", "timber", "coal", "iron", "wheat", "barley")
_TITLE = "Port of Arvik Annual Report 2020"

LISTS: dict[str, Callable[[Random, str], str]] = {
    "amounts": lambda random, good: f"{random.randrange(100, 99999):,} tonnes of {good}",
    "equal amounts": lambda _, good: f"3 tonnes of {good}",
    "names": lambda random, _: f"{random.randrange(100, 99999):,} tonnes to {random.choice('ABCDEFG')}{'orwa' * 2}y",
    "brackets": lambda random, good: f"{random.randrange(100, 999)} tonnes of {good} (2019: {random.randrange(9, 99)})",
    "changes": lambda random, good: (
        f"{good} rose from {random.randrange(9, 99)} to {random.randrange(100, 9999)} tonnes"
    ),
    "parts": lambda random, good: (
        f"{random.randrange(100, 9999)} tonnes of {good}, {random.randrange(9, 99)} of them frozen"
    ),
    "negations": lambda random, good: f"{random.randrange(100, 99999):,} tonnes of {good} were not sold",
    "names of its own": lambda random, _: (
        f"{random.randrange(100, 99999):,} tonnes for {''.join(random.sample('BDFGKLMNPRSTVZ', 4)).title()}aro"
    ),
}
"""Items of a list in a sentence."""


def listed(item: Callable[[Random, str], str], size: int) -> str:
    random = Random(size)  # noqa: S311
    goods = cycle(GOODS)
    return ", ".join(item(random, next(goods)) for _ in range(size))


@pytest.mark.parametrize("kind", LISTS)
def test_the_figures_of_one_sentence_take_less_than_quadratic_work(kind: str, tmp_path: Path) -> None:
    """Each figure is compared with each of the source, but what is read of it is read once."""
    work: list[int] = []
    for size in (8, 24, 48):  # the first one reads what is read once
        sentence = f"the port landed {listed(LISTS[kind], size)}."
        library = library_of(
            tmp_path / str(size), {"arvik-2020.txt": f"{_TITLE}\n\n1. Traffic\n\n{sentence.title()}\n"}
        )
        draft = from_text(f"According to the {_TITLE}, {sentence}\n")
        work.append(count_calls(partial(check_draft, library, draft)))
        assert len(check_draft(library, draft).figures) >= size
    assert work[2] < 3.6 * work[1]


def test_sentences_without_a_source_do_not_read_the_figures_of_the_source_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counting(text: str, *arguments: object, **options: object) -> object:
        read.append(text)
        return find_quantities(text, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(sentence_figures, "find_quantities", counting)
    source = [f"In month {month} the port landed {month * 37 + 100} tonnes of cod." for month in range(1, 31)]
    library = library_of(tmp_path, {"arvik-2020.txt": "\n\n".join((_TITLE, "1. Traffic", *source))})
    claims = [f"The harbour master counted {31 * boat + 7} boats of the fleet." for boat in range(40)]
    report = check_draft(library, from_text("\n".join((f"The {_TITLE} has 137 tonnes of cod.", *claims))))
    assert len(report.unchecked_figures) + len(report.figures) > len(claims)
    assert len(read) <= len(claims) + len(source) + 10


def test_thousands_of_headings_are_searched_in_a_long_report_at_once() -> None:
    """Each heading was searched in the whole text once: with such a regression this test does not end."""
    names = ["".join(letters).title() for letters in product("bdfgkv", "aeiou", "lmnrst", "aeiou", "dkmn")]
    pieces = [f"{name}\n\nThe bay of {name} took 5 tonnes. {'It is deep. ' * 100}\n\n" for name in names]
    starts = list(accumulate(map(len, pieces), initial=0))
    outline = tuple(
        Section(name, "section", 0, None, start, start + len(name), end)
        for name, (start, end) in zip(names, pairwise(starts), strict=True)
    )
    document = Document(id="a", title="A", text="".join(pieces), outline=outline, sha256="", source="a.txt")
    assert len(_sections_named_after(document)) == len(names)
