"""Names of series: a title without what changes every year, and the names that mean the same series."""

from __future__ import annotations

import pytest

from corpus.metadata.series import SeriesName, group_series, infer_series, publisher_in_title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Annual Report 2015", "2014 Annual Report"),
        ("Report for 2015-16", "Report for 2014/2015"),
        ("Annual Report 2015", "Annual Report 1999-2000"),
        ("The 2016 Yearbook of Tides", "Yearbook of Tides 2015"),
        ("Annual Report for the year ended 31 March 2018", "Annual Report for the Year Ended 31 March 2017"),
        ("FY2019 Annual Report", "Annual Report FY 2018"),
        ("Statistical Yearbook, 2012 Edition", "Statistical Yearbook: 2013 edition"),
        ("Atlas of Rivers, Second Edition, 2011", "Atlas of Rivers, Third Edition, 2014"),
        ("Bulletin of March 2015", "Bulletin of April 2016"),
        ("平成28年版 水産白書", "令和2年版 水産白書"),
        ("2016年版 水産白書", "水産白書 ２０１７"),
        ("Rapport annuel 2015", "Rapport annuel 2016"),
        ("Geschäftsbericht 2015/16", "Geschäftsbericht 2016/17"),
        ("White Paper on Trade (2016)", "White Paper on Trade (2017)"),
        ("Ninth Annual Report 2001", "The Twenty-First Annual Report 2013"),
        ("23rd Report 2016", "XXIV Report 2017"),
        ("9. Jahresbericht 2016", "Zehnter Jahresbericht 2017"),
        ("Vingt-troisième rapport annuel 2016", "24e rapport annuel 2017"),
        ("第23回年次報告 2016年", "第24回年次報告 2017年"),
        ("Bulletin No. 23, 2016", "Bulletin No. 24, 2017"),
        ("Minutes of the 9th Annual General Meeting 2016", "Minutes of the Tenth Annual General Meeting, 2017"),
        ("Proceedings of the Twenty-first Conference, 2001", "Proceedings of the XXII Conference, 2003"),
        ("Official Records, Sixty-first Session, 2006", "Official Records, Sixty-second Session, 2007"),
        ("Protokoll der 4. ordentlichen Hauptversammlung 2016", "Protokoll der 5. ordentlichen Hauptversammlung 2017"),
        ("Actes du 7e colloque, 2016", "Actes du huitième colloque, 2017"),
        ("Verbale della 3ª assemblea ordinaria 2016", "Verbale della 4ª assemblea ordinaria 2017"),
        ("港湾協会第61回総会議事録 2016年", "港湾協会第62回総会議事録 2017年"),
        ("Notes of the Tide Station, No. 7 (2016)", "Notes of the Tide Station, No. 8 (2017)"),
        ("Harbour Newsletter No. 119 – 2016", "Harbour Newsletter No. 123 – 2017"),
        ("Cahiers du port, n° 12, 2016", "Cahiers du port, n° 13, 2017"),
        ("Tide Notes Issue 4 2016", "Tide Notes Issue 5 2017"),
    ],
)
def test_titles_that_differ_only_in_the_year_are_one_series(one: str, other: str) -> None:
    assert infer_series(one) == infer_series(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Annual Report 2015", "Half-yearly Report 2015"),
        ("White Paper on Trade 2015", "White Paper on Fisheries 2015"),
        ("Report on Act 12 of 2004, 2015", "Report on Act 13 of 2004, 2015"),
        ("First Nations Yearbook 2015", "Second Nations Yearbook 2015"),
        ("Convention No. 87 Report 2015", "Convention No. 105 Report 2015"),
        ("Report on Convention No. 87, 2015", "Report on Convention No. 105, 2015"),
        ("Report of the Second Committee 2015", "Report of the Third Committee 2015"),
        ("Inspection: Pit No. 3, 2015", "Inspection: Pit No. 4, 2015"),
        ("Survey of the Third Sector 2015", "Survey of the Second Sector 2015"),
    ],
)
def test_titles_that_differ_in_more_are_two_series(one: str, other: str) -> None:
    assert infer_series(one) != infer_series(other)


@pytest.mark.parametrize(
    ("title", "series"),
    [
        ("Annual Report – season 2015/16", "Annual Report"),
        ("Jahresbericht – Spielzeit 2015/16", "Jahresbericht"),
        ("Memoria, temporada 2015-2016", "Memoria"),
        ("Season Review 2015", "Season Review"),
        ("Report on the Oyster Season 2015", "Report on the Oyster Season"),
        ("March of Dimes Annual Report 2019", "March of Dimes Annual Report"),
        ("May & Baker Annual Report 2019", "May & Baker Annual Report"),
        ("Monthly Bulletin, March 2019", "Monthly Bulletin"),
        ("Harvest Report: July-December 2019", "Harvest Report"),
        ("Annual Report for the year ended 31 March 2019", "Annual Report"),
    ],
)
def test_a_series_has_no_noun_apart_from_it_that_its_year_leaves(title: str, series: str) -> None:
    assert infer_series(title) == series


@pytest.mark.parametrize("title", ["2015", "2015-16", "", "FY 2015", "12 March 2015"])
def test_a_title_that_is_only_a_date_has_no_series(title: str) -> None:
    assert infer_series(title) is None


def test_a_series_keeps_numbers_that_are_no_years() -> None:
    assert infer_series("Route 66 Review 2015") == "Route 66 Review"


@pytest.mark.parametrize("separator", [": ", " – ", " - "])
def test_a_subtitle_behind_the_year_is_no_part_of_a_series_of_its_own_name(separator: str) -> None:
    assert infer_series(f"World Harbour Report 2016{separator}Fish for All") == "World Harbour Report"
    assert infer_series(f"Annual Report 2016{separator}Acme Works") != "Annual Report"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jahrbuch der Häfen, 12. Jahrgang, 2004", "Jahrbuch der Häfen, 13. Jahrgang, 2005"),
        ("Annuario del porto, vol. XIV, 2003", "Annuario del porto, vol. XV, 2004"),
        ("Bulletin des quais (9e année), 2011", "Bulletin des quais (10e année), 2012"),
        ("Havenjaarboek, jaargang 7, 2006", "Havenjaarboek, jaargang 8, 2007"),
        ("Register of Pilots, 2010–2012 triennial edition", "Register of Pilots, 2013–2015 triennial edition"),
        ("漁港年報 2012（2011年の実績）", "漁港年報 2013（2012年の実績）"),
        ("Yearbook of Ports 2014 (2013 data)", "Yearbook of Ports 2015 (data for 2014)"),
    ],
)
def test_volumes_and_years_described_are_no_part_of_a_series(one: str, other: str) -> None:
    assert infer_series(one) == infer_series(other) is not None


@pytest.mark.parametrize("blank", [" ", "\t", "\u3000", "\n "])
def test_a_title_of_many_blanks_ends(blank: str) -> None:
    """The time was quadratic once: with such a regression this test does not end."""
    assert infer_series("Annual Report" + 400_000 * blank + "2015") == "Annual Report"


@pytest.mark.parametrize(
    ("title", "series"),
    [
        ("Special Edition of the Atlas 2015", "Atlas"),
        ("Jubilee Edition of Tide Notes 2015", "Tide Notes"),
        ("The Annual Edition of the Atlas, 2015", "Atlas"),
        ("2015 Edition of the Atlas", "Atlas"),
        ("Atlas, Special Edition 2015", "Atlas"),
    ],
)
def test_an_edition_is_no_part_of_the_series_that_it_is_of(title: str, series: str) -> None:
    assert infer_series(title) == series


@pytest.mark.parametrize(
    ("titles", "series"),
    [
        (
            (
                "Minutes of the 31st Annual Conference, Guild Hall, Elm Bay, 3–6 May 2017",
                "Minutes of the 32nd Annual Conference, Corn Exchange, Upper Dale, 30 April – 2 May 2018",
                "Minutes of the Annual Conference held at Elm Bay on May 2-5, 2019",
            ),
            "Minutes of the Annual Conference",
        ),
        (
            (
                "Bericht an den 14. Verbandstag, Kongresshalle Olmen, 3. bis 6. Mai 2017",
                "Bericht an den 15. Verbandstag in Unterweiler, 9. Mai 2018",
            ),
            "Bericht an den Verbandstag",
        ),
        (
            (
                "Actas del XII Congreso de Mareas, Vigara, 3 al 6 de mayo de 2017",
                "Actas del XIII Congreso de Mareas (Altea, 9 de mayo de 2018)",
            ),
            "Actas del Congreso de Mareas",
        ),
    ],
)
def test_place_and_days_of_a_meeting_are_no_part_of_a_series(titles: tuple[str, ...], series: str) -> None:
    assert {infer_series(title) for title in titles} == {series}


@pytest.mark.parametrize(
    ("title", "series"),
    [
        ("Annual Report 2015 | Larkmead", "Larkmead: Annual Report"),
        ("Jahresbericht 2015 – Stadtwerke Olmen", "Stadtwerke Olmen: Jahresbericht"),
        ("World Tides Report 2015 | Larkmead", "World Tides Report | Larkmead"),
    ],
)
def test_the_owner_at_the_end_of_a_generic_title_is_its_owner_in_front(title: str, series: str) -> None:
    assert infer_series(title) == series


@pytest.mark.parametrize(
    ("series", "publisher"),
    [
        ("Land Registry of Elm – Annual Report and Accounts", "Land Registry of Elm"),
        ("Larkmead: Jahresbericht", "Larkmead"),
        ("Elm Council Annual Report", "Elm Council"),
        ("Annual Report of the Elm Council", "Elm Council"),
        ("Rapport annuel de la Fédération des écluses", "Fédération des écluses"),
        ("Informe anual del Ayuntamiento de Olmos", "Ayuntamiento de Olmos"),
        ("Women and work – Annual Report", None),
        ("Annual Report – Opening Doors", None),
        ("Annual Report of Activities", None),
        ("Tide Tables Annual Report", None),
        ("Review of Museums – Annual Report", None),
        (None, None),
    ],
)
def test_the_publisher_in_a_title_is_beside_a_generic_one(series: str | None, publisher: str | None) -> None:
    assert publisher_in_title(series) == publisher


def _named(name: str, *editions: int, publisher: str | None = None, is_declared: bool = False) -> SeriesName:
    publishers = frozenset() if publisher is None else frozenset({publisher})
    return SeriesName(name, frozenset(editions), publishers, is_declared)


@pytest.mark.parametrize(
    "names",
    [
        [_named("Land Registry of Elm: Annual Report"), _named("Elm Land Registry Annual Report")],
        [_named("Larkmead: Annual Report", 2020), _named("Larkmead: Annual Report and Accounts", 2021)],
        [_named("Larkmead: Annual Review", 2020), _named("Larkmead: Annual Report", 2021)],
        [
            _named("FDE – Rapport annuel", 2020),
            _named("Rapport annuel", 2021, publisher="Fédération des écluses (FDE)"),
        ],
        [
            _named("ABC: Annual Report", 2020),
            _named("Annual Report", 2021, publisher="Authority for Bridges and Culverts"),
        ],
        [
            _named("Elm Annual Report", 2020, publisher="Port of Elm"),
            _named("Port of Elm: Annual Report", 2021, publisher="Port of Elm"),
        ],
        [_named("Jahrbuch des Hafens Olmen"), _named("Hafens Olmen Jahrbuch")],
        [
            _named("ANNUAL OPERATIONS REPORT", 2021, publisher="Flood Control District"),
            _named("Annual Report of Operations", 2020, publisher="Elm Bay Flood Control District"),
        ],
        [
            _named("Jaarbericht", 2022, publisher="Stichting De Haven"),
            _named("Jaarverslag", 2021, publisher="Stichting De Haven"),
        ],
    ],
)
def test_titles_worded_differently_name_one_series(names: list[SeriesName]) -> None:
    assert group_series(names) == [sorted(names, key=lambda each: each.name)]


@pytest.mark.parametrize(
    "names",
    [
        [_named("Larkmead: Annual Report", 2020, 2021), _named("Larkmead: Annual Report and Accounts", 2021)],
        [_named("Larkmead: Annual Report", 2020), _named("Larkmead: Sustainability Report", 2021)],
        [_named("Larkmead: Annual Report", 2020), _named("Larkmead: Annual Accounts", 2021)],
        [_named("Larkmead: Annual Report", 2020), _named("Thornbeck: Annual Report", 2021)],
        [_named("Annual Report", 2020), _named("Annual Review", 2021)],
        [_named("Annual Report", 2020, publisher="Port A"), _named("Annual Review", 2021, publisher="Port B")],
        [_named("Elm Register of Pilots", 2020), _named("Elm Pilots Yearbook", 2021)],
        [_named("Budget", 2020, publisher="Elm Council"), _named("Budget Speech", 2021, publisher="Elm Council")],
        [_named("Elm Land Registry Annual Report", is_declared=True), _named("Land Registry of Elm: Annual Report")],
        [
            _named("ABC: Annual Report", 2020),
            _named("Annual Report", 2021, publisher="Authority for Bridges and Culverts"),
            _named("Annual Review", 2021, publisher="Agency of Black Coast"),
        ],
    ],
)
def test_other_works_and_parallel_publications_are_other_series(names: list[SeriesName]) -> None:
    assert [len(group) for group in group_series(names)] == [1] * len(names)
