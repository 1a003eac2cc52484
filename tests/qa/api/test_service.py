"""The service for programs: objects of the command line, within bounds, without paths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from corpus.ingest import plan
from index.building.build import build
from index.errors import UnknownPassage
from qa.answering.excerpt import SECTION_CONTEXT
from qa.answering.library import Library
from qa.api.service import (
    MAX_EXCERPT,
    MAX_QUESTIONS,
    Arguments,
    Count,
    Edition,
    Heading,
    LibraryService,
    Question,
    Questions,
    Years,
)
from qa.cli.index_location import SAMPLES
from qa.editions.outlines import compare_outlines
from qa.errors import CompareError, EmptyQuestion, FilterError, JudgementError, RequestError
from qa.output.json_objects import answer_json, comparison_json, document_json, outline_json, outlines_json
from qa.question.filters import Filters
from tests.factories.encoders import HashEncoder

BLUEBOOK = "digest-bluebook-2016"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The samples, and a document with one section of about 200,000 characters."""
    folder = tmp_path_factory.mktemp("long")
    lines = "\n".join(f"In 2016 ship number {number} sailed from one harbour to another." for number in range(3400))
    (folder / "long.txt").write_text(f"Ships 2016\n\n1 All ships\n{lines}\n", encoding="utf-8")
    target = tmp_path_factory.mktemp("programs") / "index"
    encoder = HashEncoder()
    build(target, plan([SAMPLES, folder]), encoder)
    return Library(target, encoder, notices=["these are samples"])


@pytest.fixture(scope="module")
def programs(library: Library) -> LibraryService:
    return LibraryService(lambda: library)


def test_an_answer_is_the_object_of_the_command_line(programs: LibraryService, library: Library) -> None:
    assert programs.ask("Which ships sailed?", 3) == answer_json(library.ask("Which ships sailed?", 3))
    answer = programs.ask("cyberspace", edition=["2020"])
    assert {passage["edition"] for passage in answer["passages"]} == {2020}
    assert programs.ask("cyberspace", edition=[2020]) == answer


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"question": "?!"}, EmptyQuestion, "question is empty"),
        ({"question": "ships", "k": 0}, RequestError, "k is 0: must be 1 to 100"),
        ({"question": "ships", "k": 101}, RequestError, "k is 101"),
        ({"question": "ships", "edition": ["x"]}, FilterError, "edition is 'x'"),
        ({"question": "ships", "series": ["x"] * 101}, RequestError, "number of values of series is 101"),
    ],
)
def test_invalid_requests_are_errors(programs: LibraryService, wrong: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        programs.ask(**wrong)


def test_documents_are_listed_in_parts_without_where_they_lie(programs: LibraryService, library: Library) -> None:
    result = programs.documents()
    assert [document["id"] for document in result["documents"]] == [document.id for document in library.index.documents]
    assert result["total"] == result["index"]["documents"] == 4
    assert result["notices"] == ["these are samples"]
    assert result["documents"][0] == {
        **document_json(library.index.documents[0]),
        "source": f"{library.index.documents[0].id}.txt",
    }
    assert programs.documents(first=1, most=2)["documents"] == result["documents"][1:3]
    assert [document["id"] for document in programs.documents(covers=["2015"])["documents"]] == [BLUEBOOK]
    with pytest.raises(RequestError, match="most is 501"):
        programs.documents(most=501)


def test_a_passage_is_shown_in_its_section(programs: LibraryService, library: Library) -> None:
    text = library.index.document(BLUEBOOK).text
    passage = library.ask("piracy", filters=None).passages[0].hit.stored.passage
    result = programs.section(passage.id)
    document = library.index.document(passage.document)
    assert result["text"] == document.text[passage.start : passage.end]
    context = result["context"]
    assert context["text"] == document.text[context["start"] : context["end"]]
    assert not context["cut"]
    with pytest.raises(UnknownPassage):
        programs.section(f"{BLUEBOOK}@0-{len(text) + 1}")
    with pytest.raises(UnknownPassage):
        programs.section("/etc/passwd@0-5")


def test_a_huge_section_is_cut_around_the_passage(programs: LibraryService, library: Library) -> None:
    text = library.index.document("long").text
    result = programs.section("long@100000-100050")
    assert result["text"] == text[100_000:100_050]
    assert result["context"] == {
        "start": 100_000 - SECTION_CONTEXT,
        "end": 100_050 + SECTION_CONTEXT,
        "text": text[100_000 - SECTION_CONTEXT : 100_050 + SECTION_CONTEXT],
        "cut": True,
    }
    with pytest.raises(RequestError, match="50,001 characters"):
        programs.section(f"long@0-{MAX_EXCERPT + 1}")


def test_outline_items_have_ids_of_their_content(programs: LibraryService, library: Library) -> None:
    whole = outline_json(library.index.document(BLUEBOOK))
    outline = programs.outline(BLUEBOOK, headings_only=False)
    assert [{key: value for key, value in item.items() if key != "id"} for item in outline["items"]] == whole
    headings = programs.outline(BLUEBOOK)
    assert headings["total"] == len(headings["items"]) == sum(item["kind"] in {"section", "inset"} for item in whole)
    for item in headings["items"]:
        parent = None if item["parent"] is None else headings["items"][item["parent"]]
        assert parent is None or parent["start"] <= item["start"] < item["end"] <= parent["end"]
        assert programs.section(item["id"])["text"].startswith(item["text"])


def test_questions_are_answered_and_measured(programs: LibraryService) -> None:
    questions: list[dict[str, Any]] = [
        {
            "question": "How many merchant ships were escorted?",
            "evidence": [{"doc": BLUEBOOK, "quote": "147 merchant"}],
        },
        {"id": "other", "question": "piracy \u2028 off Somalia", "mine": {"kept": [1]}},
    ]
    evaluation = programs.evaluate(questions, k=3)
    assert [answer["id"] for answer in evaluation["answers"]] == ["q1", "other"]
    assert [len(answer["passages"]) for answer in evaluation["answers"]] == [3, 3]
    assert {**evaluation["answers"][1]}["mine"] == {"kept": [1]}
    assert evaluation["answers"][1]["question"] == questions[1]["question"]
    assert evaluation["metrics"] is not None
    assert evaluation["metrics"]["questions"] == 2
    assert evaluation["metrics"]["judged"] == 1
    assert programs.evaluate([{"question": "piracy"}])["metrics"] is None


@pytest.mark.parametrize(
    ("questions", "options", "error", "says"),
    [
        ([], {}, RequestError, "number of questions is 0"),
        ([{"question": "x"}] * (MAX_QUESTIONS + 1), {}, RequestError, "number of questions is 1,001"),
        ([{"question": "x"}] * 201, {"k": 100}, RequestError, "times k is 20,100"),
        ([{"question": "x"}, {"text": 5}], {}, JudgementError, "^questions line 2: `text` is 5"),
        ([{"question": "x"}, "y"], {}, JudgementError, "^questions line 2: 'y' is no object"),
        ([{"question": "x", "evidence": "y"}], {}, JudgementError, "must be JSON"),
        ([{"question": "x"}], {"measures": ["nonsense@3"]}, JudgementError, "nonsense"),
    ],
)
def test_questions_that_cannot_be_used_are_named(
    programs: LibraryService, questions: Any, options: Any, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        programs.evaluate(questions, **options)


def test_an_evaluation_leaves_no_files(
    programs: LibraryService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    programs.evaluate([{"question": "piracy"}])
    assert list(tmp_path.iterdir()) == []


def test_comparisons_and_checks_are_the_objects_of_the_command_line(programs: LibraryService, library: Library) -> None:
    digests = "Digest of the Diplomatic Bluebook"
    comparison = programs.compare("anti-piracy off Somalia", series=[digests])
    assert comparison["series"] == digests
    assert comparison == comparison_json(library.compare("anti-piracy off Somalia", Filters(series=(digests,))))
    assert [edition["edition"] for edition in comparison["editions"]] == [2016, 2020]
    whole = programs.compare(editions=[2016, 2020])
    assert whole == outlines_json(compare_outlines(library.index, [2016, 2020]))
    draft = "“The Oceans and Seas” and “ships of no port that anyone wrote of before”"
    assert programs.check(draft)["counts"]["not found"] == 1


def test_invalid_comparisons_and_drafts_are_errors(programs: LibraryService) -> None:
    with pytest.raises(CompareError, match="two years or more"):
        programs.compare(editions=[2016])
    with pytest.raises(CompareError, match="has the editions 2016, 2018"):
        programs.compare(editions=[2016, 2018])
    with pytest.raises(RequestError, match="number of characters of the draft is 100,001"):
        programs.check("x" * 100_001)


def find(
    question: Question, k: Count = 5, edition: Edition = None, editions: Years = None, heading: Heading = None
) -> None:
    """A function with arguments of each kind."""


def answer(questions: Questions) -> None:
    """A function whose argument is a list of objects."""


@pytest.fixture(scope="module")
def arguments() -> Arguments:
    return Arguments(find)


def test_valid_arguments_are_returned_with_defaults(arguments: Arguments) -> None:
    rest = {"k": 5, "edition": None, "editions": None, "heading": None}
    assert arguments.read("Why?") == {"question": "Why?", **rest}
    years: list[str | int] = ["2014..2016", 2020]
    assert arguments.read("Why?", 7, years) == {"question": "Why?", **rest, "edition": years, "k": 7}
    asked = [{"question": "Why?", "evidence": [], "mine": {"kept": [1.5, None]}}]
    assert Arguments(answer).read(asked) == {"questions": asked}


@pytest.mark.parametrize(
    "value", ["five", "5", 1.5, 5.0, True, None, [], [5], {}, {"k": 5}, float("nan"), float("inf")]
)
def test_a_value_that_is_no_integer_is_reported(arguments: Arguments, value: Any) -> None:
    with pytest.raises(RequestError, match=r"^k is .*: must be a whole number, such as 5$"):
        arguments.read("Why?", value)


@pytest.mark.parametrize("value", [7, 1.5, True, None, [], ["Why?"], {}, 10**4000])
def test_a_value_that_is_no_string_is_reported(arguments: Arguments, value: Any) -> None:
    with pytest.raises(RequestError, match=r'^question is .*: must be a string, such as "How many ships\?"$') as error:
        arguments.read(value)
    assert len(str(error.value)) < 150


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2016", 'edition is "2016": must be a list, such as ["2016", "2018..2020"]'),
        (2016, 'edition is 2016: must be a list, such as ["2016", "2018..2020"]'),
        ({"from": 1}, 'edition is {"from": 1}: must be a list, such as ["2016", "2018..2020"]'),
        (
            ["2016", {}],
            'edition[1] is {}: must be a string or a whole number (edition, such as ["2016", "2018..2020"])',
        ),
        (
            [[2016]],
            'edition[0] is [2016]: must be a string or a whole number (edition, such as ["2016", "2018..2020"])',
        ),
        ([None], 'edition[0] is null: must be a string or a whole number (edition, such as ["2016", "2018..2020"])'),
        ([True], 'edition[0] is true: must be a string or a whole number (edition, such as ["2016", "2018..2020"])'),
    ],
)
def test_the_error_names_the_wrong_element_of_a_list(arguments: Arguments, value: Any, told: str) -> None:
    with pytest.raises(RequestError) as error:
        arguments.read("Why?", 5, value)
    assert str(error.value) == told


def test_the_first_element_that_is_no_object_is_named() -> None:
    with pytest.raises(RequestError, match=r'^questions\[1\] is "b\\ud800": must be an object'):
        Arguments(answer).read([{}, "b\ud800", 7])


def test_however_deep_and_long_a_value_is_the_line_is_short(arguments: Arguments) -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    for value in (deep, "x" * 10**6, ["x" * 10**6] * 3, {"x" * 10**6: 1}):
        with pytest.raises(RequestError) as error:
            arguments.read("Why?", value)
        assert len(str(error.value)) < 150
        assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("function", "before", "name"),
    [(find, ("Why?", 5), "edition"), (find, ("Why?", 5, None), "editions"), (answer, (), "questions")],
)
def test_validation_of_a_list_stops_at_the_first_wrong_element(
    function: Callable[..., None], before: tuple[object, ...], name: str
) -> None:
    with pytest.raises(RequestError, match=rf"^{name}\[0\] is null") as error:
        Arguments(function).read(*before, [None] * 100_000)
    assert isinstance(error.value.__cause__, ValidationError)
    assert error.value.__cause__.error_count() <= 2  # as many as there are kinds that would do


def test_only_the_first_of_several_errors_is_reported(arguments: Arguments) -> None:
    with pytest.raises(RequestError, match=r"^question is 7: "):
        arguments.read(7, "five", ["2016", {}])


def test_trailing_arguments_with_defaults_can_be_omitted(arguments: Arguments) -> None:
    assert arguments.defaults_after(["Why?"]) == [5, None, None, None]
    assert arguments.defaults_after(["Why?", 7, None, None, None]) == []


def test_a_wrong_number_of_arguments_lists_all_arguments(arguments: Arguments) -> None:
    listed = r"\(question, k=5, edition=null, editions=null, heading=null\)$"
    for call in (arguments.defaults_after, lambda values: arguments.read(*values)):
        with pytest.raises(RequestError, match=rf"^number of arguments of find is 6: must be 1 to 5 {listed}"):
            call(["Why?", 5, None, None, None, None])
    with pytest.raises(RequestError, match=r"^number of arguments of answer is 0: must be 1 \(questions\)$"):
        Arguments(answer).defaults_after([])
    with pytest.raises(RequestError, match=r'^find needs the argument question, such as "How many ships\?"$'):
        arguments.read()


def test_an_unknown_argument_is_reported(arguments: Arguments) -> None:
    with pytest.raises(RequestError, match=r'^find has no argument "year" \(known: question, k, edition,'):
        arguments.check_names(["k", "year"])
