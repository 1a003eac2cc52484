"""Files of questions of every form, and every fault of them with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.errors import JudgementError
from qa.evaluation.questions import Evidence, evidence_of_passage, read_questions
from qa.question.filters import parse_filters


def write(path: Path, content: str | bytes | list[object]) -> Path:
    """A file of this content; a list is written as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, list):
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def test_json_lines_keep_ids_as_texts_and_carry_other_fields(tmp_path: Path) -> None:
    file = write(
        tmp_path / "questions.jsonl",
        [
            {"id": "007", "type": "factoid", "question": "How long is the pier?", "year": None, "note": {"by": "Ada"}},
            {"id": 8, "question": "Who paints it?"},
        ],
    )
    first, second = read_questions(file).items
    assert (first.id, first.type, first.text) == ("007", "factoid", "How long is the pier?")
    assert first.extra == {"type": "factoid", "year": None, "note": {"by": "Ada"}}
    assert (second.id, second.type) == ("8", None)


def test_questions_without_an_id_are_numbered_by_their_place(tmp_path: Path) -> None:
    file = write(tmp_path / "questions.jsonl", [{"question": "a"}, {"id": "x", "question": "b"}, {"question": "c"}])
    assert [item.id for item in read_questions(file).items] == ["q1", "x", "q3"]


def test_a_generated_id_never_repeats_an_existing_id(tmp_path: Path) -> None:
    file = write(tmp_path / "questions.jsonl", [{"question": "a"}, {"id": "q1", "question": "b"}])
    ids = [item.id for item in read_questions(file).items]
    assert ids[1] == "q1"
    assert len(set(ids)) == 2


def test_a_double_id_is_refused_with_both_lines(tmp_path: Path) -> None:
    file = write(tmp_path / "questions.jsonl", '{"id": "a", "question": "b"}\n\n{"id": "a", "question": "c"}\n')
    with pytest.raises(JudgementError, match=r'line 3: `id` "a" is also that of line 1'):
        read_questions(file)


def test_missing_empty_and_quoted_evidence_differ(tmp_path: Path) -> None:
    file = write(
        tmp_path / "questions.jsonl",
        [
            {"question": "a"},
            {"question": "b", "evidence": []},
            {"question": "c", "evidence": [{"doc": "pier", "quote": "is long"}]},
            {"question": "d", "evidence": None},
            {"question": "e", "evidence": [{"doc": "pier", "start": 5, "end": 9}]},
        ],
    )
    read = [item.evidence for item in read_questions(file).items]
    assert read == [None, (), (Evidence("pier", "is long"),), None, (Evidence("pier", span=(5, 9)),)]


def test_evidence_may_have_a_grade(tmp_path: Path) -> None:
    entries = [{"passage": "pier@5-9", "grade": 0}, {"doc": "pier", "quote": "x", "grade": 2}, {"passage": "pier@9-12"}]
    (question,) = read_questions(write(tmp_path / "a.jsonl", [{"question": "a", "evidence": entries}])).items
    assert [evidence.grade for evidence in question.evidence or ()] == [0, 2, 1]
    (row,) = read_questions(write(tmp_path / "a.csv", "question,doc,quote,grade\na,pier,is,2\n")).items
    assert row.evidence == (Evidence("pier", "is", grade=2),)


def test_passage_ids_judge_too(tmp_path: Path) -> None:
    file = write(
        tmp_path / "questions.jsonl",
        [
            {"question": "a", "passages": ["pier@1@0-90", "pier@1@90-120"]},
            {"question": "b", "evidence": [{"passage": "pier@5-9"}]},
            {"question": "c", "passages": []},
        ],
    )
    first, second, third = read_questions(file).items
    assert first.evidence == (Evidence("pier@1", span=(0, 90)), Evidence("pier@1", span=(90, 120)))
    assert second.evidence == (Evidence("pier", span=(5, 9)),)
    assert third.evidence == ()


def test_a_passage_id_splits_at_its_last_at() -> None:
    assert evidence_of_passage("a@b@1-20") == Evidence("a@b", span=(1, 20))
    assert [evidence_of_passage(item) for item in ("a", "@1-2", "a@2-1", "a@1-", "a@x-y")] == [None] * 5


def test_a_questions_own_filters_are_read(tmp_path: Path) -> None:
    file = write(tmp_path / "questions.jsonl", [{"question": "a", "filters": {"edition": [2016, "2018..2020"]}}])
    (question,) = read_questions(file).items
    assert question.filters == parse_filters(edition=["2016", "2018..2020"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: not JSON"),
        ('{"question": NaN}', "line 2: not JSON .NaN"),
        ("[" * 100_000, "line 2: not JSON .nested too deep"),
        ('["a"]', "line 2: a JSON list"),
        ("{}", "line 2: no `question`"),
        ('{"questoin": "a"}', r"line 2: no `question` \(keys: questoin\)"),
        ('{"question": 5}', "line 2: `question` is 5: must be a string"),
        ('{"question": "a", "id": [1]}', "line 2: `id`"),
        ('{"question": "a", "evidence": {}}', "line 2: `evidence` is {}: must be a list"),
        ('{"question": "a", "evidence": ["b"]}', r"line 2: `evidence\[0\]` is 'b': must be an object"),
        ('{"question": "a", "evidence": [{"doc": "b"}]}', r"line 2: `evidence\[0\]` has no string `quote`"),
        ('{"question": "a", "evidence": [{"quote": "b"}]}', r"line 2: `evidence\[0\]` has no string `doc`"),
        (
            '{"question": "a", "evidence": [{"doc": "b", "start": 1}]}',
            "`start` 1 and `end` None: must be whole numbers",
        ),
        ('{"question": "a", "evidence": [{"doc": "b", "start": 9, "end": 9}]}', "`start` 9 and `end` 9"),
        (
            '{"question": "a", "evidence": [{"doc": "b", "start": false, "end": 9}]}',
            r"`evidence\[0\].start` is False: must be a whole",
        ),
        ('{"question": "a", "evidence": [{"doc": "b", "quote": 5}]}', r"`evidence\[0\].quote` is 5: must be a string"),
        (
            '{"question": "a", "evidence": [{"doc": "b", "quote": "c", "grade": 3}]}',
            r"\[0\].grade` is 3: must be 0 .wrong",
        ),
        ('{"question": "a", "evidence": [{"start": 1, "end": 9}]}', r"`evidence\[0\]` has no string `doc`"),
        ('{"question": "a", "passages": ["b"]}', r"line 2: `passages\[0\]` is 'b': must be a passage id"),
        ('{"question": "a", "passages": [{"id": "b"}]}', r"line 2: `passages\[0\]`"),
        ('{"question": "a", "filters": {"year": 5}}', "line 2: `filters`: unknown filter `year`"),
        ('{"question": "a", "filters": [1]}', "line 2: `filters`"),
    ],
)
def test_a_faulty_line_is_named_with_its_key(tmp_path: Path, line: str, message: str) -> None:
    file = write(tmp_path / "questions.jsonl", '{"question": "fine"}\n' + line + "\n")
    with pytest.raises(JudgementError, match=message) as caught:
        read_questions(file)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no questions in the file"),
        (b"\n \n", "no questions in the file"),
        (b"Stra\xdfe\n", "line 1: not UTF-8"),
        (b"\x00\x01\x02\x00", "not a text file"),
    ],
)
def test_a_file_of_no_questions_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(JudgementError, match=message):
        read_questions(write(tmp_path / "questions.txt", content))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JudgementError, match="cannot be read"):
        read_questions(tmp_path / "none.jsonl")


def test_a_text_file_has_a_question_a_line(tmp_path: Path) -> None:
    file = write(
        tmp_path / "questions.txt",
        "\ufeff# of the harbour\r\nHow long is the pier?\r\n  # and more\r\n  Who\u2028paints it? \r\n",
    )
    assert [(item.id, item.text, item.line) for item in read_questions(file).items] == [
        ("q1", "How long is the pier?", 2),
        ("q2", "Who\u2028paints it?", 4),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_are_read_with_any_separator_and_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["ID", "Question", "doc", "quote", "Remark"], ["01", '"How long,\nin metres;\tand why?"', "pier", "is", ""]]
    content = "\r\n".join(delimiter.join(row) for row in [*rows, ["", "Who?", "", "", "b"], ["", "", "", "", ""]])
    first, second = read_questions(write(tmp_path / "questions.csv", content.encode(encoding))).items
    assert (first.id, first.text, first.line) == ("01", "How long,\nin metres;\tand why?", 2)
    assert first.evidence == (Evidence("pier", "is"),)
    assert (second.id, second.text, second.evidence, second.line) == ("q2", "Who?", None, 4)
    assert second.extra == {"Remark": "b"}


def test_cells_of_a_table_may_hold_json_and_lists_of_ids(tmp_path: Path) -> None:
    content = (
        "question;evidence;passages;filters\n"
        'a;"[{""doc"": ""pier"", ""quote"": ""x""}]";;"{""edition"": 2016}"\n'
        "b;;pier@0-9; \nc;[];;\nd;;pier@0-9 pier@9-20;\n"
    )
    first, second, third, fourth = read_questions(write(tmp_path / "questions.csv", content)).items
    assert first.evidence == (Evidence("pier", "x"),)
    assert first.filters == parse_filters(edition=["2016"])
    assert second.evidence == (Evidence("pier", span=(0, 9)),)
    assert third.evidence == ()
    assert fourth.evidence == (Evidence("pier", span=(0, 9)), Evidence("pier", span=(9, 20)))


def test_the_only_column_may_hold_commas(tmp_path: Path) -> None:
    (question,) = read_questions(write(tmp_path / "questions.csv", "question\nHow long, and how wide?\n")).items
    assert question.text == "How long, and how wide?"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n", "line 1: no column `question`"),
        ("question,question\n1,2\n", "line 1: two columns `question`"),
        ("id,question\n1,how long, and why\n", "line 2: 3 cells in 2 columns"),
        ('question,evidence\na,"[1"\n', "line 2: `evidence`"),
    ],
)
def test_a_faulty_table_is_refused_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(JudgementError, match=message):
        read_questions(write(tmp_path / "questions.csv", content))


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "txt"])
def test_a_question_of_a_megabyte_is_a_question(tmp_path: Path, suffix: str) -> None:
    long = "pier " * 200_000
    content = {"jsonl": json.dumps({"question": long}), "csv": f"question,id\n{long},a", "txt": long}[suffix]
    (question,) = read_questions(write(tmp_path / f"questions.{suffix}", content)).items
    assert len(question.text) >= 999_999


def test_an_empty_question_is_read(tmp_path: Path) -> None:
    assert [
        item.text for item in read_questions(write(tmp_path / "a.jsonl", [{"question": ""}, {"question": "b"}])).items
    ] == [
        "",
        "b",
    ]
    assert [item.text for item in read_questions(write(tmp_path / "a.csv", "id,question\na,\nb,c\n")).items] == [
        "",
        "c",
    ]


def test_half_a_surrogate_pair_does_not_reach_the_model(tmp_path: Path) -> None:
    (question,) = read_questions(write(tmp_path / "a.jsonl", '{"question": "pier \\ud83d", "\\udc00": "x"}')).items
    assert question.text == "pier \ufffd"
    assert list(question.extra) == ["\ufffd"]


def beir(folder: Path) -> Path:
    """A BEIR folder without its corpus."""
    write(folder / "queries.jsonl", [{"_id": "1", "text": "a", "metadata": {}}, {"_id": "2", "text": "b"}])
    write(folder / "qrels" / "test.tsv", "query-id\tcorpus-id\tscore\n1\td 1\t1\n1\td2\t0\n")
    return folder


def test_a_beir_folder_has_questions_and_grades(tmp_path: Path) -> None:
    first, second = read_questions(beir(tmp_path)).items
    assert (first.id, first.text, first.grades, first.extra) == ("1", "a", {"d 1": 1, "d2": 0}, {"metadata": {}})
    assert (second.grades, second.evidence) == (None, None)


def test_other_queries_and_qrels_are_found_in_the_folder(tmp_path: Path) -> None:
    folder = beir(tmp_path)
    write(folder / "queries_hard.jsonl", [{"_id": "9", "text": "c"}])
    write(folder / "qrels" / "hard.tsv", "9 0 d2 1\n")  # TREC's four columns
    (question,) = read_questions(folder, queries=Path("queries_hard.jsonl"), qrels=Path("qrels/hard.tsv")).items
    assert (question.id, question.grades) == ("9", {"d2": 1})
    (same,) = read_questions(queries=folder / "queries_hard.jsonl", qrels=folder / "qrels" / "hard.tsv").items
    assert same == question


def test_qrels_of_unknown_questions_are_ignored_with_a_notice(tmp_path: Path) -> None:
    folder = beir(tmp_path)
    write(folder / "qrels" / "test.tsv", "1\td1\t1\n7\td1\t1\n8\td1\t1\n")
    questions = read_questions(folder)
    assert questions.items[0].grades == {"d1": 1}
    assert questions.notices == ("test.tsv judges 2 questions that are not in queries.jsonl: ignored",)


@pytest.mark.parametrize(
    ("qrels", "message"),
    [
        ("7\td1\t1\n", "no judgement matches a question of .*queries.jsonl"),
        ("1\td1\t1\n1\td2\thigh\n", 'line 2: score is "high"'),
        ("1\td1\n", "line 1: 2 columns"),
        ("query-id\tcorpus-id\tscore\n", "no judgements"),
        ("1\td1\t1\n1\td1\t0\n", 'line 2: grade of "d1" for question "1" differs from line 1'),
    ],
)
def test_faulty_qrels_are_refused(tmp_path: Path, qrels: str, message: str) -> None:
    folder = beir(tmp_path)
    write(folder / "qrels" / "test.tsv", qrels)
    with pytest.raises(JudgementError, match=message):
        read_questions(folder)


def test_a_single_qrels_file_may_have_any_name(tmp_path: Path) -> None:
    folder = beir(tmp_path)
    (folder / "qrels" / "test.tsv").rename(folder / "qrels" / "dev.tsv")
    assert read_questions(folder).items[0].grades == {"d 1": 1, "d2": 0}
    write(folder / "qrels" / "train.tsv", "1\td1\t1\n")
    with pytest.raises(JudgementError, match=r"dev\.tsv, train\.tsv\): choose one with --qrels"):
        read_questions(folder)


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JudgementError, match=r"no queries\.jsonl"):
        read_questions(tmp_path)
