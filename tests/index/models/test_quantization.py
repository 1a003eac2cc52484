"""What is done to a graph before its numbers become whole ones changes nothing; what comes out is near."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from index.models import quantization

Values = npt.NDArray[np.float32]
WORDS, WIDTH, OUT = 30, 64, 16


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A table of words, two products of one input; one column and one word far larger than the others."""
    chance = np.random.default_rng(3)
    table = chance.normal(size=(WORDS, WIDTH)).astype(np.float32)
    table[:, 5] *= 40
    table[7] *= 30
    weights = {name: chance.normal(size=(WIDTH, OUT)).astype(np.float32) for name in ("one", "other")}
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["states"])]
    nodes += [helper.make_node("MatMul", ["states", name], [f"by_{name}"], name=name) for name in weights]
    nodes.append(helper.make_node("Add", ["by_one", "by_other"], ["output"]))
    made = helper.make_graph(
        nodes,
        "products",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", "tokens", OUT])],
        [numpy_helper.from_array(value, name) for name, value in {"table": table, **weights}.items()],
    )
    path = tmp_path / "model.onnx"
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return path


IDS = np.array([[7, 1, 2, 3, 4, 29, 0, 11]])


def output(model: Any) -> Values:
    raw = model if isinstance(model, str) else model.SerializeToString()
    session = onnxruntime.InferenceSession(raw, providers=["CPUExecutionProvider"])
    found: Values = session.run(None, {"input_ids": IDS})[0]
    return found


def nearness(found: Values, expected: Values) -> float:
    """The least cosine of a row."""
    products = (found * expected).sum(-1)
    return float((products / np.linalg.norm(found, axis=-1) / np.linalg.norm(expected, axis=-1)).min())


def test_handing_size_from_columns_to_weights_and_levelling_rows_change_no_product(graph: Path) -> None:
    model = onnx.load(str(graph))
    expected = output(model)
    quantization._smooth(
        model.graph, quantization._largest_columns(graph, quantization._products(model.graph), [{"input_ids": IDS}])
    )
    quantization._level_rows(model.graph)
    onnx.checker.check_model(model)
    assert [node.op_type for node in model.graph.node].count("ReduceMax") == 1  # both products share their input
    assert np.allclose(output(model), expected, rtol=1e-4, atol=1e-3)


def test_a_tables_rows_have_a_scale_each(graph: Path) -> None:
    model = onnx.load(str(graph))
    expected = output(model)
    quantization._quantise_tables(model.graph)
    onnx.checker.check_model(model)
    assert "table" not in {one.name for one in model.graph.initializer}
    assert nearness(output(model), expected) > 0.999


def test_int8_comes_nearer_than_a_plain_quantisation(graph: Path, tmp_path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    expected = output(onnx.load(str(graph)))
    plain, ours = tmp_path / "plain.onnx", tmp_path / "ours.onnx"
    quantize_dynamic(str(graph), str(plain), weight_type=QuantType.QInt8, per_channel=True)
    quantization.quantise(graph, ours, [{"input_ids": IDS}], seven_bits=not quantization.multiplies_exactly())
    quantization.optimise(ours)
    assert nearness(output(str(ours)), expected) > 0.999 > nearness(output(str(plain)), expected)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["model.onnx", "ours.onnx", "plain.onnx"]


def test_seven_bits_are_near_too(graph: Path, tmp_path: Path) -> None:
    quantization.quantise(graph, tmp_path / "seven.onnx", [{"input_ids": IDS}], seven_bits=True)
    assert nearness(output(str(tmp_path / "seven.onnx")), output(onnx.load(str(graph)))) > 0.997
