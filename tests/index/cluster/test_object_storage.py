"""Documents in an object store, by URL: a server of S3's protocol on this machine, read by fsspec.

Needs `pip install "moto[server]" s3fs`, which nothing else here does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.ingest import plan
from index.building.build import build
from index.ranking.search import Index
from tests.factories.encoders import HashEncoder, HashSpec
from tests.factories.outlined_texts import Block, Publication
from tests.factories.rendered.docx import render as docx
from tests.factories.rendered.pdf import render as pdf

pytest.importorskip("ray", reason='no Ray here: pip install "yearbook-qa[ray]"')

from index.cluster.indexing import ClusterBuilder
from index.cluster.session import connected

pytestmark = pytest.mark.long


PRINTED = Publication(
    "Report on Ports 2016",
    (
        Block("section", "1. Harbours", 1),
        Block("body", "Two harbours were dredged in May. A third was closed to all ships for a year.", parent=0),
        Block("section", "2. Pilots", 1),
        Block("body", "The pilots guided two thousand ships. None of them ran aground in the fog.", parent=2),
    ),
)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Start an object store for a test, configured for Ray's processes."""
    s3fs = pytest.importorskip("s3fs", reason="no s3fs here: pip install s3fs")
    moto = pytest.importorskip("moto.server", reason='no moto here: pip install "moto[server]"')
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "anyone",
        "AWS_SECRET_ACCESS_KEY": "anything",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    files = s3fs.S3FileSystem(skip_instance_cache=True)
    files.mkdir("bucket")
    yield files
    server.stop()


def write(folder: Path) -> None:
    (folder / "deep").mkdir(parents=True)
    (folder / "report.pdf").write_bytes(pdf(PRINTED).data)
    (folder / "deep" / "report.docx").write_bytes(docx(PRINTED))
    (folder / "deep" / "page.html").write_text("<h1>Ports</h1><p>Two ports were opened in May.</p>", encoding="utf-8")
    (folder / "a b é.txt").write_text("Report 2019\n\n1. Steel\n\nSteel was made in two mills.\n", encoding="utf-8")
    (folder / "notes.md").write_text("# Notes\n\nTea was grown on three hills.\n", encoding="utf-8")
    (folder / ".hidden.txt").write_text("Not read.", encoding="utf-8")
    (folder / "corpus.toml").write_text(
        '[[document]]\nfile = "report.pdf"\nid = "first"\nedition = 1999\n', encoding="utf-8"
    )


def shown(folder: Path) -> dict[str, Any]:
    """Return the parts of an index that do not depend on where its documents are stored."""
    index = Index(folder)
    documents = {
        document.id: (document.title, document.edition, document.sha256, document.passage_count)
        for document in index.documents
    }
    hits = [
        (hit.id, hit.score)
        for text in ("ports", "steel mills", "tea on hills", "what was reported")
        for hit in index.search(text, HashEncoder(), 20).hits
    ]
    return {"documents": documents, "hits": hits}


def test_a_bucket_is_indexed_updated_and_pruned_as_the_same_folder(store: Any, tmp_path: Path) -> None:
    folder, url = tmp_path / "yearbooks", "s3://bucket/yearbooks"
    write(folder)
    for file in folder.rglob("*"):
        if file.is_file():
            store.put_file(str(file), f"bucket/yearbooks/{file.relative_to(folder).as_posix()}")
    with connected(workers=2) as workers:
        indexing = ClusterBuilder(workers, lambda _: HashSpec())
        report = indexing.build(tmp_path / "there", indexing.plan([url]), HashEncoder())
        build(tmp_path / "here", plan([folder]), HashEncoder())
        assert (len(report.added), report.unread) == (5, [])
        assert shown(tmp_path / "there") == shown(tmp_path / "here")
        assert Index(tmp_path / "there").info("first").source == f"{url}/report.pdf"
        (folder / "notes.md").write_text("# Notes\n\nTea was grown on four hills.\n", encoding="utf-8")
        store.put_file(str(folder / "notes.md"), "bucket/yearbooks/notes.md")
        (folder / "deep" / "page.html").unlink()
        store.rm("bucket/yearbooks/deep/page.html")
        report = indexing.build(tmp_path / "there", indexing.plan([url]), HashEncoder(), prune=True)
        build(tmp_path / "here", plan([folder]), HashEncoder(), prune=True)
        assert (report.changed, report.removed, report.unchanged) == (["notes"], ["page"], 3)
        assert shown(tmp_path / "there") == shown(tmp_path / "here")
