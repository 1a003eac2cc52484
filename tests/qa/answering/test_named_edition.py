"""A question that names an edition is answered from it, also if another edition has a nearer sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import load
from qa.answering.library import Library

EDITIONS = {
    "lost-yearbook-2021.md": (
        "# Lost Things Yearbook 2021\n\n## What was handed in\n\nPassengers left many things on the boats.\n\n"
        "| Kind | Handed in | Returned |\n|---|---:|---:|\n| Umbrellas | 3,015 | 271 |\n| Wallets | 1,904 | 1,523 |\n"
    ),
    "lost-yearbook-2022.md": (
        "# Lost Things Yearbook 2022\n\n## What was handed in\n\nWallets handed in were 2,866, and 2,379 wallets came "
        "back to their owners. The yearbook says that wallets are returned more often than anything else.\n"
    ),
    "lost-yearbook-2023.csv": (
        "Lost Things Yearbook 2023\nKind,Handed in,Returned,Auctioned\nUmbrellas,6120,551,4800\nPhones,6044,4956,610\n"
        "Wallets,3015,2533,0\nDentures,33,10,0\n"
    ),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("editions")
    for name, text in EDITIONS.items():
        (folder / name).write_text(text, "utf-8")
    build(folder / "index", plan([folder]), load())
    return Library(folder / "index", load)


@pytest.mark.parametrize("edition", ["2021", "2022", "2023"])
def test_the_sentences_are_of_the_edition_that_the_question_names(library: Library, edition: str) -> None:
    answer = library.ask(f"What does the {edition} Lost Things Yearbook say about wallets?")
    assert {sentence.passage.partition("@")[0] for sentence in answer.sentences} == {f"lost-yearbook-{edition}"}
