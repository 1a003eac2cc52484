"""Three invented series with prose, tables of several columns and units in their heads, and questions about changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FERRY = {
    "ferry-2019.md": """\
# Orrin Ferry Company: Annual Report 2019

## The year at sea

In 2019 our ships made 14,220 crossings and carried 1.94 million passengers. Of the crossings, 312 were cancelled, \
most of them because of fog. The average delay was 6.4 minutes.

Table 1. Traffic by route, 2019

| Route | Crossings | Passengers | Cars | Average fare (crowns) |
|---|---|---|---|---|
| Northport to Isle | 6,120 | 812,400 | 201,300 | 18.5 |
| Eastquay to Isle | 4,870 | 655,100 | 166,900 | 21.0 |
| Harbour loop | 3,230 | 472,500 | 0 | 4.2 |
| Total | 14,220 | 1,940,000 | 368,200 | 15.9 |

## The fleet

The fleet consisted of nine ships, two of them electric. The oldest, the Margit, is 41 years old. Our ships burned \
8,450 tonnes of fuel.

## People

We employed 388 people, of whom 96 were deckhands. Sailors were absent for 11.2 days on average.

## Money

Revenue reached 61.3 million crowns. The cost of fuel was 9.8 million crowns, a sixth of all costs. Ticket sales \
brought in 48.1 million crowns.

## Outlook

For 2020 we expect 15,000 crossings and revenue of 64 million crowns.
""",
    "ferry-2020.md": """\
# Orrin Ferry Company: Annual Report 2020

## The year at sea

Our ships made 11,905 crossings, after 14,220 in the year before. They carried 1.12 million passengers. Because of \
storms 455 crossings were cancelled. Ships arrived 5.1 minutes late on average.

Table 1. Traffic by route

| Route | Crossings 2019 | Crossings 2020 | Passengers 2019 | Passengers 2020 |
|---|---|---|---|---|
| Northport to Isle | 6,120 | 5,210 | 812,400 | 470,300 |
| Eastquay to Isle | 4,870 | 4,015 | 655,100 | 391,800 |
| Harbour loop | 3,230 | 2,680 | 472,500 | 257,900 |
| Total | 14,220 | 11,905 | 1,940,000 | 1,120,000 |

## The fleet

With the sale of the Margit the fleet shrank from nine ships to eight. Our ships burned 6,980 tonnes of fuel.

## People

The number of employees fell from 388 to 351. Among them were 88 deckhands. Sailors were absent for 13.9 days on \
average.

## Money

Revenue fell to 40.2 million crowns. We spent 6.1 million crowns on fuel. Ticket sales brought in 29.4 million crowns, \
and the government granted 7.5 million crowns.

## Outlook

We want to raise the number of crossings to 13,000 in 2021 and to lower fuel costs to 5 million crowns.
""",
    "ferry-2021.md": """\
# Orrin Ferry Company: Annual Report 2021

## The year at sea

In 2021 we carried 1.47 million passengers on 12,760 crossings; 298 crossings were cancelled. The average delay was \
7.0 minutes.

Table 1. Traffic by route, 2021

| Route | Crossings | Passengers | Cars | Average fare (crowns) |
|---|---|---|---|---|
| Northport to Isle | 5,540 | 601,700 | 188,100 | 19.0 |
| Eastquay to Isle | 4,360 | 507,300 | 151,000 | 22.5 |
| Harbour loop | 2,860 | 361,000 | 0 | 4.4 |
| Total | 12,760 | 1,470,000 | 339,100 | 16.4 |

## The fleet

The fleet has eight ships. Our ships burned 7,310 tonnes of fuel.

## People

At the end of the year 362 people worked for us, 91 of them as deckhands. Sailors were absent for 12.4 days on average.

## Money

Revenue rose to 49.7 million crowns. The cost of fuel was 7.4 million crowns. Ticket sales brought in 36.9 \
million crowns.

## Outlook

In 2022 two more electric ships are to join the fleet.
""",
}

LIBRARY = {
    f"library-{year}.md": f"""\
# Vellmark Libraries: Yearbook {year}

## Loans

{loans}

| Branch | Loans | Visits | Opening hours per week | Floor area (m²) |
|---|---|---|---|---|
| Castle Hill | {castle} | 4,120 |
| Millbrook | {mill} | 1,310 |
| Southgate | {south} | 980 |
| Total | {total} | 6,410 |

## Collections

{collections}

| Kind | Items | Bought | Spending (1,000 marks) |
|---|---|---|---|
| Books | {books} |
| Audiobooks | {audio} |
| Films | {films} |

## Readers

{readers}
"""
    for year, loans, castle, mill, south, total, collections, books, audio, films, readers in (
        (
            2021,
            "Readers borrowed 918,000 items. A reader borrowed 26 items on average.",
            "512,000 | 301,000 | 54",
            "231,000 | 140,000 | 40",
            "175,000 | 92,000 | 32",
            "918,000 | 533,000 | 126",
            "The libraries own 402,000 books.",
            "402,000 | 21,400 | 385",
            "18,200 | 1,450 | 41",
            "33,900 | 2,100 | 52",
            "There were 35,300 registered readers, 12,100 of them children. The fine for a late book is 20 pence.",
        ),
        (
            2022,
            "Readers borrowed 1,004,000 items, 86,000 more than in 2021.",
            "548,000 | 342,000 | 56",
            "262,000 | 155,000 | 42",
            "194,000 | 101,000 | 30",
            "1,004,000 | 598,000 | 128",
            "The number of books rose by 4,000 to 406,000.",
            "406,000 | 22,900 | 402",
            "20,700 | 2,600 | 66",
            "32,800 | 1,700 | 44",
            "The number of registered readers rose to 37,900. The fine for a late book was raised to 25 pence.",
        ),
    )
}

SHELTER = {
    "tierheim-2021.md": """\
# Tierheim Aldern: Jahresbericht 2021

## Tiere

Im Jahr 2021 nahm das Tierheim 812 Tiere auf, darunter 240 Hunde. Vermittelt wurden 655 Tiere. Eine Katze blieb im \
Durchschnitt 38 Tage.

| Tierart | Aufgenommen | Vermittelt | Aufenthalt (Tage) |
|---|---|---|---|
| Hunde | 240 | 201 | 52 |
| Katzen | 431 | 350 | 38 |
| Kaninchen | 141 | 104 | 29 |
| Summe | 812 | 655 | 41 |

## Geld

Die Spenden beliefen sich auf 184.000 Euro. Die Tierarztkosten betrugen 96.500 Euro.

## Menschen

Im Tierheim arbeiteten 14 Angestellte und 63 Ehrenamtliche.
""",
    "tierheim-2022.md": """\
# Tierheim Aldern: Jahresbericht 2022

## Tiere

Das Tierheim nahm 890 Tiere auf, 78 mehr als im Vorjahr. Vermittelt wurden 701 Tiere.

| Tierart | Aufgenommen | Vermittelt | Aufenthalt (Tage) |
|---|---|---|---|
| Hunde | 262 | 214 | 55 |
| Katzen | 470 | 371 | 35 |
| Kaninchen | 158 | 116 | 31 |
| Summe | 890 | 701 | 40 |

## Geld

Die Spenden stiegen von 184.000 auf 201.500 Euro. Die Tierarztkosten betrugen 112.300 Euro. Für 2023 werden Spenden \
von 220.000 Euro erwartet.

## Menschen

Im Tierheim arbeiteten 15 Angestellte und 71 Ehrenamtliche.
""",
}

FILES: Mapping[str, str] = {
    **{f"ferry/{name}": text for name, text in FERRY.items()},
    **{f"library/{name}": text for name, text in LIBRARY.items()},
    **{f"shelter/{name}": text for name, text in SHELTER.items()},
}


@dataclass(frozen=True, slots=True)
class ChangeQuestion:
    """A question about a change, and the figure of each year as written."""

    text: str
    figures: Mapping[int, str]


QUESTIONS = tuple(
    ChangeQuestion(text, figures)
    for text, figures in (
        (
            "How did the number of crossings on the route from Northport to Isle change between 2019 and 2021?",
            {2019: "6,120", 2020: "5,210", 2021: "5,540"},
        ),
        (
            "How did the number of passengers on the Harbour loop change from 2019 to 2020?",
            {2019: "472,500", 2020: "257,900"},
        ),
        (
            "How did the number of cancelled crossings change between 2019 and 2021?",
            {2019: "312", 2020: "455", 2021: "298"},
        ),
        ("How did the average delay change from 2019 to 2021?", {2019: "6.4", 2020: "5.1", 2021: "7.0"}),
        ("How did the average fare on the Harbour loop change between 2019 and 2021?", {2019: "4.2", 2021: "4.4"}),
        ("How did the number of deckhands change from 2019 to 2021?", {2019: "96", 2020: "88", 2021: "91"}),
        (
            "How did the revenue of the ferry company change between 2019 and 2021?",
            {2019: "61.3", 2020: "40.2", 2021: "49.7"},
        ),
        ("How did the cost of fuel change between 2019 and 2021?", {2019: "9.8", 2020: "6.1", 2021: "7.4"}),
        ("How did ticket sales change from 2019 to 2020?", {2019: "48.1", 2020: "29.4"}),
        (
            "How many tonnes of fuel did the ships burn, and how did that change between 2019 and 2021?",
            {2019: "8,450", 2020: "6,980", 2021: "7,310"},
        ),
        ("How did the number of visits to Millbrook change from 2021 to 2022?", {2021: "140,000", 2022: "155,000"}),
        ("How did the opening hours of Southgate change between 2021 and 2022?", {2021: "32", 2022: "30"}),
        (
            "How did the number of loans at Castle Hill change between 2021 and 2022?",
            {2021: "512,000", 2022: "548,000"},
        ),
        ("How did spending on audiobooks change from 2021 to 2022?", {2021: "41", 2022: "66"}),
        ("How did the number of registered readers change from 2021 to 2022?", {2021: "35,300", 2022: "37,900"}),
        ("How did the number of films bought change between 2021 and 2022?", {2021: "2,100", 2022: "1,700"}),
        ("How did the fine for a late book change from 2021 to 2022?", {2021: "20", 2022: "25"}),
        (
            "Wie hat sich die Zahl der vermittelten Katzen von 2021 auf 2022 verändert?",
            {2021: "350", 2022: "371"},
        ),
        ("Wie haben sich die Spenden zwischen 2021 und 2022 entwickelt?", {2021: "184.000", 2022: "201.500"}),
        ("Wie veränderte sich die Aufenthaltsdauer der Hunde von 2021 auf 2022?", {2021: "52", 2022: "55"}),
    )
)
