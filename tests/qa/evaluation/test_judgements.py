"""Relevant passages by quotes, spans, passage ids and grades; missing evidence stays judged."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.ingest import plan
from corpus.records import Passage
from index.building.build import build
from index.ranking.search import Index
from qa.answering.library import Library
from qa.evaluation.judgements import Judge, Judged, normalize, occurrences
from qa.evaluation.questions import Evidence, Question
from tests.factories.encoders import HashEncoder
from tests.factories.harbours import FERRY
from tests.factories.rendered.pages import draw_lines, draw_pages
from tests.factories.rendered.scanned_pdf import recognize_perfectly, scan


@pytest.fixture
def judge(library: Library) -> Judge:
    return Judge(library.index, [])


def passages(library: Library, document: str) -> list[Passage]:
    index = library.index
    return [stored.passage for stored in index.records.passages_of_document(index.info(document).number)]


def judged(judge: Judge, *evidence: Evidence) -> Judged:
    return judge.judge(Question("q1", "?", 1, evidence=evidence))


def test_a_passage_that_holds_the_quote_answers(library: Library, judge: Judge) -> None:
    result = judged(judge, Evidence("harbour-2016", "is 312 metres long"))
    (relevant,) = [passage.id for passage in passages(library, "harbour-2016") if "312 metres" in passage.text]
    assert result == Judged(True, {relevant: 1}, ("harbour-2016",))


def test_graded_evidence_counts_by_its_best_grade(library: Library, judge: Judge) -> None:
    first, second = (passage.id for passage in passages(library, "harbour-2016")[:2])
    right, part, wrong = (Evidence("harbour-2016", span=_span(first), grade=grade) for grade in (2, 1, 0))
    other = Evidence("harbour-2016", span=_span(second), grade=0)
    result = judged(judge, part, right, wrong, other)
    assert (result.grades, result.answerable) == ({first: 2, second: 0}, True)
    assert judged(judge, wrong) == Judged(None, {first: 0})


def _span(passage: str) -> tuple[int, int]:
    start, end = passage.rpartition("@")[2].split("-")
    return int(start), int(end)


def test_quotes_match_up_to_white_space_and_quotation_marks(judge: Judge) -> None:
    assert judged(judge, Evidence("harbour-2016", ' painted\n "harbour  green" by ')).missing == ()
    assert judged(judge, Evidence("harbour-2016", 'Painted "harbour green"')).missing != ()


def test_every_passage_that_holds_the_quote_answers(library: Library, judge: Judge) -> None:
    result = judged(judge, Evidence("harbour-2020", "painted"), Evidence("lamp-2020", FERRY))
    assert {grade.rpartition("@")[0] for grade in result.grades} == {"harbour-2020", "lamp-2020"}
    for passage in passages(library, "harbour-2020"):
        assert result.is_relevant(passage.id) == ("painted" in passage.text)


def test_the_same_words_in_another_document_do_not_answer(judge: Judge) -> None:
    result = judged(judge, Evidence("lamp-2020", FERRY))
    assert all(grade.startswith("lamp-2020@") for grade in result.grades)


def test_a_quote_across_passages_counts_for_the_passage_with_most_of_it(library: Library, judge: Judge) -> None:
    text = library.index.document("harbour-2016").text
    first, second = next(
        (passage, other)
        for passage, other in zip(
            passages(library, "harbour-2016"), passages(library, "harbour-2016")[1:], strict=False
        )
        if passage.section == other.section
    )
    most_of_first = text[first.end - 60 : second.start + 20]
    most_of_second = text[first.end - 20 : second.start + 60]
    assert list(judged(judge, Evidence("harbour-2016", most_of_first)).grades) == [first.id]
    assert list(judged(judge, Evidence("harbour-2016", most_of_second)).grades) == [second.id]


def test_a_passage_id_answers_by_its_place(library: Library, judge: Judge) -> None:
    first, *_ = passages(library, "harbour-2016")
    exact = Evidence("harbour-2016", span=(first.start, first.end))
    moved = Evidence("harbour-2016", span=(first.start + 3, first.end + 5))
    assert list(judged(judge, exact).grades) == [first.id]
    assert list(judged(judge, moved).grades) == [first.id]


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (Evidence("harbour-1999", "is 312 metres long"), 'document "harbour-1999"'),
        (Evidence("harbour-2016", "is 313 metres long"), 'quote "is 313 metres long" of harbour-2016'),
        (Evidence("harbour-2016", span=(900_000, 900_009)), 'passage "harbour-2016@900000-900009"'),
    ],
)
def test_evidence_missing_from_the_index_counts_and_is_reported(judge: Judge, evidence: Evidence, words: str) -> None:
    result = judged(judge, evidence)
    assert (result.answerable, result.missing) == (True, (words,))
    assert result.ranked
    assert sum(result.grades.values()) == 1


def test_unanswerable_and_unjudged_questions_have_no_grades(judge: Judge) -> None:
    assert judge.judge(Question("q1", "?", 1, evidence=())) == Judged(False, {})
    assert judge.judge(Question("q1", "?", 1)) == Judged(None, {})
    assert not judge.judge(Question("q1", "?", 1, evidence=())).ranked
    assert not judge.judge(Question("q1", "?", 1)).ranked


def test_grades_of_documents_rank_documents(library: Library) -> None:
    question = Question("q1", "?", 1, grades={"harbour-2016": 2, "lamp-2020": 0, "gone": 1})
    judge = Judge(library.index, [question])
    judged = judge.judge(question)
    assert judge.unit == "document"
    assert judged.grades == {"harbour-2016": 2, "lamp-2020": 0, "gone": 1}
    assert judged.missing == ('document "gone"',)
    assert [judged.is_relevant(item) for item in ("harbour-2016", "lamp-2020", "harbour-2020")] == [True, False, False]


def test_grades_of_passages_rank_passages(library: Library) -> None:
    first, second, *_ = passages(library, "harbour-2016")
    question = Question("q1", "?", 1, grades={first.id: 2, second.id: 0})
    judge = Judge(library.index, [question])
    assert judge.unit == "passage"
    assert judge.judge(question).grades == {first.id: 2, second.id: 0}


def test_a_question_with_only_zero_grades_counts_in_rankings_only(library: Library) -> None:
    question = Question("q1", "?", 1, grades={"harbour-2016": 0})
    judged = Judge(library.index, [question]).judge(question)
    assert (judged.answerable, judged.ranked) == (None, True)


def test_occurrences_are_offsets_of_the_text_itself() -> None:
    text = "a  “b\n c” a 'b c'"
    assert normalize(text) == "a \"b c\" a 'b c'"
    assert [text[start:end] for start, end in occurrences(text, "b c")] == ["b\n c", "b c"]
    assert occurrences(text, "") == []


@given(st.text(alphabet='ab \n\t“”"', max_size=40), st.integers(0, 40), st.integers(1, 12))
def test_every_span_of_a_text_is_located(text: str, start: int, length: int) -> None:
    quote = normalize(text[start : start + length])
    result = [text[begin:end] for begin, end in occurrences(text, quote)]
    assert all(normalize(item) == quote for item in result)
    assert bool(result) == bool(quote)


def test_words_of_a_quote_may_be_misread_in_a_recognised_text_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = draw_pages(draw_lines("The Govermment opened the northern quay to fourteen ships.", "A storm closed it."))
    recognize_perfectly(monkeypatch, printed)
    evidence = Evidence("quay", "The Government opened the northern quay to fourteen ships")
    other = Evidence("quay", "The council opened a school to forty children")
    for ocr, data in ((True, scan(printed)), (False, printed)):
        (tmp_path / "quay.pdf").write_bytes(data)
        build(tmp_path / f"index-{ocr}", plan([tmp_path / "quay.pdf"], ocr=ocr), HashEncoder())
        judge = Judge(Index(tmp_path / f"index-{ocr}"), [])
        assert (judged(judge, evidence).missing == ()) is ocr
        assert judged(judge, other).missing != ()
