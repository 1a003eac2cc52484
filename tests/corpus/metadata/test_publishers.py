"""The publisher of a text, wherever it is named."""

from __future__ import annotations

import pytest

from corpus.metadata.cover import read_cover
from corpus.metadata.publishers import is_named_organisation, publisher_in_imprint

FILLING = "The year brought many changes to the harbour. " * 30


@pytest.mark.parametrize(
    ("cover", "end", "publisher"),
    [
        ("# Our Harbour 2019", "Published by the Elm Bay Trust, Quay House. Printed in 2020.", "Elm Bay Trust"),
        (
            "# Hafenbuch 2019",
            "Impressum\n\nHerausgegeben von der Hafenbahn Olmen GmbH, Am Kai 3.",
            "Hafenbahn Olmen GmbH",
        ),
        (
            "# Le port 2019",
            "Éditeur : Ville de\nSaint-Orme, 1 place du Port. Impression : Le Quai.",
            "Ville de Saint-Orme",
        ),
        ("# El puerto 2019", "Edita: Federación de Puertos. Depósito legal: 1.", "Federación de Puertos"),
        ("# Our Harbour 2019", "Elm Bay Trust, 14, Quay Street, Elm Bay. Design: Plover.", "Elm Bay Trust"),
        ("# Our Harbour 2019", "© 2020 Elm Bay Harbour Trust. All rights reserved.", "Elm Bay Harbour Trust"),
        ("# Our Harbour 2019\n\nAnn Lee, Chair, Elm Bay Harbour Trust, Elm Bay", "", "Elm Bay Harbour Trust"),
        ("# Our Harbour 2019\n\nAnn Lee, Chief Executive, Elm Stores, Inc.", "", "Elm Stores, Inc."),
        ("# Le port 2019\n\n## Avant-propos\n\nAnne Lys, maire de Saint-Orme", "", "Saint-Orme"),
        ("# Annual Report 2019\n\nEBHT — Elm Bay Harbour Trust", "", "Elm Bay Harbour Trust"),
        ("# Our Harbour 2019\n\nLaid before the House under the Harbour Trust Act 1968", "", None),
        ("# Le port 2019", "Pour le Syndicat du port de Saint-Orme,", "Syndicat du port de Saint-Orme"),
        ("# Our Harbour 2019", "Signed: Ann Lee, Hon. Secretary, Elm Bay Credit Union", "Elm Bay Credit Union"),
        ("# Het jaar 2019", "Stichting De Haven · ANBI · druk: mei 2020", "Stichting De Haven"),
        ("# Hafenbuch 2019", "Beratungsstelle Nordhafen e. V., Am Kai 7", "Beratungsstelle Nordhafen e. V."),
        ("# Our Harbour 2019\n\nSubmitted to the Board of Commissioners", "", None),
        ("# Our Harbour 2019", "The Harbour Trust, founded in 1994, grew.", None),
        ("# Our Harbour 2019", "The Harbour Trust, which owns a building in the square, grew.", None),
        ("# Le port 2019", "Office des ports, rue du Quai, Varne", "Office des ports"),
        ("# Our Harbour 2019", "The auditors were Kell and Moor, of 5 Quay Street.", None),
        ("# Our Harbour 2019", "We thank all friends and the Harbour Trust, Quay Street 5.", None),
    ],
)
def test_a_publisher_is_named_in_an_imprint_a_letterhead_or_a_signature(
    cover: str, end: str, publisher: str | None
) -> None:
    assert read_cover(f"{cover}\n\n## Catch\n\n{FILLING}\n\n{end}\n").publisher == publisher


@pytest.mark.parametrize(
    ("foot", "publisher"),
    [
        ("Elm Bay Museum of Tides | 12 Kiln Avenue, Elm Bay | © 2024", "Elm Bay Museum of Tides"),
        ("© 2025 University of Elm Bay. Founded 1966.", "University of Elm Bay"),
        ("© Elm 2025 – Legal notice", None),
        ("Town hall, 1 Harbour Place. Open Monday to Friday.", None),
        ("© 2021 Ministry. All rights reserved", None),
    ],
)
def test_the_foot_of_a_page_may_name_the_publisher(foot: str, publisher: str | None) -> None:
    assert publisher_in_imprint(foot) == publisher


def test_a_motto_above_a_generic_title_is_not_its_owner() -> None:
    text = f"What drives us\n\nAnnual Report 2019\n\n{FILLING}\n\nPublished by the Elm Bay Harbour Trust.\n"
    cover = read_cover(text)
    assert (cover.series, cover.publisher) == ("Elm Bay Harbour Trust: Annual Report", "Elm Bay Harbour Trust")


def test_a_title_that_names_its_publisher_has_no_owner_in_front() -> None:
    cover = read_cover(f"ANNUAL REPORT OF THE BANK OF ELM\n\n2019-20\n\nBank of Elm\n\n{FILLING}\n")
    assert cover.series == "ANNUAL REPORT OF THE BANK OF ELM"


@pytest.mark.parametrize(
    ("author", "is_publisher"),
    [
        ("Elm Bay Harbour Trust", True),
        ("Tarn Valley Transit", True),
        ("Tarn Valley Airways", False),
        ("Jane Smith", False),
        ("python-docx", False),
        ("the harbour trust", False),
    ],
)
def test_the_author_of_a_file_is_the_publisher_if_it_is_an_organisation(author: str, is_publisher: bool) -> None:
    assert is_named_organisation(author, "Jane Smith wrote what Tarn Valley Transit found.") == is_publisher


def test_a_title_behind_a_name_may_name_the_publisher() -> None:
    assert read_cover("# Bells of Elm: Annual Report of the Carillon Trust 2019\n").publisher == "Carillon Trust"


@pytest.mark.parametrize(
    ("furniture", "publisher"),
    [
        (["Elm Bay Wildlife Hospital Ltd | 1 Fig Tree Lane"], "Elm Bay Wildlife Hospital Ltd"),
        (["Stichting De Haven – Postbus 88 – Elm", "2"], "Stichting De Haven"),
        (["Annual Report of the Trust | 12"], None),
        (["Elm Bay Wildlife Hospital cares for many | 3"], None),
    ],
)
def test_running_heads_may_name_the_publisher(furniture: list[str], publisher: str | None) -> None:
    assert read_cover(f"# Our Year 2019\n\n## Catch\n\n{FILLING}\n", furniture=furniture).publisher == publisher


@pytest.mark.parametrize("above", ["Fight the Bite!", "Figures, cases, advice", "Submitted to the Board of Trade"])
def test_a_motto_or_an_addressee_is_no_owner(above: str) -> None:
    assert read_cover(f"{above}\n\nANNUAL REPORT 2019\n\n{FILLING}\n").series == "ANNUAL REPORT"
