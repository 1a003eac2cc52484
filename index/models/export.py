"""Export a sentence-transformers model to an ONNX graph, in a separate process.

Run as `python -m index.models.export KIND MODEL FOLDER PRECISION`: writes `model.onnx`, `tokenizer.json` and
`model.json` into FOLDER, and for a large vocabulary files that are mapped into memory: the token embedding and the
pieces of the tokenizer. The graph of an `encoder` holds transformer, pooling and normalisation; that of a `reranker`
(a cross-encoder) returns its logit. If an encoder cannot be exported, or its graph returns other vectors than the
model, only `model.json` is written, with the fallback and its reason.

A separate process, because torch and faiss load two OpenMP runtimes, and because importing sentence-transformers takes
ten times as long as everything else that a question needs.

In int8, weights are quantised with one scale per column, activations dynamically with one scale per text, which is why
texts run one at a time. Mean cosine between int8 and fp32 for all-MiniLM-L6-v2 on passages of four sets: .953 with one
scale per weight, .9946 with one per column. Most of the remaining error came from single tokens far larger than the
others, which determine the scale: each row is divided by its maximum before a product and multiplied again after it
(.9975). Some columns are larger in every row: part of their size moves to the weight (SmoothQuant, Xiao et al. 2023;
.9982). Embedding tables have one scale per row.

On processors without VNNI, a sum of two 8-bit products overflows its 16 bits. Where a test product shows that, weights
are quantised to 7 bits. The vectors are nearly the same, so that an index built on one machine serves on another.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.models import unigram
from index.models.e5_small import sentence_transformers_folder
from index.models.encoder import OnnxEncoder
from index.models.model_store import FACTS, GRAPH, PROBE, TOKENIZER, ExportedModel, ModelFacts, Precision, write_facts
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

_SMALLEST = 1e-9
"""Divisor of a row of zeros."""

_INT8 = 127

_SMOOTHING = 0.7
"""Migration strength alpha of SmoothQuant, from 0 to 1; the usual .5 gained nothing in the measurement above."""

Example = Mapping[str, npt.NDArray[np.int64]]
"""A text as inputs of a graph, by name: arrays of shape (1, tokens)."""

LARGE_VOCABULARY = 50_000
"""Rows of a token embedding that is kept out of the graph: loading 96 MB of it took half of a first question's time."""


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


def quantise(
    source: Path, target: Path, examples: Sequence[Example], *, seven_bits: bool, tables: Sequence[str] = ()
) -> tuple[str, ...]:
    """Write the int8 form of a graph, and of the token embedding outside of it.

    Args:
        source: The graph in fp32.
        target: Where the int8 form is written.
        examples: Inputs on which the size of the activations is measured.
        seven_bits: Quantise weights to 7 bits (see the module's docstring).
        tables: Inputs that hold rows of the token embedding (`extract_token_embedding`), each from a file `NAME.npy`
            beside the target.

    Returns:
        The inputs that replace `tables`, each with such a file.

    Raises:
        Exception: Whatever onnx and onnxruntime raise for a graph that they cannot process.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(str(source))
    _smooth(model.graph, _largest_columns(source, _products(model.graph), examples))
    _level_rows(model.graph)
    _quantise_tables(model.graph)
    rows = [name for table in tables for name in _quantise_token_rows(model.graph, table, target.parent)]
    prepared = target.with_suffix(".prepared")
    onnx.save(model, str(prepared))
    logging.disable(logging.WARNING)  # it recommends optimising first; we optimise afterwards
    try:
        quantize_dynamic(
            str(prepared),
            str(target),
            op_types_to_quantize=["MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=seven_bits,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    finally:
        logging.disable(logging.NOTSET)
        prepared.unlink()
    return tuple(rows)


def optimise(path: Path) -> None:
    """Replace a graph by its optimised form, which opens in .09 s instead of .2 s.

    Level "extended" leaves out optimisations that depend on the processor.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    optimised = path.with_suffix(".optimised")
    options.optimized_model_filepath = str(optimised)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    optimised.replace(path)


def multiplies_exactly() -> bool:
    """Return whether this machine multiplies 8-bit integers without overflow."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    weight = np.full((64, 64), _INT8, dtype=np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["a", "b"], ["c"])],
        "product",
        [helper.make_tensor_value_info("a", TensorProto.UINT8, [64, 64])],
        [helper.make_tensor_value_info("c", TensorProto.INT32, [64, 64])],
        [numpy_helper.from_array(weight, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (product,) = session.run(None, {"a": np.full((64, 64), 255, dtype=np.uint8)})
    return bool((product == 64 * 255 * _INT8).all())


def _products(graph: Any) -> list[Any]:
    """Return the products with a constant matrix."""
    weights = {tensor.name for tensor in graph.initializer if len(tensor.dims) == 2}
    return [node for node in graph.node if node.op_type == "MatMul" and node.input[1] in weights]


def _largest_columns(source: Path, products: Sequence[Any], examples: Sequence[Example]) -> dict[str, Any]:
    """Return, by input of a product, the maximum of each column over the examples, relative to its row's maximum."""
    import onnx
    import onnxruntime

    names = list(dict.fromkeys(node.input[0] for node in products))
    model = onnx.load(str(source))
    model.graph.output.extend(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    watched = source.with_suffix(".watched")
    onnx.save(model, str(watched))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(watched), options, providers=["CPUExecutionProvider"])
    largest: dict[str, Any] = dict.fromkeys(names, _SMALLEST)
    for example in examples:
        for name, values in zip(names, session.run(names, dict(example)), strict=True):
            rows = np.abs(values).reshape(-1, values.shape[-1])
            shares = rows / np.maximum(rows.max(axis=1, keepdims=True), _SMALLEST)
            largest[name] = np.maximum(largest[name], shares.max(axis=0))
    watched.unlink()
    return largest


def _smooth(graph: Any, largest: Mapping[str, Any]) -> None:
    """Divide large columns before each product and multiply the matching rows of its weight (SmoothQuant)."""
    from onnx import helper, numpy_helper

    weights = {tensor.name: tensor for tensor in graph.initializer}
    by_input: dict[str, list[Any]] = {}
    for node in _products(graph):
        by_input.setdefault(node.input[0], []).append(node)
    first = {products[0].output[0]: name for name, products in by_input.items()}
    nodes: list[Any] = []
    for node in graph.node:
        name = first.get(node.output[0])
        if name is not None:
            matrices = [numpy_helper.to_array(weights[product.input[1]]) for product in by_input[name]]
            row_maxima = np.maximum.reduce([np.abs(matrix).max(axis=1) for matrix in matrices])
            factor = np.maximum(largest[name], 1e-5) ** _SMOOTHING / np.maximum(row_maxima, 1e-5) ** (1 - _SMOOTHING)
            factor = np.clip(factor / np.exp(np.log(factor).mean()), 0.01, 100).astype(np.float32)
            graph.initializer.append(numpy_helper.from_array(1 / factor, f"{name}_smoothing"))
            nodes.append(helper.make_node("Mul", [name, f"{name}_smoothing"], [f"{name}_smooth"]))
            for product, matrix in zip(by_input[name], matrices, strict=True):
                scaled = f"{product.output[0]}_weight"
                graph.initializer.append(numpy_helper.from_array(matrix * factor[:, None], scaled))
                product.input[0], product.input[1] = f"{name}_smooth", scaled
        nodes.append(node)
    used = {name for node in nodes for name in node.input}
    for tensor in [tensor for tensor in graph.initializer if tensor.name not in used]:
        graph.initializer.remove(tensor)
    _replace_nodes(graph, nodes)


def _replace_nodes(graph: Any, nodes: Sequence[Any]) -> None:
    copies = [type(node).FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)


def _level_rows(graph: Any) -> None:
    """Divide every row by its maximum before each product with a weight, and multiply by it afterwards."""
    from onnx import helper, numpy_helper

    products = {node.output[0] for node in _products(graph)}
    graph.initializer.append(numpy_helper.from_array(np.array(_SMALLEST, dtype=np.float32), "row_smallest"))
    nodes: list[Any] = []
    divided: set[str] = set()
    for node in graph.node:
        if node.output[0] not in products:
            nodes.append(node)
            continue
        rows, product = node.input[0], node.output[0]
        if rows not in divided:
            divided.add(rows)
            nodes += [
                helper.make_node("Abs", [rows], [f"{rows}_size"]),
                helper.make_node("ReduceMax", [f"{rows}_size"], [f"{rows}_largest"], axes=[-1], keepdims=1),
                helper.make_node("Max", [f"{rows}_largest", "row_smallest"], [f"{rows}_divisor"]),
                helper.make_node("Div", [rows, f"{rows}_divisor"], [f"{rows}_level"]),
            ]
        nodes.append(helper.make_node("MatMul", [f"{rows}_level", node.input[1]], [f"{product}_level"], name=node.name))
        nodes.append(helper.make_node("Mul", [f"{product}_level", f"{rows}_divisor"], [product]))
    _replace_nodes(graph, nodes)


def _quantise_tables(graph: Any) -> None:
    """Quantise embedding tables (words, positions) to int8 with one scale per row."""
    from onnx import TensorProto, helper, numpy_helper

    tables = {
        tensor.name: tensor
        for tensor in graph.initializer
        if len(tensor.dims) == 2 and tensor.data_type == TensorProto.FLOAT
    }
    looked_up = [node for node in graph.node if node.op_type == "Gather" and node.input[0] in tables]
    only = {name for name in tables if all(node in looked_up for node in graph.node if name in node.input)}
    nodes: list[Any] = []
    for node in graph.node:
        if node not in looked_up or node.input[0] not in only or any(attribute.i for attribute in node.attribute):
            nodes.append(node)
            continue
        name, rows, output = node.input[0], node.input[1], node.output[0]
        if name in tables:
            table = tables.pop(name)
            values, scales = _by_row(numpy_helper.to_array(table))
            graph.initializer.remove(table)
            graph.initializer.extend(
                [numpy_helper.from_array(values, f"{name}_int8"), numpy_helper.from_array(scales, f"{name}_scale")]
            )
        nodes += [
            helper.make_node("Gather", [f"{name}_int8", rows], [f"{output}_int8"]),
            helper.make_node("Cast", [f"{output}_int8"], [f"{output}_whole"], to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{name}_scale", rows], [f"{output}_scale"]),
            helper.make_node("Mul", [f"{output}_whole", f"{output}_scale"], [output]),
        ]
    _replace_nodes(graph, nodes)


def _by_row(table: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True) / _INT8, _SMALLEST).astype(np.float32)
    return np.rint(table / scales).astype(np.int8), scales


def _quantise_token_rows(graph: Any, name: str, folder: Path) -> tuple[str, str]:
    """Quantise a table outside the graph like those in it; return the inputs that replace it: rows and scales."""
    from onnx import TensorProto, helper

    table = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    inputs = (f"{name}_int8", f"{name}_scale")
    rows, scales = _by_row(table)
    np.save(folder / f"{inputs[0]}.npy", rows)
    np.save(folder / f"{inputs[1]}.npy", scales)
    (old,) = [value for value in graph.input if value.name == name]
    graph.input.remove(old)
    for file, kind, width in zip(inputs, (TensorProto.INT8, TensorProto.FLOAT), (*table.shape[1:], 1), strict=True):
        graph.input.append(helper.make_tensor_value_info(file, kind, ["batch", "tokens", width]))
    nodes = [
        helper.make_node("Cast", [inputs[0]], [f"{name}_whole"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}_whole", inputs[1]], [name]),
    ]
    _replace_nodes(graph, [*nodes, *graph.node])
    return inputs


def extract_token_embedding(graph_file: Path, folder: Path) -> tuple[str, ...]:
    """Move a large token embedding out of a graph into `.npy` files, of which a question reads only its own rows.

    The lookup by `input_ids` is replaced by a further input of the graph, the rows looked up.

    Args:
        graph_file: An encoder's graph; rewritten.
        folder: Where the tables are written.

    Returns:
        The names of the new inputs, which are those of the files without `.npy`; empty for a small vocabulary.
    """
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(str(graph_file))
    graph = model.graph
    lookups = [node for node in graph.node if node.op_type == "Gather" and node.input[1] == "input_ids"]
    tables = {initializer.name: initializer for initializer in graph.initializer}
    lookups = [
        node for node in lookups if node.input[0] in tables and tables[node.input[0]].dims[0] >= LARGE_VOCABULARY
    ]
    names = []
    for number, node in enumerate(lookups):
        table, rows = tables[node.input[0]], node.output[0]
        name = f"token_table_{number}"
        np.save(folder / f"{name}.npy", numpy_helper.to_array(table))
        graph.input.append(helper.make_tensor_value_info(name, table.data_type, ["batch", "tokens", *table.dims[1:]]))
        graph.node.remove(node)
        graph.initializer.remove(table)
        for user in graph.node:
            for place, value in enumerate(user.input):
                if value == rows:
                    user.input[place] = name
        names.append(name)
    if names:
        onnx.save(model, str(graph_file))
    return tuple(names)


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
