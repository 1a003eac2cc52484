"""Titles of documents are found in a text, with the documents of the year beside them."""

from __future__ import annotations

import pytest

from qa.question.title_names import TitleNames
from tests.factories.hits import make_document

TITLES = {
    "Activities of the Harbour Board in 2019": 2020,
    "Activities of the Harbour Board in 2020": 2021,
    "Lagebericht, Geschäftsjahr 2019": 2020,
    "Lagebericht, Geschäftsjahr 2020": 2021,
    "Relación anual": 2019,
    "Annual Review 2019": 2019,
    "Canada 2019": 2019,
    "白浜市2019年度港湾統計年報": 2019,
    "白浜市2020年度港湾統計年報": 2020,
    "Catalogue 2018/19": 2018,
    "Catalogue of Charts 2018/19": 2018,
    "Catalogue of Charts 2019/20": 2019,
}


@pytest.fixture(scope="module")
def titles() -> TitleNames:
    return TitleNames(
        make_document(title, number=number, edition=edition) for number, (title, edition) in enumerate(TITLES.items())
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Activities of the Harbour Board in 2019 say so.", ["Activities of the Harbour Board in 2019"]),
        ("The Activities of the Harbour Board for 2020 say so.", ["Activities of the Harbour Board in 2020"]),
        ("By the 2020 Activities of the Harbour Board, it is so.", ["Activities of the Harbour Board in 2020"]),
        ("It is so (Activities of the Harbour Board, 2019).", ["Activities of the Harbour Board in 2019"]),
        ("Im Lagebericht 2019 steht es.", ["Lagebericht, Geschäftsjahr 2019"]),
        ("4. Im Lagebericht 2019 steht es.", ["Lagebericht, Geschäftsjahr 2019"]),
        ("Laut Lagebericht, Geschäftsjahr 2020, ist es so.", ["Lagebericht, Geschäftsjahr 2020"]),
        ("Der Lagebericht steht seit 2020 im Netz.", []),
        ("La relación anual de 2019 lo dice.", ["Relación anual"]),
        ("The Annual Review 2019 says so.", ["Annual Review 2019"]),
        ("The Annual Review says that in 2019 it was so.", []),
        ("The Bank's Annual Review 2019 says so.", []),
        ("The IMF Annual Review 2019 says so.", []),
        ("In Canada in 2019 it was so.", []),
        ("Canada 2019 was so.", []),
        ("白浜市2020年度港湾統計年報によると、そうである。", ["白浜市2020年度港湾統計年報"]),
        ("The Catalogue of Charts 2019/20 has it.", ["Catalogue of Charts 2019/20"]),
        ("Catalogue of Charts has it.", ["Catalogue of Charts 2018/19", "Catalogue of Charts 2019/20"]),
        ("A catalogue of charts has it.", []),
    ],
)
def test_a_title_names_the_documents_of_the_year_beside_it(titles: TitleNames, text: str, expected: list[str]) -> None:
    assert [document.title for mention in titles.find(text) for document in mention.documents] == expected


@pytest.mark.parametrize("covers", [None, (2018, 2019)])
@pytest.mark.parametrize("years", ["2018/19", "2018-19", "FY 2018/19", "2018/2019"])
def test_two_years_together_name_one_document(covers: tuple[int, int] | None, years: str) -> None:
    documents = [
        make_document("Accounts and Catch 2018", number=1, edition=2018, covers=covers and (2017, 2018)),
        make_document("Accounts and Catch 2019", number=2, edition=2019, covers=covers),
    ]
    (mention,) = TitleNames(documents).find(f"The Accounts and Catch {years} say so.")
    assert [document.edition for document in mention.documents] == [2019]


@pytest.mark.parametrize(
    ("text", "is_unknown"),
    [
        ("The Activities of the Harbour Board in 2012 say so.", [True]),
        ("Im Lagebericht 2012 steht es.", [True]),
        ("The Harbour Board in 2012 said so.", []),
    ],
)
def test_a_title_with_a_year_of_no_document_is_unknown(titles: TitleNames, text: str, is_unknown: list[bool]) -> None:
    assert [mention.is_unknown for mention in titles.find(text)] == is_unknown


def test_a_fiscal_year_is_not_the_one_beside_it(titles: TitleNames) -> None:
    (mention,) = titles.find("The Catalogue of Charts 2020/21 says so.")
    assert mention.is_unknown
