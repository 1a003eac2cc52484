"""The command line: exit codes, one line per error, documented commands."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from corpus.filesystem import cache_folder
from qa.cli import index_location
from qa.cli.cli import _error_line, main
from tests.factories.command_line import run
from tests.factories.outlined_texts import SMALL
from tests.factories.rendered import pdf as rendered_pdf
from tests.paths import ROOT


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "publications"
    folder.mkdir()
    (folder / "report.txt").write_text(
        "Harbour Report 2012\n\n1. Dredging\n\nThe channel was dredged to nine metres in 2011. "
        "Two ships grounded in 2011.\n\n2. Traffic\n\nTraffic grew by a tenth in 2011.\n",
        encoding="utf-8",
    )
    return folder


def one_line(result: Result) -> str:
    lines = [line for line in result.stderr.splitlines() if line]
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_index_info_ask_show_outline_remove(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert "1 added" in run("index", corpus, "--index", index).stdout
    assert "nothing to do" not in run("index", corpus, "--index", index).stdout
    info = json.loads(run("info", "--index", index, "--format", "json").stdout)
    (document,) = info["documents"]
    assert (document["id"], document["series"], document["edition"]) == ("report", "Harbour Report", 2012)
    assert document["covers"] == [2011, 2011]
    assert document["origins"]["edition"] == "inferred"
    answer = json.loads(run("ask", "How deep was the channel dredged?", "--index", index, "--format", "json").stdout)
    first = answer["passages"][0]
    assert "nine metres" in first["text"]
    assert "nine metres" in run("show", first["id"], "--index", index).stdout
    section = json.loads(run("show", first["id"], "--index", index, "--section", "--format", "json").stdout)
    assert "1. Dredging" in run("show", first["id"], "--index", index, "--context", "section").stdout, "earlier option"
    assert section["context"]["text"].startswith("1. Dredging")
    beyond = run("show", "report@0-99999", "--index", index, code=1).stderr
    assert re.search(r"ends at [1-9]\d+:", beyond), "scripts read the length of a document there"
    outline = json.loads(run("outline", corpus / "report.txt", "--format", "json").stdout)
    assert [item["text"] for item in outline if item["kind"] == "section"] == ["1. Dredging", "2. Traffic"]
    assert "removed report" in run("remove", "report", "--index", index).stdout
    assert json.loads(run("info", "--index", index, "--format", "json").stdout)["documents"] == []


def test_outline_shows_pages_kinds_and_furniture_and_info_counts_it(tmp_path: Path) -> None:
    file = tmp_path / "ports.pdf"
    file.write_bytes(rendered_pdf.render(SMALL).data)
    lines = [line.split() for line in run("outline", file).stdout.splitlines()]
    assert lines[0] == ["Annual", "Report", "2021"]
    assert ["p.", "1", "(3)", "inset", "Column:", "A", "Day", "on", "the", "Tugboat"] in [line[1:] for line in lines]
    (heading,) = [line for line in lines if line[-1] == "Lighthouses"]
    start, end = map(int, heading[0].split("-"))
    assert heading[1:] == ["p.", "1", "(3)", "A", "Lighthouses"]
    assert start < end
    assert " ".join(lines[-1]).endswith("3 pages, 3 lines of furniture left out")
    index = tmp_path / "index"
    run("index", file, "--index", index)
    (document,) = json.loads(run("info", "--index", index, "--format", "json").stdout)["documents"]
    assert document["furniture"] == 3


def test_outline_shows_no_strokes_below_headings(tmp_path: Path) -> None:
    file = tmp_path / "ports.txt"
    file.write_text("Ships\n=====\n\nThey sail.\n\n    Tugs\n    ----\n\nThey pull.\n", encoding="utf-8")
    assert [line.split()[1:] for line in run("outline", file).stdout.splitlines()[1:3]] == [["Ships"], ["Tugs"]]


def test_write_catalogue_writes_inferred_values_for_the_next_index(corpus: Path, tmp_path: Path) -> None:
    run("index", corpus, "--index", tmp_path / "index", "--write-catalogue")
    written = (corpus / "corpus.toml").read_text(encoding="utf-8")
    assert "edition = 2012  # inferred" in written
    (corpus / "corpus.toml").write_text(
        written.replace("edition = 2012  # inferred", "edition = 2013"), encoding="utf-8"
    )
    assert "1 changed" in run("index", corpus, "--index", tmp_path / "index").stdout
    info = json.loads(run("info", "--index", tmp_path / "index", "--format", "json").stdout)
    assert info["documents"][0]["edition"] == 2013
    assert info["documents"][0]["origins"]["edition"] == "catalogue"


def test_where_no_catalogue_can_be_written_the_index_is_built_all_the_same(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> list[Path]:
        raise OSError(30, "Read-only file system", "x/corpus.toml")

    with monkeypatch.context() as patched:
        patched.setattr("corpus.ingest.write_catalogues", refuse)
        result = run("index", corpus, "--index", tmp_path / "index", "--write-catalogue", code=1)
    assert "1 added" in result.stdout
    assert "could not be written (Read-only file system: x/corpus.toml): the index was built" in one_line(result)
    run("index", corpus, "--index", tmp_path / "index", "--write-catalogue")
    again = run("index", corpus, "--index", tmp_path / "index", "--write-catalogue")
    assert "already lists all of these documents" in again.stderr


def test_index_fails_if_none_of_the_files_can_be_read(corpus: Path, tmp_path: Path) -> None:
    run("index", corpus, "--index", tmp_path / "index")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "nothing to do" in run("index", empty, "--index", tmp_path / "index", "--prune").stdout
    (empty / "blank.txt").write_text(" ", encoding="utf-8")
    assert "no readable document, see above" in run("index", empty, "--index", tmp_path / "index", code=1).stderr


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        (None, None, "no documents in it"),
        ("picture.txt", b"\x00\x01\x02" * 99, "no readable document"),
        ("corpus.toml", b"[[document]]\nfile = 'a.txt'\nyear = 3\n", "line 3: unknown key `year`"),
        (
            "corpus.toml",
            b"[[document]]\nfile='a.txt'\nid='x'\n[[document]]\nfile='b.txt'\nid='x'\n",
            'two documents with the id "x"',
        ),
    ],
)
def test_a_folder_without_documents_is_reported_in_one_line(
    tmp_path: Path, name: str | None, content: bytes | None, line: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    if name is not None and content is not None:
        (folder / name).write_bytes(content)
    result = run("index", folder, "--index", tmp_path / "index", code=1)
    assert line in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "index" / "manifest.json").exists()


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path / 'nowhere'}: no such file or folder" in one_line(run("index", tmp_path / "nowhere", code=1))


def test_a_named_index_that_does_not_exist_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no index here" in one_line(run("ask", "ships", "--index", tmp_path / "none", code=1))
    monkeypatch.setenv("YEARBOOK_QA_INDEX", str(tmp_path / "none"))
    assert "no index here" in one_line(run("ask", "ships", code=1))
    assert "no index here" in one_line(run("info", code=1))


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["ask", ""], 1, "question is empty"),
        (["ask", "?!"], 1, "question is empty"),
        (["ask"], 2, "Missing argument"),
        (["show", "x"], 1, "DOCUMENT@START-END"),
        (["ask", "x", "--edition", "soon"], 2, "must be a year"),
        (["ask", "x", "-k", "0"], 2, "-k"),
        (["nonsense"], 2, "No such command"),
        (["evaluate", "--out", "x"], 2, "give QUESTIONS, or --queries"),
        (["serve", "--host", "0.0.0.0"], 2, "--auth-file"),  # noqa: S104 - refused
    ],
)
def test_wrong_usage_exits_with_2_and_faults_with_1(arguments: list[str], code: int, line: str) -> None:
    assert line in run(*arguments, code=code).stderr


@pytest.mark.parametrize(
    "identifier", ["report", "report@5", "none@0-5", "digest-bluebook-2016@5-5", "digest-bluebook-2016@0-99999999"]
)
def test_an_unknown_id_is_an_error(identifier: str, sample_index: Path) -> None:
    assert identifier.split("@", maxsplit=1)[0] in one_line(run("show", identifier, "--index", sample_index, code=1))


def test_removing_an_unknown_document_is_an_error_and_removes_nothing(sample_index: Path) -> None:
    assert 'no document "x"' in one_line(run("remove", "digest-bluebook-2016", "x", "--index", sample_index, code=1))
    assert len(json.loads(run("info", "--index", sample_index, "--format", "json").stdout)["documents"]) == 3


def test_the_first_question_is_answered_from_the_samples_and_says_so() -> None:
    result = run("ask", "How many merchant ships did the destroyers escort in 2015?")
    assert "147 merchant ships" in result.stdout
    assert "sample documents" in result.stderr
    form = json.loads(run("ask", "ships escorted in 2015", "--format", "json").stdout)
    assert any("sample documents" in notice for notice in form["notices"])


def test_samples_are_indexed_again_only_if_they_or_the_program_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    run("ask", "ships escorted in 2015")
    stamp = index_location.location_to_read(None).folder.with_suffix(".made")
    with monkeypatch.context() as patched:
        patched.setattr(index_location, "_index_samples", lambda *_: pytest.fail("indexed again"))
        run("ask", "ships escorted in 2015")
    stamp.write_text("another version", encoding="utf-8")
    run("ask", "ships escorted in 2015")
    assert stamp.read_text(encoding="utf-8") != "another version"


def test_the_samples_are_never_mixed_into_a_users_own_index(corpus: Path) -> None:
    run("ask", "piracy")
    run("index", corpus)
    form = json.loads(run("ask", "piracy", "--format", "json").stdout)
    assert {passage["document"] for passage in form["passages"]} == {"report"}
    assert form["notices"] == ['no document here mentions "piracy"']  # none about the samples


def test_data_goes_to_stdout_and_notices_to_stderr(sample_index: Path) -> None:
    result = run("ask", "ships escorted in 2017", "--index", sample_index, "--format", "json")
    assert json.loads(result.stdout)["notices"] == ["no edition here covers 2017"]
    result = run("ask", "ships escorted in 2017", "--index", sample_index)
    assert "no edition here covers 2017" in result.stderr
    assert "no edition here covers 2017" not in result.stdout


def test_markup_and_control_characters_of_a_document_reach_no_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "publications"
    folder.mkdir()
    (folder / "a.txt").write_text(
        "Report 2012\n\n1. Ships\n\nNine [red]ships[/red] \x1b[31mcame\x1b[0m in 2011.\n", "utf-8"
    )
    run("index", folder, "--index", tmp_path / "index")
    printed = run("ask", "How many ships came?", "--index", tmp_path / "index").stdout
    assert "Nine [red]ships[/red]" in printed
    assert "\x1b" not in printed


def test_the_program_runs_as_a_process_and_help_loads_nothing_heavy() -> None:
    heavy = "torch sentence_transformers gradio faiss onnxruntime numpy rich".split()
    script = (
        "import sys, qa.cli\ntry:\n    qa.cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set({heavy}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=True, env=os.environ
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_question_needs_no_quotation_marks(sample_index: Path) -> None:
    form = json.loads(run("ask", "ships", "escorted", "in", "2015", "--index", sample_index, "--format", "json").stdout)
    assert form["question"] == "ships escorted in 2015"


def test_asking_leaves_nothing_in_the_home_folder(sample_index: Path, tmp_path: Path) -> None:
    # a library of ours once queued events for its maker's servers there
    folders = {"HOME": tmp_path, "XDG_CACHE_HOME": tmp_path / "cache", "YEARBOOK_QA_CACHE": cache_folder()}
    environment = {**os.environ, **{name: str(folder) for name, folder in folders.items()}}
    command = [sys.executable, "-c", "from qa.cli import main; main()", "ask", "ships escorted in 2015"]
    command += ["--index", str(sample_index)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_a_home_folder_that_cannot_be_written_is_reported_with_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> OSError:
        return PermissionError(errno.EACCES, "Permission denied", str(folder))

    monkeypatch.setenv("YEARBOOK_QA_CACHE", str(tmp_path / "home" / ".cache" / "qa"))
    monkeypatch.setattr("qa.cli.index_location.data_folder", lambda: tmp_path / "home" / ".local" / "qa")
    assert "set YEARBOOK_QA_CACHE" in str(_error_line(refuse(tmp_path / "home" / ".cache")))
    assert "--index" in str(_error_line(refuse(tmp_path / "home" / ".local" / "qa" / "samples")))
    assert str(_error_line(refuse(tmp_path / "other"))).endswith("other: Permission denied")


class PanicException(BaseException):
    """A failure of a library written in Rust, whose class cannot be imported."""


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        ValueError("System error.'Failed to spawn segment merging thread'"),
        RuntimeError("can't start new thread"),
        Exception("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Exception during initialization: std::bad_alloc"),
        PanicException('The global thread pool has not been initialized.: ThreadPoolBuildError { kind: IOError(Os { "'),
    ],
)
def test_memory_that_ends_in_any_library_is_reported_as_that(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("qa.limits.check", fail)
    assert "yearbook-qa: not enough memory" in run("info", code=1).stderr


def test_info_lists_the_first_documents_and_says_how_many_more(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.output.console.MAX_LISTED", 2)
    shown = run("info", "--index", sample_index).stdout
    assert "digest-bluebook-2016" in shown
    assert "and 1 more document (--format json lists all)" in shown
    assert len(json.loads(run("info", "--index", sample_index, "--format", "json").stdout)["documents"]) == 3


def test_help_shows_the_whole_summary_of_each_command() -> None:
    listed = " ".join(run("--help").stdout.split())
    for name, command in main.commands.items():
        assert f"{name} {command.get_short_help_str(limit=1000)}" in listed


@pytest.mark.parametrize("name", ["paper.pages", "book.MOBI", "slides.key"])
def test_a_file_of_another_program_is_named_with_the_way_to_convert_it(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\xd0\xcf\x11\xe0")
    remedy = f"{name}: cannot read {file.suffix} files; convert the file to DOCX or PDF"
    for command, options in (("check", ()), ("outline", ()), ("index", ("--index", str(tmp_path / "index")))):
        assert remedy in run(command, file, *options, code=1).stderr


def test_an_unknown_document_is_answered_with_the_ids_there_are(sample_index: Path) -> None:
    asked = run("ask", "piracy", "--document", "digest-bluebook2020", "--index", sample_index)
    assert "ids here: digest-bluebook-2020, " in asked.stderr
    assert (
        "digest-whitepaper-2016"
        in run("compare", "piracy", "--document", "nope", "--index", sample_index, code=1).stderr
    )
