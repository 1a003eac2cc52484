"""Whether an answer has the name that a question asks for, or tells something of another member of a pair."""

from __future__ import annotations

import pytest

from qa.question.named_answer import asks_for_holder, complement_nouns, lacks_name, mentions, unmatched_complement


@pytest.mark.parametrize(
    ("question", "text", "language", "lacking"),
    [
        ("Who is the harbour master?", "The harbour master retires in May.", "en", "person"),
        ("Who is the harbour master?", "The harbour master, Ada Holm, retires in May.", "en", None),
        ("Who is the new harbour master?", "Holm took over the harbour in May.", "en", None),
        ("Who painted the lighthouse of Arvik?", "The lighthouse of Arvik got a coat of white.", "en", "person"),
        ("Who painted the lighthouse of Arvik?", "The lighthouse of Arvik was painted by volunteers.", "en", None),
        ("Who painted the lighthouse of Arvik?", "Address: Lighthouse Row, Quay Street, Arvik.", "en", "person"),
        ("Who painted the lighthouse of Arvik?", "Head office: Lighthouse Row, Quay Street, Arvik.", "en", "person"),
        ("Who is the head of Arvik Pier?", "Ada Holm, Head of Arvik Pier", "en", None),
        ("Wer ist der Leiter der Seefahrtschule?", "Die Leiterin der Seefahrtschule, Ada Holm, ging.", "de", None),
        ("Wer ist die Direktorin?", "Dr. Ada Holm, Direktorin", "de", None),
        ("Who may use the slipway?", "The slipway is open to all.", "en", None),
        ("¿Quién es la nueva directora?", "La directora deja el cargo en mayo.", "es", "person"),
        ("¿Quién es la nueva directora?", "En mayo tomó posesión Lucía Ferrer.", "es", None),
        ("Qui est la directrice ?", "La directrice part en mai.", "fr", "person"),
        ("Wer ist der Hafenmeister?", "Der Hafenmeister geht im Mai.", "de", "person"),
        ("Wer ist der Hafenmeister?", "Im Mai kam Jens Brandt.", "de", None),
        ("港長は誰ですか", "港長は五月に退任する。", "ja", None),
        ("Where is the new slipway?", "The new slipway cost 3 million crowns.", "en", "place"),
        ("Where is the new slipway?", "The new slipway is behind the cannery.", "en", None),
        ("Wo liegt die neue Werft?", "Die neue Werft kostete 3 Millionen.", "de", "place"),
        ("Wo liegt die neue Werft?", "Die neue Werft liegt bei der Mole.", "de", None),
    ],
)
def test_a_question_for_a_name_is_not_answered_without_one(
    question: str, text: str, language: str, lacking: str | None
) -> None:
    assert lacks_name(question, [text], language) == lacking


def test_one_sentence_with_a_name_is_enough() -> None:
    texts = ["The harbour master retires in May.", "Ada Holm takes over."]
    assert lacks_name("Who is the next harbour master?", texts, "en") is None
    assert lacks_name("Who is the next harbour master?", texts[:1], "en") == "person"


@pytest.mark.parametrize(
    ("question", "text", "passage", "language", "noun"),
    [
        ("What is the fee for yachts?", "The fee for trawlers is 9 crowns.", "", "en", "yachts"),
        ("What is the fee for yachts?", "The fee for a yacht is 9 crowns.", "", "en", None),
        ("What is the fee for yachts?", "The fee for trawlers is 9 crowns.", "Yachts pay half.", "en", None),
        ("What is the fee for yachts?", "The fee rose for the third time.", "", "en", None),
        ("Was kostet der Liegeplatz für Jachten?", "Der Liegeplatz für Kutter kostet 9 Euro.", "", "de", "Jachten"),
        ("¿Cuánto es la tasa para yates?", "La tasa para pesqueros es de 9 euros.", "", "es", "yates"),
    ],
)
def test_what_is_told_for_another_thing_is_no_answer(
    question: str, text: str, passage: str, language: str, noun: str | None
) -> None:
    assert unmatched_complement(question, text, f"{text} {passage}", language) == noun


def test_the_nouns_of_what_something_is_for_are_found_with_their_attributes() -> None:
    assert complement_nouns("How many claims against makers of nets?") == ["makers", "nets"]
    assert complement_nouns("¿Cuántas quejas contra fabricantes de redes hubo?") == ["fabricantes", "redes"]
    assert complement_nouns("How many claims were made?") == []


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who is the pilot master?", True),
        ("Wer ist die neue Lotsin?", True),
        ("¿Quién será el próximo patrón?", True),
        ("Who repaired the quay?", False),
        ("Where is the pilot master?", False),
    ],
)
def test_a_question_for_the_holder_of_an_office_is_recognised(question: str, asks: bool) -> None:
    assert asks_for_holder(question) == asks


@pytest.mark.parametrize(
    ("text", "noun", "language", "has"),
    [
        ("Two tugs were sold.", "tug", "en", True),
        ("Two tugs were sold.", "barges", "en", False),
        ("Se vendieron dos remolcadores.", "remolcador", "es", True),
        ("Two tugs were sold.", "of", "en", True),
    ],
)
def test_a_noun_is_found_in_its_forms(text: str, noun: str, language: str, has: bool) -> None:
    assert mentions(text, noun, language) == has


@pytest.mark.parametrize(
    "text", ["Ada Holm " * 20_000, "A" * 200_000, "St. Arvik " * 20_000, "a-" * 100_000, "the " * 20_000]
)
def test_long_runs_of_names_and_words_are_read_in_linear_time(text: str) -> None:
    """The time was quadratic once: with such a regression this test does not end."""
    assert (
        lacks_name("Where is the new slipway of the Pier House?", [f"{text}of stone"], "en") is None or text.islower()
    )
    assert unmatched_complement("Who pays for children?", text, text, "en") is None


def test_a_place_beside_an_abbreviation_is_an_address_of_it() -> None:
    question = "Who painted the lighthouse of Arvik?"
    assert lacks_name(question, ["Lighthouse Brgd. Mary, Quay Street, Arvik."], "en") == "person"
