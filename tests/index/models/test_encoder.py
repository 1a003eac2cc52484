"""Exported encoders and rerankers compute what sentence-transformers computes."""

from __future__ import annotations

import dataclasses
import math
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.errors import ModelError
from index.models import model_store
from index.models.encoder import Encoder, OnnxEncoder, PairedEncoder, encode_questions, load, load_reranker
from index.models.export import MIN_COSINE
from index.models.model_store import (
    DEFAULT_MODEL,
    MULTILINGUAL_MODEL,
    SMALL_MODEL,
    ExportedModel,
    Precision,
    ensure_encoder,
)
from tests.factories.models.tiny_model import vectors_in


@pytest.fixture(scope="module")
def encoder(tiny: Path) -> Encoder:
    return load(str(tiny / "model"), "fp32")


@pytest.mark.parametrize(
    ("name", "max_tokens", "precision"),
    [(MULTILINGUAL_MODEL, 512, "int8"), pytest.param(SMALL_MODEL, 256, "fp32", marks=pytest.mark.long)],
)
def test_an_exported_model_returns_the_models_own_vectors(name: str, max_tokens: int, precision: Precision) -> None:
    exported = load(name, precision)
    assert isinstance(exported, OnnxEncoder)
    assert (exported.name, exported.dimension, exported.max_tokens) == (name, 384, max_tokens)
    assert exported.precision == precision
    assert exported.probe_cosine() >= MIN_COSINE[precision]


@pytest.mark.parametrize(
    ("name", "precision"), [(MULTILINGUAL_MODEL, "int8"), pytest.param(SMALL_MODEL, "fp32", marks=pytest.mark.long)]
)
def test_vectors_are_unit_vectors_and_independent_of_the_batch(name: str, precision: Precision) -> None:
    default = load(name, precision)
    texts = [f"Ship number {n} came into harbour {'again and ' * n}that year." for n in range(12)]
    together = default.encode(texts)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for row, text in enumerate(texts):
        assert np.array_equal(default.encode([text])[0], together[row])
    assert default.encode([]).shape == (0, 384)


def test_a_model_by_path_uses_its_own_prompts_and_maximum_length(tiny: Path, encoder: Encoder) -> None:
    expected = vectors_in(tiny / "vectors.txt")
    assert (encoder.dimension, encoder.max_tokens, encoder.special_tokens) == (32, 48, 2)
    vectors = np.stack(
        [
            encoder.encode(["nine ships came"])[0],
            encoder.encode(["tax rose"], query=True)[0],
            encoder.encode(["ship " * 100])[0],
        ]
    )
    assert np.allclose(vectors, expected, atol=1e-4)


def test_token_counts_exclude_special_tokens_and_truncation(encoder: Encoder) -> None:
    assert encoder.count_tokens(["nine ships came", "", "ship " * 100]) == [3, 0, 100]


def test_the_fingerprint_depends_on_the_files_alone(tiny: Path, encoder: Encoder, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(tiny / "model", copy)
    assert load(str(copy), encoder.precision).fingerprint == encoder.fingerprint
    assert load().fingerprint != encoder.fingerprint


def test_the_default_model_pairs_two(tiny: Path, encoder: Encoder) -> None:
    default = load()
    assert isinstance(default, PairedEncoder)
    assert isinstance(default.sentence_encoder, OnnxEncoder)
    assert (default.name, default.sentence_encoder.name) == (DEFAULT_MODEL, SMALL_MODEL)
    first = load(MULTILINGUAL_MODEL)
    assert default.fingerprint not in (first.fingerprint, default.sentence_encoder.fingerprint)
    assert np.array_equal(default.encode(["Three ships"]), first.encode(["Three ships"]))
    questions = encode_questions(default, ["How many ships?", "いくつの船が?"])
    assert np.array_equal(questions[:, :384], first.encode(["How many ships?", "いくつの船が?"], query=True))
    assert np.array_equal(questions[0, 384:], default.sentence_encoder.encode(["How many ships?"], query=True)[0])
    mixed = load(f"{tiny / 'model'}+{tiny / 'model'}", "fp32")
    assert encode_questions(mixed, ["tax rose"]).shape == (1, 2 * encoder.dimension)


@pytest.mark.long
def test_a_pair_has_one_precision(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index records one precision, with which it is opened: also where the first model does not run in int8."""

    def first_falls_back(name: str, precision: Precision, **options: Any) -> ExportedModel:
        return ensure_encoder(name, "fp32" if name == str(tiny / "model") else precision, **options)

    monkeypatch.setattr("index.models.encoder.ensure_encoder", first_falls_back)
    built = load(f"{tiny / 'model'}+{SMALL_MODEL}", "int8")
    assert load(built.name, built.precision).fingerprint == built.fingerprint


def test_a_folder_with_a_plus_in_its_name_is_one_model(tiny: Path, encoder: Encoder, tmp_path: Path) -> None:
    shutil.copytree(tiny / "model", tmp_path / "first+second")
    assert load(str(tmp_path / "first+second"), encoder.precision).fingerprint == encoder.fingerprint


@pytest.mark.parametrize("name", ["small+", "+small", "+", "small+small+small"])
def test_a_pair_of_other_than_two_models_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match=rf"{re.escape(name)} is no folder, and not the names of two models"):
        load(name)


def test_a_folder_without_a_model_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be used: its folder has neither modules\.json nor config\.json"):
        load(str(tmp_path), notify=pytest.fail)


@pytest.mark.long
def test_a_folder_with_an_unusable_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match=f"{tmp_path.name} cannot be used"):
        load(str(tmp_path))


def test_changed_weights_of_the_default_model_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YEARBOOK_QA_CACHE", str(tmp_path))
    model = model_store.PACKAGED[MULTILINGUAL_MODEL]
    altered = {MULTILINGUAL_MODEL: dataclasses.replace(model, sha256="0" * 64)}
    monkeypatch.setattr(model_store, "PACKAGED", altered)
    with pytest.raises(ModelError, match=rf"sha256 {model.sha256}, expected 0000"):
        load()


@pytest.mark.long
def test_a_missing_default_model_points_to_the_model_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_store.PackagedModel, "locate", lambda _: None)
    with pytest.raises(ModelError, match=r"pip install .*--model NAME_OR_PATH"):
        load()


def test_a_packaged_model_without_its_package_is_taken_from_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_store.PackagedModel, "locate", lambda _: None)
    assert model_store.locate(model_store.SMALL_MODEL) == "sentence-transformers/all-MiniLM-L6-v2"
    assert model_store.locate("another") == "another"


@pytest.mark.long
def test_a_reranker_returns_the_cross_encoders_own_scores(tiny: Path) -> None:
    reranker = load_reranker(str(tiny / "reranker"))
    texts = ["nine ships came", "tax rose", "ship " * 100]
    logits = [float(line) for line in (tiny / "logits.txt").read_text("utf-8").splitlines()]
    assert reranker.scores("ships came", texts) == pytest.approx([1 / (1 + math.exp(-x)) for x in logits], abs=1e-4)


@pytest.mark.long
def test_a_cross_encoder_with_several_outputs_is_refused(tiny: Path) -> None:
    with pytest.raises(ModelError, match="has 3 outputs"):
        load_reranker(str(tiny / "classifier"))


def test_a_model_that_several_need_at_once_is_exported_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YEARBOOK_QA_CACHE", str(tmp_path))
    exported: list[Path] = []

    def export(*arguments: Any) -> None:
        folder = arguments[4]
        time.sleep(0.2)
        folder.mkdir()
        (folder / model_store.FACTS).write_text("{}", encoding="utf-8")
        exported.append(folder)

    monkeypatch.setattr(model_store, "_export", export)
    with ThreadPoolExecutor(3) as pool:
        wait = [pool.submit(model_store.ensure_reranker, SMALL_MODEL, lambda _: None) for _ in range(3)]
        assert {future.result() for future in wait} == set(exported)
    assert len(exported) == 1


def test_a_damaged_export_is_reported_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / model_store.GRAPH).write_bytes(b"no graph")
    with pytest.raises(ModelError, match=r"corrupt model export .*: delete the folder"):
        model_store.open_session(tmp_path)
