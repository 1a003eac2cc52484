"""Texts to unit vectors, and the embedding model's facts.

The program knows an encoder only by the `Encoder` protocol. `load` gives the real one: an ONNX graph exported once from
a sentence-transformers model (see `index.models.export`) and run by onnxruntime, or the model itself in another
process where
there can be no graph. Texts are encoded one at a time, one thread each: a vector then depends on its text alone, not
on what happened to share its batch, so that an index reached by adding and removing equals one built fresh to the last
bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from index.models.model_store import (
    DEFAULT_MODEL,
    PROBE,
    TOKENIZER,
    ExportedModel,
    ModelProperties,
    Precision,
    ensure_encoder,
    open_session,
)

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

Vectors = npt.NDArray[np.float32]
"""Unit vectors, one a row: shape (texts, dimension)."""

DEFAULT_PRECISION: Precision = "int8"
"""What loses at most .003 mean nDCG@10 on four sets, and is the quicker; see the README."""


class Encoder(Protocol):
    """What turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """The model's name or path, as the user gave it."""

    @property
    def precision(self) -> Precision:
        """The numbers it computes with."""

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
        """Unit vectors of the texts, shape (texts, dimension); `query` chooses the model's prompt for questions.

        `progress` is called with the number of texts done since its last call.
        """


class OnnxEncoder(ModelProperties):
    """An `Encoder`: an exported model, run by onnxruntime; the graph is opened at the first text.

    So many texts are encoded side by side as there are `threads`, by default as the machine has cores.
    """

    def __init__(self, model: ExportedModel, threads: int | None = None) -> None:
        super().__init__(model)
        self._threads = threads or os.cpu_count() or 1

    @property
    def precision(self) -> Precision:
        return "int8" if self._facts.runs == "int8" else "fp32"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encodings = self._counter.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        prompt = self._facts.query_prompt if query else self._facts.document_prompt
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)

        def encode_one(number: int) -> None:
            vectors[number] = self._run(prompt + texts[number])

        self._each(encode_one, len(texts), progress)
        return vectors

    def probe_cosine(self) -> float:
        """How near the graph comes to the model itself: the lesser cosine of a question and of a passage."""
        found = [self.encode([PROBE], query=True)[0], self.encode([PROBE])[0]]
        own = [self._facts.query_probe, self._facts.document_probe]
        return min(float(one @ np.array(other, dtype=np.float32)) for one, other in zip(found, own, strict=True))

    def inputs_of(self, texts: Sequence[str]) -> list[dict[str, npt.NDArray[np.int64]]]:
        """What the graph is given of each text, by the names of its inputs: shape (1, tokens)."""
        return [self._feed(self._tokenizer.encode(self._facts.document_prompt + text)) for text in texts]

    def _each(self, one: Callable[[int], None], count: int, progress: Callable[[int], None] | None) -> None:
        """Do it for 0 to `count`, side by side."""

        def step(number: int) -> None:
            one(number)
            if progress is not None:
                progress(1)

        if min(count, self._threads) <= 1:
            for number in range(count):
                step(number)
            return
        from concurrent.futures import ThreadPoolExecutor

        _ = self._session, self._tokenizer  # opened before the threads ask for them at once
        with ThreadPoolExecutor(self._threads) as pool:
            for _ in pool.map(step, range(count)):
                pass

    def _run(self, text: str) -> npt.NDArray[np.float32]:
        vector: npt.NDArray[np.float32] = self._session.run(["output"], self._feed(self._tokenizer.encode(text)))[0][0]
        return vector

    def _feed(self, encoding: Encoding) -> dict[str, npt.NDArray[np.int64]]:
        arrays = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        return {name: np.array([arrays[name]], dtype=np.int64) for name in self._facts.inputs}

    @cached_property
    def _session(self) -> Any:
        return open_session(self._model.folder, optimised=True)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = self._read_tokenizer()
        tokenizer.enable_truncation(self._facts.max_tokens)
        return tokenizer

    @cached_property
    def _counter(self) -> Tokenizer:
        tokenizer = self._read_tokenizer()
        tokenizer.no_truncation()
        return tokenizer

    def _read_tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer: Tokenizer = Tokenizer.from_file(str(self._model.folder / TOKENIZER))
        tokenizer.no_padding()
        return tokenizer


def load(
    name: str = DEFAULT_MODEL,
    precision: Precision | None = None,
    *,
    notify: Callable[[str], None] | None = None,
    threads: int | None = None,
) -> Encoder:
    """The encoder of a sentence-transformers model, by name or path; exported to the cache at its first use.

    In a precision that does not suit the model another takes its place. `notify` is told so, and what takes long;
    `threads` are as many as the machine has cores where it is None. Raises ModelError when the model cannot be found or
    loaded.
    """
    model = ensure_encoder(name, precision or DEFAULT_PRECISION, notify=notify)
    if model.facts.runs == "sentence-transformers":
        from index.models.sentence_transformers_process import SentenceTransformersEncoder

        return SentenceTransformersEncoder(model)
    return OnnxEncoder(model, threads)
