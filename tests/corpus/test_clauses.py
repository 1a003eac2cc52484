"""Words that structure sentences are found in several languages, and in no other role."""

from __future__ import annotations

import re

import pytest

from corpus.clauses import CLEAR_CONJUNCTION, CONJUNCTION, DETERMINER, NEGATIONS, OF, OF_THEM, OF_WHICH, THAN


@pytest.mark.parametrize(
    "between",
    [
        "of",
        "out of the",
        "of their",
        "der",
        "von den",
        "vom",
        "des",
        "du",
        "de los",
        "dei",
        "degli",
        "das",
        "van de",
        "av",
    ],
)
def test_words_between_a_part_and_its_whole(between: str) -> None:
    assert re.fullmatch(rf"{OF}(?:\s+{DETERMINER})?", between, re.IGNORECASE) is not None


@pytest.mark.parametrize("between", ["in", "from the", "auf", "bis zu den", "à", "sur", "do", "e", "than", "per"])
def test_other_words_between_two_amounts(between: str) -> None:
    assert re.fullmatch(rf"{OF}(?:\s+{DETERMINER})?", between, re.IGNORECASE) is None


@pytest.mark.parametrize(
    "text",
    [
        "52 of them",
        "52 von ihnen",
        "52 d’entre eux",
        "52 de ellas",
        "52 di esse",
        "52 deles",
        "52 daarvan",
        "52 av dem",
    ],
)
def test_a_whole_that_was_named_before(text: str) -> None:
    assert re.fullmatch(rf"52 {OF_THEM}", text) is not None


@pytest.mark.parametrize(
    "text", ["298, of whom 71", "298, davon 71", "298 dont 71", "298, di cui 71", "298, waarvan 71", "298, varav 71"]
)
def test_a_part_after_its_whole(text: str) -> None:
    assert re.fullmatch(rf"298,? {OF_WHICH} 71", text) is not None


@pytest.mark.parametrize("word", ["en", "e", "ma", "og"])
def test_a_conjunction_that_means_something_else_in_another_language(word: str) -> None:
    assert re.fullmatch(CONJUNCTION, word) is not None
    assert re.fullmatch(CLEAR_CONJUNCTION, word) is None


def test_a_comparison_is_no_conjunction() -> None:
    assert re.fullmatch(CONJUNCTION, "than") is None
    assert re.fullmatch(THAN, "than") is not None


@pytest.mark.parametrize("language", NEGATIONS)
def test_a_negation_negates_either_verbs_or_nouns(language: str) -> None:
    negations = NEGATIONS[language]
    assert len(negations.all) == len(negations.verb) + len(negations.noun) + len(negations.other)
