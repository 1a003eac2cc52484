"""Searching: exact filters, a total order, exact spans, scores that add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.ranking.search import Index
from index.storage.reader import DocumentInfo
from tests.factories.encoders import HashEncoder
from tests.factories.libraries import library_of

ENCODER = HashEncoder()
YEARS = range(2001, 2013)


@pytest.fixture(scope="module")
def yearbooks(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Twelve editions that say nearly the same, and one document apart."""
    files = {
        f"yearbook-{year}.txt": f"Fishery Yearbook {year}\n\n1. Herring\n\nThe herring catch of {year - 1} came to "
        f"{year} tons. Boats from the north landed most of it.\n\n2. Cod\n\nCod was scarce in {year - 1}. "
        "Quotas were cut by a third, which the fleet accepted.\n"
        for year in YEARS
    }
    files["opera.txt"] = "Opera Almanac\n\nThe season opened with a comic opera.\n"
    return library_of(tmp_path_factory.mktemp("yearbooks"), files).index


def test_every_passage_and_sentence_is_its_slice_of_the_canonical_text(yearbooks: Index) -> None:
    for info in yearbooks.documents:
        document = yearbooks.document(info.id)
        stored = yearbooks.records.passages_of_document(info.number)
        assert stored
        for item in stored:
            passage = item.passage
            assert document.text[passage.start : passage.end] == passage.text
            assert passage.id == f"{document.id}@{passage.start}-{passage.end}"
            for sentence in passage.sentences:
                assert passage.text.find(document.text[sentence.start : sentence.end]) >= 0


def test_scores_are_sums_of_their_parts_and_the_ranking_is_total(yearbooks: Index) -> None:
    hits = yearbooks.search("herring catch", ENCODER, 40).hits
    assert len(hits) == 37  # all passages: title and two sections of each yearbook, and the almanac
    for hit in hits:
        assert hit.score == pytest.approx(sum(hit.scores.values()), abs=1e-6)
    assert [(-hit.score, hit.id) for hit in hits] == sorted((-hit.score, hit.id) for hit in hits)


def test_a_cutoff_is_a_prefix_of_the_whole_ranking(yearbooks: Index) -> None:
    ids = [hit.id for hit in yearbooks.search("herring catch", ENCODER, 38).hits]
    for count in (1, 2, 7, 37):
        assert [hit.id for hit in yearbooks.search("herring catch", ENCODER, count).hits] == ids[:count]


@pytest.mark.parametrize("candidates", [1, 3, 100])
def test_a_filter_never_gives_fewer_hits_than_it_leaves(yearbooks: Index, candidates: int) -> None:
    subset = yearbooks.subset([document for document in yearbooks.documents if document.edition in (2003, 2004)])
    hits = yearbooks.search("comic opera season", ENCODER, 10, subset=subset, candidates=candidates).hits
    assert sorted({hit.document.edition for hit in hits if hit.document.edition}) == [2003, 2004]
    assert len(hits) == 6


def test_a_filter_without_documents_gives_no_hits(yearbooks: Index) -> None:
    assert yearbooks.search("herring", ENCODER, 5, subset=yearbooks.subset([])).hits == ()


def test_a_filter_without_documents_gives_no_hits_despite_a_bonus(yearbooks: Index) -> None:
    def bonus(document: DocumentInfo) -> dict[str, float]:
        return {"year": 0.5} if document.edition == 2007 else {}

    assert yearbooks.search("herring", ENCODER, 5, subset=yearbooks.subset([]), bonus=bonus).hits == ()


def test_passages_that_get_a_bonus_are_always_candidates(yearbooks: Index) -> None:
    def bonus(document: DocumentInfo) -> dict[str, float]:
        return {"year": 0.5} if document.edition == 2007 else {}

    hits = yearbooks.search("Boats from the north landed most of it", ENCODER, 1, bonus=bonus, candidates=1).hits
    assert [hit.document.edition for hit in hits] == [2007]
    assert hits[0].scores["year"] == 0.5


def test_a_query_of_stop_words_has_hits(yearbooks: Index) -> None:
    assert len(yearbooks.search("of the and", ENCODER, 3).hits) == 3


def test_query_syntax_is_read_as_plain_words(yearbooks: Index) -> None:
    plain = [hit.id for hit in yearbooks.search("herring title document", ENCODER, 5).hits]
    assert [hit.id for hit in yearbooks.search('herring title: "document', ENCODER, 5).hits] == plain


def test_the_stored_statistics_are_those_of_the_passages(yearbooks: Index) -> None:
    # "quota" is in the cod section of each of the twelve yearbooks, "comic" in the almanac's one sentence
    assert yearbooks.records.document_frequencies(["quota", "comic", "absent"]) == {
        "quota": 12,
        "comic": 1,
        "absent": 0,
    }
    assert yearbooks.records.totals["passages"] == 37


def test_a_name_is_found_as_the_documents_write_it(tmp_path: Path) -> None:
    index = library_of(
        tmp_path, {"a.txt": "Trade\n\nViet Nam sold rice. The base lost data. A healthcare act.\n"}
    ).index
    assert list(index.term_weights("Vietnam's database of health care")) == ["viet", "nam", "databas", "healthcar"]


def test_all_rows_of_a_long_table_are_about_the_years_in_its_header(tmp_path: Path) -> None:
    rows = "".join(f"Port {number},{number * 7 % 90 + 1},{number * 5 % 90 + 1}\n" for number in range(120))
    index = library_of(tmp_path, {"boats.csv": f"Port,1894,1895\n{rows}"}).index
    hits = index.search("How many boats had Port 117 in 1894?", ENCODER, 40).hits
    assert len(hits) > 3
    assert len({hit.scores["period"] for hit in hits}) == 1
    assert hits[0].stored.passage.sentences[0].cells.startswith("A")
