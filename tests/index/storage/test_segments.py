"""Which files are merged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.storage.segments import first_to_merge


def test_few_files_are_not_merged() -> None:
    assert first_to_merge([100, 1, 1, 1], 4) is None


def test_the_newest_files_merge_without_a_much_larger_one() -> None:
    # 1 + 1 = 2; the 3 before is not twice that: 5; the 100 before is
    assert first_to_merge([100, 3, 1, 1], 3) == 1


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=300), st.integers(2, 8))
def test_merging_never_leaves_more_files_than_allowed(added: list[int], most: int) -> None:
    sizes: list[int] = []
    for size in added:
        sizes.append(size)
        first = first_to_merge(sizes, most)
        if first is not None:
            sizes[first:] = [sum(sizes[first:])]
        assert len(sizes) <= most
    assert sum(sizes) == sum(added)


def test_a_record_is_rewritten_a_logarithmic_number_of_times() -> None:
    """After 1,000 additions to 1,000 documents, a document was rewritten fewer than ten times on average."""
    sizes, written = [1000], 0
    for _ in range(1000):
        sizes.append(1)
        first = first_to_merge(sizes, 8)
        if first is not None:
            sizes[first:] = [sum(sizes[first:])]
            written += sizes[-1]
    assert written < 10 * 1000
