"""Differences by word: none where texts are the same, and nothing lost where they are not."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.models.similarity_scale import SimilarityScale
from qa.editions import alignment, word_diff
from qa.editions.sections import LocatedSentence

TEXTS = st.text(alphabet="abc AB.,|12-–’'“”\n語 ", max_size=60)


def test_a_figure_that_moved_is_all_that_differs() -> None:
    one, other = "It protected 147 merchant ships.", "It protected 38 merchant ships."
    found = word_diff.difference(one, other)
    assert [one[a:b] for a, b in found.deleted] == ["147"]
    assert [other[a:b] for a, b in found.inserted] == ["38"]
    assert word_diff.segments(one, other) == [
        ("equal", "It protected "), ("deleted", "147 "), ("inserted", "38"), ("equal", " merchant ships."),
    ]  # fmt: skip


def test_the_cells_of_two_rows_are_compared_one_by_one() -> None:
    one, other = "| Net income | 312 | 455 |", "| Net income | (702) | 312 |"
    found = word_diff.difference(one, other)
    assert [one[a:b] for a, b in found.deleted] == ["312", "455"]
    assert [other[a:b] for a, b in found.inserted] == ["(702)", "312"]
    assert [piece for kind, piece in word_diff.segments(one, other) if kind != "equal"] == [
        *("312 ", "(702)", "455 ", "312"),
    ]  # fmt: skip
    more = "| Net income | 88 | 312 | 455 |"  # another number of cells
    assert [more[a:b] for a, b in word_diff.difference(one, more).inserted] == ["88"]


def test_bars_that_only_one_format_has_are_no_difference() -> None:
    one, other = "| Staff | 12 |", "Staff | 14"
    for old, new in ((one, other), (other, one)):
        changed = [piece.strip() for kind, piece in word_diff.segments(old, new) if kind != "equal"]
        assert changed in (["12", "14"], ["14", "12"])
        assert "".join(piece for kind, piece in word_diff.segments(old, new) if kind != "deleted") == new


def test_words_that_went_stand_apart_from_what_stayed_beside_them() -> None:
    def shown(one: str, other: str) -> str:
        return "".join(
            "{}[{}]{}".format(*word_diff.split_blanks(piece)) if kind == "deleted" else piece
            for kind, piece in word_diff.segments(one, other)
        )

    assert shown("a year was decided.", "a year.") == "a year [was decided]."
    assert shown("two old boats", "two boats") == "two [old] boats"
    assert shown("two boats, then three", "two boats") == "two boats[, then three]"
    assert shown("Two boats", "Boats came") == "[Two boats] Boats came"


def test_white_space_and_forms_of_marks_are_no_difference() -> None:
    assert not word_diff.difference("“Japan’s  view”\nof 2015–16", '"Japan\'s view" of 2015-16')


@given(TEXTS)
def test_identical_text_has_no_difference(text: str) -> None:
    assert not word_diff.difference(text, text)
    assert all(kind == "equal" for kind, _ in word_diff.segments(text, text))
    assert word_diff.share_kept(text, text) == 1.0


@given(TEXTS, TEXTS)
def test_what_is_the_same_and_what_came_make_the_later_text(one: str, other: str) -> None:
    assert "".join(piece for kind, piece in word_diff.segments(one, other) if kind != "deleted") == other
    assert all(
        word_diff.split_blanks(piece)[1] in one for kind, piece in word_diff.segments(one, other) if kind == "deleted"
    )


@given(
    st.lists(st.sampled_from(["A fell.", "B rose.", "C stayed.", "D rose again.", "A fell"]), max_size=7), st.randoms()
)
def test_a_sentence_that_stands_in_both_is_never_marked_as_changed(texts: list[str], random: object) -> None:
    shuffled = list(texts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    sides = [
        alignment.SentenceSet.of(
            [LocatedSentence("d", "d@0-1", 10 * at, 10 * at + len(text), text, at) for at, text in enumerate(side)],
            np.eye(max(len(side), 1), 8, dtype=np.float32)[: len(side)],
            "en",
        )
        for side in (texts, shuffled)
    ]
    alike = alignment.sentence_similarity(sides[0], sides[1], SimilarityScale(0.0, 0.58))
    assert {change.kind for change in alignment.align_sentences(sides[0], sides[1], alike)} <= {"kept"}


def test_a_sign_and_a_leading_point_belong_to_their_number() -> None:
    assert [word for word, _, _ in word_diff.tokens("by -1.2 or −3.4, rose .5 to 3-5, (-2) in COVID-19. At $.75")] == [
        *("by", "-1.2", "or", "-3.4", ",", "rose", ".5", "to", "3", "-", "5", ",", "(", "-2", ")", "in"),
        *("COVID", "-", "19", ".", "At", "$", ".75"),
    ]
