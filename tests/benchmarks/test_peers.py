"""The comparison with peers counts a passage of any splitter by the evidence that it contains."""

from __future__ import annotations

from qa.evaluation.questions import Evidence, Question
from tests.benchmarks.peer_systems import WORDS, paragraphs
from tests.benchmarks.peers import found

TEXT = "The port was dredged in May.\nTwelve ships\nwere escorted in June. The crew went home in July."


def rank(evidence: Evidence, *passages: str) -> int | None:
    question = Question("1", "How many ships?", 1, evidence=(evidence,))
    return found(question, [("a", passage) for passage in passages], {"a": TEXT, "b": TEXT})


def test_a_passage_with_half_of_the_evidence_is_right_whatever_its_line_breaks() -> None:
    quote = Evidence("a", quote="Twelve ships were escorted in June.")
    assert rank(quote, "The port was dredged in May.", "Twelve ships were escorted") == 1
    assert rank(quote, "June. The crew went home in July.") is None
    start = TEXT.index("Twelve")
    assert rank(Evidence("a", span=(start, start + 35)), TEXT) == 0
    assert rank(Evidence("b", span=(start, start + 35)), TEXT) is None  # the passages are those of another document


def test_short_paragraphs_are_joined_and_none_is_lost() -> None:
    text = "\n\n".join(f"Paragraph {number} has five words." for number in range(60))
    pieces = paragraphs(text)
    assert "\n\n".join(pieces) == text
    assert all(len(piece.split()) <= WORDS for piece in pieces)
    assert len(pieces) == 3
