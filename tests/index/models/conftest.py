"""Tests of models encode each text each time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.models.encoder import OnnxEncoder, Vectors


@pytest.fixture(autouse=True)
def encode_each_time(encode_once: Callable[..., Vectors], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OnnxEncoder, "encode", encode_once)
