"""Which figure of each edition a question about a change asks for, in tables of several columns and in prose."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.models.encoder import load
from qa.answering.compared_editions import chain_changes
from qa.answering.library import Library
from qa.editions.figures.changed_figures import are_forms
from tests.factories.editions.change_series import FILES, QUESTIONS, ChangeQuestion
from tests.factories.libraries import library_of

NOT_COMPOSED = {"Wie veränderte sich die Aufenthaltsdauer der Hunde von 2021 auf 2022?"}
"""Questions whose words the documents do not have."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("series"), dict(FILES), encoder=load())


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text)
def test_a_change_quotes_what_is_asked_in_each_edition(library: Library, question: ChangeQuestion) -> None:
    figures = chain_changes(library.ask(question.text).changes)
    assert (not figures) == (question.text in NOT_COMPOSED)
    for figure in figures:
        assert figure.year is not None
        assert figure.text.startswith(question.figures[figure.year])
        assert library.index.document(figure.document).text[figure.start : figure.end] == figure.text


@pytest.mark.parametrize(
    "question",
    [
        "How did the number of penguins employed by the ferry company change between 2019 and 2021?",
        "How did the number of captains change between 2019 and 2021?",
        "How did the number of loans at the Northgate branch change between 2021 and 2022?",
        "How did the share of electric ships change between 2019 and 2021?",
        "Wie hat sich die Zahl der vermittelten Papageien von 2021 auf 2022 verändert?",
    ],
)
def test_no_change_is_composed_of_what_no_edition_states(library: Library, question: str) -> None:
    assert library.ask(question).changes == ()


def test_an_amount_of_what_is_asked_comes_before_a_measure_of_one_of_it(tmp_path: Path) -> None:
    text = (
        "# Moss Gatherers {}\n\n## Harvest\n\nOur {} carts took up {} tonnes of moss. Its longest moss was {} metres."
    )
    files = {
        "moss-2020.md": text.format(2020, 12, "44.5", 3),
        "moss-2021.md": text.format(2021, 14, "39.1", 2),
    }
    asked = library_of(tmp_path, files, encoder=load()).ask("How did the moss harvest change from 2020 to 2021?")
    assert [(change.earlier.quantity.text, change.later.quantity.text) for change in asked.changes] == [
        ("44.5", "39.1")
    ]


def test_stems_of_the_same_word_are_forms_of_it() -> None:
    assert are_forms("employ", "employe")
    assert not are_forms("case", "cases")  # too short to tell
    assert not are_forms("passeng", "passag")
