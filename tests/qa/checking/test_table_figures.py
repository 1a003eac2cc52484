"""Superlatives, sums and numbers of rows are compared with the whole table."""

from __future__ import annotations

import pytest

from tests.factories.claims import statuses

HEADER = "Depot | Drivers | Parcels | Delivery time (hours)"
ROWS = (
    "Alder | 41 | 77,300 | 19.5",
    "Birch | 28 | 91,600 | 26.0",
    "Cedar | 35 | 60,200 | 15.5",
    "Total | 104 | 229,100 | 20.8",
)


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("Birch had the most parcels, 91,600.", "agrees"),
        ("Alder had the most parcels, 77,300.", "differs"),
        ("Cedar had the fewest parcels, 60,200.", "agrees"),
        ("Alder had the fewest parcels, 77,300.", "differs"),
        ("Birch had the slowest delivery time, 26.0 hours.", "agrees"),
        ("Birch had the fastest delivery time, 26.0 hours.", "differs"),
        ("Cedar had the fastest delivery time, 15.5 hours.", "agrees"),
        ("Alder, the second largest depot, handled 77,300 parcels.", "agrees"),
        ("Alder, the oldest and largest depot of the county, had 77,300 parcels.", "agrees"),
    ],
)
def test_a_superlative_is_compared_with_the_other_rows(claim: str, status: str) -> None:
    assert statuses(claim, *ROWS, header=HEADER)[-1 if "second" in claim else 0] == status


@pytest.mark.parametrize(
    ("language", "claim", "rows", "header", "status"),
    [
        (
            "de",
            "Die Linie Nord hatte mit 310 die meisten Fahrten.",
            ("Linie Nord | 310", "Linie Ost | 455", "Linie West | 120"),
            "Linie | Fahrten",
            "differs",
        ),
        (
            "de",
            "Die Linie Ost hatte mit 455 die meisten Fahrten.",
            ("Linie Nord | 310", "Linie Ost | 455", "Linie West | 120"),
            "Linie | Fahrten",
            "agrees",
        ),
        (
            "fr",
            "Le quai Sud a la plus longue attente, 4,5 heures.",
            ("Quai Nord | 6,5", "Quai Sud | 4,5", "Quai Est | 9,1"),
            "Quai | Attente (heures)",
            "differs",
        ),
        (
            "es",
            "La sala Azul tiene el mayor aforo, 90 plazas.",
            ("Sala Azul | 90", "Sala Roja | 140", "Sala Gris | 60"),
            "Sala | Aforo (plazas)",
            "differs",
        ),
    ],
)
def test_superlatives_of_other_languages(
    language: str, claim: str, rows: tuple[str, ...], header: str, status: str
) -> None:
    assert statuses(claim, *rows, header=header, language=language) == [status]


PLATFORMS = ("Platform 7 | 1,340", "Platform 11 | 2,260", "Platform 14 | 985")


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("Platform 7 had 1,340 trains.", "agrees"),
        ("Platform 11 had 1,340 trains.", "differs"),
        ("Platform 14 had 2,260 trains.", "differs"),
    ],
)
def test_the_number_in_a_label_tells_rows_apart(claim: str, status: str) -> None:
    assert statuses(claim, *PLATFORMS, header="Platform | Trains")[-1] == status


LOANS = ("Novels | 512 | 498", "Maps | 61 | 77", "Scores | 204 | 190", "Total | 777 | 765")


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("Loans came to 498.", "differs"),
        ("Loans came to 765.", "agrees"),
        ("Novels came to 498 loans.", "agrees"),
        ("Maps were the second largest group with 77 loans.", "differs"),
        ("Scores were the second largest group with 190 loans.", "agrees"),
        ("The smallest number of loans, 190, was of scores.", "differs"),
        ("Maps were the sixth largest group with 77 loans.", "differs"),
    ],
)
def test_a_row_is_not_the_whole_and_has_its_rank(claim: str, status: str) -> None:
    assert statuses(claim, *LOANS, header="Loans of the library\nLoans | 2019 | 2020")[-1] == status
