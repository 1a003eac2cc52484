"""Quantise an ONNX graph to int8, and save a graph optimised so that it opens quickly.

Weights are quantised with one scale per column, activations dynamically with one scale per text, which is why texts
run one at a time. Mean cosine between int8 and fp32 for all-MiniLM-L6-v2 on passages of four sets: .953 with one scale
per weight, .9946 with one per column. Most of the remaining error came from single tokens far larger than the others,
which determine the scale: each row is divided by its maximum before a product and multiplied again after it (.9975).
Some columns are larger in every row: part of their size moves to the weight (SmoothQuant, Xiao et al. 2023; .9982).
Embedding tables have one scale per row.

On processors without VNNI, a sum of two 8-bit products overflows its 16 bits. Where a test product shows that, weights
are quantised to 7 bits. The vectors are nearly the same, so that an index built on one machine serves on another.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_SMALLEST = 1e-9
"""Divisor of a row of zeros."""

_INT8 = 127

_SMOOTHING = 0.7
"""Migration strength alpha of SmoothQuant, from 0 to 1; the usual .5 gained nothing in the measurement above."""

Example = Mapping[str, npt.NDArray[np.int64]]
"""A text as inputs of a graph, by name: arrays of shape (1, tokens)."""


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


LARGE_VOCABULARY = 50_000
"""Rows of a token embedding that is kept out of the graph: loading 96 MB of it took half of a first question's time."""


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
