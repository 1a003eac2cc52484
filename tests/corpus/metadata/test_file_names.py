"""File names of a folder tell editions, series and parts: right in every naming habit, or unknown."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.metadata.file_names import NO_FACTS, NameFacts, infer_from_names
from tests.benchmarks.reading.metadata import judge_layout
from tests.factories.folder_layouts import FolderLayout, folder_layouts

LAYOUTS = list(folder_layouts())


def facts_of(*paths: str, folder: tuple[str, ...] = ()) -> list[NameFacts]:
    inferred = infer_from_names(map(PurePosixPath, paths), folder)
    return [inferred.get(PurePosixPath(path), NO_FACTS) for path in paths]


@pytest.mark.parametrize("layout", LAYOUTS, ids=[f"{layout.name}/{layout.files[0].path}" for layout in LAYOUTS])
def test_editions_and_series_of_a_folder_are_right(layout: FolderLayout) -> None:
    judged = judge_layout(layout)
    for field in ("edition", "series", "part", "title"):
        assert judged.share(field, "right") == 1, field
    assert judged.share("covers", "wrong") == 0
    if any(file.covers for file in layout.files):
        assert judged.share("covers", "right") == 1


@pytest.mark.parametrize(
    ("paths", "editions"),
    [
        (("1973_report.txt", "2011_report.txt"), [1973, 2011]),
        (("ar-fy16.pdf", "ar-fy17.pdf"), [2016, 2017]),
        (("FY2015-16.pdf", "FY2016-17.pdf"), [2016, 2017]),
        (("2015_2016.pdf", "2016_2017.pdf"), [2016, 2017]),
        (("aapl-20190928.htm", "aapl-20200926.htm"), [2019, 2020]),
        (("平成28年版.pdf", "令和元年版.pdf"), [2016, 2019]),
        (("Heisei 28.pdf", "Reiwa 2.pdf"), [2016, 2020]),
        (("report2016final.pdf", "report2017final.pdf"), [2016, 2017]),
        (("2016/2016-ch1.pdf", "2017/2017-ch1.pdf"), [2016, 2017]),
        (("boats-1934-10k-2016.txt", "boats-1934-10k-2017.txt"), [2016, 2017]),
        (("Statistical Yearbook 2016.pdf",), [2016]),
        # unknown rather than wrong
        (("history-of-1848.txt",), [None]),
        (("report-2016-on-2015.txt", "report-2017-on-2016.txt"), [None, None]),
        (("2016/survey-2015.txt", "2017/survey-2016.txt"), [None, None]),
        (("resolution-1973.txt", "resolution-2016.txt"), [None, None]),
        (("plan-2016-2030.txt", "plan-2020-2035.txt"), [None, None]),
        (("chapter-01.txt", "chapter-02.txt"), [None, None]),
        (("1790s.txt", "1800s.txt"), [None, None]),
        (("IMG_20.txt", "notes.txt"), [None, None]),
        (("H27.pdf", "H28.pdf"), [None, None]),
    ],
)
def test_the_edition_is_the_year_that_one_pattern_explains(paths: tuple[str, ...], editions: list[int | None]) -> None:
    assert [facts.edition for facts in facts_of(*paths)] == editions


@pytest.mark.parametrize(
    ("paths", "folder", "series"),
    [
        (("diplomatic-bluebook-2016.pdf", "diplomatic-bluebook-2020.pdf"), (), ["Diplomatic Bluebook"] * 2),
        (("2016.pdf", "2017.pdf"), ("docs", "trade_survey"), ["Trade Survey"] * 2),
        (("2016.pdf", "2017.pdf"), ("docs", "tmpab3x"), [None] * 2),
        (("2016.pdf", "2017.pdf"), ("docs", "Downloads"), [None] * 2),
        (("nbo-2016.txt", "shq-2016.txt", "nbo-2017.txt", "shq-2017.txt"), (), ["NBO", "SHQ"] * 2),
        (("nbo-2016.txt", "shq-2017.txt"), ("filings",), [None] * 2),  # two of one series, or one of each of two
        (("2016/trade.txt", "2016/fish.txt", "2017/trade.txt"), (), [None] * 3),  # topics or issuers
        (("令和3年版水産白書.txt", "令和4年版水産白書.txt"), (), ["水産白書"] * 2),
        (("annual-report-2016.pdf", "annual-report-2017.pdf"), ("acme",), ["Acme: Annual Report"] * 2),
        (
            ("grid-report-2021.md", "grid-report-2022.md", "ferry-report-2018.md", "ferry-report-2019.md"),
            (),
            ["Grid Report"] * 2 + ["Ferry Report"] * 2,
        ),
        (
            ("ames-address-2021.md", "ames-address-2022.md", "holt-address-2018.md", "holt-address-2019.md"),
            (),
            ["Address"] * 4,
        ),
    ],
)
def test_the_series_is_named_by_the_words_that_stay(
    paths: tuple[str, ...], folder: tuple[str, ...], series: list[str | None]
) -> None:
    assert [facts.series for facts in facts_of(*paths, folder=folder)] == series


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("art report", "Art Report"),
        ("tax-and-war-review", "Tax and War Review"),
        ("sea", "Sea"),
        ("cod and rye survey", "Cod and Rye Survey"),
        ("zee jaarboek", "Zee Jaarboek"),
        ("mer annuaire", "Mer Annuaire"),
        ("mar anuario", "Mar Anuario"),
        # initials
        ("imf report", "IMF Report"),
        ("who report", "WHO Report"),
        ("us survey", "US Survey"),
        ("nsa jahrbuch", "NSA Jahrbuch"),
        ("nbo", "NBO"),
        ("gao report", "GAO Report"),
        ("sec report", "SEC Report"),
        ("bis annual report", "BIS Annual Report"),
        ("bis jahresbericht", "BIS Jahresbericht"),
        ("mod accounts", "MOD Accounts"),
    ],
)
def test_a_short_word_of_the_language_is_no_abbreviation(name: str, series: str) -> None:
    facts = facts_of(f"{name} 2018.pdf", f"{name} 2019.pdf")
    assert {each.series for each in facts} == {series}


def test_speakers_are_labels_of_one_series() -> None:
    names = ["1789_Washington", "1797_Adams", "1801_Thomas_Jefferson", "1805_Thomas_Jefferson", "1809_Madison"]
    facts = facts_of(*(f"{name}.txt" for name in names), folder=("docs", "us_inaugural"))
    assert {each.series for each in facts} == {"US Inaugural"}
    assert [each.labels for each in facts][:3] == [("Washington",), ("Adams",), ("Thomas", "Jefferson")]


@pytest.mark.parametrize(
    ("series", "other"),
    [
        ("club-yearbook-2019 club-yearbook-2020 club-yearbook-2021 club-yearbook-2022", "harbour-2023"),
        ("Jahresbericht_2015 Jahresbericht_2016 Jahresbericht_2017", "mitglieder_2014 mitglieder_2017"),
        ("rapport-annuel-2001 rapport-annuel-2002 rapport-annuel-2003 rapport-annuel-2004", "discours-2000"),
    ],
)
def test_a_publication_beside_another_file_keeps_its_series(series: str, other: str) -> None:
    names = series.split()
    facts = facts_of(*(f"{name}.txt" for name in [*names, *other.split()]))
    assert len({one.series for one in facts[: len(names)]} - {None}) == 1
    assert all(one.labels == () for one in facts[: len(names)])
    assert facts[0].series not in {one.series for one in facts[len(names) :]}


def test_a_number_in_two_digits_is_only_a_possible_year() -> None:
    assert [(each.edition, each.possible_edition) for each in facts_of("ar16.pdf", "H28.pdf")] == [
        (None, 2016),
        (None, 2016),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Coach 12",
        "Sketch7",
        "Receipt 31",
        "Piano 14",
        "Kimono 9",
        "Husband 3",
        "Part industrial",
        "Script ix",
        "No 1234",
    ],
)
def test_the_end_of_a_word_or_a_long_number_names_no_part(name: str) -> None:
    assert facts_of(f"{name}.txt")[0].part is None


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("tides_ch12", "Chapter 12"),
        ("tides-2016ch3", "Chapter 3"),
        ("Tides Vol 4", "Volume 4"),
        ("Tides, Part IX", "Part IX"),
        ("tides nr 07", "No. 7"),
        ("TidesPart2", "Part 2"),
    ],
)
def test_a_part_is_named_by_a_word_of_its_own(name: str, part: str) -> None:
    assert facts_of(f"{name}.txt")[0].part == part


@pytest.mark.parametrize("name", ["the 2011 flood.txt", "Memories of 1848.txt"])
def test_the_year_of_an_event_is_no_possible_edition(name: str) -> None:
    assert facts_of(name) == [NO_FACTS]


@given(st.lists(st.text(st.sampled_from("ab/2016fy19ch3-_ 年平成元第章.()"), min_size=1, max_size=30), max_size=8))
def test_any_names_are_read(names: list[str]) -> None:
    paths = [path for name in names if (path := PurePosixPath(name.strip("/"))).name]
    for facts in infer_from_names(paths, ("docs", "2016")).values():
        assert facts.edition is None or 1000 <= facts.edition < 2200
