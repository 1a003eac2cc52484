"""Columns of a file of questions: proposed fields, and reading with chosen fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import JudgementError
from qa.evaluation.question_formats import guess_fields, inspect_columns, names_question_column
from qa.evaluation.questions import Evidence, read_questions

GERMAN = "Nr;Frage;Datei;Wortlaut\n7;Wie lang ist der Pier?;harbour-2016;is 312 metres long\n8;Wer, und wann?;;\n"


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_columns_with_known_names_are_recognised(tmp_path: Path) -> None:
    columns = inspect_columns(written(tmp_path, "q.csv", "ID,Question,type,mine\n1,How long?,a,b\n"))
    assert columns is not None
    assert names_question_column(columns)
    assert guess_fields(columns) == {"question": "Question", "id": "ID", "type": "type"}


def test_the_question_column_is_guessed_from_question_marks(tmp_path: Path) -> None:
    columns = inspect_columns(written(tmp_path, "q.csv", GERMAN))
    assert columns is not None
    assert not names_question_column(columns)
    assert guess_fields(columns) == {"question": "Frage"}
    assert columns.example("Datei") == "harbour-2016"


def test_keys_of_json_objects_are_columns_and_plain_lines_have_none(tmp_path: Path) -> None:
    columns = inspect_columns(
        written(tmp_path, "q.jsonl", '{"_id": "a", "text": "How?"}\n{"text": "Why?", "evidence": []}\n')
    )
    assert columns is not None
    assert guess_fields(columns) == {"question": "text", "id": "_id", "evidence": "evidence"}
    assert inspect_columns(written(tmp_path, "q.txt", "How, and why?\n")) is None


def test_mapped_columns_are_fields_and_others_are_copied(tmp_path: Path) -> None:
    file = written(tmp_path, "q.csv", GERMAN)
    with pytest.raises(JudgementError, match="no column `question`"):
        read_questions(file)
    first, second = read_questions(file, columns={"question": "Frage", "id": "Nr"}).items
    assert (first.id, first.text, first.evidence) == ("7", "Wie lang ist der Pier?", None)
    assert first.extra == {"Datei": "harbour-2016", "Wortlaut": "is 312 metres long"}
    assert (second.id, second.text) == ("8", "Wer, und wann?")
    text = GERMAN.partition("8;")[0]
    file = written(tmp_path, "judged.csv", text)
    (judged,) = read_questions(file, columns={"question": "Frage", "doc": "Datei", "quote": "Wortlaut"}).items
    assert judged.evidence == (Evidence("harbour-2016", quote="is 312 metres long"),)


def test_an_unmapped_column_is_never_a_field(tmp_path: Path) -> None:
    file = written(tmp_path, "q.csv", "question,text,evidence\nlabel,How long?,no JSON\n")
    (result,) = read_questions(file, columns={"question": "text"}).items
    assert (result.text, result.evidence) == ("How long?", None)
    assert result.extra == {"column question": "label", "column evidence": "no JSON"}
    lines = written(tmp_path, "q.jsonl", '{"frage": "How long?", "evidence": "no JSON"}\n')
    (result,) = read_questions(lines, columns={"question": "frage"}).items
    assert (result.text, result.evidence, result.extra) == ("How long?", None, {"column evidence": "no JSON"})
