"""Encode texts as unit vectors, and rerank hits with a cross-encoder.

The rest of the program knows an encoder only by the `Encoder` protocol. `load` returns a real one: an ONNX graph that
was exported once from a sentence-transformers model (`index.models.export`) and is run by onnxruntime, or, if the
model cannot be exported, sentence-transformers itself in another process.

Texts are encoded one at a time, one thread each. A vector then depends on its text alone and not on the rest of its
batch, so that an index reached by adding and removing documents equals a fresh one bit for bit.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.models.model_store import (
    DEFAULT_MODEL,
    FACTS,
    PAIR,
    PROBE,
    TOKENIZER,
    ExportedModel,
    ModelProperties,
    Precision,
    ensure_encoder,
    ensure_reranker,
    open_session,
)
from index.models.unigram import PIECES, UnigramVocabulary

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

Vectors = npt.NDArray[np.float32]
"""Unit vectors, one per row: shape (texts, dimension)."""

DEFAULT_PRECISION: Precision = "int8"
"""Twice the speed of fp32 (`tests.benchmarks.indexing.encoding`) for a loss of at most .003 in mean nDCG@10 on
four sets.
"""

_MAX_LOGIT_DIFFERENCE = 1e-3
"""Largest accepted difference between a reranker's logit by the exported graph and by the model, on one pair."""


class Encoder(Protocol):
    """Encodes texts as unit vectors."""

    @property
    def name(self) -> str:
        """Name or path of the model, as the user gave it."""

    @property
    def precision(self) -> Precision:
        """Precision of its weights."""

    @property
    def fingerprint(self) -> str:
        """Hash of all that determines a vector: encoders with equal fingerprints return equal vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Longest input in tokens, special tokens included; the rest of a text is ignored."""

    @property
    def special_tokens(self) -> int:
        """Number of tokens added to each text."""

    @property
    def sentence_encoder(self) -> Encoder | None:
        """A second model that also encodes the sentences of English documents (`PairedEncoder`); None without one."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, without special tokens and without truncation."""

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode texts.

        Args:
            texts: Texts; what exceeds `max_tokens` is ignored.
            query: Use the model's prompt for questions rather than that for passages.
            progress: Called with the number of texts encoded since its last call.

        Returns:
            Unit vectors, shape (texts, dimension), float32.
        """


class OnnxEncoder(ModelProperties):
    """An `Encoder` run by onnxruntime; the graph is opened at the first text."""

    def __init__(self, model: ExportedModel, threads: int | None = None) -> None:
        """Create an encoder that runs `threads` texts in parallel, by default one per core."""
        super().__init__(model)
        self.precision: Precision = "int8" if model.facts.runs == "int8" else "fp32"
        self._threads = threads or os.cpu_count() or 1

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encodings = self._counter.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        prompt = self._facts.query_prompt if query else self._facts.document_prompt
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)

        def encode_row(row: int) -> None:
            inputs = self._single_inputs(prompt + texts[row]) if len(texts) == 1 else None
            if inputs is None:
                inputs = self._inputs(self._tokenizer.encode(prompt + texts[row]))
            vectors[row] = self._session.run(["output"], inputs)[0][0]
            if progress is not None:
                progress(1)

        if min(len(texts), self._threads) <= 1:
            for row in range(len(texts)):
                encode_row(row)
            return vectors
        _ = self._session, self._tokenizer, self._tables  # opened here, before the threads ask for them at once
        with ThreadPoolExecutor(self._threads) as pool:
            for _ in pool.map(encode_row, range(len(texts))):
                pass
        return vectors

    def probe_cosine(self) -> float:
        """Return the cosine between the graph's and the model's own vector of PROBE, the lower of query and passage."""
        encoded = (self.encode([PROBE], query=True)[0], self.encode([PROBE])[0])
        expected = (self._facts.query_probe, self._facts.document_probe)
        return min(
            float(vector @ np.array(own, dtype=np.float32)) for vector, own in zip(encoded, expected, strict=True)
        )

    def inputs_of(self, texts: Sequence[str]) -> list[dict[str, npt.NDArray[Any]]]:
        """Return the graph's inputs for each text, by name: arrays of shape (1, tokens)."""
        return [self._inputs(self._tokenizer.encode(self._facts.document_prompt + text)) for text in texts]

    def _inputs(self, encoding: Encoding) -> dict[str, npt.NDArray[Any]]:
        return self._with_tables(_graph_inputs(encoding, self._facts.inputs))

    def _single_inputs(self, text: str) -> dict[str, npt.NDArray[Any]] | None:
        """Return the inputs of a single text without loading `tokenizers`' vocabulary; None if impossible."""
        if self._vocabulary is None or (numbers := self._vocabulary.encode(text, self.max_tokens)) is None:
            return None
        ids = np.array([numbers], dtype=np.int64)
        values = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return self._with_tables({name: values[name] for name in self._facts.inputs})

    def _with_tables(self, inputs: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Add the rows of the token embedding if it is stored outside the graph."""
        return inputs | {name: table[inputs["input_ids"]] for name, table in self._tables.items()}

    @cached_property
    def _tables(self) -> dict[str, npt.NDArray[Any]]:
        folder = self._model.folder
        return {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in self._facts.tables}

    @cached_property
    def _vocabulary(self) -> UnigramVocabulary | None:
        folder = self._model.folder
        return UnigramVocabulary(folder) if (folder / PIECES).exists() else None

    @cached_property
    def _session(self) -> Any:
        return open_session(self._model.folder, optimised=True)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = self._read_tokenizer()
        tokenizer.enable_truncation(self.max_tokens)
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


class PairedEncoder:
    """A multilingual `Encoder` with a second one for the sentences of English documents.

    The models err on different questions: with both, MRR on the yearbooks and addresses rises by .02 to .09 over the
    better one (`tests.benchmarks.ranking`). Passages have the vector of the first alone, since that of the second adds
    nothing there, and texts in other languages are left to the first, since the second reads only English.
    """

    def __init__(self, first: Encoder, second: Encoder) -> None:
        """Pair two encoders; all properties but the name and the fingerprint are those of the first."""
        self.first = first
        self.sentence_encoder: Encoder | None = second
        self.name = f"{first.name}{PAIR}{second.name}"
        self.fingerprint = paired_fingerprint(first.fingerprint, second.fingerprint)
        self.precision, self.dimension = first.precision, first.dimension
        self.max_tokens, self.special_tokens = first.max_tokens, first.special_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self.first.count_tokens(texts)

    def encode(
        self, texts: Sequence[str], *, query: bool = False, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        return self.first.encode(texts, query=query, progress=progress)


def paired_fingerprint(first: str, second: str) -> str:
    """Return the fingerprint of a pair of encoders with these fingerprints."""
    return hashlib.sha256(f"{first}\0{second}".encode()).hexdigest()[:32]


def encode_questions(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """Return the vectors of questions, each followed by that of the sentence encoder if there is one.

    Shape (texts, dimension + dimension of the sentence encoder), float32.
    """
    second = encoder.sentence_encoder
    if second is None:
        return encoder.encode(texts, query=True)
    with ThreadPoolExecutor(1) as pool:  # one question keeps only one core busy; both models are opened at once, too
        sentence_vectors = pool.submit(second.encode, texts, query=True)
        return np.hstack([encoder.encode(texts, query=True), sentence_vectors.result()])


def _graph_inputs(encoding: Encoding, names: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """Return a tokenised text as inputs of a graph, by name: arrays of shape (1, tokens)."""
    values = {
        "input_ids": encoding.ids,
        "attention_mask": encoding.attention_mask,
        "token_type_ids": encoding.type_ids,
    }
    return {name: np.array([values[name]], dtype=np.int64) for name in names}


def load(
    name: str = DEFAULT_MODEL,
    precision: Precision | None = None,
    *,
    notify: Callable[[str], None] | None = None,
    threads: int | None = None,
) -> Encoder:
    """Load the encoder of a sentence-transformers model, exporting it to the cache at its first use.

    Args:
        name: Name or path of the model; two with a + between them for a `PairedEncoder`.
        precision: Precision of its weights, `DEFAULT_PRECISION` if None; a model that loses too much runs in another.
        notify: Receives a sentence when the export begins, and when another precision is used.
        threads: Number of texts encoded in parallel, by default one per core.

    Raises:
        ModelError: The model cannot be found or loaded.
    """
    if PAIR in name and not Path(name).exists():
        if name.count(PAIR) > 1 or name.startswith(PAIR) or name.endswith(PAIR):
            raise ModelError(
                f"the model {name} is no folder, and not the names of two models with a {PAIR} between them"
            )
        first, second = name.split(PAIR)
        multilingual = load(first, precision, notify=notify, threads=threads)
        # in the precision that the first runs in, which is that of the pair: an index is opened with it alone
        return PairedEncoder(multilingual, load(second, multilingual.precision, notify=notify, threads=threads))
    model = ensure_encoder(name, precision or DEFAULT_PRECISION, notify=notify)
    if model.facts.runs == "sentence-transformers":
        from index.models.sentence_transformers_process import SentenceTransformersEncoder

        return SentenceTransformersEncoder(model)
    return OnnxEncoder(model, threads)


class Reranker:
    """A cross-encoder, which reads question and passage together to rerank the first hits.

    Takes any one-output cross-encoder of sentence-transformers, exported like the embedding model.
    """

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
        inputs = _graph_inputs(self._tokenizer.encode(question, text), self._inputs)
        return float(self._session.run(None, inputs)[0][0])

    def check_probe(self) -> None:
        """Raise ModelError if the graph's logit of the probe differs from the model's own."""
        logit = self._logit(PROBE, PROBE)
        if not abs(logit - self._probe) <= _MAX_LOGIT_DIFFERENCE:
            raise ModelError(
                f"the exported graph of {self.name} returns the logit {logit:.4f}, the model itself {self._probe:.4f}: "
                "it cannot be used as a reranker"
            )


def load_reranker(name: str, *, notify: Callable[[str], None] | None = None) -> Reranker:
    """Load a reranker by name or path. Raises ModelError if it cannot be found, loaded or exported."""
    return Reranker(name, ensure_reranker(name, lambda folder: Reranker(name, folder).check_probe(), notify=notify))
