"""Run a model that has no ONNX graph: sentence-transformers itself, in a child process.

A child, because torch and faiss must not be loaded in one process. It starts with the first text.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.processes import ChildProcess, Json, Message, ProcessEnded, RemoteError, serve
from index.errors import ModelError
from index.models.e5_small import sentence_transformers_folder
from index.models.model_store import ExportedModel, ModelProperties, Precision

_BATCH = 16
"""Texts in a request; progress is reported after each request."""


class SentenceTransformersEncoder(ModelProperties):
    """An `index.models.encoder.Encoder` that runs the model itself. Methods raise ModelError if its process fails."""

    precision: Precision = "fp32"

    def __init__(self, model: ExportedModel) -> None:
        super().__init__(model)
        self._child = ChildProcess("index.models.sentence_transformers_process", model.source, stderr="capture")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        counts: list[int] = self._request({"count": list(texts)})[0]["counts"]
        return counts

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for first in range(0, len(texts), _BATCH):
            batch = list(texts[first : first + _BATCH])
            _, data = self._request({"encode": batch, "query": query})
            vectors[first : first + len(batch)] = np.frombuffer(data, dtype="<f4").reshape(len(batch), self.dimension)
            if progress is not None:
                progress(len(batch))
        return vectors

    def close(self) -> None:
        """End the process; a later text would start another."""
        self._child.stop()

    def _request(self, request: Json) -> Message:
        try:
            return self._child.request(request)
        except RemoteError as error:
            raise ModelError(f"the model {self.name} failed: {error}") from error
        except ProcessEnded as error:
            raise ModelError(f"the model {self.name} cannot be used: {error.reason}") from error


def token_count(tokenizer: Any, text: str, *, special: bool) -> int:
    """Count the tokens of a text with a tokenizer of transformers or of tokenizers."""
    if callable(tokenizer):
        return len(tokenizer(text, add_special_tokens=special, truncation=False, verbose=False)["input_ids"])
    return len(tokenizer.encode(text, add_special_tokens=special).ids)


@cache
def _model(name: str) -> Any:
    from sentence_transformers import SentenceTransformer

    with sentence_transformers_folder(name) as source:
        model = SentenceTransformer(source, device="cpu", trust_remote_code=False)
    model.eval()
    return model


def _handle(request: Json, _: bytes) -> Generator[Message, None, None]:
    """In the child: count tokens, or encode texts to unit vectors, as raw little-endian float32.

    Texts are encoded one at a time: padding would change their vectors a little.
    """
    model = _model(sys.argv[1])
    if "count" in request:
        yield {"counts": [token_count(model.tokenizer, text, special=False) for text in request["count"]]}, b""
    else:
        encode = model.encode_query if request["query"] else model.encode_document
        vectors = encode(request["encode"], batch_size=1, normalize_embeddings=True, show_progress_bar=False)
        yield {}, np.ascontiguousarray(vectors, dtype="<f4").tobytes()


if __name__ == "__main__":
    serve(_handle, expected=(Exception,))
