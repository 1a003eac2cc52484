"""Messages about unusable manifests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.errors import IndexMismatch
from index.ranking.search import Index
from index.repair.repair import repair
from tests.factories.encoders import HashEncoder
from tests.index.building.test_build import TOPICS, answers, write_corpus


def test_an_index_with_sentence_vectors_from_passages_is_refused_until_repaired(tmp_path: Path) -> None:
    corpus, folder = write_corpus(tmp_path / "corpus", TOPICS), tmp_path / "index"
    build(folder, plan([corpus]), HashEncoder())
    expected = answers(folder)
    path = folder / layout.MANIFEST
    values = json.loads(path.read_text("utf-8"))
    del values[manifest.CHECKSUM]
    values["model"]["fast"] = True
    path.write_text(json.dumps(values | {manifest.CHECKSUM: manifest.checksum_of(values)}), "utf-8")
    for opening in (lambda: Index(folder), lambda: build(folder, plan([corpus]), HashEncoder())):
        with pytest.raises(IndexMismatch, match=f"doctor --repair --index {folder}"):
            opening()
    repair(folder, HashEncoder())
    assert answers(folder) == expected
