"""Terms, sentence ends and headings of documents in other languages."""

from __future__ import annotations

import pytest

from index.lexical.analysis import terms
from index.ranking.search import Index
from tests.factories.encoders import HashEncoder
from tests.factories.libraries import library_of

REPORT = """水産年報2016年

第1章 漁業

2015年のにしんの漁獲量は九百トンであった。北部の漁港がその大半を水揚げした。

第2章 海賊対策

護衛艦は百四十七隻の商船を護衛した。海賊による被害は報告されなかった。
"""


@pytest.fixture(scope="module")
def japanese(tmp_path_factory: pytest.TempPathFactory) -> Index:
    other = "Harbour Report 2016\n\n1. Dredging\n\nThe channel was dredged.\n"
    return library_of(tmp_path_factory.mktemp("japanese"), {"nenpo.txt": REPORT, "other.txt": other}).index


def test_a_japanese_word_inside_a_sentence_finds_its_passage(japanese: Index) -> None:
    assert japanese.info("nenpo").language == "ja"
    first = japanese.search("商船", HashEncoder(), 1).hits[0]
    assert "商船を護衛した" in first.stored.passage.text
    assert first.lexical > 0


def test_japanese_sentences_end_at_their_own_full_stop(japanese: Index) -> None:
    document = japanese.document("nenpo")
    stored = japanese.records.passages_of_document(japanese.info("nenpo").number)
    spans = [span for passage in stored for span in passage.passage.sentences]
    sentences = [document.text[span.start : span.end] for span in spans]
    assert "護衛艦は百四十七隻の商船を護衛した。" in sentences
    assert "海賊による被害は報告されなかった。" in sentences


def test_headings_in_japanese_are_sections(japanese: Index) -> None:
    first = japanese.search("商船", HashEncoder(), 1).hits[0]
    assert first.stored.passage.path == ("第2章 海賊対策",)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The ships were escorted", "en", ["ship", "escort"]),
        ("Die Schiffe wurden begleitet", "de", ["schiff", "begleit"]),
        ("Les navires escortés", "fr", ["navir", "escort"]),
        ("商船を護衛", "ja", ["商船", "船を", "を護", "護衛", "商", "船", "護", "衛"]),
    ],
)
def test_terms_follow_the_language(text: str, language: str, expected: list[str]) -> None:
    assert [term for term in terms(text, language) if term != "wurd"] == expected
