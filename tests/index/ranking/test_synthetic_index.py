"""Synthetic indexes have the format of real ones, so the benchmarks measure what a build would have written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.ingest import plan
from index.building.build import build
from index.ranking.search import Index
from tests.benchmarks.indexing import synthetic, synthetic_index
from tests.factories.encoders import HashEncoder

WORDS = "herring cod trawler harbour quota catch fleet northern landed scarce opera season comic ballet stage".split()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> synthetic.Source:
    """Sixty sections of two sentences each, as passages."""
    corpus = tmp_path_factory.mktemp("corpus")
    chance = np.random.default_rng(1)
    sections = [
        f"## Part {number}\n\n" + " ".join(f"The {' '.join(chance.choice(WORDS, 6))} of {1900 + number}." for _ in "ab")
        for number in range(60)
    ]
    (corpus / "survey.md").write_text("# Survey\n\n" + "\n\n".join(sections) + "\n", encoding="utf-8")
    build(corpus / "index", plan([corpus / "survey.md"]), HashEncoder())
    return synthetic.source([Index(corpus / "index")])


@pytest.mark.parametrize("kind", ["exact", "ivf"])
def test_a_synthetic_index_is_read_like_any_other(tmp_path: Path, real: synthetic.Source, kind: str) -> None:
    encoder = HashEncoder()
    synthetic_index.write(tmp_path / "index", real, 250, encoder, kind)
    opened = Index(tmp_path / "index")
    assert (opened.manifest.dense.kind, opened.manifest.passages) == (kind, 250)
    assert [document.passage_count for document in opened.documents] == [100, 100, 50]
    hits = opened.search("herring quota of the northern fleet", encoder, 30).hits
    assert len(hits) == 30
    for hit in hits:
        passage, text = hit.stored.passage, opened.document(hit.document.id).text
        assert text[passage.start : passage.end] == passage.text
        assert all(text[sentence.start : sentence.end].endswith(".") for sentence in passage.sentences)
    one_year = opened.subset([document for document in opened.documents if document.edition == 1902])
    filtered = opened.search("herring", encoder, 300, subset=one_year).hits
    assert {hit.document.edition for hit in filtered} == {1902}
    assert len(filtered) == 50


def test_synthetic_vectors_are_unit_vectors_near_their_originals(real: synthetic.Source) -> None:
    parents, vectors = synthetic.vectors(real, 500, np.random.default_rng(2))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    own = (vectors * real.vectors[parents[:, 0]]).sum(axis=1)
    others = vectors @ real.vectors.T
    assert own.mean() > others.mean() + 0.3
