"""The page that watches saved questions: pasted and uploaded questions, refusals, and the report to download."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa.answering.library import Library
from qa.api.concurrency import ConcurrencyLimit, LibraryLoader
from qa.web.languages import UserLanguage
from qa.web.routes.form_pages import add_watch_pages
from qa.web.routes.responses import LimitedTasks
from qa.web.workers.pool import InlineTaskRunner
from tests.factories.encoders import HashEncoder
from tests.factories.harbours import harbours

PIER = "How many metres long is the northern pier that was painted?"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder = tmp_path_factory.mktemp("harbours")
    harbours(folder)
    app = FastAPI()
    library = LibraryLoader(Library(folder / "index", HashEncoder()))
    add_watch_pages(app, LimitedTasks(InlineTaskRunner(library), ConcurrencyLimit(2, 2)))
    app.add_middleware(UserLanguage)
    return TestClient(app)


def states(page: str) -> list[str]:
    return re.findall(r'class="yq-outcome [\w-]+">([^<]+)<', page)


def test_questions_are_watched_as_they_are_pasted_and_as_a_file(client: TestClient) -> None:
    assert "<form" in client.get("/watch").text
    pasted = client.post("/watch", data={"questions": f"# of the harbour\n{PIER}\n", "since": "2016"}).text
    assert states(pasted) == ["changed"]
    assert "<del>312</del>" in pasted
    assert PIER in pasted.partition("</textarea>")[0]  # stays in the box
    uploaded = client.post("/watch", files={"file": ("my.jsonl", f'{{"question": "{PIER}"}}'.encode())}).text
    assert states(uploaded) == ["changed"]
    report = client.post("/watch-report", data={"questions": PIER})
    assert "attachment" in report.headers["content-disposition"]
    assert "href" not in report.text


def test_a_watched_question_is_shown_in_the_language_of_the_user(client: TestClient) -> None:
    page = client.post("/watch", data={"questions": PIER}, headers={"accept-language": "ja"}).text
    assert states(page) == ["変更"]
    assert "質問 1 問: 新規 0 件、変更 1 件" in page
    refused = client.post("/watch", data={"questions": PIER, "since": "1900"}, headers={"accept-language": "ja"}).text
    assert "no series" not in refused


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"data": {"questions": " "}}, ">Please type questions, one per line, or choose a file."),
        ({"data": {"questions": "# only a remark"}}, ">No questions"),
        ({"data": {"questions": PIER, "since": "last"}}, "must be a year"),
        ({"data": {"questions": PIER, "since": "9" * 5000}}, "must be a year"),
        ({"files": {"file": (f"{'x' * 300}.jsonl", b"{")}}, "xxx.jsonl line 1: not JSON"),
        (
            {"data": {"questions": PIER, "since": "1900"}},
            "No series has two editions to compare: there is no edition of 1900",
        ),
        ({"data": {"questions": "pier\n" * 201}}, "More than 200 questions"),
        ({"files": {"file": ("my.jsonl", b"{")}}, "my.jsonl line 1: not JSON"),
    ],
)
def test_what_cannot_be_watched_is_refused_above_the_form(
    client: TestClient, sent: dict[str, dict[str, object]], says: str
) -> None:
    answer = client.post("/watch", **sent)  # type: ignore[arg-type]  # of different keyword arguments
    assert says in answer.text
    assert 'name="questions"' in answer.text
    assert states(answer.text) == []
    assert str(Path.cwd().anchor + "tmp") not in answer.text
