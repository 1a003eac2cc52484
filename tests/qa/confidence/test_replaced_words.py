"""A sentence that has another word in the place of one of the question's says something else."""

from __future__ import annotations

import pytest

from qa.confidence.replaced_words import replaces_word


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who opened the third lock of the canal?", "Ada Holm opened the second lock of the canal."),
        ("What was the tonnage of three ferries?", "The tonnage of four ferries was 900."),
        ("How deep is quay 7?", "At quay 8 the water is 12 metres deep."),
        ("When did Queen Ada II open the lock?", "Queen Ada III opened it in May."),
        ("Who repaired the wooden bridge in Arvik?", "The builders repaired the stone bridge in Arvik."),
        ("What did the pilots of Arvik report in May?", "The pilots of Solvang report no wrecks in May."),
    ],
)
def test_another_word_or_number_in_the_place_of_one(question: str, sentence: str) -> None:
    assert replaces_word(question, sentence, "en")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What was the tonnage of 3 ferries?", "The tonnage of three ferries was 900."),
        ("How many ships sailed in the first quarter?", "In the 1st quarter 20 ships sailed."),
        ("Who opened the second lock?", "The second lock was opened by Ada Holm before the third lock."),
        ("When did the fleet become larger?", "The fleet became larger in May."),
        ("Where did the Jul fleet go?", "The July fleet went north."),
        ("What did the port export in 2014?", "In 2015 the port exported coal."),
        ("Who led the survey of seals?", "The whales were counted by Ada Holm."),
    ],
)
def test_the_same_word_in_another_form_and_other_places_replace_nothing(question: str, sentence: str) -> None:
    assert not replaces_word(question, sentence, "en")


def test_words_of_other_languages_are_compared_by_their_own_terms() -> None:
    assert replaces_word("Wer leitete die Zählung der Robben 3?", "Die Zählung der Robben 4 war kurz.", "de")
    assert not replaces_word("Wer leitete die Zählungen der Robben?", "Ada Holm leitete die Zählung der Robben.", "de")
