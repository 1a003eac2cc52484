"""Figures are paired with those of the same subject only."""

from __future__ import annotations

import numpy as np
import pytest

from qa.editions.figures.pairs import pair_figures
from qa.editions.figures.sentence_figures import Subject, find_figures, is_in_earlier_column
from qa.editions.sections import LocatedSentence

HEADER = "| Item | 2019 | 2018 |"


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (["| Lamp oil | 120 | 110 |"], ["| Lamp oil | 130 | 120 |"], [("120", "130"), ("110", "120")]),
        (["| Lamp oil | 120 | 110 |"], ["| Lamp glass | 130 | 120 |"], []),
        (["| Lamp oil | 1602 | 210 |"], ["| Lamp oil | 1755 | 230 |"], [("1602", "1755"), ("210", "230")]),
        (["| Lamp oil | – | 210 |"], ["| Lamp oil | 1755 | 230 |"], [("210", "230")]),
        (["| Result | (210) | 12 |"], ["| Result | (1,230) | 13 |"], [("(210)", "(1,230)"), ("12", "13")]),
        (["The keepers made a loss of $120."], ["The keepers made a profit of $90."], []),
        (["| Total | 12 |", "| Total | 34 |"], ["| Total | 56 |", "| Total | 78 |"], [("12", "56"), ("34", "78")]),
        (["| Total | 12 |", "| Total | 34 |"], ["| Total | 56 |"], []),
        (["The receipts were $120."], ["The excess of receipts was $90."], []),
        (["出願は国別で米国が7,204件であった。"], ["出願は国別で中国が7,530件であった。"], []),
        (["The receipts were $120."], ["The receipts are estimated at $90."], []),
        (["The receipts from customs were $120."], ["The receipts from customs were $90."], [("$120", "$90")]),
        (["We lost 7 million jobs over the last 2 years."], ["We lost 4 million jobs in the first 6 months."], []),
        (["In these 10 years $50 of debt were paid."], ["$12 of debt were paid."], []),
        (["Boats are built over the next 4 years."], ["Boats are built over the next 10 years."], []),
        (["Its revenue exceeded the outlay by $45."], ["Its outlay exceeded the revenue by $25."], []),
        (["Its revenue exceeded the outlay by $45."], ["Its revenue exceeded the outlay by $25."], [("$45", "$25")]),
        (["Two years ago we moved the lamps."], ["Two years ago we moved the lamps."], []),
        (["Keepers between the ages of 55 and 65 left."], ["Keepers between the ages of 60 and 65 left."], []),
        (["Outlays for the year ending June 30, 1878, are estimated at $36."], ["Outlays were $33."], []),
        (["The outlays for lamps were $40."], ["The outlays for lamps were $400."], []),
        (["The outlays for lamps were $40."], ["The outlays for lamps were $50."], [("$40", "$50")]),
        (["The lamp duty fell from 12.4 to 3.2 percent."], ["The lamp duty stood at 3.9 percent."], []),
        (["Un gasto de $12 en lámparas."], ["El gasto en lámparas fue de $9."], [("$12", "$9")]),
        (["El gasto en lámparas bajó de $12 a $9."], ["El gasto en lámparas fue de $11."], []),
        (["The duty fell from $12."], ["The duty was cut from about $9."], [("$12", "about $9")]),
        (["The duty fell from $12 to $9."], ["The duty fell from $12 to $7."], [("$9", "$7")]),
        (["The duty fell from 12 percent to 8."], ["It fell from 12 to 3 percent, the duty."], [("8", "3 percent")]),
        (["The lamp duty was 3.4 percent."], ["Seven years ago, the lamp duty was 6 percent."], []),
        (["The rolls of the keepers have 198 names."], ["To the rolls of the keepers 50 names were added."], []),
        (["Eight new lamps were lit on the coast."], ["Five new lamps were lit on the coast."], [("Eight", "Five")]),
        (["The receipts are estimated at $166."], ["The costs are estimated at $140."], []),
        (["The fourth article of the treaty holds."], ["The first article of the treaty holds."], []),
        (["It has provided advice to six countries."], ["2 Four countries of the coast."], [("six", "Four")]),
        (["Customs $12 Stamps 34 Lands 56 Mails 78"], ["Customs $21 Lands 65 Mails 87 Salt 43"],
         [("$12", "$21"), ("56", "65"), ("78", "87")]),
    ],
)  # fmt: skip
def test_only_the_same_subject_is_paired(earlier: list[str], later: list[str], expected: list[tuple[str, str]]) -> None:
    sides = []
    for texts in (earlier, later):
        starts = [1000 * at for at in range(len(texts))]
        located = [
            LocatedSentence("d", "p", start, start + len(text), text, -1, HEADER if "|" in text else "")
            for start, text in zip(starts, texts, strict=True)
        ]
        sides.append(find_figures(located, "en"))
    similarities = np.full((len(earlier), len(later)), 0.6)
    pairs = pair_figures(sides[0], sides[1], similarities, "en")
    assert [(pair.earlier.quantity.text, pair.later.quantity.text) for pair in pairs] == expected


def test_rows_of_long_tables_are_compared_with_those_of_the_same_label(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Subject] = []
    compare = Subject.has_same_kind_as

    def count(subject: Subject, other: Subject) -> bool:
        compared.append(subject)
        return compare(subject, other)

    monkeypatch.setattr(Subject, "has_same_kind_as", count)
    names = [f"Harbour {first}{second}" for first in "abcdefgh" for second in ("ton", "ford", "wick", "ham", "dale")]
    sides = [
        find_figures(
            [LocatedSentence("d", "p", 99 * at, 99 * at + 30, f"| {name} | {amount + at} |", -1, "| Town | Boats |")
             for at, name in enumerate(names)],
            "en",
        )
        for amount in (100, 300)
    ]  # fmt: skip
    pairs = pair_figures(sides[0], sides[1], np.full((len(names), len(names)), 0.6), "en")
    assert [(pair.earlier.position, pair.later.position) for pair in pairs] == [(at, at) for at in range(len(names))]
    assert len(compared) == len(names)


@pytest.mark.parametrize(
    ("row", "header", "text", "is_earlier"),
    [
        ("Lamp oil | 130 | 120", "Lamps\n | 2019 | 2018", "120", True),
        ("Lamp oil | 130 | 120", "Lamps\n | 2019 | 2018", "130", False),
        ("| Lamp oil | 120 | 130 |", "| Item | 2018/19 | 2019/20 |", "120", True),
        ("| Lamp oil | 120 | 130 |", "| Item | 2018 actual | 2019 budget |", "120", False),
        ("Lamp oil | 130 | 120", "Item | North | South", "120", False),
        ("Lamp oil          130      120", "Item | 2019 | 2018", "120", True),
        ("Lamp oil          130      120", "Item | 2019 | 2018", "130", False),
        ("Lamp oil          130      120", "| 2018 | 2019", "120", False),
        ("灯油　　　１３０　　１２０", "品目 | 平成30年 | 令和元年", "１３０", True),
        ("灯油　　　１３０　　１２０", "品目 | 平成30年 | 令和元年", "１２０", False),
        ("灯油 | 130 | 120", "品目 | 平成30年度 | 令和元年度", "130", True),
        ("Lamp oil fell to 120 in 2018.", "", "120", False),
    ],
)
def test_a_column_of_an_earlier_year_is_recognised(row: str, header: str, text: str, is_earlier: bool) -> None:
    figures = find_figures([LocatedSentence("d", "p", 0, len(row), row, -1, header)], "en")
    (figure,) = [figure for figure in figures if figure.quantity.text == text]
    assert is_in_earlier_column(figure) == is_earlier


@pytest.mark.parametrize(
    ("wording", "header", "row", "label"),
    [
        ("Surgery, Complaints, 2022: 32", "Ward | Kind | 2022", "| Complaints | 32", "Surgery, Complaints"),
        ("Exports, Fish, Tonnes, 2021: 12; Tonnes, 2022: 14", "Trade\nItem | Tonnes, 2021 | Tonnes, 2022",
         "Fish | 12 | 14", "Exports, Fish"),
        ("Fish 12; 14", "", "Fish | 12 | 14", "Fish"),
        ("Ratio 1: 2, 2022: 32", "Item | 2022", "Ratio 1: 2 | 32", "Ratio 1: 2"),
        ("", "Item | 2022", "Fish | 32", "Fish"),
    ],
)  # fmt: skip
def test_a_figure_of_a_row_counts_what_all_labels_of_the_row_say(
    wording: str, header: str, row: str, label: str
) -> None:
    sentence = LocatedSentence("d", "p", 0, len(row), row, -1, header, wording)
    assert {figure.quantity.counted for figure in find_figures([sentence], "en") if figure.quantity.start > 6} == {
        label
    }
