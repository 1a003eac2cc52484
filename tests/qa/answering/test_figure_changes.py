"""Comparing questions in German, French, Spanish and Japanese get the figures that changed, with their years."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.models.encoder import load
from qa.answering.compared_editions import chain_changes
from tests.factories.editions.compared_editions import YEARBOOKS, YEARS, Yearbook, questions, yearbook_library


@pytest.mark.long
@pytest.mark.parametrize("yearbook", YEARBOOKS, ids=lambda yearbook: yearbook.series)
def test_a_comparing_question_gets_the_figures_of_both_years(tmp_path: Path, yearbook: Yearbook) -> None:
    library = yearbook_library(tmp_path, yearbook, load())
    for question, fact in questions(yearbook):
        answer = library.ask(question)
        figures = chain_changes(answer.changes)
        if not figures and answer.confidence < 0.2:
            continue  # not answered, or hardly
        assert tuple(figure.year for figure in figures) == YEARS, question
        for figure, written in zip(figures, fact.figures, strict=True):
            assert figure.text.startswith(written), question
            assert library.index.document(figure.document).text[figure.start : figure.end] == figure.text
