"""Sources are read at the same time and prepared in their order."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from corpus import ingest
from corpus.chunking.passages import Lengths
from corpus.discovery import Source
from corpus.errors import UnreadableFile
from corpus.ingest import plan
from corpus.records import Document
from index.building import prepare
from tests.factories.encoders import HashEncoder


@pytest.fixture
def sources(tmp_path: Path) -> list[Source]:
    for number in range(9):
        (tmp_path / f"{number}.txt").write_text(f"Report {number}\n\nShip {number} came home.\n", encoding="utf-8")
    return list(plan([tmp_path]).sources)


def test_several_sources_are_read_at_the_same_time_and_stay_in_order(
    sources: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "READERS", 3)
    others = threading.Barrier(3, timeout=60)  # breaks unless three are read at the same time

    def read(source: Source) -> Document:
        others.wait()
        time.sleep(0.02 * (source.path.stem in "036"))  # the first of three is ready last
        if source.path.stem == "4":
            raise UnreadableFile("torn")
        return ingest.read(source)

    batches = prepare.prepare_batches(sources, HashEncoder().count_tokens, Lengths(), read, size=2)
    prepared = [item for batch in batches for item in batch]
    assert [item.source.path.stem for item in prepared] == list("012345678")
    assert [item.unread.reason for item in prepared if item.unread] == ["torn"]
    assert all(f"Ship {item.source.path.stem} " in item.document.text for item in prepared if item.document)


def test_few_documents_are_held_and_an_abandoned_build_reads_no_more(
    sources: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "READERS", 2)
    begun: list[str] = []

    def read(source: Source) -> Document:
        begun.append(source.path.stem)
        return ingest.read(source)

    batches = prepare.prepare_batches(sources, HashEncoder().count_tokens, Lengths(), read, size=1)
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    time.sleep(0.2)
    assert len(begun) <= 2 + 2 + 1  # the batch and the one after it, those ahead of it
