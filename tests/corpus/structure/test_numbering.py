"""Markers at the beginning of lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.structure.numbering import parse_markers, to_roman


@pytest.mark.parametrize(
    ("line", "style", "path", "title"),
    [
        ("3. Trade and Investment", "1.", (3,), "Trade and Investment"),
        ("3.Trade", "1.", (3,), "Trade"),
        ("12 Fisheries", "1", (12,), "Fisheries"),
        ("제2장 항만", "第장", (2,), "항만"),
        ("ГЛАВА 3. Порты", "глава 1", (3,), "Порты"),
        ("Bölüm 4: Limanlar", "bölüm 1", (4,), "Limanlar"),
        ("(4) Rivers and Lakes", "(1)", (4,), "Rivers and Lakes"),
        ("4) Rivers", "1)", (4,), "Rivers"),
        ("B. Forests", "A.", (2,), "Forests"),
        ("B Forests", "A", (2,), "Forests"),
        ("(b) Forests", "(a)", (2,), "Forests"),
        ("b. Forests", "a.", (2,), "Forests"),
        ("(B) Forests", "(A)", (2,), "Forests"),
        ("Chapter 3: Budget", "chapter 1", (3,), "Budget"),
        ("CHAPTER IV. BUDGET", "chapter I", (4,), "BUDGET"),
        ("Part Two", "part one", (2,), ""),
        ("1.2.3 Scope", "1.1.1", (1, 2, 3), "Scope"),
        ("1.2. Scope", "1.1.", (1, 2), "Scope"),
        ("B.2. Harbours", "A.1.", (2, 2), "Harbours"),
        ("B.2.13 Harbours", "A.1.1", (2, 2, 13), "Harbours"),
        ("VII.4. Pesca", "I.1.", (7, 4), "Pesca"),
        ("XII.1.2) Pesca", "I.1.1)", (12, 1, 2), "Pesca"),
        ("Annexe B.3 : Coûts", "annexe A.1", (2, 3), ": Coûts"),
        ("§ 4 Penalties", "§ 1", (4,), "Penalties"),
        ("| Rivers", "|", (), "Rivers"),
        ("<What We Did>", "<>", (), "What We Did"),
        ("(State of the harbours)", "()", (), "State of the harbours"),
        ("第3章　予算", "第章", (3,), "予算"),
        ("第十二節 予算", "第節", (12,), "予算"),
        ("（１）予算", "（１）", (1,), "予算"),
        ("１０．予算", "１．", (10,), "予算"),
        ("③予算", "①", (3,), "予算"),
        ("イ　予算", "ア", (2,), "予算"),
        ("二、予算", "一、", (2,), "予算"),
        ("１．１　予算", "１.１", (1, 1), "予算"),
        ("１．１．２ 予算", "１.１.１", (1, 1, 2), "予算"),
        ("１．２０２３年の予算", "１．", (1,), "２０２３年の予算"),
        ("Chapter Twenty-One", "chapter one", (21,), ""),
        ("Chapter Thirty: Budget", "chapter one", (30,), "Budget"),
        ("Chapter Ninety Nine", "chapter one", (99,), ""),
        ("CHAPTER LII", "chapter I", (52,), ""),
        ("Chapter CXII Budget", "chapter I", (112,), "Budget"),
    ],
)
def test_a_marker_has_style_ordinals_and_title(line: str, style: str, path: tuple[int, ...], title: str) -> None:
    assert [(marker.style, marker.path, marker.title) for marker in parse_markers(line)] == [(style, path, title)]


def test_a_marker_that_is_letter_and_roman_numeral_has_both_readings() -> None:
    assert {(marker.style, marker.path) for marker in parse_markers("(i) Ports")} == {("(i)", (1,)), ("(a)", (9,))}


def test_a_letter_before_a_decimal_number_can_be_a_roman_numeral() -> None:
    assert {(marker.style, marker.path) for marker in parse_markers("V.2 Ports")} == {("I.1", (5, 2)), ("A.1", (22, 2))}


def test_the_letter_after_a_number_is_its_suffix() -> None:
    (marker,) = parse_markers("Item 1A. Risk Factors")
    assert (marker.path, marker.suffix, marker.title) == ((1,), 1, "Risk Factors")


@pytest.mark.parametrize(
    "line",
    [
        "Rivers",
        "U.S. exports",
        "B.1234 and others",
        "II.Mündung",
        "2015 was a dry year",
        "Articles of trade",
        "一方、日本は",
        "",
        "12",
        "第2回会議",
        "Is it",
    ],
)
def test_a_line_without_marker_has_no_reading(line: str) -> None:
    assert parse_markers(line) == ()


@pytest.mark.parametrize("line", ["A recent survey", "I will return", "3 of the members"])
def test_a_lone_letter_or_number_is_a_weak_marker(line: str) -> None:
    assert all(marker.weak for marker in parse_markers(line))
    assert parse_markers(line)


@given(st.integers(1, 49))
def test_roman_numerals_are_read_back(number: int) -> None:
    assert (number,) in {
        marker.path for marker in parse_markers(f"({to_roman(number)}) Ports") if marker.style == "(i)"
    }


@given(st.text(max_size=80))
def test_any_line_is_parsed_and_contains_its_titles(line: str) -> None:
    assert all(marker.title in line for marker in parse_markers(line.strip()))
