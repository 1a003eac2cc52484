"""Words, phrases and topics are counted per edition, whatever the script, and per 10,000 words."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answering.library import Library
from qa.errors import CompareError, EmptyQuestion
from qa.word_counts import MAX_TERMS, Term, count_words, find_word, parse_terms, select_editions
from tests.factories.libraries import library_of

TEXTS = {
    2016: "The whale swam. Whales and whaling: a rule\nof law. No rule of  Law, rules of lawyers. Norway's don’t.",
    2020: "whale-watching whale_tag 捕鯨は捕鯨船で行う。 Whale",
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with an edition of one document for each text, and a document without an edition."""
    files = {"undated.txt": "Some notes on the whale.\n", **{f"sea-{year}.txt": f"{t}\n" for year, t in TEXTS.items()}}
    tables = [f'[[document]]\nfile = "sea-{year}.txt"\nseries = "Sea"\nedition = {year}\n' for year in TEXTS]
    catalogue = "".join(['[[document]]\nfile = "undated.txt"\nseries = "Sea"\n', *tables])
    return library_of(tmp_path, {**files, "corpus.toml": catalogue})


@pytest.mark.parametrize(
    ("term", "counts"),
    [
        ("whale", (1, 2)),  # "whale_tag" is another word
        ("WHALE*", (2, 3)),  # whale, whales; whale-, whale_tag, whale
        ("whal*", (3, 3)),
        ("rule of law", (2, 0)),  # across line breaks and blanks, and not "rules of lawyers"
        ("Norway", (1, 0)),
        ("don't", (1, 0)),
        ("捕鯨", (0, 2)),
        ("鯨船", (0, 1)),
        ("(law", (0, 0)),
    ],
)
def test_a_word_is_counted_as_a_whole_word_in_any_case(library: Library, term: str, counts: tuple[int, int]) -> None:
    counted = count_words(library, [Term(term)], "Sea")
    assert tuple(value.count for value in counted.counts[Term(term)]) == counts
    assert counted.undated == 1


def test_a_rate_is_the_count_per_ten_thousand_words_of_the_edition(library: Library) -> None:
    counted = count_words(library, [Term("whale*")])
    # whale-watching is two words, whale_tag two, each Japanese character one: 2 + 2 + 9 + 1
    assert [length.words for length in counted.editions] == [19, 14]
    assert [value.rate for value in counted.counts[Term("whale*")]] == [10_000 * 2 / 19, 10_000 * 3 / 14]


def test_an_occurrence_is_the_span_of_the_term_in_the_text(library: Library) -> None:
    (first, _), _ = select_editions(library.index, "Sea")
    found = [
        library.index.document(place.document.id).text[place.start : place.end]
        for place in find_word(library.index, first, Term("rule of law"))
    ]
    assert [" ".join(text.split()) for text in found] == ["rule of law", "rule of Law"]


def test_terms_are_separated_by_commas_and_count_once() -> None:
    assert parse_terms(" whales,  rule of\tlaw , Whales, 捕鯨、鯨, *, ") == [
        Term("Whales"),
        Term("rule of law"),
        Term("捕鯨"),
        Term("鯨"),
    ]


def test_no_terms_too_many_and_an_unknown_series_are_refused(library: Library) -> None:
    with pytest.raises(EmptyQuestion):
        count_words(library, [])
    with pytest.raises(CompareError, match="at most 6"):
        count_words(library, [Term(str(number)) for number in range(MAX_TERMS + 1)])
    with pytest.raises(CompareError, match="no document of Land"):
        count_words(library, [Term("whale")], "Land")
