"""The sentence that names a cause answers what delayed something, and a sentence answers before a line that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.models.encoder import load
from qa.answering.library import Library
from tests.factories.libraries import library_of

BRIDGE = """\
# Lowmoor Council: Annual Report 2022

Compiled by the Lowmoor Council press office, bridges and parks

## Contents

3 Swimming lessons and pools

4 Bridges

## Bridges

By December the new Ferry Bridge had been opened for pedestrians. Cars will follow in May. The delay was caused by a \
flood, which carried away the scaffolding.

The closure of the Mill Bridge for lorries lasted until June. Fishermen used it all year. The closure was due to \
cracks in a pier.

## Pools

Table 4. Swimming lessons by pool, 2022

| Pool | Lessons |
|---|---|
| Hill | 812 |
| Dale | 640 |

Children took swimming lessons in both pools of the council. They were free of charge.
"""

BRUECKE = """\
# Gemeinde Holzau: Jahresbericht 2022

## Schule

Der Umzug der Schule wurde auf das Jahr 2023 verschoben. Die Lehrer packten dennoch. Die Verschiebung wurde durch den \
Konkurs der Baufirma verursacht.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("causes")
    return library_of(folder, {"lowmoor-2022.md": BRIDGE, "holzau-2022.md": BRUECKE}, encoder=load())


@pytest.mark.parametrize(
    ("question", "cause"),
    [
        ("What delayed the opening of the Ferry Bridge?", "The delay was caused by a flood"),
        ("Why was the Mill Bridge closed for lorries?", "The closure was due to"),
        ("Warum wurde der Umzug der Schule verschoben?", "Die Verschiebung wurde durch den Konkurs"),
        ("Was verzögerte den Umzug der Schule?", "Die Verschiebung wurde durch den Konkurs"),
    ],
)
def test_the_sentence_that_names_the_cause_answers(library: Library, question: str, cause: str) -> None:
    assert any(cause in sentence.text for sentence in library.ask(question).sentences)


@pytest.mark.parametrize(
    "question",
    ["Who took swimming lessons in the pools?", "Swimming lessons and pools", "Which bridges does the council have?"],
)
def test_a_line_that_is_no_sentence_does_not_come_first(library: Library, question: str) -> None:
    first = library.ask(question).sentences[0].text
    assert first.endswith(".") or "|" in first


def test_an_imprint_answers_who_made_a_publication(library: Library) -> None:
    answer = library.ask("Who compiled the annual report of the Lowmoor Council?")
    assert "press office" in answer.sentences[0].text
