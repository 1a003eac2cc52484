"""Limits on questions, drafts and requests: each at its bound and one beyond, and what a wrong value is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpus import limits as of_files
from corpus.errors import LimitError, UnreadableFile
from corpus.readers import beir
from qa import limits
from qa.api.service import LibraryService
from qa.checking.draft import from_text
from qa.cli.cli import main
from qa.errors import JudgementError, RequestError
from qa.evaluation.questions import read_questions
from qa.question.analysis import normalize_question
from qa.web.batches import prepare
from qa.web.render.form_pages import checked_draft_html
from qa.web.security.access import AccessControl
from tests.factories.web.asgi import messages_from


def test_no_variable_is_used_twice_and_all_are_listed_by_info(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(limits.QUESTION.variable, "3k")
    shown = CliRunner().invoke(main, ["info", "--limits"])
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    variables = [line.split()[0] for line in lines]
    assert len(set(variables)) == len(lines) == len(of_files.LIMITS) + len(limits.LIMITS)
    assert any(line.split()[:2] == [limits.QUESTION.variable, "3,072"] for line in lines)
    rows = json.loads(CliRunner().invoke(main, ["info", "--limits", "--format", "json"]).stdout)
    assert [row["variable"] for row in rows] == variables
    assert {row["most"] for row in rows if row["variable"] == limits.QUESTION.variable} == {3072}


def test_every_command_names_a_malformed_variable_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(limits.BODY.variable, "lots")
    for command in (["ask", "Boats?"], ["index", str(tmp_path)], ["serve"]):
        refused = CliRunner().invoke(main, command)
        assert refused.exit_code == 1
        assert refused.stderr.splitlines() == [
            "yearbook-qa: YEARBOOK_QA_MAX_BODY is 'lots': must be a whole number above 0, such as 20000 or 512M"
        ]
    with pytest.raises(LimitError):
        limits.check()


def test_a_long_question_is_cut_with_a_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(limits.QUESTION.variable, "10")
    assert normalize_question("a" * 10) == ("a" * 10, [])
    assert normalize_question("a" * 11) == ("a" * 10, ["only the first 10 characters of the question were read"])


def test_the_number_of_questions_in_a_file_is_limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(limits.QUESTIONS.variable, "3")
    files = {"q.txt": "Why?\n", "q.jsonl": '{"question": "Why?"}\n', "q.csv": "Why?\n"}
    for name, line in files.items():
        header = "question\n" if name == "q.csv" else ""
        (tmp_path / name).write_text(header + line * 3, encoding="utf-8")
        assert len(read_questions(tmp_path / name)) == 3
        (tmp_path / name).write_text(header + line * 4, encoding="utf-8")
        with pytest.raises(JudgementError, match=r"the limit is 3: raise YEARBOOK_QA_MAX_QUESTIONS"):
            read_questions(tmp_path / name)


def test_the_size_of_a_file_of_questions_is_limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(limits.QUESTION_FILE.variable, "10")
    (tmp_path / "q.txt").write_bytes(b"x" * 10)
    assert len(read_questions(tmp_path / "q.txt")) == 1
    (tmp_path / "q.txt").write_bytes(b"x" * 11)
    with pytest.raises(JudgementError, match=r"the limit is 10: raise YEARBOOK_QA_MAX_QUESTION_F"):
        read_questions(tmp_path / "q.txt")


def test_the_length_of_a_line_is_limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    record = b'{"_id": "a", "text": "Boats."}'
    monkeypatch.setenv(of_files.LINE.variable, str(len(record) + 1))
    (tmp_path / "corpus.jsonl").write_bytes(record + b"\n")
    assert [one.id for one in beir.records(tmp_path / "corpus.jsonl")] == ["a"]
    (tmp_path / "corpus.jsonl").write_bytes(record + b"  \n")
    with pytest.raises(UnreadableFile, match=r"line 1: too long; the limit is 31: raise YEARBOOK_QA_MAX_LINE"):
        list(beir.records(tmp_path / "corpus.jsonl"))
    (tmp_path / "q.txt").write_text(f"Why?\n{'x' * 31}\n", encoding="utf-8")
    assert len(read_questions(tmp_path / "q.txt")) == 2
    (tmp_path / "q.txt").write_text(f"Why?\n{'x' * 32}\n", encoding="utf-8")
    with pytest.raises(JudgementError, match=r"line 2: 32 characters; the limit is 31: raise YEARBOOK_QA_MAX_LINE"):
        read_questions(tmp_path / "q.txt")


def test_the_form_has_lower_limits_for_files_of_questions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "q.txt"
    path.write_text("Why?\n" * 3, encoding="utf-8")
    monkeypatch.setenv(limits.FORM_QUESTIONS.variable, "3")
    assert prepare(path).problem == ""
    monkeypatch.setenv(limits.FORM_QUESTIONS.variable, "2")
    assert "3 questions are over the limit of 2" in prepare(path).problem
    monkeypatch.setenv(limits.FORM_FILE.variable, "14")
    assert "15 bytes is over the limit of 14" in prepare(path).problem


def test_the_length_of_a_draft_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> Any:
        raise AssertionError("a draft that is too long was looked at")

    monkeypatch.setenv(limits.DRAFT.variable, "5")
    with pytest.raises(RequestError, match="number of characters of the draft is 6: must be 1 to 5"):
        LibraryService(never).check("x" * 6)
    with pytest.raises(RequestError, match="longer than 5 characters"):
        checked_draft_html(None, from_text("x" * 6))  # type: ignore[arg-type]


@pytest.mark.parametrize(("length", "status"), [(10, 200), (11, 413)])
def test_the_size_of_a_request_is_limited(length: int, status: int) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    headers = [(b"host", b"localhost"), (b"content-length", str(length).encode())]
    guard = AccessControl(app, hosts=frozenset({"localhost"}), max_body=10)
    sent = messages_from(guard, {"method": "POST", "path": "/check", "headers": headers}, [b"x" * length])
    assert sent[0]["status"] == status
