"""Whole comparisons of a topic: rows of tables, alternatives, and figures that count what the topic names."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.models.encoder import load
from qa.answering.library import Library
from qa.editions.topic_comparison import Comparison
from qa.editions.topic_words import TopicWords, split_alternatives
from tests.factories.libraries import library_of

LIGHTHOUSES = """\
# Skarn Lighthouse Service: Annual Report {year}

## Lamps

The service burned {oil} tonnes of lamp oil in {lamps} lamps. {oil_fault}

## Keepers

The service had {keepers} keepers, of whom {young} were under thirty. {accident} {depth}

## Rest house

Guests may stay for {nights} days. {guests}

## Fair

{fair}

## Accounts

The service closed the year with {result} crowns.
"""

FILES = {
    "skarn-2020.md": LIGHTHOUSES.format(
        year=2020, oil="41.5", lamps=66, oil_fault="Oil fever was not observed.", keepers=212, young=40,
        accident="Four keepers suffered frostbite.", depth="No cliff higher than 120 metres was climbed.", nights=14,
        guests="Breakfast is at seven.", fair="The summer fair brought 8,100 crowns.", result="a profit of 5,200",
    ),
    "skarn-2021.md": LIGHTHOUSES.format(
        year=2021, oil="38.2", lamps=64, oil_fault="A doctor could not confirm oil fever.", keepers=205, young=44,
        accident="One keeper, Anna Berg Holt, died of frostbite.", depth="No cliff higher than 95 metres was climbed.",
        nights=21, guests="Breakfast is at eight.", fair="No fair was held.", result="a loss of 3,900",
    ),
    "skarn-2022.md": LIGHTHOUSES.format(
        year=2022, oil="29.9", lamps=61, oil_fault="A doctor confirmed oil fever in March.", keepers=199, young=51,
        accident="Two keepers suffered frostbite.", depth="No cliff higher than 80 metres was climbed.", nights=10,
        guests="Breakfast is at seven.", fair="The autumn fair brought 9,450 crowns.", result="a profit of 7,700",
    ),
    "orchard-2020.csv": "Orchard Register 2020,,\nTree,Planted,Felled\nQuinces,410,36\nMedlars,95,12\n",
    "orchard-2021.csv": "Orchard Register 2021,,\nTree,Planted,Felled\nMedlars,88,17\nWalnuts,130,9\nQuinces,377,52\n",
    "corpus.toml": (
        '[[document]]\nfile = "skarn-2020.md"\nseries = "Skarn"\nedition = 2020\n'
        '[[document]]\nfile = "skarn-2021.md"\nseries = "Skarn"\nedition = 2021\n'
        '[[document]]\nfile = "skarn-2022.md"\nseries = "Skarn"\nedition = 2022\n'
        '[[document]]\nfile = "orchard-2020.csv"\nseries = "Orchard"\nedition = 2020\n'
        '[[document]]\nfile = "orchard-2021.csv"\nseries = "Orchard"\nedition = 2021\n'
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("lighthouses")
    return library_of(folder, FILES, encoder=load())


def treating(comparison: Comparison) -> set[str]:
    return {match.document.id for match in comparison.matches if match.treated}


def amounts(comparison: Comparison) -> list[str]:
    return [" → ".join(value.figure.quantity.text for value in row.values) for row in comparison.figures]


@pytest.mark.parametrize(
    ("topic", "documents"),
    [
        ("quinces felled", {"orchard-2020", "orchard-2021"}),
        ("walnuts planted", {"orchard-2021"}),
        ("felled medlars", {"orchard-2020", "orchard-2021"}),
        ("profit or loss", {"skarn-2020", "skarn-2021", "skarn-2022"}),
        ("deficit or loss", {"skarn-2021"}),
    ],
)
def test_rows_under_their_heads_and_alternatives_are_treated(library: Library, topic: str, documents: set[str]) -> None:
    assert treating(library.compare(topic)) >= documents
    assert {name.split("-")[0] for name in treating(library.compare(topic))} == {
        name.split("-")[0] for name in documents
    }


@pytest.mark.parametrize(
    ("topic", "alternatives"),
    [
        ("surplus or deficit", ["surplus", "deficit"]),
        ("lost gloves or hats", ["lost gloves", "lost hats"]),
        ("births, deaths or marriages in Rome", ["births in Rome", "deaths in Rome", "marriages in Rome"]),
        ("road accidents or train crashes", ["road accidents", "train crashes"]),
        ("Gewinn oder Verlust", ["Gewinn", "Verlust"]),
        ("excédent ou déficit", ["excédent", "déficit"]),
        ("superávit o déficit", ["superávit", "déficit"]),
        ("the harbour of Oran", []),
    ],
)
def test_words_beside_or_are_alternatives(topic: str, alternatives: list[str]) -> None:
    assert split_alternatives(topic) == alternatives


def test_a_row_has_a_topic_whose_words_are_in_its_label_and_above_it() -> None:
    words = TopicWords.of("quinces felled", "en", {}, 10)
    assert words.are_in_row("Quinces", "Tree | Planted | Felled")
    assert not words.are_in_row("Medlars", "Quinces | Felled")  # the row is of something else
    assert not words.are_in_row("Quinces", "Tree | Planted")


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("keepers", ["Four → Two", "212 → 205 → 199", "40 → 44 → 51"]),  # the age limit did not move
        ("quinces felled", ["36 → 52"]),  # not those planted
        ("quinces", ["410 → 377", "36 → 52"]),
        ("oil fever", []),  # tonnes of lamp oil are no fever
        ("climbed cliff", []),  # a limit that nothing exceeded
        ("frostbite", ["Four → Two"]),  # in 2021 one died
        ("how long guests may stay", ["14 → 21 → 10"]),
        ("fair", ["8,100 → 9,450"]),  # over the edition without one
    ],
)
def test_figures_count_what_the_topic_names(library: Library, topic: str, expected: list[str]) -> None:
    assert amounts(library.compare(topic)) == expected
