"""An edition is all documents of a series and year, in the order of their parts."""

from __future__ import annotations

from index.storage.reader import DocumentInfo
from qa.editions.sections import by_series, editions
from tests.factories.hits import make_document


def document(name: str, series: str | None, edition: int | None, part: str | None = None) -> DocumentInfo:
    return make_document(name, series=series, edition=edition, covers=(2015, 2016), part=part)


def test_chapter_ten_stands_behind_chapter_nine() -> None:
    parts = ["Chapter 10", "Chapter 9, Section 2", "Chapter 9, Section 1", "Annex"]
    (edition,) = editions(document(f"d{at}", "Book", 2016, part) for at, part in enumerate(parts))
    assert [one.part for one in edition.documents] == [
        "Annex", "Chapter 9, Section 1", "Chapter 9, Section 2", "Chapter 10",
    ]  # fmt: skip
    assert (edition.name, edition.label, edition.covers) == ("Book 2016", "2016", (2015, 2016))


def test_editions_stand_by_series_and_year_and_what_is_unknown_stays_by_itself() -> None:
    found = editions(
        [document("c", "B", 2020), document("a", "B", 2016), document("x", None, 2016), document("y", None, 2016)]
    )
    assert [[one.id for one in edition.documents] for edition in found] == [["x"], ["y"], ["a"], ["c"]]
    assert [edition.name for edition in found[:2]] == ["x", "y"]
    assert {name: len(some) for name, some in by_series(found).items()} == {None: 2, "B": 2}
