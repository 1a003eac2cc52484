"""A small invented corpus for tests of evaluation: two editions of a harbour's yearbook, and a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qa.answering.library import Library
from qa.question.analysis import QuestionAnalysis
from tests.factories.libraries import library_of

_FILLING = (
    "The council met in the old customs house and read the minutes of the year before. "
    "Nobody asked for a vote, and the treasurer thanked all who had written to her. "
)

PIER_2016 = "The northern pier is 312 metres long and was painted “harbour green” by Ada Rowe in May."
CUT_2016 = (
    "Seals came back to the sandbank, as the warden noted, "
    + " ".join(f"and on evening {number} she counted {number + 3} from the lamp room" for number in range(1, 30))
    + ", until nobody doubted it."
)
PIER_2020 = "The northern pier is 340 metres long and was painted blue by Tom Kerr in June."
FERRY = "A ferry sails to Eastholm twice a day, at nine and at five."

TEXTS = {
    "harbour-2016": f"Harbour Yearbook 2016\n\n1. Piers\n\n{PIER_2016} {_FILLING * 4}\n\n2. Seals\n\n{CUT_2016}\n",
    "harbour-2020": f"Harbour Yearbook 2020\n\n1. Piers\n\n{PIER_2020} {_FILLING * 4}\n\n2. Boats\n\n{FERRY}\n",
    "lamp-2020": f"Lamp Report 2020\n\n1. Boats\n\nThe lamp is lit at dusk. {FERRY}\n",
}

CATALOGUE = """
[[document]]
file = "harbour-2016.txt"
series = "Harbour Yearbook"
title = "Harbour Yearbook 2016"
edition = 2016
covers = 2015

[[document]]
file = "harbour-2020.txt"
series = "Harbour Yearbook"
title = "Harbour Yearbook 2020"
edition = 2020
covers = 2019

[[document]]
file = "lamp-2020.txt"
series = "Lamp Report"
title = "Lamp Report 2020"
edition = 2020
covers = 2020
"""


def harbours(folder: Path) -> Library:
    """The corpus, written and indexed in a folder."""
    return library_of(folder, {"corpus.toml": CATALOGUE, **{f"{name}.txt": text for name, text in TEXTS.items()}})


def counted_questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that each question is added to when a library of this process begins to answer it."""
    asked: list[str] = []
    answer = Library.answer

    def counted(self: Library, analysis: QuestionAnalysis, *values: Any, **named: Any) -> Any:
        asked.append(analysis.question)
        return answer(self, analysis, *values, **named)

    monkeypatch.setattr(Library, "answer", counted)
    return asked
