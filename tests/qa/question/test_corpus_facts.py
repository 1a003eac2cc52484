"""What an index holds: what its series are called, which years nobody covers, and what filters leave."""

from __future__ import annotations

import pytest

from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import parse_filters
from tests.factories.hits import BLUE16, BLUE20, DOCUMENTS, FACTS, PAPER16, make_document


def test_documents_with_equal_series_edition_and_years_form_a_group() -> None:
    parts = CorpusFacts.of(
        [BLUE16, make_document("b16-2", series="Maritime Bluebook", edition=2016, covers=2015), BLUE20]
    )
    assert [[one.id for one in group.documents] for group in parts.groups] == [["b16", "b16-2"], ["b20"]]


def test_no_year_is_uncovered_that_a_document_may_cover() -> None:
    assert FACTS.uncovered_years([2015, 2017, 2019]) == [2017]
    edition_alone = CorpusFacts.of([*DOCUMENTS, make_document("u", edition=2018)])
    assert edition_alone.uncovered_years([2014, 2017, 2018, 2020]) == [2014, 2020]
    assert CorpusFacts.of([*DOCUMENTS, make_document("u")]).uncovered_years([2017]) == []
    assert CorpusFacts.of([]).uncovered_years([2017]) == []


def test_editions_are_those_of_the_series_asked_for_in_order() -> None:
    assert FACTS.editions_of(["Maritime Bluebook"]) == [2016, 2020]
    assert FACTS.editions_of([]) == [2016, 2020]
    assert FACTS.editions_of(["White Paper on Fisheries"]) == [2016]


def test_series_editions_and_covered_years_are_sorted() -> None:
    assert FACTS.series == {"Maritime Bluebook": [2016, 2020], "White Paper on Fisheries": [2016]}
    wide = CorpusFacts.of(
        [
            make_document("a", series="B", edition=2020, covers=2019),
            make_document("b", series="A", covers=2015),
            make_document("c", edition=2018),
        ]
    )
    assert (wide.series, wide.covered_years) == ({"A": [], "B": [2020]}, [2015, 2019])


def test_filtered_facts_have_their_own_counts() -> None:
    left = FACTS.filtered(parse_filters(edition=["2016"]))
    assert (list(left.documents), left.passages) == ([BLUE16, PAPER16], 2)
    assert FACTS.filtered(parse_filters()) is FACTS


OWNED = CorpusFacts.of(
    [
        make_document("bank", series="Central Bank of Tarvia: Annual Report", publisher="Central Bank of Tarvia"),
        make_document("clinic", series="Jahresbericht", publisher="Klinik Ahornbach", language="de"),
        make_document("roads", series="Verkehrsstatistik Ahornbach", language="de"),
        make_document("port", series="Harsund Port Statistics"),
        make_document("sky", series="年報", publisher="北浜地方気象台", language="ja"),
    ]
)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How much gold does the Central Bank of Tarvia hold?", {"Central Bank of Tarvia": {"bank"}}),
        ("How much gold does Tarvia hold?", {"Tarvia": {"bank"}}),
        ("What did the Bank earn?", {"Bank": {"bank"}}),
        ("Central Bank profits in 2020", {"Central Bank": {"bank"}}),
        ("What were Harsund's exports?", {"Harsund": {"port"}}),
        ("how much gold does the central bank of tarvia hold", {"central bank of tarvia": {"bank"}}),
        ("how much gold does a central bank hold", {}),
        ("Wie viele Betten hat die Klinik Ahornbach?", {"Klinik Ahornbach": {"clinic"}}),
        ("北浜地方気象台の職員は何人ですか", {"北浜地方気象台": {"sky"}}),
        # the beginning of a sentence, words in small letters, longer names, words of a German series
        ("Bank profits in 2020", {}),
        ("What did the bank say about port dues?", {}),
        ("What did the World Bank lend?", {}),
        ("Was sagt die Verkehrsstatistik?", {}),
    ],
)
def test_names_of_publishers_are_found_with_their_documents(question: str, names: dict[str, set[str]]) -> None:
    found = OWNED.document_names.find_owners(question)
    assert {question[start:end]: set(documents) for (start, end), documents in found.items()} == names


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("How many fish died, according to the fishery office?", {"the fishery office": {"peces"}}),
        ("Wie viele Fische starben laut Pesca-Behörde?", {"Pesca-Behörde": {"peces"}}),
        ("Ile ryb padło zgodnie z Pesca?", {"Pesca": {"peces"}}),
        ("How many fish died, according to the annual report?", {}),  # a kind of publication
        ("How many fish died, according to witnesses?", {}),
        ("How many fish died in the fishery?", {}),
    ],
)
def test_the_source_that_a_question_names_is_found_by_a_word_of_its_titles(
    question: str, source: dict[str, set[str]]
) -> None:
    titles = {"peces": "Oficina de Pesca y Fisher: Memoria", "port": "Port Report", "mint": "Mint Report"}
    facts = CorpusFacts.of([make_document(name, title=title) for name, title in titles.items()])
    named = facts.document_names.find(question)
    assert {name: set(documents) for name, documents in named.items()} == source
