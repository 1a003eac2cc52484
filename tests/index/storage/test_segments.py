"""Segments seen as one, and when they are merged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.storage.segments import first_to_merge


def test_few_files_are_left_as_they_are() -> None:
    assert first_to_merge([100, 1, 1, 1], 4) is None


def test_the_newest_go_together_and_leave_a_large_one_alone() -> None:
    # 1 + 1 = 2; the 3 before is not twice that: 5; the 100 before is
    assert first_to_merge([100, 3, 1, 1], 3) == 1


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=300), st.integers(2, 8))
def test_there_are_never_more_files_than_asked_for(added: list[int], most: int) -> None:
    sizes: list[int] = []
    for size in added:
        sizes.append(size)
        first = first_to_merge(sizes, most)
        if first is not None:
            sizes[first:] = [sum(sizes[first:])]
        assert len(sizes) <= most
    assert sum(sizes) == sum(added)


def test_what_is_written_again_grows_more_slowly_than_what_is_written() -> None:
    """1,000 additions of one document each to 1,000: a document is written anew a few times, not 1,000 times."""
    sizes, written = [1000], 0
    for _ in range(1000):
        sizes.append(1)
        first = first_to_merge(sizes, 8)
        if first is not None:
            sizes[first:] = [sum(sizes[first:])]
            written += sizes[-1]
    assert written < 10 * 1000
