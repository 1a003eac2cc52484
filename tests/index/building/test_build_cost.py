"""The cost of a build: memory independent of the corpus, writes independent of the index."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path

import pytest

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.ranking.search import Index
from tests.benchmarks.indexing.building import QuickEncoder
from tests.factories.encoders import HashEncoder
from tests.index.building.test_interruption import corpus_of


def records(folder: Path, count: int) -> Path:
    """Write a BEIR corpus of different records of one short passage."""
    folder.mkdir()
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as stream:
        for number in range(count):
            text = f"Ship {number} carried {number * 3} tons of tea. It came to port {number % 50} in the rain."
            stream.write(json.dumps({"_id": f"r{number}", "title": f"Ship {number}", "text": text}) + "\n")
    return folder


def peak(folder: Path, corpus: Path) -> int:
    tracemalloc.start()
    try:
        build(folder, plan([corpus]), QuickEncoder())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    peak(tmp_path / "first", records(tmp_path / "warming", 10))
    small = peak(tmp_path / "small", records(tmp_path / "some", 520))
    large = peak(tmp_path / "large", records(tmp_path / "many", 1560))
    # three times as much: all vectors kept until the end would be 5 MB more
    assert large < 1.3 * small, (small, large)


def test_adding_a_document_writes_little_and_links_the_rest(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "corpus", 60)
    build(tmp_path / "index", plan([corpus]), HashEncoder())
    before = manifest.read(tmp_path / "index")
    inodes = {path.stat().st_ino for path in (tmp_path / "index").rglob("*") if path.is_file()}
    kept = tmp_path / "kept"  # so that no inode number is given a second time
    kept.mkdir()
    old = layout.generation_folder(tmp_path / "index", before.generation)
    for number, name in enumerate(before.files):
        os.link(old / name, kept / str(number))
    (corpus / "more.txt").write_text("More Report 2016\n\n1. More\n\nNothing to do with it at all.\n", "utf-8")
    build(tmp_path / "index", plan([corpus]), HashEncoder())
    written = manifest.read(tmp_path / "index")
    base = layout.generation_folder(tmp_path / "index", written.generation)
    fresh = sum((base / name).stat().st_size for name in written.files if (base / name).stat().st_ino not in inodes)
    # an empty segment is some 60 kB of tables; 60 documents are above a megabyte
    assert fresh < 0.15 * sum(file.size for file in before.files.values())


def test_many_additions_end_in_few_files_and_answer_as_one_build(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    for count in range(1, 13):
        corpus_of(corpus, count)
        build(tmp_path / "index", plan([corpus]), HashEncoder())
    build(tmp_path / "fresh", plan([corpus]), HashEncoder())
    written = manifest.read(tmp_path / "index")
    for kind in (layout.RECORDS, layout.VECTORS, layout.SENTENCES):
        assert 1 < len(written.files_of(kind)) <= 8
    grown, fresh = Index(tmp_path / "index"), Index(tmp_path / "fresh")
    assert {**grown.records.totals} == {**fresh.records.totals}
    assert [(document.id, document.passage_count) for document in grown.documents] == [
        (document.id, document.passage_count) for document in fresh.documents
    ]
    for text in ("costs of district 3", "item 7 fund 7", "crowns"):
        result = [[(hit.id, hit.score) for hit in item.search(text, HashEncoder(), 20).hits] for item in (grown, fresh)]
        assert result[0] == result[1]


def test_files_that_are_mostly_unused_are_compacted(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "corpus", 12)
    build(tmp_path / "index", plan([corpus]), HashEncoder())
    for number in range(3, 12):
        (corpus / f"district-{number:03d}.txt").unlink()
    build(tmp_path / "index", plan([corpus]), HashEncoder(), prune=True)
    build(tmp_path / "fresh", plan([corpus]), HashEncoder())
    grown, fresh = (manifest.read(tmp_path / name) for name in ("index", "fresh"))
    for kind in (layout.VECTORS, layout.SENTENCES):
        sizes = [sum(item.files[name].size for name in item.files_of(kind)) for item in (grown, fresh)]
        assert sizes[0] == sizes[1]
    assert Index(tmp_path / "index").records.totals["dead_records"] == 0
    assert (grown.passages, grown.sentences) == (fresh.passages, fresh.sentences)


def test_a_source_that_changes_during_the_build_leaves_the_index_unchanged(tmp_path: Path) -> None:
    corpus = records(tmp_path / "corpus", 5)
    planned = plan([corpus])
    with (corpus / "corpus.jsonl").open("r+b") as stream:
        stream.write(b'{"_id":"z0"')
    with pytest.raises(ValueError, match=r"corpus\.jsonl"):
        build(tmp_path / "index", planned, HashEncoder())
    assert layout.list_generations(tmp_path / "index") == []
