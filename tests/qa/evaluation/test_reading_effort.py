"""Words until the evidence, counted by hand."""

from __future__ import annotations

import pytest

from qa.evaluation.outcome import TextSpan, contains_short_answer, words_until_evidence
from qa.evaluation.questions import Evidence

SENTENCE = TextSpan("a", "The ferry sails twice.", 100, 122)
PASSAGE = TextSpan("a", "One two three. The pier is “long”. Ten.", 0, 39)
OTHER = TextSpan("b", "The pier is 'long'.", 0, 19)


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("The ferry", 2),  # the first two words of the sentence
        ("sails  twice.", 4),
        ("One two", 4 + 2),  # after the four words of the sentence
        ('pier is "long"', 4 + 3 + 4),  # and after `One two three. The pier is “long”`
    ],
)
def test_words_are_counted_to_the_end_of_the_evidence(quote: str, words: int) -> None:
    assert words_until_evidence([SENTENCE, PASSAGE, OTHER], [Evidence("a", quote)]) == words


def test_the_same_words_in_another_document_are_no_evidence() -> None:
    # All of SENTENCE (4) and PASSAGE (8) come before `The pier`.
    assert words_until_evidence([SENTENCE, PASSAGE, OTHER], [Evidence("b", "The pier")]) == 4 + 8 + 2


def test_the_first_evidence_in_reading_order_counts() -> None:
    assert words_until_evidence([SENTENCE, PASSAGE], [Evidence("a", "Ten."), Evidence("a", "ferry")]) == 2


def test_a_comparison_is_read_until_evidence_of_each_document() -> None:
    evidence = [Evidence("a", "ferry"), Evidence("a", "Ten."), Evidence("b", "The pier")]
    assert words_until_evidence([SENTENCE, PASSAGE, OTHER], evidence, every_document=True) == 14
    assert words_until_evidence([SENTENCE, PASSAGE], evidence, every_document=True) is None


def test_missing_evidence_is_never_met() -> None:
    assert words_until_evidence([SENTENCE, PASSAGE], [Evidence("a", "ship")]) is None
    assert words_until_evidence([], [Evidence("a", "ferry")]) is None


def test_evidence_may_run_over_the_end_of_a_sentence() -> None:
    item, two = TextSpan("a", "It rained.", 0, 10), TextSpan("a", "The pier stood.", 11, 26)
    quote = [Evidence("a", "rained. The pier")]
    assert words_until_evidence([item, two], quote) == 4
    # But not across separate places of the document.
    assert words_until_evidence([item, TextSpan("a", "The pier stood.", 500, 515)], quote) is None


def test_a_judged_span_is_met_by_itself_or_a_part_of_it() -> None:
    assert words_until_evidence([SENTENCE], [Evidence("a", span=(90, 200))]) == 4
    assert words_until_evidence([PASSAGE], [Evidence("a", span=(4, 18))]) == 4  # `One two three. The`
    assert words_until_evidence([SENTENCE], [Evidence("a", span=(110, 200))]) is None


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("It sent two officers.", "two", True),
        ("It built a network.", "two", False),
        ("In 2029 it ended.", "29", False),
        ("It grew by 1.29 times.", "29", False),
        ("It grew to 29, then 30.", "29", True),
        ("It grew to 1.29.", "1.29", True),
        ("the  “Air\nOperation” post", '"air operation"', True),
        ("won the award3 in May", "award", True),
        ("Ada came and Tom left", "Tom; Ada", True),
        ("Ada came", "Tom; Ada", False),
        ("海賊対処法が成立した。", "海賊対処法", True),
        ("a US$5 million grant (GGE)", "US$5 million; (GGE)", True),
    ],
)
def test_a_short_answer_is_matched_by_whole_words(text: str, answer: str, held: bool) -> None:
    assert contains_short_answer([text], answer) is held


def test_parts_of_a_short_answer_can_be_in_several_sentences() -> None:
    assert contains_short_answer(["Ada came.", "Tom left."], "tom; ada")
    assert not contains_short_answer([], "tom")
