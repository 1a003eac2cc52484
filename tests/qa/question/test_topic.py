"""What a question is about, without the editions it names."""

from __future__ import annotations

import pytest

from qa.question.analysis import interpret
from qa.question.topic import extract_topic, strip_frames
from tests.factories.hits import FACTS


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("How did escorts change between the 2020 and the 2016 Bluebook?", "How did escorts change?"),
        ("According to the Maritime Bluebook 2016, how many boats were lost?", "how many boats were lost?"),
        ("herring quotas and prices in the White Paper (2016 edition)", "herring quotas and prices"),
        ("Which boats sank in the 2016 Bluebook, and which in the 2020 one?", "Which boats sank and which?"),
        ("Which boats sank in 2015?", "Which boats sank in 2015?"),  # a year of events is part of the matter
        ("What does the 2016 Bluebook say?", "What does the 2016 Bluebook say?"),  # nothing would be left
        ("", ""),
    ],
)
def test_the_topic_omits_editions_and_the_words_that_connect_them(question: str, about: str) -> None:
    assert extract_topic(question, interpret(question, FACTS).mentions) == about


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Compare aid to Somalia", "aid to Somalia"),
        ("Compare the views on global warming.", "global warming"),
        ("How has support for pilots changed?", "support for pilots"),
        ("What was said about the lighthouse?", "the lighthouse"),
        ("Wie hat sich die Fischerei verändert?", "die Fischerei"),
        ("Comment a évolué la pêche ?", "la pêche"),
        ("¿Cómo ha cambiado la pesca?", "la pesca"),
        ("漁業はどのように変わりましたか。", "漁業"),
        ("漁獲の推移", "漁獲"),
        ("change of course", "change of course"),
        ("policy on", "policy on"),
    ],
)
def test_words_that_ask_for_a_comparison_are_no_topic(question: str, topic: str) -> None:
    assert strip_frames(question) == topic
