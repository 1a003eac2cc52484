"""An index whose sentences get their vectors from the reading of their passage: one pass, and it keeps to its way."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.ingest import plan
from index import manifest
from index.building.build import build
from index.errors import IndexMismatch, ModelError
from index.ranking.search import Index
from tests.factories.encoders import HashEncoder
from tests.index.building.test_build import TOPICS, answers, write_corpus


class WithoutSpans:
    """A model that has vectors of whole texts only."""

    def __init__(self) -> None:
        inner = HashEncoder()
        self.name, self.precision, self.fingerprint = inner.name, inner.precision, inner.fingerprint
        self.dimension, self.max_tokens, self.special_tokens = inner.dimension, inner.max_tokens, inner.special_tokens
        self.count_tokens, self.encode = inner.count_tokens, inner.encode


def test_each_passage_is_read_once_and_no_sentence_by_itself(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    encoder = HashEncoder()
    report = build(tmp_path / "index", plan([corpus]), encoder, fast=True)
    opened = Index(tmp_path / "index")
    passages = [one for info in opened.documents for one in opened.records.passages_of_document(info.number)]
    # the scale of the model is measured besides, on texts that are no passages
    assert [text for text in encoder.encoded if "Report 2016" in text] == [
        one.passage.prefix + one.passage.text for one in passages
    ]
    assert report.passages == len(passages) >= len(TOPICS)


def test_a_sentence_has_the_vector_of_its_stretch(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    encoder = HashEncoder()
    build(tmp_path / "index", plan([corpus]), encoder, fast=True)
    question = "The treaty on outer space was signed by many countries in 2016."
    (hit,) = Index(tmp_path / "index").search(question, encoder, 1).hits
    # the sentence is asked for word by word; its vector is kept in int8
    assert max(hit.similarities) == pytest.approx(1, abs=0.01)
    assert sorted(hit.similarities)[-2] < 0.9


def test_an_index_keeps_to_its_way_and_names_both(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {name: TOPICS[name] for name in ("piracy", "space", "trade")})
    build(tmp_path / "fast", plan([corpus]), HashEncoder(), fast=True)
    build(tmp_path / "plain", plan([corpus]), HashEncoder())
    assert [manifest.read(tmp_path / name).model.fast for name in ("fast", "plain")] == [True, False]
    both = "from the reading of their passages.*each by itself|each by itself.*from the reading of their passages"
    for name, other in (("fast", False), ("plain", True)):
        with pytest.raises(IndexMismatch, match=both):
            build(tmp_path / name, plan([corpus]), HashEncoder(), fast=other)
    write_corpus(corpus, TOPICS)
    build(tmp_path / "fast", plan([corpus]), HashEncoder())
    assert manifest.read(tmp_path / "fast").model.fast
    build(tmp_path / "fresh", plan([corpus]), HashEncoder(), fast=True)
    assert answers(tmp_path / "fast") == answers(tmp_path / "fresh")


def test_a_model_without_vectors_of_sentences_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    with pytest.raises(ModelError, match="index without --fast-index"):
        build(tmp_path / "index", plan([corpus]), WithoutSpans(), fast=True)
    assert not (tmp_path / "index" / "generations").exists()
    assert build(tmp_path / "index", plan([corpus]), WithoutSpans()).documents == len(TOPICS)
