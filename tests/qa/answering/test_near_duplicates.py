"""Near-identical passages."""

from __future__ import annotations

from qa.answering.near_duplicates import near_identical

TEXT = (
    "The Council met four times in the year and adopted nine resolutions on fisheries, ports and the safety of crews."
)


def test_case_and_white_space_do_not_matter() -> None:
    assert near_identical(TEXT, TEXT.upper().replace(" ", "\n"))


def test_one_changed_figure_in_a_long_text_keeps_it_near() -> None:
    # 20 words give 18 shingles of 3; one changed word spoils 3 of them: 15 common of 21 in all, 0.714 >= 0.7
    assert near_identical(TEXT, TEXT.replace("nine", "twelve"))


def test_two_changed_words_apart_make_it_another_text() -> None:
    # 6 of 18 spoilt: 12 common of 24 in all, 0.5 < 0.7
    assert not near_identical(TEXT, TEXT.replace("nine", "twelve").replace("four", "seven"))


def test_a_part_is_not_near_the_whole() -> None:
    assert not near_identical(TEXT, TEXT[:50])


def test_a_moved_figure_sets_two_texts_apart() -> None:
    text = TEXT + " It spent 42.5 million on buoys and on the lights of harbours in every one of its districts."
    assert near_identical(text, text.replace("harbours", "ports"))
    assert not near_identical(text, text.replace("42.5", "43.5"))
