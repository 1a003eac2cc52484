"""Notices about languages."""

from __future__ import annotations

import pytest

from index.models.model_store import DEFAULT_MODEL, SMALL_MODEL
from qa.answering.notices import language_notices
from qa.question.corpus_facts import CorpusFacts
from tests.factories.hits import make_document

FACTS = CorpusFacts.of([make_document("a", language="ja"), make_document("b", language="en")])


@pytest.mark.parametrize(
    ("question", "quoted", "language"),
    [
        ("How many ships were escorted?", {"ja"}, "Japanese"),
        ("¿Cuántos barcos fueron escoltados por los destructores?", {"en", "ja"}, "English and Japanese"),
        ("何隻の船が護衛されたか。", {"en"}, "English"),
    ],
)
def test_an_answer_in_another_language_names_it(question: str, quoted: set[str], language: str) -> None:
    assert language_notices(question, FACTS, quoted, DEFAULT_MODEL) == [
        f"the answer is quoted in {language}, the language of the document"
    ]


@pytest.mark.parametrize(
    ("question", "quoted"),
    [("How many ships were escorted?", {"en"}), ("Bismarck", {"ja"}), ("How many ships?", {None}), ("護衛", {"ja"})],
)
def test_no_language_is_named_if_it_is_that_of_the_question_or_unclear(question: str, quoted: set[str | None]) -> None:
    assert language_notices(question, FACTS, quoted, DEFAULT_MODEL) == []


@pytest.mark.parametrize(("model", "is_advised"), [(SMALL_MODEL, True), (DEFAULT_MODEL, False), ("other", False)])
def test_an_unanswered_question_in_the_language_of_no_document_is_told(model: str, is_advised: bool) -> None:
    question = "Wie viele Schiffe wurden von den Zerstörern begleitet?"
    (notice,) = language_notices(question, FACTS, set(), model)
    assert "German" in notice
    assert ("may find more" in notice) == is_advised
    assert language_notices("How many ships were escorted?", FACTS, set(), model) == []
