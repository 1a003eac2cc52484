"""An ONNX graph to its int8 form, and a graph to one that opens quickly: files to files, in the export's process.

Weights become int8 with one scale a column, activations as they come with one scale a text, which is why texts are run
one at a time. Mean cosine to fp32 of the default model, measured on passages of four sets: .953 with one scale for a
whole weight, .9946 with one a column. Of what is left most came from single tokens that are far larger than the others
and take the scale for themselves: every row is brought to one size before a product, and back after it (.9975). Then
there are columns that are larger in every row: they hand some of their size to the weight (SmoothQuant, Xiao et al.
2023; .9982). The table of words has a scale a word.

Two products of 8 bits overflow the 16 bits that processors without VNNI add them in. Whether this one does so is found
out by multiplying; where it does, weights keep to 7 bits. Vectors of both are near each other, so that an index made on
one machine is asked on another.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_SMALLEST = 1e-9
"""Instead of 0, for a row of zeros."""

_INT8 = 127

_HANDED = 0.7
"""How much of a column's size goes to the weight: 0 none, 1 all. At .5 nothing was gained."""

Example = Mapping[str, npt.NDArray[np.int64]]
"""What a graph is given of a text, by the names of its inputs."""


def quantise(source: Path, target: Path, examples: Sequence[Example], *, seven_bits: bool) -> None:
    """Write the int8 form of the graph `source`; the examples show how large its columns come to be.

    Raises what onnx and onnxruntime raise for a graph beyond them.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(str(source))
    _smooth(model.graph, _largest_columns(source, _products(model.graph), examples))
    _level_rows(model.graph)
    _quantise_tables(model.graph)
    prepared = target.with_suffix(".prepared")
    onnx.save(model, str(prepared))
    logging.disable(logging.WARNING)  # it advises to optimise first, which is done after
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


def optimise(path: Path) -> None:
    """Replace the graph by its optimised form, so that opening it need not do so (.09 s for .2 s).

    Without what is bound to one kind of processor: the level below leaves that out.
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
    """Whether this machine multiplies whole numbers of 8 bits without overflow."""
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
    """The products with a weight."""
    weights = {one.name for one in graph.initializer if len(one.dims) == 2}
    return [node for node in graph.node if node.op_type == "MatMul" and node.input[1] in weights]


def _largest_columns(source: Path, products: Sequence[Any], examples: Sequence[Example]) -> dict[str, Any]:
    """Of what each product multiplies: the largest that each column is, as a share of its row's largest."""
    import onnx
    import onnxruntime

    names = list(dict.fromkeys(node.input[0] for node in products))
    model = onnx.load(str(source))
    model.graph.output.extend(onnx.helper.make_tensor_value_info(one, onnx.TensorProto.FLOAT, None) for one in names)
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
    """Divide the large columns before each product, and multiply the rows of its weight that they meet."""
    from onnx import helper, numpy_helper

    weights = {one.name: one for one in graph.initializer}
    by_input: dict[str, list[Any]] = {}
    for node in _products(graph):
        by_input.setdefault(node.input[0], []).append(node)
    first = {some[0].output[0]: name for name, some in by_input.items()}
    nodes: list[Any] = []
    for node in graph.node:
        name = first.get(node.output[0])
        if name is not None:
            some = [numpy_helper.to_array(weights[one.input[1]]) for one in by_input[name]]
            met = np.maximum.reduce([np.abs(one).max(axis=1) for one in some])
            factor = np.maximum(largest[name], 1e-5) ** _HANDED / np.maximum(met, 1e-5) ** (1 - _HANDED)
            factor = np.clip(factor / np.exp(np.log(factor).mean()), 0.01, 100).astype(np.float32)
            graph.initializer.append(numpy_helper.from_array(1 / factor, f"{name}_smoothing"))
            nodes.append(helper.make_node("Mul", [name, f"{name}_smoothing"], [f"{name}_smooth"]))
            for one, weight in zip(by_input[name], some, strict=True):
                grown = f"{one.output[0]}_weight"
                graph.initializer.append(numpy_helper.from_array(weight * factor[:, None], grown))
                one.input[0], one.input[1] = f"{name}_smooth", grown
        nodes.append(node)
    used = {name for node in nodes for name in node.input}
    for unused in [one for one in graph.initializer if one.name not in used]:
        graph.initializer.remove(unused)
    _replace_nodes(graph, nodes)


def _replace_nodes(graph: Any, nodes: Sequence[Any]) -> None:
    copies = [type(node).FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)


def _level_rows(graph: Any) -> None:
    """Around each product with a weight: every row divided by its largest value, and multiplied again."""
    from onnx import helper, numpy_helper

    products = {node.output[0] for node in _products(graph)}
    graph.initializer.append(numpy_helper.from_array(np.array(_SMALLEST, dtype=np.float32), "row_smallest"))
    nodes: list[Any] = []
    levelled: set[str] = set()
    for node in graph.node:
        if node.output[0] not in products:
            nodes.append(node)
            continue
        rows, product = node.input[0], node.output[0]
        if rows not in levelled:
            levelled.add(rows)
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
    """Tables that rows are looked up in (words, positions): int8 with a scale a row."""
    from onnx import TensorProto, helper, numpy_helper

    tables = {one.name: one for one in graph.initializer if len(one.dims) == 2 and one.data_type == TensorProto.FLOAT}
    looked_up = [node for node in graph.node if node.op_type == "Gather" and node.input[0] in tables]
    only = {name for name in tables if all(node in looked_up for node in graph.node if name in node.input)}
    nodes: list[Any] = []
    for node in graph.node:
        if node not in looked_up or node.input[0] not in only or any(one.i for one in node.attribute):
            nodes.append(node)
            continue
        name, places, found = node.input[0], node.input[1], node.output[0]
        if name in tables:
            table = tables.pop(name)
            values, scales = _by_row(numpy_helper.to_array(table))
            graph.initializer.remove(table)
            graph.initializer.extend(
                [numpy_helper.from_array(values, f"{name}_int8"), numpy_helper.from_array(scales, f"{name}_scale")]
            )
        nodes += [
            helper.make_node("Gather", [f"{name}_int8", places], [f"{found}_int8"]),
            helper.make_node("Cast", [f"{found}_int8"], [f"{found}_whole"], to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{name}_scale", places], [f"{found}_scale"]),
            helper.make_node("Mul", [f"{found}_whole", f"{found}_scale"], [found]),
        ]
    _replace_nodes(graph, nodes)


def _by_row(table: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True) / _INT8, _SMALLEST).astype(np.float32)
    return np.rint(table / scales).astype(np.int8), scales
