"""Invalid arguments from programs: each kind is reported in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from qa.api.arguments import Arguments, Count, Edition, Heading, Question, Questions, Years
from qa.errors import RequestError


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
