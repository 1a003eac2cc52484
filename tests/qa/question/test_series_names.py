"""Where a text names series: by whole names and by ends of names, in any case, each place once."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question import series_names
from qa.question.series_names import SeriesNames, _fold

NAMES = SeriesNames(["Maritime Bluebook", "Ministry of Works: Annual Report", "White Paper on Fisheries"])


def test_a_part_of_a_name_counts_only_if_no_other_series_shares_it() -> None:
    assert NAMES.forms["Maritime Bluebook"] == ["Maritime Bluebook", "Bluebook"]
    assert SeriesNames(["Maritime Bluebook", "Space Bluebook"]).forms["Maritime Bluebook"] == ["Maritime Bluebook"]


def test_a_generic_name_at_the_end_of_another_series_is_no_name_of_either() -> None:
    names = SeriesNames(["Harbour Board Annual Report", "Port of Aldby: Annual Report"])
    assert not names.find("The annual report counts 38 ships.")
    assert set(names.find("The Harbour Board Annual Report counts 38 ships.")) == {"Harbour Board Annual Report"}


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("The Annual Report of 2020 says so.", True),
        ("By the annual report, it is so.", True),
        ("It is so. Annual Report 2020 says it.", True),
        ("The Ministry of Works Annual Report 2020 says so.", True),
        ("The Works Annual Report says so.", True),
        ("The Annual Report of the Ministry says so.", True),
        ("In the Ministry's Annual Report it is so.", True),
        ("By Tornia's Annual Report, it is so.", False),
        ("The Bank of Tornia Annual Report 2020 says so.", False),
        ("By the Tornia Annual Report, it is so.", False),
        ("The Annual Report of the Bank says so.", False),
        ("Le Annual Report de la Banque le dit.", False),
    ],
)
def test_a_generic_name_inside_another_name_is_no_name_of_the_series(text: str, is_named: bool) -> None:
    assert ("Ministry of Works: Annual Report" in NAMES.find(text)) == is_named


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("The 2022 annual report says so.", True),
        ("The Port's 2022 annual report says so.", True),
        ("The annual report 2022 of the Port says so.", True),
        ("The Bank of Norland's 2022 annual report says so.", False),
        ("The Canal Port's Annual Report 2022 says so.", False),
        ("The Authority's 2022 annual report says so.", True),
        ("By the Bank of Norland's Annual Report 2022 it is so.", False),
        ("The Annual Report 2022 of the Bank says so.", False),
        ("It took two months from December 2022.", False),
    ],
)
def test_a_generic_word_beside_a_year_is_not_that_of_another_publisher(text: str, is_named: bool) -> None:
    titles = {"Port of Aldby: Annual Report": ["Annual Report, twelve months to December 2022"]}
    start = text.index("2022")
    found = SeriesNames(titles, titles).find_beside(text, [(start, start + 4)])
    named = {name for names, _, _ in found for name in names} | set(SeriesNames(titles, titles).find(text))
    assert bool(named) == is_named


@pytest.mark.parametrize(
    "text", ["港湾局年報によると", "港湾局の令和4年版年報では", "港湾局の2022年版年報では", "港湾局の年報では"]
)
def test_a_name_without_blanks_may_have_its_year_inside(text: str) -> None:
    assert set(SeriesNames(["港湾局年報", "水産白書"]).find(text)) == {"港湾局年報"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("港湾局の2019年報道によると", set()),
        ("港湾局の2019年報告書によると", set()),
        ("港湾局年報告書によると", set()),
        ("港湾の統計的手法とは", set()),
        ("港湾局の2019年報第2章によると", {"港湾局年報"}),
        ("港湾局年報等によると", {"港湾局年報"}),
        ("港湾の統計によると", {"港湾統計"}),
        ("港湾局2019年年報指出", {"港湾局年報"}),  # Chinese
    ],
)
def test_a_name_without_blanks_is_not_the_beginning_of_another_word(text: str, names: set[str]) -> None:
    assert set(SeriesNames(["港湾局年報", "港湾統計"]).find(text)) == names


def test_each_place_is_found_once_by_its_longest_name() -> None:
    text = "The maritime\n Bluebook, then the BLUEBOOKS (not the Bluebooked) and the Annual Report"
    assert {name: [text[start:end] for start, end in spans] for name, spans in NAMES.find(text).items()} == {
        "Maritime Bluebook": ["maritime\n Bluebook", "BLUEBOOKS"],
        "Ministry of Works: Annual Report": ["Annual Report"],
    }


def test_only_series_whose_words_occur_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern for each took a second a question."""
    many = SeriesNames(f"Company{number} Annual Report" for number in range(2000))
    tried: list[str] = []

    def finditer(pattern: str, text: str, flags: int) -> Iterator[re.Match[str]]:
        tried.append(pattern)
        return re.compile(pattern, flags).finditer(text)

    monkeypatch.setattr(
        series_names, "re", SimpleNamespace(finditer=finditer, escape=re.escape, IGNORECASE=re.IGNORECASE)
    )
    assert many.find("What does COMPANY17's report say, and Company1234 annual report?") == {
        "Company1234 Annual Report": [(38, 63)]
    }
    assert len(tried) < 10  # "Company1" occurs in the text, too


def test_characters_equal_under_ignorecase_fold_to_the_same() -> None:
    """Else a name would not be looked for where it stands."""
    cased = "".join(one for one in map(chr, range(sys.maxunicode + 1)) if one.lower() != one or one.upper() != one)
    assert len(_fold(cased)) == len(cased)
    unlike = [
        (one, other)
        for one in cased
        for other in re.findall(re.escape(one), cased, re.IGNORECASE)
        if _fold(one) != _fold(other)
    ]
    assert unlike == []


@given(st.text("ab Sſİıßς\n", max_size=30), st.sets(st.text("abSſİıßΣ ", min_size=1, max_size=6).filter(str.strip)))
def test_a_whole_name_is_matched_as_separate_words(text: str, names: set[str]) -> None:
    found = SeriesNames(names).find(text)
    taken = [span for spans in found.values() for span in spans]
    assert len({place for start, end in taken for place in range(start, end)}) == sum(e - s for s, e in taken)
    for name in names:
        pattern = r"\s+".join(map(re.escape, name.split()))
        for match in re.finditer(rf"\b{pattern}s?\b", text, re.IGNORECASE):
            assert any(start < match.end() and match.start() < end for start, end in taken)
