"""A sentence-transformers model to an ONNX graph: the only place where torch is imported, in a process of its own.

Run as `python -m index.export KIND MODEL FOLDER`: writes `model.onnx`, the tokenizer and `model.json` into FOLDER. Of
an `encoder` the graph is transformer, pooling and normalisation; of a `reranker` (a cross-encoder) its logit. A process
of its own because torch and faiss bring two OpenMP runtimes, and because importing sentence-transformers takes ten
times as long as anything else that asking a question needs.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


PROBE = "Counter-terrorism measures in fiscal year 2016."
"""A sentence whose vector by sentence-transformers is kept, so that the exported graph can be held against it."""


def export_encoder(model_name: str, folder: Path) -> None:
    """Write graph, tokenizer and facts of a sentence-transformers model into the folder.

    Raises what sentence-transformers or torch raise for a model they cannot load or trace.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(model_name, device="cpu", trust_remote_code=False)
    model.eval()
    tokenizer = model.tokenizer

    def embed(features: dict[str, Any]) -> Any:
        return torch.nn.functional.normalize(model(features)["sentence_embedding"], dim=-1)

    example = tokenizer(["One sentence.", "Another, longer sentence."], padding=True, return_tensors="pt")
    inputs = _write_graph(model, embed, example, folder)
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    prompts = dict(model.prompts or {})
    probe = model.encode([PROBE], normalize_embeddings=True, show_progress_bar=False)[0]
    facts = {
        "dimension": len(probe),
        "max_tokens": int(model.max_seq_length or tokenizer.model_max_length),
        "special_tokens": int(tokenizer.num_special_tokens_to_add()),
        "inputs": inputs,
        "query_prompt": prompts.get("query", ""),
        "document_prompt": prompts.get("document") or prompts.get("passage", ""),
        "probe": [float(x) for x in probe],
    }
    (folder / "model.json").write_text(json.dumps(facts), encoding="utf-8")


def export_reranker(model_name: str, folder: Path) -> None:
    """Write graph, tokenizer and facts of a cross-encoder with one output into the folder.

    Raises what sentence-transformers or torch raise, and ValueError for a model with several outputs.
    """
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(model_name, device="cpu", trust_remote_code=False)
    if model.num_labels != 1:
        raise ValueError(f"{model_name} has {model.num_labels} outputs, a reranker has one")
    model.eval()
    tokenizer = model.tokenizer
    inner = model.model

    def score(features: dict[str, Any]) -> Any:
        return inner(**features).logits[:, 0]

    positions = getattr(inner.config, "max_position_embeddings", tokenizer.model_max_length)
    longest = int(min(model.max_seq_length or positions, positions, tokenizer.model_max_length))
    example = tokenizer(["Who?", "Who?"], ["A text.", "A longer text."], padding=True, return_tensors="pt")
    inputs = _write_graph(inner, score, example, folder)
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    inner.eval()
    pair = tokenizer([PROBE], [PROBE], truncation="only_second", max_length=longest, return_tensors="pt")
    facts = {
        "max_tokens": longest,
        "inputs": inputs,
        "probe": inner(**pair).logits[0, 0].item(),
    }
    (folder / "model.json").write_text(json.dumps(facts), encoding="utf-8")


def _write_graph(owner: Any, function: Callable[[dict[str, Any]], Any], example: Any, folder: Path) -> list[str]:
    """Trace a function of the model's tensors into `model.onnx`; returns the names of its inputs, in order."""
    import torch

    names = [name for name in INPUTS if name in example]

    class Graph(torch.nn.Module):
        """The function as a module that owns the model's weights."""

        def __init__(self) -> None:
            super().__init__()
            self.owner = owner

        def forward(self, *tensors: Any) -> Any:
            return function(dict(zip(names, tensors, strict=True)))

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of every shape that it fixes; the probe tests the graph
        torch.onnx.export(
            Graph().eval(),  # else the exporter would leave the model in training mode, with dropout
            tuple(example[name] for name in names),
            str(folder / "model.onnx"),
            input_names=names,
            output_names=["output"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names} | {"output": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
    return names


if __name__ == "__main__":
    {"encoder": export_encoder, "reranker": export_reranker}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
