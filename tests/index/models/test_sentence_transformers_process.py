"""A model that cannot be exported runs in a child process that answers and ends cleanly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.models.encoder import load
from index.models.sentence_transformers_process import SentenceTransformersEncoder
from tests.factories.models.tiny_model import vectors_in


def loaded(folder: Path, notices: list[str] | None = None) -> SentenceTransformersEncoder:
    encoder = load(str(folder), notify=None if notices is None else notices.append)
    assert isinstance(encoder, SentenceTransformersEncoder)
    return encoder


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "reason"), [("static", "backend_tokenizer"), ("instructed", "other vectors than the model")]
)
def test_a_model_that_cannot_be_exported_runs_itself_with_a_notice(tiny: Path, name: str, reason: str) -> None:
    notices: list[str] = []
    encoder = loaded(tiny / name, notices)
    assert (
        f"the model {tiny / name} runs in sentence-transformers" in notices[-1]
    )  # the first tells of the export, at its first use
    assert reason in notices[-1]
    counted: list[int] = []
    try:
        result = [*encoder.encode(["nine ships came", "tax rose"], progress=counted.append)]
        result += [*encoder.encode(["ships came"], query=True)]
        assert np.allclose(result, vectors_in(tiny / f"{name}.txt"), atol=1e-5)
        assert np.array_equal(encoder.encode(["tax rose"])[0], result[1])
        assert encoder.count_tokens(["nine ships came", ""]) == [3, 0]
        assert encoder.encode([]).shape == (0, encoder.dimension)
    finally:
        encoder.close()
    assert sum(counted) == 2
