"""The line of a citation."""

from __future__ import annotations

import pytest

from qa.citation import Source, cite


def _source(title: str, edition: int | None = None) -> Source:
    return Source("d", title, None, None, edition, None, None, None, None)


@pytest.mark.parametrize(
    ("title", "edition", "path", "cited"),
    [
        ("Harbour Report 2018", 2018, ("Harbour Report 2018", "1 Cranes"), "Harbour Report 2018, 1 Cranes"),
        ("Harbour Report", 2018, ("HARBOUR REPORT 2018", "1 Cranes"), "Harbour Report (edition 2018), 1 Cranes"),
        ("Harbour Report 2018", 2018, ("Harbour Report: 2018",), "Harbour Report 2018"),
        ("Harbour Report 2018", 2018, ("1 Cranes", "Harbour Report 2018"), "Harbour Report 2018, 1 Cranes › Harbour Report 2018"),
        # the report of another year, printed in this one
        ("Harbour Report 2018", 2018, ("Harbour Report 2017", "1 Cranes"), "Harbour Report 2018, Harbour Report 2017 › 1 Cranes"),
        ("令和4年度 図書館年報", 2022, ("令和4年度　図書館年報", "はじめに"), "令和4年度 図書館年報 (edition 2022), はじめに"),
        ("2018", 2018, ("2018", "Cranes"), "2018, 2018 › Cranes"),
    ],
)  # fmt: skip
def test_a_heading_that_repeats_the_title_is_left_out(
    title: str, edition: int | None, path: tuple[str, ...], cited: str
) -> None:
    assert cite(_source(title, edition), path) == cited
