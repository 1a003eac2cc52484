"""What questions in five languages ask for: years, spans, eras, fiscal years, series, editions, authors, publishers."""

from __future__ import annotations

import pytest

from qa.question.analysis import interpret
from qa.question.corpus_facts import CorpusFacts
from tests.factories.hits import make_document

SERIES = {
    "address": "State of the Harbour Address",
    "bluebook": "Maritime Bluebook",
    "paper": "White Paper on Fisheries",
    "speech": "Budget Speech",
    "bay": "North Bay Orchards, Inc.: Form 10-K",
    "hill": "South Hill Quarries Co.: Form 10-K",
    "青書": "海事青書",
    "bericht": "Hafenbericht",
    "rapport": "Rapport sur la pêche",
    "informe": "Informe del Puerto",
    "": None,
}
_EDITIONS = {
    "bluebook": (2016, 2020),
    "paper": (2014, 2015, 2016),
    "speech": (1983, 1984, 2015),
    "bay": (2019, 2020),
    "hill": (2019, 2020),
    "青書": (2016, 2017, 2020),
    "bericht": (2015, 2016),
    "rapport": (2015, 2016),
    "informe": (2015, 2016),
}
_SPEAKERS = {
    1956: "Edgar_Brook",
    1958: "Edgar_Brook",
    1960: "Edgar_Brook",
    1983: "Anna_M__Clay",
    1984: "Anna_M__Clay",
    1990: "John_Dale",
}
LIBRARY = CorpusFacts.of(
    [
        *(
            make_document(
                f"{key}-{year}", series=SERIES[key], edition=year, covers=year - 1, title=f"{SERIES[key]} {year}"
            )
            for key, years in _EDITIONS.items()
            for year in years
        ),
        *(
            make_document(
                f"{year}_{name}", series=SERIES["address"], edition=year, covers=year, source=f"{year}_{name}.txt"
            )
            for year, name in _SPEAKERS.items()
        ),
        make_document("tides", publisher="City of Springfield", title="Tides", covers=(2002, 2012)),
    ]
)

# question | years of events | editions | series | names
TABLE = """
# years
How many ships were escorted in 2015? | 2015 | | |
What happened in 2015 and 2019? | 2015 2019 | | |
catches in 2014, 2015 and 2018 | 2014 2015 2018 | | |
catches from 2014 to 2016 | 2014 2015 2016 | | |
catches between 2014 and 2016 | 2014 2015 2016 | | |
catches 2014-2016 | 2014 2015 2016 | | |
catches 2014–16 | 2014 2015 2016 | | |
What happened on 31.03.2015? | 2015 | | |
What was agreed in March 2015? | 2015 | | |
What was agreed by the end of 2015? | 2015 | | |
the 2015 flood | 2015 | | |
the flood of 2015 | 2015 | | |
In 1983, how many boats sank? | 1983 | | |
the war of 1812 | 1812 | | |
mid-2015 prices | 2015 | | |
What is the outlook for 2030? | 2030 | | |
# open periods: the years that the library has
What has changed since 2015? | 2015 2016 2017 2018 2019 2020 | | |
catches since 2018 | 2018 2019 2020 | | |
catches after 2018 | 2019 2020 | | |
catches from 2018 onwards | 2018 2019 2020 | | |
harbours until 1958 | 1956 1958 | | |
harbours before 1958 | 1956 | | |
harbours prior to 1958 | 1956 | | |
harbours since 1850 in brief | all | | |
catches since 2031 | 2031 | | |
# decades
What was built in the 1950s? | 1950-1959 | | |
What was built in the 1980s? | 1980-1989 | | |
the late 1980s | 1980-1989 | | |
the '80s | 1980-1989 | | |
in the 90s | 1990-1999 | | |
strikes of the early 50s | 1950-1959 | | |
the fifties | 1950-1959 | | |
the nineteen-eighties | 1980-1989 | | |
the decade of the 1950s | 1950-1959 | | |
# bounds
harbours no later than 1958 | 1956 1958 | | |
harbours up to and including 1958 | 1956 1958 | | |
catches not before 2018 | 2018 2019 2020 | | |
What was caught from 2018 on? | 2018 2019 2020 | | |
the White Papers since 2015 | 2015 2016 | | paper |
# fiscal years
catches from FY2014 to FY2016 | 2014 2015 2016 | | |
catches in FY14 and FY15 | 2014 2015 | | |
spending in FY16 | 2016 | | |
spending in FY2016 | 2016 | | |
spending in FY 2016 | 2016 | | |
spending in fiscal 2016 | 2016 | | |
spending in fiscal year 2016 | 2016 | | |
spending in 2015/16 | 2015 2016 | | |
spending in 2015-16 | 2015 2016 | | |
spending in FY15-16 | 2015 2016 | | |
spending in FY2015/16 | 2015 2016 | | |
the school year 2015/2016 | 2015 2016 | | |
the financial year 1999-2000 | 1999 2000 | | |
# numbers that are no years
What did resolution 1973 decide? | | | |
Resolution 2015 (2011) | 2011 | | |
General Assembly resolution 70/1 of 2015 | 2015 | | |
ISO 2016:2015 | | | |
A/RES/1514 | | | |
What did resolutions 1970 and 1973 decide? | | | |
Document S/2016/70 | | | |
Document A/RES/2015/70 | | | |
Regulation (EU) No 648/2012 | | | |
Verordnung (EU) Nr. 1303/2013 | | | |
ISO 9001 and ISO 1996 | | | |
EN 1990 and DIN 1986 | | | |
What is RFC 1918? | | | |
JIS 1995 | | | |
Security Council resolution 1540 on weapons | | | |
決議第1973号は何を決めましたか。 | | | |
第1973号 | | | |
the fleet caught 2015 tons | | | |
a budget of $2015 and 2,015 boats | | | |
Room 2016 | | | |
page 2016 | | | |
telephone +44 2015 2016 | | | |
the 2030 Agenda | | | |
Agenda 2030 | | | |
Loi n° 1958-58 | | | |
What is Form 1990? | | | |
Executive Order 1990 | | | |
Public Law 1990 | | | |
COM(2015) 2016 | | | |
Senate Bill 1990 | | | |
Case No. 2016-145 | | | |
MIL-STD-1916 | | | |
Directive 2014/24/EU | | | |
Regulation 2016/679 | | | |
extension 2015 | | | |
the Companies Act 2006 | 2006 | | |
# eras
What happened in Heisei 27? | 2015 | | |
What happened in Reiwa 2? | 2020 | | |
What happened in Showa 58? | 1983 | | |
平成27年に何隻を護衛しましたか。 | 2015 | | |
平成27年度の予算 | 2015 | | |
令和2年の漁獲 | 2020 | | |
令和元年の漁獲 | 2019 | | |
昭和58年の港 | 1983 | | |
H27年の漁獲 | 2015 | | |
R2年度の漁獲 | 2020 | | |
２０１５年の漁獲 | 2015 | | |
平成27年（2015年）の漁獲 | 2015 | | |
# series and editions
What does the 2016 Bluebook say of piracy? | | 2016 | bluebook |
piracy in the Maritime Bluebook 2020 | | 2020 | bluebook |
piracy in the Maritime Bluebook of 2020 | | 2020 | bluebook |
piracy in the Bluebook for 2020 | | 2020 | bluebook |
piracy in the Bluebook (2020) | | 2020 | bluebook |
What do the 2016 and 2020 Bluebooks say? | | 2016 2020 | bluebook |
What did the 2016 Bluebook say of 2015? | 2015 | 2016 | bluebook |
herring in the White Paper | | | paper |
herring in the White Paper on Fisheries for 2015 | | 2015 | paper |
herring in the 2015 white paper | | 2015 | paper |
herring in the 2020 edition | | 2020 | |
herring in the edition of 2020 | | 2020 | |
herring in edition 2020 | | 2020 | |
What does the latest Bluebook say? | | 2020 | bluebook |
What does the most recent Bluebook say? | | 2020 | bluebook |
What does the previous Bluebook say? | | 2016 | bluebook |
the latest edition of the Bluebook | | 2020 | bluebook |
the first edition of the White Paper | | 2014 | paper |
the second edition of the White Paper | | 2015 | paper |
the 3rd edition of the White Paper | | 2016 | paper |
the seventh edition of the White Paper | | | paper |
the latest edition | | 2020 | |
What do the two Bluebooks say? | | 2016 2020 | bluebook |
What do both Bluebooks say? | | 2016 2020 | bluebook |
the two editions of the Bluebook | | 2016 2020 | bluebook |
all three editions of the White Paper | | 2014 2015 2016 | paper |
the four editions of the White Paper | | | paper |
Which of the two Bluebooks mentions piracy? | | 2016 2020 | bluebook |
the last two editions of the White Paper | | 2015 2016 | paper |
the last two White Papers | | 2015 2016 | paper |
all editions of the White Paper | | 2014 2015 2016 | paper |
every White Paper | | 2014 2015 2016 | paper |
White Papers 2014 to 2016 | | 2014 2015 2016 | paper |
the penultimate White Paper | | 2015 | paper |
What happened two years before the 2016 Bluebook? | | 2016 | bluebook |
all ships in the Bluebook | | | bluebook |
the two ships in the Bluebook | | | bluebook |
the edition before the 2020 Bluebook | | 2016 | bluebook |
the edition after the 2014 White Paper | | 2015 | paper |
the last three editions | | 2017 2019 2020 | |
the first two White Papers | | 2014 2015 | paper |
the newest two White Papers | | 2015 2016 | paper |
the last Bluebook but one | | 2016 | bluebook |
How did catches change between the 2014 and 2016 White Papers? | | 2014 2016 | paper |
from the first to the latest edition of the Bluebook | | 2016 2020 | bluebook |
What was the latest attack? | | | |
# a year that no edition has or covers
What does the 2017 Bluebook say of piracy? | | 2017 | bluebook |
What does the 2018 Bluebook say of piracy? | 2018 | 2018 | bluebook |
the Bluebook on events of 1700 | 1700 | | bluebook |
How did piracy change from 1700 to 2016 in the Bluebook? | 1700 2016 | | bluebook |
# last year within an edition
What happened last year, according to the 2016 Bluebook? | 2015 | 2016 | bluebook |
What happened in the prior year, according to the 2016 Bluebook? | 2015 | 2016 | bluebook |
Wat gebeurde er vorig jaar volgens het Bluebook 2016? | 2015 | 2016 | bluebook |
What happened in the previous year in the 2020 edition? | 2019 | 2020 | |
What is planned this year in the 2016 Bluebook? | 2016 | 2016 | bluebook |
What happened last year? | | | |
What will happen next year, according to the 2016 Bluebook? | 2017 | 2016 | bluebook |
# words of the library beside a year
What did the 1983 address say? | | 1983 | address |
What did the address of 1983 say? | | 1983 | address |
What did the address for 1984 promise? | | 1984 | address |
What did the 1984 budget say of boats? | | 1984 | speech |
the budget of 1984 | | 1984 | speech |
the budget for 1984 | | 1984 | speech |
the 1984 budget speech | | 1984 | speech |
the speech of 1983 | | 1983 | speech |
the 2015 white paper report | | 2015 | paper |
the 2015 speech | | 2015 | speech |
the 1984 budget deficit | 1984 | | |
How large was the budget in 1984? | 1984 | | |
What does the latest address say? | | 1990 | address |
What does the latest speech say? | | 2015 | speech |
Who gave an address in 1983? | 1983 | | |
the 1990 addresses | | 1990 | address |
# authors, places, publishers
What did Brook's 1960 address say? | | 1960 | address | Brook
What did Edgar Brook say of boats? | | | | Edgar Brook
What did President Brook propose? | | | | Brook
What did Anna M. Clay's address of 1984 say? | | 1984 | address | Anna M. Clay
Clay's 1984 budget | | 1984 | speech | Clay
the address by John Dale | | | | John Dale
Under Dale, what was built? | | | | Dale
How deep is the clay? | | | |
What is a brook? | | | |
the gross margin of North Bay Orchards | | | | north bay orchards
What did North Bay earn in 2019? | 2019 | | | north bay
South Hill Quarries Co. sales in 2020 | 2020 | | | south hill quarries co.
tides in Springfield | | | | springfield
tides, according to the City of Springfield | | | | city of springfield
# German
Wie viele Schiffe wurden im Jahr 2015 begleitet? | 2015 | | |
Fänge von 2014 bis 2016 | 2014 2015 2016 | | |
Fänge zwischen 2014 und 2016 | 2014 2015 2016 | | |
Fänge seit 2018 | 2018 2019 2020 | | |
Fänge ab 2018 | 2018 2019 2020 | | |
Fänge nach 2018 | 2019 2020 | | |
Häfen vor 1958 | 1956 | | |
Häfen bis 1956 | 1956 | | |
in den 1980er Jahren | 1980-1989 | | |
in den 80er Jahren | 1980-1989 | | |
Ausgaben im Geschäftsjahr 2015/16 | 2015 2016 | | |
Ausgaben im Haushaltsjahr 2016 | 2016 | | |
Was steht im Hafenbericht 2016? | | 2016 | bericht |
Was steht im Hafenbericht von 2015? | | 2015 | bericht |
Was steht in der neuesten Ausgabe des Hafenberichts? | | 2016 | bericht |
Was steht in der letzten Ausgabe? | | 2020 | |
Was steht in den beiden Ausgaben des Hafenberichts? | | 2015 2016 | bericht |
in den Neunzigerjahren | 1990-1999 | | |
in den fünfziger Jahren | 1950-1959 | | |
Häfen bis einschließlich 1958 | 1956 1958 | | |
Was steht in beiden Hafenberichten? | | 2015 2016 | bericht |
Was steht in allen Hafenberichten? | | 2015 2016 | bericht |
Was steht im letzten Hafenbericht? | | 2016 | bericht |
die Ausgabe 2016 | | 2016 | |
die Ausgabe von 2016 | | 2016 | |
Was geschah laut Hafenbericht 2016 im Vorjahr? | 2015 | 2016 | bericht |
Was geschah laut Hafenbericht 2016 im letzten Jahr? | 2015 | 2016 | bericht |
der Hafenbericht 2015 und 2016 | | 2015 2016 | bericht |
Was steht in den letzten drei Ausgaben? | | 2017 2019 2020 | |
die Ausgabe vor dem Hafenbericht 2016 | | 2015 | bericht |
der vorletzte Hafenbericht | | 2015 | bericht |
Formular 1990 | | | |
Drucksache 18/2016 | | | |
§ 2016 BGB | | | |
# French
Combien de navires en 2015 ? | 2015 | | |
les prises de 2014 à 2016 | 2014 2015 2016 | | |
les prises entre 2014 et 2016 | 2014 2015 2016 | | |
les prises depuis 2018 | 2018 2019 2020 | | |
les prises à partir de 2018 | 2018 2019 2020 | | |
les prises après 2018 | 2019 2020 | | |
les ports avant 1958 | 1956 | | |
dans les années 1980 | 1980-1989 | | |
dans les années 80 | 1980-1989 | | |
la décennie 1980 | 1980-1989 | | |
les années cinquante | 1950-1959 | | |
les années quatre-vingt-dix | 1990-1999 | | |
la résolution 1973 | | | |
le décret n° 2015-1234 | | | |
de 2014 jusqu'en 2016 | 2014 2015 2016 | | |
le dernier Rapport sur la pêche | | 2016 | rapport |
les deux derniers rapports sur la pêche | | 2015 2016 | rapport |
l'exercice 2016 | 2016 | | |
Que dit le Rapport sur la pêche de 2016 ? | | 2016 | rapport |
Que dit le Rapport sur la pêche 2015 ? | | 2015 | rapport |
Que dit la dernière édition du Rapport sur la pêche ? | | 2016 | rapport |
Que disent les deux éditions du Rapport sur la pêche ? | | 2015 2016 | rapport |
l'édition 2016 | | 2016 | |
l'édition de 2016 | | 2016 | |
Selon l'édition 2016, qu'est-il arrivé l'année précédente ? | 2015 | 2016 | |
les trois dernières éditions | | 2017 2019 2020 | |
l'édition précédant le Rapport sur la pêche 2016 | | 2015 | rapport |
le formulaire 1990 | | | |
tous les Rapports sur la pêche | | 2015 2016 | rapport |
# Spanish
¿Cuántos barcos hubo en 2015? | 2015 | | |
capturas de 2014 a 2016 | 2014 2015 2016 | | |
capturas entre 2014 y 2016 | 2014 2015 2016 | | |
capturas desde 2018 | 2018 2019 2020 | | |
puertos antes de 1958 | 1956 | | |
puertos hasta 1956 | 1956 | | |
capturas después de 2018 | 2019 2020 | | |
capturas a partir de 2018 | 2018 2019 2020 | | |
en los años 80 | 1980-1989 | | |
en la década de 1980 | 1980-1989 | | |
los años cincuenta | 1950-1959 | | |
el ejercicio 2016 | 2016 | | |
el último Informe del Puerto | | 2016 | informe |
la última edición del Informe del Puerto | | 2016 | informe |
las dos ediciones del Informe del Puerto | | 2015 2016 | informe |
la edición de 2016 | | 2016 | |
las tres últimas ediciones | | 2017 2019 2020 | |
todos los Informes del Puerto | | 2015 2016 | informe |
¿Qué pasó el año pasado, según la edición 2016? | 2015 | 2016 | |
Real Decreto 1990/2015 | | | |
el formulario 1990 | | | |
la primera edición del Informe del Puerto | | 2015 | informe |
# Japanese
2015年に何隻を護衛しましたか。 | 2015 | | |
2014年から2016年までの漁獲 | 2014 2015 2016 | | |
2018年以降の漁獲 | 2018 2019 2020 | | |
1956年以前の港 | 1956 | | |
1980年代の港 | 1980-1989 | | |
2016年版海事青書は何と述べていますか。 | | 2016 | 青書 |
海事青書2017は何と述べていますか。 | | 2017 | 青書 |
平成28年版海事青書 | | 2016 | 青書 |
令和2年版の海事青書 | | 2020 | 青書 |
海事青書の2016年版 | | 2016 | 青書 |
海事青書の最新版 | | 2020 | 青書 |
2016年版海事青書によると、前年に何がありましたか。 | 2015 | 2016 | 青書 |
最新の海事青書 | | 2020 | 青書 |
前回の海事青書 | | 2017 | 青書 |
三つの海事青書 | | 2016 2017 2020 | 青書 |
全ての海事青書 | | 2016 2017 2020 | 青書 |
海事青書2016年版と2020年版の違い | | 2016 2020 | 青書 |
昭和50年代の港 | 1975-1984 | | |
平成20年代の漁獲 | 2008-2017 | | |
2018年からの漁獲 | 2018 2019 2020 | | |
様式1990 | | | |
直近3つの版 | | 2017 2019 2020 | |
2020年版海事青書の前の版 | | 2017 | 青書 |
直近の海事青書 | | 2020 | 青書 |
2015年度の予算 | 2015 | | |
# other wordings
What was spent in FYs 2014 and 2015? | 2014 2015 | | |
spending in FY 2014-15 and FY 2015-16 | 2014 2015 2016 | | |
the quarter ended 31 March 2016 | 2016 | | |
between Heisei 26 and Heisei 28 | 2014 2015 2016 | | |
How did Clay's 1983 speech differ from her 1984 one? | | 1983 1984 | speech | Clay
the mid-1980s | 1980-1989 | | |
the years 2014-15 | 2014 2015 | | |
What does the newest White Paper on Fisheries say about last year? | 2015 | 2016 | paper |
What does the 2016 edition of the Bluebook say? | | 2016 | bluebook |
What is new in the 2020 Bluebook compared with 2016? | | 2016 2020 | bluebook |
UN resolution 2231 (2015) | 2015 | | |
In the year 2015, what fell? | 2015 | | |
the Fisheries White Papers of 2014 and 2015 | | 2014 2015 | paper |
平成二十七年の漁獲 | 2015 | | |
2014～2016年の漁獲 | 2014 2015 2016 | | |
海事青書2016年版は何と述べていますか。 | | 2016 | 青書 |
平成26年度から平成28年度の予算 | 2014 2015 2016 | | |
Was sagt der Hafenbericht für 2015 über Zölle? | | 2015 | bericht |
Welche Schiffe sanken Ende 2015? | 2015 | | |
Fänge in den Jahren 2014 bis 2016 | 2014 2015 2016 | | |
Fänge im Wirtschaftsjahr 2015/16 | 2015 2016 | | |
Verordnung Nr. 2016/679 | | | |
Was änderte sich gegenüber dem Hafenbericht 2015? | | 2015 | bericht |
Que disent les rapports sur la pêche de 2015 et 2016 ? | | 2015 2016 | rapport |
les prises au cours de l'année 2015 | 2015 | | |
les dépenses de l'exercice 2015-2016 | 2015 2016 | | |
le rapport sur la pêche de l'an dernier | | | rapport |
dans les années 2010 | 2010-2019 | | |
en los años ochenta | 1980-1989 | | |
二〇一五年の漁獲 | 2015 | | |
平成元年の漁獲 | 1989 | | |
昭和五十八年の港 | 1983 | | |
平成三十年度の予算 | 2018 | | |
令和二年版の海事青書 | | 2020 | 青書 |
What did the 1984 address announce? | | 1984 | address |
"""
ROWS = [tuple(map(str.strip, f"{line} |".split("|"))) for line in TABLE.strip().split("\n") if not line.startswith("#")]


def _years(cell: str) -> list[int]:
    if "-" in cell:
        first, last = map(int, cell.split("-"))
        return list(range(first, last + 1))
    return list(map(int, cell.split()))


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:60] for row in ROWS])
def test_a_question_is_understood(row: tuple[str, ...]) -> None:
    question, years, editions, series, names, *_ = row
    understood = interpret(question, LIBRARY)
    assert (list(understood.editions), understood.series, tuple(understood.named)) == (
        _years(editions),
        (SERIES[series],) if series else (),
        (names,) if names else (),
    )
    assert list(understood.years) == (list(LIBRARY.known_years) if years == "all" else _years(years))
