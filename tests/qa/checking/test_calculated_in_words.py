"""Shares and differences that a draft calculates from its source agree, in all languages; others are faults."""

from __future__ import annotations

import re

import pytest

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library
from qa.checking.draft import from_text
from qa.checking.report import check_draft

SOURCES = {
    "en": """\
# Harrow Vale Museum Annual Report 2022

## Visitors

The museum counted 1,247,000 visitors. Of the 84,000 schoolchildren, 33,700 came from the valley. The ferry
brought 214,000 people, of whom 128,000 crossed to the island.

| Branch | 2022 | 2021 |
|---|---|---|
| Old Mill and garden | 418,000 | 366,000 |
| Lighthouse | 302,000 | 310,500 |
| Tannery | 527,000 | 411,000 |
| Total | 1,247,000 | 1,087,500 |

## Work

Visitors queued 23 minutes on average; in 2021 it had been nine minutes. The repair of a painting took 74 days,
against a target of 60 days. We renewed 31.4 kilometres of path; 36 had been planned. Spending was 16.2 million
crowns of a budget of 17.5 million. Four of the seven targets were met. The museum has 93 exhibits on loan. Of
the 612 complaints, 157 were about parking.

The council approved the new wing by 23 votes to 17. Porters struck for five days in May and got a rise of 4.5
per cent, where they had asked for 7. Old tools, a collection begun in 2019 with 140 gifts, now number 3,180.

The share of women among the guides was 64 per cent. Eighteen anglers sued together and got 2,268 crowns, that
is 126 crowns for each. One of them had lost 26 crowns.
""",
    "de": """\
# Jahresbericht 2022 der Hafenbahn Borkwede

## Verkehr

Die Bahn beförderte 1.247.000 Tonnen Güter. Von den 84.000 Wagen kamen 33.700 aus dem Süden. Mit den Sonderzügen
fuhren 214.000 Fahrgäste, davon 128.000 zur Insel.

| Strecke | 2022 | 2021 |
|---|---|---|
| Altbeck | 418.000 | 366.000 |
| Lohmoor | 302.000 | 310.500 |
| Tannsiel | 527.000 | 411.000 |
| Summe | 1.247.000 | 1.087.500 |

## Betrieb

Ein Zug wartete im Mittel 23 Minuten auf die Einfahrt; 2021 waren es neun Minuten gewesen. Die Reparatur einer
Lok dauerte 74 Tage, das Ziel waren 60 Tage. Erneuert wurden 31,4 Kilometer Gleis; geplant waren 36. Ausgegeben
wurden 16,2 Millionen Euro von einem Budget von 17,5 Millionen. Vier der sieben Ziele wurden erreicht. Von den
612 Beschwerden betrafen 157 den Lärm.

Der Beirat beschloss den Ausbau mit 23 gegen 17 Stimmen. Achtzehn Anlieger klagten gemeinsam und erhielten 2.268
Euro, also 126 Euro für jeden. Einer von ihnen hatte 26 Euro verloren. Von den 240 Beschäftigten sind 61 Frauen.
""",
    "fr": """\
# Rapport annuel 2022 du Port de Brévalle

## Trafic

Le port a reçu 1 247 000 visiteurs. Sur 84 000 élèves, 33 700 venaient de la vallée. Le bac a transporté 214 000
passagers, dont 128 000 vers l'île.

| Quai | 2022 | 2021 |
|---|---|---|
| Moulin | 418 000 | 366 000 |
| Phare | 302 000 | 310 500 |
| Tannerie | 527 000 | 411 000 |
| Total | 1 247 000 | 1 087 500 |

## Services

Les voyageurs ont attendu 23 minutes en moyenne ; en 2021, l'attente avait été de neuf minutes. La réparation
d'une grue a demandé 74 jours. L'objectif, 60 jours, n'a pas été atteint. Sur les 98 pontons, 41 sont
accessibles. Le port avait promis qu'ils seraient 48 à la fin de 2022. Les dépenses ont été de 16,2 millions
d'euros sur un budget de 17,5 millions. Quatre des sept objectifs ont été atteints. Sur 612 plaintes, 157
concernaient le bruit. Dans 70 % des cas, la plainte était fondée.

Le conseil a voté l'extension par 23 voix contre 17. Dix-huit pêcheurs ont plaidé ensemble et reçu 2 268 euros,
soit 126 euros à chacun. « J'ai perdu mes 26 euros », dit l'un d'eux.
""",
    "es": """\
# Memoria anual 2022 del Puerto de Cabrales

## Tráfico

El puerto recibió 1.247.000 visitantes. De los 84.000 escolares, 33.700 venían del valle. El barco llevó a
214.000 pasajeros, de los que 128.000 iban a la isla.

| Muelle | 2022 | 2021 |
|---|---|---|
| Molino | 418.000 | 366.000 |
| Faro | 302.000 | 310.500 |
| Curtiduría | 527.000 | 411.000 |
| Total | 1.247.000 | 1.087.500 |

## Servicios

Los viajeros esperaron 23 minutos de media; en 2021 habían sido nueve minutos. La reparación de una grúa duró 74
días; el objetivo eran 60 días. El gasto fue de 16,2 millones de euros de un presupuesto de 17,5 millones.
Cuatro de los siete objetivos se cumplieron. De las 612 quejas, 157 eran por el ruido.

La satisfacción fue del 68,4 % (objetivo: 75 %).

La junta aprobó la ampliación por 23 votos contra 17. Dieciocho pescadores reclamaron juntos y recibieron 2.268
euros, es decir, 126 euros para cada uno. Uno de ellos había perdido 26 euros.
""",
    "it": """\
# Relazione annuale 2022 del Porto di Montalba

## Traffico

Il traghetto ha portato 214.000 passeggeri, di cui 128.000 verso l'isola. Dei 84.000 alunni, 33.700 venivano
dalla valle. I viaggiatori hanno atteso 23 minuti in media; nel 2021 erano stati nove minuti. La spesa è stata
di 16,2 milioni di euro su un bilancio di 17,5 milioni. Quattro dei sette obiettivi sono stati raggiunti. Dei
612 reclami, 157 riguardavano il rumore. Il consiglio ha approvato l'ampliamento con 23 voti contro 17.
""",
    "nl": """\
# Jaarverslag 2022 van de Haven Borkum

## Verkeer

De veerboot vervoerde 214.000 passagiers, van wie 128.000 naar het eiland. Van de 84.000 leerlingen kwamen
33.700 uit het dal. Reizigers wachtten gemiddeld 23 minuten; in 2021 was dat negen minuten. De uitgaven waren
16,2 miljoen euro van een begroting van 17,5 miljoen. Vier van de zeven doelen werden gehaald. Van de 612
klachten gingen 157 over lawaai. De raad besloot met 23 tegen 17 stemmen tot de uitbreiding.
""",
    "pt": """\
# Relatório anual 2022 do Porto de Vilarinho

## Tráfego

O barco levou 214.000 passageiros, dos quais 128.000 iam para a ilha. Dos 84.000 alunos, 33.700 vinham do vale.
Os viajantes esperaram 23 minutos em média; em 2021 tinham sido nove minutos. Quatro dos sete objetivos foram
cumpridos. Das 612 queixas, 157 eram sobre o ruído. O conselho aprovou a ampliação por 23 votos contra 17.
""",
}

LEADS = {
    "en": "According to the Harrow Vale Museum Annual Report 2022, ",
    "de": "Laut dem Jahresbericht 2022 der Hafenbahn Borkwede ",
    "fr": "Selon le Rapport annuel 2022 du Port de Brévalle, ",
    "es": "Según la Memoria anual 2022 del Puerto de Cabrales, ",
    "it": "Secondo la Relazione annuale 2022 del Porto di Montalba, ",
    "nl": "Volgens het Jaarverslag 2022 van de Haven Borkum ",
    "pt": "Segundo o Relatório anual 2022 do Porto de Vilarinho, ",
}

TRUE = [
    ("en", "six in ten ferry passengers crossed to the island."),
    ("en", "four in ten schoolchildren came from the valley."),
    ("en", "a quarter of the complaints were about parking."),
    ("en", "a third of all visitors went to the Old Mill."),
    ("en", "the Tannery accounted for 42 per cent of all visitors."),
    ("en", "nearly one and a quarter million visitors came."),
    ("en", "visitors queued 14 minutes longer than the year before."),
    ("en", "the queue grew from nine to 23 minutes."),
    ("en", "1.3 million crowns of the budget were left unspent."),
    ("en", "three of the seven targets were missed."),
    ("en", "the wing was approved by a majority of six votes."),
    ("en", "the repair of a painting took 14 days longer than the target."),
    ("en", "4.6 kilometres of path fewer than planned were renewed."),
    ("en", "the council approved the new wing by 23 to 17."),
    ("en", "the collection of old tools grew from 140 to 3,180."),
    ("en", "porters won 4.5 per cent, two and a half points less than they had asked for."),
    ("en", "porters at Harrow Vale won 4.5 per cent."),
    ("en", "the anglers got 126 crowns each."),
    ("en", "the Tannery had 116,000 visitors more than the year before."),
    ("en", "the Lighthouse lost 8,500 visitors."),
    ("en", "the Tannery drew 109,000 visitors more than the Old Mill."),
    ("de", "fuhren sechs von zehn Fahrgästen der Sonderzüge zur Insel."),
    ("de", "kamen vier von zehn Wagen aus dem Süden."),
    ("de", "betraf ein Viertel der Beschwerden den Lärm."),
    ("de", "betraf jede vierte Beschwerde den Lärm."),
    ("de", "ist jeder vierte Beschäftigte eine Frau."),
    ("de", "entfielen 42 Prozent aller Güter auf Tannsiel."),
    ("de", "wurden knapp eineinviertel Millionen Tonnen befördert."),
    ("de", "wartete ein Zug 14 Minuten länger als im Vorjahr."),
    ("de", "stieg die Wartezeit von neun auf 23 Minuten."),
    ("de", "blieben 1,3 Millionen Euro des Budgets übrig."),
    ("de", "wurden drei der sieben Ziele verfehlt."),
    ("de", "fiel der Beschluss zum Ausbau mit sechs Stimmen Unterschied."),
    ("de", "dauerte die Reparatur einer Lok 14 Tage länger als das Ziel."),
    ("de", "fehlten 4,6 Kilometer Gleis am Ziel."),
    ("de", "beschloss der Beirat den Ausbau mit 23 gegen 17 Stimmen."),
    ("de", "beschloss der Beirat den Ausbau mit 23 zu 17 Stimmen."),
    ("de", "hatte Tannsiel 116.000 Tonnen mehr als im Vorjahr."),
    ("fr", "six passagers du bac sur dix allaient vers l'île."),
    ("fr", "quatre élèves sur dix venaient de la vallée."),
    ("fr", "un quart des plaintes concernait le bruit."),
    ("fr", "une plainte sur quatre concernait le bruit."),
    ("fr", "trois plaintes sur dix n'étaient pas fondées."),
    ("fr", "plus de la moitié des passagers du bac allaient vers l'île."),
    ("fr", "un tiers des visiteurs est allé au Moulin."),
    ("fr", "la Tannerie représente 42 % des visiteurs."),
    ("fr", "1,3 million d'euros du budget n'a pas été dépensé."),
    ("fr", "trois des sept objectifs n'ont pas été atteints."),
    ("fr", "l'extension a été votée par six voix d'écart."),
    ("fr", "la réparation d'une grue a dépassé de 14 jours l'objectif."),
    ("fr", "sept pontons de moins que promis étaient accessibles."),
    ("fr", "l'extension a été votée par 23 voix contre 17."),
    ("fr", "les pêcheurs ont touché 126 euros chacun."),
    ("fr", "la Tannerie a eu 116 000 visiteurs de plus qu'en 2021."),
    ("es", "seis de cada diez pasajeros del barco iban a la isla."),
    ("es", "cuatro de cada diez escolares venían del valle."),
    ("es", "una cuarta parte de las quejas eran por el ruido."),
    ("es", "una de cada cuatro quejas era por el ruido."),
    ("es", "más de la mitad de los pasajeros del barco iban a la isla."),
    ("es", "el muelle Curtiduría supuso el 42 % de los visitantes."),
    ("es", "los viajeros esperaron 14 minutos más que el año anterior."),
    ("es", "sobraron 1,3 millones de euros del presupuesto."),
    ("es", "tres de los siete objetivos no se cumplieron."),
    ("es", "la ampliación se aprobó por seis votos de diferencia."),
    ("es", "la reparación de una grúa superó en 14 días el objetivo."),
    ("es", "la satisfacción se quedó 6,6 puntos por debajo del objetivo."),
    ("es", "la ampliación se aprobó por 23 votos frente a 17."),
    ("es", "los pescadores recibieron 126 euros cada uno."),
    ("es", "el muelle Curtiduría tuvo 116.000 visitantes más que en 2021."),
    ("it", "sei passeggeri del traghetto su dieci andavano verso l'isola."),
    ("it", "sei su dieci passeggeri del traghetto andavano verso l'isola."),
    ("it", "un quarto dei reclami riguardava il rumore."),
    ("it", "tre dei sette obiettivi non sono stati raggiunti."),
    ("it", "i viaggiatori hanno atteso 14 minuti in più rispetto all'anno precedente."),
    ("it", "l'ampliamento è stato approvato con 23 voti contro 17."),
    ("it", "l'ampliamento è stato approvato con sei voti di differenza."),
    ("nl", "gingen zes op de tien passagiers van de veerboot naar het eiland."),
    ("nl", "ging een kwart van de klachten over lawaai."),
    ("nl", "ging één op de vier klachten over lawaai."),
    ("nl", "werden drie van de zeven doelen niet gehaald."),
    ("nl", "wachtten reizigers 14 minuten langer dan het jaar ervoor."),
    ("nl", "besloot de raad met 23 tegen 17 stemmen tot de uitbreiding."),
    ("pt", "seis em cada dez passageiros do barco iam para a ilha."),
    ("pt", "um quarto das queixas era sobre o ruído."),
    ("pt", "três dos sete objetivos não foram cumpridos."),
    ("pt", "os viajantes esperaram 14 minutos a mais do que no ano anterior."),
    ("pt", "o conselho aprovou a ampliação por 23 votos contra 17."),
]
FALSE = [
    ("en", "seven in ten schoolchildren came from the valley."),
    ("en", "three quarters of the complaints were about parking."),
    ("en", "the Tannery accounted for 62 per cent of all visitors."),
    ("en", "the Old Mill accounted for 43 per cent of all visitors."),
    ("en", "nearly one and three quarter million visitors came."),
    ("en", "visitors queued 19 minutes longer than the year before."),
    ("en", "the queue grew from seven to 23 minutes."),
    ("en", "2.7 million crowns of the budget were left unspent."),
    ("en", "four of the seven targets were missed."),
    ("en", "the wing was approved by a majority of nine votes."),
    ("en", "the repair of a painting took 24 days longer than the target."),
    ("en", "7.6 kilometres of path fewer than planned were renewed."),
    ("en", "the council approved the new wing by 27 to 13."),
    ("en", "porters at Harrow Vale won 6.5 per cent."),
    ("en", "the anglers got 162 crowns each."),
    ("en", "the Tannery had 161,000 visitors more than the year before."),
    ("de", "fuhren acht von zehn Fahrgästen der Sonderzüge zur Insel."),
    ("de", "kamen sieben von zehn Wagen aus dem Süden."),
    ("de", "betrafen drei Viertel der Beschwerden den Lärm."),
    ("de", "betraf jede zweite Beschwerde den Lärm."),
    ("de", "entfielen 62 Prozent aller Güter auf Tannsiel."),
    ("de", "wartete ein Zug 19 Minuten länger als im Vorjahr."),
    ("de", "blieben 2,7 Millionen Euro des Budgets übrig."),
    ("de", "wurden vier der sieben Ziele verfehlt."),
    ("de", "fiel der Beschluss zum Ausbau mit neun Stimmen Unterschied."),
    ("de", "dauerte die Reparatur einer Lok 24 Tage länger als das Ziel."),
    ("de", "fehlten 7,6 Kilometer Gleis am Ziel."),
    ("de", "beschloss der Beirat den Ausbau mit 27 gegen 13 Stimmen."),
    ("de", "erhielten die Anlieger je 162 Euro."),
    ("de", "hatte Tannsiel 161.000 Tonnen mehr als im Vorjahr."),
    ("fr", "huit passagers du bac sur dix allaient vers l'île."),
    ("fr", "sept élèves sur dix venaient de la vallée."),
    ("fr", "les trois quarts des plaintes concernaient le bruit."),
    ("fr", "la Tannerie représente 62 % des visiteurs."),
    ("fr", "2,7 millions d'euros du budget n'ont pas été dépensés."),
    ("fr", "quatre des sept objectifs n'ont pas été atteints."),
    ("fr", "l'extension a été votée par neuf voix d'écart."),
    ("fr", "l'extension a été votée par 27 voix contre 13."),
    ("fr", "les pêcheurs ont touché 162 euros chacun."),
    ("fr", "la Tannerie a eu 161 000 visiteurs de plus qu'en 2021."),
    ("es", "ocho de cada diez pasajeros del barco iban a la isla."),
    ("es", "siete de cada diez escolares venían del valle."),
    ("es", "tres cuartas partes de las quejas eran por el ruido."),
    ("es", "el muelle Curtiduría supuso el 62 % de los visitantes."),
    ("es", "los viajeros esperaron 19 minutos más que el año anterior."),
    ("es", "cuatro de los siete objetivos no se cumplieron."),
    ("es", "la ampliación se aprobó por nueve votos de diferencia."),
    ("es", "la reparación de una grúa superó en 24 días el objetivo."),
    ("es", "la satisfacción se quedó 9,6 puntos por debajo del objetivo."),
    ("es", "la ampliación se aprobó por 27 votos frente a 13."),
    ("es", "los pescadores recibieron 162 euros cada uno."),
    ("es", "el muelle Curtiduría tuvo 161.000 visitantes más que en 2021."),
    ("it", "otto passeggeri del traghetto su dieci andavano verso l'isola."),
    ("it", "tre quarti dei reclami riguardavano il rumore."),
    ("it", "quattro dei sette obiettivi non sono stati raggiunti."),
    ("it", "i viaggiatori hanno atteso 19 minuti in più rispetto all'anno precedente."),
    ("nl", "gingen acht op de tien passagiers van de veerboot naar het eiland."),
    ("nl", "ging driekwart van de klachten over lawaai."),
    ("nl", "werden vier van de zeven doelen niet gehaald."),
    ("nl", "besloot de raad met 27 tegen 13 stemmen tot de uitbreiding."),
    ("pt", "oito em cada dez passageiros do barco iam para a ilha."),
    ("pt", "três quartos das queixas eram sobre o ruído."),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return a library of one report in each language."""
    folder = tmp_path_factory.mktemp("reports")
    for language, text in SOURCES.items():
        (folder / f"{language}.md").write_text(re.sub(r"(?<=[^\n|])\n(?=[^\n|#])", " ", text))  # a line per paragraph
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize(("language", "claim"), TRUE)
def test_a_calculated_figure_agrees(library: Library, language: str, claim: str) -> None:
    report = check_draft(library, from_text(LEADS[language] + claim))
    assert "agrees" in [figure.status for figure in report.figures]
    assert not report.has_faults


@pytest.mark.parametrize(("language", "claim"), FALSE)
def test_another_result_is_a_fault(library: Library, language: str, claim: str) -> None:
    assert check_draft(library, from_text(LEADS[language] + claim)).has_faults
