"""The line of a citation."""

from __future__ import annotations

import pytest

from qa.citation import CitedSource, cite


def _source(title: str, edition: int | None = None) -> CitedSource:
    return CitedSource("d", title, None, None, edition, None, None, None, None)


@pytest.mark.parametrize(
    ("title", "edition", "path", "cited"),
    [
        ("Port Report 2018", 2018, ("Port Report 2018", "1 Cranes"), "Port Report 2018, 1 Cranes"),
        ("Port Report", 2018, ("PORT REPORT 2018", "1 Cranes"), "Port Report (edition 2018), 1 Cranes"),
        ("Port Report 2018", 2018, ("Port Report: 2018",), "Port Report 2018"),
        ("Port Report 2018", 2018, ("Cranes", "Port Report 2018"), "Port Report 2018, Cranes › Port Report 2018"),
        # the report of another year, printed in this one
        ("Port Report 2018", 2018, ("Port Report 2017", "Cranes"), "Port Report 2018, Port Report 2017 › Cranes"),
        ("令和4年度 年報", 2022, ("令和4年度　年報", "はじめに"), "令和4年度 年報 (edition 2022), はじめに"),
        ("2018", 2018, ("2018", "Cranes"), "2018, 2018 › Cranes"),
    ],
)  # fmt: skip
def test_a_heading_that_repeats_the_title_is_left_out(
    title: str, edition: int | None, path: tuple[str, ...], cited: str
) -> None:
    assert cite(_source(title, edition), path) == cited
