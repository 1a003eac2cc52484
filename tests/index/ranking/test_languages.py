"""Passages of several languages in one ranking."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.ingest import plan
from index.building.build import build
from index.models.encoder import Vectors
from index.ranking.languages import MIN_PASSAGES, group_by_language, language_parts
from index.ranking.search import Hit, Index
from index.ranking.weights import CLEAR_LEAD, OTHER_LANGUAGE_SHARE
from index.storage.reader import DocumentInfo
from tests.factories.encoders import HashEncoder


def scores(best: float, level: float, count: int = 40) -> np.ndarray:
    """Return scores of a best passage and of others, all at their level."""
    return np.array([best, *[level] * (count - 1)])


def test_a_part_of_the_difference_of_levels_is_made_good() -> None:
    alike = {"en": scores(0.6, 0.5), "ja": scores(0.55, 0.3)}
    assert language_parts(alike, alike, ["en"]) == {"ja": pytest.approx(OTHER_LANGUAGE_SHARE * 0.2)}


def test_only_a_clear_lead_brings_another_language_above_that_of_the_question() -> None:
    alike = {"en": scores(0.6, 0.5), "ja": scores(0.4 + 0.1 + CLEAR_LEAD - 0.01, 0.4), "de": scores(0.59, 0.3)}
    parts = language_parts(alike, alike, ["en"])
    assert alike["ja"].max() + parts["ja"] == pytest.approx(0.6, abs=1e-5)
    assert alike["ja"].max() + parts["ja"] < 0.6
    assert alike["de"].max() + parts["de"] > 0.6


def test_nothing_is_added_in_the_language_of_the_question_nor_taken_away() -> None:
    alike = {"en": scores(0.5, 0.3), "ja": scores(0.9, 0.6)}
    assert language_parts(alike, alike, ["en"]) == {"ja": 0.0}


def test_a_question_in_no_language_of_the_documents_is_in_that_of_the_highest_level() -> None:
    alike = {"en": scores(0.6, 0.3), "ja": scores(0.62, 0.5)}
    assert language_parts(alike, alike, ["zh"]) == {"en": pytest.approx(OTHER_LANGUAGE_SHARE * 0.2)}


def test_a_bonus_neither_raises_the_level_nor_is_made_good() -> None:
    alike = {"en": scores(0.5, 0.4), "ja": scores(0.45, 0.35)}
    totals = {"en": alike["en"] + 0.35, "ja": alike["ja"]}
    assert language_parts(alike, totals, ["en"]) == {"ja": pytest.approx(OTHER_LANGUAGE_SHARE * 0.05)}


def test_a_language_with_few_candidates_is_left_out() -> None:
    alike = {"en": scores(0.6, 0.5), "ja": scores(0.55, 0.1, MIN_PASSAGES - 1)}
    assert language_parts(alike, alike, ["en"]) == {}


MEANINGS = {"fire": "fire", "brand": "fire", "火災": "fire", "pier": "pier", "mole": "pier", "埠頭": "pier"}


class LanguageEncoder(HashEncoder):
    """Encodes words in any language as what they mean, and how far a text is in German or Japanese beside that."""

    def encode(self, texts: Sequence[str], **_: object) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            low = text.lower()
            meanings = {meaning for word, meaning in MEANINGS.items() if word in low}
            language = 2 if any(0x3040 <= ord(letter) <= 0x9FFF for letter in text) else 1 if "der " in low else 0
            vectors[row, language] = 0.4
            vectors[row, 3] = 0.8
            vectors[row, 4] = 0.35 * ("fire" in meanings)
            vectors[row, 5] = 0.35 * ("pier" in meanings)
            vectors[row, 6 + sum(map(ord, text)) % 50] = 0.25
            vectors[row] /= np.linalg.norm(vectors[row])
        return vectors


def write_library(folder: Path, german: int = 40, japanese: int = 40) -> Path:
    """Write sections about other things in two languages, and one in Japanese that answers."""
    files = folder / "files"
    files.mkdir()
    sections = "".join(
        f"# Der Abschnitt {number}\n\nDer Hafen war im Jahr mit der Arbeit an der Lampe {number} beschäftigt, "
        "und der Rat war mit der Arbeit der Leute im Hafen nicht zufrieden.\n\n"
        for number in range(german)
    )
    (files / "hafen-2019.md").write_text(sections, encoding="utf-8")
    sections = "".join(
        f"# 第{number}節\n\n港では、この年に{number}個の灯りを直しました。\n\n" for number in range(japanese)
    )
    (files / "minato-2020.md").write_text(sections + "# 事故\n\n火災は埠頭で起きました。\n", encoding="utf-8")
    return files


def ask(index: Index, count: int = 5, *, compare_languages: bool = False) -> tuple[Hit, ...]:
    question = "Wo war der Brand, auf der Mole?"
    return index.search(question, LanguageEncoder(), count, compare_languages=compare_languages).hits


@pytest.fixture(scope="module")
def harbours(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("harbours")
    build(folder / "index", plan([write_library(folder)]), LanguageEncoder())
    return Index(folder / "index")


def test_an_answer_in_another_language_is_found(harbours: Index) -> None:
    assert {hit.document.language for hit in ask(harbours)} == {"de"}
    hits = ask(harbours, compare_languages=True)
    found = next(hit for hit in hits if hit.document.language == "ja")
    assert "火災" in found.stored.passage.text
    assert found.scores["language"] > 0
    for hit in hits:
        assert hit.score == pytest.approx(sum(hit.scores.values()), abs=1e-6)
        assert ("language" in hit.scores) == (hit.document.language == "ja")


@pytest.mark.parametrize(("part", "made_good"), [("name", OTHER_LANGUAGE_SHARE), ("edition", 0.0)])
def test_of_bonuses_only_those_for_names_are_made_good(harbours: Index, part: str, made_good: float) -> None:
    def bonus(document: DocumentInfo) -> dict[str, float]:
        return {part: 0.1} if document.language == "de" else {}

    question = "Wo war der Brand, auf der Mole?"
    plain, preferred = (
        harbours.search(question, LanguageEncoder(), 99, bonus=some, compare_languages=True).hits
        for some in (None, bonus)
    )
    first, second = (
        next(hit.scores["language"] for hit in hits if hit.document.language == "ja") for hits in (plain, preferred)
    )
    assert second - first == pytest.approx(0.1 * made_good, abs=1e-5)


def test_the_hits_do_not_depend_on_their_number(harbours: Index) -> None:
    every = ask(harbours, 60, compare_languages=True)
    for count in (1, 3, 20):
        few = ask(harbours, count, compare_languages=True)
        assert [(hit.id, hit.score) for hit in few] == [(hit.id, hit.score) for hit in every[:count]]


def test_a_filter_that_leaves_one_language_adds_nothing(harbours: Index) -> None:
    subset = harbours.subset([document for document in harbours.documents if document.language == "ja"])
    hits = harbours.search("Wo war der Brand?", LanguageEncoder(), 5, subset=subset, compare_languages=True).hits
    assert len(hits) == 5
    assert not any("language" in hit.scores for hit in hits)


def test_a_leaflet_in_another_language_adds_nothing(tmp_path: Path) -> None:
    build(tmp_path / "index", plan([write_library(tmp_path, japanese=5)]), LanguageEncoder())
    index = Index(tmp_path / "index")
    assert group_by_language(index.documents) == {}
    assert not any("language" in hit.scores for hit in ask(index, 60, compare_languages=True))
