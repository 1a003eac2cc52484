"""A cross-encoder over the first hits, for those who have one: question and passage are read together.

Any one-output cross-encoder of sentence-transformers, by name or path, exported like the embedding model.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import ModelError
from index.models.model_store import FACTS, PROBE, TOKENIZER, ensure_reranker, open_session

TOLERANCE = 1e-3
"""The largest difference between the exported graph's logit and the model's own, on one pair."""


class Reranker:
    """An exported cross-encoder."""

    def __init__(self, name: str, folder: Path) -> None:
        from tokenizers import Tokenizer

        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        self.name = name
        self._inputs: list[str] = facts["inputs"]
        self._probe = float(facts["probe"])
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(int(facts["max_tokens"]), strategy="only_second")
        self._session: Any = open_session(folder)

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """For each text how well it answers the question, in (0, 1): the sigmoid of the model's logit."""
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            logits = list(pool.map(lambda text: self._logit(question, text), texts))
        return [1 / (1 + math.exp(-max(-60.0, min(60.0, logit)))) for logit in logits]

    def _logit(self, question: str, text: str) -> float:
        encoding = self._tokenizer.encode(question, text)
        arrays = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.array([arrays[name]], dtype=np.int64) for name in self._inputs}
        return float(self._session.run(None, feed)[0][0])

    def check_probe(self) -> None:
        """Hold the exported graph against the model's own logit; ModelError when they differ."""
        found = self._logit(PROBE, PROBE)
        if not abs(found - self._probe) <= TOLERANCE:
            raise ModelError(
                f"the exported graph of {self.name} gives {found:.4f} where the model gives {self._probe:.4f}"
            )


def load(name: str, *, notify: Callable[[str], None] | None = None) -> Reranker:
    """The reranker of this name or path. Raises ModelError when it cannot be found, loaded or exported."""
    return Reranker(name, ensure_reranker(name, lambda folder: Reranker(name, folder).check_probe(), notify=notify))
