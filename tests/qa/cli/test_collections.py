"""`collection export` and `collection locate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.ingest import plan
from index.building.build import build
from index.ranking.search import Index
from qa.cli.cli import main
from qa.collections.collection import Collection, CollectionItem, collection_json
from qa.collections.relocation import keep
from tests.factories.encoders import HashEncoder

TEXT = (
    "Harbour Report 2018\n\n1 Nets\nNine nets were torn in the storm.\n\n2 Ropes\nRopes were sold to seven captains.\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an index and the file of a collection of two passages, one of which the index lost."""
    (tmp_path / "harbour-2018.txt").write_text(TEXT, encoding="utf-8")
    build(tmp_path / "index", plan([tmp_path / "harbour-2018.txt"]), HashEncoder())
    index = Index(tmp_path / "index")
    spans = [(TEXT.index(words), TEXT.index(words) + 20) for words in ("Nine nets", "Ropes were")]
    items = tuple(CollectionItem((keep(index, f"harbour-2018@{start}-{end}"),)) for start, end in spans)
    (tmp_path / "kept.json").write_text(json.dumps(collection_json(Collection("Kept", items))), encoding="utf-8")
    (tmp_path / "harbour-2018.txt").write_text(TEXT.replace("Ropes were", "Hawsers were"), encoding="utf-8")
    build(tmp_path / "index", plan([tmp_path / "harbour-2018.txt"]), HashEncoder())
    return tmp_path


def test_locate_says_what_is_gone_and_export_writes_what_was_kept(folder: Path) -> None:
    found = CliRunner().invoke(main, ["collection", "locate", f"{folder}/kept.json", "--index", f"{folder}/index"])
    assert (found.exit_code, [line.split()[0] for line in found.stdout.splitlines()]) == (1, ["present", "gone"])
    written = CliRunner().invoke(main, ["collection", "export", f"{folder}/kept.json", "--out", f"{folder}/kept.docx"])
    assert written.exit_code == 0, written.output
    assert (folder / "kept.docx").read_bytes().startswith(b"PK")
    shown = CliRunner().invoke(main, ["collection", "export", f"{folder}/kept.json", "--format", "markdown"])
    assert shown.stdout.count("\n> ") == 2


def test_a_file_that_is_no_collection_is_a_fault_of_one_line(tmp_path: Path) -> None:
    for text in ("{", "[]", "[" * 100_000):
        (tmp_path / "kept.json").write_text(text, encoding="utf-8")
        result = CliRunner().invoke(main, ["collection", "export", f"{tmp_path}/kept.json"])
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1), result.output
        assert "kept.json" in result.stderr
