"""A batch in the form, without a browser: what is taken, how it runs and stops, what its table and its files hold."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa import limits
from qa.answering.library import Library
from qa.api.concurrency import LibraryLoader
from qa.evaluation.evaluate import ENCODED_AT_ONCE, evaluate
from qa.evaluation.questions import read_questions
from qa.output.csv_cells import csv_cell
from qa.web import batches as store
from qa.web.batches import Batch, Batches, PreparedQuestions, prepare
from qa.web.render import batch as batch_table
from qa.web.render.batch import CSV_COLUMNS, PAGE, BatchResult, BatchRow, rows_html
from qa.web.routes.form_pages import add_batch_pages
from qa.web.security.request_limits import UploadFolder
from qa.web.tabs import batch as batch_tab
from qa.web.tabs.batch import ask_all
from qa.web.tabs.widgets import duration_in_words, progress_html
from qa.web.workers.pool import InlineTaskRunner
from tests.factories.harbours import counted_questions

PIER = "How many metres long is the northern pier painted by Ada Rowe?"
HOSTILE = '=HYPERLINK("http://x.example","pier") <img src=x onerror=alert(1)> painted by Ada Rowe?'


def here(library: Library) -> tuple[LibraryLoader, InlineTaskRunner]:
    """The library, and what asks it in this process."""
    opening = LibraryLoader(library)
    return opening, InlineTaskRunner(opening)


@pytest.fixture
def batches() -> Batches:
    return Batches(UploadFolder())


def batch_of(batches: Batches, questions: list[dict[str, Any]]) -> Batch:
    written = "".join(json.dumps(one) + "\n" for one in questions)
    batch = batches.add("questions.jsonl", written.encode())
    batch.prepared = prepare(batch.source)
    return batch


def written(folder: Path, name: str, content: str) -> PreparedQuestions:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return prepare(file)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("q.docx", "PK", ".docx is not a question file"),
        ("q.txt", "x" * (limits.FORM_FILE.default + 1), "over the limit of 5,242,880"),
        ("q.txt", "Why?\n" * (limits.FORM_QUESTIONS.default + 1), "5,001 questions are over the limit of 5,000"),
        ("q.jsonl", '{"question": "How?"}\n{"question": 7}\n', "q.jsonl line 2: `question` is 7"),
        ("q.csv", "a;b\n;\n", "no column is chosen for the question"),
        ("q.txt", "", "no questions in the file"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_line_without_a_path_of_the_server(
    tmp_path: Path, name: str, content: str, problem: str
) -> None:
    prepared = written(tmp_path, name, content)
    assert prepared.questions is None
    assert problem in prepared.problem
    assert str(tmp_path) not in "".join(prepared.remarks())


def test_as_many_questions_as_the_limit_are_taken(tmp_path: Path) -> None:
    assert written(tmp_path, "q.txt", "Why?\n" * limits.FORM_QUESTIONS.default).problem == ""


def test_long_questions_and_unclear_columns_are_told(tmp_path: Path) -> None:
    (long,) = written(tmp_path, "q.txt", f"Why?\n{'x' * (limits.QUESTION.default + 1)}\n").remarks()
    assert long.startswith("1 question is longer than 2,000 characters")
    unclear = written(tmp_path, "q.csv", "Nr,Frage\n1,Warum?\n")
    assert '"Frage"' in unclear.remarks()[0]
    assert not unclear.is_clear
    assert any("first line" in one for one in written(tmp_path, "r.csv", "Why?,a\nHow?,b\n").remarks())


def test_a_batch_gives_what_evaluate_gives(library: Library, batches: Batches, tmp_path: Path) -> None:
    questions: list[dict[str, Any]] = [
        {"id": "b", "question": PIER, "evidence": [{"doc": "harbour-2016", "quote": "is 312 metres long"}]},
        {"id": "v", "question": "Who bought the volcano?", "evidence": []},
        {"question": "When is the lamp lit?", "filters": {"series": ["Lamp Report"]}},
    ]
    batch = batch_of(batches, questions)
    assert batch.prepared is not None
    assert batch.prepared.judged == 2
    lines = list(ask_all(*here(library), batch))
    assert "0 of 3 questions" in lines[0]
    expected = evaluate(library, read_questions(batch.source), tmp_path / "out", k=5)
    for name in ("answers.jsonl", "run.trec"):
        assert (batch.out / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    assert batch.result is not None
    assert [row.confidence for row in batch.result.rows] == [one.confidence for one in expected.outcomes]
    assert "Success@1" in batch.result.head
    assert 'class="plot"' in batch.result.figures
    assert batch.result.rows[2].link == "./?q=When+is+the+lamp+lit%3F&series=Lamp+Report"
    assert batch.result.rows[0].verdict


def test_a_run_that_is_closed_asks_nothing_more_and_keeps_nothing(
    library: Library, batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = counted_questions(monkeypatch)
    monkeypatch.setattr(batch_tab, "MIN_UPDATE_INTERVAL", 0.0)
    batch = batch_of(batches, [{"question": PIER}] * 100)
    lines = ask_all(*here(library), batch)
    said = [next(lines) for _ in range(4)]  # none, one, two, three of 100
    assert "3 of 100 questions" in said[-1]
    assert batch.running
    lines.close()
    assert 3 <= len(asked) <= ENCODED_AT_ONCE  # those that were under way
    assert (batch.result, batch.running) == (None, False)
    assert list(batch.out.iterdir()) == []


def test_a_run_that_is_told_to_stop_says_so_and_keeps_nothing(
    library: Library, batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_tab, "MIN_UPDATE_INTERVAL", 0.0)
    batch = batch_of(batches, [{"question": PIER}] * 100)
    lines = ask_all(*here(library), batch)
    next(lines)
    batch.stopped = True
    (said,) = lines
    assert "Stopped" in said
    assert (batch.result, batch.running) == (None, False)
    assert list(batch.out.iterdir()) == []


def test_no_more_than_so_many_batches_run_at_once(library: Library, batches: Batches) -> None:
    running = [ask_all(*here(library), batch_of(batches, [{"question": PIER}])) for _ in range(batch_tab.MAX_RUNNING)]
    for one in running:
        next(one)
    (busy,) = ask_all(*here(library), batch_of(batches, [{"question": PIER}]))
    assert "2 batches are already running" in busy
    running[0].close()
    assert len(list(ask_all(*here(library), batch_of(batches, [{"question": PIER}])))) >= 1
    running[1].close()


def test_text_of_strangers_stays_text_and_no_cell_is_a_formula(library: Library, batches: Batches) -> None:
    batch = batch_of(batches, [{"id": "@SUM(1)", "type": "<script>", "question": HOSTILE}])
    assert list(ask_all(*here(library), batch))
    assert batch.result is not None
    html = batch_table.result_html(batch.result, batch.token)
    assert "<img" not in html
    assert "<script" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    content = (batch.out / "answers.csv").read_text(encoding="utf-8")
    header, row = csv.reader(io.StringIO(content.removeprefix("\ufeff")))
    assert tuple(header) == CSV_COLUMNS
    assert row[:3] == ["'@SUM(1)", f"'{HOSTILE}", "<script>"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@pytest.mark.parametrize("value", ["=1", " =1", "+1", "-1", "@a", "\t=1", "\n=1", "＝1", "|a", "%a"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(value: str) -> None:
    assert csv_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "1 = 1", "Why?", "a\n=1", "“-1”"])
def test_other_texts_stay_as_they_are(value: str) -> None:
    assert csv_cell(value) == value


def row(place: int, confidence: float, badness: float = 0.0) -> BatchRow:
    return BatchRow(
        place, f"q{place}", f"question {place}", "", True, confidence, "A.", "B", "✓", True, badness, f"./?q={place}"
    )


def places(html: str) -> list[int]:
    return [int(one.partition("<")[0]) for one in html.split('class="yq-place">')[1:]]


def test_the_table_begins_with_the_least_confident_and_can_be_ordered_otherwise() -> None:
    rows = (row(1, 0.9, 0.1), row(2, 0.2, 0.5), row(3, 0.5, 0.9))
    found = BatchResult("q", rows, "", "", judged=True)
    assert places(rows_html(found, "t")) == [2, 3, 1]
    assert places(rows_html(found, "t", "confidence", descending=True)) == [1, 3, 2]
    assert places(rows_html(found, "t", "judged")) == [3, 2, 1]
    assert places(rows_html(found, "t", "place")) == [1, 2, 3]
    assert places(rows_html(found, "t", "question", descending=True)) == [3, 2, 1]
    assert places(rows_html(found, "t", "<nonsense>")) == [2, 3, 1]
    assert 'aria-sort="ascending"' in rows_html(found, "t")


def test_every_question_is_on_some_page_of_the_table() -> None:
    found = BatchResult("q", tuple(row(n, n / 100) for n in range(1, 2 * PAGE + 2)), "", "", judged=False)
    pages = [places(rows_html(found, "t", page=number)) for number in (1, 2, 3)]
    assert [one for page in pages for one in page] == list(range(1, 2 * PAGE + 2))
    assert places(rows_html(found, "t", page=99)) == pages[-1]
    assert places(rows_html(found, "t", page=-1)) == pages[0]


def test_time_left_is_told_as_a_person_would() -> None:
    assert [duration_in_words(one) for one in (0.2, 7.4, 23, 70, 400)] == [
        "about 1 s", "about 7 s", "about 25 s", "about a minute", "about 7 minutes",
    ]  # fmt: skip
    # 3 a second, 90 to go
    assert "30 of 120 questions · about 30 s left" in progress_html(30, 120, "30 of 120 questions", 10)


def test_old_batches_go_with_their_files_but_none_that_runs(batches: Batches) -> None:
    running, first, *_ = made = [batches.add("q.txt", b"Why?") for _ in range(2)]
    running.running = True
    made += [batches.add("q.txt", b"Why?") for _ in range(store.MAX_BATCHES)]
    assert batches.find(running.token) is running
    assert batches.find(first.token) is None
    assert not first.folder.exists()
    assert made[-1].source.read_bytes() == b"Why?"


def test_a_file_lies_in_the_folder_of_its_batch_whatever_it_is_called(batches: Batches) -> None:
    for name in ("../../x.txt", "..", "", "a/b.csv", "\0\n.txt", "ü" * 300 + ".txt", "CON.txt"):
        batch = batches.add(name, b"Why?")
        assert batch.source.parent == batch.folder / "questions"


def test_pages_and_files_are_there_for_finished_batches_only(library: Library, batches: Batches) -> None:
    app = FastAPI()
    add_batch_pages(app, batches)
    client = TestClient(app)
    batch = batch_of(batches, [{"question": PIER}])
    for address in ("/batch", "/batch-rows", "/batch-file?name=answers.jsonl"):
        assert client.get(address, params={"id": "nonsense"}).status_code == 404
        assert client.get(address, params={"id": batch.token}).status_code == 404
    assert list(ask_all(*here(library), batch))
    assert PIER in client.get("/batch", params={"id": batch.token}).text
    assert PIER in client.get("/batch-rows", params={"id": batch.token, "sort": "place"}).text
    for name in batch_table.FILES:
        found = client.get("/batch-file", params={"id": batch.token, "name": name})
        assert found.content == (batch.out / name).read_bytes()
        assert found.headers["content-disposition"] == f'attachment; filename="{name}"'
    report = client.get("/batch-file", params={"id": batch.token, "name": "report.html", "view": "1"})
    assert report.headers["content-disposition"].startswith("inline")
    other = client.get("/batch-file", params={"id": batch.token, "name": "../questions/questions.jsonl"})
    assert other.status_code == 404
