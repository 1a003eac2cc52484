"""Other words for a topic: word families, spellings of names, abbreviations, words joined or divided otherwise."""

from __future__ import annotations

import pytest

from index.models.encoder import Encoder, load
from qa.editions.other_words import RELATED, SYNONYM, find_other_words, nearness_of_words
from qa.editions.topic_words import TopicWords
from tests.factories.encoders import HashEncoder


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load()


def share(topic: str, text: str, encoder: Encoder) -> float:
    others = find_other_words(topic, [text], "en", encoder)
    return TopicWords.of(topic, "en", {}, 100, others).weight_in(text, "")


@pytest.mark.parametrize(
    ("topic", "text", "expected"),
    [
        ("taxation", "A tax was raised.", 1.0),
        ("lobbyists", "They lobby Congress.", 1.0),
        ("charities", "Charitable donations rose.", 1.0),
        ("lighthouses", "Seen in this light, it is late.", 0.0),
        ("lighthouses", "Lights were lighted, and lighting was paid for.", 0.0),
        ("terrorism", "The terror went on.", 1.0),
        ("foundation", "It was found again.", 0.0),
        ("station", "The state of the mind.", 0.0),
        ("inventories", "The inventor died.", 0.0),
    ],
)
def test_a_word_of_the_same_family_counts(topic: str, text: str, expected: float, encoder: Encoder) -> None:
    assert share(topic, text, encoder) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("topic", "text", "expected"),
    [
        ("al-Qaeda", "The Al Qaida network was hit.", 1.0),
        ("Osama", "Usama was found.", 1.0),
        ("Osama", "Obama spoke.", 0.0),
        ("Texas", "Taxes were raised. The taxes fell.", 0.0),
        ("Osama bin Laden", "They looked for Bin Laden.", 1.0),
        ("Wernher von Braun", "The rocket of von Braun rose.", 1.0),
        ("Wernher von Braun", "The house of Braun rose.", 1 / 2),
        ("Austria", "Australia voted.", 0.0),
        ("Georgia", "George came.", 0.0),
        ("Viet Nam", "The war in Vietnam and the South Vietnamese.", 1.0),
        ("Vietnam", "The war in Viet-Nam.", 1.0),
        ("cyber crime", "Laws against cybercrime were passed.", 1.0),
        ("R&D", "Research and development | 8,551", 1.0),
        ("R&D", "They ran and danced.", 0.0),
        ("UNTOC", "The UN Convention against Transnational Organized Crime (UNTOC) was signed.", 1.0),
        ("Non-Proliferation Treaty", "The Non-Proliferation Treaty (NPT) holds.", 1.0),
    ],
)
def test_spellings_and_abbreviations_count(topic: str, text: str, expected: float) -> None:
    assert share(topic, text, HashEncoder()) == pytest.approx(expected)


ADDRESSES = (
    "The chair was Amina Okonjo. President Lovelace of the island and Minister for Home Affairs Okonjo came.",
    "Dr. Okonjo spoke, and so did Queen Ada Lovelace. Secretary-General Brzeziński and Mr. Dale were absent.",
    "Senator Sam Dale and Governor Wright spoke of rights. When Brzeziński left, the Dale road was closed.",
)


@pytest.mark.parametrize(
    ("topic", "shares"),
    [
        ("Amina Okonjo", [1, 1, 0]),
        ("Okonjo Amina", [1, 1, 0]),
        ("Jan Brzeziński", [0, 1, 0]),  # no common word: the whole name may be missing
        ("Ada Lovelace", [1, 1, 0]),
        ("George Wright", [0, 0, 0]),
        ("Mary Dale", [0, 0, 0]),  # the Dale of the addresses is Sam
        ("Home Affairs", [1, 0, 0]),
    ],
)
def test_a_surname_after_a_title_counts_unless_it_is_that_of_another_person(topic: str, shares: list[int]) -> None:
    others = find_other_words(topic, ADDRESSES, "en", HashEncoder())
    words = TopicWords.of(topic, "en", {}, 100, others)
    assert [int(words.weight_in(text, "") == 1.0) for text in ADDRESSES] == shares


def test_an_abbreviation_is_known_from_another_document() -> None:
    texts = ["The UN Convention against Transnational Organized Crime (UNTOC) was signed.", "Crime (UNODC) fell."]
    others = find_other_words("UNTOC", texts, "en", HashEncoder())
    words = TopicWords.of("UNTOC", "en", {}, 100, others)
    assert words.weight_in("They joined the UN Convention against transnational organized crime.", "") == 1.0
    assert not words.any_word_in("Nothing of it.")


@pytest.mark.parametrize(
    ("topic", "text", "expected"),
    [
        ("GNP", "The gross national product rose.", 1.0),
        ("VAT", "They value the added truck.", 0.0),
        ("EITC", "The earned income tax credit helps.", 1.0),
    ],
)
def test_words_in_many_documents_spell_an_abbreviation_out(topic: str, text: str, expected: float) -> None:
    others = find_other_words(topic, [text] * 3, "en", HashEncoder())
    assert TopicWords.of(topic, "en", {}, 100, others).weight_in(text, "") == pytest.approx(expected)
    alone = find_other_words(topic, [text], "en", HashEncoder())
    assert TopicWords.of(topic, "en", {}, 100, alone).weight_in(text, "") == 0.0


def test_a_prefix_has_a_letter_of_an_abbreviation(encoder: Encoder) -> None:
    assert share("ICBM", "An intercontinental ballistic missile was built.", encoder) == 1.0
    assert share("ICBM", "An international conference before midnight.", encoder) == 0.0


def test_words_that_models_alone_find_are_told_from_names_and_endings(encoder: Encoder) -> None:
    text = "A private firm came from Kenya."
    assert find_other_words("privacy", [text], "en", encoder).family_stems == {"privat"}
    assert find_other_words("Kenyan", [text], "en", encoder).family_stems == set()
    words = TopicWords.of("privacy", "en", {}, 100, find_other_words("privacy", [text], "en", encoder))
    assert (words.weight_in(text, ""), words.without_families().weight_in(text, "")) == (1.0, 0.0)


def test_words_in_small_letters_are_no_family_of_a_name(encoder: Encoder) -> None:
    text = "Medicare pays medical bills."
    assert find_other_words("Medicare", [text], "en", encoder).related_stems == {}


def test_an_abbreviation_of_unknown_meaning_may_occur_anywhere() -> None:
    assert TopicWords.of("SALT", "en", {}, 100).any_word_in("The limitation of strategic arms.")


def test_both_models_tell_which_words_mean_the_same(encoder: Encoder) -> None:
    near = nearness_of_words(["firearms"], ["guns", "tables"], encoder, -9)
    assert near["guns"] >= SYNONYM
    assert near["tables"] < RELATED
    assert RELATED <= nearness_of_words(["narcotics"], ["drugs"], encoder, RELATED)["drugs"] < SYNONYM
    assert nearness_of_words(["firearms"], ["guns"], HashEncoder(), RELATED) == {}
