"""Documents as they are read from the records of an index."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.storage.reader import unify_series
from tests.factories.hits import make_document


@pytest.mark.parametrize(
    ("names", "unified"),
    [
        (["Port Trust: Annual Report", "PORT TRUST ANNUAL REPORT"], {"Port Trust: Annual Report"}),
        (["Port Trust Annual Report", "Port Trust: Annual Report"], {"Port Trust: Annual Report"}),
        (["Fact Book", "Fact book", "Fact book"], {"Fact book"}),
        (["PORT TRUST REPORT", "PORT TRUST REPORT", "Port Trust Report"], {"Port Trust Report"}),
        (["漁業白書", "漁業 白書"], {"漁業白書"}),
        (["Port Report", "Pier Report"], {"Port Report", "Pier Report"}),
        ([None, "Port Report"], {None, "Port Report"}),
    ],
)
def test_names_that_differ_in_capitals_and_punctuation_are_one_series(
    names: list[str | None], unified: set[str | None]
) -> None:
    documents = [make_document(str(number), series=name) for number, name in enumerate(names)]
    assert {document.series for document in unify_series(documents)} == unified


@pytest.mark.parametrize(
    ("origin", "title"), [("inferred", "Hafenamt Süd: Bericht 2015"), ("catalogue", "HAFENAMT SÜD: BERICHT 2015")]
)
def test_an_inferred_title_in_capitals_is_spelt_as_the_series(origin: str, title: str) -> None:
    capitals = make_document(
        "a", series="HAFENAMT SÜD: BERICHT", title="HAFENAMT SÜD: BERICHT 2015", origins={"title": origin}
    )
    other = make_document("b", series="Hafenamt Süd: Bericht", title="Hafenamt Süd: Bericht 2016")
    assert [document.title for document in unify_series([capitals, other])] == [title, other.title]
    assert [document.title for document in unify_series([capitals])] == [capitals.title]


def test_an_edition_without_a_publisher_has_that_of_the_others() -> None:
    named = make_document("a", series="Elm Land Registry Annual Report", publisher="Land Registry of Elm", edition=2020)
    unnamed = make_document("b", series="Land Registry of Elm: Annual Report", publisher=None, edition=2021)
    first, second = unify_series([named, unnamed])
    assert first.series == second.series == "Land Registry of Elm: Annual Report"
    assert (second.publisher, second.origins["publisher"]) == ("Land Registry of Elm", "inferred")
    generic = [replace(named, series="Annual Report"), replace(unnamed, series="Annual Report")]
    assert unify_series(generic)[1].publisher is None
