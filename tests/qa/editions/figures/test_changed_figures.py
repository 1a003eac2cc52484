"""Which figure of a sentence a question about several editions asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.models.encoder import load
from qa.answering.compared_editions import chain_changes, chain_text
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


def test_a_change_of_something_else_is_not_composed(tmp_path: Path) -> None:
    """The body that publishes electricity prices was renamed: its reports are two series, and have no change."""
    bank = "Coast Bank: Annual Report {year}\n\n1 Prices\n\nConsumer prices rose by {rise} per cent on average.\n"
    energy = (
        "{body}: Annual Report {year}\n\n1 Electricity\n\nThe average household paid {price} pence for electricity.\n"
    )
    files = {
        f"bank-{year}.txt": bank.format(year=year, rise=rise) for year, rise in ((2018, "5.8"), (2019, "14.6"))
    } | {
        "energy-2018.txt": energy.format(body="Energy Board", year=2018, price="27.9"),
        "power-2019.txt": energy.format(body="Power Office", year=2019, price="39.4"),
    }
    library = library_of(tmp_path, files, encoder=load())
    asked = "How did the average price of electricity for a household change between 2018 and 2019?"
    assert library.ask(asked).changes == ()
    (change,) = library.ask("How did consumer prices change between 2018 and 2019?").changes
    assert (change.earlier.quantity.value, change.later.quantity.value) == (5.8, 14.6)
