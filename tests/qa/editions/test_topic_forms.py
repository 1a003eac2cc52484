"""Topics in another form than in the texts: compounds, heads of tables, parallel sentences, other languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.models.encoder import load
from qa.answering.library import Library
from tests.factories.libraries import library_of

HOSPITAL = """\
# Klinikum Brenning: Jahresbericht {year}

## Patienten

Die Ärzte behandelten {patients} Patienten. {waiting}

## Haushalt

{budget}

## Küche

Die Küche kochte täglich 900 Mahlzeiten. Das Essen wurde gelobt.
"""

AIRPORT = """\
# Selby Airport: Annual Report {year}

## Passengers

{complaints}

| Airline | Flights | Punctuality rate (%) |
|---|---|---|
| Northair | {flights} | 88.1 |
| Coastline | 1,204 | 91.5 |

## Safety

The fire brigade practised {drills} times with foam. {birds}

## Rent

The gift shop pays no rent.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("forms")
    files = {
        "klinik-2020.md": HOSPITAL.format(
            year=2020,
            patients="18.400",
            waiting="Die Wartezeit betrug 31 Tage.",
            budget="Eine Senkung der Kosten gelang nicht. Die Spender gaben den Ärzten ein Gerät.",
        ),
        "klinik-2021.md": HOSPITAL.format(
            year=2021,
            patients="19.100",
            waiting="Die Zeit des Wartens betrug 29 Tage.",
            budget="Die Kostensenkung gelang erst im Herbst.",
        ),
        "airport-2020.md": AIRPORT.format(
            year=2020,
            complaints="The punctuality rate of flights was a matter of many complaints.",
            flights="3,310",
            drills=41,
            birds="Wardens drove away 612 flocks of gulls from the runway before the take-off of a plane.",
        ),
        "airport-2021.md": AIRPORT.format(
            year=2021,
            complaints="Passengers wrote 96 letters.",
            flights="3,422",
            drills=38,
            birds="Wardens drove away 745 flocks of gulls from the runway before the take-off of a plane.",
        ),
    }
    return library_of(folder, files, encoder=load())


def states(library: Library, topic: str, series: str) -> dict[int | None, str]:
    """Return the state of each edition of the series with these letters in its name."""
    comparison = library.compare(topic)
    return {match.edition.year: match.state for match in comparison.matches if series in (match.edition.series or "")}


@pytest.mark.parametrize("topic", ["Kostensenkung", "Senkung der Kosten", "Kosten Senkung", "Senkung Kosten"])
def test_a_compound_is_treated_where_its_parts_are_and_the_reverse(library: Library, topic: str) -> None:
    assert states(library, topic, "Klinikum") == {2020: "treats", 2021: "treats"}


@pytest.mark.parametrize("topic", ["Patienten Ärzte", "Ärzte Patienten"])
def test_two_german_nouns_are_treated_in_any_order(library: Library, topic: str) -> None:
    assert states(library, topic, "Klinikum") == {2020: "treats", 2021: "treats"}


def test_parts_of_different_sentences_are_no_compound(library: Library) -> None:
    assert "treats" not in states(library, "Mahlzeitenlob", "Klinikum").values()
    assert "treats" not in states(library, "Küchenspender", "Klinikum").values()


def test_the_head_of_a_column_treats_a_topic_of_an_aligned_section(library: Library) -> None:
    assert states(library, "punctuality rate of flights", "Selby") == {2020: "treats", 2021: "treats"}


def test_a_word_of_another_language_is_no_word_with_the_same_stem(library: Library) -> None:
    assert "treats" not in states(library, "Rente", "Selby").values()


TOWN = "# Town Report {year}\n\nThe council met twelve times.\n\n{text}\n\nThe harbour was dredged.\n"


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Library:
    texts = {
        2015: "A private company built the mall, and private cars may park there.",
        2016: "Citizens complained that cameras invade their private lives and watch their homes.",
        2017: "The privacy of the citizens is protected by a rule on cameras.",
        2018: "Too many unemployed people still look for work in the town.",
        2019: "The Hizballah militia was named in a letter to the mayor.",
        2020: "The Hezbollah militia was named again.",
    }
    files = {f"town-{year}.md": TOWN.format(year=year, text=text) for year, text in texts.items()}
    return library_of(tmp_path_factory.mktemp("towns"), files, encoder=load())


@pytest.mark.parametrize(
    ("topic", "treated"),
    [
        ("privacy", {2016, 2017}),  # "private" only in a sentence about it
        ("joblessness", {2018}),
        ("Hezbollah", {2019, 2020}),  # the name is in a foreign word list, and has another spelling
    ],
)
def test_words_of_a_family_and_near_synonyms_need_a_related_sentence(
    topic: str, treated: set[int], towns: Library
) -> None:
    assert {match.edition.year for match in towns.compare(topic).matches if match.treated} == treated


THINGS = "bridge harbour library tramway lighthouse market museum park theatre quay".split()
WORKS = ["painted green", "closed for two months", "repaired in autumn", "inspected by the council"]


@pytest.mark.parametrize(("topic", "treated"), [("Kinderbetreuung", {2023}), ("Pferderennen", set[int]())])
def test_among_many_sentences_one_stands_out_for_a_topic_in_another_language(
    topic: str, treated: set[int], tmp_path: Path
) -> None:
    usual = " ".join(f"The {thing} of the town was {work}." for thing in THINGS for work in WORKS)
    files = {
        f"town-{year}.md": TOWN.format(
            year=year, text=usual + (" Child care was opened for young children in May." if year == 2023 else "")
        )
        for year in range(2019, 2025)
    }
    library = library_of(tmp_path, files, encoder=load())
    assert {match.edition.year for match in library.compare(topic).matches if match.treated} == treated


CASTLE = {
    2020: "## Visitas\n\nEl castillo recibió 41.000 visitantes. Las entradas costaron seis euros.\n\n## Obras\n\n"
    "Se restauró la torre norte con piedra de la comarca. Los murciélagos viven en la bodega del castillo.\n\n"
    "## Personal\n\nTrabajaron doce guías y dos jardineros. La cafetería abrió todos los días.",
    2021: "## Visitas\n\nEl castillo recibió 12.000 visitantes. Las entradas costaron siete euros.\n\n## Obras\n\n"
    "Un rayo dañó el tejado de la capilla. La biblioteca del conde fue digitalizada.\n\n"
    "## Personal\n\nTrabajaron nueve guías y un jardinero. Los empleados hicieron huelga en mayo.",
}


@pytest.fixture(scope="module")
def castle(tmp_path_factory: pytest.TempPathFactory) -> Library:
    files = {f"castillo-{year}.md": f"# Castillo de Arén: Memoria {year}\n\n{text}\n" for year, text in CASTLE.items()}
    return library_of(tmp_path_factory.mktemp("castle"), files, encoder=load())


@pytest.mark.parametrize(
    ("topic", "treated"),
    [
        ("visitors", {2020, 2021}),
        ("ticket prices", {2020, 2021}),
        ("Eintrittspreise", {2020, 2021}),
        ("図書館", {2021}),
        ("grève", {2021}),
        ("whaling", set[int]()),
        ("nuclear weapons", set[int]()),
        ("Steuern", set[int]()),
        ("原子力", set[int]()),
    ],
)
def test_a_topic_in_another_language_is_found_by_meaning_and_never_denied(
    topic: str, treated: set[int], castle: Library
) -> None:
    comparison = castle.compare(topic)
    assert {match.edition.year for match in comparison.matches if match.treated} == treated
    assert {match.state for match in comparison.matches if not match.treated} <= {"nothing_found"}
    assert len([notice for notice in comparison.notices if "another language than Castillo" in notice]) == 1
