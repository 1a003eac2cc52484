"""A statement names works by parts of the names of their publishers."""

from __future__ import annotations

import pytest

from qa.question.work_names import WorkNames, about_periods, of_editions
from tests.factories.hits import make_document

PIER = "Northern Pier and Harbour Commission: Annual Report"
HERDS = "Staatlicher Herdbuchverband Moorland e. V. – Jahresbericht"
CHOIR = "Chorale municipale de Brenne – Rapport d’activité"
SNOW = "Ostrava Avalanche Institute: Snow Review"
FERRY = "Tern Island Ferry Commission: Annual Report"


@pytest.fixture(scope="module")
def names() -> WorkNames:
    return WorkNames(
        [
            make_document(f"{series} {year}", number=2 * at + year - 2022, series=series, edition=year)
            for at, series in enumerate((PIER, HERDS, CHOIR, SNOW, FERRY))
            for year in (2022, 2023)
        ]
    )


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("The Pier and Harbour Commission's report shows 61 ships.", {PIER}),
        ("61 ships called, says the harbour commission's 2023 report.", {PIER}),
        ("At the Northern Pier 61 ships called, the commission's annual report says.", {PIER}),
        ("At the Northern Pier 61 ships called, its report says.", {PIER}),
        ("The Tern Island report counts 61 crossings.", {FERRY}),
        ("Laut Jahresbericht des Staatlichen Herdbuchverbands Moorland sind es 61.", {HERDS}),
        ("The 2022 report of the Herdbuchverband Moorland has 61 herds.", {HERDS}),
        ("Selon le rapport 2022 de la Chorale municipale de Brenne, 61 concerts ont eu lieu.", {CHOIR}),
        ("The Chorale municipale de Brenne gave 61 concerts, its 2022 report says.", {CHOIR}),
        ("The institute's review for 2023 counts 61 avalanches near Ostrava.", {SNOW}),
    ],
)
def test_the_words_beside_a_work_name_its_publisher(names: WorkNames, text: str, series: set[str]) -> None:
    documents = [each for work in names.find(text) for each in names.documents_of(work, text) or ()]
    assert {document.series for document in documents} == series


@pytest.mark.parametrize(
    "text",
    [
        "The commission's report counts 61 ships.",  # two commissions
        "Its report counts 61 ships.",
        "A police report counts 61 ships.",
        "That accounts for 61 ships.",
    ],
)
def test_a_work_of_anybody_is_that_of_nobody(names: WorkNames, text: str) -> None:
    assert not [each for work in names.find(text) for each in names.documents_of(work, text) or ()]


@pytest.mark.parametrize(
    "text",
    ["The Lakeside Council's 2022 report counts 61 ships.", "Laut Jahresbericht 2022 der Oper Lindau sind es 61."],
)
def test_another_publisher_is_known_to_be_another(names: WorkNames, text: str) -> None:
    (work,) = names.find(text)
    assert names.documents_of(work, text) is None


def test_a_work_without_a_publisher_is_that_of_the_source_named_before(names: WorkNames) -> None:
    text = "Its 2023 report counts 61 ships."
    (work,) = names.find(text)
    before = [make_document("Snow Review 2022", number=90, series=SNOW, edition=2022)]
    assert {each.series for each in names.documents_of(work, text, before) or ()} == {SNOW}


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("the Ferry Commission's 2021/22 and 2022/23 reports", {(2021, 2022), (2022, 2023)}),
        ("reports 2021 and 2022 of the Ferry Commission", {(2021, 2021), (2022, 2022)}),
        ("the Ferry Commission's Annual Report, Fiscal Year 2023", {(2023, 2023)}),
        ("den Jahresberichten 2021 und 2022 des Herdbuchverbands", {(2021, 2021), (2022, 2022)}),
        ("rapport d'activité, saison 2021-2022", {(2021, 2022)}),
        ("in 2021, says the Ferry Commission's report", set()),
    ],
)
def test_years_beside_a_work_are_those_of_its_editions(
    names: WorkNames, text: str, periods: set[tuple[int, int]]
) -> None:
    assert {period for work in names.find(text) for period in work.periods} == periods


def test_a_fiscal_year_is_that_of_the_edition_that_covers_it() -> None:
    editions = [
        make_document(f"Report {year}", number=year, edition=year, covers=(year - 1, year)) for year in (2022, 2023)
    ]
    assert [each.edition for each in of_editions(editions, [(2021, 2022)])] == [2022]
    assert [each.edition for each in about_periods(editions, [(2022, 2023)])] == [2023]
    assert [each.edition for each in about_periods(editions, [(2022, 2022)])] == [2022, 2023]


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("61 ships called, the Pier and Harbour Commission says.", {PIER}),
        ("According to the Avalanche Institute there were 61 slides.", {SNOW}),
        ("There were 61 slides, the Avalanche Institute notes.", {SNOW}),
        ("Enligt Avalanche Institute var de 61.", {SNOW}),
        ("Es gab 61 Herden, so der Herdbuchverband Moorland.", {HERDS}),
        ("Der Herdbuchverband Moorland meldet 61 Herden.", {HERDS}),
        ("Selon la Chorale de Brenne, 61 concerts ont eu lieu.", {CHOIR}),
        ("According to the ministry there were 61 slides.", set()),
        ("The commission says that 61 ships called.", set()),  # two commissions
    ],
)
def test_who_says_something_is_found_by_some_words_of_its_name(names: WorkNames, text: str, series: set[str]) -> None:
    documents = [each for speaker in names.find_speakers(text) for each in names.documents_of(speaker, text) or ()]
    assert {document.series for document in documents} == series
