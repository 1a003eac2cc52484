"""Interrupted builds: finished work is kept and the index stays intact."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.building.report import BuildReport
from index.errors import BuildInterrupted
from index.lexical import tantivy_index
from index.models.encoder import Vectors
from index.ranking.search import Index
from tests.factories.encoders import HashEncoder
from tests.paths import ROOT


def corpus_of(folder: Path, count: int, *, version: str = "") -> Path:
    """Write `count` files of about three passages, no two of which share a sentence."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        sentences = [
            f"In district {number} item {item} cost {number * 7 + item} crowns and was paid by fund {item}{version}."
            for item in range(40)
        ]
        text = f"District {number} Report 2016\n\n1. Costs of {number}\n\n{' '.join(sentences)}\n"
        (folder / f"district-{number:03d}.txt").write_text(text, encoding="utf-8")
    return folder


class Interrupting(HashEncoder):
    """Interrupts the build like a user, after this many encoded texts."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        if len(self.encoded) >= self.after:
            raise KeyboardInterrupt
        return super().encode(texts, query=query, progress=progress)


def built(folder: Path, corpus: Path, encoder: HashEncoder | None = None) -> BuildReport:
    return build(folder, plan([corpus]), encoder or HashEncoder(), checkpoint=0)


def contents(folder: Path) -> dict[str, object]:
    """Return the contents of an index: the bytes of its vectors and all rows of its tables."""
    written = manifest.read(folder)
    base = layout.generation_folder(folder, written.generation)
    result: dict[str, object] = {
        kind: b"".join((base / name).read_bytes() for name in written.files_of(kind))
        for kind in (layout.VECTORS, layout.SENTENCES)
    }
    for name in written.files_of(layout.RECORDS):
        connection = sqlite3.connect(base / name)
        result[Path(name).name] = list(connection.iterdump())
        connection.close()
    result["rows"] = np.load(base / layout.ROWS).tolist()
    return result


def answers(folder: Path) -> list[tuple[str, float]]:
    opened = Index(folder)
    questions = ("costs of district 3", "item 7 fund 7", "crowns paid in district 11", "the")
    return [(hit.id, hit.score) for text in questions for hit in opened.search(text, HashEncoder(), 10).hits]


def killed(folder: Path, corpus: Path, after: int) -> None:
    """Build in a process that kills itself after this many encoded texts."""
    script = f"""
        import os, signal
        from pathlib import Path
        from corpus.ingest import plan
        from index.building.build import build
        from tests.factories.encoders import HashEncoder

        class Dying(HashEncoder):
            def encode(self, texts, **options):
                if len(self.encoded) >= {after}:
                    os.kill(os.getpid(), signal.SIGKILL)
                return super().encode(texts, **options)

        build(Path({str(folder)!r}), plan([Path({str(corpus)!r})]), Dying(), checkpoint=0)
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_build_is_resumed_and_gives_the_same_index(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "corpus", 130)
    whole = HashEncoder()
    built(tmp_path / "whole", corpus, whole)
    killed(tmp_path / "index", corpus, 3000)
    with pytest.raises(FileNotFoundError):
        manifest.read(tmp_path / "index")
    rest = HashEncoder()
    report = built(tmp_path / "index", corpus, rest)
    # the first batch, of 52 documents with 5 passages and 40 sentences each, was stored; the second was being embedded
    assert len(rest.encoded) <= len(whole.encoded) - 3000
    assert set(rest.encoded) < set(whole.encoded)
    assert report.resumed == 52
    assert len(report.added) == 130
    assert contents(tmp_path / "index") == contents(tmp_path / "whole")
    assert answers(tmp_path / "index") == answers(tmp_path / "whole")
    assert layout.list_generations(tmp_path / "index") == [manifest.read(tmp_path / "index").generation]


def test_a_repeatedly_interrupted_build_embeds_each_text_once(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "corpus", 60)
    whole = HashEncoder()
    built(tmp_path / "whole", corpus, whole)
    encoded: list[str] = []
    for _ in range(10):
        encoder = Interrupting(600)
        with suppress(BuildInterrupted):
            built(tmp_path / "index", corpus, encoder)
        encoded += encoder.encoded
    # the sentences that measure a model's scale included: the build that ends encodes them
    assert sorted(encoded) == sorted(whole.encoded)
    assert contents(tmp_path / "index") == contents(tmp_path / "whole")


def test_a_build_interrupted_at_once_leaves_nothing(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "corpus", 3)
    with pytest.raises(BuildInterrupted) as caught:
        build(tmp_path / "index", plan([corpus]), Interrupting(0))
    assert not caught.value.resumable
    assert layout.list_generations(tmp_path / "index") == []


def test_a_resumed_build_sees_changes_made_after_the_interruption(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "corpus", 60)
    with pytest.raises(BuildInterrupted):
        built(tmp_path / "index", corpus, Interrupting(2350))
    (corpus / "district-002.txt").unlink()
    (corpus / "district-001.txt").write_text("District 1 Report 2017\n\n1. Costs\n\nAll is new here.\n", "utf-8")
    report = built(tmp_path / "index", corpus)
    assert report.resumed == 50  # 52 except the changed and the missing one
    assert len(report.added) == 59
    built(tmp_path / "fresh", corpus)
    assert answers(tmp_path / "index") == answers(tmp_path / "fresh")
    opened = Index(tmp_path / "index")
    assert "All is new here." in opened.document("district-001").text
    assert "district-002" not in {document.id for document in opened.documents}
    assert opened.records.document_frequencies(["crown", "district", "new"]) == Index(
        tmp_path / "fresh"
    ).records.document_frequencies(["crown", "district", "new"])


def test_an_interrupted_and_reverted_update_leaves_the_index_unchanged(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "corpus", 60)
    built(tmp_path / "index", corpus)
    before = answers(tmp_path / "index")
    totals = Index(tmp_path / "index").records.totals
    corpus_of(corpus, 60, version=" in kind")
    with pytest.raises(BuildInterrupted):
        built(tmp_path / "index", corpus, Interrupting(2350))
    assert answers(tmp_path / "index") == before
    corpus_of(corpus, 60)
    (corpus / "more.txt").write_text("More Report 2016\n\n1. More\n\nNothing to do with it at all.\n", "utf-8")
    encoder = HashEncoder()
    report = built(tmp_path / "index", corpus, encoder)
    assert (report.added, report.changed, report.unchanged) == (["more"], [], 60)
    assert len(encoder.encoded) == 4  # title and paragraph: two passages with a sentence each
    built(tmp_path / "fresh", corpus)
    assert answers(tmp_path / "index") == answers(tmp_path / "fresh")
    after = Index(tmp_path / "index").records.totals
    assert after["passages"] == totals["passages"] + 2
    assert after["rows"] == totals["rows"] + 2
    assert after["sentences"] == totals["sentences"] + 2


def test_a_partial_build_is_dropped_with_another_model(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "corpus", 30)
    with pytest.raises(BuildInterrupted):
        built(tmp_path / "index", corpus, Interrupting(600))
    other = HashEncoder(32, name="other")
    report = built(tmp_path / "index", corpus, other)
    assert report.resumed == 0
    assert layout.list_generations(tmp_path / "index") == [manifest.read(tmp_path / "index").generation]


@pytest.mark.parametrize("damage", ["records emptied", "vectors lost", "vectors cut", "origin cut"])
def test_a_damaged_partial_build_is_not_resumed(tmp_path: Path, damage: str) -> None:
    corpus = corpus_of(tmp_path / "corpus", 30)
    with pytest.raises(BuildInterrupted):
        built(tmp_path / "index", corpus, Interrupting(600))
    (left,) = layout.list_generations(tmp_path / "index")
    base = layout.generation_folder(tmp_path / "index", left)
    if damage == "records emptied":
        layout.records_file(base).write_bytes(b"")
    elif damage == "origin cut":
        (base / "building.json").write_text("{", "utf-8")
    else:
        vectors = next((base / layout.VECTORS).iterdir())
        os.truncate(vectors, 1000) if damage == "vectors cut" else vectors.unlink()
    report = built(tmp_path / "index", corpus)
    assert report.resumed == 0
    built(tmp_path / "fresh", corpus)
    assert answers(tmp_path / "index") == answers(tmp_path / "fresh")


def test_an_interruption_while_writing_costs_no_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = corpus_of(tmp_path / "corpus", 20)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tantivy_index, "write", interrupted)
    with pytest.raises(BuildInterrupted):
        built(tmp_path / "index", corpus)
    monkeypatch.undo()
    encoder = HashEncoder()
    assert built(tmp_path / "index", corpus, encoder).resumed == 20
    assert not any("district" in text for text in encoder.encoded)
    built(tmp_path / "whole", corpus)
    assert contents(tmp_path / "index") == contents(tmp_path / "whole")
