"""Figures that a source states in other words agree; those that only might follow from it cannot be checked."""

from __future__ import annotations

import pytest

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library
from qa.checking.draft import from_text
from qa.checking.report import check_draft

CANAL = """# Canal Report {year}

## Boats

At the end of {year} the canal had {boats} boats and {wharves} wharves. Swing bridges were repainted in four of
the seven districts.

| District | Locks | of 10 m or longer | Crews over 65 |
|---|---|---|---|
| Upper Reach | 48 | 9 | 14 |
| Harbour | 31 | 12 | 7 |

## Board

The board has 30 wardens, of whom 13 are women. It decided by eleven votes to six to close the old basin. The
canal has 85 lock keepers. Twenty of them are women.

## Works

New gates cost 210,000 crowns, less a grant of 18,000 crowns. The tow path was built for 7.2 million crowns,
0.6 million less than planned. Dredging of the basin began on 4 May {year} and ended on 22 May {year}. The crews
moved 640 tonnes of sand and 255 tonnes of clay. The toll was cut from 520,000 to 460,000 crowns. The ferry
licence costs 45 euros a month.
"""

MUSEUM = """# Jahresbericht {year} des Museums Tannwiek

## Besuch

Ende {year} hatte der Verein {boats} Mitglieder und {wharves} Paten. Die Beleuchtung wurde in fünf von acht
Sälen erneuert.

| Saal | Objekte | Objekte ab 100 Jahre und älter | 12 m oder länger |
|---|---|---|---|
| Nordsaal | 410 | 37 | 5 |
| Südsaal | 280 | 52 | 8 |

## Haus

Das Haus hat 26 Beschäftigte, davon 11 Frauen. Der Rat beschloss den Umbau mit vierzehn zu drei Stimmen. Das
Archiv hat 74 Bände. Neun davon sind beschädigt.

## Umbau

Der Umbau kostete 380.000 Kronen, abzüglich eines Zuschusses von 35.000 Kronen. Der Aufzug kostete
4,6 Millionen Kronen, 0,3 Millionen weniger als geplant. Die Sonderschau begann am 6. Juni {year} und endete am 30. Juni
{year}. Der Etat für Werbung sank von 90.000 auf 72.000 Kronen. Die Jahreskarte kostet 38 Euro im Jahr.
"""

THEATRE = """# Rapport annuel {year} du Théâtre de Brévenne

## Public

Fin {year}, le théâtre comptait {boats} abonnés et {wharves} mécènes. Le chauffage a été remplacé dans trois des
neuf salles.

| Salle | Places | 10 m ou plus | Abonnés de plus de 60 ans |
|---|---|---|---|
| Salle bleue | 320 | 6 | 44 |
| Salle rouge | 510 | 11 | 58 |

## Troupe

La troupe compte 42 comédiens, dont 19 femmes. Le conseil a voté la réforme par douze voix contre cinq.

## Travaux

La toiture a coûté 290 000 couronnes, moins une franchise de 15 000 couronnes. Le festival a commencé le 3
juillet {year} et s'est achevé le 19 juillet {year}. La subvention est passée de 640 000 à 610 000 couronnes. La
carte coûte 25 euros par mois.
"""


@pytest.fixture(scope="module")
def yearly(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Library]:
    """Return three series of two editions, each in its language."""
    libraries = {}
    for language, text in (("en", CANAL), ("de", MUSEUM), ("fr", THEATRE)):
        folder = tmp_path_factory.mktemp(language)
        name = " ".join(text.partition("\n")[0].removeprefix("# ").format(year="").split())
        for year, boats, wharves in ((2021, 3412, 61), (2022, 3120, 68)):
            written = {"en": f"{boats:,}", "de": f"{boats:,}".replace(",", "."), "fr": f"{boats:,}".replace(",", " ")}
            (folder / f"report-{year}.md").write_text(text.format(year=year, boats=written[language], wharves=wharves))
        (folder / "corpus.toml").write_text(f'[defaults]\nseries = "{name}"\nlanguage = "{language}"\n')
        build(folder / "index", plan([folder]), load())
        libraries[language] = Library(folder / "index", load)
    return libraries


LEADS = {
    "en": "According to the Canal Report 2022, ",
    "de": "Laut dem Jahresbericht 2022 des Museums Tannwiek ",
    "fr": "Selon le Rapport annuel 2022 du Théâtre de Brévenne, ",
}


def states(libraries: dict[str, Library], language: str, claim: str) -> list[str]:
    """Return the states of the figures of a claim about the later edition of a series."""
    return [figure.status for figure in check_draft(libraries[language], from_text(LEADS[language] + claim)).figures]


LIMITS = [
    ("en", "nine locks of 10 m or longer are in the Upper Reach."),
    ("en", "the Harbour has 12 locks that are 10 m or longer."),
    ("en", "the Upper Reach has 14 crews over 65."),
    ("de", "hat der Südsaal acht Objekte von 12 m oder länger."),
    ("de", "hat der Nordsaal fünf Objekte von mindestens 12 m."),
    ("fr", "la salle rouge a 11 places de 10 m ou plus."),
    ("fr", "la salle bleue compte 44 abonnés de plus de 60 ans."),
]
OTHER_LIMITS = [
    ("en", "nine locks of 15 m or longer are in the Upper Reach."),
    ("en", "nine locks of 10 m or shorter are in the Upper Reach."),
    ("en", "the Upper Reach has 14 crews over 75."),
    ("de", "hat der Südsaal acht Objekte von 14 m oder länger."),
    ("de", "hat der Nordsaal sechs Objekte von mindestens 12 m."),
    ("fr", "la salle rouge a 13 places de 10 m ou plus."),
    ("fr", "la salle bleue compte 44 abonnés de plus de 70 ans."),
]

RESTS = [
    ("en", "swing bridges were not repainted in three of the seven districts."),
    ("en", "three districts did not have their swing bridges repainted."),
    ("en", "17 of the 30 wardens are men."),
    ("en", "65 of the 85 lock keepers are men."),
    ("de", "wurde die Beleuchtung in drei von acht Sälen nicht erneuert."),
    ("de", "sind 15 der 26 Beschäftigten Männer."),
    ("de", "sind 65 der 74 Bände nicht beschädigt."),
    ("fr", "le chauffage n'a pas été remplacé dans six des neuf salles."),
    ("fr", "23 des 42 comédiens sont des hommes."),
]
OTHER_RESTS = [
    ("en", "swing bridges were not repainted in two of the seven districts."),
    ("en", "swing bridges were repainted in three of the seven districts."),
    ("en", "17 of the 30 wardens are women."),
    ("en", "18 of the 30 wardens are men."),
    ("de", "wurde die Beleuchtung in drei von acht Sälen erneuert."),
    ("de", "sind 15 der 26 Beschäftigten Frauen."),
    ("de", "sind 64 der 74 Bände nicht beschädigt."),
    ("fr", "le chauffage a été remplacé dans six des neuf salles."),
    ("fr", "23 des 42 comédiens sont des femmes."),
]

CHANGES = [
    ("en", "the number of boats fell by 292."),
    ("en", "the number of wharves rose by seven to 68."),
    ("en", "the toll was cut by 60,000 crowns to 460,000 crowns."),
    ("en", "the toll was cut by 60,000 crowns."),
    ("de", "sank die Zahl der Mitglieder um 292."),
    ("de", "kamen sieben Paten hinzu."),
    ("de", "sank der Etat für Werbung um 18.000 Kronen auf 72.000 Kronen."),
    ("fr", "le nombre d'abonnés a diminué de 292."),
    ("fr", "la subvention a diminué de 30 000 couronnes."),
]
OTHER_CHANGES = [
    ("en", "the number of boats rose by 292."),
    ("en", "the number of boats fell by 392."),
    ("en", "the toll was cut by 70,000 crowns."),
    ("de", "stieg die Zahl der Mitglieder um 292."),
    ("de", "sank die Zahl der Mitglieder um 392."),
    ("de", "kamen neun Paten hinzu."),
    ("fr", "le nombre d'abonnés a augmenté de 292."),
    ("fr", "le nombre d'abonnés a diminué de 392."),
]

COMBINED = [
    ("en", "new gates cost 192,000 crowns without the grant."),
    ("en", "the tow path was built for 7.2 million crowns instead of the planned 7.8 million crowns."),
    ("en", "the dredging lasted 18 days."),
    ("en", "a total of 895 tonnes of sand and clay were moved."),
    ("de", "kostete der Umbau ohne den Zuschuss 345.000 Kronen."),
    ("de", "kostete der Aufzug statt der geplanten 4,9 Millionen Kronen nur 4,6 Millionen Kronen."),
    ("de", "dauerte die Sonderschau 24 Tage."),
    ("fr", "la toiture a coûté 275 000 couronnes sans la franchise."),
    ("fr", "le festival a duré 16 jours."),
]
OTHER_COMBINED = [
    ("en", "new gates cost 182,000 crowns without the grant."),
    ("en", "the tow path was built for 7.2 million crowns instead of the planned 8.1 million crowns."),
    ("en", "the dredging lasted 28 days."),
    ("de", "kostete der Umbau ohne den Zuschuss 355.000 Kronen."),
    ("de", "dauerte die Sonderschau 34 Tage."),
    ("fr", "la toiture a coûté 265 000 couronnes sans la franchise."),
    ("fr", "le festival a duré 26 jours."),
]

VOTES = [
    ("en", "the eleven-to-six vote closed the old basin."),
    ("en", "eleven wardens voted for closing the old basin and six against."),
    ("en", "the old basin was closed by a vote of eleven to six."),
    ("de", "stimmten vierzehn dafür und drei dagegen."),
    ("de", "wurde der Umbau mit vierzehn Stimmen gegen drei beschlossen."),
    ("fr", "douze membres ont voté pour et cinq contre."),
]
OTHER_VOTES = [
    ("en", "the eleven-to-five vote closed the old basin."),
    ("en", "twelve wardens voted for closing the old basin and six against."),
    ("en", "six wardens voted for closing the old basin and eleven against."),
    ("de", "stimmten vierzehn dafür und fünf dagegen."),
    ("de", "wurde der Umbau mit zwölf Stimmen gegen drei beschlossen."),
    ("fr", "douze membres ont voté pour et huit contre."),
]

RATES = [
    ("en", "the ferry licence costs 45 euros per month."),
    ("en", "the ferry licence costs 45 euros monthly."),
    ("de", "kostet die Jahreskarte jährlich 38 Euro."),
    ("de", "kostet die Jahreskarte 38 Euro pro Jahr."),
    ("fr", "la carte coûte 25 euros mensuels."),
    ("fr", "la carte coûte 25 euros chaque mois."),
]
OTHER_RATES = [
    ("en", "the ferry licence costs 45 euros a year."),
    ("en", "the ferry licence costs 45 euros per day."),
    ("de", "kostet die Jahreskarte monatlich 38 Euro."),
    ("de", "kostet die Jahreskarte 38 Euro am Tag."),
    ("fr", "la carte coûte 25 euros par an."),
    ("fr", "la carte coûte 25 euros par semaine."),
]


@pytest.mark.parametrize(("language", "claim"), [*LIMITS, *RESTS, *CHANGES, *COMBINED, *VOTES, *RATES])
def test_what_follows_from_the_words_of_the_source_agrees(
    yearly: dict[str, Library], language: str, claim: str
) -> None:
    found = states(yearly, language, claim)
    assert found
    assert set(found) == {"agrees"}


@pytest.mark.parametrize(
    ("language", "claim"),
    [*OTHER_LIMITS, *OTHER_RESTS, *OTHER_CHANGES, *OTHER_COMBINED, *OTHER_VOTES, *OTHER_RATES],
)
def test_what_does_not_follow_never_agrees(yearly: dict[str, Library], language: str, claim: str) -> None:
    assert set(states(yearly, language, claim)) - {"agrees"}


YARD = """# Yard Report {year}

## Work

The yard finished {ships} ships in {year}. It employed {staff} welders. The mean delivery time was {days} days.

| Hall | Hulls | Engines |
|---|---|---|
| North hall | 14 | 230 |
| South hall | 22 | 310 |
| Old hall | 9 | 145 |

## Materials

The yard used 84 tonnes of steel, of which 51 came by rail, 20 by barge and the rest by road. The 160 apprentices
worked 41,600 hours. During the year 33 welders joined and 47 welders left.
"""


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return two editions of a report whose levels change, without a word for the change."""
    folder = tmp_path_factory.mktemp("yard")
    for year, ships, staff, days in ((2021, 61, 410, 88), (2022, 54, 436, 95)):
        text = YARD.format(year=year, ships=ships, staff=staff, days=days)
        (folder / f"yard-{year}.md").write_text(text)
    (folder / "corpus.toml").write_text('[defaults]\nseries = "Yard Report"\nlanguage = "en"\n')
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("the number of ships finished fell to 54.", "agrees"),
        ("the number of ships finished rose to 54.", "differs"),
        ("the number of welders grew to 436.", "agrees"),
        ("the number of welders shrank to 436.", "differs"),
        ("delivery times dropped to 95 days.", "differs"),
        ("the yard finished 54 ships.", "agrees"),
        ("the three halls built 45 hulls altogether.", "agrees agrees"),
        ("the North hall and the Old hall together built 375 engines.", "agrees"),
        ("the halls built 685 engines in total.", "agrees"),
        ("the four halls built 46 hulls altogether.", "not found not found"),
        ("13 tonnes of steel came by road.", "agrees"),
        ("apprentices worked 260 hours each on average.", "agrees"),
        ("the yard lost a net 14 welders.", "agrees"),
    ],
)
def test_levels_sums_and_rests_follow_from_the_editions(yard: Library, claim: str, status: str) -> None:
    draft = from_text(f"According to the Yard Report 2022, {claim}")
    assert " ".join(figure.status for figure in check_draft(yard, draft).figures) == status


def test_a_figure_that_differs_has_a_reason(yard: Library) -> None:
    draft = from_text("According to the Yard Report 2022, the number of ships finished rose to 54.")
    (figure,) = check_draft(yard, draft).figures
    assert figure.reason == "the edition before shows the opposite change"
    assert figure.place is not None
    assert figure.place.document.edition == 2021
