"""The sentences of an answer: the one that answers first, and no more than needed."""

from __future__ import annotations

import pytest

from index.models.similarity_scale import SimilarityScale
from qa.answering.answer_sentences import MAX_SENTENCES, select_sentences
from qa.question.answer_type import answers_type, expected_answer_type
from tests.factories.hits import BLUE16, BLUE20, make_hit

SCALE = SimilarityScale(0.0, 1.0)
WEIGHTS = {"ferri": 2.0, "sail": 1.0}
LEADS = ("The ferry sails from the old quay.", 0.6)


def select(question: str, *sentences: tuple[str, float], compared: int = 0) -> list[str]:
    hits = [make_hit(document, *sentences) for document in (BLUE16, BLUE20)[: max(compared, 1)]]
    answer_type = expected_answer_type(question)
    return [one.text for one in select_sentences(question, answer_type, hits, WEIGHTS, SCALE, compared)]


def test_one_sentence_is_enough_if_it_is_far_ahead() -> None:
    assert select("Where does the ferry sail from?", LEADS, ("The weather was mild in May.", -0.4)) == [LEADS[0]]


def test_more_sentences_are_shown_if_several_may_answer() -> None:
    alike = [(f"The ferry sails to harbour number {number} at noon.", 0.6) for number in range(6)]
    assert len(select("Where does the ferry sail?", *alike)) == MAX_SENTENCES


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many times does the ferry sail?", "Every day it sails eleven times."),
        ("When did the ferry first sail?", "It sailed for the first time in 1911."),
    ],
)
def test_the_sentence_with_the_type_of_answer_comes_first(question: str, answer: str) -> None:
    assert select(question, LEADS, (answer, 0.55))[0] == answer


def test_what_the_question_names_itself_is_no_answer() -> None:
    assert not answers_type("In 2015 the 12 ferries sailed.", "number", "How often did the 12 ferries sail?")
    assert not answers_type("It sailed in 1911.", "date", "When did the ferry of 1911 sail?")
    assert answers_type("The 12 ferries sailed 300 times.", "number", "How often did the 12 ferries sail?")


def test_the_sentence_before_gives_context() -> None:
    before, alike = ("The ferry sails at noon.", 0.1), ("From there it goes to the market.", 0.5)
    answer = ("From there it goes to the islands.", 0.5)
    assert select("Where does the ferry go?", alike, before, answer)[0] == answer[0]


def test_a_comparison_quotes_each_edition_even_if_one_is_far_ahead() -> None:
    hits = [make_hit(BLUE16, LEADS), make_hit(BLUE20, ("It sails no more these days.", -0.5))]
    chosen = select_sentences("Where does the ferry sail?", None, hits, WEIGHTS, SCALE, 2)
    assert [one.passage for one in chosen] == [0, 1]
