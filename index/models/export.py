"""Export a sentence-transformers model to an ONNX graph, in a separate process.

Run as `python -m index.models.export KIND MODEL FOLDER PRECISION`: writes `model.onnx`, `tokenizer.json` and
`model.json` into FOLDER, and for a large vocabulary files that are mapped into memory: the token embedding and the
pieces of the tokenizer. The graph of an `encoder` holds transformer, pooling and normalisation; that of a `reranker`
(a cross-encoder) returns its logit. If an encoder cannot be exported, or its graph returns other vectors than the
model, only `model.json` is written, with the fallback and its reason.

A separate process, because torch and faiss load two OpenMP runtimes, and because importing sentence-transformers takes
ten times as long as everything else that a question needs.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.models import unigram
from index.models.e5_small import sentence_transformers_folder
from index.models.encoder import OnnxEncoder
from index.models.model_store import FACTS, GRAPH, PROBE, TOKENIZER, ExportedModel, ModelFacts, Precision, write_facts
from index.models.quantization import extract_token_embedding, multiplies_exactly, optimise, quantise
from index.models.sentence_transformers_process import token_count
from index.models.similarity_scale import pairs

OPSET = 17
MAX_TOKENS = 8192
"""Longest input for models that state none."""

INPUTS = ("input_ids", "attention_mask", "token_type_ids")

CALIBRATION_PAIRS = 16
"""Pairs with whose texts `quantise` measures activations. A change alters the vectors: increment INT8_VERSION."""

MIN_COSINE: dict[Precision, float] = {"fp32": 0.999, "int8": 0.98}
"""Minimum accepted cosine between the vectors of the graph and of sentence-transformers on the probe.

In fp32 only the order of additions differs. In int8 the default model reaches .9962 on the probe and at least .994 on
60 passages, without a loss in the ranking; quantization with one scale per weight, known to lose, reaches .953.
"""


class _UnfaithfulGraphError(Exception):
    """The graph returns other vectors than the model."""


def export_encoder(model_name: str, folder: Path, precision: Precision) -> None:
    """Export a sentence-transformers model, or record that it cannot be exported.

    Args:
        model_name: Name or path.
        folder: Where graph, tokenizer and facts are written.
        precision: Precision of the graph; fp32 is kept if int8 changes the vectors too much.

    Raises:
        Exception: Whatever sentence-transformers raises for a model that it cannot load.
    """
    from sentence_transformers import SentenceTransformer

    with sentence_transformers_folder(model_name) as source:
        model = SentenceTransformer(source, device="cpu", trust_remote_code=False)
    model.eval()
    query, document = model.encode_query(PROBE), model.encode_document(PROBE)
    prompts = dict(model.prompts or {})
    names = [name for name in ("document", "passage", "corpus") if name in prompts]
    tokenizer = model.tokenizer
    longest: Any = model.max_seq_length or getattr(tokenizer, "model_max_length", MAX_TOKENS)
    facts = ModelFacts(
        runs="fp32",
        dimension=len(document),
        max_tokens=int(min(longest, MAX_TOKENS)),
        special_tokens=token_count(tokenizer, PROBE, special=True) - token_count(tokenizer, PROBE, special=False),
        query_prompt=prompts.get("query") or "",
        document_prompt=(prompts[names[0]] or "") if names else "",
        query_probe=tuple(_unit(query)),
        document_probe=tuple(_unit(document)),
    )
    parts: list[Any] = list(model.modules())
    for part in parts:
        if hasattr(part, "set_attn_implementation"):
            part.set_attn_implementation("eager")  # the others spend 11 % on padding, of which there is none
    try:
        facts = _encoder_graph(model, folder, facts)
    except Exception as error:  # noqa: BLE001 - tracing runs the code of any model; the message names the failure
        facts = replace(facts, runs="sentence-transformers", reason=_one_line(error))
        for file in (folder / GRAPH, *folder.glob("*.npy")):
            file.unlink(missing_ok=True)
    if facts.runs == "fp32" and precision == "int8":
        facts = _quantised_graph(folder, facts)
    if facts.runs != "sentence-transformers":
        optimise(folder / GRAPH)
        unigram.write(folder / TOKENIZER, folder)
    write_facts(folder, facts)


def _encoder_graph(model: Any, folder: Path, facts: ModelFacts) -> ModelFacts:
    """Write the graph, compare it with the model, and return the facts with the names of its inputs.

    A large token embedding leaves the graph at once: the steps that follow read and write the graph several times.
    """
    import torch

    def embed(features: dict[str, Any]) -> Any:
        return torch.nn.functional.normalize(model(features)["sentence_embedding"], dim=-1)

    tokenizer = model.tokenizer
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    example = tokenizer(["One sentence.", "Another, longer sentence."], padding=True, return_tensors="pt")
    inputs = tuple(_write_graph(model, embed, example, folder / GRAPH))
    facts = replace(facts, inputs=inputs, tables=extract_token_embedding(folder / GRAPH, folder))
    _check_graph(folder, facts)
    return facts


def _quantised_graph(folder: Path, facts: ModelFacts) -> ModelFacts:
    """Replace the graph by its int8 form if that returns nearly the model's vectors; return the facts of what runs."""
    whole = (folder / GRAPH).replace(folder / "whole.onnx")
    try:
        encoder = OnnxEncoder(ExportedModel("", "", folder, facts))
        texts = [text for pair in pairs()[:CALIBRATION_PAIRS] for text in (pair.question, pair.answer)]
        texts += [" ".join(texts[first : first + 8]) for first in range(0, len(texts), 8)]  # as long as passages
        examples = encoder.inputs_of(texts)
        tables = quantise(whole, folder / GRAPH, examples, seven_bits=not multiplies_exactly(), tables=facts.tables)
        quantised = replace(facts, runs="int8", tables=tables)
        _check_graph(folder, quantised)
    except Exception as error:  # noqa: BLE001 - as above; fp32 then runs
        whole.replace(folder / GRAPH)
        return replace(facts, reason=_one_line(error))
    for file in (whole, *(folder / f"{name}.npy" for name in facts.tables)):
        file.unlink()
    return quantised


def _check_graph(folder: Path, facts: ModelFacts) -> None:
    encoder = OnnxEncoder(ExportedModel("", "", folder, facts))
    minimum, cosine = MIN_COSINE[encoder.precision], encoder.probe_cosine()
    if not cosine >= minimum:
        raise _UnfaithfulGraphError(
            f"its exported graph returns other vectors than the model (cosine {cosine:.4f}, minimum {minimum})"
        )


def export_reranker(model_name: str, folder: Path, _precision: Precision) -> None:
    """Export a cross-encoder with one output.

    Args:
        model_name: Name or path.
        folder: Where graph, tokenizer and facts are written.

    Raises:
        ValueError: The model has several outputs.
        Exception: Whatever sentence-transformers or torch raise.
    """
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(model_name, device="cpu", trust_remote_code=False)
    if model.num_labels != 1:
        raise ValueError(f"{model_name} has {model.num_labels} outputs, a reranker needs exactly one")
    model.eval()
    tokenizer = model.tokenizer
    inner = model.model

    def score(features: dict[str, Any]) -> Any:
        return inner(**features).logits[:, 0]

    positions = getattr(inner.config, "max_position_embeddings", tokenizer.model_max_length)
    longest = int(min(model.max_seq_length or positions, positions, tokenizer.model_max_length))
    example = tokenizer(["Who?", "Who?"], ["A text.", "A longer text."], padding=True, return_tensors="pt")
    inputs = _write_graph(inner, score, example, folder / GRAPH)
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    inner.eval()
    pair = tokenizer([PROBE], [PROBE], truncation="only_second", max_length=longest, return_tensors="pt")
    facts = {"max_tokens": longest, "inputs": inputs, "probe": inner(**pair).logits[0, 0].item()}
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")


def _write_graph(owner: Any, function: Callable[[dict[str, Any]], Any], example: Any, path: Path) -> list[str]:
    """Trace a function of the model's tensors into a file and return the names of its inputs, in order."""
    import torch

    names = [name for name in INPUTS if name in example]

    class Graph(torch.nn.Module):
        """Wraps the function as a module that owns the model's weights."""

        def __init__(self) -> None:
            super().__init__()
            self.owner = owner

        def forward(self, *tensors: Any) -> Any:
            return function(dict(zip(names, tensors, strict=True)))

    by_token = {0: "batch", 1: "tokens"}
    axes = dict.fromkeys(names, by_token) | {"output": {0: "batch"}}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of every constant shape; the probe verifies the graph
        torch.onnx.export(
            Graph().eval(),  # otherwise the exporter leaves the model in training mode, with dropout
            tuple(example[name] for name in names),
            str(path),
            input_names=names,
            output_names=["output"],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    return names


def _unit(vector: Any) -> list[float]:
    length = float((vector * vector).sum()) ** 0.5
    return [float(x) / max(length, 1e-12) for x in vector]


def _one_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:200] if lines else type(error).__name__


if __name__ == "__main__":
    kind, model, folder, precision = sys.argv[1:]
    {"encoder": export_encoder, "reranker": export_reranker}[kind](
        model, Path(folder), "int8" if precision == "int8" else "fp32"
    )
