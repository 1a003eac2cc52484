"""Prefetching: batches stay in order, started work is bounded and always dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Passage
from index.building.generation import prefetch
from index.building.prepare import Prepared, PreparedPassage
from tests.factories.encoders import HashEncoder


class RecordingEncoder(HashEncoder):
    """Records its calls; full when `most` texts are started."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.begun: Counter[str] = Counter()
        self.most, self.peak = most, 0

    @property
    def full(self) -> bool:
        return self.begun.total() >= self.most

    def expect(self, texts: Sequence[str]) -> None:
        self.begun.update(texts)
        self.peak = max(self.peak, self.begun.total())

    def forget(self, texts: Sequence[str]) -> None:
        self.begun.subtract(texts)


def batch(*texts: str) -> list[Prepared]:
    passages = tuple(
        PreparedPassage(Passage("d", None, "section", (), "", text, 0, len(text), ()), (), text, text.encode(), (), ())
        for text in texts
    )
    return [Prepared(_Source(), None, passages)]


class _Source:
    id, identity, path, size = "d", "d", Path("d"), 1


def jobs(passages: Sequence[PreparedPassage]) -> tuple[list[str], list[str]]:
    return [passage.text for passage in passages], [f"bare {passage.text}" for passage in passages[1:]]


def test_an_ordinary_encoder_gets_one_batch_at_a_time() -> None:
    taken: list[int] = []

    def source() -> Iterator[list[Prepared]]:
        for number in range(3):
            taken.append(number)
            yield batch(str(number))

    ahead = prefetch(source(), HashEncoder(), jobs)
    next(ahead)
    assert taken == [0]


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=5), max_size=12), st.integers(1, 12))
def test_batches_keep_their_order_and_all_started_work_is_forgotten(texts: list[list[str]], most: int) -> None:
    batches = [batch(*some) for some in texts]
    encoder = RecordingEncoder(most)
    for given_out, wanted in zip(prefetch(batches, encoder, jobs), batches, strict=True):
        assert given_out is wanted
        assert not Counter(jobs(given_out[0].passages)[0]) - encoder.begun  # it was begun before it is given out
    assert not any(encoder.begun.values())
    assert encoder.peak <= most + 2 * 5  # until it is full, plus the batch that is always started


@pytest.mark.parametrize("size", [1, 3])
def test_the_next_batch_is_started_before_a_batch_of_any_size_is_yielded(size: int) -> None:
    encoder = RecordingEncoder(1)
    ahead = prefetch([batch(*"abc"[:size]), batch(*"def"[:size])], encoder, jobs)
    next(ahead)
    assert encoder.begun.total() == 2 * size


def test_the_sentence_encoder_is_started_ahead_too() -> None:
    encoder, second = RecordingEncoder(1), RecordingEncoder(9)
    encoder.sentence_encoder = second
    ahead = prefetch([batch(*"abc"), batch(*"def"), batch(*"ghi")], encoder, jobs)
    next(ahead)
    assert +second.begun == Counter(["bare b", "bare c", "bare e", "bare f"])
    list(ahead)
    assert not any(second.begun.values())
