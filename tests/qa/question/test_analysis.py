"""What a question names: years of events, years of editions, series; and whether it compares."""

from __future__ import annotations

import pytest

from qa.question.analysis import Interpretation, extract_topic, interpret, strip_frames, without_courtesy, without_times
from qa.question.corpus_facts import CorpusFacts
from qa.question.filters import Filters
from tests.factories.hits import BLUE16, BLUE20, DOCUMENTS, FACTS, PAPER16, make_document


@pytest.mark.parametrize(
    ("question", "years", "editions", "series", "compare"),
    [
        ("How many ships were escorted in 2015?", [2015], [], [], False),
        ("What does the 2016 Bluebook say of piracy?", [], [2016], ["Maritime Bluebook"], False),
        ("piracy in the Maritime Bluebook 2020", [], [2020], ["Maritime Bluebook"], False),
        ("piracy in the 2020 edition", [], [2020], [], False),
        ("herring quotas in the White Paper", [], [], ["White Paper on Fisheries"], False),
        (
            "According to the White Paper on Fisheries for 2016, what fell?",
            [],
            [2016],
            ["White Paper on Fisheries"],
            False,
        ),
        ("What did the 2016 Bluebook say of events in 2015?", [2015], [2016], ["Maritime Bluebook"], False),
        ("How did escorts change between 2016 and 2020?", [2016, 2017, 2018, 2019, 2020], [], [], True),
        ("How many ships were escorted between 2016 and 2018?", [2016, 2017, 2018], [], [], False),
        ("How much did escorts rise between 2016 and 2018?", [2016, 2017, 2018], [], [], True),
        ("Wie viele Schiffe wurden zwischen 2016 und 2018 begleitet?", [2016, 2017, 2018], [], [], False),
        ("How did escorts change between the 2016 and 2020 Bluebooks?", [], [2016, 2020], ["Maritime Bluebook"], True),
        ("Which ships in the 2016 Bluebook, and which in the 2020 one?", [], [2016, 2020], ["Maritime Bluebook"], True),
        ("How has the herring catch changed over the years?", [], [], [], True),
        ("catches in fiscal year 2015-16", [2015, 2016], [], [], False),
        ("spending in FY2016", [2016], [], [], False),
        ("The fleet caught 2015 tons", [], [], [], False),
        ("a budget of $2015 and 2,015 tons or 2016.5 yen", [], [], [], False),
        ("What is CSIRT?", [], [], [], False),
        ("What does the latest Bluebook say of piracy?", [], [2020], ["Maritime Bluebook"], False),
        ("What did the previous edition of the Bluebook say?", [], [2016], ["Maritime Bluebook"], False),
        ("piracy in the first edition", [], [2016], [], False),
        ("piracy in the 2nd edition of the Maritime Bluebook", [], [2020], ["Maritime Bluebook"], False),
        ("piracy in the seventh edition", [], [], [], False),  # there is none
        ("What was the latest attack and the first ship?", [], [], [], False),
        (
            "What changed from the first to the latest edition of the Bluebook?",
            [],
            [2016, 2020],
            ["Maritime Bluebook"],
            True,
        ),
    ],
)
def test_a_question_is_understood(
    question: str, years: list[int], editions: list[int], series: list[str], compare: bool
) -> None:
    understood = interpret(question, FACTS)
    assert (list(understood.years), list(understood.editions), list(understood.series), understood.compare) == (
        years,
        editions,
        series,
        compare,
    )


def test_a_name_after_the_publisher_names_a_series() -> None:
    owned = make_document("h18", series="Harbour Board: Annual Report", edition=2018, covers=2017)
    understood = interpret("How many boats, according to the Annual Report 2018?", CorpusFacts.of([owned]))
    assert (understood.editions, understood.series, understood.years) == (
        (2018,),
        ("Harbour Board: Annual Report",),
        (),
    )


def test_a_year_prefers_documents_that_cover_it_no_less_than_its_edition() -> None:
    understood = interpret("escorts in 2016", FACTS)
    assert understood.bonus(PAPER16)["year"] >= understood.bonus(BLUE16)["year"] > 0
    assert understood.bonus(BLUE20) == {}


def test_an_edition_of_a_named_series_is_not_one_of_another() -> None:
    understood = interpret("escorts in the 2016 Bluebook", FACTS)
    assert set(understood.bonus(BLUE16)) == {"series", "edition"}
    assert understood.bonus(PAPER16) == {}


def test_a_comparison_targets_the_named_editions_by_year() -> None:
    understood = interpret("How did escorts change between the 2020 and the 2016 Bluebook?", FACTS)
    every = [*FACTS.series, None]
    assert [[document.id for document in group] for group in understood.compared_editions(FACTS, every)] == [
        ["b16"],
        ["b20"],
    ]
    assert interpret("escorts in 2015", FACTS).compared_editions(FACTS, every) == []


def test_without_a_named_series_the_relevant_series_are_compared() -> None:
    understood = interpret("How did escorts change over the years?", FACTS)
    assert [
        [document.id for document in group]
        for group in understood.compared_editions(FACTS, ["White Paper on Fisheries"])
    ] == [["w16"]]
    many = [
        make_document(f"m{number}", series=f"Series {number}", edition=year)
        for number in range(20)
        for year in (2016, 2020)
    ]
    among = understood.compared_editions(CorpusFacts.of([*DOCUMENTS, *many]), ["Maritime Bluebook"])
    assert [[document.id for document in group] for group in among] == [["b16"], ["b20"]]


def test_where_covered_years_are_unknown_a_comparison_of_years_is_one_of_editions() -> None:
    speeches = [make_document(f"s{year}", series="Speech", edition=year, covers=None) for year in (2010, 2012, 2014)]
    facts = CorpusFacts.of(speeches)
    understood = interpret("How did the number of jobs change between 2012 and 2014?", facts)
    assert [[document.id for document in group] for group in understood.compared_editions(facts, ["Speech"])] == [
        ["s2012"],
        ["s2014"],
    ]


@pytest.mark.parametrize(
    "question",
    [
        "How did the number of escorts change between 2016 and 2020?",
        "How did the number of escorts change from 2016 to 2020?",
        "How has the number of escorts changed since 2016?",
        "How many ships were escorted compared with 2016?",
        "How many ships were escorted in 2016 and in 2020?",
        "How many fewer ships were escorted in 2020 than in 2016?",
        "How did escorts change since the 2016 Bluebook?",
        "Did the number of escorts go down between 2016 and 2020?",
        "Has the number of escorts gone up or down since 2016?",
        "Did the fleet shrink from 2016 to 2020?",
        "Were escorts rising or falling between 2016 and 2020?",
        "Did escorts become rarer from 2016 to 2020?",
        "Wie hat sich die Zahl der Eskorten von 2016 bis 2020 verändert?",
        "Wie viele Schiffe wurden im Vergleich zu 2016 eskortiert?",
        "Comment a évolué le nombre de navires escortés depuis 2016 ?",
        "Combien de navires ont été escortés par rapport à 2016 ?",
        "Hoe veranderde het aantal schepen van 2016 tot 2020?",
        "Como mudou o número de navios de 2016 a 2020?",
        "Come è cambiato il numero di navi dal 2016 al 2020?",
        "2016年から2020年にかけて護衛した船の数はどう変わりましたか。",
        "2016年と比べて護衛した船の数はどうなりましたか。",
    ],
)
def test_a_change_between_years_compares_the_editions_of_those_years(question: str) -> None:
    """Of editions that cover the year before theirs, too: the years are then those on the covers."""
    bluebooks = CorpusFacts.of([BLUE16, BLUE20])
    compared = interpret(question, bluebooks).compared_editions(bluebooks, ["Maritime Bluebook"])
    assert [[document.id for document in group] for group in compared] == [["b16"], ["b20"]]


@pytest.mark.parametrize("question", ["How did jobs change between 1960 and 2010?", "How did jobs change since 1960?"])
def test_the_first_and_the_last_of_many_editions_between_two_years_are_compared(question: str) -> None:
    facts = CorpusFacts.of([make_document(f"s{year}", series="Speech", edition=year) for year in range(1950, 2011)])
    compared = interpret(question, facts).compared_editions(facts, ["Speech"])
    assert [[document.id for document in group] for group in compared] == [["s1960"], ["s2010"]]


def test_an_interpretation_never_excludes_documents() -> None:
    understood = interpret("escorts in the 2016 Bluebook", FACTS, Filters())
    assert understood.filters == Filters()
    assert all(understood.filters.matches(document) for document in DOCUMENTS)
    assert understood.as_json()["filters"] == {}


def test_years_are_understood_with_an_empty_index() -> None:
    assert interpret("ships in 2015", CorpusFacts.of([])) == Interpretation(years=(2015,))


@pytest.mark.parametrize("words", ["2016 ", "2016-2020, ", "2016 edition of ", "Maritime Bluebook 2016, 2020 and "])
def test_a_text_of_years_takes_linear_time(words: str) -> None:
    """It took the square of it: a minute for a long draft. This does not fail then, it does not end."""
    understood = interpret(words * (100_000 // len(words)), FACTS)
    assert 2016 in (*understood.years, *understood.editions)


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
        ("how many lamps were lit", "lamps were lit"),
        ("Compare aid to Somalia", "aid to Somalia"),
        ("Compare the views on global warming.", "global warming"),
        ("How has support for pilots changed?", "support for pilots"),
        ("What was said about the lighthouse?", "the lighthouse"),
        ("Wie hat sich die Fischerei verändert?", "die Fischerei"),
        ("Comment a évolué la pêche ?", "la pêche"),
        ("¿Cómo ha cambiado la pesca?", "la pesca"),
        ("¿Cómo cambió la pesca?", "la pesca"),
        ("Como evoluiu a pesca?", "a pesca"),
        ("Come è cambiata la pesca?", "la pesca"),
        ("Hoe veranderde de visserij?", "de visserij"),
        ("Hoe is de visserij veranderd?", "de visserij"),
        ("Wie veränderte sich die Fischerei?", "die Fischerei"),
        ("漁業はどのように変わりましたか。", "漁業"),
        ("漁獲の推移", "漁獲"),
        ("change of course", "change of course"),
        ("policy on", "policy on"),
    ],
)
def test_words_that_ask_for_a_comparison_are_no_topic(question: str, topic: str) -> None:
    assert strip_frames(question) == topic


@pytest.mark.parametrize(
    ("topic", "rest"),
    [
        ("How many ferries sailed in 2021?", "How many ferries sailed?"),
        ("ferries 2021", "ferries"),
        ("2021年のフェリーの便数", "フェリーの便数"),
        ("2021年渡轮有多少?", "渡轮有多少?"),
        ("Wie viele Fähren fuhren im Jahr 2021?", "Wie viele Fähren fuhren?"),
        ("Quante navi sono partite nel 2021?", "Quante navi sono partite?"),
        ("What did the port spend in fiscal year 2024/25?", "What did the port spend?"),
        ("What happened between 2015 and 2019 at the port?", "What happened at the port?"),
        ("2021", ""),
        ("Which ferries sailed?", ""),
        ("What does resolution 1973 demand?", ""),
    ],
)
def test_times_are_removed_from_a_topic(topic: str, rest: str) -> None:
    assert without_times(topic) == rest


@pytest.mark.parametrize(
    ("text", "editions"),
    [
        ("What does the Catch Report 2019/20 say?", [2020]),
        ("What does the 2019-20 Catch Report say?", [2020]),
        ("What did cod cost according to the 2019/20 report?", [2020]),
        ("What did cod cost by the report of 2018/19?", [2019]),
        ("What changed from the Catch Report 2018/19 to that of 2019/20?", [2019, 2020]),
        ("What do the 2019 and 2020 Catch Reports say?", [2019, 2020]),
    ],
)
@pytest.mark.parametrize("are_years_known", [True, False])
def test_two_years_together_name_one_edition(text: str, editions: list[int], are_years_known: bool) -> None:
    facts = CorpusFacts.of(
        make_document(
            f"Catch Report {year}",
            number=year,
            series="Catch Report",
            edition=year,
            covers=(year - 1, year) if are_years_known else None,
        )
        for year in (2018, 2019, 2020)
    )
    assert list(interpret(text, facts).editions) == editions


@pytest.mark.parametrize(
    ("text", "editions"),
    [
        ("According to the Maritime Bluebook 2020, 17 ships sank in 2016.", [2020]),
        ("In 2016, according to the 2020 Bluebook, 17 ships sank.", [2020]),
        ("By the Bluebook 2020, fewer ships sank than in 2016.", [2020]),
        ("The Bluebooks 2016 and 2020 say that 17 ships sank.", [2016, 2020]),
        ("The Bluebook of 2016 and that of 2020 say that 17 ships sank.", [2016, 2020]),
        ("The 2016 Bluebook counts 17 ships, the 2020 one 16.", [2016, 2020]),
    ],
)
def test_a_year_apart_from_the_name_of_a_source_is_that_of_an_event(text: str, editions: list[int]) -> None:
    assert list(interpret(text, FACTS, is_statement=True).editions) == editions


@pytest.mark.parametrize(
    ("question", "editions", "years"),
    [
        ("Wie viele Passagiere beförderte Arvik Ferries 2021?", (), (2021,)),
        ("How many delays had Arvik Ferries 2021?", (), (2021,)),
        ("What does the Arvik Ferries Annual Report 2021 say of fares?", (2021,), ()),
        ("What does the 2021 ferries report say of fares?", (2021,), ()),
    ],
)
def test_a_year_after_the_name_of_a_publisher_names_no_edition(
    question: str, editions: tuple[int, ...], years: tuple[int, ...]
) -> None:
    name, series = "Arvik Ferries", "Arvik Ferries Annual Report"
    documents = [
        make_document(
            f"ferries-{year}", series=series, publisher=name, title=f"{series} {year}", edition=year, covers=year
        )
        for year in (2020, 2021)
    ]
    understood = interpret(question, CorpusFacts.of(documents))
    assert (understood.editions, understood.years) == (editions, years)


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Please tell me: How many ships sailed?", "How many ships sailed?"),
        ("Could you please tell me when the port closed?", "When the port closed?"),
        ("I'd like to know who the treasurer is.", "Who the treasurer is."),
        ("how many ships sailed, please?", "how many ships sailed?"),
        ("How many ships sailed? Thank you!", "How many ships sailed?"),
        ("fishing quotas please", "fishing quotas"),
        ("Können Sie mir bitte sagen, wie viele Schiffe fuhren?", "Wie viele Schiffe fuhren?"),
        ("Pouvez-vous me dire combien de navires ont navigué ?", "Combien de navires ont navigué ?"),
        ("¿Cuántos barcos hay, por favor?", "¿Cuántos barcos hay?"),
        ("護衛した船の数を教えてください。", "護衛した船の数"),
    ],
)
def test_words_of_courtesy_at_both_ends_are_omitted(question: str, rest: str) -> None:
    assert without_courtesy(question) == rest


@pytest.mark.parametrize(
    "question",
    [
        "Tell me about piracy",
        "Whom was the reform meant to please?",
        "What did the king tell us?",
        "How many letters of thanks were sent?",
        "Please",
        "Please compare the editions of 2016 and 2020.",
        "Do you know Arvik?",
    ],
)
def test_the_same_words_as_part_of_a_question_stay(question: str) -> None:
    assert without_courtesy(question) == question
