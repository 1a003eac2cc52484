"""Texts to unit vectors, and the embedding model's facts.

The program knows an encoder only by the `Encoder` protocol. `load` gives the real one: an ONNX graph exported once from
a sentence-transformers model (see `index.export`) and run by onnxruntime. Texts are encoded one at a time, one thread
each: a vector then depends on its text alone, not on what happened to share its batch, so that an index reached by
adding and removing equals one built fresh to the last bit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.export import PROBE
from index.models import DEFAULT_MODEL, Exported, exported, open_session

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]
"""Unit vectors, one a row: shape (texts, dimension)."""

PROBE_TOLERANCE = 0.999
"""The least cosine between the exported graph and sentence-transformers on one sentence."""


class Encoder(Protocol):
    """What turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """The model's name or path, as the user gave it."""

    @property
    def fingerprint(self) -> str:
        """A hash of everything that decides a vector; two encoders with one fingerprint give the same vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """The most tokens the model reads of a text, special ones included."""

    @property
    def special_tokens(self) -> int:
        """How many tokens the model adds to each text."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in tokens, without special ones and without a limit."""

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Unit vectors of the texts; `query` chooses the model's prompt for questions.

        `progress` is called with the number of texts done since its last call.
        """


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What `index.export` wrote of a model."""

    dimension: int
    max_tokens: int
    special_tokens: int
    inputs: tuple[str, ...]
    query_prompt: str
    document_prompt: str
    probe: tuple[float, ...]


class OnnxEncoder:
    """An exported model, run by onnxruntime; the graph is opened at the first text."""

    def __init__(self, model: Exported) -> None:
        from tokenizers import Tokenizer

        self._name, self._fingerprint, self._folder = model.name, model.fingerprint, model.folder
        facts = json.loads((model.folder / "model.json").read_text(encoding="utf-8"))
        self._facts = ModelFacts(**{**facts, "inputs": tuple(facts["inputs"]), "probe": tuple(facts["probe"])})
        path = str(model.folder / "tokenizer.json")
        self._tokenizer: Tokenizer = Tokenizer.from_file(path)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._facts.max_tokens)
        self._counter: Tokenizer = Tokenizer.from_file(path)
        self._counter.no_padding()
        self._counter.no_truncation()
        self._session: Any = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def dimension(self) -> int:
        return self._facts.dimension

    @property
    def max_tokens(self) -> int:
        return self._facts.max_tokens

    @property
    def special_tokens(self) -> int:
        return self._facts.special_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encodings = self._counter.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        prompt = self._facts.query_prompt if query else self._facts.document_prompt
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors
        session = self._open()

        def encode_one(number: int) -> None:
            encoding = self._tokenizer.encode(prompt + texts[number])
            arrays = {
                "input_ids": encoding.ids,
                "attention_mask": encoding.attention_mask,
                "token_type_ids": encoding.type_ids,
            }
            feed = {name: np.array([arrays[name]], dtype=np.int64) for name in self._facts.inputs}
            vectors[number] = session.run(None, feed)[0][0]
            if progress is not None:
                progress(1)

        if len(texts) == 1:
            encode_one(0)
            return vectors
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            for _ in pool.map(encode_one, range(len(texts))):
                pass
        return vectors

    def _open(self) -> Any:
        if self._session is None:
            self._session = open_session(self._folder)
        return self._session

    def check_probe(self, probe: str) -> None:
        """Hold the exported graph against the vector that sentence-transformers gave; ModelError when they differ."""
        cosine = float(self.encode([probe])[0] @ np.array(self._facts.probe, dtype=np.float32))
        if self._facts.document_prompt == "" and not cosine >= PROBE_TOLERANCE:
            raise ModelError(
                f"the exported graph of model {self.name} differs from the model itself "
                f"(cosine {cosine:.4f}, at least {PROBE_TOLERANCE} expected): choose another with --model"
            )


def load(name: str = DEFAULT_MODEL, *, notify: Callable[[str], None] | None = None) -> OnnxEncoder:
    """The encoder of a sentence-transformers model, by name or path; exported to the cache at its first use.

    `notify` is told what takes long. Raises ModelError when the model cannot be found, loaded or exported.
    """
    return OnnxEncoder(exported(name, "encoder", lambda model: OnnxEncoder(model).check_probe(PROBE), notify=notify))
