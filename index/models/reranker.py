"""Rerank the first hits with a cross-encoder, which reads question and passage together.

Takes any one-output cross-encoder of sentence-transformers, by name or path, exported like the embedding model.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from index.errors import ModelError
from index.models.encoder import graph_inputs
from index.models.model_store import FACTS, PROBE, TOKENIZER, ensure_reranker, open_session

TOLERANCE = 1e-3
"""Largest accepted difference between the exported graph's logit and the model's own, on one pair."""


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
        """Return how well each text answers the question, in (0, 1): the sigmoid of the model's logit."""
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            logits = list(pool.map(lambda text: self._logit(question, text), texts))
        return [1 / (1 + math.exp(-max(-60.0, min(60.0, logit)))) for logit in logits]

    def _logit(self, question: str, text: str) -> float:
        inputs = graph_inputs(self._tokenizer.encode(question, text), self._inputs)
        return float(self._session.run(None, inputs)[0][0])

    def check_probe(self) -> None:
        """Raise ModelError if the graph's logit of the probe differs from the model's own."""
        logit = self._logit(PROBE, PROBE)
        if not abs(logit - self._probe) <= TOLERANCE:
            raise ModelError(
                f"the exported graph of {self.name} returns the logit {logit:.4f}, the model itself {self._probe:.4f}: "
                "it cannot be used as a reranker"
            )


def load(name: str, *, notify: Callable[[str], None] | None = None) -> Reranker:
    """Load a reranker by name or path. Raises ModelError if it cannot be found, loaded or exported."""
    return Reranker(name, ensure_reranker(name, lambda folder: Reranker(name, folder).check_probe(), notify=notify))
