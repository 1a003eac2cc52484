"""Writes a tiny model in the file layout of `index.models.e5_small`, with known weights and vocabulary."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

HIDDEN, LAYERS, HEADS, INTERMEDIATE, POSITIONS, TYPES, BLOCK = 32, 2, 2, 64, 64, 2, 32
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "s", "▁ship", "▁nine", "▁came", "e", "▁se", "a")
SCORES = (0.0, 0.0, 0.0, 0.0, -4.0, -5.0, -6.0, -6.5, -7.0, -8.0, -8.5, -9.0)
VOCABULARY = len(PIECES) + 4
"""The file has rows for tokens that have no piece, as the published one has."""


@dataclass(frozen=True)
class E5File:
    """A written file, and the weights before they were quantized."""

    path: Path
    tensors: dict[str, npt.NDArray[np.float32]]


def write(path: Path) -> E5File:
    """Write the file with random weights."""
    rng = np.random.default_rng(5)
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (VOCABULARY, HIDDEN),
        "emb.pos": (POSITIONS, HIDDEN),
        "emb.type": (TYPES, HIDDEN),
    }
    shapes |= {"emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,)}
    for layer in range(LAYERS):
        for part, rows, columns in (
            *((part, HIDDEN, HIDDEN) for part in ("q", "k", "v", "ao")),
            ("fi", INTERMEDIATE, HIDDEN),
            ("fo", HIDDEN, INTERMEDIATE),
        ):
            shapes |= {f"l{layer}.{part}.w": (rows, columns), f"l{layer}.{part}.b": (rows,)}
        for part in ("aln", "oln"):
            shapes |= {f"l{layer}.{part}.w": (HIDDEN,), f"l{layer}.{part}.b": (HIDDEN,)}
    tensors = {name: rng.normal(0, 0.2, shape).astype(np.float32) for name, shape in shapes.items()}
    head = struct.pack(
        "<4sI7ifi", b"E5S1", 1, HIDDEN, LAYERS, HEADS, INTERMEDIATE, VOCABULARY, POSITIONS, TYPES, 1e-12, BLOCK
    )
    text = "".join(PIECES).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(text)) + offsets.tobytes()
    head += np.array(SCORES, "<f4").tobytes() + text
    replaced = {0x7F: "", 0x200B: " ", 0xFB01: "fi"}
    entries = b"".join(
        struct.pack(f"<IB{len(value)}I", code, len(value), *map(ord, value)) for code, value in replaced.items()
    )
    head += struct.pack("<iI", len(replaced), len(entries)) + entries
    stored = {
        name: (_quantized(value), 1) if _is_matrix(name) else (value.tobytes(), 0) for name, value in tensors.items()
    }
    directory_size = 4 + sum(2 + len(name) + 21 for name in tensors)
    offset, directory = len(head) + directory_size, struct.pack("<i", len(tensors))
    for name, (data, kind) in stored.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, tensors[name].size, offset, len(data))
        offset += len(data)
    path.write_bytes(head + directory + b"".join(data for data, _ in stored.values()))
    return E5File(path, tensors)


def _is_matrix(name: str) -> bool:
    return name == "emb.word" or (name.endswith(".w") and "ln" not in name)


def _quantized(values: npt.NDArray[np.float32]) -> bytes:
    """Blocks of 32 weights: a float16 scale, then 16 bytes with weights j and j + 16 as nibbles plus 8."""
    data = b""
    for block in values.reshape(-1, BLOCK):
        scale = np.float16(np.abs(block).max() / 7)
        nibbles = (np.clip(np.rint(block / np.float32(scale)), -8, 7) + 8).astype(np.uint8)
        data += scale.tobytes() + (nibbles[:16] | nibbles[16:] << 4).tobytes()
    return data
