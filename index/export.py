"""A sentence-transformers model to an ONNX graph: the only place where torch is imported, in a process of its own.

Run as `python -m index.export MODEL FOLDER`: writes `model.onnx` (transformer, pooling, normalisation), the tokenizer
and `model.json` into FOLDER. A process of its own because torch and faiss bring two OpenMP runtimes, and because
importing sentence-transformers takes ten times as long as anything else that asking a question needs.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def export(model_name: str, folder: Path) -> None:
    """Write graph, tokenizer and facts of the model into the folder.

    Raises what sentence-transformers or torch raise for a model they cannot load or trace.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(model_name, device="cpu", trust_remote_code=False)
    model.eval()
    tokenizer = model.tokenizer
    example = tokenizer(["One sentence.", "Another, longer sentence."], padding=True, return_tensors="pt")
    names = [name for name in INPUTS if name in example]

    class Embedding(torch.nn.Module):
        """The model as a function of its tensors to unit vectors."""

        def __init__(self, inner: Any) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, *tensors: Any) -> Any:
            vectors = self.inner(dict(zip(names, tensors, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(vectors, dim=-1)

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of every shape that it fixes; the check in encoder.py tests
        torch.onnx.export(
            Embedding(model),
            tuple(example[name] for name in names),
            str(folder / "model.onnx"),
            input_names=names,
            output_names=["vectors"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names} | {"vectors": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    prompts = dict(model.prompts or {})
    probe = model.encode([PROBE], normalize_embeddings=True, show_progress_bar=False)[0]
    facts = {
        "dimension": len(probe),
        "max_tokens": int(model.max_seq_length or tokenizer.model_max_length),
        "special_tokens": int(tokenizer.num_special_tokens_to_add()),
        "inputs": names,
        "query_prompt": prompts.get("query", ""),
        "document_prompt": prompts.get("document") or prompts.get("passage", ""),
        "probe": [float(x) for x in probe],
    }
    (folder / "model.json").write_text(json.dumps(facts), encoding="utf-8")


PROBE = "Counter-terrorism measures in fiscal year 2016."
"""A sentence whose vector by sentence-transformers is kept, so that the exported graph can be held against it."""


if __name__ == "__main__":
    export(sys.argv[1], Path(sys.argv[2]))
