"""Compare ways to run the default model's graph on one core with the core's limit for matrix products.

    python -m tests.benchmarks.kernels [--texts 200] [--rounds 3]

Runs texts of the shared data one at a time on one thread, in turn: our int8 and fp32 graphs, onnxruntime's plain
dynamic int8, and, where `onnx-ir` and `openvino` are installed beside the program, onnxruntime's 4-bit weights
(`MatMulNBits`) and OpenVINO. Prints tokens per second of processor time, the share of the limit, and the mean cosine
with the vectors of fp32. The limit is what onnxruntime reaches in the same run for products alone, in the shapes of the
model, with the number of tokens of the average text and of many.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper
from rich.console import Console
from rich.table import Table

from index.models.encoder import OnnxEncoder
from index.models.model_store import GRAPH, Precision, ensure_encoder, open_session
from index.models.packaged_models import MULTILINGUAL_MODEL
from tests.benchmarks.encoding import texts_of
from tests.paths import DATA

PRECISIONS: tuple[Precision, ...] = ("int8", "fp32")

Run = Callable[[dict[str, npt.NDArray[Any]]], npt.NDArray[Any]]
"""Computes a vector from the inputs of a graph."""

REPEATED = 20

MANY_ROWS = 1024
"""Tokens at once for which a product reaches most of a core's speed."""


def product_limit(rows: int, integers: bool, shapes: Sequence[tuple[int, int]]) -> float:
    """Return the operations per second of onnxruntime on one core for products of `rows` with matrices of `shapes`."""
    chance = np.random.default_rng(1)
    rates: list[tuple[float, float]] = []
    for inner, outer in shapes:
        weight = chance.integers(-127, 127, (inner, outer)).astype(np.int8 if integers else np.float32)
        values = chance.integers(0, 255, (rows, inner)).astype(np.uint8 if integers else np.float32)
        session = _product(weight, integers)
        session.run(None, {"a": values})
        begun = time.process_time()
        for _ in range(REPEATED):
            session.run(None, {"a": values})
        rates.append((2.0 * rows * inner * outer * REPEATED, time.process_time() - begun))
    return sum(operations for operations, _ in rates) / sum(seconds for _, seconds in rates)


def _product(weight: npt.NDArray[Any], integers: bool) -> Any:
    kinds = (TensorProto.UINT8, TensorProto.INT32) if integers else (TensorProto.FLOAT, TensorProto.FLOAT)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger" if integers else "MatMul", ["a", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("a", kinds[0], ["rows", weight.shape[0]])],
        [helper.make_tensor_value_info("y", kinds[1], ["rows", weight.shape[1]])],
        [onnx.numpy_helper.from_array(weight, "w")],
    )
    with tempfile.TemporaryDirectory() as folder:
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
        onnx.save(model, str(Path(folder) / GRAPH))
        return open_session(Path(folder))


def weight_shapes(graph: Path) -> list[tuple[int, int]]:
    """Return the shapes of the weights that tokens are multiplied with."""
    model = onnx.load(str(graph))
    shapes = {item.name: tuple(item.dims) for item in model.graph.initializer}
    found = [shapes[node.input[1]] for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in shapes]
    return [(inner, outer) for inner, outer in found]


def runners(folders: dict[str, Path], scratch: Path) -> dict[str, Run]:
    """Return what computes a vector, by name; each on one thread."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    sessions = {f"ours, {name}": open_session(folder, optimised=True) for name, folder in folders.items()}
    whole = folders["fp32"] / GRAPH
    plain, four = scratch / "plain", scratch / "four"
    for folder in (plain, four):
        folder.mkdir()
    quantize_dynamic(
        str(whole),
        str(plain / GRAPH),
        op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )
    sessions["onnxruntime, plain dynamic int8"] = open_session(plain)
    if importlib.util.find_spec("onnx_ir"):
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        quantiser = MatMulNBitsQuantizer(onnx.load(str(whole)), block_size=32, is_symmetric=True, accuracy_level=4)
        quantiser.process()
        quantiser.model.save_model_to_file(str(four / GRAPH))
        sessions["onnxruntime, MatMulNBits (4 bits, products in int8)"] = open_session(four)

    def of_session(session: Any) -> Run:
        return lambda inputs: session.run(["output"], inputs)[0][0]

    found = {name: of_session(session) for name, session in sessions.items()}
    if not importlib.util.find_spec("openvino"):
        return found
    import openvino

    compiled = openvino.Core().compile_model(str(whole), "CPU", {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1})
    return found | {"OpenVINO, fp32": lambda inputs: compiled(inputs)["output"][0]}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.kernels", description="Compare kernels.")
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    texts = texts_of(options.texts)
    if not texts:
        print(f"skipped: no datasets in {DATA} (set YEARBOOK_QA_DATA to the folder that holds datasets/)")
        return 0
    models = {name: ensure_encoder(MULTILINGUAL_MODEL, name) for name in PRECISIONS}
    inputs = {name: OnnxEncoder(model, 1).inputs_of(texts) for name, model in models.items()}
    tokens = sum(item["input_ids"].shape[1] for item in inputs["fp32"])
    shapes = weight_shapes(models["fp32"].folder / GRAPH)
    per_token = sum(2.0 * inner * outer for inner, outer in shapes)
    average = round(tokens / len(texts))
    limits = {
        kind: {rows: product_limit(rows, kind == "int8", shapes) for rows in (average, MANY_ROWS)}
        for kind in PRECISIONS
    }
    for kind, by_rows in limits.items():
        rates = ", ".join(f"{rate / 1e9:.0f} of {rows} tokens" for rows, rate in by_rows.items())
        print(f"limit of one core, {kind}: {rates}, in 10^9 operations per second")
    print(f"the model's products take {per_token / 1e6:.1f} million operations per token, without attention")
    with tempfile.TemporaryDirectory() as folder:
        run = runners({name: model.folder for name, model in models.items()}, Path(folder))
        seconds: dict[str, list[float]] = {name: [] for name in run}
        vectors: dict[str, npt.NDArray[Any]] = {}
        for _ in range(options.rounds):
            for name, compute in run.items():
                of_graph = inputs["int8" if name == "ours, int8" else "fp32"]
                begun = time.process_time()
                computed = np.stack([compute(item) for item in of_graph])
                seconds[name].append(time.process_time() - begun)
                vectors[name] = computed / np.linalg.norm(computed, axis=1, keepdims=True)
    table = Table("graph", "tokens per second", "to ours, fp32", "of the limit", "cosine", box=None, pad_edge=False)
    whole = statistics.median(seconds["ours, fp32"])
    for name, some in seconds.items():
        rate = tokens / statistics.median(some)
        limit = limits["fp32" if "fp32" in name else "int8"][average]
        cosine = float(np.mean(np.sum(vectors[name] * vectors["ours, fp32"], axis=1)))
        share = f"{rate * per_token / limit:.2f}"
        table.add_row(name, f"{rate:,.0f}", f"{whole / statistics.median(some):.2f}", share, f"{cosine:.4f}")
    Console(width=None if sys.stdout.isatty() else 130).print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
