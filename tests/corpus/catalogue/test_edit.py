"""Tables are added to and removed from a catalogue without changing any other text."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from corpus.catalogue.edit import append, remove, table
from corpus.errors import CatalogueError

WRITTEN = '''\
# kept
[defaults]
series = "Yearbook" # kept, too

[[document]] # of a
file = "a.txt"
title = """
[[document]]
file = "b.txt"
"""

[["document"]]
file = "b.txt"
covers = [2014, 2015]

[[document]]
file = "c.txt"
'''


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_table_is_taken_out_and_the_rest_stays_as_written(tmp_path: Path, line_end: str) -> None:
    file = tmp_path / "corpus.toml"
    file.write_bytes(WRITTEN.replace("\n", line_end).encode())
    remove(file, ["b.txt"])
    expected = WRITTEN.replace('[["document"]]\nfile = "b.txt"\ncovers = [2014, 2015]\n\n', "")
    assert file.read_bytes() == expected.replace("\n", line_end).encode()
    remove(file, ["b.txt", "nowhere.txt"])
    assert file.read_bytes() == expected.replace("\n", line_end).encode()
    remove(file, ["a.txt", "c.txt"])
    assert tomllib.loads(file.read_text(encoding="utf-8")) == {"defaults": {"series": "Yearbook"}}


def test_tables_that_cannot_be_removed_stay_and_are_an_error(tmp_path: Path) -> None:
    file = tmp_path / "corpus.toml"
    written = 'document = [{file = "a.txt"}, {file = "b.txt"}]\n'
    file.write_text(written, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"b\.txt"):
        remove(file, ["b.txt"])
    assert file.read_text(encoding="utf-8") == written


def test_added_tables_are_read_back(tmp_path: Path) -> None:
    file = tmp_path / "corpus.toml"
    values = {"id": "a", "title": 'A "book" \\ of\n\x7f', "edition": 2016, "covers": [2014, 2015]}
    append(file, table("a.txt", values))
    append(file, table("ü.txt", {"id": "b"}))
    read = tomllib.loads(file.read_text(encoding="utf-8"))["document"]
    assert read == [{"file": "a.txt"} | values, {"file": "ü.txt", "id": "b"}]
    remove(file, ["ü.txt"])
    assert tomllib.loads(file.read_text(encoding="utf-8"))["document"] == read[:1]
