"""Which figure of a sentence a question about several editions asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.models.encoder import load
from qa.answering.figure_changes import chain_changes, chain_text
from qa.answering.library import Library
from tests.factories.libraries import library_of

YARD = """\
Harbour Yard: Annual Report {year}

1 Stores

The stores were worth €{worth} million at the end of {year}, including {rope} tonnes of rope.

2 People and money

The yard had {people} carpenters in {year} and a debt of €{debt}.4 million.

3 Boats

                      {before}     {year}
Boats built             {old}       {new}
Boats mended            {mended}       41
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    files = {
        f"yard-{year}.txt": YARD.format(
            year=year,
            worth=9 - at,
            rope=f"3{at}.5",
            people=45 + at,
            debt=5 + at,
            before=year - 1,
            old=14 + at,
            new=15 + at,
            mended=40 + at,
        )
        for at, year in enumerate((2018, 2019))
    }
    folder: Path = tmp_path_factory.mktemp("yard")
    return library_of(folder, files, encoder=load())


@pytest.mark.parametrize(
    ("asked", "chain"),
    [
        ("the rope in the stores", "2018: 30.5 tonnes; 2019: 31.5 tonnes"),
        ("the worth of the stores", "2018: €9 million; 2019: €8 million"),
        ("the number of carpenters", "2018: 45 carpenters; 2019: 46 carpenters"),
        ("the number of boats built", "2018: 15; 2019: 16"),
        ("the debt of the yard", "2018: €5.4 million; 2019: €6.4 million"),
    ],
)
def test_of_several_figures_of_a_sentence_the_one_asked_for_comes_first(
    library: Library, asked: str, chain: str
) -> None:
    answer = library.ask(f"How did {asked} change from 2018 to 2019?")
    assert chain_text(chain_changes(answer.changes)) == chain
