"""A model that has no graph: sentence-transformers itself, in a process of its own.

torch is never loaded beside faiss, hence another process. Requests go to it as JSON, one a line; it answers with a line
of JSON, and vectors follow as raw float32. It starts at the first text and ends with this encoder.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Sequence
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from corpus import processes
from index.errors import ModelError
from index.models.model_store import ExportedModel, ModelProperties, Precision

_AT_ONCE = 16
"""Texts in a request: progress shows after each."""

_PATIENCE = 10
"""Seconds that the process has to end after its input has."""


class SentenceTransformersEncoder(ModelProperties):
    """The model itself, as an `index.models.encoder.Encoder`. Of several threads that ask, one is answered at a time.

    Raises ModelError where the process that runs it ends.
    """

    precision: Precision = "fp32"

    def __init__(self, model: ExportedModel) -> None:
        super().__init__(model)
        self._lock = threading.Lock()
        self._process: _Process | None = None

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        with self._lock:
            counts: list[int] = self._ask({"count": list(texts)})["counts"]
        return counts

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for first in range(0, len(texts), _AT_ONCE):
            some = list(texts[first : first + _AT_ONCE])
            with self._lock:
                self._ask({"encode": some, "query": query})
                vectors[first : first + len(some)] = self._receive(len(some))
            if progress is not None:
                progress(len(some))
        return vectors

    def close(self) -> None:
        """End the process; a later text would start it again."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.end()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and read the line that answers it."""
        process = self._started()
        try:
            process.requests.write(json.dumps(request).encode("ascii") + b"\n")
            process.requests.flush()
            line = process.replies.readline()
        except (OSError, ValueError):
            line = b""
        if not line:
            raise ModelError(f"the model {self.name} cannot be used: {self._last_words()}")
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise ModelError(f"the model {self.name} failed: {reply['error']}")
        return reply

    def _receive(self, rows: int) -> npt.NDArray[np.float32]:
        size = rows * self.dimension * 4
        raw = self._started().replies.read(size)
        if len(raw) != size:
            raise ModelError(f"the model {self.name} cannot be used: {self._last_words()}")
        return np.frombuffer(raw, dtype="<f4").reshape(rows, self.dimension)

    def _started(self) -> _Process:
        if self._process is None:
            self._process = _Process(self._model.source)
            weakref.finalize(self, self._process.end)
        return self._process

    def _last_words(self) -> str:
        """Why the process ended; the next text starts another."""
        process, self._process = self._started(), None
        return process.end()


class _Process:
    """The other process: its pipes, and a file of what it says of errors."""

    def __init__(self, source: str) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        self._popen = subprocess.Popen(
            [*processes.command("index.models.sentence_transformers_process"), source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        requests, replies = self._popen.stdin, self._popen.stdout
        if requests is None or replies is None:
            raise ModelError(f"no pipes to a process for {source}")
        self.requests, self.replies = requests, replies

    def end(self) -> str:
        """Close its input, upon which it ends; kill it where it does not. Returns why it ended."""
        if self._errors.closed:
            return "it has ended"
        code = processes.end(self._popen, _PATIENCE)
        self.replies.close()
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        self._errors.close()
        return lines[-1].strip() if lines else f"its process ended with exit code {code}"


def serve(model: Any, requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer until the requests end."""
    for line in requests:
        try:
            request = json.loads(line)
            raw = b""
            if "count" in request:
                reply: dict[str, Any] = {
                    "counts": [token_count(model.tokenizer, text, special=False) for text in request["count"]]
                }
            else:
                encode = model.encode_query if request["query"] else model.encode_document
                vectors = encode(request["encode"], batch_size=1, normalize_embeddings=True, show_progress_bar=False)
                raw = np.ascontiguousarray(vectors, dtype="<f4").tobytes()
                reply = {"vectors": len(vectors)}
        except Exception as error:  # noqa: BLE001 - any model's code runs here; whoever asked is told
            raw, reply = b"", {"error": f"{type(error).__name__}: {error}"}
        replies.write(json.dumps(reply).encode("ascii") + b"\n" + raw)
        replies.flush()


def token_count(tokenizer: Any, text: str, *, special: bool) -> int:
    """Length of a text in tokens, by a tokenizer of transformers or of tokenizers."""
    if callable(tokenizer):
        return len(tokenizer(text, add_special_tokens=special, truncation=False, verbose=False)["input_ids"])
    return len(tokenizer.encode(text, add_special_tokens=special).ids)


def main(name: str) -> None:
    """Serve a model by name or path."""
    replies = processes.replies()
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(name, device="cpu", trust_remote_code=False)
    model.eval()
    serve(model, sys.stdin.buffer, replies)


if __name__ == "__main__":
    main(sys.argv[1])
