"""Whether a figure of a draft is the one that a sentence or a row of a table states."""

from __future__ import annotations

import numpy as np
import pytest

from qa.checking.figure_matching import match_figure
from qa.editions.figures.sentence_figures import find_figures
from qa.editions.sections import LocatedSentence

ON_SUBJECT = 0.5
"""Similarity of a sentence about the same thing."""


def statuses(claim: str, source: str, header: str = "") -> list[str]:
    """Return the states of the figures of a claim, beside a source of one sentence or row about the same thing."""
    sentence = LocatedSentence("", "", 0, len(claim), claim, -1)
    stated = find_figures([LocatedSentence("d", "p", 0, len(source), source, 0, header)], "en", with_periods=True)
    claimed = find_figures([sentence], "en", with_periods=True)
    return [match_figure(figure, claimed, stated, np.array([ON_SUBJECT]), None, [2020], "en")[0] for figure in claimed]


@pytest.mark.parametrize(
    ("claim", "source", "header", "status"),
    [
        ("The club made a loss of 31,200 kroner.", "Surplus | (31,200)", "| 2020", "agrees"),
        ("The club made a surplus of 31,200 kroner.", "Surplus | (31,200)", "| 2020", "differs"),
        ("The club made a surplus of 31,200 kroner.", "The club made a loss of 31,200 kroner.", "", "differs"),
        ("The repairs took 14 weeks.", "The repairs took 14 days.", "", "differs"),
        ("The repairs took 14 days.", "The repairs took two weeks.", "", "agrees"),
        ("The repairs took 14 days.", "The repairs took 14 working days.", "", "agrees"),
        ("The park has 320 square kilometres.", "The park has 320 hectares.", "", "differs"),
        ("The park has 3.2 square kilometres.", "The park has 320 hectares.", "", "agrees"),
        ("The line is 62 miles long.", "The line is 100 km long.", "", "agrees"),
        ("The line is 100 miles long.", "The line is 100 km long.", "", "differs"),
        ("The boats landed 412 tonnes of cod.", "Cod landed | 412", "| 2020 (kg)", "differs"),
        ("The boats landed 412 tonnes of cod.", "Cod landed (tonnes) | 412", "| 2020", "agrees"),
        ("The plant has 350 MW.", "The plant made 350 MWh.", "", "differs"),
        ("A quarter of a million came to the fair.", "250,000 people came to the fair.", "", "agrees"),
    ],
)
def test_a_figure_agrees_with_an_equal_one_of_its_unit_and_sign(
    claim: str, source: str, header: str, status: str
) -> None:
    assert statuses(claim, source, header) == [status]
