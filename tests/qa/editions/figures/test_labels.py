"""A figure is described by a readable phrase of its sentence."""

from __future__ import annotations

import re

import pytest

from qa.editions.figures.labels import describe
from qa.editions.figures.sentence_figures import find_figures
from qa.editions.sections import LocatedSentence

ESCORTS = "In the twelve months of 2019 the frigates kept 38 ships safe in 30 escort operations, and made 240 flights."
FUND = "Through a fund of the Harbour Safety Council (HSC), 15.1 million US dollars built centers in Kenya and Oman."
CUSTOMS = "The receipts from customs for the fiscal year ending June 30, 1878, were $130,170, and from stamps $110,581."
BAHN = "Im Jahr 2019 stieg der Umsatz der Nordischen Bahn AG um 3,4 Prozent auf 44,4 Mrd. Euro."
AGENCE = "En 2019, les dépenses de l’Agence française de développement se sont élevées à 14,1 milliards d’euros."


def labels(text: str) -> dict[str, str]:
    figures = find_figures([LocatedSentence("d", "p", 0, len(text), text, -1)], None)
    spans = [(figure.start, figure.end) for figure in figures]
    return {figure.quantity.text: describe(text, figure.quantity, spans) for figure in figures}


@pytest.mark.parametrize(
    ("text", "figure", "label"),
    [
        (ESCORTS, "38", "the frigates kept … ships safe"),
        (ESCORTS, "30", "escort operations"),
        (ESCORTS, "240", "made … flights"),
        (FUND, "15.1 million US dollars", "built centers in Kenya and Oman"),
        (CUSTOMS, "$130,170", "The receipts from customs …"),
        (CUSTOMS, "$110,581", "from stamps …"),
        ("Since 1992 Norway has sent 12,500 people to 28 missions.", "12,500", "Norway has sent … people"),
        ("The program (which began in 1998) trained 1,200 officers of the Civil Police.", "1,200",
         "trained … officers of the Civil Police"),
        ("It paid for 3,000 students from the Association of Southeast Asian Nations who studied medicine.", "3,000",
         "It paid for … students from the Association of Southeast Asian Nations"),
        ("The bureau estimates the receipts for the year that ends on June 30, 1885, at $330 and the costs at $290.",
         "$330", "The bureau estimates the receipts …"),
        ("The bureau estimates the receipts for the year that ends on June 30, 1885, at $330 and the costs at $290.",
         "$290", "the costs at …"),
        ("Norway (14 ships) and Chile took part.", "14", "Norway … ships"),
        ("A total of 540 people have been trained.", "540", "A total of … people have been trained"),
        ("Unemployment fell from 7.5 percent to 5.4 percent.", "5.4 percent", "Unemployment fell from … to …"),
        (BAHN, "3,4 Prozent", "Im Jahr 2019 stieg der Umsatz der Nordischen Bahn AG um …"),
        ("Im Jahr 2019 wurden 16 Schulen im Norden gebaut.", "16", "Schulen im Norden gebaut"),
        ("In 2019 14 schools were built.", "14", "schools were built"),
        (AGENCE, "14,1 milliards d’euros", "les dépenses de l’Agence française de développement se sont élevées à …"),
        ("2019年度には、我が国は15か国に対して約120億円の無償資金協力を供与した。", "約120億円",
         "我が国は…か国に対して…の無償資金協力を供与した"),
        ("国際海事機関（IMO）の基金を通じて、日本は1,510万ドルを拠出した。", "1,510万ドル", "日本は…を拠出した"),
        ("| Lamp oil | 120 | 110 |", "110", "Lamp oil"),
    ],
)  # fmt: skip
def test_a_label_is_a_phrase_with_whole_names(text: str, figure: str, label: str) -> None:
    assert labels(text)[figure] == label


@pytest.mark.parametrize("text", [ESCORTS, FUND, CUSTOMS, BAHN, AGENCE, "A (b 3 c) [d 5 e", "”3 “x” (4", "7"])
def test_a_label_has_only_words_of_its_text_and_balanced_brackets(text: str) -> None:
    assert labels(text)
    for label in labels(text).values():
        assert label
        assert set(re.findall(r"\w+", label)) <= set(re.findall(r"\w+", text))
        assert all(label.count(first) == label.count(last) for first, last in ("()", "[]", "“”"))


@pytest.mark.parametrize(
    ("header", "column", "label"),
    [
        ("Table 1. Ferries\nRoute | Cars | Foot passengers", 1, "Northport, Cars"),
        ("Route | Cars | Foot passengers", 2, "Northport, Foot passengers"),
        ("Route | 2019 | 2020", 1, "Northport"),
        ("Route | Number | FY 2020", 1, "Northport"),
        ("Route | Cars 2019 | Cars 2020", 2, "Northport, Cars 2020"),
        ("", 1, "Northport"),
    ],
)
def test_the_label_of_a_row_names_the_column(header: str, column: int, label: str) -> None:
    row = "Northport | 412 | 1,903"
    figures = find_figures([LocatedSentence("d", "p", 0, len(row), row, -1, header)], None)
    assert describe(row, figures[column - 1].quantity, [], header) == label
