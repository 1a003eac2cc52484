"""Preparing a graph for quantization preserves its output, and the int8 form stays close to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from index.models import export

Values = npt.NDArray[np.float32]
WORDS, WIDTH, OUT = 30, 64, 16


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A table of words, two products of one input; one column and one word far larger than the others."""
    random = np.random.default_rng(3)
    table = random.normal(size=(WORDS, WIDTH)).astype(np.float32)
    table[:, 5] *= 40
    table[7] *= 30
    weights = {name: random.normal(size=(WIDTH, OUT)).astype(np.float32) for name in ("one", "other")}
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["states"])]
    nodes += [helper.make_node("MatMul", ["states", name], [f"by_{name}"], name=name) for name in weights]
    nodes.append(helper.make_node("Add", ["by_one", "by_other"], ["output"]))
    graph = helper.make_graph(
        nodes,
        "products",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", "tokens", OUT])],
        [numpy_helper.from_array(value, name) for name, value in {"table": table, **weights}.items()],
    )
    path = tmp_path / "model.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return path


IDS = np.array([[7, 1, 2, 3, 4, 29, 0, 11]])


def output(model: Any) -> Values:
    raw = model if isinstance(model, str) else model.SerializeToString()
    session = onnxruntime.InferenceSession(raw, providers=["CPUExecutionProvider"])
    values: Values = session.run(None, {"input_ids": IDS})[0]
    return values


def least_cosine(values: Values, expected: Values) -> float:
    """Return the least cosine of two corresponding rows."""
    products = (values * expected).sum(-1)
    return float((products / np.linalg.norm(values, axis=-1) / np.linalg.norm(expected, axis=-1)).min())


def test_smoothing_and_row_scaling_do_not_change_products(graph: Path) -> None:
    model = onnx.load(str(graph))
    expected = output(model)
    export._smooth(model.graph, export._largest_columns(graph, export._products(model.graph), [{"input_ids": IDS}]))
    export._level_rows(model.graph)
    onnx.checker.check_model(model)
    assert [node.op_type for node in model.graph.node].count("ReduceMax") == 1  # both products share their input
    assert np.allclose(output(model), expected, rtol=1e-4, atol=1e-3)


def test_embedding_tables_have_one_scale_per_row(graph: Path) -> None:
    model = onnx.load(str(graph))
    expected = output(model)
    export._quantise_tables(model.graph)
    onnx.checker.check_model(model)
    assert "table" not in {tensor.name for tensor in model.graph.initializer}
    assert least_cosine(output(model), expected) > 0.999


def test_int8_is_closer_than_plain_dynamic_quantization(graph: Path, tmp_path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    expected = output(onnx.load(str(graph)))
    plain, ours = tmp_path / "plain.onnx", tmp_path / "ours.onnx"
    quantize_dynamic(str(graph), str(plain), weight_type=QuantType.QInt8, per_channel=True)
    export.quantise(graph, ours, [{"input_ids": IDS}], seven_bits=not export.multiplies_exactly())
    export.optimise(ours)
    assert least_cosine(output(str(ours)), expected) > 0.999 > least_cosine(output(str(plain)), expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.onnx", "ours.onnx", "plain.onnx"]


def test_seven_bits_are_close_too(graph: Path, tmp_path: Path) -> None:
    export.quantise(graph, tmp_path / "seven.onnx", [{"input_ids": IDS}], seven_bits=True)
    assert least_cosine(output(str(tmp_path / "seven.onnx")), output(onnx.load(str(graph)))) > 0.997


@pytest.mark.parametrize(("rows", "names"), [(2, ("token_table_0",)), (5, ())])
def test_a_large_token_embedding_is_looked_up_outside_the_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, names: tuple[str, ...]
) -> None:
    monkeypatch.setattr(export, "LARGE_VOCABULARY", rows)
    table = np.arange(8, dtype=np.float32).reshape(4, 2)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["rows"]), helper.make_node("Neg", ["rows"], ["output"])],
        "lookup",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", "tokens", 2])],
        [numpy_helper.from_array(table, "table")],
    )
    path = tmp_path / "model.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    assert export.extract_token_embedding(path, tmp_path) == names
    ids = np.array([[3, 0, 3]], dtype=np.int64)
    inputs = {name: np.load(tmp_path / f"{name}.npy", allow_pickle=False)[ids] for name in names}
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    taken = {node.name for node in session.get_inputs()}
    (output,) = session.run(
        None, {name: value for name, value in ({"input_ids": ids} | inputs).items() if name in taken}
    )
    assert (output == -table[ids]).all()
