"""The row of each passage: any filter's rows are those of its documents' passages, and no others."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.storage.passage_rows import PassageRows, write


@given(
    documents=st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 8), max_size=4)), max_size=8),
    kept=st.sets(st.integers(0, 7)),
)
def test_a_filter_is_the_rows_of_its_documents_passages(documents: list[tuple[int, list[int]]], kept: set[int]) -> None:
    number, first, pairs = 1, [], []
    for hole, rows in documents:  # a hole is left by a document that was removed
        number += hole
        first.append(number)
        pairs += list(enumerate(rows, number))
        number += len(rows)
    chosen = [place for place in range(len(documents)) if place in kept]
    expected = {row for place in chosen for row in documents[place][1]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npy"
        write(path, sorted(pairs, key=lambda pair: pair[1]), number)
        opened = PassageRows(path, 9)
        count = [len(documents[place][1]) for place in chosen]
        mask = opened.of_spans(np.array([first[place] for place in chosen], np.int64), np.array(count, np.int64))
        assert set(np.flatnonzero(mask)) == expected
        assert set(np.flatnonzero(opened.used())) == {row for _, rows in documents for row in rows}
