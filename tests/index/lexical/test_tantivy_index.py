"""Lexical candidates are the best that a filter allows, with ties, whichever query finds them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical.tantivy_index import LexicalIndex, write

WORDS = ("cod", "ling", "quota", "port", "fleet")
ROWS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=60)


def opened(folder: Path, rows: list[list[str]]) -> LexicalIndex:
    """Passages by number from 1 on; every third in turn is of document 0, 1 and 2."""
    write(folder, [(number, number % 3, " ".join(terms)) for number, terms in enumerate(rows, 1)])
    return LexicalIndex(folder)


@settings(max_examples=25, deadline=None)
@given(rows=ROWS, count=st.integers(1, 20), documents=st.sets(st.integers(0, 2), min_size=1))
def test_wide_and_narrow_filters_return_the_same_candidates(
    rows: list[list[str]], count: int, documents: set[int]
) -> None:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # tantivy may still be tidying it
        lexical = opened(Path(folder), rows)
        asked = ["cod", "quota"]
        everything = [number for number in lexical.search_numbers(asked, 1000) if number % 3 in documents]
        assert len(everything) == sum(
            bool({"cod", "quota"} & set(terms)) for n, terms in enumerate(rows, 1) if n % 3 in documents
        )
        for share in (0.0, len(documents) / 3, 1.0):
            result = lexical.search_numbers(asked, count, documents, share)
            assert result == everything[: len(result)]
            assert len(result) >= min(count, len(everything))


def test_all_ties_with_the_last_candidate_are_returned(tmp_path: Path) -> None:
    lexical = opened(tmp_path, [["cod", "port"]] * 40 + [["cod", "cod"]])
    assert lexical.search_numbers(["cod"], 1) == [41]
    assert lexical.search_numbers(["cod"], 2) == [41, *range(1, 41)]
    assert lexical.search_numbers(["cod"], 2, {0}, 0.3) == list(range(3, 41, 3))


@pytest.mark.parametrize("documents", [set(), {7}])
def test_an_empty_filter_returns_no_candidates(tmp_path: Path, documents: set[int]) -> None:
    assert opened(tmp_path, [["cod"]] * 5).search_numbers(["cod"], 3, documents, 0.9) == []


def test_the_error_of_the_writing_thread_is_raised(tmp_path: Path) -> None:
    folder = tmp_path / "lexical"

    def rows() -> Iterator[tuple[int, int, str]]:
        folder.rename(tmp_path / "elsewhere")  # in one step: the writer may be writing files
        for number in range(1_000_000):
            yield number, 1, "fund"

    with pytest.raises(FileNotFoundError):
        write(folder, rows())
