"""Follow-ups are completed from the question before them; questions of their own stay as they are."""

from __future__ import annotations

import pytest

from qa.question.corpus_facts import CorpusFacts
from qa.question.follow_up import complete_follow_up
from tests.factories.hits import make_document

LIBRARY = CorpusFacts.of(
    [
        make_document(f"{key}-{year}", series=series, edition=year, covers=year - 1, title=f"{series} {year}")
        for key, series, years in (
            ("bluebook", "Maritime Bluebook", (2016, 2018, 2020)),
            ("paper", "White Paper on Fisheries", (2016, 2020)),
            ("青書", "海事青書", (2016, 2020)),
        )
        for year in years
    ]
)

ESCORTS = "How many merchant ships were escorted off Somalia in 2015?"
PIRACY = "What does the 2016 Maritime Bluebook say about piracy?"


@pytest.mark.parametrize(
    ("previous", "follow_up", "completed"),
    [
        # years and periods
        (ESCORTS, "And in 2019?", "How many merchant ships were escorted off Somalia in 2019?"),
        (ESCORTS, "in 2017?", "How many merchant ships were escorted off Somalia in 2017?"),
        (ESCORTS, "what about 2017?", "How many merchant ships were escorted off Somalia in 2017?"),
        ("Who led the mission?", "And in 2019?", "Who led the mission in 2019?"),
        ("What changed between 2015 and 2017?", "And 2018 and 2019?", "What changed between 2018 and 2019?"),
        (ESCORTS, "And since 2017?", "How many merchant ships were escorted off Somalia since 2017?"),
        (ESCORTS, "And between 2016 and 2018?",
         "How many merchant ships were escorted off Somalia between 2016 and 2018?"),
        ("In 2018, how many ships sank?", "And since 2019?", "Since 2019, how many ships sank?"),
        ("In 2018, how many ships sank?", "And in 2019?", "In 2019, how many ships sank?"),
        ("What was the budget of 2018?", "And in 2019?", "What was the budget of 2019?"),
        ("What was the budget for 2018?", "And in 2019?", "What was the budget for 2019?"),
        ("What was spent in 2018?", "And before 2015?", "What was spent before 2015?"),
        ("What was spent since 2018?", "And in 2015?", "What was spent in 2015?"),
        # editions and series
        (PIRACY, "And the 2020 edition?", "What does the 2020 Maritime Bluebook say about piracy?"),
        (PIRACY, "And 2020?", "What does the 2020 Maritime Bluebook say about piracy?"),
        (PIRACY, "What about the White Paper on Fisheries?",
         "What does the 2016 White Paper on Fisheries say about piracy?"),
        (PIRACY, "And the 2020 White Paper on Fisheries?",
         "What does the 2020 White Paper on Fisheries say about piracy?"),
        # names and places
        (ESCORTS, "what about Djibouti?", "How many merchant ships were escorted off Djibouti in 2015?"),
        ("How many ships were escorted off Costa do Sul in 2015?", "what about Djibouti?",
         "How many ships were escorted off Djibouti in 2015?"),
        (ESCORTS, "And off Yemen?", "How many merchant ships were escorted off Yemen in 2015?"),
        (ESCORTS, "And off Yemen in 2017?", "How many merchant ships were escorted off Yemen in 2017?"),
        ("What did Japan give to Kenya in 2015?", "How about South Sudan?",
         "What did Japan give to South Sudan in 2015?"),
        ("What did Japan do for the Republic of Korea?", "and the United States?",
         "What did Japan do for the United States?"),
        ("How long is the northern pier?", "And in Eastholm?", "How long is the northern pier in Eastholm?"),
        # what is counted or asked about
        (ESCORTS, "What about tankers?", "How many tankers were escorted off Somalia in 2015?"),
        (PIRACY, "And about illegal fishing?", "What does the 2016 Maritime Bluebook say about illegal fishing?"),
        (PIRACY, "And illegal fishing?", "What does the 2016 Maritime Bluebook say about illegal fishing?"),
        # two of a kind for one place, and one within another: none is lost
        ("What happened in 2014?", "And in 2015, in the 2016 edition?", "What happened in 2016, 2015?"),
        ("What does the paper say about the Maritime Bluebook 2016?", "And illegal fishing in 2020?",
         "What does the paper say about the Maritime Bluebook 2020, illegal fishing?"),
        # other languages
        ("Wie viele Schiffe wurden 2015 begleitet?", "Und 2019?", "Wie viele Schiffe wurden 2019 begleitet?"),
        ("Combien de navires ont été escortés en 2015 ?", "Et en 2019 ?",
         "Combien de navires ont été escortés en 2019 ?"),
        ("2015年に何隻の商船が護衛されましたか", "2019年は？", "2019年に何隻の商船が護衛されましたか"),
        ("2015年にソマリア沖で何隻が護衛されましたか", "ジブチは？", "2015年にジブチ沖で何隻が護衛されましたか"),
        # pronouns
        ("What is the Westmark Port Authority?", "How many people did it employ?",
         "How many people did the Westmark Port Authority employ?"),
        ("How many ships did the Westmark Port Authority handle in Eastholm?", "When was it founded?",
         "When was the Westmark Port Authority founded?"),
        (PIRACY, "Who wrote it?", "Who wrote the 2016 Maritime Bluebook?"),
        (PIRACY, "And who wrote it in 2020?", "And who wrote the 2016 Maritime Bluebook in 2020?"),
        ("When was the public library opened?", "What was its budget in 2016?",
         "What was the public library’s budget in 2016?"),
        ("How many people did the new harbour employ?", "Who built it?", "Who built the new harbour?"),
        ("How many merchant ships were escorted?", "Where did they land?", "Where did the merchant ships land?"),
    ],
)  # fmt: skip
def test_what_a_follow_up_names_replaces_the_same_kind(previous: str, follow_up: str, completed: str) -> None:
    assert complete_follow_up(follow_up, previous, LIBRARY) == completed


@pytest.mark.parametrize(
    "question",
    [
        "How many aircraft were sent in 2019?",
        "And how many aircraft were sent?",
        "What about it was hard for the crew?",
        "piracy",
        "Somalia 2015",
        "White Paper on Fisheries",
        "",
        "?",
        "and",
        "And " + "x" * 100 + "?",
        "商船を護衛した国はどこですか",
        "南浜市の漁獲量は？",
        "2019年は？",
        "Und 2019?",
        "Et en 2019 ?",
        "Fish landings in Eastholm?",
        "Merchant ships?",
        "How long did it take to build the pier?",
        "Is it true that piracy declined?",
        "Who built the pier, and who paid for the crane next to it?",
    ],
)
def test_a_question_of_its_own_is_left_alone(question: str) -> None:
    assert complete_follow_up(question, ESCORTS, LIBRARY) is None


@pytest.mark.parametrize(
    ("previous", "question"),
    [
        ("2015年にソマリア沖で何隻が護衛されましたか", "南浜市の漁獲量は？"),
        ("2015年にソマリア沖で何隻が護衛されましたか", "2019年の漁獲量は？"),
        ("2015年にソマリア沖で何隻が護衛されましたか", "And in 2019?"),
        ("Wie viele Schiffe wurden 2015 begleitet?", "And 2019?"),
        ("Wie viele Schiffe wurden 2015 begleitet?", "Who wrote it?"),
    ],
)
def test_another_language_or_an_own_subject_makes_a_question_independent(previous: str, question: str) -> None:
    assert complete_follow_up(question, previous, LIBRARY) is None


def test_without_a_question_before_nothing_is_completed() -> None:
    assert complete_follow_up("And in 2019?", "?", LIBRARY) is None
