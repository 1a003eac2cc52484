"""Sections of two editions are paired whatever happened to their numbers, names and places."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.ingest import plan
from index.building.build import build
from index.ranking.search import Index
from qa.editions.alignment import SectionPair, align_sections, assign, heading_similarity, keeps_order
from qa.editions.sections import EditionSection, editions, sections, title_of
from tests.factories.editions.edited_editions import Editions, edited
from tests.factories.encoders import HashEncoder


@given(st.integers(1, 5), st.integers(1, 5), st.randoms(use_true_random=False))
def test_an_assignment_has_the_greatest_total_gain_there_is(rows: int, columns: int, random: object) -> None:
    gains = np.array([[random.uniform(-1, 1) for _ in range(columns)] for _ in range(rows)])  # type: ignore[attr-defined]
    pairs = assign(gains)
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    assert all(gains[a, b] > 0 for a, b in pairs)
    size = max(rows, columns)
    padded = np.zeros((size, size))
    padded[:rows, :columns] = np.maximum(gains, 0)
    best = max(sum(padded[a, b] for a, b in enumerate(order)) for order in permutations(range(size)))
    assert sum(gains[a, b] for a, b in pairs) == pytest.approx(best)


def test_what_moved_past_many_leaves_them_where_they_were_and_a_swap_moves_both() -> None:
    assert keeps_order([1, 2, 3, 4]) == [True, True, True, True]
    assert keeps_order([4, 1, 2, 3]) == [False, True, True, True]
    assert keeps_order([2, 1]) == [False, False]
    assert keeps_order([1, 3, 2, 4]) == [True, False, False, True]
    assert keeps_order([]) == []


def test_a_heading_is_known_without_its_number() -> None:
    assert title_of("## 3.2 Order at sea") == "Order at sea"
    assert title_of("(b) Order at sea") == "Order at sea"
    assert title_of("Order at sea") == "Order at sea"


@pytest.fixture(scope="module", params=[101, 102, 103])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Editions, Index]:
    made = edited(request.param)
    folder = tmp_path_factory.mktemp("edited")
    build(folder / "index", plan([made.write(folder / "files")]), HashEncoder())
    return made, Index(folder / "index")


def _aligned(index: Index) -> tuple[list[EditionSection], list[EditionSection], list[SectionPair]]:
    one, other = editions(index.documents)
    sides = sections(index, one), sections(index, other)
    return *sides, align_sections(*sides)


def test_sections_that_were_edited_by_rules_are_paired(pair: tuple[Editions, Index]) -> None:
    made, index = pair
    one, other, pairs = _aligned(index)
    found = {
        (one[p.earlier].path[-1], other[p.later].path[-1]): p.kind
        for p in pairs
        if p.earlier is not None and p.later is not None and len(one[p.earlier].path) > 1
    }
    right = found.keys() & made.pairs
    assert len(right) >= 0.95 * len(found)
    assert len(right) >= 0.95 * len(made.pairs)
    assert sum(found[key] == made.kinds[key] for key in right) >= 0.95 * len(right)
    assert {"kept", "renamed", "moved", "split", "merged"} <= set(found.values())
    dropped = {one[p.earlier].path[-1] for p in pairs if p.kind == "dropped" and p.earlier is not None}
    new = {other[p.later].path[-1] for p in pairs if p.kind == "new" and p.later is not None}
    assert dropped == made.dropped
    assert new == made.new


def _side(*sections: tuple[str, int | None]) -> list[EditionSection]:
    """Sections by their words, each with the position of its parent."""
    return [
        EditionSection("a", at if parent is not None else None, (), words, 0, 9, parent, (), tuple(words.split()), None)
        for at, (words, parent) in enumerate(sections)
    ]


FLAT = (("harbour report", None), ("ships and cargo", 0), ("ferry passengers", 0), ("quay finance", 0))


def test_a_level_that_only_one_edition_has_moves_nothing() -> None:
    deep = _side(("harbour report", None), ("volume", 0), *((words, 1) for words, _ in FLAT[1:]))
    for earlier, later in ((_side(*FLAT), deep), (deep, _side(*FLAT))):
        kinds = {pair.kind for pair in align_sections(earlier, later) if None not in (pair.earlier, pair.later)}
        assert kinds == {"kept"}


def test_a_section_below_another_chapter_has_moved() -> None:
    later = _side(*FLAT[:3], ("quay finance", 1))
    pairs = align_sections(_side(*FLAT), later)
    assert [pair.kind for pair in pairs] == ["kept", "kept", "kept", "moved"]


def test_every_section_of_both_editions_is_accounted_for(pair: tuple[Editions, Index]) -> None:
    one, other, pairs = _aligned(pair[1])
    assert {p.earlier for p in pairs} - {None} == set(range(len(one)))
    assert {p.later for p in pairs} - {None} == set(range(len(other)))


def test_an_edition_beside_itself_is_kept_whole(pair: tuple[Editions, Index]) -> None:
    index = pair[1]
    own = sections(index, editions(index.documents)[0])
    pairs = align_sections(own, own)
    assert [(p.earlier, p.later, p.kind) for p in pairs] == [(at, at, "kept") for at in range(len(own))]


@given(st.lists(st.text("ab ().[]（）の1-'’", min_size=1, max_size=12), min_size=1, max_size=4))
@example(["(in millions)."])
@example(["Port(s)men", "(£m)", "[a] (b)", "..."])
def test_equal_headings_of_any_characters_are_equal(titles: list[str]) -> None:
    side = [EditionSection("a", at, (), title, 0, 9, None, (), (), None) for at, title in enumerate(titles)]
    assert np.all(np.diag(heading_similarity(side, side)) == 1.0)


def test_nothing_is_paired_with_nothing(tmp_path: Path) -> None:
    del tmp_path
    assert align_sections([], []) == []


def test_the_judged_sections_of_the_yearbooks_are_paired(data: Path, tmp_path: Path) -> None:
    """With a hash for a model; `tests.benchmarks.editions` prints the figures with the real one."""
    from tests.benchmarks.editions import judged_pairs

    build(tmp_path / "index", plan([data / "seeds"]), HashEncoder(512))
    found = judged_pairs(Index(tmp_path / "index"), data / "seeds-eval" / "pairs.json")
    assert found.precision >= 0.95
    assert found.recall >= 0.95


def test_a_title_that_only_one_edition_has_as_a_heading_moves_nothing() -> None:
    titled = _side(("harbour report", None), ("yearbook", 0), *((words, 1) for words, _ in FLAT[1:]))
    beside = _side(("harbour report", None), ("yearbook", 0), *FLAT[1:])
    for earlier, later in ((titled, beside), (beside, titled)):
        kinds = {pair.kind for pair in align_sections(earlier, later) if None not in (pair.earlier, pair.later)}
        assert kinds == {"kept"}
