"""Claims that say the opposite of their source differ, in each language; other words for the same agree."""

from __future__ import annotations

import pytest

from qa.checking.goals import attainment
from tests.factories.claims import statuses

GOALS = [
    (
        "en",
        "The ferries met their punctuality goal of 92 per cent.",
        "88 per cent of ferries were punctual; the goal was 92 per cent.",
        "differs",
    ),
    (
        "en",
        "The ferries missed their punctuality goal of 92 per cent.",
        "88 per cent of ferries were punctual; the goal was 92 per cent.",
        "agrees",
    ),
    ("en", "The goal of 40 complaints was missed.", "Complaints fell to 31, below the target of 40.", "differs"),
    ("en", "The goal of 40 complaints was reached.", "Complaints fell to 31, below the target of 40.", "agrees"),
    (
        "en",
        "Membership reached the target of 5,000.",
        "Membership came to 4,610, short of the target of 5,000.",
        "differs",
    ),
    (
        "en",
        "Repairs stayed within the budget of 1.8 million.",
        "Repairs cost 2.1 million against a budget of 1.8 million.",
        "differs",
    ),
    (
        "de",
        "Das Ziel von 300 Anschlüssen wurde erreicht.",
        "Das Ziel von 300 Anschlüssen wurde mit 271 Anschlüssen verfehlt.",
        "differs",
    ),
    (
        "de",
        "Das Ziel von 300 Anschlüssen wurde verfehlt.",
        "Das Ziel von 300 Anschlüssen wurde mit 271 Anschlüssen verfehlt.",
        "agrees",
    ),
    (
        "fr",
        "L'objectif de 80 stages a été atteint.",
        "Le service a proposé 64 stages, pour un objectif de 80 stages.",
        "differs",
    ),
    ("es", "Se cumplió el objetivo de 500 visitas.", "Hubo 430 visitas; el objetivo era de 500 visitas.", "differs"),
]


@pytest.mark.parametrize(("language", "claim", "source", "status"), GOALS)
def test_a_goal_told_as_reached_that_was_missed_differs(language: str, claim: str, source: str, status: str) -> None:
    assert statuses(claim, source, language=language)[0] == status


@pytest.mark.parametrize(
    ("language", "claim", "source"),
    [
        ("en", "Four of the seven goals were missed.", "Four of the seven goals were met."),
        ("de", "Vier der sieben Ziele wurden nicht erreicht.", "Vier der sieben Ziele wurden erreicht."),
        ("pt", "Quatro dos sete objetivos não foram cumpridos.", "Quatro dos sete objetivos foram cumpridos."),
    ],
)
def test_goals_missed_are_not_those_reached_but_their_whole_is_the_same(language: str, claim: str, source: str) -> None:
    assert statuses(claim, source, language=language) == ["differs", "agrees"]


@pytest.mark.parametrize(
    ("text", "attained"),
    [
        ("The station met its target.", 1),
        ("The station did not meet its target.", -1),
        ("The target was narrowly missed.", -1),
        ("Spending exceeded the budget.", -1),
        ("Sales exceeded the target.", 1),
        ("Spending kept within the budget.", 1),
        ("Das Ziel wurde nicht erreicht.", -1),
        ("Le plafond a été dépassé.", -1),
        ("El objetivo se superó: fue superado en 3 puntos.", 1),
        ("The committee met in May.", 0),
        ("The target for next year is 12.", 0),
    ],
)
def test_words_tell_whether_a_goal_was_reached(text: str, attained: int) -> None:
    assert attainment(text) == attained


@pytest.mark.parametrize(
    ("language", "claim", "source", "status"),
    [
        ("en", "The council rejected the plan by 31 votes.", "The council accepted the plan by 31 votes.", "differs"),
        ("en", "The council approved the plan by 31 votes.", "The council accepted the plan by 31 votes.", "agrees"),
        ("en", "The yard bought 14 cranes.", "The yard sold 14 cranes.", "differs"),
        ("de", "Der Rat lehnte 14 Anträge ab.", "Der Rat nahm 14 Anträge an.", "differs"),
        ("de", "14 Anträge wurden abgelehnt.", "Der Rat lehnte 14 Anträge ab.", "agrees"),
        ("fr", "La ville a vendu 26 tramways.", "La ville a acheté 26 tramways.", "differs"),
        ("es", "El club perdió 210 socios.", "El club ganó 210 socios.", "differs"),
        ("it", "Le importazioni hanno raggiunto 45 navi.", "Le esportazioni hanno raggiunto 45 navi.", "differs"),
    ],
)
def test_a_word_of_opposite_meaning_differs(language: str, claim: str, source: str, status: str) -> None:
    assert statuses(claim, source, language=language) == [status]


@pytest.mark.parametrize(
    ("language", "claim", "source", "status"),
    [
        ("en", "The shortest tour took 19 hours.", "The longest tour took 19 hours.", "differs"),
        ("en", "The longest of the tours took 19 hours.", "The longest tour took 19 hours.", "agrees"),
        ("fr", "Le trajet le plus court dure 41 minutes.", "Le trajet le plus long dure 41 minutes.", "differs"),
        ("es", "La espera más corta fue de 12 días.", "La espera más larga fue de 12 días.", "differs"),
    ],
)
def test_the_shortest_is_not_the_longest(language: str, claim: str, source: str, status: str) -> None:
    assert statuses(claim, source, language=language) == [status]


@pytest.mark.parametrize(
    ("claim", "source", "language", "status"),
    [
        ("All 16 bridges were repaired.", "The programme had 16 bridges. Nine were repaired.", "en", "differs"),
        ("Of the 16 bridges nine were repaired.", "The programme had 16 bridges. Nine were repaired.", "en", "agrees"),
        ("Les 16 ponts ont tous été réparés.", "Le programme visait 16 ponts. Neuf ont été réparés.", "fr", "differs"),
    ],
)
def test_all_of_a_number_is_not_a_part_told_in_the_next_sentence(
    claim: str, source: str, language: str, status: str
) -> None:
    sentences = [f"{sentence.rstrip('.')}." for sentence in source.split(". ")]
    assert statuses(claim, *sentences, language=language)[0] == status


@pytest.mark.parametrize(
    ("claim", "source", "language", "status"),
    [
        ("17 audits found faults.", "Ninguna de las 17 auditorías detectó fallos.", "es", "cannot be checked"),
        ("None of the 17 audits found faults.", "Ninguna de las 17 auditorías detectó fallos.", "es", "agrees"),
        ("17 audits took place.", "Se hicieron 17 auditorías.", "es", "agrees"),
        (
            "23 inspections revealed offences.",
            "Aucun des 23 contrôles n'a révélé d'infraction.",
            "fr",
            "cannot be checked",
        ),
    ],
)
def test_what_is_denied_of_all_cannot_be_checked_across_languages(
    claim: str, source: str, language: str, status: str
) -> None:
    assert statuses(claim, source, language=language, is_translated=True) == [status]


@pytest.mark.parametrize(
    ("language", "claim", "source", "status"),
    [
        ("en", "The fee rose to 30 euros.", "The fee remained unchanged at 30 euros.", "differs"),
        ("en", "The fee rose to 30 euros.", "The fee was 30 euros (2019: 34).", "differs"),
        ("en", "The fee fell to 30 euros.", "The fee was 30 euros (2019: 34).", "agrees"),
        ("de", "Die Gebühr sank auf 30 Euro.", "Die Gebühr ist auf 30 Euro gestiegen.", "differs"),
        ("de", "Die Rücklage wuchs auf 90.000 Euro.", "Die Rücklage schrumpfte auf 90.000 Euro.", "differs"),
        (
            "es",
            "La confianza subió a 71 %.",
            "La confianza fue de 71 %, tres puntos menos que un año antes.",
            "differs",
        ),
        ("es", "La confianza bajó a 71 %.", "La confianza fue de 71 %, tres puntos menos que un año antes.", "agrees"),
    ],
)
def test_a_told_direction_is_compared_with_the_source(language: str, claim: str, source: str, status: str) -> None:
    assert statuses(claim, source, language=language)[0] == status


@pytest.mark.parametrize(
    ("language", "claim", "source", "status"),
    [
        ("en", "The mean of 7.4 metres is the deepest on record.", "It was 7.4 metres, the second deepest.", "differs"),
        ("en", "The mean of 7.4 metres is the second deepest.", "It was 7.4 metres, the second deepest.", "agrees"),
        ("de", "Mit 31 Tagen war es der längste Streik.", "Der Streik dauerte 31 Tage, der drittlängste.", "differs"),
        (
            "fr",
            "Avec 31 jours, c'est la grève la plus longue.",
            "31 jours : la troisième grève la plus longue.",
            "differs",
        ),
        (
            "fr",
            "Avec 31 jours, c'est la septième grève la plus longue.",
            "31 jours : la sixième grève la plus longue.",
            "differs",
        ),
        (
            "es",
            "Con 31 días fue la segunda huelga más larga.",
            "La huelga duró 31 días, la segunda más larga.",
            "agrees",
        ),
        ("en", "None of the 23 appeals was heard.", "All 23 appeals were heard.", "differs"),
        ("en", "Not one of the seven dams leaked.", "There are seven dams, each of which leaked.", "differs"),
        ("en", "All 23 appeals were heard.", "All 23 appeals were heard.", "agrees"),
        ("es", "El club alcanzó los 900 socios.", "No alcanzamos los 900 socios.", "differs"),
        ("es", "El club no alcanzó los 900 socios.", "No alcanzamos los 900 socios.", "agrees"),
    ],
)
def test_ranks_and_all_or_none_are_compared(language: str, claim: str, source: str, status: str) -> None:
    assert statuses(claim, source, language=language)[0] == status
