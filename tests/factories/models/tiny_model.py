"""Writes a tiny sentence-transformers model, with random weights, into a folder: python
tests/factories/models/tiny_model.py FOLDER.

A process of its own, since torch and faiss are never loaded in one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

WORDS = "the a ship ships came went nine ten harbour tax budget rose fell in of and query : passage text".split()


def write(folder: Path) -> None:
    """A two-layer BERT of 32 dimensions, mean pooling, prompts for queries and documents, at most 48 tokens."""
    import torch
    from sentence_transformers import CrossEncoder, SentenceTransformer
    from sentence_transformers.base.modules.transformer import Transformer
    from sentence_transformers.sentence_transformer.modules.pooling import Pooling
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

    torch.manual_seed(7)
    parts = folder / "parts"
    parts.mkdir(parents=True)
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *WORDS,
        *letters,
        *(f"##{letter}" for letter in letters),
    ]
    (parts / "vocab.txt").write_text("\n".join(dict.fromkeys(vocabulary)), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(dict.fromkeys(vocabulary)),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    BertModel(config).save_pretrained(parts)
    BertTokenizer(vocab=str(parts / "vocab.txt")).save_pretrained(parts)
    transformer = Transformer(str(parts), max_seq_length=48)
    model = SentenceTransformer(
        modules=[transformer, Pooling(32)], device="cpu", prompts={"query": "query: ", "document": "passage: "}
    )
    model.save(str(folder / "model"))
    others(folder, transformer)
    vectors = model.encode(
        ["passage: nine ships came", "query: tax rose", "passage: " + "ship " * 100],
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    for name, labels in (("reranker", 1), ("classifier", 3)):
        config.num_labels = labels
        BertForSequenceClassification(config).save_pretrained(folder / name)
        BertTokenizer(vocab=str(parts / "vocab.txt"), model_max_length=256).save_pretrained(folder / name)
    scores = CrossEncoder(str(folder / "reranker"), device="cpu").predict(
        [("ships came", text) for text in ("nine ships came", "tax rose", "ship " * 100)],
        activation_fn=torch.nn.Identity(),
        show_progress_bar=False,
    )
    (folder / "logits.txt").write_text("\n".join(repr(float(score)) for score in scores), "utf-8")
    (folder / "vectors.txt").write_text("\n".join(" ".join(map(repr, map(float, row))) for row in vectors), "utf-8")


def vectors_in(file: Path) -> npt.NDArray[np.float32]:
    """The vectors that `write` wrote there, a line each."""
    lines = file.read_text("utf-8").splitlines()
    return np.array([[float(x) for x in line.split()] for line in lines], dtype=np.float32)


def others(folder: Path, transformer: Any) -> None:
    """Models that cannot be exported: a word table, and a prompt that the pooling excludes."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules.pooling import Pooling
    from sentence_transformers.sentence_transformer.modules.static_embedding import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(transformer.tokenizer.backend_tokenizer.to_str())
    table = StaticEmbedding(tokenizer, embedding_weights=torch.randn(tokenizer.get_vocab_size(), 16).numpy())
    instructed: list[Any] = [transformer, Pooling(32, include_prompt=False)]
    prompts = {"query": "the tax in the harbour of the ship: ", "document": "a passage of text in the budget: "}
    for name, modules in {"static": [table], "instructed": instructed}.items():
        model = SentenceTransformer(modules=modules, device="cpu", prompts=prompts if name == "instructed" else None)
        model.save(str(folder / name))
        passages = model.encode_document(["nine ships came", "tax rose"], normalize_embeddings=True)
        question = model.encode_query(["ships came"], normalize_embeddings=True)
        lines = (" ".join(map(repr, map(float, row))) for row in [*passages, *question])
        (folder / f"{name}.txt").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
