"""The prefilled `corpus.toml` marks inferred values, can be read back, and keeps existing text."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus import catalogue
from corpus.catalogue import Entry
from corpus.errors import CatalogueError, UnreadableFile
from corpus.ingest import Plan, Source, plan, read, write_catalogues
from corpus.records import Document

BOATS = "Report on Boats 2016\n\nIn 2015 boats were built. In 2015 boats were sold, and in 2015 some sank.\n"
UNSAID = "Of boats and of the men who sail in them nothing more is said here than that they are many.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def prefill(*paths: Path) -> list[Path]:
    return write_catalogues(plan(paths), read)


def tables(folder: Path) -> list[dict[str, Any]]:
    with (folder / catalogue.NAME).open("rb") as stream:
        documents: list[dict[str, Any]] = tomllib.load(stream)["document"]
    return documents


def test_inferred_values_are_marked_and_unknown_keys_commented_out(folder: Path) -> None:
    write(folder / "boats.txt", BOATS)
    assert prefill(folder) == [folder / catalogue.NAME]
    assert tables(folder) == [
        {
            "file": "boats.txt",
            "id": "boats",
            "series": "Report on Boats",
            "title": "Report on Boats 2016",
            "edition": 2016,
            "covers": 2015,
            "language": "en",
        }
    ]
    lines = (folder / catalogue.NAME).read_text(encoding="utf-8").split("\n")
    assert "edition = 2016  # inferred" in lines
    assert {"# publisher", "# published", "# part", "# url"} == {
        line.partition(" =")[0] for line in lines if line.startswith(("# p", "# url"))
    }


def test_prefilled_values_are_inferred_until_a_person_removes_the_mark(folder: Path) -> None:
    write(folder / "boats.txt", BOATS)
    prefill(folder)
    target = folder / catalogue.NAME
    prefilled = target.read_text(encoding="utf-8")
    target.write_text(prefilled.replace("edition = 2016  # inferred", "edition = 2017"), encoding="utf-8")
    (source,) = plan([folder]).sources
    document = read(source)
    assert (document.edition, document.origins["edition"]) == (2017, "catalogue")
    assert {document.origins[key] for key in ("title", "series", "covers", "language")} == {"inferred"}


def test_values_from_the_file_are_those_of_the_file_until_a_person_removes_the_mark(folder: Path) -> None:
    write(folder / "a.md", "---\npublisher: P\nedition: 2014\n---\n# Yearbook 2014\n\nBoats.\n")
    prefill(folder)
    target = folder / catalogue.NAME
    target.write_text(target.read_text("utf-8").replace('"P"  # from the file', '"Q"'), encoding="utf-8")
    document = read(plan([folder]).sources[0])
    assert (document.publisher, document.origins["publisher"]) == ("Q", "catalogue")
    assert (document.edition, document.origins["edition"]) == (2014, "file")
    assert "edition" not in document.evidence


def test_a_commented_key_is_valid_once_its_value_is_filled_in(folder: Path) -> None:
    write(folder / "a.txt", UNSAID)
    prefill(folder)
    target = folder / catalogue.NAME
    completed = target.read_text(encoding="utf-8")
    for key, value in (("edition", "2016"), ("covers", "[2014, 2015]"), ("published", '"2016-04-01"')):
        completed = completed.replace(f"# {key} =", f"{key} = {value}")
    target.write_text(completed, encoding="utf-8")
    entry, _ = catalogue.read(target).entry(folder / "a.txt")
    assert (entry.edition, entry.covers, entry.published) == (2016, (2014, 2015), "2016-04-01")


def test_the_written_catalogue_changes_no_document(folder: Path) -> None:
    write(folder / "a.txt", BOATS)
    write(folder / "sub" / "b.md", "---\npublisher: P\n---\n# Yearbook 2014-15\n\nText.\n")
    write(folder / "c.txt", UNSAID)
    write(folder / "minutes.txt", "Minutes of the Guild\n\n3 May 2017\n\nThe guild met and thanked all who had come.\n")
    fields = ("id", "title", "series", "publisher", "edition", "covers", "published", "part", "url", "language")
    before = [[getattr(read(source), one) for one in fields] for source in plan([folder]).sources]
    prefill(folder)
    planned = plan([folder])
    assert [[getattr(read(source), one) for one in fields] for source in planned.sources] == before
    assert (planned.unlisted, planned.missing) == ((), ())


def test_nothing_is_written_if_all_files_are_listed(folder: Path) -> None:
    write(folder / "a.txt", BOATS)
    prefill(folder)
    before = (folder / catalogue.NAME).read_bytes()
    assert prefill(folder) == []
    assert (folder / catalogue.NAME).read_bytes() == before


@pytest.mark.parametrize(
    "before", ["# mine\n", "[defaults]\npublisher = 'P'", "# CRLF\r\n[defaults]\r\n", "\ufeff# x\n", ""]
)
def test_an_existing_catalogue_keeps_every_byte(folder: Path, before: str) -> None:
    write(folder / catalogue.NAME, before)
    write(folder / "a.txt", BOATS)
    prefill(folder)
    after = (folder / catalogue.NAME).read_bytes()
    assert after.startswith(before.encode())
    assert (b"\r\n" in after) == ("\r\n" in before)
    assert after.count(b"\r\n") in {0, after.count(b"\n")}
    assert catalogue.read(folder / catalogue.NAME).rules[0].file == "a.txt"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_only_unlisted_files_are_added(folder: Path) -> None:
    write(folder / catalogue.NAME, '[[document]]\nfile = "a.txt"\ntitle = "Mine"\n')
    write(folder / "a.txt", BOATS)
    write(folder / "b.txt", BOATS)
    prefill(folder)
    assert [(table["file"], table["title"]) for table in tables(folder)] == [
        ("a.txt", "Mine"),
        ("b.txt", "Report on Boats 2016"),
    ]


def test_values_of_the_defaults_are_not_repeated(folder: Path) -> None:
    write(folder / catalogue.NAME, '[defaults]\npublisher = "P"\nedition = 2011\n')
    write(folder / "a.txt", BOATS)
    prefill(folder)
    assert not {"publisher", "edition"} & tables(folder)[0].keys()
    assert plan([folder]).sources[0].entry.edition == 2011


def test_a_catalogue_without_a_place_for_tables_is_not_changed(folder: Path) -> None:
    before = 'document = [{file = "a.txt"}]\n'
    target = write(folder / catalogue.NAME, before)
    write(folder / "b.txt", BOATS)
    with pytest.raises(CatalogueError, match=r"\[\[document\]\]"):
        prefill(folder)
    assert target.read_text(encoding="utf-8") == before


def test_files_passed_alone_share_the_catalogue_of_their_folder(folder: Path) -> None:
    first, second = write(folder / "a.txt", BOATS), write(folder / "b.txt", BOATS)
    write(folder / "c.txt", BOATS)
    assert prefill(first, second) == [folder / catalogue.NAME]
    assert [table["file"] for table in tables(folder)] == ["a.txt", "b.txt"]


def test_a_file_under_two_paths_is_listed_once(folder: Path) -> None:
    write(folder / "sub" / "a.txt", BOATS)
    write(folder / "b.txt", BOATS)
    assert prefill(folder, folder / "sub") == [folder / "sub" / catalogue.NAME, folder / catalogue.NAME]
    assert [table["file"] for table in tables(folder / "sub")] == ["a.txt"]
    assert [table["file"] for table in tables(folder)] == ["b.txt"]


def test_unreadable_files_and_records_are_left_out(folder: Path) -> None:
    write(folder / "a.txt", "")
    write(folder / "beir" / "corpus.jsonl", '{"_id": "1", "text": "x"}\n')
    assert prefill(folder) == []
    assert not (folder / catalogue.NAME).exists()


def test_an_unreadable_file_does_not_affect_the_others(folder: Path) -> None:
    write(folder / "a.txt", BOATS)
    write(folder / "b.txt", BOATS)

    def reader(source: Source) -> Document:
        if source.id == "a":
            raise UnreadableFile("no")
        return read(source)

    write_catalogues(plan([folder]), reader)
    assert [table["id"] for table in tables(folder)] == ["b"]


@pytest.mark.parametrize("name", ['a"b.txt', "a'b#.txt", "a [2016].txt", "a*?.txt", "a=b.txt", "外交青書.txt", "é.txt"])
def test_any_file_name_is_read_back(folder: Path, name: str) -> None:
    try:
        write(folder / name, BOATS)
    except OSError:
        pytest.skip("this system takes no such name")
    prefill(folder)
    planned = plan([folder])
    assert [source.listed for source in planned.sources] == [True]
    assert (planned.unlisted, planned.missing) == ((), ())


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example('a "quoted" title')
@example("back\\slash\\u0041 \\n")
@example("two\nlines\r\nand\ttab")
@example("bell\x07 delete\x7f next\x85 line\u2028 separator # no comment")
@example("'''\"\"\"")
def test_any_title_is_read_back(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    folder = tmp_path_factory.mktemp("titles")
    file = write(folder / "a.txt", BOATS)
    document = Document("a", title, BOATS, (), "", file.as_posix(), part=title)
    source = Source("a", file, Entry(), False, "")
    write_catalogues(Plan((folder.resolve(),), (source,)), lambda _: document)
    entry, _ = catalogue.read(folder / catalogue.NAME).entry(file)
    # A title of white space alone is none.
    assert (entry.title, entry.part) == (catalogue.printable_line(title) or None,) * 2
